//! `RUN --mount=…` (`BuildKit` `instructions/commands_runmount.go`).

use super::super::instruction::Context;
use smol_str::StrExt;

use super::super::keys::FlagKey;
use super::super::tree::Flag;
use super::{constant, values};

const KEYS: &[&str] = &[
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
];
const TYPES: &[&str] = &["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARING: &[&str] = &["shared", "private", "locked"];

/// What is known of a mount so far. `None`: a variable decides.
struct Mount<'a> {
    kind: Option<&'static str>,
    from: Option<&'a FlagKey<'a>>,
    sharing: Option<&'a FlagKey<'a>>,
    source: Option<&'a FlagKey<'a>>,
    id: Option<&'a FlagKey<'a>>,
    target: bool,
    ownership: Option<&'a FlagKey<'a>>,
}

/// Reports what is wrong with one `--mount`.
pub(super) fn check(flag: &Flag, context: &mut Context) {
    let Some(value) = &flag.value else { return };
    if value.text.is_empty() {
        context.dispatch(flag.range, "--mount needs a value: `--mount=type=…,target=…`");
        return;
    }
    if let Some(span) = values::record_mistake(&value.text) {
        context.dispatch(value.to_source(span), "a quote is out of place in this list of keys");
        return;
    }
    let mut mount = Mount {
        kind: Some("bind"),
        from: None,
        sharing: None,
        source: None,
        id: None,
        target: false,
        ownership: None,
    };
    let keys: Vec<FlagKey<'_>> = flag.keys().collect();
    for key in &keys {
        if let Some(message) = mount.key(key, context) {
            let range = key.value().filter(|value| !value.text.is_empty()).map(|value| value.range);
            let wrong_key = message.starts_with("there is no key") || message.starts_with("the key");
            context.dispatch(range.filter(|_| !wrong_key).unwrap_or_else(|| key.range()), message);
        }
    }
    mount.check(flag, context);
}

impl<'a> Mount<'a> {
    /// Takes in a key; the result is what is wrong with it.
    fn key(&mut self, key: &'a FlagKey<'a>, context: &Context) -> Option<String> {
        let name = key.name().to_lowercase_smolstr();
        let name = name.as_str();
        let Some(word) = key.value() else {
            return match name {
                "readonly" | "ro" | "readwrite" | "rw" => None,
                "required" => self.only_for(name, &["secret", "ssh"]),
                _ if KEYS.contains(&name) => Some(format!("the key `{name}` needs a value: `{name}=…`")),
                _ => Some(super::unknown("key of --mount", name, KEYS)),
            };
        };
        if name == "from" && word.text.find('$').is_some_and(|dollar| dollar + 1 < word.text.len()) {
            return Some(
                "`from` takes no variable: define a stage with `FROM` and a global `ARG`, and mount that"
                    .into(),
            );
        }
        let value = constant(&word, context.escape);
        match name {
            "type" => {
                let Some(value) = value else {
                    self.kind = None;
                    return None;
                };
                self.kind = TYPES.iter().copied().find(|kind| value.eq_ignore_ascii_case(kind));
                self.kind.is_none().then(|| super::unknown("type of mount", &value, TYPES))
            }
            "sharing" => {
                self.sharing = Some(key);
                let value = value?;
                let known = SHARING.iter().any(|mode| value.eq_ignore_ascii_case(mode));
                (!known).then(|| super::unknown("sharing mode", &value, SHARING))
            }
            "from" => self.remember(|mount| &mut mount.from, key, value.as_deref()),
            "source" | "src" => self.remember(|mount| &mut mount.source, key, value.as_deref()),
            "id" => self.remember(|mount| &mut mount.id, key, value.as_deref()),
            "target" | "dst" | "destination" => {
                self.target = value != Some(String::new());
                None
            }
            "env" => None,
            "mode" | "uid" | "gid" => {
                self.ownership = Some(key);
                let radix = if name == "mode" { 8 } else { 10 };
                let value = value?;
                let valid = !value.starts_with('+') && u32::from_str_radix(&value, radix).is_ok();
                (!valid).then(|| format!("`{value}` is no value of `{name}`"))
            }
            "readonly" | "ro" | "readwrite" | "rw" | "required" => {
                if name == "required"
                    && let Some(message) = self.only_for(name, &["secret", "ssh"])
                {
                    return Some(message);
                }
                let value = value?;
                (!values::is_boolean(&value)).then(|| format!("`{name}` is true or false, not `{value}`"))
            }
            "size" => {
                if let Some(message) = self.only_for(name, &["tmpfs"]) {
                    return Some(message);
                }
                let value = value?;
                (!values::is_size(&value))
                    .then(|| format!("`{value}` is no size: expected something like 64m"))
            }
            _ => Some(super::unknown("key of --mount", name, KEYS)),
        }
    }

    /// Remembers a key, unless its value is empty, which counts as none.
    fn remember(
        &mut self,
        field: fn(&mut Self) -> &mut Option<&'a FlagKey<'a>>,
        key: &'a FlagKey<'a>,
        value: Option<&str>,
    ) -> Option<String> {
        *field(self) = (value != Some("")).then_some(key);
        None
    }

    fn only_for(&self, name: &str, kinds: &[&str]) -> Option<String> {
        let kind = self.kind.filter(|kind| !kinds.contains(kind))?;
        Some(format!("the key `{name}` is not for mounts of type {kind}"))
    }

    /// What the keys must not be together.
    fn check(&self, flag: &Flag, context: &mut Context) {
        let Some(kind) = self.kind else { return };
        if let Some(key) = self.ownership.filter(|_| !["cache", "secret", "ssh"].contains(&kind)) {
            let message = format!("the key `{}` is not for mounts of type {kind}", key.name().to_lowercase());
            context.dispatch(key.range(), message);
        }
        if let Some(key) = self.sharing.filter(|_| kind != "cache") {
            context.dispatch(key.range(), format!("the key `sharing` is not for mounts of type {kind}"));
        }
        if kind != "secret" {
            return;
        }
        if let Some(key) = self.from {
            context.dispatch(key.range(), "the key `from` is not for mounts of type secret");
        }
        match (self.source, self.id) {
            (Some(_), Some(id)) => {
                context.dispatch(id.range(), "a secret has either a `source` or an `id`: they mean the same");
            }
            (None, None) if !self.target => {
                context.dispatch(flag.range, "a secret needs an `id` or a `target`");
            }
            _ => {}
        }
    }
}
