//! Cuts a text into tokens, one at a time.

use crate::bounds::MAX_NAME;
use crate::error::cite;
use crate::tree::Comparison;
use crate::{Decimal, ExprError};

/// How a number is written.
pub(crate) const NUMBER_RULE: &str =
    "18 chiffres au plus pour un entier ; sinon 15 chiffres significatifs, dont 12 décimales";
/// How a text is written.
pub(crate) const TEXT_RULE: &str = "le caractère nul n'est pas admis";
/// How a property is named.
pub(crate) const NAME_RULE: &str = "un nom compte de 1 à 128 caractères, sans caractère nul";

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token<'a> {
    /// A keyword, a function or a property.
    Word(&'a str),
    /// A property between double quotes.
    Quoted(String),
    Text(String),
    /// Without sign.
    Number(Decimal),
    Comparison(Comparison),
    Open,
    Close,
    Comma,
    Plus,
    Minus,
    End,
}

/// Reads tokens from a text.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    /// Byte after the last token read.
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token and the byte where it starts.
    pub(crate) fn next(&mut self) -> Result<(usize, Token<'a>), ExprError> {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        let start = self.text.len() - trimmed.len();
        self.at = start;
        let Some(first) = trimmed.chars().next() else { return Ok((start, Token::End)) };
        let second = trimmed[first.len_utf8()..].chars().next();
        let token = match first {
            '(' => self.symbol(1, Token::Open),
            ')' => self.symbol(1, Token::Close),
            ',' => self.symbol(1, Token::Comma),
            '+' => self.symbol(1, Token::Plus),
            '-' => self.symbol(1, Token::Minus),
            '=' => self.symbol(1, Token::Comparison(Comparison::Equal)),
            '<' if second == Some('>') => self.symbol(2, Token::Comparison(Comparison::Different)),
            '<' if second == Some('=') => self.symbol(2, Token::Comparison(Comparison::LessOrEqual)),
            '<' => self.symbol(1, Token::Comparison(Comparison::Less)),
            '>' if second == Some('=') => self.symbol(2, Token::Comparison(Comparison::GreaterOrEqual)),
            '>' => self.symbol(1, Token::Comparison(Comparison::Greater)),
            '\'' => Token::Text(self.quoted(start, '\'')?),
            '"' => Token::Quoted(self.quoted(start, '"')?),
            '.' | '0'..='9' => self.number(start)?,
            first if starts_name(first) => {
                let length = trimmed.find(|c| !continues_name(c)).unwrap_or(trimmed.len());
                let word = &trimmed[..length];
                if word.chars().count() > MAX_NAME {
                    return Err(literal(start, "Le nom", word, NAME_RULE));
                }
                self.symbol(length, Token::Word(word))
            }
            other => {
                return Err(ExprError::Syntax {
                    position: start,
                    expected: "Une valeur ou un opérateur est attendu",
                    found: cite(other.encode_utf8(&mut [0; 4])),
                });
            }
        };
        Ok((start, token))
    }

    /// What was read from `start` on, for a message.
    pub(crate) fn found(&self, start: usize) -> String {
        match self.text.get(start..self.at) {
            None | Some("") => "la fin de l'expression".to_owned(),
            Some(read) => cite(read),
        }
    }

    fn symbol(&mut self, length: usize, token: Token<'a>) -> Token<'a> {
        self.at += length;
        token
    }

    /// What stands between two quotes; a quote within is doubled.
    fn quoted(&mut self, start: usize, quote: char) -> Result<String, ExprError> {
        let (what, rule) = if quote == '"' { ("Le nom", NAME_RULE) } else { ("Le texte", TEXT_RULE) };
        let mut value = String::new();
        let mut characters = self.text[start + 1..].char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
                self.at = start + 1 + at + 1;
                let bad_name = quote == '"' && (value.is_empty() || value.chars().count() > MAX_NAME);
                if bad_name || value.contains('\0') {
                    return Err(literal(start, what, &value, rule));
                }
                return Ok(value);
            }
            value.push(character);
        }
        Err(ExprError::Syntax {
            position: start,
            expected: if quote == '"' {
                "Un guillemet « \" » doit fermer le nom"
            } else {
                "Une apostrophe doit fermer le texte"
            },
            found: "la fin de l'expression".to_owned(),
        })
    }

    fn number(&mut self, start: usize) -> Result<Token<'a>, ExprError> {
        let bytes = self.text.as_bytes();
        let mut end = start;
        while let Some(&byte) = bytes.get(end) {
            // The sign of an exponent.
            let sign = matches!(byte, b'+' | b'-') && end > start && matches!(bytes[end - 1], b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || sign) {
                break;
            }
            end += 1;
        }
        self.at = end;
        let written = &self.text[start..end];
        match written.parse::<Decimal>() {
            Ok(number) if number.is_literal() => Ok(Token::Number(number)),
            _ => Err(literal(start, "Le nombre", written, NUMBER_RULE)),
        }
    }
}

/// A literal refused where it starts.
pub(crate) fn literal(start: usize, what: &'static str, literal: &str, rule: &'static str) -> ExprError {
    ExprError::Literal { position: Some(start), what, literal: literal.to_owned(), rule }
}

/// Whether a name may start so without quotes.
pub(crate) fn starts_name(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '_' | ':')
}

/// Whether a name may go on so without quotes.
pub(crate) fn continues_name(character: char) -> bool {
    starts_name(character) || character.is_numeric() || character == '.'
}
