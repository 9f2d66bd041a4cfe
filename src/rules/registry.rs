//! Generated from the files beside it by `UPDATE=1 cargo test --test generated`. Do not edit.

#[path = "xc101_emulated_build_stage.rs"]
mod xc101_emulated_build_stage;
#[path = "xc102_unpinned_cross_stage.rs"]
mod xc102_unpinned_cross_stage;
#[path = "xc103_emulated_image_tool.rs"]
mod xc103_emulated_image_tool;
#[path = "xc104_constant_build_platform.rs"]
mod xc104_constant_build_platform;
#[path = "xc105_emulated_runtime_step.rs"]
mod xc105_emulated_runtime_step;
#[path = "xc201_exported_stage_pinned.rs"]
mod xc201_exported_stage_pinned;
#[path = "xc202_untargeted_compile.rs"]
mod xc202_untargeted_compile;
#[path = "xc203_platform_arg_default.rs"]
mod xc203_platform_arg_default;
#[path = "xc204_platform_arg_undeclared.rs"]
mod xc204_platform_arg_undeclared;
#[path = "xc205_host_arch_probe.rs"]
mod xc205_host_arch_probe;
#[path = "xc206_hard_coded_arch.rs"]
mod xc206_hard_coded_arch;
#[path = "xc207_arch_locked_base.rs"]
mod xc207_arch_locked_base;
#[path = "xc208_native_artefact_crosses.rs"]
mod xc208_native_artefact_crosses;
#[path = "xc209_product_executed.rs"]
mod xc209_product_executed;
#[path = "xc210_inconsistent_target.rs"]
mod xc210_inconsistent_target;
#[path = "xc301_ineffective_platform_flag.rs"]
mod xc301_ineffective_platform_flag;
#[path = "xc302_shared_output_cache.rs"]
mod xc302_shared_output_cache;
#[path = "xc303_early_platform_arg.rs"]
mod xc303_early_platform_arg;
#[path = "xc304_unused_platform_arg.rs"]
mod xc304_unused_platform_arg;
#[path = "xc305_partial_arch_map.rs"]
mod xc305_partial_arch_map;
#[path = "xc306_legacy_emulation.rs"]
mod xc306_legacy_emulation;
#[path = "xc307_impossible_platform_value.rs"]
mod xc307_impossible_platform_value;
#[path = "xc901_unused_suppression.rs"]
mod xc901_unused_suppression;

use super::Findings;
use crate::model::Facts;

/// The checks in the order of their codes.
pub(super) static CHECKS: &[fn(&Facts<'_>, &mut Findings)] = &[
    xc101_emulated_build_stage::check,
    xc102_unpinned_cross_stage::check,
    xc103_emulated_image_tool::check,
    xc104_constant_build_platform::check,
    xc105_emulated_runtime_step::check,
    xc201_exported_stage_pinned::check,
    xc202_untargeted_compile::check,
    xc203_platform_arg_default::check,
    xc204_platform_arg_undeclared::check,
    xc205_host_arch_probe::check,
    xc206_hard_coded_arch::check,
    xc207_arch_locked_base::check,
    xc208_native_artefact_crosses::check,
    xc209_product_executed::check,
    xc210_inconsistent_target::check,
    xc301_ineffective_platform_flag::check,
    xc302_shared_output_cache::check,
    xc303_early_platform_arg::check,
    xc304_unused_platform_arg::check,
    xc305_partial_arch_map::check,
    xc306_legacy_emulation::check,
    xc307_impossible_platform_value::check,
    xc901_unused_suppression::check,
];
