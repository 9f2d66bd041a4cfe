//! The life of the server, and which capability answers which message.

use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use dflint::engine::Engine;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, ResponseError};
use lsp_types::MessageType;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::files::configuration::Configurations;
use crate::files::engines::{Checks, Engines};

use super::Event;
use super::client::{Asked, Client, Support};
use super::documents::{Document, Documents};
use super::settings::Settings;
use super::view::View;
use super::workspace::Checking;
use super::{capabilities, diagnostics, uri};

/// The server.
pub(super) struct Server {
    pub(super) client: Client,
    stage: LifeStage,
    pub(super) settings: Settings,
    engines: Engines,
    pub(super) documents: Documents,
    pub(super) folders: Vec<PathBuf>,
    pub(super) events: Sender<Event>,
    pub(super) checking: Checking,
    /// The rules that have failed: each is spoken of once.
    failed_rules: BTreeSet<&'static str>,
}

/// How far client and server have got with each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum LifeStage {
    New,
    Initialized,
    ShutDown,
}

/// Why a request gets no result.
#[derive(Debug)]
pub(super) struct Failure {
    code: ErrorCode,
    message: String,
}

impl Failure {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl From<Failure> for ResponseError {
    fn from(failure: Failure) -> Self {
        Self { code: failure.code as i32, message: failure.message, data: None }
    }
}

/// Reads parameters.
pub(super) fn parameters<T: DeserializeOwned>(method: &str, value: Value) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|error| Failure::new(ErrorCode::InvalidParams, format!("{method}: {error}")))
}

impl Server {
    pub(super) fn new(client: Client, events: Sender<Event>) -> Self {
        Self {
            client,
            stage: LifeStage::New,
            settings: Settings::default(),
            engines: engines(&Settings::default()),
            documents: Documents::default(),
            folders: Vec::new(),
            events,
            checking: Checking::default(),
            failed_rules: BTreeSet::new(),
        }
    }

    /// Does what an event asks for. The end of the server: whether the client said that it would go.
    pub(super) fn handle(&mut self, event: Event) -> Option<bool> {
        match event {
            Event::Message(Message::Request(request)) => self.request(request),
            Event::Message(Message::Notification(it)) if it.method == "exit" => {
                return Some(self.stage == LifeStage::ShutDown);
            }
            Event::Message(Message::Notification(notification)) => self.notification(notification),
            Event::Message(Message::Response(response)) => {
                let asked = self.client.answered(&response.id);
                if let (Some(Asked::Settings), Ok(result)) = (asked, response.response_result) {
                    self.take_settings(&result[0]);
                }
            }
            Event::Refused(answer) => self.client.send(&answer),
            Event::Ignored => {}
            Event::Workspace(progress) => self.workspace_progress(progress),
            Event::Closed => return Some(self.stage == LifeStage::ShutDown),
        }
        None
    }

    pub(super) fn refuse_cancelled(&mut self, id: &RequestId) {
        let failure = Failure::new(ErrorCode::RequestCanceled, "cancelled by the client");
        self.client.answer(id, Err(failure.into()));
    }

