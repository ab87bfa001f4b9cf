//! Reading the columns of a level: each access is within bounds or is an error.

use std::ops::Range;

use super::cells::Cell;
use super::columns_out::BLOCK;
use super::error::SnapshotError;
use super::format::Part;
use super::head::Head;
use super::schema::ColumnType;

/// Where a column is in the file, its lengths checked against the number of rows.
#[derive(Debug, Clone)]
pub struct ColumnParts {
    kind: ColumnType,
    codes: Range<usize>,
    width: usize,
    least: i64,
    texts: Range<usize>,
    ends: Range<usize>,
    /// Texts of the dictionary.
    count: usize,
    decimals: Range<usize>,
    nulls: Range<usize>,
}

impl ColumnParts {
    /// Finds the column `column` of a level of `rows` rows.
    pub fn find(
        head: &Head,
        level: usize,
        column: usize,
        kind: ColumnType,
        rows: usize,
    ) -> Result<Self, SnapshotError> {
        let section = |part| head.section(level, part, column);
        let range = |part| section(part).and_then(|section| to_range(&section.range));
        let mut parts = Self {
            kind,
            codes: 0..0,
            width: 0,
            least: 0,
            texts: 0..0,
            ends: 0..0,
            count: 0,
            decimals: 0..0,
            nulls: 0..0,
        };
        if matches!(kind, ColumnType::Dictionary | ColumnType::Integer | ColumnType::Bool) {
            let codes = section(Part::Codes)?;
            parts.codes = to_range(&codes.range)?;
            parts.width = usize::from(codes.width);
            parts.least = codes.least;
            let wide = matches!(parts.width, 0 | 1 | 2 | 4 | 8);
            expect(wide && Some(parts.codes.len()) == rows.checked_mul(parts.width))?;
        }
        if matches!(kind, ColumnType::Dictionary | ColumnType::Text) {
            parts.texts = range(Part::Texts)?;
            parts.ends = range(Part::TextEnds)?;
            parts.count = if kind == ColumnType::Text {
                rows
            } else {
                usize::try_from(section(Part::Texts)?.least).map_err(|_| SnapshotError::Corrupt("dictionnaire"))?
            };
            expect(ends_fit(parts.ends.len(), parts.count))?;
        }
        if kind == ColumnType::Decimal {
            parts.decimals = range(Part::Decimals)?;
            expect(Some(parts.decimals.len()) == rows.checked_mul(8))?;
        }
        if matches!(kind, ColumnType::Text | ColumnType::Integer | ColumnType::Decimal) {
            parts.nulls = range(Part::Nulls)?;
            expect(parts.nulls.is_empty() || parts.nulls.len() == rows.div_ceil(8))?;
        }
        Ok(parts)
    }

    /// The column in the bytes of its file.
    #[must_use]
    pub fn view<'a>(&self, file: &'a [u8]) -> ColumnView<'a> {
        let bytes = |range: &Range<usize>| file.get(range.clone()).unwrap_or_default();
        ColumnView {
            kind: self.kind,
            codes: Codes::new(bytes(&self.codes), self.width),
            least: self.least,
            texts: bytes(&self.texts),
            ends: Ends::new(bytes(&self.ends), self.count),
            count: self.count,
            decimals: bytes(&self.decimals).as_chunks().0,
            nulls: bytes(&self.nulls),
        }
    }
}

/// A range of a file in memory.
pub fn to_range(range: &Range<u64>) -> Result<Range<usize>, SnapshotError> {
    let at = |at| usize::try_from(at).map_err(|_| SnapshotError::TooLarge("fichier"));
    Ok(at(range.start)?..at(range.end)?)
}

fn expect(holds: bool) -> Result<(), SnapshotError> {
    if holds { Ok(()) } else { Err(SnapshotError::Corrupt("longueur d'une section")) }
}

/// Are these the bytes that the ends of `count` things take?
#[must_use]
pub fn ends_fit(bytes: usize, count: usize) -> bool {
    match bytes {
        0 => count == 0,
        8 => count > 0,
        _ => count.checked_mul(4).and_then(|within| within.checked_add(count.div_ceil(BLOCK) * 8)) == Some(bytes),
    }
}

/// Where things end, as they are in the file.
#[derive(Debug, Clone, Copy)]
pub struct Ends<'a> {
    fixed: Option<usize>,
    bases: &'a [[u8; 8]],
    within: &'a [[u8; 4]],
}

impl<'a> Ends<'a> {
    /// The ends of `count` things.
    #[must_use]
    pub fn new(bytes: &'a [u8], count: usize) -> Self {
        if let Ok(length) = <[u8; 8]>::try_from(bytes) {
            let fixed = usize::try_from(u64::from_le_bytes(length)).ok();
            return Self { fixed, bases: &[], within: &[] };
        }
        let (bases, within) = bytes.split_at_checked(count.div_ceil(BLOCK) * 8).unwrap_or_default();
        Self { fixed: None, bases: bases.as_chunks().0, within: within.as_chunks().0 }
    }

