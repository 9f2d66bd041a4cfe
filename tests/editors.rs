//! What the READMEs of the editors ask to be pasted can be read, and they have the same settings.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn read(path: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("editors").join(path)).unwrap()
}

/// The fenced blocks of a language, without the indentation of their fence.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.trim_start().strip_prefix("```") {
            Some(info) if !inside && info == language => {
                inside = true;
                blocks.push(String::new());
            }
            Some(_) => inside = false,
            None if inside => blocks.last_mut().unwrap().extend([line, "\n"]),
            None => {}
        }
    }
    blocks
}

fn json(editor: &str) -> Value {
    let text = read(&format!("{editor}/README.md"));
    let [block] = blocks(&text, "json").try_into().unwrap();
    serde_json::from_str(&block).unwrap_or_else(|error| panic!("{editor}: {error}"))
}

#[test]
fn what_is_to_be_pasted_starts_the_server_and_sets_the_platforms() {
    let platforms = serde_json::json!({ "platforms": ["linux/amd64", "linux/arm64"] });
    let command = serde_json::json!(["dflint", "lsp"]);

    let zed = &json("zed")["lsp"]["dockerfile-language-server"];
    assert_eq!(zed["binary"], serde_json::json!({ "path": "dflint", "arguments": ["lsp"] }));
    assert_eq!(zed["initialization_options"], platforms);
    let sublime = &json("sublime")["clients"]["dflint"];
    assert_eq!((&sublime["command"], &sublime["settings"]["dflint"]), (&command, &platforms));
    let kate = &json("kate")["servers"]["dockerfile"];
    assert_eq!((&kate["command"], &kate["initializationOptions"]), (&command, &platforms));

    let [helix] = blocks(&read("helix/README.md"), "toml").try_into().unwrap();
    let helix: toml::Table = helix.parse().unwrap();
    let server = &helix["language-server"]["dflint"];
    assert_eq!((server["command"].as_str(), server["args"][0].as_str()), (Some("dflint"), Some("lsp")));
    assert_eq!(server["config"]["platforms"][1].as_str(), Some("linux/arm64"));
    assert_eq!(helix["language"][0]["language-servers"][0].as_str(), Some("dflint"));

    let [on_saving] = blocks(&read("vscode/README.md"), "json").try_into().unwrap();
    serde_json::from_str::<Value>(&format!("{{{on_saving}}}")).unwrap();
}

#[test]
fn every_setting_of_the_list_is_one_of_vs_code() {
    let text = read("README.md");
    let (_, settings) = text.split_once("## Settings").unwrap();
    let names = settings.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let mut names: Vec<&str> =
        names.flat_map(|names| names.split(", ")).map(|name| name.trim_matches('`')).collect();
    let package: Value = serde_json::from_str(&read("vscode/package.json")).unwrap();
    let properties = package["contributes"]["configuration"]["properties"].as_object().unwrap();
    let mut of_vs_code: Vec<&str> =
        properties.keys().map(|name| name.strip_prefix("dflint.").unwrap()).collect();
    // Its own business.
    of_vs_code.retain(|name| !["path", "trace.server"].contains(name));
    names.sort_unstable();
    of_vs_code.sort_unstable();
    assert_eq!(names, of_vs_code);
}
