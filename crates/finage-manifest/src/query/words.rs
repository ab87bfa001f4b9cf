//! A query cut into words: what cannot be told apart with certainty is refused.

use super::is_name;

/// A piece of a query and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// First byte.
    pub(super) byte: usize,
    /// First byte after it.
    pub(super) end: usize,
    /// Whether a space or a comment stands before it.
    pub(super) spaced: bool,
}

/// What a piece of a query is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word without quotes, in lower case.
    Word(String),
    /// A name between double quotes.
    Quoted,
    /// A text between single quotes.
    Text,
    /// A number.
    Number,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `;`
    End,
    /// `{{objet}}`
    Object(String),
    /// `:nom`
    Param(String),
    /// Anything else that stands between values.
    Operator,
}

/// Signs of operators.
const SIGNS: &str = "+-*/<>=|%~!?[]@#&:";

type Refused = (usize, String);

/// The pieces of a text, its comments left out.
pub(super) fn cut(text: &str) -> Result<Vec<Token>, Refused> {
    let (mut tokens, mut byte, mut spaced) = (Vec::new(), 0, false);
    while let Some(letter) = text.get(byte..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(byte..).unwrap_or_default();
        // Other spaces are letters to PostgreSQL.
        if letter.is_ascii_whitespace() {
            byte += 1;
            spaced = true;
            continue;
        }
        if rest.starts_with("--") {
            byte += rest.find('\n').unwrap_or(rest.len());
            spaced = true;
            continue;
        }
        if rest.starts_with("/*") {
            return Err((byte, "un commentaire de requête commence par « -- »".to_owned()));
        }
        let (kind, length) = piece(rest, letter).map_err(|message| (byte, message))?;
        // E'…', U&'…': texts in which letters mean something else.
        let glued = !spaced && text.get(..byte).is_some_and(|before| before.ends_with(prefixes));
        if matches!(kind, Kind::Text | Kind::Quoted) && glued {
            return Err((byte, "un texte entre guillemets ne suit pas directement un autre signe".to_owned()));
        }
        tokens.push(Token { kind, byte, end: byte + length, spaced });
        byte += length;
        spaced = false;
    }
    Ok(tokens)
}

/// What a quote may not touch: letters and signs that would change its sense.
fn prefixes(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '&' | '\'' | '"')
}

fn piece(rest: &str, letter: char) -> Result<(Kind, usize), String> {
    let single = |kind| Ok((kind, 1));
    match letter {
        '(' => single(Kind::Open),
        ')' => single(Kind::Close),
        ',' => single(Kind::Comma),
        '.' => single(Kind::Dot),
        ';' => single(Kind::End),
        '\'' => quoted(rest, '\'').map(|length| (Kind::Text, length)),
        '"' => quoted(rest, '"').map(|length| (Kind::Quoted, length)),
        '{' => object(rest),
        _ if letter.is_ascii_digit() => {
            let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_')).count();
            let digits = rest.get(..length).unwrap_or_default();
            let plain = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E'));
            if plain && digits.parse::<f64>().is_ok() {
                Ok((Kind::Number, length))
            } else {
                Err(format!("« {digits} » n'est pas un nombre"))
            }
        }
        _ if letter.is_alphabetic() || letter == '_' => {
            let length: usize = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
            Ok((Kind::Word(rest.get(..length).unwrap_or_default().to_ascii_lowercase()), length))
        }
        ':' if !rest.starts_with("::") => {
            let name: String = rest.chars().skip(1).take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if is_name(&name) {
                let length = name.len() + 1;
                Ok((Kind::Param(name), length))
            } else {
                Err("« : » précède le nom d'un paramètre".to_owned())
            }
        }
        ':' => Ok((Kind::Operator, 2)),
        _ if SIGNS.contains(letter) => single(Kind::Operator),
        _ => Err(format!("le signe « {letter} » n'a pas sa place dans une requête")),
    }
}

/// Length of what is between quotes, a doubled one standing for itself.
fn quoted(rest: &str, quote: char) -> Result<usize, String> {
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter == quote {
            if letters.peek().is_some_and(|(_, next)| *next == quote) {
                letters.next();
            } else {
                return Ok(place + 1);
            }
        }
    }
    Err("un texte entre guillemets n'est pas refermé".to_owned())
}

fn object(rest: &str) -> Result<(Kind, usize), String> {
    let wrong = || "un objet se nomme « {{objet}} » ou « {{module.objet}} »".to_owned();
    let inside = rest.strip_prefix("{{").ok_or_else(wrong)?;
    let (name, _) = inside.split_once("}}").ok_or_else(wrong)?;
    let parts: Vec<&str> = name.split('.').collect();
    if parts.len() <= 2 && parts.iter().all(|part| is_name(part)) {
        Ok((Kind::Object(name.to_owned()), name.len() + 4))
    } else {
        Err(wrong())
    }
}
