//! Inlay hints: at each RUN the platforms for which it runs under emulation.

use dflint::model::Platform;
use dflint::model::plan::RunState;
use dflint::syntax::Keyword;
use lsp_types::{InlayHint, Range};

use super::plans;
use super::view::View;

/// The hints in a range.
pub(super) fn hints(view: &View<'_>, range: Range) -> Vec<InlayHint> {
    if !view.settings.inlay_hints {
        return vec![];
    }
    let range = view.text_range(range);
    let instructions = view.parse().instructions.iter().enumerate();
    let runs = instructions
        .filter(|(_, it)| it.keyword == Keyword::Run && it.range.intersect(range).is_some())
        .map(|(index, it)| (index, it.keyword_range));
    let mut runs = runs.peekable();
    if runs.peek().is_none() {
        return vec![];
    }
    let plans = view.plans();
    runs.filter_map(|(index, keyword)| {
        let emulated: Vec<&Platform> = plans::of_run(&plans, index)
            .filter(|(_, state, _)| *state == RunState::Emulated)
            .map(|(target, ..)| target)
            .collect();
        (!emulated.is_empty()).then(|| {
            let platforms = plans::list(&emulated);
            let builder = &view.settings.build_platform;
            InlayHint {
                position: view.position(keyword.end()),
                label: format!("emulated for {platforms}").into(),
                tooltip: Some(
                    format!(
                        "On a {builder} machine, a build for {platforms} runs this under an emulator: many times slower."
                    )
                    .into(),
                ),
                padding_left: Some(true),
                padding_right: Some(false),
                kind: None,
                text_edits: None,
                data: None,
            }
        })
    })
    .collect()
}
