//! Any text can be split into commands.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = dflint::shell::parse(text);
});
