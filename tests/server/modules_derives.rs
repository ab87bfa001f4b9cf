//! What disagrees in a module is refused: file, line, and what was expected.

use std::collections::BTreeMap;
use std::path::Path;

use finage::modules::installation::{InstallationError, verifie};
use finage::modules::registry::Registry;
use finage::modules::sources;
use finage_manifest::{Fault, Folder, Module};

use crate::agents::monde_trace;
use crate::harness::{Town, on_empty_town};

const MODULE: &str = "module.toml";
const OBJET: &str = "objects/objet.toml";
const RECLAMATION: &str = "objects/reclamation.toml";
const LIEU: &str = "objects/lieu.toml";
const SQL: &str = "migrations/0001_objets.sql";

/// A small change to the module of the tests, and what must be said of it.
struct Derive {
    file: &'static str,
    before: &'static str,
    after: &'static str,
    /// Words of the refusal.
    words: &'static str,
    /// File of the refusal, where it is another than the one changed.
    said_in: &'static str,
    /// Text of the line of the refusal; nothing where no line is to blame.
    at: &'static str,
}

const fn derive(
    file: &'static str,
    before: &'static str,
    after: &'static str,
    words: &'static str,
    at: &'static str,
) -> Derive {
    Derive { file, before, after, words, said_in: file, at }
}

const fn elsewhere(
    file: &'static str,
    before: &'static str,
    after: &'static str,
    words: &'static str,
    said_in: &'static str,
    at: &'static str,
) -> Derive {
    Derive { file, before, after, words, said_in, at }
}

