//! The bytes: archivable and accessible, the same for the same pages.

use std::sync::LazyLock;

use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::erreur::GabaritError;
use crate::monde::Monde;
use crate::phrases;

/// PDF/A-2a (ISO 19005-2: archivable, tagged, every character known) and PDF/UA-1 (ISO 14289-1), checked by the writer
/// at each export: what does not comply is refused.
const NORMES: [PdfStandard; 2] = [PdfStandard::A_2a, PdfStandard::Ua_1];

/// The PDF of a composed document.
pub(crate) fn ecrire(document: &PagedDocument, monde: &Monde) -> Result<Vec<u8>, GabaritError> {
    static STANDARDS: LazyLock<Result<PdfStandards, String>> =
        LazyLock::new(|| PdfStandards::new(&NORMES).map_err(|erreur| erreur.message().to_string()));
    let standards = STANDARDS.clone().map_err(GabaritError::Interne)?;
    let options = PdfOptions { creator: Smart::Custom(Some("Finage".to_owned())), standards, ..PdfOptions::default() };
    typst_pdf::pdf(document, &options).map_err(|erreurs| {
        let defauts = erreurs.iter().take(phrases::DEFAUTS_MAX).map(|erreur| phrases::defaut(erreur, monde));
        GabaritError::Gabarit(defauts.collect())
    })
}
