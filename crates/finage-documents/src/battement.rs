//! A beat in every loop and function of a template: the engine has no fuel, so the template itself looks at the time.
//!
//! The engine stops a loop at 10,000 turns and calls at 80 levels, but loops in loops, or a function that calls itself
//! twice, outlast any patience within those bounds. Each body of a loop and of a function is therefore wrapped as
//! `{__battement();body}` before the engine reads it; the beat is an error once the time allowed is spent.

use std::cell::Cell;
use std::time::Instant;

use typst::syntax::{LinkedNode, SyntaxKind};

/// Name of the beat in the text that the engine reads; templates may not use names that begin so.
pub(crate) const RESERVE: &str = "__";
const AVANT: &str = "{__battement();";

thread_local! {
    /// When the document being made on this thread must be finished.
    static ECHEANCE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Sets the end of the time allowed to this thread.
pub(crate) fn fixer(echeance: Instant) {
    ECHEANCE.set(Some(echeance));
}

/// Whether the time allowed to this thread is spent.
pub(crate) fn depasse() -> bool {
    ECHEANCE.get().is_some_and(|echeance| Instant::now() >= echeance)
}

/// What was inserted into a text: where, in the new text, and how many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Insertion {
    /// First byte in the new text.
    pub(crate) debut: usize,
    /// Bytes inserted.
    pub(crate) longueur: usize,
}

/// The text with a beat in each body, and what was inserted.
pub(crate) fn poser(texte: &str, racine: &LinkedNode<'_>) -> (String, Vec<Insertion>) {
    let mut ajouts: Vec<(usize, &'static str)> = Vec::new();
    corps(racine, texte, &mut ajouts);
    ajouts.sort_by_key(|(place, _)| *place);
    let mut nouveau = String::with_capacity(texte.len() + ajouts.len() * AVANT.len());
    let mut insertions = Vec::with_capacity(ajouts.len());
    let mut lu = 0;
    for (place, ajout) in ajouts {
        nouveau += texte.get(lu..place).unwrap_or_default();
        lu = place;
        insertions.push(Insertion { debut: nouveau.len(), longueur: ajout.len() });
        nouveau += ajout;
    }
    nouveau += texte.get(lu..).unwrap_or_default();
    (nouveau, insertions)
}

/// Additions around each body, inner ones between outer ones: the sort is stable, and equal places keep this order.
fn corps(noeud: &LinkedNode<'_>, texte: &str, ajouts: &mut Vec<(usize, &'static str)>) {
    let trouve = matches!(noeud.kind(), SyntaxKind::ForLoop | SyntaxKind::WhileLoop | SyntaxKind::Closure)
        .then(|| noeud.children().rev().find(|enfant| !enfant.kind().is_trivia()))
        .flatten();
    let Some(corps_du_noeud) = trouve else {
        for enfant in noeud.children() {
            corps(&enfant, texte, ajouts);
        }
        return;
    };
    let place = corps_du_noeud.range();
    // Lines of an expression in parentheses go on; in braces they would end it.
    let bloc = matches!(corps_du_noeud.kind(), SyntaxKind::CodeBlock | SyntaxKind::ContentBlock);
    let lie = !bloc && texte.get(place.clone()).is_some_and(|corps| corps.contains('\n'));
    let (avant, apres) = if lie { ("{__battement();(", ")}") } else { (AVANT, "}") };
    for enfant in noeud.children() {
        let est_le_corps = enfant.range() == place && enfant.kind() == corps_du_noeud.kind();
        if est_le_corps {
            ajouts.push((place.start, avant));
        }
        corps(&enfant, texte, ajouts);
        if est_le_corps {
            ajouts.push((place.end, apres));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beaten(texte: &str) -> String {
        let racine = typst::syntax::parse(texte);
        let (nouveau, insertions) = poser(texte, &LinkedNode::new(&racine));
        assert!(typst::syntax::parse(&nouveau).errors_and_warnings().0.is_empty(), "{nouveau}");
        let mut rest = nouveau.clone();
        for insertion in insertions.iter().rev() {
            rest.replace_range(insertion.debut..insertion.debut + insertion.longueur, "");
        }
        assert_eq!(rest, texte, "taking the insertions away gives the text back");
        nouveau
    }

    #[test]
    fn every_body_is_wrapped() {
        assert_eq!(beaten("#for x in y [= A]"), "#for x in y {__battement();[= A]}");
        assert_eq!(beaten("#while a { b }"), "#while a {__battement();{ b }}");
        assert_eq!(beaten("#let f(x) = x + 1"), "#let f(x) = {__battement();x + 1}");
        assert_eq!(beaten("#a.map(x => x)"), "#a.map(x => {__battement();x})");
        assert_eq!(beaten("#a.map(x => y => x)"), "#a.map(x => {__battement();y => {__battement();x}})");
        assert_eq!(beaten("#a.map(x =>\n  x\n  + 1)"), "#a.map(x =>\n  {__battement();(x\n  + 1)})");
        assert_eq!(beaten("#let f(g: x => 1) = g"), "#let f(g: x => {__battement();1}) = {__battement();g}");
        assert_eq!(beaten("Rien à *faire*."), "Rien à *faire*.");
    }
}
