//! What a caller may say of a file, and how far a file may go.

/// How a file is read; what is not said is guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Bounds.
    pub limites: Limites,
    /// Separator of a CSV: `;`, `,`, tabulation or `|`.
    pub separateur: Option<u8>,
    /// Encoding of a CSV.
    pub encodage: Option<Encodage>,
    /// Line that names the columns of a CSV or a spreadsheet, from 1; without it they are « colonne_1 », « colonne_2 »...
    pub entete: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { limites: Limites::default(), separateur: None, encodage: None, entete: Some(1) }
    }
}

/// Encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encodage {
    /// UTF-8.
    Utf8,
    /// Windows-1252, which holds all of ISO 8859-1 that people write.
    Windows1252,
    /// UTF-16, least significant byte first.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
}

/// Bounds of what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limites {
    /// Bytes of the file.
    pub octets: u64,
    /// Rows of a sheet.
    pub lignes: u64,
    /// Columns of a sheet.
    pub colonnes: usize,
    /// Bytes of a cell.
    pub cellule: usize,
    /// Bytes of all cells of a row: many may share one text.
    pub ligne: usize,
    /// Sheets of a file.
    pub feuilles: usize,
    /// Bytes of a geometry, and of what describes it in the file.
    pub geometrie: usize,
    /// Members of an archive.
    pub membres: usize,
    /// Bytes of all members of an archive, decompressed.
    pub decompresse: u64,
    /// Bytes decompressed for one compressed, beyond the first ten mebibytes.
    pub ratio: u64,
    /// Bytes that must be kept in memory at once: shared texts of an XLSX.
    pub memoire: usize,
}

impl Default for Limites {
    fn default() -> Self {
        Self {
            octets: 512 << 20,
            lignes: 5_000_000,
            colonnes: 500,
            cellule: 1 << 20,
            ligne: 16 << 20,
            feuilles: 1_000,
            geometrie: 16 << 20,
            membres: 10_000,
            decompresse: 4 << 30,
            ratio: 250,
            memoire: 256 << 20,
        }
    }
}
