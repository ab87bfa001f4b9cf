//! Erases old looks at nominative data, and leaves a checkpoint from which the chain starts again.

use finage_journal::{Chaine, Repere, Verification};
use futures::TryStreamExt as _;
use serde_json::json;
use sqlx::{Acquire as _, FromRow, PgConnection};

use super::{Auteur, Dossier, Fait, Instant, JournalError, acte, lecture, verrou};

/// Lines erased in one transaction, behind one checkpoint.
const LOT: i64 = 50_000;

/// What a purge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purge {
    /// Lines erased.
    pub lignes: u64,
    /// Lines up to this rank are gone; those before were gone already when there is nothing to erase.
    pub rang: i64,
    /// Every line erased is older.
    pub avant: Instant,
}

/// Erases accesses older than `mois` months, from the oldest on, and writes that as an act of `auteur`. Acts stay.
///
/// Only sealed lines are erased, and each lot is verified first: a purge never hides a tampering.
///
/// # Errors
/// What was to be erased was tampered with, or the database refused; the lots before are erased, this one is there whole.
pub async fn purge(
    connection: &mut PgConnection,
    dossier: &Dossier,
    auteur: &Auteur,
    mois: u32,
    avance: &(dyn Fn(u64, u64) + Sync),
) -> Result<Purge, JournalError> {
    let mut total = 0;
    loop {
        let (lot, reste) = un_lot(connection, dossier, auteur, mois).await?;
        total += lot.lignes;
        avance(total, total.saturating_add(reste));
        if reste == 0 {
            return Ok(Purge { lignes: total, ..lot });
        }
    }
}

async fn un_lot(
    connection: &mut PgConnection,
    dossier: &Dossier,
    auteur: &Auteur,
    mois: u32,
) -> Result<(Purge, u64), JournalError> {
    #[derive(FromRow)]
    struct Borne {
        avant: Instant,
        rang: i64,
    }
    let chaine = Chaine::Acces;
    let mut transaction = connection.begin().await?;
    sqlx::query("select pg_advisory_xact_lock($1)").bind(verrou(chaine)).execute(&mut *transaction).await?;
    let (depart, preuve) = lecture::point_de_depart(&mut transaction, chaine, dossier.cle()).await?;
    let mois = i32::try_from(mois).unwrap_or(i32::MAX);
    let borne: Borne = sqlx::query_as(include_str!("sql/borne.sql")).bind(mois).fetch_one(&mut *transaction).await?;
    let jusque = borne.rang.min(depart.rang.saturating_add(LOT));
    if jusque <= depart.rang {
        return Ok((Purge { lignes: 0, rang: depart.rang, avant: borne.avant }, 0));
    }
    let tete = dossier.tete(chaine)?;
    let mut verification = Verification::new(dossier.cle(), chaine, depart, &tete);
    {
        let mut suite = std::pin::pin!(lecture::suite(&mut transaction, chaine, depart.rang, jusque));
        while let Some(scellee) = suite.try_next().await? {
            verification.ligne(&scellee)?;
        }
    }
    let fin = verification.arret()?.fin;
    let attendues = u64::try_from(jusque - depart.rang).unwrap_or_default();
    let trouvees = sqlx::query(include_str!("sql/effacer.sql"))
        .bind(depart.rang)
        .bind(jusque)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    if trouvees != attendues || fin.rang != jusque {
        return Err(JournalError::Compte { chaine, attendues, trouvees });
    }
    let repere = Repere { rang: jusque, sceau: fin.sceau, jusque: borne.avant.0, pose_le: Instant::maintenant().0 };
    sqlx::query(include_str!("sql/poser_repere.sql"))
        .bind(chaine.code())
        .bind(repere.rang)
        .bind(repere.sceau.0.to_vec())
        .bind(borne.avant)
        .bind(Instant(repere.pose_le))
        .bind(dossier.cle().prouve_repere(chaine, &preuve, &repere).0.to_vec())
        .execute(&mut *transaction)
        .await?;
    let details = json!({ "lignes": attendues, "rang": jusque, "avant": borne.avant.texte() });
    let fait = Fait { action: "purger", objet: "journal", cle: Some(chaine.code()), details: &details };
    acte(&mut transaction, auteur, &fait).await?;
    transaction.commit().await?;
    let reste = u64::try_from(borne.rang - jusque).unwrap_or_default();
    Ok((Purge { lignes: attendues, rang: jusque, avant: borne.avant }, reste))
}
