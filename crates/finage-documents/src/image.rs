//! Pictures: what their first bytes say, before a decoder opens them.

/// Sides of a picture, in pixels: a scan of an A3 page at 600 dpi is below.
const COTE_MAX: u32 = 10_000;
/// Pixels of a picture.
const PIXELS_MAX: u64 = 40_000_000;

/// A PNG or JPEG of a size that can be decoded; else why not, as the end of a sentence.
pub(crate) fn matricielle(octets: &[u8]) -> Result<(), &'static str> {
    let (largeur, hauteur) = png(octets).or_else(|| jpeg(octets)).ok_or("n’est pas une image PNG ou JPEG.")?;
    let pixels = u64::from(largeur) * u64::from(hauteur);
    if largeur == 0 || hauteur == 0 || largeur > COTE_MAX || hauteur > COTE_MAX || pixels > PIXELS_MAX {
        return Err("est une image de dimensions excessives.");
    }
    Ok(())
}

/// A drawing (SVG) that names no other file: each name would take a place in the engine's table of paths (see `noms`).
pub(crate) fn vectorielle(octets: &[u8]) -> Result<(), &'static str> {
    let texte = std::str::from_utf8(octets).map_err(|_| "n’est pas un dessin SVG en UTF-8.")?.to_ascii_lowercase();
    if ["<image", ":image", "feimage", "<!entity"].iter().any(|refuse| texte.contains(refuse)) {
        return Err("est un dessin SVG qui contient une image ou une entité : enregistrez-le en tracés seuls.");
    }
    Ok(())
}

/// Width and height in the header of a PNG.
fn png(octets: &[u8]) -> Option<(u32, u32)> {
    let reste = octets.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    if reste.get(4..8)? != b"IHDR" {
        return None;
    }
    let nombre = |debut: usize| Some(u32::from_be_bytes(reste.get(debut..debut + 4)?.try_into().ok()?));
    Some((nombre(8)?, nombre(12)?))
}

/// Width and height in the frame header of a JPEG (markers SOF0 to SOF15).
fn jpeg(octets: &[u8]) -> Option<(u32, u32)> {
    let mut reste = octets.strip_prefix(b"\xff\xd8")?;
    loop {
        let &[0xff, marqueur, haut, bas, ..] = reste else { return None };
        let longueur = usize::from(u16::from_be_bytes([haut, bas]));
        // SOF markers, without the tables (DHT, JPG, DAC) that lie among them.
        if matches!(marqueur, 0xc0..=0xcf) && !matches!(marqueur, 0xc4 | 0xc8 | 0xcc) {
            let cote =
                |debut: usize| Some(u32::from(u16::from_be_bytes(reste.get(debut..debut + 2)?.try_into().ok()?)));
            return Some((cote(7)?, cote(5)?));
        }
        reste = reste.get(2 + longueur.max(2)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_a_fair_size_pass() {
        let png = |largeur: u32, hauteur: u32| {
            let mut octets = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
            octets.extend(largeur.to_be_bytes());
            octets.extend(hauteur.to_be_bytes());
            octets
        };
        assert_eq!(matricielle(&png(300, 200)), Ok(()));
        assert!(matricielle(&png(0, 200)).is_err());
        assert!(matricielle(&png(9_000, 9_000)).is_err());
        assert!(matricielle(b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_err());
        assert!(matricielle(b"\xff\xd8\xff").is_err());
        assert_eq!(vectorielle(b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>"), Ok(()));
        assert!(vectorielle(b"<svg><IMAGE href='a.png'/></svg>").is_err());
        assert!(vectorielle(b"<s:svg><s:image/></s:svg>").is_err());
        assert!(vectorielle(b"\x1f\x8b\x08").is_err());
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x20\0\x40\x01\x01\x11\0";
        assert_eq!(matricielle(jpeg), Ok(()));
        assert_eq!(super::jpeg(jpeg), Some((64, 32)));
    }
}
