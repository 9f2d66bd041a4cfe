//! The variables that FROM lines see.

use smol_str::{SmolStr, format_smolstr};

use super::{Known, Resolver, Scenario, from_body};
use crate::syntax::Body;

/// The arguments that are set without an ARG, with their values for a pair of platforms (platform.go).
fn predefined<'a>(scenario: &'a Scenario<'_>, target_stage: &'a str) -> [(&'static str, SmolStr); 11] {
    let (build, target) = (&scenario.build, &scenario.target);
    [
        ("BUILDPLATFORM", format_smolstr!("{build}")),
        ("BUILDOS", build.os.clone()),
        ("BUILDOSVERSION", SmolStr::default()),
        ("BUILDARCH", build.architecture.clone()),
        ("BUILDVARIANT", build.variant.clone()),
        ("TARGETPLATFORM", format_smolstr!("{target}")),
        ("TARGETOS", target.os.clone()),
        ("TARGETOSVERSION", SmolStr::default()),
        ("TARGETARCH", target.architecture.clone()),
        ("TARGETVARIANT", target.variant.clone()),
        ("TARGETSTAGE", target_stage.into()),
    ]
}

/// Whether every build sets an argument of that name.
fn is_predefined(name: &str) -> bool {
    ["BUILD", "TARGET"].iter().any(|side| {
        name.strip_prefix(side)
            .is_some_and(|rest| matches!(rest, "PLATFORM" | "OS" | "ARCH" | "VARIANT" | "OSVERSION"))
    })
}

impl Resolver<'_> {
    /// The global scope: the predefined arguments, then every ARG in front of the first FROM.
    pub(super) fn read_globals(&mut self) {
        let last_name = self
            .spans
            .last()
            .and_then(|span| from_body(&self.parse.instructions[span.from]))
            .and_then(|from| from.alias.as_ref().map(|alias| alias.text.to_ascii_lowercase()));
        let target_stage = self.scenario.target_stage.map(str::to_owned).or(last_name);
        for (name, value) in predefined(self.scenario, target_stage.as_deref().unwrap_or("default")) {
            let given = self.scenario.build_arguments.get(name).map(SmolStr::from);
            self.globals.insert(name.into(), Known::Text(given.unwrap_or(value)));
        }
        let before_first_from = self.spans.first().map_or(self.parse.instructions.len(), |span| span.from);
        for instruction in &self.parse.instructions[..before_first_from] {
            let Body::Arg(pairs) = &instruction.body else { continue };
            for pair in pairs {
                let name: SmolStr = pair.name.text.as_str().into();
                let value = match (self.scenario.build_arguments.get(&*name), &pair.value) {
                    (_, Some(default)) if self.scenario.arguments_may_be_given && is_predefined(&name) => {
                        let default = self.expand(default);
                        self.overridden.insert(name, default);
                        continue;
                    }
                    (Some(given), _) => Known::Text(given.as_str().into()),
                    (None, Some(default)) => self.expand(default),
                    (None, None) if self.globals.contains_key(&name) => continue,
                    (None, None) if self.scenario.arguments_may_be_given => Known::Given,
                    (None, None) => continue,
                };
                self.globals.insert(name, value);
            }
        }
    }
}
