//! What the options say about rules, platforms and configuration files.

use dflint::config::{Origin, Settings, Sourced};
use dflint::model::{InvalidPlatform, Platform};
use dflint::rules;
use dflint::select::Selector;

use crate::files::configuration::Configurations;
use crate::files::engines::Engines;

use super::args;

/// The engines for a run with these options.
///
/// # Errors
/// What is wrong with an option, or with the configuration that one names.
pub(super) fn engines(arguments: &args::Configured) -> Result<Engines, Vec<String>> {
    let (flags, configurations) = settings(arguments)?;
    Ok(Engines::new(configurations, flags))
}

/// What the options ask for, and the configurations that it is put on top of.
///
/// # Errors
/// What is wrong with an option, or with the configuration that one names.
pub(super) fn settings(arguments: &args::Configured) -> Result<(Settings, Configurations), Vec<String>> {
    let configurations = Configurations::new(arguments.config.as_deref(), !arguments.no_config)?;
    Ok((flags(arguments).map_err(|message| vec![message])?, configurations))
}

/// What the command line asks for.
///
/// # Errors
/// What is wrong with an option.
fn flags(arguments: &args::Configured) -> Result<Settings, String> {
    let mut platforms: Vec<Platform> = Vec::new();
    for text in &arguments.platform {
        let platform = Platform::parse_known(text.trim())
            .map_err(|InvalidPlatform(reason)| format!("--platform: {reason}"))?;
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    Ok(Settings {
        select: from_flag("--select", selectors(&arguments.select)?),
        ignore: from_flag("--ignore", selectors(&arguments.ignore)?).into_iter().collect(),
        platforms: from_flag("--platform", platforms),
        ..Settings::default()
    })
}

fn from_flag<T>(name: &'static str, value: Vec<T>) -> Option<Sourced<Vec<T>>> {
    (!value.is_empty()).then_some(Sourced { value, origin: Origin::Flag(name) })
}

fn selectors(texts: &[String]) -> Result<Vec<Selector>, String> {
    let parse = |text: &String| Selector::parse(text, rules::CARDS);
    texts.iter().map(parse).collect::<Result<_, _>>().map_err(|unknown| {
        format!(
            "{unknown} (--select and --ignore take codes, beginnings of codes and names; see `dflint rule`)"
        )
    })
}
