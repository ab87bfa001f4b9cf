//! The plan holds together: no gap, no overlap, unique numbers, addresses at home.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, helpers included")]

use std::collections::{BTreeMap, BTreeSet};

use finage_sample::geometry::key;
use finage_sample::plan::Usage;
use finage_sample::projection::Projection;
use finage_sample::town::Commune;
use finage_sample::{SEED, Town};
use geo::{Area, BooleanOps, BoundingRect, Contains, Distance, Euclidean, Intersects, Validation};
use geo_types::{MultiPolygon, Point, Polygon};
use std::sync::LazyLock;

static TOWN: LazyLock<Town> = LazyLock::new(|| Town::generate(SEED).unwrap());

fn edges(polygon: &Polygon<f64>) -> Vec<((i64, i64), (i64, i64))> {
    std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .flat_map(|r| r.0.windows(2).map(|w| (key(w[0]), key(w[1]))).collect::<Vec<_>>())
        .collect()
}

fn communes() -> &'static [Commune] {
    &TOWN.communes
}

#[test]
fn the_town_is_large_enough() {
    let counts: Vec<usize> = communes().iter().map(|c| c.parcelles.len()).collect();
    assert!(counts[0] >= 1200 && counts[1] >= 400, "{counts:?}");
    assert!(counts.iter().sum::<usize>() >= 1500);
    assert!(communes()[0].batiments.len() > 900 && communes()[0].adresses.len() > 700);
}

#[test]
fn every_outline_is_valid_and_on_the_centimetre() {
    for commune in communes() {
        let parcels = commune.parcelles.iter().map(|p| (commune.idu(p), &p.polygon));
        let buildings = commune.batiments.iter().enumerate().map(|(n, b)| (format!("bâtiment {n}"), &b.polygon));
        let places = commune.lieux_dits.iter().map(|l| (l.nom.clone(), &l.polygon));
        for (name, polygon) in parcels.chain(buildings).chain(places) {
            assert!(polygon.is_valid(), "{name}: {:?}", polygon.validation_errors());
            assert!(polygon.signed_area() > 1.0, "{name}: counter-clockwise, over 1 m²");
            for p in &polygon.exterior().0 {
                assert!((p.x * 100.0 - (p.x * 100.0).round()).abs() < 1e-4, "{name}: {p:?}");
            }
        }
    }
}

#[test]
fn neighbours_share_whole_sides_and_never_overlap() {
    for commune in communes() {
        // A side belongs to one parcel; its reverse to its only neighbour there.
        let mut owner = BTreeMap::new();
        for parcelle in &commune.parcelles {
            for edge in edges(&parcelle.polygon) {
                assert!(owner.insert(edge, parcelle.numero).is_none(), "{}", commune.idu(parcelle));
            }
        }
        let shared = owner.keys().filter(|(a, b)| owner.contains_key(&(*b, *a))).count();
        assert!(shared > owner.len() * 2 / 5, "{shared} of {}", owner.len());
        for (n, a) in commune.parcelles.iter().enumerate() {
            let rect = a.polygon.bounding_rect().unwrap();
            for b in &commune.parcelles[n + 1..] {
                if rect.intersects(&b.polygon.bounding_rect().unwrap()) {
                    let common = a.polygon.intersection(&b.polygon).unsigned_area();
                    assert!(common < 0.01, "{} / {}: {common} m²", commune.idu(a), commune.idu(b));
                }
            }
        }
    }
}

#[test]
fn sections_and_feuilles_tile_their_commune() {
    for commune in communes() {
        let total = commune.contour.unsigned_area();
        let sum = |polygons: Vec<&Polygon<f64>>| polygons.into_iter().map(Area::unsigned_area).sum::<f64>();
        let sections = sum(commune.sections.iter().flat_map(|s| &s.polygons).collect());
        let feuilles = sum(commune.feuilles.iter().flat_map(|f| &f.polygons).collect());
        let lieux = sum(commune.lieux_dits.iter().map(|l| &l.polygon).collect());
        for (name, area) in [("sections", sections), ("feuilles", feuilles), ("lieux-dits", lieux)] {
            assert!((area - total).abs() < 0.5, "{} {name}: {area} / {total}", commune.insee);
        }
        for parcelle in &commune.parcelles {
            let sheet = MultiPolygon(commune.feuilles[parcelle.feuille].polygons.clone());
            let outside = parcelle.polygon.difference(&sheet).unsigned_area();
            assert!(outside < 0.01, "{}: {outside} m²", commune.idu(parcelle));
        }
        // Streets and river are not parcels.
        let parcels = sum(commune.parcelles.iter().map(|p| &p.polygon).collect());
        assert!((0.93..0.995).contains(&(parcels / total)), "{}", parcels / total);
    }
}

