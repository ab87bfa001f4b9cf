//! A sheet whose rows are in memory already: what a program made of other tables, read like any file.

use std::sync::Arc;

use super::{Brutes, Classeur, Esquisse, Feuille, GeometrieDe, Source};
use crate::error::{Cause, ImportError};
use crate::reconnaitre::Format;
use crate::{Genre, Ligne, Options};

/// Rows, as they are given.
struct Memoire(Arc<Vec<Ligne>>);

impl Source for Memoire {
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError> {
        if feuille != 0 {
            return Err(Cause::Feuille(feuille).into());
        }
        let lignes = Arc::clone(&self.0);
        Ok(Box::new((0..lignes.len()).filter_map(move |rang| lignes.get(rang).cloned().map(Ok))))
    }
}

impl Classeur {
    /// One sheet of rows in memory, each with as many cells as there are columns; its limits are those of `options`.
    #[must_use]
    pub fn en_memoire(
        nom: &str,
        colonnes: Vec<String>,
        geometrie: Option<GeometrieDe>,
        lignes: Vec<Ligne>,
        options: &Options,
    ) -> Self {
        let esquisse = Esquisse {
            nom: nom.to_owned(),
            colonnes: colonnes.into_iter().map(|nom| (nom, Some(Genre::Texte))).collect(),
            lignes: u64::try_from(lignes.len()).ok(),
            geometrie,
        };
        Self {
            format: Format::Memoire,
            feuilles: vec![Feuille::de(esquisse, 0)],
            fichier: nom.to_owned(),
            options: options.clone(),
            source: Box::new(Memoire(Arc::new(lignes))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cellule;

    #[test]
    fn rows_in_memory_are_read_twice_and_bounded() {
        let ligne =
            |numero, texte: &str| Ligne { numero, valeurs: vec![Cellule::Texte(texte.to_owned())], geometrie: None };
        let trop = "x".repeat(Options::default().limites.cellule + 1);
        let lignes = vec![ligne(1, "a"), ligne(2, &trop), ligne(3, "c")];
        let classeur = Classeur::en_memoire("defunt", vec!["nom".to_owned()], None, lignes, &Options::default());
        for _ in 0..2 {
            let lues: Vec<_> = classeur.lire(0).unwrap().collect();
            assert_eq!(lues[0].as_ref().unwrap().valeurs, [Cellule::Texte("a".to_owned())]);
            // As in any file, nothing is read after what is too large.
            assert!(lues[1].as_ref().is_err_and(ImportError::est_fatale));
            assert_eq!(lues.len(), 2);
        }
        assert!(classeur.lire(1).is_err());
    }
}
