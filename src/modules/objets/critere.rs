//! What a field holds, as a form of search asks it: words, a year, a choice.

use sqlx::{Postgres, QueryBuilder};

use super::{Nature, Regard};

/// What is asked of some fields of a row. A field that is not open holds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Critere {
    /// Each word is in one of these texts, whatever the case, the accents and the ligatures.
    Mots(Vec<&'static str>, String),
    /// One of these dates is of this year, or one of these whole numbers is this year.
    Annee(Vec<&'static str>, i32),
    /// A code or a reference is this one.
    Egal(&'static str, String),
    /// A code or a reference of the row that a reference names is this one.
    EgalSuivi(&'static str, &'static str, String),
}

impl Regard {
    /// Adds ` and ` and what is asked.
    pub(super) fn pousse_critere(&self, critere: &Critere, requete: &mut QueryBuilder<Postgres>) {
        match critere {
            Critere::Mots(champs, texte) => self.pousse_mots(champs, &[], texte, requete),
            Critere::Annee(champs, annee) => {
                requete.push(" and (false");
                for nom in champs {
                    requete.push(" or ");
                    if self.modele.regle(nom).is_some_and(|regle| regle.nature == Nature::Date) {
                        requete.push("extract(year from ");
                        self.pousse_champ(nom, requete);
                        requete.push(")");
                    } else {
                        self.pousse_champ(nom, requete);
                    }
                    requete.push(" = ").push_bind(*annee);
                }
                requete.push(")");
            }
            Critere::Egal(nom, valeur) => {
                requete.push(" and ");
                self.pousse_champ(nom, requete);
                requete.push("::text = ").push_bind(valeur.clone());
            }
            Critere::EgalSuivi(nom, suite, valeur) => {
                requete.push(" and ");
                self.nommeur.pousse_suivi_egal(nom, suite, valeur, requete);
            }
        }
    }
}
