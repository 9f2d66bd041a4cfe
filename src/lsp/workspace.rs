//! The workspace: files that are not open, checked on a thread of their own, and files that change on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use lsp_server::RequestId;
use lsp_types::{
    FullDocumentDiagnosticReport, MessageType, UnchangedDocumentDiagnosticReport, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};
use serde_json::{Value, json};

use dflint::engine::{Engine, Report};
use dflint::text::SourceFile;

use crate::files::discover::discover;

use super::Event;
use super::client::Asked;
use super::documents::Document;
use super::server::{Server, engine, engines, parameters};
use super::settings::Settings;
use super::view::View;
use super::{diagnostics, uri};

/// What the thread that checks a workspace reports.
pub(super) enum Progress {
    /// A file was checked, as so many before it, of so many.
    Checked(Box<Checked>, usize, usize),
    /// A path that could not be read, and why.
    Failed(String),
    /// All files were checked, or it was stopped.
    Finished,
}

/// A file that was checked.
pub(super) struct Checked {
    uri: String,
    file: SourceFile,
    engine: Option<Arc<Engine>>,
    report: Report,
}

/// The state of checking the workspace.
#[derive(Default)]
pub(super) struct Checking {
    running: Option<Run>,
    /// A pull that waits for something to change.
    waiting: Option<(RequestId, WorkspaceDiagnosticParams)>,
    /// Whether nothing has changed since the last pull was answered.
    up_to_date: bool,
    /// The closed files that something was published of.
    published: BTreeSet<String>,
}

struct Run {
    stop: Arc<AtomicBool>,
    token: Option<Value>,
    /// The pull that it answers; none where it publishes.
    pull: Option<(RequestId, BTreeMap<String, String>)>,
    items: Vec<WorkspaceDocumentDiagnosticReport>,
}

impl Checking {
    /// Something has changed that findings depend on.
    pub(super) fn outdated(&mut self) {
        self.up_to_date = false;
    }

