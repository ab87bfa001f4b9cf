//! Rings of a shape as surfaces: outer rings turn clockwise, holes the other way, each in the surface around it.

use super::formes::Position;
use crate::error::Cause;
use crate::wkb::Ecrivain;

/// Sides compared to place the holes of one shape.
const MAX_COTES: usize = 50_000_000;

pub(super) fn ecrit(
    out: &mut Ecrivain,
    anneaux: &[&[Position]],
    hauteur: bool,
    srid: Option<u32>,
) -> Result<(), Cause> {
    let surfaces = surfaces(anneaux)?;
    out.ouvre(6, hauteur, srid);
    out.compte(surfaces.len())?;
    for surface in surfaces {
        out.ouvre(3, hauteur, None);
        out.compte(surface.len())?;
        for anneau in surface {
            out.compte(anneau.len())?;
            anneau.iter().try_for_each(|position| out.position(*position, hauteur))?;
        }
    }
    Ok(())
}

fn surfaces<'a>(anneaux: &[&'a [Position]]) -> Result<Vec<Vec<&'a [Position]>>, Cause> {
    let (mut surfaces, mut trous) = (Vec::new(), Vec::new());
    for anneau in anneaux {
        let plan = |position: Option<&Position>| position.map(|[x, y, _]| [x.to_bits(), y.to_bits()]);
        if anneau.len() < 4 || plan(anneau.first()) != plan(anneau.last()) {
            return Err(Cause::Geometrie("un contour n'est pas fermé"));
        }
        if double_aire(anneau) > 0.0 { trous.push(*anneau) } else { surfaces.push(vec![*anneau]) }
    }
    let boites: Vec<Boite> =
        surfaces.iter().filter_map(|surface| surface.first()).map(|anneau| Boite::de(anneau)).collect();
    let mut cotes = 0;
    for trou in trous {
        let Some(point) = trou.first() else { continue };
        let mut autour = None;
        if surfaces.len() == 1 {
            autour = Some(0);
        } else {
            for (rang, boite) in boites.iter().enumerate() {
                cotes += 1;
                let Some(anneau) = surfaces.get(rang).and_then(|surface| surface.first()) else { continue };
                if boite.contient(point) {
                    cotes += anneau.len();
                    // The smallest surface around: an island in a lake has its own holes.
                    let plus_petite =
                        autour.and_then(|autour: usize| boites.get(autour)).is_none_or(|b| boite.aire() < b.aire());
                    if plus_petite && dedans(anneau, trou) {
                        autour = Some(rang);
                    }
                }
                if cotes > MAX_COTES {
                    return Err(Cause::Geometrie("elle a trop de contours"));
                }
            }
        }
        match autour.and_then(|rang| surfaces.get_mut(rang)) {
            Some(surface) => surface.push(trou),
            // A hole in nothing is a surface drawn the wrong way.
            None => surfaces.push(vec![trou]),
        }
    }
    Ok(surfaces)
}

fn double_aire(anneau: &[Position]) -> f64 {
    // From the first vertex, so that large coordinates don't drown small rings.
    let [x0, y0, _] = anneau.first().copied().unwrap_or_default();
    anneau.array_windows::<2>().map(|[a, b]| (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)).sum()
}

/// A hole may touch the ring around it at one vertex: two of its first three tell.
fn dedans(anneau: &[Position], trou: &[Position]) -> bool {
    trou.iter().take(3).filter(|point| contient(anneau, point)).count() >= 2
}

fn contient(anneau: &[Position], [x, y, _]: &Position) -> bool {
    let traverse =
        |[a, b]: &[Position; 2]| (a[1] > *y) != (b[1] > *y) && *x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0];
    anneau.array_windows::<2>().filter(|cote| traverse(cote)).count() % 2 == 1
}

struct Boite {
    min: [f64; 2],
    max: [f64; 2],
}

impl Boite {
    fn de(anneau: &[Position]) -> Self {
        let vide = Self { min: [f64::INFINITY; 2], max: [f64::NEG_INFINITY; 2] };
        anneau.iter().fold(vide, |boite, [x, y, _]| Self {
            min: [boite.min[0].min(*x), boite.min[1].min(*y)],
            max: [boite.max[0].max(*x), boite.max[1].max(*y)],
        })
    }

    fn contient(&self, [x, y, _]: &Position) -> bool {
        (self.min[0]..=self.max[0]).contains(x) && (self.min[1]..=self.max[1]).contains(y)
    }

    fn aire(&self) -> f64 {
        (self.max[0] - self.min[0]) * (self.max[1] - self.min[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carre(x: f64, y: f64, cote: f64, trou: bool) -> Vec<Position> {
        let mut anneau =
            vec![[x, y, 0.0], [x, y + cote, 0.0], [x + cote, y + cote, 0.0], [x + cote, y, 0.0], [x, y, 0.0]];
        if trou {
            anneau.reverse();
        }
        anneau
    }

    #[test]
    fn holes_go_to_the_smallest_surface_around() {
        // A lake in a field, an island in the lake, a well on the island, another field.
        let anneaux = [
            carre(0.0, 0.0, 100.0, false),
            carre(10.0, 10.0, 50.0, true),
            carre(20.0, 20.0, 20.0, false),
            carre(25.0, 25.0, 2.0, true),
            carre(200.0, 0.0, 10.0, false),
        ];
        let anneaux: Vec<&[Position]> = anneaux.iter().map(Vec::as_slice).collect();
        let tailles: Vec<usize> = surfaces(&anneaux).unwrap().iter().map(Vec::len).collect();
        assert_eq!(tailles, [2, 2, 1]);
        let seul = [carre(0.0, 0.0, 1.0, true)];
        assert_eq!(surfaces(&[&seul[0]]).unwrap().len(), 1);
    }
}
