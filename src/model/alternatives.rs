//! Stages that a variable chooses among: `FROM build-${TARGETARCH}`.

use std::collections::BTreeMap;

use super::stages::{self, Base, Build};
use super::{Facts, Platform, build_platform};

/// The stages of a file, resolved for each platform of the project.
struct Builds(Vec<Build>);

impl Builds {
    fn of(facts: &Facts<'_>) -> Self {
        let spans = stages::stage_spans(facts.parse);
        let mut builds: Vec<Build> = Vec::new();
        for platform in &facts.project.platforms {
            let scenario = stages::Scenario {
                build: build_platform(0),
                target: platform.clone(),
                build_arguments: &BTreeMap::new(),
                target_stage: None,
                other_targets: &facts.project.targets,
                arguments_may_be_given: true,
            };
            builds.push(match builds.first() {
                Some(first) => stages::resolve_beside(first, facts.parse, &spans, &scenario),
                None => stages::resolve(facts.parse, &spans, &scenario),
            });
        }
        Self(builds)
    }
}

impl Facts<'_> {
    /// The platforms of the project for which the FROM of a stage names no stage though it does for others, with what
    /// it names instead: an image that `BuildKit` then looks for.
    pub fn missing_alternatives(&self, stage: usize) -> Vec<(&Platform, String)> {
        let is_chosen = self.from_body(stage).is_some_and(|body| body.image.text.contains('$'));
        if !is_chosen {
            return Vec::new();
        }
        let mut is_stage = false;
        let mut missing = Vec::new();
        let builds = self.remember("builds", 0, || Builds::of(self));
        for (platform, build) in self.project.platforms.iter().zip(&builds.0) {
            match &build.stages[stage].base {
                Base::Stage(_) => is_stage = true,
                Base::Image(name) => missing.push((platform, name.to_string())),
                Base::Scratch | Base::Unknown => {}
            }
        }
        if is_stage { missing } else { Vec::new() }
    }
}
