//! Shell variables that hold how a toolchain spells an architecture, set by a `case` that fails on all that it does not
//! know.

use super::{Obstacle, Rewrite};
use crate::knowledge;
use crate::model::{Facts, InvocationId, Platform};
use crate::shell::ShellLanguage;
use crate::text::{TextRange, TextSize};

/// Whose architecture is to be spelled.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Whose {
    /// That of the platform that is built for: of what is shipped.
    Target,
    /// That of the builder: of tools that run there.
    Build,
}

impl Whose {
    fn arguments(self) -> [&'static str; 2] {
        match self {
            Self::Target => ["TARGETARCH", "TARGETVARIANT"],
            Self::Build => ["BUILDARCH", "BUILDVARIANT"],
        }
    }
}

/// A variable of a map, with how it spells each platform.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Mapped {
    pub(super) whose: Whose,
    pub(super) variable: &'static str,
    pub(super) spelling: &'static str,
}

/// How the architecture of a platform is written in front of a `)`: `arm64`, `armv7`.
fn pattern(platform: &Platform) -> String {
    format!("{}{}", platform.architecture, platform.variant)
}

/// How `spelling` writes the architecture of a platform.
pub(super) fn spelled(platform: &Platform, spelling: &str) -> Option<&'static str> {
    knowledge::spelled_for(&platform.architecture, &platform.variant, spelling)
}

impl Rewrite<'_> {
    /// Sees to it that a command finds how `spelling` writes an architecture, and gives the text that stands for it:
    /// `$TARGETARCH` where that is the same, else `$variable`, which a `case` in front of the command's RUN sets.
    ///
    /// # Errors
    /// An obstacle where a platform that the project is built for has no such spelling, or where the command is in no
    /// shell.
    pub(super) fn spell(
        &mut self,
        id: InvocationId,
        whose: Whose,
        spelling: &'static str,
        variable: &'static str,
    ) -> Result<String, Obstacle> {
        let facts = self.facts;
        let range = facts.invocation(id).name_range();
        let [architecture, variant] = whose.arguments();
        if let Some(obstacle) = super::argument_obstacle(facts, id, architecture) {
            return Err(obstacle);
        }
        let platforms = &facts.project.platforms;
        if let Some(without) = platforms.iter().find(|platform| spelled(platform, spelling).is_none()) {
            let name = super::command_name(facts.invocation(id));
            return Err(Obstacle::block(range, format!("`{name}` has nothing for {without}")));
        }
        self.need(id, architecture);
        let is_same = |platform: &Platform| spelled(platform, spelling) == Some(&platform.architecture);
        if platforms.iter().all(is_same) {
            return Ok(format!("${architecture}"));
        }
        if site(facts, id).is_none() {
            return Err(Obstacle::block(range, "dflint sees no place for a map of the architectures"));
        }
        if platforms.iter().any(|platform| platform.architecture == "arm") {
            self.need(id, variant);
        }
        let run = facts.run(id).instruction;
        self.maps.entry(run).or_default().insert(Mapped { whose, variable, spelling });
        Ok(format!("${variable}"))
    }

    /// The `case`s in front of RUNs: where they stand, and their text.
    pub(super) fn maps(&self) -> Vec<(TextSize, String)> {
        let mut maps = Vec::new();
        for (&run, mapped) in &self.maps {
            let Some(site) = site_of_run(self.facts, run) else { continue };
            let mut text = String::new();
            for whose in [Whose::Target, Whose::Build] {
                let of: Vec<&Mapped> = mapped.iter().filter(|mapped| mapped.whose == whose).collect();
                if !of.is_empty() {
                    text.push_str(&site.case(self.facts, whose, &of));
                }
            }
            maps.push((site.at, text));
        }
        maps
    }
}

/// Where a `case` goes, and how the lines there are written.
struct Site {
    at: TextSize,
    /// Behind every line but the last.
    line_end: String,
    /// Between the `case` and what follows.
    join: String,
}

