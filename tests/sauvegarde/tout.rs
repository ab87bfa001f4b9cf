//! The whole: saved while a server runs and people write, restored where there is nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use finage::access::journal::Auteur;
use finage::db::{Acteur, Canal, CollectiviteId};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::machine::{Machine, digest, folder, runtime, text, wait};

/// Writers at once, and lines they write before the backup begins.
const WRITERS: usize = 3;
const BEFORE: u64 = 60;

/// An attachment, laid as the server lays it.
fn attach(machine: &Machine, content: &[u8]) -> PathBuf {
    let digest = digest(content);
    let path = PathBuf::from(format!("fichiers/{}/{digest}", &digest[..2]));
    let whole = machine.data.join(&path);
    std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
    std::fs::write(whole, content).unwrap();
    path
}

/// Each annotation has its history and its act: true of any one state of the database, of no mixture of two.
const COHERENT: &str = "select count(*) filter (where h.cle is null or j.cle is null) from core.annotation a
    left join (select distinct cle from core.historique where objet = 'annotation') h on h.cle = a.id::text
    left join (select distinct cle from journal.acte where objet = 'annotation') j on j.cle = a.id::text
    where a.categorie = 'projet'";
/// Owners, grants, policies, triggers (but for parentheses) and functions: what protects rows is restored as it was.
const SHAPE: &str = "select trait from (
    select concat_ws('|', oid::regclass, relowner::regrole, relacl, relrowsecurity, relforcerowsecurity) as trait from pg_class
        where relowner = 'finage_owner'::regrole and relnamespace <> 'pg_toast'::regnamespace
    union all select concat_ws('|', polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[],
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) from pg_policy
    union all select translate(pg_get_triggerdef(oid), '()', '') from pg_trigger where not tgisinternal
    union all select concat_ws('|', pg_get_functiondef(oid), proowner::regrole, proacl) from pg_proc
        where proowner = 'finage_owner'::regrole
    union all select concat_ws('|', defaclnamespace::regnamespace, defaclobjtype, defaclacl) from pg_default_acl) traits order by 1";
const WRITTEN: &str = "select count(*) from core.annotation where categorie = 'projet'";

#[test]
fn what_is_saved_under_load_is_restored_whole() {
    let folder = folder();
    let (here, there) = (Machine::new(&folder, "ici"), Machine::new(&folder, "la/bas"));
    std::fs::create_dir(&here.data).unwrap();
    std::fs::write(here.data.join("finage.toml"), "journal_mois = 13\n").unwrap();
    here.populate();
    let login = here.json(&[
        "sql-role",
        "create",
        "qgis_secours",
        "--user",
        "agent@exemple.invalid",
        "--collectivite",
        "99101",
    ]);
    let password = login["mot_de_passe"].as_str().unwrap();
    here.owner(async |owner| {
        sqlx::raw_sql(
            "insert into acces.session (empreinte, id, utilisateur, second_facteur, expire_le) values
             (sha256('s'), gen_random_uuid(), '00000000-0000-4000-8000-000000000001', true, now() + interval '1 day')",
        )
        .execute(owner)
        .await
        .unwrap();
    });
    let attachments = [attach(&here, b"plan"), attach(&here, &vec![7; 3 << 20]), attach(&here, b"")];
    std::fs::create_dir(here.data.join("identites")).unwrap();
    std::fs::write(here.data.join("identites/cle"), [9; 32]).unwrap();

    let server = here.serve();
    // The server seals what was written before it.
    wait(|| total(&here.json(&["audit", "verify"]), "lignes").filter(|sealed| *sealed > 0));
    let archive = folder.path().join("ici.finage");
    let (written, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (before, report) = std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| write(&here, &written, &stop));
        }
        wait(|| (written.load(Ordering::SeqCst) >= BEFORE).then_some(()));
        let before = written.load(Ordering::SeqCst);
        let report = here.json(&["backup", "--sortie", text(&archive)]);
        stop.store(true, Ordering::SeqCst);
        (before, report)
    });
    let after = written.into_inner();
    assert!(after > before, "nobody wrote during the backup");
    assert_eq!((&report["fichiers"], &report["configuration"]), (&3.into(), &true.into()), "{report}");
    assert_eq!(report["connexions"], serde_json::json!(["qgis_secours"]), "{report}");
    assert_eq!(report["chiffree"], false);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&archive).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "only its owner reads it");
    assert!(here.refused(&["backup", "--sortie", text(&archive)]).contains("existe déjà"));
    drop(server);

    let restored = there.json(&["restore", text(&archive)]);
    assert_eq!(restored["lignes"], report["lignes"]);
    assert_eq!(restored["connexions"], serde_json::json!(["qgis_secours"]));
    assert_eq!(restored["sessions_fermees"], 1);
    assert!(restored["journal_lignes"].as_u64().unwrap() > 0, "{restored}");
    let found = u64::try_from(there.count(WRITTEN)).unwrap();
    assert!((before..=after).contains(&found), "{before} {found} {after}");
    assert_eq!(there.count(COHERENT), 0);
    same_shape(&here, &there);
    for path in &attachments {
        assert_eq!(std::fs::read(there.data.join(path)).unwrap(), std::fs::read(here.data.join(path)).unwrap());
    }
    for path in ["journal/cle", "identites/cle", "finage.toml"] {
        assert_eq!(
            std::fs::read(there.data.join(path)).unwrap(),
            std::fs::read(here.data.join(path)).unwrap(),
            "{path}"
        );
    }
    assert_eq!(left(&there), ["cluster", "fichiers", "finage.toml", "identites", "journal"]);
    assert_eq!(there.json(&["audit", "verify"])["ok"], true);

    let refused = there.refused(&["restore", text(&archive)]);
    assert!(refused.contains("contient déjà des données"), "{refused}");
    assert_eq!(u64::try_from(there.count(WRITTEN)).unwrap(), found);

    // The server takes it up, QGIS comes in with the password it had.
    let _server = there.serve();
    wait(|| {
        let verified = there.json(&["audit", "verify"]);
        total(&verified, "en_attente").filter(|waiting| *waiting == 0)
    });
    comes_in(&there, password);
}

