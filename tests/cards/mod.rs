//! The cards in `rules/`, as tests read them.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::path::Path;

use dflint::diagnostics::Applicability;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A rule's card.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Card {
    /// `XC101`
    pub(crate) code: String,
    /// `emulated-build-stage`
    pub(crate) name: String,
    /// `Warning`
    pub(crate) severity: String,
    /// Whether the rule is new, and runs only where it is selected itself.
    #[serde(default)]
    pub(crate) preview: bool,
    /// What is wrong, in one line.
    pub(crate) summary: String,
    /// Why it matters.
    pub(crate) why: String,
    /// How to mend it by hand.
    pub(crate) what_to_do: String,
    /// What the fix does, and why it is safe or not.
    pub(crate) fix: String,
    /// Where the facts come from.
    pub(crate) sources: Vec<String>,
    /// The toolchains that the rule knows on their own, and has to show examples of.
    #[serde(default)]
    pub(crate) toolchains: Vec<Toolchain>,
    /// The examples.
    #[serde(rename = "example")]
    pub(crate) examples: Vec<Example>,
}

/// A toolchain that rules know.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Toolchain {
    /// .NET.
    Dotnet,
    /// Go.
    Go,
}

/// A Dockerfile, and what its rule says of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Example {
    /// What it shows. `dflint rule` and the documentation have the examples with one.
    pub(crate) title: Option<String>,
    /// What it tests, for those that are not printed.
    pub(crate) about: Option<String>,
    /// A Dockerfile that the rule finds fault with.
    pub(crate) fail: Option<String>,
    /// Each finding's line and text: `4: FROM golang:1.24 AS build`.
    #[serde(default)]
    pub(crate) spans: Vec<String>,
    /// A part of what the first finding says: of its message or its help.
    pub(crate) says: Option<String>,
    /// The text after the rule's own fixes; none where there is no fix.
    pub(crate) fixed: Option<String>,
    /// What the fix is: safe, unless it says `unsafe`.
    #[serde(default)]
    pub(crate) applicability: Trust,
    /// A Dockerfile that the rule has nothing to say about.
    pub(crate) pass: Option<String>,
    /// In the card of a toolchain: the rule that it is about, where that is another than XC101.
    pub(crate) rule: Option<String>,
    /// The platforms that the project builds for, where they are others than linux/amd64 and linux/arm64.
    #[serde(default)]
    pub(crate) platforms: Vec<String>,
}

/// What a card's fix offers at best.
pub(crate) fn fix_of(card: &Card) -> &'static str {
    let trusts = card.examples.iter().filter(|example| example.fixed.is_some());
    let (mut safe, mut on_request) = (false, false);
    for example in trusts {
        match example.applicability {
            Trust::Safe => safe = true,
            Trust::Unsafe => on_request = true,
        }
    }
    match (safe, on_request) {
        (true, false) => "safe",
        (true, true) => "safe or unsafe",
        (false, true) => "unsafe",
        (false, false) => "",
    }
}

/// The card of a toolchain: what it takes to compile for another platform, with examples.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ToolchainCard {
    /// Its id in the knowledge, which is the name of the file.
    pub(crate) id: String,
    /// The title of its page.
    pub(crate) title: String,
    /// How a Dockerfile compiles for another platform with it, in Markdown.
    pub(crate) guide: String,
    /// Where the facts come from.
    pub(crate) sources: Vec<String>,
    /// The examples.
    #[serde(rename = "example")]
    pub(crate) examples: Vec<Example>,
}

/// See [`Applicability`].
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Trust {
    /// The fix is applied without a look.
    #[default]
    Safe,
    /// The author must agree.
    Unsafe,
}

impl Trust {
    /// As the engine has it.
    pub(crate) fn applicability(self) -> Applicability {
        match self {
            Self::Safe => Applicability::Safe,
            Self::Unsafe => Applicability::Unsafe,
        }
    }
}

impl Example {
    /// What it shows or tests, for the name of its test.
    pub(crate) fn subject(&self) -> &str {
        self.title.as_deref().or(self.about.as_deref()).unwrap_or("?")
    }

    /// The Dockerfile.
    pub(crate) fn text(&self) -> &str {
        self.fail.as_deref().or(self.pass.as_deref()).unwrap_or_default()
    }

    /// The toolchains that it is about.
    pub(crate) fn is_about(&self, toolchain: Toolchain) -> bool {
        let words: &[&str] = match toolchain {
            Toolchain::Dotnet => &["dotnet/", "dotnet "],
            Toolchain::Go => &["golang", "go-toolset", "go build", "go install"],
        };
        words.iter().any(|word| self.text().contains(word))
    }
}

/// Every card, by code.
pub(crate) fn cards() -> Vec<Card> {
    read_all("rules")
}

/// The card of every toolchain, by id.
pub(crate) fn toolchain_cards() -> Vec<ToolchainCard> {
    read_all("rules/toolchains")
}

fn read_all<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let card = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    paths.iter().map(|path| card(path)).collect()
}
