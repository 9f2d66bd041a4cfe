//! Any text can be checked and mended: the fixes add no syntax error, and there is nothing left to do after them.
#![no_main]

use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::syntax;
use dflint::text::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let file = SourceFile::new("Dockerfile", text).expect("a small file");
    let engine = Engine::new(Options::default());
    let report = engine.check(&file);
    let errors = syntax::parse(&file).errors.len();
    for at_least in [Applicability::Safe, Applicability::Unsafe] {
        let once = engine.fix(&file, at_least);
        assert!(once.applied.is_empty() == (once.file.text() == text));
        assert!(!once.applied.is_empty() || once.remaining == report);
        assert!(syntax::parse(&once.file).errors.len() <= errors, "{}", once.file.text());
        let twice = engine.fix(&once.file, at_least);
        assert_eq!(once.file.text(), twice.file.text());
    }
});
