//! Go: `GOARCH` decides what is compiled (B2; `go help environment`).

use super::{Assessment, CompilesFor, Obstacle, Recipe, Rewrite, command_name};
use crate::knowledge::{self, Does, Libc};
use crate::model::{Argument, BaseImage, Facts, Invocation, InvocationId, Origin, StageBase, Value};
use crate::text::TextRange;

pub(super) struct Go;

impl Recipe for Go {
    fn compiles_for(&self, facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
        compiles_for(facts, id)
    }

    fn retarget(
        &self,
        facts: &Facts<'_>,
        _assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        retarget(facts, commands, rewrite)
    }

    /// On the target platform, a command that has GOARCH for the target already was no cross-compiling; on the build
    /// platform it is.
    fn cross_obstacles(&self, facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> Vec<Obstacle> {
        let mut obstacles = pinned_by_others(facts, assessment);
        if !is_by_xx(facts, id) {
            look_at_crossing(facts, id, &mut obstacles);
        }
        obstacles
    }
}

fn compiles_for(facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
    if is_by_xx(facts, id) {
        return CompilesFor::Target;
    }
    let exported = facts.invocation(id).environment.exported("GOARCH");
    let value = if exported.is_unset() { written_by_go_env(facts, id).unwrap_or(exported) } else { exported };
    CompilesFor::of_knob(&value)
}

/// The GOARCH that `go env -w` has written before, which holds where the environment has none (`go help environment`).
fn written_by_go_env(facts: &Facts<'_>, id: InvocationId) -> Option<Value> {
    let before = facts.stages_below(id.stage).flat_map(|stage| facts.invocations(stage));
    let written = before.filter(|(other, invocation)| {
        *other < id && command_name(invocation) == "go env" && invocation.option(&["-w"]).is_some()
    });
    let words = written.flat_map(|(_, invocation)| &invocation.words);
    let of_name =
        words.filter(|word| word.value.world(0).text().is_none_or(|text| text.starts_with("GOARCH=")));
    of_name.last().map(|word| word.value.map(|text| text.strip_prefix("GOARCH=").unwrap_or(text)))
}

/// Whether xx cares for the target, cgo included: it is `xx-go`, or `xx-go --wrap` has run before (tonistiigi/xx).
fn is_by_xx(facts: &Facts<'_>, id: InvocationId) -> bool {
    if facts.invocation(id).program() == Some("xx-go") {
        return true;
    }
    facts.stages_below(id.stage).flat_map(|stage| facts.invocations(stage)).any(|(other, invocation)| {
        other < id && invocation.program() == Some("xx-go") && invocation.option(&["--wrap"]).is_some()
    })
}

fn retarget(facts: &Facts<'_>, commands: &[InvocationId], rewrite: &mut Rewrite<'_>) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    let constants: Vec<CompilesFor> = commands
        .iter()
        .map(|&id| compiles_for(facts, id))
        .filter(|what| matches!(what, CompilesFor::Constant(_)))
        .collect();
    for &id in commands {
        if constants.iter().any(|constant| *constant != constants[0]) {
            let message = "the commands compile for several architectures, one after the other";
            obstacles.push(Obstacle::block(facts.invocation(id).name_range(), message));
        }
        let what = compiles_for(facts, id);
        if what == CompilesFor::Target {
            if !is_by_xx(facts, id) {
                look_at_crossing(facts, id, &mut obstacles);
            }
            continue;
        }
        let unclear = "dflint cannot tell which architecture GOARCH asks for here";
        if let Some(obstacle) = what.obstacle(facts.invocation(id).name_range(), unclear) {
            obstacles.push(obstacle);
            continue;
        }
        let before = obstacles.len();
        look_at(facts, id, &mut obstacles);
        if obstacles[before..].iter().all(|obstacle| obstacle.weight != super::Weight::Block) {
            set_goarch(facts, id, rewrite, &mut obstacles);
        }
    }
    obstacles
}

