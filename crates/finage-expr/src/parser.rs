//! Reads the text of an expression: the Basic CQL2 of OGC 21-065 with `like`, `between` and `in`, and Finage's additions.
//!
//! Parentheses alone make the reader call itself, and they are counted: no text exhausts the stack.

use crate::bounds::{Budget, MAX_BYTES, MAX_DEPTH, MAX_PATTERN};
use crate::lexer::{Lexer, Token, literal};
use crate::like::{self, PATTERN_RULE};
use crate::temporal::{self, DATE_RULE, DURATION_RULE, Duration, INSTANT_RULE, Way};
use crate::tree::{List, Predicate, Scalar};
use crate::{ExprError, Expression};

/// What may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// CQL2 and the additions: `in` of an array, `today()`, dates moved by durations, `user.` and `record.`.
    Finage,
    /// CQL2 alone, for those who are not of the house.
    Cql2,
}

/// Words that name a property only between double quotes.
pub(crate) const KEYWORDS: [&str; 10] = ["and", "or", "not", "between", "in", "like", "is", "null", "true", "false"];

/// Functions of CQL2 that are known and left out.
const LEFT_OUT: [(&str, &str); 6] = [
    ("s_", "les opérateurs spatiaux ne s'écrivent pas dans une expression"),
    ("t_", "comparez des dates ou des instants avec =, <, <=, > et >="),
    ("a_", "un tableau ne se compare pas, il se cherche avec « in »"),
    ("casei", "la casse compte toujours"),
    ("accenti", "les accents comptent toujours"),
    ("interval", "utilisez « between »"),
];

/// Reads the text of an expression.
///
/// # Errors
/// The first thing that is not in the language, with its position, or a bound that is passed.
pub fn parse(text: &str, mode: Mode) -> Result<Expression, ExprError> {
    if text.len() > MAX_BYTES {
        return Err(ExprError::TooLong);
    }
    // Positions are counted in bytes until one has to be shown.
    read(text, mode).map_err(|error| error.in_characters(text))?.short_enough()
}

fn read(text: &str, mode: Mode) -> Result<Expression, ExprError> {
    let mut lexer = Lexer::new(text);
    let (start, token) = lexer.next()?;
    let mut parser = Parser { lexer, start, token, mode, budget: Budget::default(), open: 0 };
    let predicate = parser.disjunction()?;
    if parser.token != Token::End {
        return Err(parser.expected("« and », « or » ou la fin de l'expression est attendu"));
    }
    Ok(Expression(predicate))
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    /// Byte where `token` starts.
    start: usize,
    token: Token<'a>,
    mode: Mode,
    budget: Budget,
    /// Parentheses open around the token.
    open: usize,
}

impl<'a> Parser<'a> {
    fn disjunction(&mut self) -> Result<Predicate, ExprError> {
        self.chain("or", Self::conjunction, Predicate::Or)
    }

    fn conjunction(&mut self) -> Result<Predicate, ExprError> {
        self.chain("and", Self::factor, Predicate::And)
    }

    /// `part word part word part...`
    fn chain(
        &mut self,
        word: &str,
        part: impl Fn(&mut Self) -> Result<Predicate, ExprError>,
        whole: impl Fn(Vec<Predicate>) -> Predicate,
    ) -> Result<Predicate, ExprError> {
        let first = part(self)?;
        if !self.is(word) {
            return Ok(first);
        }
        let position = self.node()?;
        let mut parts = vec![first];
        while self.skip(word)? {
            parts.push(part(self)?);
        }
        whole(parts).bounded(position)
    }

    fn factor(&mut self) -> Result<Predicate, ExprError> {
        if !self.is("not") {
            return self.primary();
        }
        let position = self.node()?;
        self.advance()?;
        if self.is("not") {
            return Err(self.expected("Une parenthèse est attendue entre deux « not »"));
        }
        Predicate::Not(Box::new(self.primary()?)).bounded(position)
    }

    fn primary(&mut self) -> Result<Predicate, ExprError> {
        if self.token != Token::Open {
            return self.predicate();
        }
        if self.open == MAX_DEPTH {
            return Err(ExprError::TooDeep { position: Some(self.start) });
        }
        self.open += 1;
        self.advance()?;
        let inner = self.disjunction()?;
        self.close()?;
        self.open -= 1;
        Ok(inner)
    }

    fn predicate(&mut self) -> Result<Predicate, ExprError> {
        let position = Some(self.start);
        let value = self.scalar()?;
        if !self.is_operator() {
            return match value {
                Scalar::Boolean(constant) => Ok(Predicate::Constant(constant)),
                Scalar::Property(_) => {
                    Err(self.expected("Un opérateur est attendu (une propriété vraie ou fausse s'écrit « = true »)"))
                }
                _ => Err(self.expected("Un opérateur est attendu : =, <>, <, <=, >, >=, between, in, like ou is null")),
            };
        }
        self.budget.take(position)?;
        if let Token::Comparison(comparison) = self.token {
            self.advance()?;
            return Predicate::Compare(comparison, value, self.scalar()?).bounded(position);
        }
        if self.skip("is")? {
            let negated = self.skip("not")?;
            if !self.skip("null")? {
                return Err(self.expected("« null » est attendu"));
            }
            return self.negated(negated, Predicate::IsNull(value), position);
        }
        let negated = self.skip("not")?;
        let inner = if self.skip("between")? {
            let low = self.scalar()?;
            if !self.skip("and")? {
                return Err(self.expected("« and » est attendu entre les deux bornes de « between »"));
            }
            Predicate::Between(value, low, self.scalar()?)
        } else if self.skip("like")? {
            Predicate::Like(value, self.pattern()?)
        } else if self.skip("in")? {
            Predicate::In(value, self.list()?)
        } else {
            return Err(self.expected("« between », « in » ou « like » est attendu après « not »"));
        };
        self.negated(negated, inner, position)
    }

