//! What changes in a layer: rows that go, rows that come.

use std::collections::HashSet;

use crate::geometry::Geometry;
use crate::project::{MercatorMetres, Project};
use crate::snapshot::{Batch, Cell, Schema, SnapshotError, SnapshotWriter};

/// Rows that go and rows that come, in the order in which they do.
#[derive(Debug)]
pub struct Change {
    schema: Schema,
    pub(crate) steps: Vec<Step>,
}

/// Rows that go, then rows that come, each key once.
#[derive(Debug)]
pub(crate) struct Step {
    /// Holds no row yet.
    pub writer: SnapshotWriter,
    /// Rows that come.
    pub batch: Batch,
    /// Keys of the rows that go.
    pub gone: HashSet<u64>,
    put: HashSet<u64>,
}

impl Step {
    fn new(schema: &Schema) -> Result<Self, SnapshotError> {
        let writer = SnapshotWriter::new(schema.clone())?;
        let batch = writer.batch(0)?;
        Ok(Self { writer, batch, gone: HashSet::new(), put: HashSet::new() })
    }
}

impl Change {
    /// Nothing, of a layer of this schema.
    pub(crate) fn new(schema: Schema) -> Self {
        Self { schema, steps: Vec::new() }
    }

    /// The row of this key is no more.
    ///
    /// # Errors
    /// The schema of the layer can't be.
    pub fn remove(&mut self, key: u64) -> Result<(), SnapshotError> {
        self.step(key)?.gone.insert(key);
        Ok(())
    }

    /// The row of this key is new, or is this now: a shape as WKB or EWKB in EPSG:3857, a cell a column.
    ///
    /// # Errors
    /// The shape can't be read or the cells do not follow the schema; the row that was there, if any, is gone.
    pub fn put_wkb(&mut self, key: u64, wkb: &[u8], cells: &[Cell<'_>]) -> Result<(), SnapshotError> {
        self.put_wkb_by(&mut MercatorMetres, key, wkb, cells)
    }

    /// The same, with a shape in any system that `project` knows.
    ///
    /// # Errors
    /// Those of [`Self::put_wkb`].
    pub fn put_wkb_by(
        &mut self,
        project: &mut impl Project,
        key: u64,
        wkb: &[u8],
        cells: &[Cell<'_>],
    ) -> Result<(), SnapshotError> {
        self.remove(key)?;
        let step = self.step(key)?;
        step.batch.push_wkb_by(project, key, wkb, cells)?;
        step.put.insert(key);
        Ok(())
    }

    /// The row of this key is new, or is this now: a shape in world units, a cell a column.
    ///
    /// # Errors
    /// The cells do not follow the schema; the row that was there, if any, is gone.
    pub fn put(&mut self, key: u64, shape: &Geometry, cells: &[Cell<'_>]) -> Result<(), SnapshotError> {
        self.remove(key)?;
        let step = self.step(key)?;
        step.batch.push(key, shape, cells)?;
        step.put.insert(key);
        Ok(())
    }

    /// The step in which something may happen to a key: another one than that in which the key came.
    fn step(&mut self, key: u64) -> Result<&mut Step, SnapshotError> {
        if self.steps.last().is_none_or(|step| step.put.contains(&key)) {
            self.steps.push(Step::new(&self.schema)?);
        }
        self.steps.last_mut().ok_or(SnapshotError::Schema("aucune étape"))
    }
}