impl Site {
    fn case(&self, facts: &Facts<'_>, whose: Whose, mapped: &[&Mapped]) -> String {
        let [architecture, variant] = whose.arguments();
        let has_variants = facts.project.platforms.iter().any(|platform| platform.architecture == "arm");
        let selector =
            if has_variants { format!("${architecture}${variant}") } else { format!("${architecture}") };
        let mut text = format!("case \"{selector}\" in{}", self.line_end);
        for platform in &facts.project.platforms {
            let pattern = if has_variants { pattern(platform) } else { platform.architecture.to_string() };
            text.extend(["    ", &pattern, ")"]);
            for Mapped { variable, spelling, .. } in mapped {
                let spelled = spelled(platform, spelling).unwrap_or_default();
                text.extend([" ", variable, "=", spelled]);
            }
            text.push_str(" ;;");
            text.push_str(&self.line_end);
        }
        text.extend(["    *) echo \"unsupported ", architecture, ": ", &selector, "\" >&2; exit 1 ;;"]);
        text.push_str(&self.line_end);
        text.push_str("esac");
        text.push_str(&self.join);
        text
    }
}

/// What goes between two commands of a RUN, as its author would write it.
pub(super) fn joint(facts: &Facts<'_>, run: usize) -> Option<String> {
    site_of_run(facts, run).map(|site| site.join)
}

fn site(facts: &Facts<'_>, id: InvocationId) -> Option<Site> {
    if facts.invocation(id).exec_form {
        return None;
    }
    site_of_run(facts, facts.run(id).instruction)
}

fn site_of_run(facts: &Facts<'_>, run: usize) -> Option<Site> {
    let instruction = facts.instruction(run);
    let line = facts.shell_line(run)?;
    let ending = facts.line_ending();
    let shell = line.as_str();
    let start = TextSize::try_from(shell.len() - shell.trim_start().len()).ok()?;
    let at = line.to_source(TextRange::empty(start)).start();
    if let [heredoc] = instruction.heredocs.as_slice() {
        if shell.trim() != facts.slice(heredoc.marker) {
            return None;
        }
        let body = heredoc.content.as_str();
        if !ShellLanguage::of_run_heredoc(body, facts.scope(run).shell).is_shell() {
            return None;
        }
        // Behind the lines that name the interpreter and set the shell's options.
        let head = body.split_inclusive('\n').take_while(|line| line.starts_with("#!") || is_set(line));
        let skipped = head.map(str::len).sum();
        let indentation: String = body[skipped..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let start = TextSize::try_from(skipped + indentation.len()).ok()?;
        let at = heredoc.content.to_source(TextRange::empty(start)).start();
        let line_end = format!("{ending}{indentation}");
        return Some(Site { at, join: line_end.clone(), line_end });
    }
    if !instruction.heredocs.is_empty() {
        return None;
    }
    let source = facts.slice(TextRange::new(at, instruction.range.end()));
    let mut continued = source.lines().skip(1).filter(|line| !line.trim_start().starts_with('#'));
    let second = continued.next();
    let leads = second.is_some_and(|line| line.trim_start().starts_with("&&"));
    // Options on lines of their own stand deeper than commands do.
    let of_commands = second.filter(|line| !line.trim_start().starts_with('-'));
    let indentation: String = of_commands
        .map_or("    ".to_owned(), |line| line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect());
    let escape = facts.escape();
    let line_end = format!(" {escape}{ending}{indentation}");
    let join = if leads {
        format!("{line_end}&& ")
    } else if shell.trim_start().starts_with("set -") && shell.contains(';') && !shell.contains("&&") {
        format!(";{line_end}")
    } else {
        format!(" &&{line_end}")
    };
    Some(Site { at, line_end, join })
}

/// Whether a line does nothing but set options of the shell: `set -eu`.
fn is_set(line: &str) -> bool {
    line.trim_start().starts_with("set -") && !line.contains([';', '&', '|', '\\'])
}
