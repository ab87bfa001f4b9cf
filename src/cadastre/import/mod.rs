//! Imports of the cadastre: read → validate → stage → one swap. All or nothing, with a report.
//!
//! Parsers run on their own threads and hand rows to one connection, which COPYs them to temporary stages. Stages are then
//! checked, compared with what is there and applied, in the one transaction that also moves the versions of the layers.

mod after;
mod download;
mod edigeo;
mod etalab;
mod overlap;
mod report;
mod sink;
mod suivi;
mod swap;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use time::{Date, OffsetDateTime};
use tokio::sync::mpsc;
use uuid::Uuid;

pub use download::{DownloadError, DownloadReport, Target, run as download};
pub use report::{Anomalie, CommuneReport, LayerReport, Modification, ParcelChanges, Report, Traitement};
pub use suivi::Suivi;

use self::sink::{Interrupted, Message, Portee, Sink};
use self::swap::Comparison;
use self::table::{ALL, Table};
use crate::config::files::readable;
use crate::db::lock::take_turn;
use crate::spatial::projection::ProjectionError;

/// One cadastre import at a time: the key of its advisory lock (arbitrary, constant).
const LOCK: i64 = 0x0066_696e_6361_6461;

/// What to import.
#[derive(Debug, Clone)]
pub enum Source {
    /// EDIGEO lots: archives or folders.
    Edigeo(Vec<PathBuf>),
    /// Etalab GeoJSON files.
    Etalab(Vec<PathBuf>),
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Report only; the transaction is rolled back.
    pub dry_run: bool,
    /// The delivery is the whole commune: feuilles known and not delivered are removed.
    pub whole: bool,
    /// Accept a delivery that removes more than half of a commune's parcels.
    pub force: bool,
    /// Département of the files, when names don't say it.
    pub departement: Option<String>,
    /// Millésime of the files; else read from them.
    pub millesime: Option<Date>,
}

/// Why nothing was imported.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A file was refused; the sentence names file, object and cause.
    #[error("{0}")]
    File(String),
    /// PROJ lacks a system.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The database refused.
    #[error("la base a refusé l'import, rien n'a changé : {0}")]
    Database(#[from] sqlx::Error),
    /// Cancelled.
    #[error("import interrompu, rien n'a changé")]
    Interrupted(#[from] Interrupted),
    /// A reading thread failed for a reason of ours.
    #[error("la lecture des fichiers s'est arrêtée de façon inattendue, rien n'a changé : {0}")]
    Thread(String),
    /// The report could not be kept.
    #[error("le rapport n'a pas pu être enregistré, rien n'a changé : {0}")]
    Report(#[from] serde_json::Error),
}

/// Progress, told to whoever shows it: files or bytes done.
pub type OnProgress<'a> = &'a (dyn Fn(u64) + Send + Sync);

impl Source {
    fn format(&self) -> &'static str {
        match self {
            Self::Edigeo(_) => "edigeo",
            Self::Etalab(_) => "etalab",
        }
    }

    fn paths(&self) -> &[PathBuf] {
        match self {
            Self::Edigeo(paths) | Self::Etalab(paths) => paths,
        }
    }

    /// The same, each path looked at and named once.
    fn checked(self) -> Result<Self, ImportError> {
        match self {
            Self::Edigeo(paths) => readable(&paths, true).map(Self::Edigeo),
            Self::Etalab(paths) => readable(&paths, false).map(Self::Etalab),
        }
        .map_err(ImportError::File)
    }

    /// Tables whose rows are united from the feuilles rather than taken as delivered: EDIGEO repeats a part of the
    /// section and of the commune in each feuille.
    fn derived(&self) -> &'static [Table] {
        match self {
            Self::Edigeo(_) => &[Table::Section, Table::Commune],
            Self::Etalab(_) => &[],
        }
    }

    /// How these files compare with what is there. Etalab carries neither feuille nor « figurée », and rounds
    /// coordinates to 7 decimals of a degree: under 3 cm two geometries are the same.
    fn comparison(&self) -> Comparison {
        match self {
            Self::Edigeo(_) => Comparison { kept: &[], tolerance_m: 0.0 },
            Self::Etalab(_) => Comparison { kept: &["feuille", "figuree"], tolerance_m: 0.03 },
        }
    }
}

