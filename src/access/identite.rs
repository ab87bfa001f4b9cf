//! Who asks: an account, known by its session or by a token, the collectivité it acts for, and what it may do there.

use std::sync::Arc;

use serde::Serialize;
use thiserror::Error;
use uuid::Uuid;

use super::droits::{Action, Droit, Droits, Objet, Sujet, catalogue};
use super::journal::Finalite;
use crate::db::{Acteur, Canal, CollectiviteId};

/// A collectivité, as people name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Collectivite {
    /// Key.
    pub id: CollectiviteId,
    /// Short name, in commands and addresses.
    pub code: String,
    /// Name.
    pub nom: String,
}

/// An account, as people name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compte {
    /// Key.
    pub id: Uuid,
    /// E-mail: what one signs in with.
    pub email: String,
    /// Name.
    pub nom: String,
}

/// How far a session went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etape {
    /// The second factor is asked for.
    SecondFacteur,
    /// A second factor must first be chosen.
    Enrolement,
    /// Signed in.
    Complete,
}

/// What a request carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Porteur {
    /// The cookie of a browser.
    Session {
        /// Name of the session in lists.
        id: Uuid,
        /// How far it went.
        etape: Etape,
    },
    /// The token of a program.
    Jeton {
        /// Its name in lists.
        id: Uuid,
        /// Whether it may write.
        ecriture: bool,
    },
    /// Long work that an account asked for, or the command line: no request carries it.
    Travail,
}

/// What is known of who asks. Read again after 5 s at most, and as soon as a right changes.
#[derive(Debug)]
pub struct Identite {
    /// The account.
    pub compte: Compte,
    /// Whether it administers the installation: accounts, collectivités, roles. Gives no right on data.
    pub administrateur: bool,
    /// What the request carried.
    pub porteur: Porteur,
    /// The collectivité it acts for.
    pub collectivite: Option<Collectivite>,
    /// Those it may act for.
    pub collectivites: Vec<Collectivite>,
    /// « Voir comme »: rights are those of this account, and nothing is written.
    pub vue_comme: Option<Compte>,
    /// What it may do there.
    pub droits: Droits,
}

/// Why an account may not do something.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refus {
    /// It has no collectivité to act for.
    #[error("votre compte n'agit pour aucune collectivité ; demandez un rôle à son gestionnaire")]
    SansCollectivite,
    /// The second factor was not presented.
    #[error("votre connexion n'est pas achevée : donnez d'abord votre second facteur")]
    Inachevee,
    /// The right was not given.
    #[error(
        "votre compte n'a pas le droit « {action} » sur « {objet} » ; demandez-le au gestionnaire des comptes de votre collectivité"
    )]
    Droit {
        /// What was to be done.
        action: Action,
        /// To what.
        objet: &'static str,
    },
    /// Nominative data for a purpose that was not declared for this account.
    #[error(
        "votre compte n'est pas habilité à voir des données nominatives pour la finalité « {0} » ; le gestionnaire des comptes l'inscrit à votre rôle"
    )]
    Finalite(Finalite),
    /// A token made to read only.
    #[error("ce jeton ne fait que lire ; il en faut un de portée « write »")]
    LectureSeule,
    /// « Voir comme » shows, and does nothing.
    #[error("« Voir comme » ne fait que montrer : revenez à votre compte pour écrire ou voir des données nominatives")]
    VueComme,
}

impl Identite {
    /// Whether it is signed in whole.
    #[must_use]
    pub fn complete(&self) -> bool {
        matches!(
            self.porteur,
            Porteur::Jeton { .. } | Porteur::Travail | Porteur::Session { etape: Etape::Complete, .. }
        )
    }

    /// Open pages let a session in at any stage: what it may do waits for its end.
    fn achevee(&self) -> Result<(), Refus> {
        if self.complete() { Ok(()) } else { Err(Refus::Inachevee) }
    }

    /// Who acts, through what.
    ///
    /// # Errors
    /// It acts for no collectivité.
    pub fn acteur(&self, canal: Canal) -> Result<Acteur, Refus> {
        self.achevee()?;
        let collectivite = self.collectivite.as_ref().ok_or(Refus::SansCollectivite)?.id;
        Ok(Acteur { utilisateur: Some(self.compte.id), collectivite, canal })
    }

    /// The right to do this to this kind of object, on the rows and fields it gives.
    ///
    /// # Errors
    /// It was not given, or what the request carried does not reach it.
    pub fn droit(&self, objet: &'static Objet, action: Action) -> Result<Droit, Refus> {
        self.achevee()?;
        if action.ecrit() {
            self.peut_ecrire()?;
        }
        // The journal tells who looked at whom: it is read by whom the right was given to, not by a view.
        if self.vue_comme.is_some() && objet.nom == catalogue::JOURNAL.nom {
            return Err(Refus::VueComme);
        }
        let sujet = self.sujet()?;
        self.droits.droit(objet, action, &sujet).ok_or(Refus::Droit { action, objet: objet.libelle })
    }

    /// Whether what the request carried writes at all: what is an account's own needs no right besides.
    ///
    /// # Errors
    /// A view « comme », or a token that only reads.
    pub fn peut_ecrire(&self) -> Result<(), Refus> {
        self.achevee()?;
        if self.vue_comme.is_some() {
            return Err(Refus::VueComme);
        }
        if matches!(self.porteur, Porteur::Jeton { ecriture: false, .. }) {
            return Err(Refus::LectureSeule);
        }
        Ok(())
    }

    /// The right to see nominative fields of this kind of object for a declared purpose.
    ///
    /// # Errors
    /// It was not given, not for this purpose, or a view « comme » asks.
    pub fn nominatif(&self, objet: &'static Objet, finalite: &Finalite) -> Result<Droit, Refus> {
        self.achevee()?;
        if self.vue_comme.is_some() {
            return Err(Refus::VueComme);
        }
        let nominatif = self.droits.droit(objet, Action::Nominatif, &self.sujet()?);
        let droit = nominatif.ok_or(Refus::Droit { action: Action::Nominatif, objet: objet.libelle })?;
        droit.pour(finalite).ok_or_else(|| Refus::Finalite(finalite.clone()))
    }
}

impl Identite {
    /// Whom rights are compiled for: the account, or the one that is shown.
    fn sujet(&self) -> Result<Sujet, Refus> {
        let collectivite = self.collectivite.as_ref().ok_or(Refus::SansCollectivite)?.id;
        let compte = self.vue_comme.as_ref().unwrap_or(&self.compte);
        Ok(Sujet { id: compte.id, email: compte.email.clone(), collectivite })
    }
}

/// Shared between requests.
pub type Connu = Arc<Identite>;
