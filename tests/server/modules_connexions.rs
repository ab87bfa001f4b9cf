//! Logins of SQL on the layer of a module: they write what a form would, and archive instead of deleting.

use std::collections::BTreeMap;

use finage::access::connexion::{self, Demande};
use finage::db::{Database, Use};
use finage::modules::installation::installe;
use finage::modules::sources::Origine;
use finage_manifest::{Folder, Module};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection};

use crate::agents::{Tenu, agent, monde_trace};
use crate::harness::{Town, on_empty_town};

const LOGIN: &str = "qgis_bancs";
const FILES: [(&str, &str); 5] = [
    (
        "module.toml",
        "engine = 1\nid = \"bancs\"\nversion = \"1.0.0\"\nlabel = \"Bancs\"\n[roles.agent]\nlabel = \"Agent\"\n
        [purposes.suivi]\nlabel = \"Suivi\"\nbasis = \"mission d'intérêt public\"\n",
    ),
    ("codes/nature.csv", "code,label,valid_to\nbois,Bois,\nfer,Fer,\nvieux,Vieux,2005-01-01\n"),
    (
        "migrations/0001_bancs.sql",
        "create table banc (id uuid primary key default gen_random_uuid(), numero text, libelle text not null, nature text,
            geom geometry(Polygon, 2154));
        create table donateur (id uuid primary key default gen_random_uuid(), nom text, geom geometry(Point, 2154));",
    ),
    (
        "objects/banc.toml",
        "table = \"bancs.banc\"\nlabel = \"Banc\"\ntitle = \"{libelle}\"\ngeometry = \"geom\"\n
        register = { field = \"numero\", format = \"B-{seq:3}\" }\n[fields.libelle]\nlabel = \"Libellé\"\nrequired = true\n
        [fields.nature]\nlabel = \"Matière\"\ncode = \"nature\"\n
        [[rights]]\nrole = \"agent\"\nactions = [\"read\", \"create\", \"change\", \"archive\"]\n",
    ),
    (
        "objects/donateur.toml",
        "table = \"bancs.donateur\"\nlabel = \"Donateur\"\ntitle = \"{nom}\"\ngeometry = \"geom\"\n
        [fields.nom]\npersonal = { purpose = \"suivi\", level = 1 }\n
        [[rights]]\nrole = \"agent\"\nactions = [\"read\", \"create\"]\n",
    ),
];

fn bancs() -> Module {
    let files = FILES.iter();
    let files: BTreeMap<String, Vec<u8>> =
        files.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    Module::read(Folder::new(files).unwrap()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// A square of ten metres, as SQL.
fn carre(x: i32) -> String {
    format!("st_makeenvelope({x}, 6519000, {x} + 10, 6519010, 2154)")
}

async fn execute(connection: &mut PgConnection, sql: &str) -> Result<u64, String> {
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
}

async fn lu(town: &mut Town, what: &str) -> String {
    let sql = format!("select ({what})::text from bancs.banc");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut town.owner).await.unwrap()
}

#[test]
fn a_login_writes_what_a_form_would_and_erases_nothing() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let database = Database::open(&town.config, Use::Command).unwrap();
        let mut admin = database.admin().await.unwrap();
        finage::db::prepare(&mut admin).await.unwrap();
        installe(&mut town.owner, &bancs(), Origine::Dossier).await.unwrap_or_else(|error| panic!("{error}"));
        let compte = agent(town, "99101", Tenu { role: "bancs_agent", ..Tenu::default() }).await;
        let email = format!("{}@exemple.invalid", compte.id);
        let base = Demande { login: LOGIN, email: &email, collectivite: "99101", couches: &[] };
        for (couche, why) in [
            ("bancs_donateur", "données personnelles"),
            ("parcelles", "vient des imports"),
            ("zzz", "aucune couche n'a ce nom"),
        ] {
            let couches = [couche.to_owned()];
            let refused = connexion::create(&mut admin, &Demande { couches: &couches, ..base }).await.unwrap_err();
            let refused = refused.to_string();
            assert!(refused.contains(why) && refused.contains("bancs_banc"), "{refused}");
        }
        let couches = ["bancs_banc".to_owned()];
        let password = connexion::create(&mut admin, &Demande { couches: &couches, ..base }).await.unwrap();
        let options: PgConnectOptions = town.config.database_url.as_deref().unwrap().parse().unwrap();
        let mut qgis = options.username(LOGIN).password(&password).connect().await.unwrap();

        let insert = |columns: &str, values: &str| format!("insert into bancs.banc ({columns}) values ({values})");
        let croise = "st_geomfromtext('POLYGON((841000 6519000, 841010 6519010, 841010 6519000, 841000 6519010, 841000 6519000))', 2154)";
        for (sql, words) in [
            (
                insert("libelle, nature, geom", &format!("'A', 'zinc', {}", carre(841_000))),
                "« Matière » ne prend pas la valeur « zinc »",
            ),
            (insert("libelle, nature, geom", &format!("'A', 'vieux', {}", carre(841_000))), "encore valide"),
            (insert("libelle, geom", &format!("' ', {}", carre(841_000))), "« Libellé » ne peut pas être vide"),
            (insert("libelle, geom", &format!("'A', {croise}")), "se croise lui-même"),
            (insert("libelle, geom", &format!("'A', {}", carre(700_000))), "hors du territoire"),
            (insert("libelle, geom", &format!("'A', {}", carre(851_000))), "hors du territoire"),
            (insert("libelle, numero, geom", &format!("'A', 'B-999', {}", carre(841_000))), "tenu par Finage"),
        ] {
            let refused = execute(&mut qgis, &sql).await.unwrap_err();
            assert!(refused.contains(words), "{sql} : {refused}");
        }
        let faux = "'A', 'bois', '2001-01-01', now(), 9";
        let sql =
            insert("libelle, nature, creee_le, archivee_le, version, geom", &format!("{faux}, {}", carre(841_000)));
        assert_eq!(execute(&mut qgis, &sql).await.unwrap(), 1);
        assert_eq!(lu(town, "insee").await, "99101");
        assert_eq!(
            lu(town, "creee_le > now() - interval '1 hour' and archivee_le is null and version = 1").await,
            "true"
        );
        for (change, words) in [
            ("id = gen_random_uuid()", "« id » est tenue par Finage"),
            ("creee_le = '2001-01-01'", "« creee_le » est tenue par Finage"),
            ("insee = '99102'", "une connexion SQL ne change pas « insee »"),
            ("nature = 'zinc'", "« zinc »"),
            ("libelle = ''", "ne peut pas être vide"),
            ("numero = 'B-1'", "tenu par Finage"),
            ("geom = st_translate(geom, -200000, 0)", "hors du territoire"),
        ] {
            let refused = execute(&mut qgis, &format!("update bancs.banc set {change}")).await.unwrap_err();
            assert!(refused.contains(words), "{change} : {refused}");
        }
        let moved = execute(&mut qgis, "update bancs.banc set collectivite = collectivite + 1").await;
        assert!(moved.is_err(), "{moved:?}");
        let done = execute(&mut qgis, "update bancs.banc set libelle = 'B', geom = st_translate(geom, 5, 0)").await;
        assert_eq!(done.unwrap(), 1);
        assert_eq!(lu(town, "libelle || version").await, "B2");
        // Nothing is erased.
        execute(&mut qgis, "delete from bancs.banc").await.unwrap();
        assert_eq!(lu(town, "archivee_le is not null").await, "true");
        let (action, login): (String, String) =
            sqlx::query_as("select action, login from journal.acte where login is not null order by id desc limit 1")
                .fetch_one(&town.pools.journal)
                .await
                .unwrap();
        assert_eq!((action.as_str(), login.as_str()), ("changement", LOGIN));
        connexion::revoke(&mut admin, LOGIN).await.unwrap();
        for end in ["drop owned by", "drop role"] {
            sqlx::query(AssertSqlSafe(format!("{end} {LOGIN}"))).execute(&mut admin).await.unwrap();
        }
    });
}