fn look_at(facts: &Facts<'_>, id: InvocationId, obstacles: &mut Vec<Obstacle>) {
    super::look_at_plainness(facts, id, obstacles);
    if install_as_build(facts, id).is_none() {
        look_at_install(facts, id, obstacles);
    }
    look_at_compiling(facts, id, obstacles);
}

/// What in a command works only where GOARCH is the machine's.
fn look_at_crossing(facts: &Facts<'_>, id: InvocationId, obstacles: &mut Vec<Obstacle>) {
    look_at_install(facts, id, obstacles);
    look_at_compiling(facts, id, obstacles);
}

fn look_at_install(facts: &Facts<'_>, id: InvocationId, obstacles: &mut Vec<Obstacle>) {
    let invocation = facts.invocation(id);
    if command_name(invocation) == "go install" {
        let message = "`go install` puts a cross-compiled program into another folder (`bin/linux_arm64`); \
                       `go build -o` does not";
        obstacles.push(Obstacle::block(invocation.name_range(), message).advised("go-install"));
    }
}

/// For a `go install` of the project's own packages: where its `install` is written, and the `build` that puts the same
/// programs into the same folder (`go help build`: `-o` with a folder).
fn install_as_build(facts: &Facts<'_>, id: InvocationId) -> Option<(TextRange, String)> {
    let invocation = facts.invocation(id);
    let word =
        invocation.words.get(1).filter(|word| word.plain && word.value.constant() == Some("install"))?;
    let is_own = |package: &&Argument| package.value.constant().is_some_and(|text| !text.contains('@'));
    if invocation.program() != Some("go") || !invocation.operands().iter().all(is_own) {
        return None;
    }
    let image = facts.root_image(id.stage)?;
    if image.known?.name != "golang" || !takes_output_folder(image) {
        return None;
    }
    let gobin = invocation.environment.exported("GOBIN");
    let gopath = invocation.environment.exported("GOPATH");
    let is_default = gobin.is_unset() && (gopath.is_unset() || gopath.constant() == Some("/go"));
    let folder =
        if is_default { "/go/bin" } else { gobin.constant().filter(|path| path.starts_with('/'))? };
    let is_plain = folder.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    is_plain.then(|| (word.range, format!("build -o {}/", folder.trim_end_matches('/'))))
}

/// Whether the Go of an image makes the folder that ends in a slash behind `-o`, for several programs at once: 1.16 and later
/// (`go help build`; older ones know only folders that are there, or none).
fn takes_output_folder(image: &BaseImage) -> bool {
    let Some(name) = image.reference() else { return false };
    let tag = name.tag.as_ref().map_or("latest", |tag| tag.text.as_str());
    let mut numbers = tag.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    let is_number = tag.starts_with(|c: char| c.is_ascii_digit());
    !is_number || numbers.next() != Some(Ok(1)) || !matches!(numbers.next(), Some(Ok(..16)))
}

fn look_at_compiling(facts: &Facts<'_>, id: InvocationId, obstacles: &mut Vec<Obstacle>) {
    let invocation = facts.invocation(id);
    let range = invocation.name_range();
    if invocation.words.iter().any(|word| word.value.probed) {
        obstacles.push(Obstacle::block(
            range,
            "it asks the machine for its architecture, which would be the builder's",
        ));
    }
    let os = invocation.environment.exported("GOOS");
    if !os.is_unset() && !is_linux(&os) {
        obstacles.push(Obstacle::block(range, "GOOS is not linux"));
    }
    look_at_flags(invocation, obstacles);
    look_at_cgo(facts, id, obstacles);
}

fn is_linux(os: &crate::model::Value) -> bool {
    matches!(os.constant(), Some("linux" | ""))
}

