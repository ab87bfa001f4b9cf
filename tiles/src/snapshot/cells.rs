//! The cells of rows being gathered, a column at a time.

use std::collections::HashMap;

use super::error::SnapshotError;
use super::schema::ColumnType;

/// The value of a row in a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// None.
    Null,
    /// Of a column of text, with a dictionary or not.
    Text(&'a str),
    /// Of a column of whole numbers.
    Integer(i64),
    /// Of a column of decimals.
    Decimal(f64),
    /// Of a column of booleans.
    Bool(bool),
}

/// A column of rows being gathered.
#[derive(Debug)]
pub enum Cells {
    /// Code of each row, 0 for none.
    Dictionary(Vec<u32>, Dictionary),
    /// Text of each row, and those without.
    Text(Texts, Vec<bool>),
    /// Number of each row, 0 for none, and those without.
    Integer(Vec<i64>, Vec<bool>),
    /// Number of each row, 0 for none, and those without.
    Decimal(Vec<f64>, Vec<bool>),
    /// 0 for none, 1 for no, 2 for yes.
    Bool(Vec<u8>),
}

impl Cells {
    /// No rows yet.
    #[must_use]
    pub fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Dictionary => Self::Dictionary(Vec::new(), Dictionary::default()),
            ColumnType::Text => Self::Text(Texts::default(), Vec::new()),
            ColumnType::Integer => Self::Integer(Vec::new(), Vec::new()),
            ColumnType::Decimal => Self::Decimal(Vec::new(), Vec::new()),
            ColumnType::Bool => Self::Bool(Vec::new()),
        }
    }

    /// Would this cell go in this column?
    #[must_use]
    pub fn takes(&self, cell: Cell<'_>) -> bool {
        matches!(
            (self, cell),
            (_, Cell::Null)
                | (Self::Dictionary(..) | Self::Text(..), Cell::Text(_))
                | (Self::Integer(..), Cell::Integer(_))
                | (Self::Decimal(..), Cell::Decimal(_))
                | (Self::Bool(_), Cell::Bool(_))
        )
    }

    /// Gives back the memory that was held for rows to come.
    pub fn shrink(&mut self) {
        match self {
            Self::Dictionary(codes, _) => codes.shrink_to_fit(),
            Self::Text(texts, nulls) => {
                texts.bytes.shrink_to_fit();
                texts.ends.shrink_to_fit();
                nulls.shrink_to_fit();
            }
            Self::Integer(numbers, nulls) => {
                numbers.shrink_to_fit();
                nulls.shrink_to_fit();
            }
            Self::Decimal(numbers, nulls) => {
                numbers.shrink_to_fit();
                nulls.shrink_to_fit();
            }
            Self::Bool(codes) => codes.shrink_to_fit(),
        }
    }

    /// Adds a row; what the column does not take is none.
    pub fn push(&mut self, cell: Cell<'_>) -> Result<(), SnapshotError> {
        match self {
            Self::Dictionary(codes, dictionary) => codes.push(match cell {
                Cell::Text(text) => dictionary.code(text)?,
                _ => 0,
            }),
            Self::Text(texts, nulls) => {
                let text = if let Cell::Text(text) = cell { Some(text) } else { None };
                texts.push(text.unwrap_or_default());
                nulls.push(text.is_none());
            }
            Self::Integer(numbers, nulls) => {
                let number = if let Cell::Integer(number) = cell { Some(number) } else { None };
                numbers.push(number.unwrap_or_default());
                nulls.push(number.is_none());
            }
            Self::Decimal(numbers, nulls) => {
                let number = if let Cell::Decimal(number) = cell { Some(number) } else { None };
                numbers.push(number.unwrap_or_default());
                nulls.push(number.is_none());
            }
            Self::Bool(codes) => codes.push(if let Cell::Bool(yes) = cell { 1 + u8::from(yes) } else { 0 }),
        }
        Ok(())
    }
}

/// Texts and the code of each, from 1 in order of arrival.
#[derive(Debug, Default)]
pub struct Dictionary {
    codes: HashMap<Box<str>, u32>,
}

impl Dictionary {
    /// The code of a text, given to it when it is new.
    pub fn code(&mut self, text: &str) -> Result<u32, SnapshotError> {
        if let Some(code) = self.codes.get(text) {
            return Ok(*code);
        }
        let code = u32::try_from(self.codes.len() + 1).map_err(|_| SnapshotError::TooLarge("dictionnaire"))?;
        self.codes.insert(text.into(), code);
        Ok(code)
    }

    /// For each code, what `to` says of its text; 0 stays 0.
    pub fn translate(&self, mut to: impl FnMut(&str) -> Result<u32, SnapshotError>) -> Result<Vec<u32>, SnapshotError> {
        let mut table = vec![0; self.codes.len() + 1];
        for (text, code) in &self.codes {
            table[*code as usize] = to(text)?;
        }
        Ok(table)
    }

    /// Its texts in order, and for each code its rank among them from 1; 0 stays 0.
    pub fn ordered(&self) -> (Vec<&str>, Vec<u32>) {
        let mut entries: Vec<(&str, u32)> = self.codes.iter().map(|(text, code)| (&**text, *code)).collect();
        entries.sort_unstable();
        let mut ranks = vec![0; entries.len() + 1];
        for (rank, (_, code)) in (1_u32..).zip(&entries) {
            ranks[*code as usize] = rank;
        }
        (entries.into_iter().map(|(text, _)| text).collect(), ranks)
    }
}

/// Texts one after the other.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    /// The text of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[row]]
    }
}
