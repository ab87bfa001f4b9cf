//! Collectivités that work in this Finage: made, given territory and missions with dates, closed.
//!
//! Every change is an act of the journal, written with it. Nothing is erased: a territory or a mission ends.

use std::fmt;

use serde::Serialize;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use time::Date;

use super::journal::{self, Auteur, Fait, JournalError};
use crate::db::CollectiviteId;

/// Communes given at once: those of the largest métropole, and more.
pub const MAX_COMMUNES: usize = 1_000;

/// What a collectivité is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Genre {
    /// Commune.
    Commune,
    /// EPCI à fiscalité propre.
    Epci,
    /// Syndicat.
    Syndicat,
    /// Service commun.
    ServiceCommun,
    /// Département.
    Departement,
    /// Another.
    Autre,
}

impl Genre {
    /// Every kind, in the order shown.
    pub const TOUS: [Self; 6] =
        [Self::Commune, Self::Epci, Self::Syndicat, Self::ServiceCommun, Self::Departement, Self::Autre];

    /// The word stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Epci => "epci",
            Self::Syndicat => "syndicat",
            Self::ServiceCommun => "service_commun",
            Self::Departement => "departement",
            Self::Autre => "autre",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|genre| genre.code() == code)
    }
}

impl fmt::Display for Genre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Commune => "commune",
            Self::Epci => "EPCI",
            Self::Syndicat => "syndicat",
            Self::ServiceCommun => "service commun",
            Self::Departement => "département",
            Self::Autre => "autre",
        })
    }
}

/// Why a collectivité was not changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CollectiviteError {
    /// Not a code.
    #[error("« {0} » ne peut pas être un code : 1 à 40 lettres minuscules, chiffres ou tirets, sans tiret au bord")]
    Code(String),
    /// A name that is empty or too long.
    #[error("le nom de la collectivité manque, ou dépasse 200 caractères")]
    Nom,
    /// Not a kind.
    #[error(
        "« {0} » n'est pas un genre de collectivité : commune, epci, syndicat, service_commun, departement ou autre"
    )]
    Genre(String),
    /// Not a SIREN.
    #[error("« {0} » n'est pas un numéro SIREN : il a neuf chiffres")]
    Siren(String),
    /// Taken.
    #[error("une collectivité a déjà le code « {0} » ou ce numéro SIREN ; choisissez-en un autre")]
    Prise(String),
    /// No such collectivité.
    #[error("aucune collectivité n'a le code « {0} » ; « finage collectivite list » les donne")]
    Inconnue(String),
    /// Closed already.
    #[error("la collectivité « {0} » est déjà fermée")]
    Fermee(String),
    /// No communes, or too many.
    #[error("donnez de 1 à {MAX_COMMUNES} communes, par leur code INSEE")]
    Communes,
    /// No such commune.
    #[error("la commune « {0} » est inconnue : donnez un code INSEE du code officiel géographique")]
    Commune(String),
    /// The end is not after the beginning.
    #[error("la fin doit venir après le début : c'est le premier jour qui n'en fait plus partie")]
    Dates,
    /// The period meets another.
    #[error("la commune {0} y est déjà sur une partie de cette période ; terminez d'abord l'autre période")]
    Chevauche(String),
    /// No mission of this name.
    #[error("« {mission} » n'est pas une mission ; celles qui ouvrent des objets : {connues}")]
    Mission {
        /// As asked.
        mission: String,
        /// Those that may be named.
        connues: String,
    },
    /// A mission outside of the territory.
    #[error("la commune {0} n'est pas du territoire à cette date ; ajoutez-la d'abord au territoire")]
    HorsTerritoire(String),
    /// Nothing runs that could be ended.
    #[error("aucune période en cours sur la commune {0} ne commence avant cette fin")]
    RienAFinir(String),
    /// The journal refused, and so nothing was done.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

