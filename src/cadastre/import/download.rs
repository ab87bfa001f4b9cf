//! `finage import cadastre`: downloads the plan of a commune, or of all the communes of a grouping, and imports it.
//!
//! A job is kept by target: started again within a day, it goes on with the communes that are not done. Only the
//! address of the configuration is ever asked, and only by this command.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use finage_reference::Insee;
use serde::Serialize;
use sqlx::PgConnection;
use thiserror::Error;
use uuid::Uuid;

use super::{ImportError, Options, Report, Source};

/// Layers downloaded; a commune must at least have its parcels.
const LAYERS: [&str; 8] = [
    "communes",
    "prefixes_sections",
    "sections",
    "feuilles",
    "parcelles",
    "batiments",
    "lieux_dits",
    "subdivisions_fiscales",
];
const REQUIRED: &str = "parcelles";
/// Longest a whole file may take.
const TIMEOUT: Duration = Duration::from_mins(10);
/// Largest compressed file of one layer of one commune.
const MAX_FILE: u64 = 512 << 20;
const ATTEMPTS: u32 = 3;

/// What to download.
#[derive(Debug, Clone)]
pub enum Target {
    /// One commune.
    Commune(Insee),
    /// All the communes of a grouping (SIREN).
    Epci(String),
}

impl Target {
    fn key(&self) -> String {
        match self {
            Self::Commune(insee) => format!("commune {insee}"),
            Self::Epci(siren) => format!("epci {siren}"),
        }
    }
}

/// Why a download could not be carried out.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The SIREN is not a grouping of the COG.
    #[error(
        "aucun groupement de SIREN {0} dans le COG : vérifiez le numéro, ou mettez le COG à jour par « finage import cog »"
    )]
    UnknownGrouping(String),
    /// A file could not be downloaded.
    #[error("téléchargement de {url} impossible : {cause}")]
    Fetch {
        /// Address.
        url: String,
        /// Cause.
        cause: String,
    },
    /// The configured address lacks its variables.
    #[error("cadastre_url doit contenir {{insee}} et {{couche}} : « {0} »")]
    Template(String),
    /// The download folder refuses writing.
    #[error("écriture dans {} impossible : {source}", path.display())]
    Disk {
        /// Path.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// The database refused.
    #[error("la base a refusé : {0}")]
    Database(#[from] sqlx::Error),
}

/// The report of a whole job.
#[derive(Debug, Default, Serialize)]
pub struct DownloadReport {
    /// Target: « commune 13004 », « epci 200054807 ».
    pub cible: String,
    /// Communes done by an earlier run of this job.
    pub deja_faites: Vec<String>,
    /// Reports of the communes imported now.
    pub rapports: Vec<Report>,
    /// Communes that failed, and why.
    pub echecs: Vec<Failure>,
}

/// One commune that failed; the others are done.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// INSEE code.
    pub insee: String,
    /// Cause.
    pub message: String,
}

/// Downloads into `folder` from `template` and imports commune by commune.
///
/// # Errors
/// The target is unknown, the folder cannot be written, or the database refused; what fails for one commune is in the report.
pub async fn run(
    connection: &mut PgConnection,
    target: &Target,
    template: &str,
    folder: &Path,
    options: &Options,
    progress: &(dyn Fn(&str, u64, u64) + Send + Sync),
) -> Result<DownloadReport, DownloadError> {
    if !template.contains("{insee}") || !template.contains("{couche}") {
        return Err(DownloadError::Template(template.to_owned()));
    }
    let communes = communes(connection, target).await?;
    let job = open_job(connection, target, &communes).await?;
    // Files of one job never mix with those of another, older one.
    let folder = &folder.join(job.to_string());
    let mut report = DownloadReport { cible: target.key(), ..DownloadReport::default() };
    let total = u64::try_from(communes.len()).unwrap_or(u64::MAX);
    for (rank, insee) in (0_u64..).zip(&communes) {
        progress(insee, rank, total);
        if is_done(connection, job, insee).await? {
            report.deja_faites.push(insee.clone());
            continue;
        }
        match one(connection, insee, template, folder, options).await {
            Ok(done) => {
                mark(connection, job, insee, "fait", None).await?;
                report.rapports.push(done);
            }
            Err(message) => {
                mark(connection, job, insee, "echec", Some(&message)).await?;
                report.echecs.push(Failure { insee: insee.clone(), message });
            }
        }
    }
    progress("", total, total);
    if report.echecs.is_empty() {
        sqlx::query("delete from core.telechargement_job where id = $1").bind(job).execute(&mut *connection).await?;
        let _ = fs::remove_dir_all(folder);
    }
    Ok(report)
}

async fn communes(connection: &mut PgConnection, target: &Target) -> Result<Vec<String>, DownloadError> {
    match target {
        Target::Commune(insee) => Ok(vec![insee.to_string()]),
        Target::Epci(siren) => {
            let members: Vec<String> =
                sqlx::query_scalar("select insee from core.collectivite_membre where siren = $1 order by insee")
                    .bind(siren)
                    .fetch_all(connection)
                    .await?;
            if members.is_empty() { Err(DownloadError::UnknownGrouping(siren.clone())) } else { Ok(members) }
        }
    }
}

