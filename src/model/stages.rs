//! The stages of a build as `BuildKit` resolves them for one pair of platforms (dockerfile2llb/convert.go).

mod dispatch;
mod globals;
mod graph;
mod names;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use smol_str::{SmolStr, StrExt};
use thin_vec::ThinVec;

use super::platform::Platform;
use super::value::Known;
use crate::syntax::variables::{Expansion, Lookup, Operator, expand, references};
use crate::syntax::{Body, FromBody, Instruction, Keyword, Parse, Word};
use crate::text::TextRange;

/// What a build is asked to do.
#[derive(Clone, Debug)]
pub struct Scenario<'a> {
    /// The platform of the builder.
    pub build: Platform,
    /// The platform that is built (`--platform`).
    pub target: Platform,
    /// `--build-arg`.
    pub build_arguments: &'a BTreeMap<String, String>,
    /// `--target`; the last stage where none is given.
    pub target_stage: Option<&'a str>,
    /// Stages that other builds of the file name with `--target`.
    pub other_targets: &'a [String],
    /// Whether an ARG without a default may have any value (rules) or is empty (a plan).
    pub arguments_may_be_given: bool,
}

/// A Dockerfile's stages, resolved for one [`Scenario`].
#[derive(Clone, Debug)]
pub struct Build {
    /// One for each FROM, in order.
    pub stages: Vec<BuiltStage>,
    /// The index of the stage that is exported; none where the file has no stage or none of the asked name.
    pub target: Option<usize>,
    /// The indices of those of [`Scenario::other_targets`] that are there.
    pub other_targets: Vec<usize>,
    /// The variables that FROM lines see.
    pub global_variables: HashMap<SmolStr, Known>,
    /// The defaults that the file gives to predefined arguments. Rules say so once (XC203) and judge the rest of the
    /// file as if they were not there; only there they are kept apart.
    pub overridden: HashMap<SmolStr, Known>,
    /// Why the build cannot start.
    pub errors: Vec<BuildError>,
}

/// Why a build cannot start.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct BuildError {
    /// What is at fault; none where that is the file as a whole or an option.
    pub range: Option<TextRange>,
    /// What is wrong, for a person.
    pub message: String,
}

/// A stage in one build. Rules hold four builds at once.
#[derive(Clone, Debug)]
pub struct BuiltStage {
    /// What it starts from.
    pub base: Base,
    /// The platform that its RUNs execute on; none where the file does not tell.
    pub platform: Option<Rc<Platform>>,
    /// What the flag of its FROM asks for, the target platform where there is none; none where that is not known.
    pub asked_platform: Option<Rc<Platform>>,
    /// The stages that its COPY and its mounts take files from, with the index of the instruction in the parse.
    pub sources: ThinVec<Source>,
    /// Everything that its COPY and its mounts take files from, and what the triggers take behind that.
    pub imports: ThinVec<Import>,
    /// The ONBUILD instructions of the stage that it starts from: what they hold runs in front of its own
    /// instructions. Empty in a stage that is not reachable.
    pub triggers: ThinVec<usize>,
    /// Whether an exported stage needs it.
    pub reachable: bool,
}

/// What a stage starts from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Base {
    /// An earlier stage.
    Stage(usize),
    /// An image of this name.
    Image(SmolStr),
    /// Nothing.
    Scratch,
    /// The file does not tell.
    Unknown,
}

/// A stage that an instruction takes files from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Source {
    /// The index of the instruction in [`Parse::instructions`].
    pub instruction: usize,
    /// The index of the stage.
    pub stage: usize,
}

/// What an instruction takes files from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Import {
    /// The index of the COPY, of the RUN, or of the ONBUILD that holds one, in [`Parse::instructions`].
    pub instruction: usize,
    /// Whether a trigger does it.
    pub is_trigger: bool,
    /// How the files get there.
    pub kind: ImportKind,
    /// Whose files they are.
    pub origin: Origin,
}

/// How files get from one stage into another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ImportKind {
    /// `COPY --from`.
    Copy,
    /// `RUN --mount=from=…`.
    Mount,
}

/// Whose files an instruction takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Those of the stage with this index.
    Stage(usize),
    /// Those of an image, which `BuildKit` pulls for the target platform.
    Image(SmolStr),
}

/// Where a stage stands in the file: the index of its FROM and the indices of what follows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StageSpan {
    /// The index of the FROM.
    pub from: usize,
    /// The instructions behind it, up to the next FROM.
    pub body: Range<usize>,
}

