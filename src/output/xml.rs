//! Text in XML.

use std::fmt::{self, Display, Formatter};

use super::neutral;

/// Text as an attribute or a content has it: of what XML 1.0 has no way to write, visible stand-ins.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = neutral::text(self.0).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        // An attribute would lose its line breaks and tabs.
        f.write_str(&quick_xml::escape::escape(text).replace('\n', "&#10;").replace('\t', "&#9;"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_the_text_back() {
        let all: String = (0..=u32::from(char::MAX)).filter_map(char::from_u32).collect();
        let document = format!("<a b=\"{0}\">{0}</a>", Escaped(&all));
        let read = roxmltree::Document::parse(&document).unwrap();
        let expected = neutral::text(&all).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        assert_eq!(read.root_element().attribute("b").unwrap(), expected);
        assert_eq!(read.root_element().text().unwrap(), expected);
    }
}
