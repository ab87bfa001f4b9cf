//! All that the engine may ask for while it composes: a few texts, a few files, two fonts, one date.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

use crate::erreur::GabaritError;
use crate::noms;
use crate::polices::Polices;
use crate::texte::Texte;

/// What a template is made of, read and checked: shared by all its documents.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Number of the template among the texts.
    pub(crate) principal: FileId,
    /// The template and what it includes.
    pub(crate) textes: HashMap<FileId, Texte>,
    /// Pictures.
    pub(crate) fichiers: HashMap<FileId, Bytes>,
    /// Our functions.
    pub(crate) finage: Source,
}

/// The world of one document.
pub(crate) struct Monde {
    /// Texts and files.
    pub(crate) piece: Arc<Piece>,
    /// Functions and data.
    pub(crate) library: LazyHash<Library>,
    /// Day of the document.
    pub(crate) date: Datetime,
}

impl Monde {
    /// A text that its author can see.
    pub(crate) fn texte(&self, id: FileId) -> Option<&Texte> {
        self.piece.textes.get(&id)
    }
}

/// Our functions for templates, as a text of the engine.
pub(crate) fn finage() -> Result<Source, GabaritError> {
    static FINAGE: LazyLock<Result<Source, GabaritError>> =
        LazyLock::new(|| noms::accepter(noms::FINAGE).map(|id| Source::new(id, include_str!("finage.typ").to_owned())));
    FINAGE.clone()
}

impl World for Monde {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &Polices::embarquees().livre
    }

    fn main(&self) -> FileId {
        self.piece.principal
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.piece.finage.id() {
            return Ok(self.piece.finage.clone());
        }
        self.piece.textes.get(&id).map(|texte| texte.source.clone()).ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.piece.fichiers.get(&id).cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        Polices::embarquees().polices.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        Some(self.date)
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.vpath().get_without_slash()))
}
