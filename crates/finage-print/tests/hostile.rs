//! Whatever comes in: no panic, no broken file, nothing from outside that becomes markup.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]

mod common;

use std::sync::Arc;

use common::{middle, square};
use finage_print::{
    Ancre, Batiment, Demande, Document, DocumentInfo, Echelle, Ecriture, Extrait, Fond, FondImage, Format,
    GenreEcriture, GenreTroncon, Label, Mise, MiseError, Orientation, Parcelle, PrintError, Symbole, Troncon, proposer,
    svg,
};
use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiPolygon, Polygon, Rect};
use proptest::prelude::*;

fn page() -> Mise {
    Mise { format: Format::A4, orientation: Orientation::Paysage, echelle: Echelle::try_from(500).unwrap() }
}

const TEXTS: [&str; 9] = [
    "<script>alert(1)</script>",
    "]]>&amp;\"'</title>",
    "\u{0}\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{85}",
    "\u{202e}sdrawkcab\u{2066}",
    "עברית عربى 中文",
    "👩‍👩‍👧‍👦🏴‍☠️",
    "e\u{301}\u{302}\u{303}\u{304} \u{fdfa}\u{fb01}",
    "\u{fffe}\u{ffff}\u{feff}\u{e000}\u{10ffff}",
    "",
];

fn write_everywhere(extrait: &mut Extrait, text: &str) {
    let text = text.to_owned();
    extrait.sujets[0].reference.clone_from(&text);
    extrait.sujets[0].adresse = Some(text.clone());
    extrait.zone.label.clone_from(&text);
    for parcelle in &mut extrait.plan.parcelles {
        parcelle.numero.clone_from(&text);
    }
    extrait.plan.limites[0].nom = Some(text.clone());
    let label =
        Label { texte: text.clone(), point: middle(3944), ancre: Ancre::Centre, angle_deg: 30.0, hauteur_m: Some(2.0) };
    for genre in [GenreEcriture::Voie, GenreEcriture::LieuDit, GenreEcriture::Eau, GenreEcriture::Autre] {
        extrait.plan.ecritures.push(Ecriture::seule(genre, label.clone()));
    }
    extrait.plan.numeros.push(label);
    extrait.plan.symboles.push(Symbole { code: text.clone(), point: middle(3944), angle_deg: f64::NAN });
    let cartouche = &mut extrait.cartouche;
    for field in [
        &mut cartouche.commune,
        &mut cartouche.insee,
        &mut cartouche.section,
        &mut cartouche.millesime,
        &mut cartouche.source,
        &mut cartouche.edition,
    ] {
        field.clone_from(&text);
    }
    cartouche.credits = vec![text.clone(); 40];
    extrait.alternative = Some(text);
}

fn is_sound(extrait: &Extrait) {
    let picture = svg(extrait, 640, 480).unwrap();
    assert!(!picture.contains("<script"), "{picture}");
    xml_is_well_formed(&picture);
    let mut document = Document::new(DocumentInfo {
        titre: extrait.cartouche.commune.clone(),
        auteur: Some(extrait.zone.label.clone()),
    })
    .unwrap();
    document.ajoute(extrait, page()).unwrap();
    let bytes = document.finish().unwrap();
    let read = lopdf::Document::load_mem(&bytes).unwrap();
    let metadata = read.catalog().unwrap().get(b"Metadata").unwrap().as_reference().unwrap();
    let xmp = read.get_object(metadata).unwrap().as_stream().unwrap().content.clone();
    xml_is_well_formed(std::str::from_utf8(&xmp).unwrap());
}

/// Tags are paired, attributes quoted, and every character may stand in XML 1.0.
fn xml_is_well_formed(xml: &str) {
    assert!(
        xml.chars()
            .all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
    );
    let mut open: Vec<String> = Vec::new();
    for piece in xml.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or_else(|| panic!("an open tag in {piece}"));
        for entity in text.split('&').skip(1) {
            let name = entity.split_once(';').unwrap_or_else(|| panic!("a lone & in {text}")).0;
            assert!(["amp", "lt", "gt", "quot", "apos"].contains(&name) || name.starts_with('#'), "{name}");
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if tag.starts_with(['?', '!']) {
        } else if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name.trim()));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap().to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn texts_of_every_kind_stay_texts() {
    let long = "Très long nom de lieu-dit ".repeat(4_000);
    for text in TEXTS.into_iter().chain([long.as_str()]) {
        let mut extrait = square(3944, middle(3944), 30.0);
        write_everywhere(&mut extrait, text);
        is_sound(&extrait);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_a_text(text in "\\PC{0,40}|[\\x00-\\x1f]{0,5}|.{0,40}") {
        let mut extrait = square(3944, middle(3944), 30.0);
        write_everywhere(&mut extrait, &text);
        is_sound(&extrait);
    }
}

fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::MIN),
        Just(1e300),
        Just(0.0),
        -100.0..100.0_f64,
        -1e9..1e9_f64,
    ]
}

