//! A file's name as others will read it: no folder, no hidden letter, no mark that a system takes for its own.

/// Longest name kept, in characters.
const MAX_LETTRES: usize = 120;

/// The name that is kept of the one given; « fichier » for one that has nothing to keep. Its extension stays.
#[must_use]
pub fn nettoye(nom: &str) -> String {
    let feuille = nom.rsplit(['/', '\\']).next().unwrap_or_default();
    let lettres: String = feuille
        .chars()
        .filter(|lettre| !lettre.is_control() && !invisible(*lettre))
        .map(|lettre| if r#":*?"<>|"#.contains(lettre) { '_' } else { lettre })
        .collect();
    let lettres = lettres.trim().trim_start_matches('.').trim_end_matches('.').trim();
    if lettres.is_empty() {
        return "fichier".to_owned();
    }
    if lettres.chars().count() <= MAX_LETTRES {
        return lettres.to_owned();
    }
    match lettres.rsplit_once('.').filter(|(_, extension)| extension.chars().count() <= 8) {
        Some((corps, extension)) => {
            let garde = MAX_LETTRES - 1 - extension.chars().count();
            format!("{}.{extension}", corps.chars().take(garde).collect::<String>())
        }
        None => lettres.chars().take(MAX_LETTRES).collect(),
    }
}

/// Marks that turn the reading around or are not seen: « photo\u{202e}gpj.exe » reads as a picture.
fn invisible(lettre: char) -> bool {
    matches!(lettre, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_cleaned() {
        for (donne, garde) in [
            ("Plan de l'été.pdf", "Plan de l'été.pdf"),
            ("../../etc/passwd.txt", "passwd.txt"),
            (r"C:\Users\x\a.png", "a.png"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("a\u{0}b\n.txt", "ab.txt"),
            ("..", "fichier"),
            (".cache.pdf", "cache.pdf"),
            ("a<b>|c.csv", "a_b__c.csv"),
        ] {
            assert_eq!(nettoye(donne), garde);
        }
        assert_eq!(nettoye(&format!("{}.pdf", "é".repeat(300))), format!("{}.pdf", "é".repeat(116)));
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder(nom in ".*") {
            let garde = nettoye(&nom);
            prop_assert!(!garde.is_empty() && garde.chars().count() <= MAX_LETTRES);
            prop_assert!(!garde.contains(['/', '\\', '\0', '\n']) && !garde.starts_with('.'));
        }
    }
}
