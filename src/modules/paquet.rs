//! A module in one file, to give and to take: a ZIP of its folder, the same for the same files, with its digest.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use finage_manifest::{Fault, Folder, MAX_FILE, MAX_FOLDER, Module};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// The end of the name of a packed module.
pub const EXTENSION: &str = "finage-module";
/// What says of which module the file is.
const ETIQUETTE: &str = "finage-module.json";
/// Files of a packed module at most, its label apart.
const MAX_FILES: usize = 2_000;
/// Longest label, bytes.
const MAX_ETIQUETTE: u64 = 64 << 10;

/// Why a module is not packed, or a packed one not taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PaquetError {
    /// Not a packed module.
    #[error("ce fichier n'est pas un module emballé par « finage module pack » : {0}")]
    Illisible(String),
    /// Its content is not what its label says.
    #[error("ce fichier a été modifié depuis qu'il a été emballé : son empreinte n'est plus celle de son contenu")]
    Empreinte,
    /// Its files are wrong.
    #[error("le module emballé est refusé :\n{}", .0.iter().map(|cause| format!("  {cause}")).collect::<Vec<_>>().join("\n"))]
    Fautes(Vec<Fault>),
    /// No folder to put it in.
    #[error("où ranger ce module ? Donnez un dossier par le réglage modules_dir (FINAGE_MODULES_DIR)")]
    SansDossier,
    /// The disk refused.
    #[error("{0} ne s'écrit pas : {1}")]
    Disque(String, std::io::Error),
}

/// What a packed module says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Etiquette {
    /// Version of the manifest's language.
    pub engine: u32,
    /// Identifier.
    pub id: String,
    /// Version of the module.
    pub version: String,
    /// Name shown.
    pub label: String,
    /// SHA-256 of its folder.
    pub sha256: String,
}

/// The file of a module.
///
/// # Errors
/// It cannot be compressed.
pub fn emballe(module: &Module) -> Result<Vec<u8>, PaquetError> {
    let etiquette = Etiquette {
        engine: module.file.engine,
        id: module.id().to_owned(),
        version: module.file.version.clone(),
        label: module.file.label.clone(),
        sha256: module.folder.digest(),
    };
    let etiquette = serde_json::to_vec_pretty(&etiquette).map_err(|error| PaquetError::Illisible(error.to_string()))?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // No date and no rights: the same folder makes the same file on every machine.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let fichiers = std::iter::once((ETIQUETTE.to_owned(), etiquette.as_slice()))
        .chain(module.folder.iter().map(|(place, octets)| (format!("{}/{place}", module.id()), octets)));
    for (place, octets) in fichiers {
        zip.start_file(place, options).map_err(illisible)?;
        zip.write_all(octets).map_err(|error| PaquetError::Illisible(error.to_string()))?;
    }
    Ok(zip.finish().map_err(illisible)?.into_inner())
}

/// What the ZIP reader complains of, in French.
#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn illisible(error: ZipError) -> PaquetError {
    let dit = match error {
        ZipError::InvalidArchive(_) | ZipError::Io(_) => "il est tronqué ou abîmé",
        ZipError::UnsupportedArchive(_) => "il est compressé ou chiffré d'une façon que Finage ne lit pas",
        _ => "il est incomplet",
    };
    PaquetError::Illisible(dit.to_owned())
}

