//! Reads one value: a property, a literal, a function, and what moves a date.

use super::{Parser, is_keyword, refused};
use crate::ExprError;
use crate::lexer::{Token, literal};
use crate::temporal::{self, DATE_RULE, DURATION_RULE, Duration, INSTANT_RULE, Unit, Way};
use crate::tree::{Scalar, Span};

impl<'a> Parser<'a> {
    /// A value, and the duration that moves it.
    pub(super) fn scalar(&mut self) -> Result<Scalar, ExprError> {
        let start = self.start;
        let value = self.bare_scalar()?;
        let way = match self.token {
            Token::Plus => Way::Later,
            Token::Minus => Way::Earlier,
            _ => return Ok(value),
        };
        let position = self.node()?;
        if !matches!(value, Scalar::Property(_) | Scalar::Date(_) | Scalar::Today) {
            return Err(ExprError::Syntax {
                position: start,
                expected: "Seule une date se déplace avec + ou -",
                found: self.lexer.found(start),
            });
        }
        self.addition("Une date déplacée d'une durée", position)?;
        self.advance()?;
        let span = self.span()?;
        if matches!(self.token, Token::Plus | Token::Minus) {
            return Err(self.expected("Une seule durée déplace une date ('P1Y3M', et non 'P1Y' puis 'P3M')"));
        }
        Ok(Scalar::Moved(Box::new(value), way, span))
    }

    /// `'P3M'`, `years(duree)`.
    fn span(&mut self) -> Result<Span, ExprError> {
        const EXPECTED: &str = "Une durée entre apostrophes est attendue, comme 'P3M', ou years(…), months(…), days(…)";
        let start = self.start;
        self.node()?;
        match self.token.clone() {
            Token::Text(written) => {
                let duration =
                    Duration::parse(&written).ok_or_else(|| literal(start, "La durée", &written, DURATION_RULE))?;
                self.advance()?;
                Ok(Span::Duration(duration))
            }
            Token::Word(word) => {
                let unit = Unit::named(word).ok_or_else(|| self.expected(EXPECTED))?;
                self.advance()?;
                if self.token != Token::Open {
                    return Err(self.expected("Une propriété entre parenthèses est attendue"));
                }
                self.advance()?;
                let position = self.node()?;
                let count = self.property_name(
                    "Une propriété est attendue : un nombre entier s'écrit dans une durée, comme 'P3M'",
                )?;
                self.name(&count, position)?;
                self.advance()?;
                self.close()?;
                Ok(Span::Count(unit, Box::new(Scalar::Property(count))))
            }
            _ => Err(self.expected(EXPECTED)),
        }
    }

    fn bare_scalar(&mut self) -> Result<Scalar, ExprError> {
        let position = self.node()?;
        let scalar = match self.token.clone() {
            Token::Text(text) => Scalar::Text(text),
            Token::Number(number) => Scalar::Number(number),
            Token::Quoted(name) => {
                self.name(&name, position)?;
                Scalar::Property(name)
            }
            Token::Plus | Token::Minus => return self.signed(),
            Token::Word(word) => return self.word(word, position),
            _ => return Err(self.expected("Une propriété ou une valeur est attendue")),
        };
        self.advance()?;
        Ok(scalar)
    }

    fn signed(&mut self) -> Result<Scalar, ExprError> {
        let negative = self.token == Token::Minus;
        self.advance()?;
        let Token::Number(number) = self.token else {
            return Err(self.expected("Un nombre est attendu après le signe"));
        };
        self.advance()?;
        Ok(Scalar::Number(if negative { -number } else { number }))
    }

    /// A keyword, a function or a property.
    fn word(&mut self, word: &'a str, position: Option<usize>) -> Result<Scalar, ExprError> {
        for (constant, value) in [("true", true), ("false", false)] {
            if word.eq_ignore_ascii_case(constant) {
                self.advance()?;
                return Ok(Scalar::Boolean(value));
            }
        }
        if word.eq_ignore_ascii_case("null") {
            return Err(self.expected("Une valeur est attendue (l'absence s'écrit « is null »)"));
        }
        if is_keyword(word) {
            return Err(self.expected("Une propriété ou une valeur est attendue"));
        }
        self.advance()?;
        if self.token == Token::Open {
            return self.function(word, position);
        }
        self.name(word, position)?;
        Ok(Scalar::Property(word.to_owned()))
    }

    fn function(&mut self, name: &str, position: Option<usize>) -> Result<Scalar, ExprError> {
        match name.to_ascii_lowercase().as_str() {
            "today" => {
                self.addition("« today() »", position)?;
                self.advance()?;
                self.close()?;
                Ok(Scalar::Today)
            }
            "date" => self.call(|text| temporal::date(text).map(Scalar::Date), "La date", DATE_RULE),
            "timestamp" => self.call(|text| temporal::instant(text).map(Scalar::Instant), "L'instant", INSTANT_RULE),
            lower => Err(refused(lower, name, position)),
        }
    }

    /// `('text')`, read.
    fn call(
        &mut self,
        read: impl Fn(&str) -> Option<Scalar>,
        what: &'static str,
        rule: &'static str,
    ) -> Result<Scalar, ExprError> {
        self.advance()?;
        let start = self.start;
        let Token::Text(text) = self.token.clone() else {
            return Err(self.expected("Un texte entre apostrophes est attendu"));
        };
        let scalar = read(&text).ok_or_else(|| literal(start, what, &text, rule))?;
        self.advance()?;
        self.close()?;
        Ok(scalar)
    }
}
