//! A client of `dflint lsp`, as editors are: messages over standard input and output.

#![allow(clippy::needless_pass_by_value, reason = "what is sent is made where it is sent")]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// Far more than any answer takes: a test that waits as long hangs.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) const URI: &str = "file:///work/Dockerfile";

/// A server, and what it has said that nobody has asked for yet.
pub(crate) struct Client {
    process: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    unread: VecDeque<Value>,
    last_id: i32,
}

impl Client {
    /// A server that is not initialized.
    pub(crate) fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_dflint"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, messages) = mpsc::channel();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = process.stdin.take();
        Self { process, input, messages, unread: VecDeque::new(), last_id: 0 }
    }

    /// A server for a client that can do what `capabilities` says, with these settings.
    pub(crate) fn initialized(capabilities: &Value, settings: &Value) -> Self {
        let mut client = Self::start();
        let result = client.request(
            "initialize",
            json!({ "processId": null, "rootUri": null, "capabilities": capabilities,
                    "initializationOptions": settings }),
        );
        assert_eq!(result.unwrap()["serverInfo"]["name"], "dflint");
        client.notify("initialized", json!({}));
        client
    }

    /// A server for a client that waits for what is published.
    pub(crate) fn new() -> Self {
        Self::initialized(&capabilities("utf-16"), &json!({ "buildPlatform": "linux/amd64" }))
    }

    /// The same with a document open.
    pub(crate) fn with(text: &str) -> Self {
        let mut client = Self::new();
        client.open(URI, text);
        client
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request without waiting for the answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i32 {
        self.last_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    /// Asks, and waits for the result or the error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        let answer = self.wait(|message| message["id"] == id && message["method"].is_null());
        if answer["error"].is_null() { Ok(answer["result"].clone()) } else { Err(answer["error"].clone()) }
    }

    /// The next message that is wanted; the others stay for later.
    pub(crate) fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unread.iter().position(&is_wanted) {
            return self.unread.remove(at).unwrap();
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("an answer of the server");
            if is_wanted(&message) {
                return message;
            }
            self.unread.push_back(message);
        }
    }

    pub(crate) fn wait_for(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method)["params"].take()
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "dockerfile", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The findings that are published of a version.
    pub(crate) fn published(&mut self, uri: &str, version: i32) -> Value {
        self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["version"] == version
        })["params"]["diagnostics"]
            .take()
    }

    /// Asks about the document [`URI`].
    pub(crate) fn about(&mut self, method: &str) -> Value {
        self.request(method, json!({ "textDocument": { "uri": URI } })).unwrap()
    }

    /// Ends the server as the protocol has it.
    pub(crate) fn shut_down(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.status()
    }

    /// Closes the pipe, and waits for the end.
    pub(crate) fn status(&mut self) -> Option<i32> {
        self.input = None;
        self.process.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A client that counts columns in that unit, and knows about everything else.
pub(crate) fn capabilities(encoding: &str) -> Value {
    json!({
        "general": { "positionEncodings": [encoding] },
        "workspace": {
            "applyEdit": true, "workspaceEdit": { "documentChanges": true }, "textDocumentContent": {},
        },
        "window": { "workDoneProgress": true },
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "versionSupport": true, "tagSupport": { "valueSet": [1] },
                "codeDescriptionSupport": true, "dataSupport": true,
            },
            "hover": { "contentFormat": ["markdown"] },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": { "dataSupport": true, "resolveSupport": { "properties": ["edit"] } },
        },
    })
}

fn read(input: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().ok()?;
        } else if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
