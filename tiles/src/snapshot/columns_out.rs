//! Writing the columns of a level, each as small as its values allow.

use std::io::Write;
use std::path::Path;

use super::batch::Batch;
use super::cells::{Cells, Dictionary};
use super::error::SnapshotError;
use super::format::{Part, Sections};
use super::schema::ColumnType;

/// Rows whose ends are counted from the same number.
pub const BLOCK: usize = 256;

/// Rows of batches in the order of the file.
pub struct Rows<'a> {
    /// Batch of each row, and its rank there.
    pub places: Vec<(u32, u32)>,
    /// The batches.
    pub batches: &'a [Batch],
}

impl Rows<'_> {
    /// Each row as its batch and its rank there.
    pub fn iter(&self) -> impl Iterator<Item = (&Batch, usize)> + Clone {
        self.places.iter().map(|(batch, row)| (&self.batches[*batch as usize], *row as usize))
    }

    /// Each row's cell of a column, as `get` reads it from those of a batch.
    fn cells<'s, T: Default>(
        &'s self,
        column: usize,
        get: impl Fn(&'s Cells, usize) -> Option<T>,
    ) -> impl Iterator<Item = T> {
        self.places.iter().map(move |(batch, row)| {
            let cells = self.batches[*batch as usize].columns.get(column);
            cells.and_then(|cells| get(cells, *row as usize)).unwrap_or_default()
        })
    }
}

/// Writes where things of these lengths end: nothing for none, the length alone (8 bytes) where all have it, else for each
/// block of 256 a base (8 bytes) then for each thing its end from the base of its block (4 bytes).
pub fn write_ends<W: Write>(
    out: &mut Sections<W>,
    lengths: impl Iterator<Item = usize> + Clone,
    path: &Path,
) -> Result<(), SnapshotError> {
    let failed = |source| SnapshotError::io("écriture", path)(source);
    let mut peek = lengths.clone();
    let Some(first) = peek.next() else { return Ok(()) };
    if peek.all(|length| length == first) {
        return out.put(&(first as u64).to_le_bytes()).map_err(failed);
    }
    let mut at = 0_u64;
    for (rank, length) in lengths.clone().enumerate() {
        if rank % BLOCK == 0 {
            out.put(&at.to_le_bytes()).map_err(failed)?;
        }
        at += length as u64;
    }
    let mut within = 0_usize;
    for (rank, length) in lengths.enumerate() {
        within = if rank % BLOCK == 0 { length } else { within + length };
        let end = u32::try_from(within).map_err(|_| SnapshotError::TooLarge("un bloc dépasse 4 Gio"))?;
        out.put(&end.to_le_bytes()).map_err(failed)?;
    }
    Ok(())
}

/// Writes all columns.
pub fn write_columns<W: Write>(
    out: &mut Sections<W>,
    level: u8,
    columns: &[ColumnType],
    rows: &Rows<'_>,
    dictionaries: &[Dictionary],
    path: &Path,
) -> Result<(), SnapshotError> {
    for (((number, kind), rank), dictionary) in (0_u8..).zip(columns).zip(0_usize..).zip(dictionaries) {
        let mut column = ColumnOut { out, level, number, rank, rows, path };
        match kind {
            ColumnType::Dictionary => column.dictionary(dictionary)?,
            ColumnType::Text => column.texts()?,
            ColumnType::Integer => column.integers()?,
            ColumnType::Decimal => column.decimals()?,
            ColumnType::Bool => column.booleans()?,
        }
    }
    Ok(())
}

struct ColumnOut<'a, W> {
    out: &'a mut Sections<W>,
    level: u8,
    number: u8,
    rank: usize,
    rows: &'a Rows<'a>,
    path: &'a Path,
}

