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
    /// A text that means a file.
    Path,
    /// A list of texts that mean files.
    Paths,
    /// A list of patterns of paths.
    Patterns,
    /// A list of codes, beginnings of codes and names of rules.
    Rules,
    /// A table from rules to severities.
    Severities,
    /// A list of platforms.
    Platforms,
    /// A list of names of stages.
    Stages,
    /// A table with these keys.
    Table(&'static [Key]),
    /// A list of tables with these keys, of which the first must be there.
    Tables(&'static [Key]),
}

/// The keys of a configuration file.
pub static KEYS: &[Key] = &[
    EXTEND,
    EXCLUDE,
    EXTEND_KNOWLEDGE,
    SELECT,
    IGNORE,
    SEVERITY,
    PLATFORMS,
    TARGETS,
    Key {
        name: "per-file",
        takes: Takes::Tables(&[FILES, SELECT, IGNORE, SEVERITY, PLATFORMS, TARGETS]),
        about: "Settings for some files, on top of those for all. Of several, the later counts more.",
        example: r#"[{ files = ["legacy/**"], ignore = ["XC1"] }]"#,
    },
];

const EXTEND: Key = Key {
    name: "extend",
    takes: Takes::Path,
    about: "A configuration file that this one adds to, as a path from its folder. What is set here counts more.",
    example: r#""../dflint.toml""#,
};

const EXCLUDE: Key = Key {
    name: "exclude",
    takes: Takes::Patterns,
    about: "Files and folders that are not checked unless they are named, as in .gitignore, from the folder of the file.",
    example: r#"["vendor", "legacy/*.Dockerfile"]"#,
};

const EXTEND_KNOWLEDGE: Key = Key {
    name: "extend-knowledge",
    takes: Takes::Paths,
    about: "Files with `[[command]]` and `[[image]]` entries: programs and images that dflint does not know.",
    example: r#"["dflint-knowledge.toml"]"#,
};

const SELECT: Key = Key {
    name: "select",
    takes: Takes::Rules,
    about: "The rules to run: codes, beginnings of codes, or names. All of them if it is not there.",
    example: r#"["XC1", "platform-arg-default"]"#,
};

const IGNORE: Key = Key {
    name: "ignore",
    takes: Takes::Rules,
    about: "Rules to leave out. Where select names them too, the longer code wins.",
    example: r#"["XC105"]"#,
};

const SEVERITY: Key = Key {
    name: "severity",
    takes: Takes::Severities,
    about: "How bad the findings of rules are: error, warning or info. The longer code wins.",
    example: r#"{ XC101 = "error", XC3 = "info" }"#,
};

const PLATFORMS: Key = Key {
    name: "platforms",
    takes: Takes::Table(&[Key {
        name: "target",
        takes: Takes::Platforms,
        about: "The platforms that images are built for, as `docker buildx build --platform` takes them. \
                linux/amd64 and linux/arm64 if it is not there.",
        example: r#"["linux/amd64", "linux/arm64", "linux/arm/v7"]"#,
    }]),
    about: "What images are built for.",
    example: r#"{ target = ["linux/amd64", "linux/arm64"] }"#,
};

const TARGETS: Key = Key {
    name: "targets",
    takes: Takes::Stages,
    about: "Stages that are exported with `docker build --target`, beside the last one.",
    example: r#"["server", "worker"]"#,
};

const FILES: Key = Key {
    name: "files",
    takes: Takes::Patterns,
    about: "The files and folders, as for exclude.",
    example: r#"["legacy/**"]"#,
};
