//! What the installation decides: defaults < file (TOML) < environment `FINAGE_*` < flags.
//!
//! `finage config` prints each value and where it came from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod courrier;
pub mod files;
mod fonds;
mod oidc;
mod portail;
mod sql;

pub use courrier::{Chiffrement, Courrier};
pub use fonds::{Fond, FondGenre};
pub use oidc::{Oidc, is_safe};
pub use portail::{Portail, Robots, type_logo};
pub use sql::Sql;

/// The configuration, resolved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the embedded cluster, downloads and logs live.
    pub data_dir: PathBuf,
    /// Address the server listens on. Beyond the loopback, accounts are served through a trusted proxy alone.
    pub bind: SocketAddr,
    /// Addresses of the reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub mandataires: Vec<IpAddr>,
    /// Address users see, without a trailing slash; absent: `http://{bind}`.
    pub public_url: Option<String>,
    /// Folder of modules of one's own, beside those delivered.
    pub modules_dir: Option<PathBuf>,
    /// A PostgreSQL of one's own; absent: the embedded cluster.
    pub database_url: Option<String>,
    /// A replica for reads.
    pub read_database_url: Option<String>,
    /// Legal SRID in which a new database stores geometries.
    pub srid: u32,
    /// Connections the server may hold.
    pub pool_size: u32,
    /// Parcels that one selection may hold.
    pub selection_max: u32,
    /// Long jobs carried out at once by one server.
    pub travaux_simultanes: u32,
    /// Hours for which a finished job and its result are kept.
    pub travaux_conserves_heures: u32,
    /// Months for which looks at nominative data stay in the journal.
    pub journal_mois: u32,
    /// Tiles of low zooms are drawn from simpler shapes; otherwise from shapes as they are, at every zoom.
    pub tuiles_simplifiees: bool,
    /// Requests are counted by address and by account, and refused beyond quotas.
    pub debit: bool,
    /// Memory for tiles that were made, in mebibytes; nought keeps none.
    pub tuiles_cache: u32,
    /// Addresses that may read `/metrics`.
    pub metriques: Vec<IpAddr>,
    /// Administrators must present a second factor.
    pub second_facteur_administrateurs: bool,
    /// Where `finage import cadastre` downloads, with `{departement}`, `{insee}` and `{couche}`.
    pub cadastre_url: String,
    /// How mail is sent; by default it is written to a folder.
    pub courrier: Courrier,
    /// Direct SQL connections.
    pub sql: Sql,
    /// Providers of identities through which existing accounts may sign in.
    pub oidc: Vec<Oidc>,
    /// Backgrounds offered on the map; none by default: no request leaves the machine.
    pub fonds: Vec<Fond>,
    /// The public pages.
    pub portail: Portail,
}

/// Where `cadastre_url` points unless configured: the open cadastre of data.gouv.fr.
const CADASTRE_URL: &str = "https://cadastre.data.gouv.fr/data/etalab-cadastre/latest/geojson/communes/{departement}/{insee}/cadastre-{insee}-{couche}.json.gz";

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: default_data_dir(),
            bind: SocketAddr::from(([127, 0, 0, 1], 8080)),
            mandataires: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            public_url: None,
            modules_dir: None,
            database_url: None,
            read_database_url: None,
            srid: 2154,
            pool_size: 8,
            selection_max: 5_000,
            travaux_simultanes: 1,
            travaux_conserves_heures: 24,
            journal_mois: 12,
            tuiles_simplifiees: true,
            debit: true,
            tuiles_cache: 128,
            metriques: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            second_facteur_administrateurs: true,
            cadastre_url: CADASTRE_URL.to_owned(),
            courrier: Courrier::default(),
            sql: Sql::default(),
            oidc: Vec::new(),
            fonds: Vec::new(),
            portail: Portail::default(),
        }
    }
}

/// Why a configuration was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file named by `FINAGE_CONFIG` or `--config` is missing.
    #[error("le fichier de configuration {} est introuvable : vérifiez FINAGE_CONFIG ou --config", .0.display())]
    MissingFile(PathBuf),
    /// A value is well formed but cannot be honoured.
    #[error("configuration refusée : {0}")]
    Refused(String),
}

/// Values given on the command line; they win over all others.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Flags {
    /// `--data-dir`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// `--bind`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<SocketAddr>,
}

/// A configuration value with its origin, as `finage config` prints it.
#[derive(Debug, Serialize)]
pub struct Origin {
    /// Key of the configuration.
    pub cle: String,
    /// Resolved value; passwords in addresses are masked.
    pub valeur: serde_json::Value,
    /// Where it came from, in French.
    pub origine: String,
}

