//! Public pages and deposits that would show what is closed, or ask what cannot be written.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeMap;

use finage_manifest::{Catalogue, Column, Folder, ForeignKey, Known, Module, Table, check};

fn column(name: &str, base: &str, not_null: bool) -> Column {
    Column {
        default_sql: None,
        name: name.to_owned(),
        base: base.to_owned(),
        sql: base.to_owned(),
        not_null,
        default: false,
        generated: false,
        comment: None,
        length: (base == "varchar").then_some(80),
        precision: None,
        scale: None,
        geometry: (base == "geometry").then(|| ("Point".to_owned(), 2154)),
    }
}

fn catalogue() -> Catalogue {
    let id = column("id", "uuid", true);
    let lieu = Table {
        columns: vec![
            id.clone(),
            column("nom", "varchar", true),
            column("cle", "varchar", false),
            column("geom", "geometry", false),
        ],
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    };
    let vers_lieu = ForeignKey { column: "lieu".to_owned(), table: "essai.lieu".to_owned(), target: "id".to_owned() };
    let fiche = Table {
        columns: vec![
            id,
            column("numero", "text", false),
            column("nom", "varchar", true),
            column("note", "text", false),
            column("libre", "text", false),
            column("le", "date", false),
            column("prix", "numeric", false),
            column("lieu", "uuid", false),
        ],
        primary_key: vec!["id".to_owned()],
        foreign_keys: vec![vers_lieu],
        ..Table::default()
    };
    Catalogue { tables: BTreeMap::from([("essai.lieu".to_owned(), lieu), ("essai.fiche".to_owned(), fiche)]) }
}

/// What is said of a page and a deposit, written at the end of an object whose public reads `nom`, `le` and `lieu`.
fn said(ends: &str) -> Vec<String> {
    let module =
        "engine = 1\nid = \"essai\"\nversion = \"1.0.0\"\nlabel = \"Essai\"\n[roles.agent]\nlabel = \"Agent\"\n";
    let lieu = "table = \"essai.lieu\"\nlabel = \"Lieu\"\nplural = \"Lieux\"\ntitle = \"{nom}\"\ngeometry = \"geom\"\n[[rights]]\nrole = \"public\"\nactions = [\"read\"]\nfields = [\"nom\"]\n";
    let fiche = format!(
        "table = \"essai.fiche\"\nlabel = \"Fiche\"\ntitle = \"{{nom}}\"\nregister = {{ field = \"numero\", format = \"{{seq:4}}\" }}\n\
        [fields.note]\nkind = \"longtext\"\n[[rights]]\nrole = \"public\"\nactions = [\"read\"]\nfields = [\"nom\", \"le\", \"lieu\"]\n{ends}"
    );
    let files = [("module.toml", module), ("objects/lieu.toml", lieu), ("objects/fiche.toml", fiche.as_str())];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let module = Module::read(Folder::new(BTreeMap::from(files)).unwrap()).unwrap();
    check(&module, &catalogue(), &Known::default()).into_iter().map(|fault| fault.message).collect()
}

fn refused(ends: &str, words: &str) {
    let all = said(ends);
    assert!(all.iter().any(|message| message.contains(words)), "{words}\n{ends}\n{all:#?}");
}

const PAGE: &str = "[page]\ntitle = \"Fiches\"\n";
const SEARCH: &str = "[[page.search]]\nid = \"cherche\"\nlabel = \"Nom\"\n";

#[test]
fn a_page_shows_what_the_public_reads() {
    let good = format!(
        "{PAGE}columns = [\"le\", \"lieu.nom\"]\nsort = [\"-le\"]\nplace = \"lieu\"\n{SEARCH}fields = [\"nom\"]\n\
        [[page.search]]\nid = \"an\"\nlabel = \"Année\"\nfields = [\"le\"]\n[[page.texts]]\ntitle = \"Dit\"\ntext = \"Ceci.\"\nwhere = \"nom = 'x'\"\n"
    );
    assert_eq!(said(&good), [""; 0]);
    for (ends, words) in [
        (format!("{PAGE}columns = [\"note\"]\n"), "« note » n'est pas ouvert au public"),
        (format!("{PAGE}fields = [\"lieu.cle\"]\n"), "« lieu.cle » n'est pas ouvert au public"),
        (format!("{PAGE}columns = [\"lieu.rien\"]\n"), "« lieu.rien » n'existe pas"),
        (format!("{PAGE}columns = [\"nom.nom\"]\n"), "n'est pas une référence"),
        (format!("{PAGE}sort = [\"lieu.nom\"]\n"), "on trie par un champ"),
        (format!("{PAGE}place = \"nom\"\n"), "qui a une géométrie"),
        (format!("{PAGE}tabs = [\"lieu\"]\n"), "n'est pas un onglet"),
        (format!("{PAGE}deposit = \"lieu\"\n"), "qui reçoit des dépôts"),
        (format!("{PAGE}{SEARCH}fields = []\n"), "au moins un champ"),
        (format!("{PAGE}{SEARCH}fields = [\"prix\"]\n"), "n'est pas ouvert au public"),
        (format!("{PAGE}{SEARCH}fields = [\"lieu\", \"nom\"]\n"), "il est cherché seul"),
        (
            format!("{PAGE}[[page.search]]\nid = \"page\"\nlabel = \"x\"\nfields = [\"nom\"]\n"),
            "ne peut pas nommer un paramètre",
        ),
        (
            format!("{PAGE}[[page.texts]]\ntitle = \"Dit\"\ntext = \"Ceci.\"\nwhere = \"note = 'x'\"\n"),
            "« note » n'est pas ouvert",
        ),
    ] {
        refused(&ends, words);
    }
}

#[test]
fn a_deposit_asks_what_anybody_may_write_and_says_who_receives() {
    let deposit = |fields: &str, more: &str| {
        format!("[deposit]\ntitle = \"Déposer\"\nreceived = \"Reçu.\"\nto = \"lieu\"\nfields = [{fields}]\n{more}")
    };
    assert_eq!(
        said(&deposit("\"lieu\", \"nom\", \"note\"", "autocomplete = { nom = \"name\" }\nfiles = 5\n")),
        [""; 0]
    );
    for (ends, words) in [
        (deposit("\"lieu\"", ""), "« nom » ne peut pas être vide"),
        (deposit("\"nom\"", ""), "« lieu » n'est pas, parmi les champs demandés"),
        (deposit("\"lieu\", \"nom\", \"numero\"", ""), "n'est écrit par personne"),
        (deposit("\"lieu\", \"nom\", \"libre\"", ""), "n'a pas de longueur"),
        (deposit("\"lieu\", \"nom\", \"prix\"", ""), "ne s'écrit pas dans un formulaire public"),
        (deposit("\"lieu\", \"nom\", \"nom\"", ""), "donné deux fois"),
        (deposit("\"lieu\", \"nom\"", "required = [\"note\"]\n"), "n'est pas demandé"),
        (deposit("\"lieu\", \"nom\"", "files = 6\n"), "5 fichiers au plus"),
        (deposit("\"lieu\", \"nom\"", "per_day = 0\n"), "un dépôt par jour"),
        (deposit("\"lieu\", \"nom\"", "autocomplete = { nom = \"prenom\" }\n"), "n'est pas une de ces valeurs"),
    ] {
        refused(&ends, words);
    }
}
