//! Beginning and end, what is wrong, what is cancelled, settings, files and folders.

use serde_json::{Value, json};

use crate::client::{Client, URI, capabilities};

/// A stage that can be fixed.
const GO: &str = "FROM golang:1.25-alpine AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n";

#[test]
fn shutdown_and_exit_end_it_with_0() {
    assert_eq!(Client::new().shut_down(), Some(0));
}

#[test]
fn exit_alone_ends_it_with_1() {
    let mut client = Client::new();
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), Some(1));
    assert_eq!(Client::start().status(), Some(1), "a client that is gone");
}

#[test]
fn what_comes_too_early_or_too_late_is_refused() {
    let mut client = Client::start();
    assert_eq!(client.request("textDocument/hover", json!({})).unwrap_err()["code"], -32002);
    client.notify("textDocument/didOpen", json!({}));
    client.request("initialize", json!({ "capabilities": {} })).unwrap();
    // Before `initialized`, too.
    client.request("workspace/executeCommand", json!({ "command": "x" })).unwrap_err();
    assert_eq!(client.request("initialize", json!({})).unwrap_err()["code"], -32600);
    client.request("shutdown", Value::Null).unwrap();
    assert_eq!(client.request("textDocument/hover", json!({})).unwrap_err()["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), Some(0));
}

#[test]
fn wrong_types_cost_a_capability_and_not_the_session() {
    let mut client = Client::start();
    let capabilities = json!({
        "general": { "positionEncodings": "utf-8" }, "textDocument": [], "workspace": { "applyEdit": "yes" },
    });
    let result = client.request(
        "initialize",
        json!({ "capabilities": capabilities, "workspaceFolders": 5, "initializationOptions": [1] }),
    );
    assert_eq!(result.unwrap()["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn the_server_lives_on_behind_what_is_wrong() {
    let mut client = Client::with(GO);
    let code = |client: &mut Client| {
        client.wait(|message| message["id"].is_null() && message["error"].is_object())["error"]["code"].take()
    };
    client.send_bytes(b"Content-Length: 3\r\n\r\n{{{");
    assert_eq!(code(&mut client), -32700);
    client.send_bytes(b"Content-Length: 2\r\n\r\n\xff\xfe");
    assert_eq!(code(&mut client), -32700);
    client.send_bytes(b"nonsense\r\n\r\n");
    assert_eq!(code(&mut client), -32700);
    client.send(&json!([]));
    assert_eq!(code(&mut client), -32600);
    let mut unknown = client.request("textDocument/frobnicate", json!({})).unwrap_err();
    assert_eq!(
        (unknown["code"].take(), unknown["message"].as_str()),
        (json!(-32601), Some("there is no method `textDocument/frobnicate`"))
    );
    assert_eq!(
        client.request("textDocument/hover", json!({ "textDocument": 1 })).unwrap_err()["code"],
        -32602
    );
    let closed =
        json!({ "textDocument": { "uri": "untitled:1" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", closed).unwrap_err()["code"], -32602);
    // A change of a document that is not open goes into the log.
    client.change("file:///other", 2, json!([{ "text": "" }]));
    let log = client.wait_for("window/logMessage");
    assert_eq!(log["message"], "textDocument/didChange: file:///other is not open");
    client.notify("$/whatever", json!({}));
    // Answers to nothing are no matter.
    client.send(&json!({ "jsonrpc": "2.0", "id": 77, "result": null }));
    assert_eq!(client.published(URI, 1)[0]["code"], "XC101");
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn a_request_that_is_cancelled_in_time_is_answered_so() {
    let mut client = Client::with(GO);
    // All in one write, so that the server finds them waiting together.
    let mut bytes = Vec::new();
    let mut frame = |message: Value| {
        let text = message.to_string();
        bytes.extend(format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes());
    };
    let about = json!({ "textDocument": { "uri": URI } });
    for id in 1000..1100 {
        frame(
            json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/documentSymbol", "params": about }),
        );
    }
    frame(json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 1099 } }));
    client.send_bytes(&bytes);
    for id in 1000..1100 {
        let answer = client.wait(|message| message["id"] == id);
        // Each is answered once; the last may have been quicker than the cancellation.
        let cancelled = answer["error"]["code"] == -32800;
        assert!(cancelled || answer["result"].is_array(), "{answer}");
        assert!(!cancelled || id == 1099, "{answer}");
    }
    // One that is answered already, or was never asked.
    client.notify("$/cancelRequest", json!({ "id": 1000 }));
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn the_encoding_is_agreed_on() {
    for (offered, agreed) in [
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-8", "utf-16"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-32"),
        (json!([]), "utf-16"),
    ] {
        let mut client = Client::start();
        let capabilities = json!({ "general": { "positionEncodings": offered } });
        let result = client.request("initialize", json!({ "capabilities": capabilities })).unwrap();
        assert_eq!(result["capabilities"]["positionEncoding"], agreed);
    }
}

#[test]
fn a_closed_document_has_no_findings_and_an_opened_one_has() {
    let mut client = Client::with(GO);
    assert_eq!(client.published(URI, 1)[0]["code"], "XC101");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    let gone = client.wait_for("textDocument/publishDiagnostics");
    assert_eq!((gone["uri"].as_str(), gone["diagnostics"].as_array().map(Vec::len)), (Some(URI), Some(0)));
    client.open("untitled:Untitled-1", GO);
    assert_eq!(client.published("untitled:Untitled-1", 1)[0]["code"], "XC101");
}

#[test]
fn settings_are_taken_at_the_start_and_on_change() {
    let mut client = Client::initialized(&capabilities("utf-16"), &json!({ "ignore": ["XC101"] }));
    client.open(URI, GO);
    assert_eq!(client.published(URI, 1), json!([]));
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "dflint": { "select": ["XC1"] } } }),
    );
    assert_eq!(client.published(URI, 1)[0]["code"], "XC101");
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "dflint": { "ignore": ["XC999"] } } }),
    );
    assert_eq!(client.wait_for("window/showMessage")["message"], "dflint.ignore: unknown rule `XC999`");
}

