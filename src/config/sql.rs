//! `[sql]`: where QGIS, GeoServer and other programs connect to the embedded cluster.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Direct SQL connections to the embedded cluster. With a PostgreSQL of one's own, its own configuration decides.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sql {
    /// Address and port; absent: nobody comes in over the network.
    pub adresse: Option<SocketAddr>,
    /// Certificate, PEM; beyond the loopback it is wanted, and only TLS is let in.
    pub certificat: Option<PathBuf>,
    /// Its private key, PEM.
    pub cle: Option<PathBuf>,
}

impl Sql {
    /// The certificate and its key, when both are given.
    #[must_use]
    pub fn tls(&self) -> Option<(PathBuf, PathBuf)> {
        Some((self.certificat.clone()?, self.cle.clone()?))
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.certificat.is_some() != self.cle.is_some() {
            return Err("sql.certificat et sql.cle vont ensemble ; donnez les deux ou aucun".to_owned());
        }
        for file in [&self.certificat, &self.cle].into_iter().flatten() {
            if !file.is_absolute() || !file.is_file() {
                return Err(format!(
                    "le fichier {} de [sql] est introuvable ; donnez un chemin absolu",
                    file.display()
                ));
            }
        }
        match self.adresse {
            Some(address) if address.port() == 0 => {
                Err("sql.adresse demande un port, par exemple 127.0.0.1:5432".to_owned())
            }
            Some(address) if !address.ip().is_loopback() && self.tls().is_none() => Err(format!(
                "sql.adresse vaut {address} : hors de cette machine, les mots de passe ne passent que par TLS ; donnez sql.certificat et sql.cle"
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_loopback_a_certificate_is_wanted() {
        let at = |address: &str| Sql { adresse: Some(address.parse().unwrap()), ..Sql::default() };
        assert!(at("127.0.0.1:5432").check().is_ok());
        assert!(at("192.0.2.10:5432").check().unwrap_err().contains("TLS"));
        assert!(at("127.0.0.1:0").check().is_err());
        let half = Sql { certificat: Some("/x".into()), ..at("127.0.0.1:5432") };
        assert!(half.check().unwrap_err().contains("ensemble"));
    }
}
