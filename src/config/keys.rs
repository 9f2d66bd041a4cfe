//! The keys of a configuration file: what may be written, and what it means.

/// A key.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub takes: Takes,
    /// What it is for, in a sentence or two.
    pub about: &'static str,
    /// A value, as TOML.
    pub example: &'static str,
}

/// What the value of a key is.
#[derive(Debug)]
pub enum Takes {
    /// A list of codes, beginnings of codes and names of rules.
    Rules,
    /// A list of platforms.
    Platforms,
    /// A table with these keys.
    Table(&'static [Key]),
}

/// The keys of a configuration file.
pub static KEYS: &[Key] = &[
    Key {
        name: "select",
        takes: Takes::Rules,
        about: "The rules to run: codes, beginnings of codes, or names. All of them if it is not there.",
        example: r#"["XC1", "platform-arg-default"]"#,
    },
    Key {
        name: "ignore",
        takes: Takes::Rules,
        about: "Rules to leave out. Where select names them too, the longer code wins.",
        example: r#"["XC105"]"#,
    },
    Key {
        name: "platforms",
        takes: Takes::Table(PLATFORMS),
        about: "What images are built for.",
        example: r#"{ target = ["linux/amd64", "linux/arm64"] }"#,
    },
];

static PLATFORMS: &[Key] = &[Key {
    name: "target",
    takes: Takes::Platforms,
    about: "The platforms that images are built for, as `docker buildx build --platform` takes them. \
            linux/amd64 and linux/arm64 if it is not there.",
    example: r#"["linux/amd64", "linux/arm64", "linux/arm/v7"]"#,
}];

/// The names in `names` that `text` may have been meant to be, for a message.
pub(super) fn did_you_mean<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> String {
    let lower = text.to_ascii_lowercase();
    let names: Vec<&str> = names.collect();
    let nearest = names
        .iter()
        .map(|name| (strsim::jaro_winkler(&lower, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None => format!("there are {}", listed(&names)),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}
