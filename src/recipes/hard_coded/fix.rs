//! What takes the place of a literal architecture.

use std::collections::BTreeSet;

use super::{Fate, HardCoded, What};
use crate::knowledge::{self, Release};
use crate::model::{Facts, Invocation, InvocationId, Platform};
use crate::recipes::maps::spelled;
use crate::recipes::{Obstacle, Rewrite, Whose, assess, is_movable, retarget};
use crate::syntax::Keyword;
use crate::text::{TextRange, TextSize};

/// Adds the edits that make a literal architecture follow the platform, and says what is in the way of that. They are
/// never safe: not every version of a project has files for every architecture.
pub(super) fn rewrite(facts: &Facts<'_>, found: &HardCoded, rewrite: &mut Rewrite<'_>) -> Vec<Obstacle> {
    let mut obstacles = match found.what {
        What::Download(id, release) => download(facts, found, id, release, rewrite),
        What::Add(release) => add(facts, found, release, rewrite),
        What::Compile(id) => {
            let mut assessment = (*assess(facts, found.stage)).clone();
            assessment.compiles = [id].into();
            retarget(facts, &assessment, rewrite)
        }
        What::Libraries(id) => libraries(facts, found, id, rewrite),
        What::Packages(_) => packages(facts, found, rewrite),
    };
    if obstacles.is_empty() {
        let message = match found.what {
            What::Compile(_) => format!("`{}` is written out, perhaps on purpose", found.text),
            What::Packages(_) => "the repository may have packages for one architecture only".to_owned(),
            What::Libraries(_) => {
                "nobody has tried where the libraries are on other architectures".to_owned()
            }
            What::Download(..) | What::Add(_) => {
                format!(
                    "whether this version was released for {} too, the file does not tell",
                    found.wrong_for
                )
            }
        };
        obstacles.push(Obstacle::doubt(found.range, message));
    }
    obstacles
}

fn download(
    facts: &Facts<'_>,
    found: &HardCoded,
    id: InvocationId,
    release: Option<&'static Release>,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let at = found.instruction;
    if let Some(verified) = verification(facts, found.stage, at) {
        let message = "what is downloaded is compared with the hash of the file for one architecture";
        return vec![Obstacle::block(verified, message).advised("checksum-per-architecture")];
    }
    let block = |message: String| vec![Obstacle::block(found.range, message).advised("download-by-map")];
    if found.fate == Fate::Stays && moves(facts, found.stage) {
        let message = "the stage belongs on the build platform, and a tool that runs there is for the builder: pin it first";
        return vec![Obstacle::block(found.range, message)];
    }
    let Some(release) = release.filter(|release| spells(release, found.text)) else {
        return block(
            "dflint does not know how this project names its files for other architectures".to_owned(),
        );
    };
    if let Some(without) = facts.project.platforms.iter().find(|platform| !is_released(release, platform)) {
        return block(format!("dflint knows of no file of this project for {without}"));
    }
    let places = match occurrences(facts, found, id, release) {
        Ok(places) => places,
        Err((range, message)) => return vec![Obstacle::block(range, message)],
    };
    let whose = if found.is_for_builder() { Whose::Build } else { Whose::Target };
    match rewrite.spell(id, whose, release.spelling, variable(release.spelling, whose)) {
        Ok(text) => {
            for place in places {
                rewrite.replace(place, delimited(facts, place, &text));
            }
            Vec::new()
        }
        Err(obstacle) => vec![obstacle],
    }
}

/// Whether a stage on the target platform has work for the build platform, so that it may be moved there.
fn moves(facts: &Facts<'_>, stage: usize) -> bool {
    let bases = facts.stages()[..=stage].iter().map(|base| base.index);
    bases.filter(|&base| is_movable(facts, base) && facts.is_built_on(stage, base)).any(|base| {
        let assessment = assess(facts, base);
        assessment.could_be_pinned(facts) && !assessment.work().is_empty()
    })
}

