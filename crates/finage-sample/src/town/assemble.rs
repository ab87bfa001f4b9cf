//! Puts the communes together: faces and lots get shared vertices, numbers, buildings, names.

use geo::orient::{Direction, Orient};
use geo_types::{LineString, Polygon};

use super::blocks::parcels;
use super::faces::{Face, Way, faces, ways};
use super::lots::Lot;
use super::model::{Commune, Dates, Ecriture, Feuille, LieuDit, Quality, Section};
use super::{addresses, buildings, marks, numbering, roads};
use crate::SampleError;
use crate::geometry::{Noder, Pt, dissolve, pt, ring_area, snap};
use crate::plan::{COMMUNES, ORIGIN, SectionPlan, TOWN_DATES};
use crate::projection::Projection;
use crate::rng::Rng;

/// A face of one commune, placed, with its lots.
pub struct Placed {
    pub face: Face,
    pub lots: Vec<Lot>,
}

/// Both communes.
pub fn communes(seed: u64) -> Result<Vec<Commune>, SampleError> {
    let drawn = ways();
    let faces = faces(&drawn);
    let lots = parcels(seed, &faces, &drawn);
    let placed = share_vertices(faces, lots);
    let ways: Vec<Way> =
        drawn.into_iter().map(|w| Way { axis: w.axis.into_iter().map(place).collect(), ..w }).collect();
    (0..COMMUNES.len()).map(|index| commune(seed, index, &placed, &ways)).collect()
}

/// From the plan's metres to Lambert-93.
pub fn place(p: Pt) -> Pt {
    snap(pt(p.x + ORIGIN.x, p.y + ORIGIN.y))
}

pub fn place_polygon(polygon: &Polygon<f64>) -> Polygon<f64> {
    let ring = |l: &LineString<f64>| LineString(l.0.iter().map(|p| place(*p)).collect());
    Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
}

fn share_vertices(faces: Vec<Face>, lots: Vec<(usize, Lot)>) -> Vec<Placed> {
    let mut placed: Vec<Placed> = faces
        .into_iter()
        .map(|face| Placed { face: Face { polygon: place_polygon(&face.polygon), ..face }, lots: Vec::new() })
        .collect();
    for (face, lot) in lots {
        placed[face].lots.push(Lot { polygon: place_polygon(&lot.polygon), ..lot });
    }
    let mut noder = Noder::new(0.05, 0.035);
    let rings = |p: &Polygon<f64>| {
        std::iter::once(p.exterior()).chain(p.interiors()).flat_map(|r| r.0.clone()).collect::<Vec<_>>()
    };
    for p in placed.iter().flat_map(|p| rings(&p.face.polygon)) {
        noder.add(p);
    }
    for p in placed.iter().flat_map(|p| p.lots.iter().flat_map(|l| rings(&l.polygon))).collect::<Vec<_>>() {
        noder.add(p);
    }
    let node = |polygon: &Polygon<f64>| noder.node_polygon(polygon).map(|p| p.orient(Direction::Default));
    for item in &mut placed {
        if let Some(polygon) = node(&item.face.polygon) {
            item.face.polygon = polygon;
        }
        item.lots = std::mem::take(&mut item.lots)
            .into_iter()
            .filter_map(|lot| node(&lot.polygon).map(|polygon| Lot { polygon, ..lot }))
            .collect();
    }
    placed
}

fn commune(seed: u64, index: usize, placed: &[Placed], ways: &[Way]) -> Result<Commune, SampleError> {
    let plan = &COMMUNES[index];
    let own: Vec<&Placed> = placed.iter().filter(|p| p.face.commune == index).collect();
    let mut rng = Rng::for_purpose(seed, &format!("dates {}", plan.insee));
    let contour = dissolve(own.iter().map(|p| &p.face.polygon))
        .into_iter()
        .max_by(|a, b| ring_area(&a.exterior().0).total_cmp(&ring_area(&b.exterior().0)));
    let contour = contour.ok_or_else(|| SampleError::Plan {
        commune: plan.nom.to_owned(),
        cause: "aucune face dans son territoire".to_owned(),
    })?;
    let mut commune = Commune {
        insee: plan.insee.to_owned(),
        nom: plan.nom.to_owned(),
        srid: plan.srid,
        voies: roads::axes(&contour, ways),
        contour,
        dates: Dates { created: 20_040_312, updated: 20_240_102 },
        anciennes: plan.anciennes.iter().map(|a| (a.0.to_owned(), a.1.to_owned(), a.2.to_owned())).collect(),
        sections: Vec::new(),
        feuilles: Vec::new(),
        parcelles: Vec::new(),
        batiments: Vec::new(),
        lieux_dits: Vec::new(),
        adresses: Vec::new(),
        troncons: Vec::new(),
        symboles: Vec::new(),
        bornes: Vec::new(),
    };
    for (section, drawn) in plan.sections.iter().enumerate() {
        add_section(&mut commune, section, drawn, &own, &mut rng);
    }
    let cc = Projection::from_lambert93(3944)?;
    numbering::add_parcels(seed, &mut commune, &own, &cc)?;
    add_lieux_dits(&mut commune, &own, &mut rng);
    buildings::add(seed, index, &mut commune);
    roads::add(seed, index, &mut commune, ways);
    addresses::add(seed, &mut commune);
    marks::add(seed, index, &mut commune);
    Ok(commune)
}

