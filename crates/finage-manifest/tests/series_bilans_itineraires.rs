//! What manifests say of series, figures and ways, and what is refused of it.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeMap;

use finage_manifest::{Catalogue, Column, Folder, ForeignKey, Known, Module, Table, check};

fn column(name: &str, base: &str, geometry: Option<&str>) -> Column {
    Column {
        default_sql: None,
        name: name.to_owned(),
        base: base.to_owned(),
        sql: base.to_owned(),
        not_null: false,
        default: name == "id",
        generated: false,
        comment: None,
        length: None,
        precision: None,
        scale: None,
        geometry: geometry.map(|kind| (kind.to_owned(), 2154)),
    }
}

/// `jardin.parcelle`, in a garden, on a path; both are of the garden.
fn catalogue() -> Catalogue {
    let table = |geometry: &str, references: &[&str]| {
        let mut columns =
            vec![column("id", "uuid", None), column("numero", "text", None), column("aire", "numeric", None)];
        columns.extend(references.iter().map(|name| column(name, "uuid", None)));
        columns.push(column("geom", "geometry", Some(geometry)));
        let key = |name: &&str| ForeignKey {
            column: (*name).to_owned(),
            table: format!("jardin.{name}"),
            target: "id".to_owned(),
        };
        let foreign_keys = references.iter().map(key).collect();
        Table { columns, primary_key: vec!["id".to_owned()], foreign_keys, ..Table::default() }
    };
    Catalogue {
        tables: BTreeMap::from([
            ("jardin.parcelle".to_owned(), table("MultiPolygon", &["jardin", "chemin"])),
            ("jardin.chemin".to_owned(), table("MultiLineString", &["jardin"])),
            ("jardin.porte".to_owned(), table("Point", &["jardin"])),
            ("jardin.jardin".to_owned(), table("MultiPolygon", &[])),
        ]),
    }
}

/// Faults of a module whose plots say this, and whose file says that.
fn fautes(parcelle: &str, module: &str, requete: &str) -> Vec<String> {
    let objet = |nom: &str, suite: &str| {
        let texte = format!(
            "table = \"jardin.{nom}\"\nlabel = \"{nom}\"\ntitle = \"{{numero}}\"\ngeometry = \"geom\"\n{suite}\n"
        );
        (format!("objects/{nom}.toml"), texte.into_bytes())
    };
    let tete = format!("engine = 1\nid = \"jardin\"\nversion = \"1.0.0\"\nlabel = \"Jardins\"\n{module}\n");
    let files = BTreeMap::from([
        ("module.toml".to_owned(), tete.into_bytes()),
        objet("parcelle", parcelle),
        objet("chemin", ""),
        objet("porte", ""),
        objet("jardin", ""),
        ("reports/parcelles.sql".to_owned(), requete.as_bytes().to_vec()),
    ]);
    let module = Module::read(Folder::new(files).unwrap()).unwrap();
    let known = Known { modules: ["jardin".to_owned()].into(), ..Known::default() };
    check(&module, &catalogue(), &known).into_iter().map(|fault| fault.message).collect()
}

const REQUETE: &str =
    "-- param ans: integer\n-- result n: integer\nselect count(*) as n from {{parcelle}} p where p.aire > :ans";
const BILAN: &str = "[[reports]]\nid = \"places\"\nlabel = \"Places\"\n[reports.params.ans]\nlabel = \"Années\"\ndefault = 5\nmin = 1\nmax = 30\n[[reports.tables]]\nid = \"parcelles\"\nlabel = \"Parcelles\"\nquery = \"parcelles.sql\"\nbars = \"n\"\ncolumns = { n = \"Nombre\" }\n";
const PARCELLE: &str = "[series]\nnumber = \"numero\"\nline = \"chemin\"\nwithin = \"jardin\"\nfields = [\"jardin\", \"chemin\"]\n[walk]\nlines = \"chemin\"\nentrances = \"porte\"\nby = \"jardin\"\nalong = \"chemin\"\n";

#[test]
fn what_is_said_well_is_loaded() {
    assert_eq!(fautes(PARCELLE, BILAN, REQUETE), [""; 0]);
}

#[test]
fn what_is_said_wrongly_is_refused_in_a_sentence() {
    for (ecrit, autre, dit) in [
        ("number = \"numero\"", "number = \"aire\"", "« aire » n'est pas un champ de texte"),
        ("line = \"chemin\"", "line = \"numero\"", "« numero » n'est pas une référence"),
        ("within = \"jardin\"", "within = \"absent\"", "« absent » n'est pas une référence"),
        ("fields = [\"jardin\"", "fields = [\"numero\"", "chaque fiche a son numéro"),
        ("fields = [\"jardin\"", "width = 51.0\nfields = [\"jardin\"", "de 0 à 50 m"),
        ("lines = \"chemin\"", "lines = \"porte\"", "n'est pas de genre LineString"),
        ("entrances = \"porte\"", "entrances = \"chemin\"", "n'est pas de genre Point"),
        ("entrances = \"porte\"", "entrances = \"jardin\"", "n'a pas de référence « jardin »"),
        ("by = \"jardin\"", "by = \"numero\"", "« numero » n'est pas une référence"),
    ] {
        let lues = fautes(&PARCELLE.replacen(ecrit, autre, 1), "", REQUETE);
        assert!(lues.iter().any(|lue| lue.contains(dit)), "{autre} : {lues:?}");
    }
    for (ecrit, autre, dit) in [
        ("query = \"parcelles.sql\"", "query = \"absente.sql\"", "ce fichier manque"),
        ("bars = \"n\"", "bars = \"m\"", "« m » n'est pas un nombre"),
        ("columns = { n", "columns = { m", "ne donne pas « m »"),
        ("default = 5", "default = 31", "entre ses bornes"),
        ("[reports.params.ans]", "[reports.params.mois]", "paramètre « ans »"),
        ("id = \"places\"", "id = \"Places !\"", "ne peut pas nommer un bilan"),
    ] {
        let lues = fautes("", &BILAN.replacen(ecrit, autre, 1), REQUETE);
        assert!(lues.iter().any(|lue| lue.contains(dit)), "{autre} : {lues:?}");
    }
    let ailleurs = REQUETE.replace("{{parcelle}}", "{{autre.objet}}");
    assert!(fautes("", BILAN, &ailleurs).iter().any(|lue| lue.contains("n'est pas un objet de ce module")));
}
