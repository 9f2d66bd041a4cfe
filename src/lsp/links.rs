//! Links in a document, and the pages that the server writes itself: those of the rules.

use std::fmt::Write as _;

use dflint::rules::{self, Card};
use dflint::syntax::variables::references;
use dflint::syntax::{Body, ImageReference, Word};
use dflint::text::TextRange;
use lsp_types::{DocumentLink, Uri};

use super::suppressions;
use super::view::View;

/// The scheme of the pages that the server writes.
pub(super) const SCHEME: &str = "dflint";

/// Where the page of a rule is.
pub(super) fn rule_page(code: &str) -> Uri {
    Uri(format!("{SCHEME}:/rules/{code}.md"))
}

/// A page that the server writes, in Markdown.
pub(super) fn page(uri: &str) -> Option<String> {
    let code = uri.strip_prefix(SCHEME)?.strip_prefix(":/rules/")?.strip_suffix(".md")?;
    rules::CARDS.iter().find(|card| card.code == code).map(card_page)
}

/// All of a rule's card.
pub(super) fn card_page(card: &Card) -> String {
    format!("# {} {}\n\n{}.\n\n{}", card.code, card.name, card.summary, card.text)
}

/// The rule that a person means by a code or a name.
pub(super) fn card(name: &str) -> Option<&'static Card> {
    let is = |card: &&Card| card.code.eq_ignore_ascii_case(name) || card.name.eq_ignore_ascii_case(name);
    rules::CARDS.iter().find(is)
}

/// Images, URLs and the pages of rules.
pub(super) fn links(view: &View<'_>) -> Vec<DocumentLink> {
    let mut links: Vec<DocumentLink> = Vec::new();
    let mut link = |range: TextRange, target: Uri, tooltip: String| {
        links.push(DocumentLink {
            range: view.range(range),
            target: Some(target),
            tooltip: Some(tooltip),
            ..DocumentLink::default()
        });
    };
    if view.support.server_documents {
        for (name, range) in suppressions::comments(view).flat_map(|comment| comment.rules) {
            if let Some(card) = card(name) {
                link(range, rule_page(card.code), format!("{} {}", card.code, card.name));
            }
        }
    }
    for (word, reference) in images(view) {
        if let Some(page) = image_page(&reference) {
            link(word.range, Uri(page), "The image in its registry".to_owned());
        }
    }
    for range in urls(view.text()) {
        link(range, Uri(view.text()[range].to_owned()), "Open".to_owned());
    }
    links
}

/// The words of the file that name images, cut into their parts: those of FROM and of `--from`.
pub(super) fn images(view: &View<'_>) -> Vec<(Word, ImageReference)> {
    let parse = view.parse();
    let names = dflint::model::stages::stage_names(parse);
    let mut words: Vec<Word> = Vec::new();
    for instruction in &parse.instructions {
        if let Body::From(from) = &instruction.body {
            words.push(from.image.clone());
        }
        words.extend(instruction.flag("from").and_then(|flag| flag.value.clone()));
        words.extend(instruction.flags_named("mount").filter_map(|mount| mount.key("from")));
    }
    let is_image = |word: &Word| {
        let text = word.text.as_str();
        text != "scratch"
            && !text.bytes().all(|byte| byte.is_ascii_digit())
            && !names.iter().any(|name| name.eq_ignore_ascii_case(text))
    };
    let cut = |word| ImageReference::parse(&word, parse.escape).map(|image| (word, image));
    words.into_iter().filter(is_image).filter_map(cut).collect()
}

/// The page of an image in the registries that have one for people.
fn image_page(image: &ImageReference) -> Option<String> {
    let full = image.full_name()?;
    let (registry, name) = full.split_once('/')?;
    Some(match registry {
        "docker.io" => match name.strip_prefix("library/") {
            Some(official) => format!("https://hub.docker.com/_/{official}"),
            None => format!("https://hub.docker.com/r/{name}"),
        },
        "mcr.microsoft.com" => format!("https://mcr.microsoft.com/artifact/mar/{name}"),
        "quay.io" => format!("https://quay.io/repository/{name}"),
        "public.ecr.aws" => format!("https://gallery.ecr.aws/{name}"),
        "gcr.io" => format!("https://gcr.io/{name}"),
        _ => return None,
    })
}

/// The URLs of a text that hold no variable.
fn urls(text: &str) -> Vec<TextRange> {
    let mut urls = Vec::new();
    for (at, _) in text.match_indices("://") {
        let Some(start) = ["https", "http"].iter().find_map(|scheme| {
            let start = at.checked_sub(scheme.len())?;
            let before = text[..at].strip_suffix(scheme)?.chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric()).then_some(start)
        }) else {
            continue;
        };
        let ends = |c: char| c.is_whitespace() || "\"'`<>\\;|)".contains(c);
        let length = text[start..].find(ends).unwrap_or(text.len() - start);
        let url = text[start..start + length].trim_end_matches(['.', ',', ':', '!', '?']);
        // With a variable it is no address yet.
        if url.len() > at + 3 - start && references(url, '\\').is_empty() && !url.contains('$') {
            let offset = |at: usize| dflint::text::TextSize::try_from(at).expect("within the file");
            urls.push(TextRange::at(offset(start), dflint::text::TextSize::of(url)));
        }
    }
    urls
}

/// What a hover says of an image.
pub(super) fn describe(view: &View<'_>, reference: &ImageReference) -> String {
    let mut text = String::new();
    let part = |word: &Option<Word>| word.as_ref().map(|word| word.text.clone());
    let full = reference.full_name();
    let name = full.as_deref().unwrap_or(&reference.name.text);
    writeln!(text, "**Image** `{name}`\n").expect("a String");
    if let Some(tag) = part(&reference.tag) {
        writeln!(text, "- tag `{tag}`").expect("a String");
    } else if reference.digest.is_none() {
        writeln!(text, "- no tag: `latest`").expect("a String");
    }
    if let Some(digest) = part(&reference.digest) {
        writeln!(text, "- digest `{digest}`").expect("a String");
    }
    if let Some(known) = view.project().knowledge.image(&reference.name.text) {
        if let Some(toolchain) = known.toolchain {
            writeln!(text, "- brings the toolchain of `{toolchain}`").expect("a String");
        }
        let tag = part(&reference.tag).unwrap_or_default();
        writeln!(text, "- C library: {}", known.libc(&tag).name()).expect("a String");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_end_where_people_end_them() {
        let text = "ADD https://a.example/x.tgz /x\n# see http://b.example/y.\nRUN curl -L \"https://c.example/z\"; \
                    curl https://d.example/$V https:// xhttps://no.example";
        let found: Vec<&str> = urls(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["https://a.example/x.tgz", "http://b.example/y", "https://c.example/z"]);
    }

    #[test]
    fn every_rule_has_a_page() {
        for card in rules::CARDS {
            let page = page(&rule_page(card.code).0).unwrap();
            assert!(page.starts_with(&format!("# {} {}", card.code, card.name)));
        }
        assert_eq!(page("dflint:/rules/XC000.md"), None);
    }
}
