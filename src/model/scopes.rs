//! The variables, the working directory and the shell that each instruction finds.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use smol_str::SmolStr;

use super::environment::{Binding, Environment, Origin};
use super::interpreter::resolve_path;
use super::stage::image_reference;
use super::stages::{Base, Build, StageSpan};
use super::value::{Known, Value, WORLDS};
use crate::knowledge::Knowledge;
use crate::shell::ShellLanguage;
use crate::syntax::variables::{Expansion, Lookup, expand};
use crate::syntax::{Body, Keyword, Pair, Parse, Word};

/// What an instruction finds.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The variables.
    pub environment: Environment,
    /// The working directory, where known.
    pub directory: Option<Rc<str>>,
    /// What runs the shell form.
    pub shell: ShellLanguage,
}

/// The platform arguments that every build sets (platform.go), without those of Windows versions.
pub const PLATFORM_ARGUMENTS: [&str; 8] = [
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
];

/// The scope in front of each instruction, by its index: the same one until an instruction changes it.
pub(super) fn scopes(
    parse: &Parse,
    spans: &[StageSpan],
    builds: &[Build; 4],
    knowledge: Knowledge,
) -> Vec<Rc<Scope>> {
    let empty = Rc::new(Scope::default());
    let mut scopes = vec![empty.clone(); parse.instructions.len()];
    let mut ends: Vec<Rc<Scope>> = Vec::with_capacity(spans.len());
    let mut of_images = HashMap::new();
    for (index, span) in spans.iter().enumerate() {
        let first = first_scope(index, builds, &ends, &mut of_images, knowledge);
        let first = first.unwrap_or_else(|| empty.clone());
        let globals = builds.each_ref().map(|build| &build.global_variables);
        ends.push(stage_scopes(&mut scopes, span, first, parse, globals));
    }
    scopes
}

/// The values of the ARGs above the first FROM, in each build.
pub(super) type Globals<'a> = [&'a HashMap<SmolStr, Known>; WORLDS];

/// Gives the instructions of a stage their scopes, the first of them `first`. Returns what the stage leaves behind.
pub(super) fn stage_scopes(
    scopes: &mut [Rc<Scope>],
    span: &StageSpan,
    first: Rc<Scope>,
    parse: &Parse,
    globals: Globals<'_>,
) -> Rc<Scope> {
    let mut scope = first;
    for at in span.body.clone() {
        scopes[at] = scope.clone();
        apply(&mut scope, parse, at, globals);
    }
    scope
}

/// Whether such an instruction changes the scope of those below it.
pub(super) fn changes_scope(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Arg | Keyword::Env | Keyword::Shell | Keyword::Workdir)
}

/// What the first instruction of a stage finds: what the stage or the image that it starts from leaves behind. None:
/// nothing that is known. `of_images` has what images leave behind so far, by their names.
fn first_scope<'b>(
    index: usize,
    builds: &'b [Build; 4],
    ends: &[Rc<Scope>],
    of_images: &mut HashMap<&'b str, Option<Rc<Scope>>>,
    knowledge: Knowledge,
) -> Option<Rc<Scope>> {
    let first = &builds[0].stages[index].base;
    let same = builds.iter().all(|build| build.stages[index].base == *first);
    let mut scope = Scope::default();
    match first {
        Base::Stage(base) if same => return ends.get(*base).cloned(),
        Base::Scratch if same => scope.directory = Some("/".into()),
        Base::Image(name) => {
            let of_image = of_images.entry(name.as_str()).or_insert_with(|| {
                let known = image_reference(name).and_then(|image| knowledge.image(&image.name.text));
                let directory = known?.directory?.into();
                Some(Scope { directory: Some(directory), ..Scope::default() }.into())
            });
            return of_image.clone();
        }
        _ => scope.environment.forget(),
    }
    Some(scope.into())
}

fn apply(scope: &mut Rc<Scope>, parse: &Parse, at: usize, globals: Globals<'_>) {
    match &parse.instructions[at].body {
        Body::Arg(pairs) => {
            let scope = Rc::make_mut(scope);
            for pair in pairs {
                declare(scope, pair, at, parse.escape, globals);
            }
        }
        Body::Env(pairs) => {
            // All values of an ENV see the variables from before it.
            let values: Vec<Value> = pairs
                .iter()
                .map(|pair| expanded(pair.value.as_ref(), &scope.environment, parse.escape))
                .collect();
            let scope = Rc::make_mut(scope);
            for (pair, value) in pairs.iter().zip(values) {
                let binding = Binding { value, origin: Origin::Env(at), exported: true };
                scope.environment.bind(&pair.name.text, binding);
            }
        }
        Body::Words(words) if parse.instructions[at].keyword == Keyword::Workdir => {
            let path = expanded(words.first(), &scope.environment, parse.escape);
            let directory = path.constant().and_then(|path| resolve_path(scope.directory.as_deref(), path));
            Rc::make_mut(scope).directory = directory;
        }
        Body::Shell(words) => {
            let words = words.iter().map(|word| word.value.as_str());
            Rc::make_mut(scope).shell = ShellLanguage::of_shell_instruction(words);
        }
        _ => {}
    }
}

/// An ARG of a stage (dispatchArg in convert.go): a default beats the global value, which beats nothing.
fn declare(scope: &mut Scope, pair: &Pair, at: usize, escape: char, globals: Globals<'_>) {
    let name = pair.name.text.as_str();
    let (value, origin) = if pair.value.is_some() {
        (expanded(pair.value.as_ref(), &scope.environment, escape).as_replaceable(), Origin::Arg(at))
    } else {
        let is_global = globals[0].contains_key(name);
        if !is_global && scope.environment.binding(name).is_some() {
            return;
        }
        let global = Value::each(|world| match globals[world].get(name) {
            Some(value) => value.clone(),
            None => Known::Given,
        });
        let automatic = PLATFORM_ARGUMENTS.contains(&name);
        if automatic { (global, Origin::Automatic(at)) } else { (global.as_replaceable(), Origin::Arg(at)) }
    };
    scope.environment.bind(name, Binding { value, origin, exported: true });
}

/// A word of an instruction, expanded with the variables of a stage.
pub(super) fn expanded(word: Option<&Word>, environment: &Environment, escape: char) -> Value {
    let Some(word) = word else { return Value::unset() };
    if !word.text.contains(['$', '"', '\'', escape]) {
        return Value::text(word.text.clone());
    }
    let (mut probed, mut replaceable, differs) = (false, false, Cell::new(false));
    let mut in_world = |world: usize| {
        let mut given = false;
        let mut lookup = |name: &str| {
            let value = environment.value(name);
            probed |= value.probed;
            replaceable |= value.replaceable;
            differs.set(differs.get() || !value.is_same());
            match value.world(world) {
                Known::Text(text) => Lookup::Set(text.clone()),
                Known::Unset => Lookup::Unset,
                Known::Given => {
                    given = true;
                    Lookup::Unknown
                }
                Known::Unknown => Lookup::Unknown,
            }
        };
        match expand(&word.text, escape, &mut lookup) {
            Expansion::Known(text) => Known::Text(text.as_str().into()),
            Expansion::Unknown if given => Known::Given,
            Expansion::Unknown | Expansion::Refused(_) => Known::Unknown,
        }
    };
    let first = in_world(0);
    let value = if differs.get() {
        Value::each(|world| if world == 0 { first.clone() } else { in_world(world) })
    } else {
        Value::same(first)
    };
    let value = if probed { value.as_probe() } else { value };
    if replaceable { value.as_replaceable() } else { value }
}
