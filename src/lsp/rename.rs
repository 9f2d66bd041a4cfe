//! Renaming stages and variables: everywhere or not at all.

use dflint::diagnostics::Edit;
use dflint::model::{Facts, PLATFORM_ARGUMENTS, StageBase};
use dflint::syntax;
use dflint::text::{SourceFile, TextRange};
use lsp_types::{Position, PrepareRenamePlaceholder, PrepareRenameResult, WorkspaceEdit};

use super::edits::{text_edits, workspace_edit};
use super::names::{self, Occurrence, Role, Symbol};
use super::view::{View, touches};

/// The name at a place, if it can be another.
pub(super) fn prepare(view: &View<'_>, position: Position) -> Option<PrepareRenameResult> {
    let offset = view.offset(position);
    let (symbol, occurrences) = names::at(&view.facts(), offset)?;
    let here = occurrences.iter().find(|it| touches(it.range, offset))?;
    if refusal(&symbol, &occurrences).is_some() || here.role == Role::Indirect {
        return None;
    }
    let placeholder = view.text()[here.range].to_owned();
    Some(PrepareRenamePlaceholder { range: view.range(here.range), placeholder }.into())
}

/// The edits that give another name to what stands at a place.
///
/// # Errors
/// Why it cannot have that name, or another name at all.
pub(super) fn rename(view: &View<'_>, position: Position, new: &str) -> Result<WorkspaceEdit, String> {
    let facts = view.facts();
    let nothing = || "there is no stage and no variable here".to_owned();
    let (symbol, occurrences) = names::at(&facts, view.offset(position)).ok_or_else(nothing)?;
    if let Some(reason) = refusal(&symbol, &occurrences) {
        return Err(reason);
    }
    let renaming = Renaming { view, facts: &facts, occurrences: &occurrences, new };
    let old = match &symbol {
        Symbol::Stage(stage) => {
            renaming.check_stage_name()?;
            facts.stages()[*stage].name().ok_or_else(nothing)?.to_owned()
        }
        Symbol::Variable(name) => {
            renaming.check_variable_name()?;
            renaming.check_hidden_uses(name)?;
            name.clone()
        }
    };
    let edits = renaming.edits(&old)?;
    renaming.check_outcome(&edits)?;
    Ok(workspace_edit(view, text_edits(view, &edits)))
}

/// Why this cannot be renamed, whatever the new name.
fn refusal(symbol: &Symbol, occurrences: &[Occurrence]) -> Option<String> {
    let Symbol::Variable(name) = symbol else {
        return None;
    };
    if PLATFORM_ARGUMENTS.contains(&name.as_str()) {
        return Some(format!("BuildKit sets {name}: it has no other name"));
    }
    if !occurrences.iter().any(|it| it.role == Role::Declaration) {
        return Some(format!("no ARG and no ENV of this file sets {name}"));
    }
    None
}

struct Renaming<'a> {
    view: &'a View<'a>,
    facts: &'a Facts<'a>,
    occurrences: &'a [Occurrence],
    new: &'a str,
}

impl Renaming<'_> {
    fn line(&self, range: TextRange) -> u32 {
        self.view.file().line(range.start())
    }

    fn check_stage_name(&self) -> Result<(), String> {
        let new = self.new;
        let is_name = new.starts_with(|c: char| c.is_ascii_alphabetic())
            && new.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !is_name {
            return Err(format!(
                "`{new}` is no name for a stage: it must start with a letter and consist of letters, digits, `-`, `_` and `.`"
            ));
        }
        if new.eq_ignore_ascii_case("scratch") {
            return Err("`scratch` is the name of the empty image".to_owned());
        }
        if self.facts.stage_named(new).is_some() {
            return Err(format!("another stage is called `{new}`"));
        }
        let image = self.facts.stages().iter().find(|stage| {
            self.facts.from_body(stage.index).is_some_and(|body| body.image.text.eq_ignore_ascii_case(new))
        });
        match image {
            Some(stage) => Err(format!(
                "line {} means the image `{new}`, and would mean the stage",
                self.line(self.facts.from(stage.index).range)
            )),
            None => Ok(()),
        }
    }

    fn check_variable_name(&self) -> Result<(), String> {
        let new = self.new;
        let is_name = new.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && new.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name {
            return Err(format!(
                "`{new}` is no name for a variable: it must consist of letters, digits and `_`, and not start with a digit"
            ));
        }
        if PLATFORM_ARGUMENTS.contains(&new) {
            return Err(format!("BuildKit sets {new}"));
        }
        let other =
            names::all(self.facts).into_iter().find(|it| it.symbol == Symbol::Variable(new.to_owned()));
        match other {
            Some(other) => {
                Err(format!("line {} speaks of a variable `{new}` already", self.line(other.range)))
            }
            None => Ok(()),
        }
    }

    /// Whether the name stands where dflint does not follow it: in another language, in a shell that sets it itself.
    fn check_hidden_uses(&self, name: &str) -> Result<(), String> {
        if let Some(own) = self.occurrences.iter().find(|it| it.role == Role::ShellAssignment) {
            return Err(format!("the shell of line {} sets a {name} of its own", self.line(own.range)));
        }
        let text = self.view.text();
        let all = names::all(self.facts);
        for (at, _) in text.match_indices(name) {
            let before = text[..at].trim_end_matches('{');
            let is_use = before.ends_with('$')
                && !text[at + name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let start = u32::try_from(at).unwrap_or_default().into();
            let followed = all.iter().any(|it| it.range.start() == start);
            let instruction = self.view.instruction_at(start).map(|(_, instruction)| instruction.range);
            if let (true, false, Some(range)) = (is_use, followed, instruction) {
                return Err(format!(
                    "line {} uses ${name} in a way that dflint cannot follow",
                    self.line(range)
                ));
            }
        }
        Ok(())
    }

    fn edits(&self, old: &str) -> Result<Vec<Edit>, String> {
        let mut edits = Vec::new();
        for it in self.occurrences {
            let text = match it.role {
                Role::Indirect => {
                    let by_number = self.view.text()[it.range].bytes().all(|byte| byte.is_ascii_digit());
                    if by_number {
                        continue;
                    }
                    return Err(format!("line {} names it through a variable", self.line(it.range)));
                }
                // FROM looks for names in lower case only.
                Role::Base => self.new.to_ascii_lowercase(),
                _ => self.new.to_owned(),
            };
            if !self.view.text()[it.range].eq_ignore_ascii_case(old) {
                return Err(format!("line {} writes the name in pieces or in quotes", self.line(it.range)));
            }
            edits.push(Edit { range: it.range, text });
        }
        Ok(edits)
    }

    /// Whether the stages hang together as before.
    fn check_outcome(&self, edits: &[Edit]) -> Result<(), String> {
        let mut text = self.view.text().to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.text);
        }
        let broken = || format!("with the name `{}` the build would be another one", self.new);
        let file = SourceFile::new(self.view.file().path(), text).map_err(|_| broken())?;
        let parse = syntax::parse(&file);
        let after = Facts::new(&file, &parse, self.view.project());
        let shape = |facts: &Facts<'_>| {
            let stage = |index: usize| {
                let stage = &facts.stages()[index];
                let base = if let StageBase::Stage(base) = stage.base { Some(base) } else { None };
                (base, stage.platform.clone(), stage.consumers.clone())
            };
            (0..facts.stages().len()).map(stage).collect::<Vec<_>>()
        };
        let same = parse.errors.len() == self.view.parse().errors.len() && shape(&after) == shape(self.facts);
        if same { Ok(()) } else { Err(broken()) }
    }
}
