//! A module made of tables in openMairie's manner, file by file; and schemas of manifests, as they are published.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use finage_manifest::{
    Adoption, Catalogue, Column, Folder, ForeignKey, Known, Module, ScaffoldError, Table, check, module_schema,
    object_schema, scaffold,
};

fn column(said: &str) -> Column {
    let mut words = said.split_whitespace();
    let (name, sql) = (words.next().unwrap(), words.next().unwrap());
    let rest: Vec<&str> = words.collect();
    let (base, inside) =
        sql.split_once('(').map_or((sql, None), |(base, inside)| (base, Some(inside.trim_end_matches(')'))));
    let numbers: Vec<u32> =
        inside.map_or(Vec::new(), |inside| inside.split(',').filter_map(|part| part.parse().ok()).collect());
    let geometry = inside.filter(|_| base == "geometry").map(|inside| {
        let (kind, srid) = inside.split_once(',').unwrap();
        (kind.to_owned(), srid.parse().unwrap())
    });
    Column {
        name: name.to_owned(),
        base: base.to_owned(),
        sql: sql.to_owned(),
        not_null: rest.contains(&"requis"),
        default: rest.contains(&"defaut"),
        default_sql: None,
        generated: false,
        comment: said.split_once(" -- ").map(|(_, comment)| comment.to_owned()),
        length: numbers.first().copied().filter(|_| base == "varchar"),
        precision: numbers.first().copied().filter(|_| base == "numeric"),
        scale: numbers.get(1).copied().filter(|_| base == "numeric"),
        geometry,
    }
}

fn table(comment: Option<&str>, columns: &[&str], keys: &[(&str, &str, &str)]) -> Table {
    let columns: Vec<Column> = columns.iter().map(|said| column(said)).collect();
    Table {
        comment: comment.map(str::to_owned),
        primary_key: vec![columns[0].name.clone()],
        columns,
        unique: Vec::new(),
        unique_indexes: BTreeMap::new(),
        foreign_keys: keys
            .iter()
            .map(|(column, table, target)| ForeignKey {
                column: (*column).to_owned(),
                table: format!("fourriere.{table}"),
                target: (*target).to_owned(),
            })
            .collect(),
        rows: 10,
    }
}

fn fourriere() -> Catalogue {
    let mut tables = BTreeMap::new();
    let mut add = |name: &str, table: Table| tables.insert(format!("fourriere.{name}"), table);
    add("om_collectivite", table(None, &["om_collectivite int4 requis", "libelle varchar(100) requis"], &[]));
    add("om_utilisateur", table(None, &["om_utilisateur int4 requis", "nom varchar(30) requis"], &[]));
    add(
        "genre_vehicule",
        table(
            Some("Genres de véhicules"),
            &[
                "genre_vehicule int4 requis",
                "code varchar(10)",
                "libelle varchar(60) requis",
                "om_validite_debut date",
                "om_validite_fin date",
            ],
            &[],
        ),
    );
    let mut vehicule = table(
        Some("Véhicules enlevés"),
        &[
            "vehicule int4 requis",
            "immatriculation varchar(12) requis -- Immatriculation",
            "genre_vehicule int4 requis",
            "om_collectivite int4 requis",
            "om_utilisateur int4 requis",
            "trouve_le date requis -- Date de l'enlèvement, celle du procès-verbal et non celle de l'entrée au parc",
            "montant_frais numeric(8,2)",
            "restitue bool requis defaut",
            "constat_om_html text",
            "observations text",
            "photo bytea requis",
            "version varchar(5)",
            "geom geometry(Point,27572)",
        ],
        &[
            ("genre_vehicule", "genre_vehicule", "genre_vehicule"),
            ("om_collectivite", "om_collectivite", "om_collectivite"),
            ("om_utilisateur", "om_utilisateur", "om_utilisateur"),
        ],
    );
    vehicule.unique.push(vec!["immatriculation".to_owned()]);
    add("vehicule", vehicule);
    add(
        "visite",
        table(
            None,
            &[
                "visite int4 requis",
                "vehicule int4 requis",
                "date_visite date requis",
                "rapport_om_htmletat text",
                "numero_pv varchar(20)",
            ],
            &[("vehicule", "vehicule", "vehicule")],
        ),
    );
    Catalogue { tables }
}

