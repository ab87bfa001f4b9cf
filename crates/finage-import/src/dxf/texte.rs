//! Words of a drawing without the marks of their setting.

/// Characters of a text that are kept.
const MAX: usize = 500;

/// The words of a TEXT or MTEXT: `\P` is a blank, `{\fArial;12}` is `12`, `%%c` a diameter, `\U+00E9` an é.
pub(super) fn propre(brut: &str) -> String {
    let mut dit = String::new();
    let mut lettres = brut.chars().peekable();
    while let Some(lettre) = lettres.next() {
        match lettre {
            '{' | '}' => {}
            '%' if lettres.peek() == Some(&'%') => {
                lettres.next();
                match lettres.next().map(|marque| marque.to_ascii_lowercase()) {
                    Some('c') => dit.push('Ø'),
                    Some('d') => dit.push('°'),
                    Some('p') => dit.push('±'),
                    Some('%') => dit.push('%'),
                    // Under- and overlined.
                    Some('u' | 'o' | 'k') | None => {}
                    Some(autre) => dit.push(autre),
                }
            }
            '\\' => match lettres.next() {
                Some('P' | 'X' | 'n' | '~') => dit.push(' '),
                Some(marque @ ('\\' | '{' | '}')) => dit.push(marque),
                Some('U') if lettres.peek() == Some(&'+') => {
                    lettres.next();
                    let code: String =
                        std::iter::from_fn(|| lettres.next_if(char::is_ascii_hexdigit)).take(4).collect();
                    dit.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                }
                // Fonts, heights, colours, alignments: until their end.
                Some('f' | 'F' | 'H' | 'C' | 'c' | 'T' | 'Q' | 'W' | 'A' | 'p' | 'S') => {
                    lettres.find(|suite| *suite == ';');
                }
                Some('L' | 'l' | 'O' | 'o' | 'K' | 'k') | None => {}
                Some(autre) => dit.push(autre),
            },
            autre if autre.is_control() => dit.push(' '),
            autre => dit.push(autre),
        }
    }
    let mots: Vec<&str> = dit.split_whitespace().collect();
    mots.join(" ").chars().take(MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_out_of_their_setting() {
        for (brut, dit) in [
            ("12", "12"),
            (r"{\fArial|b0|i0;12\Pbis}", "12 bis"),
            (r"\A1;N\U+00B0 7", "N° 7"),
            ("%%u12%%u A", "12 A"),
            (r"a\\b \{c\}", r"a\b {c}"),
            (r"\", ""),
            ("\u{7}x", "x"),
            (r"\Hsans fin", ""),
        ] {
            assert_eq!(propre(brut), dit, "{brut}");
        }
    }
}