/// The stages of a file in order.
pub fn stage_spans(parse: &Parse) -> Vec<StageSpan> {
    let froms: Vec<usize> = (0..parse.instructions.len())
        .filter(|&index| parse.instructions[index].keyword == Keyword::From)
        .collect();
    let ends = froms.iter().skip(1).copied().chain([parse.instructions.len()]);
    froms.iter().zip(ends).map(|(&from, end)| StageSpan { from, body: from + 1..end }).collect()
}

/// The names of the stages, as written.
pub fn stage_names(parse: &Parse) -> Vec<&str> {
    let aliases = parse.instructions.iter().filter_map(|instruction| from_body(instruction)?.alias.as_ref());
    aliases.map(|alias| alias.text.as_str()).collect()
}

/// Resolves the stages of `parse`. Never fails: what stands in the way is in [`Build::errors`].
pub fn resolve(parse: &Parse, spans: &[StageSpan], scenario: &Scenario<'_>) -> Build {
    let mut resolver = Resolver::new(parse, spans, scenario);
    resolver.add_stages();
    resolver.connected()
}

/// Resolves the stages for other platforms than `first`. Where they start from the same stages there, they need the same
/// ones, and what they take from each other is left to `first`.
pub fn resolve_beside(first: &Build, parse: &Parse, spans: &[StageSpan], scenario: &Scenario<'_>) -> Build {
    let mut resolver = Resolver::new(parse, spans, scenario);
    resolver.add_stages();
    let below = |stage: &BuiltStage| match stage.base {
        Base::Stage(base) => Some(base),
        _ => None,
    };
    if !resolver.stages.iter().map(below).eq(first.stages.iter().map(below)) {
        return resolver.connected();
    }
    for (stage, known) in resolver.stages.iter_mut().zip(&first.stages) {
        stage.reachable = known.reachable;
    }
    resolver.into_build(first.target, first.other_targets.clone())
}

struct Resolver<'a> {
    parse: &'a Parse,
    spans: &'a [StageSpan],
    scenario: &'a Scenario<'a>,
    /// The target platform, which most stages share.
    target_platform: Rc<Platform>,
    globals: HashMap<SmolStr, Known>,
    overridden: HashMap<SmolStr, Known>,
    /// By lower-cased name; a later stage of the same name takes its place.
    by_name: HashMap<SmolStr, usize>,
    stages: Vec<BuiltStage>,
    /// What numbers behind those of the stages mean: images that COPY and mounts name, in their order.
    registered: Vec<Origin>,
    errors: Vec<BuildError>,
    /// The same errors, to tell whether one is new.
    said: HashSet<BuildError>,
}

impl<'a> Resolver<'a> {
    fn new(parse: &'a Parse, spans: &'a [StageSpan], scenario: &'a Scenario<'a>) -> Self {
        Self {
            parse,
            spans,
            scenario,
            target_platform: Rc::new(scenario.target.clone()),
            globals: HashMap::new(),
            overridden: HashMap::new(),
            by_name: HashMap::with_capacity(spans.len()),
            stages: Vec::with_capacity(spans.len()),
            registered: Vec::new(),
            errors: Vec::new(),
            said: HashSet::new(),
        }
    }

    /// Finds what each stage starts from.
    fn add_stages(&mut self) {
        self.read_globals();
        for span in self.spans {
            self.add_stage(&self.parse.instructions[span.from]);
        }
    }

    /// Finds what the stages take from each other, and with that all there is to know.
    fn connected(mut self) -> Build {
        let target = self.target();
        let named = |name: &String| self.by_name.get(&name.to_ascii_lowercase_smolstr()).copied();
        let other_targets: Vec<usize> = self.scenario.other_targets.iter().filter_map(named).collect();
        self.connect(target.into_iter().chain(other_targets.iter().copied()).collect());
        if !self.scenario.arguments_may_be_given {
            self.dispatch();
        }
        self.into_build(target, other_targets)
    }

    fn into_build(self, target: Option<usize>, other_targets: Vec<usize>) -> Build {
        Build {
            stages: self.stages,
            target,
            other_targets,
            global_variables: self.globals,
            overridden: self.overridden,
            errors: self.errors,
        }
    }

    fn error(&mut self, range: TextRange, message: String) {
        let error = BuildError { range: Some(range), message };
        if self.said.insert(error.clone()) {
            self.errors.push(error);
        }
    }

