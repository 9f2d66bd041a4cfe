//! Edits, of any kind and in every unit of columns, leave the server with what a fresh one would make of the text.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::client::{Client, URI, capabilities};
use crate::text::{ENCODINGS, edited, range};

/// What people and programs insert, and what is hard to count.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    " ",
    "\\\n",
    "😀",
    "ü",
    "日本",
    "e\u{301}",
    "\u{feff}",
    "\t",
    "\"",
    "'",
    "$",
    "${",
    "}",
    "#",
    "=",
    "FROM golang:1.25-alpine AS build\n",
    "FROM --platform=$BUILDPLATFORM golang AS b\r\n",
    "RUN CGO_ENABLED=0 go build -o /app .\n",
    "RUN go build -o /app . # 😀\n",
    "COPY --from=build /app /app\n",
    "ARG TARGETARCH=amd64\n",
    "ARG TARGETARCH\n",
    "RUN <<EOF\necho ü\nEOF\n",
    "# escape=`\n",
    "FROM scratch\n",
];

/// A change: where it begins and ends, as parts of the text, and what it inserts; or the whole text anew.
#[derive(Clone, Debug)]
enum Change {
    Part(Index, Index, Vec<&'static str>),
    Insertion(Index, Vec<&'static str>),
    AtTheEnd(&'static str),
    AtTheStart(&'static str),
    Whole,
}

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let piece = || prop::sample::select(PIECES);
    let pieces = || prop::collection::vec(piece(), 0..4);
    let change = prop_oneof![
        4 => (any::<Index>(), any::<Index>(), pieces()).prop_map(|(a, b, text)| Change::Part(a, b, text)),
        6 => (any::<Index>(), pieces()).prop_map(|(at, text)| Change::Insertion(at, text)),
        2 => piece().prop_map(Change::AtTheEnd),
        2 => piece().prop_map(Change::AtTheStart),
        1 => Just(Change::Whole),
    ];
    prop::collection::vec(prop::collection::vec(change, 1..4), 1..8)
}

/// Files to begin with.
fn texts() -> Vec<String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/go");
    let mut paths: Vec<_> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "Dockerfile"));
    paths.sort();
    let mut texts: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    texts.push(texts[0].replace('\n', "\r\n"));
    texts.extend(["", "\u{feff}FROM 😀", "FROM a\r\rRUN b"].map(str::to_owned));
    texts
}