#[test]
fn settings_are_asked_for_where_the_client_answers() {
    let mut capabilities = capabilities("utf-16");
    capabilities["workspace"]["configuration"] = json!(true);
    let mut client = Client::initialized(&capabilities, &Value::Null);
    client.open(URI, GO);
    assert_eq!(client.published(URI, 1)[0]["code"], "XC101");
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    let asked = client.wait(|message| message["method"] == "workspace/configuration");
    assert_eq!(asked["params"]["items"][0]["section"], "dflint");
    client.send(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": [{ "ignore": ["XC1"] }] }));
    assert_eq!(client.published(URI, 1), json!([]));
}

#[test]
fn clients_that_pull_are_not_pushed_to() {
    let mut capabilities = capabilities("utf-16");
    capabilities["textDocument"]["diagnostic"] = json!({});
    let mut client = Client::initialized(&capabilities, &Value::Null);
    client.open(URI, GO);
    let report = client.about("textDocument/diagnostic");
    assert_eq!((report["kind"].as_str(), &report["items"][0]["code"]), (Some("full"), &json!("XC101")));
    let again = json!({ "textDocument": { "uri": URI }, "previousResultId": report["resultId"] });
    let report = client.request("textDocument/diagnostic", again.clone()).unwrap();
    assert_eq!(report["kind"], "unchanged");
    client.change(URI, 2, json!([{ "text": "FROM scratch\n" }]));
    let report = client.request("textDocument/diagnostic", again).unwrap();
    assert_eq!((report["kind"].as_str(), &report["items"]), (Some("full"), &json!([])));
}

/// A folder with two Dockerfiles, and its URI.
fn workspace() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Dockerfile"), GO).unwrap();
    std::fs::create_dir(folder.path().join("a b")).unwrap();
    std::fs::write(folder.path().join("a b/web.Dockerfile"), "FROM scratch\nCOPY\n").unwrap();
    let uri = format!("file://{}", folder.path().canonicalize().unwrap().display());
    (folder, uri)
}

fn in_folder(capabilities: &Value, uri: &str) -> Client {
    let mut client = Client::start();
    let folders = json!([{ "uri": uri, "name": "work" }]);
    client
        .request("initialize", json!({ "capabilities": capabilities, "workspaceFolders": folders }))
        .unwrap();
    client.notify("initialized", json!({}));
    client
}

#[test]
fn a_workspace_is_checked_with_progress() {
    let (_folder, uri) = workspace();
    let mut client = in_folder(&capabilities("utf-16"), &uri);
    client.request("workspace/executeCommand", json!({ "command": "dflint.server.checkWorkspace" })).unwrap();
    let create = client.wait(|message| message["method"] == "window/workDoneProgress/create");
    client.send(&json!({ "jsonrpc": "2.0", "id": create["id"], "result": null }));
    let kinds: Vec<Value> = (0..4).map(|_| client.wait_for("$/progress")["value"]["kind"].take()).collect();
    assert_eq!(kinds, ["begin", "report", "report", "end"]);
    let mut published: Vec<(String, Value)> = (0..2)
        .map(|_| {
            let mut params = client.wait_for("textDocument/publishDiagnostics");
            (params["uri"].as_str().unwrap().replace(&uri, ""), params["diagnostics"][0]["code"].take())
        })
        .collect();
    published.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(published[0], ("/Dockerfile".to_owned(), json!("XC101")));
    assert_eq!(published[1], ("/a%20b/web.Dockerfile".to_owned(), json!("syntax-error")));
    // What is deleted has no findings any more.
    let deleted = json!({ "changes": [{ "uri": format!("{uri}/Dockerfile"), "type": 3 }] });
    client.notify("workspace/didChangeWatchedFiles", deleted);
    let gone = client.wait_for("textDocument/publishDiagnostics");
    assert_eq!(gone["diagnostics"], json!([]));
}

