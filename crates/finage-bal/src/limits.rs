//! How much a file may ask of the machine.

/// Bounds on one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the file, all of it being held in memory.
    pub max_bytes: u64,
    /// Rows, header aside.
    pub max_rows: u64,
    /// Columns of the header.
    pub max_columns: usize,
    /// Bytes of one field; a longer one is a quote that is never closed.
    pub max_field_bytes: usize,
    /// Anomalies kept one by one; beyond, they are only counted.
    pub max_anomalies: usize,
}

impl Default for Limits {
    /// Wide enough for a whole département (about a million addresses).
    fn default() -> Self {
        Self {
            max_bytes: 512 << 20,
            max_rows: 3_000_000,
            max_columns: 200,
            max_field_bytes: 1 << 14,
            max_anomalies: 10_000,
        }
    }
}