fn look_at_flags(invocation: &Invocation, obstacles: &mut Vec<Obstacle>) {
    let range = invocation.name_range();
    if invocation.option(&["-race", "--race", "-msan", "-asan"]).is_some() {
        obstacles.push(Obstacle::block(range, "`-race` needs a C compiler for the target").advised("cgo"));
    }
    let mode = invocation.option(&["-buildmode", "--buildmode"]).map(|option| option.value());
    if mode.is_some_and(|mode| !matches!(mode.constant(), Some("default" | "exe" | "pie"))) {
        let message = "this `-buildmode` needs a C compiler for the target";
        obstacles.push(Obstacle::block(range, message).advised("cgo"));
    }
    let flags = invocation.option(&["-ldflags", "--ldflags"]).map(|option| option.value());
    if flags.as_ref().and_then(|flags| flags.constant()).is_some_and(|flags| flags.contains("-linkmode")) {
        let message = "`-linkmode` external needs a C compiler for the target";
        obstacles.push(Obstacle::block(range, message).advised("cgo"));
    }
    let go_flags = invocation.environment.exported("GOFLAGS");
    let needs_c = |flags: &str| {
        ["-race", "-buildmode", "-linkmode", "-msan", "-asan"].iter().any(|flag| flags.contains(flag))
    };
    if go_flags.may_be_set() && go_flags.constant().is_none_or(needs_c) {
        obstacles.push(Obstacle::block(
            range,
            "GOFLAGS may hold an option that needs a C compiler for the target",
        ));
    }
    if invocation.environment.exported("GOEXPERIMENT").may_be_set() {
        obstacles.push(Obstacle::block(range, "GOEXPERIMENT is set, and some experiments need cgo"));
    }
    if invocation.words.iter().any(|word| word.may_be_options) {
        obstacles.push(Obstacle::doubt(range, "a variable that the file does not set may hold options"));
    }
}

/// cgo is off by itself when GOARCH is foreign: a program that uses it would lose it (`go help cgo`).
fn look_at_cgo(facts: &Facts<'_>, id: InvocationId, obstacles: &mut Vec<Obstacle>) {
    let invocation = facts.invocation(id);
    let cgo = invocation.environment.exported("CGO_ENABLED");
    let range = match invocation.environment.binding("CGO_ENABLED").map(|binding| binding.origin) {
        Some(Origin::Inline { assignment, .. }) => assignment,
        _ => invocation.name_range(),
    };
    match cgo.constant() {
        Some("0") => {}
        Some(_) => {
            let message = "cgo is on, and needs a C compiler and libraries for the target";
            obstacles.push(Obstacle::block(range, message).advised("cgo"));
        }
        None if cgo.is_unset() && lacks_c_compiler(facts, id) => {}
        None if cgo.is_unset() => {
            let message = "CGO_ENABLED is not set: if a package uses cgo, cross-compiling would silently leave it out; \
                           set CGO_ENABLED=0 if none does";
            obstacles.push(Obstacle::block(range, message));
        }
        None => obstacles.push(Obstacle::block(range, "dflint cannot tell whether cgo is on")),
    }
}

/// Whether the stage has no C compiler, so that cgo is off natively as well: Alpine's golang image without one added.
fn lacks_c_compiler(facts: &Facts<'_>, id: InvocationId) -> bool {
    let mut stage = id.stage;
    loop {
        let installs_unknown = facts.invocations(stage).any(|(_, invocation)| match invocation.command {
            Some(command) if command.does == Does::Install => !installs_only_harmless(invocation),
            Some(_) => false,
            None => true,
        });
        let copies_programs = facts.stages()[stage].span.body.clone().any(|at| {
            let instruction = facts.instruction(at);
            instruction.keyword == crate::syntax::Keyword::Copy && instruction.flag("from").is_some()
        });
        if installs_unknown || copies_programs || facts.runs(stage).iter().any(|run| run.incomplete) {
            return false;
        }
        match &facts.stages()[stage].base {
            StageBase::Stage(base) => stage = *base,
            StageBase::Image(image) => {
                // Written out: a build argument may choose another variant.
                let written = facts.from_body(stage).is_some_and(|body| body.image.text.contains("alpine"));
                return image.known.is_some_and(|known: &knowledge::Image| known.name == "golang")
                    && image.libc() == Some(Libc::Musl)
                    && written;
            }
            _ => return false,
        }
    }
}

