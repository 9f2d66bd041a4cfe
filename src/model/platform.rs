//! Platforms as `BuildKit` spells and normalises them (containerd/platforms: platforms.go, database.go).

use std::fmt;
use std::str::FromStr;

use smol_str::SmolStr;

/// An operating system, an architecture and a variant, normalised: `linux/aarch64` and `linux/arm64/v8` are both
/// `linux/arm64`, `linux/arm` is `linux/arm/v7`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Platform {
    /// `linux`, `windows` … (`TARGETOS`).
    pub os: SmolStr,
    /// `amd64`, `arm64`, `arm` … (`TARGETARCH`).
    pub architecture: SmolStr,
    /// `v7`, `v6` …, or empty (`TARGETVARIANT`).
    pub variant: SmolStr,
}

/// The way out for whoever wrote something else.
const EXAMPLES: &str = "write one such as linux/arm64 or linux/arm/v7";

/// The text is no platform, for the reason that it holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidPlatform(pub String);

impl fmt::Display for InvalidPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidPlatform {}

impl Platform {
    /// A platform of parts that are normalised already.
    pub(crate) fn of(os: &str, architecture: &str) -> Self {
        Self { os: os.into(), architecture: architecture.into(), variant: SmolStr::default() }
    }

    /// The platform of the machine that dflint runs on, as a builder on it has it: containers run on Linux.
    pub fn of_this_machine() -> Self {
        let known: [(bool, &str); 7] = [
            (cfg!(target_arch = "x86_64"), "amd64"),
            (cfg!(target_arch = "aarch64"), "arm64"),
            (cfg!(target_arch = "arm"), "arm"),
            (cfg!(target_arch = "powerpc64"), "ppc64le"),
            (cfg!(target_arch = "s390x"), "s390x"),
            (cfg!(target_arch = "riscv64"), "riscv64"),
            (cfg!(target_arch = "loongarch64"), "loong64"),
        ];
        let architecture = known.iter().find(|(is_it, _)| *is_it).map_or("386", |(_, name)| name);
        let (architecture, variant) = normal_architecture(architecture, "");
        Self { os: "linux".into(), architecture, variant }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if !self.variant.is_empty() {
            write!(f, "/{}", self.variant)?;
        }
        Ok(())
    }
}

impl FromStr for Platform {
    type Err = InvalidPlatform;

    fn from_str(text: &str) -> Result<Self, InvalidPlatform> {
        Self::parse_on(text, &Self::of_this_machine())
    }
}

