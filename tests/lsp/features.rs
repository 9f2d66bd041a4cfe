//! What the server says of a document, and what it does to it.

use serde_json::{Value, json};

use crate::client::{Client, URI, capabilities};
use crate::text::{edited, offset};

const TEXT: &str = "\
# syntax=docker/dockerfile:1
ARG GO_VERSION=1.25
FROM golang:${GO_VERSION}-alpine AS build
ARG VERSION=dev TARGETARCH
WORKDIR /src
RUN --mount=type=cache,target=/go/pkg/mod CGO_ENABLED=0 go build -ldflags=$VERSION -o /app .
RUN echo $TARGETARCH

FROM build AS test
RUN go test ./...

FROM scratch
# dflint ignore=XC101,emulated-build-stage
COPY --from=build /app /app
";

/// The document with `|` where the cursor is: what a request says of that place.
fn at_cursor(method: &str, marked: &str, more: &Value) -> (Client, Result<Value, Value>) {
    let at = marked.find('|').expect("a cursor");
    let text = marked.replacen('|', "", 1);
    let mut client = Client::with(&text);
    let line = text[..at].matches('\n').count();
    let column = text[..at].chars().rev().take_while(|c| *c != '\n').count();
    let mut params =
        json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": column } });
    for (key, value) in more.as_object().unwrap() {
        params[key] = value.clone();
    }
    let answer = client.request(method, params);
    (client, answer)
}

/// `TEXT` with the cursor in front of the `index`th `what`.
fn cursor(what: &str, index: usize) -> String {
    let at = TEXT.match_indices(what).nth(index).expect("in the text").0;
    format!("{}|{}", &TEXT[..at], &TEXT[at..])
}

