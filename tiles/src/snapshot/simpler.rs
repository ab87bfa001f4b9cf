//! The simpler levels of a snapshot, made from its first as it is in the file.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::NO_KEY;
use super::batch::Batch;
use super::cells::Cell;
use super::columns_in::ColumnView;
use super::error::SnapshotError;
use super::head::Head;
use super::level::{LevelParts, LevelView};
use super::level_out::Gathered;
use super::schema::{Role, Schema};
use super::simplification::Simplification;
use crate::generalise::{self, Layer, Level, Levels, Shapes};
use crate::geometry::{Geometry, double_area};
use crate::grid::Pos;

/// Rows or shapes that a thread takes at a time.
const CHUNK: usize = 4096;
/// Chunks whose shapes are held twice, at most.
const CHUNKS: usize = 64;

/// Makes the levels of a snapshot after the first, one at a time.
#[derive(Debug)]
pub struct Simpler {
    schema: Schema,
    detail: LevelParts,
    levels: Levels,
    /// Rank of the next level.
    rank: usize,
}

impl Simpler {
    /// Levels of the snapshot whose bytes, as far as its first level, are `file`.
    ///
    /// # Errors
    /// What is written can't be read, or the layer is too large.
    pub fn new(head: &Head, file: &[u8]) -> Result<Self, SnapshotError> {
        let schema = head.schema.clone();
        let (Some(simplification), [_, (to, _), ..]) = (schema.simplification(), schema.zooms()) else {
            return Err(SnapshotError::Schema("aucun niveau simplifié"));
        };
        let from = schema.zooms().last().map_or(*to, |(zoom, _)| *zoom);
        let detail = LevelParts::find(head, 0)?;
        let view = detail.view(file);
        let layer = Layer { shapes: shapes(&view)?, groups: groups(&schema, simplification, &view)? };
        let levels = Levels::new(layer, simplification.rule, from, *to)?;
        Ok(Self { schema, detail, levels, rank: 1 })
    }

    /// The rows of the next level.
    ///
    /// # Errors
    /// The rows of full detail can't be read in `file`, where they were.
    pub fn next(&mut self, file: &[u8]) -> Result<Gathered, SnapshotError> {
        let level = self.levels.next().ok_or(SnapshotError::Schema("le niveau n'existe pas"))?;
        let detail = self.detail.view(file);
        let (schema, rank) = (&self.schema, self.rank);
        let chunks = 0..level.shapes.len().div_ceil(CHUNK);
        let batches: Vec<Batch> = chunks
            .into_par_iter()
            .map(|chunk| batch(schema, rank, &level, &detail, chunk))
            .collect::<Result<_, _>>()?;
        let mut gathered = Gathered::of(schema);
        let left_out = level.dropped.len() + level.collapsed.len();
        gathered.left_out = u32::try_from(left_out).map_err(|_| SnapshotError::TooLarge("lignes"))?;
        // In the order of chunks, so that the same rows make the same file.
        for mut batch in batches {
            let tables = gathered.codes_of(&batch)?;
            batch.recode(&tables);
            gathered.batches.push(batch);
        }
        self.rank += 1;
        Ok(gathered)
    }
}

/// The shapes of all rows.
fn shapes(view: &LevelView<'_>) -> Result<Shapes, SnapshotError> {
    let mut all = Shapes::default();
    let chunks: Vec<usize> = (0..view.len().div_ceil(CHUNK)).collect();
    for some in chunks.chunks(CHUNKS) {
        let parts = some.par_iter().map(|chunk| {
            let (mut part, mut drawn) = (Shapes::default(), Geometry::new(crate::geometry::Kind::Polygon));
            for row in chunk * CHUNK..view.len().min((chunk + 1) * CHUNK) {
                let bounds = view.bounds(row).ok_or(SnapshotError::Corrupt("emprise"))?;
                view.draw(row, bounds.min, |pos| pos, &mut drawn)?;
                for rings in drawn.parts() {
                    for (rank, ring) in drawn.paths_of(rings).enumerate() {
                        let role = if rank == 0 { generalise::Role::Outer } else { generalise::Role::Hole };
                        part.add_ring(ring.iter().map(|pos| [unit(pos.x), unit(pos.y)]), role);
                    }
                }
                part.end_shape();
            }
            Ok(part)
        });
        for part in parts.collect::<Result<Vec<Shapes>, SnapshotError>>()? {
            all.append(&part);
        }
    }
    Ok(all)
}

/// World units fit in 32 bits, but the eastern and southern edges of the world.
fn unit(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(if value < 0 { 0 } else { u32::MAX })
}

