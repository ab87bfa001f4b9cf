//! What an object is, beyond what rights need to know of it.

use std::sync::OnceLock;

use finage_expr::Expression;

use crate::access::droits::Objet;
use crate::modules::crochet::Crochet;
use crate::modules::registre::Registre;

/// An object: what rights name, and the rules that follow from its manifest or, for the core's own, from this program.
#[derive(Debug)]
pub struct Modele {
    /// What rights name.
    pub objet: &'static Objet,
    /// Its table, quoted where it must be.
    pub relation: &'static str,
    /// Name shown, plural.
    pub pluriel: &'static str,
    /// Its geometry, if it has one.
    pub geometrie: Option<Geometrie>,
    /// Whether some fields are nominative.
    pub nominatif: bool,
    /// Whether rows are known for a purpose, in a column `finalite`.
    pub finalite_en_colonne: bool,
    /// Purposes for which nominative fields may be seen; empty: any that the account declared.
    pub finalites: &'static [&'static str],
    /// Rules of the fields.
    pub regles: &'static [Regle],
    /// Fields that a text searches.
    pub cherches: &'static [&'static str],
    /// Field that names a row in pages of the core.
    pub titre: &'static str,
    /// What a row is called.
    pub intitule: &'static [Morceau],
    /// Reference whose row commands the rights on this one.
    pub parent: Option<&'static str>,
    /// Numbers that its rows take.
    pub registre: Option<Numerotation>,
    /// States that its rows go through.
    pub etats: Option<Etats>,
    /// Fields by which an import knows a row again.
    pub cle: &'static [&'static str],
    /// Fields that no two rows have alike, by the index that holds them to it.
    pub uniques: &'static [Unicite],
    /// First and last day of validity.
    pub validite: Option<[&'static str; 2]>,
    /// The program of its module.
    pub crochet: Option<&'static Crochet>,
}

/// Fields that no two rows have alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unicite {
    /// Index that holds them to it.
    pub index: &'static str,
    /// Its fields; columns of the engine are none.
    pub champs: &'static [&'static str],
}

/// Numbers without a hole that rows take as they are made.
#[derive(Debug, Clone)]
pub struct Numerotation {
    /// Field that holds the number, as it is written.
    pub champ: &'static str,
    /// The register.
    pub registre: Registre,
    /// Step that takes the number; none where the row takes it as it is made.
    pub etape: Option<&'static str>,
}

/// States that rows go through by steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Etats {
    /// Field that holds the state.
    pub champ: &'static str,
    /// State of a new row.
    pub initial: &'static str,
    /// States in which a row changes by a step or an amendment alone.
    pub verrouilles: &'static [&'static str],
    /// Fields that steps set.
    pub poses: &'static [&'static str],
}

/// A geometry column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometrie {
    /// Column, quoted where it must be.
    pub colonne: &'static str,
    /// `Point`, `LineString`, `Polygon`, their plurals, or `Geometry`.
    pub genre: &'static str,
    /// Whether a row must have one.
    pub obligatoire: bool,
}

/// A piece of what a row is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Morceau {
    /// As written.
    Texte(&'static str),
    /// The value of a field; of a reference or a code, its label.
    Champ(&'static str),
    /// The value of a field of the row that a reference names.
    Par(&'static str, &'static str),
}

/// What a field holds, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A line of text.
    Texte,
    /// Lines of text.
    TexteLong,
    /// Text with a safe subset of HTML.
    Riche,
    /// Whole number.
    Entier,
    /// Decimal number.
    Decimal,
    /// Amount in euros.
    Montant,
    /// Civil date.
    Date,
    /// Instant.
    Instant,
    /// Yes or no.
    Booleen,
    /// Code of a nomenclature.
    Code,
    /// Another row.
    Reference,
    /// Other rows.
    References,
    /// Attached file.
    Fichier,
}

impl Nature {
    /// The word of the contract.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Texte => "texte",
            Self::TexteLong => "texte_long",
            Self::Riche => "riche",
            Self::Entier => "entier",
            Self::Decimal => "decimal",
            Self::Montant => "montant",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Booleen => "booleen",
            Self::Code => "code",
            Self::Reference => "reference",
            Self::References => "references",
            Self::Fichier => "fichier",
        }
    }
}