impl Platform {
    /// Reads a platform; what the text leaves open (`linux`, `arm64`) is taken from the builder's.
    ///
    /// # Errors
    /// [`InvalidPlatform`] with the reason.
    pub fn parse_on(text: &str, builder: &Self) -> Result<Self, InvalidPlatform> {
        let invalid = |why: &str| Err(InvalidPlatform(format!("`{text}` is not a platform: {why}")));
        let parts: Vec<&str> = text.splitn(4, '/').collect();
        let Some(os) = system_name(parts[0]) else {
            return invalid("its first part is made of letters, digits, `_` and `-`");
        };
        let is_component = |part: &&str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        };
        if !parts[1..].iter().all(is_component) {
            return invalid("its parts are made of letters, digits, `_`, `.` and `-`");
        }
        let (os, (architecture, variant)) = match parts[..] {
            [_] if KNOWN_SYSTEMS.contains(&normal_system(os).as_str()) => {
                return Ok(Self { os: normal_system(os), ..builder.clone() });
            }
            [single] => {
                let normal = normal_architecture(single, "");
                if !KNOWN_ARCHITECTURES.contains(&normal.0.as_str()) {
                    return invalid("neither an operating system nor an architecture of that name is known");
                }
                (builder.os.clone(), normal)
            }
            [_, architecture] => (normal_system(os), normal_architecture(architecture, "")),
            [_, architecture, variant] => (normal_system(os), normal_architecture(architecture, variant)),
            _ => return invalid("it has more than three parts; expected os/architecture[/variant]"),
        };
        Ok(Self { os, architecture, variant })
    }

    /// Reads a platform that images may exist for, whatever the builder is: `linux/arm64`, `arm64`, but not `linux` alone.
    ///
    /// # Errors
    /// [`InvalidPlatform`] with the reason and the way out.
    pub fn parse_known(text: &str) -> Result<Self, InvalidPlatform> {
        let [platform, on_another] =
            ["amd64", "arm64"].map(|builder| Self::parse_known_on(text, &Self::of("linux", builder)));
        if platform != on_another && platform.is_ok() {
            return Err(InvalidPlatform(format!("`{text}` leaves the architecture open; {EXAMPLES}")));
        }
        platform
    }

    /// As [`parse_on`](Self::parse_on), but only platforms that images may exist for: `BuildKit` takes others too, and
    /// finds no image for them.
    ///
    /// # Errors
    /// [`InvalidPlatform`] with the reason and the way out.
    pub fn parse_known_on(text: &str, builder: &Self) -> Result<Self, InvalidPlatform> {
        let platform = Self::parse_on(text, builder)
            .map_err(|InvalidPlatform(reason)| InvalidPlatform(format!("{reason}; {EXAMPLES}")))?;
        let Some((part, close)) = platform.unknown_part() else { return Ok(platform) };
        let way_out = close.map_or_else(|| EXAMPLES.to_owned(), |close| format!("did you mean `{close}`?"));
        Err(InvalidPlatform(format!("`{text}`: `{part}` is not known; {way_out}")))
    }

    /// Whether a builder of this platform executes programs of the `other` without an emulator: the same platform,
    /// an older variant of the same architecture, or 386 on amd64.
    ///
    /// 32-bit ARM on arm64 is not among them: `BuildKit` tries it, but many arm64 processors have no 32-bit mode.
    pub fn executes(&self, other: &Self) -> bool {
        let number = |variant: &str| variant.trim_start_matches('v').parse::<u32>().unwrap_or(0);
        self.os == other.os
            && match (self.architecture.as_str(), other.architecture.as_str()) {
                ("amd64", "amd64" | "386") => true,
                ("arm", "arm") => number(&other.variant) <= number(&self.variant),
                (own, other) => own == other,
            }
    }
}

impl Platform {
    /// The system or the architecture, where there is none of that name, with the one that may be meant.
    fn unknown_part(&self) -> Option<(&str, Option<&'static str>)> {
        let unknown = |part: &'_ str, known: &[&'static str]| {
            let likeness = |name: &&&str| (strsim::jaro_winkler(part, name) * 1000.0).round();
            let close = known.iter().filter(|name| likeness(name) > 800.0);
            close.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).copied()
        };
        if !KNOWN_SYSTEMS.contains(&self.os.as_str()) {
            return Some((&self.os, unknown(&self.os, &KNOWN_SYSTEMS)));
        }
        if !KNOWN_ARCHITECTURES.contains(&self.architecture.as_str()) {
            return Some((&self.architecture, unknown(&self.architecture, &KNOWN_ARCHITECTURES)));
        }
        None
    }
}

