//! Which names of images `BuildKit` can do something with (distribution/reference: normalize.go, regexp.go).

use super::Resolver;
use crate::syntax::variables::references;
use crate::syntax::{Body, Word};
use crate::text::TextRange;

impl Resolver<'_> {
    /// Reports a name that can be no image's. `BuildKit` looks at all of them, whether it needs them or not.
    pub(super) fn check_image(&mut self, name: &str, place: TextRange, written: Option<&Word>) {
        // Rules ask for no errors of a build: with other arguments it may have others.
        if self.scenario.arguments_may_be_given {
            return;
        }
        let Err(reason) = check(name) else { return };
        let lower = name.to_ascii_lowercase();
        let message = if self.by_name.contains_key(lower.as_str()) {
            format!("FROM knows the stage as `{lower}`, and `{name}` is not the name of an image: {reason}")
        } else {
            format!("`{name}` is not the name of an image: {reason}")
        };
        let way_out = written.map(|word| self.way_out(word)).unwrap_or_default();
        self.error(place, message + &way_out);
    }

    /// How to give the variables of a FROM line that have no value.
    pub(super) fn way_out(&self, word: &Word) -> String {
        let is_empty = |name: &str| self.globals.get(name).is_none_or(|value| value.text() == Some(""));
        let mut names: Vec<String> = references(&word.text, self.parse.escape)
            .into_iter()
            .filter(|reference| reference.operator.is_none() && is_empty(&reference.name))
            .map(|reference| reference.name)
            .collect();
        names.dedup();
        let before_first_from = self.spans.first().map_or(0, |span| span.from);
        let is_declared = |name: &String| {
            self.parse.instructions[..before_first_from].iter().any(|instruction| match &instruction.body {
                Body::Arg(pairs) => pairs.iter().any(|pair| pair.name.text == *name),
                _ => false,
            })
        };
        match &names[..] {
            [] => String::new(),
            names if names.iter().all(is_declared) => {
                let options: Vec<String> = names.iter().map(|name| format!("--build-arg {name}=…")).collect();
                format!("; give {}", options.join(" "))
            }
            names => format!("; no ARG above the first FROM declares {}", names.join(" and ")),
        }
    }
}

fn check(name: &str) -> Result<(), String> {
    if name.len() == 64 && name.bytes().all(is_lower_hex) {
        return Err("64 hexadecimal digits are the id of one".to_owned());
    }
    let (domain, remainder) = split_domain(name);
    let (remainder, digest) = match remainder.split_once('@') {
        Some((remainder, digest)) => (remainder, Some(digest)),
        None => (remainder, None),
    };
    let (path, tag) = match remainder.split_once(':') {
        Some((path, tag)) => (path, Some(tag)),
        None => (remainder, None),
    };
    if path.chars().any(char::is_uppercase) {
        return Err("it must be lower case".to_owned());
    }
    if !domain.is_none_or(is_domain) {
        return Err("its registry is no host name".to_owned());
    }
    if path.is_empty() || !path.split('/').all(is_component) {
        return Err(
            "it is made of lower-case letters and digits with `.`, `_`, `-` and `/` between them".to_owned()
        );
    }
    if path.len() > 255 {
        return Err("it is longer than 255 characters".to_owned());
    }
    if !tag.is_none_or(is_tag) {
        return Err("a tag is made of up to 128 letters, digits, `_`, `.` and `-`".to_owned());
    }
    if !digest.is_none_or(is_digest) {
        return Err("its digest is not `sha256:` and 64 hexadecimal digits".to_owned());
    }
    Ok(())
}

/// The registry, where what stands in front of the first slash looks like one.
fn split_domain(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, rest))
            if first == "localhost"
                || first.contains(['.', ':'])
                || first.chars().any(char::is_uppercase) =>
        {
            (Some(first), rest)
        }
        _ => (None, name),
    }
}

fn is_domain(domain: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((address, rest)) = domain.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let is_address =
            !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
        return is_address && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = match domain.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (domain, None),
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.split('.').all(is_label) && port.is_none_or(is_port)
}

/// Letters and digits, with one dot, one or two underscores or any number of dashes between them.
fn is_component(component: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let ends_plain =
        bytes.first().is_some_and(|&byte| is_plain(byte)) && bytes.last().is_some_and(|&byte| is_plain(byte));
    let is_separator =
        |run: &str| matches!(run, "" | "." | "_" | "__") || run.bytes().all(|byte| byte == b'-');
    ends_plain && component.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()).all(is_separator)
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

fn is_digest(digest: &str) -> bool {
    let digits = |text: &str, number| text.len() == number && text.bytes().all(is_lower_hex);
    digest.split_once(':').is_some_and(|(algorithm, hex)| match algorithm {
        "sha256" => digits(hex, 64),
        "sha384" => digits(hex, 96),
        "sha512" => digits(hex, 128),
        _ => false,
    })
}

fn is_lower_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_images_are_told_from_others() {
        let digest = "0123456789abcdef".repeat(4);
        for name in [
            "golang",
            "golang:1.25-alpine",
            "library/golang",
            "localhost/x",
            "localhost:5000/x:y",
            "MyHost/x",
            "a.b-c.example/d__e/f--g.h:Tag_1",
            "[::1]:5000/x",
            "0",
            &format!("x@sha256:{digest}"),
            &format!("x:1@sha256:{digest}"),
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "Golang",
            "x:",
            "x/",
            "/x",
            "x//y",
            "x..y",
            "x___y",
            "-x",
            "{{image}}",
            "<image>",
            "x:a b",
            "x@sha256:12",
            "host.:1/x",
            "http://x/y",
            &digest,
        ] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
