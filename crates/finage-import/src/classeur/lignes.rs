//! The rows of a sheet, cut to its columns, each refusal with its place.

use std::fmt;

use super::grille::pleine;
use super::{Brutes, Feuille};
use crate::error::{Cause, ImportError, LigneError};
use crate::{Cellule, Ligne, Options};

/// The rows of a sheet.
pub struct Lignes {
    brutes: Brutes,
    fichier: String,
    feuille: String,
    colonnes: Vec<String>,
    entete: u64,
    /// Whether the line of names is still to come.
    titres: bool,
    lues: u64,
    options: Options,
    fini: bool,
}

impl Lignes {
    pub(super) fn new(brutes: Brutes, fichier: &str, feuille: &Feuille, options: &Options) -> Self {
        Self {
            brutes,
            fichier: fichier.to_owned(),
            feuille: feuille.nom.clone(),
            colonnes: feuille.colonnes.iter().map(|colonne| colonne.nom.clone()).collect(),
            entete: feuille.entete,
            titres: feuille.entete > 0,
            lues: 0,
            options: options.clone(),
            fini: false,
        }
    }

    /// The row in as many cells as there are columns; `None` when it holds nothing.
    fn taille(&mut self, mut ligne: Ligne) -> Result<Option<Ligne>, LigneError> {
        let limites = &self.options.limites;
        let donnees = ligne.valeurs.iter().rposition(pleine).map_or(0, |rang| rang + 1);
        if donnees == 0 && ligne.geometrie.is_none() && self.a_des_blancs() {
            return Ok(None);
        }
        if donnees > self.colonnes.len() {
            let cause = Cause::Largeur { donnees, attendues: self.colonnes.len() };
            return Err(ImportError::from(cause).ligne(ligne.numero));
        }
        ligne.valeurs.resize(self.colonnes.len(), Cellule::Vide);
        if let Some(rang) = ligne.valeurs.iter().position(|cellule| cellule.octets() > limites.cellule) {
            let trop = Cause::TropGros { quoi: "une cellule", limite: limites.cellule as u64 };
            let colonne = self.colonnes.get(rang).map_or("", String::as_str);
            return Err(ImportError::from(trop).ligne(ligne.numero).colonne(colonne));
        }
        Ok(Some(ligne))
    }

    fn compte<T>(&mut self, lue: T) -> Result<T, LigneError> {
        self.lues += 1;
        let limite = self.options.limites.lignes;
        if self.lues > limite { Err(Cause::TropGros { quoi: "le nombre de lignes", limite }.into()) } else { Ok(lue) }
    }

    /// Formats with lines of names have blank lines too.
    fn a_des_blancs(&self) -> bool {
        self.entete > 0 || self.options.entete.is_none()
    }
}

impl Iterator for Lignes {
    type Item = Result<Ligne, LigneError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.fini {
            let lue = match self.brutes.next()? {
                Ok(ligne) if self.titres => {
                    self.titres = ligne.numero < self.entete || !ligne.valeurs.iter().any(pleine);
                    continue;
                }
                Ok(ligne) => self.taille(ligne),
                Err(erreur) => Err(erreur),
            };
            // Refused rows count too: a file of nothing else must end.
            let lue = lue.and_then(|lue| self.compte(lue)).or_else(|erreur| self.compte(()).and(Err(erreur)));
            let lue = lue.map_err(|erreur| erreur.fichier(&self.fichier).feuille(&self.feuille)).transpose();
            let Some(lue) = lue else { continue };
            self.fini = lue.as_ref().is_err_and(ImportError::est_fatale);
            return Some(lue);
        }
        None
    }
}

impl fmt::Debug for Lignes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lignes").field("feuille", &self.feuille).field("lues", &self.lues).finish_non_exhaustive()
    }
}
