//! `/connexion`: e-mail and password.

use askama::Template;

use super::Cadre;

/// The form of sign-in.
#[derive(Debug, Template)]
#[template(path = "connexion.html")]
pub struct ConnexionPage<'a> {
    cadre: Cadre<'a>,
    /// What was typed as e-mail.
    email: &'a str,
    /// Where one goes afterwards.
    suite: &'a str,
    /// Providers of identities: name, address.
    fournisseurs: &'a [(String, String)],
    /// Why it was refused.
    erreur: Option<&'a str>,
    /// What was just done.
    avis: Option<&'a str>,
}

impl<'a> ConnexionPage<'a> {
    /// The page; `suite` is a path of this site.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        email: &'a str,
        suite: &'a str,
        fournisseurs: &'a [(String, String)],
        erreur: Option<&'a str>,
        avis: Option<&'a str>,
    ) -> Self {
        Self { cadre, email, suite, fournisseurs, erreur, avis }
    }
}