const DERIVES: [Derive; 55] = [
    // The manifest and the database.
    derive(
        OBJET,
        "[fields.designation]",
        "[fields.designasion]",
        "n'a pas de colonne « designasion »",
        "[fields.designasion]",
    ),
    derive(
        OBJET,
        "table = \"objets_trouves.objet\"",
        "table = \"objets_trouves.objets\"",
        "la table « objets_trouves.objets » n'existe pas",
        "table =",
    ),
    derive(LIEU, "table = \"objets_trouves.lieu\"", "table = \"core.commune\"", "objets_trouves.lieu", "table ="),
    derive(OBJET, "kind = \"money\"", "kind = \"date\"", "numeric", "[fields.valeur]"),
    derive(OBJET, "geometry = \"geom\"", "geometry = \"valeur\"", "pas une géométrie", "geometry ="),
    elsewhere(SQL, "geom geometry(Point, 2154)", "geom geometry(Point)", "n'a pas de système", OBJET, "geometry ="),
    elsewhere(SQL, "create table lieu (\n", "create table lieu (\n    \"Etage\" integer,\n", "se renomme", LIEU, ""),
    elsewhere(
        SQL,
        "objet uuid not null references objet (id)",
        "objet uuid not null",
        "n'est pas une référence à cet objet",
        OBJET,
        "by = ",
    ),
    derive(
        OBJET,
        "choose = \"record.categorie <> 'valeur' or armoire = true\"",
        "kind = \"text\"",
        "clé étrangère",
        "[fields.lieu]",
    ),
    derive(
        OBJET,
        "[fields.inventeur]",
        "[fields.version]\nlabel = \"Version\"\n\n[fields.inventeur]",
        "tenue par le moteur",
        "[fields.version]",
    ),
    elsewhere(
        SQL,
        "comment on table lieu",
        "create table rayon (id uuid primary key);\nalter table lieu add rayon uuid references rayon (id);\ncomment on table lieu",
        "celle d'aucun objet",
        LIEU,
        "",
    ),
    // Expressions.
    derive(OBJET, "where = \"etat = 'depose'\"", "where = \"etta = 'depose'\"", "etta", "where = \"etta"),
    derive(OBJET, "guard = \"echeance < today()\"", "guard = \"echeance < 3\"", "ne s'applique pas", "guard ="),
    derive(OBJET, "computed = \"trouve_le + 'P1Y1D'\"", "computed = \"designation\"", "de type", "computed ="),
    derive(
        OBJET,
        "visible = \"etat = 'rendu'\"",
        "visible = \"user.email = 'a'\"",
        "« user. » n'a pas de sens ici",
        "visible =",
    ),
    derive(
        OBJET,
        "visible = \"etat = 'rendu'\"",
        "visible = \"record.etat = 'rendu'\"",
        "« record. » n'a pas de sens ici",
        "visible =",
    ),
    derive(
        OBJET,
        "choose = \"record.categorie <> 'valeur' or armoire = true\"",
        "choose = \"insee in user.communes\"",
        "« user. » n'a pas de sens dans « choose »",
        "choose =",
    ),
    derive(
        OBJET,
        "rows = \"etat = 'depose' and categorie <> 'valeur'\"",
        "rows = \"insee in user.communes\"",
        "le public n'est personne",
        "rows = \"insee",
    ),
    derive(
        OBJET,
        "rows = \"etat = 'depose'\"\n",
        "rows = \"((((((((((((((((((((((((((((((((((etat = 'depose'))))))))))))))))))))))))))))))))))\"\n",
        "trop imbriquée",
        "rows = \"((((",
    ),
    derive(
        OBJET,
        "sets = { rendu_le = \"today()\" }",
        "sets = { rendu_le = \"designation\" }",
        "le champ de type",
        "sets =",
    ),
    derive(
        OBJET,
        "sets = { rendu_le = \"today()\" }",
        "delay = { rendu_le = \"un mois\" }",
        "n'est pas une durée",
        "delay =",
    ),
    derive(MODULE, "keep = \"P1Y1D\"", "keep = \"un an\"", "n'est pas une durée", "keep ="),
    derive(
        MODULE,
        "list = \"en_depot\"\nlabel = \"Objets en dépôt\"",
        "where = \"etat > 3\"\nlabel = \"Objets en dépôt\"",
        "ne s'applique pas",
        "where =",
    ),
    derive(
        OBJET,
        "[[lists]]\nid = \"en_depot\"",
        "[[shortcuts]]\nobject = \"reclamation\"\nlabel = \"Réclamer\"\nwith = { objet = \"lieu\" }\n\n[[lists]]\nid = \"en_depot\"",
        "ne désigne pas ce que désigne",
        "with =",
    ),
    derive(
        OBJET,
        "[[lists]]\nid = \"en_depot\"",
        "[[shortcuts]]\nobject = \"reclamation\"\nlabel = \"Réclamer\"\nwith = { motif = \"perdu\" }\n\n[[lists]]\nid = \"en_depot\"",
        "un texte s'écrit entre apostrophes",
        "with =",
    ),
    derive(
        OBJET,
        "code = \"categorie\"",
        "code = \"categorie\"\nformat = \"year\"",
        "une année est un nombre entier",
        "format = \"year\"",
    ),
    // Names that are given twice, or that are none.
    derive(OBJET, "id = \"echus\"", "id = \"en_depot\"", "la liste « en_depot » est déjà là", "id = \"en_depot\"#2"),
    derive(OBJET, "id = \"depot\"", "id = \"objet\"", "le groupe « objet » est déjà là", "id = \"objet\"#2"),
    derive(OBJET, "id = \"ceder\"", "id = \"rendre\"", "l'étape « rendre » est déjà là", "id = \"rendre\"#2"),
    derive(OBJET, "id = \"recepisse\"", "id = \"Récépissé\"", "ne peut pas être un identifiant", "id = \"Récépissé\""),
    derive(
        OBJET,
        "fields = [\"etat\", \"lieu\"",
        "fields = [\"numero\", \"lieu\"",
        "rangé deux fois",
        "fields = [\"numero\", \"lieu\"",
    ),
    derive(
        OBJET,
        "[[lists]]\nid = \"en_depot\"",
        "[[tabs]]\nobject = \"reclamation\"\nby = \"objet\"\n\n[[lists]]\nid = \"en_depot\"",
        "a déjà un onglet",
        "[[tabs]]#2",
    ),
    derive(
        MODULE,
        "[[menu]]\nobject = \"lieu\"",
        "[[menu]]\nobject = \"objet\"\nlist = \"en_depot\"",
        "deux fois dans le menu",
        "[[menu]]#2",
    ),
    derive(
        MODULE,
        "[roles.agent]",
        "[roles.agent_du_bureau_central_des_objets]",
        "ne peut pas nommer un rôle",
        "[roles.agent_du",
    ),
    derive(LIEU, "label = \"Lieu de dépôt\"", "label = \" \"", "ce libellé est vide", "label ="),
    derive(MODULE, "id = \"objets_trouves\"", "id = \"Objets\"", "ne peut pas être l'identifiant", "id ="),
    derive(MODULE, "version = \"1.0.0\"", "version = \"un\"", "n'est pas une version", "version ="),
    derive(MODULE, "engine = 1", "engine = 2", "engine = 1", "engine ="),
    // What is named and is not there.
    derive(
        OBJET,
        "[[tabs]]\nobject = \"reclamation\"",
        "[[tabs]]\nobject = \"plainte\"",
        "l'objet « plainte » n'existe pas",
        "object = \"plainte\"",
    ),
    derive(
        OBJET,
        "[[tabs]]\nobject = \"reclamation\"",
        "[[tabs]]\nobject = \"voirie.arrete\"",
        "n'est pas dans « depends »",
        "object = \"voirie.arrete\"",
    ),
    derive(
        OBJET,
        "code = \"categorie\"",
        "code = \"categories\"",
        "la nomenclature « categories » n'existe pas",
        "code =",
    ),
    derive(OBJET, "initial = \"depose\"", "initial = \"nouveau\"", "l'état « nouveau »", "initial ="),
    derive(OBJET, "template = \"recepisse.typ\"", "template = \"recu.typ\"", "documents/recu.typ manque", "template ="),
    derive(
        OBJET,
        "title = \"{numero} {designation}\"",
        "title = \"{numero} {nom}\"",
        "le titre nomme « nom »",
        "title =",
    ),
    derive(OBJET, "public = [\"categorie\"]", "public = [\"telephone\"]", "une donnée personnelle", "public ="),
    derive(
        OBJET,
        "fields = [\"numero\", \"categorie\", \"trouve_le\"]",
        "fields = [\"numero\", \"telephone\"]",
        "le public n'en voit aucune",
        "fields = [\"numero\", \"telephone\"]",
    ),
    derive(
        OBJET,
        "personal = { purpose = \"restitution\", level = 1 }\n\n[fields.telephone]",
        "personal = { purpose = \"curiosite\" }\n\n[fields.telephone]",
        "la finalité « curiosite »",
        "personal = { purpose = \"curiosite\"",
    ),
    derive(LIEU, "role = \"accueil\"", "role = \"passant\"", "le rôle « passant »", "role = \"passant\""),
    derive(RECLAMATION, "parent = \"objet\"", "parent = \"motif\"", "« motif » n'est pas une référence", "parent ="),
    derive(
        MODULE,
        "mission = \"police\"",
        "mission = \"police\"\ndepends = [\"absent\"]",
        "le module « absent » n'est pas installé",
        "depends =",
    ),
    derive(OBJET, "format = \"{year}-{seq:4}\"", "format = \"{year}\"", "contient {seq}", "register ="),
    // What no module does.
    derive(
        SQL,
        "comment on table lieu",
        "grant all on lieu to public;\ncomment on table lieu",
        "le moteur tient seul les droits",
        "grant all",
    ),
    derive(
        SQL,
        "comment on table objet",
        "alter table objet disable row level security;\ncomment on table objet",
        "sécurité par ligne",
        "alter table objet disable",
    ),
    derive(OBJET, "plural = ", "pluriel = ", "la clé « pluriel » n'est pas connue", "pluriel ="),
    derive("codes/etat.csv", "rendu,Rendu", "rendu,", "ne sont pas vides", "rendu,"),
];

