//! The second factor: codes of a telephone (TOTP, RFC 6238), and codes kept on paper for the day it is lost.

use data_encoding::BASE32_NOPAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use super::Acces;
use super::coffre::Coffre;
use super::essai::{Cle, Verdict, reserve};
use super::journal::Auteur;
use super::session;
use super::utilisateur::{self, CompteError};
use crate::db::Canal;

/// Bytes of a secret (RFC 4226, section 4).
const OCTETS: usize = 20;
/// Recovery codes given at once.
pub const CODES: usize = 10;
/// Bytes of chance in one of them.
const OCTETS_CODE: usize = 10;

/// A secret shown while it is being chosen.
#[derive(Debug)]
pub struct Propose {
    /// The secret, in base 32.
    pub secret: String,
    /// What the drawing says to a telephone.
    pub url: String,
}

/// What presenting a code gives.
#[derive(Debug)]
pub enum Presente {
    /// The session goes on under this secret.
    Accepte(String),
    /// Not the code, or one that served already, or too many failures: nobody is told which.
    Refuse,
}

#[derive(Debug, sqlx::FromRow)]
struct Etat {
    totp_secret: Option<Vec<u8>>,
    confirme: bool,
    vierge: bool,
}

/// Proposes a new secret to an account that has no second factor; the one proposed before no longer serves. None when it
/// has one.
///
/// # Errors
/// The database or the key refused.
pub async fn propose(
    acces: &Acces,
    coffre: &Coffre,
    utilisateur: Uuid,
    email: &str,
    service: &str,
) -> Result<Option<Propose>, CompteError> {
    let etat = etat(acces, utilisateur).await?;
    if etat.confirme {
        return Ok(None);
    }
    let mut octets = [0; OCTETS];
    getrandom::fill(&mut octets)?;
    let scelle = coffre.scelle(utilisateur, &octets, etat.vierge)?;
    sqlx::query(include_str!("sql/totp_proposer.sql")).bind(utilisateur).bind(scelle).execute(acces.pool()).await?;
    affiche(&octets, email, service).map(Some)
}

/// The secret proposed last, to be shown again after a code was mistyped.
///
/// # Errors
/// The database or the key refused.
pub async fn propose_encore(
    acces: &Acces,
    coffre: &Coffre,
    utilisateur: Uuid,
    email: &str,
    service: &str,
) -> Result<Option<Propose>, CompteError> {
    match etat(acces, utilisateur).await? {
        Etat { totp_secret: Some(scelle), confirme: false, .. } => {
            affiche(&coffre.ouvre(utilisateur, &scelle)?, email, service).map(Some)
        }
        _ => Ok(None),
    }
}

/// Keeps the secret proposed once a code of it is presented: the session goes on under another secret, others end.
/// Gives it and the recovery codes; none when the code is not its.
///
/// # Errors
/// The database or the key refused.
pub async fn confirme(
    acces: &Acces,
    coffre: &Coffre,
    utilisateur: Uuid,
    session: Uuid,
    code: &str,
) -> Result<Option<(String, Vec<String>)>, CompteError> {
    let Verdict::Admis(essai) = reserve(acces.pool(), &[Cle::second_facteur(utilisateur)]).await? else {
        return Ok(None);
    };
    let Etat { totp_secret: Some(scelle), confirme: false, .. } = etat(acces, utilisateur).await? else {
        return Ok(None);
    };
    let secret = coffre.ouvre(utilisateur, &scelle)?;
    let Some(pas) = pas(&secret, code)? else { return Ok(None) };
    essai.reussi(acces.pool()).await?;
    let mut transaction = acces.pool().begin().await?;
    let kept = sqlx::query(include_str!("sql/totp_confirmer.sql"))
        .bind(utilisateur)
        .bind(&scelle)
        .bind(pas)
        .execute(&mut *transaction)
        .await?;
    if kept.rows_affected() == 0 {
        return Ok(None);
    }
    let codes = nouveaux_codes(&mut transaction, utilisateur).await?;
    let Some(texte) = session::tourne(&mut transaction, utilisateur, session, true).await? else { return Ok(None) };
    sqlx::query(include_str!("sql/sessions_fermer_incompletes.sql"))
        .bind(utilisateur)
        .execute(&mut *transaction)
        .await?;
    acte(&mut transaction, utilisateur, "creation").await?;
    transaction.commit().await?;
    acces.oublie();
    Ok(Some((texte, codes)))
}