/// Alpine packages that bring no C compiler (pkgs.alpinelinux.org).
const HARMLESS_PACKAGES: [&str; 22] = [
    "bash",
    "binutils",
    "bind-tools",
    "ca-certificates",
    "coreutils",
    "curl",
    "file",
    "findutils",
    "git",
    "git-lfs",
    "gnupg",
    "grep",
    "jq",
    "make",
    "openssh",
    "openssh-client",
    "openssl",
    "sed",
    "tzdata",
    "upx",
    "wget",
    "zip",
];

fn installs_only_harmless(invocation: &Invocation) -> bool {
    invocation.program() == Some("apk")
        && invocation.operands().iter().all(|word| {
            !word.value.replaceable
                && word.value.constant().is_some_and(|name| {
                    matches!(name, "add" | "update" | "upgrade" | "del" | "info")
                        || HARMLESS_PACKAGES.contains(&name)
                })
        })
}

fn set_goarch(facts: &Facts<'_>, id: InvocationId, rewrite: &mut Rewrite<'_>, obstacles: &mut Vec<Obstacle>) {
    let invocation = facts.invocation(id);
    if let Some((install, build)) = install_as_build(facts, id) {
        rewrite.replace(install, build);
    }
    let binding = invocation.environment.binding("GOARCH").filter(|binding| binding.exported);
    if binding.is_some_and(|binding| matches!(binding.origin, Origin::Arg(_))) {
        let message = "GOARCH is a build argument, for whoever builds to choose";
        obstacles.push(Obstacle::block(invocation.name_range(), message));
    }
    if !invocation.has_assignment_site() {
        obstacles.push(Obstacle::block(
            invocation.name_range(),
            "dflint sees no place for an assignment in front of it",
        ));
    }
    match binding.map(|binding| (binding.origin, binding.value.constant())) {
        // Whatever it was, a value for amd64 is the one that most files are written for.
        Some((_, Some(constant))) if !matches!(constant, "" | "amd64") => {
            let message =
                format!("GOARCH={constant} is written out: is this image meant for other platforms?");
            obstacles.push(Obstacle::doubt(invocation.name_range(), message));
        }
        _ => {}
    }
    match binding.map(|binding| binding.origin) {
        // It may be that nothing but its ARG is missing.
        Some(Origin::Inline { value, .. })
            if matches!(facts.slice(value).trim_matches('"'), "$TARGETARCH" | "${TARGETARCH}") => {}
        Some(Origin::Inline { value, .. }) => rewrite.replace(value, "$TARGETARCH"),
        _ => rewrite.assign(id, "GOARCH=$TARGETARCH", "GOOS"),
    }
    // Where no 32-bit ARM is built for, an old Go would refuse what other variants make of it (`GOARM=2`).
    let builds_for_arm = facts.project.platforms.iter().any(|platform| platform.architecture == "arm");
    if builds_for_arm && invocation.environment.exported("GOARM").is_unset() {
        let is_inline = invocation.assignments.iter().any(|assignment| assignment.name == "GOARCH");
        rewrite.assign(id, "GOARM=${TARGETVARIANT#v}", if is_inline { "GOARCH" } else { "GOOS" });
        obstacles.extend(super::argument_obstacle(facts, id, "TARGETVARIANT"));
        rewrite.need(id, "TARGETVARIANT");
    }
    obstacles.extend(super::argument_obstacle(facts, id, "TARGETARCH"));
    rewrite.need(id, "TARGETARCH");
}

/// Kubebuilder's `make docker-buildx` puts `--platform` into the first FROM with sed: with one there already, the flag
/// stands twice, which `BuildKit` refuses.
fn pinned_by_others(facts: &Facts<'_>, assessment: &Assessment) -> Vec<Obstacle> {
    let is_manager = |id: &&InvocationId| {
        let invocation = facts.invocation(**id);
        invocation.option(&["-o"]).is_some_and(|option| option.value().constant() == Some("manager"))
    };
    let manager = assessment.products.iter().find(is_manager);
    manager
        .map(|&id| {
            let message = "this looks like kubebuilder's Dockerfile, whose `make docker-buildx` adds the flag itself with \
                           sed; remove that line from the Makefile along with this fix";
            Obstacle::doubt(facts.invocation(id).name_range(), message)
        })
        .into_iter()
        .collect()
}
