//! What is known of plots: contracts through time, stays, procedures.

use std::collections::HashMap;

use finage_cimetiere::{Contenant, Contrat, Duree, Nature, Sejour};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

use crate::modules::crochet::Lecture;

/// Contracts that precede one another, at most.
const MAX_CHAINE: usize = 100;

/// A contract that was signed.
#[derive(Debug, Clone, FromRow)]
pub(super) struct ContratLu {
    pub id: Uuid,
    pub emplacement: Uuid,
    genre: String,
    precedent: Option<Uuid>,
    duree: String,
    annees: Option<i32>,
    pub classe: String,
    depart: Option<Date>,
    pub acte_le: Option<Date>,
    /// Signed, and replaced by no other.
    court: bool,
}

/// A stay.
#[derive(Debug, Clone, FromRow)]
pub(super) struct SejourLu {
    pub emplacement: Uuid,
    forme: String,
    pub du: Option<Date>,
    pub au: Option<Date>,
    pub mort_pour_la_france: bool,
}

impl SejourLu {
    /// As places are counted; what has no date was always there.
    pub(super) fn sejour(&self) -> Sejour {
        let contenant = contenant(&self.forme).unwrap_or(Contenant::Cercueil);
        Sejour { contenant, du: self.du.unwrap_or(Date::MIN), au: self.au }
    }
}

/// A procedure of recovery, and its steps.
#[derive(Debug, Clone, FromRow)]
pub(super) struct ProcedureLue {
    pub id: Uuid,
    pub emplacement: Uuid,
    pub genre: String,
    pub etat: String,
    pub ouverte_le: Date,
    pub ayants_droit_connus: bool,
    pub contrat: Option<Uuid>,
    etapes: Vec<String>,
    jours: Vec<Date>,
}

impl ProcedureLue {
    /// Steps taken, in the order of their days.
    pub(super) fn faites(&self) -> impl Iterator<Item = (&str, Date)> {
        self.etapes.iter().map(String::as_str).zip(self.jours.iter().copied())
    }

    /// The day of a step.
    pub(super) fn faite(&self, etape: &str) -> Option<Date> {
        self.faites().filter(|(une, _)| *une == etape).map(|(_, le)| le).last()
    }
}

/// A plot.
#[derive(Debug, Clone, FromRow)]
pub(super) struct EmplacementLu {
    pub id: Uuid,
    pub insee: Option<String>,
    pub nature: String,
    pub places_cercueil: i32,
    pub places_urne: i32,
    pub hors_service: bool,
    pub reserve_jusqu_au: Option<Date>,
    pub entretien_communal: bool,
}

/// What is known of plots.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub emplacements: Vec<EmplacementLu>,
    contrats: HashMap<Uuid, Vec<ContratLu>>,
    sejours: HashMap<Uuid, Vec<SejourLu>>,
    procedures: HashMap<Uuid, Vec<ProcedureLue>>,
}

