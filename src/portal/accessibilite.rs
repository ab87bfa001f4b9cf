//! `/accessibilite`: the declaration (décret n° 2019-768, arrêté du 20 septembre 2019), made from the kept grid.

use askama::Template;

use super::Cadre;
use super::grille::{Etat, Grille};

/// The declaration of accessibility.
#[derive(Debug, Template)]
#[template(path = "accessibilite.html")]
pub struct AccessibilitePage<'a> {
    cadre: Cadre<'a>,
    grille: &'a Grille,
    contact: Option<String>,
    conformes: usize,
    non_conformes: usize,
    non_applicables: usize,
    a_verifier: usize,
}

impl<'a> AccessibilitePage<'a> {
    /// The page.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, grille: &'a Grille) -> Self {
        Self {
            contact: cadre.portail.lien_contact(),
            conformes: grille.compte(Etat::Conforme),
            non_conformes: grille.compte(Etat::NonConforme),
            non_applicables: grille.compte(Etat::NonApplicable),
            a_verifier: grille.compte(Etat::AVerifier),
            cadre,
            grille,
        }
    }
}
