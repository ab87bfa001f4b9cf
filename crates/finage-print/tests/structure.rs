//! What those who can't see the page get: words to search, tags, language, a text for the plan.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]

mod common;

use common::{file, middle, outside, pdf, square};
use finage_print::{Demande, Document, DocumentInfo, Echelle, Extrait, Format, Mise, Orientation, Sujet, proposer};
use lopdf::{Dictionary, Document as Pdf, Object};

fn page() -> Mise {
    Mise { format: Format::A4, orientation: Orientation::Portrait, echelle: Echelle::try_from(1000).unwrap() }
}

fn several(count: usize) -> Extrait {
    let mut extrait = square(3944, middle(3944), 30.0);
    extrait.sujets = extrait
        .plan
        .parcelles
        .iter()
        .cycle()
        .take(count)
        .map(|parcelle| Sujet {
            idu: parcelle.idu.clone(),
            reference: format!("AB {}", parcelle.numero),
            contenance_m2: Some(1_000),
            surface_m2: Some(1_001.5),
            adresse: None,
        })
        .collect();
    extrait
}

/// Text without the differences that extractors make: spaces and lines.
fn words(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '\u{202f}')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn says_everything(text: &str) {
    let text = words(text);
    for expected in [
        "Extrait du plan cadastral",
        "Valbrume-sur-Ourche (99101)",
        "AB 144",
        "9 876 m²",
        "10 000 m²",
        "Échelle 1/1 000",
        "1er juillet 2026",
        "24 novembre 2026",
        "RGF93 CC44",
        "sans valeur juridique de limite",
        "licence ouverte 2.0",
        "Nord de la projection",
        "3 rue du Four",
    ] {
        assert!(text.contains(expected), "« {expected} » is not in {text}");
    }
}

#[test]
fn the_text_of_the_page_is_found_by_a_search() {
    let bytes = pdf(&square(3944, middle(3944), 100.0), page());
    says_everything(&Pdf::load_mem(&bytes).unwrap().extract_text(&[1]).unwrap());
}

#[test]
fn another_program_reads_the_same_text() {
    let (_folder, path) = file(&pdf(&square(3944, middle(3944), 100.0), page()));
    if let Some(text) = outside("pdftotext", &[&path, "-"]) {
        says_everything(&text);
        assert_eq!(words(&text).matches(" 143 ").count(), 1, "a name of the map is found once: {text}");
    }
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

/// The structure, in reading order: kind and depth of each element, with its dictionary.
fn elements<'d>(pdf: &'d Pdf, parent: &'d Dictionary, found: &mut Vec<(String, &'d Dictionary)>) {
    let Ok(kids) = parent.get(b"K") else { return };
    let kids = match resolve(pdf, kids) {
        Object::Array(kids) => kids.iter().map(|kid| resolve(pdf, kid)).collect(),
        other => vec![other],
    };
    for kid in kids {
        if let Object::Dictionary(element) = kid
            && let Ok(kind) = element.get(b"S").and_then(Object::as_name)
        {
            found.push((String::from_utf8_lossy(kind).into_owned(), element));
            elements(pdf, element, found);
        }
    }
}