impl<W: Write> ColumnOut<'_, W> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), SnapshotError> {
        self.out.put(bytes).map_err(SnapshotError::io("écriture", self.path))
    }

    fn end(&mut self, part: Part, width: u8, least: i64) {
        self.out.end(self.level, part, (self.number, width, least));
    }

    /// Numbers, each in the bytes that the largest needs.
    fn codes(&mut self, codes: impl Iterator<Item = u64>, most: u64, least: i64) -> Result<(), SnapshotError> {
        let width = match most {
            0 => 0_u8,
            1..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        };
        if width > 0 {
            for code in codes {
                self.put(&code.to_le_bytes()[..usize::from(width)])?;
            }
        }
        self.end(Part::Codes, width, least);
        Ok(())
    }

    /// A bit for each row without a value; nothing where all have one.
    fn nulls(&mut self, nulls: impl Iterator<Item = bool>) -> Result<(), SnapshotError> {
        let nulls: Vec<bool> = nulls.collect();
        if nulls.contains(&true) {
            for eight in nulls.chunks(8) {
                let byte = eight.iter().zip(0..).fold(0_u8, |byte, (null, bit)| byte | u8::from(*null) << bit);
                self.put(&[byte])?;
            }
        }
        self.end(Part::Nulls, 0, 0);
        Ok(())
    }

    fn dictionary(&mut self, dictionary: &Dictionary) -> Result<(), SnapshotError> {
        let (texts, ranks) = dictionary.ordered();
        let codes = self.rows.cells(self.rank, |cells, row| match cells {
            Cells::Dictionary(codes, _) => codes.get(row).copied(),
            _ => None,
        });
        let ranked = codes.map(|code| u64::from(ranks.get(code as usize).copied().unwrap_or_default()));
        self.codes(ranked, texts.len() as u64, 0)?;
        for text in &texts {
            self.put(text.as_bytes())?;
        }
        let count = i64::try_from(texts.len()).map_err(|_| SnapshotError::TooLarge("dictionnaire"))?;
        self.end(Part::Texts, 0, count);
        write_ends(self.out, texts.iter().map(|text| text.len()), self.path)?;
        self.end(Part::TextEnds, 0, 0);
        Ok(())
    }

    fn texts(&mut self) -> Result<(), SnapshotError> {
        let rows = self.rows;
        let rank = self.rank;
        let texts = || {
            rows.cells(rank, |cells, row| match cells {
                Cells::Text(texts, _) => Some(texts.get(row)),
                _ => None,
            })
        };
        for text in texts() {
            self.put(text.as_bytes())?;
        }
        self.end(Part::Texts, 0, 0);
        let lengths: Vec<usize> = texts().map(str::len).collect();
        write_ends(self.out, lengths.iter().copied(), self.path)?;
        self.end(Part::TextEnds, 0, 0);
        self.nulls(rows.cells(rank, |cells, row| match cells {
            Cells::Text(_, nulls) => nulls.get(row).copied(),
            _ => None,
        }))
    }

    fn integers(&mut self) -> Result<(), SnapshotError> {
        let (rows, rank) = (self.rows, self.rank);
        let values = || {
            rows.cells(rank, |cells, row| match cells {
                Cells::Integer(numbers, nulls) => numbers.get(row).copied().zip(nulls.get(row).copied()),
                _ => None,
            })
        };
        let present = || values().filter(|(_, null)| !null).map(|(number, _)| number);
        let least = present().min().unwrap_or_default();
        let most = present().max().unwrap_or_default().abs_diff(least);
        self.codes(values().map(|(number, null)| if null { 0 } else { number.abs_diff(least) }), most, least)?;
        self.nulls(values().map(|(_, null)| null))
    }

    fn decimals(&mut self) -> Result<(), SnapshotError> {
        let (rows, rank) = (self.rows, self.rank);
        let values = || {
            rows.cells(rank, |cells, row| match cells {
                Cells::Decimal(numbers, nulls) => numbers.get(row).copied().zip(nulls.get(row).copied()),
                _ => None,
            })
        };
        for (number, _) in values() {
            self.put(&number.to_le_bytes())?;
        }
        self.end(Part::Decimals, 0, 0);
        self.nulls(values().map(|(_, null)| null))
    }

    fn booleans(&mut self) -> Result<(), SnapshotError> {
        let codes = self.rows.cells(self.rank, |cells, row| match cells {
            Cells::Bool(codes) => codes.get(row).copied(),
            _ => None,
        });
        self.codes(codes.map(u64::from), 2, 0)
    }
}
