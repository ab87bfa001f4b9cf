//! The database of a restoration: empty before, as it was saved after.

use std::collections::BTreeMap;

use sqlx::{Connection as _, PgConnection};

use crate::access::connexion;
use crate::backup::BackupError;
use crate::backup::manifeste::Connexion;
use crate::backup::releve::lignes;
use crate::db::OWNER;

/// Refuses a database that holds anything.
pub(super) async fn vierge(admin: &mut PgConnection) -> Result<(), BackupError> {
    let present: Option<String> = sqlx::query_scalar(include_str!("../sql/presents.sql")).fetch_optional(admin).await?;
    present.map_or(Ok(()), |present| {
        Err(BackupError::Occupe(format!(
            "la base de DATABASE_URL contient déjà des données ({present}) : une restauration se fait dans une base vide ; si une restauration y a été interrompue, recréez-la (« dropdb », « createdb ») et recommencez"
        )))
    })
}

/// What became of SQL logins.
#[derive(Debug, Default)]
pub(super) struct Connexions {
    pub(super) refaites: Vec<String>,
    /// Made without their password.
    pub(super) sans_secret: Vec<String>,
    /// There before, left as they were.
    pub(super) presentes: Vec<String>,
}

/// Makes the logins again, with the password they had.
pub(super) async fn connexions(admin: &mut PgConnection, sauvees: &[Connexion]) -> Result<Connexions, BackupError> {
    let mut faites = Connexions::default();
    let mut transaction = admin.begin().await?;
    for sauvee in sauvees {
        let present: bool = sqlx::query_scalar(include_str!("../sql/role_present.sql"))
            .bind(&sauvee.login)
            .fetch_one(&mut *transaction)
            .await?;
        let login = sauvee.login.clone();
        if present {
            faites.presentes.push(login);
            continue;
        }
        connexion::remake(&mut transaction, &login, sauvee.verificateur.as_deref())
            .await
            .map_err(|error| BackupError::Differe(error.to_string()))?;
        regle(&mut transaction, sauvee).await?;
        if sauvee.verificateur.is_some() {
            faites.refaites.push(login);
        } else {
            faites.sans_secret.push(login);
        }
    }
    transaction.commit().await?;
    Ok(faites)
}

/// Gives a login the limits and settings it had.
async fn regle(connection: &mut PgConnection, sauvee: &Connexion) -> Result<(), BackupError> {
    let limites: String = sqlx::query_scalar(include_str!("../sql/role_limites.sql"))
        .bind(&sauvee.login)
        .bind(sauvee.limite)
        .bind(&sauvee.jusque)
        .fetch_one(&mut *connection)
        .await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(limites)).execute(&mut *connection).await?;
    for (nom, valeur) in sauvee.reglages.iter().filter_map(|reglage| reglage.split_once('=')) {
        // A setting is read as this server reads it, then kept: lists and quotes are its own affair.
        let reglage: String = sqlx::query_scalar(include_str!("../sql/role_reglage.sql"))
            .bind(&sauvee.login)
            .bind(nom)
            .bind(valeur)
            .fetch_one(&mut *connection)
            .await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(reglage)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Refuses a database that has not the rows that were saved.
pub(super) async fn compte(admin: &mut PgConnection, sauvees: &BTreeMap<String, i64>) -> Result<(), BackupError> {
    let mut transaction = admin.begin().await?;
    let trouvees = lignes(&mut transaction).await?;
    transaction.rollback().await?;
    let tables = sauvees.keys().chain(trouvees.keys());
    let fausse = tables.into_iter().find(|table| sauvees.get(*table) != trouvees.get(*table));
    fausse.map_or(Ok(()), |table| {
        let nombre = |lignes: &BTreeMap<String, i64>| {
            lignes.get(table).map_or("aucune table".to_owned(), |n| format!("{n} lignes"))
        };
        Err(BackupError::Differe(format!("{table} : {} sauvées, {} restaurées", nombre(sauvees), nombre(&trouvees))))
    })
}

/// Closes what was open on the day of the backup: sessions, and links that choose a password. Gives their number.
pub(super) async fn ferme_sessions(admin: &mut PgConnection) -> Result<u64, BackupError> {
    let mut transaction = admin.begin().await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("set local role {OWNER}"))).execute(&mut *transaction).await?;
    let sessions = sqlx::query("delete from acces.session").execute(&mut *transaction).await?.rows_affected();
    let liens = sqlx::query("delete from acces.lien").execute(&mut *transaction).await?.rows_affected();
    transaction.commit().await?;
    Ok(sessions + liens)
}
