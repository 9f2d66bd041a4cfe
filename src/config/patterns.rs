//! Patterns of paths.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};

/// Files and folders: `vendor` (of that name, anywhere), `legacy/*.Dockerfile`, `**/test/**`; `!legacy/new.Dockerfile` takes
/// out what an earlier pattern means.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
    takes_out: bool,
    only_folders: bool,
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
        let negated = text.strip_prefix('!');
        let path = negated.unwrap_or(text).trim_start_matches("./");
        let bare = path.trim_end_matches('/');
        if bare.is_empty() {
            return Err(format!(
                "`{text}` names nothing; write a folder, a file or a pattern such as `legacy/**`"
            ));
        }
        // As in .gitignore: a slash ties it to the folder of the configuration.
        let anchored = bare.strip_prefix('/');
        let anywhere = if bare.contains('/') { "" } else { "**/" };
        let glob = format!("{anywhere}{}", anchored.unwrap_or(bare));
        let glob = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build();
        let glob = glob.map_err(|error| format!("`{text}` is no pattern: {}", error.kind()))?;
        Ok(Self {
            text: text.to_owned(),
            matcher: glob.compile_matcher(),
            takes_out: negated.is_some(),
            only_folders: path.ends_with('/'),
        })
    }
}

impl Patterns {
    /// Whether they mean the file, or a folder that it is in. `path` leads to it from the folder that the configuration
    /// holds for, with slashes.
    pub fn match_path(&self, path: &str) -> bool {
        self.match_above(path) || self.means(path, false)
    }

    /// The same of a folder.
    pub fn match_folder(&self, path: &str) -> bool {
        self.match_above(path) || self.means(path, true)
    }

    fn match_above(&self, path: &str) -> bool {
        path.match_indices('/').any(|(end, _)| self.means(&path[..end], true))
    }

    /// Whether they mean just this: the last pattern for it counts.
    fn means(&self, path: &str, is_folder: bool) -> bool {
        let mut patterns = self.0.iter().rev().filter(|pattern| is_folder || !pattern.only_folders);
        patterns.find(|pattern| pattern.matcher.is_match(path)).is_some_and(|pattern| !pattern.takes_out)
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
            ("Dockerfile/", "a/Dockerfile", false),
            ("\\!a", "!a", true),
        ] {
            let patterns = Patterns(vec![Pattern::parse(pattern).unwrap()]);
            assert_eq!(patterns.match_path(path), expected, "{pattern} {path}");
        }
        for (patterns, path, expected) in [
            (&["*.Dockerfile", "!api.Dockerfile"][..], "a/api.Dockerfile", false),
            (&["*.Dockerfile", "!api.Dockerfile"], "a/web.Dockerfile", true),
            (&["!api.Dockerfile", "*.Dockerfile"], "api.Dockerfile", true),
            (&["vendor/*", "!vendor/ours"], "vendor/ours/Dockerfile", false),
            (&["vendor/*", "!vendor/ours"], "vendor/theirs/Dockerfile", true),
            // What is in a folder that is meant, no later pattern takes out.
            (&["vendor", "!vendor/ours"], "vendor/ours/Dockerfile", true),
        ] {
            let parsed = patterns.iter().map(|pattern| Pattern::parse(pattern).unwrap()).collect();
            assert_eq!(Patterns(parsed).match_path(path), expected, "{patterns:?} {path}");
        }
        let legacy = Patterns(vec![Pattern::parse("a/legacy/**").unwrap()]);
        let folders = ["a", "a/legacy", "a/legacy/x", "a/legacy/x/y"];
        assert_eq!(folders.map(|folder| legacy.match_folder(folder)), [false, false, true, true]);
        for (wrong, message) in [
            ("", "names nothing"),
            ("!", "names nothing"),
            ("a/[", "is no pattern: "),
            ("{a", "is no pattern: "),
        ] {
            assert!(Pattern::parse(wrong).unwrap_err().contains(message), "{wrong}");
        }
    }
}