fn line() -> impl Strategy<Value = LineString<f64>> {
    let origin = middle(3944);
    prop::collection::vec((wild(), wild()), 0..8)
        .prop_map(move |points| points.into_iter().map(|(x, y)| Coord { x: origin.x + x, y: origin.y + y }).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_geometry_is_drawn_or_left_out(lines in prop::collection::vec(line(), 1..6)) {
        let mut extrait = square(3944, middle(3944), 30.0);
        let shape = MultiPolygon::new(vec![Polygon::new(lines[0].clone(), lines[1..].to_vec())]);
        extrait.plan.parcelles.push(Parcelle { idu: "x".to_owned(), numero: "1".to_owned(), geom: shape.clone(), label: None });
        extrait.plan.batiments.push(Batiment { dur: true, geom: shape.clone() });
        extrait.plan.batiments.push(Batiment { dur: false, geom: shape.clone() });
        extrait.plan.limites[0].geom = shape;
        for line in lines {
            extrait.plan.details.push(Geometry::LineString(line.clone()));
            let point = line.0.first().copied().unwrap_or_default();
            extrait.plan.symboles.push(Symbole { code: "30".to_owned(), point, angle_deg: point.x });
            let label = Label { texte: "x".to_owned(), point, ancre: Ancre::BasGauche, angle_deg: point.y, hauteur_m: Some(point.x) };
            extrait.plan.numeros.push(label.clone());
            extrait.plan.ecritures.push(Ecriture::seule(GenreEcriture::Voie, label));
            extrait.plan.troncons.push(Troncon { genre: GenreTroncon::Eau, geom: Geometry::LineString(line) });
        }
        is_sound(&extrait);
    }

    #[test]
    fn any_bounds_are_answered(a in wild(), b in wild(), c in wild(), d in wild()) {
        let _ = proposer(Rect::new(Coord { x: a, y: b }, Coord { x: c, y: d }), Demande::default());
    }
}

#[test]
fn a_collection_in_a_collection_ends() {
    let mut geometry = Geometry::LineString(LineString::new(vec![middle(3944), middle(3944)]));
    for _ in 0..1_000 {
        geometry = Geometry::GeometryCollection(GeometryCollection::new_from(vec![geometry]));
    }
    let mut extrait = square(3944, middle(3944), 30.0);
    extrait.plan.details.push(geometry);
    is_sound(&extrait);
}

#[test]
fn a_subject_that_does_not_fit_is_refused() {
    let mut document = Document::new(DocumentInfo::default()).unwrap();
    let error = document.ajoute(&square(3944, middle(3944), 500.0), page()).unwrap_err();
    assert!(matches!(error, PrintError::HorsCadre { .. }), "{error}");
    assert_eq!(document.pages(), 0);
    document.ajoute(&square(3944, middle(3944), 50.0), page()).unwrap();
    assert!(document.finish().is_ok(), "a refused page leaves nothing behind");
}

#[test]
fn a_subject_without_shape_is_refused() {
    let mut extrait = square(3944, middle(3944), 30.0);
    extrait.sujets[0].idu = "inconnue".to_owned();
    let mut document = Document::new(DocumentInfo::default()).unwrap();
    assert!(matches!(document.ajoute(&extrait, page()), Err(PrintError::SansContour)));
    assert!(matches!(document.finish(), Err(PrintError::SansContour)));
    assert!(svg(&extrait, 640, 480).is_err());
}

#[test]
fn a_false_picture_is_refused_and_a_true_one_drawn() {
    let mut extrait = square(3944, middle(3944), 30.0);
    let emprise = Rect::new(middle(3944), middle(3944) + Coord { x: 100.0, y: 100.0 });
    let fond = |image| Some(Fond { emprise, image, attribution: "IGN".to_owned() });
    for image in [
        FondImage::Png(Arc::new(b"\x89PNG no".to_vec())),
        FondImage::Jpeg(Arc::new(Vec::new())),
        FondImage::Rgba { largeur: 3, hauteur: 3, pixels: Arc::new(vec![0; 35]) },
        FondImage::Rgba { largeur: u32::MAX, hauteur: u32::MAX, pixels: Arc::new(vec![0; 4]) },
    ] {
        extrait.fond = fond(image);
        let mut document = Document::new(DocumentInfo::default()).unwrap();
        assert!(matches!(document.ajoute(&extrait, page()), Err(PrintError::Fond(_))));
    }
    extrait.fond = fond(FondImage::Rgba { largeur: 2, hauteur: 2, pixels: Arc::new(vec![200; 16]) });
    is_sound(&extrait);
}

#[test]
fn unknown_scales_are_refused() {
    assert_eq!(Echelle::try_from(300), Err(MiseError::Echelle(300)));
    assert!("A5".parse::<Format>().is_err());
    assert!("oblique".parse::<Orientation>().is_err());
}
