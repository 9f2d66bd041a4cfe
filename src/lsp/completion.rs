//! Completion. The line up to the cursor decides, not the tree: what is being written is seldom complete.

use std::collections::BTreeSet;

use dflint::model::PLATFORM_ARGUMENTS;
use dflint::rules;
use dflint::syntax::{Body, Keyword};
use dflint::text::{TextRange, TextSize};
use lsp_types::{CompletionItem, CompletionItemKind, MarkupContent, MarkupKind, Position};

use super::docs::{self, Entry};
use super::edits::text_edit;
use super::suppressions;
use super::view::View;

/// What could stand at a place.
pub(super) fn completions(view: &View<'_>, position: Position) -> Vec<CompletionItem> {
    let offset = view.offset(position);
    let Some(line) = view.document.lines.line_range(view.text(), position.line) else { return vec![] };
    let before = &view.text()[TextRange::new(line.start(), offset.max(line.start()))];
    let completer = Completer { view, offset, before };
    completer.complete()
}

struct Completer<'a> {
    view: &'a View<'a>,
    offset: TextSize,
    /// The line up to the cursor.
    before: &'a str,
}

impl Completer<'_> {
    fn complete(&self) -> Vec<CompletionItem> {
        if let Some(items) = self.rules() {
            return items;
        }
        if self.before.trim_start().starts_with('#') && !self.is_within_instruction() {
            return self.directives();
        }
        if let Some(items) = self.variables() {
            return items;
        }
        // The instruction may have begun lines above.
        let text = self.instruction_text();
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default();
        if first.len() == text.trim_start().len() {
            return self.keywords(first);
        }
        let keyword =
            if first.eq_ignore_ascii_case("onbuild") { words.next().unwrap_or(first) } else { first };
        let Some(doc) = docs::INSTRUCTIONS.iter().find(|doc| doc.name.eq_ignore_ascii_case(keyword)) else {
            return self.keywords(first);
        };
        let word = self.word();
        // Flags end where the arguments begin.
        let in_front = text[..text.len() - word.len()].split_whitespace();
        let behind_keyword = in_front.skip_while(|it| !it.eq_ignore_ascii_case(keyword)).skip(1);
        let flags_may_follow = behind_keyword.clone().all(|it| it.starts_with("--") || it == "\\");
        if let Some(flag) = word.strip_prefix("--").filter(|_| flags_may_follow) {
            return match flag.split_once('=') {
                None => self.flags(doc.flags, word),
                Some(("mount", keys)) => self.mount(keys),
                Some(("from", name)) => self.stages(name),
                Some(("platform", value)) => self.platforms(value),
                Some((name, value)) => {
                    let values =
                        doc.flags.iter().find(|entry| entry.name == name).map_or(&[][..], |it| it.values);
                    self.values(values, value)
                }
            };
        }
        if doc.keyword != Keyword::From {
            return vec![];
        }
        match behind_keyword.filter(|it| !it.starts_with("--")).count() {
            0 => self.stages(word),
            1 => self.values(&["AS "], word),
            _ => vec![],
        }
    }

    /// What stands between white space and the cursor.
    fn word(&self) -> &str {
        let start = self.before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        // A space of more than one byte ends further on.
        (start..=self.before.len()).find_map(|at| self.before.get(at..)).unwrap_or_default()
    }

    fn is_within_instruction(&self) -> bool {
        self.instruction_start().is_some_and(|start| start < self.offset - TextSize::of(self.before))
    }

    /// Where the instruction at the cursor begins.
    fn instruction_start(&self) -> Option<TextSize> {
        let (_, instruction) = self.view.instruction_at(self.offset)?;
        (instruction.range.start() <= self.offset).then_some(instruction.range.start())
    }

    fn instruction_text(&self) -> &str {
        let line = self.offset - TextSize::of(self.before);
        let start = self.instruction_start().map_or(line, |start| start.min(line));
        &self.view.text()[TextRange::new(start, self.offset)]
    }

    fn item(&self, typed: &str, text: &str, kind: CompletionItemKind, about: &str) -> CompletionItem {
        let range = TextRange::new(self.offset - TextSize::of(typed), self.offset);
        CompletionItem {
            label: text.trim_end().to_owned(),
            kind: Some(kind),
            filter_text: Some(text.to_owned()),
            documentation: (!about.is_empty())
                .then(|| MarkupContent { kind: MarkupKind::Markdown, value: about.to_owned() }.into()),
            text_edit: Some(text_edit(self.view, range, text).into()),
            ..CompletionItem::default()
        }
    }

    /// Keywords, in the case of what is written so far.
    fn keywords(&self, typed: &str) -> Vec<CompletionItem> {
        let lower = typed.starts_with(|c: char| c.is_ascii_lowercase());
        let typed = if self.word() == typed { typed } else { "" };
        docs::INSTRUCTIONS
            .iter()
            .map(|doc| {
                let name = if lower { doc.name.to_ascii_lowercase() } else { doc.name.to_owned() };
                let about = format!("```dockerfile\n{}\n```\n\n{}", doc.form, doc.about);
                self.item(typed, &format!("{name} "), CompletionItemKind::Keyword, &about)
            })
            .collect()
    }

    fn flags(&self, flags: &[Entry], typed: &str) -> Vec<CompletionItem> {
        let text = |entry: &Entry| {
            // A flag that is true or false is written without a value.
            let is_flag = entry.values.first() == Some(&"true");
            if is_flag { format!("--{}", entry.name) } else { format!("--{}=", entry.name) }
        };
        let item = |entry: &Entry| self.item(typed, &text(entry), CompletionItemKind::Property, entry.about);
        flags.iter().map(item).collect()
    }

    /// The keys of a mount, or the values of the one that is being written.
    fn mount(&self, keys: &str) -> Vec<CompletionItem> {
        let typed = keys.rsplit(',').next().unwrap_or_default();
        if let Some((key, value)) = typed.split_once('=') {
            if key == "from" {
                return self.stages(value);
            }
            let entry = docs::MOUNT_KEYS.iter().find(|entry| entry.name == key);
            return self.values(entry.map_or(&[][..], |entry| entry.values), value);
        }
        let used: Vec<&str> = keys.split(',').filter_map(|key| key.split('=').next()).collect();
        docs::MOUNT_KEYS
            .iter()
            .filter(|entry| !used.contains(&entry.name) || typed == entry.name)
            .map(|entry| {
                self.item(typed, &format!("{}=", entry.name), CompletionItemKind::Property, entry.about)
            })
            .collect()
    }

    fn values(&self, values: &[&str], typed: &str) -> Vec<CompletionItem> {
        values.iter().map(|value| self.item(typed, value, CompletionItemKind::Value, "")).collect()
    }

    fn platforms(&self, typed: &str) -> Vec<CompletionItem> {
        let own = self.view.project().platforms.iter().map(ToString::to_string);
        let known = docs::PLATFORMS.iter().map(|platform| (*platform).to_owned());
        let variables = ["$BUILDPLATFORM".to_owned(), "$TARGETPLATFORM".to_owned()];
        let mut seen = BTreeSet::new();
        let all = variables.into_iter().chain(own).chain(known).filter(|it| seen.insert(it.clone()));
        let item = |(rank, platform): (usize, String)| CompletionItem {
            sort_text: Some(format!("{rank:02}")),
            ..self.item(typed, &platform, CompletionItemKind::Value, "")
        };
        all.enumerate().map(item).collect()
    }

    /// The stages above the cursor.
    fn stages(&self, typed: &str) -> Vec<CompletionItem> {
        let parse = self.view.parse();
        let above = parse.instructions.iter().filter(|it| it.range.end() < self.offset);
        let names: BTreeSet<&str> = above
            .filter_map(|instruction| match &instruction.body {
                Body::From(from) => Some(from.alias.as_ref()?.text.as_str()),
                _ => None,
            })
            .collect();
        names
            .into_iter()
            .map(|name| self.item(typed, name, CompletionItemKind::Module, "A stage of this file."))
            .collect()
    }

    /// Variables behind a `$` that is not finished: those of ARG and ENV above, and the platform's.
    fn variables(&self) -> Option<Vec<CompletionItem>> {
        let name_start = self.before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        let sigil = self.before[name_start..].chars().next()?;
        let typed = &self.before[name_start + sigil.len_utf8()..];
        let braced = sigil == '{' && self.before[..name_start].ends_with('$');
        if sigil != '$' && !braced {
            return None;
        }
        let mut names: BTreeSet<&str> = PLATFORM_ARGUMENTS.into_iter().collect();
        let above = self.view.parse().instructions.iter().filter(|it| it.range.end() < self.offset);
        for instruction in above {
            if let Body::Arg(pairs) | Body::Env(pairs) = &instruction.body {
                names.extend(pairs.iter().map(|pair| pair.name.text.as_str()));
            }
        }
        let rest = &self.view.text()[usize::from(self.offset)..];
        let close = if braced && !rest.starts_with('}') { "}" } else { "" };
        let item = |name: &str| {
            let platform = docs::PLATFORM_VARIABLES.iter().find(|entry| entry.name == name);
            let about = platform.map_or("", |entry| entry.about);
            let item = self.item(typed, &format!("{name}{close}"), CompletionItemKind::Variable, about);
            CompletionItem { label: name.to_owned(), ..item }
        };
        Some(names.into_iter().map(item).collect())
    }

    /// Rules in a comment that ignores them.
    fn rules(&self) -> Option<Vec<CompletionItem>> {
        let start = self.offset - TextSize::of(self.before);
        let comment = suppressions::comment(self.before, start)?;
        if comment.list.end() < self.offset && self.before.contains(" --") {
            return Some(vec![]);
        }
        let typed = self.before.rsplit([',', '=', ' ']).next().unwrap_or_default();
        let item = |card: &rules::Card| CompletionItem {
            detail: Some(card.name.to_owned()),
            ..self.item(typed, card.code, CompletionItemKind::EnumMember, card.summary)
        };
        Some(rules::CARDS.iter().map(item).collect())
    }

    /// What a comment can say to `BuildKit` or to dflint.
    fn directives(&self) -> Vec<CompletionItem> {
        let typed = self.before.trim_start().trim_start_matches('#').trim_start();
        let mut texts: Vec<String> =
            suppressions::WORDS.iter().map(|word| format!("dflint {word}=")).collect();
        if self.view.position(self.offset).line == 0 {
            texts.extend(["syntax=docker/dockerfile:1", "escape=`", "check=skip="].map(str::to_owned));
        }
        texts.iter().map(|text| self.item(typed, text, CompletionItemKind::Keyword, "")).collect()
    }
}