fn text(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

#[test]
fn the_page_is_tagged() {
    let bytes = pdf(&several(3), page());
    let document = Pdf::load_mem(&bytes).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(text(get(&document, catalog, "Lang")), "fr-FR");
    let mark = get(&document, catalog, "MarkInfo").as_dict().unwrap();
    assert!(get(&document, mark, "Marked").as_bool().unwrap());
    let preferences = get(&document, catalog, "ViewerPreferences").as_dict().unwrap();
    assert!(get(&document, preferences, "DisplayDocTitle").as_bool().unwrap());
    let information = document.trailer.get(b"Info").unwrap();
    let title = text(get(&document, resolve(&document, information).as_dict().unwrap(), "Title"));
    assert_eq!(title, "Plan cadastral, parcelles AB 140, AB 141 et AB 142, Valbrume-sur-Ourche");

    let root = get(&document, catalog, "StructTreeRoot").as_dict().unwrap();
    let mut found = Vec::new();
    elements(&document, root, &mut found);
    let kinds: Vec<&str> = found.iter().map(|(kind, _)| kind.as_str()).collect();
    let first =
        |kind: &str| kinds.iter().position(|own| *own == kind).unwrap_or_else(|| panic!("no {kind} in {kinds:?}"));
    assert!(first("H1") < first("Figure") && first("Figure") < first("Table"), "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "H1").count(), 1);
    // A header, three subjects, a total.
    assert_eq!(kinds.iter().filter(|kind| **kind == "TR").count(), 5);
    let alternative = text(found[first("Figure")].1.get(b"Alt").unwrap());
    for expected in ["1/1\u{202f}000", "AB 140, AB 141 et AB 142", "nord en haut", "143", "Valbrume-sur-Ourche"] {
        assert!(alternative.contains(expected), "« {expected} » is not in {alternative}");
    }
    let scopes: Vec<String> = found
        .iter()
        .filter(|(kind, _)| kind == "TH")
        .map(|(_, cell)| format!("{:?}", resolve(&document, cell.get(b"A").unwrap())))
        .collect();
    assert_eq!(scopes.len(), 3 + 4);
    assert!(scopes[..3].iter().all(|scope| scope.contains("Column")), "{scopes:?}");
    assert!(scopes[3..].iter().all(|scope| scope.contains("Row")), "{scopes:?}");
}

#[test]
fn the_document_says_it_is_accessible() {
    let bytes = pdf(&several(1), page());
    let document = Pdf::load_mem(&bytes).unwrap();
    let metadata = get(&document, document.catalog().unwrap(), "Metadata").as_stream().unwrap();
    let xmp = String::from_utf8(metadata.content.clone()).unwrap();
    assert!(xmp.contains("<pdfuaid:part>1</pdfuaid:part>"), "{xmp}");
    assert!(xmp.contains("AB 140"), "{xmp}");
}

#[test]
fn another_program_reads_the_structure() {
    let (_folder, path) = file(&pdf(&several(2), page()));
    if let Some(tree) = outside("pdfinfo", &["-struct-text", &path]) {
        let (heading, figure, table) =
            (tree.find("H1").unwrap(), tree.find("Figure").unwrap(), tree.find("Table").unwrap());
        assert!(heading < figure && figure < table, "{tree}");
        assert!(tree.contains("Contenance"), "{tree}");
    }
    if let Some(facts) = outside("pdfinfo", &[&path]) {
        assert!(words(&facts).contains("Tagged: yes"), "{facts}");
    }
}

#[test]
fn a_checker_of_another_hand_finds_nothing() {
    let (_folder, path) = file(&pdf(&several(2), page()));
    // A part of PDF/UA-1 only: docs/a-verifier.md says what no program here could check.
    if let Some(report) = outside("pdfua", &["check", &path]) {
        assert!(report.contains("PASS"), "{report}");
    }
}

#[test]
fn every_glyph_comes_from_an_embedded_subset() {
    let document = Pdf::load_mem(&pdf(&several(1), page())).unwrap();
    let mut fonts = 0;
    for object in document.objects.values() {
        let Object::Dictionary(dictionary) = object else { continue };
        if dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"FontDescriptor") {
            fonts += 1;
            assert!(dictionary.has(b"FontFile2") || dictionary.has(b"FontFile3"), "{dictionary:?}");
        }
    }
    assert_eq!(fonts, 2);
}

/// Text of every page, words apart by one space.
fn all_text(document: &Pdf) -> String {
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    words(&document.extract_text(&pages).unwrap())
}

#[test]
fn every_subject_and_its_contenance_are_written() {
    for orientation in [Orientation::Portrait, Orientation::Paysage] {
        for many in [1, 2, 9, 14, 25, 50, 90, 400] {
            let mise = Mise { orientation, ..page() };
            let document = Pdf::load_mem(&pdf(&several(many), mise)).unwrap();
            let text = all_text(&document);
            assert!(!text.contains("autres parcelles") && !text.contains("autre parcelle"), "{many}: {text}");
            assert_eq!(text.matches("1 000 m²").count(), many, "{many} {orientation}: {text}");
            let total = text.matches(&format!("Total ({many})")).count();
            let pages = document.get_pages().len();
            // A table that goes on has its total where it starts and where it ends.
            assert_eq!(total, if many == 1 { 0 } else { pages.min(2) }, "{many} {orientation}: {text}");
            assert!(many > 12 || pages == 1, "{many} {orientation} take {pages} pages");
        }
    }
}

#[test]
fn the_pages_of_a_table_are_tagged() {
    let bytes = pdf(&several(90), page());
    let document = Pdf::load_mem(&bytes).unwrap();
    let root = get(&document, document.catalog().unwrap(), "StructTreeRoot").as_dict().unwrap();
    let mut found = Vec::new();
    elements(&document, root, &mut found);
    let count = |kind: &str| found.iter().filter(|(own, _)| own == kind).count();
    assert_eq!((count("H1"), count("H2"), count("Table")), (1, 1, 2));
    // On the first page a header, where the rest is and the total; then a header, ninety rows and the total.
    assert_eq!(count("TR"), 3 + 92);
    let (_folder, path) = file(&bytes);
    if let Some(report) = outside("pdfua", &["check", &path]) {
        assert!(report.contains("PASS"), "{report}");
    }
}

#[test]
fn the_line_of_the_title_names_as_many_as_it_holds() {
    for many in [5, 6, 40, 400] {
        let document = Pdf::load_mem(&pdf(&several(many), page())).unwrap();
        let text = words(&document.extract_text(&[1]).unwrap());
        assert!(!text.contains("et 1 autre"), "{text}");
        assert!(text.contains("parcelles AB 140, AB 141, AB 142, AB 143"), "{text}");
        assert_eq!(text.contains("autres"), many > 6, "{text}");
    }
}

#[test]
fn a_thousand_plans_make_one_document() {
    let extrait = square(3944, middle(3944), 30.0);
    let bounds = geo_types::Rect::new(middle(3944), middle(3944));
    let mise = proposer(bounds, Demande::default()).unwrap();
    let mut document = Document::new(DocumentInfo { titre: "Mille extraits".to_owned(), auteur: None }).unwrap();
    for _ in 0..1_000 {
        document.ajoute(&extrait, mise).unwrap();
    }
    assert_eq!(document.pages(), 1_000);
    let bytes = document.finish().unwrap();
    assert!(bytes.len() < 20_000_000, "{} bytes", bytes.len());
    let read = Pdf::load_mem(&bytes).unwrap();
    assert_eq!(read.get_pages().len(), 1_000);
    let outlines = get(&read, read.catalog().unwrap(), "Outlines").as_dict().unwrap();
    assert_eq!(get(&read, outlines, "Count").as_i64().unwrap().abs(), 1_000);
    let fonts = read.objects.values().filter(|object| {
        object.as_dict().is_ok_and(|dictionary| dictionary.has(b"FontFile2") || dictionary.has(b"FontFile3"))
    });
    assert_eq!(fonts.count(), 2);
}