    /// A request never ends the server: a panic is answered as an internal error.
    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if method == "workspace/diagnostic" && self.stage == LifeStage::Initialized {
            return self.pull_workspace(id, params);
        }
        let answer = panic::catch_unwind(AssertUnwindSafe(|| self.answer(&method, params)));
        let answer = answer.unwrap_or_else(|_| {
            let message = format!("dflint failed on {method}, which is an error in dflint; please report it");
            self.client.log(MessageType::Error, &message);
            Err(Failure::new(ErrorCode::InternalError, message))
        });
        self.client.answer(&id, answer.map_err(Into::into));
        if method == "shutdown" {
            self.checking.stop();
        }
    }

    fn answer(&mut self, method: &str, params: Value) -> Result<Value, Failure> {
        match (self.stage, method) {
            (LifeStage::New, "initialize") => Ok(self.initialize(&params)),
            (LifeStage::New, _) => {
                Err(Failure::new(ErrorCode::ServerNotInitialized, "the first request is `initialize`"))
            }
            (_, "initialize") => Err(Failure::new(ErrorCode::InvalidRequest, "`initialize` comes once")),
            (LifeStage::ShutDown, _) => {
                Err(Failure::new(ErrorCode::InvalidRequest, "behind `shutdown` only `exit` comes"))
            }
            (LifeStage::Initialized, "shutdown") => {
                self.stage = LifeStage::ShutDown;
                Ok(Value::Null)
            }
            (LifeStage::Initialized, "workspace/executeCommand") => {
                self.execute(&parameters(method, params)?)
            }
            (LifeStage::Initialized, _) => self.answer_about_document(method, params),
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.client.support = Support::read(params);
        self.folders = folders(params);
        let options = &params["initializationOptions"];
        self.take_settings(if options["dflint"].is_object() { &options["dflint"] } else { options });
        self.stage = LifeStage::Initialized;
        serde_json::to_value(capabilities::initialize_result(&self.client.support))
            .expect("types of the protocol are JSON")
    }

    pub(super) fn take_settings(&mut self, value: &Value) {
        let (settings, mistakes) = Settings::read(value);
        self.settings = settings;
        for mistake in mistakes {
            self.client.show(MessageType::Warning, &mistake);
        }
        self.rules_changed();
    }

    /// Checks everything anew.
    pub(super) fn rules_changed(&mut self) {
        self.engines = engines(&self.settings);
        for document in self.documents.iter_mut() {
            document.check_with(engine(&mut self.engines, document.file.path()));
        }
        self.show_problems();
        self.checking.outdated();
        let support = self.client.support;
        if support.pull_diagnostics && support.refresh_diagnostics && self.stage == LifeStage::Initialized {
            self.client.request("workspace/diagnostic/refresh", &Value::Null, Asked::Formality);
        }
        if support.refresh_hints && self.stage == LifeStage::Initialized {
            self.client.request("workspace/inlayHint/refresh", &Value::Null, Asked::Formality);
        }
    }

    /// Takes in a document that was opened.
    pub(super) fn open(&mut self, mut document: Document) {
        document.check_with(engine(&mut self.engines, document.file.path()));
        self.documents.open(document);
        self.show_problems();
    }

    /// Shows what is wrong with configuration files.
    fn show_problems(&mut self) {
        for problem in self.engines.take_problems() {
            self.client.show(MessageType::Error, &problem);
        }
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        if self.stage != LifeStage::Initialized {
            return;
        }
        let done = panic::catch_unwind(AssertUnwindSafe(|| self.take_note(&method, params)));
        match done {
            Ok(Ok(())) => {}
            // Nobody waits for an answer to a notification: what is wrong goes into the log.
            Ok(Err(failure)) => self.client.log(MessageType::Error, &failure.message),
            Err(_) => {
                let message =
                    format!("dflint failed on {method}, which is an error in dflint; please report it");
                self.client.log(MessageType::Error, &message);
            }
        }
    }

    /// Calls `ask` with the document, open or on the disk.
    pub(super) fn with_document<T>(
        &mut self,
        uri: &str,
        ask: impl FnOnce(&View<'_>) -> T,
    ) -> Result<T, Failure> {
        let on_disk;
        let document = if let Some(document) = self.documents.get(uri) {
            document
        } else {
            let mut read = read(uri).map_err(|message| {
                Failure::new(ErrorCode::InvalidParams, format!("{uri} is not open: {message}"))
            })?;
            read.check_with(engine(&mut self.engines, read.file.path()));
            on_disk = read;
            &on_disk
        };
        Ok(ask(&View { document, settings: &self.settings, support: &self.client.support }))
    }

    /// Tells the client what it has not been told yet. Called when no message waits.
    pub(super) fn settle(&mut self) {
        if self.stage != LifeStage::Initialized {
            return;
        }
        let push = !self.client.support.pull_diagnostics;
        let mut messages = Vec::new();
        let mut failures = Vec::new();
        for document in self.documents.iter().filter(|document| document.untold.replace(false)) {
            let view = View { document, settings: &self.settings, support: &self.client.support };
            if push {
                let published = panic::catch_unwind(AssertUnwindSafe(|| diagnostics::published(&view)));
                match published {
                    Ok(published) => messages.push(published),
                    Err(_) => failures.push(("the file", document.uri.clone())),
                }
            }
        }
        for message in messages {
            self.client.notify("textDocument/publishDiagnostics", message);
        }
        for (what, uri) in failures {
            let message =
                format!("dflint failed on {what} {uri}, which is an error in dflint; please report it");
            self.client.log(MessageType::Error, &message);
        }
        self.log_failed_rules();
        self.resume_workspace_pull();
    }

    /// Says once of each rule that it failed.
    fn log_failed_rules(&mut self) {
        let failures: Vec<(&'static str, String)> = self
            .documents
            .iter()
            .filter_map(|document| Some((document.known_report()?, &document.uri)))
            .flat_map(|(report, uri)| report.failures.iter().map(move |code| (*code, uri.clone())))
            .collect();
        for (code, uri) in failures {
            if self.failed_rules.insert(code) {
                let message = format!(
                    "{code} failed on {uri}, which is an error in dflint; please report it with the file"
                );
                self.client.log(MessageType::Error, &message);
            }
        }
    }
}

/// The engines for files below any folder, each with its nearest configuration.
pub(super) fn engines(settings: &Settings) -> Engines {
    let configurations = Configurations::new(None, true).expect("only a file that is named can be missing");
    Engines::new(configurations, settings.flags.clone())
}

/// What checks a file. Where its configuration is broken, that is told, and the settings alone count.
pub(super) fn engine(engines: &mut Engines, path: &Path) -> Option<Arc<Engine>> {
    match engines.of(path) {
        Checks::With(engine) => Some(engine),
        Checks::Unasked(_) => None,
        Checks::Nothing => Some(engines.without_configuration()),
    }
}

/// Reads a document that is not open.
pub(super) fn read(uri: &str) -> Result<Document, String> {
    let path = uri::to_path(uri).ok_or("and it is not a file")?;
    Ok(Document::closed(uri.to_owned(), crate::files::read(&path)?))
}

/// The folders that the editor has open.
fn folders(params: &Value) -> Vec<PathBuf> {
    let of = |value: &Value| value.as_str().and_then(uri::to_path);
    match params["workspaceFolders"].as_array() {
        Some(folders) => folders.iter().filter_map(|folder| of(&folder["uri"])).collect(),
        None => of(&params["rootUri"]).into_iter().collect(),
    }
}
