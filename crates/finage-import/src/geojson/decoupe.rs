//! Cuts a FeatureCollection into its objects, without keeping more than one.

use std::io::BufRead;

use crate::error::{Cause, ImportError};

const QUOI: &str = "le GeoJSON";
/// Bytes of a member beside « features »: a system, a name, a box.
const MAX_MEMBRE: usize = 1 << 20;

/// Objects, one after the other.
pub(super) struct Objets<R> {
    flux: R,
    etat: Etat,
    tampon: Vec<u8>,
    max: usize,
    collection: bool,
    /// The member « crs », once it was met.
    pub(super) crs: Option<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Etat {
    Debut,
    /// Among the members; whether one was already read.
    Membres(bool),
    /// Within « features »; whether one was already read.
    Objets(bool),
    Fin,
}

impl<R: BufRead> Objets<R> {
    pub(super) fn new(flux: R, max: usize) -> Self {
        Self { flux, etat: Etat::Debut, tampon: Vec::new(), max, collection: false, crs: None }
    }

    /// The bytes of the next object.
    pub(super) fn suivant(&mut self) -> Result<Option<&[u8]>, ImportError> {
        loop {
            match self.etat {
                Etat::Debut => {
                    if self.voit()? == Some(0xef) {
                        let marque = self.flux.fill_buf()?.len().min(3);
                        self.flux.consume(marque);
                    }
                    self.attend(b'{')?;
                    self.etat = Etat::Membres(false);
                }
                Etat::Membres(suite) => {
                    if self.voit()? == Some(b'}') {
                        self.flux.consume(1);
                        self.etat = Etat::Fin;
                        continue;
                    }
                    if suite {
                        self.attend(b',')?;
                    }
                    self.membre()?;
                }
                Etat::Objets(suite) => {
                    if self.voit()? == Some(b']') {
                        self.flux.consume(1);
                        self.etat = Etat::Membres(true);
                        continue;
                    }
                    if suite {
                        self.attend(b',')?;
                    }
                    self.etat = Etat::Objets(true);
                    self.valeur(self.max)?;
                    return Ok(Some(&self.tampon));
                }
                Etat::Fin => {
                    if self.voit()?.is_some() {
                        return Err(Cause::illisible(QUOI, "des octets suivent sa fin").into());
                    }
                    let bonne = self.collection;
                    return if bonne { Ok(None) } else { Err(pas_une_collection()) };
                }
            }
        }
    }

    fn membre(&mut self) -> Result<(), ImportError> {
        self.etat = Etat::Membres(true);
        self.valeur(MAX_MEMBRE)?;
        let cle: String = serde_json::from_slice(&self.tampon).map_err(|_| Cause::abime(QUOI))?;
        self.attend(b':')?;
        if cle == "features" {
            self.attend(b'[')?;
            self.etat = Etat::Objets(false);
            return Ok(());
        }
        self.valeur(MAX_MEMBRE)?;
        match cle.as_str() {
            "type" if self.tampon == b"\"FeatureCollection\"" => self.collection = true,
            "type" => return Err(pas_une_collection()),
            "crs" if self.tampon != b"null" => self.crs = Some(self.tampon.clone()),
            _ => {}
        }
        Ok(())
    }

    /// The next byte that is no blank, left in place.
    fn voit(&mut self) -> Result<Option<u8>, ImportError> {
        loop {
            let tampon = self.flux.fill_buf()?;
            if tampon.is_empty() {
                return Ok(None);
            }
            let blancs = tampon.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
            let premier = tampon.get(blancs).copied();
            self.flux.consume(blancs);
            if premier.is_some() {
                return Ok(premier);
            }
        }
    }

    fn attend(&mut self, voulu: u8) -> Result<(), ImportError> {
        match self.voit()? {
            Some(octet) if octet == voulu => {
                self.flux.consume(1);
                Ok(())
            }
            Some(_) => Err(Cause::illisible(QUOI, format!("« {} » y manque", char::from(voulu))).into()),
            None => Err(Cause::Tronque(QUOI).into()),
        }
    }

