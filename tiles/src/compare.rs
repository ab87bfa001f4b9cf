//! A layer held to what it should be: rows read again from its source, piece by piece, against the rows that it draws.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::geometry::Geometry;
use crate::layer::Layer;
use crate::rowset::RowSet;
use crate::snapshot::{Cell, Snapshot, SnapshotError, key_of};

/// What is wrong with a row that the source has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The layer has it not.
    Missing,
    /// It has another shape.
    Shape,
    /// It has another value in a column.
    Value {
        /// Name of the column.
        column: String,
        /// What the layer has; `None` for nothing.
        drawn: Option<String>,
        /// What the source has; `None` for nothing.
        expected: Option<String>,
    },
}

/// A row that the layer draws and the source has not, or not as many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// The text whose key it is, where a column of the layer holds it.
    pub name: Option<String>,
    /// Name and value of its columns that have one.
    pub values: Vec<(String, String)>,
}

/// A level of a layer, and which of its rows the source had.
#[derive(Debug)]
pub struct Comparison {
    parts: Vec<Part>,
}

/// Rows of one age.
#[derive(Debug)]
struct Part {
    snapshot: Arc<Snapshot>,
    level: usize,
    gone: RowSet,
    /// Rows that the source had, a bit each.
    found: Vec<AtomicU64>,
}

impl Comparison {
    /// Of a level of a layer: 0 is the one of full detail.
    ///
    /// # Errors
    /// The layer has no such level.
    pub fn new(layer: &Layer, level: usize) -> Result<Self, SnapshotError> {
        let mut parts = Vec::new();
        for (rank, (snapshot, gone)) in layer.segments().enumerate() {
            // What is new is in full detail alone.
            let level = if rank == 0 { level } else { 0 };
            let rows = snapshot.level(level).ok_or(SnapshotError::Schema("le niveau n'existe pas"))?.len();
            let found = std::iter::repeat_with(AtomicU64::default).take(rows.div_ceil(64)).collect();
            let gone = gone.get(level).cloned().unwrap_or_default();
            parts.push(Part { snapshot: Arc::clone(snapshot), level, gone, found });
        }
        Ok(Self { parts })
    }

    /// Holds the layer to some rows of the source, gathered in a snapshot of one level: each key and what is wrong with its row.
    /// Threads may do so at once, each with rows of its own.
    ///
    /// # Errors
    /// A snapshot is corrupt, or is of another layer.
    pub fn hold(&self, source: &Snapshot) -> Result<Vec<(u64, Difference)>, SnapshotError> {
        let rows = source.level(0).ok_or(SnapshotError::Corrupt("niveau absent"))?;
        let (mut expected, mut drawn) = (Geometry::new(source.schema().kind()), Geometry::new(source.schema().kind()));
        let mut differences = Vec::new();
        for row in 0..rows.len() {
            let (key, cells) = rows.row(row, &mut expected)?;
            let mut nearest: Option<(&Part, usize, Vec<Difference>)> = None;
            for part in &self.parts {
                if !part.snapshot.schema().same_rows(source.schema()) {
                    return Err(SnapshotError::Schema("les lignes sont d'une autre couche"));
                }
                for there in part.of(key) {
                    let wrong = part.differences(there, (&expected, &cells), &mut drawn)?;
                    if nearest.as_ref().is_none_or(|(.., least)| wrong.len() < least.len()) {
                        nearest = Some((part, there, wrong));
                    }
                }
            }
            match nearest {
                Some((part, there, wrong)) => {
                    part.claim(there);
                    differences.extend(wrong.into_iter().map(|wrong| (key, wrong)));
                }
                None => differences.push((key, Difference::Missing)),
            }
        }
        Ok(differences)
    }

    /// The rows that the layer draws and that no piece of the source had: how many, and `most` of them at most.
    ///
    /// # Errors
    /// A snapshot is corrupt.
    pub fn extra(&self, most: usize) -> Result<(usize, Vec<Extra>), SnapshotError> {
        let (mut count, mut told) = (0, Vec::new());
        for part in &self.parts {
            let Some(level) = part.snapshot.level(part.level) else { continue };
            let mut shape = Geometry::new(part.snapshot.schema().kind());
            for row in (0..level.len()).filter(|row| !part.gone.has(*row) && !part.is_claimed(*row)) {
                count += 1;
                if told.len() < most {
                    let (key, cells) = level.row(row, &mut shape)?;
                    told.push(Extra::of(
                        key,
                        part.snapshot.schema().columns().iter().map(|column| &*column.name),
                        &cells,
                    ));
                }
            }
        }
        Ok((count, told))
    }
}

impl Part {
    /// Rows of a key that are drawn and that the source did not have yet.
    fn of(&self, key: u64) -> Vec<usize> {
        let rows = self.snapshot.level(self.level).into_iter();
        rows.flat_map(|level| level.rows_of(key).collect::<Vec<_>>())
            .filter(|row| !self.gone.has(*row) && !self.is_claimed(*row))
            .collect()
    }

