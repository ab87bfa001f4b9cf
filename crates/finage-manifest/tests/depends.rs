//! Modules that name one another.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::{BTreeMap, BTreeSet};

use finage_manifest::{Catalogue, Folder, Known, Module, check};

fn messages(module: &str, depends: &str, known: &[(&str, &[&str])]) -> Vec<String> {
    let text = format!("engine = 1\nid = \"{module}\"\nversion = \"1.0.0\"\nlabel = \"Essai\"\ndepends = {depends}\n");
    let files = BTreeMap::from([("module.toml".to_owned(), text.into_bytes())]);
    let module = Module::read(Folder::new(files).unwrap()).unwrap();
    let known = Known {
        modules: known.iter().map(|(id, _)| (*id).to_owned()).collect::<BTreeSet<_>>(),
        depends: known
            .iter()
            .map(|(id, names)| ((*id).to_owned(), names.iter().map(|name| (*name).to_owned()).collect()))
            .collect(),
        ..Known::default()
    };
    let faults = check(&module, &Catalogue::default(), &known);
    faults.into_iter().map(|fault| format!("{} {}", fault.line.unwrap(), fault.message)).collect()
}

#[test]
fn a_module_depends_on_others_without_a_circle() {
    assert_eq!(messages("voirie", "[\"adresses\"]", &[("adresses", &[])]), [""; 0]);
    assert_eq!(messages("voirie", "[\"adresses\"]", &[]), ["5 le module « adresses » n'est pas installé"]);
    let itself = messages("voirie", "[\"voirie\"]", &[("voirie", &[])]);
    assert_eq!(itself, ["5 un module ne dépend pas de lui-même"]);
    let twice = messages("voirie", "[\"adresses\", \"adresses\"]", &[("adresses", &[])]);
    assert_eq!(twice, ["5 « adresses » est donné deux fois"]);
    let known: &[(&str, &[&str])] = &[("adresses", &["lieux"]), ("lieux", &["voirie"]), ("voirie", &[])];
    let circle = messages("voirie", "[\"adresses\"]", known);
    assert_eq!(circle, ["5 « adresses » dépend déjà de « voirie » : deux modules ne dépendent pas l'un de l'autre"]);
}
