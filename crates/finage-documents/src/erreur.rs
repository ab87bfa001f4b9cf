//! What can go wrong, said to who wrote the template or asked for the document.

/// A defect of a template, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaut {
    /// The file beside the template where the defect is; nothing for the template itself.
    pub fichier: Option<String>,
    /// Line and column from 1; nothing when the defect has no place (the PDF as a whole).
    pub place: Option<(usize, usize)>,
    /// What is wrong, in French.
    pub phrase: String,
    /// Typst's own words and advice, in English; empty when the refusal is ours.
    pub typst: String,
}

impl std::fmt::Display for Defaut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.phrase)?;
        match (&self.fichier, self.place) {
            (Some(fichier), Some((ligne, colonne))) => write!(f, " ({fichier}, ligne {ligne}, colonne {colonne})"),
            (None, Some((ligne, colonne))) => write!(f, " (ligne {ligne}, colonne {colonne})"),
            (Some(fichier), None) => write!(f, " ({fichier})"),
            (None, None) => Ok(()),
        }
    }
}

/// Why a template or a document is refused. The sentences are for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GabaritError {
    /// The template is wrong, or does not agree with the data.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Gabarit(Vec<Defaut>),
    /// In a batch, the record at this rank (from 1) can't be written.
    #[error("Fiche {rang} du lot : {cause}")]
    Fiche {
        /// Rank of the record, from 1.
        rang: usize,
        /// What is wrong with it.
        cause: Box<GabaritError>,
    },
    /// A file beside the template has a name or a content that is not accepted.
    #[error("Le fichier « {nom} » {raison}")]
    Fichier {
        /// Name as given.
        nom: String,
        /// What is wrong, as the end of a sentence.
        raison: &'static str,
    },
    /// The template or its files weigh too much.
    #[error("{quoi} dépasse {max_kio} Kio : allégez ce texte ou ces fichiers.")]
    Poids {
        /// What is too heavy.
        quoi: &'static str,
        /// The bound, in kibibytes.
        max_kio: usize,
    },
    /// A value can't be given to a template.
    #[error("Le champ « {champ} » {raison}")]
    Donnee {
        /// Path of the value among the data.
        champ: String,
        /// What is wrong, as the end of a sentence.
        raison: &'static str,
    },
    /// The document has more pages than it may.
    #[error("Le document compte {pages} pages, la limite est de {max} : imprimez-le en plusieurs fois.")]
    Pages {
        /// Pages laid out.
        pages: usize,
        /// Pages allowed.
        max: usize,
    },
    /// More records than a batch may have.
    #[error("Un lot compte {max} fiches au plus : imprimez-le en plusieurs fois.")]
    Lot {
        /// Records allowed.
        max: usize,
    },
    /// The document was not finished in time.
    #[error("Le document n’était pas prêt après {secondes} secondes : le gabarit boucle ou demande trop de travail.")]
    Delai {
        /// Time allowed.
        secondes: u64,
    },
    /// Too many documents that did not end are still being computed.
    #[error("Trop de documents interminables sont encore en calcul : réessayez plus tard.")]
    Occupe,
    /// A defect of ours or of the layout engine.
    #[error("Le document n’a pas pu être composé, par un défaut du logiciel : {0}")]
    Interne(String),
}