    /// A word of a FROM line or a global ARG, expanded. An error leaves it unknown.
    fn expand(&mut self, word: &Word) -> Known {
        let globals = &self.globals;
        let is_given = |name: &str| globals.get(name) == Some(&Known::Given);
        // What stands behind `:-` is as good as the default of an ARG.
        let has_fallback = || {
            references(&word.text, self.parse.escape).iter().all(|reference| {
                !is_given(&reference.name) || matches!(reference.operator, Some(Operator::Default { .. }))
            })
        };
        let result = expand(&word.text, self.parse.escape, &mut |name| match globals.get(name) {
            Some(Known::Text(text)) => Lookup::Set(text.clone()),
            Some(Known::Given) if has_fallback() => Lookup::Unset,
            Some(Known::Given | Known::Unknown) => Lookup::Unknown,
            Some(Known::Unset) | None => Lookup::Unset,
        });
        match result {
            Expansion::Known(text) => Known::Text(text.as_str().into()),
            Expansion::Unknown => Known::Unknown,
            Expansion::Refused(refusal) => {
                self.error(word.to_source(refusal.range), refusal.message);
                Known::Unknown
            }
        }
    }

    fn add_stage(&mut self, instruction: &Instruction) {
        let Some(from) = from_body(instruction) else {
            self.stages.push(BuiltStage::new(Base::Unknown, None, None));
            return;
        };
        let name = self.expand(&from.image);
        let asked_platform = self.asked_platform(instruction);
        let base = match &name {
            Known::Text(name) if name.is_empty() => {
                let message = format!("the base name `{}` expands to nothing", from.image.text);
                self.error(from.image.range, message + &self.way_out(&from.image));
                Base::Unknown
            }
            // The name is looked up as written among lower-cased stage names: `FROM Build` never means a stage.
            Known::Text(name) => match self.by_name.get(name.as_str()) {
                Some(&stage) => Base::Stage(stage),
                None if &**name == "scratch" => Base::Scratch,
                None => {
                    self.check_image(name, from.image.range, Some(&from.image));
                    Base::Image(name.clone())
                }
            },
            Known::Unset | Known::Given | Known::Unknown => Base::Unknown,
        };
        let platform = match &base {
            Base::Stage(stage) => self.stages[*stage].platform.clone(),
            Base::Scratch => Some(self.target_platform.clone()),
            Base::Image(_) => asked_platform.clone(),
            Base::Unknown => None,
        };
        if let Some(alias) = &from.alias {
            self.by_name.insert(alias.text.to_ascii_lowercase_smolstr(), self.stages.len());
        }
        self.stages.push(BuiltStage::new(base, platform, asked_platform));
    }

    /// The platform that the flag asks for, the target's where there is none.
    fn asked_platform(&mut self, instruction: &Instruction) -> Option<Rc<Platform>> {
        // A literally empty value means "no flag"; only an expression that comes to nothing is refused.
        let flag = instruction.flag("platform").and_then(|flag| flag.value.as_ref());
        let Some(word) = flag.filter(|word| !matches!(word.text.as_str(), "" | "\"\"" | "''")) else {
            return Some(self.target_platform.clone());
        };
        let Known::Text(text) = self.expand(word) else { return None };
        if text.is_empty() {
            let message = format!("the platform `{}` expands to nothing", word.text);
            self.error(word.range, message + &self.way_out(word));
            return None;
        }
        match Platform::parse_on(&text, &self.scenario.build) {
            Ok(platform) => Some(Rc::new(platform)),
            Err(error) => {
                self.error(word.range, error.to_string() + &self.way_out(word));
                None
            }
        }
    }

    fn target(&mut self) -> Option<usize> {
        let Some(name) = self.scenario.target_stage else { return self.stages.len().checked_sub(1) };
        let found = self.by_name.get(&name.to_ascii_lowercase_smolstr()).copied();
        if found.is_none() {
            let message = format!("there is no stage `{name}` to build");
            self.errors.push(BuildError { range: None, message });
        }
        found
    }
}

impl BuiltStage {
    fn new(base: Base, platform: Option<Rc<Platform>>, asked_platform: Option<Rc<Platform>>) -> Self {
        Self {
            base,
            platform,
            asked_platform,
            sources: ThinVec::new(),
            imports: ThinVec::new(),
            triggers: ThinVec::new(),
            reachable: false,
        }
    }
}

/// The body of a FROM that could be read.
pub fn from_body(instruction: &Instruction) -> Option<&FromBody> {
    match &instruction.body {
        Body::From(from) => Some(from),
        _ => None,
    }
}
