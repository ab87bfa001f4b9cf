//! Reads the text of an expression: the Basic CQL2 of OGC 21-065 with `like`, `between` and `in`, and Finage's additions.
//!
//! Parentheses alone make the reader call itself, and they are counted: no text exhausts the stack.

use crate::bounds::{Budget, MAX_BYTES, MAX_DEPTH, MAX_PATTERN};
use crate::lexer::{Lexer, Token, literal};
use crate::like::{self, PATTERN_RULE};
use crate::text::short_enough;
use crate::tree::{List, Predicate, Scalar};
use crate::{ExprError, Expression, ScalarExpression};

mod scalar;

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

const MOVES: &str = "elle suit le + ou le - qui déplace une date";

/// Functions that are known and left out, by the start of their name; or out of their place.
const LEFT_OUT: [(&str, &str); 9] = [
    ("s_", "les opérateurs spatiaux ne s'écrivent pas dans une expression"),
    ("t_", "comparez des dates ou des instants avec =, <, <=, > et >="),
    ("a_", "un tableau ne se compare pas, il se cherche avec « in »"),
    ("casei", "la casse compte toujours"),
    ("accenti", "les accents comptent toujours"),
    ("interval", "utilisez « between »"),
    ("years", MOVES),
    ("months", MOVES),
    ("days", MOVES),
];

/// Reads the text of an expression.
///
/// # Errors
/// The first thing that is not in the language, with its position, or a bound that is passed.
pub fn parse(text: &str, mode: Mode) -> Result<Expression, ExprError> {
    let predicate = read(text, mode, Parser::disjunction, "« and », « or » ou la fin de l'expression est attendu")?;
    short_enough(Expression(predicate))
}

/// Reads the text of a value: a property, a literal, today, a date moved.
///
/// # Errors
/// The first thing that is not in the language, with its position, or a bound that is passed.
pub fn parse_scalar(text: &str, mode: Mode) -> Result<ScalarExpression, ExprError> {
    let scalar = read(text, mode, Parser::scalar, "La fin de la valeur est attendue")?;
    short_enough(ScalarExpression(scalar))
}

/// Reads one `part`, up to the end of the text.
fn read<'a, T>(
    text: &'a str,
    mode: Mode,
    part: impl Fn(&mut Parser<'a>) -> Result<T, ExprError>,
    end: &'static str,
) -> Result<T, ExprError> {
    if text.len() > MAX_BYTES {
        return Err(ExprError::TooLong);
    }
    let whole = || {
        let mut lexer = Lexer::new(text);
        let (start, token) = lexer.next()?;
        let mut parser = Parser { lexer, start, token, mode, budget: Budget::default(), open: 0 };
        let read = part(&mut parser)?;
        if parser.token == Token::End { Ok(read) } else { Err(parser.expected(end)) }
    };
    // Positions are counted in bytes until one has to be shown.
    whole().map_err(|error: ExprError| error.in_characters(text))
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

impl Parser<'_> {
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
            let name = self.property_name("Une liste entre parenthèses est attendue")?;
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

    /// Refuses an addition where CQL2 alone is read.
    fn addition(&self, what: &'static str, position: Option<usize>) -> Result<(), ExprError> {
        if self.mode == Mode::Cql2 { Err(ExprError::Addition { position, what }) } else { Ok(()) }
    }

    /// The property that the token names.
    fn property_name(&self, expected: &'static str) -> Result<String, ExprError> {
        match self.token.clone() {
            Token::Word(word) if !is_keyword(word) => Ok(word.to_owned()),
            Token::Quoted(name) => Ok(name),
            _ => Err(self.expected(expected)),
        }
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
