//! One SQL statement after the other: where each ends, through quotations, dollars, comments and parentheses.

use std::io::BufRead;

use super::QUOI;
use crate::error::{Cause, ImportError};

/// Bytes of a statement at most.
const MAX: usize = 16 << 20;

/// Reads bytes, and counts them and their lines.
pub(super) struct Lecteur<R> {
    flux: R,
    /// Bytes read.
    pub(super) octets: u64,
    /// Line being read, from 1.
    pub(super) ligne: u64,
}

/// A statement, without its semicolon.
pub(super) struct Instruction {
    pub(super) debut: u64,
    pub(super) ligne: u64,
    pub(super) texte: Vec<u8>,
}

impl<R: BufRead> Lecteur<R> {
    pub(super) fn new(flux: R) -> Self {
        Self::a(flux, 0, 1)
    }

    /// A reader whose stream stands at this byte, on this line.
    pub(super) fn a(flux: R, octets: u64, ligne: u64) -> Self {
        Self { flux, octets, ligne }
    }

    pub(super) fn flux(&mut self) -> &mut R {
        &mut self.flux
    }

    fn voit(&mut self) -> Result<Option<u8>, ImportError> {
        Ok(self.flux.fill_buf()?.first().copied())
    }

    fn passe(&mut self, octet: u8) {
        self.flux.consume(1);
        self.octets += 1;
        self.ligne += u64::from(octet == b'\n');
    }

    fn prend(&mut self) -> Result<Option<u8>, ImportError> {
        let octet = self.voit()?;
        if let Some(octet) = octet {
            self.passe(octet);
        }
        Ok(octet)
    }

    /// The rest of the line, without its end; `None` at the end of the file.
    pub(super) fn ligne(&mut self, tampon: &mut Vec<u8>, max: usize) -> Result<bool, ImportError> {
        tampon.clear();
        loop {
            let lu = self.flux.fill_buf()?;
            if lu.is_empty() {
                return Ok(!tampon.is_empty());
            }
            let fin = memchr::memchr(b'\n', lu);
            let pris = fin.unwrap_or(lu.len());
            tampon.extend(lu.get(..pris).unwrap_or_default());
            let passes = pris + usize::from(fin.is_some());
            self.flux.consume(passes);
            self.octets += passes as u64;
            if fin.is_some() {
                self.ligne += 1;
                if tampon.last() == Some(&b'\r') {
                    tampon.pop();
                }
                return Ok(true);
            }
            if tampon.len() > max {
                return Err(Cause::TropGros { quoi: "une ligne", limite: max as u64 }.into());
            }
        }
    }

    /// The next statement; comments and commands of psql are passed over.
    pub(super) fn instruction(&mut self) -> Result<Option<Instruction>, ImportError> {
        let mut instruction = Instruction { debut: 0, ligne: 0, texte: Vec::new() };
        let (mut profondeur, mut rebut) = (0_usize, Vec::new());
        // Whether the statement is a function whose semicolons are its own: its first one tells.
        let mut corps = None;
        loop {
            if instruction.texte.len() > MAX {
                return Err(Cause::TropGros { quoi: "une instruction", limite: MAX as u64 }.into());
            }
            let vide = instruction.texte.is_empty();
            let (debut, ligne) = (self.octets, self.ligne);
            let Some(octet) = self.prend()? else {
                // A last statement without semicolon is a file cut short, unless it is none.
                return if vide { Ok(None) } else { Err(Cause::Tronque(QUOI).into()) };
            };
            match octet {
                b'\\' if vide => {
                    self.ligne(&mut rebut, MAX)?;
                    continue;
                }
                b'-' if self.voit()? == Some(b'-') => {
                    self.ligne(&mut rebut, MAX)?;
                    if !vide {
                        instruction.texte.push(b' ');
                    }
                    continue;
                }
                b'/' if self.voit()? == Some(b'*') => {
                    self.commentaire()?;
                    continue;
                }
                _ if vide && (octet.is_ascii_whitespace() || octet == b';' || !octet.is_ascii() && debut < 3) => {
                    continue;
                }
                b';' if profondeur == 0 => {
                    let ouvert = *corps.get_or_insert_with(|| a_un_corps(&instruction.texte));
                    if !ouvert || finit(&instruction.texte) {
                        return Ok(Some(instruction));
                    }
                }
                b'(' => profondeur += 1,
                b')' => profondeur = profondeur.saturating_sub(1),
                _ => {}
            }
            if vide {
                (instruction.debut, instruction.ligne) = (debut, ligne);
            }
            instruction.texte.push(octet);
            match octet {
                b'\'' | b'"' => self.quotation(octet, &mut instruction.texte)?,
                b'$' => self.dollar(&mut instruction.texte)?,
                _ => {}
            }
        }
    }

