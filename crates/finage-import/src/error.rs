//! Why a file or a row is refused: where, what, and what to do, in French.

use std::fmt;

use thiserror::Error;

/// A refusal: its place and its cause.
#[derive(Debug, Error)]
pub struct ImportError {
    /// Where; boxed, for results to stay small.
    pub lieu: Box<Lieu>,
    /// What.
    #[source]
    pub cause: Cause,
}

/// What is wrong with one row. The rows that follow can be read, unless [`ImportError::est_fatale`].
pub type LigneError = ImportError;

/// A place in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lieu {
    /// Name of the file, as its owner knows it.
    pub fichier: String,
    /// Sheet, layer or table.
    pub feuille: Option<String>,
    /// Line, or rank of an object, from 1.
    pub ligne: Option<u64>,
    /// Column.
    pub colonne: Option<String>,
}

/// What is wrong.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Cause {
    /// The system refused.
    #[error("le fichier ne peut être lu ({})", systeme(.0))]
    Io(#[from] std::io::Error),
    /// Nothing to read.
    #[error("il n'y a aucune donnée")]
    Vide,
    /// A format that is not read.
    #[error("{0}")]
    Format(&'static str),
    /// A broken file.
    #[error("{quoi} est illisible : {detail}")]
    Illisible {
        /// The part, with its article.
        quoi: &'static str,
        /// What the reader met.
        detail: String,
    },
    /// A file that stops too early.
    #[error("{0} est incomplet")]
    Tronque(&'static str),
    /// Beyond a bound.
    #[error("{quoi} dépasse la limite de {limite}")]
    TropGros {
        /// What is too big, with its article.
        quoi: &'static str,
        /// The bound.
        limite: u64,
    },
    /// A quotation mark that nothing closes.
    #[error("le guillemet ouvert ici n'est pas refermé, ou son texte dépasse {0} octets")]
    Guillemet(usize),
    /// Bytes that the encoding does not have.
    #[error("le texte n'est pas en {0}")]
    Encodage(&'static str),
    /// A sheet that is not there.
    #[error("il n'y a pas de feuille de rang {0}")]
    Feuille(usize),
    /// More cells than columns.
    #[error("la ligne a {donnees} cellules pour {attendues} colonnes")]
    Largeur {
        /// Cells of the row.
        donnees: usize,
        /// Columns of the sheet.
        attendues: usize,
    },
    /// A cell that a spreadsheet could not compute, or that its type contradicts.
    #[error("la cellule contient « {0} », qui n'est pas une valeur")]
    Cellule(String),
    /// A drawing that says not where it is.
    #[error("le dessin est en coordonnées locales : rien n'y dit où il est")]
    Local,
    /// A geometry that can't be read.
    #[error("la géométrie ne peut être lue : {0}")]
    Geometrie(&'static str),
}

/// What the system says; of what is damaged within the file, in French.
fn systeme(erreur: &std::io::Error) -> String {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match erreur.kind() {
        UnexpectedEof => "il est tronqué".to_owned(),
        InvalidData | InvalidInput => "son contenu compressé est abîmé".to_owned(),
        _ => erreur.to_string(),
    }
}

impl Cause {
    /// What a reader of another's making cannot read: its words are not for people.
    pub(crate) fn abime(quoi: &'static str) -> Self {
        Self::illisible(quoi, "son contenu est abîmé, ou n'est pas de ce format")
    }

    pub(crate) fn illisible(quoi: &'static str, detail: impl fmt::Display) -> Self {
        // What foreign bytes say is cut, so that a sentence stays one.
        Self::Illisible { quoi, detail: detail.to_string().chars().take(200).collect() }
    }

    /// What to do, a sentence.
    #[must_use]
    pub fn remede(&self) -> &'static str {
        match self {
            Self::Io(_) => "Déposez le fichier de nouveau",
            Self::Vide => "Vérifiez que c'est le bon fichier",
            Self::Format(_) => "Enregistrez-le en CSV, XLSX, ODS, GeoPackage, Shapefile (ZIP), GeoJSON ou DXF",
            Self::Illisible { .. } | Self::Tronque(_) => {
                "Ouvrez le fichier dans le logiciel qui l'a produit et enregistrez-le de nouveau"
            }
            Self::TropGros { .. } => "Découpez le fichier, ou retirez ce qui n'est pas à importer",
            Self::Guillemet(_) => "Fermez le guillemet, ou doublez-le s'il fait partie du texte",
            Self::Encodage(_) => "Enregistrez le fichier en UTF-8",
            Self::Feuille(_) => "Choisissez une feuille de la liste",
            Self::Largeur { .. } => "Mettez entre guillemets les textes qui contiennent le séparateur",
            Self::Cellule(_) => "Corrigez la cellule",
            Self::Local => {
                "Dans le logiciel de dessin, calez-le sur le système légal (Lambert-93, ou la zone conique conforme de la commune), par exemple sur les parcelles du cadastre, puis enregistrez-le de nouveau"
            }
            Self::Geometrie(_) => "Réparez l'objet dans le logiciel qui l'a dessiné",
        }
    }
}

impl ImportError {
    /// Whether nothing can be read after it.
    #[must_use]
    pub fn est_fatale(&self) -> bool {
        !matches!(self.cause, Cause::Largeur { .. } | Cause::Cellule(_) | Cause::Geometrie(_))
    }

    pub(crate) fn ligne(mut self, ligne: u64) -> Self {
        self.lieu.ligne.get_or_insert(ligne);
        self
    }

    pub(crate) fn colonne(mut self, colonne: impl Into<String>) -> Self {
        self.lieu.colonne.get_or_insert_with(|| colonne.into());
        self
    }

    pub(crate) fn feuille(mut self, feuille: &str) -> Self {
        self.lieu.feuille.get_or_insert_with(|| feuille.to_owned());
        self
    }

    pub(crate) fn fichier(mut self, fichier: &str) -> Self {
        if self.lieu.fichier.is_empty() {
            fichier.clone_into(&mut self.lieu.fichier);
        }
        self
    }
}

impl<C: Into<Cause>> From<C> for ImportError {
    fn from(cause: C) -> Self {
        Self { lieu: Box::default(), cause: cause.into() }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "« {} »", self.lieu.fichier)?;
        if let Some(feuille) = &self.lieu.feuille {
            write!(f, ", feuille « {feuille} »")?;
        }
        if let Some(ligne) = self.lieu.ligne {
            write!(f, ", ligne {ligne}")?;
        }
        if let Some(colonne) = &self.lieu.colonne {
            write!(f, ", colonne « {colonne} »")?;
        }
        write!(f, " : {}. {}.", self.cause, self.cause.remede())
    }
}
