//! Direct SQL: logins of QGIS and GeoServer, with PostgreSQL itself as the judge.

use finage::access::connexion::{self, ConnexionError, Demande};
use finage::db::{Database, Use};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town};

/// A login for the agent of Valbrume that edits annotations, made as the command does. Roles belong to the whole cluster:
/// each test names its own.
async fn login(town: &mut Town, name: &str, edits: bool) -> Result<PgConnection, ConnexionError> {
    sqlx::raw_sql(include_str!("agent.sql")).execute(&mut town.owner).await.unwrap();
    let database = Database::open(&town.config, Use::Command).unwrap();
    let mut admin = database.admin().await.unwrap();
    let couches = if edits { vec!["annotations".to_owned()] } else { Vec::new() };
    let demande = Demande { login: name, email: "agent@exemple.invalid", collectivite: "99101", couches: &couches };
    let password = connexion::create(&mut admin, &demande).await?;
    let options: PgConnectOptions = town.config.database_url.as_deref().unwrap().parse().unwrap();
    Ok(options.username(name).password(&password).connect().await.unwrap())
}

async fn revoke(town: &Town, name: &str) {
    let database = Database::open(&town.config, Use::Command).unwrap();
    let mut admin = database.admin().await.unwrap();
    connexion::revoke(&mut admin, name).await.unwrap();
    // The cluster outlives this database.
    sqlx::query(sqlx::AssertSqlSafe(format!("drop owned by {name}"))).execute(&mut admin).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("drop role {name}"))).execute(&mut admin).await.unwrap();
}

async fn titles(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar("select titre from core.annotation order by titre").fetch_all(connection).await.unwrap()
}

#[test]
fn a_login_sees_the_rows_of_its_collectivite_whatever_it_sets() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        let mut qgis = login(town, "qgis_voit", false).await.unwrap();
        assert_eq!(titles(&mut qgis).await, ["EPCI sur 99101", "Valbrume"]);
        for statement in [
            format!("set finage.collectivite = '{}'", monde.cyprin.collectivite.0),
            "set finage.utilisateur = ''".to_owned(),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut qgis).await.unwrap();
        }
        assert_eq!(titles(&mut qgis).await, ["EPCI sur 99101", "Valbrume"]);
        for forbidden in [
            "set role finage_app",
            "set session authorization finage_app",
            "select * from acces.utilisateur",
            "select * from acces.collectivite",
            "select * from core.personne",
            "select * from core.historique",
            "select * from core.sql_role",
            "select * from journal.acte",
            "select * from core.travail",
            "create table public.a (b int)",
        ] {
            let refused = sqlx::query(forbidden).execute(&mut qgis).await.unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{forbidden}: {refused}");
        }
        let refused = sqlx::query("update core.annotation set texte = 'x'").execute(&mut qgis).await.unwrap();
        assert_eq!(refused.rows_affected(), 0, "it only reads");
        revoke(town, "qgis_voit").await;
    });
}

#[test]
fn an_edit_in_qgis_is_placed_recorded_and_kept_at_home() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        sqlx::raw_sql(
            "insert into cadastre.commune (insee, nom, geom) values
            ('99101', 'Valbrume', st_multi(st_makeenvelope(841000, 6518000, 843000, 6520000, 2154))),
            ('99103', 'Ailleurs', st_multi(st_makeenvelope(843000, 6518000, 845000, 6520000, 2154)))",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let mut qgis = login(town, "qgis_edite", true).await.unwrap();
        let add = |x: i32| {
            format!(
                "insert into core.annotation (titre, geom) values ('QGIS', st_setsrid(st_makepoint({x}, 6519000), 2154))"
            )
        };
        sqlx::query(sqlx::AssertSqlSafe(add(842_000))).execute(&mut qgis).await.unwrap();
        let refused = sqlx::query(sqlx::AssertSqlSafe(add(844_000))).execute(&mut qgis).await.unwrap_err().to_string();
        assert!(refused.contains("hors du territoire"), "{refused}");
        let (owner, insee): (i32, String) =
            sqlx::query_as("select collectivite, insee from core.annotation where titre = 'QGIS'")
                .fetch_one(&mut qgis)
                .await
                .unwrap();
        assert_eq!((owner, insee.as_str()), (monde.valbrume.collectivite.0, "99101"));
        let (canal, login, operation): (String, String, String) =
            sqlx::query_as("select canal, login, action from journal.acte order by id desc limit 1")
                .fetch_one(&town.pools.journal)
                .await
                .unwrap();
        assert_eq!((canal.as_str(), login.as_str(), operation.as_str()), ("sql", "qgis_edite", "creation"));
        let history: i64 = sqlx::query_scalar("select count(*) from core.historique where canal = 'sql'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(history, 1);
        revoke(town, "qgis_edite").await;
    });
}

#[test]
fn a_right_withdrawn_or_a_login_revoked_closes_at_once() {
    on_empty_town(async |town| {
        monde(town).await;
        let mut qgis = login(town, "qgis_perd", true).await.unwrap();
        assert_eq!(titles(&mut qgis).await.len(), 2);
        sqlx::query("update acces.attribution set communes = '{99102}'").execute(&mut town.owner).await.unwrap();
        assert_eq!(titles(&mut qgis).await.len(), 0, "the role is held for another commune");
        sqlx::query("update acces.attribution set communes = null").execute(&mut town.owner).await.unwrap();
        assert_eq!(titles(&mut qgis).await.len(), 2);
        sqlx::query("update acces.utilisateur set actif = false").execute(&mut town.owner).await.unwrap();
        assert_eq!(titles(&mut qgis).await.len(), 0, "the account is closed");
        revoke(town, "qgis_perd").await;
        assert!(qgis.ping().await.is_err(), "its connection was cut");
    });
}

#[test]
fn a_login_that_cannot_be_made_is_refused_in_a_sentence() {
    on_empty_town(async |town| {
        monde(town).await;
        let database = Database::open(&town.config, Use::Command).unwrap();
        let mut admin = database.admin().await.unwrap();
        sqlx::raw_sql(include_str!("agent.sql")).execute(&mut town.owner).await.unwrap();
        let base = Demande { login: "qgis_non", email: "agent@exemple.invalid", collectivite: "99101", couches: &[] };
        let parcelles = ["parcelles".to_owned()];
        for (demande, word) in [
            (Demande { login: "finage_app", ..base }, "ne peut pas nommer"),
            (Demande { email: "personne@exemple.invalid", ..base }, "aucun compte actif"),
            (Demande { collectivite: "ailleurs", ..base }, "aucune collectivité"),
            (Demande { couches: &parcelles, ..base }, "celles qui s'ouvrent : annotations"),
        ] {
            let refused = connexion::create(&mut admin, &demande).await.unwrap_err().to_string();
            assert!(refused.contains(word), "{refused}");
        }
        let made: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = 'qgis_non')")
            .fetch_one(&mut admin)
            .await
            .unwrap();
        assert!(!made);
    });
}
