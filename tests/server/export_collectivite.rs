//! A collectivité whole, in open formats, and nothing of another.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use finage::backup::{Arret, BackupError, Exporte, Exportee, exporte};
use finage::modules::registre::Registre;
use uuid::Uuid;

use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town};

async fn export(town: &Town, code: &str, sortie: &Path) -> Result<Exportee, BackupError> {
    let demande = Exporte { collectivite: code.to_owned(), sortie: sortie.to_owned() };
    exporte(&town.config, &town.database, &demande, &Arret::default()).await
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn csv(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn an_export_holds_all_of_one_and_nothing_of_another() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        sqlx::raw_sql(include_str!("agent.sql")).execute(&mut town.owner).await.unwrap();
        sqlx::raw_sql(
            "update acces.utilisateur set mot_de_passe = '$argon2id$secret', totp_secret = '\\x0102';
             insert into acces.utilisateur (id, email, nom) values (gen_random_uuid(), 'autre@exemple.invalid', 'Agent de Cyprin');
             insert into acces.attribution (utilisateur, role, collectivite)
                select u.id, r.id, c.id from acces.utilisateur u, acces.role r, acces.collectivite c
                where u.email = 'autre@exemple.invalid' and r.code = 'agent' and c.code = '99102'",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let mut tx = town.pools.collectivites.begin(&monde.valbrume).await.unwrap();
        sqlx::query("update core.annotation set texte = 'relue' where titre = 'Valbrume'")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tx = town.pools.collectivites.begin(&monde.cyprin).await.unwrap();
        sqlx::query("update core.annotation set texte = 'ailleurs'").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();

        for (acteur, format) in [(&monde.valbrume, "OT-{seq}"), (&monde.cyprin, "Cyprin {seq}")] {
            let registre = Registre::new("essai.objet", format, false).unwrap();
            let mut tx = town.pools.collectivites.begin(acteur).await.unwrap();
            registre.prendre(&mut tx, 2026, "annotation", Uuid::new_v4()).await.unwrap();
            tx.commit().await.unwrap();
        }

        let folder = tempfile::tempdir().unwrap();
        let sortie = folder.path().join("valbrume");
        let faite = export(town, "99101", &sortie).await.unwrap();
        let files = walk(&sortie);
        // « EPCI sur 99101 » is seen by Valbrume, and is not its own.
        for file in &files {
            let bytes = std::fs::read(file).unwrap();
            for foreign in ["Cyprin", "EPCI sur", "ailleurs", "autre@exemple.invalid", "argon2id"] {
                assert!(!holds(&bytes, foreign), "{} holds {foreign}", file.display());
            }
        }
        assert!(csv(&sortie, "objets/annotation.csv").contains("Valbrume"));
        assert!(csv(&sortie, "objets/annotation.csv").contains("POINT (842000 6519000)"));
        assert!(csv(&sortie, "objets/personne.csv").contains("Personne de Valbrume"));
        assert!(csv(&sortie, "historique.csv").contains("relue"));
        assert!(csv(&sortie, "registre.csv").contains("OT-1"));
        assert!(csv(&sortie, "journal_actes.csv").contains("changement"));
        assert!(csv(&sortie, "comptes.csv").contains("agent@exemple.invalid"));
        assert!(!csv(&sortie, "comptes.csv").contains("mot_de_passe"));
        assert!(csv(&sortie, "territoire.csv").contains("99101") && csv(&sortie, "missions.csv").contains("sig"));
        assert!(csv(&sortie, "colonnes.csv").contains("Augmente à chaque changement"));
        let page = csv(&sortie, "LISEZMOI.md");
        assert!(
            page.starts_with("# Valbrume") && page.contains("| `objets/annotation.csv` et `.gpkg` | 1 |"),
            "{page}"
        );
        let lignes = |fichier: &str| faite.tables.iter().find(|table| table.fichier == fichier).unwrap().lignes;
        assert_eq!((lignes("objets/annotation"), lignes("objets/personne"), lignes("attributions")), (1, 1, 1));
        assert_eq!(lignes("historique"), 4, "three creations and a change");
        ogrinfo(&sortie.join("objets/annotation.gpkg"));

        let acts: i64 = sqlx::query_scalar(
            "select count(*) from journal.acte where action = 'exporter' and objet = 'collectivite' and cle = '99101' and canal = 'commande'",
        )
        .fetch_one(&town.pools.journal)
        .await
        .unwrap();
        assert_eq!(acts, 1);

        let epci = folder.path().join("epci");
        let faite = export(town, "ccvo", &epci).await.unwrap();
        assert_eq!(faite.tables.iter().find(|table| table.fichier == "objets/annotation").unwrap().lignes, 2);
        assert!(!csv(&epci, "objets/annotation.csv").contains("relue"), "the commune's, seen by mission");
    });
}