/// The name in `name` and in `name(version+feature)`.
fn system_name(text: &str) -> Option<&str> {
    let (name, options) = match text.split_once('(') {
        Some((name, options)) => (name, options.strip_suffix(')')?),
        None => (text, ""),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let valid = !name.is_empty()
        && name.chars().all(allowed)
        && options.chars().all(|c| allowed(c) || matches!(c, '.' | '%' | '+'));
    valid.then_some(name)
}

fn normal_system(os: &str) -> SmolStr {
    let os = os.to_ascii_lowercase();
    if os == "macos" { "darwin".into() } else { os.into() }
}

fn normal_architecture(architecture: &str, variant: &str) -> (SmolStr, SmolStr) {
    let (architecture, variant) = (architecture.to_ascii_lowercase(), variant.to_ascii_lowercase());
    let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
        ("i386", _) => ("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
        ("x86_64" | "x86-64" | "amd64", v) => ("amd64", v),
        ("aarch64" | "arm64", "8" | "v8" | "v8.0") => ("arm64", ""),
        ("aarch64" | "arm64", "9" | "9.0" | "v9.0") => ("arm64", "v9"),
        ("aarch64", v) => ("arm64", v),
        ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
        ("armel", _) | ("arm", "6") => ("arm", "v6"),
        ("arm", "5") => ("arm", "v5"),
        ("arm", "8") => ("arm", "v8"),
        (a, v) => (a, v),
    };
    (architecture.into(), variant.into())
}

/// What a platform argument is where somebody expects `text`, if it can never be that: `linux/arm64` for a
/// `TARGETPLATFORM` of `linux/arm64/v8`.
pub fn possible_value(argument: &str, text: &str) -> Option<String> {
    let possible = match argument {
        "TARGETPLATFORM" | "BUILDPLATFORM" => text.parse::<Platform>().ok()?.to_string(),
        "TARGETARCH" | "BUILDARCH" => {
            let (architecture, _) = normal_architecture(text, "");
            KNOWN_ARCHITECTURES.contains(&architecture.as_str()).then(|| architecture.to_string())?
        }
        _ => return None,
    };
    (possible != text).then_some(possible)
}

const KNOWN_SYSTEMS: [&str; 17] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

const KNOWN_ARCHITECTURES: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_never_occur_have_one_that_does() {
        for (argument, text, possible) in [
            ("TARGETPLATFORM", "linux/arm64/v8", Some("linux/arm64")),
            ("TARGETPLATFORM", "linux/arm", Some("linux/arm/v7")),
            ("TARGETPLATFORM", "linux/amd64", None),
            ("TARGETPLATFORM", "linux/*", None),
            ("TARGETARCH", "aarch64", Some("arm64")),
            ("TARGETARCH", "x86_64", Some("amd64")),
            ("TARGETARCH", "arm64", None),
            ("TARGETARCH", "something", None),
            ("TARGETVARIANT", "7", None),
        ] {
            assert_eq!(possible_value(argument, text).as_deref(), possible, "{argument} {text}");
        }
    }

    #[test]
    fn platforms_are_normalised_as_buildkit_does() {
        for (text, normal) in [
            ("linux/amd64", "linux/amd64"),
            ("linux/x86_64", "linux/amd64"),
            ("linux/amd64/v1", "linux/amd64"),
            ("linux/amd64/v2", "linux/amd64/v2"),
            ("linux/aarch64", "linux/arm64"),
            ("linux/arm64/v8", "linux/arm64"),
            ("linux/arm64/8", "linux/arm64"),
            ("linux/arm64/v9", "linux/arm64/v9"),
            ("linux/arm", "linux/arm/v7"),
            ("linux/armhf", "linux/arm/v7"),
            ("linux/armel", "linux/arm/v6"),
            ("linux/arm/v5", "linux/arm/v5"),
            ("linux/i386", "linux/386"),
            ("linux/arm64v8", "linux/arm64v8"),
            ("amd64", "linux/amd64"),
            ("macos/arm64", "darwin/arm64"),
            ("windows(10.0.20348)/amd64", "windows/amd64"),
        ] {
            assert_eq!(text.parse::<Platform>().map(|p| p.to_string()), Ok(normal.to_owned()), "{text}");
        }
        for text in
            ["", "nope", "a/b/c/d", "linux/", "linux/am d64", "linux/*", "lin.ux/amd64", "windows(1/amd64"]
        {
            assert!(text.parse::<Platform>().is_err(), "{text}");
        }
    }
    #[test]
    fn what_a_text_leaves_open_is_the_builders() {
        let builder: Platform = "linux/arm/v6".parse().unwrap();
        let on = |text| Platform::parse_on(text, &builder).unwrap().to_string();
        assert_eq!(on("linux"), "linux/arm/v6");
        assert_eq!(on("amd64"), "linux/amd64");
    }

    #[test]
    fn some_foreign_platforms_need_no_emulator() {
        let executes = |builder: &str, other: &str| {
            builder.parse::<Platform>().unwrap().executes(&other.parse().unwrap())
        };
        for (builder, other, expected) in [
            ("linux/amd64", "linux/amd64", true),
            ("linux/amd64", "linux/amd64/v3", true),
            ("linux/amd64", "linux/386", true),
            ("linux/386", "linux/amd64", false),
            ("linux/amd64", "linux/arm64", false),
            ("linux/arm64", "linux/arm/v7", false),
            ("linux/arm64", "linux/arm64/v9", true),
            ("linux/arm/v7", "linux/arm/v6", true),
            ("linux/arm/v6", "linux/arm/v7", false),
            ("linux/amd64", "windows/amd64", false),
        ] {
            assert_eq!(executes(builder, other), expected, "{other} on {builder}");
        }
    }
}
