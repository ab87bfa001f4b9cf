//! What is drawn has the length it says, read back from the bytes of the PDF and by an independent program.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use common::{file, middle, outside, painted, pdf, square};
use finage_print::{Echelle, Format, Mise, Orientation, POINTS_PER_MM};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use lopdf::Document as Pdf;

/// A tenth of a millimetre, in points.
const TOLERANCE: f64 = 0.1 * POINTS_PER_MM;
/// The thick outline of the subjects.
const CONTOUR: f64 = 1.7;

fn pages() -> impl Iterator<Item = Mise> {
    Echelle::toutes().flat_map(|echelle| {
        [Format::A4, Format::A3].into_iter().flat_map(move |format| {
            [Orientation::Portrait, Orientation::Paysage].into_iter().map(move |orientation| Mise {
                format,
                orientation,
                echelle,
            })
        })
    })
}

/// 100 m, or the longest round length that the frame holds.
fn side(mise: Mise) -> f64 {
    let cadre = mise.cadre_mm();
    let room = cadre.largeur.min(cadre.hauteur) / mise.echelle.mm_par_metre();
    [100.0, 50.0, 20.0, 10.0].into_iter().find(|side| *side < room * 0.95).unwrap()
}

#[test]
fn a_hundred_metres_have_their_length_at_each_scale_in_each_zone() {
    for srid in 3942..=3950 {
        for mise in pages() {
            let side = side(mise);
            // A place whose coordinates are not round, as those of a real plan.
            let place = middle(srid) + Coord { x: 12_345.678, y: -23_456.789 };
            let bytes = pdf(&square(srid, place, side), mise);
            let document = Pdf::load_mem(&bytes).unwrap();
            let page = *document.get_pages().values().next().unwrap();
            let outlines: Vec<_> = painted(&document, page)
                .into_iter()
                .filter(|path| path.stroke_width.is_some_and(|width| (width - CONTOUR).abs() < 1e-3))
                .collect();
            assert_eq!(outlines.len(), 1, "{mise} {srid}");
            let expected = side * 1000.0 / f64::from(mise.echelle.denominateur()) * POINTS_PER_MM;
            for length in outlines[0].size() {
                assert!((length - expected).abs() < TOLERANCE, "{mise} {srid}: {length} for {expected}");
            }
        }
    }
}

#[test]
fn the_subject_stands_in_the_middle_of_the_frame() {
    for mise in pages() {
        let bytes = pdf(&square(3944, middle(3944), side(mise)), mise);
        let document = Pdf::load_mem(&bytes).unwrap();
        let page = *document.get_pages().values().next().unwrap();
        let outline = painted(&document, page).into_iter().find(|path| path.stroke_width == Some(f64::from(1.7_f32)));
        let outline = outline.unwrap();
        let centre = [0, 1].map(|axis| {
            let values: Vec<f64> = outline.parts.iter().flatten().map(|point| point[axis]).collect();
            values.iter().copied().fold(f64::INFINITY, f64::min) / 2.0
                + values.iter().copied().fold(f64::NEG_INFINITY, f64::max) / 2.0
        });
        let cadre = mise.cadre_mm();
        let height = mise.page_mm().1;
        let expected = [cadre.x + cadre.largeur / 2.0, height - cadre.y - cadre.hauteur / 2.0];
        for axis in [0, 1] {
            assert!((centre[axis] - expected[axis] * POINTS_PER_MM).abs() < TOLERANCE, "{mise}");
        }
    }
}

#[test]
fn the_scale_bar_has_the_length_it_says() {
    for echelle in Echelle::toutes() {
        let mise = Mise { format: Format::A4, orientation: Orientation::Portrait, echelle };
        let bytes = pdf(&square(3946, middle(3946), side(mise)), mise);
        let document = Pdf::load_mem(&bytes).unwrap();
        let page = *document.get_pages().values().next().unwrap();
        let bars: Vec<f64> = painted(&document, page)
            .iter()
            .filter(|path| path.stroke_width == Some(0.5) && (path.size()[1] - 4.0).abs() < 0.02)
            .map(|path| path.size()[0])
            .collect();
        assert_eq!(bars.len(), 1, "{echelle}");
        // The label is read from the text, as a person reads it.
        let text = document.extract_text(&[1]).unwrap();
        let label = text
            .lines()
            .rev()
            .find_map(|line| line.trim().strip_suffix("\u{a0}m").filter(|number| !number.contains('c')))
            .unwrap_or_else(|| panic!("no label of the bar in {text}"));
        let metres: f64 = label.replace('\u{202f}', "").trim().parse().unwrap();
        let expected = metres * echelle.mm_par_metre() * POINTS_PER_MM;
        assert!((bars[0] - expected).abs() < TOLERANCE, "{echelle}: {} for {expected}", bars[0]);
    }
}

#[test]
fn an_independent_reader_measures_the_same() {
    let mise =
        Mise { format: Format::A4, orientation: Orientation::Portrait, echelle: Echelle::try_from(1000).unwrap() };
    let mut extrait = square(3950, middle(3950), 100.0);
    // A diamond: cairo moves upright and level lines to whole pixels.
    let at = |x: f64, y: f64| middle(3950) + Coord { x, y };
    let diamond = LineString::new(vec![at(-50.0, 0.0), at(0.0, -30.0), at(50.0, 0.0), at(0.0, 30.0), at(-50.0, 0.0)]);
    extrait.plan.parcelles[4].geom = MultiPolygon::new(vec![Polygon::new(diamond, vec![])]);
    let (folder, path) = file(&pdf(&extrait, mise));
    let svg = folder.path().join("page.svg");
    if outside("pdftocairo", &["-svg", "-noshrink", &path, svg.to_str().unwrap()]).is_none() {
        return;
    }
    let svg = std::fs::read_to_string(svg).unwrap();
    let line = svg
        .lines()
        .find(|line| line.contains("stroke-width=\"1.7\"") || line.contains("stroke-width:1.7;"))
        .expect("the subject's outline");
    let data = line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let numbers: Vec<f64> = data.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let scale: f64 = line
        .split("matrix(")
        .nth(1)
        .map_or(1.0, |matrix| matrix.split([',', ' ', ')']).next().unwrap().parse().unwrap());
    for (axis, metres) in [(0, 100.0), (1, 60.0)] {
        let values = numbers.iter().skip(axis).step_by(2);
        let length =
            values.clone().copied().fold(f64::NEG_INFINITY, f64::max) - values.copied().fold(f64::INFINITY, f64::min);
        let millimetres = length * scale / POINTS_PER_MM;
        assert!((millimetres - metres).abs() < 0.1, "{millimetres} mm for {metres} m at 1/1000");
    }
}
