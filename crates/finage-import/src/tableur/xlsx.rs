//! An XLSX: its sheets by name, the texts and styles they share.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use quick_xml::events::Event;

use super::dates::Dates;
use super::partages::Partages;
use super::xlsx_feuille::Cellules;
use super::xml::{Xml, attribut, nom};
use crate::Limites;
use crate::archive::Archive;
use crate::classeur::{Brutes, Source};
use crate::error::{Cause, ImportError};

const CLASSEUR: &str = "le classeur XLSX";
/// Bytes of a part that is read whole.
const MAX_PARTIE: usize = 8 << 20;

/// An open XLSX.
#[derive(Debug)]
pub(crate) struct Xlsx {
    archive: Archive,
    feuilles: Vec<(String, String)>,
    commun: Arc<Commun>,
}

/// What sheets share.
#[derive(Debug)]
pub(super) struct Commun {
    pub(super) partages: Partages,
    pub(super) dates: Dates,
    pub(super) depuis_1904: bool,
    pub(super) limites: Limites,
}

impl Xlsx {
    pub(crate) fn ouvrir(archive: Archive, limites: &Limites) -> Result<Self, ImportError> {
        let racine = liens(&archive, "_rels/.rels", "")?;
        let classeur = racine.values().find(|(genre, _)| genre == "officeDocument").map(|(_, cible)| cible.clone());
        let classeur = classeur.unwrap_or_else(|| "xl/workbook.xml".to_owned());
        let (dossier, fichier) = classeur.rsplit_once('/').unwrap_or(("", &classeur));
        let liens = liens(&archive, &format!("{dossier}/_rels/{fichier}.rels"), dossier)?;
        let octets = archive.tout(&classeur, MAX_PARTIE)?;
        let mut xml = Xml::new(Cursor::new(octets), CLASSEUR);
        let (mut feuilles, mut depuis_1904) = (Vec::new(), false);
        while let Some(evenement) = xml.suivant()? {
            let Event::Start(element) = &evenement else { continue };
            match nom(element) {
                "workbookPr" => {
                    depuis_1904 =
                        attribut(element, "date1904").is_some_and(|vrai| matches!(vrai.as_str(), "1" | "true"));
                }
                "sheet" => {
                    let lien = element.attributes().with_checks(false).flatten().find(|attribut| {
                        let cle = attribut.key.into_inner();
                        cle.ends_with(":id")
                    });
                    let cible = lien.and_then(|lien| liens.get(lien.value.as_ref()));
                    // Sheets of graphs have no cells.
                    if let Some((_, cible)) = cible.filter(|(genre, _)| genre == "worksheet") {
                        feuilles.push((attribut(element, "name").unwrap_or_default(), cible.clone()));
                    }
                }
                _ => {}
            }
            if feuilles.len() > limites.feuilles {
                return Err(Cause::TropGros { quoi: "le nombre de feuilles", limite: limites.feuilles as u64 }.into());
            }
        }
        let partie = |voulu: &str| liens.values().find(|(genre, _)| genre == voulu).map(|(_, cible)| cible.as_str());
        let partages = match partie("sharedStrings") {
            Some(partie) if archive.contient(partie) => Partages::lire(archive.lire(partie)?, limites)?,
            _ => Partages::default(),
        };
        let dates = match partie("styles") {
            Some(partie) if archive.contient(partie) => Dates::lire(archive.lire(partie)?)?,
            _ => Dates::default(),
        };
        let commun = Arc::new(Commun { partages, dates, depuis_1904, limites: limites.clone() });
        Ok(Self { archive, feuilles, commun })
    }

    pub(crate) fn noms(&self) -> impl Iterator<Item = &str> {
        self.feuilles.iter().map(|(nom, _)| nom.as_str())
    }
}

impl Source for Xlsx {
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError> {
        let (_, partie) = self.feuilles.get(feuille).ok_or(Cause::Feuille(feuille))?;
        Ok(Box::new(Cellules::new(self.archive.lire(partie)?, Arc::clone(&self.commun))))
    }
}

/// The parts that a part leads to, by the name of the link: their kind and their path in the archive.
fn liens(archive: &Archive, partie: &str, dossier: &str) -> Result<HashMap<String, (String, String)>, ImportError> {
    let mut liens = HashMap::new();
    let partie = partie.trim_start_matches('/');
    if !archive.contient(partie) {
        return Ok(liens);
    }
    let octets = archive.tout(partie, MAX_PARTIE)?;
    let mut xml = Xml::new(Cursor::new(octets), CLASSEUR);
    while let Some(evenement) = xml.suivant()? {
        let Event::Start(element) = &evenement else { continue };
        if nom(element) != "Relationship" {
            continue;
        }
        let cible = attribut(element, "Target").unwrap_or_default();
        let cible = match cible.strip_prefix('/') {
            Some(absolue) => absolue.to_owned(),
            None if dossier.is_empty() => cible,
            None => format!("{dossier}/{cible}"),
        };
        let genre = attribut(element, "Type").unwrap_or_default();
        let genre = genre.rsplit('/').next().unwrap_or_default().to_owned();
        liens.insert(attribut(element, "Id").unwrap_or_default(), (genre, cible));
    }
    Ok(liens)
}
