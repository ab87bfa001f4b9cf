//! Where parsers, on their own threads, hand rows to the one connection that stages them.

use std::path::PathBuf;

use geo::CoordsIter as _;
use geo_types::{Coord, Geometry};
use tokio::sync::mpsc::{Sender, error::SendError};

use super::report::Anomalie;
use super::table::{ALL, Table};
use crate::db::copy::{Cell, CopyBuffer};
use crate::spatial::projection::Projection;
use crate::spatial::wkb;

/// Bytes after which a table's rows leave for the database.
const FLUSH_AT: usize = 1 << 20;

/// What parsers say.
#[derive(Debug)]
pub enum Message {
    /// A complete binary COPY stream for a table's stage.
    Rows(Table, Vec<u8>),
    /// Part of a commune that the delivery replaces: one feuille, or one table of the whole commune.
    Portee(Portee),
    /// An object set aside, repaired or odd.
    Anomalie(Anomalie),
    /// A parcel set aside: what is known of it stays.
    Garde(String),
    /// Bytes or files done, of the total announced.
    Avance(u64),
}

/// A part of a commune replaced by a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Portee {
    /// Commune.
    pub insee: String,
    /// Feuille delivered; absent: the whole commune.
    pub feuille: Option<String>,
    /// Table replaced; absent: every table.
    pub table: Option<Table>,
    /// SRID of the files.
    pub srid: u32,
}

/// The importer stopped listening: it failed, or the import was cancelled.
#[derive(Debug, thiserror::Error)]
#[error("l'import a été interrompu")]
pub struct Interrupted;

impl<T> From<SendError<T>> for Interrupted {
    fn from(_: SendError<T>) -> Self {
        Self
    }
}

/// Buffers of one parser thread.
#[derive(Debug)]
pub struct Sink {
    sender: Sender<Message>,
    buffers: Vec<CopyBuffer>,
}

impl Sink {
    /// A sink with empty buffers.
    #[must_use]
    pub fn new(sender: Sender<Message>) -> Self {
        Self { sender, buffers: ALL.iter().map(|_| CopyBuffer::default()).collect() }
    }

    /// Adds a row to a table's stage; cells in the order of its columns.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn row(&mut self, table: Table, cells: &[Cell<'_>]) -> Result<(), Interrupted> {
        let buffer = &mut self.buffers[table as usize];
        buffer.push(cells);
        if buffer.len() >= FLUSH_AT {
            let bytes = buffer.take();
            self.sender.blocking_send(Message::Rows(table, bytes))?;
        }
        Ok(())
    }

    /// Sends anything but rows.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn say(&self, message: Message) -> Result<(), Interrupted> {
        Ok(self.sender.blocking_send(message)?)
    }

    /// Sends what the buffers still hold.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn finish(mut self) -> Result<(), Interrupted> {
        for (table, buffer) in ALL.into_iter().zip(&mut self.buffers) {
            if !buffer.is_empty() {
                self.sender.blocking_send(Message::Rows(table, buffer.take()))?;
            }
        }
        Ok(())
    }
}

/// Turns delivered geometries into storage EWKB.
#[derive(Debug)]
pub struct Converter {
    projection: Projection,
    srid: u32,
}

impl Converter {
    /// From the SRID of the files to the SRID of the database.
    ///
    /// # Errors
    /// PROJ does not know one of them.
    pub fn new(from: u32, storage: u32) -> Result<Self, crate::spatial::projection::ProjectionError> {
        Ok(Self { projection: Projection::new(from, storage)?, srid: storage })
    }

    /// EWKB of a geometry; surfaces become multi-polygons when `multi`. The reason in French when it cannot be.
    ///
    /// # Errors
    /// Coordinates outside the projection's domain.
    pub fn ewkb(&mut self, mut geometry: Geometry<f64>, multi: bool) -> Result<Vec<u8>, String> {
        self.projection.apply(&mut geometry).map_err(|error| error.to_string())?;
        if let Some(far) = geometry.coords_iter().find(|coord| !within_territory(self.srid, *coord)) {
            return Err(format!("coordonnées ({:.0} ; {:.0}) hors du territoire EPSG:{}", far.x, far.y, self.srid));
        }
        let geometry = if multi { wkb::multi(geometry) } else { geometry };
        wkb::encode(&geometry, self.srid).map_err(|error| error.to_string())
    }
}

/// Whether a point lies in the territory that a legal system serves, generously.
fn within_territory(srid: u32, at: Coord<f64>) -> bool {
    let (x, y) = match srid {
        // Lambert-93: from the Atlantic to the Rhine and Corsica.
        2154 => (0.0..=1_350_000.0, 5_950_000.0..=7_200_000.0),
        // UTM overseas: eastings around 500 km.
        _ => (0.0..=1_000_000.0, -500_000.0..=10_000_000.0),
    };
    x.contains(&at.x) && y.contains(&at.y)
}

/// Name of a file as reports show it.
#[must_use]
pub fn file_name(path: &std::path::Path) -> String {
    path.file_name()
        .map_or_else(|| PathBuf::from(path).display().to_string(), |name| name.to_string_lossy().into_owned())
}
