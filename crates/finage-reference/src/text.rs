//! One spelling for searching: names without accents, case or punctuation.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The searched form of a name: lower case, no accents, `œ` → `oe`, `æ` → `ae`, and every run of
/// punctuation, apostrophes or hyphens one space; trimmed. Applying it twice changes nothing.
///
/// Compatibility forms fold too (full-width letters, the ordinal sign of `nº`).
///
/// ```
/// use finage_reference::normalise;
/// assert_eq!(normalise("  Saint-Cœur-d’Été, l'Hôpital "), "saint coeur d ete l hopital");
/// ```
#[must_use]
pub fn normalise(name: &str) -> String {
    let mut searched = String::with_capacity(name.len());
    // Lower-casing may compose or decompose anew (İ), hence the second pass before marks are dropped.
    let letters = name.nfkd().flat_map(char::to_lowercase).nfkd().filter(|c| !is_combining_mark(*c));
    for letter in letters {
        match letter {
            'œ' => searched.push_str("oe"),
            'æ' => searched.push_str("ae"),
            'ß' => searched.push_str("ss"),
            'ø' => searched.push('o'),
            'ł' => searched.push('l'),
            'đ' => searched.push('d'),
            letter if letter.is_alphanumeric() => searched.push(letter),
            _ if searched.is_empty() || searched.ends_with(' ') => {}
            _ => searched.push(' '),
        }
    }
    if searched.ends_with(' ') {
        searched.pop();
    }
    searched
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_folded() {
        for (name, searched) in [
            ("L'Haÿ-les-Roses", "l hay les roses"),
            ("Rue du Sacré-Cœur", "rue du sacre coeur"),
            ("CÆSAR", "caesar"),
            ("  --  ", ""),
            ("Straße", "strasse"),
            ("ÎLE D’YEU (85)", "ile d yeu 85"),
        ] {
            assert_eq!(normalise(name), searched);
        }
    }

    proptest! {
        #[test]
        fn twice_is_once(name in any::<String>()) {
            let once = normalise(&name);
            prop_assert_eq!(normalise(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }
    }
}
