//! Lines, checkpoints and last ranks as they stand in the database.

use finage_journal::{Chaine, Cle, Depart, Faute, Ligne, Repere, Sceau, Scellee, depart};
use futures::{Stream, TryStreamExt as _};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::{Instant, JournalError, pour};

/// A line, as statements give it.
#[derive(Debug, FromRow)]
pub(super) struct Rangee {
    id: i64,
    le: Instant,
    transaction: String,
    login: String,
    utilisateur: Option<Uuid>,
    collectivite: Option<i32>,
    canal: String,
    action: String,
    objet: String,
    cle: Option<String>,
    finalite: Option<String>,
    details: String,
    rang: Option<i64>,
    sceau: Option<Vec<u8>>,
}

impl From<Rangee> for Scellee {
    fn from(lue: Rangee) -> Self {
        let ligne = Ligne {
            id: lue.id,
            le: lue.le.0,
            // PostgreSQL writes an xid8 as a number of 64 bits.
            transaction: lue.transaction.parse().unwrap_or(u64::MAX),
            login: lue.login,
            utilisateur: lue.utilisateur,
            collectivite: lue.collectivite,
            canal: lue.canal,
            action: lue.action,
            objet: lue.objet,
            cle: lue.cle,
            finalite: lue.finalite,
            details: lue.details,
        };
        Self { rang: lue.rang, sceau: lue.sceau.as_deref().and_then(Sceau::from_bytes), ligne }
    }
}

/// Lines of ranks `apres + 1` to `jusque`, in their order, as they come.
pub(super) fn suite(
    connection: &mut PgConnection,
    chaine: Chaine,
    apres: i64,
    jusque: i64,
) -> impl Stream<Item = sqlx::Result<Scellee>> {
    sqlx::query_as::<_, Rangee>(pour(chaine, include_str!("sql/suite.sql")))
        .bind(apres)
        .bind(jusque)
        .fetch(connection)
        .map_ok(Scellee::from)
}

/// Every line that has a rank or a seal, in the order of ranks.
pub(super) fn toutes(connection: &mut PgConnection, chaine: Chaine) -> impl Stream<Item = sqlx::Result<Scellee>> {
    sqlx::query_as::<_, Rangee>(pour(chaine, include_str!("sql/scellees.sql"))).fetch(connection).map_ok(Scellee::from)
}

/// The oldest lines that have neither, at most `limite`.
pub(super) async fn non_scellees(
    connection: &mut PgConnection,
    chaine: Chaine,
    limite: i64,
) -> sqlx::Result<Vec<Scellee>> {
    let lues: Vec<Rangee> =
        sqlx::query_as(pour(chaine, include_str!("sql/non_scellees.sql"))).bind(limite).fetch_all(connection).await?;
    Ok(lues.into_iter().map(Scellee::from).collect())
}

/// The last rank given, and whether lines wait for theirs.
#[derive(Debug, FromRow)]
pub(super) struct Etat {
    pub(super) dernier: i64,
    pub(super) attente: bool,
}

pub(super) async fn etat(connection: &mut PgConnection, chaine: Chaine) -> sqlx::Result<Etat> {
    sqlx::query_as(pour(chaine, include_str!("sql/etat.sql"))).bind(chaine.code()).fetch_one(connection).await
}

/// What the chain starts after, and the proof of its last checkpoint.
pub(super) async fn point_de_depart(
    connection: &mut PgConnection,
    chaine: Chaine,
    cle: &Cle,
) -> Result<(Depart, Sceau), JournalError> {
    #[derive(FromRow)]
    struct Lu {
        rang: i64,
        sceau: Vec<u8>,
        jusque: Instant,
        pose_le: Instant,
        preuve: Vec<u8>,
    }
    let lus: Vec<Lu> =
        sqlx::query_as(include_str!("sql/reperes.sql")).bind(chaine.code()).fetch_all(connection).await?;
    let mut reperes = Vec::with_capacity(lus.len());
    for lu in lus {
        let (Some(sceau), Some(preuve)) = (Sceau::from_bytes(&lu.sceau), Sceau::from_bytes(&lu.preuve)) else {
            let defaut = finage_journal::Defaut::Repere;
            return Err(Faute { chaine, rang: lu.rang, id: None, defaut }.into());
        };
        reperes.push((Repere { rang: lu.rang, sceau, jusque: lu.jusque.0, pose_le: lu.pose_le.0 }, preuve));
    }
    Ok(depart(cle, chaine, reperes)?)
}

/// Whether nothing was ever sealed.
pub(super) async fn vierge(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar(include_str!("sql/vierge.sql")).fetch_one(connection).await
}
