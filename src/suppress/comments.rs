//! Reads the comments that accept findings.

use crate::diagnostics::Diagnostic;
use crate::rules::CARDS;
use crate::select::Selector;
use crate::syntax::{Keyword, Parse, Piece, PieceKind};
use crate::text::{SourceFile, TextRange, TextSize, offset};

/// A comment that accepts findings, or was meant to.
pub(super) struct Comment {
    /// The comment, from its `#` to the end of its text.
    pub(super) text: TextRange,
    /// Its line, if that can go without making a parser directive of the next one.
    pub(super) line: Option<TextRange>,
    /// What it is about.
    pub(super) reach: Reach,
    /// What it names.
    pub(super) entries: Vec<Entry>,
    /// What is wrong with it, where.
    pub(super) mistake: Option<(TextRange, String)>,
    /// Whether it is written for dflint and for an instruction.
    pub(super) own: bool,
}

/// What a comment is about.
#[derive(Clone, Copy)]
pub(super) enum Reach {
    /// The whole file.
    File,
    /// The instruction that stands here.
    Instruction(TextRange),
    /// Nothing: no instruction follows.
    Nothing,
}

/// A name in the list of a comment.
pub(super) struct Entry {
    pub(super) text: String,
    pub(super) range: TextRange,
    accepts: Accepts,
    /// Whether there is such a finding.
    pub(super) used: bool,
}

enum Accepts {
    /// The findings of these rules of ours.
    Rules(Selector),
    /// The findings that `BuildKit`'s check of this name reports too, or all that one of its checks does.
    Check(Check),
    /// What another linter finds.
    Foreign,
}

/// The checks of `BuildKit` (frontend/dockerfile/linter/ruleset.go) that find what rules of ours find.
#[derive(Clone, Copy, PartialEq)]
enum Check {
    All,
    FromPlatformFlagConstDisallowed,
    RedundantTargetPlatform,
    UndefinedVar,
}

const CHECKS: [(&str, Check); 4] = [
    ("all", Check::All),
    ("FromPlatformFlagConstDisallowed", Check::FromPlatformFlagConstDisallowed),
    ("RedundantTargetPlatform", Check::RedundantTargetPlatform),
    ("UndefinedVar", Check::UndefinedVar),
];

impl Entry {
    /// The rules that it names.
    pub(super) fn codes(&self) -> &[&'static str] {
        match &self.accepts {
            Accepts::Rules(selector) => selector.codes(),
            Accepts::Check(_) | Accepts::Foreign => &[],
        }
    }

    /// Whether it is ours to say that it is of no use.
    pub(super) fn is_judged(&self) -> bool {
        matches!(self.accepts, Accepts::Rules(_)) && self.codes() != ["XC901"]
    }

    /// Whether it means the finding.
    pub(super) fn means(&self, file: &SourceFile, parse: &Parse, finding: &Diagnostic) -> bool {
        match self.accepts {
            Accepts::Rules(_) => self.codes().contains(&finding.code),
            Accepts::Check(check) => is_found_by(check, file, parse, finding),
            Accepts::Foreign => false,
        }
    }
}

/// Whether a check of `BuildKit` reports the finding too.
fn is_found_by(check: Check, file: &SourceFile, parse: &Parse, finding: &Diagnostic) -> bool {
    let text = file.slice(finding.primary);
    let at = finding.primary.start();
    let instruction = parse.instructions.partition_point(|instruction| instruction.range.end() <= at);
    let in_run = parse.instructions.get(instruction).is_some_and(|found| found.keyword == Keyword::Run);
    let is = match finding.code {
        "XC104" => Check::FromPlatformFlagConstDisallowed,
        "XC207" if text.starts_with("--platform") => Check::FromPlatformFlagConstDisallowed,
        "XC301" if text.contains("TARGETPLATFORM") => Check::RedundantTargetPlatform,
        // It leaves the variables of a RUN to the shell.
        "XC204" if !in_run => Check::UndefinedVar,
        _ => return false,
    };
    check == Check::All || check == is
}

