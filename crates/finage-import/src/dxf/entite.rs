//! What a drawing is made of, as pairs tell it: lines, surfaces, texts, blocks that are laid again.

use super::paires::Paire;

/// Segments that draw a whole circle: a millimetre and a half beside it at half a metre, a centimetre at three.
const CORDES: f64 = 64.0;

/// A corner, and how its side to the next bends: the tangent of a quarter of the angle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Coin {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) bombe: f64,
}

/// A thing of a drawing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entite {
    /// A line, or a surface when it closes.
    Trait { calque: String, coins: Vec<Coin>, ferme: bool, hachure: bool },
    /// A text and where it stands.
    Texte { calque: String, x: f64, y: f64, dit: String },
    /// A block, laid somewhere.
    Pose { bloc: String, place: Place },
}

/// Where and how a block is laid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) echelle: [f64; 2],
    pub(super) degres: f64,
    /// The point of the block that is laid there.
    pub(super) base: [f64; 2],
}

impl Place {
    /// Where a point of the block is, once laid.
    pub(super) fn pose(&self, x: f64, y: f64) -> (f64, f64) {
        let (sin, cos) = self.degres.to_radians().sin_cos();
        let (x, y) = ((x - self.base[0]) * self.echelle[0], (y - self.base[1]) * self.echelle[1]);
        (self.x + x * cos - y * sin, self.y + x * sin + y * cos)
    }

    /// Whether what bends to the left then bends to the right.
    pub(super) fn retourne(&self) -> bool {
        self.echelle[0] * self.echelle[1] < 0.0
    }
}

/// An entity being read: its pairs, until the next begins.
#[derive(Debug, Default)]
pub(super) struct EnCours {
    pub(super) genre: String,
    calque: String,
    nom: String,
    dit: String,
    coins: Vec<Coin>,
    aligne: Option<(f64, f64)>,
    alignement: i64,
    drapeaux: i64,
    echelle: [f64; 2],
    angle: f64,
    vers_le_bas: bool,
    /// Of a hatching: contours that began.
    contours: u32,
}

impl EnCours {
    pub(super) fn new(genre: &str) -> Self {
        Self { genre: genre.to_owned(), echelle: [1.0, 1.0], ..Self::default() }
    }

    /// Whether vertices of their own follow it.
    pub(super) fn a_suite(&self) -> bool {
        self.genre == "POLYLINE"
    }

    /// Takes a pair (codes of the DXF reference of Autodesk). Gives the bytes that it keeps.
    pub(super) fn prend(&mut self, paire: &Paire) -> usize {
        if self.genre == "HATCH" && !self.hachure(paire) {
            return 0;
        }
        match paire.code {
            8 => paire.valeur.trim().clone_into(&mut self.calque),
            2 => paire.valeur.trim().clone_into(&mut self.nom),
            // A long text comes in pieces (3), the last of which is 1.
            1 | 3 => self.dit.push_str(&paire.valeur),
            10 if matches!(self.genre.as_str(), "LWPOLYLINE" | "HATCH") || self.coins.is_empty() => {
                self.coins.push(Coin { x: paire.nombre(), ..Coin::default() });
            }
            20 => {
                if let Some(coin) = self.coins.last_mut() {
                    coin.y = paire.nombre();
                }
            }
            11 => self.aligne = Some((paire.nombre(), 0.0)),
            21 => {
                if let Some((_, y)) = &mut self.aligne {
                    *y = paire.nombre();
                }
            }
            41 if self.genre == "INSERT" => self.echelle[0] = paire.nombre(),
            42 if self.genre == "INSERT" => self.echelle[1] = paire.nombre(),
            42 => {
                if let Some(coin) = self.coins.last_mut() {
                    coin.bombe = paire.nombre().clamp(-1e3, 1e3);
                }
            }
            50 => self.angle = paire.nombre(),
            70 => self.drapeaux = paire.entier(),
            72 | 73 if self.genre != "MTEXT" => self.alignement |= paire.entier(),
            // Drawn as seen from below: its x go the other way.
            230 => self.vers_le_bas = paire.nombre() < 0.0,
            _ => return 0,
        }
        paire.valeur.len() + size_of::<Coin>()
    }

    /// Whether a pair of a hatching is its layer, or of its first contour, where that is a polyline.
    fn hachure(&mut self, paire: &Paire) -> bool {
        match paire.code {
            8 => true,
            92 => {
                self.contours += if paire.entier() & 2 == 2 { 1 } else { 2 };
                false
            }
            // What follows its contours.
            97 | 75 => {
                self.contours = self.contours.max(2);
                false
            }
            10 | 20 | 42 => self.contours == 1,
            _ => false,
        }
    }

    /// Adds the vertex of an old polyline.
    pub(super) fn sommet(&mut self, sommet: &Self) {
        // Control points of a curve are not on it.
        if sommet.drapeaux & 16 == 0
            && let Some(coin) = sommet.coins.first()
        {
            self.coins.push(*coin);
        }
    }

