//! The pages of `docs/`: those that follow from the cards and the knowledge, and what dflint prints in all of them.
//! `UPDATE=1 cargo test --test docs` writes them.

mod cards;
mod guides;
mod markdown;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use markdown::{events, hold, path, with_part};
use pulldown_cmark::{Event, Tag, TagEnd};

const PAGES: &str = "docs/src";

/// Holds a page and what its commands write against what they should be.
fn hold_page(name: &str, page: &str) {
    let (text, written) = markdown::run(page);
    hold(name, &text, "docs");
    for (file, text) in written {
        let beside = Path::new(name).with_file_name(file);
        hold(beside.to_str().unwrap(), &text, "docs");
    }
}

/// The Markdown files below a folder of the repository, as paths from its root.
fn markdown_files(folder: &str) -> Vec<PathBuf> {
    let files = ignore::WalkBuilder::new(path(folder)).build().map(|entry| entry.unwrap().into_path());
    let mut files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "md"))
        .map(|file| file.strip_prefix(path("")).unwrap().to_owned())
        .collect();
    files.sort();
    files
}

fn read(file: &Path) -> String {
    fs::read_to_string(path(file.to_str().unwrap())).unwrap()
}

#[test]
fn each_rule_has_its_page() {
    let cards = cards::cards();
    for card in &cards {
        hold_page(&format!("{PAGES}/rules/{}.md", card.code), &guides::rule(card));
    }
    assert_eq!(
        markdown_files("docs/src/rules").len(),
        cards.len() + 1,
        "a page of no rule, beside README.md"
    );
}

#[test]
fn each_toolchain_has_its_page() {
    let cards = cards::toolchain_cards();
    for card in &cards {
        hold_page(&format!("{PAGES}/toolchains/{}.md", card.id), &guides::toolchain(card));
    }
    assert_eq!(markdown_files("docs/src/toolchains").len(), cards.len(), "a page of no toolchain");
}

#[test]
fn the_pages_of_editors_and_commands_are_theirs() {
    hold_page(&format!("{PAGES}/editors.md"), &guides::editors());
    hold_page(&format!("{PAGES}/command-line.md"), &guides::command_line());
}

/// Pages written by hand, in which dflint fills the outputs and the tables.
#[test]
fn the_other_pages_show_what_dflint_prints() {
    let parts = [("keys", guides::keys()), ("architectures", guides::architectures())];
    for file in markdown_files(PAGES) {
        let folder = file.parent().unwrap().file_name().unwrap();
        let mut page = read(&file);
        if folder != "src" || page.starts_with(guides::HEAD) {
            continue;
        }
        for (name, part) in &parts {
            if page.contains(&format!("<!-- {name} -->")) {
                page = with_part(&page, name, part);
            }
        }
        hold_page(file.to_str().unwrap(), &page);
    }
}

/// `--help` at the end: the options in front of it are read, and nothing is done.
#[test]
fn listed_commands_have_the_options_that_they_use() {
    let pages = markdown_files(PAGES).into_iter().chain([PathBuf::from("README.md")]);
    let commands: Vec<String> = pages.flat_map(|file| markdown::listed_commands(&read(&file))).collect();
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands {
        let arguments = command.split_whitespace().chain(["--help"]);
        let output = Command::new(env!("CARGO_BIN_EXE_dflint")).args(arguments).output().unwrap();
        assert!(output.status.success(), "dflint {command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The contents of the book are written by hand.
#[test]
fn the_summary_lists_every_page() {
    let summary = Path::new(PAGES).join("SUMMARY.md");
    let listed: BTreeSet<PathBuf> =
        links(&read(&summary)).into_iter().map(|link| Path::new(PAGES).join(link)).collect();
    let there: BTreeSet<PathBuf> =
        markdown_files(PAGES).into_iter().filter(|file| *file != summary).collect();
    let missing: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(missing.is_empty() && gone.is_empty(), "{summary:?} lacks {missing:?} and lists {gone:?}");
}

/// The destinations of a page's links and images.
fn links(page: &str) -> Vec<String> {
    let links = events(page).filter_map(|(event, _)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(dest_url.into_string())
        }
        _ => None,
    });
    links.collect()
}

/// What links can lead to in a page: its headings, as GitHub and mdBook name them.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut heading: Option<String> = None;
    for (event, _) in events(page) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
                let text: String = heading.take().unwrap().to_lowercase().chars().filter(kept).collect();
                anchors.insert(text.replace(' ', "-"));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    anchors
}

fn is_elsewhere(link: &str) -> bool {
    link.contains("://") || link.starts_with("mailto:")
}

/// The page with the parts of other files that mdBook puts into it.
fn with_included(file: &Path) -> String {
    let page = read(file);
    let mut text = String::new();
    let mut rest = page.as_str();
    while let Some((before, behind)) = rest.split_once("{{#include ") {
        let (included, behind) = behind.split_once("}}").unwrap();
        let (name, anchor) = included.split_once(':').unwrap_or((included, ""));
        let whole = read(&file.with_file_name("").join(name));
        let part = if anchor.is_empty() { whole.as_str() } else { part(&whole, anchor, included) };
        text += before;
        text += part;
        rest = behind;
    }
    text + rest
}

/// The part between `<!-- ANCHOR: NAME -->` and `<!-- ANCHOR_END: NAME -->`.
fn part<'a>(page: &'a str, anchor: &str, included: &str) -> &'a str {
    let between = page.split_once(&format!("<!-- ANCHOR: {anchor} -->")).and_then(|(_, behind)| {
        behind.split_once(&format!("<!-- ANCHOR_END: {anchor} -->")).map(|(part, _)| part)
    });
    between.unwrap_or_else(|| panic!("{included}: there is no such part"))
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for file in markdown_files("") {
        let in_book = file.starts_with(PAGES);
        let page = with_included(&file);
        for link in links(&page).into_iter().filter(|link| !is_elsewhere(link)) {
            let (name, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if name.is_empty() { file.clone() } else { file.with_file_name("").join(name) };
            let Ok(target) = path(target.to_str().unwrap()).canonicalize() else {
                broken.push(format!("{}: {link}", file.display()));
                continue;
            };
            if in_book && !target.starts_with(path(PAGES).canonicalize().unwrap()) {
                broken.push(format!("{}: {link} leads out of the book", file.display()));
            }
            let target = target.strip_prefix(path("").canonicalize().unwrap()).unwrap().to_owned();
            if !anchor.is_empty() && !anchors(&with_included(&target)).contains(anchor) {
                broken.push(format!("{}: {link} has no such heading", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}
