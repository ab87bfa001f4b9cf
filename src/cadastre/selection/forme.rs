//! A shape from outside: its system believed only if it falls in the territory, its validity checked, its buffer measured
//! in the conformal zone of the place.

use std::collections::BTreeSet;

use geo::{BoundingRect as _, CoordsIter as _, Euclidean, Length as _};
use geo_types::Geometry;
use serde_json::Value;
use sqlx::{PgPool, Row as _};

use super::{Ajuster, Demande, SelectionError, croisements};
use crate::spatial::projection::Projection;
use crate::spatial::{cc, geojson, territoire, wkb};

/// Longest edge kept straight, in degrees and in metres: beyond, systems disagree on what straight is.
const ARETE: (f64, f64) = (0.005, 500.0);
/// Vertices that cutting long edges may add.
const MAX_AJOUTS: f64 = 50_000.0;

/// A shape that is safe to ask the database about.
#[derive(Debug)]
pub(super) struct Forme {
    ewkb: Vec<u8>,
    zone: i32,
    tampon_m: f64,
    arete: f64,
}

/// The shape of a demand: its geometry, or the parcels already selected when only a buffer is asked.
pub(super) async fn de(
    pool: &PgPool,
    demande: &Demande,
    storage: u32,
    idus: &BTreeSet<String>,
) -> Result<Option<Forme>, SelectionError> {
    let tampon_m = demande.tampon_m;
    if let Some(value) = &demande.geometrie {
        let geometry = geojson::lire(value)?;
        let sans_surface = !matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
        if sans_surface && tampon_m == 0.0 && demande.ajuster == Ajuster::Contenu {
            return Err(SelectionError::SansSurface);
        }
        let place = Place::de(&geometry, demande.srid, storage)?;
        let geometry = tokio::task::spawn_blocking(move || (!croisements::trop(&geometry)).then_some(geometry));
        let geometry = geometry.await.ok().flatten().ok_or(SelectionError::Emmelee)?;
        let ewkb = saine(pool, wkb::encode(&geometry, demande.srid)?).await?;
        return Ok(Some(Forme { ewkb, zone: place.zone, tampon_m, arete: place.arete }));
    }
    if tampon_m == 0.0 || idus.is_empty() {
        return Ok(None);
    }
    let idus: Vec<&str> = idus.iter().map(String::as_str).collect();
    let ewkb: Option<Vec<u8>> =
        sqlx::query_scalar(include_str!("../sql/selection_union.sql")).bind(&idus).fetch_one(pool).await?;
    let Some(ewkb) = ewkb else { return Ok(None) };
    let place = Place::de(&wkb::decode(&ewkb)?, storage, storage)?;
    Ok(Some(Forme { ewkb, zone: place.zone, tampon_m, arete: place.arete }))
}

impl Forme {
    /// Identifiers of the parcels taken: one more than `limite` when there are more.
    pub(super) async fn candidats(
        &self,
        pool: &PgPool,
        ajuster: Ajuster,
        limite: usize,
    ) -> Result<Vec<String>, SelectionError> {
        Ok(sqlx::query_scalar(include_str!("../sql/selection_candidats.sql"))
            .bind(&self.ewkb)
            .bind(self.zone)
            .bind(self.tampon_m)
            .bind(self.arete)
            .bind(ajuster == Ajuster::Contenu)
            .bind(i64::try_from(limite.saturating_add(1)).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await?)
    }

    /// GeoJSON of the shape with its buffer, in degrees.
    pub(super) async fn zone(&self, pool: &PgPool) -> Result<Value, SelectionError> {
        Ok(sqlx::query_scalar(include_str!("../sql/selection_zone.sql"))
            .bind(&self.ewkb)
            .bind(self.zone)
            .bind(self.tampon_m)
            .bind(self.arete)
            .fetch_one(pool)
            .await?)
    }
}

/// Where a geometry is: its conformal zone, and how long its edges may stay.
struct Place {
    zone: i32,
    arete: f64,
}

impl Place {
    fn de(geometry: &Geometry<f64>, srid: u32, storage: u32) -> Result<Self, SelectionError> {
        let acceptes = territoire::systemes(storage);
        if !acceptes.contains(&srid) {
            let acceptes =
                if storage == 2154 { "4326, 2154 ou 3942 à 3950".to_owned() } else { format!("4326 ou {storage}") };
            return Err(SelectionError::Srid { srid, acceptes });
        }
        let territoire = territoire::de(storage);
        let mut degres = geometry.clone();
        let projetee = Projection::new(srid, 4326)?.apply(&mut degres);
        let perdu = geometry
            .coords_iter()
            .zip(degres.coords_iter())
            .find(|(_, degres)| projetee.is_err() || !territoire.contient(degres.x, degres.y));
        if let Some((donne, _)) = perdu {
            return Err(SelectionError::Hors { lieu: territoire.lieu, x: donne.x, y: donne.y, srid });
        }
        let milieu = degres.bounding_rect().map_or(46.5, |boite| boite.center().y);
        let zone = if storage == 2154 { cc::zone_of_latitude(milieu) } else { storage };
        let plus_longue = if srid == 4326 { ARETE.0 } else { ARETE.1 };
        Ok(Self {
            zone: i32::try_from(zone).unwrap_or(i32::MAX),
            arete: f64::max(plus_longue, longueur(geometry) / MAX_AJOUTS),
        })
    }
}

/// Length of all edges, in the geometry's own unit.
fn longueur(geometry: &Geometry<f64>) -> f64 {
    let polygone = |polygone: &geo_types::Polygon<f64>| -> f64 {
        std::iter::once(polygone.exterior()).chain(polygone.interiors()).map(|anneau| Euclidean.length(anneau)).sum()
    };
    match geometry {
        Geometry::LineString(ligne) => Euclidean.length(ligne),
        Geometry::MultiLineString(lignes) => Euclidean.length(lignes),
        Geometry::Polygon(surface) => polygone(surface),
        Geometry::MultiPolygon(surfaces) => surfaces.iter().map(polygone).sum(),
        _ => 0.0,
    }
}

/// The same shape made valid where that changes nothing that one sees; refused where it would.
async fn saine(pool: &PgPool, ewkb: Vec<u8>) -> Result<Vec<u8>, SelectionError> {
    let row = sqlx::query(include_str!("../sql/selection_saine.sql")).bind(ewkb).fetch_one(pool).await?;
    if let Some(saine) = row.get::<Option<Vec<u8>>, _>("saine") {
        return Ok(saine);
    }
    let ou = match (row.get::<Option<f64>, _>("lon"), row.get::<Option<f64>, _>("lat")) {
        (Some(lon), Some(lat)) => format!(" près de {lon:.5} ; {lat:.5}").replace('.', ","),
        _ => String::new(),
    };
    Err(SelectionError::Invalide { ou, motif: motif(row.get::<Option<String>, _>("motif").as_deref()) })
}

/// What GEOS found wrong, in French.
fn motif(reason: Option<&str>) -> &'static str {
    match reason {
        Some("Self-intersection" | "Ring Self-intersection") => {
            "le contour se croise lui-même, redessinez-le sans croisement."
        }
        Some("Hole lies outside shell" | "Holes are nested") => "un trou sort de son contour, corrigez-le.",
        Some("Too few points in geometry component") => "elle n'a pas assez de points distincts, complétez-la.",
        _ => "elle ne dessine pas une surface simple, redessinez-la.",
    }
}
