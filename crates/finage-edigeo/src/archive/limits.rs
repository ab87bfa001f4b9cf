//! Bounds on what an archive may cost, so that a hostile one stops early.

/// Bounds checked while an archive unpacks, in memory.
///
/// The defaults leave an order of magnitude above the largest real feuilles (about 5 MB unpacked, ratio 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest archive as delivered, bytes.
    pub max_compressed_bytes: u64,
    /// Largest sum of what unpacks from one archive (or of the files of one lot in a folder), bytes.
    pub max_total_bytes: u64,
    /// Largest single file, bytes.
    pub max_file_bytes: u64,
    /// Most entries in one archive.
    pub max_entries: usize,
    /// Most unpacked bytes for one compressed byte, a first mebibyte aside.
    pub max_ratio: u64,
    /// Most files looked at in a folder, its sub-folders included.
    pub max_folder_entries: usize,
    /// Deepest nesting of folders.
    pub max_folder_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_compressed_bytes: 64 << 20,
            max_total_bytes: 256 << 20,
            max_file_bytes: 128 << 20,
            max_entries: 64,
            max_ratio: 200,
            max_folder_entries: 100_000,
            max_folder_depth: 4,
        }
    }
}
