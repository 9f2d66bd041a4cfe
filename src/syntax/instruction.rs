//! From a joined line to an instruction with typed arguments.

use thin_vec::ThinVec;

use super::arguments::{self, Arguments, RawPair};
use super::check;
use super::flags;
use super::heredoc;
use super::json::Item;
use super::tree::{
    Body, CommandBody, CopyBody, FromBody, Instruction, JsonString, Keyword, Pair, Phase, SyntaxError, Word,
};
use super::words::{Span, is_blank, trim};
use crate::text::{LogicalText, TextRange, range};

/// How deep `ONBUILD` is followed. `BuildKit` refuses the second level.
const MAX_ONBUILD: u32 = 8;

/// Where errors go, and what the file has settled.
pub(super) struct Context<'a> {
    pub(super) escape: char,
    pub(super) errors: &'a mut Vec<SyntaxError>,
    /// Whether this is the instruction behind an `ONBUILD`: nothing but its syntax is checked until it is run.
    pub(super) onbuild: u32,
}

impl Context<'_> {
    /// Reports what `BuildKit`'s parser refuses.
    fn refuse(&mut self, range: TextRange, message: impl Into<String>) {
        self.errors.push(SyntaxError { range, message: message.into(), phase: Phase::Parse });
    }

    /// Reports what `BuildKit` refuses when it gets to the instruction.
    pub(super) fn dispatch(&mut self, range: TextRange, message: impl Into<String>) {
        if self.onbuild == 0 {
            self.errors.push(SyntaxError { range, message: message.into(), phase: Phase::Dispatch });
        }
    }
}

/// Reads an instruction without its heredocs.
pub(super) fn read(line: &LogicalText, context: &mut Context) -> Instruction {
    let text = line.as_str();
    let all = trim(text, 0..text.len());
    let keyword_length = text[all.clone()].find(is_blank).unwrap_or(all.len());
    let keyword_span = all.start..all.start + keyword_length;
    let rest = all.end - text[keyword_span.end..all.end].trim_start_matches(is_blank).len()..all.end;
    let (flags, after_flags) = flags::extract(line, rest.clone(), context.escape);
    let arguments_span = trim(text, after_flags..rest.end);
    let keyword = keyword(&text[keyword_span.clone()]);
    let mut reader = Reader { line, keyword: keyword_span.clone(), context, json: false };
    let body = reader.body(keyword, arguments_span.clone());
    let json = reader.json;
    Instruction {
        range: line.to_source(range(all.start, all.end)),
        keyword,
        keyword_range: line.to_source(range(keyword_span.start, keyword_span.end)),
        flags,
        body,
        heredocs: ThinVec::new(),
        arguments: line.to_source(range(arguments_span.start, arguments_span.end)),
        json,
    }
}

fn keyword(text: &str) -> Keyword {
    const KEYWORDS: [(&str, Keyword); 18] = [
        ("ADD", Keyword::Add),
        ("ARG", Keyword::Arg),
        ("CMD", Keyword::Cmd),
        ("COPY", Keyword::Copy),
        ("ENTRYPOINT", Keyword::Entrypoint),
        ("ENV", Keyword::Env),
        ("EXPOSE", Keyword::Expose),
        ("FROM", Keyword::From),
        ("HEALTHCHECK", Keyword::Healthcheck),
        ("LABEL", Keyword::Label),
        ("MAINTAINER", Keyword::Maintainer),
        ("ONBUILD", Keyword::Onbuild),
        ("RUN", Keyword::Run),
        ("SHELL", Keyword::Shell),
        ("STOPSIGNAL", Keyword::StopSignal),
        ("USER", Keyword::User),
        ("VOLUME", Keyword::Volume),
        ("WORKDIR", Keyword::Workdir),
    ];
    KEYWORDS
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map_or(Keyword::Unknown, |(_, keyword)| keyword)
}

/// Types the arguments of one instruction.
struct Reader<'a, 'b, 'c> {
    line: &'a LogicalText,
    /// The keyword, which stands for arguments that are missing.
    keyword: Span,
    context: &'b mut Context<'c>,
    json: bool,
}

