//! Archives closed by a key or a passphrase.

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;

use crate::machine::{Machine, folder, text};

#[test]
fn only_the_key_opens_and_nothing_is_in_clear() {
    let folder = folder();
    let (here, there) = (Machine::new(&folder, "ici"), Machine::new(&folder, "ailleurs"));
    here.populate();
    let (mine, other) = (Identity::generate(), Identity::generate());
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let key = file("cle.txt", &format!("# essai\n{}\n", mine.to_string().expose_secret()));
    let wrong = file("autre.txt", &format!("{}\n", other.to_string().expose_secret()));
    let phrase = file("phrase.txt", "une phrase que personne ne devine\n");
    let archive = folder.path().join("ici.age");
    let report = here.json(&["backup", "--sortie", text(&archive), "--cle-publique", &mine.to_public().to_string()]);
    assert_eq!(report["chiffree"], true);
    let bytes = std::fs::read(&archive).unwrap();
    for clear in [&b"PGDMP"[..], b"finage.json", b"Valbrume", b"SCRAM-SHA-256"] {
        assert!(!bytes.windows(clear.len()).any(|window| window == clear));
    }

    let path = text(&archive);
    assert!(there.refused(&["restore", path]).contains("chiffré"));
    assert!(there.refused(&["restore", path, "--identite", text(&wrong)]).contains("ne l'ouvre pas"));
    assert!(there.refused(&["restore", path, "--phrase-fichier", text(&phrase)]).contains("--identite"));
    assert!(there.refused(&["restore", path, "--identite", text(&phrase)]).contains("age-keygen"));
    for length in [30, 300, 70_000, bytes.len() / 2, bytes.len() - 1] {
        let cut = folder.path().join("coupee.age");
        std::fs::write(&cut, &bytes[..length]).unwrap();
        let refused = there.refused(&["restore", text(&cut), "--identite", text(&key)]);
        assert!(refused.contains("coupé") || refused.contains("altéré"), "{length}: {refused}");
    }
    for place in [80, 1000, bytes.len() / 2, bytes.len() - 20] {
        let mut altered = bytes.clone();
        altered[place] ^= 1;
        let file = folder.path().join("alteree.age");
        std::fs::write(&file, altered).unwrap();
        let refused = there.refused(&["restore", text(&file), "--identite", text(&key)]);
        assert!(refused.contains("altéré") || refused.contains("ne l'ouvre pas"), "{place}: {refused}");
    }
    assert!(!there.data.exists(), "a refusal leaves nothing");

    let restored = there.json(&["restore", path, "--identite", text(&key)]);
    assert_eq!(restored["lignes"], report["lignes"]);
    assert_eq!(there.count("select count(*) from core.annotation"), 4);
}

#[test]
fn a_passphrase_opens_too() {
    let folder = folder();
    let (here, there) = (Machine::new(&folder, "ici"), Machine::new(&folder, "ailleurs"));
    here.populate();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let (right, wrong) = (file("a", "une phrase assez longue\n"), file("b", "une phrase assez autre\n"));
    let short = file("c", "courte\n");
    let archive = folder.path().join("ici.age");
    let refused = here.refused(&["backup", "--sortie", text(&archive), "--phrase-fichier", text(&short)]);
    assert!(refused.contains("12 caractères"), "{refused}");
    assert!(!archive.exists());
    here.json(&["backup", "--sortie", text(&archive), "--phrase-fichier", text(&right)]);
    let refused = there.refused(&["restore", text(&archive), "--phrase-fichier", text(&wrong)]);
    assert!(refused.contains("ne l'ouvre pas"), "{refused}");
    there.json(&["restore", text(&archive), "--phrase-fichier", text(&right)]);
    assert_eq!(there.count("select count(*) from core.personne"), 2);
}
