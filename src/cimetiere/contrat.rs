//! Contracts: their term, and what stands against signing them.

use std::collections::BTreeSet;

use finage_cimetiere::{
    Contrat, DemandeRenouvellement, DemandeRetrocession, Montant, Qualite, Statut, accorder, convertir, renouveler,
    retroceder,
};
use serde_json::{Map, json};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

use super::emplacement::Etat;
use super::plan::{Plan, duree, echeances};
use super::{dit, local, prix};
use crate::modules::crochet::{Acte, Calculees, Geste, Lecture, Manquement};

/// Fields whose change is judged again.
const JUGES: [&str; 12] = [
    "emplacement",
    "genre",
    "precedent",
    "classe",
    "duree",
    "annees",
    "acte_le",
    "surface",
    "hors_commune",
    "tarif",
    "prix",
    "rembourse",
];

#[derive(Debug, FromRow)]
struct Place {
    id: Uuid,
    emplacement: Uuid,
}

/// A contract to judge.
#[derive(Debug, FromRow)]
struct ContratJuge {
    id: Uuid,
    emplacement: Uuid,
    insee: Option<String>,
    genre: String,
    precedent: Option<Uuid>,
    duree: String,
    annees: Option<i32>,
    acte_le: Option<Date>,
    demande_le: Option<Date>,
    titulaire: Option<Uuid>,
    titulaire_precedent: Option<Uuid>,
    /// Cents.
    prix: Option<i64>,
    /// Cents.
    prix_precedent: i64,
    deliberation_le: Option<Date>,
    tiers_payeur: bool,
    paiement: String,
    paye: Option<bool>,
    occupe: bool,
}

