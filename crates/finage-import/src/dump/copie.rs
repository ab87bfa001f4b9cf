//! The text format of `COPY`: tabulations between values, `\N` for null, escapes with a backslash.

/// The values of a line; `None` is null.
pub(super) fn valeurs(ligne: &[u8]) -> impl Iterator<Item = Option<Vec<u8>>> {
    ligne.split(|octet| *octet == b'\t').map(|valeur| if valeur == br"\N" { None } else { Some(decode(valeur)) })
}

fn decode(mut valeur: &[u8]) -> Vec<u8> {
    let mut texte = Vec::with_capacity(valeur.len());
    while let Some(at) = memchr::memchr(b'\\', valeur) {
        let (avant, suite) = valeur.split_at(at);
        texte.extend(avant);
        valeur = suite;
        echappement(&mut valeur, &mut texte);
    }
    texte.extend(valeur);
    texte
}

/// Reads the escape at the head of the bytes, and leaves them behind it.
pub(super) fn echappement(octets: &mut &[u8], texte: &mut Vec<u8>) {
    let Some((&lettre, reste)) = octets.get(1..).and_then(<[u8]>::split_first) else {
        texte.extend(*octets);
        *octets = &[];
        return;
    };
    *octets = reste;
    let (base, max) = match lettre {
        b'b' => return texte.push(8),
        b'f' => return texte.push(12),
        b'n' => return texte.push(b'\n'),
        b'r' => return texte.push(b'\r'),
        b't' => return texte.push(b'\t'),
        b'v' => return texte.push(11),
        b'x' => (16, 2),
        b'0'..=b'7' => (8, 2),
        _ => return texte.push(lettre),
    };
    let chiffre = |octet: &u8| char::from(*octet).to_digit(base);
    let premier = if base == 8 { u32::from(lettre - b'0') } else { 0 };
    let chiffres = octets.iter().map_while(chiffre).take(max);
    let (code, lus) = chiffres.fold((premier, 0), |(code, lus), chiffre| (code * base + chiffre, lus + 1));
    *octets = octets.get(lus..).unwrap_or_default();
    if base == 16 && lus == 0 {
        texte.push(lettre);
    } else {
        // Three octal digits may exceed a byte: PostgreSQL keeps its low bits.
        texte.push(code.to_le_bytes()[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_copy() {
        let lues: Vec<Option<Vec<u8>>> = valeurs(br"a\tb	\N	\\N	\x41\101\.	\q	").collect();
        let texte = |texte: &str| Some(texte.as_bytes().to_vec());
        assert_eq!(lues, [texte("a\tb"), None, texte("\\N"), texte("AA."), texte("q"), texte("")]);
        assert_eq!(decode(b"a\\"), b"a\\");
    }
}
