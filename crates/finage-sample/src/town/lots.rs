//! Cutting a block into lots, as streets do: back to back, then side by side across the street.

use geo::{Area, MinimumRotatedRect};
use geo_types::Polygon;

use super::blocks::kerbs;
use super::faces::Way;
use crate::geometry::{
    Cut, Pt, compactness, direction, distance_to_segment, length, midpoint, pt, rotate, split_by_line,
};
use crate::plan::{Tissu, Usage};
use crate::rng::Rng;

/// A future parcel.
#[derive(Debug, Clone)]
pub struct Lot {
    pub polygon: Polygon<f64>,
    pub usage: Usage,
}

/// How a land use cuts its blocks: metres, and shares of lots left without a house.
struct Rules {
    width: (f64, f64),
    depth: f64,
    smallest_m2: f64,
    wobble: f64,
    usage: Usage,
    other: Usage,
    other_share: f64,
}

fn rules(tissu: Tissu) -> Rules {
    let base = Rules {
        width: (0.0, 0.0),
        depth: 0.0,
        smallest_m2: 60.0,
        wobble: 0.05,
        usage: Usage::Habitation,
        other: Usage::Jardin,
        other_share: 0.06,
    };
    match tissu {
        Tissu::Centre => Rules { width: (7.0, 14.5), depth: 27.0, smallest_m2: 60.0, wobble: 0.11, ..base },
        Tissu::Village => {
            Rules { width: (8.0, 17.0), depth: 26.0, smallest_m2: 70.0, wobble: 0.13, other_share: 0.12, ..base }
        }
        Tissu::Faubourg => Rules { width: (9.0, 17.0), depth: 42.0, smallest_m2: 130.0, wobble: 0.06, ..base },
        Tissu::Pavillons => {
            Rules { width: (17.0, 27.0), depth: 38.0, smallest_m2: 330.0, wobble: 0.03, other_share: 0.07, ..base }
        }
        Tissu::Activites => Rules {
            width: (38.0, 70.0),
            depth: 75.0,
            smallest_m2: 1200.0,
            wobble: 0.02,
            usage: Usage::Activite,
            other_share: 0.12,
            ..base
        },
        Tissu::Jardins => {
            Rules { width: (18.0, 40.0), depth: 60.0, smallest_m2: 500.0, wobble: 0.07, usage: Usage::Jardin, ..base }
        }
        Tissu::Vignes => Rules {
            width: (38.0, 75.0),
            depth: 190.0,
            smallest_m2: 2500.0,
            wobble: 0.05,
            usage: Usage::Vigne,
            other: Usage::Culture,
            other_share: 0.2,
        },
        Tissu::Bois => Rules {
            width: (110.0, 210.0),
            depth: 260.0,
            smallest_m2: 9000.0,
            wobble: 0.08,
            usage: Usage::Bois,
            other: Usage::Culture,
            other_share: 0.1,
        },
        Tissu::Champs => Rules {
            width: (80.0, 150.0),
            depth: 230.0,
            smallest_m2: 4000.0,
            wobble: 0.06,
            usage: Usage::Culture,
            other: Usage::Bois,
            other_share: 0.08,
        },
    }
}

/// Cuts a block; every piece is pushed on `out`. The pieces tile the block.
pub fn subdivide(block: Polygon<f64>, tissu: Tissu, ways: &[Way], rng: &mut Rng, out: &mut Vec<Lot>) {
    let rules = rules(tissu);
    let kerbs = kerbs(&block, ways);
    let mut stack = vec![(block, 0_u32)];
    while let Some((piece, level)) = stack.pop() {
        if let Some(pieces) = cut(&piece, &rules, &kerbs, rng).filter(|_| level < 14) {
            stack.extend(pieces.into_iter().map(|p| (p, level + 1)));
            continue;
        }
        let usage = if rng.chance(rules.other_share) { rules.other } else { rules.usage };
        let landlocked = usage == Usage::Habitation && !has_access(&piece, &kerbs);
        out.push(Lot { polygon: piece, usage: if landlocked { Usage::Jardin } else { usage } });
    }
}

