//! `[[oidc]]`: providers of identities through which existing accounts may sign in.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A provider of OpenID Connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// Short name, in addresses.
    pub id: String,
    /// Name on the button.
    pub libelle: String,
    /// Issuer: where `/.well-known/openid-configuration` is.
    pub emetteur: String,
    /// Name of this installation at the provider.
    pub client_id: String,
    /// File that holds the secret of this installation, on one line.
    pub client_secret_fichier: PathBuf,
    /// Scopes asked for beside `openid` and `email`.
    #[serde(default)]
    pub portees: Vec<String>,
    /// E-mails let in; with `domaines_admis` empty too, every existing account.
    #[serde(default)]
    pub courriels_admis: Vec<String>,
    /// Domains of e-mails let in.
    #[serde(default)]
    pub domaines_admis: Vec<String>,
    /// SIRET of the organisations let in; none for all.
    #[serde(default)]
    pub siret: Vec<String>,
    /// The provider vouches for e-mails without saying `email_verified`.
    #[serde(default)]
    pub courriel_verifie: bool,
    /// Only a signed answer of the `userinfo` endpoint is taken.
    #[serde(default)]
    pub userinfo_signe: bool,
}

impl Oidc {
    pub(super) fn check(&self) -> Result<(), String> {
        let Self { id, libelle, emetteur, client_id, client_secret_fichier: file, .. } = self;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || id.len() > 30 || !id.chars().all(plain) {
            return Err(format!("oidc.id vaut « {id} » ; il faut de 1 à 30 lettres minuscules, chiffres ou tirets"));
        }
        if libelle.trim().is_empty() || libelle.chars().count() > 60 || client_id.is_empty() {
            return Err(format!("oidc « {id} » : libelle et client_id sont obligatoires"));
        }
        if !is_safe(emetteur) {
            return Err(format!(
                "oidc « {id} » : emetteur vaut « {emetteur} » ; il faut une adresse https:// (http:// sur cette machine seulement)"
            ));
        }
        if !(file.is_absolute() && file.is_file()) {
            return Err(format!(
                "oidc « {id} » : le fichier {} est introuvable ; donnez un chemin absolu",
                file.display()
            ));
        }
        if let Some(wrong) = self.siret.iter().find(|s| s.len() != 14 || !s.bytes().all(|b| b.is_ascii_digit())) {
            return Err(format!("oidc « {id} » : « {wrong} » n'est pas un SIRET, qui a 14 chiffres"));
        }
        Ok(())
    }

    /// Whether this e-mail is let in.
    #[must_use]
    pub fn admet(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let free = self.courriels_admis.is_empty() && self.domaines_admis.is_empty();
        free || self.courriels_admis.iter().any(|one| one.eq_ignore_ascii_case(email))
            || self.domaines_admis.iter().any(|one| one.eq_ignore_ascii_case(domain))
    }
}

/// TLS, or this machine.
#[must_use]
pub fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(inside) => inside.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let here = host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()) || host == "localhost";
    !host.is_empty() && !authority.contains('@') && (scheme == "https" || (scheme == "http" && here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_asked_over_tls_or_on_this_machine() {
        for good in
            ["https://idp.exemple.fr/realms/a", "http://127.0.0.1:9000", "http://[::1]:9000/", "http://localhost:1"]
        {
            assert!(is_safe(good), "{good}");
        }
        for bad in [
            "http://idp.exemple.fr",
            "http://127.0.0.1@idp.fr",
            "http://localhost.idp.fr",
            "ftp://127.0.0.1",
            "https://",
            "x",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }

    #[test]
    fn an_allow_list_lets_in_what_it_names() {
        let of = |courriels: &[&str], domaines: &[&str]| Oidc {
            id: "essai".into(),
            libelle: "Essai".into(),
            emetteur: "https://idp.exemple.fr".into(),
            client_id: "finage".into(),
            client_secret_fichier: "/x".into(),
            portees: Vec::new(),
            courriels_admis: courriels.iter().map(|one| (*one).to_owned()).collect(),
            domaines_admis: domaines.iter().map(|one| (*one).to_owned()).collect(),
            siret: Vec::new(),
            courriel_verifie: false,
            userinfo_signe: false,
        };
        assert!(of(&[], &[]).admet("a@b.fr"));
        assert!(of(&["a@b.fr"], &[]).admet("a@b.fr") && !of(&["a@b.fr"], &[]).admet("c@b.fr"));
        assert!(of(&[], &["b.fr"]).admet("c@b.fr") && !of(&[], &["b.fr"]).admet("c@ab.fr"));
        assert!(!of(&[], &["b.fr"]).admet("c@b.fr.ailleurs.net"));
        assert!(of(&[], &[]).check().unwrap_err().contains("introuvable"));
    }
}
