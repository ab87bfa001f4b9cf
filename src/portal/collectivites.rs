//! `/administration/collectivites`: who works in this Finage, on which communes, for which missions.

use askama::Template;
use time::Date;

use super::{Cadre, Choix, Faute, nombres};
use crate::access::collectivites::{Fiche, Genre, Periode};
use crate::access::jour;

/// What was typed to make a collectivité.
#[derive(Debug, Clone, Default)]
pub struct SaisieCollectivite {
    /// Code.
    pub code: String,
    /// Name.
    pub nom: String,
    /// Kind.
    pub genre: String,
    /// SIREN.
    pub siren: String,
    /// INSEE codes.
    pub communes: String,
}

/// Collectivités, and the form that makes one.
#[derive(Debug, Template)]
#[template(path = "collectivites.html")]
pub struct CollectivitesPage<'a> {
    cadre: Cadre<'a>,
    fiches: Vec<(Fiche, String)>,
    saisie: &'a SaisieCollectivite,
    faute: &'a Faute,
    genres: Vec<Choix>,
}

impl<'a> CollectivitesPage<'a> {
    /// The page.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, fiches: Vec<Fiche>, saisie: &'a SaisieCollectivite, faute: &'a Faute) -> Self {
        let fiches =
            fiches.into_iter().map(|fiche| (en_mots(&fiche), fiche)).map(|(mots, fiche)| (fiche, mots)).collect();
        let genres = Genre::TOUS.map(|genre| (genre.code().to_owned(), genre.to_string()));
        Self { cadre, fiches, saisie, faute, genres: Choix::parmi(genres, &saisie.genre) }
    }
}

/// « EPCI », « commune, fermée le 1er janvier 2026 ».
fn en_mots(fiche: &Fiche) -> String {
    let genre = Genre::parse(&fiche.genre).map_or_else(|| fiche.genre.clone(), |genre| genre.to_string());
    match fiche.fermee_le {
        Some(le) => format!("{genre}, fermée le {}", nombres::date(le)),
        None => genre,
    }
}

/// What was typed to add communes, or to end their period.
#[derive(Debug, Clone, Default)]
pub struct SaisiePeriode {
    /// Mission; empty for the territory.
    pub mission: String,
    /// INSEE codes.
    pub communes: String,
    /// First day.
    pub du: String,
    /// First day on which it is over.
    pub au: String,
    /// What founds the mission.
    pub fondement: String,
}

/// A collectivité, its territory and its missions.
#[derive(Debug, Template)]
#[template(path = "collectivite.html")]
pub struct CollectivitePage<'a> {
    cadre: Cadre<'a>,
    fiche: &'a Fiche,
    etat: String,
    /// The day shown, as a field writes it; empty for every period.
    le: String,
    periodes: Vec<Ligne>,
    saisie: &'a SaisiePeriode,
    faute: &'a Faute,
    missions: Vec<Choix>,
}

/// A period, in words.
#[derive(Debug)]
struct Ligne {
    quoi: String,
    mission: String,
    insee: String,
    commune: String,
    du: String,
    au: String,
    fondement: String,
    en_cours: bool,
}

impl<'a> CollectivitePage<'a> {
    /// The page; only what runs on `le`, when a day is chosen.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        fiche: &'a Fiche,
        periodes: Vec<Periode>,
        le: Option<Date>,
        missions: Vec<String>,
        saisie: &'a SaisiePeriode,
        faute: &'a Faute,
    ) -> Self {
        let ce_jour = |periode: &Periode| le.is_none_or(|le| periode.du <= le && periode.au.is_none_or(|au| au > le));
        let periodes = periodes.into_iter().filter(ce_jour).map(Ligne::from).collect();
        let choix = std::iter::once((String::new(), "le territoire".to_owned()))
            .chain(missions.into_iter().map(|mission| (mission.clone(), format!("la mission « {mission} »"))));
        let missions = Choix::parmi(choix, &saisie.mission);
        let le = le.map(jour::ecrit).unwrap_or_default();
        Self { cadre, fiche, etat: en_mots(fiche), le, periodes, saisie, faute, missions }
    }
}

impl From<Periode> for Ligne {
    fn from(periode: Periode) -> Self {
        Self {
            quoi: periode
                .mission
                .as_ref()
                .map_or_else(|| "territoire".to_owned(), |mission| format!("mission « {mission} »")),
            mission: periode.mission.unwrap_or_default(),
            insee: periode.insee,
            commune: periode.nom,
            du: nombres::date(periode.du),
            au: periode.au.map_or_else(|| "sans terme".to_owned(), nombres::date),
            fondement: periode.fondement.unwrap_or_default(),
            en_cours: periode.en_cours,
        }
    }
}
