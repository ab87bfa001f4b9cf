//! The Code officiel géographique: communes, their old communes, and the groupings they belong to.
//!
//! Taken at build from the npm package @etalab/decoupage-administratif (data: INSEE, DGCL; Licence Ouverte 2.0),
//! or from a newer copy of its files by `finage import cog`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use thiserror::Error;

use crate::spatial::cc;

/// The copy embedded at build.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cog.json.gz"));

/// A file of the package is a few megabytes; more is no COG.
const MAX_BYTES: u64 = 64 << 20;

/// Why a COG could not be read or stored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CogError {
    /// A file is missing or unreadable.
    #[error("COG : le fichier {} est illisible ({source}) : indiquez le dossier « data » du paquet @etalab/decoupage-administratif", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A file is not what the package publishes.
    #[error("COG : {origin} n'a pas la forme attendue ({source})")]
    Shape {
        /// File, or the embedded copy.
        origin: String,
        /// Cause.
        source: serde_json::Error,
    },
    /// The database refused.
    #[error("COG : la base a refusé l'enregistrement ({0})")]
    Database(#[from] sqlx::Error),
}

/// Communes, groupings and départements of one year.
#[derive(Debug, Deserialize)]
pub struct Cog {
    version: String,
    communes: Vec<Commune>,
    epci: Vec<Epci>,
    departements: Vec<Departement>,
}

#[derive(Debug, Deserialize)]
struct Commune {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    genre: String,
    departement: Option<String>,
    region: Option<String>,
    siren: Option<String>,
    #[serde(default, rename = "codesPostaux")]
    codes_postaux: Vec<String>,
    population: Option<i32>,
    #[serde(rename = "commune")]
    mere: Option<String>,
    #[serde(rename = "chefLieu")]
    chef_lieu: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Epci {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    genre: String,
    #[serde(default)]
    membres: Vec<Membre>,
}

#[derive(Debug, Deserialize)]
struct Membre {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Departement {
    code: String,
}

/// What an import of the COG did.
#[derive(Debug, Serialize)]
pub struct CogReport {
    /// Version of the package.
    pub version: String,
    /// Communes and arrondissements stored.
    pub communes: usize,
    /// Delegated and associated communes stored.
    pub anciennes: usize,
    /// Groupings stored.
    pub groupements: usize,
}

impl Cog {
    /// The copy embedded in the binary.
    ///
    /// # Errors
    /// Never for a sound build.
    pub fn embedded() -> Result<Self, CogError> {
        serde_json::from_reader(BufReader::new(GzDecoder::new(EMBEDDED)))
            .map_err(|source| CogError::Shape { origin: "la copie embarquée".into(), source })
    }

    /// A folder that holds `communes.json`, `epci.json` and `departements.json` (or the same, gzipped).
    ///
    /// # Errors
    /// A file missing or of another shape.
    pub fn from_folder(folder: &Path, version: &str) -> Result<Self, CogError> {
        Ok(Self {
            version: version.to_owned(),
            communes: read(folder, "communes")?,
            epci: read(folder, "epci")?,
            departements: read(folder, "departements")?,
        })
    }

