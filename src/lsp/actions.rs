//! Code actions: the fixes of a finding, of a rule and of the whole document, and "ignore here".

use dflint::diagnostics::{Applicability, Diagnostic, Edit, Fix};
use dflint::engine::{Engine, Options};
use dflint::rules;
use dflint::select::Selector;
use lsp_types::{CodeAction, CodeActionKind, CodeActionParams};
use serde::{Deserialize, Serialize};

use super::diagnostics::{diagnostic_of, offered};
use super::edits::{difference, text_edits, workspace_edit};
use super::suppressions;
use super::view::View;

/// What an action does to a document, so that its edits are computed when it is chosen.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Data {
    pub(super) uri: String,
    /// The version of the document that it was offered for.
    pub(super) version: Option<i32>,
    /// The only rule whose fixes are taken, if it is one.
    rule: Option<String>,
}

/// `source.fixAll.dflint`
pub(super) fn fix_all_kind() -> CodeActionKind {
    CodeActionKind::Custom("source.fixAll.dflint".into())
}

/// What can be done about the findings in a range.
pub(super) fn actions(view: &View<'_>, parameters: &CodeActionParams) -> Vec<CodeAction> {
    let only = parameters.context.only.as_deref();
    let mut actions = Vec::new();
    if wants(only, &CodeActionKind::QuickFix) {
        let range = view.text_range(parameters.range);
        let findings = &view.report().diagnostics;
        let here = findings.iter().filter(|found| found.primary.intersect(range).is_some());
        let here: Vec<&Diagnostic> = here.collect();
        for diagnostic in &here {
            actions.extend(offered(diagnostic).filter_map(|fix| quick_fix(view, diagnostic, fix)));
        }
        let mut codes: Vec<&str> = here.iter().map(|diagnostic| diagnostic.code).collect();
        codes.dedup();
        actions.extend(codes.into_iter().filter_map(|code| fix_all_of(view, code)));
        actions.extend(here.iter().flat_map(|diagnostic| ignore(view, diagnostic)));
    }
    // Editors that run it on save ask for it; in the list of a light bulb it is shown where nothing else is asked for.
    if wants(only, &fix_all_kind()) && view.report().diagnostics.iter().any(|found| is_mended(view, found)) {
        actions.push(lazy(view, "Fix all that dflint can fix".to_owned(), fix_all_kind(), None));
    }
    actions
}

/// Whether the client wants actions of that kind: the kinds that it lists stand for those below them, too.
fn wants(only: Option<&[CodeActionKind]>, kind: &CodeActionKind) -> bool {
    let kind = String::from(kind.clone());
    only.is_none_or(|only| {
        only.iter().map(|wanted| String::from(wanted.clone())).any(|wanted| {
            kind.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    })
}

fn at_least(view: &View<'_>) -> Applicability {
    if view.settings.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
}

fn is_mended(view: &View<'_>, diagnostic: &Diagnostic) -> bool {
    diagnostic.fixes.iter().any(|fix| fix.applicability >= at_least(view))
}

/// The fix of a finding, unless it would do damage here.
fn quick_fix(view: &View<'_>, diagnostic: &Diagnostic, fix: &Fix) -> Option<CodeAction> {
    let engine = view.document.engine()?;
    engine.damage(view.file(), view.parse(), fix).is_none().then(|| {
        let safe = fix.applicability == Applicability::Safe;
        CodeAction {
            title: if safe { fix.title.clone() } else { format!("{} (unsafe)", fix.title) },
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic_of(view, diagnostic)]),
            is_preferred: Some(safe && diagnostic.fixes.first() == Some(fix)),
            edit: Some(workspace_edit(view, text_edits(view, &fix.edits))),
            ..CodeAction::default()
        }
    })
}

fn fix_all_of(view: &View<'_>, code: &str) -> Option<CodeAction> {
    let of_rule = view.report().diagnostics.iter().filter(|found| found.code == code);
    let count = of_rule.filter(|found| is_mended(view, found)).count();
    let title = format!("Fix all {count} findings of {code}");
    (count > 1).then(|| lazy(view, title, CodeActionKind::QuickFix, Some(code.to_owned())))
}

/// An action whose edits are computed when it is chosen, where the client knows how to ask for them.
fn lazy(view: &View<'_>, title: String, kind: CodeActionKind, rule: Option<String>) -> CodeAction {
    let data = Data { uri: view.document.uri.clone(), version: view.document.version, rule };
    let mut action = CodeAction { title, kind: Some(kind), ..CodeAction::default() };
    if view.support.lazy_actions {
        action.data = Some(serde_json::to_value(&data).expect("texts are JSON"));
    } else {
        resolve(view, &data, &mut action);
    }
    action
}

/// Adds the edits of an action.
pub(super) fn resolve(view: &View<'_>, data: &Data, action: &mut CodeAction) {
    let edits = fixed(view, data.rule.as_deref());
    action.edit = Some(workspace_edit(view, text_edits(view, &edits)));
}

/// The edits that fix all findings, or all of one rule, until none is left that can be fixed.
pub(super) fn fixed(view: &View<'_>, rule: Option<&str>) -> Vec<Edit> {
    let Some(engine) = view.document.engine() else { return vec![] };
    let selector = rule.and_then(|rule| Selector::parse(rule, rules::CARDS).ok());
    let of_rule =
        selector.map(|selector| Engine::new(Options { select: vec![selector], ..engine.options().clone() }));
    let fixed = of_rule.as_ref().unwrap_or(engine).fix(view.file(), at_least(view));
    difference(view.text(), fixed.file.text())
}

/// Comments that accept a finding, and all of its rule in the file. There are none for syntax errors.
fn ignore(view: &View<'_>, diagnostic: &Diagnostic) -> Vec<CodeAction> {
    let action = |title: String, edits: &[Edit]| CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![diagnostic_of(view, diagnostic)]),
        edit: Some(workspace_edit(view, text_edits(view, edits))),
        ..CodeAction::default()
    };
    let engine = view.document.engine();
    let Some(here) = engine.and_then(|engine| engine.ignoring(view.file(), view.parse(), diagnostic)) else {
        return vec![];
    };
    let code = diagnostic.code;
    let in_file = suppressions::in_file(view, code);
    vec![action(here.title, &here.edits), action(format!("Ignore {code} in this file"), &[in_file])]
}