fn add(
    facts: &Facts<'_>,
    found: &HardCoded,
    release: Option<&'static Release>,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let block = |range, message: &str, advice| vec![Obstacle::block(range, message).advised(advice)];
    if let Some(flag) = facts.instruction(found.instruction).flag("checksum") {
        let message = "the hash is that of the file for one architecture";
        return block(flag.range, message, "checksum-per-architecture");
    }
    let same = release.filter(|release| spells(release, found.text)).is_some_and(|release| {
        let of = |platform: &Platform| spelled(platform, release.spelling) == Some(&platform.architecture);
        facts.project.platforms.iter().all(|platform| is_released(release, platform) && of(platform))
    });
    let by_scope = facts.scope(found.instruction).environment.binding("TARGETARCH").is_some();
    if !same || facts.is_overridden("TARGETARCH") || (by_scope && !is_automatic(facts, found.instruction)) {
        let message =
            "what the files of this project are called for other architectures, TARGETARCH does not say";
        return block(found.range, message, "add-by-stage");
    }
    if count(facts, facts.instruction(found.instruction).range, found.text) > 1 {
        return block(found.range, "the architecture stands in it several times", "add-by-stage");
    }
    if let Some(range) = written_later(facts, found) {
        return block(range, ELSEWHERE, "add-by-stage");
    }
    rewrite.need_at(found.instruction, "TARGETARCH");
    rewrite.replace(found.range, delimited(facts, found.range, "$TARGETARCH"));
    Vec::new()
}

fn is_automatic(facts: &Facts<'_>, instruction: usize) -> bool {
    let binding = facts.scope(instruction).environment.binding("TARGETARCH");
    binding.is_some_and(|binding| matches!(binding.origin, crate::model::Origin::Automatic(_)))
}

fn libraries(
    facts: &Facts<'_>,
    found: &HardCoded,
    id: Option<InvocationId>,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let by_uname = facts.project.platforms.iter().all(|platform| {
        let machine = spelled(platform, "uname").map(|machine| format!("{machine}-linux-gnu"));
        machine.as_deref() == spelled(platform, "gcc")
    });
    let word = id.and_then(|id| word_around(facts.invocation(id), found.range));
    match word {
        Some(word) if by_uname && expands(facts, word) => {
            rewrite.replace(found.range, "$(uname -m)-linux-gnu");
            Vec::new()
        }
        _ => {
            let message = "a Dockerfile has no expression for this folder";
            vec![Obstacle::block(found.range, message).advised("library-folder")]
        }
    }
}

fn packages(facts: &Facts<'_>, found: &HardCoded, rewrite: &mut Rewrite<'_>) -> Vec<Obstacle> {
    let What::Packages(id) = found.what else { return Vec::new() };
    match word_around(facts.invocation(id), found.range).filter(|word| expands(facts, *word)) {
        Some(_) => {
            rewrite.replace(found.range, "$(dpkg --print-architecture)");
            Vec::new()
        }
        None => vec![Obstacle::block(found.range, "nothing is expanded in single quotes")],
    }
}

/// Whether a release writes one of its architectures like this.
fn spells(release: &Release, text: &str) -> bool {
    let mut own = release.architectures.iter();
    own.any(|architecture| knowledge::spelled(architecture, release.spelling) == Some(text))
}

fn is_released(release: &Release, platform: &Platform) -> bool {
    let by_variant = format!("{}/{}", platform.architecture, platform.variant);
    release.architectures.iter().any(|it| **it == platform.architecture || **it == by_variant)
}

/// The name of the variable for a spelling, so that maps for several projects live side by side in a RUN.
fn variable(spelling: &str, whose: Whose) -> &'static str {
    match (whose, spelling) {
        (Whose::Target, "uname") => "MACHINE",
        (Whose::Target, "protoc") => "PROTOC_ARCH",
        (Whose::Target, "node") => "NODE_ARCH",
        (Whose::Target, "rust-gnu") => "RUST_TARGET",
        (Whose::Target, "rust-musl") => "RUST_MUSL_TARGET",
        (Whose::Target, "debian") => "DEB_ARCH",
        (Whose::Target, _) => "RELEASE_ARCH",
        (Whose::Build, "uname") => "BUILD_MACHINE",
        (Whose::Build, "protoc") => "BUILD_PROTOC_ARCH",
        (Whose::Build, "node") => "BUILD_NODE_ARCH",
        (Whose::Build, "rust-gnu" | "rust-musl") => "BUILD_RUST_TARGET",
        (Whose::Build, _) => "BUILD_RELEASE_ARCH",
    }
}

/// The text of a variable as it has to be written in front of what follows.
fn delimited(facts: &Facts<'_>, place: TextRange, variable: &str) -> String {
    let behind = facts.char_behind(place);
    match variable.strip_prefix('$') {
        Some(name) if behind.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') => format!("${{{name}}}"),
        _ => variable.to_owned(),
    }
}

fn word_around(invocation: &Invocation, range: TextRange) -> Option<TextRange> {
    invocation.words.iter().map(|word| word.range).find(|word| word.contains_range(range))
}

