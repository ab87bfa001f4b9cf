//! CSV: its encoding and separator guessed, its records bounded while they are read.

mod encodage;
mod separateur;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

pub(crate) use encodage::{Decodeur, devine as devine_encodage};

use crate::classeur::{Brutes, Source};
use crate::error::{Cause, ImportError};
use crate::options::Encodage;
use crate::{Cellule, Ligne, Limites, Options};

/// Characters that `finage-export` hides behind an apostrophe at the head of a cell, lest a spreadsheet run it.
const FORMULES: [u8; 7] = *b"=+-@\t\r\n";

/// A CSV file.
#[derive(Debug)]
pub(crate) struct Csv {
    path: PathBuf,
    encodage: Encodage,
    separateur: u8,
    limites: Limites,
}

impl Csv {
    pub(crate) fn ouvrir(path: &Path, options: &Options) -> Result<Self, ImportError> {
        let encodage = match options.encodage {
            Some(encodage) => encodage,
            None => devine_encodage(BufReader::new(File::open(path)?))?,
        };
        let separateur = match options.separateur {
            Some(separateur) => separateur,
            None => separateur::devine(Decodeur::new(File::open(path)?, encodage))?,
        };
        Ok(Self { path: path.to_owned(), encodage, separateur, limites: options.limites.clone() })
    }
}

impl Source for Csv {
    fn lignes(&self, _feuille: usize) -> Result<Brutes, ImportError> {
        let flux = Decodeur::new(File::open(&self.path)?, self.encodage);
        Ok(Box::new(Enregistrements::new(BufReader::with_capacity(1 << 16, flux), self.separateur, &self.limites)))
    }
}

/// Records, one after the other.
struct Enregistrements<R> {
    flux: R,
    noyau: Reader,
    /// Line being read, from 1.
    ligne: u64,
    texte: Vec<u8>,
    bornes: Vec<usize>,
    limites: Limites,
    fini: bool,
}

impl<R: BufRead> Enregistrements<R> {
    fn new(flux: R, separateur: u8, limites: &Limites) -> Self {
        Self {
            flux,
            noyau: ReaderBuilder::new().delimiter(separateur).build(),
            ligne: 1,
            texte: vec![0; 1 << 12],
            bornes: vec![0; 64],
            limites: limites.clone(),
            fini: false,
        }
    }

    /// Leaves blank lines behind; `false` at the end.
    fn avance(&mut self) -> std::io::Result<bool> {
        loop {
            let tampon = self.flux.fill_buf()?;
            let Some(premier) = tampon.first() else { return Ok(false) };
            match premier {
                b'\n' => self.ligne += 1,
                b'\r' => {}
                _ => return Ok(true),
            }
            self.flux.consume(1);
        }
    }