/// Reads the configuration: `file` (else `FINAGE_CONFIG`, else `finage.toml` of the data directory, else `/etc/finage/finage.toml`).
///
/// # Errors
/// A named file that is missing, or a value that cannot be used.
pub fn load(file: Option<&Path>, flags: &Flags) -> Result<(Config, Vec<Origin>), ConfigError> {
    let figment = layers(file, flags)?;
    let mut config: Config = figment.extract().map_err(|error| invalid(&error))?;
    config.database_url = config.database_url.filter(|url| !url.is_empty());
    config.read_database_url = config.read_database_url.filter(|url| !url.is_empty());
    config.check()?;
    let origins = origins(&figment, &config);
    Ok((config, origins))
}

/// The file that [`load`] reads with these arguments; none when there is none.
///
/// # Errors
/// Those of [`load`].
pub fn file_in_use(file: Option<&Path>, flags: &Flags) -> Result<Option<PathBuf>, ConfigError> {
    let base =
        Figment::from(Defaults).merge(Env::prefixed("FINAGE_").ignore(&OTHERS)).merge(Serialized::defaults(flags));
    let data_dir: PathBuf = base.extract_inner("data_dir").map_err(|error| invalid(&error))?;
    let named = file.map(Path::to_path_buf).or_else(|| std::env::var_os("FINAGE_CONFIG").map(PathBuf::from));
    match named {
        Some(path) if !path.is_file() => Err(ConfigError::MissingFile(path)),
        Some(path) => Ok(Some(path)),
        None => Ok([data_dir.join("finage.toml"), PathBuf::from("/etc/finage/finage.toml")]
            .into_iter()
            .find(|path| path.is_file())),
    }
}

/// Variables of the project's own scripts and tests, which are no configuration.
const OTHERS: [&str; 9] =
    ["config", "log", "shared_dir", "bin", "build_cache", "test_wmts", "url", "chromium", "screenshots"];

fn layers(file: Option<&Path>, flags: &Flags) -> Result<Figment, ConfigError> {
    let base = Figment::from(Defaults);
    let with_file = match file_in_use(file, flags)? {
        Some(path) => base.merge(Toml::file_exact(path)),
        None => base,
    };
    let environment = Env::prefixed("FINAGE_").ignore(&OTHERS);
    Ok(with_file.merge(Env::raw().only(&["DATABASE_URL"])).merge(environment).merge(Serialized::defaults(flags)))
}

/// What figment found wrong, in one French sentence: the key, the cause, where it was written.
fn invalid(error: &figment::Error) -> ConfigError {
    use figment::error::Kind;
    let key = error.path.join(".");
    let cause = match &error.kind {
        Kind::UnknownField(name, _) => format!("le réglage « {name} » n'existe pas"),
        Kind::MissingField(name) => format!("le réglage « {name} » manque"),
        Kind::UnknownVariant(found, _) => format!("« {key} » ne peut valoir « {found} »"),
        Kind::InvalidType(found, _) | Kind::InvalidValue(found, _) => format!("« {key} » ne peut valoir {found}"),
        other => {
            let first = other.to_string().lines().next().unwrap_or_default().to_owned();
            if key.is_empty() {
                format!("fichier illisible ({first})")
            } else {
                format!("« {key} » est illisible ({first})")
            }
        }
    };
    let place = error.metadata.as_ref().map(|metadata| format!(" ({})", describe(metadata))).unwrap_or_default();
    ConfigError::Refused(format!("{cause}{place} ; « finage config » donne les réglages"))
}

/// The defaults under a name of their own, so that `finage config` can say so.
struct Defaults;

impl Provider for Defaults {
    fn metadata(&self) -> Metadata {
        Metadata::named("valeur par défaut")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Serialized::defaults(Config::default()).data()
    }
}

fn origins(figment: &Figment, config: &Config) -> Vec<Origin> {
    let serde_json::Value::Object(values) = serde_json::to_value(config).unwrap_or_default() else {
        return Vec::new();
    };
    values
        .into_iter()
        .map(|(cle, valeur)| {
            let origine = figment.find_metadata(&cle).map_or_else(|| "valeur par défaut".to_owned(), describe);
            let valeur = if cle.ends_with("database_url") { mask(valeur) } else { valeur };
            Origin { cle, valeur, origine }
        })
        .collect()
}

fn describe(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(figment::Source::File(path)) => format!("fichier {}", path.display()),
        _ if metadata.name.contains("environment") => "environnement".to_owned(),
        _ if metadata.name.contains("Flags") => "ligne de commande".to_owned(),
        _ => metadata.name.to_string(),
    }
}

