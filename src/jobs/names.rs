//! Plain file names: what a file is called must never lead out of a folder, nor break a header.

/// Longest name, in bytes: the bound of usual file systems is 255.
const MAX_BYTES: usize = 150;

/// `wanted` as a file name that every system takes: no path, no control or reserved character, no leading dot.
#[must_use]
pub fn file_name(wanted: &str) -> String {
    let plain: String = wanted
        .chars()
        .map(|c| {
            if c.is_control() || "/\\:*?\"<>|\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}".contains(c) {
                '-'
            } else {
                c
            }
        })
        .collect();
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if plain.is_empty() {
        return "fichier".to_owned();
    }
    let (stem, extension) = split(plain);
    let mut end = stem.len().min(MAX_BYTES.saturating_sub(extension.len()));
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

/// The name with a number before its extension: `plan.pdf` and 2 give `plan-2.pdf`.
pub(super) fn numbered(name: &str, number: usize) -> String {
    let (stem, extension) = split(name);
    format!("{stem}-{number}{extension}")
}

/// The stem and the extension, dot included; a long tail is no extension.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 12 => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_keeps_its_letters_and_loses_its_path() {
        assert_eq!(file_name("AB 145, Valbrume-sur-Ourche.pdf"), "AB 145, Valbrume-sur-Ourche.pdf");
        assert_eq!(file_name("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(file_name("…\r\nSet-Cookie: a"), "…--Set-Cookie- a");
        assert_eq!(file_name(".."), "fichier");
        assert_eq!(numbered("plan.pdf", 2), "plan-2.pdf");
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_a_folder(wanted in ".*") {
            let name = file_name(&wanted);
            prop_assert!(!name.is_empty() && name.len() <= MAX_BYTES);
            prop_assert!(!name.contains(['/', '\\', '\0', '\n', '\r', '"']) && !name.starts_with('.'));
        }
    }
}
