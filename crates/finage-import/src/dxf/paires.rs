//! The pairs of a DXF: a code on a line, its value on the next.

use std::io::BufRead;

use encoding_rs::WINDOWS_1252;

use crate::error::{Cause, ImportError};

/// Bytes of a line: values of a DXF are cut by its writers long before.
const MAX_LIGNE: usize = 1 << 16;

/// A pair.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Paire {
    /// What the value is.
    pub(super) code: i16,
    /// The value, without what surrounds it.
    pub(super) valeur: String,
}

impl Paire {
    /// The value as a number; what is none is zero, as readers of drawings take it. Never infinite.
    pub(super) fn nombre(&self) -> f64 {
        self.valeur.trim().parse().ok().filter(|nombre: &f64| nombre.is_finite()).unwrap_or(0.0)
    }

    /// The value as a whole number, zero for what is none.
    pub(super) fn entier(&self) -> i64 {
        self.valeur.trim().parse().unwrap_or(0)
    }
}

/// Reads pairs one by one.
#[derive(Debug)]
pub(super) struct Paires<R> {
    flux: R,
    ligne: u64,
    tampon: Vec<u8>,
}

impl<R: BufRead> Paires<R> {
    pub(super) fn new(flux: R) -> Self {
        Self { flux, ligne: 0, tampon: Vec::new() }
    }

    /// The line that was read last, from 1.
    pub(super) fn ligne(&self) -> u64 {
        self.ligne
    }

    /// The next pair; none at the end.
    pub(super) fn suivante(&mut self) -> Result<Option<Paire>, ImportError> {
        if !self.lue()? {
            return Ok(None);
        }
        let texte = String::from_utf8_lossy(&self.tampon);
        let texte = texte.trim_start_matches('\u{feff}').trim();
        if texte.is_empty() {
            // A blank line at the end, and nothing after it.
            return if self.lue()? { Err(self.illisible("un code manque")) } else { Ok(None) };
        }
        let code = texte.parse().map_err(|_| self.illisible("un code n'est pas un nombre"))?;
        if !self.lue()? {
            return Err(ImportError::from(Cause::Tronque("le dessin DXF")).ligne(self.ligne));
        }
        let (texte, _, fautes) = encoding_rs::UTF_8.decode(&self.tampon);
        // Before 2007, drawings are written in the code page of their country.
        let texte = if fautes { WINDOWS_1252.decode(&self.tampon).0 } else { texte };
        Ok(Some(Paire { code, valeur: texte.trim_end_matches(['\r', '\n']).to_owned() }))
    }

    fn illisible(&self, detail: &str) -> ImportError {
        ImportError::from(Cause::illisible("le dessin DXF", detail)).ligne(self.ligne)
    }

    fn lue(&mut self) -> Result<bool, ImportError> {
        self.tampon.clear();
        let mut borne = std::io::Read::take(&mut self.flux, MAX_LIGNE as u64 + 1);
        let lus = borne.read_until(b'\n', &mut self.tampon)?;
        self.ligne += 1;
        if lus > MAX_LIGNE {
            let cause = Cause::TropGros { quoi: "une ligne du dessin", limite: MAX_LIGNE as u64 };
            return Err(ImportError::from(cause).ligne(self.ligne));
        }
        Ok(lus > 0)
    }
}