/// The module of a file: bounded, every path within its folder, its digest checked.
///
/// # Errors
/// Not a packed module, or one that was changed, or everything wrong in it.
pub fn deballe(octets: &[u8]) -> Result<Module, PaquetError> {
    let dit = |message: &str| PaquetError::Illisible(message.to_owned());
    let mut zip = ZipArchive::new(Cursor::new(octets)).map_err(illisible)?;
    if zip.len() > MAX_FILES + 1 {
        return Err(dit("il a trop de fichiers"));
    }
    let mut lue = Vec::new();
    let premiere = zip.by_name(ETIQUETTE).map_err(|_| dit("il n'a pas d'étiquette"))?;
    premiere.take(MAX_ETIQUETTE).read_to_end(&mut lue).map_err(|_| dit("son étiquette est abîmée"))?;
    let etiquette: Etiquette = serde_json::from_slice(&lue).map_err(|_| dit("son étiquette ne se lit pas"))?;
    let (mut fichiers, mut total) = (BTreeMap::new(), 0_u64);
    for rang in 0..zip.len() {
        let fichier = zip.by_index(rang).map_err(illisible)?;
        let nom = fichier.name().to_owned();
        if nom == ETIQUETTE {
            continue;
        }
        let place = nom.strip_prefix(&format!("{}/", etiquette.id)).filter(|place| sure(place));
        let place = place.ok_or_else(|| dit("un de ses fichiers sort du dossier du module"))?.to_owned();
        // What is announced is not believed: what is read is counted.
        let reste = (MAX_FOLDER as u64).saturating_sub(total).min(MAX_FILE as u64);
        let mut contenu = Vec::new();
        fichier.take(reste + 1).read_to_end(&mut contenu).map_err(|_| dit("un de ses fichiers est abîmé"))?;
        total += contenu.len() as u64;
        if contenu.len() as u64 > reste {
            return Err(dit("il est trop grand : 8 Mio par fichier, 64 Mio en tout"));
        }
        if fichiers.insert(place, contenu).is_some() {
            return Err(dit("un de ses fichiers est là deux fois"));
        }
    }
    let folder = Folder::new(fichiers).map_err(|faute| PaquetError::Fautes(vec![faute]))?;
    if folder.digest() != etiquette.sha256 {
        return Err(PaquetError::Empreinte);
    }
    let module = Module::read(folder).map_err(PaquetError::Fautes)?;
    if module.id() == etiquette.id { Ok(module) } else { Err(PaquetError::Empreinte) }
}

/// Whether a path stays in its folder, and is one that a folder would have been read by.
fn sure(place: &str) -> bool {
    let parties: Vec<&str> = place.split('/').collect();
    (1..=5).contains(&parties.len())
        && !place.contains(['\\', '\0', ':'])
        && parties.iter().all(|partie| !partie.is_empty() && !partie.starts_with('.') && partie.len() <= 200)
}

/// A module put in the folder of modules; the one that it replaces comes back unless this is kept.
#[derive(Debug)]
pub struct Pose {
    ici: PathBuf,
    ancien: Option<PathBuf>,
    garde: bool,
}

/// Puts the files of a module in the folder of modules, in place of those that are there.
///
/// # Errors
/// The disk refused; what was there is there again.
pub fn pose(dossier: &Path, module: &Module) -> Result<Pose, PaquetError> {
    let refuse = |place: &Path, cause| PaquetError::Disque(place.display().to_string(), cause);
    let (ici, neuf) = (dossier.join(module.id()), dossier.join(format!(".{}.nouveau", module.id())));
    let ancien = dossier.join(format!(".{}.ancien", module.id()));
    for reste in [&neuf, &ancien] {
        if reste.exists() {
            fs::remove_dir_all(reste).map_err(|cause| refuse(reste, cause))?;
        }
    }
    for (place, octets) in module.folder.iter() {
        let place = neuf.join(place);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(|cause| refuse(parent, cause))?;
        }
        fs::write(&place, octets).map_err(|cause| refuse(&place, cause))?;
    }
    let la = ici.exists();
    if la {
        fs::rename(&ici, &ancien).map_err(|cause| refuse(&ici, cause))?;
    }
    let pose = Pose { ici: ici.clone(), ancien: la.then_some(ancien), garde: false };
    fs::rename(&neuf, &ici).map_err(|cause| refuse(&ici, cause))?;
    Ok(pose)
}

impl Pose {
    /// Keeps what was put. Hidden files of the folder before it, an editor's or a history's, come along; the rest of it stays
    /// beside, hidden, until the next time.
    ///
    /// # Errors
    /// A hidden file cannot be moved; all of them stay beside then.
    pub fn garde(mut self) -> Result<(), PaquetError> {
        self.garde = true;
        let Some(ancien) = &self.ancien else { return Ok(()) };
        let refuse = |cause| PaquetError::Disque(self.ici.display().to_string(), cause);
        for entree in fs::read_dir(ancien).map_err(refuse)?.flatten() {
            if entree.file_name().to_string_lossy().starts_with('.') {
                fs::rename(entree.path(), self.ici.join(entree.file_name())).map_err(refuse)?;
            }
        }
        Ok(())
    }
}

impl Drop for Pose {
    fn drop(&mut self) {
        if self.garde {
            return;
        }
        let _ = fs::remove_dir_all(&self.ici);
        if let Some(ancien) = &self.ancien {
            let _ = fs::rename(ancien, &self.ici);
        }
    }
}
