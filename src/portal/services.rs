//! `/services`: the addresses that programs read, ready to be copied.

use askama::Template;

use super::Cadre;
use crate::cadastre::layers::{LAYERS, ZOOM_MAX};
use crate::services::styles::STYLES;

/// The page of services.
#[derive(Debug, Template)]
#[template(path = "services.html")]
pub struct ServicesPage<'a> {
    cadre: Cadre<'a>,
    origine: String,
    couches: Vec<Couche>,
    styles: Vec<Style>,
}

#[derive(Debug)]
struct Couche {
    id: &'static str,
    libelle: String,
    zooms: String,
    tilejson: String,
    tuiles: String,
    champs: &'static [(&'static str, &'static str)],
}

#[derive(Debug)]
struct Style {
    libelle: &'static str,
    adresse: String,
}

impl<'a> ServicesPage<'a> {
    /// The page; `libelles` are id and label of the layers, `origine` the public address without a trailing slash.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, origine: String, libelles: &[(String, String)]) -> Self {
        let couches = LAYERS
            .iter()
            .map(|layer| Couche {
                id: layer.id,
                libelle: libelles
                    .iter()
                    .find(|(id, _)| id == layer.id)
                    .map_or_else(|| layer.id.to_owned(), |(_, libelle)| libelle.clone()),
                zooms: format!("{} à {ZOOM_MAX}", layer.zoom_min),
                tilejson: format!("{origine}/tiles/{}", layer.id),
                tuiles: format!("{origine}/tiles/{}/{{z}}/{{x}}/{{y}}", layer.id),
                champs: layer.fields,
            })
            .collect();
        let styles = STYLES
            .iter()
            .map(|(id, libelle)| Style { libelle, adresse: format!("{origine}/styles/{id}.json") })
            .collect();
        Self { cadre, origine, couches, styles }
    }
}
