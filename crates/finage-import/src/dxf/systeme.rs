//! The system of a drawing, by where its coordinates fall: the legal systems of metropolitan France do not overlap there.

use crate::error::{Cause, ImportError};

/// Below this, metres from an origin that the draughtsman chose: no legal system has its places there.
const LOCAL: f64 = 90_000.0;

/// The EPSG code of points; none when they fall in no system of metropolitan France, and whoever imports must be asked.
///
/// # Errors
/// A drawing in local coordinates.
pub(super) fn devine<'a>(points: impl Iterator<Item = &'a (f64, f64)>) -> Result<Option<u32>, ImportError> {
    let mut systemes: Option<Option<u32>> = None;
    for (x, y) in points {
        if x.abs() < LOCAL && y.abs() < LOCAL {
            return Err(Cause::Local.into());
        }
        let ici = systeme(*x, *y);
        match systemes {
            None => systemes = Some(ici),
            Some(connu) if connu != ici => return Ok(None),
            Some(_) => {}
        }
    }
    Ok(systemes.flatten())
}

fn systeme(x: f64, y: f64) -> Option<u32> {
    // Lambert-93, Corsica included (décret n° 2000-1276).
    if (80_000.0..1_260_000.0).contains(&x) && (6_000_000.0..7_150_000.0).contains(&y) {
        return Some(2154);
    }
    // CC42 to CC50: false northing of N million two hundred thousand at the central parallel, false easting of 1,700,000.
    let zone = ((y - 200_000.0) / 1_000_000.0).round();
    let ecart = (y - 200_000.0 - zone * 1_000_000.0).abs();
    if (1_000_000.0..2_400_000.0).contains(&x) && (1.0..=9.0).contains(&zone) && ecart < 180_000.0 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 9")]
        let zone = zone as u32;
        return Some(3941 + zone);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_told_by_their_places() {
        let devine = |x: f64, y: f64| devine([(x, y)].iter());
        assert_eq!(devine(843_000.0, 6_519_000.0).unwrap(), Some(2154));
        assert_eq!(devine(1_179_000.0, 6_105_000.0).unwrap(), Some(2154), "Bastia");
        assert_eq!(devine(1_843_000.0, 5_176_000.0).unwrap(), Some(3946));
        assert_eq!(devine(1_654_000.0, 8_178_000.0).unwrap(), Some(3949));
        assert_eq!(devine(1_700_000.0, 1_200_000.0).unwrap(), Some(3942));
        assert_eq!(devine(340_000.0, 7_690_000.0).unwrap(), None, "La Réunion, or anything");
        assert!(devine(12.0, 40.0).is_err());
    }
}