fn adoption() -> Adoption {
    Adoption {
        schema: "fourriere".to_owned(),
        id: "fourriere".to_owned(),
        label: "Fourrière".to_owned(),
        srid: 2154,
        owners: BTreeMap::from([(1, "99101".to_owned()), (2, "99102".to_owned())]),
        known: BTreeMap::from([(1, "Valbrume".to_owned()), (2, "Cyprin".to_owned())]),
        collectivites: 2,
        ..Adoption::default()
    }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares with a file that is kept; a stale one is written anew, and the test fails.
fn kept(path: &Path, text: &str) -> bool {
    if fs::read_to_string(path).is_ok_and(|kept| kept == text) {
        return true;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    false
}

#[test]
fn tables_make_a_module_file_by_file() {
    let made = scaffold(&fourriere(), &adoption()).unwrap();
    let folder = here("tests/scaffold/fourriere");
    let stale: Vec<&String> =
        made.files.iter().filter(|(path, text)| !kept(&folder.join(path), text)).map(|(path, _)| path).collect();
    let notes = kept(&folder.join("remarques.txt"), &made.notes.join("\n"));
    assert!(stale.is_empty() && notes, "written anew, look at them: {stale:?}");
}

#[test]
fn what_is_made_is_read_and_agrees_with_its_tables() {
    let (catalogue, adoption) = (fourriere(), adoption());
    let made = scaffold(&catalogue, &adoption).unwrap();
    let files = made.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    let module = Module::read(Folder::new(files).unwrap()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    // As the migration leaves it: the column that the engine needs has another name.
    let mut after = catalogue.clone();
    let vehicule = after.tables.get_mut("fourriere.vehicule").unwrap();
    vehicule.columns.iter_mut().find(|column| column.name == "version").unwrap().name = "version_origine".to_owned();
    vehicule.columns.iter_mut().find(|column| column.base == "geometry").unwrap().geometry =
        Some(("Point".to_owned(), 2154));
    let faults = check(&module, &after, &Known::default());
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(!module.objects.contains_key("om_utilisateur"));
    assert!(module.objects["genre_vehicule"].file.shared);
    assert_eq!(module.objects["visite"].file.parent.as_deref(), Some("vehicule"));
    assert_eq!(module.objects["vehicule"].file.key, ["immatriculation"]);
    let sql = &module.migrations[0].sql.to_lowercase();
    assert!(!sql.contains("drop table") && !sql.contains("drop column") && !sql.contains("delete from"), "{sql}");
}

#[test]
fn owners_that_nobody_said_are_asked_for() {
    let catalogue = fourriere();
    let unsaid = Adoption { owners: BTreeMap::from([(1, "99101".to_owned())]), ..adoption() };
    let error = scaffold(&catalogue, &unsaid).unwrap_err();
    assert_eq!(error, ScaffoldError::Owners("2 (Cyprin)".to_owned(), "1=CODE,2=CODE".to_owned()));
    let said = Adoption { owner: Some("ccvo".to_owned()), ..unsaid };
    assert!(scaffold(&catalogue, &said).is_ok());
    let alone = Adoption { owners: BTreeMap::new(), collectivites: 1, ..adoption() };
    let made = scaffold(&catalogue, &alone).unwrap();
    assert!(!made.files["migrations/0001_reprise.sql"].contains("acces.collectivite"));
}

#[test]
fn what_makes_no_module_is_refused() {
    let catalogue = fourriere();
    let refused = |adoption: Adoption| scaffold(&catalogue, &adoption).unwrap_err();
    assert_eq!(refused(Adoption { id: "public".into(), ..adoption() }), ScaffoldError::Id("public".into()));
    assert_eq!(refused(Adoption { schema: "vide".into(), ..adoption() }), ScaffoldError::Nothing("vide".into()));
    let absent = Adoption { tables: BTreeSet::from(["absente".to_owned()]), ..adoption() };
    assert_eq!(refused(absent), ScaffoldError::Absent("fourriere.absente".into()));
}

#[test]
fn tables_of_another_schema_are_moved() {
    let moved = Adoption { id: "enlevements".into(), ..adoption() };
    let made = scaffold(&fourriere(), &moved).unwrap();
    let sql = &made.files["migrations/0001_reprise.sql"];
    assert!(sql.contains("alter table \"fourriere\".\"vehicule\" set schema \"enlevements\";"), "{sql}");
    assert!(made.files["objects/visite.toml"].contains("table = \"enlevements.visite\""));
}

#[test]
fn published_schemas_are_those_of_the_program() {
    let folder = here("../../docs/schemas");
    let fresh = [("module.schema.json", module_schema()), ("object.schema.json", object_schema())]
        .map(|(name, schema)| kept(&folder.join(name), &format!("{schema:#}\n")));
    assert_eq!(fresh, [true, true], "docs/schemas was stale: it is written anew");
}
