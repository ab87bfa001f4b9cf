//! Geometries in binary: what is read becomes EWKB, little endian, checked to its last byte.

use crate::error::Cause;

const Z: u32 = 0x8000_0000;
const M: u32 = 0x4000_0000;
const SRID: u32 = 0x2000_0000;
/// Collections within collections.
const MAX_PROFONDEUR: usize = 8;

/// The EWKB of a WKB or an EWKB, in either byte order; `srid` when the bytes don't say one. A measure (M) is left out.
///
/// # Errors
/// Bytes that are no geometry of points, lines and surfaces, or with a coordinate that is not finite.
pub fn ewkb(octets: &[u8], srid: Option<u32>) -> Result<Vec<u8>, Cause> {
    let mut lecteur = Lecteur { reste: octets };
    let mut ecrivain = Ecrivain::default();
    lecteur.geometrie(&mut ecrivain, srid, true, 0)?;
    if lecteur.reste.is_empty() { Ok(ecrivain.0) } else { Err(Cause::Geometrie("des octets la suivent")) }
}

/// Writes EWKB, little endian.
#[derive(Debug, Default)]
pub(crate) struct Ecrivain(pub(crate) Vec<u8>);

impl Ecrivain {
    /// Opens a geometry of this kind (1 to 7).
    pub(crate) fn ouvre(&mut self, genre: u32, hauteur: bool, srid: Option<u32>) {
        self.0.push(1);
        let marques = if hauteur { Z } else { 0 } | if srid.is_some() { SRID } else { 0 };
        self.nombre(genre | marques);
        if let Some(srid) = srid {
            self.nombre(srid);
        }
    }

    pub(crate) fn nombre(&mut self, nombre: u32) {
        self.0.extend(nombre.to_le_bytes());
    }

    pub(crate) fn compte(&mut self, compte: usize) -> Result<(), Cause> {
        self.nombre(u32::try_from(compte).map_err(|_| Cause::Geometrie("elle a trop de sommets"))?);
        Ok(())
    }

    pub(crate) fn position(&mut self, xyz: [f64; 3], hauteur: bool) -> Result<(), Cause> {
        let ecrites = if hauteur { &xyz[..] } else { &xyz[..2] };
        if !ecrites.iter().all(|valeur| valeur.is_finite()) {
            return Err(Cause::Geometrie("une coordonnée n'est pas un nombre"));
        }
        self.0.extend(ecrites.iter().flat_map(|valeur| valeur.to_le_bytes()));
        Ok(())
    }
}

struct Lecteur<'a> {
    reste: &'a [u8],
}

#[derive(Clone, Copy)]
struct Tete {
    gros: bool,
    genre: u32,
    z: bool,
    m: bool,
}

