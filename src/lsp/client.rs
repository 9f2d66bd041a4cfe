//! The client: what it can do, and everything that is sent to it.

use std::collections::HashMap;
use std::io::{BufWriter, Stdout};

use lsp_server::{RequestId, ResponseError};
use lsp_types::MessageType;
use serde::Serialize;
use serde_json::{Value, json};

use super::position::Encoding;
use super::transport;

/// The client at the other end.
pub(super) struct Client {
    output: BufWriter<Stdout>,
    /// What it can do.
    pub(super) support: Support,
    next_request: i32,
    pending: HashMap<RequestId, Asked>,
}

/// A request of ours that is not answered yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Asked {
    /// For the settings.
    Settings,
    /// For something whose answer says nothing.
    Formality,
}

/// What a client can do, as far as it matters here.
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of its own")]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Support {
    pub(super) encoding: Encoding,
    pub(super) pull_diagnostics: bool,
    pub(super) related_information: bool,
    pub(super) tags: bool,
    pub(super) versioned_diagnostics: bool,
    pub(super) document_changes: bool,
    pub(super) lazy_actions: bool,
    pub(super) definition_links: bool,
    pub(super) markdown: bool,
    pub(super) nested_symbols: bool,
    pub(super) only_whole_lines_fold: bool,
    pub(super) progress: bool,
    pub(super) apply_edit: bool,
    pub(super) refresh_diagnostics: bool,
    pub(super) refresh_hints: bool,
    pub(super) ask_settings: bool,
    pub(super) register_settings: bool,
    pub(super) register_watchers: bool,
    /// Whether it shows documents that the server writes (3.18): the pages of the rules.
    pub(super) server_documents: bool,
}

impl Support {
    /// Reads the parameters of `initialize`. Wrong types count as absent: one of them must not cost the whole session.
    pub(super) fn read(parameters: &Value) -> Self {
        let at = |path: &str| parameters.pointer(&format!("/capabilities/{path}"));
        let is = |path: &str| at(path).and_then(Value::as_bool).unwrap_or(false);
        let lists = |path: &str, text: &str| {
            at(path).and_then(Value::as_array).is_some_and(|list| list.iter().any(|entry| entry == text))
        };
        let encodings = at("general/positionEncodings").and_then(Value::as_array);
        let encodings = encodings.map(Vec::as_slice).unwrap_or_default();
        Self {
            encoding: Encoding::choose(encodings.iter().filter_map(Value::as_str)),
            pull_diagnostics: at("textDocument/diagnostic").is_some_and(Value::is_object),
            related_information: is("textDocument/publishDiagnostics/relatedInformation")
                || is("textDocument/diagnostic/relatedInformation"),
            tags: at("textDocument/publishDiagnostics/tagSupport").is_some_and(Value::is_object)
                || at("textDocument/diagnostic/tagSupport").is_some_and(Value::is_object),
            versioned_diagnostics: is("textDocument/publishDiagnostics/versionSupport"),
            document_changes: is("workspace/workspaceEdit/documentChanges"),
            lazy_actions: lists("textDocument/codeAction/resolveSupport/properties", "edit")
                && is("textDocument/codeAction/dataSupport"),
            definition_links: is("textDocument/definition/linkSupport"),
            markdown: lists("textDocument/hover/contentFormat", "markdown"),
            nested_symbols: is("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            only_whole_lines_fold: is("textDocument/foldingRange/lineFoldingOnly"),
            progress: is("window/workDoneProgress"),
            apply_edit: is("workspace/applyEdit"),
            refresh_diagnostics: is("workspace/diagnostics/refreshSupport"),
            refresh_hints: is("workspace/inlayHint/refreshSupport"),
            ask_settings: is("workspace/configuration"),
            register_settings: is("workspace/didChangeConfiguration/dynamicRegistration"),
            register_watchers: is("workspace/didChangeWatchedFiles/dynamicRegistration"),
            server_documents: at("workspace/textDocumentContent").is_some_and(Value::is_object),
        }
    }
}

/// What needs no answer.
#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: P,
}

/// What a request gets: one of the two.
#[derive(Serialize)]
struct Answer<'a> {
    jsonrpc: &'static str,
    id: &'a RequestId,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ResponseError>,
}

impl Client {
    pub(super) fn new(output: Stdout) -> Self {
        Self {
            output: BufWriter::with_capacity(1 << 16, output),
            support: Support::default(),
            next_request: 0,
            pending: HashMap::new(),
        }
    }

    /// Sends a message as it is.
    pub(super) fn send(&mut self, message: &impl Serialize) {
        // A client that is gone reads nothing any more; the end of its messages ends the server.
        let _ = transport::write(&mut self.output, message);
    }

    pub(super) fn answer(&mut self, id: &RequestId, answer: Result<Value, ResponseError>) {
        let (result, error) = match answer {
            Ok(result) => (Some(result), None),
            Err(error) => (None, Some(error)),
        };
        self.send(&Answer { jsonrpc: "2.0", id, result, error });
    }

    pub(super) fn notify(&mut self, method: &str, parameters: impl Serialize) {
        self.send(&Notification { jsonrpc: "2.0", method, params: parameters });
    }

    pub(super) fn request(&mut self, method: &str, parameters: &Value, asked: Asked) {
        let id = RequestId::from(self.next_request);
        self.next_request = self.next_request.wrapping_add(1);
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        self.pending.insert(id, asked);
    }

    /// What an answer is the answer to; none where nothing was asked.
    pub(super) fn answered(&mut self, id: &RequestId) -> Option<Asked> {
        self.pending.remove(id)
    }

    /// Writes into the client's log.
    pub(super) fn log(&mut self, kind: MessageType, message: &str) {
        self.notify("window/logMessage", json!({ "type": kind, "message": message }));
    }

    /// Shows a message to the person in front of the editor.
    pub(super) fn show(&mut self, kind: MessageType, message: &str) {
        self.notify("window/showMessage", json!({ "type": kind, "message": message }));
    }
}
