//! `/deposer/{module}/{objet}`: a form by which anybody sends a row, and what is said once it was received.

use askama::Template;

use super::Cadre;
use super::champs::ChampPage;
use super::objets::Renvoi;

/// A field of the form.
#[derive(Debug)]
pub struct ChampDepose {
    /// The field.
    pub champ: ChampPage,
    /// What it holds already and is not asked again: a row that a link named, in words.
    pub donne: Option<String>,
    /// What browsers may fill by themselves.
    pub autocomplete: Option<String>,
}

impl ChampDepose {
    /// Kind of the HTML field.
    #[must_use]
    pub fn genre(&self) -> &'static str {
        match self.autocomplete.as_deref() {
            Some("email") => "email",
            Some("tel") => "tel",
            _ if self.champ.date => "date",
            _ => "text",
        }
    }

    /// What describes it: help, then why it was refused.
    #[must_use]
    pub fn decrit(&self) -> Option<String> {
        let aide = self.champ.aide.as_ref().map(|_| format!("aide-{}", self.champ.nom));
        let erreur = self.champ.erreur.as_ref().map(|_| format!("erreur-{}", self.champ.nom));
        let decrit: Vec<String> = aide.into_iter().chain(erreur).collect();
        (!decrit.is_empty()).then(|| decrit.join(" "))
    }
}

/// Why personal answers are asked (RGPD, article 13).
#[derive(Debug)]
pub struct Usage {
    /// What for.
    pub finalite: String,
    /// Legal basis.
    pub base: String,
    /// How long they are kept, in words.
    pub duree: Option<String>,
    /// Who receives them.
    pub destinataires: Option<String>,
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "deposer.html")]
pub struct DeposerPage<'a> {
    cadre: Cadre<'a>,
    /// Title.
    titre: String,
    formulaire: Formulaire,
}

/// What the form shows.
#[derive(Debug)]
pub struct Formulaire {
    /// Where it is sent.
    pub action: String,
    /// Sentences under the title.
    pub intro: Option<String>,
    /// Fields.
    pub champs: Vec<ChampDepose>,
    /// Files at most.
    pub fichiers: u8,
    /// Longest file, in words.
    pub taille: String,
    /// Why files were refused.
    pub erreur_fichiers: Option<String>,
    /// Why the whole was refused.
    pub erreur: Option<String>,
    /// Sealed: which form, opened when.
    pub jeton: String,
    /// Why personal answers are asked.
    pub usages: Vec<Usage>,
    /// Who answers for it.
    pub responsable: Option<String>,
    /// Where to write about it.
    pub contact: Option<String>,
}

impl<'a> DeposerPage<'a> {
    /// The page.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, titre: String, formulaire: Formulaire) -> Self {
        Self { cadre, titre, formulaire }
    }

    fn fautes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let champs = self
            .formulaire
            .champs
            .iter()
            .filter_map(|un| Some((un.champ.nom.as_str(), un.champ.libelle.as_str(), un.champ.erreur.as_deref()?)));
        champs.chain(self.formulaire.erreur_fichiers.as_deref().map(|phrase| ("fichiers", "Pièces jointes", phrase)))
    }
}

/// « dix ans » of `P10Y`.
#[must_use]
pub fn duree(iso: &str) -> Option<String> {
    let (nombre, unite) = iso.strip_prefix('P')?.split_at_checked(iso.len().checked_sub(2)?)?;
    let nombre: u32 = nombre.parse().ok()?;
    Some(match (unite, nombre) {
        ("Y", 1) => "un an".to_owned(),
        ("Y", n) => format!("{n} ans"),
        ("M", n) => format!("{n} mois"),
        ("D", 1) => "un jour".to_owned(),
        ("D", n) => format!("{n} jours"),
        _ => return None,
    })
}

/// What is said once a row was received.
#[derive(Debug, Template)]
#[template(path = "deposer_recu.html")]
pub struct RecuPage<'a> {
    cadre: Cadre<'a>,
    numero: String,
    suite: String,
    retour: Renvoi,
}

impl<'a> RecuPage<'a> {
    /// The page.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, numero: String, suite: String, retour: Renvoi) -> Self {
        Self { cadre, numero, suite, retour }
    }
}

#[cfg(test)]
mod tests {
    use super::duree;

    #[test]
    fn durations_are_said_in_words() {
        for (iso, dite) in [
            ("P10Y", Some("10 ans")),
            ("P1Y", Some("un an")),
            ("P6M", Some("6 mois")),
            ("P", None),
            ("P1W", None),
            ("é", None),
            ("", None),
        ] {
            assert_eq!(duree(iso).as_deref(), dite, "{iso}");
        }
    }
}
