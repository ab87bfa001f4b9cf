//! Why an expression is refused, in words for who wrote it.

use thiserror::Error;

use crate::Type;
use crate::bounds::{MAX_BYTES, MAX_DEPTH, MAX_NODES};

/// An expression that is not read, or does not fit its schema.
///
/// Positions are in characters of the text, from 1; a tree read from JSON has none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExprError {
    /// Longer than [`MAX_BYTES`] or, as JSON, than [`crate::MAX_JSON_BYTES`].
    #[error("L'expression est trop longue : {} Kio au plus.", MAX_BYTES >> 10)]
    TooLong,
    /// Deeper than [`MAX_DEPTH`].
    #[error("{}L'expression est trop imbriquée : {MAX_DEPTH} niveaux au plus.", at(*.position))]
    TooDeep {
        /// Where.
        position: Option<usize>,
    },
    /// More nodes than [`MAX_NODES`].
    #[error("{}L'expression est trop grande : {MAX_NODES} opérateurs, propriétés et valeurs au plus.", at(*.position))]
    TooManyNodes {
        /// Where.
        position: Option<usize>,
    },
    /// Something else was expected.
    #[error("{}{expected} ; lu : {found}.", at(Some(*.position)))]
    Syntax {
        /// Where.
        position: usize,
        /// What should stand there, as the start of a sentence.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A literal that means nothing, or nothing that can be kept exactly.
    #[error("{}{what} {} : {rule}.", at(*.position), cite(.literal))]
    Literal {
        /// Where.
        position: Option<usize>,
        /// Kind of literal, as the start of a sentence.
        what: &'static str,
        /// What was written.
        literal: String,
        /// How it is written.
        rule: &'static str,
    },
    /// A function of CQL2, or of nobody, that is not evaluated here.
    #[error("{}La fonction {} n'est pas admise : {why}.", at(*.position), cite(.name))]
    Function {
        /// Where.
        position: Option<usize>,
        /// Its name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// An addition of Finage where only CQL2 is read.
    #[error("{}{what} n'est pas du CQL2 : seul le CQL2 est admis ici.", at(*.position))]
    Addition {
        /// Where.
        position: Option<usize>,
        /// Which, as the start of a sentence.
        what: &'static str,
    },
    /// Not the JSON of an expression.
    #[error("Le JSON de l'expression n'est pas lisible : {0}.")]
    Json(String),
    /// No such property, or none that may be used; the words are the same so that they tell nothing.
    #[error("La propriété {} n'existe pas ou n'est pas utilisable ici.", cite(.name))]
    Property {
        /// Its name.
        name: String,
    },
    /// An operator between values it does not compare.
    #[error("L'opérateur « {operator} » ne s'applique pas entre {left} ({}) et {right} ({}).", .left_type.label(), .right_type.label())]
    Types {
        /// The operator.
        operator: &'static str,
        /// Its left side.
        left: String,
        /// Type of the left side.
        left_type: Type,
        /// Its right side.
        right: String,
        /// Type of the right side.
        right_type: Type,
    },
    /// An operator on a value it does not take.
    #[error("L'opérateur « {operator} » ne s'applique pas à {operand} ({}) : {rule}.", .operand_type.label())]
    Operand {
        /// The operator.
        operator: &'static str,
        /// The value.
        operand: String,
        /// Its type.
        operand_type: Type,
        /// What it takes.
        rule: &'static str,
    },
}

impl ExprError {
    /// Where in the text, in characters from 1.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::TooDeep { position }
            | Self::TooManyNodes { position }
            | Self::Literal { position, .. }
            | Self::Function { position, .. }
            | Self::Addition { position, .. } => *position,
            Self::Syntax { position, .. } => Some(*position),
            _ => None,
        }
    }

    /// With its position, a byte of `text`, in characters from 1.
    pub(crate) fn in_characters(mut self, text: &str) -> Self {
        let position = match &mut self {
            Self::TooDeep { position }
            | Self::TooManyNodes { position }
            | Self::Literal { position, .. }
            | Self::Function { position, .. }
            | Self::Addition { position, .. } => position.as_mut(),
            Self::Syntax { position, .. } => Some(position),
            _ => None,
        };
        if let Some(position) = position {
            *position = text.get(..*position).map_or(0, |before| before.chars().count()) + 1;
        }
        self
    }
}

fn at(position: Option<usize>) -> String {
    position.map_or_else(String::new, |position| format!("Caractère {position} : "))
}

/// A foreign text in a message: short, and without control characters.
pub(crate) fn cite(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("« {shown} »")
}
