//! What rules want to know of words that is gone once they are expanded.

use super::super::scopes::PLATFORM_ARGUMENTS;
use super::{Interpreter, ShellText};
use crate::shell::{self, PartKind};
use crate::text::TextRange;

/// A use of a platform argument.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PlatformUse {
    /// The argument.
    pub name: &'static str,
    /// The use: `$NAME` or `${NAME…}`.
    pub range: TextRange,
    /// Whether it says what holds where the argument is not set: `${NAME:-…}`, or asks whether it is: `[ -z "$NAME" ]`.
    pub has_operation: bool,
    /// Whether something declares it.
    pub declared: bool,
}

/// A platform argument compared with a text, by `case` or `[`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Comparison {
    /// The argument.
    pub name: &'static str,
    /// The texts, each with its place: the patterns of all arms of a `case`.
    pub texts: Vec<(String, TextRange)>,
}

impl Interpreter<'_> {
    /// Notes the platform arguments in a word.
    pub(super) fn note_platform_uses(&mut self, parts: &[shell::WordPart], text: ShellText<'_>) {
        for part in parts {
            let PartKind::Variable(variable) = &part.kind else { continue };
            if let Some(name) = PLATFORM_ARGUMENTS.into_iter().find(|name| *name == variable.name) {
                self.platform_uses.push(PlatformUse {
                    name,
                    range: text.to_source(part.range),
                    has_operation: variable.operation.is_some(),
                    declared: !self.environment.value(name).is_unset(),
                });
            }
            if let Some((_, operand)) = &variable.operation {
                self.note_platform_uses(&operand.parts, text);
            }
        }
    }

    /// Notes the comparisons among the words of a test.
    pub(super) fn note_test(&mut self, words: &[shell::Word], text: ShellText<'_>) {
        for window in words.windows(2) {
            if window[0].literal().is_some_and(|operator| matches!(&*operator, "-z" | "-n")) {
                let asked = text.to_source(window[1].range);
                let uses = self.platform_uses.iter_mut().filter(|of| asked.contains_range(of.range));
                uses.for_each(|of| of.has_operation = true);
            }
        }
        for window in words.windows(3) {
            if window[1].literal().is_some_and(|operator| matches!(&*operator, "=" | "==" | "!=")) {
                self.note_comparison(&window[0], &[&window[2]], text);
            }
        }
    }

    /// Notes that a word, if it is nothing but a platform argument, is compared with others.
    pub(super) fn note_comparison(
        &mut self,
        subject: &shell::Word,
        others: &[&shell::Word],
        text: ShellText<'_>,
    ) {
        let [shell::WordPart { kind: PartKind::Variable(variable), .. }] = subject.parts.as_slice() else {
            return;
        };
        let name = PLATFORM_ARGUMENTS.into_iter().find(|name| *name == variable.name);
        let Some(name) = name.filter(|_| variable.operation.is_none()) else { return };
        let texts = others
            .iter()
            .filter_map(|word| Some((word.literal()?.into_owned(), text.to_source(word.range))))
            .collect();
        self.comparisons.push(Comparison { name, texts });
    }
}
