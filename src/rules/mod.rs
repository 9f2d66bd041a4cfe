//! The rules. Each is a card in `rules/` and a file here of the same name; a rule asks [`Facts`] and reports.

mod registry;

use crate::diagnostics::{Applicability, Confidence, Diagnostic, Fix, Related, Severity};
use crate::model::{Facts, Stage};
use crate::recipes::{Obstacle, Rewrite, Weight, applicability};
use crate::text::TextRange;

include!(concat!(env!("OUT_DIR"), "/cards.rs"));

/// What a rule says of itself: its card without the examples.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Card {
    /// `XC101`
    pub code: &'static str,
    /// `emulated-build-stage`
    pub name: &'static str,
    /// How bad a finding is, unless it says otherwise.
    pub severity: Severity,
    /// Whether the rule is new, and runs only where its full code or its name is selected.
    pub preview: bool,
    /// What is wrong, in one line.
    pub summary: &'static str,
    /// Why it matters, what to do, what the fix does, and examples, in Markdown.
    pub text: &'static str,
}

/// A rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its card.
    pub card: &'static Card,
    check: fn(&Facts<'_>, &mut Findings),
}

/// Every rule, by code.
pub fn rules() -> impl ExactSizeIterator<Item = Rule> {
    CARDS.iter().zip(registry::CHECKS).map(|(card, check)| Rule { card, check: *check })
}

impl Rule {
    /// What the rule has to say of a file, in no particular order.
    pub fn check(&self, facts: &Facts<'_>) -> Vec<Diagnostic> {
        let mut findings = Findings { card: self.card, diagnostics: Vec::new() };
        (self.check)(facts, &mut findings);
        findings.diagnostics
    }
}

/// Takes what a rule finds.
pub struct Findings {
    card: &'static Card,
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    /// Has every stage looked at by itself, in order. What is said of a stage must follow from the facts alone: while a
    /// file is edited, it is said again without another look as long as nothing has changed that was looked at.
    fn for_each_stage(&mut self, facts: &Facts<'_>, check: impl Fn(&Stage, &mut Self)) {
        for stage in facts.stages() {
            if !facts.outlive_edits() {
                check(stage, self);
                continue;
            }
            let said = facts.remember(self.card.code, stage.index, || {
                let mut own = Self { card: self.card, diagnostics: Vec::new() };
                check(stage, &mut own);
                own.diagnostics
            });
            self.diagnostics.extend_from_slice(&said);
        }
    }

    /// Adds a finding about `primary`, with the card's severity and high confidence, and gives it for more to be said.
    pub fn report(&mut self, primary: TextRange, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic {
            code: self.card.code,
            name: self.card.name,
            severity: self.card.severity,
            confidence: Confidence::High,
            message: message.into(),
            primary,
            related: Vec::new(),
            help: None,
            fixes: Vec::new(),
        };
        self.diagnostics.push_mut(diagnostic)
    }
}

/// How many obstacles a finding names.
const MOST_SAID: usize = 3;

impl Diagnostic {
    /// Adds a place that explains the finding.
    fn relate(&mut self, range: TextRange, message: impl Into<String>) -> &mut Self {
        self.related.push(Related { range, message: message.into() });
        self
    }

    /// Adds a fix.
    fn fix(
        &mut self,
        title: impl Into<String>,
        applicability: Applicability,
        rewrite: Rewrite<'_>,
    ) -> &mut Self {
        let edits = rewrite.finish();
        if !edits.is_empty() {
            self.fixes.push(Fix { title: title.into(), applicability, edits });
        }
        self
    }

    /// Adds a fix that may be trusted as far as the obstacles allow, and says what they are.
    fn fix_unless(
        &mut self,
        title: impl Into<String>,
        rewrite: Rewrite<'_>,
        obstacles: &[Obstacle],
    ) -> &mut Self {
        if let Some(applicability) = applicability(obstacles) {
            self.fix(title, applicability, rewrite);
        }
        let Some(worst) = obstacles.iter().map(|obstacle| obstacle.weight).max() else { return self };
        let mut said: Vec<&str> = Vec::new();
        for obstacle in obstacles.iter().filter(|obstacle| obstacle.weight == worst) {
            // One label a place: what it is in the way of is said in the help.
            let mut labelled = self.related.iter().map(|related| related.range).chain([self.primary]);
            if !labelled.any(|range| range == obstacle.range) {
                let label = match worst {
                    Weight::Block => "stands in the way",
                    Weight::Doubt => "makes the fix unsafe",
                };
                self.relate(obstacle.range, label);
            }
            if !said.contains(&obstacle.message.as_str()) {
                said.push(&obstacle.message);
            }
        }
        let intro = match worst {
            Weight::Block => "no fix is offered",
            Weight::Doubt => "the fix is unsafe",
        };
        let more = said.len().saturating_sub(MOST_SAID);
        said.truncate(MOST_SAID);
        let more = if more == 0 { String::new() } else { format!("; and {more} more") };
        let mut help = format!("{intro}: {}{more}", said.join("; "));
        if let Some(advice) =
            obstacles.iter().find_map(|obstacle| obstacle.advice.filter(|_| obstacle.weight == worst))
        {
            help.push_str("\nway out: ");
            help.push_str(advice.text);
            for line in advice.dockerfile.lines() {
                help.push('\n');
                if !line.is_empty() {
                    help.push_str("    ");
                    help.push_str(line);
                }
            }
        }
        self.help = Some(help);
        self
    }
}