/// The comments that accept findings, in order.
pub(super) fn read(file: &SourceFile, parse: &Parse) -> Vec<Comment> {
    let mut comments: Vec<Comment> = Vec::new();
    for directive in parse.directives.iter().filter(|directive| directive.name == "check") {
        let at = directive.value_range.start();
        comments.extend(check(&directive.value, at).map(|entries| Comment {
            text: directive.range,
            line: None,
            reach: Reach::File,
            entries,
            mistake: None,
            own: false,
        }));
    }
    // Those above the next instruction, and whether BuildKit has found a `check=` among them.
    let (mut pending, mut has_check) = (comments.len(), false);
    let guards = guards(file, parse);
    for (index, piece) in parse.pieces.iter().enumerate() {
        match piece.kind {
            PieceKind::Instruction(at) => {
                for comment in &mut comments[pending..] {
                    if matches!(comment.reach, Reach::Nothing) {
                        comment.reach = Reach::Instruction(parse.instructions[at as usize].range);
                    }
                }
                (pending, has_check) = (comments.len(), false);
            }
            PieceKind::Comment => {
                let line = file.slice(piece.range);
                if line.trim() == "#" {
                    // BuildKit forgets the comments above an empty one.
                    for comment in &mut comments[pending..] {
                        comment.entries.retain(|entry| !matches!(entry.accepts, Accepts::Check(_)));
                    }
                    has_check = false;
                }
                if let Some(mut comment) = read_comment(line, piece.range.start(), &mut has_check) {
                    comment.line = (index >= guards).then(|| whole_line(file, &parse.pieces, index));
                    comments.push(comment);
                }
            }
            PieceKind::Blank | PieceKind::ByteOrderMark | PieceKind::Directive => {}
        }
    }
    comments
}

/// How many pieces at the head of the file must stay because a comment among them keeps a line below from becoming a
/// parser directive.
fn guards(file: &SourceFile, parse: &Parse) -> usize {
    let is_head = |kind| matches!(kind, PieceKind::ByteOrderMark | PieceKind::Directive | PieceKind::Comment);
    let head = parse.pieces.iter().take_while(|piece| is_head(piece.kind));
    let is_guarded = |kind, line: &str| kind == PieceKind::Comment && is_like_directive(line);
    let guarded = head.enumerate().filter(|(_, piece)| is_guarded(piece.kind, file.slice(piece.range)));
    guarded.last().map_or(0, |(index, _)| index)
}

/// The range that takes the line of a piece away: of the last line without an ending, what stands above goes on without
/// one.
fn whole_line(file: &SourceFile, pieces: &[Piece], index: usize) -> TextRange {
    let line = pieces[index].range;
    if file.slice(line).ends_with('\n') {
        return line;
    }
    let mut start = line.start();
    for above in pieces[..index].iter().rev() {
        let kept = file.slice(above.range).trim_end_matches(['\n', '\r']);
        start = above.range.start() + TextSize::of(kept);
        if !kept.is_empty() {
            break;
        }
    }
    TextRange::new(start, line.end())
}

/// Whether a line would be a parser directive if no comment stood above it.
fn is_like_directive(line: &str) -> bool {
    let Some(text) = line.trim_start().strip_prefix('#') else { return false };
    let name = text.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
    text.contains('=') && ["syntax", "escape", "check"].contains(&name.as_str())
}

/// Whether a comment is for hadolint.
pub(super) fn is_hadolint(line: &str) -> bool {
    line.trim_start().strip_prefix('#').is_some_and(|text| text.trim_start().starts_with("hadolint "))
}

/// Reads a line that is a comment; none where it accepts nothing.
fn read_comment(line: &str, start: TextSize, has_check: &mut bool) -> Option<Comment> {
    let indent = line.len() - line.trim_start().len();
    let body = line[indent..].strip_prefix('#')?;
    let at = |part: &str| start + offset(part.as_ptr() as usize - line.as_ptr() as usize);
    let text = TextRange::new(start + offset(indent), start + offset(line.trim_end().len()));
    let comment = |reach, entries, own| Comment { text, line: None, reach, entries, mistake: None, own };
    let body = body.trim();
    if let Some(rest) = body.strip_prefix("hadolint ") {
        let (reach, rest) = match rest.trim_start().strip_prefix("global ") {
            Some(rest) => (Reach::File, rest),
            None => (Reach::Nothing, rest),
        };
        let list = rest.trim_start().strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
        let entries = names(list).map(|name| hadolint_entry(name, at(name))).collect();
        return Some(comment(reach, entries, false));
    }
    if let Some(rest) = body.strip_prefix("dflint").filter(|rest| rest.starts_with([' ', '\t', ':'])) {
        return own_comment(rest.trim_start_matches(':'), &at, comment);
    }
    // As BuildKit's DirectiveParser reads it: from the first column on, and only the first one.
    let (name, value) = body.split_once('=').filter(|_| indent == 0 && !*has_check)?;
    if !name.trim_end().eq_ignore_ascii_case("check") {
        return None;
    }
    *has_check = true;
    let value = value.trim_start();
    Some(comment(Reach::Nothing, check(value, at(value))?, false))
}

