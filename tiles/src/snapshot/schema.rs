//! What a layer holds: its kind of shape, its columns, its levels.

use std::hash::Hasher;
use std::ops::RangeInclusive;

use twox_hash::XxHash3_64;

use super::error::SnapshotError;
use super::format::{Reader, put_text};
use super::simplification::Simplification;
use crate::coord::ZOOM_MAX;
use crate::encode::varint;
use crate::geometry::Kind;

/// Columns of a layer, at most.
pub const MAX_COLUMNS: usize = 64;

/// How a column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ColumnType {
    /// Text that many rows share: each once, rows hold its code.
    Dictionary = 1,
    /// Text that is almost everywhere different.
    Text = 2,
    /// Whole number.
    Integer = 3,
    /// Number in 64-bit floating point.
    Decimal = 4,
    /// Yes or no.
    Bool = 5,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// Goes in tiles, when asked for.
    Published = 1,
    /// Tells who may see the row; never goes in a tile.
    Right = 2,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name: the key of the property.
    pub name: String,
    /// How it is kept.
    pub kind: ColumnType,
    /// What it is for.
    pub role: Role,
}

/// What a layer holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    layer: String,
    kind: Kind,
    feature_ids: bool,
    in_one_tile: bool,
    columns: Vec<Column>,
    levels: Vec<(u8, u8)>,
    /// How the levels after the first are made from it; none where each has rows of its own.
    simplification: Option<Simplification>,
}

impl Schema {
    /// A layer of that name and kind, without columns, in full detail at every zoom.
    #[must_use]
    pub fn new(layer: &str, kind: Kind) -> Self {
        Self {
            layer: layer.to_owned(),
            kind,
            feature_ids: false,
            in_one_tile: false,
            columns: Vec::new(),
            levels: vec![(0, ZOOM_MAX)],
            simplification: None,
        }
    }

    /// With the key of each row as the identifier of its feature. Clients in JavaScript read 53 bits of it.
    #[must_use]
    pub fn with_feature_ids(mut self) -> Self {
        self.feature_ids = true;
        self
    }

    /// With each feature in one tile alone, that of the north-west corner of its box, and in no buffer: labels, that would be
    /// written twice.
    #[must_use]
    pub fn in_one_tile(mut self) -> Self {
        self.in_one_tile = true;
        self
    }

    /// With a column that tiles may publish.
    #[must_use]
    pub fn publishes(mut self, name: &str, kind: ColumnType) -> Self {
        self.columns.push(Column { name: name.to_owned(), kind, role: Role::Published });
        self
    }

    /// With a column of rights.
    #[must_use]
    pub fn right(mut self, name: &str) -> Self {
        self.columns.push(Column { name: name.to_owned(), kind: ColumnType::Dictionary, role: Role::Right });
        self
    }

    /// With these levels, each for its zooms; the first is the one of full detail.
    #[must_use]
    pub fn levels(mut self, levels: &[RangeInclusive<u8>]) -> Self {
        self.levels = levels.iter().map(|zooms| (*zooms.start(), *zooms.end())).collect();
        self
    }

    /// With simpler levels made from the first one, each for a zoom, from `from` to the zoom before those of full detail.
    #[must_use]
    pub fn simplified(mut self, from: u8, simplification: Simplification) -> Self {
        self.levels.truncate(1);
        let detail = self.levels.first().map_or(0, |(first, _)| *first);
        self.levels.extend((from..detail).rev().map(|zoom| (zoom, zoom)));
        self.simplification = Some(simplification);
        self
    }

    /// How the levels after the first are made from it.
    #[must_use]
    pub fn simplification(&self) -> Option<&Simplification> {
        self.simplification.as_ref()
    }

    /// Name of the layer.
    #[must_use]
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// What it draws.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Do features have an identifier?
    #[must_use]
    pub fn feature_ids(&self) -> bool {
        self.feature_ids
    }

    /// Is each feature in one tile alone?
    #[must_use]
    pub fn is_in_one_tile(&self) -> bool {
        self.in_one_tile
    }

    /// Its columns, in the order of the cells of a row.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// First and last zoom of each level.
    #[must_use]
    pub fn zooms(&self) -> &[(u8, u8)] {
        &self.levels
    }

    /// The level that draws this zoom.
    #[must_use]
    pub fn level_at(&self, zoom: u8) -> Option<usize> {
        self.levels.iter().position(|(first, last)| (*first..=*last).contains(&zoom))
    }

    /// Whether features may have a property of that name.
    #[must_use]
    pub fn is_published(&self, name: &str) -> bool {
        self.column(name, Role::Published).is_ok()
    }