    /// Stores the COG; communes that a former version named and this one does not are kept.
    ///
    /// # Errors
    /// The database refused; nothing is then changed if the caller's transaction is rolled back.
    pub async fn store(&self, connection: &mut PgConnection) -> Result<CogReport, CogError> {
        let known = |code: &str| self.departements.iter().any(|d| d.code == code);
        let (anciennes, communes): (Vec<&Commune>, Vec<&Commune>) =
            self.communes.iter().partition(|c| matches!(c.genre.as_str(), "commune-deleguee" | "commune-associee"));
        let communes: Vec<&Commune> =
            communes.into_iter().filter(|c| c.departement.as_deref().is_none_or(known)).collect();
        let column = |of: fn(&Commune) -> Option<String>| communes.iter().map(|c| of(c)).collect::<Vec<_>>();
        let zones: Vec<Option<i32>> = communes.iter().map(|c| zone(c)).collect();
        sqlx::query(include_str!("sql/cog_communes.sql"))
            .bind(column(|c| Some(c.code.clone())))
            .bind(column(|c| Some(c.nom.clone())))
            .bind(column(|c| {
                Some(if c.genre == "arrondissement-municipal" { "arrondissement" } else { "commune" }.into())
            }))
            .bind(column(|c| c.departement.clone()))
            .bind(column(|c| c.region.clone()))
            .bind(column(|c| c.siren.clone()))
            .bind(column(|c| Some(c.codes_postaux.join(" "))))
            .bind(communes.iter().map(|c| c.population).collect::<Vec<_>>())
            .bind(column(|c| c.mere.clone()))
            .bind(zones)
            .bind(&self.version)
            .execute(&mut *connection)
            .await?;
        sqlx::query(include_str!("sql/cog_anciennes.sql"))
            .bind(anciennes.iter().map(|c| c.code.clone()).collect::<Vec<_>>())
            .bind(anciennes.iter().map(|c| c.nom.clone()).collect::<Vec<_>>())
            .bind(anciennes.iter().map(|c| c.genre.trim_start_matches("commune-").to_owned()).collect::<Vec<_>>())
            .bind(anciennes.iter().map(|c| c.chef_lieu.clone().unwrap_or_default()).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
        self.store_groupings(connection).await?;
        Ok(CogReport {
            version: self.version.clone(),
            communes: communes.len(),
            anciennes: anciennes.len(),
            groupements: self.epci.len(),
        })
    }

    async fn store_groupings(&self, connection: &mut PgConnection) -> Result<(), CogError> {
        sqlx::query(include_str!("sql/cog_groupements.sql"))
            .bind(self.epci.iter().map(|e| e.code.clone()).collect::<Vec<_>>())
            .bind(self.epci.iter().map(|e| e.nom.clone()).collect::<Vec<_>>())
            .bind(self.epci.iter().map(|e| e.genre.clone()).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
        let pairs = || self.epci.iter().flat_map(|e| e.membres.iter().map(move |m| (e.code.clone(), m.code.clone())));
        sqlx::query(include_str!("sql/cog_membres.sql"))
            .bind(pairs().map(|(siren, _)| siren).collect::<Vec<_>>())
            .bind(pairs().map(|(_, insee)| insee).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
        Ok(())
    }
}

/// Zone of the commune's département; overseas, the legal projected system.
fn zone(commune: &Commune) -> Option<i32> {
    let departement = commune.departement.as_deref()?;
    let srid = match departement {
        "971" | "972" => 5490,
        "973" => 2972,
        "974" => 2975,
        "976" => 4471,
        metropolitan => cc::zone_of_departement(metropolitan)?,
    };
    i32::try_from(srid).ok()
}

fn read<T: serde::de::DeserializeOwned>(folder: &Path, name: &str) -> Result<T, CogError> {
    let plain = folder.join(format!("{name}.json"));
    let path = if plain.exists() { plain } else { folder.join(format!("{name}.json.gz")) };
    let file = File::open(&path).map_err(|source| CogError::File { path: path.clone(), source })?;
    let reader: Box<dyn Read> =
        if path.extension().is_some_and(|e| e == "gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    serde_json::from_reader(BufReader::new(reader.take(MAX_BYTES)))
        .map_err(|source| CogError::Shape { origin: path.display().to_string(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_cog_knows_arles_and_its_grouping() {
        let cog = Cog::embedded().unwrap();
        let arles = cog.communes.iter().find(|c| c.code == "13004").unwrap();
        assert_eq!((arles.nom.as_str(), zone(arles)), ("Arles", Some(3944)));
        assert!(cog.epci.iter().any(|e| e.membres.iter().any(|m| m.code == "13004")));
    }

    #[test]
    fn a_folder_without_files_is_named() {
        let error = Cog::from_folder(Path::new("/nonexistent"), "x").unwrap_err().to_string();
        assert!(error.contains("/nonexistent/communes.json"), "{error}");
    }
}