/// Reads what stands behind `dflint`; none where that is prose.
fn own_comment<'a>(
    rest: &'a str,
    at: &dyn Fn(&str) -> TextSize,
    comment: impl Fn(Reach, Vec<Entry>, bool) -> Comment,
) -> Option<Comment> {
    let rest = rest.trim_start();
    let verb = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
    let behind = rest[verb.len()..].trim_start();
    let range = |part: &str| TextRange::at(at(part), TextSize::of(part));
    let mistaken = |range, message: String| {
        Some(Comment { mistake: Some((range, message)), ..comment(Reach::Nothing, vec![], false) })
    };
    let Some(list) = behind.strip_prefix('=') else {
        let message = format!("this comment ignores nothing; write `# dflint {verb}=XC101`");
        return ["ignore", "ignore-file"].contains(&verb).then(|| mistaken(range(rest), message)).flatten();
    };
    let reach = match verb {
        "ignore" => Reach::Nothing,
        "ignore-file" => Reach::File,
        _ => {
            let message = format!("`{verb}` is not known here; dflint reads `ignore` and `ignore-file`");
            return mistaken(range(verb), message);
        }
    };
    let mut entries = Vec::new();
    for name in names(list) {
        match Selector::parse(name, CARDS) {
            Ok(selector) => entries.push(entry(name, at(name), Accepts::Rules(selector))),
            Err(unknown) => return mistaken(range(name), unknown.to_string()),
        }
    }
    if entries.is_empty() {
        return mistaken(range(verb), format!("no rule is named; write `# dflint {verb}=XC101`"));
    }
    let own = matches!(reach, Reach::Nothing);
    Some(comment(reach, entries, own))
}

/// The names in a list, up to the reason: behind `--`, or behind a name without a comma.
fn names(list: &str) -> impl Iterator<Item = &str> {
    let list = list.split("--").next().unwrap_or_default();
    let mut ended = false;
    list.split(',')
        .map_while(move |part| {
            let name = part.split_whitespace().next().unwrap_or_default();
            let more = !part.trim().is_empty() && part.trim() != name;
            let was_ended = ended;
            ended |= more;
            (!was_ended).then_some(name)
        })
        .filter(|name| !name.is_empty())
}

fn entry(name: &str, at: TextSize, accepts: Accepts) -> Entry {
    Entry { text: name.to_owned(), range: TextRange::at(at, TextSize::of(name)), accepts, used: false }
}

/// A name in a list of hadolint's, which has codes of its own and knows nothing of ours.
fn hadolint_entry(name: &str, at: TextSize) -> Entry {
    let ours = Selector::parse(name, CARDS).ok().filter(|_| !name.eq_ignore_ascii_case("all"));
    entry(name, at, ours.map_or(Accepts::Foreign, Accepts::Rules))
}

/// What `check=` skips (linter.go: `ParseLintOptions`); none where `BuildKit` does not understand it.
fn check(value: &str, at: TextSize) -> Option<Vec<Entry>> {
    let value = value.split(' ').next().unwrap_or_default();
    let mut entries = Vec::new();
    for option in value.splitn(3, ';') {
        let (key, list) = option.split_once('=')?;
        match key.trim() {
            "skip" => {
                for name in list.split(',').map(str::trim) {
                    let check = CHECKS.iter().find(|(known, _)| *known == name);
                    if let Some((_, check)) =
                        check.filter(|(known, _)| *known != "all" || list.trim() == "all")
                    {
                        let start = at + offset(name.as_ptr() as usize - value.as_ptr() as usize);
                        entries.push(entry(name, start, Accepts::Check(*check)));
                    }
                }
            }
            "experimental" | "error" => {}
            _ => return None,
        }
    }
    Some(entries)
}
