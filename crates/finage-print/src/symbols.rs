//! Conventional symbols of the plan, by their code in the exchange norm (SYM), as lines on a grid of 24.

use geo_types::Coord;

use crate::drawing::{Chemin, Dessin};
use crate::frame::{Frame, inside};
use crate::model::Symbole;
use crate::theme;

/// Half of a symbol's side on the page, in points: a metre and a half on the ground, if that can be read and no more.
const HALF: std::ops::RangeInclusive<f64> = 1.7..=4.2;
const TERRAIN_M: f64 = 1.5;
/// Symbols drawn on a page: beyond, they hide the plan.
const NOMBRE: usize = 5_000;

type Ligne = &'static [(f64, f64)];

/// A symbol: its lines, the circles it holds (centre, radius), and whether it turns with its angle.
struct Figure {
    lignes: &'static [Ligne],
    cercles: &'static [(f64, f64, f64)],
    tourne: bool,
}

const fn figure(lignes: &'static [Ligne], cercles: &'static [(f64, f64, f64)]) -> Figure {
    Figure { lignes, cercles, tourne: false }
}

const CALVAIRE: Figure = figure(
    &[
        &[(12.0, 3.0), (12.0, 16.0)],
        &[(8.0, 7.5), (16.0, 7.5)],
        &[(7.5, 20.5), (12.0, 16.0), (16.5, 20.5), (7.5, 20.5)],
    ],
    &[],
);
const EGLISE: Figure = figure(&[&[(12.0, 2.5), (12.0, 21.5)], &[(7.0, 8.0), (17.0, 8.0)]], &[]);
const MOSQUEE: Figure = figure(
    &[&[
        (15.5, 4.2),
        (9.0, 4.3),
        (4.5, 8.5),
        (3.8, 12.0),
        (4.5, 15.5),
        (9.0, 19.7),
        (15.5, 19.8),
        (11.0, 16.5),
        (9.2, 12.0),
        (11.0, 7.5),
        (15.5, 4.2),
    ]],
    &[],
);
const SYNAGOGUE: Figure = figure(
    &[&[(12.0, 3.0), (19.8, 16.5), (4.2, 16.5), (12.0, 3.0)], &[(12.0, 21.0), (4.2, 7.5), (19.8, 7.5), (12.0, 21.0)]],
    &[],
);
const FLECHE: Figure = Figure {
    lignes: &[&[(3.0, 12.0), (20.0, 12.0)], &[(15.0, 7.5), (20.0, 12.0), (15.0, 16.5)]],
    cercles: &[],
    tourne: true,
};
const ARRET: Figure = figure(&[&[(12.0, 8.0), (12.0, 16.0)], &[(9.0, 12.0), (15.0, 12.0)]], &[(12.0, 12.0, 7.0)]);
const PYLONE: Figure =
    figure(&[&[(6.0, 21.0), (12.0, 3.0), (18.0, 21.0)], &[(8.0, 15.0), (16.0, 15.0)], &[(5.0, 8.0), (19.0, 8.0)]], &[]);
const CIMETIERE_CHRETIEN: Figure = figure(
    &[
        &[(8.0, 4.0), (8.0, 13.0)],
        &[(5.0, 7.0), (11.0, 7.0)],
        &[(16.0, 11.0), (16.0, 20.0)],
        &[(13.0, 14.0), (19.0, 14.0)],
    ],
    &[],
);
const STELE: Ligne = &[
    (4.0, 20.0),
    (20.0, 20.0),
    (18.0, 20.0),
    (18.0, 9.0),
    (15.0, 4.0),
    (12.0, 3.0),
    (9.0, 4.0),
    (6.0, 9.0),
    (6.0, 20.0),
];
const CIMETIERE_ISRAELITE: Figure = figure(
    &[
        STELE,
        &[(12.0, 7.5), (14.6, 12.0), (9.4, 12.0), (12.0, 7.5)],
        &[(12.0, 13.5), (9.4, 9.0), (14.6, 9.0), (12.0, 13.5)],
    ],
    &[],
);
const CIMETIERE_MUSULMAN: Figure = figure(
    &[STELE, &[(13.6, 7.6), (11.0, 7.9), (10.0, 10.8), (11.0, 13.7), (13.6, 14.0), (12.2, 10.8), (13.6, 7.6)]],
    &[],
);
const SPORT: Figure =
    figure(&[&[(4.0, 12.0), (20.0, 12.0)], &[(12.0, 4.0), (15.0, 12.0), (12.0, 20.0)]], &[(12.0, 12.0, 8.0)]);
