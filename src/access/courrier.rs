//! Mail: one short text at a time, through the configured server, or to a folder where an administrator reads it.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use thiserror::Error;
use uuid::Uuid;

use super::cle;
use crate::config::{self, Chiffrement, Config};

/// What a server may take to answer.
const DELAI: Duration = Duration::from_secs(20);
/// Longest file read as a password, in bytes.
const MAX_MOT_DE_PASSE: usize = 1024;

/// Why a message did not leave.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CourrierError {
    /// An address that is none.
    #[error("« {0} » n'est pas une adresse à laquelle on puisse écrire")]
    Adresse(String),
    /// The message could not be made.
    #[error("le message n'a pas pu être écrit : {0}")]
    Message(#[from] lettre::error::Error),
    /// The server refused.
    #[error("le serveur de courrier a refusé : {0}")]
    Serveur(#[from] lettre::transport::smtp::Error),
    /// A file or folder cannot be used.
    #[error("« {} » : lecture ou écriture impossible ({source})", chemin.display())]
    Fichier {
        /// File or folder.
        chemin: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What sends mail.
#[derive(Debug, Clone)]
pub struct Courrier {
    reglages: config::Courrier,
    boite: PathBuf,
    service: String,
}

impl Courrier {
    /// As configured.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self { reglages: config.courrier.clone(), boite: boite(&config.data_dir), service: config.portail.nom.clone() }
    }

    /// Sends a text.
    ///
    /// # Errors
    /// The address is none, the server refused, or the folder cannot be written.
    pub async fn envoie(&self, destinataire: &str, sujet: &str, texte: &str) -> Result<(), CourrierError> {
        let expediteur = self.reglages.expediteur.as_deref().unwrap_or("finage@localhost");
        let message = Message::builder()
            .from(Mailbox::new(Some(self.service.clone()), adresse(expediteur)?))
            .to(Mailbox::new(None, adresse(destinataire)?))
            .subject(sujet)
            .header(ContentType::TEXT_PLAIN)
            .body(texte.to_owned())?;
        match &self.reglages.serveur {
            Some(serveur) => self.expedie(serveur, message).await,
            None => self.range(&message),
        }
    }

    async fn expedie(&self, serveur: &str, message: Message) -> Result<(), CourrierError> {
        let builder = match self.reglages.tls {
            Chiffrement::Implicite => AsyncSmtpTransport::<Tokio1Executor>::relay(serveur)?,
            Chiffrement::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(serveur)?,
            // This machine alone: the configuration refuses others.
            Chiffrement::Aucun => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(serveur),
        };
        let builder = builder.timeout(Some(DELAI));
        let builder = match self.reglages.port {
            Some(port) => builder.port(port),
            None => builder,
        };
        let builder = match (&self.reglages.utilisateur, &self.reglages.mot_de_passe_fichier) {
            (Some(utilisateur), Some(fichier)) => {
                builder.credentials(Credentials::new(utilisateur.clone(), mot_de_passe(fichier)?))
            }
            _ => builder,
        };
        builder.build().send(message).await?;
        Ok(())
    }

    /// Writes the message to the folder; its links open accounts: this account alone reads it.
    fn range(&self, message: &Message) -> Result<(), CourrierError> {
        let faute = |source| CourrierError::Fichier { chemin: self.boite.clone(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.boite).map_err(faute)?;
        let chemin = self.boite.join(format!("{}.eml", Uuid::now_v7()));
        cle::ecrit(&chemin, &message.formatted(), true).map_err(faute)
    }
}

/// Where messages are written when no server is configured.
#[must_use]
pub fn boite(data_dir: &Path) -> PathBuf {
    data_dir.join("courrier")
}

fn adresse(texte: &str) -> Result<Address, CourrierError> {
    texte.parse().map_err(|_| CourrierError::Adresse(texte.chars().take(80).collect()))
}

fn mot_de_passe(fichier: &Path) -> Result<String, CourrierError> {
    let faute = |source| CourrierError::Fichier { chemin: fichier.to_owned(), source };
    let texte = fs::read_to_string(fichier).map_err(faute)?;
    let ligne = texte.lines().next().unwrap_or_default();
    if ligne.is_empty() || ligne.len() > MAX_MOT_DE_PASSE {
        return Err(faute(io::Error::new(io::ErrorKind::InvalidData, "la première ligne doit être le mot de passe")));
    }
    Ok(ligne.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn un(config: &Config, destinataire: &str) -> Result<(), CourrierError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(Courrier::new(config).envoie(destinataire, "Objet accentué : été", "Bonjour,\n\nun lien.\n"))
    }

    #[test]
    fn without_a_server_a_message_is_a_file_that_others_do_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        un(&config, "agent@valbrume.fr").unwrap();
        let files: Vec<_> = fs::read_dir(boite(folder.path())).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("To: agent@valbrume.fr") && text.contains("un lien."), "{text}");
    }

    #[test]
    fn a_message_goes_to_one_address_alone() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        for wrong in ["a@b.fr\r\nBcc: autre@ailleurs.fr", "a@b.fr, c@d.fr", "sans arobase"] {
            assert!(un(&config, wrong).is_err(), "{wrong}");
        }
    }
}
