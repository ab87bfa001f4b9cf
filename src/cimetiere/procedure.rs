//! Procedures of recovery: where they stand, and what stands against a step.

use finage_cimetiere::{
    Acte as ActeDeConcession, ApresEntretien, Avancement, ConcessionVisee, Etape, Etat, Information, MortPourLaFrance,
    Moyen, Procedure, reprendre_echue, rouvrir,
};
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

use super::plan::{EmplacementLu, Plan, ProcedureLue, duree};
use super::{dit, local};
use crate::modules::crochet::{Acte, Calculees, Geste, Lecture, Manquement};

/// What the keeping of a procedure asks, beyond the texts.
const TENUE: &str = "tenue de la procédure";
/// Steps that end the recovery of a plot whose term is past, or of the common ground, in their order.
const ORDRE: [&str; 5] = ["arrete", "publication", "exhumation", "registre", "liberation"];
/// An upkeep that was seen: it is no step.
const ENTRETIEN: &str = "entretien";

#[derive(Debug, FromRow)]
struct Place {
    emplacement: Uuid,
}

#[derive(Debug, FromRow)]
struct EtapeLue {
    id: Uuid,
    procedure: Uuid,
    etape: String,
    le: Date,
    /// Whether it is in the archive.
    rangee: bool,
    insee: Option<String>,
    /// Days of the same step of the same procedure.
    deja: Vec<Date>,
    motif_partout: bool,
}

