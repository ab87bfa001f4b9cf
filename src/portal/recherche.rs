//! `/recherche`: the answers to one text, as links.

use askama::Template;

use super::Cadre;
use super::nombres::{accord, encode};
use crate::services::destination::Lieu;
use crate::services::recherche::{Answer, Properties};

/// The page of answers.
#[derive(Debug, Template)]
#[template(path = "recherche.html")]
pub struct RecherchePage<'a> {
    cadre: Cadre<'a>,
    compte: String,
    resultats: Vec<Resultat>,
    indice: Option<String>,
    /// Whether there may be more than what is shown.
    borne: Option<String>,
}

/// One answer.
#[derive(Debug)]
pub struct Resultat {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub nom: String,
    /// What it is.
    pub genre: &'static str,
    /// What tells it from others.
    pub precision: String,
    /// A second address: the map.
    pub carte: Option<String>,
}

impl<'a> RecherchePage<'a> {
    /// Title of the page for that many answers.
    #[must_use]
    pub fn titre(answer: &Answer) -> String {
        let compte = compte(answer.features.len());
        if answer.query.is_empty() {
            "Recherche".to_owned()
        } else {
            format!("« {} » : {compte}", court(&answer.query))
        }
    }

    /// The page; `lieux` are what each answer leads to, in the same order.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, answer: &Answer, lieux: &[Lieu]) -> Self {
        let resultats: Vec<Resultat> = answer
            .features
            .iter()
            .zip(lieux)
            .map(|(feature, lieu)| {
                let properties = &feature.properties;
                let texte = encode(&properties.label);
                let carte = match &feature.geometry {
                    Some(point) => {
                        let [lon, lat] = point.coordinates;
                        format!("/carte?q={texte}#18/{lat:.6}/{lon:.6}")
                    }
                    None => format!("/carte?q={texte}"),
                };
                let (href, carte) = match lieu {
                    Lieu::Parcelle(idu) => (format!("/parcelle/{idu}"), Some(format!("/carte?parcelle={idu}"))),
                    Lieu::Commune => (format!("/commune/{}", properties.citycode), Some(carte)),
                    Lieu::Section(id) => (format!("/commune/{}?section={id}", properties.citycode), Some(carte)),
                    Lieu::Voie(id) => (format!("/commune/{}?voie={id}", properties.citycode), Some(carte)),
                    Lieu::LieuDit(nom) => {
                        (format!("/commune/{}?lieudit={}", properties.citycode, encode(nom)), Some(carte))
                    }
                    Lieu::Annotation(id) => (format!("/annotations/{id}"), Some(carte)),
                    Lieu::Fiche(url) => (url.clone(), feature.geometry.is_some().then_some(carte)),
                    Lieu::Point => (carte, None),
                };
                Resultat {
                    href,
                    carte,
                    nom: properties.name.clone(),
                    genre: genre(properties.kind),
                    precision: precision(properties),
                }
            })
            .collect();
        let borne = (answer.features.len() >= answer.limit).then(|| {
            format!("Les {} premiers résultats sont donnés ; précisez la commune pour en voir d'autres.", answer.limit)
        });
        // A heading begins with a capital, where the title goes on.
        let compte = if resultats.is_empty() { "Aucun résultat".to_owned() } else { compte(resultats.len()) };
        Self { cadre, compte, resultats, indice: answer.indice.clone(), borne }
    }
}

/// What tells an answer from others of the same name: its commune; for typed coordinates, the other systems.
fn precision(properties: &Properties) -> String {
    match &properties.postcode {
        _ if properties.kind == "fiche" && !properties.city.is_empty() => {
            format!("{}, {}", properties.context, properties.city)
        }
        _ if properties.city.is_empty() => properties.context.clone(),
        // The commune itself: its codes tell it from another of its name.
        Some(code) if properties.kind == "municipality" => format!("{code}, code INSEE {}", properties.citycode),
        None if properties.kind == "municipality" => format!("code INSEE {}", properties.citycode),
        Some(code) => format!("{code} {}", properties.city),
        None => properties.city.clone(),
    }
}

fn compte(n: usize) -> String {
    if n == 0 { "aucun résultat".to_owned() } else { accord(n, "résultat", "résultats") }
}

/// At most sixty characters: a title, not a page.
fn court(text: &str) -> String {
    let kept: String = text.chars().take(60).collect();
    if kept.len() < text.len() { format!("{kept}…") } else { kept }
}

fn genre(kind: &str) -> &'static str {
    match kind {
        "parcelle" => "Parcelle",
        "section" => "Section",
        "housenumber" => "Adresse",
        "street" => "Voie",
        "locality" => "Lieu-dit",
        "municipality" => "Commune",
        "annotation" => "Annotation",
        "fiche" => "Fiche",
        _ => "Coordonnées",
    }
}
