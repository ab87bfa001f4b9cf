//! What archives and those who can't see the page get: metadata, tags, language, embedded fonts.

use std::collections::BTreeMap;

use crate::common::{champs, entete, file, jour, outside, pdf, refusal, text};
use finage_documents::{Donnee, Donnees, Gabarit};
use lopdf::{Dictionary, Document as Pdf, Object};

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><path d=\"M0 0h8v8H0z\"/></svg>";

/// A letter with all that a letter may have.
fn letter() -> Vec<u8> {
    let source = "#import \"finage.typ\": *
#show: lettre.with(
  collectivite: (nom: \"Ville de Valbrume\", logo: \"logo.svg\", adresse: (\"1 place du Four\",)),
  destinataire: donnees.destinataire, lieu: \"Valbrume\", date: donnees.date, objet: donnees.objet,
  references: (Dossier: \"2026-0042\"), signataire: (qualite: \"Le maire,\", nom: \"J. Lefèvre\"),
  pieces_jointes: (\"plan\",),
)
Madame, #lorem(40)
#tableau((\"Parcelle\", \"Prix\"), ((\"AB 12\", montant(12)), (\"AB 13\", montant(13))), alignements: (left, right))";
    let files = BTreeMap::from([("logo.svg".to_owned(), LOGO.as_bytes().to_vec())]);
    let data = champs([
        ("destinataire", vec!["Mme Martin", "2 rue du Four", "99101 VALBRUME"].into()),
        ("date", jour().into()),
        ("objet", "cession de parcelles".into()),
    ]);
    Gabarit::compile(source, files).unwrap().rendre(&Donnees::new(entete(), data)).unwrap()
}

fn resolve<'d>(pdf: &'d Pdf, object: &'d Object) -> &'d Object {
    match object {
        Object::Reference(id) => pdf.get_object(*id).unwrap(),
        other => other,
    }
}

fn get<'d>(pdf: &'d Pdf, dictionary: &'d Dictionary, key: &str) -> &'d Object {
    resolve(pdf, dictionary.get(key.as_bytes()).unwrap_or_else(|_| panic!("no {key} in {dictionary:?}")))
}

/// Kinds of the elements of structure, in reading order.
fn kinds(pdf: &Pdf, parent: &Dictionary, found: &mut Vec<String>) {
    let Ok(kids) = parent.get(b"K") else { return };
    let kids = match resolve(pdf, kids) {
        Object::Array(kids) => kids.iter().map(|kid| resolve(pdf, kid)).collect(),
        other => vec![other],
    };
    for kid in kids {
        if let Object::Dictionary(element) = kid
            && let Ok(kind) = element.get(b"S").and_then(Object::as_name)
        {
            found.push(String::from_utf8_lossy(kind).into_owned());
            kinds(pdf, element, found);
        }
    }
}

#[test]
fn a_letter_says_what_it_is() {
    let read = Pdf::load_mem(&letter()).unwrap();
    let catalog = read.catalog().unwrap();
    assert!(lopdf::decode_text_string(get(&read, catalog, "Lang")).unwrap().starts_with("fr"));
    let mark = get(&read, catalog, "MarkInfo").as_dict().unwrap();
    assert!(get(&read, mark, "Marked").as_bool().unwrap());
    let preferences = get(&read, catalog, "ViewerPreferences").as_dict().unwrap();
    assert!(get(&read, preferences, "DisplayDocTitle").as_bool().unwrap());
    assert!(catalog.has(b"OutputIntents"), "{catalog:?}");
    let information = resolve(&read, read.trailer.get(b"Info").unwrap()).as_dict().unwrap();
    for (key, expected) in [("Title", "Essai de document"), ("Author", "Ville de Valbrume"), ("Creator", "Finage")] {
        assert_eq!(lopdf::decode_text_string(get(&read, information, key)).unwrap(), expected, "{key}");
    }
    let made = lopdf::decode_text_string(get(&read, information, "CreationDate")).unwrap();
    assert!(made.starts_with("D:20260501"), "{made}");
    let xmp = get(&read, catalog, "Metadata").as_stream().unwrap();
    let xmp = xmp.decompressed_content().unwrap_or_else(|_| xmp.content.clone());
    let xmp = String::from_utf8(xmp).unwrap();
    for expected in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Essai de document",
    ] {
        assert!(xmp.contains(expected), "« {expected} » is not in {xmp}");
    }
}

#[test]
fn a_letter_is_read_in_order() {
    let bytes = letter();
    let read = Pdf::load_mem(&bytes).unwrap();
    let root = get(&read, read.catalog().unwrap(), "StructTreeRoot").as_dict().unwrap();
    let mut found = Vec::new();
    kinds(&read, root, &mut found);
    let first =
        |kind: &str| found.iter().position(|own| own == kind).unwrap_or_else(|| panic!("no {kind} in {found:?}"));
    assert!(first("Figure") < first("H1") && first("H1") < first("Table") && first("Table") < first("L"), "{found:?}");
    assert_eq!(found.iter().filter(|kind| *kind == "TR").count(), 3, "{found:?}");
    assert_eq!(found.iter().filter(|kind| *kind == "TH").count(), 2, "{found:?}");
    if let Some(text) = text(&bytes) {
        for expected in
            ["Mme Martin", "Valbrume, le 1er mai 2026", "Objet : cession de parcelles", "12,00 €", "Pièces jointes :"]
        {
            assert!(text.contains(expected), "« {expected} » is not in {text}");
        }
    }
}

#[test]
fn every_glyph_comes_from_an_embedded_subset() {
    let read = Pdf::load_mem(&letter()).unwrap();
    let mut fonts = 0;
    for object in read.objects.values() {
        let Object::Dictionary(dictionary) = object else { continue };
        if dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"FontDescriptor") {
            fonts += 1;
            assert!(dictionary.has(b"FontFile2") || dictionary.has(b"FontFile3"), "{dictionary:?}");
        }
    }
    assert_eq!(fonts, 2);
}

