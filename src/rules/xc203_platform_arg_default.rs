//! See rules/XC203-platform-arg-default.toml.

use crate::diagnostics::Applicability;
use crate::model::{Facts, Follows, PLATFORM_ARGUMENTS};
use crate::recipes::Rewrite;
use crate::rules::Findings;
use crate::syntax::Body;
use crate::text::TextRange;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for (index, instruction) in facts.parse.instructions.iter().enumerate() {
        let Body::Arg(pairs) = &instruction.body else { continue };
        for pair in pairs {
            let name = pair.name.text.as_str();
            let Some(default) = pair.value.as_ref().filter(|_| PLATFORM_ARGUMENTS.contains(&name)) else {
                continue;
            };
            let value = facts.argument_value(index, name);
            let is_right = match name {
                // What every build for Linux has; only other systems and 32-bit ARM would see a difference.
                "TARGETOS" | "BUILDOS" => value.constant() == Some("linux"),
                "TARGETVARIANT" | "BUILDVARIANT" => value.constant() == Some(""),
                _ if name.starts_with("TARGET") => value.follows() == Follows::Target,
                _ => value.follows() == Follows::Build,
            };
            if is_right || !value.is_text() {
                continue;
            }
            let shown = if default.text.is_empty() { "the empty text" } else { default.text.as_str() };
            let finding = out.report(
                pair.range,
                format!("the default replaces what BuildKit sets: {name} is {shown} in every build, whatever its platform"),
            );
            let mut rewrite = Rewrite::new(facts);
            rewrite.replace(TextRange::new(pair.name.range.end(), pair.range.end()), "");
            let applicability =
                if facts.needs_buildkit() { Applicability::Safe } else { Applicability::Unsafe };
            finding.fix(format!("Let BuildKit set {name}"), applicability, rewrite);
            if applicability == Applicability::Unsafe {
                finding.help = Some(format!(
                    "the fix is unsafe: nothing in the file needs BuildKit, and a builder without it would find {name} \
                     empty; if that matters, put the default where it is used: `${{{name}:-{}}}`",
                    default.text
                ));
            }
        }
    }
}
