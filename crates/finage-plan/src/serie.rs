//! Rectangles in rows and columns, along a line.

use thiserror::Error;

use crate::boite::Boite;
use crate::ligne::simplifiee;
use crate::numero::Numerotation;
use crate::point::Point;

/// Shapes of a series at most.
pub const MAX_PLACES: u32 = 2_000;
/// Vertices of a line at most.
const MAX_SOMMETS: usize = 500;
/// Longest line, metres.
const MAX_LIGNE: f64 = 2_000.0;
/// Sides of a shape, millimetres.
const COTES_MM: std::ops::RangeInclusive<u32> = 100..=50_000;
/// Longest gap, millimetres.
const MAX_ECART_MM: u32 = 20_000;
/// What a line may lack for a shape to be on it, metres: less than what anybody measures.
const MANQUE: f64 = 0.000_5;
/// How far a shape is pushed to leave a bend, metres.
const PAS: f64 = 0.01;

/// On which side of a line, as one walks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cote {
    /// On the left.
    #[default]
    Gauche,
    /// On the right.
    Droite,
}

/// What is laid out. Lengths are whole millimetres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serie {
    /// Rows, one behind the other from the line.
    pub rangees: u32,
    /// Shapes of a row; none for as many as the line holds.
    pub colonnes: Option<u32>,
    /// Side of a shape along the line.
    pub largeur_mm: u32,
    /// The other side.
    pub longueur_mm: u32,
    /// Between shapes of a row.
    pub ecart_mm: u32,
    /// Between rows.
    pub entre_rangees_mm: u32,
    /// From the line to the first row.
    pub recul_mm: u32,
    /// Side of the line.
    pub cote: Cote,
    /// Their numbers.
    pub numerotation: Numerotation,
}

/// A shape of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Row, from 0 at the line.
    pub rangee: u32,
    /// Column, from 0 at the beginning of the line.
    pub colonne: u32,
    /// Number.
    pub numero: String,
    /// Its four corners, in order: two towards the line, two behind.
    pub contour: [Point; 4],
}

/// Why a series is not laid out. Each message is one French sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SerieRefusee {
    /// A measure out of its bounds.
    #[error("« {0} » va de {1}.")]
    Mesure(&'static str, &'static str),
    /// A line without length, with too many vertices, or beyond bounds.
    #[error("La ligne est à tracer : deux points au moins, 500 sommets et 2 000 m au plus.")]
    Ligne,
    /// Nothing holds on the line.
    #[error("La ligne est plus courte qu'un emplacement : allongez-la.")]
    Vide,
    /// The line holds less than what is wanted.
    #[error("La ligne contient {contient} colonnes, {demandees} sont demandées : allongez-la, ou demandez-en moins.")]
    TropCourte {
        /// Columns that it holds.
        contient: u32,
        /// Columns wanted.
        demandees: u32,
    },
    /// More than [`MAX_PLACES`].
    #[error("{MAX_PLACES} fiches au plus sont créées à la fois : réduisez la ligne, les rangées ou les colonnes.")]
    TropNombreuses,
}

impl Serie {
    /// The shapes of the series along this line, row after row from its beginning; a line of several parts is left at its bends,
    /// where shapes would meet.
    ///
    /// # Errors
    /// A measure or a line out of bounds, a line that is too short, more than [`MAX_PLACES`] shapes.
    pub fn disposee(&self, ligne: &[Point]) -> Result<Vec<Place>, SerieRefusee> {
        self.mesuree()?;
        if ligne.len() > MAX_SOMMETS || ligne.iter().any(|point| !point.est_fini()) {
            return Err(SerieRefusee::Ligne);
        }
        let ligne = simplifiee(ligne);
        let longueur: f64 = troncons(&ligne).map(|(de, a)| de.distance(a)).sum();
        if longueur <= 0.0 || longueur > MAX_LIGNE {
            return Err(SerieRefusee::Ligne);
        }
        let voulues = self.colonnes.unwrap_or(MAX_PLACES / self.rangees + 1);
        let posees = self.colonnes_posees(&ligne, voulues);
        let contient = u32::try_from(posees.len()).unwrap_or(u32::MAX);
        match self.colonnes {
            _ if contient == 0 => return Err(SerieRefusee::Vide),
            Some(demandees) if contient < demandees => {
                return Err(SerieRefusee::TropCourte { contient, demandees });
            }
            _ if contient.saturating_mul(self.rangees) > MAX_PLACES => return Err(SerieRefusee::TropNombreuses),
            _ => {}
        }
        let places = (0..self.rangees).flat_map(|rangee| {
            posees.iter().zip(0..).map(move |(colonne, rang)| Place {
                rangee,
                colonne: rang,
                numero: self.numerotation.numero(rangee, rang, contient),
                contour: self.boite(colonne, rangee).coins,
            })
        });
        Ok(places.collect())
    }