/// Presents a code of the telephone or a recovery code. It is counted as failed before it is looked at.
///
/// # Errors
/// The database or the key refused.
pub async fn presente(
    acces: &Acces,
    coffre: &Coffre,
    utilisateur: Uuid,
    session: Uuid,
    code: &str,
) -> Result<Presente, CompteError> {
    let Verdict::Admis(essai) = reserve(acces.pool(), &[Cle::second_facteur(utilisateur)]).await? else {
        return Ok(Presente::Refuse);
    };
    let Some(moyen) = consomme(acces, coffre, utilisateur, code).await? else { return Ok(Presente::Refuse) };
    essai.reussi(acces.pool()).await?;
    let mut transaction = acces.pool().begin().await?;
    let Some(texte) = session::tourne(&mut transaction, utilisateur, session, true).await? else {
        return Ok(Presente::Refuse);
    };
    let auteur = Auteur { utilisateur: Some(utilisateur), collectivite: None, canal: Canal::Page };
    utilisateur::ecrit(&mut transaction, &auteur, "second_facteur", utilisateur, &json!({ "moyen": moyen })).await?;
    transaction.commit().await?;
    acces.oublie();
    Ok(Presente::Accepte(texte))
}

/// Uses a code up: the interval of a telephone's, the row of a recovery one. Each serves once, in one statement.
async fn consomme(
    acces: &Acces,
    coffre: &Coffre,
    utilisateur: Uuid,
    code: &str,
) -> Result<Option<&'static str>, CompteError> {
    let Etat { totp_secret: Some(scelle), confirme: true, .. } = etat(acces, utilisateur).await? else {
        return Ok(None);
    };
    let propre: String = code.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    if propre.len() == 6 {
        let secret = coffre.ouvre(utilisateur, &scelle)?;
        let Some(pas) = pas(&secret, &propre)? else { return Ok(None) };
        let used = sqlx::query(include_str!("sql/totp_consommer.sql"))
            .bind(utilisateur)
            .bind(pas)
            .execute(acces.pool())
            .await?;
        return Ok((used.rows_affected() == 1).then_some("telephone"));
    }
    let used = sqlx::query(include_str!("sql/code_consommer.sql"))
        .bind(utilisateur)
        .bind(empreinte(utilisateur, &propre))
        .execute(acces.pool())
        .await?;
    Ok((used.rows_affected() == 1).then_some("code_de_secours"))
}

/// Makes recovery codes anew, for who presents a code; those before no longer serve.
///
/// # Errors
/// The database or the key refused.
pub async fn renouvelle_codes(
    acces: &Acces,
    coffre: &Coffre,
    utilisateur: Uuid,
    code: &str,
) -> Result<Option<Vec<String>>, CompteError> {
    if !prouve(acces, coffre, utilisateur, code).await? {
        return Ok(None);
    }
    let mut transaction = acces.pool().begin().await?;
    let codes = nouveaux_codes(&mut transaction, utilisateur).await?;
    acte(&mut transaction, utilisateur, "codes_de_secours").await?;
    transaction.commit().await?;
    Ok(Some(codes))
}

/// Takes the second factor off at its owner's wish, who presents a code of it once more. Whether it was taken off.
///
/// # Errors
/// The database or the key refused.
pub async fn retire(acces: &Acces, coffre: &Coffre, utilisateur: Uuid, code: &str) -> Result<bool, CompteError> {
    if !prouve(acces, coffre, utilisateur, code).await? {
        return Ok(false);
    }
    let mut transaction = acces.pool().begin().await?;
    sqlx::query(include_str!("sql/totp_retirer.sql")).bind(utilisateur).execute(&mut *transaction).await?;
    acte(&mut transaction, utilisateur, "retrait").await?;
    transaction.commit().await?;
    acces.oublie();
    Ok(true)
}

/// Whether a code is the account's; it is used up, and counted as failed before it is looked at.
async fn prouve(acces: &Acces, coffre: &Coffre, utilisateur: Uuid, code: &str) -> Result<bool, CompteError> {
    let Verdict::Admis(essai) = reserve(acces.pool(), &[Cle::second_facteur(utilisateur)]).await? else {
        return Ok(false);
    };
    if consomme(acces, coffre, utilisateur, code).await?.is_none() {
        return Ok(false);
    }
    essai.reussi(acces.pool()).await?;
    Ok(true)
}

/// Whether an account has a second factor, and how many recovery codes are left.
///
/// # Errors
/// The database refused.
pub async fn codes_restants(acces: &Acces, utilisateur: Uuid) -> Result<Option<i64>, CompteError> {
    Ok(sqlx::query_scalar(include_str!("sql/codes_restants.sql"))
        .bind(utilisateur)
        .fetch_optional(acces.pool())
        .await?)
}

