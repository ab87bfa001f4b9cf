//! The command as people run it: exit codes, one French sentence, the embedded cluster joined or started.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn finage(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_finage"));
    for (name, _) in std::env::vars() {
        if name.starts_with("FINAGE_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.env("FINAGE_DATA_DIR", data).args(arguments).output().unwrap()
}

fn with_input(data: &Path, arguments: &[&str], input: &str) -> Output {
    use std::io::Write as _;
    let mut command = Command::new(env!("CARGO_BIN_EXE_finage"));
    for (name, _) in std::env::vars() {
        if name.starts_with("FINAGE_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.env("FINAGE_DATA_DIR", data).args(arguments);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("finage-cli-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    folder
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn usage_errors_exit_with_2_and_refusals_with_1() {
    let data = folder();
    assert_eq!(finage(data.path(), &["import"]).status.code(), Some(2));
    assert_eq!(finage(data.path(), &["import", "edigeo"]).status.code(), Some(2));
    assert_eq!(finage(data.path(), &["import", "cadastre", "--commune", "zzz"]).status.code(), Some(2));
    std::fs::write(data.path().join("finage.toml"), "journal_mois = 1\n").unwrap();
    let forgetful = finage(data.path(), &["serve"]);
    assert_eq!(forgetful.status.code(), Some(1));
    assert!(stderr(&forgetful).contains("journal_mois"), "{}", stderr(&forgetful));
    let missing = finage(data.path(), &["--config", "/nulle/part.toml", "config"]);
    assert!(stderr(&missing).contains("/nulle/part.toml"), "{}", stderr(&missing));
}

#[test]
fn the_configuration_says_where_each_value_comes_from() {
    let data = folder();
    std::fs::write(data.path().join("finage.toml"), "pool_size = 3\n").unwrap();
    let output = finage(data.path(), &["config", "--json"]);
    let values: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let of = |key: &str| values.iter().find(|value| value["cle"] == key).unwrap().clone();
    assert_eq!(of("data_dir")["origine"], "environnement");
    assert!(of("pool_size")["origine"].as_str().unwrap().starts_with("fichier "));
    assert_eq!(of("srid")["origine"], "valeur par défaut");
    std::fs::write(data.path().join("finage.toml"), "inconnu = 3\n").unwrap();
    let refused = finage(data.path(), &["config"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("inconnu"), "{}", stderr(&refused));
}

#[test]
fn an_import_starts_a_cluster_of_its_own_and_a_bad_file_leaves_it_unchanged() {
    let data = folder();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    let good = sample.join("edigeo/99102");
    let first = finage(data.path(), &["--json", "import", "edigeo", good.to_str().unwrap()]);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let report: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(report["communes"][0]["insee"], "99102");

    let bad = sample.join("defauts/edigeo-991021030A01-tronquee.tar.bz2");
    let refused = finage(data.path(), &["import", "edigeo", "--departement", "99", bad.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let sentence = stderr(&refused);
    assert!(sentence.contains("edigeo-991021030A01-tronquee.tar.bz2"), "{sentence}");
    assert_eq!(sentence.trim().lines().count(), 1, "{sentence}");

    let again = finage(data.path(), &["--json", "import", "edigeo", good.to_str().unwrap()]);
    let report: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    for layer in report["communes"][0]["couches"].as_array().unwrap() {
        assert_eq!(
            (&layer["ajoutes"], &layer["retires"], &layer["modifies"]),
            (&0.into(), &0.into(), &0.into()),
            "{layer}"
        );
    }
}

/// Parcels that importing these files would add: none when they are in, all when they are not.
fn would_add(data: &Path, folder: &Path) -> (i64, i64) {
    let dry = finage(data, &["--json", "import", "edigeo", "--dry-run", folder.to_str().unwrap()]);
    assert_eq!(dry.status.code(), Some(0), "{}", stderr(&dry));
    let report: serde_json::Value = serde_json::from_slice(&dry.stdout).unwrap();
    let layers = report["communes"][0]["couches"].as_array().unwrap();
    let parcels = layers.iter().find(|layer| layer["couche"] == "parcelle").unwrap();
    (parcels["ajoutes"].as_i64().unwrap(), parcels["lus"].as_i64().unwrap())
}

#[test]
fn a_kill_in_the_middle_of_an_import_leaves_all_or_nothing() {
    let data = folder();
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/edigeo/99101");
    assert_eq!(finage(data.path(), &["migrate"]).status.code(), Some(0));
    for round in 0..5_u64 {
        let mut import = Command::new(env!("CARGO_BIN_EXE_finage"));
        import.env("FINAGE_DATA_DIR", data.path()).env_remove("DATABASE_URL");
        let mut import = import.args(["import", "edigeo", plan.to_str().unwrap()]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300 + 450 * round));
        import.kill().unwrap();
        import.wait().unwrap();
        let (added, read) = would_add(data.path(), &plan);
        assert!(added == 0 || added == read, "round {round}: {added} of {read}");
    }
}

#[test]
fn accounts_are_made_listed_closed_without_a_default_password() {
    let data = folder();
    assert!(finage(data.path(), &["migrate"]).status.success());
    let stdout = |output: &Output| String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let invited = finage(data.path(), &["user", "add", "Agent@Exemple.invalid", "--name", "Agent d'essai", "--admin"]);
    assert!(stdout(&invited).starts_with("http://127.0.0.1:8080/mot-de-passe/"), "{}", stderr(&invited));
    let twice = finage(data.path(), &["user", "add", "agent@exemple.invalid", "--name", "Encore"]);
    assert!(twice.status.code() == Some(1) && stderr(&twice).contains("a déjà"), "{}", stderr(&twice));
    let weak = with_input(
        data.path(),
        &["user", "add", "b@exemple.invalid", "--name", "B", "--password-stdin"],
        "motdepasse12\n",
    );
    assert!(weak.status.code() == Some(1) && stderr(&weak).contains("devine"), "{}", stderr(&weak));
    let chosen = ["user", "add", "b@exemple.invalid", "--name", "B", "--password-stdin"];
    let made = with_input(data.path(), &chosen, "brouette cactus violon marée\n");
    assert!(made.status.success(), "{}", stderr(&made));
    let listed = finage(data.path(), &["--json", "user", "list"]);
    let accounts: Vec<serde_json::Value> = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(accounts.len(), 2);
    assert!(accounts[0]["administrateur"] == true && accounts[0]["mot_de_passe"] == false, "{accounts:?}");
    assert!(!String::from_utf8_lossy(&listed.stdout).contains("argon2"));
    assert!(finage(data.path(), &["user", "close", "b@exemple.invalid"]).status.success());
    let closed = finage(data.path(), &["user", "lien", "b@exemple.invalid"]);
    assert!(stderr(&closed).contains("fermé"), "{}", stderr(&closed));
    let token = finage(
        data.path(),
        &["token", "create", "agent@exemple.invalid", "--collectivite", "99101", "--scope", "read,write"],
    );
    assert!(token.status.code() == Some(1) && stderr(&token).contains("99101"), "{}", stderr(&token));
}

/// Copies a folder into another.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copied(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[test]
fn modules_are_checked_packed_installed_and_listed() {
    let data = folder();
    let (here, there) = (data.path().join("ici"), data.path().join("la"));
    std::fs::create_dir_all(&there).unwrap();
    let module = here.join("objets_trouves");
    copied(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules/objets_trouves"), &module);
    let config =
        |folder: &Path| std::fs::write(data.path().join("finage.toml"), format!("modules_dir = {folder:?}\n")).unwrap();
    let run = |arguments: &[&str]| finage(data.path(), arguments);
    let stdout = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();

    let packed = data.path().join("trouves.finage-module");
    let (module_, packed_) = (module.to_str().unwrap(), packed.to_str().unwrap());
    let pack = run(&["module", "pack", module_, "--sortie", packed_]);
    assert!(pack.status.success(), "{}", stderr(&pack));
    let inside = module.join("x.finage-module");
    let within = run(&["module", "pack", module_, "--sortie", inside.to_str().unwrap()]);
    assert!(within.status.code() == Some(1) && !inside.exists(), "{}", stderr(&within));
    let nowhere = run(&["module", "install", packed_]);
    assert!(
        nowhere.status.code() == Some(1) && stderr(&nowhere).contains("FINAGE_MODULES_DIR"),
        "{}",
        stderr(&nowhere)
    );
    let good = run(&["module", "check", module_]);
    assert!(good.status.success() && stdout(&good).contains("3 objets"), "{}", stderr(&good));
    let file = module.join("objects/lieu.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("{libelle}", "{nom}")).unwrap();
    let bad = run(&["module", "check", module_]);
    assert!(bad.status.code() == Some(1) && stderr(&bad).contains("objects/lieu.toml, ligne 4"), "{}", stderr(&bad));

    config(&there);
    let installed = run(&["module", "install", packed_]);
    assert!(
        installed.status.success() && stdout(&installed).contains("objets_trouves_agent"),
        "{}",
        stderr(&installed)
    );
    let list = run(&["module", "list"]);
    assert!(stdout(&list).contains("chargé"), "{}", stdout(&list));
    std::fs::write(there.join("objets_trouves/objects/lieu.toml"), "table = 3\n").unwrap();
    let list = run(&["module", "list"]);
    assert!(stdout(&list).contains("EN PANNE : objects/lieu.toml, ligne 1"), "{}", stdout(&list));
    // The pack again: what it holds is put back.
    assert!(run(&["module", "install", packed_]).status.success());
    assert!(stdout(&run(&["module", "disable", "objets_trouves"])).contains("ses données restent"));
    assert!(stdout(&run(&["module", "list"])).contains("désactivé"));

    let schemas = data.path().join("schemas");
    assert!(run(&["module", "schema", "--sortie", schemas.to_str().unwrap()]).status.success());
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas/object.schema.json");
    assert_eq!(std::fs::read(schemas.join("object.schema.json")).unwrap(), std::fs::read(ours).unwrap());

    let made = run(&["module", "new-from-table", "--schema", "absent"]);
    assert!(made.status.code() == Some(1) && stderr(&made).contains("pas de schéma « absent »"), "{}", stderr(&made));
    assert_eq!(run(&["module", "new-from-table"]).status.code(), Some(2));
}