/// Whether the shell expands a variable that is put into the word.
fn expands(facts: &Facts<'_>, word: TextRange) -> bool {
    !facts.slice(word).contains(['\'', '\\', '\n'])
}

/// Every place of a RUN where the architecture of its download is written: the names of what is unpacked follow from the
/// URL. What stands elsewhere in the stage, or in what takes files from it, would be left behind.
fn occurrences(
    facts: &Facts<'_>,
    found: &HardCoded,
    id: InvocationId,
    release: &Release,
) -> Result<Vec<TextRange>, (TextRange, String)> {
    let mut places: Vec<TextRange> = Vec::new();
    let run = facts.run(id);
    for invocation in &run.invocations {
        for word in &invocation.words {
            let written = facts.slice(word.range);
            for literal in knowledge::literals(written).iter().filter(|literal| literal.text == found.text) {
                if !expands(facts, word.range) || invocation.exec_form {
                    let message = "nothing is expanded in a word with single quotes or escapes";
                    return Err((word.range, message.to_owned()));
                }
                let other = invocation.fetches() && written.contains("://");
                if other && knowledge::release(written.trim_matches('"')) != Some(release) {
                    let message = "files of several projects are downloaded here, each with names of its own";
                    return Err((word.range, message.to_owned()));
                }
                let place = super::part_of(word.range, literal.start, literal.text.len());
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
    }
    let own = facts.instruction(found.instruction).range;
    if places.is_empty() || count(facts, own, found.text) != places.len() {
        return Err((own_start(own), ELSEWHERE.to_owned()));
    }
    match written_later(facts, found) {
        Some(range) => Err((range, ELSEWHERE.to_owned())),
        None => Ok(places),
    }
}

const ELSEWHERE: &str = "the name with the architecture is written here too, where dflint does not follow it";

/// Where the architecture is written behind the instruction, in the stage and what is built on it or takes files from
/// it, other than for another download.
fn written_later(facts: &Facts<'_>, found: &HardCoded) -> Option<TextRange> {
    let family = facts.family(found.stage);
    let users = family.iter().flat_map(|&stage| {
        let takers = facts.stages()[stage].consumers.iter().map(|taker| taker.instruction);
        facts.stages()[stage].span.body.clone().chain(takers)
    });
    let later: BTreeSet<usize> = users.filter(|at| *at > found.instruction).collect();
    later.into_iter().find_map(|at| {
        let instruction = facts.instruction(at);
        let is_download = matches!(instruction.keyword, Keyword::Run | Keyword::Add)
            && facts.slice(instruction.range).contains("://");
        let is_written = !is_download && count(facts, instruction.range, found.text) > 0;
        is_written.then_some(instruction.keyword_range)
    })
}

/// How often a text stands in an instruction, comments aside.
fn count(facts: &Facts<'_>, range: TextRange, text: &str) -> usize {
    let lines = facts.slice(range).lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.map(|line| line.matches(text).count()).sum()
}

fn own_start(range: TextRange) -> TextRange {
    TextRange::at(range.start(), TextSize::of("RUN"))
}

/// What compares a download of a RUN with a hash that the file holds: in the RUN itself, or later in its stage.
fn verification(facts: &Facts<'_>, stage: usize, instruction: usize) -> Option<TextRange> {
    const PROGRAMS: [&str; 8] =
        ["sha256sum", "sha512sum", "sha384sum", "sha1sum", "md5sum", "b2sum", "shasum", "openssl"];
    let mut runs = facts.runs(stage).iter().filter(|run| run.instruction >= instruction);
    runs.find_map(|run| {
        let commands = run.invocations.iter();
        let mut before = None;
        for command in commands {
            let checks = command.program().is_some_and(|program| PROGRAMS.contains(&program));
            let printed = |other: &Invocation| matches!(other.program(), Some("echo" | "printf"));
            if (checks && (command.reads_input && before.is_none_or(printed))) || holds_hash(facts, command) {
                return Some(command.name_range());
            }
            before = Some(command);
        }
        None
    })
}

/// Whether a word of a command is, or holds, a hash.
fn holds_hash(facts: &Facts<'_>, command: &Invocation) -> bool {
    let is_hash = |text: &str| {
        text.split(|c: char| !c.is_ascii_hexdigit()).any(|part| matches!(part.len(), 32 | 40 | 64 | 96 | 128))
    };
    // In a URL it is the name of a commit.
    command.words.iter().any(|word| {
        let written = facts.slice(word.range);
        !written.contains("://") && (is_hash(written) || word.value.constant().is_some_and(is_hash))
    })
}
