//! A selection as a file: CSV, GeoJSON, GeoPackage.

use std::collections::BTreeSet;

use finage_export::{Colonne, Crs, Genre, Ligne, Table, Valeur, csv, geojson, gpkg};
use finage_reference::Idu;
use serde::Deserialize;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row as _};
use utoipa::ToSchema;

use super::SelectionError;
use super::parcelles::decimetre;
use crate::spatial::wkb;

/// Format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// CSV for spreadsheets: UTF-8, `;`, decimal comma.
    Csv,
    /// GeoJSON, WGS 84.
    Geojson,
    /// OGC GeoPackage, in the system of the database.
    Gpkg,
}

/// What to write.
#[derive(Debug, Clone, Copy)]
pub struct Demande<'a> {
    /// Identifiers of 14 characters.
    pub parcelles: &'a [String],
    /// Format.
    pub format: Format,
    /// Whether the CSV holds geometries.
    pub wkt: bool,
}

/// A file, whole: the bound on parcels bounds it.
#[derive(Debug)]
pub struct Fichier {
    /// Name offered to who downloads it.
    pub nom: &'static str,
    /// Media type.
    pub media: &'static str,
    /// Content.
    pub octets: Vec<u8>,
}

/// Writes the parcels known among those asked for, at most `limite`.
///
/// # Errors
/// More than `limite` parcels, none that is known, or the database refused or timed out.
pub async fn ecrire(
    pool: &PgPool,
    demande: Demande<'_>,
    storage: u32,
    limite: usize,
) -> Result<Fichier, SelectionError> {
    let (atteint, format) = (demande.parcelles.len(), demande.format);
    if atteint > limite {
        return Err(SelectionError::TropDeParcelles { atteint, limite });
    }
    let idus: BTreeSet<String> =
        demande.parcelles.iter().filter_map(|idu| idu.parse::<Idu>().ok()).map(|idu| idu.to_string()).collect();
    let crs = if format == Format::Gpkg { systeme(pool, storage).await? } else { Crs::wgs84() };
    let rows = sqlx::query(include_str!("../sql/selection_export.sql"))
        .bind(idus.into_iter().collect::<Vec<_>>())
        .bind(i32::try_from(crs.srid).unwrap_or(i32::MAX))
        .fetch_all(pool)
        .await?;
    if rows.is_empty() {
        return Err(SelectionError::Vide);
    }
    let lignes: Vec<Ligne> = rows.iter().map(ligne).collect::<Result<_, _>>()?;
    let table = Table::new("parcelles", "Parcelles", colonnes(), crs)?;
    let wkt = demande.wkt;
    // Formatting and SQLite are work for a thread of their own.
    tokio::task::spawn_blocking(move || fichier(&table, lignes, format, wkt))
        .await
        .map_err(|error| SelectionError::Disque(std::io::Error::other(error)))?
}

fn fichier(table: &Table, lignes: Vec<Ligne>, format: Format, wkt: bool) -> Result<Fichier, SelectionError> {
    let mut octets = Vec::new();
    let (nom, media) = match format {
        Format::Csv => {
            csv::ecrire(&mut octets, table, lignes, csv::Options { wkt, ..csv::Options::default() })?;
            ("parcelles.csv", "text/csv; charset=utf-8")
        }
        Format::Geojson => {
            geojson::ecrire(&mut octets, table, lignes)?;
            ("parcelles.geojson", "application/geo+json")
        }
        Format::Gpkg => {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("parcelles.gpkg");
            gpkg::ecrire(&path, table, lignes)?;
            octets = std::fs::read(&path)?;
            ("parcelles.gpkg", "application/geopackage+sqlite3")
        }
    };
    Ok(Fichier { nom, media, octets })
}

/// A system as PostGIS knows it.
async fn systeme(pool: &PgPool, srid: u32) -> sqlx::Result<Crs> {
    let definition: String = sqlx::query_scalar(include_str!("../sql/selection_systeme.sql"))
        .bind(i32::try_from(srid).unwrap_or(i32::MAX))
        .fetch_one(pool)
        .await?;
    let nom = definition.split('"').nth(1).map_or_else(|| format!("EPSG:{srid}"), str::to_owned);
    Ok(Crs { srid, nom, definition })
}

fn colonnes() -> Vec<Colonne> {
    [
        ("idu", Genre::Texte),
        ("reference", Genre::Texte),
        ("commune", Genre::Texte),
        ("insee", Genre::Texte),
        ("prefixe", Genre::Texte),
        ("section", Genre::Texte),
        ("numero", Genre::Entier),
        ("feuille", Genre::Texte),
        ("contenance_m2", Genre::Entier),
        ("surface_m2", Genre::Reel),
        ("adresses", Genre::Texte),
        ("lon", Genre::Reel),
        ("lat", Genre::Reel),
    ]
    .into_iter()
    .map(|(nom, genre)| Colonne::new(nom, genre))
    .collect()
}

fn ligne(row: &PgRow) -> Result<Ligne, SelectionError> {
    let cle: String = row.get("idu");
    let idu: Option<Idu> = cle.parse().ok();
    let valeurs = vec![
        cle.into(),
        Valeur::de(idu.map(|idu| idu.reference())),
        row.get::<String, _>("commune").into(),
        row.get::<String, _>("insee").into(),
        row.get::<String, _>("prefixe").into(),
        Valeur::de(idu.map(|idu| idu.section().to_string())),
        Valeur::de(idu.map(|idu| i64::from(idu.numero().value()))),
        Valeur::de(row.get::<Option<String>, _>("feuille")),
        Valeur::de(row.get::<Option<i32>, _>("contenance")),
        decimetre(row.get("surface")).into(),
        Valeur::de(row.get::<Option<String>, _>("adresses")),
        degres(row.get("lon")).into(),
        degres(row.get("lat")).into(),
    ];
    Ok(Ligne { valeurs, geometrie: Some(wkb::decode(row.get("geom"))?) })
}

/// To seven decimals: a centimetre.
fn degres(value: f64) -> f64 {
    (value * 1e7).round() / 1e7
}