/// Replaces the password of a database address by stars.
fn mask(value: serde_json::Value) -> serde_json::Value {
    let serde_json::Value::String(url) = &value else {
        return value;
    };
    let Some((scheme, rest)) = url.split_once("://") else {
        return value;
    };
    let Some((login, host)) = rest.rsplit_once('@') else {
        return value;
    };
    let user = login.split(':').next().unwrap_or_default();
    serde_json::Value::String(format!("{scheme}://{user}:***@{host}"))
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        if !(1..=200).contains(&self.pool_size) {
            return Err(ConfigError::Refused(format!(
                "pool_size vaut {} ; il faut de 1 à 200 connexions",
                self.pool_size
            )));
        }
        if !(1..=50_000).contains(&self.selection_max) {
            return Err(ConfigError::Refused(format!(
                "selection_max vaut {} ; il faut de 1 à 50000 parcelles",
                self.selection_max
            )));
        }
        if !(1..=16).contains(&self.travaux_simultanes) {
            return Err(ConfigError::Refused(format!(
                "travaux_simultanes vaut {} ; il faut de 1 à 16 travaux",
                self.travaux_simultanes
            )));
        }
        if !(1..=720).contains(&self.travaux_conserves_heures) {
            return Err(ConfigError::Refused(format!(
                "travaux_conserves_heures vaut {} ; il faut de 1 à 720 heures",
                self.travaux_conserves_heures
            )));
        }
        // CNIL, recommandation sur la journalisation du 14 octobre 2021: six months to one year, three at most.
        if !(6..=36).contains(&self.journal_mois) {
            return Err(ConfigError::Refused(format!(
                "journal_mois vaut {} ; il faut de 6 à 36 mois",
                self.journal_mois
            )));
        }
        if self.data_dir.as_os_str().is_empty() {
            return Err(ConfigError::Refused("data_dir est vide ; donnez un dossier".to_owned()));
        }
        if let Some(url) = &self.public_url
            && !url.starts_with("http://")
            && !url.starts_with("https://")
        {
            return Err(ConfigError::Refused(format!("public_url doit commencer par http:// ou https:// : « {url} »")));
        }
        if !is_legal_srid(self.srid) {
            return Err(ConfigError::Refused(format!(
                "le SRID {} n'est pas un système légal français (métropole : 2154 ; outre-mer : 5490, 2972, 2975, 4471, 4467)",
                self.srid
            )));
        }
        for (rank, oidc) in self.oidc.iter().enumerate() {
            oidc.check().map_err(ConfigError::Refused)?;
            if self.oidc[..rank].iter().any(|other| other.id == oidc.id) {
                return Err(ConfigError::Refused(format!("deux fournisseurs [[oidc]] s'appellent « {} »", oidc.id)));
            }
        }
        for fond in &self.fonds {
            fond.check().map_err(ConfigError::Refused)?;
        }
        self.portail.check().map_err(ConfigError::Refused)?;
        self.sql.check().map_err(ConfigError::Refused)?;
        self.courrier.check().map_err(ConfigError::Refused)?;
        Ok(())
    }

    /// Address users see, without a trailing slash.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.public_url
            .as_deref()
            .map_or_else(|| format!("http://{}", self.bind), |url| url.trim_end_matches('/').to_owned())
    }
}

/// Legal projected systems: décret n° 2000-1276 modifié (metropole RGF93, Antilles RGAF09, Guyane, La Réunion, Mayotte, Saint-Pierre-et-Miquelon).
fn is_legal_srid(srid: u32) -> bool {
    matches!(srid, 2154 | 5490 | 2972 | 2975 | 4471 | 4467)
}

/// `/var/lib/finage` for root, else the user's data directory.
fn default_data_dir() -> PathBuf {
    if rustix::process::geteuid().is_root() {
        return PathBuf::from("/var/lib/finage");
    }
    std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")))
        .unwrap_or_else(|| PathBuf::from("."))
        .join("finage")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_shows() {
        let shown = mask("postgres://marie:secret@serveur/finage".into());
        assert_eq!(shown, "postgres://marie:***@serveur/finage");
    }

    #[test]
    fn jobs_are_bounded() {
        for wrong in [0, 17] {
            let config = Config { travaux_simultanes: wrong, ..Config::default() };
            assert!(config.check().unwrap_err().to_string().contains("travaux_simultanes"));
        }
        let config = Config { travaux_conserves_heures: 0, ..Config::default() };
        assert!(config.check().is_err());
    }

    #[test]
    fn the_journal_is_kept_neither_too_little_nor_too_long() {
        for (months, right) in [(5, false), (6, true), (36, true), (37, false)] {
            let config = Config { journal_mois: months, ..Config::default() };
            assert_eq!(config.check().is_ok(), right, "{months}");
        }
    }

    #[test]
    fn a_geographic_srid_is_no_storage_srid() {
        let config = Config { srid: 4326, ..Config::default() };
        assert!(config.check().is_err());
    }
}
