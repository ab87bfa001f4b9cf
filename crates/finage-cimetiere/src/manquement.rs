//! What stands against an act.

use std::fmt;

use time::Date;

use crate::phrase::jour;
use crate::regle::{Regle, Texte};

/// One rule that an act does not meet. A judgment returns all of them, never the first only.
#[derive(Debug, Clone, PartialEq)]
pub struct Manquement {
    /// The version of the rule that applied.
    pub regle: &'static Regle,
    /// From when the act would meet it, if waiting is enough.
    pub le: Option<Date>,
    /// What is wrong and what to do next, in a French sentence.
    pub pourquoi: String,
    /// Whether someone who has the right may pass on, with a written reason.
    pub passable: bool,
}

impl Manquement {
    /// Of the version of a rule in force on a day; whether one may pass on is the rule's to say.
    pub(crate) fn new(texte: &'static Texte, le: Date, pourquoi: impl Into<String>) -> Self {
        let regle = texte.au(le);
        Self { regle, le: None, pourquoi: pourquoi.into(), passable: regle.passable }
    }

    /// Waiting until a day cures it.
    pub(crate) fn possible_le(mut self, le: Date) -> Self {
        self.le = Some(le);
        self
    }

    /// Whether one may pass on, when the facts decide it rather than the rule.
    pub(crate) fn passable(mut self, passable: bool) -> Self {
        self.passable = passable;
        self
    }

    /// An act on a day before it is possible: « Trop tôt : … possible à partir du … ».
    pub(crate) fn trop_tot(texte: &'static Texte, le: Date, possible: Date, pourquoi: &str) -> Option<Self> {
        (le < possible).then(|| {
            let phrase = format!("{pourquoi} : possible à partir du {}.", jour(possible));
            Self::new(texte, le, phrase).possible_le(possible)
        })
    }
}

impl fmt::Display for Manquement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pourquoi)
    }
}

/// First day on which waiting cures all of them; `None` when something else is needed.
///
/// An empty list needs no waiting: it gives `None` too.
#[must_use]
pub fn possible_des(manquements: &[Manquement]) -> Option<Date> {
    let dates: Option<Vec<Date>> = manquements.iter().map(|manquement| manquement.le).collect();
    dates?.into_iter().max()
}

/// Whether nothing stands against the act that a written reason could not pass.
#[must_use]
pub fn tous_passables(manquements: &[Manquement]) -> bool {
    manquements.iter().all(|manquement| manquement.passable)
}
