//! Plans made for the tests, and what a PDF draws, read back from its bytes.
#![expect(dead_code, reason = "each test file uses its part")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]
#![expect(clippy::print_stderr, reason = "a check that was skipped must be seen")]

use finage_print::{
    Batiment, Cartouche, Document, DocumentInfo, Extrait, GenreLimite, Limite, Mise, Parcelle, Plan, Sujet, Zone,
};
use geo_types::{Coord, MultiPolygon, Rect};
use lopdf::content::Content;
use lopdf::{Document as Pdf, Object, ObjectId};

/// A rectangle as a shape.
pub fn rectangle(x: f64, y: f64, width: f64, height: f64) -> MultiPolygon<f64> {
    MultiPolygon::new(vec![Rect::new(Coord { x, y }, Coord { x: x + width, y: y + height }).to_polygon()])
}

/// Middle of a CC zone's plane (EPSG 3942 to 3950): easting 1 700 000, northing (n - 41) million and 200 000.
pub fn middle(srid: u32) -> Coord<f64> {
    Coord { x: 1_700_000.0, y: f64::from(srid - 3941) * 1_000_000.0 + 200_000.0 }
}

/// A square of `side` metres around `middle`, with eight neighbours.
pub fn square(srid: u32, middle: Coord<f64>, side: f64) -> Extrait {
    let mut plan = Plan::default();
    for (row, dy) in [-1.0, 0.0, 1.0].into_iter().enumerate() {
        for (column, dx) in [-1.0, 0.0, 1.0].into_iter().enumerate() {
            let numero = 140 + row * 3 + column;
            plan.parcelles.push(Parcelle {
                idu: format!("99101000AB0{numero}"),
                numero: numero.to_string(),
                geom: rectangle(middle.x + (dx - 0.5) * side, middle.y + (dy - 0.5) * side, side, side),
                label: None,
            });
        }
    }
    plan.batiments.push(Batiment {
        dur: true,
        geom: rectangle(middle.x - side / 3.0, middle.y - side / 3.0, side / 4.0, side / 5.0),
    });
    plan.limites.push(Limite {
        genre: GenreLimite::Section,
        nom: Some("AB".to_owned()),
        geom: rectangle(middle.x - side * 1.5, middle.y - side * 1.5, side * 3.0, side * 3.0),
    });
    Extrait {
        zone: Zone { srid, label: format!("RGF93 CC{}", srid - 3900) },
        sujets: vec![Sujet {
            idu: "99101000AB0144".to_owned(),
            reference: "AB 144".to_owned(),
            contenance_m2: Some(9_876),
            surface_m2: Some(10_000.4),
            adresse: Some("3 rue du Four".to_owned()),
        }],
        plan,
        cartouche: Cartouche {
            commune: "Valbrume-sur-Ourche".to_owned(),
            insee: "99101".to_owned(),
            section: "Section AB, feuille 01".to_owned(),
            millesime: "1er juillet 2026".to_owned(),
            source: "Plan cadastral informatisé, DGFiP".to_owned(),
            edition: "24 novembre 2026".to_owned(),
            credits: vec!["cadastre DGFiP, licence ouverte 2.0".to_owned()],
        },
        ..Extrait::default()
    }
}

/// The PDF of one page.
pub fn pdf(extrait: &Extrait, mise: Mise) -> Vec<u8> {
    let mut document = Document::new(DocumentInfo::default()).unwrap();
    document.ajoute(extrait, mise).unwrap();
    document.finish().unwrap()
}

/// A path as painted: its points on the page in points from the bottom left, after every transformation.
#[derive(Debug, Clone)]
pub struct Painted {
    pub parts: Vec<Vec<[f64; 2]>>,
    pub stroke_width: Option<f64>,
    pub stroke: Vec<f64>,
    pub fill: Option<Vec<f64>>,
}

impl Painted {
    /// Width and height of what is painted.
    pub fn size(&self) -> [f64; 2] {
        let points = || self.parts.iter().flatten();
        [0, 1].map(|axis| {
            let values = points().map(|point| point[axis]);
            values.clone().fold(f64::NEG_INFINITY, f64::max) - values.fold(f64::INFINITY, f64::min)
        })
    }
}

#[derive(Clone)]
struct State {
    matrix: [f64; 6],
    width: f64,
    stroke: Vec<f64>,
    fill: Vec<f64>,
}

fn times(a: [f64; 6], b: [f64; 6]) -> [f64; 6] {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn number(object: &Object) -> f64 {
    match object {
        Object::Integer(value) => f64::from(i32::try_from(*value).unwrap()),
        Object::Real(value) => f64::from(*value),
        other => panic!("{other:?} is no number"),
    }
}

/// Every path painted by a page.
pub fn painted(pdf: &Pdf, page: ObjectId) -> Vec<Painted> {
    let content = Content::decode(&pdf.get_page_content(page)).unwrap();
    let mut state = State { matrix: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], width: 1.0, stroke: Vec::new(), fill: Vec::new() };
    let mut stack = Vec::new();
    let mut parts: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut all = Vec::new();
    for operation in &content.operations {
        let numbers = || operation.operands.iter().map(number).collect::<Vec<_>>();
        let at = |state: &State, x: f64, y: f64| {
            let m = state.matrix;
            [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]]
        };
        match operation.operator.as_str() {
            "q" => stack.push(state.clone()),
            "Q" => state = stack.pop().unwrap(),
            "cm" => state.matrix = times(numbers().try_into().unwrap(), state.matrix),
            "w" => state.width = numbers()[0],
            "RG" | "G" | "SCN" => state.stroke = numbers(),
            "rg" | "g" | "scn" => state.fill = numbers(),
            "m" => parts.push(vec![at(&state, numbers()[0], numbers()[1])]),
            "l" => parts.last_mut().unwrap().push(at(&state, numbers()[0], numbers()[1])),
            "re" => {
                let n = numbers();
                let corners = [(n[0], n[1]), (n[0] + n[2], n[1]), (n[0] + n[2], n[1] + n[3]), (n[0], n[1] + n[3])];
                parts.push(corners.iter().map(|(x, y)| at(&state, *x, *y)).collect());
            }
            "S" | "s" | "f" | "f*" | "B" | "B*" | "b" | "b*" => {
                let strokes = !operation.operator.starts_with('f');
                let fills = !operation.operator.eq_ignore_ascii_case("s");
                all.push(Painted {
                    parts: std::mem::take(&mut parts),
                    stroke_width: strokes.then_some(state.width * state.matrix[0].hypot(state.matrix[1])),
                    stroke: state.stroke.clone(),
                    fill: fills.then(|| state.fill.clone()),
                });
            }
            "n" => parts.clear(),
            _ => {}
        }
    }
    assert!(stack.is_empty(), "q and Q are not paired");
    all
}

/// A program of another hand, or nothing where this machine lacks it: the test then says so and passes.
pub fn outside(program: &str, arguments: &[&str]) -> Option<String> {
    match std::process::Command::new(program).args(arguments).output() {
        Ok(output) => {
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("SKIPPED: {program} is not installed (script/setup --tests)");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Bytes in a file that goes with its folder.
pub fn file(bytes: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("extrait.pdf");
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}