async fn plan(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Plan> {
    let places: Vec<Place> = lecture.lignes(include_str!("sql/emplacements_des_procedures.sql"), ids).await?;
    let emplacements: Vec<Uuid> = places.iter().map(|place| place.emplacement).collect();
    Plan::lu(lecture, &emplacements).await
}

/// The fields of procedures that follow from their steps and from today.
pub(super) async fn calcule(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Calculees> {
    let plan = plan(lecture, ids).await?;
    let mut calculees = Vec::new();
    for emplacement in &plan.emplacements {
        let jour = lecture.jour(emplacement.insee.as_deref()).await?;
        let siennes = plan.procedures(emplacement.id).iter().filter(|procedure| ids.contains(&procedure.id));
        calculees.extend(siennes.map(|procedure| (procedure.id, champs(&plan, emplacement, procedure, jour))));
    }
    Ok(calculees)
}

fn champs(plan: &Plan, emplacement: &EmplacementLu, procedure: &ProcedureLue, jour: Date) -> Map<String, Value> {
    let derniere = procedure.faites().last().map(|(etape, _)| etape.to_owned());
    let mut champs = Map::new();
    champs.insert("etape".to_owned(), json!(derniere));
    if procedure.etat != "en_cours" {
        return champs;
    }
    if procedure.genre == "abandon" {
        let avancement = avancement(plan, emplacement, procedure, jour);
        let ligne = avancement.prochaine.and_then(|etape| avancement.lignes.iter().find(|ligne| ligne.etape == etape));
        let des = ligne.and_then(|ligne| match &ligne.etat {
            Etat::TropTot { des, .. } => Some(*des),
            _ => ligne.au_plus_tot,
        });
        champs.insert("prochaine".to_owned(), json!(avancement.prochaine.map(Etape::code)));
        champs.insert("prochaine_le".to_owned(), json!(des.map(|date| date.to_string())));
    } else {
        let reste = ["information", "arrete", "publication", "exhumation", "registre", "liberation"];
        let prochaine = reste.into_iter().find(|etape| procedure.faite(etape).is_none());
        champs.insert("prochaine".to_owned(), json!(prochaine));
        if prochaine == Some("arrete") {
            let manquements = echue(plan, emplacement, procedure, jour);
            let des = manquements.iter().filter_map(|un| un.le).max().unwrap_or(jour);
            champs.insert("prochaine_le".to_owned(), json!(des.to_string()));
        }
    }
    champs
}

/// Where a procedure for abandonment stands on a day.
pub(super) fn avancement(plan: &Plan, emplacement: &EmplacementLu, lue: &ProcedureLue, jour: Date) -> Avancement {
    procedure(plan, emplacement, lue).avancement(jour)
}

fn procedure(plan: &Plan, emplacement: &EmplacementLu, lue: &ProcedureLue) -> Procedure {
    let mut procedure = Procedure::nouvelle(concession(plan, emplacement, lue));
    procedure.famille_connue = lue.ayants_droit_connus;
    procedure.apres_entretien = ApresEntretien::default();
    for (code, le) in lue.faites() {
        if code == ENTRETIEN {
            procedure.entretiens.push(le);
        } else if let Some(etape) = Etape::TOUTES.into_iter().find(|etape| etape.code() == code) {
            procedure.faites.insert(etape, le);
        }
    }
    procedure
}

/// The concession that a procedure aims at: the act is that of the first contract of its chain.
fn concession(plan: &Plan, emplacement: &EmplacementLu, lue: &ProcedureLue) -> ConcessionVisee {
    let periodes = plan.periodes(emplacement.id);
    let vise = lue.contrat.or_else(|| periodes.last().map(|(contrat, _)| contrat.id));
    let contrat = |id: Uuid| periodes.iter().find(|(contrat, _)| contrat.id == id);
    let actuel = vise.and_then(contrat);
    let mut premier = actuel;
    for _ in 0..periodes.len() {
        match premier.and_then(|(lu, _)| lu.precedent()).and_then(contrat) {
            Some(avant) => premier = Some(avant),
            None => break,
        }
    }
    let presents = || plan.sejours(emplacement.id).iter();
    ConcessionVisee {
        duree: actuel.map_or_else(|| duree("perpetuelle", None), |(_, contrat)| contrat.duree),
        acte: premier
            .and_then(|(lu, contrat)| lu.acte_le.or(Some(contrat.depart).filter(|depart| *depart > Date::MIN)))
            .map_or(ActeDeConcession::Inconnu, ActeDeConcession::Date),
        derniere_inhumation: presents().filter_map(|sejour| sejour.du).max(),
        entretien_public: emplacement.entretien_communal,
        morts_pour_la_france: presents()
            .filter(|sejour| sejour.mort_pour_la_france && sejour.au.is_none())
            .filter_map(|sejour| sejour.du)
            .map(|inhumation| MortPourLaFrance { inhumation })
            .collect(),
    }
}

/// What stands against opening procedures.
pub(super) async fn juge(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let ouvre = matches!(acte.geste, Geste::Creer | Geste::Importer)
        || acte.geste == Geste::Changer
            && acte.champs.iter().any(|champ| ["emplacement", "contrat", "genre"].contains(champ))
        || acte.geste == Geste::Franchir("aboutir");
    if !ouvre {
        return Ok(Vec::new());
    }
    let plan = plan(lecture, acte.ids).await?;
    let mut manquements = Vec::new();
    for emplacement in &plan.emplacements {
        for lue in plan.procedures(emplacement.id).iter().filter(|lue| acte.ids.contains(&lue.id)) {
            let trouves = if acte.geste == Geste::Franchir("aboutir") {
                inachevee(lue)
            } else if lue.genre == "abandon" {
                concession(&plan, emplacement, lue).eligible(lue.ouverte_le).into_iter().map(dit).collect()
            } else {
                Vec::new()
            };
            manquements.extend(trouves.into_iter().map(|un| (lue.id, un)));
        }
    }
    Ok(manquements)
}

fn inachevee(lue: &ProcedureLue) -> Vec<Manquement> {
    if lue.faite("liberation").is_some() {
        return Vec::new();
    }
    let phrase = "L'emplacement n'est pas libéré : enregistrez l'étape, ou arrêtez la procédure.";
    vec![local("reprise-liberation", "R2223-20 et R2223-21", phrase, false)]
}

/// What stands against steps on their days, and against what they would make of those that follow.
pub(super) async fn juge_etape(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let etapes: Vec<EtapeLue> = lecture.lignes(include_str!("sql/etapes_jugees.sql"), acte.ids).await?;
    let procedures: Vec<Uuid> = etapes.iter().map(|etape| etape.procedure).collect();
    let plan = plan(lecture, &procedures).await?;
    let mut manquements = Vec::new();
    for etape in &etapes {
        let aujourdhui = lecture.jour(etape.insee.as_deref()).await?;
        for emplacement in &plan.emplacements {
            for lue in plan.procedures(emplacement.id).iter().filter(|lue| lue.id == etape.procedure) {
                let mut trouves = Vec::new();
                let mut de_la_loi = Vec::new();
                if !etape.rangee {
                    trouves.extend(etape.a_venir(aujourdhui));
                    trouves.extend(etape.deux_fois(lue));
                    de_la_loi = etape_a(&plan, emplacement, lue, etape);
                }
                de_la_loi.extend(suites(&plan, emplacement, lue, etape));
                trouves.extend(de_la_loi.into_iter().map(|un| un.motivable(etape.motif_partout)));
                manquements.extend(trouves.into_iter().map(|un| (etape.id, un)));
            }
        }
    }
    Ok(manquements)
}

impl EtapeLue {
    /// A step is noted once it is taken.
    fn a_venir(&self, aujourdhui: Date) -> Option<Manquement> {
        (self.le > aujourdhui).then(|| {
            let phrase = "Cette étape est datée dans l'avenir : notez-la le jour où elle est faite.";
            Manquement { le: Some(self.le), ..local("etape-a-venir", TENUE, phrase, false) }
        })
    }

    /// A step is taken once, until upkeep has undone it; notices and upkeep come as often as there are.
    fn deux_fois(&self, lue: &ProcedureLue) -> Option<Manquement> {
        if matches!(self.etape.as_str(), ENTRETIEN | "information" | "affiche") {
            return None;
        }
        let defaite = |faite: Date| {
            lue.faites().any(|(etape, le)| etape == ENTRETIEN && faite.min(self.le) <= le && le <= faite.max(self.le))
        };
        self.deja.iter().any(|faite| !defaite(*faite)).then(|| {
            let phrase = "Cette étape est déjà notée dans cette procédure : corrigez-la, ou archivez-la d'abord.";
            local("etape-deux-fois", TENUE, phrase, false)
        })
    }
}

/// What a step that is dated otherwise, or taken away, makes of those that follow it.
fn suites(plan: &Plan, emplacement: &EmplacementLu, lue: &ProcedureLue, etape: &EtapeLue) -> Vec<Manquement> {
    if lue.genre == "abandon" {
        let connue = Etape::TOUTES.into_iter().find(|une| une.code() == etape.etape);
        let suites = connue.map(|connue| procedure(plan, emplacement, lue).suites_contraires(connue));
        return suites.unwrap_or_default().into_iter().map(dit).collect();
    }
    let Some(rang) = ORDRE.iter().position(|une| *une == etape.etape) else { return Vec::new() };
    let mut manquements = Vec::new();
    let (avant, apres) = (&ORDRE[..rang], &ORDRE[rang + 1..]);
    if !etape.rangee {
        // A plot where nobody rests goes without exhumation or register.
        let precede = avant.iter().filter(|une| lue.faite(une).is_none_or(|le| le > etape.le));
        manquements.extend(precede.map(|une| hors_ordre(&format!("l'étape « {} » vient avant", nom(une)))));
    }
    let suit = apres.iter().filter(|une| lue.faite(une).is_some_and(|le| etape.rangee || le < etape.le));
    manquements.extend(suit.map(|une| hors_ordre(&format!("l'étape « {} », déjà faite, vient après", nom(une)))));
    manquements
}

fn hors_ordre(pourquoi: &str) -> Manquement {
    let phrase = format!("Cette étape n'est pas à son tour : {pourquoi}.");
    local("etape-ordre", "R2223-19 à R2223-21 ; tenue de la procédure", phrase, true)
}

/// What people call a step of [`ORDRE`].
fn nom(etape: &str) -> &str {
    match etape {
        "arrete" => "Arrêté de reprise",
        "publication" => "Publication de l’arrêté",
        "exhumation" => "Exhumation des restes",
        "registre" => "Noms inscrits au registre de l’ossuaire",
        "liberation" => "Emplacement libéré",
        autre => autre,
    }
}

fn etape_a(plan: &Plan, emplacement: &EmplacementLu, lue: &ProcedureLue, etape: &EtapeLue) -> Vec<Manquement> {
    let connue = Etape::TOUTES.into_iter().find(|une| une.code() == etape.etape);
    match (lue.genre.as_str(), connue) {
        ("abandon", Some(connue)) => {
            let avancement = procedure(plan, emplacement, lue).avancement(etape.le);
            match avancement.etat(connue) {
                Some(
                    Etat::Faite { manquements, .. }
                    | Etat::TropTot { manquements, .. }
                    | Etat::Bloquee { manquements }
                    | Etat::Caduque { manquements, .. },
                ) => manquements.iter().cloned().map(dit).collect(),
                _ => Vec::new(),
            }
        }
        ("echue", Some(Etape::Arrete)) => echue(plan, emplacement, lue, etape.le),
        ("terrain_commun", Some(Etape::Arrete)) => {
            rouvrir(derniere(plan, emplacement), None, etape.le).into_iter().map(dit).collect()
        }
        _ => Vec::new(),
    }
}

/// What stands against taking back a concession whose term is past, or a grave of the common ground.
fn echue(plan: &Plan, emplacement: &EmplacementLu, lue: &ProcedureLue, le: Date) -> Vec<Manquement> {
    let derniere = derniere(plan, emplacement);
    if lue.genre == "terrain_commun" {
        return rouvrir(derniere, None, le).into_iter().map(dit).collect();
    }
    let periodes = plan.periodes(emplacement.id);
    let vise = periodes.iter().find(|(contrat, _)| Some(contrat.id) == lue.contrat).or(periodes.last());
    let Some((_, contrat)) = vise else {
        let phrase = "Aucun contrat signé n'est connu pour cet emplacement : choisissez celui qui est échu.";
        return vec![local("reprise-contrat", "L2223-15", phrase, false)];
    };
    let informations: Vec<Information> = lue
        .faites()
        .filter_map(|(etape, le)| match etape {
            "information" => Some(Information { le, moyen: Moyen::Utile }),
            "affiche" => Some(Information { le, moyen: Moyen::AffichageAuCimetiere }),
            _ => None,
        })
        .collect();
    reprendre_echue(contrat, &informations, derniere, le).into_iter().map(dit).collect()
}

fn derniere(plan: &Plan, emplacement: &EmplacementLu) -> Option<Date> {
    plan.sejours(emplacement.id).iter().filter(|sejour| sejour.au.is_none()).filter_map(|sejour| sejour.du).max()
}
