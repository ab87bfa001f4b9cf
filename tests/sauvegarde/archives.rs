//! Archives that were not made by `finage backup`, or not left as it made them: each refused in a sentence, nothing changed.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::machine::{Machine, digest, folder, text};

type Members = Vec<(String, Vec<u8>)>;

fn read(archive: &Path) -> Members {
    let mut tar = tar::Archive::new(std::fs::File::open(archive).unwrap());
    let entries = tar.entries().unwrap();
    entries
        .map(|entry| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (name, content)
        })
        .collect()
}

/// A header with any name, `..` too.
fn header(name: &str, size: u64, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(size);
    header.set_mode(0o600);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

fn write(members: &Members) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let size = content.len() as u64;
        tar.append(&header(name, size, tar::EntryType::Regular), &content[..]).unwrap();
    }
    tar.into_inner().unwrap()
}

/// The manifest that these members deserve.
fn sealed(mut members: Members) -> Members {
    members.retain(|(name, _)| name != "manifeste.json");
    let listed: Vec<serde_json::Value> = members
        .iter()
        .map(|(nom, content)| {
            let sha256 = digest(content);
            serde_json::json!({ "nom": nom, "octets": content.len(), "sha256": sha256 })
        })
        .collect();
    members.push(("manifeste.json".into(), serde_json::to_vec(&serde_json::json!({ "membres": listed })).unwrap()));
    members
}

fn at<'a>(members: &'a mut Members, name: &str) -> &'a mut Vec<u8> {
    &mut members.iter_mut().find(|(found, _)| found == name).unwrap().1
}

fn with(members: &Members, change: impl FnOnce(&mut Members)) -> Members {
    let mut members = members.clone();
    change(&mut members);
    members
}

/// The head of an archive with one value changed.
fn head(members: &Members, key: &str, value: serde_json::Value) -> Members {
    sealed(with(members, |members| {
        let head = at(members, "finage.json");
        let mut json: serde_json::Value = serde_json::from_slice(head).unwrap();
        json[key] = value;
        *head = serde_json::to_vec(&json).unwrap();
    }))
}

#[test]
fn every_bad_archive_is_refused_and_changes_nothing() {
    let folder = folder();
    let (here, there) = (Machine::new(&folder, "ici"), Machine::new(&folder, "ailleurs"));
    here.populate();
    std::fs::create_dir_all(here.data.join("fichiers/zz")).unwrap();
    std::fs::write(here.data.join("fichiers/zz/brouillon"), "x").unwrap();
    let archive = folder.path().join("ici.finage");
    here.json(&["backup", "--sortie", text(&archive)]);
    let good = read(&archive);
    assert_eq!(sealed(good.clone()).len(), good.len());
    let bytes = std::fs::read(&archive).unwrap();

    let mut link = tar::Builder::new(write(&good)[..512 * 2].to_vec());
    link.append(&header("donnees/lien", 0, tar::EntryType::Symlink), &[][..]).unwrap();
    let mut huge = tar::Builder::new(Vec::new());
    huge.append(&header("finage.json", 1 << 40, tar::EntryType::Regular), &b"{}"[..]).unwrap();
    let mut long = tar::Builder::new(Vec::new());
    long.append(&header("long", 1 << 40, tar::EntryType::GNULongName), &b"{}"[..]).unwrap();
    let first = good[0].clone();

    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("vide", Vec::new(), "coupé"),
        ("du texte", b"Bonjour".repeat(200), "n'est pas une sauvegarde"),
        ("coupée au milieu", bytes[..bytes.len() / 2].to_vec(), "coupé"),
        ("sans sa fin", write(&with(&good, |m| drop(m.pop()))), "sa fin manque"),
        ("un octet changé", write(&with(&good, |m| at(m, "base/000000")[100] ^= 1)), "« base/000000 » est altéré"),
        ("la clé changée", write(&with(&good, |m| at(m, "base.json").push(b' '))), "« base.json » est altéré"),
        ("suivie", [&bytes[..], b"encore"].concat(), "suit sa fin"),
        (
            "montante",
            write(&sealed(with(&good, |m| m.insert(1, ("donnees/../../evasion".into(), vec![1]))))),
            "pas sa place",
        ),
        ("absolue", write(&sealed(with(&good, |m| m.insert(1, ("/tmp/evasion".into(), vec![1]))))), "pas sa place"),
        (
            "un cluster",
            write(&sealed(with(&good, |m| m.insert(1, ("donnees/cluster/x".into(), vec![1]))))),
            "pas sa place",
        ),
        ("un lien", link.into_inner().unwrap(), "pas sa place"),
        ("démesurée", huge.into_inner().unwrap(), "bornes"),
        ("un nom démesuré", long.into_inner().unwrap(), "pas sa place"),
        ("en double", write(&sealed(with(&good, |m| m.insert(1, first)))), "ordre"),
        ("sans base", write(&sealed(with(&good, |m| m.retain(|(nom, _)| !nom.starts_with("base/"))))), "ordre"),
        (
            "une autre base",
            write(&sealed(with(&good, |m| *at(m, "base/000000") = b"PGDMP".to_vec()))),
            "sa base est illisible",
        ),
        ("un format à venir", write(&head(&good, "format", 99.into())), "plus récent"),
        ("un PostgreSQL à venir", write(&head(&good, "majeure", 99.into())), "PostgreSQL 99, plus récent"),
        ("une version à venir", write(&head(&good, "migration", 9999.into())), "plus récent"),
        ("illisible", write(&sealed(with(&good, |m| *at(m, "finage.json") = b"{".to_vec()))), "illisible"),
    ];
    for (what, content, expected) in cases {
        let path: PathBuf = folder.path().join("mauvaise.finage");
        std::fs::write(&path, content).unwrap();
        let refused = there.refused(&["restore", text(&path)]);
        assert!(refused.contains(expected), "{what}: {refused}");
        assert!(!there.data.exists(), "{what}");
    }
    let key = folder.path().join("cle.txt");
    std::fs::write(&key, "AGE-SECRET-KEY-1").unwrap();
    assert!(there.refused(&["restore", text(&folder.path().join("absente"))]).contains("absente"));
    assert!(there.refused(&["restore", text(folder.path())]).contains("ordinaire"));
    assert!(!folder.path().join("evasion").exists() && !Path::new("/tmp/evasion").exists());

    // Counts that lie are found once the base is there: it is then thrown away.
    let lying = with(&good, |members| {
        let base = at(members, "base.json");
        let mut json: serde_json::Value = serde_json::from_slice(base).unwrap();
        json["lignes"]["core.annotation"] = 99.into();
        *base = serde_json::to_vec(&json).unwrap();
    });
    let path = folder.path().join("menteuse.finage");
    std::fs::write(&path, write(&sealed(lying))).unwrap();
    let refused = there.refused(&["restore", text(&path)]);
    assert!(refused.contains("core.annotation : 99 lignes sauvées, 4 lignes restaurées"), "{refused}");
    assert!(!there.data.exists());
}
