//! Generalises a layer read from a file, says how long each zoom took, and writes the levels.
//!
//! ```text
//! generalise LAYER.bin OUT_FOLDER FROM_ZOOM TO_ZOOM [MERGE_BELOW_PX2 [DROP_BELOW_PX2]]
//! ```
//!
//! The file holds little-endian 32-bit integers: number of shapes, number of points, then for each shape the end of its only
//! ring in the points, then its group, then the points in world units. A level is written as numbers of shapes, rings and
//! points; the end of each shape in the rings, how many sources it stands for, the end of each ring in the points; the points.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use finage_tiles::generalise::{Alone, Layer, Level, Levels, Role, Rule, Shapes, Small};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder, from, to, measures @ ..] = arguments.as_slice() else {
        return Err("LAYER.bin OUT_FOLDER FROM_ZOOM TO_ZOOM [MERGE_BELOW_PX2 [DROP_BELOW_PX2]]".into());
    };
    let measures = measures.iter().map(|measure| measure.parse()).collect::<Result<Vec<f64>, _>>()?;
    let small = match measures[..] {
        [] => Small::Keep,
        [below_px2] => Small::Merge { below_px2, alone: Alone::Keep },
        [below_px2, drop, ..] => Small::Merge { below_px2, alone: Alone::Drop { below_px2: drop } },
    };
    let mut out = std::io::stdout();
    let start = Instant::now();
    let layer = read(Path::new(input))?;
    writeln!(
        out,
        "{} shapes, {} points, read in {:.2?}",
        layer.shapes.len(),
        layer.shapes.points().len(),
        start.elapsed()
    )?;
    let rule = Rule { tolerance_px: 1.0, small };
    writeln!(out, "{}", rule.sentence(to.parse::<u8>()? + 1, Some("section")))?;
    let mut levels = Levels::new(layer, rule, from.parse()?, to.parse()?)?;
    loop {
        let start = Instant::now();
        let Some(level) = levels.next() else { return Ok(()) };
        writeln!(
            out,
            "z{}: {:.2?}, {} shapes, {} points, {} dropped, {} collapsed, {} repaired, peak {}",
            level.zoom,
            start.elapsed(),
            level.shapes.len(),
            level.shapes.points().len(),
            level.dropped.len(),
            level.collapsed.len(),
            level.repaired,
            peak()
        )?;
        write(&Path::new(folder).join(format!("z{}.bin", level.zoom)), &level)?;
    }
}

fn read(path: &Path) -> Result<Layer, Box<dyn Error>> {
    let bytes = std::fs::read(path)?;
    let number = |index: usize| bytes[4 * index..4 * index + 4].try_into().map(u32::from_le_bytes);
    let (count, points) = (number(0)? as usize, number(1)? as usize);
    let (mut shapes, mut groups) = (Shapes::with_capacity(count, points), Vec::with_capacity(count));
    let mut start = 0;
    for shape in 0..count {
        let end = number(2 + shape)? as usize;
        let point = |index: usize| Ok([number(2 + 2 * count + 2 * index)?, number(3 + 2 * count + 2 * index)?]);
        let ring = (start..end).map(point).collect::<Result<Vec<_>, std::array::TryFromSliceError>>()?;
        shapes.add_ring(ring, Role::Outer);
        shapes.end_shape();
        groups.push(number(2 + count + shape)?);
        start = end;
    }
    Ok(Layer { shapes, groups })
}

fn write(path: &Path, level: &Level) -> std::io::Result<()> {
    let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let (mut shape_ends, mut ring_ends, mut points) = (Vec::new(), Vec::new(), Vec::new());
    for shape in 0..level.shapes.len() {
        for ring in level.shapes.rings(shape) {
            points.extend(ring.iter().flatten().copied());
            ring_ends.push(number(points.len() / 2));
        }
        shape_ends.push(number(ring_ends.len()));
    }
    let sources: Vec<u32> = (0..level.shapes.len()).map(|shape| number(level.sources(shape).len())).collect();
    let header = vec![number(shape_ends.len()), number(ring_ends.len()), number(points.len() / 2)];
    let columns = [header, shape_ends, sources, ring_ends, points];
    std::fs::write(path, columns.into_iter().flatten().flat_map(u32::to_le_bytes).collect::<Vec<u8>>())
}

/// Most memory the process held, as Linux says.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim().to_owned()
}