fn hover(marked: &str) -> String {
    let (_client, answer) = at_cursor("textDocument/hover", marked, &json!({}));
    answer.unwrap()["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_finding_has_code_page_places_and_fixes() {
    let mut client = Client::with(
        "FROM golang:1.25-alpine AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n",
    );
    let finding = client.published(URI, 1)[0].take();
    assert_eq!(finding["code"], "XC101");
    assert_eq!(finding["codeDescription"]["href"], "dflint:/rules/XC101.md");
    assert_eq!(finding["severity"], 2);
    assert_eq!(finding["source"], "dflint");
    assert_eq!(finding["relatedInformation"][0]["location"]["range"]["start"]["line"], 1);
    let fix = &finding["data"]["fixes"][0];
    assert_eq!((fix["safe"].as_bool(), fix["edits"].as_array().map(Vec::len)), (Some(true), Some(3)));
    let page =
        client.request("workspace/textDocumentContent", json!({ "uri": "dflint:/rules/XC101.md" })).unwrap();
    assert!(page["text"].as_str().unwrap().starts_with("# XC101 emulated-build-stage"));
    client.request("workspace/textDocumentContent", json!({ "uri": "dflint:/rules/XC999.md" })).unwrap_err();
}

#[test]
fn what_has_no_effect_is_faded() {
    let mut client = Client::with("FROM scratch AS a\nFROM --platform=linux/arm64 a\n");
    let finding = client.published(URI, 1)[0].take();
    assert_eq!((finding["code"].as_str(), &finding["tags"]), (Some("XC301"), &json!([1])));
}

#[test]
fn a_client_that_knows_little_gets_little() {
    let mut client = Client::initialized(&json!({}), &json!({ "unsafeFixes": true }));
    client.open(URI, "FROM scratch AS a\nFROM --platform=linux/arm64 a\n");
    let params = client.wait_for("textDocument/publishDiagnostics");
    assert_eq!(params.get("version"), None);
    let finding = &params["diagnostics"][0];
    for key in ["tags", "relatedInformation", "codeDescription"] {
        assert_eq!(finding.get(key), None, "{key}");
    }
    let symbols = client.about("textDocument/documentSymbol");
    assert_eq!(symbols[1]["location"]["uri"], URI);
    let actions = actions(&mut client, None);
    let edit = &actions.iter().find(|action| action["kind"] == "source.fixAll.dflint").unwrap()["edit"];
    assert!(edit["changes"][URI].is_array(), "{edit}");
}

fn actions(client: &mut Client, only: Option<&str>) -> Vec<Value> {
    let everything =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let params = json!({ "textDocument": { "uri": URI }, "range": everything, "context": context });
    client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

/// The text after an action.
fn after(client: &mut Client, action: &Value, text: &str) -> String {
    let action = if action["edit"].is_null() {
        client.request("codeAction/resolve", action.clone()).unwrap()
    } else {
        action.clone()
    };
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": URI, "version": 1 }));
    edited(text, &change["edits"], "utf-16")
}

const TWO: &str = "FROM golang:1.25-alpine AS a\r\nRUN CGO_ENABLED=0 go build -o /a .\r\n\
                   FROM golang:1.25-alpine AS b\r\nRUN CGO_ENABLED=0 go build -o /b .\r\n\
                   FROM scratch\r\nCOPY --from=a /a /a\r\nCOPY --from=b /b /b\r\n";

#[test]
fn findings_are_fixed_one_by_one_by_rule_and_all_together() {
    let mut client = Client::with(TWO);
    client.published(URI, 1);
    let all = actions(&mut client, None);
    assert_eq!(
        titles(&all),
        [
            "Run `a` on the build platform and cross-compile",
            "Run `b` on the build platform and cross-compile",
            "Fix all 2 findings of XC101",
            "Ignore XC101 here",
            "Ignore XC101 in this file",
            "Ignore XC101 here",
            "Ignore XC101 in this file",
            "Fix all that dflint can fix",
        ]
    );
    assert_eq!(all[0]["isPreferred"], true);
    assert_eq!(all[0]["diagnostics"][0]["code"], "XC101");
    let pin = |text: &str, name: &str| {
        let lower = format!("FROM golang:1.25-alpine AS {name}\r\nRUN CGO_ENABLED=0 go");
        let new = format!(
            "FROM --platform=$BUILDPLATFORM golang:1.25-alpine AS {name}\r\nARG TARGETARCH\r\nRUN CGO_ENABLED=0 GOARCH=$TARGETARCH go"
        );
        assert!(text.contains(&lower));
        text.replace(&lower, &new)
    };
    assert_eq!(after(&mut client, &all[1], TWO), pin(TWO, "b"));
    assert!(all[2]["edit"].is_null(), "it is computed when it is chosen");
    for action in [&all[2], &all[7]] {
        assert_eq!(after(&mut client, action, TWO), pin(&pin(TWO, "a"), "b"));
    }
    assert_eq!(client.request("codeAction/resolve", all[1].clone()).unwrap(), all[1], "it had its edits");
    let only = actions(&mut client, Some("source.fixAll"));
    assert_eq!(titles(&only), ["Fix all that dflint can fix"]);
    assert_eq!(titles(&actions(&mut client, Some("refactor"))), Vec::<&str>::new());
    // Offered for another text than there is now.
    client.change(URI, 2, json!([{ "text": TWO }]));
    assert_eq!(client.request("codeAction/resolve", all[2].clone()).unwrap_err()["code"], -32801);
}

#[test]
fn fix_all_is_a_command_too() {
    let mut client = Client::with(TWO);
    let id = client
        .ask("workspace/executeCommand", json!({ "command": "dflint.server.fixAll", "arguments": [URI] }));
    let asked = client.wait(|message| message["method"] == "workspace/applyEdit");
    let edits = &asked["params"]["edit"]["documentChanges"][0]["edits"];
    assert!(edited(TWO, edits, "utf-16").contains("FROM --platform=$BUILDPLATFORM"));
    client.send(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": { "applied": true } }));
    client.wait(|message| message["id"] == id && message["method"].is_null());
    client.request("workspace/executeCommand", json!({ "command": "rm" })).unwrap_err();
    client.request("workspace/executeCommand", json!({ "command": "dflint.server.fixAll" })).unwrap_err();
}

#[test]
fn unsafe_fixes_say_so_and_are_left_out_of_fix_all() {
    let text = "FROM golang:1.25 AS build\nRUN unknown-tool && CGO_ENABLED=0 go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n";
    let mut client = Client::with(text);
    let all = actions(&mut client, None);
    assert!(titles(&all)[0].ends_with("(unsafe)"), "{:?}", titles(&all));
    assert_eq!(all[0]["isPreferred"], false);
    assert_eq!(titles(&actions(&mut client, Some("source.fixAll.dflint"))), Vec::<&str>::new());
    let mut client = Client::initialized(&capabilities("utf-16"), &json!({ "unsafeFixes": true }));
    client.open(URI, text);
    assert_eq!(actions(&mut client, Some("source.fixAll.dflint")).len(), 1);
}

#[test]
fn findings_are_ignored_by_comments() {
    let text = "# syntax=docker/dockerfile:1\r\n# dflint ignore=XC304\r\n  FROM golang:1.25-alpine AS build\r\nRUN CGO_ENABLED=0 go build -o /app .\r\nFROM scratch\r\nCOPY --from=build /app /app\r\n";
    let mut client = Client::with(text);
    let all = actions(&mut client, None);
    let action = |title: &str| all.iter().find(|action| action["title"] == title).unwrap();
    let here = after(&mut client, action("Ignore XC101 here"), text);
    assert_eq!(here, text.replace("XC304", "XC304,XC101"));
    let in_file = after(&mut client, action("Ignore XC101 in this file"), text);
    assert_eq!(in_file, text.replace("dockerfile:1\r\n", "dockerfile:1\r\n# dflint ignore-file=XC101\r\n"));

    let text = text.replace("# dflint ignore=XC304\r\n", "");
    let mut client = Client::with(&text);
    let all = actions(&mut client, None);
    let action = all.iter().find(|action| action["title"] == "Ignore XC101 here").unwrap();
    let here = after(&mut client, action, &text);
    assert_eq!(here, text.replace("  FROM", "  # dflint ignore=XC101\r\n  FROM"));
}

#[test]
fn hovers_say_what_stands_there() {
    let from = hover(&cursor("FROM golang", 0));
    assert!(from.contains("FROM [--platform=platform] image"), "{from}");
    assert!(from.contains("- `linux/arm64`: **emulated**, on `linux/arm64`"), "{from}");
    assert!(from.contains("- `linux/amd64`: native, on `linux/amd64`"), "{from}");
    assert!(hover(&cursor("--mount", 0)).starts_with("`--mount`: "));
    assert!(hover(&cursor("target=/go", 0)).starts_with("`target`: Where"));
    let architecture = hover(&cursor("TARGETARCH", 1));
    assert!(
        architecture.contains("- `amd64` for linux/amd64\n- `arm64` for linux/arm64\n"),
        "{architecture}"
    );
    let version = hover(&cursor("VERSION -o", 0));
    assert!(
        version.contains("set in line 4") && version.contains("`dev`, unless the build sets it"),
        "{version}"
    );
    let stage = hover(&cursor("build /app", 0));
    assert!(stage.starts_with("**Stage** `build`") && stage.contains("**emulated**"), "{stage}");
    let image = hover("FROM ghcr.io/acme/|tool:1.2@sha256:0\n");
    assert!(image.contains("`ghcr.io/acme/tool`") && image.contains("tag `1.2`"), "{image}");
    let rule = hover(&cursor("XC101", 0));
    assert!(rule.starts_with("# XC101 emulated-build-stage"), "{rule}");
    assert_eq!(hover("FROM scratch\n|\n"), "");
}

#[test]
fn a_hover_names_the_rules_that_speak_of_the_place() {
    let hover = hover(
        "FROM golang:1.25-alpine AS bu|ild\nRUN CGO_ENABLED=0 go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n",
    );
    assert!(hover.contains("**XC101 emulated-build-stage**: A stage compiles under emulation"), "{hover}");
}

#[test]
fn runs_that_are_emulated_are_hinted_at() {
    let everything =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
    let about = json!({ "textDocument": { "uri": URI }, "range": everything });
    let mut client = Client::with(TEXT);
    let hints = client.request("textDocument/inlayHint", about.clone()).unwrap();
    let hints: Vec<(u64, &str)> = hints
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| (hint["position"]["line"].as_u64().unwrap(), hint["label"].as_str().unwrap()))
        .collect();
    assert_eq!(hints, [(5, "emulated for linux/arm64"), (6, "emulated for linux/arm64")]);
    let off = json!({ "inlayHints": false });
    let mut client = Client::initialized(&capabilities("utf-16"), &off);
    client.open(URI, TEXT);
    assert_eq!(client.request("textDocument/inlayHint", about.clone()).unwrap(), json!([]));
    let three =
        json!({ "platforms": ["linux/arm64", "linux/386", "linux/s390x"], "buildPlatform": "linux/amd64" });
    let mut client = Client::initialized(&capabilities("utf-16"), &three);
    client.open(URI, TEXT);
    let hints = client.request("textDocument/inlayHint", about).unwrap();
    assert_eq!(hints[0]["label"], "emulated for linux/arm64, linux/s390x");
}

fn completions(marked: &str) -> Vec<String> {
    let (_client, answer) = at_cursor("textDocument/completion", marked, &json!({}));
    let answer = answer.unwrap();
    let texts = answer.as_array().unwrap().iter().map(|item| item["textEdit"]["newText"].as_str().unwrap());
    texts.map(str::to_owned).collect()
}

#[test]
fn completions_fit_the_place() {
    let has = |marked: &str, wanted: &[&str], unwanted: &[&str]| {
        let found = completions(marked);
        for text in wanted {
            assert!(found.iter().any(|it| it == text), "{marked:?} lacks {text}: {found:?}");
        }
        for text in unwanted {
            assert!(!found.iter().any(|it| it == text), "{marked:?} has {text}");
        }
    };
    has("|", &["FROM ", "RUN "], &[]);
    has("FROM a\nc|", &["copy "], &["COPY "]);
    has("FROM a\nCOPY --|", &["--from=", "--link"], &["--platform=", "--mount="]);
    has("FROM a\nRUN --mount=|", &["type=", "target="], &[]);
    has("FROM a\nRUN --mount=type=cache,|", &["target=", "sharing="], &["type="]);
    has("FROM a\nRUN --mount=type=|", &["cache", "secret"], &["target="]);
    has("FROM a AS x\nFROM b AS y\nCOPY --from=|\nFROM c AS z\n", &["x", "y"], &["z"]);
    has("FROM a AS x\nFROM |", &["x"], &[]);
    has("FROM a AS x\nRUN --mount=type=bind,from=|", &["x"], &[]);
    has("FROM a\nARG OWN=1\nRUN echo $|", &["OWN", "TARGETARCH"], &["OWN}"]);
    has("FROM a\nARG OWN=1\nRUN echo ${O|", &["OWN}"], &["OWN"]);
    has("FROM a\nARG OWN=1\nRUN x \\\n  ${|}", &["OWN"], &["OWN}"]);
    has("FROM --platform=|", &["$BUILDPLATFORM", "linux/arm64"], &[]);
    has("# dflint ignore=|", &["XC101"], &[]);
    has("# dflint ignore=XC101,|", &["XC102"], &[]);
    has("# |", &["dflint ignore=", "syntax=docker/dockerfile:1"], &[]);
    has("FROM a\nRUN --network=|", &["host", "none"], &[]);
    has("FROM a\nRUN x \\\n  --|", &[], &["--mount=", "FROM "]);
    has("FROM a |", &["AS "], &[]);
}

fn lines(places: &Value) -> Vec<u64> {
    places.as_array().unwrap().iter().map(|place| place["range"]["start"]["line"].as_u64().unwrap()).collect()
}

#[test]
fn names_are_followed() {
    let asked = |method: &str, marked: &str| {
        let more = json!({ "context": { "includeDeclaration": true } });
        at_cursor(method, marked, &more).1.unwrap()
    };
    let definition = asked("textDocument/definition", &cursor("build /app", 0));
    assert_eq!(lines(&definition), [2]);
    assert_eq!(lines(&asked("textDocument/definition", &cursor("GO_VERSION}", 0))), [1]);
    assert_eq!(lines(&asked("textDocument/definition", &cursor("VERSION -o", 0))), [3]);
    assert_eq!(lines(&asked("textDocument/references", &cursor("build\nARG", 0))), [2, 8, 13]);
    assert_eq!(lines(&asked("textDocument/references", &cursor("TARGETARCH", 0))), [3, 6]);
    let highlights = asked("textDocument/documentHighlight", &cursor("VERSION=dev", 0));
    assert_eq!(lines(&highlights), [3, 5]);
    assert_eq!((&highlights[0]["kind"], &highlights[1]["kind"]), (&json!(3), &json!(2)));
    assert_eq!(asked("textDocument/definition", &cursor("WORKDIR", 0)), Value::Null);
}

#[test]
fn a_variable_of_a_stage_is_not_that_of_another() {
    let text = "FROM a AS x\nARG V=1\nRUN echo $|V\nFROM b AS y\nARG V=2\nRUN echo $V\nFROM x\nRUN echo $V\n";
    let more = json!({ "context": { "includeDeclaration": false } });
    assert_eq!(lines(&at_cursor("textDocument/references", text, &more).1.unwrap()), [2, 7]);
    let text = "ARG V=0\nFROM a AS x\nARG V\nRUN echo $|V\nFROM b:$V\nARG V\nRUN echo $V\n";
    assert_eq!(lines(&at_cursor("textDocument/references", text, &more).1.unwrap()), [3, 4, 6]);
}

/// The text after a rename, or why there is none.
fn renamed(marked: &str, new: &str) -> Result<String, String> {
    let (_client, answer) = at_cursor("textDocument/rename", marked, &json!({ "newName": new }));
    match answer {
        Ok(edit) => Ok(edited(&marked.replacen('|', "", 1), &edit["documentChanges"][0]["edits"], "utf-16")),
        Err(error) => Err(error["message"].as_str().unwrap().to_owned()),
    }
}

#[test]
fn names_are_changed_everywhere() {
    assert_eq!(
        renamed("FROM a AS |Build\nFROM build\nCOPY --from=BUILD /a /a\nRUN --mount=type=bind,from=build ls\nCOPY --from=0 /b /b\n", "Made").unwrap(),
        "FROM a AS Made\nFROM made\nCOPY --from=Made /a /a\nRUN --mount=type=bind,from=Made ls\nCOPY --from=0 /b /b\n"
    );
    assert_eq!(
        renamed(
            "ARG V=1\nFROM a:$V\nARG V\nENV W=${|V:-x}\nRUN echo \"${V}\" '$V' && x <<EOF\n$V\nEOF\n",
            "NEW"
        ),
        Err("line 5 uses $V in a way that dflint cannot follow".to_owned())
    );
    assert_eq!(
        renamed("ARG V=1\nFROM a:$V\nARG V\nENV W=${|V:-x}\nRUN echo \"${V}\" && x <<EOF\n$V\nEOF\n", "NEW")
            .unwrap(),
        "ARG NEW=1\nFROM a:$NEW\nARG NEW\nENV W=${NEW:-x}\nRUN echo \"${NEW}\" && x <<EOF\n$NEW\nEOF\n"
    );
}

#[test]
fn what_would_break_the_build_is_not_renamed() {
    for (marked, new, reason) in [
        ("FROM a AS |x\nFROM x\n", "1x", "`1x` is no name for a stage"),
        ("FROM a AS |x\nFROM b AS y\n", "Y", "another stage is called `Y`"),
        ("FROM a AS |x\nFROM alpine\n", "alpine", "line 2 means the image `alpine`"),
        ("FROM a AS |x\n", "scratch", "`scratch` is the name of the empty image"),
        ("ARG N=x\nFROM a AS |x\nFROM $N\n", "y", "line 3 names it through a variable"),
        ("FROM a\nARG |TARGETARCH\n", "ARCH", "BuildKit sets TARGETARCH"),
        ("FROM a\nARG |V=1\nARG W=2\n", "W", "line 3 speaks of a variable `W` already"),
        ("FROM a\nARG |V=1\n", "a b", "`a b` is no name for a variable"),
        ("FROM a\nARG |V=1\nRUN V=2 x $V\n", "W", "the shell of line 3 sets a V of its own"),
        ("FROM a\nRUN echo $|HOME\n", "W", "no ARG and no ENV of this file sets HOME"),
        ("FROM a\n|RUN x\n", "W", "there is no stage and no variable here"),
    ] {
        let error = renamed(marked, new).unwrap_err();
        assert!(error.starts_with(reason), "{marked}: {error}");
    }
    let prepared = |marked: &str| at_cursor("textDocument/prepareRename", marked, &json!({})).1.unwrap();
    assert_eq!(prepared("FROM a AS |x\n")["placeholder"], "x");
    assert_eq!(prepared("FROM a\nARG |TARGETARCH\n"), Value::Null);
    assert_eq!(prepared("FROM a\n|RUN x\n"), Value::Null);
}

#[test]
fn the_outline_has_stages_with_their_instructions() {
    let mut client = Client::with(TEXT);
    let symbols = client.about("textDocument/documentSymbol");
    let names = |symbols: &Value| -> Vec<String> {
        symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&symbols), ["ARG GO_VERSION", "build", "test", "scratch"]);
    assert_eq!(names(&symbols[1]["children"]), ["ARG VERSION TARGETARCH", "WORKDIR", "RUN", "RUN"]);
    assert_eq!(symbols[1]["range"]["end"]["line"], 6);
}

#[test]
fn stages_steps_and_comments_fold() {
    let mut client = Client::with("# a\n# b\nFROM a\nRUN x \\\n  # c\n  y\nRUN <<EOF\nz\nw\nEOF\nFROM b\n");
    let folds = client.about("textDocument/foldingRange");
    let folds: Vec<(u64, u64)> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap()))
        .collect();
    assert_eq!(folds, [(0, 1), (3, 5), (6, 9), (7, 8), (2, 9)]);
}