/// What a verification without fault says of both journals; none as long as nothing was sealed.
fn total(verified: &serde_json::Value, key: &str) -> Option<i64> {
    assert_eq!(verified["ok"], true, "{verified}");
    verified["chaines"].as_array().unwrap().iter().map(|chaine| chaine[key].as_i64().unwrap()).reduce(|a, b| a + b)
}

fn same_shape(here: &Machine, there: &Machine) {
    let shape = |machine: &Machine| -> BTreeSet<String> {
        machine.owner(async |owner| sqlx::query_scalar(SHAPE).fetch_all(owner).await.unwrap().into_iter().collect())
    };
    let (expected, restored) = (shape(here), shape(there));
    assert!(expected.len() > 200);
    let apart: Vec<&String> = expected.symmetric_difference(&restored).collect();
    assert!(apart.is_empty(), "{apart:#?}");
}

/// QGIS comes in with this password and no other, sees its rows, under its limits.
fn comes_in(there: &Machine, password: &str) {
    let mut options: PgConnectOptions = "postgres://localhost/finage".parse().unwrap();
    options = options.socket(there.data.join("cluster/socket")).username("qgis_secours").password(password);
    runtime().block_on(async {
        let mut qgis = options.connect().await.unwrap();
        let (titles, timeout): (i64, String) =
            sqlx::query_as("select (select count(*) from core.annotation where titre = 'Valbrume'), current_setting('statement_timeout')")
                .fetch_one(&mut qgis)
                .await
                .unwrap();
        assert_eq!((titles, timeout.as_str()), (1, "2min"));
        qgis.close().await.unwrap();
        let wrong = options.password("autre").connect().await;
        assert!(wrong.is_err(), "the password was not asked");
    });
}

/// Annotations, one a transaction, until told to stop.
fn write(machine: &Machine, written: &AtomicU64, stop: &AtomicBool) {
    let database = machine.database();
    let config = machine.config();
    runtime().block_on(async {
        let pool = database.collectivites(&config).await.unwrap();
        let mut owner = database.owner().await.unwrap();
        let id: i32 = sqlx::query_scalar("select id from acces.collectivite where code = '99101'")
            .fetch_one(&mut owner)
            .await
            .unwrap();
        database.release(owner).await;
        let acteur = Acteur {
            collectivite: CollectiviteId(id),
            canal: Canal::Commande,
            utilisateur: Auteur::COMMANDE.utilisateur,
        };
        while !stop.load(Ordering::SeqCst) {
            let mut tx = pool.begin(&acteur).await.unwrap();
            sqlx::query(
                "insert into core.annotation (collectivite, insee, titre, categorie, geom)
                 values ($1, '99101', 'Sous charge', 'projet', st_setsrid(st_makepoint(842000, 6519000), 2154))",
            )
            .bind(id)
            .execute(&mut *tx)
            .await
            .unwrap();
            tx.commit().await.unwrap();
            written.fetch_add(1, Ordering::SeqCst);
        }
    });
}

/// What stands in a data directory.
fn left(machine: &Machine) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(&machine.data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
