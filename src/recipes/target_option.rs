//! Compilers whose only knob is an option: Dart, Bun, Deno.

use super::{CompilesFor, Obstacle, Rewrite, compiles_for, look_at_plainness};
use crate::model::{Facts, InvocationId};

/// Where an option goes that a command lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// Behind all that it has.
    Last,
    /// Behind its name: what follows the script are arguments of the script.
    BehindName,
}

/// Gives a command an option for the target platform, or puts `value` into the one that it has. `of_amd64` are the values
/// that mean amd64: others that are written out stay.
pub(super) fn set(
    facts: &Facts<'_>,
    id: InvocationId,
    (option, value): (&str, &str),
    of_amd64: &[&str],
    place: Place,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    look_at_plainness(facts, id, &mut obstacles);
    let invocation = facts.invocation(id);
    let range = invocation.name_range();
    match compiles_for(facts, id) {
        CompilesFor::Target => {}
        CompilesFor::Unknown => {
            obstacles.push(Obstacle::block(range, "dflint cannot tell what it compiles for"));
        }
        CompilesFor::Machine => match place {
            Place::Last => rewrite.append_option(id, &format!("{option}{value}")),
            Place::BehindName => rewrite.insert(range.end(), format!(" {option}{value}")),
        },
        CompilesFor::Constant(constant) => {
            let targets = invocation.command.map_or(&[][..], |command| command.target_options);
            let written = invocation.option(targets).and_then(|option| option.plain_value_range());
            match written.filter(|_| of_amd64.contains(&constant.as_str())) {
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
    obstacles
}
