//! How the levels of a layer below its full detail are made: a rule, and which rows may become one.

use super::error::SnapshotError;
use super::format::{Reader, put_text};
use super::schema::{Column, ColumnType, Schema};
use crate::generalise::{Alone, Rule, Small, ZOOM_MAX};
use crate::geometry::Kind;

/// How simpler levels are made from the rows of full detail.
///
/// Rows are merged only where they agree on every column of rights, whatever the group: none is ever shown to who may not
/// see all that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Simplification {
    /// What is straightened, and what becomes of small areas.
    pub rule: Rule,
    /// What rows that become one have in common; none where all may.
    pub group: Option<Group>,
}

/// What rows that become one have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A published column of text, with a dictionary or not.
    pub column: String,
    /// How many of its first characters are compared; none for all.
    pub characters: Option<u8>,
}

impl Simplification {
    /// Borders made simpler, each row for itself: none is merged nor left out for its size.
    #[must_use]
    pub fn of_borders(tolerance_px: f64) -> Self {
        Self { rule: Rule { tolerance_px, small: Small::Keep }, group: None }
    }

    /// May a shape stand for several rows?
    #[must_use]
    pub fn merges(&self) -> bool {
        matches!(self.rule.small, Small::Merge { .. })
    }

    /// Refuses what can't be done to a layer.
    pub(super) fn check(&self, schema: &Schema) -> Result<(), SnapshotError> {
        let refuse = |reason| Err(SnapshotError::Schema(reason));
        if schema.kind() != Kind::Polygon || schema.is_in_one_tile() {
            return refuse("seules des surfaces se simplifient");
        }
        if self.rule.checked().is_err() {
            return refuse("la règle de simplification a une mesure impossible");
        }
        let one_a_zoom = schema.zooms().windows(2).all(|pair| {
            let [(next, _), (first, last)] = pair else { return false };
            first == last && first + 1 == *next
        });
        if !one_a_zoom || schema.zooms().get(1).is_some_and(|(zoom, _)| *zoom > ZOOM_MAX) {
            return refuse("un niveau simplifié n'est pas celui du zoom qui précède");
        }
        let group = self.group.as_ref().map(|group| schema.columns().iter().find(|column| column.name == group.column));
        let is_text = |column: &Column| matches!(column.kind, ColumnType::Dictionary | ColumnType::Text);
        if group.is_some_and(|column| !column.is_some_and(is_text)) {
            return refuse("le groupe n'est pas une colonne de texte");
        }
        Ok(())
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (code, below, alone) = match self.rule.small {
            Small::Keep => (0_u8, 0.0, 0.0),
            Small::Drop { below_px2 } => (1, below_px2, 0.0),
            Small::Merge { below_px2, alone: Alone::Keep } => (2, below_px2, 0.0),
            Small::Merge { below_px2, alone: Alone::Drop { below_px2: alone } } => (3, below_px2, alone),
        };
        out.push(code);
        for measure in [self.rule.tolerance_px, below, alone] {
            out.extend(measure.to_le_bytes());
        }
        match &self.group {
            None => out.push(0),
            Some(group) => {
                out.extend([1, group.characters.unwrap_or_default()]);
                put_text(out, &group.column);
            }
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, SnapshotError> {
        let [code] = reader.array()?;
        let mut measure = || Ok::<_, SnapshotError>(f64::from_le_bytes(reader.array()?));
        let (tolerance_px, below_px2, alone) = (measure()?, measure()?, measure()?);
        let small = match code {
            0 => Small::Keep,
            1 => Small::Drop { below_px2 },
            2 => Small::Merge { below_px2, alone: Alone::Keep },
            3 => Small::Merge { below_px2, alone: Alone::Drop { below_px2: alone } },
            _ => return Err(SnapshotError::Corrupt("règle de simplification")),
        };
        let group = match reader.array()? {
            [0] => None,
            [1] => {
                let [characters] = reader.array()?;
                let column = reader.text()?.to_owned();
                Some(Group { column, characters: (characters > 0).then_some(characters) })
            }
            _ => return Err(SnapshotError::Corrupt("groupe de simplification")),
        };
        Ok(Self { rule: Rule { tolerance_px, small }, group })
    }
}
