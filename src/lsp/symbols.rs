//! Document symbols: the stages with their instructions.

use dflint::syntax::{Body, Instruction, Keyword};
use dflint::text::TextRange;
use lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind,
};

use super::view::View;

/// How much of an instruction stands beside its keyword.
const DETAIL: usize = 60;

/// The outline, nested where the client can show that.
pub(super) fn symbols(view: &View<'_>) -> DocumentSymbolResponse {
    let mut roots: Vec<DocumentSymbol> = Vec::new();
    for instruction in &view.parse().instructions {
        match roots.last_mut().filter(|_| instruction.keyword != Keyword::From) {
            Some(stage) if stage.kind == SymbolKind::Module => {
                let symbol = symbol(view, instruction, SymbolKind::Event);
                stage.range.end = symbol.range.end;
                stage.children.get_or_insert_default().push(symbol);
            }
            _ if instruction.keyword == Keyword::From => {
                roots.push(symbol(view, instruction, SymbolKind::Module));
            }
            _ => roots.push(symbol(view, instruction, SymbolKind::Event)),
        }
    }
    if view.support.nested_symbols {
        return roots.into();
    }
    let mut flat = Vec::new();
    for root in roots {
        let stage = (root.kind == SymbolKind::Module).then(|| root.name.clone());
        let children = root.children.clone().unwrap_or_default();
        flat.push(information(view, root, None));
        flat.extend(children.into_iter().map(|child| information(view, child, stage.clone())));
    }
    flat.into()
}

fn symbol(view: &View<'_>, instruction: &Instruction, kind: SymbolKind) -> DocumentSymbol {
    let (file, escape) = (view.file(), view.parse().escape);
    let arguments = instruction.joined_arguments(file, escape);
    let mut detail: String = arguments.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = detail.char_indices().nth(DETAIL) {
        detail.truncate(end);
        detail.push('…');
    }
    let keyword = instruction.keyword_text(file, escape).to_ascii_uppercase();
    let (name, selection, kind) = match &instruction.body {
        Body::From(from) => match &from.alias {
            Some(alias) => (alias.text.to_string(), alias.range, kind),
            None => (from.image.text.to_string(), from.image.range, kind),
        },
        Body::Arg(pairs) | Body::Env(pairs) => {
            let names: Vec<&str> = pairs.iter().map(|pair| pair.name.text.as_str()).collect();
            (format!("{keyword} {}", names.join(" ")), instruction.keyword_range, SymbolKind::Variable)
        }
        _ => (keyword, instruction.keyword_range, kind),
    };
    // The protocol wants the selection within the range, and a name that is not empty.
    let name = if name.trim().is_empty() { "?".to_owned() } else { name };
    let range = TextRange::new(instruction.range.start(), instruction.range.end().max(selection.end()));
    let (range, selection) = (view.range(range), view.range(selection));
    DocumentSymbol::new(name, Some(detail), kind, None, None, range, selection, None)
}

fn information(view: &View<'_>, symbol: DocumentSymbol, container: Option<String>) -> SymbolInformation {
    let base = BaseSymbolInformation::new(symbol.name, symbol.kind, None, container);
    SymbolInformation::new(None, Location { uri: view.uri(), range: symbol.range }, base)
}
