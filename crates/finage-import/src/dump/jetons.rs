//! The words of a statement: names, texts, numbers, signs.

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Jeton {
    /// A name, in lower case unless it was quoted; whether it was.
    Nom(String, bool),
    /// A text, without its marks; as bytes, for its encoding is the file's.
    Chaine(Vec<u8>),
    /// A number, without sign.
    Nombre(String),
    /// Any other byte.
    Signe(u8),
}

impl Jeton {
    pub(super) fn est(&self, mot: &str) -> bool {
        matches!(self, Self::Nom(nom, false) if nom == mot)
    }
}

/// Words, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Jetons<'a>(pub(super) &'a [u8]);

impl Iterator for Jetons<'_> {
    type Item = Jeton;

    fn next(&mut self) -> Option<Jeton> {
        self.0 = self.0.trim_ascii_start();
        let (&octet, reste) = self.0.split_first()?;
        Some(match octet {
            b'\'' => Jeton::Chaine(self.chaine(1, false)),
            b'e' | b'E' if reste.first() == Some(&b'\'') => Jeton::Chaine(self.chaine(2, true)),
            b'"' => Jeton::Nom(String::from_utf8_lossy(&self.entre(b'"')).into_owned(), true),
            b'0'..=b'9' | b'.' if octet != b'.' || reste.first().is_some_and(u8::is_ascii_digit) => self.nombre(),
            _ if octet.is_ascii_alphabetic() || octet == b'_' || !octet.is_ascii() => {
                let de_nom = |octet: &&u8| octet.is_ascii_alphanumeric() || b"_$".contains(octet) || !octet.is_ascii();
                let nom = String::from_utf8_lossy(self.jusque(self.0.iter().take_while(de_nom).count())).into_owned();
                Jeton::Nom(nom.to_lowercase(), false)
            }
            _ => {
                self.0 = reste;
                Jeton::Signe(octet)
            }
        })
    }
}

impl<'a> Jetons<'a> {
    fn jusque(&mut self, octets: usize) -> &'a [u8] {
        let (pris, reste) = self.0.split_at_checked(octets).unwrap_or((self.0, &[]));
        self.0 = reste;
        pris
    }

    fn nombre(&mut self) -> Jeton {
        let mut avant = 0;
        let du_nombre = |octet: &&u8| {
            let bien =
                octet.is_ascii_digit() || b".eE".contains(octet) || b"+-".contains(octet) && b"eE".contains(&avant);
            avant = **octet;
            bien
        };
        let compte = self.0.iter().take_while(du_nombre).count();
        Jeton::Nombre(String::from_utf8_lossy(self.jusque(compte)).into_owned())
    }

    fn chaine(&mut self, marque: usize, echappe: bool) -> Vec<u8> {
        self.jusque(marque - 1);
        if !echappe {
            return self.entre(b'\'');
        }
        self.jusque(1);
        let mut texte = Vec::new();
        loop {
            let morceau = self.0.iter().take_while(|octet| !b"'\\".contains(octet)).count();
            texte.extend(self.jusque(morceau));
            match (self.0.first(), self.0.get(1)) {
                (Some(b'\\'), Some(_)) => super::copie::echappement(&mut self.0, &mut texte),
                (Some(b'\''), Some(b'\'')) => {
                    self.jusque(2);
                    texte.push(b'\'');
                }
                _ => {
                    self.jusque(1);
                    return texte;
                }
            }
        }
    }

    /// What stands between two marks, marks twice made one.
    fn entre(&mut self, marque: u8) -> Vec<u8> {
        let mut texte = Vec::new();
        loop {
            self.jusque(1);
            let morceau = self.0.iter().take_while(|octet| **octet != marque).count();
            texte.extend(self.jusque(morceau));
            self.jusque(1);
            if self.0.first() != Some(&marque) {
                return texte;
            }
            texte.push(marque);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_postgresql() {
        let jetons: Vec<Jeton> =
            Jetons(br#"insert INTO "a""B" (-1.5e+3, 'l''eau', E'\n\'\\', NULL, 'x'::t)"#).collect();
        let nom = |nom: &str| Jeton::Nom(nom.to_owned(), false);
        let chaine = |texte: &str| Jeton::Chaine(texte.as_bytes().to_vec());
        let signe = Jeton::Signe;
        assert_eq!(
            jetons,
            [
                nom("insert"),
                nom("into"),
                Jeton::Nom("a\"B".into(), true),
                signe(b'('),
                signe(b'-'),
                Jeton::Nombre("1.5e+3".into()),
                signe(b','),
                chaine("l'eau"),
                signe(b','),
                chaine("\n'\\"),
                signe(b','),
                nom("null"),
                signe(b','),
                chaine("x"),
                signe(b':'),
                signe(b':'),
                nom("t"),
                signe(b')'),
            ]
        );
        assert_eq!(Jetons(b"'").count(), 1);
        assert_eq!(Jetons(b"E'\\").count(), 1);
    }
}
