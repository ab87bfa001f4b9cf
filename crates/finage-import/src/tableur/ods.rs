//! An ODS: all its sheets are in one part, where rows and cells that repeat are written once.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::xlsx_feuille::lettres;
use super::xml::{Xml, ajoute, attribut, local, nom};
use crate::archive::{Archive, Entree};
use crate::classeur::{Brutes, Source};
use crate::convertir::iso;
use crate::error::{Cause, ImportError};
use crate::{Cellule, Ligne, Limites};

const PARTIE: &str = "content.xml";
/// Bytes that are read to describe all sheets.
const MAX_RELECTURE: u64 = 8 << 30;
const CLASSEUR: &str = "le classeur ODS";

/// An open ODS.
#[derive(Debug)]
pub(crate) struct Ods {
    archive: Archive,
    noms: Vec<String>,
    limites: Limites,
}

impl Ods {
    pub(crate) fn ouvrir(archive: Archive, limites: &Limites) -> Result<Self, ImportError> {
        let mut xml = Xml::new(archive.lire(PARTIE)?, CLASSEUR);
        let (mut noms, mut tables) = (Vec::new(), 0_usize);
        while let Some(evenement) = xml.suivant()? {
            match &evenement {
                Event::Start(element) if nom(element) == "table" => {
                    // A table within a cell is no sheet.
                    if tables == 0 {
                        noms.push(attribut(element, "name").unwrap_or_default());
                    }
                    tables += 1;
                }
                Event::End(element) if local(element.name().into_inner()) == "table" => {
                    tables = tables.saturating_sub(1);
                }
                _ => {}
            }
            if noms.len() > limites.feuilles {
                return Err(Cause::TropGros { quoi: "le nombre de feuilles", limite: limites.feuilles as u64 }.into());
            }
        }
        // Each sheet is read from the head of the one part that holds them all.
        if archive.taille(PARTIE).saturating_mul(noms.len() as u64) > MAX_RELECTURE {
            return Err(
                Cause::TropGros { quoi: "la taille des feuilles, relues une à une,", limite: MAX_RELECTURE }.into()
            );
        }
        Ok(Self { archive, noms, limites: limites.clone() })
    }

    pub(crate) fn noms(&self) -> impl Iterator<Item = &str> {
        self.noms.iter().map(String::as_str)
    }
}

impl Source for Ods {
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError> {
        Ok(Box::new(Rangees::<Entree> {
            xml: Xml::new(self.archive.lire(PARTIE)?, CLASSEUR),
            avant: feuille,
            dans: false,
            ligne: 0,
            courante: None,
            limites: self.limites.clone(),
            fini: false,
        }))
    }
}

struct Rangees<R> {
    xml: Xml<R>,
    /// Sheets before the one that is read.
    avant: usize,
    dans: bool,
    ligne: u64,
    /// A row, and how many times it still comes.
    courante: Option<(Ligne, u64)>,
    limites: Limites,
    fini: bool,
}

impl<R: BufRead> Rangees<R> {
    fn rangee(&mut self) -> Result<Option<Ligne>, ImportError> {
        loop {
            if let Some((ligne, reste)) = &mut self.courante {
                let lue = ligne.clone();
                ligne.numero = ligne.numero.saturating_add(1);
                *reste -= 1;
                if *reste == 0 {
                    self.courante = None;
                }
                return Ok(Some(lue));
            }
            let Some(evenement) = self.xml.suivant()? else { return Ok(None) };
            let repetee = match &evenement {
                Event::Start(element) if nom(element) == "table" && !self.dans => {
                    self.dans = self.avant == 0;
                    self.avant = self.avant.saturating_sub(1);
                    continue;
                }
                Event::End(element) if self.dans && local(element.name().into_inner()) == "table" => return Ok(None),
                Event::Start(element) if self.dans && nom(element) == "table-row" => {
                    fois(element, "number-rows-repeated")
                }
                _ => continue,
            };
            let numero = self.ligne.saturating_add(1);
            self.ligne = self.ligne.saturating_add(repetee);
            let valeurs = self.cellules(numero)?;
            if !valeurs.is_empty() {
                self.courante = Some((Ligne { numero, valeurs, geometrie: None }, repetee));
            }
        }
    }

