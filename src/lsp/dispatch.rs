//! Which capability answers which request, and what notifications change.

use lsp_server::ErrorCode;
use lsp_types::{
    CodeAction, DidChangeTextDocumentParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, PublishDiagnosticsParams, Request,
    TextDocumentContentParams, TextDocumentContentResult, TextDocumentPositionParams,
};
use lsp_types::{
    CodeActionRequest, CompletionRequest, DefinitionRequest, DocumentDiagnosticRequest,
    DocumentHighlightRequest, DocumentLinkRequest, DocumentSymbolRequest, FoldingRangeRequest, HoverRequest,
    InlayHintRequest, PrepareRenameRequest, ReferencesRequest, RenameRequest, SelectionRangeRequest,
    SemanticTokensRangeRequest, SemanticTokensRequest,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Asked;
use super::documents::Document;
use super::server::{Failure, Server, parameters};
use super::view::View;
use super::{
    actions, completion, diagnostics, folding, hints, hover, links, references, rename, selection, symbols,
    tokens, uri,
};

impl Server {
    /// Answers a request that is about one document.
    pub(super) fn answer_about_document(&mut self, method: &str, params: Value) -> Result<Value, Failure> {
        match method {
            "textDocument/diagnostic" => self.about::<DocumentDiagnosticRequest>(params, diagnostics::pulled),
            "textDocument/codeAction" => self.about::<CodeActionRequest>(params, |view, params| {
                Some(actions::actions(view, params).into_iter().map(Into::into).collect())
            }),
            "codeAction/resolve" => self.resolve_action(parameters(method, params)?),
            "textDocument/hover" => self.about::<HoverRequest>(params, |view, it| {
                hover::hover(view, place(&it.text_document_position_params))
            }),
            "textDocument/completion" => self.about::<CompletionRequest>(params, |view, it| {
                Some(completion::completions(view, place(&it.text_document_position_params)).into())
            }),
            "textDocument/definition" => self.about::<DefinitionRequest>(params, |view, it| {
                references::definition(view, place(&it.text_document_position_params))
            }),
            "textDocument/references" => self.about::<ReferencesRequest>(params, |view, it| {
                let declarations = it.context.include_declaration;
                references::references(view, place(&it.text_document_position_params), declarations)
            }),
            "textDocument/documentHighlight" => self.about::<DocumentHighlightRequest>(params, |view, it| {
                references::highlights(view, place(&it.text_document_position_params))
            }),
            "textDocument/prepareRename" => self.about::<PrepareRenameRequest>(params, |view, it| {
                rename::prepare(view, place(&it.text_document_position_params))
            }),
            "textDocument/rename" => {
                let (uri, it) = about_document::<<RenameRequest as Request>::Params>(method, params)?;
                let at = place(&it.text_document_position_params);
                let edit = self.with_document(&uri, |view| rename::rename(view, at, &it.new_name))?;
                edit.map(|edit| json!(edit)).map_err(|reason| Failure::new(ErrorCode::RequestFailed, reason))
            }
            "textDocument/documentSymbol" => {
                self.about::<DocumentSymbolRequest>(params, |view, _| Some(symbols::symbols(view)))
            }
            "textDocument/foldingRange" => {
                self.about::<FoldingRangeRequest>(params, |view, _| Some(folding::folding(view)))
            }
            "textDocument/selectionRange" => self.about::<SelectionRangeRequest>(params, |view, it| {
                Some(selection::selections(view, &it.positions))
            }),
            "textDocument/documentLink" => {
                self.about::<DocumentLinkRequest>(params, |view, _| Some(links::links(view)))
            }
            "textDocument/semanticTokens/full" => {
                self.about::<SemanticTokensRequest>(params, |view, _| Some(tokens::tokens(view, None)))
            }
            "textDocument/semanticTokens/range" => self
                .about::<SemanticTokensRangeRequest>(params, |view, it| {
                    Some(tokens::tokens(view, Some(view.text_range(it.range))))
                }),
            "textDocument/inlayHint" => {
                self.about::<InlayHintRequest>(params, |view, it| Some(hints::hints(view, it.range)))
            }
            "workspace/textDocumentContent" => {
                let it: TextDocumentContentParams = parameters(method, params)?;
                let page = links::page(&it.uri.0);
                page.map(|text| json!(TextDocumentContentResult { text })).ok_or_else(|| {
                    Failure::new(ErrorCode::InvalidParams, format!("there is no page {}", it.uri))
                })
            }
            _ => Err(Failure::new(ErrorCode::MethodNotFound, format!("there is no method `{method}`"))),
        }
    }

    fn about<R: Request>(
        &mut self,
        params: Value,
        answer: impl FnOnce(&View<'_>, &R::Params) -> R::Result,
    ) -> Result<Value, Failure> {
        let (uri, params) = about_document::<R::Params>(R::METHOD.as_str(), params)?;
        let result = self.with_document(&uri, |view| answer(view, &params))?;
        Ok(serde_json::to_value(result).expect("types of the protocol are JSON"))
    }

    /// `codeAction/resolve`: adds the edits to an action that was offered for this very text.
    fn resolve_action(&mut self, mut action: CodeAction) -> Result<Value, Failure> {
        // Helix asks for actions that have their edits, too.
        let Some(data) = action.data.clone() else { return Ok(json!(action)) };
        let data: actions::Data = parameters("codeAction/resolve", data)?;
        self.with_document(&data.uri, |view| {
            if view.document.version != data.version {
                return Err(Failure::new(ErrorCode::ContentModified, "the document has changed since"));
            }
            actions::resolve(view, &data, &mut action);
            Ok(json!(action))
        })?
    }

    /// Takes in what the client tells.
    pub(super) fn take_note(&mut self, method: &str, params: Value) -> Result<(), Failure> {
        match method {
            "initialized" => self.register(),
            "textDocument/didOpen" => {
                let it: DidOpenTextDocumentParams = parameters(method, params)?;
                let it = it.text_document;
                let document = Document::opened(it.uri.0, it.version, it.text).map_err(too_large)?;
                self.open(document);
            }
            "textDocument/didChange" => {
                let it: DidChangeTextDocumentParams = parameters(method, params)?;
                let encoding = self.client.support.encoding;
                let document = it.text_document;
                let uri = document.text_document_identifier.uri.0;
                let open = self.documents.get_mut(&uri).ok_or_else(|| not_open(method, &uri))?;
                open.change(document.version, it.content_changes, encoding).map_err(too_large)?;
            }
            "textDocument/didSave" => {
                let it: DidSaveTextDocumentParams = parameters(method, params)?;
                if self.documents.get(&it.text_document.uri.0).is_none() {
                    return Err(not_open(method, &it.text_document.uri.0));
                }
            }
            "textDocument/didClose" => {
                let it: DidCloseTextDocumentParams = parameters(method, params)?;
                let uri = it.text_document.uri;
                self.documents.close(&uri.0).ok_or_else(|| not_open(method, &uri.0))?;
                self.forget(&uri.0);
                self.checking.outdated();
            }
            "workspace/didRenameFiles" | "workspace/didDeleteFiles" => {
                for file in params["files"].as_array().into_iter().flatten() {
                    let uri = file["oldUri"].as_str().or(file["uri"].as_str()).unwrap_or_default();
                    // What is open is closed and opened by the editor itself.
                    if self.documents.get(uri).is_none() {
                        self.forget(uri);
                    }
                }
                self.checking.outdated();
            }
            "workspace/didChangeWatchedFiles" => self.files_changed(&params),
            "workspace/didChangeConfiguration" => {
                let settings = &params["settings"];
                if self.client.support.ask_settings {
                    let wanted = json!({ "items": [{ "section": "dflint" }] });
                    self.client.request("workspace/configuration", &wanted, Asked::Settings);
                } else {
                    let own = if settings["dflint"].is_object() { &settings["dflint"] } else { settings };
                    self.take_settings(own);
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                let it: DidChangeWorkspaceFoldersParams = parameters(method, params)?;
                let paths = |folders: Vec<lsp_types::WorkspaceFolder>| {
                    folders.into_iter().filter_map(|folder| uri::to_path(&folder.uri.0)).collect::<Vec<_>>()
                };
                let removed = paths(it.event.removed);
                self.folders.retain(|folder| !removed.contains(folder));
                self.folders.extend(paths(it.event.added));
                self.checking.outdated();
            }
            "window/workDoneProgress/cancel" => self.cancel_progress(&params["token"]),
            "$/cancelRequest" => self.cancel_workspace_pull(&params["id"]),
            _ if method.starts_with("$/") || method == "workspace/didCreateFiles" => {}
            _ => {
                let message = format!("there is no notification `{method}`");
                return Err(Failure::new(ErrorCode::MethodNotFound, message));
            }
        }
        Ok(())
    }

    /// Takes back what the client was told of a document.
    pub(super) fn forget(&mut self, uri: &str) {
        if !self.client.support.pull_diagnostics || self.checking.has_published(uri) {
            let nothing =
                PublishDiagnosticsParams { uri: uri.into(), version: None, diagnostics: Vec::new() };
            self.client.notify("textDocument/publishDiagnostics", nothing);
        }
    }
}

fn place(parameters: &TextDocumentPositionParams) -> lsp_types::Position {
    parameters.position
}

/// The parameters of a request, and the document that they speak of.
fn about_document<T: DeserializeOwned>(method: &str, params: Value) -> Result<(String, T), Failure> {
    let uri = params["textDocument"]["uri"].as_str().unwrap_or_default().to_owned();
    Ok((uri, parameters(method, params)?))
}

fn not_open(method: &str, uri: &str) -> Failure {
    Failure::new(ErrorCode::InvalidParams, format!("{method}: {uri} is not open"))
}

fn too_large(_: dflint::text::TooLarge) -> Failure {
    Failure::new(ErrorCode::InvalidParams, "the document has 4 GiB or more; no Dockerfile is that long")
}
