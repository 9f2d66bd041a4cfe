//! Definition, references and highlights of stages and variables.

use lsp_types::{
    DefinitionResponse, DocumentHighlight, DocumentHighlightKind, Location, LocationLink, Position,
};

use super::names::{self, Role, Symbol};
use super::view::{View, touches};

/// Where the stage is declared, or the variable set that is seen here.
pub(super) fn definition(view: &View<'_>, position: Position) -> Option<DefinitionResponse> {
    let offset = view.offset(position);
    let facts = view.facts();
    let (symbol, occurrences) = names::at(&facts, offset)?;
    let here = occurrences.iter().find(|it| touches(it.range, offset))?;
    let mut declarations: Vec<_> = occurrences.iter().filter(|it| it.role == Role::Declaration).collect();
    if let Symbol::Variable(_) = symbol {
        // The last one above, in the stage or in those that it is built on; else all that there are.
        let above = declarations.iter().rfind(|it| it.instruction < here.instruction).copied();
        let own = declarations.iter().find(|it| it.range == here.range).copied();
        if let Some(nearest) = own.or(above) {
            declarations = vec![nearest];
        }
    }
    let links = declarations.into_iter().map(|it| LocationLink {
        origin_selection_range: Some(view.range(here.range)),
        target_uri: view.uri(),
        target_range: view.range(facts.instruction(it.instruction).range),
        target_selection_range: view.range(it.range),
    });
    let links: Vec<LocationLink> = links.collect();
    (!links.is_empty()).then(|| {
        if view.support.definition_links {
            return DefinitionResponse::DefinitionLinkList(links);
        }
        let locations =
            links.into_iter().map(|it| Location { uri: it.target_uri, range: it.target_selection_range });
        DefinitionResponse::Definition(locations.collect::<Vec<_>>().into())
    })
}

/// Every place that speaks of what stands here.
pub(super) fn references(view: &View<'_>, position: Position, declarations: bool) -> Option<Vec<Location>> {
    let (_, occurrences) = names::at(&view.facts(), view.offset(position))?;
    let wanted = occurrences.iter().filter(|it| declarations || it.role != Role::Declaration);
    Some(wanted.map(|it| view.location(it.range)).collect())
}

/// The same within the document, told apart by whether they set it.
pub(super) fn highlights(view: &View<'_>, position: Position) -> Option<Vec<DocumentHighlight>> {
    let (_, occurrences) = names::at(&view.facts(), view.offset(position))?;
    let highlight = |it: &names::Occurrence| DocumentHighlight {
        range: view.range(it.range),
        kind: Some(match it.role {
            Role::Declaration | Role::ShellAssignment => DocumentHighlightKind::Write,
            Role::Base | Role::Use | Role::Indirect => DocumentHighlightKind::Read,
        }),
    };
    Some(occurrences.iter().map(highlight).collect())
}
