//! `/extraits`: a list of references to be printed.

use askama::Template;

use super::Cadre;
use crate::config::Fond;
use crate::territory::extent::Commune;

/// What was typed in the form, given back when it can't be honoured.
#[derive(Debug, Clone, Default)]
pub struct Formulaire {
    /// References, one a line.
    pub references: String,
    /// INSEE code that references without a commune belong to.
    pub commune: String,
    /// `A4` or `A3`.
    pub format: String,
    /// `portrait`, `paysage`, or empty: proposed.
    pub orientation: String,
    /// Denominator, or empty: proposed.
    pub echelle: String,
    /// Identifier of a background, or empty: none.
    pub fond: String,
    /// `pdf` or `zip`.
    pub sortie: String,
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "extraits.html")]
pub struct ExtraitsPage<'a> {
    cadre: Cadre<'a>,
    saisie: &'a Formulaire,
    erreur: Option<&'a str>,
    communes: Vec<Choix>,
    formats: Vec<Choix>,
    orientations: Vec<Choix>,
    echelles: Vec<Choix>,
    /// Backgrounds that can be printed; empty when there is none to choose.
    fonds: Vec<Choix>,
    sorties: Vec<Choix>,
}

/// A choice of a list.
#[derive(Debug)]
struct Choix {
    valeur: String,
    libelle: String,
    choisi: bool,
}

impl<'a> ExtraitsPage<'a> {
    /// The page; `fonds` are the backgrounds that can be printed, `echelles` denominators, `erreur` one sentence when the form was refused.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        communes: &[Commune],
        fonds: &[&Fond],
        echelles: &[u32],
        saisie: &'a Formulaire,
        erreur: Option<&'a str>,
    ) -> Self {
        let known = communes.iter().map(|c| (c.insee.clone(), format!("{} ({})", c.nom, c.insee)));
        let scales = echelles.iter().map(|e| (e.to_string(), format!("1/{}", super::nombres::entier((*e).into()))));
        Self {
            communes: choix(std::iter::once((String::new(), "toutes".to_owned())).chain(known), &saisie.commune),
            formats: choix(pairs(&[("A4", "A4"), ("A3", "A3")]), &saisie.format),
            orientations: choix(
                pairs(&[("", "proposée"), ("portrait", "portrait"), ("paysage", "paysage")]),
                &saisie.orientation,
            ),
            echelles: choix(pairs(&[("", "proposée")]).chain(scales), &saisie.echelle),
            fonds: if fonds.is_empty() {
                Vec::new()
            } else {
                choix(
                    pairs(&[("", "aucun")]).chain(fonds.iter().map(|f| (f.id.clone(), f.libelle.clone()))),
                    &saisie.fond,
                )
            },
            sorties: choix(pairs(&[("pdf", "un seul PDF"), ("zip", "un ZIP, un PDF par parcelle")]), &saisie.sortie),
            cadre,
            saisie,
            erreur,
        }
    }
}

fn pairs(list: &'static [(&'static str, &'static str)]) -> impl Iterator<Item = (String, String)> {
    list.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned()))
}

fn choix(all: impl Iterator<Item = (String, String)>, chosen: &str) -> Vec<Choix> {
    all.map(|(valeur, libelle)| Choix { choisi: valeur == chosen, valeur, libelle }).collect()
}
