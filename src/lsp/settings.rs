//! What the client and the person in front of it want.

use dflint::config::{self, Origin, Sourced};
use dflint::model::Platform;
use dflint::rules;
use dflint::select::Selector;
use serde_json::Value;

/// The settings below `dflint`.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// What is put on top of the configuration files: rules and platforms.
    pub(super) flags: config::Settings,
    /// The platform of the builder.
    pub(super) build_platform: Platform,
    /// Whether to show at each RUN for which platforms it is emulated.
    pub(super) inlay_hints: bool,
    /// Whether "fix all" takes the unsafe fixes, too.
    pub(super) unsafe_fixes: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self::read(&Value::Null).0
    }
}

impl Settings {
    /// Reads the settings, with what is wrong with them: what cannot be understood is as if it were not there.
    pub(super) fn read(settings: &Value) -> (Self, Vec<String>) {
        let mut reader = Reader { settings, mistakes: Vec::new() };
        let flags = config::Settings {
            select: from_client("dflint.select", reader.rules("select")),
            ignore: from_client("dflint.ignore", reader.rules("ignore")).into_iter().collect(),
            platforms: from_client("dflint.platforms", reader.platforms("platforms")),
            ..config::Settings::default()
        };
        let settings = Self {
            flags,
            build_platform: reader.build_platform(),
            inlay_hints: reader.flag("inlayHints", true),
            unsafe_fixes: reader.flag("unsafeFixes", false),
        };
        (settings, reader.mistakes)
    }
}

fn from_client<T>(name: &'static str, value: Vec<T>) -> Option<Sourced<Vec<T>>> {
    (!value.is_empty()).then_some(Sourced { value, origin: Origin::Flag(name) })
}

struct Reader<'a> {
    settings: &'a Value,
    mistakes: Vec<String>,
}

impl Reader<'_> {
    fn flag(&mut self, key: &str, otherwise: bool) -> bool {
        match &self.settings[key] {
            Value::Bool(flag) => *flag,
            Value::Null => otherwise,
            other => {
                self.mistakes.push(format!("dflint.{key}: true or false is expected, not {other}"));
                otherwise
            }
        }
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        match &self.settings[key] {
            Value::Null => vec![],
            Value::Array(list) if list.iter().all(Value::is_string) => {
                list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            other => {
                self.mistakes.push(format!("dflint.{key}: a list of texts is expected, not {other}"));
                vec![]
            }
        }
    }

    fn rules(&mut self, key: &str) -> Vec<Selector> {
        let texts = self.texts(key);
        let parsed = texts.iter().map(|text| Selector::parse(text, rules::CARDS));
        let (known, unknown): (Vec<_>, Vec<_>) = parsed.partition(Result::is_ok);
        let wrong = unknown.into_iter().filter_map(Result::err);
        self.mistakes.extend(wrong.map(|wrong| format!("dflint.{key}: {wrong}")));
        known.into_iter().filter_map(Result::ok).collect()
    }

    fn platforms(&mut self, key: &str) -> Vec<Platform> {
        let mut platforms = Vec::new();
        for text in self.texts(key) {
            match text.parse::<Platform>() {
                Ok(platform) if !platforms.contains(&platform) => platforms.push(platform),
                Ok(_) => {}
                Err(error) => self.mistakes.push(format!("dflint.{key}: {error}")),
            }
        }
        platforms
    }

    fn build_platform(&mut self) -> Platform {
        match &self.settings["buildPlatform"] {
            Value::Null => {}
            Value::String(text) => match text.parse() {
                Ok(platform) => return platform,
                Err(error) => self.mistakes.push(format!("dflint.buildPlatform: {error}")),
            },
            other => {
                self.mistakes.push(format!("dflint.buildPlatform: a platform is expected, not {other}"));
            }
        }
        Platform::of_this_machine()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mistake_costs_its_own_setting_only() {
        let (settings, mistakes) = Settings::read(&json!({
            "select": ["XC1", "XC999"],
            "platforms": ["linux/arm64", "linux/arm64/v8", "toaster"],
            "inlayHints": "no",
            "unsafeFixes": true,
        }));
        let platforms = settings.flags.platforms.map(|platforms| platforms.value);
        assert_eq!(platforms, Some(vec!["linux/arm64".parse().unwrap()]));
        assert!(settings.inlay_hints && settings.unsafe_fixes);
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert_eq!(mistakes[0], "dflint.select: unknown rule `XC999`");
        assert_eq!(mistakes[2], "dflint.inlayHints: true or false is expected, not \"no\"");
    }
}
