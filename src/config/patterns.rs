//! Patterns of paths.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};

/// Files and folders: `vendor` (of that name, anywhere), `legacy/*.Dockerfile`, `**/test/**`.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    /// Of the file or folder itself, and of what is below it.
    matchers: [GlobMatcher; 2],
}

/// A list of patterns.
#[derive(Clone, Debug, Default)]
pub struct Patterns(pub Vec<Pattern>);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim_start_matches("./").trim_end_matches('/');
        if bare.is_empty() {
            return Err(format!(
                "`{text}` names nothing; write a folder, a file or a pattern such as `legacy/**`"
            ));
        }
        // As in .gitignore: a slash ties it to the folder of the configuration.
        let anchored = bare.strip_prefix('/');
        let anywhere = if bare.contains('/') { "" } else { "**/" };
        let glob = format!("{anywhere}{}", anchored.unwrap_or(bare));
        let matcher = |glob: &str| {
            let glob = GlobBuilder::new(glob).literal_separator(true).backslash_escape(true).build();
            glob.map(|glob| glob.compile_matcher())
                .map_err(|error| format!("`{text}` is no pattern: {}", error.kind()))
        };
        Ok(Self { text: text.to_owned(), matchers: [matcher(&glob)?, matcher(&format!("{glob}/**"))?] })
    }
}

impl Patterns {
    /// Whether one of them means the file. `path` leads to it from the folder that the configuration holds for, with
    /// slashes.
    pub fn match_path(&self, path: &str) -> bool {
        self.0.iter().flat_map(|pattern| &pattern.matchers).any(|matcher| matcher.is_match(path))
    }
}

impl fmt::Display for Pattern {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_as_in_gitignore() {
        for (pattern, path, expected) in [
            ("vendor", "vendor/Dockerfile", true),
            ("vendor", "a/vendor/b/Dockerfile", true),
            ("vendor/", "vendor/Dockerfile", true),
            ("vendor", "vendors/Dockerfile", false),
            ("/vendor", "a/vendor/Dockerfile", false),
            ("/vendor", "vendor/Dockerfile", true),
            ("a/vendor", "b/a/vendor/Dockerfile", false),
            ("./a/vendor", "a/vendor/Dockerfile", true),
            ("*.dev.Dockerfile", "a/b/api.dev.Dockerfile", true),
            ("a/*.Dockerfile", "a/b/api.Dockerfile", false),
            ("a/**", "a/b/api.Dockerfile", true),
            ("**/test/**", "a/test/Dockerfile", true),
            ("{api,web}/Dockerfile", "web/Dockerfile", true),
            ("Dockerfile.[0-9]", "a/Dockerfile.7", true),
        ] {
            let patterns = Patterns(vec![Pattern::parse(pattern).unwrap()]);
            assert_eq!(patterns.match_path(path), expected, "{pattern} {path}");
        }
        for (wrong, message) in [("", "names nothing"), ("a/[", "is no pattern: "), ("{a", "is no pattern: ")]
        {
            assert!(Pattern::parse(wrong).unwrap_err().contains(message), "{wrong}");
        }
    }
}
