//! What stands below the message of a finding: how sure it is, and the ways out.

use dflint::diagnostics::{Applicability, Confidence, Diagnostic, Fix};

use super::neutral;

/// The notes, each of a line or more, without harmful characters.
pub(super) fn notes(finding: &Diagnostic) -> Vec<String> {
    let sure = match finding.confidence {
        Confidence::High => None,
        Confidence::Medium => {
            Some("note: true unless something outside of this file says otherwise".to_owned())
        }
        Confidence::Low => Some("note: a guess from names and habits".to_owned()),
    };
    let help = finding.help.iter().map(|help| format!("help: {}", neutral::text(help)));
    sure.into_iter().chain(help).chain(finding.fixes.iter().map(fix_note)).collect()
}

/// The message and the notes, for formats that have one text for all of it.
pub(super) fn explained(finding: &Diagnostic) -> String {
    let message = neutral::text(&finding.message).into_owned();
    std::iter::once(message).chain(notes(finding)).collect::<Vec<_>>().join("\n")
}

fn fix_note(fix: &Fix) -> String {
    let title = neutral::text(&fix.title);
    match fix.applicability {
        Applicability::Safe => format!("fix: {title} (safe: --fix)"),
        Applicability::Unsafe => format!("fix: {title} (unsafe: --fix --unsafe-fixes)"),
        Applicability::DisplayOnly => format!("fix: {title} (by hand)"),
    }
}
