//! Findings for the client: published to those that wait for them, or pulled by those that ask.

use std::hash::{DefaultHasher, Hash, Hasher};

use dflint::diagnostics::{Applicability, Diagnostic, Fix, Severity};
use dflint::engine::SYNTAX;
use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    PublishDiagnosticsParams, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    TextEdit, UnchangedDocumentDiagnosticReport,
};
use serde::{Deserialize, Serialize};

use super::edits::text_edits;
use super::links;
use super::view::View;

/// What an editor gets to know of a finding beyond what it shows: enough to fix it.
#[derive(Deserialize, Serialize)]
pub(super) struct Data {
    pub(super) fixes: Vec<DataFix>,
}

/// A fix of a finding.
#[derive(Deserialize, Serialize)]
pub(super) struct DataFix {
    pub(super) title: String,
    pub(super) safe: bool,
    pub(super) edits: Vec<TextEdit>,
}

/// Rules whose findings are about text that does nothing: editors show it faded.
const ABOUT_NOTHING: [&str; 2] = ["XC301", "XC304"];

/// The findings of a document.
pub(super) fn all(view: &View<'_>) -> Vec<lsp_types::Diagnostic> {
    view.report().diagnostics.iter().map(|diagnostic| diagnostic_of(view, diagnostic)).collect()
}

/// What is published of a document.
pub(super) fn published(view: &View<'_>) -> PublishDiagnosticsParams {
    PublishDiagnosticsParams {
        uri: view.uri(),
        version: view.document.version.filter(|_| view.support.versioned_diagnostics),
        diagnostics: all(view),
    }
}

/// `textDocument/diagnostic`: the findings, or that they are what they were.
pub(super) fn pulled(view: &View<'_>, parameters: &DocumentDiagnosticParams) -> DocumentDiagnosticReport {
    let id = result_id(view);
    if parameters.previous_result_id.as_ref() == Some(&id) {
        return RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        }
        .into();
    }
    RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport {
            result_id: Some(id),
            items: all(view),
        },
    }
    .into()
}

/// A name for the findings of a text under the settings in force.
pub(super) fn result_id(view: &View<'_>) -> String {
    let mut hasher = DefaultHasher::new();
    view.text().hash(&mut hasher);
    format!("{:?}", view.document.engine()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

pub(super) fn diagnostic_of(view: &View<'_>, diagnostic: &Diagnostic) -> lsp_types::Diagnostic {
    let message = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let related = diagnostic.related.iter().map(|related| DiagnosticRelatedInformation {
        location: view.location(related.range),
        message: related.message.clone(),
    });
    let is_rule = diagnostic.code != SYNTAX.0;
    let code = if is_rule { diagnostic.code } else { diagnostic.name };
    let page = (is_rule && view.support.server_documents).then(|| links::rule_page(diagnostic.code));
    let faded = view.support.tags && ABOUT_NOTHING.contains(&diagnostic.code);
    let fixes: Vec<DataFix> = offered(diagnostic).map(|fix| data_fix(view, fix)).collect();
    lsp_types::Diagnostic {
        range: view.range(diagnostic.primary),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Info => DiagnosticSeverity::Information,
        }),
        code: Some(code.to_owned().into()),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("dflint".to_owned()),
        message: message.into(),
        tags: faded.then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: view
            .support
            .related_information
            .then(|| related.collect::<Vec<_>>())
            .filter(|related| !related.is_empty()),
        data: (!fixes.is_empty())
            .then(|| serde_json::to_value(Data { fixes }).expect("texts and numbers are JSON")),
    }
}

/// The fixes of a finding that an editor can make on its own.
pub(super) fn offered(diagnostic: &Diagnostic) -> impl Iterator<Item = &Fix> {
    diagnostic.fixes.iter().filter(|fix| fix.applicability >= Applicability::Unsafe)
}

fn data_fix(view: &View<'_>, fix: &Fix) -> DataFix {
    DataFix {
        title: fix.title.clone(),
        safe: fix.applicability == Applicability::Safe,
        edits: text_edits(view, &fix.edits),
    }
}