/// What may be written in a field, and how it is shown.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what a manifest says of a field")]
pub struct Regle {
    /// The field.
    pub champ: &'static str,
    /// What it holds, for people.
    pub nature: Nature,
    /// Characters at most, of a text; 0 where there is no bound.
    pub max: usize,
    /// Whether it is a year: written without a space between thousands.
    pub annee: bool,
    /// Digits after the point, of a decimal number.
    pub decimales: Option<u32>,
    /// Digits before the point, of a decimal number that has a bound.
    pub chiffres: Option<u32>,
    /// The least and the greatest whole number that its column holds.
    pub bornes: Option<(i64, i64)>,
    /// Whether it may not be left empty.
    pub obligatoire: bool,
    /// Whether a new row may leave it out: the database fills it.
    pub par_defaut: bool,
    /// Whether emptiness is written as an empty text; else as nothing.
    pub sans_nul: bool,
    /// The only values it takes, with their names; empty when any does, or when a nomenclature says.
    pub valeurs: &'static [(&'static str, &'static str)],
    /// Nomenclature whose codes it takes: `module.nom`.
    pub nomenclature: Option<&'static str>,
    /// What a reference names.
    pub lien: Option<&'static Lien>,
    /// Type that a value is written as, where it is not that of its kind: `time`.
    pub type_sql: Option<&'static str>,
    /// A sentence that helps to fill it.
    pub aide: Option<&'static str>,
    /// Condition under which it is shown.
    pub visible: Option<&'static Expression>,
    /// Condition under which it must be filled.
    pub requis_si: Option<&'static Expression>,
    /// Value proposed for a new row, an expression.
    pub propose: Option<&'static str>,
    /// Whether lists show it unless told.
    pub colonne: bool,
    /// Group of the form.
    pub groupe: Option<&'static str>,
    /// Purpose for which it is held, of a nominative field.
    pub finalite: Option<&'static str>,
    /// Name under which the program of its module computes it.
    pub crochet: Option<&'static str>,
}

impl Regle {
    /// A text without bound that may be empty.
    pub const TEXTE: Self = Self {
        champ: "",
        nature: Nature::Texte,
        max: 0,
        annee: false,
        decimales: None,
        chiffres: None,
        bornes: None,
        obligatoire: false,
        par_defaut: false,
        sans_nul: false,
        valeurs: &[],
        nomenclature: None,
        lien: None,
        type_sql: None,
        aide: None,
        visible: None,
        requis_si: None,
        propose: None,
        colonne: true,
        groupe: None,
        finalite: None,
        crochet: None,
    };
}

/// What a reference names.
#[derive(Debug)]
pub struct Lien {
    /// Object: `module.objet`.
    pub objet: &'static str,
    /// Column of its table that the reference holds; `id` unless a module brought its own keys.
    pub cle: &'static str,
    /// Condition on the rows that may be named, in Finage expressions.
    pub choix: Option<&'static str>,
    cible: OnceLock<&'static Modele>,
}

impl Lien {
    /// A link to an object, whose model is told once all are made.
    #[must_use]
    pub fn new(objet: &'static str, cle: &'static str, choix: Option<&'static str>) -> Self {
        Self { objet, cle, choix, cible: OnceLock::new() }
    }

    /// The model of what it names.
    #[must_use]
    pub fn cible(&self) -> Option<&'static Modele> {
        self.cible.get().copied()
    }

    /// Tells the model of what it names; once.
    pub fn noue(&self, modele: &'static Modele) {
        let _ = self.cible.set(modele);
    }
}

impl Modele {
    /// The table.
    #[must_use]
    pub fn relation(&self) -> &'static str {
        self.relation
    }

    /// The rule of a field.
    #[must_use]
    pub fn regle(&self, champ: &str) -> Option<&'static Regle> {
        self.regles.iter().find(|regle| regle.champ == champ)
    }

    /// The module and the object, of what a module brings.
    #[must_use]
    pub fn du_module(&self) -> Option<(&'static str, &'static str)> {
        self.objet.nom.split_once('.')
    }

    /// Its name within its module.
    #[must_use]
    pub fn court(&self) -> &'static str {
        self.du_module().map_or(self.objet.nom, |(_, objet)| objet)
    }

    /// The layer of its rows, of what a module brings.
    #[must_use]
    pub fn couche(&self) -> Option<String> {
        let (module, objet) = self.du_module()?;
        self.geometrie.map(|_| format!("{module}_{objet}"))
    }
}