fn fichiers() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules/objets_trouves");
    let module = sources::lu(&folder).unwrap();
    module.folder.iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect()
}

async fn fautes(town: &mut Town, files: BTreeMap<String, Vec<u8>>) -> Vec<Fault> {
    match Module::read(Folder::new(files).unwrap()) {
        Err(faults) => faults,
        Ok(module) => match verifie(&mut town.owner, &module).await {
            Err(InstallationError::Fautes { causes, .. }) => causes,
            other => panic!("{other:?}"),
        },
    }
}

/// The line of a text, `#2` for the second one.
fn line(text: &str, at: &str) -> Option<usize> {
    let (at, rank) = at.split_once('#').map_or((at, 1), |(at, rank)| (at, rank.parse().unwrap()));
    let mut lines = text.lines().enumerate().filter(|(_, line)| line.contains(at));
    lines.nth(rank - 1).map(|(line, _)| line + 1)
}

async fn pret(town: &mut Town) {
    monde_trace(town).await;
    let mut admin = town.database.admin().await.unwrap();
    finage::db::prepare(&mut admin).await.unwrap();
}

#[test]
fn every_drift_is_refused_where_it_stands() {
    on_empty_town(async |town| {
        pret(town).await;
        let good = Module::read(Folder::new(fichiers()).unwrap()).unwrap();
        verifie(&mut town.owner, &good).await.unwrap();
        let mut wrong = Vec::new();
        for derive in &DERIVES {
            let mut files = fichiers();
            let text = String::from_utf8(files[derive.file].clone()).unwrap();
            assert!(text.contains(derive.before), "{} has no « {} »", derive.file, derive.before);
            files.insert(derive.file.to_owned(), text.replacen(derive.before, derive.after, 1).into_bytes());
            let said_in = String::from_utf8(files[derive.said_in].clone()).unwrap();
            let expected = if derive.at.is_empty() { None } else { line(&said_in, derive.at) };
            assert!(derive.at.is_empty() || expected.is_some(), "no line « {} »", derive.at);
            let faults = fautes(town, files).await;
            let said = faults.iter().any(|fault| {
                fault.file == derive.said_in && fault.message.contains(derive.words) && fault.line == expected
            });
            if !said {
                wrong.push(format!("« {} » ligne {expected:?} : {faults:#?}", derive.after));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn no_object_takes_a_word_of_addresses() {
    on_empty_town(async |town| {
        pret(town).await;
        let mut files = fichiers();
        let lieu = files[LIEU].clone();
        files.insert("objects/schema.toml".to_owned(), lieu);
        let faults = fautes(town, files).await;
        let said = faults.iter().find(|fault| fault.file == "objects/schema.toml").unwrap();
        assert!(said.message.contains("« schema » ne peut pas nommer un objet"), "{faults:#?}");
    });
}

#[test]
fn parents_do_not_turn_in_circles() {
    on_empty_town(async |town| {
        pret(town).await;
        let mut files = fichiers();
        let sql = String::from_utf8(files[SQL].clone()).unwrap();
        files.insert(
            SQL.to_owned(),
            format!("{sql}\nalter table objet add reclamation uuid references reclamation (id);\n").into_bytes(),
        );
        let objet = String::from_utf8(files[OBJET].clone()).unwrap();
        files.insert(
            OBJET.to_owned(),
            objet.replacen("geometry =", "parent = \"reclamation\"\ngeometry =", 1).into_bytes(),
        );
        let faults = fautes(town, files).await;
        assert!(faults.iter().any(|fault| fault.message.contains("objet → reclamation → objet")), "{faults:#?}");
    });
}

#[test]
fn a_module_in_fault_keeps_no_other_from_loading() {
    on_empty_town(async |town| {
        pret(town).await;
        town.installe("objets_trouves").await;
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in fichiers() {
            for id in ["objets_trouves", "autre"] {
                let place = folder.path().join(id).join(&path);
                std::fs::create_dir_all(place.parent().unwrap()).unwrap();
                let text = String::from_utf8(bytes.clone()).unwrap();
                let text = if id == "autre" { text.replace("objets_trouves", "autre") } else { text };
                std::fs::write(place, text).unwrap();
            }
        }
        let autre = sources::lu(&folder.path().join("autre")).unwrap();
        finage::modules::installation::installe(&mut town.owner, &autre, sources::Origine::Dossier).await.unwrap();
        // A column goes behind the module's back; the other module is as it was.
        sqlx::raw_sql("alter table autre.objet drop column telephone").execute(&mut town.owner).await.unwrap();
        let registry = Registry::charge(&mut town.owner, Some(folder.path())).await.unwrap();
        assert!(registry.module("objets_trouves").is_some() && registry.module("autre").is_none());
        let causes: Vec<String> =
            registry.pannes().iter().flat_map(|panne| &panne.causes).map(ToString::to_string).collect();
        assert!(
            causes.len() == 1 && causes[0].contains("objects/objet.toml, ligne") && causes[0].contains("telephone"),
            "{causes:#?}"
        );
        std::fs::remove_file(folder.path().join("autre/module.toml")).unwrap();
        let registry = Registry::charge(&mut town.owner, Some(folder.path())).await.unwrap();
        assert!(registry.module("objets_trouves").is_some());
        assert!(registry.pannes()[0].causes[0].message.contains("FINAGE_MODULES_DIR"));
    });
}
