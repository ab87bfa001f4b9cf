//! A file that a job made.

use super::names::file_name;

/// A file, on its way to the database.
#[derive(Debug, Clone)]
pub struct Piece {
    pub(super) nom: String,
    pub(super) genre: String,
    pub(super) contenu: Vec<u8>,
    pub(super) livree: bool,
}

impl Piece {
    /// A file delivered to whoever asked; `nom` is made a plain file name, `genre` is its MIME type.
    #[must_use]
    pub fn new(nom: &str, genre: &str, contenu: Vec<u8>) -> Self {
        Self { nom: file_name(nom), genre: genre.to_owned(), contenu, livree: true }
    }

    /// The same, kept only for the job itself (see [`super::Context::read`]) and erased when it ends.
    #[must_use]
    pub fn intermediate(mut self) -> Self {
        self.livree = false;
        self
    }
}
