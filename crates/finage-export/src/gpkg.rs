//! OGC GeoPackage 1.3: one table of features, its system, its extent, its spatial index.

use std::path::Path;

use geo_types::{Coord, Geometry, MultiLineString, MultiPoint, MultiPolygon};
use geozero::{CoordDimensions, ToWkb as _};
use rusqlite::types::Value as Cellule;
use rusqlite::{Connection, params, params_from_iter};

use crate::tableur::utc_millis;
use crate::{Crs, ExportError, Genre, Ligne, Table, Valeur};

/// « GPKG » in the header of the file.
const APPLICATION_ID: i32 = 0x4750_4B47;
/// GeoPackage 1.3.0.
const USER_VERSION: i32 = 10_300;
/// Where the index extension is defined, as the standard wants it cited.
const RTREE: &str = "http://www.geopackage.org/spec120/#extension_rtree";

/// Writes a new file with the table; gives the number of rows. Parts are stored as multi-geometries of one kind, the points of
/// a table of points as they are, or the column is declared of any kind.
///
/// # Errors
/// A row that does not fit, a geometry with a coordinate that is not finite, or the file can't be written.
pub fn ecrire(path: &Path, table: &Table, lignes: impl IntoIterator<Item = Ligne>) -> Result<usize, ExportError> {
    let mut base = Connection::open(path)?;
    base.pragma_update(None, "application_id", APPLICATION_ID)?;
    base.pragma_update(None, "user_version", USER_VERSION)?;
    let transaction = base.transaction()?;
    transaction.execute_batch(include_str!("sql/gpkg.sql"))?;
    systeme(&transaction, &Crs::wgs84())?;
    systeme(&transaction, &table.crs)?;
    let nom = &table.nom;
    let mut colonnes = vec!["fid integer primary key autoincrement not null".to_owned(), "geom geometry".to_owned()];
    colonnes.extend(table.colonnes.iter().map(|colonne| format!("\"{}\" {}", colonne.nom, sql(colonne.genre))));
    let colonnes = colonnes.join(", ");
    transaction.execute_batch(&format!(
        "create table \"{nom}\" ({colonnes});
         create virtual table \"rtree_{nom}_geom\" using rtree (id, minx, maxx, miny, maxy);"
    ))?;
    let mut ecrites = Ecrites::default();
    {
        let places = vec!["?"; table.colonnes.len() + 2].join(", ");
        let mut insere = transaction.prepare(&format!("insert into \"{nom}\" values ({places})"))?;
        let mut indexe =
            transaction.prepare(&format!("insert into \"rtree_{nom}_geom\" values (?1, ?2, ?3, ?4, ?5)"))?;
        for ligne in lignes {
            ecrites.lignes += 1;
            table.verifie(ecrites.lignes, &ligne)?;
            let fid = i64::try_from(ecrites.lignes).unwrap_or(i64::MAX);
            let geometrie = ligne.geometrie.map(|geometrie| rangee(geometrie, table.points));
            let coords = geometrie.as_ref().map(coords).unwrap_or_default();
            if coords.iter().any(|coord| !coord.x.is_finite() || !coord.y.is_finite()) {
                return Err(ExportError::Geometrie(ecrites.lignes));
            }
            let boite = Boite::de(&coords);
            let blob = geometrie.as_ref().map(|g| binaire(g, boite, table.crs.srid)).transpose();
            let blob = blob.map_err(|_| ExportError::Geometrie(ecrites.lignes))?;
            ecrites.note(geometrie.as_ref(), boite);
            let cellules = [Cellule::Integer(fid), blob.map_or(Cellule::Null, Cellule::Blob)];
            insere.execute(params_from_iter(cellules.into_iter().chain(ligne.valeurs.into_iter().map(cellule))))?;
            if let Some(b) = boite {
                indexe.execute(params![fid, b.min.x, b.max.x, b.min.y, b.max.y])?;
            }
        }
    }
    transaction.execute(
        "insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id)
         values (?1, 'features', ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            nom,
            table.titre,
            ecrites.boite.map(|b| b.min.x),
            ecrites.boite.map(|b| b.min.y),
            ecrites.boite.map(|b| b.max.x),
            ecrites.boite.map(|b| b.max.y),
            table.crs.srid
        ],
    )?;
    transaction.execute(
        "insert into gpkg_geometry_columns values (?1, 'geom', ?2, ?3, 0, 0)",
        params![nom, ecrites.genre.unwrap_or(if table.points { "POINT" } else { "GEOMETRY" }), table.crs.srid],
    )?;
    transaction.execute(
        "insert into gpkg_extensions values (?1, 'geom', 'gpkg_rtree_index', ?2, 'write-only')",
        params![nom, RTREE],
    )?;
    // Last, so that rows written here don't run them: their functions are those of clients.
    transaction.execute_batch(&include_str!("sql/rtree.sql").replace("{t}", nom))?;
    transaction.commit()?;
    base.close().map_err(|(_, error)| error)?;
    Ok(ecrites.lignes)
}

/// What was written, for the tables that describe it.
#[derive(Debug, Default)]
struct Ecrites {
    lignes: usize,
    boite: Option<Boite>,
    genre: Option<&'static str>,
}