async fn nouveaux_codes(transaction: &mut PgConnection, utilisateur: Uuid) -> Result<Vec<String>, CompteError> {
    sqlx::query(include_str!("sql/codes_effacer.sql")).bind(utilisateur).execute(&mut *transaction).await?;
    let mut codes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let mut octets = [0; OCTETS_CODE];
        getrandom::fill(&mut octets)?;
        let brut = BASE32_NOPAD.encode(&octets);
        sqlx::query(include_str!("sql/code_creer.sql"))
            .bind(utilisateur)
            .bind(empreinte(utilisateur, &brut))
            .execute(&mut *transaction)
            .await?;
        let groups: Vec<&str> = (0..brut.len()).step_by(4).filter_map(|at| brut.get(at..at + 4)).collect();
        codes.push(groups.join("-"));
    }
    Ok(codes)
}

async fn acte(transaction: &mut PgConnection, utilisateur: Uuid, action: &str) -> Result<(), CompteError> {
    let auteur = Auteur { utilisateur: Some(utilisateur), collectivite: None, canal: Canal::Page };
    utilisateur::ecrit(transaction, &auteur, action, utilisateur, &json!({ "second_facteur": true })).await
}

async fn etat(acces: &Acces, utilisateur: Uuid) -> Result<Etat, CompteError> {
    Ok(sqlx::query_as(include_str!("sql/totp_etat.sql")).bind(utilisateur).fetch_one(acces.pool()).await?)
}

/// The digest of a recovery code, which has 80 bits of chance; case does not count.
fn empreinte(utilisateur: Uuid, code: &str) -> Vec<u8> {
    let code = code.to_ascii_uppercase();
    Sha256::new().chain_update(utilisateur.as_bytes()).chain_update(code).finalize().to_vec()
}

/// The interval of a code now, the one before or the one after.
fn pas(secret: &[u8], code: &str) -> Result<Option<i64>, CompteError> {
    let code: String = code.chars().filter(char::is_ascii_digit).take(7).collect();
    let now = u64::try_from(OffsetDateTime::now_utc().unix_timestamp()).unwrap_or(0);
    Ok(totp(secret, "", "Finage")?.check(&code, now).and_then(|pas| i64::try_from(pas).ok()))
}

fn affiche(secret: &[u8], email: &str, service: &str) -> Result<Propose, CompteError> {
    let totp = totp(secret, email, service)?;
    let url = totp.to_url().map_err(|error| CompteError::Coffre(error.to_string()))?;
    Ok(Propose { secret: BASE32_NOPAD.encode(secret), url })
}

fn totp(secret: &[u8], email: &str, service: &str) -> Result<Totp, CompteError> {
    // A colon separates the two in what a telephone reads.
    let (email, service) = (email.replace(':', " "), service.replace(':', " "));
    let built = Builder::new().with_secret(secret.to_vec()).with_account_name(email).with_issuer(Some(service)).build();
    built.map_err(|error| CompteError::Coffre(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_present_interval_or_its_neighbours_is_known() {
        let secret = [7; OCTETS];
        let now = u64::try_from(OffsetDateTime::now_utc().unix_timestamp()).unwrap();
        let at = |when: u64| totp(&secret, "a@b.fr", "Finage").unwrap().generate(when).to_string();
        let found = pas(&secret, &at(now)).unwrap().unwrap();
        assert!((found - i64::try_from(now / 30).unwrap()).abs() <= 1);
        assert_eq!(pas(&secret, &at(now - 120)).unwrap(), None);
        assert_eq!(pas(&secret, "12345").unwrap(), None);
    }

    #[test]
    fn a_telephone_reads_account_and_service() {
        let shown = affiche(&[7; OCTETS], "agent@valbrume.fr", "Carte : Valbrume").unwrap();
        assert!(shown.url.starts_with("otpauth://totp/"), "{}", shown.url);
        assert!(shown.url.contains(&format!("secret={}", shown.secret)), "{}", shown.url);
    }

    #[test]
    fn a_recovery_code_is_one_account_s_own() {
        let (un, autre) = (Uuid::new_v4(), Uuid::new_v4());
        assert_eq!(empreinte(un, "abcd"), empreinte(un, "ABCD"));
        assert_ne!(empreinte(un, "ABCD"), empreinte(autre, "ABCD"));
    }
}
