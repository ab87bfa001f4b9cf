//! `/`: what the service is, one search field, the communes that can be consulted.

use askama::Template;

use super::nombres::{date, encode, entier};
use super::{Cadre, Publique};
use crate::territory::extent::Commune;

/// The home page.
#[derive(Debug, Template)]
#[template(path = "accueil.html")]
pub struct AccueilPage<'a> {
    cadre: Cadre<'a>,
    communes: Vec<Carte>,
    /// Searches that give something here: query value, text.
    exemples: Vec<(String, String)>,
    publiques: Vec<Publique>,
}

/// A commune of the list.
#[derive(Debug)]
struct Carte {
    insee: String,
    nom: String,
    parcelles: String,
    millesime: Option<String>,
}

impl<'a> AccueilPage<'a> {
    /// The page, with examples taken from the data: a search that finds nothing teaches nothing.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, communes: &[Commune], exemples: Vec<String>, publiques: Vec<Publique>) -> Self {
        let cadre = Cadre { recherche_dans_la_page: true, ..cadre };
        let communes = communes
            .iter()
            .map(|commune| Carte {
                insee: commune.insee.clone(),
                nom: commune.nom.clone(),
                parcelles: format!(
                    "{} {}",
                    entier(commune.parcelles.into()),
                    if commune.parcelles > 1 { "parcelles" } else { "parcelle" }
                ),
                millesime: commune.millesime.map(date),
            })
            .collect();
        let exemples = exemples.into_iter().map(|text| (encode(&text), text)).collect();
        Self { cadre, communes, exemples, publiques }
    }
}