impl Ecrites {
    fn note(&mut self, geometrie: Option<&Geometry<f64>>, boite: Option<Boite>) {
        self.boite = match (self.boite, boite) {
            (Some(a), Some(b)) => Some(a.avec(b)),
            (a, b) => a.or(b),
        };
        let Some(geometrie) = geometrie else { return };
        let genre = match geometrie {
            Geometry::Point(_) => "POINT",
            Geometry::MultiPoint(_) => "MULTIPOINT",
            Geometry::MultiLineString(_) => "MULTILINESTRING",
            Geometry::MultiPolygon(_) => "MULTIPOLYGON",
            _ => "GEOMETRY",
        };
        self.genre = Some(if self.genre.is_none_or(|avant| avant == genre) { genre } else { "GEOMETRY" });
    }
}

#[derive(Debug, Clone, Copy)]
struct Boite {
    min: Coord<f64>,
    max: Coord<f64>,
}

impl Boite {
    fn de(coords: &[Coord<f64>]) -> Option<Self> {
        coords.iter().map(|coord| Self { min: *coord, max: *coord }).reduce(Self::avec)
    }

    fn avec(self, autre: Self) -> Self {
        Self {
            min: Coord { x: self.min.x.min(autre.min.x), y: self.min.y.min(autre.min.y) },
            max: Coord { x: self.max.x.max(autre.max.x), y: self.max.y.max(autre.max.y) },
        }
    }
}

/// All vertices of a geometry as it is stored.
fn coords(geometrie: &Geometry<f64>) -> Vec<Coord<f64>> {
    match geometrie {
        Geometry::Point(point) => vec![point.0],
        Geometry::MultiPoint(points) => points.iter().map(|point| point.0).collect(),
        Geometry::MultiLineString(lignes) => lignes.iter().flat_map(geo_types::LineString::coords).copied().collect(),
        Geometry::MultiPolygon(surfaces) => surfaces
            .iter()
            .flat_map(|surface| std::iter::once(surface.exterior()).chain(surface.interiors()))
            .flat_map(geo_types::LineString::coords)
            .copied()
            .collect(),
        Geometry::GeometryCollection(parts) => parts.iter().flat_map(|part| coords(&multiple(part.clone()))).collect(),
        _ => Vec::new(),
    }
}

/// A geometry as its table stores it.
fn rangee(geometrie: Geometry<f64>, points: bool) -> Geometry<f64> {
    match geometrie {
        Geometry::Point(point) if points => point.into(),
        autre => multiple(autre),
    }
}

/// Simple geometries as multiples of one, so that a table has one kind.
fn multiple(geometrie: Geometry<f64>) -> Geometry<f64> {
    match geometrie {
        Geometry::Point(point) => MultiPoint(vec![point]).into(),
        Geometry::Line(ligne) => MultiLineString(vec![ligne.into()]).into(),
        Geometry::LineString(ligne) => MultiLineString(vec![ligne]).into(),
        Geometry::Polygon(surface) => MultiPolygon(vec![surface]).into(),
        Geometry::Rect(rect) => MultiPolygon(vec![rect.to_polygon()]).into(),
        Geometry::Triangle(triangle) => MultiPolygon(vec![triangle.to_polygon()]).into(),
        autre => autre,
    }
}

/// The standard's binary: « GP », version, flags, system, envelope, then ISO WKB.
fn binaire(
    geometrie: &Geometry<f64>,
    boite: Option<Boite>,
    srid: u32,
) -> Result<Vec<u8>, geozero::error::GeozeroError> {
    // Little endian; an envelope of x and y, or the mark of an empty geometry.
    let flags: u8 = if boite.is_some() { 0b0000_0011 } else { 0b0001_0001 };
    let mut blob = vec![b'G', b'P', 0, flags];
    blob.extend(i32::try_from(srid).unwrap_or_default().to_le_bytes());
    if let Some(b) = boite {
        for value in [b.min.x, b.max.x, b.min.y, b.max.y] {
            blob.extend(value.to_le_bytes());
        }
    }
    blob.extend(geometrie.to_wkb(CoordDimensions::xy())?);
    Ok(blob)
}

fn systeme(base: &Connection, crs: &Crs) -> rusqlite::Result<usize> {
    base.execute(
        "insert or replace into gpkg_spatial_ref_sys values (?1, ?2, 'EPSG', ?2, ?3, null)",
        params![crs.nom, crs.srid, crs.definition],
    )
}

fn sql(genre: Genre) -> &'static str {
    match genre {
        Genre::Texte => "text",
        Genre::Entier => "integer",
        Genre::Booleen => "boolean",
        Genre::Date => "date",
        // The format has no exact decimal: binary numbers, which clients can add up, good to 15 digits.
        Genre::Reel | Genre::Decimal => "double",
        Genre::Instant => "datetime",
    }
}

fn cellule(valeur: Valeur) -> Cellule {
    match valeur {
        Valeur::Texte(texte) => Cellule::Text(texte),
        Valeur::Entier(nombre) => Cellule::Integer(nombre),
        Valeur::Reel(nombre) if nombre.is_finite() => Cellule::Real(nombre),
        Valeur::Vide | Valeur::Reel(_) => Cellule::Null,
        Valeur::Booleen(vrai) => Cellule::Integer(vrai.into()),
        Valeur::Date(date) => Cellule::Text(date.to_string()),
        Valeur::Decimal(exact) => exact.approche().map_or(Cellule::Null, Cellule::Real),
        Valeur::Instant(instant) => Cellule::Text(utc_millis(instant)),
    }
}
