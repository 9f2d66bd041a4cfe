//! Findings as JSON, one line each: for programs that read while dflint writes.

use std::io::{self, Write};

use super::json::Finding;
use super::{Checked, Reporter, Tally, neutral};

/// The format `json-lines`.
pub(super) struct JsonLines;

impl Reporter for JsonLines {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        for finding in checked.diagnostics {
            let finding = serde_json::to_string(&Finding::new(checked.file, finding))?;
            writeln!(out, "{}", neutral::json(&finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Write, _: &Tally) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::json::Json;
    use super::super::samples::printed;
    use super::*;

    #[test]
    fn each_line_is_an_entry_of_the_array_that_json_prints() {
        let lines = printed(&mut JsonLines);
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let array: Vec<Value> = serde_json::from_str(&printed(&mut Json::default())).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines, array);
    }
}
