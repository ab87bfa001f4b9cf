//! Sheets that are but lines of cells, of which one names the columns.

use super::{Esquisse, Source};
use crate::convertir::ecrit;
use crate::error::{Cause, ImportError};
use crate::{Cellule, Genre, Options};

/// Rows that are read to know how wide a sheet without names is.
const ECHANTILLON: usize = 200;

/// Sheets of formats that know lines of cells: one of them, or none, names the columns.
pub(super) fn grilles<'a>(
    noms: impl Iterator<Item = &'a str>,
    source: &dyn Source,
    options: &Options,
) -> Result<Vec<Esquisse>, ImportError> {
    let grille = |(rang, nom): (usize, &str)| {
        let colonnes = entete(source, rang, options).map_err(|erreur| erreur.feuille(nom))?;
        Ok(Esquisse { nom: nom.to_owned(), colonnes, lignes: None, geometrie: None })
    };
    noms.enumerate().map(grille).collect()
}

fn entete(source: &dyn Source, feuille: usize, options: &Options) -> Result<Vec<(String, Option<Genre>)>, ImportError> {
    let mut lignes = source.lignes(feuille)?;
    let mut titres: Vec<Cellule> = Vec::new();
    if let Some(entete) = options.entete {
        for ligne in lignes {
            let ligne = ligne?;
            if ligne.numero >= entete && ligne.valeurs.iter().any(pleine) {
                // A spreadsheet that opens with blank lines has its names behind them.
                titres = ligne.valeurs;
                break;
            }
        }
    } else {
        let largeurs = lignes.by_ref().take(ECHANTILLON).flatten().map(|ligne| ligne.valeurs.len());
        titres.resize(largeurs.max().unwrap_or(0), Cellule::Vide);
    }
    if options.entete.is_some() {
        let largeur = titres.iter().rposition(pleine).map_or(0, |rang| rang + 1);
        titres.truncate(largeur);
    }
    if titres.len() > options.limites.colonnes {
        let limite = options.limites.colonnes as u64;
        return Err(Cause::TropGros { quoi: "le nombre de colonnes", limite }.into());
    }
    Ok(titres.iter().map(|titre| (ecrit(titre), None)).collect())
}

/// Whether there is something in the cell.
pub(super) fn pleine(cellule: &Cellule) -> bool {
    match cellule {
        Cellule::Vide => false,
        Cellule::Texte(texte) => !texte.trim().is_empty(),
        _ => true,
    }
}