    /// To the end of `'…'` or `"…"`, whose first mark was taken.
    fn quotation(&mut self, marque: u8, texte: &mut Vec<u8>) -> Result<(), ImportError> {
        let echappe = marque == b'\''
            && texte.len() >= 2
            && matches!(texte.get(texte.len() - 2), Some(b'E' | b'e'))
            && !texte.len().checked_sub(3).and_then(|at| texte.get(at)).is_some_and(|octet| est_de_nom(*octet));
        loop {
            let octet = self.prend()?.ok_or(Cause::Tronque(QUOI))?;
            texte.push(octet);
            if texte.len() > MAX {
                return Ok(());
            }
            if echappe && octet == b'\\' {
                texte.extend(self.prend()?);
            } else if octet == marque {
                // A mark twice is one mark: the next quotation goes on with it.
                return Ok(());
            }
        }
    }

    /// To the end of `$nom$…$nom$`, when the dollar opens one.
    fn dollar(&mut self, texte: &mut Vec<u8>) -> Result<(), ImportError> {
        if texte.len().checked_sub(2).and_then(|at| texte.get(at)).is_some_and(|octet| est_de_nom(*octet)) {
            return Ok(());
        }
        let mut marque = vec![b'$'];
        loop {
            let Some(octet) = self.voit()?.filter(|octet| *octet == b'$' || est_de_nom(*octet)) else { return Ok(()) };
            self.passe(octet);
            texte.push(octet);
            marque.push(octet);
            if octet == b'$' {
                break;
            }
            if marque.len() > 64 {
                return Ok(());
            }
        }
        let debut = texte.len();
        loop {
            let octet = self.prend()?.ok_or(Cause::Tronque(QUOI))?;
            texte.push(octet);
            if texte.len() > MAX || octet == b'$' && texte.get(debut..).is_some_and(|corps| corps.ends_with(&marque)) {
                return Ok(());
            }
        }
    }

    fn commentaire(&mut self) -> Result<(), ImportError> {
        let (mut profondeur, mut avant) = (0_usize, b'/');
        loop {
            let octet = self.prend()?.ok_or(Cause::Tronque(QUOI))?;
            match (avant, octet) {
                (b'/', b'*') => profondeur += 1,
                (b'*', b'/') => profondeur = profondeur.saturating_sub(1),
                _ => {
                    avant = octet;
                    continue;
                }
            }
            if profondeur == 0 {
                return Ok(());
            }
            avant = 0;
        }
    }
}

fn a_un_corps(texte: &[u8]) -> bool {
    texte.get(..6).is_some_and(|debut| debut.eq_ignore_ascii_case(b"create"))
        && memchr::memmem::find(&texte.to_ascii_uppercase(), b"BEGIN ATOMIC").is_some()
}

fn finit(texte: &[u8]) -> bool {
    let texte = texte.trim_ascii_end();
    texte.last_chunk::<3>().is_some_and(|fin| fin.eq_ignore_ascii_case(b"end"))
}

fn est_de_nom(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet == b'_' || !octet.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_where_postgresql_ends_them() {
        let texte = "-- x;\n\\restrict abc\nset a = 'b;''c';\n/* ; /* ; */ */ create function f() as $x$ insert into t values (1); $x$;\n\
            create rule r as on insert to t do also (insert into u values (1); select 2);\n\
            create function g() begin atomic insert into t values (1); select 1; END;\nselect E'\\';', \";\", a$b;\n";
        let mut lecteur = Lecteur::new(texte.as_bytes());
        let mut lues = Vec::new();
        while let Some(lue) = lecteur.instruction().unwrap() {
            lues.push((lue.ligne, String::from_utf8(lue.texte).unwrap()));
        }
        assert_eq!(lues.iter().map(|(ligne, _)| *ligne).collect::<Vec<_>>(), [3, 4, 5, 6, 7], "{lues:?}");
        assert_eq!(lues[0].1, "set a = 'b;''c'");
        assert_eq!(lues[4].1, "select E'\\';', \";\", a$b");
        for coupe in ["select 'a", "select $$a", "/* a", "select 1"] {
            assert!(Lecteur::new(coupe.as_bytes()).instruction().is_err(), "{coupe}");
        }
    }
}