/// The group of each row, a number for each different value; nothing where rows are not merged.
fn groups(schema: &Schema, simplification: &Simplification, view: &LevelView<'_>) -> Result<Vec<u32>, SnapshotError> {
    if !simplification.merges() {
        return Ok(Vec::new());
    }
    let corrupt = || SnapshotError::Corrupt("colonne");
    let group = simplification.group.as_ref().map(|group| {
        let column = view.column(schema.column(&group.column, Role::Published)?).ok_or_else(corrupt)?;
        Ok::<_, SnapshotError>((column, group.characters))
    });
    let group = group.transpose()?;
    let rights = schema.columns().iter().enumerate().filter(|(_, column)| column.role == Role::Right);
    let rights: Vec<ColumnView<'_>> =
        rights.map(|(rank, _)| view.column(rank).ok_or_else(corrupt)).collect::<Result<_, _>>()?;
    let mut numbers: FxHashMap<Vec<u8>, u32> = FxHashMap::default();
    let mut value = Vec::new();
    let number = |row: usize| {
        value.clear();
        for right in &rights {
            value.extend(right.code(row).ok_or_else(corrupt)?.to_le_bytes());
        }
        if let Some((column, characters)) = &group {
            // A row without a value is of a group of its own kind.
            match column.cell(row)? {
                Cell::Text(text) => value.extend_from_slice(start(text, *characters).as_bytes()),
                _ => value.push(0xff),
            }
        }
        if let Some(number) = numbers.get(value.as_slice()) {
            return Ok(*number);
        }
        let number = u32::try_from(numbers.len()).map_err(|_| SnapshotError::TooLarge("groupes"))?;
        numbers.insert(value.clone(), number);
        Ok(number)
    };
    (0..view.len()).map(number).collect()
}

/// The first characters of a text.
fn start(text: &str, characters: Option<u8>) -> &str {
    let end = characters.and_then(|characters| text.char_indices().nth(usize::from(characters)));
    end.map_or(text, |(end, _)| &text[..end])
}

/// Rows for some of the shapes of a level.
fn batch(
    schema: &Schema,
    rank: usize,
    level: &Level,
    detail: &LevelView<'_>,
    chunk: usize,
) -> Result<Batch, SnapshotError> {
    let mut batch = Batch::new(schema, rank)?;
    let mut drawn = Geometry::new(schema.kind());
    let columns = (0..schema.columns().len()).map(|column| detail.column(column));
    let columns: Vec<ColumnView<'_>> = columns.collect::<Option<_>>().ok_or(SnapshotError::Corrupt("colonne"))?;
    let mut cells = Vec::with_capacity(columns.len());
    for shape in chunk * CHUNK..level.shapes.len().min((chunk + 1) * CHUNK) {
        let sources = level.sources(shape);
        draw(&level.shapes, shape, &mut drawn);
        cells.clear();
        for column in &columns {
            cells.push(agreed(column, sources)?);
        }
        batch.push(key(detail, sources)?, &drawn, &cells)?;
    }
    batch.shrink();
    Ok(batch)
}

/// The key of the only row that a shape stands for.
fn key(detail: &LevelView<'_>, sources: &[u32]) -> Result<u64, SnapshotError> {
    match sources {
        [row] => detail.key(*row as usize).ok_or(SnapshotError::Corrupt("clé")),
        _ => Ok(NO_KEY),
    }
}

/// The value of these rows when they all have the same.
fn agreed<'a>(column: &ColumnView<'a>, rows: &[u32]) -> Result<Cell<'a>, SnapshotError> {
    let Some((first, others)) = rows.split_first() else { return Ok(Cell::Null) };
    let value = column.cell(*first as usize)?;
    for row in others {
        if column.cell(*row as usize)? != value {
            return Ok(Cell::Null);
        }
    }
    Ok(value)
}

/// Draws a shape of a level: its outer rings have a positive area, and each is followed by its holes.
fn draw(shapes: &Shapes, shape: usize, out: &mut Geometry) {
    out.clear(crate::geometry::Kind::Polygon);
    let mut ring_points: Vec<Pos> = Vec::new();
    for (rank, ring) in shapes.rings(shape).enumerate() {
        ring_points.clear();
        ring_points.extend(ring.iter().map(|[x, y]| Pos::new(i64::from(*x), i64::from(*y))));
        if rank > 0 && double_area(&ring_points) > 0 {
            out.end_part();
        }
        for pos in &ring_points {
            out.push(*pos);
        }
        out.end_ring();
    }
    out.end_part();
}
