//! A SQLite file from outside: read-only, nothing of its schema trusted, each step counted.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::illisible;
use crate::Limites;
use crate::error::ImportError;

/// Bytes of a value: a geometry is the longest.
pub(super) const MAX_VALEUR: i32 = 64 << 20;
/// Steps of SQLite's machine between two calls of ours.
pub(super) const MAX_PAS: u64 = 1_000_000_000;
const PAS: i32 = 1_000_000;

pub(super) fn ouvrir(path: &Path, limites: &Limites) -> Result<Connection, ImportError> {
    let ouverte = || -> rusqlite::Result<Connection> {
        // Immutable: no journal beside the file is looked for, replayed or made.
        let uri = format!("file:{}?mode=ro&immutable=1", encode(path));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let base = Connection::open_with_flags(uri, flags)?;
        base.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        base.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        base.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        base.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        base.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALEUR)?;
        base.set_limit(
            Limit::SQLITE_LIMIT_COLUMN,
            i32::try_from(limites.colonnes + 10).unwrap_or(i32::MAX).min(2_000),
        )?;
        base.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        base.set_limit(Limit::SQLITE_LIMIT_EXPR_DEPTH, 50)?;
        let mut restent = MAX_PAS / u64::from(PAS.unsigned_abs());
        base.progress_handler(
            PAS,
            Some(move || {
                restent = restent.saturating_sub(1);
                restent == 0
            }),
        );
        base.execute_batch("pragma query_only = on; pragma cell_size_check = on; pragma mmap_size = 0")?;
        Ok(base)
    };
    ouverte().map_err(illisible)
}

/// A name in a statement.
pub(super) fn entre_guillemets(nom: &str) -> String {
    format!("\"{}\"", nom.replace('"', "\"\""))
}

/// A path in a URI.
fn encode(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut uri, octet| {
        if octet.is_ascii_alphanumeric() || b"/._-".contains(octet) {
            uri.push(char::from(*octet));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{octet:02X}");
        }
        uri
    })
}
