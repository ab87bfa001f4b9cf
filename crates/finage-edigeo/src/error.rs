//! What can make a whole file or archive unreadable, each said in one French sentence.

use std::io;
use std::path::PathBuf;

/// Why an archive or one of its lots is refused as a whole.
///
/// Every message names the archive, the file inside it and, when there is one, the line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EdigeoError {
    /// The archive, the folder or one of its files cannot be read from the disk.
    #[error("« {} » : lecture impossible ({source}).", path.display())]
    Unreadable {
        /// What was being read.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Neither bzip2 nor tar nor a folder.
    #[error("« {archive} » n'est ni une archive .tar.bz2 ou .tar ni un dossier EDIGEO.")]
    NotAnArchive {
        /// Name of the file.
        archive: String,
    },
    /// The archive is truncated or damaged.
    #[error("« {archive} » : archive tronquée ou abîmée ; téléchargez-la de nouveau.")]
    DamagedArchive {
        /// Name of the archive.
        archive: String,
        /// What the decompressor met.
        cause: String,
    },
    /// A bound on size, number or ratio is passed (see [`crate::Limits`]).
    #[error("« {archive} » : {excess} ; l'archive est refusée.")]
    LimitExceeded {
        /// Name of the archive.
        archive: String,
        /// Which bound, with its value.
        excess: Excess,
    },
    /// A link, a device, an absolute path or a path that climbs out.
    #[error("« {archive} » : l'entrée « {entry} » est refusée ({reason}).")]
    ForbiddenEntry {
        /// Name of the archive.
        archive: String,
        /// The entry's path as written in the archive.
        entry: String,
        /// Why.
        reason: Refusal,
    },
    /// No `.THF` file: nothing names a lot.
    #[error("« {archive} » : aucun lot EDIGEO (fichier .THF absent).")]
    NoLot {
        /// Name of the archive.
        archive: String,
    },
    /// The THF names files that are not there.
    #[error("« {archive} » : lot {lot} incomplet, fichier(s) absent(s) : {}.", files.join(", "))]
    MissingFiles {
        /// Name of the archive.
        archive: String,
        /// Name of the lot (LON).
        lot: String,
        /// Names of the absent files.
        files: Vec<String>,
    },
    /// A `.VEC` of the lot lies beside the THF, which does not name it.
    #[error("« {archive} » : le fichier « {file} » du lot {lot} n'est pas nommé par le THF.")]
    UnlistedFile {
        /// Name of the archive.
        archive: String,
        /// Name of the lot (LON).
        lot: String,
        /// Name of the file.
        file: String,
    },
    /// A file of the lot breaks the format.
    #[error("« {archive} », fichier « {file} », ligne {line} : {cause}.")]
    Corrupt {
        /// Name of the archive.
        archive: String,
        /// Name of the file in the lot.
        file: String,
        /// Line number, from 1.
        line: u32,
        /// What is wrong there.
        cause: Corruption,
    },
}

/// Which bound an archive passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Excess {
    /// Compressed size, bytes.
    #[error("fichier de plus de {0} octets")]
    Compressed(u64),
    /// Total unpacked size, bytes.
    #[error("plus de {0} octets une fois dépliée")]
    Total(u64),
    /// Size of one file, bytes.
    #[error("un fichier de plus de {0} octets")]
    File(u64),
    /// Number of entries.
    #[error("plus de {0} fichiers")]
    Entries(usize),
    /// Unpacked bytes for one compressed byte.
    #[error("taux de compression supérieur à {0} pour 1")]
    Ratio(u64),
    /// Depth of folders.
    #[error("dossiers imbriqués sur plus de {0} niveaux")]
    Depth(usize),
}

/// Why an entry of an archive or of a folder is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Symbolic or hard link.
    #[error("un lien n'est pas admis")]
    Link,
    /// Device, pipe, sparse file...
    #[error("seuls les fichiers ordinaires sont admis")]
    NotRegular,
    /// Absolute path.
    #[error("chemin absolu")]
    Absolute,
    /// `..` in the path.
    #[error("le chemin remonte par « .. »")]
    Climbs,
    /// Two entries of the same name, letter case aside.
    #[error("deux fichiers portent ce nom")]
    Twice,
}

/// What breaks the format at one line of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Corruption {
    /// Longer than any EDIGEO line.
    #[error("ligne de plus de {0} octets")]
    LongLine(usize),
    /// Not `CCCVFNN:value`.
    #[error("en-tête de rubrique illisible")]
    Header,
    /// The value's length is not the declared one.
    #[error("rubrique {code} : {declared} caractères annoncés, {found} trouvés")]
    Length {
        /// Code of the record.
        code: String,
        /// NN of the header.
        declared: usize,
        /// Bytes really there.
        found: usize,
    },
    /// The file does not begin with BOMT and its own name.
    #[error("marque de début « BOMT {expected} » attendue")]
    Begin {
        /// File name that BOMT should carry.
        expected: String,
    },
    /// No EOMT: the file is cut.
    #[error("marque de fin EOMT absente, fichier tronqué")]
    End,
    /// Something follows EOMT.
    #[error("données après la marque de fin EOMT")]
    AfterEnd,
    /// A character set other than IRV and ISO-8859-1.
    #[error("jeu de caractères « {0} » inconnu")]
    Charset(String),
    /// A value that must be plain ASCII is not.
    #[error("rubrique {0} : caractère interdit")]
    Character(String),
    /// A record stands where it must not.
    #[error("rubrique {0} inattendue")]
    Unexpected(String),
    /// A record the block must have is absent.
    #[error("rubrique {0} absente du bloc")]
    Absent(&'static str),
    /// A kind of block unknown there.
    #[error("bloc « {0} » inconnu")]
    Block(String),
    /// A counter does not agree with what follows.
    #[error("{code} annonce {declared} élément(s), {found} trouvé(s)")]
    Count {
        /// Code of the counter (ATC, PTC, FTC...).
        code: &'static str,
        /// Announced.
        declared: usize,
        /// Found.
        found: usize,
    },
    /// An integer, a real or a pair of coordinates cannot be read.
    #[error("rubrique {0} : nombre illisible")]
    Number(String),
    /// A reference is not `lot;sous-ensemble;nature;identifiant`.
    #[error("référence « {0} » illisible")]
    Reference(String),
    /// A reference names another lot.
    #[error("référence au lot « {0} », étranger à celui-ci")]
    ForeignLot(String),
    /// A reference names something the SCD does not describe.
    #[error("« {0} » n'est pas décrit par le SCD")]
    Undescribed(String),
    /// A link's own name contradicts what it links.
    #[error("le lien « {0} » ne relie pas ce que dit son nom")]
    LinkName(String),
    /// Two blocks of one kind carry one identifier.
    #[error("identifiant « {0} » donné deux fois")]
    Duplicate(String),
    /// The REL code of the .GEO is not in our table.
    #[error("système de coordonnées « {0} » inconnu")]
    Crs(String),
    /// More elements than a sound file can hold.
    #[error("plus de {0} éléments")]
    TooMany(usize),
}

/// A corruption and its line, before the file and the archive are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At {
    pub line: u32,
    pub cause: Corruption,
}

impl At {
    pub fn new(line: u32, cause: Corruption) -> Self {
        Self { line, cause }
    }

    pub fn within(self, archive: &str, file: &str) -> EdigeoError {
        EdigeoError::Corrupt { archive: archive.to_owned(), file: file.to_owned(), line: self.line, cause: self.cause }
    }
}
