//! Fingerprints of findings, by which a service tells old ones from new ones.

use std::collections::HashMap;
use std::path::Path;

use dflint::diagnostics::Diagnostic;
use dflint::text::SourceFile;
use xxhash_rust::xxh3::Xxh3Default;

use super::identity::{Identity, identities};
use super::place;

/// The fingerprints of a file's findings, in their order. They follow from the path and what a finding is known by. Of
/// findings that are alike in all of that, each has its own.
pub(super) fn fingerprints(file: &SourceFile, findings: &[Diagnostic]) -> Vec<String> {
    let path = place::slashed(file.path());
    let mut alike: HashMap<Identity, u32> = HashMap::new();
    let fingerprint = |identity: Identity| {
        let mut hash = of_parts(&[&identity.rule, &path, &identity.stage, &identity.text]);
        let earlier = alike.entry(identity).or_default();
        hash.update(&earlier.to_le_bytes());
        *earlier += 1;
        hex(&hash)
    };
    identities(file, findings).into_iter().map(fingerprint).collect()
}

/// The fingerprint of a path that could not be checked.
pub(super) fn of_failure(path: &Path) -> String {
    hex(&of_parts(&["failure", &place::slashed(path)]))
}

/// No two lists of parts read the same.
fn of_parts(parts: &[&str]) -> Xxh3Default {
    let mut hash = Xxh3Default::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update(b"\0");
    }
    hash
}

fn hex(hash: &Xxh3Default) -> String {
    format!("{:032x}", hash.digest128())
}

#[cfg(test)]
mod tests {
    use dflint::text::TextRange;

    use super::super::samples;
    use super::*;

    fn of(path: &str, text: &str, words: &[&str]) -> Vec<String> {
        let file = SourceFile::new(path, text).unwrap();
        let findings: Vec<_> = words
            .iter()
            .map(|word| {
                let start = u32::try_from(text.find(word).unwrap()).unwrap();
                let end = start + u32::try_from(word.len()).unwrap();
                Diagnostic { primary: TextRange::new(start.into(), end.into()), ..samples::finding() }
            })
            .collect();
        fingerprints(&file, &findings)
    }

    #[test]
    fn it_stays_when_lines_move_and_differs_otherwise() {
        let first = of("a/Dockerfile", "FROM a\nRUN  make x", &["RUN  make"]);
        assert_eq!(first[0].len(), 32);
        assert_eq!(first, of("a/Dockerfile", "# é\nFROM a\r\n\r\nRUN \\\r\n make x", &["RUN \\\r\n make"]));
        assert_ne!(first, of("b/Dockerfile", "FROM a\nRUN  make x", &["RUN  make"]));
        assert_ne!(first, of("a/Dockerfile", "FROM a\nRUN  make x", &["RUN  make x"]));
        assert_ne!(first, of("a/Dockerfile", "FROM a AS b\nRUN  make x", &["RUN  make"]));
    }

    #[test]
    fn findings_that_are_alike_have_each_their_own() {
        let [first, second] = of("a", "RUN make", &["make", "make"]).try_into().unwrap();
        assert_ne!(first, second);
        assert_eq!(of("a", "RUN make", &["make"]), [first]);
    }

    #[test]
    fn it_is_the_same_on_every_machine_and_in_every_release() {
        assert_eq!(of("a/Dockerfile", "RUN make", &["make"]), ["59cc73c93ae129ec814ec7c966f77283"]);
    }
}
