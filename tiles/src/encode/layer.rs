//! A layer of a tile: its name, its keys, its values and its features.

use super::commands::commands;
use super::format::Format;
use super::protobuf::{BYTES, VARINT, bytes, tag, varint, varint_len};
use super::values::{Value, ValueTable};
use crate::geometry::{Geometry, Kind};
use crate::grid::EXTENT;
use crate::snapshot::StoredRing;

/// A layer being written; its memory serves tile after tile.
#[derive(Debug, Default)]
pub struct Mvt {
    values: ValueTable,
    features: Vec<u8>,
    count: u32,
    tags: Vec<u8>,
    geometry: Vec<u8>,
}

impl Mvt {
    /// Features written so far.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Where the commands of the next feature go; empty.
    #[inline]
    fn commands(&mut self) -> &mut Vec<u8> {
        self.geometry.clear();
        &mut self.geometry
    }

    /// Writes a feature of which the commands are written.
    #[inline]
    fn end_feature(&mut self, id: Option<u64>, kind: Kind) {
        let packed = |content: &Vec<u8>| 1 + varint_len(content.len() as u64) + content.len();
        let tags = if self.tags.is_empty() { 0 } else { packed(&self.tags) };
        let len = id.map_or(0, |id| 1 + varint_len(id)) + tags + 2 + packed(&self.geometry);
        let out = &mut self.features;
        out.reserve(len + 8);
        tag(out, 2, BYTES);
        varint(out, len as u64);
        if let Some(id) = id {
            tag(out, 1, VARINT);
            varint(out, id);
        }
        if tags > 0 {
            bytes(out, 2, &self.tags);
        }
        out.extend_from_slice(&[3 << 3, kind as u8]);
        bytes(out, 4, &self.geometry);
        self.tags.clear();
        self.count += 1;
    }
}

impl Format for Mvt {
    const MEDIA_TYPE: &'static str = "application/vnd.mapbox-vector-tile";

    fn clear(&mut self) {
        self.values.clear();
        self.features.clear();
        self.count = 0;
        self.tags.clear();
    }

    fn bytes(&self) -> usize {
        self.features.len() + self.values.bytes().len()
    }

    fn forget_codes(&mut self) {
        self.values.forget_codes();
    }

    #[inline]
    fn coded<'a, E>(&mut self, code: u64, value: impl FnOnce() -> Result<Value<'a>, E>) -> Result<u32, E> {
        self.values.coded(code, value)
    }

    #[inline]
    fn value(&mut self, value: Value<'_>) -> u32 {
        self.values.push(value)
    }

    #[inline]
    fn text(&mut self, utf8: &[u8]) -> u32 {
        self.values.push_utf8(utf8)
    }

    #[inline]
    fn tag(&mut self, key: u32, value: u32) {
        varint(&mut self.tags, u64::from(key));
        varint(&mut self.tags, u64::from(value));
    }

    fn feature(&mut self, id: Option<u64>, shape: &Geometry) {
        commands(self.commands(), shape);
        self.end_feature(id, shape.kind());
    }

    #[inline]
    fn ring(&mut self, ring: StoredRing<'_>) -> bool {
        ring.write_commands(self.commands())
    }

    #[inline]
    fn end_ring(&mut self, id: Option<u64>) {
        self.end_feature(id, Kind::Polygon);
    }

    fn finish(&self, name: &str, keys: &[&str], out: &mut Vec<u8>) {
        if self.count == 0 {
            return;
        }
        let mut head = Vec::with_capacity(64);
        bytes(&mut head, 1, name.as_bytes());
        let mut tail = Vec::with_capacity(64);
        for key in keys {
            bytes(&mut tail, 3, key.as_bytes());
        }
        let mut last = Vec::with_capacity(8);
        tag(&mut last, 5, VARINT);
        varint(&mut last, EXTENT.unsigned_abs());
        tag(&mut last, 15, VARINT);
        varint(&mut last, 2);
        let parts = [&head[..], &self.features, &tail, self.values.bytes(), &last];
        let len = parts.iter().map(|part| part.len()).sum::<usize>();
        out.reserve(len + 8);
        tag(out, 3, BYTES);
        varint(out, len as u64);
        for part in &parts {
            out.extend_from_slice(part);
        }
    }
}