    /// The column of that name and role.
    pub(crate) fn column(&self, name: &str, role: Role) -> Result<usize, SnapshotError> {
        let found = self.columns.iter().position(|column| column.name == name && column.role == role);
        found.ok_or_else(|| SnapshotError::UnknownColumn(name.to_owned()))
    }

    /// The same layer with one level, of full detail, for all the zooms of this one.
    #[must_use]
    pub fn in_full_detail(&self) -> Self {
        let first = self.levels.iter().map(|(first, _)| *first).min().unwrap_or(0);
        let last = self.levels.iter().map(|(_, last)| *last).max().unwrap_or(ZOOM_MAX);
        Self { levels: vec![(first, last)], simplification: None, ..self.clone() }
    }

    /// Does a row of the other layer have the cells of a row of this one?
    #[must_use]
    pub fn same_rows(&self, other: &Self) -> bool {
        self.layer == other.layer && self.kind == other.kind && self.columns == other.columns
    }

    /// A number that changes with the schema.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        let mut hasher = XxHash3_64::default();
        hasher.write(&bytes);
        hasher.finish()
    }

    /// Refuses what can't be.
    pub(super) fn check(&self) -> Result<(), SnapshotError> {
        let refuse = |reason| Err(SnapshotError::Schema(reason));
        if self.columns.len() > MAX_COLUMNS {
            return refuse("trop de colonnes");
        }
        let names: std::collections::HashSet<&str> = self.columns.iter().map(|column| &*column.name).collect();
        if names.len() < self.columns.len() || names.contains("") {
            return refuse("deux colonnes ont le même nom, ou une n'en a pas");
        }
        if self.columns.iter().any(|column| column.role == Role::Right && column.kind != ColumnType::Dictionary) {
            return refuse("une colonne de droits n'est pas un dictionnaire");
        }
        let mut zooms = self.levels.clone();
        zooms.sort_unstable();
        let ordered = zooms.iter().all(|(first, last)| first <= last && *last <= ZOOM_MAX);
        if zooms.is_empty() || !ordered || zooms.windows(2).any(|pair| pair[0].1 >= pair[1].0) {
            return refuse("les niveaux se chevauchent ou sont vides");
        }
        self.simplification.as_ref().map_or(Ok(()), |simplification| simplification.check(self))
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_text(out, &self.layer);
        out.extend([self.kind as u8, u8::from(self.feature_ids), u8::from(self.in_one_tile)]);
        varint(out, self.columns.len() as u64);
        for column in &self.columns {
            put_text(out, &column.name);
            out.extend([column.kind as u8, column.role as u8]);
        }
        varint(out, self.levels.len() as u64);
        for (first, last) in &self.levels {
            out.extend([*first, *last]);
        }
        out.push(u8::from(self.simplification.is_some()));
        if let Some(simplification) = &self.simplification {
            simplification.write(out);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, SnapshotError> {
        let corrupt = SnapshotError::Corrupt("schéma");
        let layer = reader.text()?.to_owned();
        let [kind, feature_ids, in_one_tile] = reader.array()?;
        let kind = Kind::from_code(kind).ok_or(corrupt)?;
        let mut columns = Vec::new();
        for _ in 0..reader.count(MAX_COLUMNS)? {
            let name = reader.text()?.to_owned();
            let [kind, role] = reader.array()?;
            let kind = match kind {
                1 => ColumnType::Dictionary,
                2 => ColumnType::Text,
                3 => ColumnType::Integer,
                4 => ColumnType::Decimal,
                5 => ColumnType::Bool,
                _ => return Err(SnapshotError::Corrupt("type de colonne")),
            };
            let role = match role {
                1 => Role::Published,
                2 => Role::Right,
                _ => return Err(SnapshotError::Corrupt("rôle de colonne")),
            };
            columns.push(Column { name, kind, role });
        }
        let mut levels = Vec::new();
        for _ in 0..reader.count(usize::from(ZOOM_MAX) + 1)? {
            let [first, last] = reader.array()?;
            levels.push((first, last));
        }
        let simplification = match reader.array()? {
            [0] => None,
            [1] => Some(Simplification::read(reader)?),
            _ => return Err(SnapshotError::Corrupt("schéma")),
        };
        let (feature_ids, in_one_tile) = (feature_ids == 1, in_one_tile == 1);
        let schema = Self { layer, kind, feature_ids, in_one_tile, columns, levels, simplification };
        schema.check()?;
        Ok(schema)
    }
}
