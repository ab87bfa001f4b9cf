//! Why an object is not shown or not written.

use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

use super::Modele;
use crate::access::identite::Refus;
use crate::access::journal::JournalError;
use crate::modules::crochet::Manquement;
use crate::modules::registre::RegistreError;
use crate::spatial::geojson::GeojsonError;

/// The version that was to be changed, and the one there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Versions {
    /// Version that the request knew.
    pub demandee: i32,
    /// Version there is.
    pub actuelle: i32,
}

/// A field that is refused, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FauteChamp {
    /// Field.
    pub champ: String,
    /// Why, in a sentence.
    pub message: String,
    /// What people call it; the contract names fields by their own names.
    #[serde(skip)]
    pub libelle: Option<&'static str>,
}

impl FauteChamp {
    /// A field that is refused, for this reason.
    pub fn new(champ: &str, message: impl Into<String>) -> Self {
        Self { champ: champ.to_owned(), message: message.into(), libelle: None }
    }

    /// What people call it; none where the database told no column.
    fn nom(&self) -> Option<&str> {
        match self.champ.as_str() {
            "" => None,
            "geometrie" => Some("Géométrie"),
            champ => Some(self.libelle.unwrap_or(champ)),
        }
    }
}

impl ObjetError {
    /// The same, whose sentence names the fields of this model by their labels.
    #[must_use]
    pub fn nommee(self, modele: &Modele) -> Self {
        let Self::Champs(fautes) = self else { return self };
        let nommee = |faute: FauteChamp| FauteChamp {
            libelle: modele.objet.champ(&faute.champ).map(|champ| champ.libelle),
            ..faute
        };
        Self::Champs(fautes.into_iter().map(nommee).collect())
    }
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EtapeRefusee {
    /// The object has no such step.
    #[error("Cette fiche n'a pas l'étape « {0} » ; son schéma donne les siennes.")]
    Inconnue(String),
    /// The row is in a state from which it is not taken.
    #[error("L'étape « {0} » ne part pas de l'état où est cette fiche ; relisez-la.")]
    Etat(String),
    /// The account does not hold the step's role for this row.
    #[error("L'étape « {0} » est réservée à un rôle que vous ne tenez pas pour cette fiche.")]
    Role(String),
    /// Conditions of the step that do not hold, as its manifest tells them.
    #[error("{}", garde_dite(.0, .1))]
    Garde(String, Vec<String>),
    /// What the step writes cannot be read.
    #[error("L'étape « {0} » ne peut pas être franchie : le module qui la décrit est à corriger.")]
    Illisible(String),
}

fn garde_dite(etape: &str, raisons: &[String]) -> String {
    if raisons.is_empty() {
        return format!("La condition de l'étape « {etape} » n'est pas remplie par cette fiche.");
    }
    raisons.join(" ")
}

fn fautes_dites(fautes: &[FauteChamp]) -> String {
    // Fields refused for one reason are told together; a value of no known column, alone.
    let dites: Vec<String> = fautes
        .chunk_by(|une, autre| une.message == autre.message)
        .map(|ensemble| {
            let noms: Vec<String> =
                ensemble.iter().filter_map(FauteChamp::nom).map(|nom| format!("« {nom} »")).collect();
            let message = ensemble.first().map(|faute| faute.message.as_str()).unwrap_or_default();
            match noms.as_slice() {
                [] => format!("une valeur est refusée : {message}"),
                [seul] => format!("le champ {seul} est refusé : {message}"),
                plusieurs => format!("les champs {} sont refusés : {message}", plusieurs.join(", ")),
            }
        })
        .collect();
    let mut texte = dites.join(" ; ");
    if let Some(premiere) = texte.get(..1).map(str::to_uppercase) {
        texte.replace_range(..1, &premiere);
    }
    texte + "."
}

fn manquements_dits(manquements: &[Manquement]) -> String {
    let dits = manquements.iter().map(|un| format!("{} ({})", un.message.trim_end_matches('.'), un.article));
    dits.collect::<Vec<_>>().join(" ; ") + "."
}

/// Why an object is not shown or not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ObjetError {
    /// Nothing of that key, or something of another collectivité: both are told the same.
    #[error("Cette fiche n'existe pas ; elle a pu être retirée, ou son adresse comporte une faute.")]
    Absente,
    /// A row of one's own collectivité that no role opens.
    #[error(
        "Cette fiche ne vous est pas ouverte pour cela ; demandez-le au gestionnaire des comptes de votre collectivité."
    )]
    Fermee,
    /// The right was not given at all.
    #[error(transparent)]
    Refus(#[from] Refus),
    /// A field that does not exist, or is not open: both are told the same.
    #[error(
        "Le champ « {0} » est inconnu, ou il ne vous est pas ouvert en écriture : retirez-le ou, s'il est personnel, dites la finalité pour laquelle vous l'écrivez (« finalite »)."
    )]
    Champ(String),
    /// A value that its field does not take.
    #[error("Le champ « {champ} » est refusé : {attendu}.")]
    Valeur {
        /// Field.
        champ: &'static str,
        /// What is expected, for people.
        attendu: String,
    },
    /// Values that their fields do not take.
    #[error("{}", fautes_dites(.0))]
    Champs(Vec<FauteChamp>),
    /// Nothing is changed of what is locked.
    #[error("Cette fiche est verrouillée dans son état ; une étape ou un avenant la fait avancer.")]
    Verrouillee,
    /// An amendment is of what is locked.
    #[error("Cette fiche n'est pas verrouillée : changez-la, sans avenant.")]
    SansVerrou,
    /// An amendment without a reason, or that changes nothing.
    #[error("Un avenant change au moins un champ, et dit pourquoi en 1 à 2 000 caractères (« motif »).")]
    AvenantVide,
    /// A step that is not taken.
    #[error(transparent)]
    Etape(#[from] EtapeRefusee),
    /// Rules that the row breaks.
    #[error("{}", manquements_dits(.0))]
    Manquements(Vec<Manquement>),
    /// No purpose was said for nominative data.
    #[error("Dites la finalité pour laquelle vous voyez des données nominatives (paramètre « finalite »).")]
    SansFinalite,
    /// A geometry that cannot be read.
    #[error(transparent)]
    Geojson(#[from] GeojsonError),
    /// A geometry that is not what it should be.
    #[error("La géométrie est refusée : {0}.")]
    Geometrie(&'static str),
    /// Outside of the collectivité's territory.
    #[error("Cette fiche serait hors du territoire de votre collectivité ; placez-la dans une de ses communes.")]
    HorsTerritoire,
    /// Someone changed it before.
    #[error(
        "Cette fiche a changé depuis que vous l'avez lue (version {}, la vôtre est {}) ; relisez-la et refaites votre changement.",
        .0.actuelle,
        .0.demandee
    )]
    Version(Versions),
    /// The same key for another content.
    #[error("Cette clé « Idempotency-Key » a déjà servi pour une fiche d'un autre contenu ; prenez-en une autre.")]
    CleReprise,
    /// More rows than an export takes.
    #[error("L'export dépasse {0} fiches ; réduisez-le par une recherche, une catégorie ou une emprise.")]
    TropDeFiches(usize),
    /// More files than a row takes.
    #[error("Cette fiche a déjà {0} fichiers joints ; retirez-en un d'abord.")]
    TropDeFichiers(i64),
    /// The file could not be made.
    #[error("Le fichier n'a pas pu être écrit : {0}.")]
    Export(String),
    /// The document of a step.
    #[error("L'étape n'est pas franchie, car son document n'a pas pu être fait. {0}")]
    Document(String),
    /// No number of its register could be taken.
    #[error(transparent)]
    Registre(#[from] RegistreError),
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}
