//! The rows of an XLSX sheet.

use std::io::BufRead;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};
use time::Time;

use super::partages::decode;
use super::xlsx::Commun;
use super::xml::{Xml, ajoute, attribut, local, nom};
use crate::convertir::{du_rang, iso, tableur};
use crate::error::{Cause, ImportError};
use crate::{Cellule, Instant, Ligne};

/// Rows, one after the other.
pub(super) struct Cellules<R> {
    xml: Xml<R>,
    commun: Arc<Commun>,
    ligne: u64,
    fini: bool,
}

/// A cell being read.
#[derive(Default)]
struct Courante {
    colonne: usize,
    genre: Option<String>,
    date: bool,
    texte: String,
}

impl<R: BufRead> Cellules<R> {
    pub(super) fn new(flux: R, commun: Arc<Commun>) -> Self {
        Self { xml: Xml::new(flux, "la feuille"), commun, ligne: 0, fini: false }
    }

    fn rangee(&mut self) -> Result<Option<Ligne>, ImportError> {
        let mut ligne = Ligne::default();
        let mut courante: Option<Courante> = None;
        let (mut dans, mut octets, mut suivante) = (false, 0, 0);
        let mut faute: Option<ImportError> = None;
        loop {
            let limites = &self.commun.limites;
            let Some(evenement) = self.xml.suivant()? else { return Ok(None) };
            match &evenement {
                Event::Start(element) => match nom(element) {
                    "row" => {
                        let ecrite = attribut(element, "r").and_then(|rang| rang.parse().ok());
                        ligne.numero = ecrite.unwrap_or(self.ligne.saturating_add(1));
                        self.ligne = ligne.numero;
                    }
                    "c" => courante = Some(ouvre(element, &self.commun, suivante)),
                    "v" | "t" => dans = courante.is_some(),
                    "rPh" | "f" => dans = false,
                    _ => {}
                },
                Event::End(element) => match local(element.name().into_inner()) {
                    "v" | "t" => dans = false,
                    "c" => {
                        let Some(lue) = courante.take() else { continue };
                        let colonne = lue.colonne;
                        // A cell that does not say where it is follows the last one, be it empty.
                        suivante = colonne.saturating_add(1);
                        match valeur(lue, &self.commun) {
                            Ok(Cellule::Vide) => {}
                            Ok(cellule) if colonne < limites.colonnes => {
                                octets += cellule.octets();
                                if octets > limites.ligne {
                                    let trop = Cause::TropGros { quoi: "une ligne", limite: limites.ligne as u64 };
                                    return Err(ImportError::from(trop).ligne(ligne.numero));
                                }
                                ligne.valeurs.resize(ligne.valeurs.len().max(colonne + 1), Cellule::Vide);
                                if let Some(place) = ligne.valeurs.get_mut(colonne) {
                                    *place = cellule;
                                }
                            }
                            Ok(_) => {
                                let limite = limites.colonnes as u64;
                                let trop = Cause::TropGros { quoi: "le nombre de colonnes", limite };
                                return Err(ImportError::from(trop).ligne(ligne.numero));
                            }
                            Err(cause) => faute = Some(ImportError::from(cause).colonne(lettres(colonne))),
                        }
                    }
                    "row" => return faute.map_or(Ok(Some(ligne)), Err),
                    "sheetData" => return Ok(None),
                    _ => {}
                },
                morceau if dans => {
                    let texte = courante.as_mut().map(|courante| &mut courante.texte);
                    if texte.is_some_and(|texte| !ajoute(texte, morceau, limites.cellule)) {
                        let trop = Cause::TropGros { quoi: "une cellule", limite: limites.cellule as u64 };
                        return Err(ImportError::from(trop).ligne(ligne.numero));
                    }
                }
                _ => {}
            }
        }
    }
}

impl<R: BufRead> Iterator for Cellules<R> {
    type Item = Result<Ligne, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fini {
            return None;
        }
        let lue = self.rangee().transpose();
        let lue = lue.map(|lue| lue.map_err(|erreur| erreur.ligne(self.ligne.max(1))));
        self.fini = match &lue {
            None => true,
            Some(Err(erreur)) => erreur.est_fatale(),
            Some(Ok(_)) => false,
        };
        lue
    }
}

fn ouvre(element: &BytesStart<'_>, commun: &Commun, suivante: usize) -> Courante {
    let colonne = attribut(element, "r").and_then(|place| colonne(&place)).unwrap_or(suivante);
    let date = commun.dates.est(attribut(element, "s").as_deref());
    Courante { colonne, genre: attribut(element, "t"), date, texte: String::new() }
}

fn valeur(courante: Courante, commun: &Commun) -> Result<Cellule, Cause> {
    let Courante { genre, date, texte, .. } = courante;
    Ok(match genre.as_deref() {
        Some("s") => {
            let partage = texte.trim().parse().ok().and_then(|rang| commun.partages.texte(rang));
            Cellule::texte(partage.ok_or_else(|| Cause::illisible("la liste des textes", "un texte y manque"))?)
        }
        Some("inlineStr" | "str") => Cellule::texte(decode(&texte)),
        Some("b") => match texte.trim() {
            "" => Cellule::Vide,
            vrai => Cellule::Booleen(matches!(vrai, "1" | "true")),
        },
        Some("e") => return Err(Cause::Cellule(texte.chars().take(40).collect())),
        Some("d") => iso(texte.trim()).ok_or(Cause::Cellule(texte.chars().take(40).collect()))?,
        _ if texte.trim().is_empty() => Cellule::Vide,
        _ if date => {
            texte.trim().parse().ok().and_then(|rang| jour(rang, commun.depuis_1904)).ok_or(Cause::Cellule(texte))?
        }
        _ => Cellule::Nombre(tableur(texte.trim())),
    })
}

/// A day, a day and its hour, or an hour alone, which stays a text.
fn jour(rang: f64, depuis_1904: bool) -> Option<Cellule> {
    let local = du_rang(rang, depuis_1904)?;
    Some(if rang < 1.0 && !depuis_1904 {
        Cellule::Texte(format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second()))
    } else if local.time() == Time::MIDNIGHT {
        Cellule::Date(local.date())
    } else {
        Cellule::Instant(Instant::Local(local))
    })
}

/// The column of a place: « B12 » is the second, 1.
fn colonne(place: &str) -> Option<usize> {
    let lettres = place.bytes().take_while(u8::is_ascii_alphabetic);
    let rang = lettres.take(4).fold(0, |rang, lettre| rang * 26 + usize::from(lettre.to_ascii_uppercase() - b'A') + 1);
    rang.checked_sub(1)
}

/// The letters of a column, as a spreadsheet shows them.
pub(super) fn lettres(mut colonne: usize) -> String {
    let mut lettres = Vec::new();
    loop {
        lettres.push(b'A' + u8::try_from(colonne % 26).unwrap_or(0));
        match (colonne / 26).checked_sub(1) {
            Some(reste) => colonne = reste,
            None => break,
        }
    }
    lettres.iter().rev().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (rang, nom) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(lettres(rang), nom);
            assert_eq!(colonne(&format!("{nom}12")), Some(rang));
        }
        assert_eq!(colonne("12"), None);
    }
}
