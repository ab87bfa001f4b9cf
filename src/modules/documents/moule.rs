//! A template ready for any number of rows, and the PDFs that come out of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use finage_documents::{Champs, Donnee, Donnees, Entete, Gabarit, GabaritError};
use finage_manifest::Document;

use super::{DocumentError, Feuille};

/// The logo, as templates name it, before its extension.
const LOGO: &str = "logo-collectivite";

/// What a template is made of.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its text.
    pub(super) texte: String,
    /// Texts that it includes, and pictures.
    pub(super) fichiers: BTreeMap<String, Vec<u8>>,
    /// The logo of the collectivité, a file of this machine.
    pub(super) logo: Option<PathBuf>,
}

/// A template, compiled.
#[derive(Debug, Clone)]
pub struct Moule {
    document: String,
    gabarit: Gabarit,
    logo: Option<String>,
}

impl Moule {
    /// Compiles a template.
    ///
    /// # Errors
    /// It is wrong, with the line.
    pub async fn coule(source: Source, document: &Document) -> Result<Self, DocumentError> {
        let compile = tokio::task::spawn_blocking(move || compile(source));
        let compile = compile.await.map_err(|_| interrompu(document))?;
        let (gabarit, logo) = compile.map_err(|cause| refuse(&document.label, cause))?;
        Ok(Self { document: document.label.clone(), gabarit, logo })
    }

    /// The PDF of a row.
    ///
    /// # Errors
    /// The template and the row do not agree.
    pub async fn rendre(&self, feuille: Feuille) -> Result<Vec<u8>, DocumentError> {
        let ici = self.clone();
        let rendu = tokio::task::spawn_blocking(move || ici.pdf(feuille)).await;
        let interrompu = || GabaritError::Interne("la composition s'est interrompue".to_owned());
        rendu.unwrap_or_else(|_| Err(interrompu())).map_err(|cause| refuse(&self.document, cause))
    }

    /// The same, on this thread.
    ///
    /// # Errors
    /// As the template says it.
    pub(super) fn pdf(&self, feuille: Feuille) -> Result<Vec<u8>, GabaritError> {
        let Feuille { entete, champs, .. } = feuille;
        self.gabarit.rendre(&Donnees::new(entete, self.illustre(champs)))
    }

    /// One PDF of several rows, on this thread.
    ///
    /// # Errors
    /// As the template says it, with the rank of the row.
    pub(super) fn pdf_du_lot(&self, entete: &Entete, feuilles: &[Feuille]) -> Result<Vec<u8>, GabaritError> {
        self.gabarit.rendre_lot(entete, feuilles.iter().map(|feuille| self.illustre(feuille.champs.clone())))
    }

    /// Names the logo to the template, once it was found good.
    fn illustre(&self, mut champs: Champs) -> Champs {
        if let (Some(logo), Some(Donnee::Groupe(collectivite))) = (&self.logo, champs.get_mut("collectivite")) {
            collectivite.insert("logo".to_owned(), logo.as_str().into());
        }
        champs
    }
}

fn compile(source: Source) -> Result<(Gabarit, Option<String>), GabaritError> {
    let Source { texte, fichiers, logo } = source;
    let logo = logo.and_then(|chemin| {
        let extension = chemin.extension()?.to_str()?.to_ascii_lowercase();
        // A WebP has no place in a PDF/A.
        let nom = ["png", "jpg", "jpeg", "svg"].contains(&extension.as_str()).then(|| format!("{LOGO}.{extension}"))?;
        Some((nom, std::fs::read(&chemin).ok()?))
    });
    let Some((nom, octets)) = logo else { return Ok((Gabarit::compile(&texte, fichiers)?, None)) };
    let mut illustres = fichiers.clone();
    illustres.insert(nom.clone(), octets);
    match Gabarit::compile(&texte, illustres) {
        // A logo that no document takes costs no letter.
        Err(GabaritError::Fichier { nom: refuse, raison }) if refuse == nom => {
            tracing::warn!(raison, "le logo de la collectivité n'entre pas dans les documents");
            Ok((Gabarit::compile(&texte, fichiers)?, None))
        }
        autre => Ok((autre?, Some(nom))),
    }
}

pub(super) fn refuse(document: &str, cause: GabaritError) -> DocumentError {
    DocumentError::Gabarit { document: document.to_owned(), cause }
}

pub(super) fn interrompu(document: &Document) -> DocumentError {
    refuse(&document.label, GabaritError::Interne("la composition s'est interrompue".to_owned()))
}
