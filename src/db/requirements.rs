//! What Finage needs of a PostgreSQL: named one by one, for `finage doctor` and before migrations.

use serde::Serialize;
use sqlx::PgConnection;

use super::DbError;

/// PostgreSQL 14, as `server_version_num`.
const MIN_SERVER: i32 = 140_000;
/// PostGIS 3.3.
const MIN_POSTGIS: (u32, u32) = (3, 3);

/// One thing needed, and whether it is there.
#[derive(Debug, Clone, Serialize)]
pub struct Requirement {
    /// What is needed.
    pub nom: String,
    /// Whether it is met.
    pub ok: bool,
    /// What was found.
    pub trouve: String,
    /// What to do when it is not met.
    pub remede: String,
}

impl Requirement {
    /// The whole as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("il manque à la base : {} (trouvé : {}) ; {}", self.nom, self.trouve, self.remede)
    }
}

/// Everything needed, met or not.
///
/// # Errors
/// The server stopped answering.
pub async fn requirements(connection: &mut PgConnection) -> Result<Vec<Requirement>, DbError> {
    let (version, number): (String, i32) =
        sqlx::query_as("select current_setting('server_version'), current_setting('server_version_num')::integer")
            .fetch_one(&mut *connection)
            .await?;
    let postgis = available(connection, "postgis").await?;
    let trgm = available(connection, "pg_trgm").await?;
    let roles: bool = sqlx::query_scalar(include_str!("sql/may_create_roles.sql")).fetch_one(&mut *connection).await?;
    let extensions: bool =
        sqlx::query_scalar(include_str!("sql/may_create_extensions.sql")).fetch_one(&mut *connection).await?;
    let utf8: String =
        sqlx::query_scalar("select current_setting('server_encoding')").fetch_one(&mut *connection).await?;
    let major = number / 10_000;
    Ok(vec![
        Requirement {
            nom: "PostgreSQL 14 ou plus récent".into(),
            ok: number >= MIN_SERVER,
            trouve: version,
            remede: "mettez le serveur à niveau".into(),
        },
        Requirement {
            nom: "PostGIS 3.3 ou plus récent".into(),
            ok: postgis.as_deref().is_some_and(|found| at_least(found, MIN_POSTGIS)),
            trouve: postgis.unwrap_or_else(|| "absent".into()),
            remede: format!("installez-le sur le serveur : apt-get install postgresql-{major}-postgis-3"),
        },
        Requirement {
            nom: "extension pg_trgm".into(),
            ok: trgm.is_some(),
            trouve: trgm.unwrap_or_else(|| "absente".into()),
            remede: "installez les extensions « contrib » de PostgreSQL".into(),
        },
        Requirement {
            nom: "encodage UTF-8".into(),
            ok: utf8 == "UTF8",
            trouve: utf8,
            remede: "créez la base avec « create database … encoding 'UTF8' template template0 »".into(),
        },
        Requirement {
            nom: "droit de créer les rôles de Finage, ou rôles déjà accordés".into(),
            ok: roles,
            trouve: if roles { "oui" } else { "non" }.into(),
            remede: "faites créer finage_owner, finage_app, finage_acces, finage_journal, finage_snapshot, finage_backup et finage_sql par un administrateur et accordez-les à l'utilisateur de DATABASE_URL".into(),
        },
        Requirement {
            nom: "extensions créées, ou droit de les créer".into(),
            ok: extensions,
            trouve: if extensions { "oui" } else { "non" }.into(),
            remede: "faites exécuter « create extension postgis; create extension pg_trgm; » par un administrateur".into(),
        },
    ])
}

/// Functions that an index needs behind policies and that are not marked leakproof; `migrate` marks them when it may.
///
/// # Errors
/// The server stopped answering.
pub async fn not_leakproof(connection: &mut PgConnection) -> Result<Vec<String>, DbError> {
    Ok(sqlx::query_scalar(include_str!("sql/leakproof.sql")).fetch_all(connection).await?)
}

async fn available(connection: &mut PgConnection, name: &str) -> Result<Option<String>, DbError> {
    let found: Option<Option<String>> = sqlx::query_scalar(
        "select coalesce(installed_version, default_version) from pg_available_extensions where name = $1",
    )
    .bind(name)
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

fn at_least(version: &str, (major, minor): (u32, u32)) -> bool {
    let mut parts = version.split('.').map_while(|part| part.parse::<u32>().ok());
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (major, minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(at_least("3.3.2", (3, 3)) && at_least("3.10.0", (3, 3)) && at_least("4.0", (3, 3)));
        assert!(!at_least("3.2.9", (3, 3)) && !at_least("", (3, 3)));
    }
}
