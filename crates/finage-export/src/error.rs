//! What can go wrong while a file is written, said in French.

use thiserror::Error;

/// Why a file was not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A name that a GeoPackage or a query could not hold without quoting.
    #[error(
        "« {0} » n'est pas un nom de table ou de colonne : lettres minuscules, chiffres et « _ », 63 au plus, sauf « fid » et « geom »."
    )]
    Nom(String),
    /// Two columns of one name.
    #[error("La colonne « {0} » est donnée deux fois.")]
    Double(String),
    /// A row that does not fit the columns.
    #[error("La ligne {rang} a {donnees} valeurs pour {attendues} colonnes.")]
    Ligne {
        /// Rank of the row, from 1.
        rang: usize,
        /// Values of the row.
        donnees: usize,
        /// Columns of the table.
        attendues: usize,
    },
    /// GeoJSON in another system than WGS 84.
    #[error("Un fichier GeoJSON est en WGS 84 (EPSG:4326), la table est en EPSG:{0}.")]
    Systeme(u32),
    /// A geometry that the format cannot carry.
    #[error("La géométrie de la ligne {0} ne peut être écrite.")]
    Geometrie(usize),
    /// A text that is no decimal.
    #[error("« {0} » n'est pas un nombre décimal.")]
    Decimal(String),
    /// More rows than a spreadsheet shows.
    #[error("Un tableur ne montre que {0} lignes : exportez en CSV ou en GeoPackage, ou restreignez la liste.")]
    TropDeLignes(usize),
    /// A text that Excel would refuse, and the whole file with it.
    #[error(
        "Ligne {rang}, colonne « {colonne} » : le texte dépasse les {limite} caractères d'une cellule XLSX ; exportez en ODS, en CSV ou en GeoPackage."
    )]
    Cellule {
        /// Rank of the row, from 1.
        rang: usize,
        /// The column.
        colonne: String,
        /// Characters that a cell may have.
        limite: usize,
    },
    /// The file could not be written.
    #[error("Le fichier ne peut être écrit : {0}")]
    Io(#[from] std::io::Error),
    /// CSV.
    #[error("Le fichier CSV ne peut être écrit : {0}")]
    Csv(#[from] ::csv::Error),
    /// GeoJSON.
    #[error("Le fichier GeoJSON ne peut être écrit : {0}")]
    Json(#[from] serde_json::Error),
    /// XLSX, ODS.
    #[error("Le classeur ne peut être écrit : {0}")]
    Zip(#[from] zip::result::ZipError),
    /// GeoPackage.
    #[error("Le fichier GeoPackage ne peut être écrit : {0}")]
    Sqlite(#[from] rusqlite::Error),
}
