//! What every format has to cope with: text of several bytes a character behind a byte-order mark, and texts that try
//! to leave their place.

use std::path::Path;

use dflint::diagnostics::{Applicability, Confidence, Diagnostic, Edit, Fix, Related, Severity};
use dflint::text::{SourceFile, TextRange};

use super::{Checked, Reporter, Tally};

const PATH: &str = "api v1,2:%41/Döckerfile";
const TEXT: &str = "\u{feff}FROM gölang\r\nRUN 🐋🐋 make\r\n";

pub(super) fn file() -> SourceFile {
    SourceFile::new(PATH, TEXT).unwrap()
}

/// A finding without notes that is about the byte-order mark.
pub(super) fn finding() -> Diagnostic {
    Diagnostic {
        code: "XC101",
        name: "emulated-build-stage",
        severity: Severity::Warning,
        confidence: Confidence::High,
        message: "slow".to_owned(),
        primary: TextRange::new(0.into(), 3.into()),
        related: vec![],
        help: None,
        fixes: vec![],
    }
}

/// Findings about a word of the first line and one of the second.
fn findings() -> [Diagnostic; 2] {
    let of = |word: &str| {
        let start = u32::try_from(TEXT.find(word).unwrap()).unwrap();
        TextRange::at(start.into(), u32::try_from(word.len()).unwrap().into())
    };
    [
        Diagnostic {
            severity: Severity::Error,
            message: "an image\n::error::of its own".to_owned(),
            primary: of("gölang"),
            ..finding()
        },
        Diagnostic {
            message: "100% <slow>; \"it\" & ]that ##vso[task.x]y".to_owned(),
            primary: of("make"),
            related: vec![Related { range: of("🐋🐋"), message: "here\u{9b}".to_owned() }],
            help: Some("mend\u{1b}[31m it".to_owned()),
            fixes: vec![Fix {
                title: "Do it".to_owned(),
                applicability: Applicability::Safe,
                edits: vec![Edit { range: TextRange::empty(3.into()), text: "# \u{202e}\r\n".to_owned() }],
            }],
            ..finding()
        },
    ]
}

/// The numbers of a run in which a path could not be checked, but no file was.
pub(super) fn tally() -> Tally {
    Tally::of([0, 0, 0], 1)
}

/// What a format makes of a file with two findings and a path that could not be checked.
pub(super) fn printed(reporter: &mut dyn Reporter) -> String {
    let (mut out, file, diagnostics) = (vec![], file(), findings());
    reporter.begin(&mut out).unwrap();
    reporter
        .file(&mut out, Checked { file: &file, diagnostics: &diagnostics, applied: &[], comments: &[] })
        .unwrap();
    reporter.failure(&mut out, Path::new("b\nc::"), "not a\u{1b}\n::file").unwrap();
    reporter.finish(&mut out, &tally()).unwrap();
    let text = String::from_utf8(out).unwrap();
    let harmful = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!text.contains(harmful), "{text:?}");
    text
}
