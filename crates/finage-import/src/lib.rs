//! Readers of the tables people bring: CSV, XLSX, ODS, OGC GeoPackage, zipped Shapefile, GeoJSON, DXF, plain dumps of PostgreSQL.
//!
//! [`ouvrir`] recognises a file by its content and describes its sheets; [`Classeur::lire`] streams the rows of one;
//! [`convertir`] turns a cell into the value of a column, the way French people write dates and numbers. Files are
//! hostile until read: [`Limites`] bound bytes, rows, columns, cells, archives; every refusal says where and what to do.
//! Nothing here knows a database, a clock or an environment, and nothing a file holds is ever run.
//!
//! ```
//! use finage_import::{Genre, Options, Valeur, convertir, ouvrir};
//!
//! let dossier = std::env::temp_dir().join(format!("finage-import-{}", std::process::id()));
//! std::fs::create_dir_all(&dossier)?;
//! let path = dossier.join("depots.csv");
//! std::fs::write(&path, "objet;trouvé le;valeur\r\nParapluie;3 mai 2026;1 234,50\r\n")?;
//!
//! let classeur = ouvrir(&path, "depots.csv", &Options::default())?;
//! assert_eq!(classeur.feuilles[0].colonnes[1].genre, Genre::Date);
//! for ligne in classeur.lire(0)? {
//!     let ligne = ligne?;
//!     assert_eq!(ligne.numero, 2);
//!     assert_eq!(convertir(&ligne.valeurs[2], Genre::Decimal)?, Valeur::Decimal("1234.50".into()));
//! }
//! # std::fs::remove_dir_all(&dossier)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod classeur;
mod convertir;
mod csv;
mod dump;
mod dxf;
mod error;
mod geojson;
mod gpkg;
mod ligne;
mod options;
mod reconnaitre;
mod shp;
mod tableur;
mod wkb;

pub use classeur::{Classeur, Colonne, Feuille, GeometrieDe, Lignes, ouvrir};
pub use convertir::{Genre, Instant, Valeur, convertir};
pub use dump::verifie_dump;
pub use dxf::verifie_dxf;
pub use error::{Cause, ImportError, Lieu, LigneError};
pub use geojson::verifie_geojson;
pub use gpkg::geometrie_gpkg;
pub use ligne::{Cellule, Ligne};
pub use options::{Encodage, Limites, Options};
pub use reconnaitre::Format;
pub use wkb::ewkb;
