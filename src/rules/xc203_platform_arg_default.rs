//! See rules/XC203-platform-arg-default.toml.

use crate::diagnostics::Applicability;
use crate::model::{Facts, Follows, PLATFORM_ARGUMENTS};
use crate::recipes::Rewrite;
use crate::rules::Findings;
use crate::syntax::{Body, Pair};
use crate::text::TextRange;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for (index, instruction) in facts.parse().instructions.iter().enumerate() {
        let Body::Arg(pairs) = &instruction.body else { continue };
        let wrong: Vec<&Pair> = pairs.iter().filter(|pair| takes_the_place(facts, index, pair)).collect();
        for pair in &wrong {
            let name = pair.name.text.as_str();
            let default = pair.value.as_ref().map_or("", |value| value.text.as_str());
            let shown = if default.is_empty() { "the empty text" } else { default };
            let finding = out.report(
                pair.range,
                format!("the default replaces what BuildKit sets: {name} is {shown} in every build, whatever its platform"),
            );
            let mut rewrite = Rewrite::new(facts);
            if !facts.is_global(index) {
                rewrite.replace(TextRange::new(pair.name.range.end(), pair.range.end()), "");
            } else if wrong.len() == pairs.len() {
                // Above the first FROM, no ARG is needed, and a bare one empties the variable in older BuildKits.
                rewrite.delete(index);
            } else {
                let before =
                    pairs.iter().map(|other| other.range.end()).filter(|end| *end <= pair.range.start());
                let start = before.max().unwrap_or(instruction.keyword_range.end());
                rewrite.replace(TextRange::new(start, pair.range.end()), "");
            }
            let applicability =
                if facts.needs_buildkit() { Applicability::Safe } else { Applicability::Unsafe };
            finding.fix(format!("Let BuildKit set {name}"), applicability, rewrite);
            if applicability == Applicability::Unsafe {
                finding.help = Some(format!(
                    "the fix is unsafe: nothing in the file needs BuildKit, and a builder without it would find {name} \
                     empty; if that matters, put the default where it is used: `${{{name}:-{default}}}`"
                ));
            }
        }
    }
}

/// Whether a declaration gives a platform argument another value than the automatic one.
fn takes_the_place(facts: &Facts<'_>, instruction: usize, pair: &Pair) -> bool {
    let name = pair.name.text.as_str();
    if pair.value.is_none() || !PLATFORM_ARGUMENTS.contains(&name) {
        return false;
    }
    let value = facts.argument_value(instruction, name);
    let is_right = match name {
        // What every build for Linux has; only other systems and 32-bit ARM would see a difference.
        "TARGETOS" | "BUILDOS" => value.constant() == Some("linux"),
        "TARGETVARIANT" | "BUILDVARIANT" => value.constant() == Some(""),
        _ if name.starts_with("TARGET") => value.follows() == Follows::Target,
        _ => value.follows() == Follows::Build,
    };
    !is_right && value.is_text()
}
