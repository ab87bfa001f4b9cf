//! How much a file may ask of the machine.

/// Bounds on one file; beyond any of them the file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of JSON, once unpacked.
    pub max_bytes: u64,
    /// Bytes of JSON to bytes of gzip; looked at once a mebibyte came out.
    pub max_ratio: u64,
    /// Features in the file.
    pub max_features: u64,
    /// Bytes of one feature; also what may stand before the list of features.
    pub max_feature_bytes: usize,
    /// Objects and arrays within each other.
    pub max_depth: usize,
}

impl Default for Limits {
    /// Wide enough for the parcels of a whole département (about 2 million, 1 GB of JSON, ratio 7 to 12).
    fn default() -> Self {
        Self {
            max_bytes: 8 << 30,
            max_ratio: 200,
            max_features: 20_000_000,
            max_feature_bytes: 32 << 20,
            max_depth: 32,
        }
    }
}
