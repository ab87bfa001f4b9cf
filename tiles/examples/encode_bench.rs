//! Measures a snapshot of synthetic parcels: built, opened, its bytes a parcel, and tiles encoded against copying memory.
//!
//! `cargo run --release -p finage-tiles --example encode_bench -- [parcels] [tiles a zoom]`, 1,000,000 and 400 by default.
//! Parcels share their vertices, about ten each; all is seeded, so that two runs measure the same bytes.
#![expect(clippy::print_stdout, reason = "a command that prints what it measures")]
#![expect(clippy::cast_precision_loss, reason = "figures to read")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use finage_tiles::{
    Cell, Check, ColumnType, Geometry, Kind, Layer, Pos, Predicate, Schema, Snapshot, SnapshotWriter, TileCoord,
    TileGrid, TileRequest, TileScratch,
};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// World units of the north-west corner of the parcels, near Arles.
const CORNER: (i64, i64) = (2_200_000_000, 1_560_000_000);
/// World units between two corners of the grid: about 30 m on the ground.
const STEP: i64 = 4_500;
/// Vertices along each side of a parcel, besides its corners.
const BETWEEN: i64 = 2;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>());
    let parcels = arguments.next().transpose()?.unwrap_or(1_000_000);
    let tiles = arguments.next().transpose()?.unwrap_or(400);
    let side = parcels.isqrt().max(1);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("parcelles");

    let began = Instant::now();
    let vertices = build(side, &path)?;
    let built = began.elapsed();
    let rows = f64::from(side) * f64::from(side);
    println!(
        "built    {rows:.0} parcels, {:.1} vertices each, in {:.2} s on {} threads",
        vertices as f64 / rows,
        built.as_secs_f64(),
        rayon::current_num_threads()
    );

    let began = Instant::now();
    drop(Snapshot::open(&path, Check::Everything)?);
    println!("verified in {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
    let began = Instant::now();
    let snapshot = Arc::new(Snapshot::open(&path, Check::Head)?);
    println!("opened   in {:.2} ms", began.elapsed().as_secs_f64() * 1e3);
    println!("bytes    {:.1} a parcel", snapshot.bytes() as f64 / rows);
    for (part, column, bytes) in snapshot.parts().filter(|(.., bytes)| *bytes > 0) {
        println!("         {part:>9} {column:>2} {:>7.2}", bytes as f64 / rows);
    }
    let layer = Layer::new(snapshot);
    for zoom in [13, 14, 15, 16, 17, 18] {
        measure(&layer, zoom, side, tiles)?;
    }
    edit(layer, side)?;
    println!("memory   {}", rss()?);
    Ok(())
}

/// Edits, one at a time, and the tile of each after it.
fn edit(mut layer: Layer, side: u32) -> Result<(), Box<dyn Error>> {
    let edits = 2_000_u32;
    let mut shape = Geometry::new(Kind::Polygon);
    let predicate = Predicate::everything();
    let (mut scratch, mut out) = (<TileScratch>::default(), Vec::new());
    let mut times = Vec::new();
    for edit in 0..edits {
        let place = noise(u64::from(edit));
        let (column, row) = (place % u64::from(side), (place >> 32) % u64::from(side));
        parcel(column.cast_signed(), row.cast_signed(), &mut shape);
        let began = Instant::now();
        let mut change = layer.change()?;
        let cells = [
            Cell::Text("13004000ZZ0001"),
            Cell::Text("000"),
            Cell::Text("ZZ"),
            Cell::Text("1"),
            Cell::Integer(1),
            Cell::Text("public"),
            Cell::Text("13004"),
        ];
        change.put(row << 32 | column, &shape, &cells)?;
        layer = layer.apply(change)?.layer;
        times.push(began.elapsed().as_secs_f64());
        let corner = shape.bounds().min;
        let cell = |units: i64| u32::try_from(units >> (32 - 16)).unwrap_or_default();
        let coord = TileCoord::new(16, cell(corner.x), cell(corner.y))?;
        out.clear();
        layer.tile(&TileRequest::new(coord, &["idu"], &predicate), &mut scratch, &mut out)?;
    }
    times.sort_by(f64::total_cmp);
    let rank = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default() * 1e6;
    println!("edits    {edits}, {} rows pending, p50 {:.0} µs, p99 {:.0} µs", layer.pending(), rank(50), rank(99));
    Ok(())
}

