//! See rules/XC302-shared-output-cache.toml.

use crate::diagnostics::Confidence;
use crate::model::Facts;
use crate::recipes::{CacheKind, Rewrite, separate, shared_caches, taken_from_caches};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for cache in shared_caches(facts) {
        let mut rewrite = Rewrite::new(facts);
        let obstacles = separate(facts, &cache, &mut rewrite);
        let folder = &cache.folder;
        let (message, title) = match cache.kind {
            CacheKind::Output => (
                format!(
                    "the builds for all platforms write into one cache at `{folder}`: they overwrite each other's files, \
                     and one may ship what another has compiled"
                ),
                "Give each platform a cache of its own",
            ),
            CacheKind::Apt => (
                format!(
                    "the builds for all platforms use `{folder}` at once, and apt gives up where another holds its lock"
                ),
                "Let the builds wait for each other",
            ),
        };
        let finding = out.report(cache.mount.range, message);
        finding.confidence = Confidence::Medium;
        finding.fix_unless(title, rewrite, &obstacles);
    }
    for (instruction, mount) in taken_from_caches(facts) {
        let finding = out.report(
            facts.instruction(instruction).range,
            "this takes files out of a folder that is only there as a cache mount: what a RUN writes into a mount is not \
             in its stage",
        );
        finding.relate(mount.range, "mounted here");
        finding.help = Some("copy the files out of the mount within the RUN that makes them".to_owned());
    }
}
