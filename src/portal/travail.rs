//! `/travaux/{id}`: a job as it goes, its report, its file.

use askama::Template;

use super::Cadre;
use super::nombres::{accord, entier, taille};
use crate::jobs::{Etat, Travail};

/// The page of a job.
#[derive(Debug, Template)]
#[template(path = "travail.html")]
pub struct TravailPage<'a> {
    cadre: Cadre<'a>,
    travail: &'a Travail,
    etat: &'static str,
    avancement: String,
    fichier: Option<Fichier<'a>>,
    lignes: Vec<Ligne<'a>>,
    lignes_tues: Option<String>,
    /// Whether the job may still change.
    court: bool,
    /// Whether the page loads itself again.
    recharge: bool,
}

#[derive(Debug)]
struct Fichier<'a> {
    nom: &'a str,
    taille: String,
}

#[derive(Debug)]
struct Ligne<'a> {
    numero: u32,
    texte: &'a str,
    etat: &'static str,
    idu: Option<&'a str>,
    message: &'a str,
}

/// Lines of a report shown on a page; the API gives them all.
const MAX_LIGNES: usize = 2000;

impl<'a> TravailPage<'a> {
    /// Title of the page: it says the state, so that the window's title alone tells that the job has ended.
    #[must_use]
    pub fn titre(travail: &Travail) -> String {
        format!("{} : {}", travail.libelle, etat(travail.etat))
    }

    /// The page; `recharge` tells whether it may load itself again while the job runs.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, travail: &'a Travail, recharge: bool) -> Self {
        let court = !travail.etat.is_final();
        let recharge = recharge && court;
        let all = travail.rapport.as_ref().map_or(&[][..], |rapport| &rapport.lignes);
        let avancement = travail.total.map_or_else(
            || "en préparation".to_owned(),
            |total| format!("{} sur {}", entier(travail.fait.into()), entier(total.into())),
        );
        Self {
            cadre: Cadre { recharge: recharge.then(|| format!("/travaux/{}", travail.id)), ..cadre },
            etat: etat(travail.etat),
            avancement,
            fichier: travail
                .resultat
                .as_ref()
                .map(|resultat| Fichier { nom: &resultat.nom, taille: taille(resultat.octets) }),
            lignes: all
                .iter()
                .take(MAX_LIGNES)
                .map(|ligne| Ligne {
                    numero: ligne.ligne,
                    texte: &ligne.texte,
                    etat: etat_ligne(&ligne.etat),
                    idu: ligne.idu.as_deref(),
                    message: ligne.message.as_deref().unwrap_or_default(),
                })
                .collect(),
            lignes_tues: (all.len() > MAX_LIGNES)
                .then(|| accord(all.len() - MAX_LIGNES, "autre ligne", "autres lignes")),
            court,
            recharge,
            travail,
        }
    }
}

fn etat(etat: Etat) -> &'static str {
    match etat {
        Etat::Attente => "en attente",
        Etat::EnCours => "en cours",
        Etat::Fait => "terminé",
        Etat::Annule => "annulé",
        Etat::Echec => "en échec",
    }
}

fn etat_ligne(etat: &str) -> &'static str {
    match etat {
        "servie" => "servie",
        "inconnue" => "inconnue",
        "illisible" => "illisible",
        "double" => "en double",
        "ambigue" => "ambiguë",
        _ => "refusée",
    }
}