    fn negated(&mut self, negated: bool, inner: Predicate, position: Option<usize>) -> Result<Predicate, ExprError> {
        if !negated {
            return inner.bounded(position);
        }
        self.budget.take(position)?;
        Predicate::Not(Box::new(inner)).bounded(position)
    }

    fn list(&mut self) -> Result<List, ExprError> {
        if self.token != Token::Open {
            let position = self.node()?;
            let name = match self.token.clone() {
                Token::Word(word) if !is_keyword(word) => word.to_owned(),
                Token::Quoted(name) => name,
                _ => return Err(self.expected("Une liste entre parenthèses est attendue")),
            };
            self.addition("« in » suivi d'une propriété", position)?;
            self.name(&name, position)?;
            self.advance()?;
            return Ok(List::Array(name));
        }
        self.advance()?;
        let mut items = vec![self.scalar()?];
        while self.token == Token::Comma {
            self.advance()?;
            items.push(self.scalar()?);
        }
        self.close()?;
        Ok(List::Scalars(items))
    }

    fn pattern(&mut self) -> Result<String, ExprError> {
        let start = self.start;
        self.node()?;
        let Token::Text(pattern) = self.token.clone() else {
            return Err(self.expected("Un modèle entre apostrophes est attendu après « like »"));
        };
        if pattern.chars().count() > MAX_PATTERN || !like::is_pattern(&pattern) {
            return Err(literal(start, "Le modèle", &pattern, PATTERN_RULE));
        }
        self.advance()?;
        Ok(pattern)
    }

    /// A value, and the duration that moves it.
    fn scalar(&mut self) -> Result<Scalar, ExprError> {
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
        let start = self.start;
        self.node()?;
        let Token::Text(written) = self.token.clone() else {
            return Err(self.expected("Une durée entre apostrophes est attendue, comme 'P3M'"));
        };
        let Some(duration) = Duration::parse(&written) else {
            return Err(literal(start, "La durée", &written, DURATION_RULE));
        };
        self.advance()?;
        if matches!(self.token, Token::Plus | Token::Minus) {
            return Err(self.expected("Une seule durée déplace une date ('P1Y3M', et non 'P1Y' puis 'P3M')"));
        }
        Ok(Scalar::Moved(Box::new(value), way, duration))
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

    /// Refuses an addition where CQL2 alone is read.
    fn addition(&self, what: &'static str, position: Option<usize>) -> Result<(), ExprError> {
        if self.mode == Mode::Cql2 { Err(ExprError::Addition { position, what }) } else { Ok(()) }
    }

    fn name(&self, name: &str, position: Option<usize>) -> Result<(), ExprError> {
        match own_name(name) {
            Some(what) => self.addition(what, position),
            None => Ok(()),
        }
    }

    /// Counts a node at the current token, and gives its position.
    fn node(&mut self) -> Result<Option<usize>, ExprError> {
        let position = Some(self.start);
        self.budget.take(position)?;
        Ok(position)
    }

    fn is_operator(&self) -> bool {
        matches!(self.token, Token::Comparison(_))
            || ["is", "not", "between", "like", "in"].iter().any(|word| self.is(word))
    }

    fn advance(&mut self) -> Result<(), ExprError> {
        (self.start, self.token) = self.lexer.next()?;
        Ok(())
    }

    fn is(&self, keyword: &str) -> bool {
        matches!(self.token, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Passes a keyword, when it is there.
    fn skip(&mut self, keyword: &str) -> Result<bool, ExprError> {
        let there = self.is(keyword);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn close(&mut self) -> Result<(), ExprError> {
        if self.token != Token::Close {
            return Err(self.expected("Une parenthèse fermante est attendue"));
        }
        self.advance()
    }

    fn expected(&self, expected: &'static str) -> ExprError {
        ExprError::Syntax { position: self.start, expected, found: self.lexer.found(self.start) }
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

/// Names that CQL2 has not.
pub(crate) fn own_name(name: &str) -> Option<&'static str> {
    if name.starts_with("user.") {
        Some("« user. »")
    } else if name.starts_with("record.") {
        Some("« record. »")
    } else {
        None
    }
}

/// Why a function is refused.
pub(crate) fn refused(lower: &str, name: &str, position: Option<usize>) -> ExprError {
    let why = LEFT_OUT.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, why)| *why);
    let why = why.unwrap_or("seules existent today(), date('…') et timestamp('…')");
    ExprError::Function { position, name: name.to_owned(), why }
}
