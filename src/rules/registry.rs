//! Generated from the files beside it by `UPDATE=1 cargo test --test generated`. Do not edit.

#[path = "xc101_emulated_build_stage.rs"]
mod xc101_emulated_build_stage;
#[path = "xc102_unpinned_cross_stage.rs"]
mod xc102_unpinned_cross_stage;
#[path = "xc202_untargeted_compile.rs"]
mod xc202_untargeted_compile;
#[path = "xc203_platform_arg_default.rs"]
mod xc203_platform_arg_default;
#[path = "xc204_platform_arg_undeclared.rs"]
mod xc204_platform_arg_undeclared;
#[path = "xc210_inconsistent_target.rs"]
mod xc210_inconsistent_target;
#[path = "xc301_ineffective_platform_flag.rs"]
mod xc301_ineffective_platform_flag;

use super::Findings;
use crate::model::Facts;

/// The checks in the order of their codes.
pub(super) static CHECKS: &[fn(&Facts<'_>, &mut Findings)] = &[
    xc101_emulated_build_stage::check,
    xc102_unpinned_cross_stage::check,
    xc202_untargeted_compile::check,
    xc203_platform_arg_default::check,
    xc204_platform_arg_undeclared::check,
    xc210_inconsistent_target::check,
    xc301_ineffective_platform_flag::check,
];
