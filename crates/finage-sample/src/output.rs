//! Every file of the samples, in memory: what the program writes and what the tests compare.

use std::path::Path;

use crate::projection::Projection;
use crate::{SampleError, Town, bal, defects, edigeo, etalab};

/// A file of the samples: path under the samples' folder, bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFile {
    /// Relative path, `/` between folders.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// All files of a town, in a fixed order.
///
/// # Errors
/// [`SampleError`] when a projection or a compression fails.
pub fn files(town: &Town) -> Result<Vec<SampleFile>, SampleError> {
    let mut out = Vec::new();
    let degrees = Projection::from_lambert93(4326)?;
    for commune in &town.communes {
        for (layer, features) in etalab::layers(commune) {
            let name = etalab::file_name(&commune.insee, layer);
            let bytes = etalab::gzip(etalab::to_text(&features, &degrees)?.as_bytes());
            out.push(SampleFile { path: format!("etalab/{name}"), bytes });
        }
        for (index, feuille) in commune.feuilles.iter().enumerate() {
            let name = edigeo::archive_name(commune, feuille);
            let bytes = edigeo::archive(&name, &edigeo::lot_files(commune, index)?)?;
            out.push(SampleFile { path: format!("edigeo/{}/{name}", commune.insee), bytes });
        }
        let bytes = bal::to_text(town.seed, commune)?.into_bytes();
        out.push(SampleFile { path: format!("bal/{}", bal::file_name(&commune.insee)), bytes });
    }
    out.extend(defects::files(town)?);
    Ok(out)
}

/// Writes the files under a folder, making the folders they need.
///
/// # Errors
/// [`SampleError::Write`] naming the file that could not be written.
pub fn write(folder: &Path, files: &[SampleFile]) -> Result<(), SampleError> {
    for file in files {
        let path = folder.join(&file.path);
        let fail = |source| SampleError::Write { path: path.display().to_string(), source };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(fail)?;
        }
        std::fs::write(&path, &file.bytes).map_err(fail)?;
    }
    Ok(())
}
