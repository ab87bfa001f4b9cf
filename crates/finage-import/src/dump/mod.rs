//! A plain dump of PostgreSQL: the rows of its `COPY` blocks and `INSERT`s, read as text; no statement is run.

mod copie;
mod index;
mod instruction;
mod jetons;
mod lignes;
mod table;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use crate::Limites;
use crate::classeur::{Brutes, Esquisse, Source};
use crate::error::{Cause, ImportError};
use instruction::Lecteur;
use table::Table;

const QUOI: &str = "l'export de PostgreSQL";

/// An open dump.
#[derive(Debug)]
pub(crate) struct Dump {
    path: PathBuf,
    tables: Vec<Table>,
    /// What the dump says of itself; UTF-8 when it says nothing.
    encodage: Option<&'static Encoding>,
    limites: Limites,
}

impl Dump {
    /// Reads the file once: where the rows of each table are.
    pub(crate) fn ouvrir(path: &Path, limites: &Limites) -> Result<Self, ImportError> {
        let mut lecteur = Lecteur::new(BufReader::with_capacity(1 << 16, File::open(path)?));
        let index = index::lire(&mut lecteur, limites).map_err(|erreur| erreur.ligne(lecteur.ligne))?;
        let tables = index.tables.into_iter().filter(|table| !table.morceaux.is_empty()).collect();
        Ok(Self { path: path.to_owned(), tables, encodage: index.encodage, limites: limites.clone() })
    }

    pub(crate) fn esquisses(&self) -> Vec<Esquisse> {
        self.tables.iter().map(Table::esquisse).collect()
    }
}

impl Source for Dump {
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError> {
        let table = self.tables.get(feuille).ok_or(Cause::Feuille(feuille))?;
        let fichier = BufReader::with_capacity(1 << 16, File::open(&self.path)?);
        Ok(Box::new(lignes::Lignes::new(fichier, table.clone(), self.encodage, self.limites.clone())))
    }
}

/// Reads the statements of bytes, for who has no file; gives how many tables have rows.
///
/// # Errors
/// What is no dump.
pub fn verifie_dump(octets: &[u8]) -> Result<usize, ImportError> {
    let limites = Limites::default();
    let index = index::lire(&mut Lecteur::new(octets), &limites)?;
    let tables: Vec<Table> = index.tables.into_iter().filter(|table| !table.morceaux.is_empty()).collect();
    for table in &tables {
        let flux = std::io::Cursor::new(octets.to_vec());
        // Each row is one or an error; the last ends.
        lignes::Lignes::new(flux, table.clone(), index.encodage, limites.clone()).for_each(drop);
    }
    Ok(tables.len())
}