#[test]
fn selections_grow_from_the_word_to_the_file() {
    let mut client = Client::with(TEXT);
    let place = json!([{ "line": 13, "character": 14 }]);
    let params = json!({ "textDocument": { "uri": URI }, "positions": place });
    let mut selection = client.request("textDocument/selectionRange", params).unwrap()[0].take();
    let mut texts = Vec::new();
    while selection.is_object() {
        let at = |end: &str| offset(TEXT, &selection["range"][end], "utf-16");
        texts.push(TEXT[at("start")..at("end")].to_owned());
        selection = selection["parent"].take();
    }
    assert_eq!(texts[0], "build");
    assert_eq!(texts[1], "--from=build");
    assert_eq!(texts[2], "COPY --from=build /app /app");
    assert!(texts[3].starts_with("FROM scratch"));
    assert_eq!(texts[4], TEXT);
}

#[test]
fn images_urls_and_rules_are_links() {
    let mut client = Client::with(
        "# see https://example.com/x.\n# dflint ignore=XC101\nFROM golang:1.25 AS a\nFROM a\nCOPY --from=quay.io/x/y /a /a\nADD https://h/$V/x /x\n",
    );
    let links = client.about("textDocument/documentLink");
    let mut targets: Vec<&str> =
        links.as_array().unwrap().iter().map(|link| link["target"].as_str().unwrap()).collect();
    targets.sort_unstable();
    assert_eq!(
        targets,
        [
            "dflint:/rules/XC101.md",
            "https://example.com/x",
            "https://hub.docker.com/_/golang",
            "https://quay.io/repository/x/y"
        ]
    );
}

#[test]
fn tokens_follow_each_other_without_overlap() {
    let text =
        "# ü\nFROM golang:${V}-x AS build\nRUN --mount=type=cache,target=/a \\\n  echo 😀 $TARGETARCH\n";
    let mut client = Client::with(text);
    let tokens = client.about("textDocument/semanticTokens/full");
    let numbers: Vec<usize> = tokens["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| usize::try_from(it.as_u64().unwrap()).unwrap())
        .collect();
    let (mut line, mut column, mut found) = (0, 0, Vec::new());
    for token in numbers.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        let units: Vec<u16> = text.lines().nth(line).unwrap().encode_utf16().collect();
        found.push(String::from_utf16(&units[column..column + token[2]]).unwrap());
    }
    assert_eq!(found, ["# ü", "FROM", "golang:${", "V", "build", "RUN", "--mount", "TARGETARCH"]);
}

#[test]
fn a_plan_is_drawn() {
    let mut client = Client::with(TEXT);
    let drawing = client
        .request(
            "workspace/executeCommand",
            json!({ "command": "dflint.server.drawPlan", "arguments": [URI] }),
        )
        .unwrap();
    assert!(drawing["svg"].as_str().unwrap().starts_with("<svg"), "{drawing}");
}
