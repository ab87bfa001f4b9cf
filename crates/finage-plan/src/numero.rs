//! Numbers of a series, in the order in which they are walked.

/// Digits to which a number is filled with zeros, at most.
const MAX_CHIFFRES: usize = 6;

/// How numbers follow one another from row to row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ordre {
    /// Each row in the direction of the line, numbers going on.
    #[default]
    Continu,
    /// Every other row the other way, numbers going on.
    Serpentin,
    /// Each row again from the first number, behind its letter: A1, A2… B1.
    ParRangee,
}

/// How shapes are numbered: `{prefixe}{number}{complement}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numerotation {
    /// The first number.
    pub premier: u32,
    /// From a number to the next.
    pub pas: u32,
    /// How numbers follow one another.
    pub ordre: Ordre,
    /// Before each.
    pub prefixe: String,
    /// After each.
    pub complement: String,
    /// Digits to which each is filled with zeros; 0 for none.
    pub chiffres: u8,
}

impl Default for Numerotation {
    fn default() -> Self {
        let vide = String::new;
        Self { premier: 1, pas: 1, ordre: Ordre::Continu, prefixe: vide(), complement: vide(), chiffres: 0 }
    }
}

impl Numerotation {
    /// The number of the shape of a row and a column, where rows have this many columns.
    pub(crate) fn numero(&self, rangee: u32, colonne: u32, colonnes: u32) -> String {
        let (lettre, rang) = match self.ordre {
            Ordre::ParRangee => (lettre(rangee), colonne),
            Ordre::Serpentin if rangee % 2 == 1 => {
                (String::new(), rangee.saturating_mul(colonnes).saturating_add(colonnes.saturating_sub(colonne + 1)))
            }
            Ordre::Continu | Ordre::Serpentin => {
                (String::new(), rangee.saturating_mul(colonnes).saturating_add(colonne))
            }
        };
        let numero = u64::from(self.premier) + u64::from(self.pas) * u64::from(rang);
        let chiffres = usize::from(self.chiffres).min(MAX_CHIFFRES);
        format!("{}{lettre}{numero:0chiffres$}{}", self.prefixe, self.complement)
    }
}

/// A, B… Z, AA, AB…
fn lettre(rang: u32) -> String {
    let mut reste = rang + 1;
    let mut lettres = Vec::new();
    while reste > 0 {
        let rang = (reste - 1) % 26;
        lettres.push(char::from_u32(u32::from(b'A') + rang).unwrap_or('A'));
        reste = (reste - 1) / 26;
    }
    lettres.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 1, 25, 26, 27, 701, 702].map(lettre), ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]);
    }

    #[test]
    fn numbers_follow_the_walk() {
        let tous = |ordre, chiffres| {
            let numerotation = Numerotation { premier: 10, pas: 2, ordre, chiffres, ..Numerotation::default() };
            let lus = (0..2).flat_map(|r| (0..3).map(move |c| (r, c)));
            lus.map(|(r, c)| numerotation.numero(r, c, 3)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(tous(Ordre::Continu, 0), "10 12 14 16 18 20");
        assert_eq!(tous(Ordre::Serpentin, 3), "010 012 014 020 018 016");
        assert_eq!(tous(Ordre::ParRangee, 0), "A10 A12 A14 B10 B12 B14");
        let dit = Numerotation { prefixe: "C-".to_owned(), complement: "bis".to_owned(), ..Numerotation::default() };
        assert_eq!(dit.numero(0, 0, 1), "C-1bis");
    }
}