impl CollectiviteError {
    /// The field of a form that is at fault; none when it is not one.
    #[must_use]
    pub fn champ(&self) -> Option<&'static str> {
        match self {
            Self::Code(_) | Self::Prise(_) => Some("code"),
            Self::Nom => Some("nom"),
            Self::Genre(_) => Some("genre"),
            Self::Siren(_) => Some("siren"),
            Self::Communes | Self::Commune(_) | Self::Chevauche(_) | Self::HorsTerritoire(_) | Self::RienAFinir(_) => {
                Some("communes")
            }
            Self::Dates => Some("au"),
            Self::Mission { .. } => Some("mission"),
            Self::Inconnue(_) | Self::Fermee(_) | Self::Journal(_) | Self::Base(_) => None,
        }
    }
}

/// A collectivité, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Fiche {
    /// Key.
    pub id: CollectiviteId,
    /// Short name, in commands and addresses.
    pub code: String,
    /// Name.
    pub nom: String,
    /// Word of its kind.
    pub genre: String,
    /// SIREN.
    pub siren: Option<String>,
    /// First day on which nobody acts for it.
    pub fermee_le: Option<Date>,
    /// Communes of its territory today.
    pub communes: i64,
    /// Accounts that hold a role for it today.
    pub comptes: i64,
}

/// A commune of a territory or of a mission, from a day to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Periode {
    /// INSEE code.
    pub insee: String,
    /// Name of the commune.
    pub nom: String,
    /// Mission; none for the territory.
    pub mission: Option<String>,
    /// First day.
    pub du: Date,
    /// First day on which it is over; none while it runs.
    pub au: Option<Date>,
    /// Whether it runs today.
    pub en_cours: bool,
    /// Act that founds the mission.
    pub fondement: Option<String>,
}

/// A collectivité to be made.
#[derive(Debug, Clone, Copy)]
pub struct Nouvelle<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub nom: &'a str,
    /// Word of its kind.
    pub genre: &'a str,
    /// SIREN, if known.
    pub siren: Option<&'a str>,
    /// Communes of its territory, from today on.
    pub communes: &'a [String],
}

/// Communes to be added or ended.
#[derive(Debug, Clone, Copy)]
pub struct Etendue<'a> {
    /// Mission; none for the territory.
    pub mission: Option<&'a str>,
    /// INSEE codes.
    pub communes: &'a [String],
    /// First day; none for today.
    pub du: Option<Date>,
    /// First day on which it is over.
    pub au: Option<Date>,
    /// Act that founds a mission.
    pub fondement: Option<&'a str>,
}

