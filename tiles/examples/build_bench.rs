//! Measures how a layer of parcels is built with its simpler levels: seconds, memory, bytes, and the heaviest tiles of low zooms.
//!
//! ```text
//! psql -c "copy (select idu, prefixe, section, numero::text, contenance::bigint, arpentee,
//!   st_asewkb(st_transform(geom, 3857)) from cadastre.parcelle) to stdout (format binary)" > parcelles.copy
//! cargo run --release -p finage-tiles --example build_bench -- parcelles.copy [FIRST_ZOOM [MERGE_BELOW_PX2]]
//! ```
#![expect(clippy::print_stdout, reason = "a command that prints what it measures")]
#![expect(clippy::cast_precision_loss, reason = "figures to read")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use finage_tiles::generalise::{Alone, Rule, Small};
use finage_tiles::{
    Cell, Check, ColumnType, Group, Kind, Layer, Predicate, Schema, Simplification, Snapshot, SnapshotWriter,
    TileCoord, TileRequest, TileScratch, key_of,
};
use rayon::iter::{ParallelBridge, ParallelIterator};

/// First zoom of full detail.
const DETAIL: u8 = 14;
/// Signature, flags and length of the extension of a binary COPY.
const HEADER: usize = 19;
/// Rows that a thread takes at once.
const ROWS: usize = 4096;
const FIELDS: [&str; 6] = ["idu", "prefixe", "section", "numero", "contenance", "arpentee"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, more @ ..] = arguments.as_slice() else {
        return Err("PARCELLES.copy [FIRST_ZOOM [MERGE_BELOW_PX2]]".into());
    };
    let from = more.first().map_or(Ok(12), |zoom| zoom.parse())?;
    let below_px2 = more.get(1).map_or(Ok(10.0), |area| area.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("parcelles");

    let began = Instant::now();
    let writer = SnapshotWriter::new(schema(from, below_px2))?;
    {
        let bytes = std::fs::read(input)?;
        let mut rows = Rows { bytes: &bytes, at: HEADER };
        std::iter::from_fn(|| Some(rows.by_ref().take(ROWS).collect::<Vec<_>>()).filter(|rows| !rows.is_empty()))
            .par_bridge()
            .try_for_each(|rows| gather(&writer, &rows).map_err(|error| error.to_string()))?;
    }
    println!("gathered in {:.2} s, {}", began.elapsed().as_secs_f64(), memory());
    let began = Instant::now();
    writer.finish(&path)?;
    println!("written  in {:.2} s, {}", began.elapsed().as_secs_f64(), memory());

    let snapshot = Arc::new(Snapshot::open(&path, Check::Everything)?);
    println!("bytes    {}", snapshot.bytes());
    let schema = snapshot.schema().clone();
    for (rank, (zoom, _)) in (0..).zip(schema.zooms()) {
        let rows = snapshot.level(rank).map_or(0, |level| level.len());
        println!("level {rank}: from zoom {zoom}, {rows} rows, {} left out", snapshot.left_out(rank));
    }
    let layer = Layer::new(Arc::clone(&snapshot));
    for zoom in from..=DETAIL {
        for fields in [&FIELDS[..], &FIELDS[1..3], &[]] {
            heaviest(&layer, &snapshot, zoom, fields)?;
        }
    }
    Ok(())
}

fn schema(from: u8, below_px2: f64) -> Schema {
    let rule = Rule { tolerance_px: 1.0, small: Small::Merge { below_px2, alone: Alone::Keep } };
    let group = Some(Group { column: "idu".to_owned(), characters: Some(10) });
    Schema::new("parcelles", Kind::Polygon)
        .publishes("idu", ColumnType::Text)
        .publishes("prefixe", ColumnType::Dictionary)
        .publishes("section", ColumnType::Dictionary)
        .publishes("numero", ColumnType::Dictionary)
        .publishes("contenance", ColumnType::Integer)
        .publishes("arpentee", ColumnType::Bool)
        .levels(&[DETAIL..=22])
        .simplified(from, Simplification { rule, group })
}

fn gather(writer: &SnapshotWriter, rows: &[[Option<&[u8]>; 7]]) -> Result<(), Box<dyn Error>> {
    let mut batch = writer.batch(0)?;
    for row in rows {
        let text = |rank: usize| row[rank].and_then(|bytes| str::from_utf8(bytes).ok()).map_or(Cell::Null, Cell::Text);
        let area = row[4].and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
        let surveyed = row[5].and_then(<[u8]>::first).map(|byte| *byte != 0);
        let cells = [
            text(0),
            text(1),
            text(2),
            text(3),
            area.map_or(Cell::Null, Cell::Integer),
            surveyed.map_or(Cell::Null, Cell::Bool),
        ];
        batch.push_wkb(key_of(row[0].unwrap_or_default()), row[6].unwrap_or_default(), &cells)?;
    }
    Ok(writer.add(batch)?)
}

/// Rows of a binary COPY of seven fields.
struct Rows<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Rows<'_> {
    fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = self.bytes.get(self.at..)?.first_chunk()?;
        self.at += N;
        Some(*taken)
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = [Option<&'a [u8]>; 7];

    fn next(&mut self) -> Option<Self::Item> {
        if i16::from_be_bytes(self.number()?) != 7 {
            return None;
        }
        let mut row = [None; 7];
        for field in &mut row {
            if let Ok(length) = usize::try_from(i32::from_be_bytes(self.number()?)) {
                *field = Some(self.bytes.get(self.at..self.at + length)?);
                self.at += length;
            }
        }
        Some(row)
    }
}

/// The heaviest of the tiles of a zoom with these properties, uncompressed, and how they are on average.
fn heaviest(layer: &Layer, snapshot: &Snapshot, zoom: u8, fields: &[&str]) -> Result<(), Box<dyn Error>> {
    let (_, level) = snapshot.level_at(zoom).ok_or("no level")?;
    let bounds = (0..level.len()).filter_map(|row| level.bounds(row));
    let tiles: BTreeSet<(i64, i64)> = bounds.map(|row| (row.min.x >> (32 - zoom), row.min.y >> (32 - zoom))).collect();
    let (predicate, mut scratch, mut out) = (Predicate::everything(), <TileScratch>::default(), Vec::new());
    let (mut bytes, mut most, mut repaired) = (0, 0, 0);
    let began = Instant::now();
    for (x, y) in &tiles {
        out.clear();
        let coord = TileCoord::new(zoom, u32::try_from(*x)?, u32::try_from(*y)?)?;
        repaired += layer.tile(&TileRequest::new(coord, fields, &predicate), &mut scratch, &mut out)?.repaired;
        bytes += out.len();
        most = most.max(out.len());
    }
    println!(
        "z{zoom}, {} properties: {} tiles, {:.0} kB on average, {:.0} kB at most, {:.2} ms each, {repaired} repaired",
        fields.len(),
        tiles.len(),
        bytes as f64 / tiles.len() as f64 / 1e3,
        most as f64 / 1e3,
        began.elapsed().as_secs_f64() * 1e3 / tiles.len() as f64,
    );
    Ok(())
}

/// Memory of the process and the most it was, as Linux says.
fn memory() -> String {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let of = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("?").trim().to_owned();
    format!("memory {} of which files {}, peak {}", of("VmRSS:"), of("RssFile:"), of("VmHWM:"))
}
