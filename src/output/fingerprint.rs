//! What a finding is recognised by from one run to the next, so that a service can tell old ones from new ones.

use std::collections::HashMap;
use std::path::Path;

use dflint::diagnostics::Diagnostic;
use dflint::text::SourceFile;
use xxhash_rust::xxh3::Xxh3Default;

use super::place;

/// The fingerprints of a file's findings, in their order. They follow from the rule, the path and the text that the
/// finding is about, but not from its place: they stay when lines move and when white space changes. Of findings that
/// are alike in all of that, each has its own.
pub(super) fn fingerprints(file: &SourceFile, findings: &[Diagnostic]) -> Vec<String> {
    let mut alike: HashMap<u128, u32> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            let mut hash = of_parts([finding.code, &place::slashed(file.path())]);
            for word in file.slice(finding.primary).split_whitespace() {
                part(&mut hash, word);
            }
            let earlier = alike.entry(hash.digest128()).or_default();
            hash.update(&earlier.to_le_bytes());
            *earlier += 1;
            hex(&hash)
        })
        .collect()
}

/// The fingerprint of a path that could not be checked.
pub(super) fn of_failure(path: &Path) -> String {
    hex(&of_parts(["failure", &place::slashed(path)]))
}

fn of_parts(parts: [&str; 2]) -> Xxh3Default {
    let mut hash = Xxh3Default::new();
    for text in parts {
        part(&mut hash, text);
    }
    hash
}

/// Adds a part so that no two lists of parts read the same.
fn part(hash: &mut Xxh3Default, text: &str) {
    hash.update(text.as_bytes());
    hash.update(b"\0");
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
        assert_eq!(first, of("a/Dockerfile", "# é\nFROM a\r\n\r\nRUN make \\\r\n x", &["RUN make"]));
        assert_ne!(first, of("b/Dockerfile", "FROM a\nRUN  make x", &["RUN  make"]));
        assert_ne!(first, of("a/Dockerfile", "FROM a\nRUN  make x", &["RUN  make x"]));
    }

    #[test]
    fn findings_that_are_alike_have_each_their_own() {
        let [first, second] = of("a", "RUN make", &["make", "make"]).try_into().unwrap();
        assert_ne!(first, second);
        assert_eq!(of("a", "RUN make", &["make"]), [first]);
    }

    #[test]
    fn it_is_the_same_on_every_machine_and_in_every_release() {
        assert_eq!(of("a/Dockerfile", "RUN make", &["make"]), ["5208d06487d62a944cf6348fdd13c657"]);
    }
}
