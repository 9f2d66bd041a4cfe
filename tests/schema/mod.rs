//! The JSON schema of the configuration, made from the keys that are read.

use dflint::config::{KEYS, Key, Takes};
use dflint::rules::CARDS;
use serde_json::{Map, Value, json};

/// The text of the schema.
pub(crate) fn text() -> String {
    serde_json::to_string_pretty(&schema()).unwrap() + "\n"
}

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
