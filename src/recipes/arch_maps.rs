//! Maps of architectures that somebody wrote by hand, and what they lack.

use super::maps::spelled;
use super::{Obstacle, Rewrite};
use crate::knowledge::{self, literals};
use crate::model::glob_matches;
use crate::model::{ArchMap, Facts, Follows, MapArm, Platform, WORLDS, build_platform, target_platform};
use crate::text::TextRange;

/// A map that lacks something.
pub struct PartialMap<'a> {
    /// The map.
    pub map: &'a ArchMap,
    /// The platforms of the project that it has nothing for.
    pub missing: Vec<&'a Platform>,
    /// Whether they are platforms of the builder, not of the image.
    pub is_of_builder: bool,
}

/// The maps of a stage that have nothing for a platform of the project, or nothing for all others.
pub fn partial_maps<'a>(facts: &'a Facts<'a>, stage: usize) -> Vec<PartialMap<'a>> {
    let maps = facts.runs(stage).iter().flat_map(|run| &run.maps);
    maps.filter_map(|map| {
        let is_of_builder = is_of_builder(map);
        let platforms = facts.project.platforms.iter();
        let missing: Vec<_> = platforms.filter(|platform| is_missing(map, is_of_builder, platform)).collect();
        // What is set for one architecture alone may be wanted there alone: an option, say.
        let is_map =
            map.arms.iter().flat_map(|arm| &arm.values).any(|(value, _)| !literals(value).is_empty())
                || map.arms.iter().filter(|arm| !arm.values.is_empty()).count() > 1;
        let by_case = map.subject.is_text();
        let lacks = !missing.is_empty() || (by_case && !map.has_default);
        (is_map && lacks).then_some(PartialMap { map, missing, is_of_builder })
    })
    .collect()
}

fn is_of_builder(map: &ArchMap) -> bool {
    let of = |same: fn(usize) -> Platform| {
        let differ =
            |world: usize| (0..WORLDS).all(|other| same(world) != same(other) || agree(map, world, other));
        (0..WORLDS).all(differ)
    };
    match map.subject.follows() {
        Follows::Build => true,
        Follows::Unknown => of(build_platform) && !of(target_platform),
        Follows::Target | Follows::Nothing => false,
    }
}

fn agree(map: &ArchMap, world: usize, other: usize) -> bool {
    map.open.contains(world) == map.open.contains(other)
}

fn is_missing(map: &ArchMap, is_of_builder: bool, platform: &Platform) -> bool {
    let of = if is_of_builder { build_platform } else { target_platform };
    let worlds: Vec<usize> = (0..WORLDS).filter(|&world| of(world) == *platform).collect();
    if !worlds.is_empty() {
        return worlds.iter().any(|&world| map.open.contains(world));
    }
    let texts = texts_for(map, platform);
    let has_arm = |text: &String| {
        map.arms.iter().flat_map(|arm| &arm.patterns).any(|pattern| glob_matches(pattern, text))
    };
    platform.os == "linux" && !map.has_default && !texts.is_empty() && !texts.iter().any(has_arm)
}

/// What is matched in a build for a platform: every text that fits what it is for amd64 and arm64.
fn texts_for(map: &ArchMap, platform: &Platform) -> Vec<String> {
    let known = [0, WORLDS - 1].map(|world| (target_platform(world), map.subject.world(world).text()));
    let forms: [&dyn Fn(&Platform) -> String; 3] =
        [&|of| of.architecture.to_string(), &|of| format!("{}{}", of.architecture, of.variant), &|of| {
            of.to_string()
        }];
    let by_name = match map.variable.as_deref() {
        Some("TARGETARCH" | "BUILDARCH") => &forms[..1],
        Some("TARGETPLATFORM" | "BUILDPLATFORM") => &forms[2..],
        _ => &forms[..],
    };
    let fits = |form: &&&dyn Fn(&Platform) -> String| {
        known.iter().all(|(of, text)| Some(form(of).as_str()) == *text)
    };
    let mut texts: Vec<String> = by_name.iter().filter(fits).map(|form| form(platform)).collect();
    if by_name.len() == forms.len() {
        let pairs = known.each_ref().map(|(of, text)| (of.architecture.as_str(), text.unwrap_or_default()));
        let columns = knowledge::spellings_of(&pairs);
        texts.extend(columns.filter_map(|column| spelled(platform, column)).map(str::to_owned));
    }
    texts.sort();
    texts.dedup();
    texts
}

