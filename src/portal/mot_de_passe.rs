//! `/mot-de-passe/…`: one that was forgotten, one that is chosen.

use askama::Template;

use super::Cadre;
use crate::access::mot_de_passe::MIN;

/// A link is asked for.
#[derive(Debug, Template)]
#[template(path = "mot_de_passe_oublie.html")]
pub struct OubliePage<'a> {
    cadre: Cadre<'a>,
    /// Whether it was asked for.
    demande: bool,
    erreur: Option<&'a str>,
}

impl<'a> OubliePage<'a> {
    /// The form, or what was done of it.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, demande: bool, erreur: Option<&'a str>) -> Self {
        Self { cadre, demande, erreur }
    }
}

/// A password is chosen through a link.
#[derive(Debug, Template)]
#[template(path = "mot_de_passe.html")]
pub struct MotDePassePage<'a> {
    cadre: Cadre<'a>,
    /// Path of this page.
    action: &'a str,
    email: &'a str,
    erreur: Option<&'a str>,
    minimum: usize,
}

impl<'a> MotDePassePage<'a> {
    /// The form of the account of this e-mail.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, action: &'a str, email: &'a str, erreur: Option<&'a str>) -> Self {
        Self { cadre, action, email, erreur, minimum: MIN }
    }
}
