//! Folders that an image brings for others to take: they have to come from that image on the target platform.

use super::Assessment;
use crate::model::{Cause, Facts};
use crate::recipes::{Obstacle, Rewrite};
use crate::syntax::Keyword;

impl Assessment {
    /// Whether a COPY takes nothing but such a folder of the image. It is remembered, to take it from elsewhere.
    pub(super) fn is_runtime(&mut self, facts: &Facts<'_>, stage: usize, copy: usize, native: Cause) -> bool {
        let Cause::BaseImage(base) = native else { return false };
        let known = facts.stages()[base].image().and_then(|image| image.known);
        let Some(known) = known.filter(|known| !known.native_folders.is_empty()) else { return false };
        let paths = facts.paths_taken_from(stage, copy);
        let is_folder = |path: &str| known.native_folders.contains(&path.trim_end_matches('/'));
        let instruction = facts.instruction(copy);
        if instruction.keyword != Keyword::Copy || !paths.iter().flatten().all(|path| is_folder(path)) {
            return false;
        }
        if facts.counts_stages() {
            let message = "it needs a stage more, for what the image brings, and `--from` counts the stages";
            self.obstacles.push(Obstacle::block(instruction.range, message));
        }
        self.runtimes.push((copy, base));
        true
    }

    /// Takes such folders from a stage of the image on the target platform.
    pub(super) fn take_runtimes_elsewhere(&self, facts: &Facts<'_>, rewrite: &mut Rewrite<'_>) {
        let consumers =
            self.runtimes.iter().filter_map(|&(copy, base)| Some((facts.stage_with(copy)?, base)));
        let Some((above, base)) = consumers.min() else { return };
        let Some(body) = facts.from_body(base) else { return };
        let names = ["runtime", "target-runtime"];
        let name = names.into_iter().find(|name| facts.stage_named(name).is_none()).unwrap_or(names[1]);
        rewrite.insert_stage_above(above, facts.slice(body.image.range), name);
        for &(copy, _) in &self.runtimes {
            let from = facts.instruction(copy).flag("from").and_then(|flag| flag.value.as_ref());
            if let Some(from) = from {
                rewrite.replace(from.range, name);
            }
        }
    }
}
