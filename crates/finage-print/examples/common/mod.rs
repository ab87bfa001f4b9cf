//! The sample town's sheets as plans, for the examples.
#![expect(clippy::unwrap_used, reason = "an example stops at once")]

use std::path::Path;

use finage_edigeo::{Class, Limits, Lot, Object};
use finage_print::{
    Ancre, Batiment, Cartouche, Ecriture, Extrait, GenreEcriture, GenreLimite, GenreTroncon, Label, Limite, Parcelle,
    Plan, Sujet, Symbole, Troncon, Zone,
};
use geo_types::{Coord, Geometry, MultiPolygon};

/// The sheets of a commune of the sample town (99102 is delivered in CC44).
pub fn lots(insee: &str) -> Vec<Lot> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data-samples/edigeo").join(insee);
    let mut lots = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        lots.extend(finage_edigeo::read_lots(&entry.unwrap().path(), &Limits::default()).unwrap());
    }
    lots
}

fn area(geometry: &Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon.clone()])),
        Geometry::MultiPolygon(many) => Some(many.clone()),
        _ => None,
    }
}

fn point(object: &Object) -> Option<Coord<f64>> {
    if let Geometry::Point(point) = &object.geometry { Some(point.0) } else { None }
}

fn idu(object: &Object) -> String {
    format!("99{}", object.idu().unwrap_or_default())
}

/// The objects of all the sheets as one plan.
pub fn plan(lots: &[Lot]) -> Plan {
    let mut plan = Plan::default();
    for lot in lots {
        for object in &lot.objects {
            add(object, &mut plan);
        }
        for label in &lot.labels {
            let own = Label {
                texte: label.text.clone(),
                point: label.point.0,
                ancre: Ancre::BasGauche,
                angle_deg: label.angle_deg,
                hauteur_m: label.height_mm.map(|height| height / 1000.0 * 1000.0),
            };
            let genre = match label.class {
                Class::Parcelle | Class::Section | Class::Numvoie => continue,
                Class::Zoncommuni | Class::Tronroute | Class::Voiep => GenreEcriture::Voie,
                Class::Lieudit => GenreEcriture::LieuDit,
                Class::Tronfluv => GenreEcriture::Eau,
                _ => GenreEcriture::Autre,
            };
            plan.ecritures.push(Ecriture::seule(genre, own));
        }
    }
    plan
}

fn add(object: &Object, plan: &mut Plan) {
    let area = area(&object.geometry);
    match (object.class, area) {
        (Class::Parcelle, Some(geom)) => {
            let numero = object.attribute("TEX").unwrap_or_default().trim().to_owned();
            plan.parcelles.push(Parcelle { idu: idu(object), numero, geom, label: None });
        }
        (Class::Batiment, Some(geom)) => {
            plan.batiments.push(Batiment { dur: object.attribute("DUR").is_none_or(|dur| dur.trim() == "01"), geom });
        }
        (Class::Section, Some(geom)) => {
            let nom = object.attribute("TEX").map(|text| text.trim().to_owned());
            plan.limites.push(Limite { genre: GenreLimite::Section, nom, geom });
        }
        (Class::Subdsect, Some(geom)) => plan.limites.push(Limite { genre: GenreLimite::Feuille, nom: None, geom }),
        (Class::Commune, Some(geom)) => plan.limites.push(Limite { genre: GenreLimite::Commune, nom: None, geom }),
        (Class::Tronfluv, _) => {
            plan.troncons.push(Troncon { genre: GenreTroncon::Eau, geom: object.geometry.clone() });
        }
        (Class::Tronroute, _) => {
            plan.troncons.push(Troncon { genre: GenreTroncon::Route, geom: object.geometry.clone() });
        }
        (Class::Zoncommuni, _) => {
            plan.troncons.push(Troncon { genre: GenreTroncon::Voie, geom: object.geometry.clone() });
        }
        (Class::Numvoie, _) => {
            if let Some(point) = point(object) {
                let texte = object.attribute("TEX").unwrap_or_default().to_owned();
                plan.numeros.push(Label { texte, point, ancre: Ancre::Centre, angle_deg: 0.0, hauteur_m: None });
            }
        }
        (Class::Tpoint | Class::Borne | Class::Ptcanv, _) => {
            if let Some(point) = point(object) {
                let code = object.attribute("SYM").unwrap_or(if object.class == Class::Borne { "81" } else { "" });
                let angle_deg = object.orientation_deg().unwrap_or(0.0);
                plan.symboles.push(Symbole { code: code.to_owned(), point, angle_deg });
            }
        }
        (Class::Tline | Class::Tsurf, _) => plan.details.push(object.geometry.clone()),
        _ => {}
    }
}

/// An extract about the parcels whose rank is given.
pub fn extrait(lots: &[Lot], plan: Plan, srid: u32, ranks: &[usize]) -> Extrait {
    let sujets = ranks
        .iter()
        .map(|rank| {
            let parcelle = &plan.parcelles[*rank];
            let own = lots.iter().flat_map(|lot| lot.of_class(Class::Parcelle)).find(|own| idu(own) == parcelle.idu);
            Sujet {
                idu: parcelle.idu.clone(),
                reference: format!("{} {}", parcelle.idu[8..10].trim_start_matches('0'), parcelle.numero),
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an area in m²")]
                contenance_m2: own.and_then(Object::contenance_m2).map(|area| area as u64),
                surface_m2: Some(1234.5),
                adresse: Some("12 bis rue du Faubourg-Saint-Nicolas".to_owned()),
            }
        })
        .collect();
    Extrait {
        zone: Zone { srid, label: format!("RGF93 CC{}", srid.saturating_sub(3900)) },
        sujets,
        plan,
        cartouche: Cartouche {
            commune: "Saint-Cyprin-les-Vignes".to_owned(),
            insee: "99102".to_owned(),
            section: "Section B, feuille 01".to_owned(),
            millesime: "1er juillet 2026".to_owned(),
            source: "Plan cadastral informatisé, DGFiP".to_owned(),
            edition: "24 novembre 2026".to_owned(),
            credits: vec!["cadastre DGFiP, licence ouverte 2.0".to_owned(), "adresses de la commune".to_owned()],
        },
        fond: None,
        alternative: None,
    }
}