/// GDAL reads the same row, where it is installed.
fn ogrinfo(path: &Path) {
    let Ok(read) = std::process::Command::new("ogrinfo").args(["-ro", "-al"]).arg(path).output() else {
        println!("SKIPPED: ogrinfo is not here");
        return;
    };
    let read = String::from_utf8_lossy(&read.stdout).into_owned();
    for expected in ["Feature Count: 1", "ID[\"EPSG\",2154]", "842000 6519000", "texte (String) = relue"] {
        assert!(read.contains(expected), "{expected}: {read}");
    }
}

#[test]
fn files_named_by_rows_go_along_and_a_zip_holds_the_same() {
    on_empty_town(async |town| {
        monde(town).await;
        let (mine, lost, foreign) = ("ab".repeat(32), "cd".repeat(32), "ef".repeat(32));
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "create table core.essai (id integer primary key, collectivite integer not null, insee text, sha256 text, jour date,
                montant numeric, octets bytea, le timestamptz, vrai boolean, liste text[]);
             call core.proteger('essai', 'core.essai', 'sig');
             insert into core.essai select 1, id, null, '{mine}', 'infinity', 12.50, '\\xff00', '2026-03-29 03:30+02', true, '{{a,b}}'
                from acces.collectivite where code = '99101';
             insert into core.essai (id, collectivite, sha256) select 2, id, '{mine}' from acces.collectivite where code = '99101';
             insert into core.essai (id, collectivite, sha256) select 3, id, '{lost}' from acces.collectivite where code = '99101';
             insert into core.essai (id, collectivite, sha256) select 4, id, '{foreign}' from acces.collectivite where code = '99102';"
        )))
        .execute(&mut town.owner)
        .await
        .unwrap();
        let data = tempfile::tempdir().unwrap();
        town.config.data_dir = data.path().to_owned();
        for digest in [&mine, &foreign] {
            let place = data.path().join("fichiers").join(&digest[..2]);
            std::fs::create_dir_all(&place).unwrap();
            std::fs::write(place.join(digest), digest).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let sortie = folder.path().join("valbrume");
        let faite = export(town, "99101", &sortie).await.unwrap();
        assert_eq!(faite.fichiers, 1);
        assert!(faite.fichiers_absents.contains(&lost), "{:?}", faite.fichiers_absents);
        assert_eq!(csv(&sortie, &format!("fichiers/ab/{mine}")), mine);
        assert!(!sortie.join("fichiers/ef").exists());
        let lines = csv(&sortie, "objets/essai.csv");
        let first = lines.lines().nth(1).unwrap();
        assert!(first.ends_with(";infinity;12.50;/wA=;2026-03-29T01:30:00+00:00;oui;{a,b}"), "{first}");

        let zip = folder.path().join("valbrume.zip");
        export(town, "99101", &zip).await.unwrap();
        let mut archive = zip::ZipArchive::new(std::fs::File::open(&zip).unwrap()).unwrap();
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        assert_eq!(names.len(), walk(&sortie).len());
        let mut text = String::new();
        archive.by_name("objets/essai.csv").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, lines);

        for taken in [&sortie, &zip] {
            assert!(export(town, "99101", taken).await.unwrap_err().to_string().contains("existe déjà"));
        }
        let absent = folder.path().join("absent");
        let refused = export(town, "nulle-part", &absent).await.unwrap_err().to_string();
        assert!(refused.contains("aucune collectivité"), "{refused}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left of a refusal");
    });
}

#[test]
fn a_table_hidden_from_backups_is_told_and_saved_by_nobody() {
    on_empty_town(async |town| {
        sqlx::raw_sql("drop policy sauvegarde on core.personne").execute(&mut town.owner).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let sortie = folder.path().join("a.finage");
        let demande = finage::backup::Sauvegarde { sortie: sortie.clone(), serrure: None, configuration: None };
        let avance = std::sync::Arc::new(|_, _| {});
        town.config.data_dir = folder.path().join("data");
        let refused =
            finage::backup::sauvegarde(&town.config, &town.database, demande, &Arret::default(), avance).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("core.personne"), "{refused}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    });
}