/// Builds the snapshot of side × side parcels; the number of their vertices.
fn build(side: u32, path: &Path) -> Result<u64, Box<dyn Error>> {
    let schema = Schema::new("parcelles", Kind::Polygon)
        .publishes("idu", ColumnType::Text)
        .publishes("prefixe", ColumnType::Dictionary)
        .publishes("section", ColumnType::Dictionary)
        .publishes("numero", ColumnType::Dictionary)
        .publishes("contenance", ColumnType::Integer)
        .right("audience")
        .right("collectivite")
        .levels(&[13..=22]);
    let writer = SnapshotWriter::new(schema)?;
    let vertices: u64 = (0..side)
        .into_par_iter()
        .map(|row| {
            let mut batch = writer.batch(0).map_err(|error| error.to_string())?;
            let mut shape = Geometry::new(Kind::Polygon);
            let mut vertices = 0;
            for column in 0..side {
                parcel(i64::from(column), i64::from(row), &mut shape);
                vertices += shape.points().len() as u64;
                let key = u64::from(row) << 32 | u64::from(column);
                let section = format!("{:02}", (row / 40 * 31 + column / 40) % 97);
                let numero = (row % 40 * 40 + column % 40 + 1).to_string();
                let idu = format!("13{:03}000{section}{:0>4}", (row / 400 * 7 + column / 400) % 1000, numero);
                let cells = [
                    Cell::Text(&idu),
                    Cell::Text("000"),
                    Cell::Text(&section),
                    Cell::Text(&numero),
                    Cell::Integer(i64::try_from(noise(key) % 3_000).unwrap_or_default()),
                    Cell::Text("public"),
                    Cell::Text("13004"),
                ];
                batch.push(key, &shape, &cells).map_err(|error| error.to_string())?;
            }
            writer.add(batch).map_err(|error| error.to_string())?;
            Ok(vertices)
        })
        .sum::<Result<u64, String>>()?;
    writer.finish(path)?;
    Ok(vertices)
}

/// A parcel of the grid: corners and what lies between them are moved by a noise that depends on where they are, so that
/// neighbours share them.
fn parcel(column: i64, row: i64, shape: &mut Geometry) {
    shape.clear(Kind::Polygon);
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)];
    for side in corners.windows(2) {
        for step in 0..=BETWEEN {
            // One vertex of three is left out, for ten a parcel or so.
            let at = |from: i64, to: i64, base: i64| (base + from) * (BETWEEN + 1) + (to - from) * step;
            let (x, y) = (at(side[0].0, side[1].0, column), at(side[0].1, side[1].1, row));
            let drawn = noise(x.cast_unsigned() << 32 | y.cast_unsigned());
            if step > 0 && drawn.is_multiple_of(4) {
                continue;
            }
            let unit = STEP / (BETWEEN + 1);
            let moved = |bits: u64| (bits % 900).cast_signed() - 450;
            shape.push(Pos::new(CORNER.0 + x * unit + moved(drawn >> 8), CORNER.1 + y * unit + moved(drawn >> 32)));
        }
    }
    shape.end_ring();
    shape.end_part();
}

/// Splitmix64.
fn noise(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// Encodes tiles of a zoom, here and there over the parcels, and copies each.
fn measure(layer: &Layer, zoom: u8, side: u32, tiles: u32) -> Result<(), Box<dyn Error>> {
    let extent = i64::from(side) * STEP;
    let coords = (0..u64::from(tiles)).map(|tile| {
        let along = |bits: u64| (bits % extent.unsigned_abs()).cast_signed();
        let (x, y) = (along(noise(tile)), along(noise(!tile)));
        let cell = |units: i64| u32::try_from(units >> (32 - zoom)).unwrap_or_default();
        TileCoord::new(zoom, cell(CORNER.0 + x), cell(CORNER.1 + y))
    });
    let coords: Vec<TileCoord> = coords.collect::<Result<_, _>>()?;
    let predicate = Predicate::everything();
    let fields = ["idu", "prefixe", "section", "numero", "contenance"];
    let mut scratch = <TileScratch>::default();
    let mut out = Vec::new();
    let mut copy = Vec::new();
    let (mut features, mut repaired, mut cut, mut bytes, mut copied) = (0_u64, 0_u64, 0_u64, 0_u64, 0_f64);
    let mut times = Vec::with_capacity(coords.len());
    // Once to bring the file in memory, once to measure.
    for round in 0..2 {
        (features, repaired, cut, bytes, copied) = (0, 0, 0, 0, 0.0);
        times.clear();
        for coord in &coords {
            debug_assert!(TileGrid::new(*coord).zoom() == zoom);
            out.clear();
            let began = Instant::now();
            let stats = layer.tile(&TileRequest::new(*coord, &fields, &predicate), &mut scratch, &mut out)?;
            times.push(began.elapsed().as_secs_f64());
            features += u64::from(stats.features);
            repaired += u64::from(stats.repaired);
            cut += u64::from(stats.cut);
            bytes += black_box(&out).len() as u64;
            // What no encoder can beat: these bytes, from memory to memory.
            copy.clear();
            let began = Instant::now();
            copy.extend_from_slice(black_box(&out));
            copied += began.elapsed().as_secs_f64();
            black_box(&copy);
        }
        black_box(round);
    }
    let total: f64 = times.iter().sum();
    times.sort_by(f64::total_cmp);
    let rank = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default() * 1e3;
    println!(
        "z{zoom}      {:.0} features and {:.0} kB a tile, {:.0} ns a feature, {:.0} MB/s, a copy {:.0} MB/s ({:.0} times less time), \
         p50 {:.2} ms, p99 {:.2} ms, {repaired} repaired, {cut} cut",
        features as f64 / f64::from(tiles),
        bytes as f64 / f64::from(tiles) / 1e3,
        total / features as f64 * 1e9,
        bytes as f64 / total / 1e6,
        bytes as f64 / copied / 1e6,
        total / copied,
        rank(50),
        rank(99),
    );
    Ok(())
}

/// Memory of the process, as the system counts it.
fn rss() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let of = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("?").trim().to_owned();
    Ok(format!("{}, of which files {}", of("VmRSS:"), of("RssFile:")))
}