impl Lecteur<'_> {
    fn prend<const N: usize>(&mut self) -> Result<[u8; N], Cause> {
        let (tete, reste) = self.reste.split_first_chunk::<N>().ok_or(Cause::Geometrie("elle est incomplète"))?;
        self.reste = reste;
        Ok(*tete)
    }

    fn u32(&mut self, gros: bool) -> Result<u32, Cause> {
        let octets = self.prend()?;
        Ok(if gros { u32::from_be_bytes(octets) } else { u32::from_le_bytes(octets) })
    }

    fn f64(&mut self, gros: bool) -> Result<f64, Cause> {
        let octets = self.prend()?;
        Ok(if gros { f64::from_be_bytes(octets) } else { f64::from_le_bytes(octets) })
    }

    fn geometrie(&mut self, out: &mut Ecrivain, srid: Option<u32>, tete: bool, niveau: usize) -> Result<(), Cause> {
        if niveau > MAX_PROFONDEUR {
            return Err(Cause::Geometrie("elle est trop imbriquée"));
        }
        let [ordre] = self.prend()?;
        let gros = match ordre {
            0 => true,
            1 => false,
            _ => return Err(Cause::Geometrie("ce n'est pas du WKB")),
        };
        let code = self.u32(gros)?;
        let srid = if code & SRID == 0 { srid } else { Some(self.u32(gros)?).filter(|srid| *srid > 0) };
        let iso = code & !(Z | M | SRID);
        let tete_lue = Tete {
            gros,
            genre: iso % 1000,
            z: code & Z != 0 || matches!(iso / 1000, 1 | 3),
            m: code & M != 0 || matches!(iso / 1000, 2 | 3),
        };
        if !(1..=7).contains(&tete_lue.genre) || iso / 1000 > 3 {
            return Err(Cause::Geometrie("seuls les points, les lignes et les surfaces sont lus"));
        }
        out.ouvre(tete_lue.genre, tete_lue.z, srid.filter(|_| tete));
        match tete_lue.genre {
            1 => self.positions(out, tete_lue, 1),
            2 => {
                let points = self.compte(out, gros, 16)?;
                if points == 1 {
                    return Err(Cause::Geometrie("une ligne n'a qu'un sommet"));
                }
                self.positions(out, tete_lue, points)
            }
            3 => {
                let anneaux = self.compte(out, gros, 4)?;
                (0..anneaux).try_for_each(|_| self.anneau(out, tete_lue))
            }
            _ => {
                let parts = self.compte(out, gros, 5)?;
                (0..parts).try_for_each(|_| self.geometrie(out, None, false, niveau + 1))
            }
        }
    }

    fn suite(&mut self, out: &mut Ecrivain, tete: Tete) -> Result<(), Cause> {
        let points = self.compte(out, tete.gros, 16)?;
        self.positions(out, tete, points)
    }

    fn anneau(&mut self, out: &mut Ecrivain, tete: Tete) -> Result<(), Cause> {
        let debut = out.0.len();
        self.suite(out, tete)?;
        ferme(out.0.get(debut + 4..).unwrap_or_default(), if tete.z { 24 } else { 16 })
    }

    /// A count, which the bytes that remain must be able to hold.
    fn compte(&mut self, out: &mut Ecrivain, gros: bool, octets: usize) -> Result<u32, Cause> {
        let compte = self.u32(gros)?;
        if compte as usize > self.reste.len() / octets {
            return Err(Cause::Geometrie("elle est incomplète"));
        }
        out.nombre(compte);
        Ok(compte)
    }

    fn positions(&mut self, out: &mut Ecrivain, tete: Tete, points: u32) -> Result<(), Cause> {
        for _ in 0..points {
            let (x, y) = (self.f64(tete.gros)?, self.f64(tete.gros)?);
            let z = if tete.z { self.f64(tete.gros)? } else { 0.0 };
            if tete.m {
                self.f64(tete.gros)?;
            }
            // POINT EMPTY is a point of « not a number » in WKB; nothing else may be.
            if tete.genre == 1 && x.is_nan() && y.is_nan() {
                return Err(Cause::Geometrie("le point est vide"));
            }
            out.position([x, y, z], tete.z)?;
        }
        Ok(())
    }
}

/// Checks that a ring, as it was written, ends where it began.
pub(crate) fn ferme(anneau: &[u8], position: usize) -> Result<(), Cause> {
    let (premiere, derniere) =
        (anneau.get(..position), anneau.len().checked_sub(position).and_then(|at| anneau.get(at..)));
    let bien =
        anneau.is_empty() || anneau.len() >= 4 * position && premiere.map(|p| &p[..16]) == derniere.map(|p| &p[..16]);
    if bien { Ok(()) } else { Err(Cause::Geometrie("un contour n'est pas fermé")) }
}

/// The bytes of a text in hexadecimal.
pub(crate) fn hexadecimal(texte: &[u8]) -> Option<Vec<u8>> {
    let chiffre = |octet: u8| char::from(octet).to_digit(16).and_then(|chiffre| u8::try_from(chiffre).ok());
    let (paires, []) = texte.as_chunks::<2>() else { return None };
    paires.iter().map(|[a, b]| Some(chiffre(*a)? << 4 | chiffre(*b)?)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_orders_and_both_standards_become_one() {
        let gros = hexadecimal(b"00000003E93FF000000000000040000000000000004008000000000000").unwrap();
        let attendu = hexadecimal(b"01010000A06A080000000000000000F03F00000000000000400000000000000840").unwrap();
        assert_eq!(ewkb(&gros, Some(2154)).unwrap(), attendu);
        assert_eq!(ewkb(&attendu, Some(4326)).unwrap(), attendu, "the bytes' own system wins");
        assert!(ewkb(&attendu[..20], None).is_err());
        let profonde: Vec<u8> = std::iter::repeat_n([1, 7, 0, 0, 0, 1, 0, 0, 0], 100_000).flatten().collect();
        assert!(matches!(ewkb(&profonde, None), Err(Cause::Geometrie(_))));
        assert!(ewkb(&[1, 2, 0, 0, 0, 255, 255, 255, 255], None).is_err(), "a count that no byte follows");
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_stable(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(lue) = ewkb(&octets, Some(2154)) {
                prop_assert_eq!(ewkb(&lue, None).unwrap(), lue);
            }
        }
    }
}
