//! Compilers whose only knob is an option: Dart, Bun, Deno.

use super::{CompilesFor, Obstacle, Rewrite, Whose, compiles_for, look_at_plainness};
use crate::model::{Facts, InvocationId};

/// How a command is told its target: `--target=bun-linux-arm64-musl`.
pub(super) struct TargetOption {
    /// How the compiler spells an architecture, as the knowledge calls that.
    pub(super) spelling: &'static str,
    /// The shell variable that holds it.
    pub(super) variable: &'static str,
    /// What stands in front of the value: `--target=`.
    pub(super) option: &'static str,
    /// What stands around the architecture in the value: `bun-linux-` and `-musl`.
    pub(super) around: (&'static str, &'static str),
    /// The values that mean amd64: others that are written out stay.
    pub(super) of_amd64: &'static [&'static str],
    /// Where it goes that a command lacks.
    pub(super) place: Place,
}

/// Where an option goes that a command lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// Behind all that it has.
    Last,
    /// Behind its name: what follows the script are arguments of the script.
    BehindName,
}

/// Gives the commands that do not follow the target platform the option that `of` tells for each; `of` adds what is in its
/// way.
pub(super) fn retarget(
    facts: &Facts<'_>,
    commands: &[InvocationId],
    rewrite: &mut Rewrite<'_>,
    of: impl Fn(InvocationId, &mut Vec<Obstacle>) -> TargetOption,
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    for &id in commands {
        let what = compiles_for(facts, id);
        if what == CompilesFor::Target {
            continue;
        }
        let option = of(id, &mut obstacles);
        match rewrite.spell(id, Whose::Target, option.spelling, option.variable) {
            Ok(architecture) => {
                let value = format!("{}{architecture}{}", option.around.0, option.around.1);
                look_at_plainness(facts, id, &mut obstacles);
                set(facts, id, what, (&option, &value), rewrite, &mut obstacles);
            }
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    obstacles
}

/// Gives a command the option, or puts `value` into the one that it has.
fn set(
    facts: &Facts<'_>,
    id: InvocationId,
    what: CompilesFor,
    (option, value): (&TargetOption, &str),
    rewrite: &mut Rewrite<'_>,
    obstacles: &mut Vec<Obstacle>,
) {
    let invocation = facts.invocation(id);
    let range = invocation.name_range();
    obstacles.extend(what.obstacle(range, "dflint cannot tell what it compiles for"));
    match what {
        CompilesFor::Target | CompilesFor::Asked | CompilesFor::Open | CompilesFor::Unknown => {}
        CompilesFor::Machine => match option.place {
            Place::Last => rewrite.append_option(id, &format!("{}{value}", option.option)),
            Place::BehindName => rewrite.insert(range.end(), format!(" {}{value}", option.option)),
        },
        CompilesFor::Constant(constant) => {
            let targets = invocation.command.map_or(&[][..], |command| command.target_options);
            let written = invocation.option(targets).and_then(|option| option.plain_value_range());
            match written.filter(|_| option.of_amd64.contains(&constant.as_str())) {
                Some(written) => {
                    rewrite.replace_in_quotes(written, value);
                    let message =
                        format!("`{constant}` is written out: is this image meant for other platforms?");
                    obstacles.push(Obstacle::doubt(range, message));
                }
                None => {
                    obstacles.push(Obstacle::block(range, format!("`{constant}` is written out, and stays")));
                }
            }
        }
    }
}
