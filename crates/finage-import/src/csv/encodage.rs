//! Which encoding a text is in, and the text in UTF-8.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{Cause, ImportError};
use crate::options::Encodage;

/// Reads the whole text: the first accent may come late. What is not UTF-8 is Windows-1252.
pub(crate) fn devine(mut flux: impl BufRead) -> Result<Encodage, ImportError> {
    let tete = flux.fill_buf()?;
    if tete.starts_with(&[0xff, 0xfe]) {
        return Ok(Encodage::Utf16Le);
    }
    if tete.starts_with(&[0xfe, 0xff]) {
        return Ok(Encodage::Utf16Be);
    }
    // Without mark, Latin letters in UTF-16 have a null byte in two.
    let nuls = |pair: usize| tete.iter().skip(pair).step_by(2).filter(|octet| **octet == 0).count();
    let moitie = tete.len().min(4_096) / 4;
    match (nuls(0), nuls(1)) {
        (0, 0) => {}
        (gros, petit) if petit > moitie && gros <= petit / 8 => return Ok(Encodage::Utf16Le),
        (gros, petit) if gros > moitie && petit <= gros / 8 => return Ok(Encodage::Utf16Be),
        _ => return Err(Cause::Format("ce fichier n'est pas un texte").into()),
    }
    let (mut reste, mut utf8) = (Vec::new(), true);
    loop {
        let tampon = flux.fill_buf()?;
        if tampon.is_empty() {
            let utf8 = utf8 && reste.is_empty();
            return Ok(if utf8 { Encodage::Utf8 } else { Encodage::Windows1252 });
        }
        if memchr::memchr(0, tampon).is_some() {
            return Err(Cause::Format("ce fichier n'est pas un texte").into());
        }
        if utf8 {
            utf8 = suit(&mut reste, tampon);
        }
        let lus = tampon.len();
        flux.consume(lus);
    }
}

/// Whether these bytes go on with UTF-8; `reste` carries a character over from one buffer to the next.
fn suit(reste: &mut Vec<u8>, tampon: &[u8]) -> bool {
    let mut suite = tampon;
    while !reste.is_empty() {
        match std::str::from_utf8(reste) {
            Ok(_) => reste.clear(),
            Err(erreur) if erreur.error_len().is_some() => return false,
            Err(_) => {
                let Some((octet, apres)) = suite.split_first() else { return true };
                reste.push(*octet);
                suite = apres;
            }
        }
    }
    match std::str::from_utf8(suite) {
        Ok(_) => true,
        Err(erreur) if erreur.error_len().is_some() => false,
        Err(erreur) => {
            reste.extend(suite.get(erreur.valid_up_to()..).unwrap_or_default());
            true
        }
    }
}

/// A text in UTF-8, without its mark.
pub(crate) struct Decodeur<R> {
    flux: R,
    /// Nothing to decode in UTF-8: its reader checks what it takes.
    vers_utf8: Option<Decoder>,
    brut: Vec<u8>,
    texte: Vec<u8>,
    rendu: usize,
    debut: bool,
    fini: bool,
}

impl<R: Read> Decodeur<R> {
    pub(crate) fn new(flux: R, encodage: Encodage) -> Self {
        let encodage = match encodage {
            Encodage::Utf8 => None,
            Encodage::Windows1252 => Some(WINDOWS_1252),
            Encodage::Utf16Le => Some(UTF_16LE),
            Encodage::Utf16Be => Some(UTF_16BE),
        };
        Self {
            flux,
            vers_utf8: encodage.map(encoding_rs::Encoding::new_decoder_with_bom_removal),
            brut: vec![0; 1 << 15],
            texte: Vec::new(),
            rendu: 0,
            debut: true,
            fini: false,
        }
    }

    /// Decodes one more buffer.
    fn remplit(&mut self) -> io::Result<()> {
        let lus = self.flux.read(&mut self.brut)?;
        self.fini = lus == 0;
        let brut = self.brut.get(..lus).unwrap_or_default();
        self.rendu = 0;
        let Some(decodeur) = &mut self.vers_utf8 else {
            self.texte.clear();
            self.texte.extend(brut);
            return Ok(());
        };
        let taille = decodeur.max_utf8_buffer_length(lus).unwrap_or(lus * 4 + 16);
        self.texte.resize(taille, 0);
        let (etat, _, ecrits, _) = decodeur.decode_to_utf8(brut, &mut self.texte, self.fini);
        self.texte.truncate(ecrits);
        if etat == CoderResult::OutputFull {
            return Err(io::Error::other("le texte ne peut être décodé"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Decodeur<R> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        if self.debut {
            self.debut = false;
            if self.vers_utf8.is_none() {
                // The mark is three bytes that a first read may cut.
                let mut marque = Vec::new();
                self.flux.by_ref().take(3).read_to_end(&mut marque)?;
                if marque != [0xef, 0xbb, 0xbf] {
                    self.texte = marque;
                }
            }
        }
        while self.rendu == self.texte.len() {
            if self.fini {
                return Ok(0);
            }
            if self.vers_utf8.is_none() && tampon.len() >= self.brut.len() {
                return self.flux.read(tampon);
            }
            self.remplit()?;
        }
        let reste = self.texte.get(self.rendu..).unwrap_or_default();
        let lus = reste.len().min(tampon.len());
        if let (Some(place), Some(texte)) = (tampon.get_mut(..lus), reste.get(..lus)) {
            place.copy_from_slice(texte);
        }
        self.rendu += lus;
        Ok(lus)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lu(octets: &[u8]) -> (Encodage, String) {
        // Buffers of seven bytes cut characters.
        let encodage = devine(io::BufReader::with_capacity(7, octets)).unwrap();
        let mut texte = String::new();
        Decodeur::new(octets, encodage).read_to_string(&mut texte).unwrap();
        (encodage, texte)
    }

    #[test]
    fn encodings_are_guessed_from_the_whole_text() {
        let tard = format!("{}é", "a".repeat(100_000));
        assert_eq!(lu(tard.as_bytes()), (Encodage::Utf8, tard.clone()));
        let mut latin = tard.replace('é', "").into_bytes();
        latin.extend([0xe9, 0x80]);
        assert_eq!(lu(&latin), (Encodage::Windows1252, format!("{tard}€")));
        assert_eq!(lu(b"\xef\xbb\xbfa"), (Encodage::Utf8, "a".to_owned()));
        assert_eq!(lu(b"\xff\xfea\0\xe9\0"), (Encodage::Utf16Le, "aé".to_owned()));
        assert_eq!(lu(b"\xfe\xff\0a"), (Encodage::Utf16Be, "a".to_owned()));
        let sans: Vec<u8> = "nom;prénom\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(devine(&sans[..]).unwrap(), Encodage::Utf16Le);
        assert!(devine(&b"a\0\0\0b"[..]).is_err());
        assert_eq!(lu("é".as_bytes().get(..1).unwrap()).0, Encodage::Windows1252);
    }

    proptest! {
        #[test]
        fn utf8_is_itself(texte in "[^\0\u{feff}]{0,40}") {
            prop_assume!(!texte.starts_with('\u{feff}'));
            prop_assert_eq!(lu(texte.as_bytes()), (Encodage::Utf8, texte));
        }
    }
}
