//! The rows of one table, piece after piece.

use std::io::{BufRead, Seek, SeekFrom};

use encoding_rs::Encoding;

use super::instruction::Lecteur;
use super::jetons::{Jeton, Jetons};
use super::table::{Morceau, Table};
use super::{copie, index};
use crate::error::{Cause, ImportError};
use crate::{Ligne, Limites};

/// Rows, in the order of the file.
pub(super) struct Lignes<R> {
    lecteur: Lecteur<R>,
    table: Table,
    morceaux: std::vec::IntoIter<Morceau>,
    courant: Option<Morceau>,
    /// The `INSERT` being read.
    insertion: Option<Insertion>,
    encodage: Option<&'static Encoding>,
    limites: Limites,
    tampon: Vec<u8>,
    fini: bool,
}

impl<R: BufRead + Seek> Lignes<R> {
    pub(super) fn new(flux: R, table: Table, encodage: Option<&'static Encoding>, limites: Limites) -> Self {
        Self {
            lecteur: Lecteur::new(flux),
            morceaux: table.morceaux.clone().into_iter(),
            table,
            courant: None,
            insertion: None,
            encodage,
            limites,
            tampon: Vec::new(),
            fini: false,
        }
    }

    fn ligne(&mut self) -> Result<Option<Ligne>, ImportError> {
        loop {
            if let Some(insertion) = self.insertion.take() {
                return self.rangee(insertion).map(Some);
            }
            let Some(morceau) = self.courant.take() else {
                let Some(morceau) = self.morceaux.next() else { return Ok(None) };
                self.lecteur.flux().seek(SeekFrom::Start(morceau.debut))?;
                (self.lecteur.octets, self.lecteur.ligne) = (morceau.debut, morceau.ligne);
                if morceau.copie.is_some() {
                    self.lecteur.instruction()?;
                    self.lecteur.ligne(&mut self.tampon, self.limites.cellule)?;
                }
                self.courant = Some(morceau);
                continue;
            };
            match &morceau.copie {
                Some(noms) => {
                    let numero = self.lecteur.ligne;
                    let max = self.limites.geometrie * 2 + self.limites.cellule * 4;
                    if !self.lecteur.ligne(&mut self.tampon, max)? || self.tampon == br"\." {
                        continue;
                    }
                    let valeurs =
                        copie::valeurs(&self.tampon).map(|valeur| valeur.map(|v| texte(v, self.encodage)).transpose());
                    let valeurs = valeurs.collect::<Result<Vec<_>, _>>();
                    let ligne =
                        valeurs.map_err(ImportError::from).and_then(|valeurs| self.table.ligne(numero, noms, valeurs));
                    self.courant = Some(morceau);
                    return ligne.map(Some).map_err(|erreur| erreur.ligne(numero));
                }
                None if self.lecteur.octets < morceau.fin => {
                    self.courant = Some(morceau);
                    self.insertion()?;
                }
                None => {}
            }
        }
    }

    /// Takes the next `INSERT`, up to its values.
    fn insertion(&mut self) -> Result<(), ImportError> {
        let Some(instruction) = self.lecteur.instruction()? else { return Ok(()) };
        let mut jetons = Jetons(&instruction.texte);
        jetons.next();
        let Some((_, noms)) = index::insere(&mut jetons) else { return Ok(()) };
        let noms = if noms.is_empty() { self.table.noms() } else { noms };
        if !jetons.any(|jeton| jeton.est("values")) {
            return Err(ImportError::from(pas_des_constantes()).ligne(instruction.ligne));
        }
        let at = instruction.texte.len() - jetons.0.len();
        self.insertion = Some(Insertion { at, noms, ligne: instruction.ligne, texte: instruction.texte });
        Ok(())
    }

    /// Reads one row of an `INSERT`.
    fn rangee(&mut self, mut insertion: Insertion) -> Result<Ligne, ImportError> {
        let mut jetons = Jetons(insertion.texte.get(insertion.at..).unwrap_or_default());
        let lue = rangee(&mut jetons, self.encodage).ok_or_else(pas_des_constantes);
        let ligne =
            lue.map_err(ImportError::from).and_then(|lue| self.table.ligne(insertion.ligne, &insertion.noms, lue));
        let ligne = ligne.map_err(|erreur| erreur.ligne(insertion.ligne));
        if jetons.next() == Some(Jeton::Signe(b',')) {
            insertion.at = insertion.texte.len() - jetons.0.len();
            self.insertion = Some(insertion);
        }
        ligne
    }
}

/// An `INSERT`, and where its next row is.
struct Insertion {
    texte: Vec<u8>,
    at: usize,
    noms: Vec<String>,
    ligne: u64,
}

fn pas_des_constantes() -> Cause {
    Cause::illisible("l'instruction INSERT", "ses valeurs ne sont pas des constantes")
}

impl<R: BufRead + Seek> Iterator for Lignes<R> {
    type Item = Result<Ligne, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fini {
            return None;
        }
        let lue = self.ligne().map_err(|erreur| erreur.ligne(self.lecteur.ligne)).transpose();
        self.fini = match &lue {
            None => true,
            Some(Err(erreur)) => erreur.est_fatale(),
            Some(Ok(_)) => false,
        };
        lue
    }
}

/// The values between two parentheses; `None` when one is no constant.
fn rangee(jetons: &mut Jetons<'_>, encodage: Option<&'static Encoding>) -> Option<Vec<Option<String>>> {
    let mut valeurs = Vec::new();
    (jetons.next()? == Jeton::Signe(b'(')).then_some(())?;
    loop {
        valeurs.push(match jetons.next()? {
            Jeton::Chaine(octets) => Some(texte(octets, encodage).ok()?),
            Jeton::Nombre(nombre) => Some(nombre),
            Jeton::Signe(b'-') => match jetons.next()? {
                Jeton::Nombre(nombre) => Some(format!("-{nombre}")),
                _ => return None,
            },
            Jeton::Nom(mot, false) => match mot.as_str() {
                "null" => None,
                "true" | "false" => Some(mot),
                _ => return None,
            },
            _ => return None,
        });
        loop {
            match jetons.next()? {
                Jeton::Signe(b',') => break,
                Jeton::Signe(b')') => return Some(valeurs),
                // A cast: its type is words.
                Jeton::Signe(b':' | b'.') | Jeton::Nom(..) => {}
                _ => return None,
            }
        }
    }
}

fn texte(octets: Vec<u8>, encodage: Option<&'static Encoding>) -> Result<String, Cause> {
    match encodage {
        Some(encodage) if encodage != encoding_rs::UTF_8 => {
            Ok(encodage.decode_without_bom_handling(&octets).0.into_owned())
        }
        _ => String::from_utf8(octets).map_err(|_| Cause::Encodage("UTF-8")),
    }
}
