//! What a format of tiles is to the engine.

use super::values::Value;
use crate::geometry::Geometry;
use crate::snapshot::StoredRing;

/// A format of tiles: it takes the features of a layer one by one, and gives the layer's bytes; its memory serves tile after tile.
///
/// A feature is tags, then a shape. Layers of a tile are written one after the other.
pub trait Format: Default {
    /// What `Content-Type` says of its tiles.
    const MEDIA_TYPE: &'static str;

    /// Forgets all that was written.
    fn clear(&mut self);

    /// Bytes of what was written so far, or a little less.
    fn bytes(&self) -> usize;

    /// Codes mean other values from now on; values stay.
    fn forget_codes(&mut self);

    /// The index of the value of this code, which `value` gives when it was not written yet.
    ///
    /// # Errors
    /// Those of `value`.
    fn coded<'a, E>(&mut self, code: u64, value: impl FnOnce() -> Result<Value<'a>, E>) -> Result<u32, E>;

    /// The index of a value written anew.
    fn value(&mut self, value: Value<'_>) -> u32;

    /// The index of a text written anew; the bytes are UTF-8.
    fn text(&mut self, utf8: &[u8]) -> u32;

    /// Gives the next feature the value of this index under the key of this rank among the layer's.
    fn tag(&mut self, key: u32, value: u32);

    /// Writes a feature with the tags given since the last one. The shape is in units of the tile and is not empty.
    fn feature(&mut self, id: Option<u64>, shape: &Geometry);

    /// Takes a polygon of one ring as it is stored, for who writes it in one pass: the feature is ended by [`Self::end_ring`], once
    /// it has its tags. `false`, with nothing taken, for a ring that is to be given as a shape.
    fn ring(&mut self, ring: StoredRing<'_>) -> bool;

    /// Ends the feature whose ring was taken.
    fn end_ring(&mut self, id: Option<u64>);

    /// Appends the layer to a tile, when it has a feature.
    fn finish(&self, name: &str, keys: &[&str], out: &mut Vec<u8>);
}