    /// Stops what runs.
    pub(super) fn stop(&mut self) {
        if let Some(run) = &self.running {
            run.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Whether findings of a closed file were published.
    pub(super) fn has_published(&self, uri: &str) -> bool {
        self.published.contains(uri)
    }
}

impl Server {
    /// `workspace/diagnostic`. The answer waits until there is news: clients ask again as soon as they have one.
    pub(super) fn pull_workspace(&mut self, id: RequestId, params: Value) {
        match parameters::<WorkspaceDiagnosticParams>("workspace/diagnostic", params) {
            Ok(parameters) => {
                if let Some((earlier, _)) = self.checking.waiting.replace((id, parameters)) {
                    self.refuse_cancelled(&earlier);
                }
            }
            Err(failure) => self.client.answer(&id, Err(failure.into())),
        }
    }

    /// Begins to answer a pull that waits, where there may be news.
    pub(super) fn resume_workspace_pull(&mut self) {
        if self.checking.running.is_some() || self.checking.up_to_date {
            return;
        }
        if let Some((id, parameters)) = self.checking.waiting.take() {
            self.checking.up_to_date = true;
            self.check_workspace(Some((id, parameters)));
        }
    }

    /// Checks every Dockerfile of the workspace that is not open: to answer a pull, or to publish what is found.
    pub(super) fn check_workspace(&mut self, pull: Option<(RequestId, WorkspaceDiagnosticParams)>) {
        self.checking.stop();
        let stop = Arc::new(AtomicBool::new(false));
        let mut token = None;
        let pull = pull.map(|(id, parameters)| {
            token = parameters.work_done_progress_params.work_done_token.map(|token| json!(token));
            let known = parameters.previous_result_ids.into_iter().map(|it| (it.uri.0, it.value));
            (id, known.collect())
        });
        if pull.is_none() && self.client.support.progress {
            let own = json!("dflint/workspace");
            self.client.request("window/workDoneProgress/create", &json!({ "token": own }), Asked::Formality);
            token = Some(own);
        }
        self.report_progress(
            token.as_ref(),
            &json!({
                "kind": "begin", "title": "Checking Dockerfiles", "cancellable": true, "percentage": 0,
            }),
        );
        self.checking.running = Some(Run { stop: stop.clone(), token, pull, items: Vec::new() });
        let (folders, settings, events) = (self.folders.clone(), self.settings.clone(), self.events.clone());
        let open = self.documents.iter().map(|document| document.uri.clone()).collect();
        thread::spawn(move || {
            // Whatever happens, the end is told.
            let _ =
                panic::catch_unwind(AssertUnwindSafe(|| check(&folders, &open, &settings, &events, &stop)));
            let _ = events.send(Event::Workspace(Progress::Finished));
        });
    }

    fn report_progress(&mut self, token: Option<&Value>, value: &Value) {
        if let Some(token) = token {
            self.client.notify("$/progress", json!({ "token": token, "value": value }));
        }
    }

    pub(super) fn workspace_progress(&mut self, progress: Progress) {
        match progress {
            Progress::Checked(checked, done, of) => {
                let Checked { uri, file, engine, report } = *checked;
                self.checked(&Document::closed(uri, file).checked(engine, report), done, of);
            }
            Progress::Failed(message) => self.client.log(MessageType::Warning, &message),
            Progress::Finished => {
                let Some(run) = self.checking.running.take() else { return };
                self.report_progress(run.token.as_ref(), &json!({ "kind": "end" }));
                if let Some((id, _)) = run.pull {
                    let report = WorkspaceDiagnosticReport { items: run.items };
                    self.client.answer(&id, Ok(json!(report)));
                }
            }
        }
    }

    fn checked(&mut self, document: &Document, done: usize, of: usize) {
        let Some(run) = &mut self.checking.running else { return };
        let view = View { document, settings: &self.settings, support: &self.client.support };
        let token = run.token.clone();
        if let Some((_, known)) = &run.pull {
            run.items.push(pulled(&view, known));
        } else if self.documents.get(&document.uri).is_none() {
            let published = diagnostics::published(&view);
            self.client.notify("textDocument/publishDiagnostics", published);
            self.checking.published.insert(document.uri.clone());
        }
        let message = format!("{done} of {of}");
        self.report_progress(
            token.as_ref(),
            &json!({
                "kind": "report", "message": message, "percentage": done * 100 / of.max(1),
            }),
        );
    }

    /// The client wants to see no more of it.
    pub(super) fn cancel_progress(&mut self, token: &Value) {
        if self.checking.running.as_ref().is_some_and(|run| run.token.as_ref() == Some(token)) {
            self.checking.stop();
        }
    }

    /// The client takes back a pull that waits or runs.
    pub(super) fn cancel_workspace_pull(&mut self, id: &Value) {
        let Ok(id) = serde_json::from_value::<RequestId>(id.clone()) else { return };
        if self.checking.waiting.as_ref().is_some_and(|(waiting, _)| *waiting == id) {
            self.checking.waiting = None;
            self.refuse_cancelled(&id);
            return;
        }
        let Some(run) = &mut self.checking.running else { return };
        if run.pull.as_ref().is_some_and(|(pull, _)| *pull == id) {
            run.stop.store(true, Ordering::Relaxed);
            run.pull = None;
            self.checking.up_to_date = false;
            self.refuse_cancelled(&id);
        }
    }

    /// `workspace/didChangeWatchedFiles`
    pub(super) fn files_changed(&mut self, params: &Value) {
        const DELETED: u64 = 3;
        let changes = params["changes"].as_array().into_iter().flatten();
        let changes: Vec<(&str, bool)> = changes
            .filter_map(|change| Some((change["uri"].as_str()?, change["type"].as_u64() == Some(DELETED))))
            .collect();
        let is_configuration = |uri: &str| uri.ends_with("/dflint.toml") || uri.ends_with("/.dflint.toml");
        for &(uri, deleted) in &changes {
            if deleted && self.documents.get(uri).is_none() {
                self.forget(uri);
            }
        }
        if changes.iter().any(|(uri, _)| is_configuration(uri)) {
            self.rules_changed();
        }
        self.checking.outdated();
    }

    /// Asks to be told of what changes: `initialized` has come.
    pub(super) fn register(&mut self) {
        let support = self.client.support;
        let mut registrations = Vec::new();
        if support.register_watchers {
            let globs = [
                "**/{dflint,.dflint}.toml",
                "**/{[Dd]ockerfile,[Cc]ontainerfile}",
                "**/{[Dd]ockerfile,[Cc]ontainerfile}.*",
                "**/*.{[Dd]ockerfile,[Cc]ontainerfile}",
            ];
            let watchers: Vec<Value> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
            registrations.push(json!({
                "id": "watch", "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            }));
        }
        if support.register_settings {
            registrations.push(json!({
                "id": "settings", "method": "workspace/didChangeConfiguration",
                "registerOptions": { "section": "dflint" },
            }));
        }
        if !registrations.is_empty() {
            let parameters = json!({ "registrations": registrations });
            self.client.request("client/registerCapability", &parameters, Asked::Formality);
        }
    }
}

/// Checks the Dockerfiles of the folders, but those that are open.
fn check(
    folders: &[PathBuf],
    open: &BTreeSet<String>,
    settings: &Settings,
    events: &Sender<Event>,
    stop: &AtomicBool,
) {
    let mut engines = engines(settings);
    let found = discover(folders, |folder| engines.exclusion(folder)).files;
    let found: Vec<(String, PathBuf)> = found
        .into_iter()
        .map(|path| (uri::of_path(&path), path))
        .filter(|(uri, _)| !open.contains(uri))
        .collect();
    for (index, (uri, path)) in found.iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let progress = match crate::files::read(path) {
            Ok(file) => {
                let engine = engine(&mut engines, path);
                let report = engine.as_ref().map(|engine| engine.check(&file)).unwrap_or_default();
                let checked = Checked { uri: uri.clone(), file, engine, report };
                Progress::Checked(Box::new(checked), index + 1, found.len())
            }
            Err(message) => Progress::Failed(format!("{}: {message}", path.display())),
        };
        if events.send(Event::Workspace(progress)).is_err() {
            return;
        }
    }
}

/// What a pull gets to know of a file.
fn pulled(view: &View<'_>, known: &BTreeMap<String, String>) -> WorkspaceDocumentDiagnosticReport {
    let result_id = diagnostics::result_id(view);
    if known.get(&view.document.uri) == Some(&result_id) {
        return WorkspaceUnchangedDocumentDiagnosticReport {
            uri: view.uri(),
            version: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        }
        .into();
    }
    WorkspaceFullDocumentDiagnosticReport {
        uri: view.uri(),
        version: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport {
            result_id: Some(result_id),
            items: diagnostics::all(view),
        },
    }
    .into()
}
