//! A module from one version to the next: the same as the next one alone, all or nothing, never back.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use finage::modules::installation::{InstallationError, active, installe, met_a_niveau, sans_cercle};
use finage::modules::paquet::{PaquetError, deballe, emballe, pose};
use finage::modules::registry::Registry;
use finage::modules::sources::{self, Origine};
use finage_manifest::{Folder, Module};
use serde_json::json;

use crate::agents::{Tenu, agent, monde_trace};
use crate::harness::{Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
const OBJETS: &str = "/api/modules/objets_trouves/objet";

pub type Files = BTreeMap<String, Vec<u8>>;

pub fn fichiers(module: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules").join(module);
    let module = sources::lu(&folder).unwrap();
    module.folder.iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect()
}

pub fn module(files: &Files) -> Module {
    Module::read(Folder::new(files.clone()).unwrap()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

pub fn change(files: &mut Files, file: &str, before: &str, after: &str) {
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(before), "{file} has no « {before} »");
    files.insert(file.to_owned(), text.replacen(before, after, 1).into_bytes());
}

/// The next version: a column, an object, rights, codes; and less of what there was: a role, searches, a public right.
fn suivante() -> Files {
    let mut files = fichiers("objets_trouves");
    change(&mut files, "module.toml", "version = \"1.0.0\"", "version = \"1.1.0\"");
    change(
        &mut files,
        "module.toml",
        "[roles.accueil]\nlabel = \"Accueil : consulte les objets trouvés\"",
        "[roles.chef]\nlabel = \"Chef de service\"",
    );
    for object in ["objet", "reclamation", "lieu"] {
        change(&mut files, &format!("objects/{object}.toml"), "role = \"accueil\"", "role = \"chef\"");
    }
    change(&mut files, "objects/objet.toml", "key = [\"numero\"]\n", "");
    change(
        &mut files,
        "objects/objet.toml",
        "[fields.rendu_le]",
        "[fields.couleur]\nsearch = true\n\n[fields.rendu_le]",
    );
    change(&mut files, "objects/objet.toml", "kind = \"longtext\"", "kind = \"longtext\"\nsearch = false");
    change(&mut files, "objects/objet.toml", "computed = \"trouve_le + 'P1Y1D'\"", "computed = \"trouve_le + 'P2Y'\"");
    change(
        &mut files,
        "objects/objet.toml",
        "[[rights]]\nrole = \"public\"\nactions = [\"read\"]\nrows = \"etat = 'depose' and categorie <> 'valeur'\"\nfields = [\"numero\", \"categorie\", \"trouve_le\"]\n\n",
        "",
    );
    change(&mut files, "objects/lieu.toml", "[[rights]]", "shared = true\n\n[[rights]]");
    change(&mut files, "objects/reclamation.toml", "parent = \"objet\"\n", "");
    change(&mut files, "codes/categorie.csv", "cles,Clés,", "cles,Trousseau de clés,");
    change(&mut files, "codes/categorie.csv", "disquette,Disquette,2005-01-01,06\n", "gant,Gant,,\n");
    files.insert(
        "migrations/0002_rayons.sql".to_owned(),
        b"alter table objet add column couleur text;\ncreate table rayon (\n    id uuid primary key default gen_random_uuid(),\n    libelle text not null,\n    lieu uuid references lieu (id),\n    geom geometry(Point, 2154)\n);\n".to_vec(),
    );
    files.insert(
        "objects/rayon.toml".to_owned(),
        b"table = \"objets_trouves.rayon\"\nlabel = \"Rayon\"\ntitle = \"{libelle}\"\ngeometry = \"geom\"\n\n[[rights]]\nrole = \"agent\"\nactions = [\"read\", \"create\"]\n".to_vec(),
    );
    files
}

pub async fn pret(town: &mut Town) {
    monde_trace(town).await;
    let mut admin = town.database.admin().await.unwrap();
    finage::db::prepare(&mut admin).await.unwrap();
}

async fn pose_en_base(town: &mut Town, files: &Files) -> Result<(), InstallationError> {
    installe(&mut town.owner, &module(files), Origine::Dossier).await
}

async fn empreinte(town: &mut Town, module: &str) -> String {
    sqlx::query_scalar(include_str!("module_empreinte.sql")).bind(module).fetch_one(&mut town.owner).await.unwrap()
}

fn differences(one: &str, other: &str) -> Vec<String> {
    let only = |mark: &str, one: &str, other: &str| -> Vec<String> {
        one.lines()
            .filter(|line| !other.lines().any(|theirs| theirs == *line))
            .map(|line| format!("{mark} {line}"))
            .collect()
    };
    only("-", one, other).into_iter().chain(only("+", other, one)).collect()
}

#[test]
fn an_upgrade_ends_where_an_installation_does() {
    let seule = on_empty_town(async |town| {
        pret(town).await;
        pose_en_base(town, &suivante()).await.unwrap();
        empreinte(town, "objets_trouves").await
    });
    on_empty_town(async |town| {
        pret(town).await;
        town.installe("objets_trouves").await;
        let agent = agent(town, "99101", AGENT).await;
        let champs = json!({"designation": "Clés", "categorie": "cles", "trouve_le": "2026-05-03"});
        let made = agent.post(town, OBJETS, &json!({"champs": champs, "insee": "99101"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        pose_en_base(town, &suivante()).await.unwrap_or_else(|error| panic!("{error}"));
        let ensuite = empreinte(town, "objets_trouves").await;
        assert!(ensuite.lines().count() > 100);
        assert_eq!(differences(&seule, &ensuite), [""; 0]);
        let (numero, echeance): (String, String) =
            sqlx::query_as("select numero, echeance::text from objets_trouves.objet")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        assert!(numero.ends_with("-0001"));
        assert_eq!(echeance, "2028-05-03", "rows that were there follow the new computation");
        // Again: nothing to do, nothing changes.
        pose_en_base(town, &suivante()).await.unwrap();
        assert_eq!(differences(&seule, &empreinte(town, "objets_trouves").await), [""; 0]);
    });
}

#[test]
fn what_fails_leaves_everything_as_before() {
    on_empty_town(async |town| {
        pret(town).await;
        town.installe("objets_trouves").await;
        let before = empreinte(town, "objets_trouves").await;
        let mut changed = fichiers("objets_trouves");
        change(&mut changed, "migrations/0001_objets.sql", "'Lieux de dépôt'", "'Dépôts'");
        assert!(matches!(pose_en_base(town, &changed).await, Err(InstallationError::MigrationChangee { .. })));

        let mut broken = suivante();
        broken.insert(
            "migrations/0003_x.sql".to_owned(),
            b"create table casier (id uuid);\nselect 1 / 0;\nalter table absente add x text;\n".to_vec(),
        );
        let refused = pose_en_base(town, &broken).await.unwrap_err();
        assert!(
            matches!(&refused, InstallationError::Sql { fichier, .. } if fichier == "migrations/0003_x.sql"),
            "{refused}"
        );
        let mut syntax = suivante();
        syntax.insert(
            "migrations/0003_x.sql".to_owned(),
            b"create table casier (id uuid);\n\ncreate tabel x ();\n".to_vec(),
        );
        let refused = pose_en_base(town, &syntax).await.unwrap_err().to_string();
        assert!(refused.contains("0003_x.sql, ligne 3"), "{refused}");

        let mut wrong = suivante();
        change(&mut wrong, "objects/rayon.toml", "{libelle}", "{nom}");
        assert!(matches!(pose_en_base(town, &wrong).await, Err(InstallationError::Fautes { .. })));
        let mut elsewhere = fichiers("objets_trouves");
        change(&mut elsewhere, "module.toml", "mission = \"police\"", "mission = \"voirie\"");
        let refused = pose_en_base(town, &elsewhere).await.unwrap_err().to_string();
        assert!(refused.contains("mission = \"police\""), "{refused}");
        assert_eq!(differences(&before, &empreinte(town, "objets_trouves").await), [""; 0]);

        pose_en_base(town, &suivante()).await.unwrap();
        let after = empreinte(town, "objets_trouves").await;
        let older = pose_en_base(town, &fichiers("objets_trouves")).await;
        assert!(matches!(older, Err(InstallationError::PlusAncien { installee: 2, dossier: 1, .. })), "{older:?}");
        assert_eq!(differences(&after, &empreinte(town, "objets_trouves").await), [""; 0]);
    });
}

#[test]
fn an_installation_that_is_cut_leaves_nothing() {
    on_empty_town(async |town| {
        pret(town).await;
        let mut slow = fichiers("objets_trouves");
        slow.insert(
            "migrations/0002_lente.sql".to_owned(),
            b"create table casier (id uuid);\nselect pg_sleep(60);\n".to_vec(),
        );
        let slow = module(&slow);
        let mut owner = town.database.owner().await.unwrap();
        let cut = tokio::spawn(async move { installe(&mut owner, &slow, Origine::Dossier).await });
        let sleeping = "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
        let started = Instant::now();
        let mut admin = town.database.admin().await.unwrap();
        let pid: i32 = loop {
            if let Some(pid) = sqlx::query_scalar(sleeping).fetch_optional(&mut admin).await.unwrap() {
                break pid;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "never seen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let killed: bool =
            sqlx::query_scalar("select pg_terminate_backend($1)").bind(pid).fetch_one(&mut admin).await.unwrap();
        assert!(killed && cut.await.unwrap().is_err());
        assert_eq!(empreinte(town, "objets_trouves").await, "");
        let schema: i64 = sqlx::query_scalar("select count(*) from pg_namespace where nspname = 'objets_trouves'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(schema, 0);
        pose_en_base(town, &fichiers("objets_trouves")).await.unwrap();
    });
}

#[test]
fn what_others_depend_on_stays_enabled() {
    on_empty_town(async |town| {
        pret(town).await;
        town.installe("fige_base").await;
        town.installe("fige").await;
        let folder = town.config.modules_dir.clone();
        let folder = folder.as_deref();
        let kept = active(&mut town.owner, folder, "fige_base", false).await.unwrap_err().to_string();
        assert!(kept.contains("« fige_base »") && kept.contains("fige ;"), "{kept}");
        active(&mut town.owner, folder, "fige", false).await.unwrap();
        active(&mut town.owner, folder, "fige_base", false).await.unwrap();
        town.recharge().await;
        assert!(town.modules.modules().is_empty() && town.modules.pannes().is_empty());
        let alone = active(&mut town.owner, folder, "fige", true).await.unwrap_err().to_string();
        assert!(alone.contains("dépend du module « fige_base »"), "{alone}");
        active(&mut town.owner, folder, "fige_base", true).await.unwrap();
        active(&mut town.owner, folder, "fige", true).await.unwrap();
        town.recharge().await;
        assert_eq!(town.modules.modules().len(), 2);
        assert!(matches!(active(&mut town.owner, folder, "absent", false).await, Err(InstallationError::Absent(_))));
    });
}

#[test]
fn modules_do_not_depend_on_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let put = |id: &str, depends: &str| {
        let mut files = engendre(id);
        change(&mut files, "module.toml", "label", &format!("depends = [{depends}]\nlabel"));
        pose(folder.path(), &module(&files)).unwrap().garde().unwrap();
        module(&files)
    };
    put("un", "\"deux\"");
    put("deux", "\"trois\"");
    let trois = put("trois", "\"un\"");
    let refused = sans_cercle(&sources::trouves(Some(folder.path())), &trois).unwrap_err().to_string();
    assert!(
        refused.contains("« trois » est refusé") && refused.contains("« trois » → « un » → « deux » → « trois »"),
        "{refused}"
    );
    let quatre = put("quatre", "\"deux\"");
    assert!(sans_cercle(&sources::trouves(Some(folder.path())), &quatre).is_ok());
}

#[test]
fn an_upgrade_that_would_close_a_circle_is_refused_and_others_are_made() {
    on_empty_town(async |town| {
        let mut admin = town.database.admin().await.unwrap();
        finage::db::prepare(&mut admin).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let put = |id: &str, version: &str, depends: &str| {
            let mut files = engendre(id);
            change(&mut files, "module.toml", "1.0.0", version);
            change(&mut files, "module.toml", "label", &format!("depends = [{depends}]\nlabel"));
            let _ = std::fs::remove_dir_all(folder.path().join(id));
            pose(folder.path(), &module(&files)).unwrap().garde().unwrap();
            module(&files)
        };
        for (id, depends) in [("un", ""), ("deux", "\"un\""), ("trois", "\"deux\"")] {
            installe(&mut town.owner, &put(id, "1.0.0", depends), Origine::Dossier).await.unwrap();
        }
        put("un", "1.1.0", "\"deux\"");
        put("trois", "1.1.0", "\"deux\"");
        let failed = met_a_niveau(&mut town.owner, Some(folder.path())).await.unwrap();
        let told: Vec<(&str, String)> = failed.iter().map(|(id, error)| (id.as_str(), error.to_string())).collect();
        assert_eq!((told.len(), told[0].0), (1, "un"), "{told:?}");
        assert!(told[0].1.contains("« un » → « deux » → « un »"), "{told:?}");
        let versions: Vec<(String, String)> =
            sqlx::query_as("select id, version from core.module order by id").fetch_all(&mut town.owner).await.unwrap();
        let expected = [("deux", "1.0.0"), ("trois", "1.1.0"), ("un", "1.0.0")];
        assert_eq!(versions, expected.map(|(id, version)| (id.to_owned(), version.to_owned())));
    });
}

#[test]
fn a_packed_module_is_the_same_everywhere_and_goes_nowhere_else() {
    let files = fichiers("objets_trouves");
    let packed = emballe(&module(&files)).unwrap();
    assert_eq!(packed, emballe(&module(&files)).unwrap());
    let taken = deballe(&packed).unwrap();
    assert_eq!(taken.folder.digest(), module(&files).folder.digest());

    for (place, refusal) in [
        ("objets_trouves/../../etc/x", "sort du dossier"),
        ("/etc/x", "sort du dossier"),
        ("objets_trouves/.x", "sort du dossier"),
        ("autre/x", "sort du dossier"),
    ] {
        let refused = deballe(&zip(&packed, place, b"x")).unwrap_err().to_string();
        assert!(refused.contains(refusal), "{place} {refused}");
    }
    assert!(matches!(
        deballe(&zip(&packed, "objets_trouves/codes/autre.csv", b"code,label\na,b\n")),
        Err(PaquetError::Empreinte)
    ));
    let large = deballe(&zip(&packed, "objets_trouves/documents/x.bin", &vec![0; 9 << 20])).unwrap_err().to_string();
    assert!(large.contains("trop grand"), "{large}");
    for bytes in [&b""[..], b"PK\x03\x04", &packed[..packed.len() / 2]] {
        assert!(matches!(deballe(bytes), Err(PaquetError::Illisible(_))));
    }

    let dossier = tempfile::tempdir().unwrap();
    pose(dossier.path(), &taken).unwrap().garde().unwrap();
    let mut next = suivante();
    change(&mut next, "module.toml", "1.1.0", "1.2.0");
    std::fs::create_dir(dossier.path().join("objets_trouves/.git")).unwrap();
    // Put, then not kept: what was there is there again.
    drop(pose(dossier.path(), &module(&next)).unwrap());
    let lu = sources::lu(&dossier.path().join("objets_trouves")).unwrap();
    assert_eq!(lu.folder.digest(), taken.folder.digest());
    pose(dossier.path(), &module(&next)).unwrap().garde().unwrap();
    assert_eq!(sources::lu(&dossier.path().join("objets_trouves")).unwrap().file.version, "1.2.0");
    // The history of its author is where it was, and the version before is beside, out of sight.
    assert!(dossier.path().join("objets_trouves/.git").is_dir());
    assert_eq!(sources::lu(&dossier.path().join(".objets_trouves.ancien")).unwrap().file.version, "1.0.0");
    assert_eq!(
        sources::trouves(Some(dossier.path())).values().filter(|trouve| trouve.origine == Origine::Dossier).count(),
        1
    );
}

/// A packed module with one file more.
fn zip(packed: &[u8], place: &str, content: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Write as _};
    let mut zip = zip::ZipWriter::new_append(Cursor::new(packed.to_vec())).unwrap();
    zip.start_file(place, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Modules of a large town.
const MANY: usize = 30;
/// How long they may take to load.
const LOADED: Duration = Duration::from_millis(300);

#[test]
fn thirty_modules_of_five_objects_load_at_once() {
    on_empty_town(async |town| {
        pret(town).await;
        let folder = tempfile::tempdir().unwrap();
        for rank in 0..MANY {
            let files = engendre(&format!("metier_{rank}"));
            installe(&mut town.owner, &module(&files), Origine::Dossier).await.unwrap();
            pose(folder.path(), &module(&files)).unwrap().garde().unwrap();
        }
        let mut times = Vec::new();
        for _ in 0..5 {
            let started = Instant::now();
            let registry = Registry::charge(&mut town.owner, Some(folder.path())).await.unwrap();
            times.push(started.elapsed());
            assert_eq!(
                (registry.modules().len(), registry.objets().count(), registry.pannes().len()),
                (MANY, 5 * MANY, 0)
            );
        }
        times.sort();
        println!(
            "{MANY} modules, {} objets : chargés en {:?} (médiane de 5, le plus long {:?})",
            5 * MANY,
            times[2],
            times[4]
        );
        // Tests are compiled without optimisation and run beside others: the bound is for what is delivered.
        let allowed = if cfg!(debug_assertions) { 10 * LOADED } else { LOADED };
        assert!(times[2] < allowed, "{times:?}");
        assert!(met_a_niveau(&mut town.owner, Some(folder.path())).await.unwrap().is_empty());
    });
}

/// A module of five objects, each of ten fields, with lists, rights, tabs and codes.
fn engendre(id: &str) -> Files {
    let mut files = Files::new();
    let mut add = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    add(
        "module.toml",
        format!("engine = 1\nid = \"{id}\"\nversion = \"1.0.0\"\nlabel = \"{id}\"\n[roles.agent]\nlabel = \"Agent\"\n"),
    );
    add("codes/nature.csv", "code,label\na,A\nb,B\n".to_owned());
    let mut sql = String::new();
    for rank in 0..5 {
        let parent = if rank == 0 { String::new() } else { format!("parent uuid references o{} (id),", rank - 1) };
        let _ = writeln!(
            sql,
            "create table o{rank} (id uuid primary key default gen_random_uuid(), {parent} libelle text not null, nature text,
            debut date, fin date, montant numeric(10, 2), actif boolean, note text, rang integer, geom geometry(Point, 2154));"
        );
        let tabs =
            if rank < 4 { format!("[[tabs]]\nobject = \"o{}\"\nby = \"parent\"\n", rank + 1) } else { String::new() };
        add(
            &format!("objects/o{rank}.toml"),
            format!(
                "table = \"{id}.o{rank}\"\nlabel = \"Objet\"\ntitle = \"{{libelle}}\"\ngeometry = \"geom\"\n[fields.nature]\ncode = \"nature\"\n
                [fields.note]\nkind = \"longtext\"\nvisible = \"nature = 'a'\"\n{tabs}[[lists]]\nid = \"actifs\"\nlabel = \"Actifs\"\n
                where = \"actif = true and (fin is null or fin > today())\"\n[[rights]]\nrole = \"agent\"\nactions = [\"read\", \"create\", \"change\"]\n"
            ),
        );
    }
    add("migrations/0001_tables.sql", sql);
    files
}
