//! Faults put into parcels, for both formats.

use std::ops::Range;

use geo::{Translate, Validation};
use geo_types::{LineString, Polygon};

use super::{Answer, ONE_IN, Traitement, draw};
use crate::geometry::pt;
use crate::rng::Rng;
use crate::town::Commune;

/// Outline that crosses itself.
pub const NOEUD_PAPILLON: &str = "noeud_papillon";
/// Identifier already borne by another parcel.
pub const IDU_DOUBLE: &str = "idu_double";
/// Parcel over its neighbours.
pub const RECOUVREMENT: &str = "recouvrement";
/// No identifier.
pub const IDU_MANQUANT: &str = "idu_manquant";
/// Outline without surface.
pub const AIRE_NULLE: &str = "aire_nulle";

const CAUSES: [&str; 5] = [NOEUD_PAPILLON, IDU_DOUBLE, RECOUVREMENT, IDU_MANQUANT, AIRE_NULLE];

/// A fault put on a parcel (index in the commune).
#[derive(Debug, Clone)]
pub struct Fault {
    pub parcelle: usize,
    pub cause: &'static str,
}

/// A commune with faulty parcels.
pub struct Tampered {
    pub commune: Commune,
    pub faults: Vec<Fault>,
}

/// One parcel in twenty of the range gets a fault, each kind in turn and at least once.
pub fn tamper(commune: &Commune, range: Range<usize>, rng: &mut Rng) -> Tampered {
    let mut out = commune.clone();
    let mut faults = Vec::new();
    let count = (range.len() / ONE_IN).max(CAUSES.len());
    for (n, offset) in draw(rng, range.len(), count).into_iter().enumerate() {
        let parcelle = range.start + offset;
        let mut cause = CAUSES[n % CAUSES.len()];
        let polygon = out.parcelles[parcelle].polygon.clone();
        match cause {
            NOEUD_PAPILLON => match bow_tie(&polygon) {
                Some(crossed) => out.parcelles[parcelle].polygon = crossed,
                None => cause = IDU_MANQUANT,
            },
            IDU_DOUBLE => {
                // The number of the nearest earlier or later parcel of the section.
                let section = out.parcelles[parcelle].section;
                let twin = [parcelle.wrapping_sub(1), parcelle + 1]
                    .into_iter()
                    .find(|t| range.contains(t) && out.parcelles[*t].section == section);
                match twin {
                    Some(twin) => out.parcelles[parcelle].numero = out.parcelles[twin].numero,
                    None => cause = IDU_MANQUANT,
                }
            }
            RECOUVREMENT => out.parcelles[parcelle].polygon = polygon.translate(7.0, 4.0),
            AIRE_NULLE => out.parcelles[parcelle].polygon = flat(&polygon),
            _ => {}
        }
        faults.push(Fault { parcelle, cause });
    }
    Tampered { commune: out, faults }
}

/// The outline with two neighbouring corners exchanged, when that makes it cross itself.
fn bow_tie(polygon: &Polygon<f64>) -> Option<Polygon<f64>> {
    let ring = &polygon.exterior().0;
    (1..ring.len().saturating_sub(2)).find_map(|i| {
        let mut crossed = ring.clone();
        crossed.swap(i, i + 1);
        let shape = Polygon::new(LineString(crossed), vec![]);
        (!shape.is_valid()).then_some(shape)
    })
}

/// Three points on one line.
fn flat(polygon: &Polygon<f64>) -> Polygon<f64> {
    let start = polygon.exterior().0[0];
    let at = |d: f64| pt(start.x + d, start.y);
    Polygon::new(LineString(vec![at(0.0), at(4.0), at(9.0), at(0.0)]), vec![])
}

impl Fault {
    /// The parcel's idu, as the faulty file gives it.
    pub fn object(&self, commune: &Commune) -> String {
        commune.idu(&commune.parcelles[self.parcelle])
    }

    /// The expected answer.
    pub fn answer(&self, fichier: &str, objet: String) -> Answer {
        let (traitement, detail) = match self.cause {
            NOEUD_PAPILLON => (Traitement::Reparation, "Le contour se recoupe."),
            IDU_DOUBLE => (Traitement::Quarantaine, "Deux parcelles du fichier portent cet identifiant."),
            RECOUVREMENT => (Traitement::Anomalie, "La parcelle recouvre ses voisines."),
            IDU_MANQUANT => (Traitement::Quarantaine, "La parcelle n'a pas d'identifiant."),
            _ => (Traitement::Quarantaine, "Le contour n'enferme aucune surface."),
        };
        Answer {
            fichier: fichier.to_owned(),
            objet: Some(objet),
            cause: self.cause,
            traitement,
            detail: detail.to_owned(),
        }
    }
}
