//! What a template may not say, seen in its text before it is ever run.

use std::collections::BTreeSet;

use typst::syntax::{LinkedNode, SyntaxKind, ast};

use crate::battement::RESERVE;

/// Fields that lead around what was taken from the library: the constructor of an element, ranges without bound.
const CHAMPS_REFUSES: [&str; 2] = ["func", "range"];

/// The first thing refused: its byte in the text, and why.
pub(crate) fn refus(racine: &LinkedNode<'_>, fichiers: &BTreeSet<&str>) -> Option<(usize, String)> {
    refus_du_noeud(racine, fichiers)
        .map(|raison| (racine.offset(), raison))
        .or_else(|| racine.children().find_map(|enfant| refus(&enfant, fichiers)))
}

fn refus_du_noeud(noeud: &LinkedNode<'_>, fichiers: &BTreeSet<&str>) -> Option<String> {
    match noeud.kind() {
        SyntaxKind::Ident | SyntaxKind::MathIdent => {
            let nom = noeud.leaf_text();
            nom.starts_with(RESERVE)
                .then(|| format!("Le nom « {nom} » est réservé : n’employez pas « __ » au début d’un nom."))
        }
        SyntaxKind::FieldAccess | SyntaxKind::MathFieldAccess => {
            let dernier = noeud.children().rev().find(|enfant| !enfant.kind().is_trivia())?;
            let nom = dernier.leaf_text();
            CHAMPS_REFUSES.contains(&nom.as_str()).then(|| format!("« .{nom} » n’est pas permis dans un gabarit."))
        }
        SyntaxKind::ModuleImport => import(noeud.get().cast::<ast::ModuleImport<'_>>()?.source(), fichiers),
        SyntaxKind::ModuleInclude => import(noeud.get().cast::<ast::ModuleInclude<'_>>()?.source(), fichiers),
        _ => None,
    }
}

/// Only a name written as such, of a file that is there: no package, nothing computed.
fn import(source: ast::Expr<'_>, fichiers: &BTreeSet<&str>) -> Option<String> {
    let ast::Expr::Str(texte) = source else {
        return Some("Un fichier à inclure se nomme par un texte entre guillemets, sans calcul.".to_owned());
    };
    let nom = texte.get();
    if nom.starts_with('@') {
        return Some(format!(
            "« {nom} » est un paquet : un gabarit n’emploie que « finage.typ » et les fichiers joints."
        ));
    }
    (!fichiers.contains(nom.as_str())).then(|| format!("Le fichier « {nom} » n’est pas joint au gabarit."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(texte: &str) -> Option<String> {
        let racine = typst::syntax::parse(texte);
        refus(&LinkedNode::new(&racine), &BTreeSet::from(["finage.typ", "pied.typ"])).map(|(_, raison)| raison)
    }

    #[test]
    fn what_leads_out_is_refused() {
        for texte in [
            "#import \"@preview/cetz:0.3.0\"",
            "#import \"autre.typ\": *",
            "#import \"../pied.typ\": *",
            "#import (\"pied\" + \".typ\"): *",
            "#import calc: *",
            "#include donnees.nom",
            "#__lot",
            "#let __battement() = none",
            "#array.range(1000000000)",
            "#([`x`].func)",
            "$array.range$",
        ] {
            assert!(refused(texte).is_some(), "{texte}");
        }
    }

    #[test]
    fn what_letters_are_made_of_passes() {
        for texte in
            ["#import \"finage.typ\": *", "#include \"pied.typ\"", "Le __gras__ d’un texte.", "#let f(x) = x.nom"]
        {
            assert_eq!(refused(texte), None, "{texte}");
        }
    }
}