    /// Puts the next value, whole, in the buffer.
    fn valeur(&mut self, max: usize) -> Result<(), ImportError> {
        self.voit()?;
        self.tampon.clear();
        let mut coupe = Coupe::default();
        loop {
            let tampon = self.flux.fill_buf()?;
            if tampon.is_empty() {
                return Err(Cause::Tronque(QUOI).into());
            }
            let pris = coupe.avance(tampon);
            self.tampon.extend(tampon.get(..pris).unwrap_or_default());
            self.flux.consume(pris);
            if coupe.finie {
                return Ok(());
            }
            if self.tampon.len() > max {
                return Err(Cause::TropGros { quoi: "un objet", limite: max as u64 }.into());
            }
        }
    }
}

fn pas_une_collection() -> ImportError {
    Cause::Format("ce JSON n'est pas un GeoJSON (FeatureCollection)").into()
}

/// Where a value ends.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "what a reader of bytes must remember: they combine freely")]
struct Coupe {
    profondeur: usize,
    chaine: bool,
    echappe: bool,
    commence: bool,
    finie: bool,
}

impl Coupe {
    /// How many of these bytes are the value's.
    fn avance(&mut self, octets: &[u8]) -> usize {
        for (rang, octet) in octets.iter().enumerate() {
            if self.chaine {
                match octet {
                    _ if self.echappe => self.echappe = false,
                    b'\\' => self.echappe = true,
                    b'"' => {
                        self.chaine = false;
                        self.finie = self.profondeur == 0;
                    }
                    _ => {}
                }
            } else {
                match octet {
                    b'"' => self.chaine = true,
                    b'{' | b'[' => self.profondeur += 1,
                    // The end of what is around ends a number or a word.
                    b'}' | b']' | b',' | b':' if self.profondeur == 0 => {
                        self.finie = true;
                        return rang;
                    }
                    b'}' | b']' => {
                        self.profondeur -= 1;
                        self.finie = self.profondeur == 0;
                    }
                    _ if self.profondeur == 0 && self.commence && octet.is_ascii_whitespace() => {
                        self.finie = true;
                        return rang;
                    }
                    _ => {}
                }
            }
            self.commence = true;
            if self.finie {
                return rang + 1;
            }
        }
        octets.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objets(texte: &str) -> Result<Vec<String>, ImportError> {
        // Three bytes at a time: cuts fall anywhere.
        let mut objets = Objets::new(std::io::BufReader::with_capacity(3, texte.as_bytes()), 100);
        let mut lus = Vec::new();
        while let Some(octets) = objets.suivant()? {
            lus.push(String::from_utf8_lossy(octets).into_owned());
        }
        Ok(lus)
    }

    #[test]
    fn objects_are_cut_where_they_end() {
        let lus = objets(
            r#" { "bbox" : [1,[2]], "n":null , "features":[ {"a":"}]\"" }, {"b":[{}]} ], "type":"FeatureCollection" } "#,
        );
        assert_eq!(lus.unwrap(), [r#"{"a":"}]\"" }"#, r#"{"b":[{}]}"#]);
        assert_eq!(objets(r#"{"type":"FeatureCollection","features":[]}"#).unwrap().len(), 0);
        for faux in [
            "{",
            "[]",
            "",
            r#"{"type":"Feature"}"#,
            r#"{"features":[]}"#,
            r#"{"type":"FeatureCollection","features":[{}"#,
            r#"{"type":"FeatureCollection","features":[{}{}]}"#,
            r#"{"type":"FeatureCollection"} x"#,
            &format!(r#"{{"features":[{}"#, "[".repeat(10_000)),
        ] {
            assert!(objets(faux).is_err(), "{faux}");
        }
    }
}