const PUITS: Figure = figure(&[], &[(12.0, 12.0, 6.5), (12.0, 12.0, 2.2)]);
const PARKING: Figure = figure(
    &[
        &[(4.0, 4.0), (20.0, 4.0), (20.0, 20.0), (4.0, 20.0), (4.0, 4.0)],
        &[(9.5, 17.0), (9.5, 7.5), (13.0, 7.5), (15.5, 9.0), (15.5, 12.0), (13.0, 13.5), (9.5, 13.5)],
    ],
    &[],
);
const PISCINE: Figure = figure(
    &[
        &[(3.0, 10.0), (6.0, 8.5), (9.0, 10.0), (12.0, 11.5), (15.0, 10.0), (18.0, 8.5), (21.0, 10.0)],
        &[(3.0, 16.0), (6.0, 14.5), (9.0, 16.0), (12.0, 17.5), (15.0, 16.0), (18.0, 14.5), (21.0, 16.0)],
    ],
    &[],
);
const REPERE: Figure = figure(&[&[(12.0, 4.5), (20.0, 18.5), (4.0, 18.5), (12.0, 4.5)]], &[(12.0, 14.0, 1.2)]);
const BORNE: Figure =
    figure(&[&[(7.0, 7.0), (17.0, 7.0), (17.0, 17.0), (7.0, 17.0), (7.0, 7.0)]], &[(12.0, 12.0, 1.4)]);
const POINT: Figure = figure(&[], &[(12.0, 12.0, 2.5)]);

fn figure_of(code: &str) -> &'static Figure {
    match code.trim() {
        "12" => &CALVAIRE,
        "14" => &EGLISE,
        "15" => &MOSQUEE,
        "16" => &SYNAGOGUE,
        "30" => &FLECHE,
        "47" | "48" | "49" => &ARRET,
        "50" => &PYLONE,
        "51" => &CIMETIERE_CHRETIEN,
        "52" => &CIMETIERE_ISRAELITE,
        "53" => &CIMETIERE_MUSULMAN,
        "62" => &SPORT,
        "63" => &PUITS,
        "64" => &PARKING,
        "65" => &PISCINE,
        "71" | "72" | "73" | "74" | "75" | "76" | "77" | "78" | "79" | "80" => &REPERE,
        "81" => &BORNE,
        _ => &POINT,
    }
}

/// Half of a symbol's side in that frame.
pub(crate) fn half(frame: &Frame, unit: f64) -> f64 {
    (TERRAIN_M * frame.per_metre).clamp(HALF.start() * unit, HALF.end() * unit)
}

/// Adds the symbols that the frame shows, in one path; `unit` is the size of a point.
pub(crate) fn draw(symboles: &[Symbole], frame: &Frame, unit: f64, dessin: &mut Dessin) {
    let mut chemin = Chemin::default();
    let scale = half(frame, unit) / 12.0;
    for symbole in symboles.iter().filter(|symbole| inside(frame.place(symbole.point), frame.rect())).take(NOMBRE) {
        let centre = frame.place(symbole.point);
        let figure = figure_of(&symbole.code);
        let angle = if figure.tourne && symbole.angle_deg.is_finite() { -symbole.angle_deg } else { 0.0 };
        let (sin, cos) = angle.to_radians().sin_cos();
        let at = |x: f64, y: f64| {
            let (x, y) = ((x - 12.0) * scale, (y - 12.0) * scale);
            centre + Coord { x: x * cos - y * sin, y: x * sin + y * cos }
        };
        for ligne in figure.lignes {
            chemin.open(ligne.iter().map(|&(x, y)| at(x, y)).collect());
        }
        for &(x, y, radius) in figure.cercles {
            let turn = |step: i32| (f64::from(step) * std::f64::consts::TAU / 16.0).sin_cos();
            chemin.close((0..16).map(turn).map(|(sin, cos)| at(x + radius * cos, y + radius * sin)).collect());
        }
    }
    dessin.add(chemin, theme::SYMBOLE);
}
