//! The facts of the parcels selected, and their totals.

use std::collections::BTreeSet;

use finage_reference::Idu;
use serde::Serialize;
use sqlx::{PgPool, Row as _};
use utoipa::ToSchema;

use crate::cadastre::parcelle::CommuneRef;

/// A parcel of a selection.
#[derive(Debug, Serialize, ToSchema)]
pub struct Selectionnee {
    /// Identifier of 14 characters.
    pub idu: String,
    /// Reference as people write it: « AB 145 ».
    pub reference: String,
    /// Commune.
    pub commune: CommuneRef,
    /// Fiscal area in square metres.
    pub contenance_m2: Option<i32>,
    /// Geometric area in square metres, in the commune's conformal zone.
    pub surface_m2: f64,
    /// Longitude and latitude of a point inside.
    pub centre: [f64; 2],
    /// Its first address.
    pub adresse: Option<String>,
}

/// Totals of a selection.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Totaux {
    /// Number of parcels.
    pub parcelles: usize,
    /// Sum of the fiscal areas known, in square metres.
    pub contenance_m2: i64,
    /// Parcels whose fiscal area is not known.
    pub sans_contenance: usize,
    /// Sum of the geometric areas, in square metres.
    pub surface_m2: f64,
}

/// Parcels by identifier, each with its box in degrees; unknown identifiers give nothing.
pub(super) async fn lire(pool: &PgPool, idus: &BTreeSet<String>) -> sqlx::Result<Vec<(Selectionnee, [f64; 4])>> {
    let idus: Vec<&str> = idus.iter().map(String::as_str).collect();
    let rows = sqlx::query(include_str!("../sql/selection_parcelles.sql")).bind(&idus).fetch_all(pool).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let idu: String = row.get("idu");
            let parcelle = Selectionnee {
                reference: idu.parse::<Idu>().map_or_else(|_| idu.clone(), |idu| idu.reference()),
                commune: CommuneRef { insee: row.get("insee"), nom: row.get("commune") },
                contenance_m2: row.get("contenance"),
                surface_m2: decimetre(row.get("surface")),
                centre: [row.get("lon"), row.get("lat")],
                adresse: row.get("adresse"),
                idu,
            };
            (parcelle, [row.get("ouest"), row.get("sud"), row.get("est"), row.get("nord")])
        })
        .collect())
}

pub(super) fn totaux(parcelles: &[(Selectionnee, [f64; 4])]) -> Totaux {
    let mut totaux = Totaux { parcelles: parcelles.len(), ..Totaux::default() };
    for (parcelle, _) in parcelles {
        totaux.contenance_m2 += i64::from(parcelle.contenance_m2.unwrap_or_default());
        totaux.sans_contenance += usize::from(parcelle.contenance_m2.is_none());
        totaux.surface_m2 += parcelle.surface_m2;
    }
    totaux.surface_m2 = decimetre(totaux.surface_m2);
    totaux
}

pub(super) fn etendue(parcelles: &[(Selectionnee, [f64; 4])]) -> Option<[f64; 4]> {
    parcelles
        .iter()
        .map(|(_, boite)| *boite)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// To the tenth: what a plan's precision can say.
pub(super) fn decimetre(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
