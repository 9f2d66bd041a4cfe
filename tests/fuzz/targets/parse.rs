//! Any bytes, decoded as dflint decodes a file, have a tree in which every range can be sliced.
#![no_main]

#[path = "../../support/checker.rs"]
mod checker;

use dflint::text::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let file = SourceFile::new("Dockerfile", text.as_ref()).expect("a small file");
    checker::check(&text, &dflint::syntax::parse(&file));
});
