//! `/administration`: accounts of the installation, and the roles of one of them.

use askama::Template;
use uuid::Uuid;

use super::{Cadre, Choix, Faute, SaisieRole, nombres};
use crate::access::attributions::Attribution;
use crate::access::comptes::EtatCompte;

/// Accounts of the installation.
#[derive(Debug, Template)]
#[template(path = "administration.html")]
pub struct AdministrationPage<'a> {
    cadre: Cadre<'a>,
    comptes: Vec<LigneCompte>,
    collectivites: usize,
    saisie: &'a SaisieCompte,
    faute: &'a Faute,
}

/// What was typed of an account to make.
#[derive(Debug, Clone, Default)]
pub struct SaisieCompte {
    /// E-mail.
    pub email: String,
    /// Name.
    pub nom: String,
}

#[derive(Debug)]
struct LigneCompte {
    id: Uuid,
    nom: String,
    email: String,
    etat: String,
    ouvert: bool,
    vu: String,
    roles: String,
}

impl<'a> AdministrationPage<'a> {
    /// The page, on these accounts and that many collectivités.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        comptes: Vec<EtatCompte>,
        collectivites: usize,
        saisie: &'a SaisieCompte,
        faute: &'a Faute,
    ) -> Self {
        Self { cadre, comptes: comptes.into_iter().map(LigneCompte::from).collect(), collectivites, saisie, faute }
    }
}

impl From<EtatCompte> for LigneCompte {
    fn from(compte: EtatCompte) -> Self {
        let mut etat = vec![if compte.actif { "ouvert" } else { "fermé" }];
        if compte.administrateur {
            etat.push("administre l'installation");
        }
        if compte.second_facteur {
            etat.push("second facteur");
        }
        if !compte.entre {
            etat.push("n'a pas encore de mot de passe");
        }
        Self {
            id: compte.id,
            nom: compte.nom,
            email: compte.email,
            etat: etat.join(", "),
            ouvert: compte.actif,
            vu: compte.vu_le.map_or_else(|| "jamais".to_owned(), |vu| nombres::date(vu.date())),
            roles: if compte.roles.is_empty() { "aucun".to_owned() } else { compte.roles.join(", ") },
        }
    }
}

/// The roles of an account, in every collectivité.
#[derive(Debug, Template)]
#[template(path = "administration_compte.html")]
pub struct CompteAdministrePage<'a> {
    cadre: Cadre<'a>,
    compte: LigneCompte,
    tenues: Vec<super::roles::Tenue>,
    /// Collectivités in which the account may be shown: code and name.
    vues: Vec<(String, String)>,
    saisie: &'a SaisieRole,
    faute: &'a Faute,
    collectivites: Vec<Choix>,
    roles: Vec<Choix>,
}

impl<'a> CompteAdministrePage<'a> {
    /// The page; `collectivites` are open ones, `roles` those that may be given somewhere.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        compte: EtatCompte,
        tenues: Vec<Attribution>,
        collectivites: Vec<(String, String)>,
        roles: Vec<(String, String)>,
        saisie: &'a SaisieRole,
        faute: &'a Faute,
    ) -> Self {
        let tient = |code: &str| tenues.iter().any(|tenue| tenue.collectivite == code && tenue.en_cours && tenue.actif);
        let vues = collectivites.iter().filter(|(code, _)| tient(code)).cloned().collect();
        Self {
            cadre,
            vues,
            tenues: tenues.into_iter().map(super::roles::Tenue::from).collect(),
            compte: compte.into(),
            collectivites: Choix::parmi(collectivites, &saisie.collectivite),
            roles: Choix::parmi(roles, &saisie.role),
            saisie,
            faute,
        }
    }
}
