//! What a Dockerfile does not say of itself.

use super::Platform;
use crate::knowledge::Knowledge;

/// How a project builds its images: what no file says, and what holds for all of its Dockerfiles.
#[derive(Clone, Debug)]
pub struct Project {
    /// The platforms that images are built for.
    pub platforms: Vec<Platform>,
    /// The names of stages that are exported, with `--target`, beside the last one.
    pub targets: Vec<String>,
    /// The commands and images that the project works with.
    pub knowledge: Knowledge,
}

impl Default for Project {
    /// The last stage for linux/amd64 and linux/arm64, with what dflint knows.
    fn default() -> Self {
        Self {
            platforms: ["amd64", "arm64"].map(|architecture| Platform::of("linux", architecture)).into(),
            targets: Vec::new(),
            knowledge: Knowledge::default(),
        }
    }
}