#[test]
fn a_workspace_is_pulled_and_pulled_again_when_something_has_changed() {
    let (folder, uri) = workspace();
    let mut wants = capabilities("utf-16");
    wants["textDocument"]["diagnostic"] = json!({});
    let mut client = in_folder(&wants, &uri);
    let report = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    let items = report["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let known: Vec<Value> =
        items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    // The second answer waits for news.
    let second = client.ask("workspace/diagnostic", json!({ "previousResultIds": known }));
    std::fs::write(folder.path().join("Dockerfile"), "FROM scratch\n").unwrap();
    let changed = json!({ "changes": [{ "uri": format!("{uri}/Dockerfile"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    let answer = client.wait(|message| message["id"] == second);
    let mut kinds: Vec<&str> = answer["result"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["full", "unchanged"]);
    // One that waits can be cancelled.
    let third = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    client.notify("$/cancelRequest", json!({ "id": third }));
    assert_eq!(client.wait(|message| message["id"] == third)["error"]["code"], -32800);
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn closed_files_are_read_from_the_disk() {
    let (_folder, uri) = workspace();
    let mut client = in_folder(&capabilities("utf-16"), &uri);
    let about = json!({ "textDocument": { "uri": format!("{uri}/a%20b/web.Dockerfile") } });
    let symbols = client.request("textDocument/documentSymbol", about).unwrap();
    assert_eq!(symbols[0]["name"], "scratch");
}

#[test]
fn folders_come_and_go() {
    let (_folder, uri) = workspace();
    let mut client = Client::new();
    let folder = json!([{ "uri": uri, "name": "work" }]);
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        json!({ "event": { "added": folder, "removed": [] } }),
    );
    let report = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    assert_eq!(report["items"].as_array().unwrap().len(), 2);
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        json!({ "event": { "added": [], "removed": folder } }),
    );
    let report = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    assert_eq!(report["items"], json!([]));
}

#[test]
fn files_are_watched_where_the_client_can() {
    let mut capabilities = capabilities("utf-16");
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({ "dynamicRegistration": true });
    capabilities["workspace"]["didChangeConfiguration"] = json!({ "dynamicRegistration": true });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    let asked = client.wait(|message| message["method"] == "client/registerCapability");
    let methods: Vec<&Value> =
        asked["params"]["registrations"].as_array().unwrap().iter().map(|it| &it["method"]).collect();
    assert_eq!(methods, ["workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"]);
}

#[test]
fn configuration_files_count_and_are_read_again_when_they_change() {
    let (folder, uri) = workspace();
    let mut client = in_folder(&capabilities("utf-16"), &uri);
    let configuration = folder.path().join("dflint.toml");
    let changed = |text: &str, client: &mut Client| {
        std::fs::write(&configuration, text).unwrap();
        let changed = json!({ "changes": [{ "uri": format!("{uri}/dflint.toml"), "type": 2 }] });
        client.notify("workspace/didChangeWatchedFiles", changed);
    };
    let document = format!("{uri}/Dockerfile");
    client.open(&document, GO);
    assert_eq!(client.published(&document, 1)[0]["code"], "XC101");
    changed("ignore = [\"XC101\"]\n", &mut client);
    assert_eq!(client.published(&document, 1), json!([]));
    changed("ignor = []\n", &mut client);
    let message = client.wait_for("window/showMessage")["message"].take();
    assert!(message.as_str().unwrap().contains("dflint.toml:1"), "{message}");
    assert_eq!(client.published(&document, 1)[0]["code"], "XC101", "the mistake does not hide the findings");
    changed("exclude = [\"Dockerfile\"]\n", &mut client);
    assert_eq!(client.published(&document, 1), json!([]));
    changed("[platforms]\ntarget = [\"linux/s390x\"]\n", &mut client);
    client.published(&document, 1);
    let hover = client.request(
        "textDocument/hover",
        json!({ "textDocument": { "uri": document }, "position": { "line": 1, "character": 1 } }),
    );
    let hover = hover.unwrap()["contents"]["value"].take();
    assert!(hover.as_str().unwrap().contains("linux/s390x"), "{hover}");
}
