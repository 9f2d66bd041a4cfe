//! Every example of every card: what its rule finds and how it mends it, as written, with other line endings, in lower
//! case and without the final newline.

mod cards;

use cards::{Card, Example, ToolchainCard, cards, toolchain_cards};
use dflint::diagnostics::{Applicability, Diagnostic, Severity};
use dflint::engine::{Engine, Options};
use dflint::knowledge;
use dflint::model::Project;
use dflint::rules::CARDS;
use dflint::select::Selector;
use dflint::syntax;
use dflint::text::{SourceFile, TextRange, TextSize};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let cards: &'static [Card] = cards().leak();
    trials.push(Trial::test("every rule has a card", move || every_rule_has_a_card(cards)));
    for card in cards {
        trials.push(Trial::test(format!("{} card", card.code), move || card_is_complete(card)));
        for (index, example) in card.examples.iter().enumerate() {
            let name = format!("{} example {}: {}", card.code, index + 1, example.subject());
            trials.push(Trial::test(name, move || check_example(card, example)));
        }
    }
    let toolchains: &'static [ToolchainCard] = toolchain_cards().leak();
    for toolchain in toolchains {
        trials.push(Trial::test(format!("{} card", toolchain.id), move || toolchain_is_complete(toolchain)));
        for (index, example) in toolchain.examples.iter().enumerate() {
            let name = format!("{} example {}: {}", toolchain.id, index + 1, example.subject());
            let code = example.rule.as_deref().unwrap_or("XC101");
            let card = cards.iter().find(|card| card.code == code).expect("a rule");
            trials.push(Trial::test(name, move || check_toolchain_example(card, example)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn ensure(holds: bool, message: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(message().into()) }
}

fn ensure_same(what: &str, expected: &str, found: &str) -> Result<(), Failed> {
    ensure(expected == found, || {
        let diff = similar::TextDiff::from_lines(expected, found);
        let diff = diff.unified_diff().header("expected", "found").to_string();
        format!("{what}:\n{diff}\nfound:\n{found}")
    })
}

fn every_rule_has_a_card(cards: &[Card]) -> Result<(), Failed> {
    let codes: Vec<_> = cards.iter().map(|card| card.code.as_str()).collect();
    let rules: Vec<_> = dflint::rules::rules().map(|rule| rule.card.code).collect();
    ensure(codes == rules, || format!("cards: {codes:?}\nrules: {rules:?}"))
}

fn card_is_complete(card: &Card) -> Result<(), Failed> {
    for (field, text) in [("why", &card.why), ("what-to-do", &card.what_to_do), ("fix", &card.fix)] {
        ensure(text.trim().len() > 40, || format!("`{field}` says next to nothing"))?;
    }
    ensure(!card.summary.contains('\n') && card.summary.len() <= 100, || "`summary` is one line".into())?;
    ensure(!card.sources.is_empty(), || "`sources` is empty: where does it come from?".into())?;
    let trust = ["safe", "none", "no fix"].iter().any(|word| card.fix.to_lowercase().contains(word));
    ensure(trust, || "`fix` does not say how far it may be trusted, or that there is none".into())?;
    let enough = |what: &str, is_about: &dyn Fn(&Example) -> bool| {
        let about = || card.examples.iter().filter(|example| is_about(example));
        let fail = about().filter(|example| example.fail.is_some()).count();
        let pass = about().filter(|example| example.pass.is_some()).count();
        ensure(fail >= 3 && pass >= 2, || {
            format!("{what}: {fail} failing and {pass} passing examples; 3 and 2 are the least")
        })
    };
    enough("in all", &|_| true)?;
    for &toolchain in &card.toolchains {
        enough(&format!("{toolchain:?}"), &|example| example.is_about(toolchain))?;
    }
    Ok(())
}

fn toolchain_is_complete(card: &ToolchainCard) -> Result<(), Failed> {
    ensure(knowledge::toolchain(&card.id).is_some(), || "no toolchain of the knowledge has this id".into())?;
    ensure(card.guide.trim().len() > 200, || "`guide` says next to nothing".into())?;
    ensure(!card.sources.is_empty(), || "`sources` is empty: where does it come from?".into())?;
    let fail = card.examples.iter().filter(|example| example.fail.is_some()).count();
    let pass = card.examples.iter().filter(|example| example.pass.is_some()).count();
    ensure(fail >= 3 && pass >= 2, || {
        format!("{fail} failing and {pass} passing examples; 3 and 2 are the least")
    })
}

/// As [`check_example`], and what passes, passes every rule.
fn check_toolchain_example(card: &Card, example: &Example) -> Result<(), Failed> {
    check_example(card, example)?;
    let Some(pass) = &example.pass else { return Ok(()) };
    let found = engine(None, example).check(&file(pass)).diagnostics;
    ensure(found.is_empty(), || said(pass, &found))
}

/// A way to write an example that means the same.
#[derive(Clone, Copy)]
enum Variant {
    AsWritten,
    WithCarriageReturns,
    InLowerCase,
    WithoutFinalNewline,
}

impl Variant {
    const ALL: [(Self, &'static str); 4] = [
        (Self::AsWritten, "as written"),
        (Self::WithCarriageReturns, "with CRLF"),
        (Self::InLowerCase, "with keywords in lower case"),
        (Self::WithoutFinalNewline, "without the final newline"),
    ];

    fn text(self, text: &str) -> String {
        match self {
            Self::AsWritten => text.to_owned(),
            Self::WithCarriageReturns => text.replace('\n', "\r\n"),
            Self::InLowerCase => {
                let mut lower = text.to_owned();
                for instruction in syntax::parse(&file(text)).instructions {
                    let range = std::ops::Range::<usize>::from(instruction.keyword_range);
                    lower[range].make_ascii_lowercase();
                }
                lower
            }
            Self::WithoutFinalNewline => text.strip_suffix('\n').unwrap_or(text).to_owned(),
        }
    }

    /// Where a range of `text` lies in the variant.
    fn range(self, range: TextRange, text: &str) -> TextRange {
        let Self::WithCarriageReturns = self else { return range };
        let moved = |at: TextSize| {
            let before = text[..usize::from(at)].matches('\n').count();
            at + TextSize::try_from(before).expect("a small file")
        };
        TextRange::new(moved(range.start()), moved(range.end()))
    }
}

fn file(text: &str) -> SourceFile {
    SourceFile::new("Dockerfile", text).expect("a small file")
}

/// An engine that runs the rule of a card, or all of them, on the platforms of an example.
fn engine(card: Option<&Card>, example: &Example) -> Engine {
    let select = card.map(|card| Selector::parse(&card.code, CARDS).expect("a rule")).into_iter().collect();
    let mut project = Project::default();
    if !example.platforms.is_empty() {
        project.platforms = example.platforms.iter().map(|text| text.parse().expect("a platform")).collect();
    }
    Engine::new(Options { select, project, ..Options::default() })
}

/// What the card's own rule finds.
fn findings(card: &Card, example: &Example, text: &str) -> Vec<Diagnostic> {
    engine(Some(card), example).check(&file(text)).diagnostics
}

fn check_example(card: &Card, example: &Example) -> Result<(), Failed> {
    ensure(example.subject() != "?", || "an example has a `title`, or says what it is `about`".into())?;
    ensure(example.text().ends_with('\n'), || "an example ends in a newline".into())?;
    ensure(syntax::parse(&file(example.text())).errors.is_empty(), || "a syntax error".into())?;
    match (&example.fail, &example.pass) {
        (Some(fail), None) => check_fail(card, example, fail),
        (None, Some(pass)) => check_pass(card, example, pass),
        _ => Err("an example has either `fail` or `pass`".into()),
    }
}

fn check_pass(card: &Card, example: &Example, text: &str) -> Result<(), Failed> {
    for (variant, name) in Variant::ALL {
        let text = variant.text(text);
        let found = findings(card, example, &text);
        ensure(found.is_empty(), || format!("{name}: {}", said(&text, &found)))?;
    }
    Ok(())
}

/// The findings as the card writes them, with what they say.
fn said(text: &str, findings: &[Diagnostic]) -> String {
    let one = |finding: &Diagnostic| {
        let help = finding.help.as_deref().unwrap_or_default();
        format!("{}\n    {}\n    {help}\n", span(text, finding), finding.message)
    };
    findings.iter().map(one).collect()
}

fn span(text: &str, finding: &Diagnostic) -> String {
    let file = file(text);
    format!("{}: {}", file.line(finding.primary.start()), file.slice(finding.primary))
}

fn check_fail(card: &Card, example: &Example, text: &str) -> Result<(), Failed> {
    let found = findings(card, example, text);
    let spans: Vec<_> = found.iter().map(|finding| span(text, finding)).collect();
    ensure(spans == example.spans, || {
        format!("expected: {:#?}\nfound: {spans:#?}\n{}", example.spans, said(text, &found))
    })?;
    ensure(!found.is_empty(), || "no finding".into())?;
    if let Some(part) = &example.says {
        ensure(said(text, &found).contains(part), || {
            format!("nothing says `{part}`:\n{}", said(text, &found))
        })?;
    }
    for (variant, name) in Variant::ALL {
        let written = variant.text(text);
        let in_variant = |range| file(&written).slice(variant.range(range, text)).to_owned();
        let expected: Vec<_> = found.iter().map(|finding| in_variant(finding.primary)).collect();
        let here: Vec<_> = findings(card, example, &written)
            .iter()
            .map(|finding| file(&written).slice(finding.primary).to_owned())
            .collect();
        ensure(here == expected, || format!("{name}: expected {expected:#?}, found {here:#?}"))?;
        let fixed = example.fixed.as_deref().map(|fixed| variant.text(fixed));
        check_fixed(card, example, &written, fixed.as_deref())
            .map_err(|failed| format!("{name}: {}", failed.message().unwrap_or_default()))?;
    }
    Ok(())
}

fn check_fixed(card: &Card, example: &Example, text: &str, fixed: Option<&str>) -> Result<(), Failed> {
    let Some(expected) = fixed else {
        let fix = engine(Some(card), example).fix(&file(text), Applicability::Unsafe);
        return ensure_same("there is a fix after all", text, fix.file.text());
    };
    let engine = engine(Some(card), example);
    let trust = example.applicability.applicability();
    if trust == Applicability::Unsafe {
        let fix = engine.fix(&file(text), Applicability::Safe);
        ensure_same("the fix is safe after all", text, fix.file.text())?;
    }
    let fix = engine.fix(&file(text), trust);
    ensure(fix.refused.is_empty(), || format!("refused: {:?}", fix.refused))?;
    ensure_same("the fixed text", expected, fix.file.text())?;
    let again = engine.fix(&fix.file, trust);
    ensure_same("a second time", expected, again.file.text())?;
    no_new_findings(text, fix.file.text(), Severity::Warning)?;

    let all = Engine::new(Options::default()).fix(&file(text), trust);
    ensure(all.refused.is_empty(), || format!("with all rules: refused: {:?}", all.refused))?;
    no_new_findings(text, all.file.text(), Severity::Info)
        .map_err(|failed| format!("with all rules: {}", failed.message().unwrap_or_default()).into())
}

/// Findings that stand for the same trouble: a stage that is emulated needlessly has one of two names, and so has an
/// ARG that splits the cache needlessly.
fn trouble(finding: &Diagnostic) -> &str {
    match finding.code {
        "XC102" => "XC101",
        "XC304" => "XC303",
        code => code,
    }
}

/// No rule finds more in the fixed text than it found before, as far as it is at least so severe: when a stage is
/// pinned by one rule, another may have a note on how to make more of that.
fn no_new_findings(before: &str, after: &str, at_least: Severity) -> Result<(), Failed> {
    let engine = Engine::new(Options::default());
    let found = |text: &str| engine.check(&file(text)).diagnostics;
    let (old, new) = (found(before), found(after));
    for finding in new.iter().filter(|finding| finding.severity >= at_least) {
        let count = |of: &[Diagnostic]| of.iter().filter(|other| trouble(other) == trouble(finding)).count();
        ensure(count(&new) <= count(&old), || {
            format!("the fixed text has a new finding, {}:\n{}\n{after}", finding.code, said(after, &new))
        })?;
    }
    Ok(())
}
