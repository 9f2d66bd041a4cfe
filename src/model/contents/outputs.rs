//! Where commands write.

use std::rc::Rc;

use super::super::Invocation;
use super::super::interpreter::resolve_path;

/// What its options or its operands name, else its working directory; none for a path that is not known.
pub(super) fn outputs(invocation: &Invocation) -> Vec<Option<Rc<str>>> {
    let directory = invocation.directory.as_deref();
    let options = invocation.command.map_or(&[][..], |command| command.output_options);
    let named: Vec<Option<Rc<str>>> = invocation
        .options()
        .filter(|option| options.contains(&option.name))
        .map(|option| option.value().constant().and_then(|path| resolve_path(directory, path)))
        .collect();
    if !named.is_empty() {
        return named;
    }
    if let Some(programs) = installed_programs(invocation) {
        return programs;
    }
    if invocation.command.is_some_and(|command| command.output_operands) {
        let operands = invocation.operands().into_iter();
        return operands
            .map(|word| word.value.constant().and_then(|path| resolve_path(directory, path)))
            .collect();
    }
    vec![directory.map(Into::into)]
}

/// Whether cargo keeps what it makes for a target there (`target/<triple>/release`), and this command is given none.
pub(super) fn is_for_other_target(invocation: &Invocation, path: &str) -> bool {
    let below_target = path.split('/').skip_while(|part| *part != "target").nth(1);
    let is_given = invocation.option(&["--target"]).is_some()
        || !invocation.environment.exported("CARGO_BUILD_TARGET").is_unset();
    invocation.program() == Some("cargo")
        && !is_given
        && below_target.is_some_and(|part| part.matches('-').count() >= 2)
}

/// Where `go install` and `cargo install` put programs, where no option names a folder.
fn installed_programs(invocation: &Invocation) -> Option<Vec<Option<Rc<str>>>> {
    let variable = |name: &str, default: &str| {
        let value = invocation.environment.exported(name);
        if value.is_unset() { Some(default.to_owned()) } else { value.constant().map(str::to_owned) }
    };
    let folder = match invocation.command?.name {
        "go install" => variable("GOBIN", "/go/bin"),
        "cargo install" | "cargo install --path" | "xx-cargo install" => {
            variable("CARGO_HOME", "/usr/local/cargo")
                .and_then(|home| Some(format!("{}/bin", variable("CARGO_INSTALL_ROOT", &home)?)))
        }
        _ => return None,
    };
    let folder = folder.and_then(|folder| resolve_path(invocation.directory.as_deref(), &folder));
    let operands = invocation.operands();
    let programs: Option<Vec<&str>> =
        operands.iter().map(|word| program_of(word.value.constant()?)).collect();
    Some(match (&folder, programs) {
        (Some(folder), Some(programs)) if !programs.is_empty() => {
            programs.iter().map(|program| Some(format!("{folder}/{program}").into())).collect()
        }
        _ => vec![folder],
    })
}

/// The name that `go install` gives the program of a package: its last part, without version; none for a pattern.
fn program_of(package: &str) -> Option<&str> {
    let package = package.split('@').next().unwrap_or(package).trim_end_matches('/');
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok());
    let name = package.rsplit('/').find(|part| !is_version(part))?;
    (!name.is_empty() && !name.contains('.')).then_some(name)
}