/// Adds what a map lacks: the arm of a platform where the others tell how it is spelled, and an arm that fails for all
/// that it does not name. They change a build that went on without: never safe.
pub fn complete(facts: &Facts<'_>, partial: &PartialMap<'_>, rewrite: &mut Rewrite<'_>) -> Vec<Obstacle> {
    let map = partial.map;
    let block = |message: &str| vec![Obstacle::block(map.range, message).advised("download-by-map")];
    if !map.subject.is_text() {
        return block("dflint does not rewrite an `if` into a map");
    }
    let Some(last) = map.arms.last() else { return block("there is no arm to follow") };
    let source = facts.slice(last.range);
    if !source.ends_with(";;") {
        return block("its last arm has no `;;`");
    }
    let gap = gap(facts, last.range);
    let mut text = String::new();
    for &platform in &partial.missing {
        if let Some(arm) = arm_for(facts, partial, platform) {
            text.push_str(&gap);
            text.push_str(&arm);
        }
    }
    if !map.has_default {
        let subject = facts.slice(map.range).trim_matches('"');
        if subject.contains(['"', '\'', '`']) {
            return block("what is matched cannot be repeated in a message");
        }
        text.push_str(&gap);
        text.extend(["*) echo \"unsupported architecture: ", subject, "\" >&2; exit 1 ;;"]);
    }
    if text.is_empty() {
        return block("dflint does not know how the others are spelled");
    }
    rewrite.insert(last.range.end(), text);
    let message = "it changes a build that went on with an empty variable";
    vec![Obstacle::doubt(map.range, message)]
}

/// The white space in front of an arm, as its author would repeat it.
fn gap(facts: &Facts<'_>, arm: TextRange) -> String {
    let before = facts.instruction_up_to(arm.start());
    let line = before.rsplit('\n').next().unwrap_or_default();
    if !line.trim().is_empty() {
        return " ".to_owned();
    }
    let above = before[..before.len() - line.len()].trim_end_matches(['\n', '\r']);
    let continued =
        if above.ends_with(facts.escape()) { format!(" {}", facts.escape()) } else { String::new() };
    format!("{continued}{}{line}", facts.line_ending())
}

/// The arm of a platform, written as the others are.
fn arm_for(facts: &Facts<'_>, partial: &PartialMap<'_>, platform: &Platform) -> Option<String> {
    let of = if partial.is_of_builder { build_platform } else { target_platform };
    let world = (0..WORLDS).find(|&world| of(world) == *platform);
    let pattern = match world {
        Some(world) => partial.map.subject.world(world).text()?.to_owned(),
        None => match texts_for(partial.map, platform).as_slice() {
            [only] => only.clone(),
            _ => return None,
        },
    };
    let model = partial.map.arms.last().filter(|arm| arm.is_plain)?;
    let [(_, value_range)] = model.values.as_slice() else { return None };
    let value = value_for(partial, platform)?;
    let source = facts.slice(model.range);
    let pattern_range = model.pattern_range?;
    let at = |range: TextRange| {
        let start = usize::from(range.start() - model.range.start());
        start..start + usize::from(range.len())
    };
    let mut arm = source.to_owned();
    arm.replace_range(inner(source, at(*value_range)), &value);
    arm.replace_range(inner(source, at(pattern_range)), &pattern);
    Some(arm)
}

/// A part of a text without the quotes around it.
fn inner(source: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let text = &source[range.clone()];
    let is_quoted = text.len() >= 2 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']);
    if is_quoted { range.start + 1..range.end - 1 } else { range }
}

/// How the arms spell their architectures, for another platform: none where they fit no spelling, or several that differ.
fn value_for(partial: &PartialMap<'_>, platform: &Platform) -> Option<String> {
    let of = if partial.is_of_builder { build_platform } else { target_platform };
    let mut known: Vec<(String, &str)> = Vec::new();
    for arm in &partial.map.arms {
        let MapArm { patterns, values, .. } = arm;
        let [(value, _)] = values.as_slice() else { return None };
        let own = (0..WORLDS).find(|&world| {
            let text = partial.map.subject.world(world).text();
            text.is_some_and(|text| patterns.iter().any(|pattern| glob_matches(pattern, text)))
        });
        if let Some(world) = own {
            known.push((of(world).architecture.to_string(), value));
        }
    }
    let pairs: Vec<(&str, &str)> = known.iter().map(|(of, text)| (of.as_str(), *text)).collect();
    let mut spellings: Vec<_> =
        knowledge::spellings_of(&pairs).filter_map(|column| spelled(platform, column)).collect();
    spellings.sort_unstable();
    spellings.dedup();
    match spellings.as_slice() {
        [only] if !pairs.is_empty() => Some((*only).to_owned()),
        _ => None,
    }
}