    fn mesuree(&self) -> Result<(), SerieRefusee> {
        let refuse = |quoi, bornes| Err(SerieRefusee::Mesure(quoi, bornes));
        let numeros = &self.numerotation;
        if !COTES_MM.contains(&self.largeur_mm) {
            return refuse("Largeur", "0,10 m à 50 m");
        }
        if !COTES_MM.contains(&self.longueur_mm) {
            return refuse("Longueur", "0,10 m à 50 m");
        }
        if [self.ecart_mm, self.entre_rangees_mm, self.recul_mm].iter().any(|ecart| *ecart > MAX_ECART_MM) {
            return refuse("Écart", "0 à 20 m");
        }
        if !(1..=MAX_PLACES).contains(&self.rangees) || self.colonnes == Some(0) {
            return refuse("Rangées et colonnes", "1 à 2 000");
        }
        if self.colonnes.is_some_and(|colonnes| colonnes.saturating_mul(self.rangees) > MAX_PLACES) {
            return Err(SerieRefusee::TropNombreuses);
        }
        if numeros.premier > 999_999 || !(1..=1_000).contains(&numeros.pas) {
            return refuse("Premier numéro et pas", "0 à 999 999 pour l'un, de 1 à 1 000 pour l'autre");
        }
        if numeros.prefixe.chars().count() > 10 || numeros.complement.chars().count() > 10 || numeros.chiffres > 6 {
            return refuse("Préfixe, complément et chiffres", "0 à 10 caractères, et de 0 à 6 chiffres");
        }
        Ok(())
    }

    /// Where columns begin, at most `voulues` of them.
    fn colonnes_posees(&self, ligne: &[Point], voulues: u32) -> Vec<Colonne> {
        let (largeur, ecart) = (metres(self.largeur_mm), metres(self.ecart_mm));
        let mut posees: Vec<Colonne> = Vec::new();
        let mut rondes: Vec<(Boite, Point, f64)> = Vec::new();
        for (de, a) in troncons(ligne) {
            let longueur = de.distance(a);
            let direction = Point::new((a.x - de.x) / longueur, (a.y - de.y) / longueur);
            // Of this part, columns never meet; those of the parts before may.
            let avant = rondes.len();
            let (mut debut, mut rang) = (0.0, 0_u32);
            loop {
                // Never a sum of sums: each is where it should be to the last bit.
                let x = debut + f64::from(rang) * (largeur + ecart);
                if x + largeur > longueur + MANQUE || u32::try_from(posees.len()).is_ok_and(|nombre| nombre >= voulues)
                {
                    break;
                }
                let colonne = Colonne { origine: de, direction, x };
                let large = self.pile(&colonne, ecart);
                let (milieu, rayon) = large.rond();
                let gene = rondes
                    .iter()
                    .take(avant)
                    .any(|(autre, centre, sien)| milieu.distance(*centre) < rayon + sien && large.rencontre(autre));
                if gene {
                    debut = x + PAS;
                    rang = 0;
                    continue;
                }
                let pile = self.pile(&colonne, 0.0);
                let (milieu, rayon) = pile.rond();
                rondes.push((pile, milieu, rayon));
                posees.push(colonne);
                rang += 1;
            }
        }
        posees
    }

    /// All the rows of a column, and this much around them.
    fn pile(&self, colonne: &Colonne, autour: f64) -> Boite {
        let fond = f64::from(self.rangees) * metres(self.longueur_mm)
            + f64::from(self.rangees.saturating_sub(1)) * metres(self.entre_rangees_mm);
        self.a(
            colonne,
            [-autour, metres(self.recul_mm) - autour, metres(self.largeur_mm) + 2.0 * autour, fond + 2.0 * autour],
        )
    }

    fn boite(&self, colonne: &Colonne, rangee: u32) -> Boite {
        let pas = metres(self.longueur_mm) + metres(self.entre_rangees_mm);
        let y = metres(self.recul_mm) + f64::from(rangee) * pas;
        self.a(colonne, [0.0, y, metres(self.largeur_mm), metres(self.longueur_mm)])
    }

    fn a(&self, colonne: &Colonne, [x, y, largeur, longueur]: [f64; 4]) -> Boite {
        let cote = match self.cote {
            Cote::Gauche => 1.0,
            Cote::Droite => -1.0,
        };
        Boite::posee(colonne.origine, colonne.direction, cote, [colonne.x + x, y, largeur, longueur])
    }
}

/// Where a column begins: so many metres along a part of the line.
#[derive(Debug, Clone, Copy)]
struct Colonne {
    origine: Point,
    direction: Point,
    x: f64,
}

fn troncons(ligne: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    ligne.iter().copied().zip(ligne.iter().copied().skip(1))
}

fn metres(mm: u32) -> f64 {
    f64::from(mm) / 1_000.0
}
