//! The engines of a run: one for each set of settings that holds for a file of it.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use dflint::config::{Origin, Settings, Sourced};
use dflint::engine::Engine;
use dflint::model::{InvalidPlatform, Platform};
use dflint::rules;
use dflint::select::Selector;

use super::args;
use super::configuration::{Configurations, Found, Loaded};

pub(super) struct Engines {
    configurations: Configurations,
    flags: Settings,
    /// For files without a configuration.
    nothing: Rc<Loaded>,
    /// By the configuration and those of its sections that hold.
    made: HashMap<(*const Loaded, Vec<usize>), Arc<Engine>>,
}

/// What a run does with a file.
pub(super) enum Checks {
    /// Checks it with this engine.
    With(Arc<Engine>),
    /// Leaves it out, unless the command line names it.
    Unasked(Arc<Engine>),
    /// Cannot check it: its configuration is broken, which was said.
    Nothing,
}

impl Engines {
    /// The engines for a run with these options.
    ///
    /// # Errors
    /// What is wrong with an option or with the configuration that one names.
    pub(super) fn new(arguments: &args::Configured) -> Result<Self, Vec<String>> {
        Ok(Self {
            configurations: Configurations::new(arguments)?,
            flags: flags(arguments).map_err(|message| vec![message])?,
            nothing: Rc::default(),
            made: HashMap::new(),
        })
    }

    /// What to do with a file.
    pub(super) fn of(&mut self, path: &Path) -> Checks {
        let loaded = match self.configurations.of(path) {
            Found::Nothing => Rc::clone(&self.nothing),
            Found::Configuration(loaded) => loaded,
            Found::Broken => return Checks::Nothing,
        };
        let (sections, excluded) = loaded.sections_for(path);
        let engine = self
            .made
            .entry((Rc::as_ptr(&loaded), sections))
            .or_insert_with_key(|(_, sections)| Arc::new(Engine::new(loaded.options(sections, &self.flags))));
        let engine = Arc::clone(engine);
        if excluded { Checks::Unasked(engine) } else { Checks::With(engine) }
    }

    /// How many configuration files could not be used. What is wrong with them was said.
    pub(super) fn failures(&self) -> usize {
        self.configurations.failures
    }
}

/// What the command line asks for.
///
/// # Errors
/// What is wrong with an option.
pub(super) fn flags(arguments: &args::Configured) -> Result<Settings, String> {
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
