//! Rows as a file: CSV, XLSX, ODS, GeoJSON, GeoPackage, with the fields that are open.

mod colonnes;

use std::io::Cursor;

use finage_export::{Crs, Ligne, Table, csv, geojson, gpkg, ods, xlsx};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{FromRow, QueryBuilder};
use utoipa::ToSchema;
use uuid::Uuid;

use self::colonnes::Colonnes;
use super::{Filtre, ObjetError, Regard};
use crate::access::journal::{self, Auteur, Fait};
use crate::db::TenantTx;
use crate::spatial::wkb;

/// Rows of an export at most.
pub const MAX_EXPORT: usize = 50_000;

/// Format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// CSV for spreadsheets: UTF-8, `;`, geometries in well-known text.
    Csv,
    /// Spreadsheet of Excel: numbers and dates as such, geometries in well-known text.
    Xlsx,
    /// Spreadsheet of LibreOffice, the same.
    Ods,
    /// GeoJSON, WGS 84.
    Geojson,
    /// OGC GeoPackage, in the system of the database.
    Gpkg,
}

/// A file, whole: the bound on rows bounds it.
#[derive(Debug)]
pub struct Fichier {
    /// Name offered to who downloads it.
    pub nom: String,
    /// Media type.
    pub media: &'static str,
    /// Content.
    pub octets: Vec<u8>,
}

#[derive(FromRow)]
struct Rangee {
    id: Uuid,
    version: i32,
    insee: Option<String>,
    creee_le: time::OffsetDateTime,
    champs: Value,
    libelles: Value,
    geom: Option<Vec<u8>>,
}

impl Regard {
    /// Every row that answers, as a file; leaves an act, and a nominative one its look.
    ///
    /// # Errors
    /// More than [`MAX_EXPORT`] rows, or the database refused.
    pub async fn exporter(
        &self,
        tx: &mut TenantTx,
        filtre: &Filtre,
        format: Format,
        storage: u32,
    ) -> Result<Fichier, ObjetError> {
        let crs = if format == Format::Gpkg { systeme(tx, storage).await? } else { Crs::wgs84() };
        let limite = i64::try_from(MAX_EXPORT).unwrap_or(i64::MAX);
        let mut requete = QueryBuilder::new("select o.id, o.version, o.insee, o.creee_le, ");
        self.pousse_champs(&mut requete);
        requete.push(" as champs, ");
        self.nommeur.pousse_libelles(&mut requete);
        requete.push(" as libelles, ");
        if let Some(geometrie) = self.modele().geometrie {
            requete.push("st_asewkb(st_transform(o.").push(geometrie.colonne).push(", ");
            requete.push_bind(i32::try_from(crs.srid).unwrap_or(i32::MAX)).push("))");
        } else {
            requete.push("null::bytea");
        }
        requete.push(" as geom from ").push(self.modele().relation()).push(" o");
        self.nommeur.pousse_source(&mut requete);
        self.pousse_filtre(filtre, &mut requete);
        self.pousse_tri(filtre, &mut requete);
        requete.push(" limit ").push_bind(limite + 1);
        let rangees: Vec<Rangee> = requete.build_query_as().fetch_all(&mut **tx).await?;
        if rangees.len() > MAX_EXPORT {
            return Err(ObjetError::TropDeFiches(MAX_EXPORT));
        }
        let nom = self.modele().couche().unwrap_or_else(|| format!("{}s", self.modele().objet.nom.replace('.', "_")));
        let details = json!({ "criteres": filtre.criteres(), "format": format.code(), "nombre": rangees.len() });
        let auteur = Auteur::from(tx.acteur());
        let fait = Fait { action: "exporter", objet: self.modele().objet.nom, cle: None, details: &details };
        journal::acte(tx, &auteur, &fait).await?;
        self.journalise(tx, "exporter", None, &details).await?;
        let colonnes = Colonnes::new(self.modele(), self.champs(), matches!(format, Format::Xlsx | Format::Ods));
        let table = Table::new(&nom, self.modele().objet.libelle, colonnes.decrites(), crs).map_err(faute)?;
        let points = self.modele().geometrie.is_some_and(|geometrie| geometrie.genre == "Point");
        let table = if points { table.de_points() } else { table };
        let geometrie = self.modele().geometrie.is_some();
        // Formatting and SQLite are work for a thread of their own.
        tokio::task::spawn_blocking(move || {
            let lignes = rangees.into_iter().map(|rangee| ligne(&colonnes, rangee)).collect::<Result<_, _>>()?;
            fichier(&nom, &table, lignes, format, geometrie)
        })
        .await
        .map_err(faute)?
    }
}

impl Format {
    fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Geojson => "geojson",
            Self::Gpkg => "gpkg",
        }
    }
}

fn faute(cause: impl std::fmt::Display) -> ObjetError {
    ObjetError::Export(cause.to_string())
}

fn fichier(nom: &str, table: &Table, lignes: Vec<Ligne>, format: Format, wkt: bool) -> Result<Fichier, ObjetError> {
    let mut octets = Vec::new();
    let media = match format {
        Format::Csv => {
            csv::ecrire(&mut octets, table, lignes, csv::Options { wkt, ..csv::Options::default() }).map_err(faute)?;
            "text/csv; charset=utf-8"
        }
        Format::Xlsx => {
            let mut sortie = Cursor::new(&mut octets);
            xlsx::ecrire(&mut sortie, table, lignes, xlsx::Options { wkt }).map_err(faute)?;
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
        Format::Ods => {
            let mut sortie = Cursor::new(&mut octets);
            ods::ecrire(&mut sortie, table, lignes, ods::Options { wkt }).map_err(faute)?;
            "application/vnd.oasis.opendocument.spreadsheet"
        }
        Format::Geojson => {
            geojson::ecrire(&mut octets, table, lignes).map_err(faute)?;
            "application/geo+json"
        }
        Format::Gpkg => {
            let folder = tempfile::tempdir().map_err(faute)?;
            let path = folder.path().join("objets.gpkg");
            gpkg::ecrire(&path, table, lignes).map_err(faute)?;
            octets = std::fs::read(&path).map_err(faute)?;
            "application/geopackage+sqlite3"
        }
    };
    Ok(Fichier { nom: format!("{nom}.{}", format.code()), media, octets })
}

fn ligne(colonnes: &Colonnes, rangee: Rangee) -> Result<Ligne, ObjetError> {
    let fixes = (rangee.id, rangee.version, rangee.insee, rangee.creee_le);
    let valeurs = colonnes.valeurs(fixes, &rangee.champs, &rangee.libelles);
    let geometrie = rangee.geom.map(|geom| wkb::decode(&geom)).transpose().map_err(faute)?;
    Ok(Ligne { valeurs, geometrie })
}

/// A system as PostGIS knows it.
async fn systeme(tx: &mut TenantTx, srid: u32) -> sqlx::Result<Crs> {
    let definition: String = sqlx::query_scalar(include_str!("sql/systeme.sql"))
        .bind(i32::try_from(srid).unwrap_or(i32::MAX))
        .fetch_one(&mut **tx)
        .await?;
    let nom = definition.split('"').nth(1).map_or_else(|| format!("EPSG:{srid}"), str::to_owned);
    Ok(Crs { srid, nom, definition })
}
