//! Whether a concession may be recovered for abandonment at all.

use time::Date;

use crate::concession::Duree;
use crate::manquement::Manquement;
use crate::regles::abandon::{DIX_ANS, ENTRETIEN_PUBLIC, MORT_POUR_LA_FRANCE, ORDRE, TRENTE_ANS};

/// When the concession was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acte {
    /// By an act of that day.
    Date(Date),
    /// The act is lost; the mayor's acte de notoriété of that day says that it is more than thirty years old (R2223-14).
    Notoriete(Date),
    /// Nothing says when.
    Inconnu,
}

/// The burial of a person whose act of death bears « Mort pour la France ».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MortPourLaFrance {
    /// Its day.
    pub inhumation: Date,
}

/// A concession that looks abandoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcessionVisee {
    /// Its duration.
    pub duree: Duree,
    /// When it was granted.
    pub acte: Acte,
    /// Its last burial, if any.
    pub derniere_inhumation: Option<Date>,
    /// Whether the commune or a public body must maintain it.
    pub entretien_public: bool,
    /// Burials of those who died for France.
    pub morts_pour_la_france: Vec<MortPourLaFrance>,
}

impl ConcessionVisee {
    /// What stands against starting the procedure on a day.
    #[must_use]
    pub fn eligible(&self, le: Date) -> Vec<Manquement> {
        let mut manquements = Vec::new();
        if self.entretien_public {
            let phrase =
                "La commune ou un établissement public doit entretenir cette concession : elle ne se reprend pas.";
            manquements.push(Manquement::new(&ENTRETIEN_PUBLIC, le, phrase));
        }
        manquements.extend(self.trente_ans(le));
        if let Some(inhumation) = self.derniere_inhumation {
            let possible = DIX_ANS.au(le).son_delai().possible_des(inhumation);
            let phrase = "La dernière inhumation n'a pas dix ans";
            manquements.extend(Manquement::trop_tot(&DIX_ANS, le, possible, phrase));
        }
        manquements.extend(self.mort_pour_la_france(le));
        if let Some(echeance) = self.echeance().filter(|echeance| *echeance < le) {
            let phrase = format!(
                "La concession est échue depuis le {} : elle se reprend pour non-renouvellement.",
                crate::phrase::jour(echeance)
            );
            manquements.push(Manquement::new(&ORDRE, le, phrase).passable(true));
        }
        manquements
    }

    fn echeance(&self) -> Option<Date> {
        match self.acte {
            Acte::Date(acte) => self.duree.echeance(acte),
            Acte::Notoriete(_) | Acte::Inconnu => None,
        }
    }

    fn trente_ans(&self, le: Date) -> Option<Manquement> {
        match self.acte {
            Acte::Date(acte) => {
                let possible = TRENTE_ANS.au(le).son_delai().possible_des(acte);
                Manquement::trop_tot(&TRENTE_ANS, le, possible, "La concession n'a pas trente ans")
            }
            Acte::Notoriete(date) => {
                Manquement::trop_tot(&TRENTE_ANS, le, date, "L'acte de notoriété précède la procédure")
            }
            Acte::Inconnu => {
                let phrase = "Rien ne dit depuis quand la concession existe : retrouvez l'acte, ou dressez un acte de notoriété.";
                Some(Manquement::new(&TRENTE_ANS, le, phrase))
            }
        }
    }

    /// Fifty years, but for a centenary concession that ends before them.
    fn mort_pour_la_france(&self, le: Date) -> Option<Manquement> {
        if !matches!(self.duree, Duree::Perpetuelle | Duree::Centenaire) {
            return None;
        }
        let derniere = self.morts_pour_la_france.iter().map(|mort| mort.inhumation).max()?;
        let possible = MORT_POUR_LA_FRANCE.au(le).son_delai().possible_des(derniere);
        if self.echeance().is_some_and(|echeance| echeance < possible && echeance < le) {
            return None;
        }
        Manquement::trop_tot(&MORT_POUR_LA_FRANCE, le, possible, "Un mort pour la France repose ici")
    }
}