impl Plan {
    /// These plots.
    pub(super) async fn lu(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Self> {
        let emplacements = lecture.lignes(include_str!("sql/emplacements.sql"), ids).await?;
        let contrats: Vec<ContratLu> = lecture.lignes(include_str!("sql/contrats.sql"), ids).await?;
        let sejours: Vec<SejourLu> = lecture.lignes(include_str!("sql/sejours.sql"), ids).await?;
        let procedures: Vec<ProcedureLue> = lecture.lignes(include_str!("sql/procedures.sql"), ids).await?;
        Ok(Self {
            emplacements,
            contrats: par(contrats, |contrat| contrat.emplacement),
            sejours: par(sejours, |sejour| sejour.emplacement),
            procedures: par(procedures, |procedure| procedure.emplacement),
        })
    }

    /// A plot.
    pub(super) fn emplacement(&self, id: Uuid) -> Option<&EmplacementLu> {
        self.emplacements.iter().find(|emplacement| emplacement.id == id)
    }

    /// Its contracts.
    pub(super) fn contrats(&self, emplacement: Uuid) -> &[ContratLu] {
        self.contrats.get(&emplacement).map_or(&[], Vec::as_slice)
    }

    /// Its stays.
    pub(super) fn sejours(&self, emplacement: Uuid) -> &[SejourLu] {
        self.sejours.get(&emplacement).map_or(&[], Vec::as_slice)
    }

    /// Its procedures that were not stopped.
    pub(super) fn procedures(&self, emplacement: Uuid) -> &[ProcedureLue] {
        self.procedures.get(&emplacement).map_or(&[], Vec::as_slice)
    }

    /// Whether a contract was closed and no other took its place: one of an old register, whose plot was emptied.
    pub(super) fn revolu(&self, contrat: &ContratLu) -> bool {
        let suivi = |autre: &ContratLu| autre.precedent == Some(contrat.id);
        !contrat.court && !self.contrats(contrat.emplacement).iter().any(suivi)
    }

    /// Whether a contract holds a plot though nothing says since when: one taken over from an old register.
    pub(super) fn tenu_sans_date(&self, emplacement: Uuid) -> bool {
        let tous = self.contrats(emplacement);
        tous.iter().any(|contrat| contrat.court && contrat.genre != "retrocession" && periode(contrat, tous).is_none())
    }

    /// The contracts of a plot as the law counts them: those that granted something, and since when.
    pub(super) fn periodes(&self, emplacement: Uuid) -> Vec<(&ContratLu, Contrat)> {
        let tous = self.contrats(emplacement);
        let octroie = |contrat: &&ContratLu| contrat.genre != "retrocession";
        tous.iter().filter(octroie).filter_map(|contrat| Some((contrat, periode(contrat, tous)?))).collect()
    }
}

fn par<T>(lignes: Vec<T>, cle: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    lignes.into_iter().fold(HashMap::new(), |mut rangees, ligne| {
        rangees.entry(cle(&ligne)).or_insert_with(Vec::new).push(ligne);
        rangees
    })
}

/// The period of a contract among those of its plot; `None` while nothing says since when.
fn periode(contrat: &ContratLu, tous: &[ContratLu]) -> Option<Contrat> {
    Some(Contrat {
        nature: nature(&contrat.genre),
        duree: duree(&contrat.duree, contrat.annees),
        depart: depart(contrat, tous)?,
        fin_anticipee: fin_anticipee(contrat, tous),
    })
}

/// The day from which it runs: that it says, else that of the act; of a renewal, the term of the one before.
fn depart(contrat: &ContratLu, tous: &[ContratLu]) -> Option<Date> {
    let mut chaine = vec![contrat];
    while let Some(dernier) = chaine.last().copied().filter(|un| un.depart.is_none() && un.genre == "renouvellement") {
        let avant = dernier.precedent.and_then(|id| tous.iter().find(|autre| autre.id == id));
        match avant.filter(|avant| chaine.len() < MAX_CHAINE && chaine.iter().all(|un| un.id != avant.id)) {
            Some(avant) => chaine.push(avant),
            None => break,
        }
    }
    let premier = chaine.pop()?;
    // A contract without end needs no beginning.
    let sans_fin = duree(&premier.duree, premier.annees) == Duree::Perpetuelle;
    let debut = premier.depart.or(premier.acte_le).or_else(|| sans_fin.then_some(Date::MIN));
    chaine
        .iter()
        .rev()
        .fold((premier, debut), |(avant, debut), contrat| {
            let echeance = debut.and_then(|debut| duree(&avant.duree, avant.annees).echeance(debut));
            (contrat, echeance.or(contrat.acte_le))
        })
        .1
}

/// The day on which another contract took its place before its term.
fn fin_anticipee(contrat: &ContratLu, tous: &[ContratLu]) -> Option<Date> {
    let remplace = |autre: &&ContratLu| {
        autre.precedent == Some(contrat.id) && matches!(autre.genre.as_str(), "conversion" | "retrocession" | "don")
    };
    tous.iter().filter(remplace).filter_map(|autre| autre.depart.or(autre.acte_le)).min()
}

/// The term of each contract.
pub(super) fn echeances(plan: &Plan, emplacement: Uuid) -> HashMap<Uuid, Option<Date>> {
    plan.periodes(emplacement).into_iter().map(|(lu, contrat)| (lu.id, contrat.echeance())).collect()
}

/// A duration as contracts say it; what says no number of years is of thirty.
pub(super) fn duree(code: &str, annees: Option<i32>) -> Duree {
    match code {
        "temporaire" => Duree::Temporaire(annees.and_then(|annees| u8::try_from(annees).ok()).unwrap_or(15)),
        "cinquantenaire" => Duree::Cinquantenaire,
        "centenaire" => Duree::Centenaire,
        "perpetuelle" => Duree::Perpetuelle,
        _ => Duree::Trentenaire,
    }
}

fn nature(genre: &str) -> Nature {
    match genre {
        "renouvellement" => Nature::Renouvellement,
        "conversion" => Nature::Conversion,
        "don" => Nature::Don,
        _ => Nature::Achat,
    }
}

/// What holds a deceased person; ashes that were scattered take no place.
pub(super) fn contenant(forme: &str) -> Option<Contenant> {
    match forme {
        "cercueil" => Some(Contenant::Cercueil),
        "urne" => Some(Contenant::Urne),
        "reliquaire" => Some(Contenant::Reliquaire),
        _ => None,
    }
}

impl ContratLu {
    /// The contract before it.
    pub(super) fn precedent(&self) -> Option<Uuid> {
        self.precedent
    }
}