    fn enregistrement(&mut self) -> Result<Option<Ligne>, ImportError> {
        if !self.avance()? {
            return Ok(None);
        }
        let numero = self.ligne;
        let (mut sortie, mut champs) = (0, 0);
        // A line feed of ours closes the last record, unless a quotation mark is open.
        let mut ajoute = false;
        loop {
            let tampon = self.flux.fill_buf()?;
            let fin = tampon.is_empty();
            if fin && ajoute {
                return Err(Cause::Guillemet(self.limites.cellule).into());
            }
            let entree = if fin { b"\n" } else { tampon };
            let (texte, bornes) = (self.texte.get_mut(sortie..), self.bornes.get_mut(champs..));
            let (etat, lus, ecrits, finis) =
                self.noyau.read_record(entree, texte.unwrap_or_default(), bornes.unwrap_or_default());
            if fin {
                ajoute = lus > 0;
            } else {
                let lus_en_vrai = entree.get(..lus).unwrap_or_default();
                self.ligne += memchr::memchr_iter(b'\n', lus_en_vrai).count() as u64;
                self.flux.consume(lus);
            }
            (sortie, champs) = (sortie + ecrits, champs + finis);
            let debut = champs.checked_sub(1).and_then(|rang| self.bornes.get(rang)).copied().unwrap_or(0);
            if sortie - debut > self.limites.cellule {
                return Err(ImportError::from(Cause::Guillemet(self.limites.cellule)).ligne(numero));
            }
            if sortie > self.limites.ligne {
                let limite = self.limites.ligne as u64;
                return Err(ImportError::from(Cause::TropGros { quoi: "une ligne", limite }).ligne(numero));
            }
            match etat {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.texte.resize(self.texte.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => {
                    if champs > self.limites.colonnes * 2 {
                        let limite = self.limites.colonnes as u64;
                        return Err(Cause::TropGros { quoi: "le nombre de colonnes", limite }.into());
                    }
                    self.bornes.resize(self.bornes.len() * 2, 0);
                }
                ReadRecordResult::Record => return self.ligne(numero, champs).map(Some),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    fn ligne(&self, numero: u64, champs: usize) -> Result<Ligne, ImportError> {
        let mut debut = 0;
        let mut valeurs = Vec::with_capacity(champs);
        for fin in self.bornes.iter().take(champs) {
            let octets = self.texte.get(debut..*fin).unwrap_or_default();
            debut = *fin;
            let texte = std::str::from_utf8(octets).map_err(|_| Cause::Encodage("UTF-8"))?;
            valeurs.push(Cellule::texte(sans_apostrophe(texte)));
        }
        Ok(Ligne { numero, valeurs, geometrie: None })
    }
}

impl<R: BufRead> Iterator for Enregistrements<R> {
    type Item = Result<Ligne, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fini {
            return None;
        }
        let numero = self.ligne;
        let lu = self.enregistrement().map_err(|erreur| erreur.ligne(numero)).transpose();
        self.fini = !matches!(lu, Some(Ok(_)));
        lu
    }
}

/// The text without the apostrophe that kept a spreadsheet from running it.
fn sans_apostrophe(texte: &str) -> &str {
    let cache = texte.trim_start_matches('\'');
    let neutralise = cache.len() < texte.len() && cache.bytes().next().is_some_and(|octet| FORMULES.contains(&octet));
    if neutralise { texte.get(1..).unwrap_or_default() } else { texte }
}

/// Reads the head of a text, whole characters only.
fn tete(flux: impl Read, octets: u64) -> std::io::Result<String> {
    let mut lus = Vec::new();
    flux.take(octets).read_to_end(&mut lus)?;
    Ok(String::from_utf8_lossy(&lus).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lignes(texte: &str) -> Vec<Result<Ligne, ImportError>> {
        let limites = Limites { cellule: 1_000, ..Limites::default() };
        Enregistrements::new(texte.as_bytes(), b';', &limites).collect()
    }

    #[test]
    fn lines_are_those_a_person_counts() {
        let lues = lignes("a;b\r\n\r\n\"x\ny\";2\n\n\n3;4");
        let lues: Vec<(u64, usize)> =
            lues.into_iter().map(|l| l.unwrap()).map(|l| (l.numero, l.valeurs.len())).collect();
        assert_eq!(lues, [(1, 2), (3, 2), (7, 2)]);
    }

    #[test]
    fn an_open_quotation_mark_stops_the_reading() {
        for texte in ["a;b\n\"x;2\n", "a;b\n\"x;2", "a;b\n\"", &format!("a;b\n\"{}\";2\n", "x".repeat(10_000))] {
            let mut lues = lignes(texte);
            let erreur = lues.pop().unwrap().unwrap_err();
            assert!(matches!(erreur.cause, Cause::Guillemet(1_000)) && erreur.lieu.ligne == Some(2), "{texte}");
            assert_eq!(lues.len(), 1);
        }
        assert_eq!(lignes("a\n\"x\"").len(), 2);
    }

    #[test]
    fn only_apostrophes_before_a_formula_go() {
        for (ecrit, lu) in [("'=1", "=1"), ("''=1", "'=1"), ("'a", "'a"), ("'", "'"), ("-1", "-1"), ("l'=", "l'=")] {
            assert_eq!(sans_apostrophe(ecrit), lu);
        }
    }
}
