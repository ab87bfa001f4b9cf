//! A text written by people, as the engine reads it: checked, with its beats, and places that lead back to the original.

use std::collections::BTreeSet;

use typst::syntax::{FileId, LinkedNode, Source};

use crate::battement::{self, Insertion};
use crate::erreur::{Defaut, GabaritError};
use crate::phrases;
use crate::surete;

/// A template or a file that it includes.
#[derive(Debug, Clone)]
pub(crate) struct Texte {
    /// Name of a file beside the template; nothing for the template.
    pub(crate) nom: Option<String>,
    /// What the engine reads.
    pub(crate) source: Source,
    original: String,
    insertions: Vec<Insertion>,
}

impl Texte {
    /// Reads `original`, refuses what can't be, and puts it between `avant` and `apres`.
    pub(crate) fn lire(
        id: FileId,
        nom: Option<&str>,
        original: &str,
        fichiers: &BTreeSet<&str>,
        [avant, apres]: [&str; 2],
    ) -> Result<Self, GabaritError> {
        let mut texte = Self {
            nom: nom.map(str::to_owned),
            source: Source::new(id, original.to_owned()),
            original: original.to_owned(),
            insertions: Vec::new(),
        };
        texte.sans_erreur()?;
        let racine = LinkedNode::new(texte.source.root());
        if let Some((place, phrase)) = surete::refus(&racine, fichiers) {
            let place = Some(texte.place(place));
            return Err(GabaritError::Gabarit(vec![Defaut {
                fichier: texte.nom,
                place,
                phrase,
                typst: String::new(),
            }]));
        }
        let (corps, insertions) = battement::poser(original, &racine);
        texte.insertions = vec![Insertion { debut: 0, longueur: avant.len() }];
        texte.insertions.extend(
            insertions.into_iter().map(|insertion| Insertion { debut: insertion.debut + avant.len(), ..insertion }),
        );
        texte.source = Source::new(id, format!("{avant}{corps}{apres}"));
        // Beats nest one level more: what was at the very bound of depth is refused here.
        texte.sans_erreur()?;
        Ok(texte)
    }

    /// Line and column, from 1, in the original, of a byte of what the engine reads.
    pub(crate) fn place(&self, octet: usize) -> (usize, usize) {
        let mut retire = 0;
        for insertion in &self.insertions {
            if octet < insertion.debut {
                break;
            }
            retire += insertion.longueur.min(octet - insertion.debut);
        }
        let avant = self.original.get(..octet.saturating_sub(retire)).unwrap_or(&self.original);
        let ligne = avant.matches('\n').count() + 1;
        let colonne = avant.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (ligne, colonne)
    }

    fn sans_erreur(&self) -> Result<(), GabaritError> {
        let (erreurs, _) = self.source.root().errors_and_warnings();
        let defauts: Vec<Defaut> = erreurs
            .iter()
            .take(phrases::DEFAUTS_MAX)
            .map(|erreur| Defaut {
                fichier: self.nom.clone(),
                place: phrases::etendue(erreur.span, &self.source).map(|etendue| self.place(etendue.start)),
                phrase: phrases::de_syntaxe(&erreur.message),
                typst: erreur.message.to_string(),
            })
            .collect();
        if defauts.is_empty() { Ok(()) } else { Err(GabaritError::Gabarit(defauts)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noms;

    fn lire(original: &str) -> Result<Texte, GabaritError> {
        let id = noms::accepter(noms::MODELE).unwrap();
        Texte::lire(id, None, original, &BTreeSet::new(), ["#let f(x) = [\n", "\n]\n"])
    }

    #[test]
    fn places_are_those_of_the_original() {
        let original = "Été\n#for x in (1, 2) [#x.é]\n#fin";
        let texte = lire(original).unwrap();
        let read = texte.source.text();
        for (words, place) in [("Été", (1, 1)), ("#for", (2, 1)), ("x.é", (2, 20)), ("#fin", (3, 1))] {
            assert_eq!(texte.place(read.find(words).unwrap()), place, "{words}");
        }
        assert_eq!(texte.place(read.len()), (3, 5), "what follows is at the end");
        assert_eq!(texte.place(0), (1, 1));
    }

    #[test]
    fn a_fault_of_syntax_has_its_place() {
        let GabaritError::Gabarit(defauts) = lire("Bonjour\n#let x = (1,").unwrap_err() else { panic!() };
        assert_eq!(defauts[0].place.unwrap().0, 2, "{defauts:?}");
        assert!(!defauts[0].typst.is_empty());
        assert!(lire("fin ]").is_err(), "the template can't leave what it is put in");
        assert!(lire(&"(".repeat(100_000)).is_ok(), "text is text");
        assert!(lire(&format!("#{}", "(".repeat(100_000))).is_err());
    }
}
