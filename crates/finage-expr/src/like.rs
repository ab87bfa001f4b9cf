//! Patterns of `like`, as PostgreSQL reads them: `%` any characters, `_` one, `\` takes the next as it is.

use crate::bounds::MAX_PATTERN;

/// How a pattern is written.
pub(crate) const PATTERN_RULE: &str = "1 000 caractères au plus ; « % » vaut tout, « _ » un caractère, « \\ » prend le suivant tel quel et ne finit pas le modèle";

/// Whether a pattern is within bounds and does not end amid an escape, which PostgreSQL refuses.
pub(crate) fn is_pattern(pattern: &str) -> bool {
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && characters.next().is_none() {
            return false;
        }
    }
    pattern.chars().take(MAX_PATTERN + 1).count() <= MAX_PATTERN && !pattern.contains('\0')
}

#[derive(Clone, Copy)]
enum Piece {
    Any,
    One,
    Exactly(char),
}

/// Whether a text follows a pattern; in a time of the product of their lengths at most.
pub(crate) fn matches(text: &str, pattern: &str) -> bool {
    let pieces = pieces(pattern);
    let (mut at, mut rest) = (0, text.chars());
    // Where to take up again when what follows the last `%` does not fit: one character further.
    let mut again: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let here = rest.clone();
        match (pieces.get(at), rest.next()) {
            (None, None) => return true,
            (Some(Piece::Any), _) => {
                at += 1;
                rest = here.clone();
                again = Some((at, here));
                continue;
            }
            (Some(Piece::One), Some(_)) => {
                at += 1;
                continue;
            }
            (Some(Piece::Exactly(expected)), Some(character)) if *expected == character => {
                at += 1;
                continue;
            }
            // The text ends before the pattern: starting further only leaves less of it.
            (Some(_), None) => return false,
            _ => {}
        }
        let Some((piece, from)) = &mut again else { return false };
        if from.next().is_none() {
            return false;
        }
        at = *piece;
        rest = from.clone();
    }
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            '%' => Piece::Any,
            '_' => Piece::One,
            '\\' => Piece::Exactly(characters.next().unwrap_or('\\')),
            other => Piece::Exactly(other),
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (text, pattern, expected) in [
            ("", "", true),
            ("", "%", true),
            ("", "_", false),
            ("rue des Saules", "rue%", true),
            ("rue des Saules", "%Saules", true),
            ("rue des Saules", "%des%", true),
            ("rue des Saules", "rue", false),
            ("été", "_t_", true),
            ("50 %", r"50 \%", true),
            ("50 €", r"50 \%", false),
            ("a_b", r"a\_b", true),
            ("a-b", r"a\_b", false),
            (r"a\b", r"a\\b", true),
            ("ab", r"\a\b", true),
            ("aaab", "%a_b", true),
            ("abcabd", "%ab_", true),
            ("abc", "%%_%c", true),
            ("c", "%_%c", false),
        ] {
            assert_eq!(matches(text, pattern), expected, "{text:?} like {pattern:?}");
        }
        assert!(!is_pattern(r"a\"));
        assert!(is_pattern(r"a\\"));
    }

    #[test]
    fn a_hostile_pattern_ends() {
        let pattern = format!("{}b", "%a".repeat(499));
        assert!(!matches(&"a".repeat(20_000), &pattern));
    }
}
