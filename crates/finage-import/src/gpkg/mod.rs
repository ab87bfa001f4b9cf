//! OGC GeoPackage: layers and attribute tables of a SQLite file that is opened to be read and nothing else.

mod base;
mod entete;
mod lignes;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use entete::geometrie as geometrie_gpkg;

use crate::classeur::{Brutes, Esquisse, GeometrieDe, Source};
use crate::error::{Cause, ImportError};
use crate::{Genre, Limites};

/// An open GeoPackage.
#[derive(Debug)]
pub(crate) struct Gpkg {
    path: PathBuf,
    tables: Vec<Table>,
    limites: Limites,
}

/// A table that people see.
#[derive(Debug, Clone)]
struct Table {
    nom: String,
    colonnes: Vec<(String, Genre)>,
    geometrie: Option<(String, GeometrieDe)>,
    lignes: u64,
    /// What SQLite calls the key in this table, which a column may shadow.
    cle: &'static str,
}

impl Gpkg {
    pub(crate) fn ouvrir(path: &Path, limites: &Limites) -> Result<Self, ImportError> {
        let base = base::ouvrir(path, limites)?;
        let tables = tables(&base, limites).map_err(illisible)?;
        if tables.len() > limites.feuilles {
            return Err(Cause::TropGros { quoi: "le nombre de couches", limite: limites.feuilles as u64 }.into());
        }
        Ok(Self { path: path.to_owned(), tables, limites: limites.clone() })
    }

    pub(crate) fn esquisses(&self) -> Vec<Esquisse> {
        let esquisse = |table: &Table| Esquisse {
            nom: table.nom.clone(),
            colonnes: table.colonnes.iter().map(|(nom, genre)| (nom.clone(), Some(*genre))).collect(),
            lignes: Some(table.lignes),
            geometrie: table.geometrie.as_ref().map(|(_, geometrie)| geometrie.clone()),
        };
        self.tables.iter().map(esquisse).collect()
    }
}

impl Source for Gpkg {
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError> {
        let table = self.tables.get(feuille).ok_or(Cause::Feuille(feuille))?;
        Ok(Box::new(lignes::Lignes::new(&self.path, table.clone(), &self.limites)?))
    }
}

/// Tables of the list of contents that are tables: a view would run what the file says.
fn tables(base: &Connection, limites: &Limites) -> rusqlite::Result<Vec<Table>> {
    let mut noms = base.prepare(
        "select c.table_name
         from gpkg_contents c
         join pragma_table_list l on lower(l.name) = lower(c.table_name)
         where l.schema = 'main'
           and l.type = 'table'
           and l.wr = 0
           and l.name not glob 'sqlite_*'
           and c.data_type in ('features', 'attributes')
         order by c.rowid
         limit ?1",
    )?;
    let noms = noms.query_map([limites.feuilles + 1], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    noms.into_iter().map(|nom| table(base, nom)).collect()
}

fn table(base: &Connection, nom: String) -> rusqlite::Result<Table> {
    let geometrie = geometrie_de(base, &nom)?;
    let mut colonnes = base.prepare("select name, type, pk from pragma_table_info(?1) order by cid")?;
    let colonnes = colonnes.query_map([&nom], |row| {
        let (nom, sql, cle): (String, Option<String>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok((nom, sql.unwrap_or_default().to_uppercase(), cle > 0))
    })?;
    let colonnes = colonnes.collect::<Result<Vec<_>, _>>()?;
    // A file that takes all three names for its columns hides its key: it has none that can be asked.
    let libre = |cle: &&'static str| !colonnes.iter().any(|(nom, _, _)| nom.eq_ignore_ascii_case(cle));
    let cle = ["rowid", "_rowid_", "oid"].into_iter().find(libre).unwrap_or("rowid");
    let geom = geometrie.as_ref().map(|(colonne, _)| colonne.to_lowercase());
    let colonnes = colonnes
        .into_iter()
        // The key is the format's own number; bytes have no place in a table people read.
        .filter(|(nom, sql, cle)| !cle && geom.as_deref() != Some(nom.to_lowercase().as_str()) && sql != "BLOB")
        .map(|(nom, sql, _)| (nom, genre(&sql)))
        .collect();
    // A condition makes SQLite step through the rows, which the count of steps can stop; without it, it would not.
    let compte = format!("select count(*) from {} where {cle} >= ?1", base::entre_guillemets(&nom));
    let lignes: i64 = base.query_row(&compte, [i64::MIN], |row| row.get(0))?;
    Ok(Table { nom, colonnes, geometrie, lignes: u64::try_from(lignes).unwrap_or(0), cle })
}

fn geometrie_de(base: &Connection, nom: &str) -> rusqlite::Result<Option<(String, GeometrieDe)>> {
    let presente = "select exists (select 1 from sqlite_master where name = 'gpkg_geometry_columns')";
    let presente: bool = base.query_row(presente, [], |row| row.get(0))?;
    if !presente {
        return Ok(None);
    }
    let mut requete = base.prepare(
        "select g.column_name, g.geometry_type_name, s.organization_coordsys_id
         from gpkg_geometry_columns g
         left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id and lower(s.organization) = 'epsg'
         where lower(g.table_name) = lower(?1)",
    )?;
    let mut rows = requete.query([nom])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (colonne, genre, srid): (String, String, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let srid = srid.and_then(|srid| u32::try_from(srid).ok()).filter(|srid| *srid > 0);
    Ok(Some((colonne, GeometrieDe { srid, genre: genre.to_uppercase() })))
}

fn genre(sql: &str) -> Genre {
    match sql.split('(').next().unwrap_or_default().trim() {
        "BOOLEAN" => Genre::Booleen,
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" => Genre::Entier,
        "FLOAT" | "DOUBLE" | "REAL" | "DOUBLE PRECISION" | "NUMERIC" | "DECIMAL" => Genre::Decimal,
        "DATE" => Genre::Date,
        "DATETIME" => Genre::Instant,
        _ => Genre::Texte,
    }
}

/// What SQLite says, for who brought the file.
#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn illisible(erreur: rusqlite::Error) -> ImportError {
    match erreur.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => {
            Cause::TropGros { quoi: "le travail que demande la lecture", limite: base::MAX_PAS }.into()
        }
        Some(rusqlite::ErrorCode::TooBig) => {
            Cause::TropGros { quoi: "une valeur", limite: base::MAX_VALEUR.unsigned_abs().into() }.into()
        }
        _ => Cause::abime("le GeoPackage").into(),
    }
}
