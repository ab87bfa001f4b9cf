//! Import of a Base Adresse Locale: the addresses of the communes of the file are swapped, all or nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use finage_bal::{Adresse, Bal, Gravite, Limits, read_file};
use geo_types::{Geometry, Point};
use serde::Serialize;
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::config::files::readable;
use crate::db::copy::{Cell, CopyBuffer};
use crate::db::lock::take_turn;
use crate::spatial::projection::{Projection, ProjectionError};
use crate::spatial::wkb;
use crate::territory::search;

/// One import of addresses at a time: the key of its advisory lock (arbitrary, constant).
const LOCK: i64 = 0x0066_696e_6164_7265;
/// Anomalies kept in the report.
const DETAILED: usize = 2000;

/// Why no address was imported.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BalImportError {
    /// The file was refused; the sentence names file, line and cause.
    #[error("{0}")]
    File(#[from] finage_bal::FileError),
    /// The path is no readable file.
    #[error("{0}")]
    Path(String),
    /// The file holds no usable address.
    #[error("« {0} » ne contient aucune adresse utilisable ; rien n'a changé")]
    Empty(String),
    /// PROJ lacks a system.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// A thread failed for a reason of ours.
    #[error("la lecture du fichier s'est arrêtée de façon inattendue, rien n'a changé : {0}")]
    Thread(String),
    /// The report could not be kept.
    #[error("le rapport n'a pas pu être enregistré, rien n'a changé : {0}")]
    Report(#[from] serde_json::Error),
    /// The database refused.
    #[error("la base a refusé l'import, rien n'a changé : {0}")]
    Database(#[from] sqlx::Error),
}

/// What an import of addresses did.
#[derive(Debug, Serialize)]
pub struct BalReport {
    /// Always `bal`.
    pub format: &'static str,
    /// File read.
    pub fichier: String,
    /// `true`: nothing was written.
    pub simulation: bool,
    /// Communes of the file.
    pub communes: Vec<String>,
    /// Numbered addresses of the file.
    pub adresses: usize,
    /// Streets and named places of the file.
    pub voies: i64,
    /// New addresses.
    pub ajoutees: i64,
    /// Addresses that are no longer there.
    pub retirees: i64,
    /// Addresses whose content differs.
    pub modifiees: i64,
    /// Rows set aside or kept with a remark.
    pub anomalies: Vec<BalAnomaly>,
    /// Anomalies beyond those listed.
    pub anomalies_non_detaillees: usize,
    /// Parcels named by addresses and absent from the plan.
    pub parcelles_inconnues: i64,
    /// Time spent, in milliseconds.
    pub duree_ms: u64,
}

/// A row that is not as it should be.
#[derive(Debug, Serialize)]
pub struct BalAnomaly {
    /// Line of the file.
    pub ligne: u64,
    /// Whether the row was left out.
    pub ecartee: bool,
    /// What is wrong, in French.
    pub motif: String,
}

impl fmt::Display for BalReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Lines shown on a terminal.
        const SHOWN: usize = 20;
        let title = if self.simulation { "Simulation (rien n'est écrit)" } else { "Import appliqué" };
        writeln!(out, "{title} : {}, commune(s) {}", self.fichier, self.communes.join(", "))?;
        writeln!(
            out,
            "  {} adresses, {} voies et lieux-dits ; {} ajoutées, {} retirées, {} modifiées",
            self.adresses, self.voies, self.ajoutees, self.retirees, self.modifiees
        )?;
        if self.parcelles_inconnues > 0 {
            writeln!(out, "  {} parcelle(s) citée(s) absente(s) du plan", self.parcelles_inconnues)?;
        }
        let total = self.anomalies.len() + self.anomalies_non_detaillees;
        if total == 0 {
            return writeln!(out, "\nAucune anomalie.");
        }
        writeln!(out, "\n{total} anomalie(s) :")?;
        for anomaly in self.anomalies.iter().take(SHOWN) {
            writeln!(out, "  {}", anomaly.motif)?;
        }
        if total > SHOWN {
            writeln!(out, "  … et {} autre(s) ; --json donne la liste", total - SHOWN)?;
        }
        Ok(())
    }
}