    /// The cells of a row, to its end; without the empty ones at its end.
    fn cellules(&mut self, numero: u64) -> Result<Vec<Cellule>, ImportError> {
        let mut valeurs: Vec<Cellule> = Vec::new();
        let (mut colonne, mut octets) = (0_usize, 0_usize);
        let mut faute = None;
        loop {
            let Some(evenement) = self.xml.suivant()? else { return Err(Cause::Tronque(CLASSEUR).into()) };
            let ouverte = match &evenement {
                Event::End(element) if local(element.name().into_inner()) == "table-row" => {
                    return faute.map_or(Ok(valeurs), Err);
                }
                Event::Start(element) if matches!(nom(element), "table-cell" | "covered-table-cell") => {
                    Ouverte::de(element)
                }
                _ => continue,
            };
            let texte = self.texte().map_err(|erreur| erreur.ligne(numero).colonne(lettres(colonne)))?;
            let repetee = usize::try_from(ouverte.repetee).unwrap_or(usize::MAX);
            match ouverte.valeur(texte) {
                Ok(Cellule::Vide) => {}
                Ok(cellule)
                    if repetee <= self.limites.colonnes && colonne.saturating_add(repetee) <= self.limites.colonnes =>
                {
                    octets += cellule.octets() * repetee;
                    if octets > self.limites.ligne {
                        let limite = self.limites.ligne as u64;
                        return Err(ImportError::from(Cause::TropGros { quoi: "une ligne", limite }).ligne(numero));
                    }
                    valeurs.resize(colonne, Cellule::Vide);
                    valeurs.resize(colonne + repetee, cellule);
                }
                Ok(_) => {
                    let limite = self.limites.colonnes as u64;
                    return Err(
                        ImportError::from(Cause::TropGros { quoi: "le nombre de colonnes", limite }).ligne(numero)
                    );
                }
                Err(cause) => faute = Some(ImportError::from(cause).ligne(numero).colonne(lettres(colonne))),
            }
            colonne = colonne.saturating_add(repetee);
        }
    }

    /// The text of a cell, to its end: its paragraphs, without notes.
    fn texte(&mut self) -> Result<String, ImportError> {
        let (mut texte, mut paragraphes, mut note, mut profondeur) = (String::new(), 0, 0_usize, 0_usize);
        loop {
            let limite = self.limites.cellule;
            let Some(evenement) = self.xml.suivant()? else { return Err(Cause::Tronque(CLASSEUR).into()) };
            match &evenement {
                Event::Start(element) => {
                    match nom(element) {
                        "annotation" => note += 1,
                        _ if note > 0 => {}
                        "p" => {
                            if paragraphes > 0 {
                                texte.push('\n');
                            }
                            paragraphes += 1;
                        }
                        "s" => {
                            let espaces = usize::try_from(fois(element, "c")).unwrap_or(usize::MAX).min(limite);
                            texte.extend(std::iter::repeat_n(' ', espaces));
                        }
                        "tab" => texte.push('\t'),
                        "line-break" => texte.push('\n'),
                        _ => {}
                    }
                    profondeur += 1;
                }
                Event::End(element) => {
                    if local(element.name().into_inner()) == "annotation" {
                        note = note.saturating_sub(1);
                    }
                    match profondeur.checked_sub(1) {
                        Some(reste) => profondeur = reste,
                        None => return Ok(texte),
                    }
                }
                // Between paragraphs there is but the layout of the file.
                morceau if profondeur > 0 && note == 0 => drop(ajoute(&mut texte, morceau, limite)),
                _ => {}
            }
            if texte.len() > limite {
                return Err(Cause::TropGros { quoi: "une cellule", limite: limite as u64 }.into());
            }
        }
    }
}

impl<R: BufRead> Iterator for Rangees<R> {
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

/// What the tag of a cell says.
struct Ouverte {
    repetee: u64,
    genre: Option<String>,
    valeur: Option<String>,
}

impl Ouverte {
    fn de(element: &BytesStart<'_>) -> Self {
        let genre = attribut(element, "value-type");
        let nom = match genre.as_deref() {
            Some("date") => "date-value",
            Some("boolean") => "boolean-value",
            Some("string") => "string-value",
            _ => "value",
        };
        Self { repetee: fois(element, "number-columns-repeated"), valeur: attribut(element, nom), genre }
    }

    fn valeur(&self, texte: String) -> Result<Cellule, Cause> {
        let refus = |texte: &str| Cause::Cellule(texte.chars().take(40).collect());
        // LibreOffice writes an error as a text or a zero, with its name to show.
        let erreur = ["#REF!", "#VALUE!", "#VALEUR!", "#DIV/0!", "#N/A", "#NOM?", "#NAME?"].contains(&texte.as_str())
            || texte.starts_with("Err:");
        if erreur && self.genre.is_some() {
            return Err(refus(&texte));
        }
        Ok(match (self.genre.as_deref(), &self.valeur) {
            (Some("float" | "currency" | "percentage"), Some(valeur)) => Cellule::Nombre(valeur.clone()),
            (Some("date"), Some(valeur)) => iso(valeur).ok_or_else(|| refus(valeur))?,
            (Some("boolean"), Some(valeur)) => Cellule::Booleen(valeur == "true"),
            // The attribute stands for the paragraphs when it is there.
            (Some("string"), Some(valeur)) if texte.is_empty() => Cellule::texte(valeur.clone()),
            _ => Cellule::texte(texte),
        })
    }
}

fn fois(element: &BytesStart<'_>, nom: &str) -> u64 {
    attribut(element, nom).and_then(|fois| fois.parse().ok()).unwrap_or(1).max(1)
}