/// Makes a collectivité.
///
/// # Errors
/// Every [`CollectiviteError`]; nothing is made then.
pub async fn cree(
    connection: &mut PgConnection,
    auteur: &Auteur,
    nouvelle: &Nouvelle<'_>,
) -> Result<CollectiviteId, CollectiviteError> {
    let Nouvelle { code, siren, communes, .. } = *nouvelle;
    let nom = nouvelle.nom.trim();
    let genre = Genre::parse(nouvelle.genre).ok_or_else(|| CollectiviteError::Genre(court(nouvelle.genre)))?;
    if !est_code(code) {
        return Err(CollectiviteError::Code(court(code)));
    }
    if nom.is_empty() || nom.chars().count() > 200 || nom.contains('\0') {
        return Err(CollectiviteError::Nom);
    }
    if let Some(siren) = siren
        && !(siren.len() == 9 && siren.bytes().all(|octet| octet.is_ascii_digit()))
    {
        return Err(CollectiviteError::Siren(court(siren)));
    }
    let mut transaction = connection.begin().await?;
    let id: Option<CollectiviteId> = sqlx::query_scalar(include_str!("sql/collectivite_creer.sql"))
        .bind(code)
        .bind(nom)
        .bind(genre.code())
        .bind(siren)
        .fetch_optional(&mut *transaction)
        .await?;
    let id = id.ok_or_else(|| CollectiviteError::Prise(code.to_owned()))?;
    let details = json!({ "nom": nom, "genre": genre, "siren": siren });
    acte(&mut transaction, auteur, "creer", code, &details).await?;
    if !communes.is_empty() {
        let etendue = Etendue { mission: None, communes, du: None, au: None, fondement: None };
        etend(&mut transaction, auteur, (id, code), &etendue).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

/// Closes a collectivité from a day on, today by default: nobody acts for it any more; its rows stay.
///
/// # Errors
/// It is unknown or closed, or the database refused.
pub async fn ferme(
    connection: &mut PgConnection,
    auteur: &Auteur,
    code: &str,
    le: Option<Date>,
) -> Result<(), CollectiviteError> {
    let mut transaction = connection.begin().await?;
    cle(&mut transaction, code).await?;
    let fermee: Option<Date> = sqlx::query_scalar(include_str!("sql/collectivite_fermer.sql"))
        .bind(code)
        .bind(le)
        .fetch_optional(&mut *transaction)
        .await?;
    let fermee = fermee.ok_or_else(|| CollectiviteError::Fermee(code.to_owned()))?;
    acte(&mut transaction, auteur, "fermer", code, &json!({ "le": fermee })).await?;
    transaction.commit().await?;
    Ok(())
}

/// Adds communes to the territory or to a mission.
///
/// # Errors
/// Every [`CollectiviteError`]; nothing is added then.
pub async fn ajoute(
    connection: &mut PgConnection,
    auteur: &Auteur,
    code: &str,
    etendue: &Etendue<'_>,
) -> Result<(), CollectiviteError> {
    let mut transaction = connection.begin().await?;
    let id = cle(&mut transaction, code).await?;
    etend(&mut transaction, auteur, (id, code), etendue).await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends the period that runs on each of these communes, today by default.
///
/// # Errors
/// Every [`CollectiviteError`]; nothing is ended then.
pub async fn termine(
    connection: &mut PgConnection,
    auteur: &Auteur,
    code: &str,
    etendue: &Etendue<'_>,
) -> Result<(), CollectiviteError> {
    bornee(etendue.communes)?;
    let mut transaction = connection.begin().await?;
    let id = cle(&mut transaction, code).await?;
    let sql = match etendue.mission {
        Some(_) => include_str!("sql/mission_terminer.sql"),
        None => include_str!("sql/territoire_terminer.sql"),
    };
    for insee in etendue.communes {
        let mut requete = sqlx::query_scalar::<_, Date>(sql).bind(id).bind(insee).bind(etendue.au);
        if let Some(mission) = etendue.mission {
            requete = requete.bind(mission);
        }
        let fin = requete.fetch_optional(&mut *transaction).await?;
        let fin = fin.ok_or_else(|| CollectiviteError::RienAFinir(court(insee)))?;
        let details = json!({ "mission": etendue.mission, "commune": insee, "au": fin });
        let action = if etendue.mission.is_some() { "terminer_mission" } else { "terminer_territoire" };
        acte(&mut transaction, auteur, action, code, &details).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Every collectivité, open ones first.
///
/// # Errors
/// The database refused.
pub async fn liste(connection: &mut PgConnection) -> sqlx::Result<Vec<Fiche>> {
    sqlx::query_as(include_str!("sql/collectivites.sql")).bind(None::<String>).fetch_all(connection).await
}

/// The collectivité of this code.
///
/// # Errors
/// The database refused.
pub async fn une(connection: &mut PgConnection, code: &str) -> sqlx::Result<Option<Fiche>> {
    sqlx::query_as(include_str!("sql/collectivites.sql")).bind(Some(code)).fetch_optional(connection).await
}

/// Territory and missions of a collectivité, those over included.
///
/// # Errors
/// The database refused.
pub async fn periodes(connection: &mut PgConnection, id: CollectiviteId) -> sqlx::Result<Vec<Periode>> {
    sqlx::query_as(include_str!("sql/periodes.sql")).bind(id).fetch_all(connection).await
}

/// Missions that open objects.
///
/// # Errors
/// The database refused.
pub async fn missions(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("select distinct mission from core.objet order by mission").fetch_all(connection).await
}

async fn etend(
    connection: &mut PgConnection,
    auteur: &Auteur,
    (id, code): (CollectiviteId, &str),
    etendue: &Etendue<'_>,
) -> Result<(), CollectiviteError> {
    let Etendue { mission, communes, du, au, fondement } = *etendue;
    bornee(communes)?;
    let aujourdhui: Date = sqlx::query_scalar("select core.jour('')").fetch_one(&mut *connection).await?;
    let du = du.unwrap_or(aujourdhui);
    if au.is_some_and(|au| au <= du) {
        return Err(CollectiviteError::Dates);
    }
    if let Some(mission) = mission {
        let connues = missions(connection).await?;
        if !connues.iter().any(|connue| connue == mission) {
            return Err(CollectiviteError::Mission { mission: court(mission), connues: connues.join(", ") });
        }
    }
    for insee in communes {
        let connue: bool = sqlx::query_scalar("select exists (select from core.commune where insee = $1)")
            .bind(insee)
            .fetch_one(&mut *connection)
            .await?;
        if !connue {
            return Err(CollectiviteError::Commune(court(insee)));
        }
        let (dans, deja): (bool, bool) = sqlx::query_as(include_str!("sql/periode_libre.sql"))
            .bind(id)
            .bind(insee)
            .bind(du)
            .bind(au)
            .bind(mission)
            .fetch_one(&mut *connection)
            .await?;
        if deja {
            return Err(CollectiviteError::Chevauche(insee.clone()));
        }
        if mission.is_some() && !dans {
            return Err(CollectiviteError::HorsTerritoire(insee.clone()));
        }
        let sql = match mission {
            Some(_) => include_str!("sql/mission_ajouter.sql"),
            None => include_str!("sql/territoire_ajouter.sql"),
        };
        let mut requete = sqlx::query(sql).bind(id).bind(insee).bind(du).bind(au);
        if let Some(mission) = mission {
            requete = requete.bind(mission).bind(fondement);
        }
        requete.execute(&mut *connection).await?;
    }
    let details = json!({ "mission": mission, "communes": communes, "du": du, "au": au, "fondement": fondement });
    let action = if mission.is_some() { "ajouter_mission" } else { "ajouter_territoire" };
    Ok(acte(connection, auteur, action, code, &details).await?)
}

async fn cle(connection: &mut PgConnection, code: &str) -> Result<CollectiviteId, CollectiviteError> {
    // Changes of one collectivité take turns: periods are compared, then written.
    let id = sqlx::query_scalar("select id from acces.collectivite where code = $1 for update")
        .bind(code)
        .fetch_optional(connection)
        .await?;
    id.ok_or_else(|| CollectiviteError::Inconnue(court(code)))
}

async fn acte(
    connection: &mut PgConnection,
    auteur: &Auteur,
    action: &str,
    code: &str,
    details: &serde_json::Value,
) -> Result<(), JournalError> {
    journal::acte(connection, auteur, &Fait { action, objet: "collectivite", cle: Some(code), details }).await
}

fn bornee(communes: &[String]) -> Result<(), CollectiviteError> {
    if communes.is_empty() || communes.len() > MAX_COMMUNES { Err(CollectiviteError::Communes) } else { Ok(()) }
}

fn court(texte: &str) -> String {
    texte.chars().filter(|lettre| !lettre.is_control()).take(60).collect()
}

fn est_code(code: &str) -> bool {
    (1..=40).contains(&code.len())
        && code.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-')
        && !code.starts_with('-')
        && !code.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_into_an_address() {
        for bon in ["13004", "ccvo", "a", "cc-val-d-oise", &"a".repeat(40)] {
            assert!(est_code(bon), "{bon}");
        }
        for mauvais in ["", "-a", "a-", "CCVO", "a b", "é", "a/b", &"a".repeat(41)] {
            assert!(!est_code(mauvais), "{mauvais}");
        }
    }
}
