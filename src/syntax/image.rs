//! The parts of an image reference: `registry/name:tag@digest` (the grammar of distribution/reference).

use super::tree::Word;
use super::variables::references;
use super::words::Span;
use crate::text::range;

/// An image reference, cut where its text says so. Each part is a word with its place in the file.
///
/// A part may hold variables, and those may hold more than their part: in `${REGISTRY}golang:${TAG}` the name is
/// `${REGISTRY}golang`, and `$IMAGE` alone is a name, too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImageReference {
    /// The host and port in front of the first slash. What begins with a variable there counts as one.
    pub registry: Option<Word>,
    /// The path of the repository as written, such as `golang`, `library/golang` or `distroless/static`.
    pub name: Word,
    /// What stands behind the colon.
    pub tag: Option<Word>,
    /// What stands behind the `@`, such as `sha256:…`.
    pub digest: Option<Word>,
    /// Whether a part holds a variable.
    pub has_variables: bool,
}

/// What docker puts in front of names without a registry and without a path.
const DEFAULT_REGISTRY: &str = "docker.io";
const OFFICIAL: &str = "library";

impl ImageReference {
    /// Cuts up the image of a `FROM` or of a `--from`, quotes around all of it aside.
    ///
    /// `None` where quotes or escapes stand inside the word: its parts cannot be told from the text alone.
    pub fn parse(word: &Word, escape: char) -> Option<Self> {
        let text = word.text.as_str();
        let mut span = 0..text.len();
        if text.len() >= 2 && (text.starts_with('"') && text.ends_with('"')) {
            span = 1..text.len() - 1;
        }
        let variables: Vec<Span> = references(text, escape)
            .into_iter()
            .map(|reference| usize::from(reference.range.start())..usize::from(reference.range.end()))
            .collect();
        let outside = Outside { text, variables: &variables };
        if outside.find(span.clone(), &['"', '\'', escape]).is_some() || span.is_empty() {
            return None;
        }
        let part = |span: Span| word.part(range(span.start, span.end));

        let digest_at = outside.find(span.clone(), &['@']);
        let digest = digest_at.map(|at| part(at + 1..span.end));
        span.end = digest_at.unwrap_or(span.end);

        let mut registry = None;
        if let Some(slash) = outside.find(span.clone(), &['/']) {
            let first = span.start..slash;
            let variable = variables.iter().any(|variable| variable.start == first.start);
            if variable || outside.find(first.clone(), &['.', ':']).is_some() || is_host(&text[first.clone()])
            {
                registry = Some(part(first));
                span.start = slash + 1;
            }
        }
        let colon = outside.find(span.clone(), &[':']);
        let tag = colon.map(|at| part(at + 1..span.end));
        let name = part(span.start..colon.unwrap_or(span.end));
        Some(Self { registry, name, tag, digest, has_variables: !variables.is_empty() })
    }

    /// The last component of the name: `golang` of `docker.io/library/golang:1`.
    pub fn base_name(&self) -> &str {
        self.name.text.rsplit('/').next().unwrap_or_default()
    }

    /// Registry and name in full, such as `docker.io/library/golang`; `None` if a variable is part of them.
    pub fn full_name(&self) -> Option<String> {
        let registry = self.registry.as_ref().map_or(DEFAULT_REGISTRY, |registry| registry.text.as_str());
        let registry = if registry == "index.docker.io" { DEFAULT_REGISTRY } else { registry };
        let name = self.name.text.as_str();
        if registry.contains('$') || name.contains('$') {
            return None;
        }
        if registry == DEFAULT_REGISTRY && !name.contains('/') {
            return Some(format!("{registry}/{OFFICIAL}/{name}"));
        }
        Some(format!("{registry}/{name}"))
    }

    /// The part that the grammar does not allow, and what is wrong with it. Parts with variables are not judged.
    pub(super) fn mistake(&self) -> Option<(&Word, String)> {
        let constant = |word: &&Word| !word.text.contains('$');
        if let Some(registry) = self.registry.as_ref().filter(constant)
            && !is_registry(&registry.text)
        {
            return Some((registry, format!("`{}` is no registry", registry.text)));
        }
        if constant(&&self.name) && !self.name.text.split('/').all(is_path_component) {
            let text = &self.name.text;
            let message = if text.is_empty() {
                "the name of the image is missing".into()
            } else if text.chars().any(char::is_uppercase) {
                format!("the name of an image must be in lower case: `{text}`")
            } else {
                format!("`{text}` is no name of an image")
            };
            return Some((&self.name, message));
        }
        if let Some(tag) = self.tag.as_ref().filter(constant)
            && !is_tag(&tag.text)
        {
            return Some((tag, format!("`{}` is no tag", tag.text)));
        }
        if let Some(digest) = self.digest.as_ref().filter(constant)
            && !is_digest(&digest.text)
        {
            return Some((digest, format!("`{}` is no digest", digest.text)));
        }
        None
    }
}

/// Searches the text between variables.
struct Outside<'a> {
    text: &'a str,
    variables: &'a [Span],
}

