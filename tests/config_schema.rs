//! The JSON schema of the configuration, made from the keys that are read. `UPDATE=1 cargo test --test config_schema`
//! writes it.

use std::fs;
use std::path::Path;

use dflint::config::{KEYS, Key, Takes, read};
use dflint::rules::CARDS;
use dflint::text::SourceFile;
use serde_json::{Map, Value, json};

const SCHEMA: &str = "editors/dflint.schema.json";

fn schema() -> Value {
    let mut schema = table(KEYS);
    let top = schema.as_object_mut().unwrap();
    top.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    top.insert("title".into(), json!("dflint.toml, the configuration of dflint"));
    top.insert(
        "definitions".into(),
        json!({
            "rule": {
                "description": "A code, the beginning of one, a name, or ALL.",
                "anyOf": [{ "enum": rules() }, { "type": "string", "pattern": "^([Xx][Cc][0-9]{0,2}|[Aa][Ll][Ll])$" }],
            },
            "severity": { "enum": ["error", "warning", "info"] },
        }),
    );
    schema
}

/// The codes of the rules, then their names.
fn rules() -> Vec<&'static str> {
    CARDS.iter().map(|card| card.code).chain(CARDS.iter().map(|card| card.name)).collect()
}

fn table(keys: &[Key]) -> Value {
    let properties: Map<String, Value> =
        keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn property(key: &Key) -> Value {
    let text = json!({ "type": "string" });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let mut property = match &key.takes {
        Takes::Path => text,
        Takes::Paths | Takes::Patterns | Takes::Stages => list(text),
        Takes::Rules => list(json!({ "$ref": "#/definitions/rule" })),
        Takes::Severities => json!({
            "type": "object",
            "propertyNames": { "$ref": "#/definitions/rule" },
            "additionalProperties": { "$ref": "#/definitions/severity" },
        }),
        Takes::Platforms => json!({ "type": "array", "items": text, "minItems": 1 }),
        Takes::Table(keys) => table(keys),
        Takes::Tables(keys) => {
            let mut items = table(keys);
            items["required"] = json!([keys[0].name]);
            list(items)
        }
    };
    property["description"] = json!(key.about);
    property["examples"] = json!([example(key)]);
    property
}

/// The example of a key, from TOML.
fn example(key: &Key) -> Value {
    let document: toml::Table = format!("value = {}", key.example).parse().unwrap();
    serde_json::to_value(&document["value"]).unwrap()
}

#[test]
fn the_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    let expected = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, expected).unwrap();
        return;
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == expected, "{SCHEMA} is stale; `UPDATE=1 cargo test --test config_schema` writes it");
}

fn assert_reads(text: &str) {
    let file = SourceFile::new("dflint.toml", text).unwrap();
    read(&file).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
}

#[test]
fn every_key_is_read_with_its_example() {
    for key in KEYS {
        assert_reads(&format!("{} = {}", key.name, key.example));
        let (Takes::Table(keys) | Takes::Tables(keys)) = &key.takes else { continue };
        for inner in *keys {
            let inner_line = format!("{} = {}", inner.name, inner.example);
            match key.takes {
                Takes::Tables(_) if inner.name == keys[0].name => {
                    assert_reads(&format!("[[{}]]\n{inner_line}", key.name));
                }
                Takes::Tables(_) => {
                    let first = format!("{} = {}", keys[0].name, keys[0].example);
                    assert_reads(&format!("[[{}]]\n{first}\n{inner_line}", key.name));
                }
                _ => assert_reads(&format!("[{}]\n{inner_line}", key.name)),
            }
        }
    }
}
