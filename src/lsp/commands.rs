//! Commands that a client can have executed.

use lsp_server::ErrorCode;
use lsp_types::{ApplyWorkspaceEditParams, ExecuteCommandParams};
use serde_json::{Value, json};

use super::client::Asked;
use super::edits::{text_edits, workspace_edit};
use super::server::{Failure, Server};
use super::{actions, plans};

/// Their names. Each but the last takes the URI of a document.
pub(super) const NAMES: [&str; 4] = [FIX_ALL, DRAW_PLAN, VIEW_TEXT, CHECK_WORKSPACE];

/// Fixes all findings of a document.
const FIX_ALL: &str = "dflint.server.fixAll";
/// Answers with a drawing, as SVG, of where each step of a document runs.
const DRAW_PLAN: &str = "dflint.server.drawPlan";
/// Answers with the text that the server holds: where it differs from the editor's, that is an error worth a report.
const VIEW_TEXT: &str = "dflint.server.viewText";
/// Checks every Dockerfile of the workspace.
const CHECK_WORKSPACE: &str = "dflint.server.checkWorkspace";

impl Server {
    /// `workspace/executeCommand`
    pub(super) fn execute(&mut self, parameters: &ExecuteCommandParams) -> Result<Value, Failure> {
        let uri = parameters.arguments.as_deref().and_then(<[Value]>::first).and_then(Value::as_str);
        let uri = || {
            let message = format!("{} needs the URI of a document", parameters.command);
            uri.ok_or_else(|| Failure::new(ErrorCode::InvalidParams, message))
        };
        match parameters.command.as_str() {
            FIX_ALL => {
                let edit = self.with_document(uri()?, |view| {
                    workspace_edit(view, text_edits(view, &actions::fixed(view, None)))
                })?;
                let label = Some("Fix all that dflint can fix".to_owned());
                let parameters = ApplyWorkspaceEditParams { label, edit, metadata: None };
                let parameters = serde_json::to_value(parameters).expect("types of the protocol are JSON");
                if !self.client.support.apply_edit {
                    return Err(Failure::new(
                        ErrorCode::RequestFailed,
                        "the editor takes no edits from a server",
                    ));
                }
                self.client.request("workspace/applyEdit", &parameters, Asked::Formality);
                Ok(Value::Null)
            }
            DRAW_PLAN => self.with_document(uri()?, |view| json!({ "svg": plans::drawing(view) })),
            VIEW_TEXT => self.with_document(uri()?, |view| json!(view.text())),
            CHECK_WORKSPACE => {
                self.check_workspace(None);
                Ok(Value::Null)
            }
            other => Err(Failure::new(ErrorCode::InvalidParams, format!("there is no command `{other}`"))),
        }
    }
}