/// The term of contracts.
pub(super) async fn calcule(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Calculees> {
    let places: Vec<Place> = lecture.lignes(include_str!("sql/emplacements_des_contrats.sql"), ids).await?;
    let emplacements: BTreeSet<Uuid> = places.iter().map(|place| place.emplacement).collect();
    let plan = Plan::lu(lecture, &emplacements.iter().copied().collect::<Vec<_>>()).await?;
    let prix = prix::lus(lecture, ids).await?;
    let mut calcules = Vec::new();
    for emplacement in emplacements {
        let echeances = echeances(&plan, emplacement);
        for place in places.iter().filter(|place| place.emplacement == emplacement) {
            let fin = echeances.get(&place.id).copied().flatten();
            let mut champs = prix.iter().find(|lu| lu.id == place.id).map_or_else(Map::new, |lu| lu.champs(&plan));
            champs.insert("fin_le".to_owned(), json!(fin.map(|date| date.to_string())));
            calcules.push((place.id, champs));
        }
    }
    Ok(calcules)
}

/// What stands against contracts.
pub(super) async fn juge(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let touche = acte.champs.iter().any(|champ| JUGES.contains(champ));
    let signe = acte.geste == Geste::Franchir("signer");
    let facture = acte.geste == Geste::Franchir("facturer") || acte.geste == Geste::Franchir("rembourser");
    let fait = matches!(acte.geste, Geste::Creer | Geste::Importer) || acte.geste == Geste::Changer && touche;
    if !(signe || facture || fait) {
        return Ok(Vec::new());
    }
    let contrats: Vec<ContratJuge> = lecture.lignes(include_str!("sql/contrats_juges.sql"), acte.ids).await?;
    let emplacements: BTreeSet<Uuid> = contrats.iter().map(|contrat| contrat.emplacement).collect();
    let plan = Plan::lu(lecture, &emplacements.into_iter().collect::<Vec<_>>()).await?;
    let mut manquements = Vec::new();
    for contrat in &contrats {
        let jour = match contrat.acte_le {
            Some(acte) => acte,
            None => lecture.jour(contrat.insee.as_deref()).await?,
        };
        let reprise = acte.geste == Geste::Importer;
        if !facture {
            let trouves = contrat.manquements(&plan, jour, signe, reprise);
            manquements.extend(trouves.into_iter().map(|un| (contrat.id, un)));
        }
    }
    // What was paid long ago was paid as it was.
    if acte.geste != Geste::Importer {
        let lus = prix::lus(lecture, acte.ids).await?;
        let ecarts = lus.iter().filter_map(|lu| Some((lu.id, lu.ecart(&plan, signe || facture)?)));
        manquements.extend(ecarts);
    }
    Ok(manquements)
}

impl ContratJuge {
    fn manquements(&self, plan: &Plan, jour: Date, signe: bool, reprise: bool) -> Vec<Manquement> {
        let duree = duree(&self.duree, self.annees);
        let mut manquements: Vec<Manquement> = match self.genre.as_str() {
            "renouvellement" => self.renouvellement(plan, jour),
            "conversion" => self.conversion(plan, jour),
            "retrocession" => self.retrocession(plan, jour),
            _ => accorder(duree, jour).into_iter().map(dit).collect(),
        };
        if self.genre == "achat" && !reprise {
            manquements.extend(self.libre(plan, jour));
        }
        if signe {
            manquements.extend(self.paye());
        }
        manquements
    }

    /// The period of the contract before.
    fn avant(&self, plan: &Plan) -> Option<Contrat> {
        let precedent = self.precedent?;
        plan.periodes(self.emplacement).into_iter().find(|(lu, _)| lu.id == precedent).map(|(_, contrat)| contrat)
    }

    fn sans_precedent() -> Vec<Manquement> {
        let phrase =
            "Le contrat précédent n'est pas signé, ou rien ne dit depuis quand il court : complétez-le d'abord.";
        vec![local("contrat-precedent", "L2223-15", phrase, false)]
    }

    fn renouvellement(&self, plan: &Plan, jour: Date) -> Vec<Manquement> {
        let Some(avant) = self.avant(plan) else { return Self::sans_precedent() };
        let le = self.demande_le.unwrap_or(jour);
        let meme = self.titulaire.is_none() || self.titulaire == self.titulaire_precedent;
        let demande = DemandeRenouvellement {
            le,
            par: if self.tiers_payeur && !meme { Qualite::Tiers } else { Qualite::Titulaire },
            duree: duree(&self.duree, self.annees),
            pour_inhumation: false,
            terrain_repris: plan.emplacement(self.emplacement).is_some_and(|emplacement| {
                matches!(Etat::au(plan, emplacement, le).statut, Statut::ReprisALiberer | Statut::Libre)
            }),
            // Payment is the commune's setting: it is judged apart.
            paye: true,
        };
        let Some(renouvellement) = renouveler(&avant, &demande) else {
            let phrase = "Une concession perpétuelle ne se renouvelle pas.";
            return vec![local("renouvellement-perpetuelle", "L2223-14 et L2223-15", phrase, false)];
        };
        renouvellement.manquements.into_iter().map(dit).collect()
    }

    fn conversion(&self, plan: &Plan, jour: Date) -> Vec<Manquement> {
        let Some(avant) = self.avant(plan) else { return Self::sans_precedent() };
        let avant = Contrat { fin_anticipee: None, ..avant };
        let (paye, prix) = (montant(self.prix_precedent), montant(self.prix.unwrap_or_default()));
        let conversion = convertir(&avant, paye, duree(&self.duree, self.annees), prix, jour);
        conversion.manquements.into_iter().map(dit).collect()
    }

    fn retrocession(&self, plan: &Plan, jour: Date) -> Vec<Manquement> {
        let Some(avant) = self.avant(plan) else { return Self::sans_precedent() };
        let avant = Contrat { fin_anticipee: None, ..avant };
        let demande = DemandeRetrocession {
            le: jour,
            par_fondateur: self.titulaire.is_some() && self.titulaire == self.titulaire_precedent,
            vide: !self.occupe,
            acceptee: self.deliberation_le.is_some_and(|le| le <= jour),
        };
        let rendue = retroceder(&avant, montant(self.prix_precedent), Montant::NUL, &demande);
        rendue.manquements.into_iter().map(dit).collect()
    }

    /// A first concession is of a free plot, or of one that was reserved.
    fn libre(&self, plan: &Plan, jour: Date) -> Option<Manquement> {
        let emplacement = plan.emplacement(self.emplacement)?;
        let autres = Etat::au(plan, emplacement, jour);
        // Once signed, it is itself among the contracts of its plot.
        let seul = plan.contrats(self.emplacement).iter().all(|contrat| contrat.id == self.id);
        if matches!(autres.statut, Statut::Libre | Statut::Reserve)
            || seul && autres.sejours.iter().all(|un| un.au.is_some())
        {
            return None;
        }
        let phrase = "L'emplacement n'est pas libre : choisissez-en un autre, ou terminez d'abord ce qui l'occupe.";
        Some(local("emplacement-libre", "L2223-13", phrase, true))
    }

    /// Where the commune collects the price before the act.
    fn paye(&self) -> Option<Manquement> {
        let du = self.prix.is_some_and(|prix| prix > 0);
        (self.paiement == "regie" && du && self.paye != Some(true)).then(|| {
            let phrase = "Le prix n'est pas encaissé : facturez et encaissez, l'acte se signe ensuite.";
            local("acte-paye", "L2223-15 ; réglage « Régie »", phrase, true)
        })
    }
}

fn montant(centimes: i64) -> Montant {
    Montant::centimes(centimes.max(0)).unwrap_or_default()
}