#[test]
fn both_communes_have_the_same_limit() {
    let [a, b] = [&communes()[0], &communes()[1]].map(|c| edges(&c.contour).into_iter().collect::<BTreeSet<_>>());
    let common = a.iter().filter(|(p, q)| b.contains(&(*q, *p))).count();
    assert!(common > 40, "{common}");
    let overlap = communes()[0].contour.intersection(&communes()[1].contour).unsigned_area();
    assert!(overlap < 0.01, "{overlap}");
}

#[test]
fn identifiers_are_unique_and_one_prefix_repeats_section_letters() {
    for commune in communes() {
        let idus: BTreeSet<String> = commune.parcelles.iter().map(|p| commune.idu(p)).collect();
        assert_eq!(idus.len(), commune.parcelles.len());
        assert!(idus.iter().all(|i| i.len() == 14));
    }
    let village = &communes()[1];
    let codes = |prefixe: &str| {
        village.sections.iter().filter(|s| s.prefixe == prefixe).map(|s| s.code.clone()).collect::<BTreeSet<_>>()
    };
    assert!(codes("000").intersection(&codes("103")).count() >= 2);
    assert!(communes()[0].feuilles.iter().any(|f| f.numero == 2));
}

#[test]
fn contenances_stay_within_three_percent() {
    let cc = Projection::from_lambert93(3944).unwrap();
    let mut exact = 0;
    for commune in communes() {
        for parcelle in &commune.parcelles {
            let area = cc.area_m2(&parcelle.polygon).unwrap();
            let gap = (f64::from(parcelle.contenance) - area).abs();
            // 3 %, and the rounding to ten square metres of large grounds or to one of small ones.
            assert!(gap <= area * 0.03 + 5.1, "{}: {} / {area}", commune.idu(parcelle), parcelle.contenance);
            exact += usize::from(gap < 0.5);
        }
    }
    assert!(exact > 50 && communes()[0].parcelles.iter().any(|p| p.arpentee));
}

#[test]
fn addresses_stand_on_their_parcel_and_are_unique() {
    for commune in communes() {
        let mut seen = BTreeSet::new();
        for adresse in &commune.adresses {
            assert!(
                seen.insert((&adresse.nom, adresse.numero, &adresse.suffixe)),
                "{} {}{}",
                adresse.nom,
                adresse.numero,
                adresse.suffixe
            );
            let at = Point::from(adresse.at);
            match adresse.parcelle {
                Some(parcelle) => {
                    let distance = Euclidean.distance(&at, &commune.parcelles[parcelle].polygon);
                    assert!(distance < 2.0, "{} {}: {distance} m", adresse.numero, adresse.nom);
                }
                None => assert!(commune.contour.contains(&at), "{}", adresse.nom),
            }
        }
        let suffixes: BTreeSet<&str> = commune.adresses.iter().map(|a| a.suffixe.as_str()).collect();
        assert!(suffixes.contains("bis"), "{suffixes:?}");
    }
}

#[test]
fn buildings_know_their_parcels() {
    let town = &communes()[0];
    assert!(town.batiments.iter().filter(|b| b.parcelles.len() > 1).count() > 5);
    assert!(town.batiments.iter().any(|b| b.nom.as_deref() == Some("Église")));
    assert!(town.batiments.iter().any(|b| !b.dur));
    for commune in communes() {
        for (n, batiment) in commune.batiments.iter().enumerate() {
            assert!(!batiment.parcelles.is_empty(), "{} bâtiment {n}", commune.insee);
            let on: f64 = batiment
                .parcelles
                .iter()
                .map(|p| commune.parcelles[*p].polygon.intersection(&batiment.polygon).unsigned_area())
                .sum();
            let area = batiment.polygon.unsigned_area();
            assert!((on - area).abs() < 0.03 * area + 1.0, "{} bâtiment {n}: {on} / {area}", commune.insee);
        }
    }
    // The barn on the limit of the two feuilles of section A is cut in two.
    let sheets: Vec<_> =
        town.feuilles.iter().enumerate().filter(|f| town.sections[f.1.section].code == "0A").map(|f| f.0).collect();
    let halves = |f: usize| town.batiments.iter().filter(move |b| b.feuille == f);
    let touching = halves(sheets[0])
        .any(|a| halves(sheets[1]).any(|b| a.dates == b.dates && Euclidean.distance(&a.polygon, &b.polygon) < 0.05));
    assert!(touching);
}

#[test]
fn the_public_grounds_are_there() {
    for commune in communes() {
        for usage in [Usage::Eglise, Usage::Cimetiere, Usage::Mairie] {
            assert!(commune.parcelles.iter().any(|p| p.usage == usage), "{} {usage:?}", commune.insee);
        }
    }
    for usage in [Usage::Ecole, Usage::Stade, Usage::Gare, Usage::VoieFerree, Usage::Ferme, Usage::Activite] {
        assert!(communes()[0].parcelles.iter().any(|p| p.usage == usage), "{usage:?}");
    }
    assert!(communes()[0].voies.iter().filter(|v| v.genre.is_road()).count() > 50);
}