/// Makes a change in `text`; what the client sends of it.
fn make(change: &Change, text: &mut String, encoding: &str) -> Value {
    let boundaries: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        // No editor has a cursor within a line ending.
        .filter(|&at| !(at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n')))
        .collect();
    let (start, end, new) = match change {
        Change::Part(a, b, pieces) => {
            let (a, b) = (*a.get(&boundaries), *b.get(&boundaries));
            // Long deletions leave nothing to test.
            let start = a.min(b);
            let end = a.max(b).min(start + 40);
            let end = boundaries.iter().copied().filter(|&at| at <= end).max().unwrap();
            (start, end.max(start), pieces.concat())
        }
        Change::Insertion(at, pieces) => (*at.get(&boundaries), *at.get(&boundaries), pieces.concat()),
        Change::AtTheEnd(piece) => (text.len(), text.len(), (*piece).to_owned()),
        Change::AtTheStart(piece) => (0, 0, (*piece).to_owned()),
        Change::Whole => {
            let new = text.replace("go ", "go  ");
            text.clone_from(&new);
            return json!({ "text": new });
        }
    };
    let sent = json!({ "range": range(text, start, end, encoding), "text": new });
    text.replace_range(start..end, &new);
    sent
}

fn view_text(client: &mut Client) -> Value {
    client
        .request(
            "workspace/executeCommand",
            json!({ "command": "dflint.server.viewText", "arguments": [URI] }),
        )
        .unwrap()
}

/// What a server says of a document: everything that it would also say of the same text if it were new.
fn all(client: &mut Client, end: &Value) -> Value {
    let everything = json!({ "start": { "line": 0, "character": 0 }, "end": end });
    let about = json!({ "uri": URI });
    let actions = client
        .request(
            "textDocument/codeAction",
            json!({
                "textDocument": about, "range": everything, "context": { "diagnostics": [] },
            }),
        )
        .unwrap();
    let hints = client
        .request("textDocument/inlayHint", json!({ "textDocument": about, "range": everything }))
        .unwrap();
    // The version is another one; what is left are titles, kinds and edits.
    let actions: Vec<Value> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| json!([action["title"], action["edit"]["documentChanges"][0]["edits"]]))
        .collect();
    json!([
        view_text(client),
        actions,
        hints,
        client.about("textDocument/documentSymbol"),
        client.about("textDocument/semanticTokens/full"),
        client.about("textDocument/foldingRange"),
    ])
}

fn edits_keep_the_server_in_step(encoding: &str) {
    let settings = json!({ "buildPlatform": "linux/amd64" });
    let texts = texts();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let close = json!({ "textDocument": { "uri": URI } });
    runner
        .run(&(prop::sample::select(texts), changes()), |(mut text, rounds)| {
            let mut server = Client::initialized(&capabilities(encoding), &settings);
            let mut fresh = Client::initialized(&capabilities(encoding), &settings);
            server.open(URI, &text);
            server.published(URI, 1);
            for (round, changes) in rounds.iter().enumerate() {
                let version = i32::try_from(round).unwrap() + 2;
                let sent: Vec<Value> =
                    changes.iter().map(|change| make(change, &mut text, encoding)).collect();
                server.change(URI, version, json!(sent));
                let findings = server.published(URI, version);
                fresh.open(URI, &text);
                let expected = fresh.published(URI, 1);
                prop_assert_eq!(&findings, &expected, "{:?}", text);
                let end = range(&text, 0, text.len(), encoding)["end"].take();
                let (own, other) = (all(&mut server, &end), all(&mut fresh, &end));
                prop_assert_eq!(own[0].as_str(), Some(text.as_str()));
                prop_assert_eq!(own, other, "{:?}", text);
                fixes_can_be_made(&findings, &text, encoding);
                fresh.notify("textDocument/didClose", close.clone());
                fresh.wait_for("textDocument/publishDiagnostics");
            }
            prop_assert_eq!(server.shut_down(), Some(0));
            Ok(())
        })
        .unwrap();
}

/// The edits in the findings' data are edits of this text.
fn fixes_can_be_made(findings: &Value, text: &str, encoding: &str) {
    for finding in findings.as_array().unwrap() {
        for fix in finding["data"]["fixes"].as_array().into_iter().flatten() {
            assert_ne!(edited(text, &fix["edits"], encoding), text);
        }
    }
}

#[test]
fn edits_in_utf_8() {
    edits_keep_the_server_in_step(ENCODINGS[0]);
}

#[test]
fn edits_in_utf_16() {
    edits_keep_the_server_in_step(ENCODINGS[1]);
}

#[test]
fn edits_in_utf_32() {
    edits_keep_the_server_in_step(ENCODINGS[2]);
}

#[test]
fn places_that_the_text_does_not_have_are_taken_for_the_nearest() {
    let mut client = Client::with("FROM scratch\n# ü\n");
    client.published(URI, 1);
    let at = |line: u32, character: u32| json!({ "line": line, "character": character });
    // Behind the end of a line, behind the last line, and the wrong way round.
    for (version, start, end, expected) in [
        (2, at(1, 99), at(1, 99), "FROM scratch\n# üx\n"),
        (3, at(99, 0), at(99, 7), "FROM scratch\n# üx\nx"),
        (4, at(1, 3), at(1, 2), "FROM scratch\n# xx\nx"),
    ] {
        client.change(URI, version, json!([{ "range": { "start": start, "end": end }, "text": "x" }]));
        assert_eq!(view_text(&mut client), expected);
    }
}

/// A short soak: memory is for `tests/lsp/soak` to watch over a longer time; here nothing must be lost on the way.
#[test]
fn many_edits_in_one_go_are_all_made() {
    let mut client = Client::with("FROM scratch\n");
    let mut text = "FROM scratch\n".to_owned();
    for version in 2..1_000 {
        let piece = PIECES[usize::try_from(version).unwrap() % PIECES.len()];
        let start = if version % 7 == 0 { text.len().saturating_sub(50) } else { text.len() };
        let start =
            (0..=start).rev().find(|&at| text.is_char_boundary(at) && !text[..at].ends_with('\r')).unwrap();
        let sent = json!({ "range": range(&text, start, text.len(), "utf-16"), "text": piece });
        text.replace_range(start.., piece);
        client.change(URI, version, json!([sent]));
    }
    assert_eq!(view_text(&mut client), text);
    client.published(URI, 999);
    assert_eq!(client.shut_down(), Some(0));
}