/// Imports files. `connection` is the owner's.
///
/// # Errors
/// Nothing has then changed in the database.
pub async fn run(
    connection: &mut PgConnection,
    source: Source,
    options: &Options,
    progress: OnProgress<'_>,
) -> Result<Report, ImportError> {
    let source = source.checked()?;
    let started = (Instant::now(), OffsetDateTime::now_utc());
    let mut report = Report {
        format: source.format().to_owned(),
        fichiers: source.paths().iter().map(|path| sink::file_name(path)).collect(),
        simulation: options.dry_run,
        millesime: options.millesime,
        recouvrements_cherches: true,
        ..Report::default()
    };
    let mut transaction = connection.begin().await?;
    take_turn(&mut transaction, LOCK).await?;
    sqlx::raw_sql("set local work_mem = '256MB'; set local maintenance_work_mem = '512MB'; set local jit = off")
        .execute(&mut *transaction)
        .await?;
    let srid: i32 = sqlx::query_scalar("select core.storage_srid()").fetch_one(&mut *transaction).await?;
    swap::create_stages(&mut transaction).await?;

    let (portees, read) =
        stage(&mut transaction, source.clone(), options, srid.unsigned_abs(), &mut report, progress).await?;
    report.millesime = report.millesime.or(read);
    let batch =
        Batch { id: Uuid::now_v7(), source: source.format(), millesime: report.millesime, whole: options.whole };
    after::open_batch(&mut transaction, &batch, &report, started.1).await?;
    after::scope(&mut transaction, &portees, &batch, &mut report).await?;
    check(&mut transaction, &source, &mut report).await?;
    apply(&mut transaction, &source, &portees, &batch).await?;
    overlap::tell(&mut transaction, &mut report).await?;
    if !options.force {
        after::refuse_losses(&mut transaction).await?;
    }
    after::finish(&mut transaction, &portees, &batch, &mut report).await?;
    report.rattachements = suivi::suivre(&mut transaction, batch.id).await?;
    report.duree_ms = u64::try_from(started.0.elapsed().as_millis()).unwrap_or(u64::MAX);
    after::close_batch(&mut transaction, &batch, &report).await?;
    if options.dry_run {
        transaction.rollback().await?;
    } else {
        transaction.commit().await?;
    }
    Ok(report)
}

/// Identity of one import.
#[derive(Debug)]
struct Batch {
    id: Uuid,
    source: &'static str,
    millesime: Option<Date>,
    whole: bool,
}

/// Reads the files on other threads and COPYs what they give. Returns the parts delivered and the millésime read.
async fn stage(
    connection: &mut PgConnection,
    source: Source,
    options: &Options,
    srid: u32,
    report: &mut Report,
    progress: OnProgress<'_>,
) -> Result<(Vec<Portee>, Option<Date>), ImportError> {
    let (sender, mut receiver) = mpsc::channel(16);
    let options = options.clone();
    let reader = tokio::task::spawn_blocking(move || match source {
        Source::Edigeo(paths) => edigeo::read(&paths, &options, srid, &sender),
        Source::Etalab(paths) => etalab::read(&paths, srid, &sender),
    });
    let (mut portees, mut kept) = (Vec::new(), Vec::new());
    let mut failed = None;
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Rows(table, bytes) => {
                if let Err(error) = copy(connection, table, &bytes).await {
                    failed = Some(error);
                    break;
                }
            }
            Message::Portee(portee) => portees.push(portee),
            Message::Garde(idu) => kept.push(idu),
            Message::Anomalie(anomalie) => report.anomalie(anomalie),
            Message::Avance(done) => progress(done),
        }
    }
    drop(receiver);
    let read = reader.await.map_err(|error| ImportError::Thread(error.to_string()))?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    sqlx::query("insert into stage_garde select 'parcelle', * from unnest($1::text[])")
        .bind(kept)
        .execute(connection)
        .await?;
    portees.sort();
    portees.dedup();
    Ok((portees, read?))
}

async fn copy(connection: &mut PgConnection, table: Table, bytes: &[u8]) -> sqlx::Result<()> {
    let mut copy = connection.copy_in_raw(&swap::copy_statement(table)).await?;
    copy.send(bytes).await?;
    copy.finish().await?;
    Ok(())
}

/// Doubles and validity of every stage.
async fn check(connection: &mut PgConnection, source: &Source, report: &mut Report) -> Result<(), ImportError> {
    for table in ALL.into_iter().filter(|table| !source.derived().contains(table)) {
        for mut anomalie in
            swap::drop_doubles(connection, table).await?.into_iter().chain(swap::repair(connection, table).await?)
        {
            anomalie.fichier = report.only_file();
            report.anomalie(anomalie);
        }
    }
    Ok(())
}

/// Swaps every table; sections and communes of EDIGEO are unions of their feuilles.
async fn apply(
    connection: &mut PgConnection,
    source: &Source,
    portees: &[Portee],
    batch: &Batch,
) -> Result<(), ImportError> {
    let how = source.comparison();
    let derived = source.derived();
    for table in ALL.into_iter().filter(|table| !derived.contains(table)) {
        swap::difference(connection, table, how).await?;
        if table == Table::Parcelle {
            after::keep_history(connection, batch).await?;
        }
        swap::apply(connection, table, how).await?;
    }
    if !derived.is_empty() {
        after::derive_from_feuilles(connection, portees, batch).await?;
        for table in derived {
            swap::difference(connection, *table, how).await?;
            swap::apply(connection, *table, how).await?;
        }
    }
    Ok(())
}

/// A sink and whoever else must hear the same sender.
fn sink(sender: &mpsc::Sender<Message>) -> Sink {
    Sink::new(sender.clone())
}
