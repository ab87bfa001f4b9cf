//! Verifies a chain from its start to its head.

use finage_journal::{Bilan, Chaine, Tete, Verification};
use futures::TryStreamExt as _;
use sqlx::{FromRow, PgPool};

use super::{Dossier, Instant, JournalError, lecture, pour};

/// Lines between two signs of progress.
const PAS: u64 = 10_000;

/// A chain without fault.
#[derive(Debug, Clone, Copy)]
pub struct Controle {
    /// What was verified.
    pub bilan: Bilan,
    /// How far the chain went when the head was written.
    pub tete: Tete,
    /// Lines that wait for their seal: nothing is claimed of them.
    pub attente: i64,
    /// Instant of the oldest of these.
    pub depuis: Option<Instant>,
}

#[derive(FromRow)]
struct Attente {
    nombre: i64,
    depuis: Option<Instant>,
}

/// Verifies a chain in one reading of the table, in constant memory; `avance` is told of lines done and lines in all.
///
/// # Errors
/// [`JournalError::Altere`] names the first bad line; the rest is a missing or foreign head, or a refusal of the database.
pub async fn controle(
    pool: &PgPool,
    dossier: &Dossier,
    chaine: Chaine,
    avance: &(dyn Fn(u64, u64) + Sync),
) -> Result<Controle, JournalError> {
    // Read before the lines: what is sealed meanwhile goes beyond it, never less far.
    let tete = dossier.tete(chaine)?;
    let mut transaction = pool.begin_with("begin isolation level repeatable read read only").await?;
    // Years of lines may take longer than the time given to other statements.
    sqlx::query("set local statement_timeout = 0").execute(&mut *transaction).await?;
    // In the order of the index of ranks: a sort would write the whole journal to the disk first.
    sqlx::query("set local enable_sort = off").execute(&mut *transaction).await?;
    let (depart, _) = lecture::point_de_depart(&mut transaction, chaine, dossier.cle()).await?;
    let etat = lecture::etat(&mut transaction, chaine).await?;
    let total = u64::try_from(etat.dernier - depart.rang).unwrap_or_default();
    let mut verification = Verification::new(dossier.cle(), chaine, depart, &tete);
    let mut lues = 0;
    {
        let mut lignes = std::pin::pin!(lecture::toutes(&mut transaction, chaine));
        while let Some(scellee) = lignes.try_next().await? {
            verification.ligne(&scellee)?;
            lues += 1;
            if lues % PAS == 0 {
                avance(lues, total);
            }
        }
    }
    if lues > 0 {
        avance(lues, lues);
    }
    let bilan = verification.fin()?;
    let Attente { nombre, depuis } =
        sqlx::query_as(pour(chaine, include_str!("sql/attente.sql"))).fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Controle { bilan, tete, attente: nombre, depuis })
}