impl Outside<'_> {
    fn find(&self, span: Span, wanted: &[char]) -> Option<usize> {
        let mut at = span.start;
        for variable in self.variables {
            // A variable within another one has been passed already.
            if variable.start >= at && variable.start < span.end {
                if let Some(found) = self.text[at..variable.start].find(wanted) {
                    return Some(at + found);
                }
                at = variable.end;
            }
        }
        let rest = self.text.get(at..span.end)?;
        rest.find(wanted).map(|found| at + found)
    }
}

/// Whether a first component without a dot or a colon is a registry all the same.
fn is_host(text: &str) -> bool {
    text == "localhost" || text.chars().any(char::is_uppercase)
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(address) => {
            let Some((address, rest)) = address.split_once(']') else { return false };
            let valid =
                !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
            if !valid || !(rest.is_empty() || rest.starts_with(':')) {
                return false;
            }
            (None, rest.strip_prefix(':'))
        }
        None => match text.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(text), None),
        },
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.is_none_or(|host| host.split('.').all(is_label))
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Letters and digits, separated by one dot, one or two underscores or any number of dashes.
fn is_path_component(text: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut rest = text;
    loop {
        let behind = rest.trim_start_matches(is_alphanumeric);
        if behind.len() == rest.len() {
            return false;
        }
        if behind.is_empty() {
            return true;
        }
        let next = behind.trim_start_matches(|c| !is_alphanumeric(c));
        let separator = &behind[..behind.len() - next.len()];
        if !matches!(separator, "." | "_" | "__") && !separator.bytes().all(|byte| byte == b'-') {
            return false;
        }
        rest = next;
    }
}

fn is_tag(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// An algorithm that opencontainers/go-digest knows and as many lower-case digits as it has.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    encoded.len() == length
        && encoded.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use smol_str::SmolStr;

    use super::*;
    use crate::text::TextRange;

    fn parts(text: &str) -> [SmolStr; 4] {
        let word = Word::contiguous(text, TextRange::up_to(crate::text::offset(text.len())));
        let image = ImageReference::parse(&word, '\\').expect("an image");
        let part = |word: Option<Word>| word.map_or("-".into(), |word| word.text);
        [part(image.registry), image.name.text, part(image.tag), part(image.digest)]
    }

    #[test]
    fn parts_are_cut_at_slash_colon_and_at() {
        for (text, expected) in [
            ("golang", ["-", "golang", "-", "-"]),
            ("golang:1.22", ["-", "golang", "1.22", "-"]),
            ("library/golang:1@sha256:abc", ["-", "library/golang", "1", "sha256:abc"]),
            ("ghcr.io/a/b/c:x", ["ghcr.io", "a/b/c", "x", "-"]),
            ("localhost/a", ["localhost", "a", "-", "-"]),
            ("localhost:5000/a", ["localhost:5000", "a", "-", "-"]),
            ("[::1]:5000/a:b", ["[::1]:5000", "a", "b", "-"]),
            ("Upper/a", ["Upper", "a", "-", "-"]),
            ("\"golang:1\"", ["-", "golang", "1", "-"]),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn variables_are_not_cut() {
        for (text, expected) in [
            ("golang:${V:-1.2}-alpine", ["-", "golang", "${V:-1.2}-alpine", "-"]),
            ("${REG}/x:1", ["${REG}", "x", "1", "-"]),
            ("${REG:-docker.io/library}/x", ["${REG:-docker.io/library}", "x", "-", "-"]),
            ("${REG}golang", ["-", "${REG}golang", "-", "-"]),
            ("$IMAGE", ["-", "$IMAGE", "-", "-"]),
            ("$IMAGE:${TAG:-${V:-a:b}}@$D", ["-", "$IMAGE", "${TAG:-${V:-a:b}}", "$D"]),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn full_names() {
        for (text, expected) in [
            ("golang:1", Some("docker.io/library/golang")),
            ("index.docker.io/golang", Some("docker.io/library/golang")),
            ("a/b", Some("docker.io/a/b")),
            ("quay.io/a", Some("quay.io/a")),
            ("$X/a", None),
        ] {
            let word = Word::contiguous(text, TextRange::up_to(crate::text::offset(text.len())));
            let image = ImageReference::parse(&word, '\\').expect("an image");
            assert_eq!(image.full_name().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_grammar_is_checked_part_by_part() {
        for (text, wrong) in [
            ("golang:1.22", None),
            ("a__b/c-d--e.f", None),
            ("Golang", Some("Golang")),
            ("a..b", Some("a..b")),
            ("a/", Some("a/")),
            ("a:", Some("")),
            ("a:b c", Some("b c")),
            ("-a.b/c", Some("-a.b")),
            ("a@sha256:12", Some("sha256:12")),
            ("A$X", None),
        ] {
            let word = Word::contiguous(text, TextRange::up_to(crate::text::offset(text.len())));
            let image = ImageReference::parse(&word, '\\').expect("an image");
            assert_eq!(image.mistake().map(|(word, _)| word.text.as_str()), wrong, "{text}");
        }
    }
}
