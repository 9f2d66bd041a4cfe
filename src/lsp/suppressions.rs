//! Comments that tell dflint what to leave aside: where they stand, and how one is added.

use dflint::diagnostics::Edit;
use dflint::syntax::PieceKind;
use dflint::text::{TextRange, TextSize};

use super::view::View;

/// The words behind `# dflint` that name rules.
pub(super) const WORDS: [&str; 2] = ["ignore-file", "ignore"];

/// A comment that names rules to be ignored.
pub(super) struct Comment<'a> {
    /// `ignore` or `ignore-file`.
    pub(super) word: &'static str,
    /// The names of rules, each with its place.
    pub(super) rules: Vec<(&'a str, TextRange)>,
    /// Between the equals sign and what ends the list.
    pub(super) list: TextRange,
}

/// Reads a comment line that stands at `start` of the file.
pub(super) fn comment(line: &str, start: TextSize) -> Option<Comment<'_>> {
    let rest = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix("dflint")?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let (word, rest) = WORDS
        .into_iter()
        .find_map(|word| Some((word, rest.strip_prefix(word)?.trim_start().strip_prefix('=')?)))?;
    let at = |part: &str| {
        let within = part.as_ptr() as usize - line.as_ptr() as usize;
        TextRange::at(start + TextSize::try_from(within).expect("within a line"), TextSize::of(part))
    };
    // Behind `--` stands the reason.
    let list = rest.split(" --").next().unwrap_or(rest).trim();
    let rules = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    Some(Comment { word, rules: rules.map(|name| (name, at(name))).collect(), list: at(list) })
}

/// Every such comment of the file, in its order.
pub(super) fn comments<'a>(view: &View<'a>) -> impl Iterator<Item = Comment<'a>> {
    let (pieces, text) = (&view.parse().pieces, view.text());
    let lines = pieces.iter().filter(|piece| piece.kind == PieceKind::Comment);
    lines.filter_map(move |piece| comment(text[piece.range].trim_end(), piece.range.start()))
}

/// The edit that ignores a rule in the whole file.
pub(super) fn in_file(view: &View<'_>, code: &str) -> Edit {
    if let Some(found) = comments(view).find(|found| found.word == "ignore-file") {
        let separator = if found.rules.is_empty() { "" } else { "," };
        return Edit { range: TextRange::empty(found.list.end()), text: format!("{separator}{code}") };
    }
    // Above a directive it would make a comment of it.
    let head = view.parse().pieces.iter();
    let head = head.take_while(|piece| matches!(piece.kind, PieceKind::ByteOrderMark | PieceKind::Directive));
    let start = head.last().map_or(TextSize::from(0), |piece| piece.range.end());
    let returns = view.text().find('\n').is_some_and(|end| view.text()[..end].ends_with('\r'));
    let ending = if returns { "\r\n" } else { "\n" };
    Edit { range: TextRange::empty(start), text: format!("# dflint ignore-file={code}{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_rules_with_their_places() {
        let line = "  # dflint ignore=XC101, emulated-build-stage -- vendor, says so";
        let found = comment(line, 100.into()).unwrap();
        assert_eq!(found.word, "ignore");
        let rules: Vec<_> =
            found.rules.iter().map(|(name, range)| (*name, u32::from(range.start()))).collect();
        assert_eq!(rules, [("XC101", 118), ("emulated-build-stage", 125)]);
        assert_eq!(comment("#dflint ignore-file=", 0.into()).map(|found| found.rules.len()), Some(0));
        for other in
            ["# dflint", "# dflint ignored=XC101", "# hadolint ignore=DL3006", "RUN x # dflint ignore=X"]
        {
            assert!(comment(other, 0.into()).is_none(), "{other}");
        }
    }
}
