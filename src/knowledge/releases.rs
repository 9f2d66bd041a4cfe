//! Architectures that are written out in names of files, and how projects name what they release.

use std::sync::LazyLock;

use super::{ARCHITECTURES, RELEASES, spelled};

/// How the files of a project, which is known by the beginning of their URLs, spell an architecture.
#[derive(Debug, Eq, PartialEq)]
pub struct Release {
    /// The beginning of the URLs.
    pub url: &'static str,
    /// The spelling: a column of the architectures.
    pub spelling: &'static str,
    /// The architectures that there are files for, as Docker calls them.
    pub architectures: &'static [&'static str],
}

/// The release that a URL belongs to.
pub fn release(url: &str) -> Option<&'static Release> {
    RELEASES.iter().find(|release| url.starts_with(release.url))
}

/// An architecture that a text spells out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Literal {
    /// Where it begins, in bytes.
    pub start: usize,
    /// How it is spelled.
    pub text: &'static str,
    /// The architectures that are spelled so, as Docker calls them.
    pub architectures: Vec<&'static str>,
}

impl Literal {
    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Words that mean an architecture only beside others that say so.
const AMBIGUOUS: [&str; 5] = ["386", "arm", "x86", "ppc64", "i386"];

/// The architectures that a word of a Dockerfile or of a shell spells out as it is written: what stands in `${…}` and
/// `$(…)` is not spelled out, nor is a part of a longer word.
pub fn literals(written: &str) -> Vec<Literal> {
    let bytes = written.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    while at < bytes.len() {
        match bytes[at] {
            b'$' if matches!(bytes.get(at + 1), Some(b'{' | b'(')) => {
                depth += 1;
                at += 2;
                continue;
            }
            b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let begins = INITIALS[usize::from(bytes[at])] && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        match written.get(at..).filter(|_| begins && depth == 0).and_then(spelling_at) {
            Some(text) => {
                let architectures = ARCHITECTURES
                    .iter()
                    .filter(|(_, spellings)| spellings.iter().any(|(_, spelled)| *spelled == text))
                    .map(|(name, _)| *name)
                    .collect();
                found.push(Literal { start: at, text, architectures });
                at += text.len();
            }
            None => at += 1,
        }
    }
    found
}

/// Every spelling that means an architecture by itself, once and in order.
static SPELLINGS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let all = ARCHITECTURES.iter().flat_map(|(_, spellings)| spellings.iter().map(|(_, spelled)| *spelled));
    let mut spellings: Vec<_> = all.filter(|spelled| !AMBIGUOUS.contains(spelled)).collect();
    spellings.sort_unstable();
    spellings.dedup();
    spellings
});

/// Whether a spelling begins with this byte: most words of a file are sorted out by that alone.
static INITIALS: LazyLock<[bool; 256]> = LazyLock::new(|| {
    let mut initials = [false; 256];
    SPELLINGS.iter().for_each(|spelled| initials[usize::from(spelled.as_bytes()[0])] = true);
    initials
});

/// The longest spelling that a text begins with.
fn spelling_at(text: &str) -> Option<&'static str> {
    let ends = |spelled: &str| !text.as_bytes().get(spelled.len()).is_some_and(u8::is_ascii_alphanumeric);
    let initial = |spelled: &str| spelled.as_bytes().first().cmp(&text.as_bytes().first());
    let from = SPELLINGS.partition_point(|spelled| initial(spelled).is_lt());
    SPELLINGS[from..]
        .iter()
        .copied()
        .take_while(|spelled| initial(spelled).is_eq())
        .filter(|spelled| text.starts_with(spelled) && ends(spelled))
        .max_by_key(|spelled| spelled.len())
}

/// How `spelling` writes the architecture with the variant, or without it where that makes no difference.
pub fn spelled_for(architecture: &str, variant: &str, spelling: &str) -> Option<&'static str> {
    let by_variant = format!("{architecture}/{variant}");
    spelled(&by_variant, spelling).or_else(|| spelled(architecture, spelling))
}

/// The spellings that write each of these architectures as it is written here.
pub fn spellings_of(known: &[(&str, &str)]) -> impl Iterator<Item = &'static str> {
    let own = ARCHITECTURES.iter().find(|(name, _)| *name == "amd64").map_or(&[][..], |(_, own)| own);
    let fits = |column: &&str| known.iter().all(|(name, text)| spelled(name, column) == Some(text));
    own.iter().map(|(column, _)| *column).filter(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn architectures_are_found_as_whole_words() {
        for (written, expected) in [
            ("tool-linux-amd64.tgz", &["amd64"][..]),
            ("\"tool_${V}_linux_x86_64.zip\"", &["x86_64"]),
            ("tool-${TARGETARCH:-amd64}", &[]),
            ("tool-$(uname -m || echo x86_64)-x64", &["x64"]),
            ("/a/x86_64-unknown-linux-musl/b", &["x86_64-unknown-linux-musl"]),
            ("camd64 alarm arm x64ish linux64 amd640", &[]),
            ("x86_64-linux-gnu:aarch64-linux-gnu", &["x86_64-linux-gnu", "aarch64-linux-gnu"]),
            ("protoc-linux-aarch_64.zip", &["aarch_64"]),
            ("日本-arm64", &["arm64"]),
        ] {
            let texts: Vec<_> = literals(written).into_iter().map(|literal| literal.text).collect();
            assert_eq!(texts, expected, "{written}");
        }
    }

    #[test]
    fn a_url_tells_the_project() {
        let of = |url| release(url).map(|release| release.spelling);
        assert_eq!(
            of("https://github.com/protocolbuffers/protobuf/releases/download/v32.0/x"),
            Some("protoc")
        );
        assert_eq!(of("https://example.com/protoc"), None);
    }

    #[test]
    fn every_release_is_spelled_for_its_architectures() {
        for release in RELEASES {
            assert!(!release.architectures.is_empty(), "{}", release.url);
            for architecture in release.architectures {
                assert!(spelled(architecture, release.spelling).is_some(), "{} {architecture}", release.url);
            }
        }
    }
}
