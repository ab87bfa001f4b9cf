//! DXF, the exchange format of drawings: closed lines become surfaces, with the text that stands within; open ones stay lines.
//!
//! Read here: LWPOLYLINE, POLYLINE, LINE, TEXT, MTEXT, attributes, the blocks that hold them, and the edges of hatchings where
//! no contour is drawn. Everything else of a drawing
//! is passed over. A drawing says no system: it is told by where its coordinates fall, else whoever imports is asked.

mod dessin;
mod entite;
mod interieur;
mod paires;
mod systeme;
mod texte;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use crate::classeur::{Brutes, Esquisse, GeometrieDe, Source};
use crate::error::{Cause, ImportError};
use crate::wkb::Ecrivain;
use crate::{Cellule, Genre, Ligne, Limites};
use dessin::{Dessin, Forme};

/// Bytes with which a binary drawing begins.
pub(crate) const BINAIRE: &[u8] = b"AutoCAD Binary DXF";

/// Columns of both sheets.
const COLONNES: [&str; 4] = ["Texte", "Calque", "Autres textes", "Bloc"];

/// An open drawing.
#[derive(Debug)]
pub(crate) struct Dxf {
    feuilles: Vec<(&'static str, Arc<Vec<Rangee>>)>,
    srid: Option<u32>,
}

/// A shape and the words beside it.
#[derive(Debug)]
struct Rangee {
    forme: Forme,
    texte: String,
    autres: String,
}

impl Dxf {
    pub(crate) fn ouvrir(path: &Path, limites: &Limites) -> Result<Self, ImportError> {
        Self::lire(BufReader::with_capacity(1 << 16, File::open(path)?), limites)
    }

    fn lire(flux: impl BufRead, limites: &Limites) -> Result<Self, ImportError> {
        let Dessin { formes, textes } = dessin::lit(flux, limites)?;
        if formes.is_empty() {
            return Err(Cause::Format("le dessin n'a ni contour ni ligne : ses objets sont peut-être dans un bloc imbriqué ou une référence externe").into());
        }
        let srid = systeme::devine(formes.iter().flat_map(|forme| &forme.points))?;
        let dedans = interieur::textes_de(&formes, &textes)?;
        let (mut surfaces, mut lignes) = (Vec::new(), Vec::new());
        for (forme, siens) in formes.into_iter().zip(dedans) {
            let mut dits = siens.iter().filter_map(|rang| textes.get(*rang)).map(|texte| texte.dit.as_str());
            let texte = dits.next().unwrap_or_default().to_owned();
            let autres = dits.take(20).collect::<Vec<_>>().join(" ; ");
            let feuille = if forme.ferme { &mut surfaces } else { &mut lignes };
            feuille.push(Rangee { forme, texte, autres });
        }
        let feuilles = [("Contours", surfaces), ("Lignes", lignes)];
        let feuilles = feuilles.into_iter().filter(|(_, rangees)| !rangees.is_empty());
        Ok(Self { feuilles: feuilles.map(|(nom, rangees)| (nom, Arc::new(rangees))).collect(), srid })
    }

    pub(crate) fn esquisses(&self) -> Vec<Esquisse> {
        let esquisse = |(nom, rangees): &(&str, Arc<Vec<Rangee>>)| Esquisse {
            nom: (*nom).to_owned(),
            colonnes: COLONNES.iter().map(|nom| ((*nom).to_owned(), Some(Genre::Texte))).collect(),
            lignes: Some(rangees.len() as u64),
            geometrie: Some(GeometrieDe {
                srid: self.srid,
                genre: if *nom == "Contours" { "POLYGON" } else { "LINESTRING" }.to_owned(),
            }),
        };
        self.feuilles.iter().map(esquisse).collect()
    }
}

impl Source for Dxf {
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError> {
        let (_, rangees) = self.feuilles.get(feuille).ok_or(Cause::Feuille(feuille))?;
        let (rangees, srid) = (Arc::clone(rangees), self.srid);
        let lignes = (0..rangees.len()).filter_map(move |rang| {
            let numero = rang as u64 + 1;
            let rangee = rangees.get(rang)?;
            Some(rangee.ligne(numero, srid).map_err(|erreur| erreur.ligne(numero)))
        });
        Ok(Box::new(lignes))
    }
}

impl Rangee {
    fn ligne(&self, numero: u64, srid: Option<u32>) -> Result<Ligne, ImportError> {
        let mots = [&self.texte, &self.forme.calque, &self.autres, &self.forme.bloc];
        let valeurs = mots.map(|mot| Cellule::texte(mot.as_str())).to_vec();
        Ok(Ligne { numero, valeurs, geometrie: Some(ewkb(&self.forme, srid)?) })
    }
}

fn ewkb(forme: &Forme, srid: Option<u32>) -> Result<Vec<u8>, Cause> {
    let mut ecrivain = Ecrivain::default();
    let premier = forme.points.first().filter(|_| forme.ferme);
    ecrivain.ouvre(if forme.ferme { 3 } else { 2 }, false, srid);
    if forme.ferme {
        ecrivain.compte(1)?;
    }
    ecrivain.compte(forme.points.len() + usize::from(forme.ferme))?;
    for (x, y) in forme.points.iter().chain(premier) {
        ecrivain.position([*x, *y, 0.0], false)?;
    }
    Ok(ecrivain.0)
}

/// Reads a drawing from bytes, for who has no file: how many shapes it has.
///
/// # Errors
/// What is no drawing, is beyond a bound, or has no place on Earth.
pub fn verifie_dxf(octets: &[u8]) -> Result<u64, ImportError> {
    let dxf = Dxf::lire(octets, &Limites { memoire: 8 << 20, ..Limites::default() })?;
    let mut lignes = 0;
    for feuille in 0..dxf.feuilles.len() {
        for ligne in dxf.lignes(feuille)? {
            ligne?;
            lignes += 1;
        }
    }
    Ok(lignes)
}
