use dflint::diagnostics::{Confidence, Fix};
use dflint::text::TextRange;

use super::*;

/// A finding with fixes that are so applicable.
fn with(severity: Severity, fixes: &[Applicability]) -> Diagnostic {
    let fix = |applicability: &Applicability| Fix {
        title: String::new(),
        applicability: *applicability,
        edits: vec![],
    };
    Diagnostic {
        code: "XC101",
        name: "emulated-build-stage",
        severity,
        confidence: Confidence::High,
        message: String::new(),
        primary: TextRange::empty(0.into()),
        related: vec![],
        help: None,
        fixes: fixes.iter().map(fix).collect(),
    }
}

#[test]
fn the_summary_counts() {
    let (safe, needs_unsafe) = (&[Applicability::Unsafe, Applicability::Safe], &[Applicability::Unsafe]);
    let three =
        [with(Severity::Error, safe), with(Severity::Warning, safe), with(Severity::Warning, needs_unsafe)];
    let one = [with(Severity::Info, &[Applicability::DisplayOnly])];
    let sentence = |mode, unsafe_fixes, counts: &[(&[Diagnostic], usize)], failures| {
        let mut tally = Tally::new(mode, unsafe_fixes);
        tally.failures = failures;
        for (findings, fixed) in counts {
            tally.count(findings, *fixed);
        }
        tally.sentence().unwrap_or_default()
    };
    for (mode, counts, expected) in [
        (Mode::Check, &[][..], ""),
        (Mode::Check, &[(&[][..], 0)], "Checked 1 file: no problems."),
        (Mode::Check, &[(&[], 0), (&[], 0)], "Checked 2 files: no problems."),
        (Mode::Check, &[(&one, 0)], "Found 1 problem (1 note) in 1 file."),
        (
            Mode::Check,
            &[(&three, 0), (&[], 0)],
            "Found 3 problems (1 error, 2 warnings) in 1 of 2 files; 2 can be fixed with --fix, 1 more with \
             --unsafe-fixes.",
        ),
        (
            Mode::Check,
            &[(&three[2..], 0)],
            "Found 1 problem (1 warning) in 1 file; 1 can be fixed with --fix --unsafe-fixes.",
        ),
        (
            Mode::Check,
            &[(&three[..2], 0)],
            "Found 2 problems (1 error, 1 warning) in 1 file; 2 can be fixed with --fix.",
        ),
        (Mode::Fix, &[(&[], 3)], "Fixed 3 problems in 1 file; none left."),
        (Mode::Fix, &[(&[], 0)], "Checked 1 file: no problems."),
        (Mode::Fix, &[(&one, 0)], "Found 1 problem (1 note) in 1 file."),
        (
            Mode::Fix,
            &[(&three[2..], 2), (&[], 1)],
            "Fixed 3 problems in 2 files; left: 1 problem (1 warning) in 1 of 2 files; 1 can be fixed with \
             --unsafe-fixes.",
        ),
        (Mode::Diff, &[(&[], 0)], "Checked 1 file: nothing to fix."),
        (Mode::Diff, &[(&one, 0)], "Checked 1 file: nothing to fix; 1 problem is left to mend by hand."),
        (Mode::Diff, &[(&[], 1)], "Would fix 1 problem in 1 file; none left."),
        (Mode::Diff, &[(&one, 1)], "Would fix 1 problem in 1 file; left: 1 problem (1 note) in 1 file."),
    ] {
        assert_eq!(sentence(mode, false, counts, 0), expected);
    }
    assert_eq!(
        sentence(Mode::Check, true, &[(&three, 0)], 2),
        "Found 3 problems (1 error, 2 warnings) in 1 file; 3 can be fixed with --fix --unsafe-fixes. 2 paths could \
         not be processed; the messages say why."
    );
}
