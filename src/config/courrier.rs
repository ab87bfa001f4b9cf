//! `[courrier]`: how mail leaves; without a server it is written to a folder, and nothing leaves.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How mail is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Courrier {
    /// Name of the SMTP server; absent: messages are written to `courrier` in the data directory.
    pub serveur: Option<String>,
    /// Its port; absent: 465 for `implicite`, 587 for `starttls`, 25 for `aucun`.
    pub port: Option<u16>,
    /// How the connection is made secret.
    pub tls: Chiffrement,
    /// Account on the server.
    pub utilisateur: Option<String>,
    /// File that holds its password, on one line.
    pub mot_de_passe_fichier: Option<PathBuf>,
    /// Address in the name of which mail is sent.
    pub expediteur: Option<String>,
}

/// How a connection to the SMTP server is made secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chiffrement {
    /// From the first byte.
    Implicite,
    /// Asked for first; refused otherwise.
    Starttls,
    /// Not: a server of this machine.
    Aucun,
}

impl Default for Courrier {
    fn default() -> Self {
        Self {
            serveur: None,
            port: None,
            tls: Chiffrement::Implicite,
            utilisateur: None,
            mot_de_passe_fichier: None,
            expediteur: None,
        }
    }
}

impl Courrier {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.utilisateur.is_some() != self.mot_de_passe_fichier.is_some() {
            return Err(
                "courrier.utilisateur et courrier.mot_de_passe_fichier vont ensemble ; donnez les deux ou aucun"
                    .to_owned(),
            );
        }
        if let Some(file) = &self.mot_de_passe_fichier
            && !(file.is_absolute() && file.is_file())
        {
            return Err(format!(
                "le fichier {} de [courrier] est introuvable ; donnez un chemin absolu",
                file.display()
            ));
        }
        let Some(serveur) = &self.serveur else { return Ok(()) };
        if self.expediteur.is_none() {
            return Err(
                "courrier.expediteur manque : donnez l'adresse au nom de laquelle les messages partent".to_owned()
            );
        }
        let here = serveur == "localhost" || serveur.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if self.tls == Chiffrement::Aucun && !here {
            return Err(format!(
                "courrier.tls vaut « aucun » et {serveur} n'est pas cette machine : les liens de mot de passe passeraient en clair ; choisissez « implicite » ou « starttls »"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_do_not_travel_in_the_clear() {
        let to = |serveur: &str, tls| Courrier {
            serveur: Some(serveur.into()),
            tls,
            expediteur: Some("finage@valbrume.fr".into()),
            ..Courrier::default()
        };
        assert!(to("smtp.valbrume.fr", Chiffrement::Starttls).check().is_ok());
        assert!(to("localhost", Chiffrement::Aucun).check().is_ok());
        assert!(to("smtp.valbrume.fr", Chiffrement::Aucun).check().unwrap_err().contains("en clair"));
        let nobody = Courrier { expediteur: None, ..to("smtp.valbrume.fr", Chiffrement::Implicite) };
        assert!(nobody.check().unwrap_err().contains("expediteur"));
        let half = Courrier { utilisateur: Some("x".into()), ..Courrier::default() };
        assert!(half.check().unwrap_err().contains("ensemble"));
    }
}
