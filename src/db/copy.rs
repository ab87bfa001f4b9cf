//! PostgreSQL's binary COPY format, written by hand because rows come from parsers, not from queries.
//!
//! Format: documentation of PostgreSQL, COPY, « Binary Format ».

use time::Date;

/// One value of a row, in PostgreSQL's binary representation once written.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// `text`.
    Text(&'a str),
    /// `integer`.
    Int(i32),
    /// `boolean`.
    Bool(bool),
    /// `double precision`.
    Float(f64),
    /// `date`.
    Date(Date),
    /// `geometry`, as EWKB.
    Geometry(&'a [u8]),
    /// `text[]`.
    Texts(&'a [String]),
}

impl<'a> Cell<'a> {
    /// Text, NULL when absent or empty.
    #[must_use]
    pub fn text(value: Option<&'a str>) -> Self {
        value.filter(|text| !text.is_empty()).map_or(Self::Null, Self::Text)
    }

    /// An integer, NULL when absent.
    #[must_use]
    pub fn int(value: Option<i32>) -> Self {
        value.map_or(Self::Null, Self::Int)
    }

    /// A boolean, NULL when absent.
    #[must_use]
    pub fn bool(value: Option<bool>) -> Self {
        value.map_or(Self::Null, Self::Bool)
    }

    /// A date, NULL when absent.
    #[must_use]
    pub fn date(value: Option<Date>) -> Self {
        value.map_or(Self::Null, Self::Date)
    }

    /// A number, NULL when absent.
    #[must_use]
    pub fn float(value: Option<f64>) -> Self {
        value.map_or(Self::Null, Self::Float)
    }
}

/// Signature, flags and header extension length.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Day 0 of PostgreSQL's dates is 1 January 2000, whose Julian day is this.
const EPOCH_JULIAN_DAY: i32 = 2_451_545;
const TEXT_OID: u32 = 25;

/// Rows on their way to one `COPY … FROM STDIN (FORMAT binary)`.
#[derive(Debug, Default)]
pub struct CopyBuffer {
    bytes: Vec<u8>,
    rows: usize,
}

impl CopyBuffer {
    /// Adds a row; cells in the order of the COPY's column list.
    pub fn push(&mut self, cells: &[Cell<'_>]) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(HEADER);
        }
        let count = i16::try_from(cells.len()).unwrap_or(i16::MAX);
        self.bytes.extend_from_slice(&count.to_be_bytes());
        for cell in cells {
            self.cell(*cell);
        }
        self.rows += 1;
    }

    /// Bytes held so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether no row is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// A complete COPY stream of the rows, which leaves the buffer empty.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&(-1_i16).to_be_bytes());
        self.rows = 0;
        std::mem::take(&mut self.bytes)
    }

    fn cell(&mut self, cell: Cell<'_>) {
        match cell {
            Cell::Null => self.bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
            Cell::Text(text) => self.sized(text.as_bytes()),
            Cell::Int(value) => self.sized(&value.to_be_bytes()),
            Cell::Bool(value) => self.sized(&[u8::from(value)]),
            Cell::Float(value) => self.sized(&value.to_be_bytes()),
            Cell::Date(date) => {
                self.sized(&(date.to_julian_day() - EPOCH_JULIAN_DAY).to_be_bytes());
            }
            Cell::Geometry(ewkb) => self.sized(ewkb),
            Cell::Texts(texts) => self.texts(texts),
        }
    }

    fn sized(&mut self, bytes: &[u8]) {
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(bytes);
    }

    /// One-dimensional `text[]`: dimensions, has-null flag, element type, size, lower bound, elements.
    fn texts(&mut self, texts: &[String]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&0_i32.to_be_bytes());
        let dimensions = i32::from(!texts.is_empty());
        self.bytes.extend_from_slice(&dimensions.to_be_bytes());
        self.bytes.extend_from_slice(&0_i32.to_be_bytes());
        self.bytes.extend_from_slice(&TEXT_OID.to_be_bytes());
        if !texts.is_empty() {
            self.bytes.extend_from_slice(&i32::try_from(texts.len()).unwrap_or(i32::MAX).to_be_bytes());
            self.bytes.extend_from_slice(&1_i32.to_be_bytes());
            for text in texts {
                self.sized(text.as_bytes());
            }
        }
        let length = i32::try_from(self.bytes.len() - start - 4).unwrap_or(i32::MAX);
        self.bytes[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
}

/// A parser's date as the database's.
#[must_use]
pub fn civil(date: jiff::civil::Date) -> Option<Date> {
    let month = time::Month::try_from(u8::try_from(date.month()).ok()?).ok()?;
    Date::from_calendar_date(i32::from(date.year()), month, u8::try_from(date.day()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_has_header_rows_and_trailer() {
        let mut buffer = CopyBuffer::default();
        buffer.push(&[Cell::Text("é"), Cell::Null]);
        let bytes = buffer.take();
        assert_eq!(&bytes[..19], HEADER);
        assert_eq!(&bytes[19..], [0, 2, 0, 0, 0, 2, 0xC3, 0xA9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert!(buffer.is_empty());
    }
}
