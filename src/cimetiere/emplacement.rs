//! The status of plots and their places, from contracts, stays and procedures.

use finage_cimetiere::{Bilan, Contrat, Places, Reprise, Sejour, Situation, Statut, Usage, bilan, statut};
use serde_json::{Map, Value, json};
use time::Date;
use uuid::Uuid;

use super::plan::{EmplacementLu, Plan};
use super::procedure;
use crate::modules::crochet::{Calculees, Lecture};

/// Where ashes are scattered: nobody is granted it, and it is never full.
const DISPERSION: &str = "jardin_souvenir";

/// The fields of plots that follow from the rest.
pub(super) async fn calcule(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Calculees> {
    let plan = Plan::lu(lecture, ids).await?;
    let insee = plan.emplacements.first().and_then(|un| un.insee.clone());
    let jour = lecture.jour(insee.as_deref()).await?;
    Ok(plan.emplacements.iter().map(|emplacement| (emplacement.id, champs(&plan, emplacement, jour))).collect())
}

fn champs(plan: &Plan, emplacement: &EmplacementLu, jour: Date) -> Map<String, Value> {
    let etat = Etat::au(plan, emplacement, jour);
    let echeance = etat.echeance(jour);
    let compte = emplacement.nature != DISPERSION;
    let mut champs = Map::new();
    champs.insert("statut".to_owned(), json!(compte.then(|| etat.statut.code())));
    champs.insert("echeance".to_owned(), json!(echeance.map(|date| date.to_string())));
    champs.insert("annee_fin".to_owned(), json!(echeance.map(Date::year)));
    champs.insert("libres_cercueil".to_owned(), json!(compte.then(|| etat.bilan.libres().to_string())));
    champs.insert("libres_urne".to_owned(), json!(compte.then_some(etat.bilan.urnes_libres)));
    champs.insert("gagnables".to_owned(), json!(compte.then(|| etat.bilan.gagnables().to_string())));
    champs
}

/// A plot on a day.
#[derive(Debug)]
pub(super) struct Etat {
    pub statut: Statut,
    pub contrats: Vec<Contrat>,
    pub sejours: Vec<Sejour>,
    pub places: Places,
    bilan: Bilan,
}

impl Etat {
    /// A plot on a day, from what is known of it.
    pub(super) fn au(plan: &Plan, emplacement: &EmplacementLu, jour: Date) -> Self {
        let (reprise, libere_le) = reprise(plan, emplacement, jour);
        let contrats: Vec<Contrat> = plan
            .periodes(emplacement.id)
            .into_iter()
            .filter(|(lu, _)| !plan.revolu(lu))
            .map(|(_, contrat)| contrat)
            // Contracts of before a recovery are history.
            .filter(|contrat| libere_le.is_none_or(|le| contrat.depart >= le))
            .collect();
        let sejours: Vec<Sejour> = plan.sejours(emplacement.id).iter().map(super::plan::SejourLu::sejour).collect();
        let places = places(emplacement);
        let situation = Situation {
            usage: usage(&emplacement.nature),
            contrats: &contrats,
            sejours: &sejours,
            reprise,
            reserve_jusqu_au: emplacement.reserve_jusqu_au,
            hors_service: emplacement.hors_service,
        };
        let statut = match statut(&situation, jour) {
            // What was granted is not free because its date was lost.
            Statut::Libre if libere_le.is_none() && plan.tenu_sans_date(emplacement.id) => Statut::Occupe,
            autre => autre,
        };
        Self { statut, bilan: bilan(places, &sejours, jour), contrats, sejours, places }
    }

    /// The contract in force on a day, else the last one that had begun.
    pub(super) fn contrat(&self, jour: Date) -> Option<&Contrat> {
        let valables = || self.contrats.iter().filter(|contrat| contrat.depart <= jour && !contrat.rompu(jour));
        valables().find(|contrat| contrat.en_cours(jour)).or_else(|| valables().max_by_key(|contrat| contrat.depart))
    }

    /// The last day of what was granted: the furthest of the contracts that hold; none without end.
    fn echeance(&self, jour: Date) -> Option<Date> {
        let valables = || self.contrats.iter().filter(|contrat| !contrat.rompu(jour));
        if valables().any(|contrat| contrat.depart <= jour && contrat.echeance().is_none()) {
            return None;
        }
        valables().filter_map(Contrat::echeance).max()
    }
}

/// How far a recovery went, and the day from which the plot is free of what was before.
fn reprise(plan: &Plan, emplacement: &EmplacementLu, jour: Date) -> (Reprise, Option<Date>) {
    let (mut reprise, mut libere_le) = (Reprise::Aucune, None);
    for procedure in plan.procedures(emplacement.id) {
        if procedure.etat == "aboutie" {
            libere_le = libere_le
                .max(procedure.faite("liberation").or(procedure.faite("arrete")).or(Some(procedure.ouverte_le)));
            continue;
        }
        let ou = if procedure.genre == "abandon" {
            procedure::avancement(plan, emplacement, procedure, jour).reprise()
        } else if procedure.faite("liberation").is_some() {
            Reprise::Achevee
        } else if procedure.faite("arrete").is_some() {
            Reprise::Prononcee
        } else {
            Reprise::Aucune
        };
        match ou {
            Reprise::Aucune => {}
            Reprise::Achevee => libere_le = libere_le.max(procedure.faite("liberation")),
            autre => reprise = autre,
        }
    }
    (reprise, libere_le)
}

/// What a plot is for.
pub(super) fn usage(nature: &str) -> Usage {
    match nature {
        "terrain_commun" => Usage::TerrainCommun,
        "ossuaire" => Usage::Ossuaire,
        "caveau_provisoire" => Usage::Depositoire,
        _ => Usage::Concede,
    }
}

/// The places of a plot.
pub(super) fn places(emplacement: &EmplacementLu) -> Places {
    let nombre = |places: i32| u16::try_from(places).unwrap_or(0);
    Places { cercueils: nombre(emplacement.places_cercueil), urnes: nombre(emplacement.places_urne) }
}
