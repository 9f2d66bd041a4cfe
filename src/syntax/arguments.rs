//! How each instruction's arguments are cut up (`BuildKit` `parser/line_parsers.go`): spans of the joined line, not yet
//! typed.

use super::json::{self, Array, Item};
use super::tree::{Instruction, Keyword};
use super::words::{Span, is_ascii_space, is_blank, plain_words, quoted_words};
use crate::text::SourceFile;

/// The arguments of one instruction.
#[derive(Debug)]
pub(super) enum Arguments {
    /// The instruction takes none, or is not known.
    Ignored,
    /// There are none.
    Nothing,
    /// Everything is one argument.
    Text(Span),
    Words(Vec<Span>),
    Json(Vec<Item>),
    Pairs(Vec<RawPair>),
    /// `HEALTHCHECK`: the kind (`CMD`) and what follows it.
    Health(Span, Box<Arguments>),
    /// `ONBUILD`: another instruction.
    Instruction(Span),
}

/// `name=value` or `name value`.
#[derive(Debug)]
pub(super) struct RawPair {
    pub(super) name: Span,
    pub(super) value: Span,
    pub(super) equals: bool,
}

/// What `BuildKit` refuses the whole file for.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) message: String,
    pub(super) span: Span,
}

/// Cuts up `span` of a joined line, which must be trimmed.
pub(super) fn split(keyword: Keyword, text: &str, span: Span, escape: char) -> Result<Arguments, Refused> {
    if keyword == Keyword::Unknown {
        return Ok(Arguments::Ignored);
    }
    if span.is_empty() {
        return Ok(Arguments::Nothing);
    }
    match keyword {
        Keyword::Add | Keyword::Copy | Keyword::Volume => {
            maybe_json(text, span, |span| Arguments::Words(plain_words(text, span)))
        }
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Shell => {
            maybe_json(text, span, Arguments::Text)
        }
        Keyword::Expose | Keyword::From => Ok(Arguments::Words(plain_words(text, span))),
        Keyword::Arg => Ok(Arguments::Words(quoted_words(text, span, escape))),
        Keyword::Env => pairs("ENV", text, span, escape),
        Keyword::Label => pairs("LABEL", text, span, escape),
        Keyword::Maintainer | Keyword::StopSignal | Keyword::User | Keyword::Workdir => {
            Ok(Arguments::Text(span))
        }
        Keyword::Healthcheck => {
            // BuildKit looks at bytes here, so only white space of ASCII counts.
            let rest = &text[span.clone()];
            let kind = span.start + rest.find(is_ascii_space).unwrap_or(rest.len());
            let start = span.end - text[kind..span.end].trim_start_matches(is_ascii_space).len();
            let command = if start == span.end {
                Arguments::Nothing
            } else {
                maybe_json(text, start..span.end, Arguments::Text)?
            };
            Ok(Arguments::Health(span.start..kind, Box::new(command)))
        }
        Keyword::Onbuild => Ok(Arguments::Instruction(span)),
        Keyword::Unknown => Ok(Arguments::Ignored),
    }
}

fn maybe_json(text: &str, span: Span, other: impl FnOnce(Span) -> Arguments) -> Result<Arguments, Refused> {
    match json::array(text, span.clone()) {
        Array::Strings(items) => Ok(Arguments::Json(items)),
        Array::Invalid => Ok(other(span)),
        Array::NotAString(element) => Err(Refused {
            message: "a JSON array of arguments may only contain strings".into(),
            span: element,
        }),
    }
}

fn pairs(keyword: &str, text: &str, span: Span, escape: char) -> Result<Arguments, Refused> {
    let words = quoted_words(text, span.clone(), escape);
    let Some(first) = words.first() else { return Ok(Arguments::Nothing) };
    if !text[first.clone()].contains('=') {
        // The old form: one name, and the rest of the line is its value.
        let rest = &text[span.clone()];
        let Some(length) = rest.find(is_blank) else {
            let message = format!("{keyword} needs a name and a value: `{keyword} name=value`");
            return Err(Refused { message, span });
        };
        let name = span.start..span.start + length;
        let value = span.end - rest[length..].trim_start_matches(is_blank).len()..span.end;
        return Ok(Arguments::Pairs(vec![RawPair { name, value, equals: false }]));
    }
    let mut pairs = Vec::with_capacity(words.len());
    for word in words {
        let Some(length) = text[word.clone()].find('=') else {
            let message = format!("expected `name=value`, found `{}`", &text[word.clone()]);
            return Err(Refused { message, span: word });
        };
        let equals = word.start + length;
        pairs.push(RawPair { name: word.start..equals, value: equals + 1..word.end, equals: true });
    }
    Ok(Arguments::Pairs(pairs))
}

/// The arguments of an instruction of `file` as `BuildKit`'s parser lists them: for `ENV` and `LABEL` name, value and separator in turn, none for
/// `ONBUILD`.
///
/// # Errors
/// Why the parser refuses them.
pub fn argument_list(
    instruction: &Instruction,
    file: &SourceFile,
    escape: char,
) -> Result<Vec<String>, String> {
    let joined = instruction.joined_arguments(file, escape);
    let text = joined.as_str();
    let arguments =
        split(instruction.keyword, text, 0..text.len(), escape).map_err(|refused| refused.message)?;
    let mut list = Vec::new();
    flatten(text, arguments, &mut list);
    Ok(list)
}

fn flatten(text: &str, arguments: Arguments, list: &mut Vec<String>) {
    match arguments {
        Arguments::Ignored => list.push(String::new()),
        Arguments::Nothing | Arguments::Instruction(_) => {}
        Arguments::Text(span) => list.push(text[span].to_owned()),
        Arguments::Words(words) => list.extend(words.into_iter().map(|word| text[word].to_owned())),
        Arguments::Json(items) => list.extend(items.into_iter().map(|item| item.value)),
        Arguments::Pairs(pairs) => {
            for pair in pairs {
                list.push(text[pair.name].to_owned());
                list.push(text[pair.value].to_owned());
                list.push(if pair.equals { "=" } else { "" }.to_owned());
            }
        }
        Arguments::Health(kind, command) => {
            list.push(text[kind].to_owned());
            flatten(text, *command, list);
        }
    }
}
