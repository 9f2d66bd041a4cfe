//! Architectures that are written out anywhere in a file.

use crate::knowledge;
use crate::model::Facts;
use crate::syntax::Keyword;
use crate::text::{TextRange, TextSize};

/// The first place below the FROMs that names an architecture, other than in a command of .NET, or a FROM with one that is
/// not among `expected`: with such a place left as it is, the rest of the file cannot follow the platform.
pub fn other_architecture(facts: &Facts<'_>, expected: &[TextRange]) -> Option<TextRange> {
    let mut dotnet: Vec<TextRange> = Vec::new();
    for stage in facts.stages() {
        let commands = facts.invocations(stage.index);
        let own = commands.filter(|(_, invocation)| invocation.program() == Some("dotnet"));
        dotnet.extend(own.map(|(_, invocation)| invocation.range));
    }
    facts.parse().instructions.iter().find_map(|instruction| {
        if matches!(instruction.keyword, Keyword::Label | Keyword::Maintainer) {
            return None;
        }
        let written = facts.slice(instruction.range);
        let places = knowledge::literals(written).into_iter().filter_map(|literal| {
            let start = instruction.range.start() + TextSize::try_from(literal.start).ok()?;
            Some(TextRange::at(start, TextSize::of(literal.text)))
        });
        let is_other =
            |place: &TextRange| !expected.iter().chain(&dotnet).any(|known| known.contains_range(*place));
        places.into_iter().find(is_other)
    })
}