/// The job of this target: the one under way, or a new one when there is none or it is over a day old.
async fn open_job(connection: &mut PgConnection, target: &Target, communes: &[String]) -> Result<Uuid, DownloadError> {
    sqlx::query("delete from core.telechargement_job where cible = $1 and debut < now() - interval '1 day'")
        .bind(target.key())
        .execute(&mut *connection)
        .await?;
    let job: Uuid = sqlx::query_scalar(
        "insert into core.telechargement_job (id, cible) values ($1, $2)
         on conflict (cible) do update set cible = excluded.cible returning id",
    )
    .bind(Uuid::now_v7())
    .bind(target.key())
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query(
        "insert into core.telechargement (job, insee, etat) select $1, insee, 'attente' from unnest($2::text[]) as c (insee)
         on conflict do nothing",
    )
    .bind(job)
    .bind(communes)
    .execute(connection)
    .await?;
    Ok(job)
}

async fn is_done(connection: &mut PgConnection, job: Uuid, insee: &str) -> Result<bool, DownloadError> {
    let etat: Option<String> = sqlx::query_scalar("select etat from core.telechargement where job = $1 and insee = $2")
        .bind(job)
        .bind(insee)
        .fetch_optional(connection)
        .await?;
    Ok(etat.as_deref() == Some("fait"))
}

async fn mark(
    connection: &mut PgConnection,
    job: Uuid,
    insee: &str,
    etat: &str,
    message: Option<&str>,
) -> Result<(), DownloadError> {
    sqlx::query("update core.telechargement set etat = $3, message = $4, maj = now() where job = $1 and insee = $2")
        .bind(job)
        .bind(insee)
        .bind(etat)
        .bind(message)
        .execute(connection)
        .await?;
    Ok(())
}

/// Downloads and imports one commune; a cause in French when it fails.
async fn one(
    connection: &mut PgConnection,
    insee: &str,
    template: &str,
    folder: &Path,
    options: &Options,
) -> Result<Report, String> {
    let (template, folder, code) = (template.to_owned(), folder.to_owned(), insee.to_owned());
    let files = tokio::task::spawn_blocking(move || fetch_all(&template, &folder, &code))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    let whole = Options { whole: true, ..options.clone() };
    let imported = super::run(connection, Source::Etalab(files.clone()), &whole, &|_| {}).await;
    if matches!(&imported, Ok(_) | Err(ImportError::File(_))) {
        // Imported, or refused and to be fetched anew.
        for file in &files {
            let _ = fs::remove_file(file);
        }
    }
    imported.map_err(|error| error.to_string())
}

fn fetch_all(template: &str, folder: &Path, insee: &str) -> Result<Vec<PathBuf>, DownloadError> {
    let disk = |path: &Path| {
        let path = path.to_path_buf();
        move |source| DownloadError::Disk { path, source }
    };
    fs::create_dir_all(folder).map_err(disk(folder))?;
    let agent = ureq::Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("finage/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent();
    let departement = if insee.starts_with("97") { insee.get(..3) } else { insee.get(..2) }.unwrap_or_default();
    let mut files = Vec::new();
    for layer in LAYERS {
        let url = template.replace("{departement}", departement).replace("{insee}", insee).replace("{couche}", layer);
        let path = folder.join(format!("cadastre-{insee}-{layer}.json.gz"));
        if path.exists() || fetch(&agent, &url, &path)? {
            files.push(path);
        } else if layer == REQUIRED {
            return Err(DownloadError::Fetch {
                url,
                cause: "le plan de cette commune n'est pas publié à cette adresse".into(),
            });
        }
    }
    Ok(files)
}

/// Downloads one file, going on where an earlier attempt stopped; `false` when the server has no such file.
fn fetch(agent: &ureq::Agent, url: &str, path: &Path) -> Result<bool, DownloadError> {
    let partial = path.with_extension("part");
    let mut last = String::new();
    for attempt in 0..ATTEMPTS {
        std::thread::sleep(Duration::from_millis(500 * u64::from(attempt)));
        match attempt_fetch(agent, url, &partial) {
            Ok(false) => return Ok(false),
            Ok(true) => {
                fs::rename(&partial, path)
                    .map_err(|source| DownloadError::Disk { path: path.to_path_buf(), source })?;
                return Ok(true);
            }
            Err(cause) => last = cause,
        }
    }
    Err(DownloadError::Fetch { url: url.to_owned(), cause: last })
}

fn attempt_fetch(agent: &ureq::Agent, url: &str, partial: &Path) -> Result<bool, String> {
    let have = fs::metadata(partial).map_or(0, |metadata| metadata.len());
    // The stored file is the compressed one: no decoding on the way.
    let mut request = agent.get(url).header("accept-encoding", "identity");
    if have > 0 {
        request = request.header("range", format!("bytes={have}-"));
    }
    let mut response = match request.call() {
        Ok(response) => response,
        Err(ureq::Error::StatusCode(404)) => return Ok(false),
        Err(ureq::Error::StatusCode(416)) => {
            let _ = fs::remove_file(partial);
            return Err("la reprise a été refusée par le serveur".into());
        }
        Err(error) => return Err(error.to_string()),
    };
    let resumed = response.status() == 206;
    let expected: Option<u64> =
        response.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    let mut file = File::options()
        .create(true)
        .write(true)
        .append(resumed)
        .truncate(!resumed)
        .open(partial)
        .map_err(|error| error.to_string())?;
    let mut body = response.body_mut().as_reader().take(MAX_FILE);
    let copied = io::copy(&mut body, &mut file).map_err(|error| error.to_string())?;
    file.flush().and_then(|()| file.sync_all()).map_err(|error| error.to_string())?;
    if expected.is_some_and(|expected| expected != copied) {
        return Err(format!("transfert interrompu après {copied} octets"));
    }
    Ok(true)
}
