//! Words for what a plan holds, safe to print and on one line.

use dflint::model::plan::{Plan, Totals};
use dflint::model::stages::{Base, Origin};
use dflint::syntax::{Body, Instruction};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{AfterFix, PlanReport, neutral};

/// A stage's name, or its number.
pub(super) fn stage_name(plan: &Plan, stage: usize) -> String {
    match &plan.stages[stage].name {
        Some(name) => neutral::line(name).into_owned(),
        None => format!("stage {stage}"),
    }
}

/// What a stage starts from; none where the file does not tell.
pub(super) fn base(plan: &Plan, stage: usize) -> Option<String> {
    match &plan.stages[stage].base {
        Base::Stage(base) => Some(format!("from {}", stage_name(plan, *base))),
        Base::Image(name) => Some(image(name)),
        Base::Scratch => Some("scratch".to_owned()),
        Base::Unknown => None,
    }
}

/// The name of an image, a digest shortened.
pub(super) fn image(name: &str) -> String {
    let name = neutral::line(name);
    match name.split_once("@sha256:") {
        Some((name, digest)) if digest.len() > 8 => format!("{name}@{}", digest[..8].to_owned() + "…"),
        _ => name.into_owned(),
    }
}

/// Whose files an import takes.
pub(super) fn origin(plan: &Plan, origin: &Origin) -> String {
    match origin {
        Origin::Stage(stage) => stage_name(plan, *stage),
        Origin::Image(name) => image(name),
    }
}

impl PlanReport<'_> {
    /// An instruction as written, without its flags, on one line. An ONBUILD is what it holds.
    pub(super) fn command(&self, instruction: usize, is_trigger: bool) -> String {
        let instruction = self.instruction(instruction, is_trigger);
        let escape = self.parse.escape;
        let keyword = instruction.keyword_text(self.file, escape).to_ascii_uppercase();
        let arguments = instruction.joined_arguments(self.file, escape);
        let mut words = vec![keyword.as_str()];
        words.extend(arguments.as_str().split_whitespace());
        // `RUN <<EOF` alone says nothing: its first lines do.
        let heredocs =
            instruction.heredocs.iter().flat_map(|heredoc| heredoc.content.as_str().split_whitespace());
        words.extend(heredocs.take(40));
        neutral::line(&words.join(" ")).into_owned()
    }

    /// The instruction itself, or the one that the ONBUILD at this index holds.
    pub(super) fn instruction(&self, at: usize, is_trigger: bool) -> &Instruction {
        let instruction = &self.parse.instructions[at];
        match &instruction.body {
            Body::Onbuild(trigger) if is_trigger => trigger,
            _ => instruction,
        }
    }

    /// The line that an instruction starts on.
    pub(super) fn line(&self, instruction: usize) -> u32 {
        self.file.line(self.parse.instructions[instruction].range.start())
    }
}

/// "12 RUNs, 9 emulated".
pub(super) fn totals(totals: Totals) -> String {
    let runs = match totals.runs() {
        1 => "1 RUN".to_owned(),
        runs => format!("{runs} RUNs"),
    };
    match totals.emulated {
        _ if totals.runs() == 0 => runs,
        0 => format!("{runs}, none emulated"),
        emulated => format!("{runs}, {emulated} emulated"),
    }
}

/// What fixes would change about the number of emulated RUNs; none where they would not.
pub(super) fn after_fix(before: Totals, after: Option<AfterFix>) -> Option<String> {
    let after = after?;
    let (now, safe, all) = (before.emulated, after.safe.emulated, after.with_unsafe.emulated);
    match (safe == now, all == safe) {
        (true, true) => None,
        (false, true) => Some(format!("{safe} after dflint check --fix")),
        (true, false) => Some(format!("{all} after dflint check --fix --unsafe-fixes")),
        (false, false) => Some(format!("{safe} after dflint check --fix, {all} with --unsafe-fixes")),
    }
}

/// `text` in at most `width` columns.
pub(super) fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    let mut clipped: String = text.chars().take_while(fits).collect();
    clipped.truncate(clipped.trim_end().len());
    clipped.push('…');
    clipped
}

/// `text` in lines of at most `width` columns, words kept whole where they fit.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = clip(word, width);
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_clipped_by_columns() {
        assert_eq!(clip("RUN make", 8), "RUN make");
        assert_eq!(clip("RUN make", 7), "RUN ma…");
        assert_eq!(clip("RUN make", 5), "RUN…");
        assert_eq!(clip("日本語", 5), "日本…");
        assert_eq!(clip("日本語", 4), "日…");
    }

    #[test]
    fn long_text_is_wrapped_at_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("immeasurable x", 6), ["immea…", "x"]);
        assert!(wrap("", 6).is_empty());
    }

    #[test]
    fn digests_are_shortened() {
        assert_eq!(image("a:1@sha256:0123456789abcdef"), "a:1@01234567…");
        assert_eq!(image("a:1"), "a:1");
    }

    #[test]
    fn numbers_are_told_in_words() {
        let of = |native, emulated| Totals { native, emulated, unused: 0 };
        assert_eq!(totals(of(0, 0)), "0 RUNs");
        assert_eq!(totals(of(1, 0)), "1 RUN, none emulated");
        assert_eq!(totals(of(3, 9)), "12 RUNs, 9 emulated");
        let after = |safe, with_unsafe| {
            after_fix(of(0, 3), Some(AfterFix { safe: of(0, safe), with_unsafe: of(0, with_unsafe) }))
        };
        assert_eq!(after(3, 3), None);
        assert_eq!(after(1, 1).as_deref(), Some("1 after dflint check --fix"));
        assert_eq!(after(3, 1).as_deref(), Some("1 after dflint check --fix --unsafe-fixes"));
        assert_eq!(after(2, 0).as_deref(), Some("2 after dflint check --fix, 0 with --unsafe-fixes"));
    }
}
