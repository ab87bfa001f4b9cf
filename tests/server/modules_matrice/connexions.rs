//! Direct logins of each account, asked by PostgreSQL itself: what they read and change of each table, row by row and column by
//! column.

use std::collections::BTreeSet;

use finage::access::connexion::{self, Demande};
use finage::db::{Database, Use};
use finage_manifest::RightAction::{Change, Read};
use serde_json::Value;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use uuid::Uuid;

use super::attendu::Attendu;
use super::comptes::{Compte, email};
use crate::harness::Town;

/// Every table that a login may read, but those of PostGIS.
const TABLES: &str = "
    select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public')
        and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')";

/// What a login saw.
pub struct Connexion {
    /// Everything that it reads, of whatever table.
    pub texte: String,
    /// Marks of rows that are opened to it.
    pub ouvertes: BTreeSet<String>,
    /// Rows that it was let change, had it not undone it.
    pub changees: usize,
}

/// Opens a login for an account, with every layer that may be opened, and tries every table.
pub async fn eprouve(town: &mut Town, attendu: &Attendu, compte: &Compte) -> Option<Connexion> {
    let (agent, collectivite) = (compte.agent.as_ref()?, compte.qui.collectivite?);
    let login = format!("matrice_{}", agent.id.simple());
    let couches: Vec<String> =
        sqlx::query_scalar("select couche from core.objet where couche is not null order by couche")
            .fetch_all(&mut town.owner)
            .await
            .unwrap();
    let mut admin = Database::open(&town.config, Use::Command).unwrap().admin().await.unwrap();
    let demande = Demande { login: &login, email: &email(agent), collectivite, couches: &couches };
    let secret = connexion::create(&mut admin, &demande).await.unwrap();
    let options: PgConnectOptions = town.config.database_url.as_deref().unwrap().parse().unwrap();
    let mut sql = options.username(&login).password(&secret).connect().await.unwrap();
    let vue = parcourt(&mut sql, attendu, compte).await;
    sql.close().await.unwrap();
    connexion::revoke(&mut admin, &login).await.unwrap();
    // The cluster outlives this database.
    for ordre in ["drop owned by", "drop role"] {
        sqlx::query(AssertSqlSafe(format!("{ordre} {login}"))).execute(&mut admin).await.unwrap();
    }
    Some(vue)
}

async fn parcourt(sql: &mut PgConnection, attendu: &Attendu, compte: &Compte) -> Connexion {
    let mut vue = Connexion { texte: String::new(), ouvertes: BTreeSet::new(), changees: 0 };
    for (_, objet) in attendu.registry.objets() {
        let modele = objet.modele;
        let lues = lit(sql, modele.relation, "to_jsonb(t)").await;
        let cles: BTreeSet<Uuid> = lues.iter().filter_map(|ligne| ligne["id"].as_str()?.parse().ok()).collect();
        let ouvertes = attendu.en_sql(modele, &compte.qui);
        assert_eq!(cles, ouvertes, "{compte} rows of {} in SQL", modele.relation);
        for rangee in attendu.de(modele).filter(|rangee| ouvertes.contains(&rangee.id)) {
            // A table opens whole: no login is given a column that its account does not see.
            let vus = attendu.voit(rangee, &compte.qui, Read, None).unwrap_or_default();
            let caches = rangee.marques.keys().filter(|champ| !vus.contains(champ.as_str()));
            assert_eq!(caches.count(), 0, "{compte} columns of {} in SQL", modele.relation);
            vue.ouvertes.extend(rangee.marques.values().cloned());
        }
        let changees = change(sql, modele.relation).await;
        let permise = |id: &Uuid| {
            attendu.de(modele).any(|rangee| rangee.id == *id && attendu.permet(rangee, &compte.qui, Change))
        };
        assert!(changees.iter().all(permise), "{compte} changes {} in SQL: {changees:?}", modele.relation);
        vue.changees += changees.len();
    }
    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *sql).await.unwrap();
    for table in tables {
        // Some text is on every row of the world, and on whatever tells of one.
        let requete = format!("select t::text from {table} t where strpos(t::text, 'zq') > 0");
        let lignes: Vec<String> = sqlx::query_scalar(AssertSqlSafe(requete)).fetch_all(&mut *sql).await.unwrap();
        vue.texte.extend(lignes);
    }
    vue
}

/// Rows of a table, as a login reads them; none of a table that is closed to it.
async fn lit(sql: &mut PgConnection, relation: &str, quoi: &str) -> Vec<Value> {
    let requete = AssertSqlSafe(format!("select {quoi} from {relation} t"));
    sqlx::query_scalar(requete).fetch_all(sql).await.unwrap_or_else(|error| {
        assert!(error.to_string().contains("permission denied"), "{relation}: {error}");
        Vec::new()
    })
}

/// Rows of a table that a login may change, found in a transaction that is undone: one by one, for a locked row stops all.
async fn change(sql: &mut PgConnection, relation: &str) -> Vec<Uuid> {
    let mut changees = Vec::new();
    for ligne in lit(sql, relation, "to_jsonb(t.id)").await {
        let id: Uuid = ligne.as_str().unwrap().parse().unwrap();
        let mut tx = sql.begin().await.unwrap();
        let requete = format!("update {relation} set creee_le = creee_le where id = $1");
        let faite = sqlx::query(AssertSqlSafe(requete)).bind(id).execute(&mut *tx).await;
        changees.extend(faite.is_ok_and(|faite| faite.rows_affected() > 0).then_some(id));
        tx.rollback().await.unwrap();
    }
    changees
}