    /// Where the thing of this rank is.
    #[inline]
    #[must_use]
    pub fn range(&self, rank: usize) -> Option<Range<usize>> {
        if let Some(length) = self.fixed {
            let start = rank.checked_mul(length)?;
            return Some(start..start.checked_add(length)?);
        }
        let base = usize::try_from(u64::from_le_bytes(*self.bases.get(rank / BLOCK)?)).ok()?;
        let end = u32::from_le_bytes(*self.within.get(rank)?) as usize;
        let start =
            if rank.is_multiple_of(BLOCK) { 0 } else { u32::from_le_bytes(*self.within.get(rank - 1)?) as usize };
        (start <= end).then_some(base.checked_add(start)?..base.checked_add(end)?)
    }
}

/// Numbers in as many bytes as the largest needs.
#[derive(Debug, Clone, Copy)]
enum Codes<'a> {
    Nought,
    One(&'a [u8]),
    Two(&'a [[u8; 2]]),
    Four(&'a [[u8; 4]]),
    Eight(&'a [[u8; 8]]),
}

impl<'a> Codes<'a> {
    fn new(bytes: &'a [u8], width: usize) -> Self {
        match width {
            0 => Self::Nought,
            1 => Self::One(bytes),
            2 => Self::Two(bytes.as_chunks().0),
            4 => Self::Four(bytes.as_chunks().0),
            _ => Self::Eight(bytes.as_chunks().0),
        }
    }

    #[inline]
    fn get(&self, row: usize) -> Option<u64> {
        match self {
            Self::Nought => Some(0),
            Self::One(codes) => codes.get(row).map(|code| u64::from(*code)),
            Self::Two(codes) => codes.get(row).map(|code| u64::from(u16::from_le_bytes(*code))),
            Self::Four(codes) => codes.get(row).map(|code| u64::from(u32::from_le_bytes(*code))),
            Self::Eight(codes) => codes.get(row).map(|code| u64::from_le_bytes(*code)),
        }
    }
}

/// A column of a level.
#[derive(Debug, Clone, Copy)]
pub struct ColumnView<'a> {
    /// How it is kept.
    pub kind: ColumnType,
    codes: Codes<'a>,
    least: i64,
    texts: &'a [u8],
    ends: Ends<'a>,
    count: usize,
    decimals: &'a [[u8; 8]],
    nulls: &'a [u8],
}

impl<'a> ColumnView<'a> {
    /// The code of a row: 0 for none in a dictionary or a boolean, distance from the least for a whole number.
    #[inline]
    #[must_use]
    pub fn code(&self, row: usize) -> Option<u64> {
        self.codes.get(row)
    }

    /// Has the row no value, in a column that says so by a bit?
    #[inline]
    #[must_use]
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
    }

    /// What a code means; [`Cell::Null`] for the code of none.
    ///
    /// # Errors
    /// The file is corrupt.
    pub fn cell_of_code(&self, code: u64) -> Result<Cell<'a>, SnapshotError> {
        let corrupt = || SnapshotError::Corrupt("code");
        Ok(match (self.kind, code) {
            (ColumnType::Integer, distance) => Cell::Integer(self.least.wrapping_add_unsigned(distance)),
            (_, 0) => Cell::Null,
            (ColumnType::Bool, 1 | 2) => Cell::Bool(code == 2),
            (ColumnType::Dictionary, _) => Cell::Text(self.text(usize::try_from(code - 1).map_err(|_| corrupt())?)?),
            _ => return Err(corrupt()),
        })
    }

    /// The cell of a row.
    ///
    /// # Errors
    /// The file is corrupt.
    pub fn cell(&self, row: usize) -> Result<Cell<'a>, SnapshotError> {
        if self.is_null(row) {
            return Ok(Cell::Null);
        }
        match self.kind {
            ColumnType::Text => self.text(row).map(Cell::Text),
            ColumnType::Decimal => {
                let bytes = self.decimals.get(row).ok_or(SnapshotError::Corrupt("décimal"))?;
                Ok(Cell::Decimal(f64::from_le_bytes(*bytes)))
            }
            _ => self.cell_of_code(self.code(row).ok_or(SnapshotError::Corrupt("code"))?),
        }
    }

    /// The code of a text in the dictionary.
    ///
    /// # Errors
    /// The file is corrupt.
    pub fn code_of(&self, text: &str) -> Result<Option<u64>, SnapshotError> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.text(middle)?.cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(middle as u64 + 1)),
            }
        }
        Ok(None)
    }

    /// Texts of the dictionary.
    #[must_use]
    pub fn texts(&self) -> usize {
        self.count
    }

    /// The text of a row of a column of texts, as UTF-8; `None` when it has none.
    #[inline]
    pub(crate) fn utf8(&self, row: usize) -> Result<Option<&'a [u8]>, SnapshotError> {
        if self.is_null(row) {
            return Ok(None);
        }
        let bytes = self.ends.range(row).and_then(|range| self.texts.get(range));
        let bytes = bytes.filter(|bytes| bytes.is_ascii() || std::str::from_utf8(bytes).is_ok());
        bytes.map(Some).ok_or(SnapshotError::Corrupt("texte"))
    }

    fn text(&self, rank: usize) -> Result<&'a str, SnapshotError> {
        let corrupt = || SnapshotError::Corrupt("texte");
        let Some(bytes) = self.ends.range(rank).filter(|_| rank < self.count).and_then(|range| self.texts.get(range))
        else {
            return Err(corrupt());
        };
        std::str::from_utf8(bytes).map_err(|_| corrupt())
    }
}
