//! Which character parts the cells: the one that parts the first lines the same way.

use std::io::Read;

use crate::error::ImportError;

const POSSIBLES: [u8; 4] = *b";\t,|";
const OCTETS: u64 = 1 << 16;
const LIGNES: usize = 50;

pub(super) fn devine(flux: impl Read) -> Result<u8, ImportError> {
    Ok(meilleur(&super::tete(flux, OCTETS)?))
}

fn meilleur(texte: &str) -> u8 {
    let note = |separateur: u8| {
        let comptes = comptes(texte, separateur);
        let entete = comptes.first().copied().unwrap_or(0);
        let pareilles = comptes.iter().filter(|compte| **compte == entete).count();
        // A header without it is no header; then the most regular wins, then the one that parts most.
        (entete > 0, if entete > 0 { pareilles * 100 / comptes.len().max(1) } else { 0 }, entete)
    };
    // The last of equals wins: « ; » is the one of French spreadsheets.
    POSSIBLES.into_iter().rev().max_by_key(|separateur| note(*separateur)).unwrap_or(b';')
}

/// How many times the separator stands outside of quotation marks, line by line.
fn comptes(texte: &str, separateur: u8) -> Vec<usize> {
    let (mut comptes, mut courant, mut guillemets, mut vide) = (Vec::new(), 0, false, true);
    for octet in texte.bytes() {
        match octet {
            b'"' => guillemets = !guillemets,
            b'\n' | b'\r' if !guillemets => {
                if !vide {
                    comptes.push(courant);
                }
                (courant, vide) = (0, true);
                if comptes.len() == LIGNES {
                    return comptes;
                }
                continue;
            }
            _ if octet == separateur && !guillemets => courant += 1,
            _ => {}
        }
        vide = false;
    }
    // The last line may be cut: it counts only when it is alone.
    if comptes.is_empty() {
        comptes.push(courant);
    }
    comptes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_regular_one() {
        for (texte, attendu) in [
            ("a;b;c\n1,5;2,5;3,5\n", b';'),
            ("a,b,c\n1.5,\"x;y;z\",3\n", b','),
            ("a\tb\n1,2\t3\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("a\n1\n", b';'),
            ("nom,prenom;ville\nx;y\n", b';'),
            ("", b';'),
        ] {
            assert_eq!(char::from(meilleur(texte)), char::from(attendu), "{texte}");
        }
    }
}
