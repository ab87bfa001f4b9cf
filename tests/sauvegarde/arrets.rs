//! Stopped in the middle: by Ctrl-C, by a kill.

use std::process::Stdio;

use crate::machine::{Machine, folder, interrupt, runtime, stderr, text, wait};

#[test]
fn a_backup_that_is_interrupted_leaves_nothing() {
    let folder = folder();
    let here = Machine::new(&folder, "ici");
    here.populate();
    let output = folder.path().join("sorties");
    std::fs::create_dir(&output).unwrap();
    let _server = here.serve();
    let database = here.database();
    runtime().block_on(async {
        // Someone holds a table: the backup waits for it.
        let mut owner = database.owner().await.unwrap();
        sqlx::raw_sql("begin; lock table core.personne in access exclusive mode").execute(&mut owner).await.unwrap();
        let child = here
            .command()
            .args(["backup", "--sortie", text(&output.join("a.finage"))])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        wait(|| std::fs::read_dir(&output).unwrap().next().map(drop));
        interrupt(&child);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(1));
        assert!(stderr(&ended).contains("interrompu"), "{}", stderr(&ended));
        assert_eq!(std::fs::read_dir(&output).unwrap().count(), 0);
        sqlx::raw_sql("rollback").execute(&mut owner).await.unwrap();
        database.release(owner).await;
    });
}

#[test]
fn a_database_that_was_never_migrated_is_not_saved() {
    let folder = folder();
    let here = Machine::new(&folder, "ici");
    let archive = folder.path().join("ici.finage");
    for arguments in [
        ["backup", "--sortie", text(&archive)].as_slice(),
        &["export", "--collectivite", "99101", "--sortie", text(&archive)],
    ] {
        assert!(here.refused(arguments).contains("finage migrate"));
    }
    assert!(!archive.exists());
}

#[test]
fn a_restoration_that_was_killed_begins_again() {
    let folder = folder();
    let (here, there) = (Machine::new(&folder, "ici"), Machine::new(&folder, "ailleurs"));
    here.populate();
    let archive = folder.path().join("ici.finage");
    here.json(&["backup", "--sortie", text(&archive)]);
    for part in ["restauration/contenu", "restauration/contenu/cluster/data/PG_VERSION"] {
        let mut child = there.command().args(["restore", text(&archive)]).stderr(Stdio::null()).spawn().unwrap();
        wait(|| there.data.join(part).exists().then_some(()));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!there.data.join("cluster").exists(), "killed too late");
    }
    let restored = there.json(&["restore", text(&archive)]);
    assert!(restored["tables"].as_u64().unwrap() > 10);
    assert_eq!(there.count("select count(*) from core.annotation"), 4);
    assert!(!there.data.join("restauration").exists());
}
