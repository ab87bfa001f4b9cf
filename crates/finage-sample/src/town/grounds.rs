//! Buildings the plan draws by hand: church, town hall, school, farms; and barns across two feuilles.

use geo::{BooleanOps, Contains};
use geo_types::{MultiPolygon, Point};

use super::assemble::place;
use super::buildings::Drawn;
use super::model::Commune;
use crate::geometry::{direction, largest, length, midpoint, oriented_rectangle, pt, rotate};
use crate::plan::COMMUNES;

/// Buildings of the reserved grounds. Parts of one name that touch become one outline.
pub fn buildings(index: usize, commune: &Commune) -> Vec<Drawn> {
    let mut out: Vec<Drawn> = Vec::new();
    for ground in COMMUNES[index].grounds {
        let mut named: Vec<Drawn> = Vec::new();
        for &(name, centre, degrees, width, height, dur) in ground.buildings {
            let along = rotate(pt(1.0, 0.0), degrees.to_radians());
            let part = oriented_rectangle(place(pt(centre.0, centre.1)), along, width, height);
            let home = commune
                .parcelles
                .iter()
                .find(|p| p.usage == ground.usage && p.polygon.contains(&Point::from(place(pt(centre.0, centre.1)))));
            let Some(home) = home else { continue };
            let Some(part) = largest(MultiPolygon(part.intersection(&home.polygon).0)) else {
                continue;
            };
            let nom = (!name.is_empty()).then_some(name);
            match named.iter_mut().find(|d| nom.is_some() && d.nom == nom) {
                Some(whole) => {
                    if let Some(joined) = largest(whole.polygon.union(&part)) {
                        whole.polygon = joined;
                    }
                }
                None => named.push(Drawn { polygon: part, dur, nom }),
            }
        }
        out.extend(named);
    }
    out
}

/// A barn on the limit of two feuilles of one section: each lot holds its half.
pub fn straddling_barns(commune: &Commune) -> Vec<Drawn> {
    let mut out = Vec::new();
    for section in 0..commune.sections.len() {
        let of = |numero: u32| {
            commune
                .parcelles
                .iter()
                .filter(move |p| p.section == section && commune.feuilles[p.feuille].numero == numero)
        };
        let common: Vec<_> = of(1)
            .flat_map(|p| p.polygon.exterior().0.windows(2))
            .filter(|e| length(e) > 25.0)
            .filter(|e| of(2).any(|q| q.polygon.exterior().0.windows(2).any(|o| o[0] == e[1] && o[1] == e[0])))
            .collect();
        if let Some(edge) = common.get(common.len() / 2) {
            let centre = midpoint(edge[0], edge[1]);
            let across = rotate(direction(edge[0], edge[1]), 1.45);
            out.push(Drawn { polygon: oriented_rectangle(centre, across, 24.0, 11.0), dur: true, nom: None });
        }
    }
    out
}
