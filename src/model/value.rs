//! Values that may differ from build to build.
//!
//! Whether a value follows the target platform is not derived symbolically: it is computed for four builds, every
//! combination of amd64 and arm64 as build and as target platform, and compared. So every way to write it
//! (`$TARGETARCH`, `${TARGETPLATFORM#linux/}`, a `case` map) is understood by the same few lines.

use std::rc::Rc;

use smol_str::SmolStr;

use super::platform::Platform;

/// How many builds a value is computed for.
pub const WORLDS: usize = 4;

const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];

/// The build platform of a world: worlds 0 and 1 build on amd64, 2 and 3 on arm64.
pub fn build_platform(world: usize) -> Platform {
    Platform::of("linux", ARCHITECTURES[world / 2])
}

/// The target platform of a world: worlds 0 and 2 build for amd64, 1 and 3 for arm64.
pub fn target_platform(world: usize) -> Platform {
    Platform::of("linux", ARCHITECTURES[world % 2])
}

/// What a variable or a word is in one build.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Known {
    /// This text.
    Text(SmolStr),
    /// Not set.
    Unset,
    /// A build argument that the file does not tell, or text around one: the same wherever the command runs.
    Given,
    /// Something that the file does not tell.
    Unknown,
}

/// What a variable or a word is in each of the four builds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Value {
    known: Builds,
    /// Whether it was asked of the machine that the command runs on (`uname -m`).
    pub probed: bool,
    /// Whether a build argument, or the image, may make it another: what it decides is not decided.
    pub replaceable: bool,
}

/// Most values are the same in every build: only the others pay for having four.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Builds {
    Same(Known),
    /// At least two of them differ.
    Each(Rc<[Known; WORLDS]>),
}

/// Which platform decides a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Follows {
    /// Neither: the same in every build.
    Nothing,
    /// The target platform alone.
    Target,
    /// The build platform alone.
    Build,
    /// Both, or nobody knows.
    Unknown,
}

/// A set of worlds, a bit for each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Worlds(u8);

impl Worlds {
    /// All of them.
    pub const ALL: Self = Self(0b1111);
    /// None of them.
    pub const NONE: Self = Self(0);

    /// The worlds for which `holds` holds.
    pub fn filter(holds: impl Fn(usize) -> bool) -> Self {
        Self((0..WORLDS).filter(|&world| holds(world)).fold(0, |set, world| set | 1 << world))
    }

    /// Whether the set holds `world`.
    pub fn contains(self, world: usize) -> bool {
        self.0 & (1 << world) != 0
    }

    /// Those in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in one of the sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those not in the other set.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether no world is left.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it is every world.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }
}

impl Known {
    /// The text, where there is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unset | Self::Given | Self::Unknown => None,
        }
    }
}

impl Value {
    /// The same text in every build.
    pub fn text(text: impl Into<SmolStr>) -> Self {
        Self::same(Known::Text(text.into()))
    }

    /// Nobody knows.
    pub fn unknown() -> Self {
        Self::same(Known::Unknown)
    }

    /// Not set in any build.
    pub fn unset() -> Self {
        Self::same(Known::Unset)
    }

    /// The same in every build.
    pub fn same(known: Known) -> Self {
        Self { known: Builds::Same(known), probed: false, replaceable: false }
    }

    /// Computed for each build.
    pub fn each(of: impl FnMut(usize) -> Known) -> Self {
        Self { known: [0, 1, 2, 3].map(of).into(), probed: false, replaceable: false }
    }

    /// Marks the value as asked of the machine that the command runs on.
    #[must_use]
    pub fn as_probe(mut self) -> Self {
        self.probed = true;
        self
    }