impl Reader<'_, '_, '_> {
    fn source(&self, span: &Span) -> TextRange {
        self.line.to_source(range(span.start, span.end))
    }

    fn word(&self, span: &Span) -> Word {
        Word::from_logical(self.line, range(span.start, span.end))
    }

    fn body(&mut self, keyword: Keyword, span: Span) -> Body {
        let arguments = match arguments::split(keyword, self.line.as_str(), span.clone(), self.context.escape)
        {
            Ok(arguments) => arguments,
            Err(refused) => {
                let range = self.source(&refused.span);
                self.context.refuse(range, refused.message);
                return Body::Invalid;
            }
        };
        self.json = match &arguments {
            Arguments::Json(_) => true,
            Arguments::Health(_, command) => matches!(**command, Arguments::Json(_)),
            _ => false,
        };
        match (keyword, arguments) {
            (Keyword::Cmd | Keyword::Entrypoint | Keyword::Run, arguments) => {
                Body::Command(self.command(arguments, &span))
            }
            (Keyword::Shell, arguments) => self.shell(arguments, &span),
            (Keyword::Unknown, _) => self.unknown(),
            (_, Arguments::Nothing) => self.nothing(keyword),
            (Keyword::Onbuild, Arguments::Instruction(span)) => self.onbuild(&span),
            (Keyword::Add | Keyword::Copy, arguments) => self.copy(arguments, &span),
            (Keyword::From, Arguments::Words(words)) => self.from(&words),
            (Keyword::Arg, Arguments::Words(words)) => self.arg(&words),
            (Keyword::Env, Arguments::Pairs(pairs)) => {
                self.pairs("ENV", &pairs).map_or(Body::Invalid, Body::Env)
            }
            (Keyword::Label, Arguments::Pairs(pairs)) => {
                self.pairs("LABEL", &pairs).map_or(Body::Invalid, Body::Label)
            }
            (Keyword::Healthcheck, Arguments::Health(kind, command)) => {
                self.healthcheck(&kind, *command, &span)
            }
            (_, Arguments::Text(span)) => Body::Words([self.word(&span)].into()),
            (Keyword::Volume, Arguments::Json(items)) => {
                let words = self.json_words(&items);
                self.volume(words, &span)
            }
            (Keyword::Volume, Arguments::Words(words)) => {
                let words = self.words(&words);
                self.volume(words, &span)
            }
            (_, Arguments::Words(words)) => Body::Words(self.words(&words)),
            _ => Body::Invalid,
        }
    }

    fn unknown(&mut self) -> Body {
        let range = self.source(&self.keyword);
        let name = &self.line.as_str()[self.keyword.clone()];
        let message = check::unknown("instruction", name, check::KEYWORDS);
        self.context.dispatch(range, message);
        Body::Invalid
    }

    fn nothing(&mut self, keyword: Keyword) -> Body {
        let wanted = match keyword {
            Keyword::Add | Keyword::Copy => "at least one source and a destination",
            Keyword::From => "an image, or an image, AS and a name",
            Keyword::Maintainer | Keyword::StopSignal | Keyword::User | Keyword::Workdir => {
                "exactly one argument"
            }
            _ => "at least one argument",
        };
        let range = self.source(&self.keyword);
        self.context.dispatch(range, format!("{} needs {wanted}", check::name(keyword)));
        Body::Invalid
    }

    fn strings(&self, items: Vec<Item>) -> ThinVec<JsonString> {
        items
            .into_iter()
            .map(|item| JsonString { range: self.source(&item.span), value: item.value.into() })
            .collect()
    }

    /// A command; `empty` is where it would stand if it is missing.
    fn command(&self, arguments: Arguments, empty: &Span) -> CommandBody {
        let span = match arguments {
            Arguments::Json(items) => return CommandBody::Exec(self.strings(items)),
            Arguments::Text(span) => span,
            _ => empty.clone(),
        };
        CommandBody::Shell(self.source(&span))
    }

    fn shell(&mut self, arguments: Arguments, span: &Span) -> Body {
        match arguments {
            Arguments::Json(items) if !items.is_empty() => Body::Shell(self.strings(items)),
            Arguments::Text(text) => {
                let range = self.source(&text);
                let message =
                    "SHELL needs its arguments as a JSON array: `SHELL [\"executable\", \"parameter\"]`";
                self.context.dispatch(range, message);
                Body::Invalid
            }
            _ if span.is_empty() => self.nothing(Keyword::Shell),
            _ => {
                let range = self.source(span);
                self.context.dispatch(range, "SHELL needs at least one argument");
                Body::Invalid
            }
        }
    }

    fn words(&self, spans: &[Span]) -> ThinVec<Word> {
        spans.iter().map(|span| self.word(span)).collect()
    }

    /// The words of an array. What was written without escapes can be edited as it stands.
    fn json_words(&self, items: &[Item]) -> ThinVec<Word> {
        items
            .iter()
            .map(|item| {
                let inner = item.span.start + 1..item.span.end - 1;
                if item.verbatim {
                    self.word(&inner)
                } else {
                    Word::decoded(item.value.clone(), self.source(&inner))
                }
            })
            .collect()
    }

    fn copy(&mut self, arguments: Arguments, span: &Span) -> Body {
        let (mut sources, json) = match arguments {
            Arguments::Json(items) => (self.json_words(&items), true),
            Arguments::Words(words) => (self.words(&words), false),
            _ => return Body::Invalid,
        };
        let destination = sources.pop();
        let Some(destination) = destination.filter(|_| !sources.is_empty()) else {
            let range = self.source(span);
            self.context.dispatch(range, "at least one source and a destination are needed");
            return Body::Invalid;
        };
        if heredoc::marker(&destination.text, 0..0).is_some() {
            self.context.dispatch(destination.range, "a heredoc cannot be the destination");
            return Body::Invalid;
        }
        sources.shrink_to_fit();
        Body::Copy(Box::new(CopyBody { sources, destination, json }))
    }

    fn from(&mut self, words: &[Span]) -> Body {
        let text = self.line.as_str();
        let image = self.word(&words[0]);
        let alias = match words {
            [_] => None,
            [_, keyword, name] if text[keyword.clone()].eq_ignore_ascii_case("as") => {
                let alias = self.word(name);
                if !check::is_stage_name(&alias.text) {
                    let message = format!(
                        "`{}` is no name for a stage: it must start with a letter and consist of letters, digits, `-`, `_` and `.`",
                        alias.text
                    );
                    self.context.dispatch(alias.range, message);
                }
                Some(alias)
            }
            _ => {
                let wrong = words[1].start..words[words.len() - 1].end;
                let wrong = match words {
                    [_, keyword, _, rest, ..] if text[keyword.clone()].eq_ignore_ascii_case("as") => {
                        rest.start..wrong.end
                    }
                    _ => wrong,
                };
                let range = self.source(&wrong);
                self.context
                    .dispatch(range, "FROM takes an image, or an image, AS and a name: this is neither");
                return Body::Invalid;
            }
        };
        Body::From(Box::new(FromBody { image, alias }))
    }

    fn arg(&mut self, words: &[Span]) -> Body {
        let text = self.line.as_str();
        let mut pairs = ThinVec::with_capacity(words.len());
        for span in words {
            let equals = text[span.clone()].find('=').map(|length| span.start + length);
            let name = span.start..equals.unwrap_or(span.end);
            if name.is_empty() {
                let range = self.source(span);
                self.context.dispatch(range, "ARG needs a name in front of the `=`");
            }
            pairs.push(Pair {
                range: self.source(span),
                name: self.word(&name),
                value: equals.map(|equals| self.word(&(equals + 1..span.end))),
            });
        }
        Body::Arg(pairs)
    }

    fn pairs(&mut self, keyword: &str, raw: &[RawPair]) -> Option<ThinVec<Pair>> {
        let mut valid = true;
        let mut pairs = ThinVec::with_capacity(raw.len());
        for pair in raw {
            let all = pair.name.start..pair.value.end;
            if pair.name.is_empty() {
                let range = self.source(&all);
                self.context.dispatch(range, format!("{keyword} needs a name in front of the `=`"));
                valid = false;
            }
            pairs.push(Pair {
                range: self.source(&all),
                name: self.word(&pair.name),
                value: Some(self.word(&pair.value)),
            });
        }
        valid.then_some(pairs)
    }

    fn healthcheck(&mut self, kind: &Span, command: Arguments, span: &Span) -> Body {
        let text = self.line.as_str();
        let behind = trim(text, kind.end..span.end);
        if text[kind.clone()].eq_ignore_ascii_case("NONE") {
            // An empty array is no argument.
            if !matches!(&command, Arguments::Nothing)
                && !matches!(&command, Arguments::Json(items) if items.is_empty())
            {
                let range = self.source(&behind);
                self.context.dispatch(range, "HEALTHCHECK NONE takes no arguments");
                return Body::Invalid;
            }
            return Body::Healthcheck(None);
        }
        if !text[kind.clone()].eq_ignore_ascii_case("CMD") {
            let range = self.source(kind);
            let message = format!("HEALTHCHECK is followed by CMD or NONE, not by `{}`", &text[kind.clone()]);
            self.context.dispatch(range, message);
            return Body::Invalid;
        }
        match &command {
            Arguments::Nothing => {}
            Arguments::Json(items) if items.is_empty() => {}
            _ => return Body::Healthcheck(Some(Box::new(self.command(command, &behind)))),
        }
        let range = self.source(kind);
        self.context.dispatch(range, "HEALTHCHECK CMD needs a command");
        Body::Invalid
    }

    fn volume(&mut self, words: ThinVec<Word>, span: &Span) -> Body {
        if words.is_empty() {
            let range = self.source(span);
            self.context.dispatch(range, "VOLUME needs at least one argument");
            return Body::Invalid;
        }
        for word in words.iter().filter(|word| word.text.trim().is_empty()) {
            self.context.dispatch(word.range, "the path of a VOLUME cannot be empty");
        }
        Body::Words(words)
    }

    fn onbuild(&mut self, span: &Span) -> Body {
        if self.context.onbuild >= MAX_ONBUILD {
            return Body::Invalid;
        }
        let line = self.line.extract(range(span.start, span.end));
        let mut context = Context {
            escape: self.context.escape,
            errors: &mut *self.context.errors,
            onbuild: self.context.onbuild + 1,
        };
        let inner = read(&line, &mut context);
        match inner.keyword {
            Keyword::Onbuild => {
                self.context.dispatch(inner.keyword_range, "ONBUILD cannot hold another ONBUILD");
            }
            Keyword::From | Keyword::Maintainer => {
                let message = format!("ONBUILD cannot hold {}", check::name(inner.keyword));
                self.context.dispatch(inner.keyword_range, message);
            }
            _ => {}
        }
        Body::Onbuild(Box::new(inner))
    }
}
