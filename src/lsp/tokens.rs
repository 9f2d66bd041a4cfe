//! Semantic tokens: what the tree knows and a grammar of patterns does not.

use dflint::model::PLATFORM_ARGUMENTS;
use dflint::syntax::{Body, Instruction, PieceKind};
use dflint::text::{TextRange, TextSize};
use lsp_types::{SemanticToken, SemanticTokens, SemanticTokensLegend};

use super::names::{self, Role, Symbol};
use super::view::View;

/// The types, as the legend lists them.
const TYPES: [&str; 7] = ["keyword", "comment", "parameter", "variable", "namespace", "string", "macro"];
const MODIFIERS: [&str; 2] = ["declaration", "defaultLibrary"];

const KEYWORD: u32 = 0;
const COMMENT: u32 = 1;
const FLAG: u32 = 2;
const VARIABLE: u32 = 3;
const STAGE: u32 = 4;
const IMAGE: u32 = 5;
const DIRECTIVE: u32 = 6;
const DECLARATION: u32 = 1;
const DEFAULT_LIBRARY: u32 = 2;

pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.map(str::to_owned).to_vec(),
        token_modifiers: MODIFIERS.map(str::to_owned).to_vec(),
    }
}

/// The tokens in a range, or of the whole document.
pub(super) fn tokens(view: &View<'_>, within: Option<TextRange>) -> SemanticTokens {
    let mut found: Vec<(TextRange, u32, u32)> = Vec::new();
    for piece in &view.parse().pieces {
        match piece.kind {
            PieceKind::Comment => found.push((piece.range, COMMENT, 0)),
            PieceKind::Directive => found.push((piece.range, DIRECTIVE, 0)),
            PieceKind::Instruction(index) => {
                instruction(&view.parse().instructions[index as usize], &mut found);
            }
            PieceKind::ByteOrderMark | PieceKind::Blank => {}
        }
    }
    for it in names::all(&view.facts()) {
        let declaration = if it.role == Role::Declaration { DECLARATION } else { 0 };
        found.push(match &it.symbol {
            Symbol::Stage(_) => (it.range, STAGE, declaration),
            Symbol::Variable(name) if PLATFORM_ARGUMENTS.contains(&name.as_str()) => {
                (it.range, VARIABLE, declaration | DEFAULT_LIBRARY)
            }
            Symbol::Variable(_) => (it.range, VARIABLE, declaration),
        });
    }
    found.retain(|(range, ..)| within.is_none_or(|within| within.intersect(*range).is_some()));
    // What is smaller says more: it stands in front of what holds it, and the rest of that is dropped.
    found.sort_by_key(|(range, kind, _)| (range.start(), range.len(), *kind));
    encode(view, &found)
}

fn instruction(instruction: &Instruction, found: &mut Vec<(TextRange, u32, u32)>) {
    found.push((instruction.keyword_range, KEYWORD, 0));
    found.extend(instruction.flags.iter().map(|flag| (flag.name_range, FLAG, 0)));
    match &instruction.body {
        Body::From(from) => found.push((from.image.range, IMAGE, 0)),
        Body::Onbuild(inner) => self::instruction(inner, found),
        _ => {}
    }
}

/// Tokens must not overlap, nor reach over a line.
fn encode(view: &View<'_>, found: &[(TextRange, u32, u32)]) -> SemanticTokens {
    let text = view.text();
    let mut data = Vec::new();
    let mut last = lsp_types::Position::default();
    let mut covered = TextSize::from(0);
    for (index, &(range, token_type, modifiers)) in found.iter().enumerate() {
        let next = found.get(index + 1).map(|(next, ..)| *next);
        let mut at = range.start().max(covered);
        // An image with variables in it: what stands in front of the first.
        let end =
            next.filter(|next| next.start() > at).map_or(range.end(), |next| next.start().min(range.end()));
        while at < end {
            let line_end = text[TextRange::new(at, end)].find(['\r', '\n']);
            let to = line_end.map_or(end, |length| at + TextSize::try_from(length).expect("within the file"));
            let (from, until) = (view.position(at), view.position(to));
            if until.line == from.line && until.character > from.character {
                let delta_line = from.line - last.line;
                data.push(SemanticToken {
                    delta_line,
                    delta_start: if delta_line == 0 {
                        from.character - last.character
                    } else {
                        from.character
                    },
                    length: until.character - from.character,
                    token_type,
                    token_modifiers_bitset: modifiers,
                });
                last = from;
            }
            let rest = &text[TextRange::new(to, end)];
            at = to + TextSize::of(&rest[..rest.len() - rest.trim_start_matches(['\r', '\n']).len()]);
        }
        covered = covered.max(end);
    }
    SemanticTokens { result_id: None, data }
}
