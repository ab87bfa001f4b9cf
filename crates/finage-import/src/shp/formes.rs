//! The shapes of a Shapefile (ESRI, July 1998), as EWKB. Measures are left out, heights kept.

use std::io::{BufRead, Read};

use super::surfaces;
use crate::Limites;
use crate::error::{Cause, ImportError};
use crate::wkb::Ecrivain;

const QUOI: &str = "le fichier .shp";

/// The kind of geometry that the head announces.
pub(super) fn genre(flux: &mut impl Read) -> Result<&'static str, ImportError> {
    Ok(match tete(flux)? % 10 {
        1 => "POINT",
        3 => "MULTILINESTRING",
        5 => "MULTIPOLYGON",
        8 => "MULTIPOINT",
        _ => "GEOMETRY",
    })
}

fn tete(flux: &mut impl Read) -> Result<u32, ImportError> {
    let mut tete = [0; 100];
    flux.read_exact(&mut tete).map_err(|_| Cause::Tronque(QUOI))?;
    if tete.get(..4) != Some(&[0, 0, 0x27, 0x0a]) {
        return Err(Cause::illisible(QUOI, "ce n'en est pas un").into());
    }
    Ok(Octets(tete.get(32..).unwrap_or_default()).entier()?)
}

/// The EWKB of a shape; nothing for a null one.
type Forme = Option<Vec<u8>>;

pub(super) struct Formes<R> {
    flux: R,
    srid: Option<u32>,
    max: usize,
    fini: bool,
}

impl<R: BufRead> Formes<R> {
    pub(super) fn new(mut flux: R, srid: Option<u32>, limites: &Limites) -> Result<Self, ImportError> {
        tete(&mut flux)?;
        Ok(Self { flux, srid, max: limites.geometrie, fini: false })
    }

    fn forme(&mut self) -> Result<Option<Forme>, ImportError> {
        if self.flux.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let mut tete = [0; 8];
        self.flux.read_exact(&mut tete).map_err(|_| Cause::Tronque(QUOI))?;
        let mots = tete.get(4..).and_then(|quatre| quatre.try_into().ok()).map_or(0, u32::from_be_bytes);
        let taille = mots as usize * 2;
        if taille > self.max {
            return Err(Cause::TropGros { quoi: "une géométrie", limite: self.max as u64 }.into());
        }
        let mut contenu = Vec::new();
        let lus = (&mut self.flux).take(taille as u64).read_to_end(&mut contenu)?;
        if lus < taille {
            return Err(Cause::Tronque(QUOI).into());
        }
        Ok(Some(ewkb(&contenu, self.srid)?))
    }
}

impl<R: BufRead> Iterator for Formes<R> {
    type Item = Result<Forme, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fini {
            return None;
        }
        let lue = self.forme().transpose();
        self.fini = match &lue {
            None => true,
            Some(Err(erreur)) => erreur.est_fatale(),
            Some(Ok(_)) => false,
        };
        lue
    }
}

/// A position: x, y, and z when the shape has heights.
pub(super) type Position = [f64; 3];