    /// Takes over from where a value comes what else is known of it.
    #[must_use]
    pub fn derived_from<'a>(mut self, sources: impl IntoIterator<Item = &'a Self>) -> Self {
        for source in sources {
            self.probed |= source.probed;
            self.replaceable |= source.replaceable;
        }
        self
    }

    /// Marks the value as one that a build argument or the image may replace.
    #[must_use]
    pub fn as_replaceable(mut self) -> Self {
        self.replaceable = true;
        self
    }

    /// What it is in one build.
    pub fn world(&self, world: usize) -> &Known {
        match &self.known {
            Builds::Same(known) => known,
            Builds::Each(each) => &each[world],
        }
    }

    /// The text that it is in every build.
    pub fn constant(&self) -> Option<&str> {
        match &self.known {
            Builds::Same(known) => known.text(),
            Builds::Each(_) => None,
        }
    }

    /// Whether it is unset in every build.
    pub fn is_unset(&self) -> bool {
        self.known == Builds::Same(Known::Unset)
    }

    /// Whether it is a text in every build.
    pub fn is_text(&self) -> bool {
        self.in_every_build(|known| known.text().is_some())
    }

    /// Whether it may be set: known to be text, or unknown, in some build.
    pub fn may_be_set(&self) -> bool {
        !self.is_unset()
    }

    /// Whether it is the same wherever the command runs, known or not.
    pub fn is_independent_of_machine(&self) -> bool {
        !self.probed && self.in_every_build(|known| *known != Known::Unknown)
    }

    fn in_every_build(&self, holds: impl Fn(&Known) -> bool) -> bool {
        match &self.known {
            Builds::Same(known) => holds(known),
            Builds::Each(each) => each.iter().all(holds),
        }
    }

    /// Which platform decides it. A value that is partly unknown follows nobody knows what.
    pub fn follows(&self) -> Follows {
        if !self.in_every_build(|known| matches!(known, Known::Text(_) | Known::Unset)) {
            return Follows::Unknown;
        }
        let Builds::Each(each) = &self.known else { return Follows::Nothing };
        let [native_amd, to_arm, to_amd, native_arm] = &**each;
        let by_target = native_amd == to_amd && to_arm == native_arm;
        let by_build = native_amd == to_arm && to_amd == native_arm;
        match (by_target, by_build) {
            (true, _) => Follows::Target,
            (_, true) => Follows::Build,
            (false, false) => Follows::Unknown,
        }
    }

    /// Whether it is the same in every build, known or not.
    pub fn is_same(&self) -> bool {
        matches!(self.known, Builds::Same(_))
    }

    /// Whether it is for the target platform because the file says so, wherever the command runs.
    pub fn is_for_target(&self) -> bool {
        self.follows() == Follows::Target && !self.probed
    }

    /// Computes another value from this and the `other` one, build by build.
    #[must_use]
    pub fn combined(&self, other: &Self, of: impl Fn(&Known, &Known) -> Known) -> Self {
        let known = match (&self.known, &other.known) {
            (Builds::Same(own), Builds::Same(other)) => Builds::Same(of(own, other)),
            _ => [0, 1, 2, 3].map(|world| of(self.world(world), other.world(world))).into(),
        };
        Self {
            known,
            probed: self.probed || other.probed,
            replaceable: self.replaceable || other.replaceable,
        }
    }

    /// Computes another text from each text.
    #[must_use]
    pub fn map(&self, of: impl Fn(&str) -> &str) -> Self {
        self.combined(self, |known, _| match known {
            Known::Text(text) => Known::Text(of(text).into()),
            other => other.clone(),
        })
    }

    /// Takes over `other` in the given worlds.
    pub fn set(&mut self, other: &Self, worlds: Worlds) {
        let known = |world| if worlds.contains(world) { other.world(world) } else { self.world(world) };
        self.known = [0, 1, 2, 3].map(|world| known(world).clone()).into();
        self.probed |= other.probed;
        self.replaceable |= other.replaceable;
    }

    /// Forgets what differs from `other`: afterwards it is known only where both agree.
    pub fn join(&mut self, other: &Self) {
        *self = self.combined(other, |own, other| if own == other { own.clone() } else { Known::Unknown });
    }
}

impl From<[Known; WORLDS]> for Builds {
    fn from(each: [Known; WORLDS]) -> Self {
        if each.iter().all(|known| *known == each[0]) {
            let [first, ..] = each;
            return Self::Same(first);
        }
        Self::Each(each.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_follows_is_read_off_the_four_builds() {
        let of = |platform: fn(usize) -> Platform| {
            Value::each(|world| Known::Text(platform(world).architecture.as_str().into()))
        };
        assert_eq!(of(target_platform).follows(), Follows::Target);
        assert_eq!(of(build_platform).follows(), Follows::Build);
        assert_eq!(Value::text("amd64").follows(), Follows::Nothing);
        assert_eq!(Value::unset().follows(), Follows::Nothing);
        let mut half_known = of(target_platform);
        half_known.set(&Value::unknown(), Worlds::filter(|world| world == 1));
        assert_eq!(half_known.follows(), Follows::Unknown);
    }
}