fn add_section(commune: &mut Commune, section: usize, drawn: &SectionPlan, own: &[&Placed], rng: &mut Rng) {
    let of = |feuille: Option<usize>| {
        own.iter()
            .filter(move |p| p.face.section == section && feuille.is_none_or(|f| p.face.feuille == f))
            .map(|p| &p.face.polygon)
    };
    let polygons = dissolve(of(None));
    let largest = polygons.iter().max_by(|a, b| ring_area(&a.exterior().0).total_cmp(&ring_area(&b.exterior().0)));
    let at = largest.map(below_middle);
    commune.sections.push(Section {
        prefixe: drawn.prefixe.to_owned(),
        code: drawn.code.to_owned(),
        polygons,
        ecriture: Ecriture { at: at.unwrap_or(ORIGIN), angle: 0.0, hei: 5.0 },
        dates: dates(rng),
    });
    for feuille in 0..drawn.feuilles.len() {
        let renewed = rng.int(1962, 1992);
        commune.feuilles.push(Feuille {
            section,
            numero: u32::try_from(feuille).unwrap_or(0) + 1,
            polygons: dissolve(of(Some(feuille))),
            quality: Quality {
                qupl: drawn.qualite.0.to_owned(),
                copl: drawn.qualite.1.to_owned(),
                echelle: drawn.echelle,
                dedi: format!("01/01/{renewed}"),
                dis: format!("{:02}/{:02}/{}", rng.int(1, 28), rng.int(1, 12), rng.int(1998, 2008)),
                dred: format!("01/01/{}", renewed + 3),
                icl: 0.0,
                inp: "01".to_owned(),
            },
            dates: dates(rng),
        });
    }
}

fn add_lieux_dits(commune: &mut Commune, own: &[&Placed], rng: &mut Rng) {
    for feuille in 0..commune.feuilles.len() {
        let (section, numero) = (commune.feuilles[feuille].section, commune.feuilles[feuille].numero);
        let on_sheet = |p: &&&Placed| p.face.section == section && u32::try_from(p.face.feuille + 1) == Ok(numero);
        let mut names: Vec<&str> = own.iter().filter(on_sheet).map(|p| p.face.lieu_dit).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let faces = own.iter().filter(on_sheet).filter(|p| p.face.lieu_dit == name).map(|p| &p.face.polygon);
            for polygon in dissolve(faces) {
                let ecriture = Ecriture { at: middle(&polygon), angle: 0.0, hei: 4.0 };
                let dates = dates(rng);
                commune.lieux_dits.push(LieuDit { feuille, nom: name.to_owned(), polygon, ecriture, dates });
            }
        }
    }
}

/// Below the middle, so that a section's letters leave the middle to the lieu-dit's name.
fn below_middle(polygon: &Polygon<f64>) -> Pt {
    use geo::{BoundingRect, Contains};
    let centre = middle(polygon);
    let drop = polygon.bounding_rect().map_or(0.0, |r| r.height() * 0.14);
    let lower = snap(pt(centre.x, centre.y - drop));
    if polygon.contains(&geo_types::Point::from(lower)) { lower } else { centre }
}

/// A point well inside a polygon, for texts.
#[must_use]
pub fn middle(polygon: &Polygon<f64>) -> Pt {
    use geo::{Centroid, Contains, InteriorPoint};
    let centre = polygon.centroid().filter(|c| polygon.contains(c));
    centre.or_else(|| polygon.interior_point()).map_or_else(|| polygon.exterior().0[0], |p| snap(p.0))
}

/// Dates of an object: created in the digital plan's life, often never changed since.
pub fn dates(rng: &mut Rng) -> Dates {
    let day = |rng: &mut Rng, year: u32| year * 10_000 + rng.int(1, 12) * 100 + rng.int(1, 28);
    let year = if rng.chance(0.6) { rng.int(2003, 2006) } else { rng.int(TOWN_DATES.0.max(2003), TOWN_DATES.1) };
    let created = day(rng, year);
    let updated = if rng.chance(0.7) {
        created
    } else {
        let y = rng.int(year, TOWN_DATES.1);
        day(rng, y).max(created)
    };
    Dates { created, updated }
}