fn ewkb(contenu: &[u8], srid: Option<u32>) -> Result<Option<Vec<u8>>, Cause> {
    let mut octets = Octets(contenu);
    let genre = octets.entier()?;
    let hauteur = matches!(genre, 11 | 13 | 15 | 18);
    let mut out = Ecrivain::default();
    match genre {
        0 => return Ok(None),
        1 | 11 | 21 => {
            let mut position = [octets.reel()?, octets.reel()?, 0.0];
            if hauteur {
                position[2] = octets.reel()?;
            }
            out.ouvre(1, hauteur, srid);
            out.position(position, hauteur)?;
        }
        8 | 18 | 28 => {
            octets.saute(32)?;
            let compte = octets.compte(16)?;
            let points = positions(&mut octets, compte, hauteur)?;
            out.ouvre(4, hauteur, srid);
            out.compte(points.len())?;
            for point in points {
                out.ouvre(1, hauteur, None);
                out.position(point, hauteur)?;
            }
        }
        3 | 13 | 23 | 5 | 15 | 25 => {
            octets.saute(32)?;
            let parts = octets.entier()? as usize;
            let compte = octets.entier()? as usize;
            if parts > octets.0.len() / 4 || compte > octets.0.len() / 16 {
                return Err(Cause::Geometrie("elle est incomplète"));
            }
            let debuts =
                (0..parts).map(|_| octets.entier().map(|debut| debut as usize)).collect::<Result<Vec<_>, _>>()?;
            let points = positions(&mut octets, compte, hauteur)?;
            let suites = suites(&points, &debuts)?;
            if suites.is_empty() {
                return Ok(None);
            }
            if matches!(genre % 10, 3) {
                lignes(&mut out, &suites, hauteur, srid)?;
            } else {
                surfaces::ecrit(&mut out, &suites, hauteur, srid)?;
            }
        }
        _ => return Err(Cause::Geometrie("seuls les points, les lignes et les surfaces sont lus")),
    }
    Ok(Some(out.0))
}

fn lignes(out: &mut Ecrivain, suites: &[&[Position]], hauteur: bool, srid: Option<u32>) -> Result<(), Cause> {
    out.ouvre(5, hauteur, srid);
    out.compte(suites.len())?;
    for suite in suites {
        if suite.len() < 2 {
            return Err(Cause::Geometrie("une ligne n'a qu'un sommet"));
        }
        out.ouvre(2, hauteur, None);
        out.compte(suite.len())?;
        suite.iter().try_for_each(|position| out.position(*position, hauteur))?;
    }
    Ok(())
}

/// Parts of the points, each from its first rank to the next one's.
fn suites<'a>(points: &'a [Position], debuts: &[usize]) -> Result<Vec<&'a [Position]>, Cause> {
    let mut suites = Vec::with_capacity(debuts.len());
    for (rang, debut) in debuts.iter().enumerate() {
        let fin = debuts.get(rang + 1).copied().unwrap_or(points.len());
        suites.push(points.get(*debut..fin).ok_or(Cause::Geometrie("ses parties se chevauchent"))?);
    }
    Ok(suites)
}

fn positions(octets: &mut Octets<'_>, compte: usize, hauteur: bool) -> Result<Vec<Position>, Cause> {
    let mut points = Vec::with_capacity(compte);
    for _ in 0..compte {
        points.push([octets.reel()?, octets.reel()?, 0.0]);
    }
    if hauteur {
        // The range of heights, then the heights.
        octets.saute(16)?;
        for point in &mut points {
            point[2] = octets.reel()?;
        }
    }
    Ok(points)
}

struct Octets<'a>(&'a [u8]);

impl Octets<'_> {
    fn prend<const N: usize>(&mut self) -> Result<[u8; N], Cause> {
        let (tete, reste) = self.0.split_first_chunk::<N>().ok_or(Cause::Geometrie("elle est incomplète"))?;
        self.0 = reste;
        Ok(*tete)
    }

    fn entier(&mut self) -> Result<u32, Cause> {
        self.prend().map(u32::from_le_bytes)
    }

    fn reel(&mut self) -> Result<f64, Cause> {
        self.prend().map(f64::from_le_bytes)
    }

    fn saute(&mut self, octets: usize) -> Result<(), Cause> {
        self.0 = self.0.get(octets..).ok_or(Cause::Geometrie("elle est incomplète"))?;
        Ok(())
    }

    /// A count of things so wide, which the bytes that remain must be able to hold.
    fn compte(&mut self, largeur: usize) -> Result<usize, Cause> {
        let compte = self.entier()? as usize;
        if compte > self.0.len() / largeur { Err(Cause::Geometrie("elle est incomplète")) } else { Ok(compte) }
    }
}
