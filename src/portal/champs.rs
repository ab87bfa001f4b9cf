//! Fields of objects in pages: shown, and written in forms.

use serde_json::Value;

use crate::access::droits::{Champ, Genre};
use crate::modules::objets::Modele;

/// A choice of a list.
#[derive(Debug, Clone)]
pub struct Choix {
    /// What is sent.
    pub valeur: String,
    /// What is read.
    pub libelle: String,
    /// Whether it is chosen.
    pub choisi: bool,
}

impl Choix {
    /// The choices of a list, of which `choisi` is chosen.
    #[must_use]
    pub fn liste<'a>(paires: impl IntoIterator<Item = (&'a str, &'a str)>, choisi: &str) -> Vec<Self> {
        let choix = |(valeur, libelle): (&str, &str)| Self {
            valeur: valeur.to_owned(),
            libelle: libelle.to_owned(),
            choisi: valeur == choisi,
        };
        paires.into_iter().map(choix).collect()
    }
}

/// A field of a form.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what a template asks of a field")]
pub struct ChampPage {
    /// Name of the field.
    pub nom: String,
    /// Label.
    pub libelle: String,
    /// What is in it.
    pub valeur: String,
    /// Letters at most; 0 where there is no bound.
    pub max: usize,
    /// Whether it must be filled.
    pub obligatoire: bool,
    /// Whether it has several lines.
    pub long: bool,
    /// Whether it is a date.
    pub date: bool,
    /// Whether it is a box to tick.
    pub case: bool,
    /// Choices; empty where one writes.
    pub choix: Vec<Choix>,
    /// What to know before one writes.
    pub aide: Option<String>,
    /// Why it was refused.
    pub erreur: Option<String>,
}

impl ChampPage {
    /// The field of a model, filled.
    #[must_use]
    pub fn new(modele: &Modele, champ: &Champ, valeur: String) -> Self {
        let regle = modele.regle(champ.nom);
        let choix = regle.map_or_else(Vec::new, |regle| Choix::liste(regle.valeurs.iter().copied(), &valeur));
        let max = regle.map_or(0, |regle| regle.max);
        Self {
            nom: champ.nom.to_owned(),
            libelle: champ.libelle.to_owned(),
            valeur,
            max,
            obligatoire: champ.nom == modele.titre,
            long: max > 500,
            date: champ.genre == Genre::Date,
            case: champ.genre == Genre::Booleen,
            choix,
            aide: None,
            erreur: None,
        }
    }
}

/// What a field holds, as a form writes it.
#[must_use]
pub fn texte(valeur: Option<&Value>) -> String {
    match valeur {
        Some(Value::String(texte)) => texte.clone(),
        Some(Value::Bool(true)) => "oui".to_owned(),
        Some(Value::Number(nombre)) => nombre.to_string(),
        _ => String::new(),
    }
}

/// What a field holds, as people read it.
#[must_use]
pub fn lisible(modele: &Modele, champ: &Champ, valeur: Option<&Value>) -> String {
    if let Some(Value::Bool(vrai)) = valeur {
        return if *vrai { "oui" } else { "non" }.to_owned();
    }
    let texte = texte(valeur);
    let nomme = modele.regle(champ.nom).and_then(|regle| regle.valeurs.iter().find(|(code, _)| *code == texte));
    nomme.map_or(texte, |(_, libelle)| (*libelle).to_owned())
}