/// Imports a BAL. `connection` is the owner's; `progress` hears bytes read.
///
/// # Errors
/// Nothing has then changed in the database.
pub async fn run(
    connection: &mut PgConnection,
    path: &Path,
    dry_run: bool,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<BalReport, BalImportError> {
    let (started, now) = (Instant::now(), OffsetDateTime::now_utc());
    let fichier = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    readable(&[path.to_path_buf()], false).map_err(BalImportError::Path)?;
    let mut bal = read(path.to_path_buf()).await?;
    progress(std::fs::metadata(path).map_or(0, |file| file.len()));
    if bal.adresses.is_empty() {
        return Err(BalImportError::Empty(fichier));
    }
    let strangers = set_strangers_aside(connection, &mut bal).await?;
    let communes: BTreeSet<String> = bal.adresses.iter().map(|address| address.insee.canonique().to_string()).collect();
    let communes: Vec<String> = communes.into_iter().collect();

    let mut transaction = connection.begin().await?;
    take_turn(&mut transaction, LOCK).await?;
    stage(&mut transaction, &bal).await?;
    let batch = Uuid::now_v7();
    let names: Vec<String> = communes.iter().map(|insee| commune_name(&bal, insee)).collect();
    sqlx::query(include_str!("sql/bal_communes.sql")).bind(&communes).bind(names).execute(&mut *transaction).await?;
    sqlx::query(include_str!("sql/bal_batch.sql"))
        .bind(batch)
        .bind(&fichier)
        .bind(&communes)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    let outside: Vec<(i32, String)> =
        sqlx::query_as(include_str!("sql/bal_hors_commune.sql")).bind(&communes).fetch_all(&mut *transaction).await?;
    let communes: Vec<String> = sqlx::query_scalar("select distinct insee from stage_adresse order by insee")
        .fetch_all(&mut *transaction)
        .await?;
    if communes.is_empty() {
        return Err(BalImportError::Empty(fichier));
    }
    let changes = swap(&mut transaction, &communes, batch).await?;
    let (anomalies, total) = anomalies(&bal, &strangers, &outside);
    let report = BalReport {
        format: "bal",
        fichier,
        simulation: dry_run,
        adresses: bal.adresses.iter().filter(|address| !address.is_toponyme()).count().saturating_sub(outside.len()),
        voies: count(&mut transaction, include_str!("sql/bal_voies_compte.sql"), &communes).await?,
        parcelles_inconnues: count(&mut transaction, include_str!("sql/bal_parcelles_inconnues.sql"), &communes)
            .await?,
        communes,
        ajoutees: changes.0,
        retirees: changes.1,
        modifiees: changes.2,
        anomalies_non_detaillees: total.saturating_sub(anomalies.len()),
        anomalies,
        duree_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    sqlx::query("update core.import_batch set rapport = $2, fin = clock_timestamp() where id = $1")
        .bind(batch)
        .bind(serde_json::to_value(&report)?)
        .execute(&mut *transaction)
        .await?;
    if dry_run {
        transaction.rollback().await?;
    } else {
        transaction.commit().await?;
    }
    Ok(report)
}

/// COPYs the addresses to a temporary stage.
async fn stage(connection: &mut PgConnection, bal: &Bal) -> Result<(), BalImportError> {
    let srid: i32 = sqlx::query_scalar("select core.storage_srid()").fetch_one(&mut *connection).await?;
    let rows = rows(bal, srid.unsigned_abs())?;
    sqlx::raw_sql(include_str!("sql/bal_stage.sql")).execute(&mut *connection).await?;
    let mut copy = connection.copy_in_raw(include_str!("sql/bal_copy.sql")).await?;
    copy.send(rows.as_slice()).await?;
    copy.finish().await?;
    Ok(())
}

/// Swaps the addresses of the communes; counts of added, removed and changed ones.
async fn swap(
    connection: &mut PgConnection,
    communes: &[String],
    batch: Uuid,
) -> Result<(i64, i64, i64), BalImportError> {
    let changes: (i64, i64, i64) =
        sqlx::query_as(include_str!("sql/bal_diff.sql")).bind(communes).fetch_one(&mut *connection).await?;
    for statement in [
        include_str!("sql/bal_voies_ajoute.sql"),
        include_str!("sql/bal_adresses_retire.sql"),
        include_str!("sql/bal_adresses_ecrit.sql"),
        include_str!("sql/bal_voies_retire.sql"),
    ] {
        sqlx::query(statement).bind(communes).execute(&mut *connection).await?;
    }
    sqlx::query(include_str!("sql/bal_livraison.sql")).bind(communes).bind(batch).execute(&mut *connection).await?;
    let insee: Vec<&str> = communes.iter().map(String::as_str).collect();
    search::reindex(connection, &insee).await?;
    Ok(changes)
}

async fn count(connection: &mut PgConnection, sql: &'static str, communes: &[String]) -> Result<i64, BalImportError> {
    Ok(sqlx::query_scalar(sql).bind(communes).fetch_one(connection).await?)
}

/// What is told of rows, in file order and within the bound; and how many there are in all.
fn anomalies(bal: &Bal, strangers: &[Stranger], outside: &[(i32, String)]) -> (Vec<BalAnomaly>, usize) {
    let of_file = bal.anomalies.iter().map(|a| BalAnomaly {
        ligne: a.line,
        ecartee: a.gravite == Gravite::Rejetee,
        motif: a.to_string(),
    });
    let of_strangers = strangers.iter().map(|Stranger { line, cause }| BalAnomaly {
        ligne: *line,
        ecartee: true,
        motif: format!("Ligne {line} (écartée), commune_insee : {cause}."),
    });
    let of_outside = outside.iter().map(|(line, key)| BalAnomaly {
        ligne: u64::try_from(*line).unwrap_or_default(),
        ecartee: true,
        motif: format!("Ligne {line} (écartée), {key} : la position est hors de la commune."),
    });
    let mut all: Vec<BalAnomaly> = of_file.chain(of_strangers).chain(of_outside).collect();
    let total = usize::try_from(bal.anomaly_count).unwrap_or(usize::MAX) + outside.len() + strangers.len();
    all.sort_by_key(|anomaly| anomaly.ligne);
    all.truncate(DETAILED);
    (all, total)
}

/// Takes out the addresses of communes that the file is not about: a slip of the pen must not replace, nor make, the
/// address base of another commune. The commune with most rows always stays. Gives lines, codes and causes.
async fn set_strangers_aside(connection: &mut PgConnection, bal: &mut Bal) -> Result<Vec<Stranger>, BalImportError> {
    /// Fewer rows than this, under one in a hundred, is no address base.
    const FEW: i64 = 10;
    let mut rows = BTreeMap::<String, i64>::new();
    for address in &bal.adresses {
        *rows.entry(address.insee.canonique().to_string()).or_default() += 1;
    }
    let total: i64 = rows.values().sum();
    let main = rows.iter().max_by_key(|(_, count)| **count).map(|(insee, _)| insee.clone());
    let known: Vec<(String, i64)> = sqlx::query_as(include_str!("sql/bal_communes_connues.sql"))
        .bind(rows.keys().cloned().collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    let cause = |insee: &String, count: i64| {
        let stored = known.iter().find(|(code, _)| code == insee).map(|(_, stored)| *stored);
        match stored {
            _ if main.as_ref() == Some(insee) => None,
            None => Some(format!("la commune {insee} n'existe pas au COG")),
            Some(stored) if count * 2 < stored => Some(format!(
                "{count} ligne(s) de {insee}, qui a déjà {stored} adresses : ce fichier n'est pas sa base d'adresses"
            )),
            Some(_) if count < FEW && count * 100 < total => {
                Some(format!("{count} ligne(s) seulement de {insee} dans un fichier d'une autre commune"))
            }
            Some(_) => None,
        }
    };
    let causes: BTreeMap<String, String> =
        rows.iter().filter_map(|(insee, count)| Some((insee.clone(), cause(insee, *count)?))).collect();
    let (strangers, kept): (Vec<Adresse>, Vec<Adresse>) = std::mem::take(&mut bal.adresses)
        .into_iter()
        .partition(|address| causes.contains_key(address.insee.canonique().as_str()));
    bal.adresses = kept;
    let told = |address: Adresse| {
        let cause = causes.get(address.insee.canonique().as_str()).cloned().unwrap_or_default();
        Stranger { line: address.line, cause }
    };
    Ok(strangers.into_iter().map(told).collect())
}

/// A row of a commune that the file is not about.
struct Stranger {
    line: u64,
    cause: String,
}

async fn read(path: PathBuf) -> Result<Bal, BalImportError> {
    tokio::task::spawn_blocking(move || read_file(&path, &Limits::default()))
        .await
        .map_err(|error| BalImportError::Thread(error.to_string()))?
        .map_err(BalImportError::from)
}

fn commune_name(bal: &Bal, insee: &str) -> String {
    bal.adresses
        .iter()
        .find(|address| address.insee.canonique().as_str() == insee)
        .and_then(|address| address.commune_nom.clone())
        .unwrap_or_else(|| format!("Commune {insee}"))
}

/// Every address as a row of the stage, in PostgreSQL's binary COPY format.
fn rows(bal: &Bal, srid: u32) -> Result<Vec<u8>, BalImportError> {
    let mut degrees = Projection::new(4326, srid)?;
    let mut buffer = CopyBuffer::default();
    let mut keys = HashSet::new();
    for address in &bal.adresses {
        let insee = address.insee.canonique().to_string();
        let key = unique_key(address, &insee, &mut keys);
        let geometry = place(address, &mut degrees).and_then(|point| wkb::encode(&point, srid).ok());
        let parcels: Vec<String> = address.cad_parcelles.iter().map(|idu| idu.canonique().to_string()).collect();
        // A name without number is a street's or a place's: the standard does not tell them apart, the words do.
        let genre = if address.is_toponyme() && !is_street(&address.voie_nom) { "lieu_dit" } else { "voie" };
        buffer.push(&[
            Cell::Int(i32::try_from(address.line).unwrap_or(i32::MAX)),
            Cell::Text(&key),
            Cell::Text(&insee),
            Cell::Text(&address.voie_nom),
            Cell::Text(genre),
            Cell::Text(address.lieudit_complement_nom.as_deref().unwrap_or_default()),
            Cell::int(address.numero.and_then(|numero| i32::try_from(numero).ok())),
            Cell::Text(address.suffixe.as_deref().unwrap_or_default()),
            Cell::text(address.positions.first().and_then(|p| p.kind).map(finage_bal::TypePosition::label)),
            Cell::Texts(&parcels),
            Cell::Bool(address.certification_commune),
            Cell::date(address.date_der_maj.and_then(crate::db::copy::civil)),
            geometry.as_deref().map_or(Cell::Null, Cell::Geometry),
        ]);
    }
    Ok(buffer.take())
}

/// The interoperability key, or one made of the address itself; a repeated key is numbered.
fn unique_key(address: &Adresse, insee: &str, met: &mut HashSet<String>) -> String {
    let made = || {
        let numero = address.numero.map_or_else(|| "99999".to_owned(), |numero| numero.to_string());
        format!(
            "{insee}_{}_{numero}_{}",
            finage_reference::normalise(&address.voie_nom),
            address.suffixe.as_deref().unwrap_or_default()
        )
    };
    let base = address.cle_interop.clone().unwrap_or_else(made);
    let mut key = base.clone();
    let mut rank = 2;
    while !met.insert(key.clone()) {
        key = format!("{base}#{rank}");
        rank += 1;
    }
    key
}

/// The preferred position in the storage system: degrees when given, else the legal projection's metres.
fn place(address: &Adresse, degrees: &mut Projection) -> Option<Geometry<f64>> {
    let position = address.positions.first()?;
    if let Some(coord) = position.lon_lat {
        let mut point = Geometry::Point(Point(coord));
        return degrees.apply(&mut point).ok().map(|()| point);
    }
    position.xy.map(|coord| Geometry::Point(Point(coord)))
}

fn is_street(name: &str) -> bool {
    const STREETS: [&str; 22] = [
        "rue",
        "avenue",
        "boulevard",
        "chemin",
        "impasse",
        "place",
        "route",
        "allee",
        "square",
        "quai",
        "cours",
        "passage",
        "venelle",
        "ruelle",
        "montee",
        "sentier",
        "esplanade",
        "promenade",
        "rond",
        "traverse",
        "faubourg",
        "voie",
    ];
    let words = finage_reference::normalise(name);
    words.split(' ').next().is_some_and(|first| STREETS.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_are_told_from_places_by_their_first_word() {
        assert!(is_street("Chemin des Œillets") && is_street("Allée du Lavoir"));
        assert!(!is_street("Les Chemins") && !is_street("La Rouveyrade"));
    }
}