    fn differences(
        &self,
        row: usize,
        (expected, cells): (&Geometry, &[Cell<'_>]),
        drawn: &mut Geometry,
    ) -> Result<Vec<Difference>, SnapshotError> {
        let level = self.snapshot.level(self.level).ok_or(SnapshotError::Corrupt("niveau absent"))?;
        let (_, there) = level.row(row, drawn)?;
        let mut differences = Vec::new();
        if drawn != expected {
            differences.push(Difference::Shape);
        }
        let columns = self.snapshot.schema().columns().iter().zip(there.iter().zip(cells));
        let apart = columns.filter(|(_, (drawn, expected))| !same(**drawn, **expected));
        differences.extend(apart.map(|(column, (drawn, expected))| Difference::Value {
            column: column.name.clone(),
            drawn: text(*drawn),
            expected: text(*expected),
        }));
        Ok(differences)
    }

    fn claim(&self, row: usize) {
        if let Some(word) = self.found.get(row / 64) {
            word.fetch_or(1 << (row % 64), Ordering::Relaxed);
        }
    }

    fn is_claimed(&self, row: usize) -> bool {
        self.found.get(row / 64).is_some_and(|word| word.load(Ordering::Relaxed) >> (row % 64) & 1 == 1)
    }
}

impl Extra {
    fn of<'a>(key: u64, columns: impl Iterator<Item = &'a str>, cells: &[Cell<'_>]) -> Self {
        let named = columns.zip(cells).filter_map(|(column, cell)| Some((column.to_owned(), text(*cell)?)));
        let values: Vec<(String, String)> = named.collect();
        let name = values.iter().map(|(_, value)| value).find(|value| key_of(value.as_bytes()) == key).cloned();
        Self { name, values }
    }
}

/// Numbers are compared by their bits: what is not a number is itself.
fn same(one: Cell<'_>, other: Cell<'_>) -> bool {
    match (one, other) {
        (Cell::Decimal(one), Cell::Decimal(other)) => one.to_bits() == other.to_bits(),
        (one, other) => one == other,
    }
}

fn text(cell: Cell<'_>) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Text(text) => Some(text.to_owned()),
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Decimal(number) => Some(number.to_string()),
        Cell::Bool(yes) => Some(yes.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColumnType, Kind, Schema, SnapshotWriter};

    /// Name, number, place of each row.
    type Rows<'a> = &'a [(&'a str, i64, f64)];

    fn snapshot(rows: Rows<'_>) -> Snapshot {
        let schema = Schema::new("bornes", Kind::Point)
            .publishes("id", ColumnType::Text)
            .publishes("numero", ColumnType::Integer);
        let writer = SnapshotWriter::new(schema).unwrap();
        let mut batch = writer.batch(0).unwrap();
        for (name, number, x) in rows {
            let shape = Geometry::of_points([(*x, 5_413_000.0)]).unwrap();
            batch.push(key_of(name.as_bytes()), &shape, &[Cell::Text(name), Cell::Integer(*number)]).unwrap();
        }
        writer.add(batch).unwrap();
        writer.finish_in_memory().unwrap()
    }

    #[test]
    fn each_difference_is_told_and_the_rest_is_not() {
        let layer = Layer::new(Arc::new(snapshot(&[("a", 1, 0.0), ("b", 2, 10.0), ("c", 3, 20.0), ("d", 4, 30.0)])));
        let mut change = layer.change().unwrap();
        change.remove(key_of(b"d")).unwrap();
        let shape = Geometry::of_points([(50.0, 5_413_000.0)]).unwrap();
        change.put(key_of(b"e"), &shape, &[Cell::Text("e"), Cell::Integer(5)]).unwrap();
        let layer = layer.apply(change).unwrap().layer;

        let comparison = Comparison::new(&layer, 0).unwrap();
        let one = comparison.hold(&snapshot(&[("a", 1, 0.0), ("b", 7, 11.0)])).unwrap();
        let value = Difference::Value { column: "numero".into(), drawn: Some("2".into()), expected: Some("7".into()) };
        assert_eq!(one, [(key_of(b"b"), Difference::Shape), (key_of(b"b"), value)]);
        let two = comparison.hold(&snapshot(&[("d", 4, 30.0), ("e", 5, 50.0)])).unwrap();
        assert_eq!(two, [(key_of(b"d"), Difference::Missing)]);
        let (count, extra) = comparison.extra(10).unwrap();
        assert_eq!((count, extra[0].name.as_deref(), extra.len()), (1, Some("c"), 1));
        assert_eq!(comparison.extra(0).unwrap(), (1, Vec::new()));
    }

    #[test]
    fn a_row_doubled_is_one_too_many_and_those_of_a_key_find_their_own() {
        let doubled = Layer::new(Arc::new(snapshot(&[("a", 1, 0.0), ("a", 2, 10.0), ("a", 2, 10.0)])));
        let comparison = Comparison::new(&doubled, 0).unwrap();
        assert_eq!(comparison.hold(&snapshot(&[("a", 2, 10.0), ("a", 1, 0.0)])).unwrap(), []);
        let (count, extra) = comparison.extra(10).unwrap();
        assert_eq!((count, &extra[0].values[1].1), (1, &"2".to_owned()));
    }
}
