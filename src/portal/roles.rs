//! `/roles`: who holds what for a collectivité, given, withdrawn and reviewed by its manager of accounts.

use std::fmt::Write as _;

use askama::Template;
use uuid::Uuid;

use super::{Cadre, Choix, Faute, nombres};
use crate::access::attributions::Attribution;

/// What was typed to give a role.
#[derive(Debug, Clone, Default)]
pub struct SaisieRole {
    /// E-mail of the account.
    pub email: String,
    /// Code of the role.
    pub role: String,
    /// Code of the collectivité, where it is chosen.
    pub collectivite: String,
    /// INSEE codes; empty for the whole territory.
    pub communes: String,
    /// Purposes.
    pub finalites: String,
    /// First day.
    pub du: String,
    /// First day on which it is no longer held.
    pub au: String,
}

/// A role held, in words.
#[derive(Debug)]
pub(super) struct Tenue {
    pub(super) id: i64,
    pub(super) utilisateur: Uuid,
    pub(super) nom: String,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) collectivite: String,
    pub(super) communes: String,
    pub(super) finalites: String,
    pub(super) periode: String,
    pub(super) vu: String,
    /// What the review draws attention to; empty for nothing.
    pub(super) a_revoir: String,
}

impl From<Attribution> for Tenue {
    fn from(tenue: Attribution) -> Self {
        let mut periode = format!("depuis le {}", nombres::date(tenue.du));
        if !tenue.en_cours {
            periode = format!("à partir du {}", nombres::date(tenue.du));
        }
        if let Some(au) = tenue.au {
            let _ = write!(periode, ", jusqu'au {} exclu", nombres::date(au));
        }
        let signes = [
            (!tenue.actif, "compte fermé"),
            (tenue.expire_bientot, "expire bientôt"),
            (tenue.jamais_servie, "n'a jamais servi"),
            (tenue.compte_absent, "compte absent depuis six mois"),
        ];
        let a_revoir: Vec<&str> = signes.into_iter().filter(|(vrai, _)| *vrai).map(|(_, mots)| mots).collect();
        Self {
            id: tenue.id,
            utilisateur: tenue.utilisateur,
            nom: tenue.nom,
            email: tenue.email,
            role: tenue.role_libelle,
            collectivite: tenue.collectivite,
            communes: tenue.communes.map_or_else(|| "tout le territoire".to_owned(), |codes| codes.join(", ")),
            finalites: if tenue.finalites.is_empty() { "aucune".to_owned() } else { tenue.finalites.join(", ") },
            periode,
            vu: tenue.vu_le.map_or_else(|| "jamais".to_owned(), |vu| nombres::date(vu.date())),
            a_revoir: a_revoir.join(", "),
        }
    }
}

/// Roles that may be given, code and name; objects whose rights may be looked at, name and label.
pub type Offerts = (Vec<(String, String)>, Vec<(&'static str, &'static str)>);

/// Roles held for a collectivité, and the form that gives one.
#[derive(Debug, Template)]
#[template(path = "roles.html")]
pub struct RolesPage<'a> {
    cadre: Cadre<'a>,
    collectivite: &'a str,
    tenues: Vec<Tenue>,
    a_revoir: usize,
    /// Whether the form is there.
    donne: bool,
    retire: bool,
    saisie: &'a SaisieRole,
    faute: &'a Faute,
    roles: Vec<Choix>,
    objets: Vec<(&'static str, &'static str)>,
}

impl<'a> RolesPage<'a> {
    /// The page for a collectivité of that name; `donne` and `retire` say what its reader may do.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        collectivite: &'a str,
        tenues: Vec<Attribution>,
        (donne, retire): (bool, bool),
        (roles, objets): Offerts,
        saisie: &'a SaisieRole,
        faute: &'a Faute,
    ) -> Self {
        let tenues: Vec<Tenue> = tenues.into_iter().map(Tenue::from).collect();
        let a_revoir = tenues.iter().filter(|tenue| !tenue.a_revoir.is_empty()).count();
        let roles = Choix::parmi(roles, &saisie.role);
        Self { cadre, collectivite, tenues, a_revoir, donne, retire, saisie, faute, roles, objets }
    }
}

/// The roles of an account for a collectivité.
#[derive(Debug, Template)]
#[template(path = "roles_compte.html")]
pub struct RolesComptePage<'a> {
    cadre: Cadre<'a>,
    collectivite: (&'a str, &'a str),
    utilisateur: Uuid,
    email: String,
    tenues: Vec<Tenue>,
    retire: bool,
    voir: bool,
}

impl<'a> RolesComptePage<'a> {
    /// The page; `collectivite` is a code and a name, `voir` whether « voir comme » is offered.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        collectivite: (&'a str, &'a str),
        (utilisateur, email): (Uuid, String),
        tenues: Vec<Attribution>,
        retire: bool,
        voir: bool,
    ) -> Self {
        Self {
            cadre,
            collectivite,
            utilisateur,
            email,
            tenues: tenues.into_iter().map(Tenue::from).collect(),
            retire,
            voir,
        }
    }
}
