//! `/compte`: what an account sees of itself, and changes.

use askama::Template;
use uuid::Uuid;

use super::Cadre;
use super::nombres::{jour, moment};
use crate::access::identite::Identite;
use crate::access::jeton::{JOURS, Jeton, MAX_JOURS};
use crate::access::mot_de_passe::MIN;
use crate::access::session::Session;

/// Which form was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formule {
    /// The password.
    MotDePasse,
    /// The second factor.
    SecondFacteur,
    /// A new token.
    Jeton,
}

impl Formule {
    /// The field that the refusal leads to.
    fn champ(self) -> &'static str {
        match self {
            Self::MotDePasse => "actuel",
            Self::SecondFacteur => "code",
            Self::Jeton => "libelle",
        }
    }
}

/// What was just refused or done.
#[derive(Debug, Clone, Default)]
pub struct Message<'a> {
    /// A form and why it was refused.
    pub erreur: Option<(Formule, &'a str)>,
    /// What was done.
    pub avis: Option<&'a str>,
    /// A token, shown this once.
    pub jeton: Option<&'a str>,
}

/// What belongs to an account, as the database has it.
#[derive(Debug)]
pub struct Avoirs<'a> {
    /// Name of the session that asks.
    pub session: Uuid,
    /// Open sessions.
    pub sessions: &'a [Session],
    /// Tokens.
    pub jetons: &'a [Jeton],
    /// Recovery codes left; none without a second factor.
    pub codes: Option<i64>,
    /// Whether it cannot do without a second factor.
    pub obligatoire: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "compte.html")]
pub struct ComptePage<'a> {
    cadre: Cadre<'a>,
    identite: &'a Identite,
    message: Message<'a>,
    /// Recovery codes left; none without a second factor.
    codes: Option<i64>,
    obligatoire: bool,
    sessions: Vec<LigneSession>,
    jetons: Vec<LigneJeton>,
    minimum: usize,
    jours: i32,
    max_jours: i32,
}

#[derive(Debug)]
struct LigneSession {
    id: String,
    poste: String,
    ouverte: String,
    vue: String,
    celle_ci: bool,
}

#[derive(Debug)]
struct LigneJeton {
    id: String,
    libelle: String,
    collectivite: String,
    portee: &'static str,
    expire: String,
    vu: String,
}

impl<'a> ComptePage<'a> {
    /// The page of this account.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, identite: &'a Identite, avoirs: &Avoirs<'_>, message: Message<'a>) -> Self {
        let sessions = avoirs.sessions.iter().map(|une| LigneSession {
            id: une.id.to_string(),
            poste: une.poste.clone().unwrap_or_else(|| "poste inconnu".to_owned()),
            ouverte: moment(une.ouverte_le),
            vue: moment(une.vue_le),
            celle_ci: une.id == avoirs.session,
        });
        let now = time::OffsetDateTime::now_utc();
        let open = avoirs.jetons.iter().filter(|un| un.revoque_le.is_none() && un.expire_le > now);
        let jetons = open.map(|un| LigneJeton {
            id: un.id.to_string(),
            libelle: un.libelle.clone(),
            collectivite: un.collectivite_nom.clone(),
            portee: if un.portee.iter().any(|une| une == "write") { "lire et écrire" } else { "lire" },
            expire: jour(un.expire_le),
            vu: un.vu_le.map_or_else(|| "jamais".to_owned(), moment),
        });
        Self {
            cadre,
            identite,
            message,
            codes: avoirs.codes,
            obligatoire: avoirs.obligatoire,
            sessions: sessions.collect(),
            jetons: jetons.collect(),
            minimum: MIN,
            jours: JOURS,
            max_jours: MAX_JOURS,
        }
    }

    /// The refusal of this form.
    fn refus(&self, formule: Formule) -> Option<&str> {
        self.message.erreur.filter(|(laquelle, _)| *laquelle == formule).map(|(_, texte)| texte)
    }
}