    /// Before the vertices of an old polyline: the point that it gives itself means nothing.
    pub(super) fn sans_coin(&mut self) {
        self.coins.clear();
    }

    /// The entity; none for a kind that is not read.
    pub(super) fn fini(mut self) -> Option<Entite> {
        if self.vers_le_bas {
            for coin in &mut self.coins {
                coin.x = -coin.x;
                coin.bombe = -coin.bombe;
            }
            self.aligne = self.aligne.map(|(x, y)| (-x, y));
        }
        let calque = self.calque;
        let premier = self.coins.first().copied();
        match self.genre.as_str() {
            // Meshes and surfaces of space (16, 64) are no plan.
            "LWPOLYLINE" | "POLYLINE" if self.drapeaux & (16 | 64) == 0 => {
                Some(Entite::Trait { calque, coins: self.coins, ferme: self.drapeaux & 1 == 1, hachure: false })
            }
            "LINE" => {
                let (premier, (x, y)) = (premier?, self.aligne?);
                let coins = vec![Coin { bombe: 0.0, ..premier }, Coin { x, y, bombe: 0.0 }];
                Some(Entite::Trait { calque, coins, ferme: false, hachure: false })
            }
            "HATCH" => Some(Entite::Trait { calque, coins: self.coins, ferme: true, hachure: true }),
            "TEXT" | "MTEXT" | "ATTRIB" => {
                let coin = premier?;
                // A text that is not set from its left stands at its second point.
                let place = self.aligne.filter(|_| self.alignement != 0 && self.genre != "MTEXT");
                let (x, y) = place.unwrap_or((coin.x, coin.y));
                Some(Entite::Texte { calque, x, y, dit: super::texte::propre(&self.dit) })
            }
            "INSERT" => {
                let coin = premier?;
                let place = Place { x: coin.x, y: coin.y, echelle: self.echelle, degres: self.angle, base: [0.0, 0.0] };
                Some(Entite::Pose { bloc: self.nom, place })
            }
            _ => None,
        }
    }

    /// Name and base point of a block.
    pub(super) fn bloc(&self) -> (String, [f64; 2]) {
        let base = self.coins.first().map_or([0.0, 0.0], |coin| [coin.x, coin.y]);
        (self.nom.clone(), base)
    }
}

/// The points of a line whose sides may bend: arcs become chords.
pub(super) fn deroule(coins: &[Coin], ferme: bool) -> Vec<(f64, f64)> {
    let mut points = Vec::with_capacity(coins.len());
    let suivants = coins.iter().skip(1).chain(coins.first().filter(|_| ferme));
    let mut suivants = suivants;
    for coin in coins {
        points.push((coin.x, coin.y));
        let Some(suivant) = suivants.next() else { break };
        if coin.bombe.abs() > 1e-9 {
            arc(coin, suivant, &mut points);
        }
    }
    points
}

/// The points of an arc between its ends.
fn arc(de: &Coin, a: &Coin, points: &mut Vec<(f64, f64)>) {
    let angle = 4.0 * de.bombe.atan();
    let (dx, dy) = (a.x - de.x, a.y - de.y);
    let corde = dx.hypot(dy);
    if corde <= 0.0 {
        return;
    }
    // The centre stands beside the middle of the chord, on its left when the arc turns left.
    let cote = (1.0 - de.bombe * de.bombe) / (4.0 * de.bombe);
    let (cx, cy) = (f64::midpoint(de.x, a.x) - dy * cote, f64::midpoint(de.y, a.y) + dx * cote);
    let (rayon, debut) = ((de.x - cx).hypot(de.y - cy), (de.y - cy).atan2(de.x - cx));
    let parts = (angle.abs() / std::f64::consts::TAU * CORDES).ceil().clamp(1.0, CORDES);
    let mut part = 1.0;
    while part < parts {
        let (sin, cos) = (debut + angle * part / parts).sin_cos();
        points.push((cx + rayon * cos, cy + rayon * sin));
        part += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bulge_of_one_is_half_a_circle_on_the_right_of_its_chord() {
        let coins = [Coin { x: 0.0, y: 0.0, bombe: 1.0 }, Coin { x: 2.0, y: 0.0, bombe: 0.0 }];
        let points = deroule(&coins, false);
        assert_eq!(points.len(), 33);
        assert!(points.iter().all(|(x, y)| ((x - 1.0).hypot(*y) - 1.0).abs() < 1e-9), "{points:?}");
        assert!((points[16].1 + 1.0).abs() < 1e-9, "counter-clockwise from 0,0: below the chord");
    }

    #[test]
    fn a_block_turns_and_grows_about_its_base() {
        let place = Place { x: 10.0, y: 20.0, echelle: [2.0, 2.0], degres: 90.0, base: [1.0, 1.0] };
        let (x, y) = place.pose(2.0, 1.0);
        assert!((x - 10.0).abs() < 1e-9 && (y - 22.0).abs() < 1e-9);
    }
}
