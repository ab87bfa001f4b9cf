//! What a collectivité changed in the text of a module, line by line.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

/// After which the shortest differences are no longer sought: texts that have nothing in common cost their square.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sens {
    /// In both texts.
    Commune,
    /// In the module's text alone.
    Retiree,
    /// In the collectivité's text alone.
    Ajoutee,
}

/// A line of the two texts laid together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneEcart {
    /// Where it is.
    pub sens: Sens,
    /// Its number in the module's text, from 1.
    pub avant: Option<usize>,
    /// Its number in the collectivité's text, from 1.
    pub apres: Option<usize>,
    /// The line, without its end.
    pub texte: String,
}

/// Differences between a text of a module and the one that replaces it.
#[derive(Debug, Clone, Copy)]
pub struct Ecart;

impl Ecart {
    /// Every line of both texts in reading order, what was taken away before what replaces it.
    ///
    /// ```
    /// use finage_documents::{Ecart, Sens};
    /// let lignes = Ecart::lignes("Bonjour,\nCordialement\n", "Madame,\nCordialement\n");
    /// let sens: Vec<Sens> = lignes.iter().map(|ligne| ligne.sens).collect();
    /// assert_eq!(sens, [Sens::Retiree, Sens::Ajoutee, Sens::Commune]);
    /// ```
    #[must_use]
    pub fn lignes(original: &str, surcharge: &str) -> Vec<LigneEcart> {
        TextDiff::configure()
            .timeout(PATIENCE)
            .diff_lines(original, surcharge)
            .iter_all_changes()
            .map(|change| LigneEcart {
                sens: match change.tag() {
                    ChangeTag::Equal => Sens::Commune,
                    ChangeTag::Delete => Sens::Retiree,
                    ChangeTag::Insert => Sens::Ajoutee,
                },
                avant: change.old_index().map(|rang| rang + 1),
                apres: change.new_index().map(|rang| rang + 1),
                texte: change.value().trim_end_matches(['\n', '\r']).to_owned(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_texts_are_read_back(original in "([a-c]{0,3}\n){0,12}", surcharge in "([a-c]{0,3}\n){0,12}") {
            let lignes = Ecart::lignes(&original, &surcharge);
            let back = |without: Sens| {
                lignes.iter().filter(|ligne| ligne.sens != without).flat_map(|ligne| [ligne.texte.as_str(), "\n"]).collect::<String>()
            };
            prop_assert_eq!(back(Sens::Ajoutee), original);
            prop_assert_eq!(back(Sens::Retiree), surcharge);
            let numbers: Vec<usize> = lignes.iter().filter_map(|ligne| ligne.apres).collect();
            prop_assert_eq!(&numbers, &(1..=numbers.len()).collect::<Vec<_>>());
        }
    }
}