#[test]
fn a_checker_of_another_hand_finds_nothing() {
    let (_folder, path) = file(&letter());
    if let Some(report) = outside("pdfua", &["check", &path]) {
        assert!(report.contains("PASS"), "{report}");
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    assert!(letter() == letter());
    let other = pdf("Texte", []).unwrap();
    assert!(other != pdf("Autre texte", []).unwrap());
    assert!(other == pdf("Texte", []).unwrap());
}

#[test]
fn a_picture_without_words_is_refused() {
    let png = png();
    let said = refusal("#image(donnees.photo)", [("photo", Donnee::Image(png.clone()))]);
    assert!(said.contains("texte de remplacement") && said.contains("ligne 2"), "{said}");
    pdf("#image(donnees.photo, alt: \"Photo\")", [("photo", Donnee::Image(png))]).unwrap();
}

#[test]
fn labels_stand_where_the_sheet_has_them() {
    let source = "#planche_etiquettes(donnees.noms, colonnes: 2, lignes: 3, largeur: 99, hauteur: 68, marge_gauche: 6, \
                  marge_haut: 40, debut: 4)";
    let names = ["Alpha", "Beta", "Gamma", "Delta"].map(|name| Donnee::Liste(vec![name.into(), "VALBRUME".into()]));
    let bytes = pdf(source, [("noms", Donnee::Liste(names.to_vec()))]).unwrap();
    assert_eq!(Pdf::load_mem(&bytes).unwrap().get_pages().len(), 2);
    let (_folder, path) = file(&bytes);
    let Some(boxes) = outside("pdftotext", &["-bbox", &path, "-"]) else { return };
    let place = |name: &str| {
        let line = boxes.lines().find(|line| line.contains(&format!(">{name}<"))).unwrap();
        let value = |key: &str| -> f64 {
            line.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        [value("xMin") * 25.4 / 72.0, value("yMin") * 25.4 / 72.0]
    };
    let near = |name: &str, x: f64, row: f64| {
        let [left, top] = place(name);
        assert!((left - x).abs() < 0.5, "{name}: {left} mm from the left");
        assert!(top > 40.0 + row * 68.0 && top < 40.0 + (row + 1.0) * 68.0, "{name}: {top} mm from the top");
    };
    near("Alpha", 6.0 + 99.0 + 5.0, 1.0);
    near("Beta", 6.0 + 5.0, 2.0);
    near("Gamma", 6.0 + 99.0 + 5.0, 2.0);
    near("Delta", 6.0 + 5.0, 0.0);
}

#[test]
fn the_recipient_stands_in_the_window() {
    let (_folder, path) = file(&letter());
    let Some(boxes) = outside("pdftotext", &["-bbox", &path, "-"]) else { return };
    for word in ["Martin", "Four", "VALBRUME"] {
        let found = boxes.lines().filter(|line| line.contains(&format!(">{word}<"))).any(|line| {
            let value = |key: &str| -> f64 {
                let points: f64 =
                    line.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
                points * 25.4 / 72.0
            };
            value("xMin") >= 100.0 && value("xMax") <= 190.0 && value("yMin") >= 55.0 && value("yMax") <= 79.0
        });
        assert!(found, "« {word} » is not within the window: {boxes}");
    }
}

/// A picture of one grey pixel.
fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(b"\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55");
    bytes.extend(b"\0\0\0\x0aIDAT\x78\x9c\x63\x68\0\0\0\x82\0\x81\x77\xcd\x72\xb6");
    bytes.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
    bytes
}
