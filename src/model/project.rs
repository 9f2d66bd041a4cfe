//! What a Dockerfile does not say of itself.

use super::Platform;

/// How a project builds its images: what no file says, and what holds for all of its Dockerfiles.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Project {
    /// The platforms that images are built for.
    pub platforms: Vec<Platform>,
}

impl Default for Project {
    /// Images for linux/amd64 and linux/arm64.
    fn default() -> Self {
        Self { platforms: ["amd64", "arm64"].map(|architecture| Platform::of("linux", architecture)).into() }
    }
}
