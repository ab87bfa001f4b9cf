//! The folder `journal` of the data directory: the key, and the head of each chain. The database has neither.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use finage_journal::{Chaine, Cle, Sceau, Tete};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Instant, JournalError, lecture};
use crate::access::cle::{self, CleError};

/// Largest head that is read, in bytes.
const MAX_TETE: u64 = 4096;

/// The folder, with its key.
#[derive(Debug, Clone)]
pub struct Dossier {
    chemin: PathBuf,
    cle: Cle,
}

/// A head, as its file tells it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fichier {
    chaine: String,
    rang: i64,
    sceau: String,
    le: String,
    preuve: String,
}

impl Dossier {
    /// Opens the folder of `data_dir`, to read; none when nothing was ever sealed.
    ///
    /// # Errors
    /// Lines are sealed and the key is missing, or it cannot be used.
    pub async fn ouvre(connection: &mut PgConnection, data_dir: &Path) -> Result<Option<Self>, JournalError> {
        let vierge = lecture::vierge(connection).await?;
        let chemin = data_dir.join("journal");
        match lit_cle(&chemin.join("cle")) {
            Err(JournalError::CleAbsente(_)) if vierge => Ok(None),
            cle => Ok(Some(Self { cle: cle?, chemin })),
        }
    }

    /// Opens the folder of `data_dir`; makes the key and the heads as long as nothing was ever sealed.
    ///
    /// # Errors
    /// Lines are sealed and the key is missing, or the folder cannot be read or written.
    pub async fn prepare(connection: &mut PgConnection, data_dir: &Path) -> Result<Self, JournalError> {
        let vierge = lecture::vierge(connection).await?;
        let chemin = data_dir.join("journal");
        let fichier = chemin.join("cle");
        let cle = match lit_cle(&fichier) {
            Err(JournalError::CleAbsente(_)) if vierge => {
                let faute = |source| JournalError::Dossier { chemin: chemin.clone(), source };
                cle::cree(&chemin).map_err(faute)?;
                lit_cle(&fichier)?
            }
            cle => cle?,
        };
        let dossier = Self { chemin, cle };
        for chaine in Chaine::TOUTES {
            if vierge && !dossier.fichier(chaine).exists() {
                dossier.ecrit_tete(chaine, &Tete { rang: 0, sceau: Sceau::ORIGINE, le: Instant::maintenant().0 })?;
            }
        }
        Ok(dossier)
    }

    /// The key.
    #[must_use]
    pub fn cle(&self) -> &Cle {
        &self.cle
    }

    fn fichier(&self, chaine: Chaine) -> PathBuf {
        self.chemin.join(format!("tete-{}.json", chaine.code()))
    }

    /// How far a chain went: at least to there.
    ///
    /// # Errors
    /// The file is missing, unreadable, or was not written with this key.
    pub fn tete(&self, chaine: Chaine) -> Result<Tete, JournalError> {
        let chemin = self.fichier(chaine);
        let mut texte = String::new();
        match File::open(&chemin).and_then(|fichier| fichier.take(MAX_TETE).read_to_string(&mut texte)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(JournalError::TeteAbsente { chaine, chemin });
            }
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(JournalError::TeteFausse { chaine, chemin });
            }
            Err(source) => return Err(JournalError::Dossier { chemin, source }),
        }
        self.reconnait(chaine, &texte).ok_or(JournalError::TeteFausse { chaine, chemin })
    }

    fn reconnait(&self, chaine: Chaine, json: &str) -> Option<Tete> {
        let lu: Fichier = serde_json::from_str(json).ok()?;
        let tete = Tete { rang: lu.rang, sceau: Sceau::from_hex(&lu.sceau)?, le: Instant::parse(&lu.le)?.0 };
        (Sceau::from_hex(&lu.preuve)? == self.cle.prouve_tete(chaine, &tete)).then_some(tete)
    }

    /// Writes how far a chain went; the file is there whole, before or after, whatever happens.
    pub(super) fn ecrit_tete(&self, chaine: Chaine, tete: &Tete) -> Result<(), JournalError> {
        let fichier = Fichier {
            chaine: chaine.code().to_owned(),
            rang: tete.rang,
            sceau: tete.sceau.to_string(),
            le: Instant(tete.le).texte(),
            preuve: self.cle.prouve_tete(chaine, tete).to_string(),
        };
        let chemin = self.fichier(chaine);
        let faute = |source: std::io::Error| JournalError::Dossier { chemin: chemin.clone(), source };
        let json = serde_json::to_string_pretty(&fichier).map_err(|error| faute(error.into()))?;
        let provisoire = self.chemin.join(format!("tete-{}.json.tmp", chaine.code()));
        cle::ecrit(&provisoire, json.as_bytes(), false)
            .and_then(|()| fs::rename(&provisoire, &chemin))
            .and_then(|()| File::open(&self.chemin)?.sync_all())
            .map_err(faute)
    }
}

fn lit_cle(chemin: &Path) -> Result<Cle, JournalError> {
    cle::lit(chemin).map(Cle::new).map_err(|error| match error {
        CleError::Absente => JournalError::CleAbsente(chemin.to_owned()),
        CleError::Malformee => JournalError::CleMalformee(chemin.to_owned()),
        CleError::Partagee => JournalError::ClePartagee(chemin.to_owned()),
        CleError::Systeme(source) => JournalError::Dossier { chemin: chemin.to_owned(), source },
    })
}
