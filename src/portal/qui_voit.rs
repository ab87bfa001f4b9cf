//! `/droits/{objet}`: who sees a record, and why.

use std::fmt::Write as _;

use askama::Template;

use super::{Cadre, Faute, nombres};
use crate::access::droits::explication::{Explication, Ouverture};
use crate::access::droits::{Action, Objet};

/// The question, and its answer once a record is named.
#[derive(Debug, Template)]
#[template(path = "qui_voit.html")]
pub struct QuiVoitPage<'a> {
    cadre: Cadre<'a>,
    objet: &'a Objet,
    cle: &'a str,
    faute: &'a Faute,
    explication: Option<&'a Explication>,
    lignes: Vec<Ligne>,
}

/// A right that opens the record, in words.
#[derive(Debug)]
struct Ligne {
    compte: String,
    email: String,
    peut: String,
    par: String,
    condition: String,
    champs: String,
}

impl<'a> QuiVoitPage<'a> {
    /// The page, with the answer when there is one.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        objet: &'a Objet,
        cle: &'a str,
        faute: &'a Faute,
        explication: Option<&'a Explication>,
    ) -> Self {
        let lignes = explication.map(|une| une.ouvertures.iter().map(|ouverture| ligne(objet, ouverture)).collect());
        Self { cadre, objet, cle, faute, explication, lignes: lignes.unwrap_or_default() }
    }
}

fn ligne(objet: &Objet, ouverture: &Ouverture) -> Ligne {
    let fin = ouverture.au.map_or_else(String::new, |au| format!(" jusqu'au {} exclu", nombres::date(au)));
    let mut condition = vec![match &ouverture.communes {
        Some(communes) => format!("commune parmi {}", communes.join(", ")),
        None => "tout le territoire".to_owned(),
    }];
    condition.extend(ouverture.lignes.as_ref().map(|lignes| format!("lignes : {lignes}")));
    if ouverture.action == Action::Nominatif {
        condition.push(match ouverture.finalites.as_slice() {
            [] => "aucune finalité déclarée : rien n'est montré".to_owned(),
            finalites => format!("finalités : {}", finalites.join(", ")),
        });
    }
    let libelle = |nom: &&str| objet.champ(nom).map_or("", |champ| champ.libelle);
    let mut peut = ouverture.action.to_string();
    if ouverture.niveau > 0 {
        let _ = write!(peut, " (niveau {})", ouverture.niveau);
    }
    Ligne {
        compte: ouverture.nom.clone(),
        email: ouverture.email.clone(),
        peut,
        par: format!("rôle « {} », depuis le {}{fin}", ouverture.role_libelle, nombres::date(ouverture.du)),
        condition: condition.join(" ; "),
        champs: ouverture.champs.iter().map(libelle).collect::<Vec<_>>().join(", "),
    }
}
