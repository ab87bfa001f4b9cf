//! Which surface each text stands in: the smallest that holds it.

use super::dessin::{Forme, Texte};
use crate::error::{Cause, ImportError};

/// Cells of a side of the grid.
const GRILLE: usize = 128;
/// Surfaces in cells, and corners that are looked at, at most.
const MAX_TRAVAIL: usize = 300_000_000;
/// Surfaces in cells at most: their memory.
const MAX_RANGEES: usize = 8_000_000;

#[derive(Debug, Clone, Copy)]
struct Cadre {
    bas: (f64, f64),
    haut: (f64, f64),
}

impl Cadre {
    fn de<'a>(points: impl IntoIterator<Item = &'a (f64, f64)>) -> Self {
        let vide = Self { bas: (f64::MAX, f64::MAX), haut: (f64::MIN, f64::MIN) };
        points.into_iter().fold(vide, |cadre, (x, y)| Self {
            bas: (cadre.bas.0.min(*x), cadre.bas.1.min(*y)),
            haut: (cadre.haut.0.max(*x), cadre.haut.1.max(*y)),
        })
    }

    fn contient(&self, x: f64, y: f64) -> bool {
        (self.bas.0..=self.haut.0).contains(&x) && (self.bas.1..=self.haut.1).contains(&y)
    }
}

/// The texts of each closed shape, the nearest to its middle first; shapes that are open have none.
pub(super) fn textes_de(formes: &[Forme], textes: &[Texte]) -> Result<Vec<Vec<usize>>, ImportError> {
    let mut dedans: Vec<Vec<usize>> = vec![Vec::new(); formes.len()];
    let cadres: Vec<Cadre> = formes.iter().map(|forme| Cadre::de(&forme.points)).collect();
    let tout = Cadre::de(cadres.iter().flat_map(|cadre| [&cadre.bas, &cadre.haut]));
    let cellule = |valeur: f64, bas: f64, haut: f64| {
        let part = if haut > bas { (valeur - bas) / (haut - bas) } else { 0.0 };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "within the grid"
        )]
        let rang = (part * GRILLE as f64).clamp(0.0, (GRILLE - 1) as f64) as usize;
        rang
    };
    let place = |(x, y): (f64, f64)| (cellule(x, tout.bas.0, tout.haut.0), cellule(y, tout.bas.1, tout.haut.1));
    let mut grille: Vec<Vec<usize>> = vec![Vec::new(); GRILLE * GRILLE];
    let mut rangees = 0;
    for (rang, (forme, cadre)) in formes.iter().zip(&cadres).enumerate() {
        if !forme.ferme {
            continue;
        }
        let ((gauche, bas), (droite, haut)) = (place(cadre.bas), place(cadre.haut));
        for ligne in bas..=haut {
            for colonne in gauche..=droite {
                if let Some(cellule) = grille.get_mut(ligne * GRILLE + colonne) {
                    cellule.push(rang);
                    rangees += 1;
                }
            }
        }
        if rangees > MAX_RANGEES {
            return Err(trop());
        }
    }
    let aires: Vec<f64> = formes.iter().map(|forme| aire(&forme.points)).collect();
    let mut travail = 0;
    for (numero, texte) in textes.iter().enumerate() {
        let (colonne, ligne) = place((texte.x, texte.y));
        let mut choisie: Option<usize> = None;
        for rang in grille.get(ligne * GRILLE + colonne).into_iter().flatten() {
            travail += 1;
            let (Some(forme), Some(cadre)) = (formes.get(*rang), cadres.get(*rang)) else { continue };
            if !cadre.contient(texte.x, texte.y) {
                continue;
            }
            travail += forme.points.len();
            let plus_petite = choisie.is_none_or(|autre| aires.get(*rang) < aires.get(autre));
            if plus_petite && contient(&forme.points, (texte.x, texte.y)) {
                choisie = Some(*rang);
            }
        }
        if travail > MAX_TRAVAIL {
            return Err(trop());
        }
        if let Some(dedans) = choisie.and_then(|rang| dedans.get_mut(rang)) {
            dedans.push(numero);
        }
    }
    for (siens, cadre) in dedans.iter_mut().zip(&cadres) {
        let milieu = (f64::midpoint(cadre.bas.0, cadre.haut.0), f64::midpoint(cadre.bas.1, cadre.haut.1));
        let loin = |numero: &usize| {
            textes.get(*numero).map_or(f64::MAX, |texte| (texte.x - milieu.0).hypot(texte.y - milieu.1))
        };
        siens.sort_by(|un, autre| loin(un).total_cmp(&loin(autre)));
    }
    Ok(dedans)
}

fn trop() -> ImportError {
    Cause::TropGros { quoi: "le croisement des textes et des contours", limite: MAX_TRAVAIL as u64 }.into()
}

fn paires(points: &[(f64, f64)]) -> impl Iterator<Item = (&(f64, f64), &(f64, f64))> {
    points.iter().zip(points.iter().cycle().skip(1))
}

fn aire(points: &[(f64, f64)]) -> f64 {
    let origine = points.first().copied().unwrap_or_default();
    let croise = |((x, y), (x2, y2)): (&(f64, f64), &(f64, f64))| {
        (x - origine.0) * (y2 - origine.1) - (x2 - origine.0) * (y - origine.1)
    };
    (paires(points).map(croise).sum::<f64>() / 2.0).abs()
}

/// Whether a point is within a contour (rays that cross it).
fn contient(points: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let coupe = |((x1, y1), (x2, y2)): &(&(f64, f64), &(f64, f64))| {
        (*y1 > y) != (*y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    };
    paires(points).filter(coupe).count() % 2 == 1
}
