//! `/commune/{insee}`: what is known of a commune, its sections, and lists of its parcels and addresses.

use askama::Template;

use super::nombres::{accord, date, encode, entier};
use super::{Cadre, Publique};
use crate::cadastre::commune::{Adressee, Fiche, PAGE, Rangee};

/// What is listed beside the facts.
#[derive(Debug)]
pub enum Liste {
    /// The sections.
    Sections,
    /// Parcels, one page of them: of a section or a lieu-dit.
    Parcelles {
        /// « section AB », « lieu-dit Le Pré ».
        de: String,
        /// Query that asks for the list, without the page: `section=99101000AB`.
        requete: (&'static str, String),
        /// Parcels of this page.
        lignes: Vec<Rangee>,
        /// Parcels in all.
        total: usize,
        /// Rank of this page, from 1.
        page: usize,
    },
    /// Addresses of a street.
    Adresses {
        /// The street.
        voie: String,
        /// Its addresses.
        lignes: Vec<Adressee>,
    },
}

/// The page of a commune.
#[derive(Debug, Template)]
#[template(path = "commune.html")]
pub struct CommunePage<'a> {
    cadre: Cadre<'a>,
    fiche: &'a Fiche,
    postes: String,
    groupements: String,
    parcelles: Option<String>,
    etendue: Option<String>,
    couches: Vec<Couche>,
    sections: Vec<Section>,
    liste: Liste,
    compte: String,
    pages: Vec<Page>,
    publiques: Vec<Publique>,
}

#[derive(Debug)]
struct Couche {
    nom: String,
    objets: String,
    source: String,
    millesime: String,
}

#[derive(Debug)]
struct Section {
    id: String,
    reference: String,
    parcelles: String,
}

/// A link to another page of the list.
#[derive(Debug)]
struct Page {
    href: String,
    libelle: String,
    courante: bool,
}

impl<'a> CommunePage<'a> {
    /// Title of the page.
    #[must_use]
    pub fn titre(fiche: &Fiche, liste: &Liste) -> String {
        match liste {
            Liste::Sections => format!("Commune de {}", fiche.nom),
            Liste::Parcelles { de, page: 1, .. } => format!("{}, {de}", fiche.nom),
            Liste::Parcelles { de, page, .. } => format!("{}, {de}, page {page}", fiche.nom),
            Liste::Adresses { voie, .. } => format!("{}, {voie}", fiche.nom),
        }
    }

    /// The page.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, fiche: &'a Fiche, liste: Liste, publiques: Vec<Publique>) -> Self {
        let couches = fiche
            .couches
            .iter()
            .map(|couche| Couche {
                nom: nom_couche(&couche.couche).to_owned(),
                objets: entier(couche.objets),
                source: match couche.source.as_str() {
                    "edigeo" => "EDIGÉO (DGFiP)",
                    "etalab" => "GeoJSON (DGFiP, Etalab)",
                    _ => "Base Adresse Locale",
                }
                .to_owned(),
                millesime: couche.millesime.map_or_else(|| "non précisé".to_owned(), date),
            })
            .collect();
        let sections = fiche
            .sections
            .iter()
            .map(|section| Section {
                id: section.id.clone(),
                reference: section.reference.clone(),
                parcelles: accord(usize::try_from(section.parcelles).unwrap_or_default(), "parcelle", "parcelles"),
            })
            .collect();
        let (compte, pages) = match &liste {
            Liste::Sections => (accord(fiche.sections.len(), "section", "sections"), Vec::new()),
            Liste::Adresses { lignes, .. } => (accord(lignes.len(), "adresse", "adresses"), Vec::new()),
            Liste::Parcelles { total, requete, page, .. } => {
                (accord(*total, "parcelle", "parcelles"), pages(&fiche.insee, requete, *total, *page))
            }
        };
        Self {
            postes: fiche.codes_postaux.join(", "),
            groupements: fiche.groupements.join(", "),
            parcelles: fiche
                .couches
                .iter()
                .find(|couche| couche.couche == "parcelle")
                .map(|couche| entier(couche.objets)),
            etendue: fiche.etendue.map(etendue),
            couches,
            sections,
            compte,
            pages,
            publiques,
            cadre,
            fiche,
            liste,
        }
    }
}

fn pages(insee: &str, (name, value): &(&'static str, String), total: usize, current: usize) -> Vec<Page> {
    let count = total.div_ceil(PAGE);
    if count < 2 {
        return Vec::new();
    }
    (1..=count)
        .map(|rank| Page {
            href: format!("/commune/{insee}?{name}={}&page={rank}", encode(value)),
            libelle: rank.to_string(),
            courante: rank == current,
        })
        .collect()
}

/// « de 4,62° à 4,68° de longitude… ».
fn etendue([west, south, east, north]: [f64; 4]) -> String {
    use super::nombres::decimal;
    format!(
        "longitude de {}° à {}°, latitude de {}° à {}°",
        decimal(west, 4),
        decimal(east, 4),
        decimal(south, 4),
        decimal(north, 4)
    )
}

fn nom_couche(id: &str) -> &str {
    match id {
        "commune" => "Limite de la commune",
        "prefixe_section" => "Préfixes de section",
        "section" => "Sections",
        "feuille" => "Feuilles",
        "parcelle" => "Parcelles",
        "subdivision_fiscale" => "Subdivisions fiscales",
        "charge" => "Charges",
        "batiment" => "Bâtiments",
        "lieu_dit" => "Lieux-dits",
        "troncon" => "Tronçons de route et de cours d'eau",
        "nom_voie" => "Noms de voies",
        "numero_voirie" => "Numéros de voirie",
        "repere" => "Repères et bornes",
        "detail" => "Détails topographiques",
        "ecriture" => "Écritures",
        "adresse" => "Adresses",
        other => other,
    }
}