fn cut(piece: &Polygon<f64>, rules: &Rules, kerbs: &[(Pt, Pt, f64)], rng: &mut Rng) -> Option<Vec<Polygon<f64>>> {
    let area = piece.unsigned_area();
    let usual = rules.width.1 * rules.depth;
    let street = street_direction(piece, kerbs);
    if area < 2.0 * rules.smallest_m2 || (street.is_none() && area < 1.3 * usual) {
        return None;
    }
    let target = rng.range(rules.width.0, rules.width.1);
    let along = street.or_else(|| longest_side(piece))?;
    let across = rotate(along, std::f64::consts::FRAC_PI_2);
    let (u, v) = (extent(piece, along), extent(piece, across));
    let (width, depth) = (u.1 - u.0, v.1 - v.0);
    let deep = depth > rules.depth * 1.55;
    let wide = width > target * 1.6;
    if !deep && !wide {
        return None;
    }
    let backs_first = deep && (!wide || depth / rules.depth > width / (target * 6.0));
    let parts = (width / target).round().max(2.0);
    let share = (parts / 2.0).floor() / parts;
    // The wished cut first; then others, less regular, that odd shapes may allow.
    for (attempt, shift) in [0.0, 0.06, -0.06, 0.13, -0.13, 0.22, -0.22, 0.3, -0.3].into_iter().enumerate() {
        let wobble = rng.range(-rules.wobble, rules.wobble);
        let roundness = if attempt < 4 { 0.16 } else { 0.1 };
        let backs = || {
            try_cut(
                piece,
                rules,
                roundness,
                at_offset(across, v.0 + depth * (0.5 + wobble + shift)),
                rotate(along, wobble * 0.5),
            )
        };
        let sides = || {
            let at = u.0 + width * (share + shift) + wobble * target;
            try_cut(piece, rules, roundness, at_offset(along, at), rotate(across, wobble * 0.6))
        };
        let otherwise = attempt > 2 && area > 2.5 * usual;
        let made = if backs_first {
            backs().or_else(|| if otherwise { sides() } else { None })
        } else {
            sides().or_else(|| if otherwise { backs() } else { None })
        };
        if made.is_some() {
            return made;
        }
    }
    None
}

/// The foot of the cut: the point `at` metres along a direction, measured from the origin.
fn at_offset(along: Pt, at: f64) -> Pt {
    pt(along.x * at, along.y * at)
}

fn try_cut(piece: &Polygon<f64>, rules: &Rules, roundness: f64, through: Pt, along: Pt) -> Option<Vec<Polygon<f64>>> {
    // The line is described from the middle of the piece, so that a tilt turns around it.
    let middle = geo::Centroid::centroid(piece)?;
    let offset = (middle.x() - through.x) * along.x + (middle.y() - through.y) * along.y;
    let through = pt(through.x + along.x * offset, through.y + along.y * offset);
    let (mut left, right) = split_by_line(piece, Cut { through, along });
    if left.is_empty() || right.is_empty() {
        return None;
    }
    left.extend(right);
    left.iter().all(|p| p.unsigned_area() > rules.smallest_m2 && compactness(p) > roundness).then_some(left)
}

fn extent(piece: &Polygon<f64>, along: Pt) -> (f64, f64) {
    piece
        .exterior()
        .0
        .iter()
        .map(|p| p.x * along.x + p.y * along.y)
        .fold((f64::MAX, f64::MIN), |e, d| (e.0.min(d), e.1.max(d)))
}

fn on_kerb(a: Pt, b: Pt, kerbs: &[(Pt, Pt, f64)]) -> bool {
    let middle = midpoint(a, b);
    kerbs.iter().any(|k| distance_to_segment(middle, k.0, k.1).0 < k.2 + 0.6)
}

fn has_access(piece: &Polygon<f64>, kerbs: &[(Pt, Pt, f64)]) -> bool {
    piece.exterior().0.windows(2).filter(|e| on_kerb(e[0], e[1], kerbs)).map(length).sum::<f64>() > 2.5
}

/// Mean direction of the sides on the street, around the longest of them.
fn street_direction(piece: &Polygon<f64>, kerbs: &[(Pt, Pt, f64)]) -> Option<Pt> {
    let sides: Vec<(f64, Pt)> = piece
        .exterior()
        .0
        .windows(2)
        .filter(|e| on_kerb(e[0], e[1], kerbs))
        .map(|e| (length(e), direction(e[0], e[1])))
        .collect();
    // Sides that run the same way, within thirty degrees, count together: a curved street has many.
    let weight =
        |d: Pt| sides.iter().map(|s| if (s.1.x * d.x + s.1.y * d.y).abs() > 0.87 { s.0 } else { 0.0 }).sum::<f64>();
    let main = sides.iter().map(|s| (weight(s.1), s.1)).max_by(|a, b| a.0.total_cmp(&b.0)).map(|s| s.1)?;
    let mut sum = pt(0.0, 0.0);
    for (len, d) in &sides {
        let cos = d.x * main.x + d.y * main.y;
        if cos.abs() > 0.87 {
            sum = pt(sum.x + d.x * len * cos.signum(), sum.y + d.y * len * cos.signum());
        }
    }
    (sum.x.hypot(sum.y) > 2.0).then(|| direction(pt(0.0, 0.0), sum))
}

fn longest_side(piece: &Polygon<f64>) -> Option<Pt> {
    let rect = piece.minimum_rotated_rect()?;
    rect.exterior().0.windows(2).max_by(|a, b| length(a).total_cmp(&length(b))).map(|e| direction(e[0], e[1]))
}
