//! What has no field of its own is kept as lines of an observation; dates that are no days, with an anomaly.

use super::base::Ligne;
use super::dates::Connue;
use crate::modules::reprise::Fiche;

/// Lines of an observation.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    /// Starts from the observation of the source.
    pub(super) fn de(observation: &str) -> Self {
        let mut notes = Self::default();
        notes.ligne(observation);
        notes
    }

    /// Adds a line; nothing of an empty one.
    pub(super) fn ligne(&mut self, texte: impl Into<String>) {
        let texte: String = texte.into();
        if !texte.trim().is_empty() {
            self.0.push(texte.trim().to_owned());
        }
    }

    /// Adds « Libellé : valeur » where there is a value.
    pub(super) fn valeur(&mut self, libelle: &str, valeur: &str) {
        if !valeur.is_empty() {
            self.0.push(format!("{libelle} : {valeur}"));
        }
    }

    /// The whole.
    pub(super) fn texte(self) -> String {
        self.0.join("\n")
    }
}

/// Reads a date of the source: what is wrong with it is an anomaly of `champ` and, with its text, a line of the notes.
pub(super) fn date(
    fiche: &mut Fiche,
    notes: &mut Notes,
    ligne: &Ligne<'_>,
    colonne: &str,
    (champ, libelle): (&'static str, &str),
) -> Connue {
    let texte = ligne.lit(colonne);
    let lue = Connue::lue(texte);
    if let Some(faute) = lue.faute(texte) {
        fiche.note(champ, format!("{libelle} : {faute}"));
        notes.valeur(&format!("{libelle} (openCimetière)"), texte);
    }
    lue
}

/// Fills a field with a day, and the one of its year with the year where it alone is known.
pub(super) fn pose_date(fiche: &mut Fiche, champ: &'static str, annee: Option<&'static str>, date: Connue) {
    fiche.pose(champ, date.jour().map(|jour| jour.to_string()).unwrap_or_default());
    if let Some(annee) = annee {
        fiche.pose(annee, date.annee_seule().map(|annee| annee.to_string()).unwrap_or_default());
    }
}
