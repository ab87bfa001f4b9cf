//! The price of contracts: what their tariff gives, and a price that differs from it.

use finage_cimetiere::{Contrepartie, Montant, Proposition, TarifVote};
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

use super::local;
use super::plan::{Plan, duree};
use crate::modules::crochet::{Lecture, Manquement};

/// Where the price of concessions comes from.
const ARTICLE: &str = "L2223-15 et L2223-16";

/// A contract, and the tariff of the day that counts.
#[derive(Debug, FromRow)]
pub(super) struct PrixLu {
    pub id: Uuid,
    genre: String,
    etat: String,
    precedent: Option<Uuid>,
    emplacement: Uuid,
    duree: String,
    annees: Option<i32>,
    /// Cents, as the next four.
    prix: Option<i64>,
    prix_propose: Option<i64>,
    rembourse: Option<i64>,
    paye: i64,
    part_ccas: i64,
    ecrit_prix: Option<String>,
    ecrit_rembourse: Option<String>,
    tarif_propose: Option<Uuid>,
    calcul: Option<String>,
    jour: Date,
    echeance: Option<Date>,
    /// Hundredths of a square metre.
    surface: Option<i64>,
    tarif: Option<Uuid>,
    tarif_libelle: Option<String>,
    tarif_prix: Option<i64>,
    tarif_comprise: Option<i64>,
    tarif_m2: Option<i64>,
    /// How many tariffs would do.
    tarifs: i64,
}

/// What is known of the price of contracts.
pub(super) async fn lus(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Vec<PrixLu>> {
    lecture.lignes(include_str!("sql/prix_des_contrats.sql"), ids).await
}

impl PrixLu {
    /// The fields that follow from the tariff: those of a contract that is no longer a project stay as they are.
    pub(super) fn champs(&self, plan: &Plan) -> Map<String, Value> {
        let mut champs = Map::new();
        let mut pose = |nom: &str, valeur: Value| champs.insert(nom.to_owned(), valeur);
        if self.etat != "projet" {
            pose("prix_propose", json!(self.ecrit_prix));
            pose("rembourse_propose", json!(self.ecrit_rembourse));
            pose("tarif_propose", json!(self.tarif_propose));
            pose("calcul", json!(self.calcul));
            return champs;
        }
        let Proposition { prix, rembourse, mut calcul } = self.proposition(plan);
        if self.tarifs > 1 && prix.is_some() && self.vote().is_some() {
            calcul.push_str(" D'autres tarifs conviennent : choisissez le bon dans « Tarif », le prix le suit.");
        }
        let euros = |montant: Montant| montant.en_euros().to_string();
        pose("prix_propose", json!(prix.map(euros)));
        pose("rembourse_propose", json!(rembourse.map(euros)));
        pose("tarif_propose", json!(self.tarif.filter(|_| prix.is_some())));
        pose("calcul", json!(calcul));
        champs
    }

    fn vote(&self) -> Option<TarifVote> {
        Some(TarifVote {
            libelle: self.tarif_libelle.clone()?,
            base: montant(self.tarif_prix?),
            comprise: self.tarif_comprise.and_then(|centiemes| u32::try_from(centiemes).ok())?,
            metre_au_dela: montant(self.tarif_m2?),
        })
    }

    fn proposition(&self, plan: &Plan) -> Proposition {
        let surface = self.surface.and_then(|centiemes| u32::try_from(centiemes).ok());
        match self.contrepartie(plan) {
            Some(contrepartie) => contrepartie.propose(self.vote().as_ref(), surface),
            None => Proposition {
                prix: None,
                rembourse: None,
                calcul: "Le contrat précédent n'est pas signé, ou n'a pas de terme : le prix ne s'en déduit pas."
                    .to_owned(),
            },
        }
    }

    fn contrepartie(&self, plan: &Plan) -> Option<Contrepartie> {
        let (le, paye) = (self.jour, montant(self.paye));
        let avant = || {
            let precedent = self.precedent?;
            let periodes = plan.periodes(self.emplacement);
            let (_, avant) = periodes.into_iter().find(|(lu, _)| lu.id == precedent)?;
            // What this contract ends still ran until it.
            Some(finage_cimetiere::Contrat { fin_anticipee: None, ..avant })
        };
        Some(match self.genre.as_str() {
            "renouvellement" => Contrepartie::Renouvellement { echeance: self.echeance? },
            "conversion" => {
                Contrepartie::Conversion { avant: avant()?, paye, duree: duree(&self.duree, self.annees), le }
            }
            "retrocession" => {
                Contrepartie::Retrocession { avant: avant()?, paye, part_ccas: montant(self.part_ccas), le }
            }
            "don" => Contrepartie::Don,
            _ => Contrepartie::Achat { le },
        })
    }

    /// A price, or a refund, that is not what the tariff gives; `ferme` when the contract is invoiced or signed: a price that was
    /// proposed follows the tariff no more.
    pub(super) fn ecart(&self, plan: &Plan, ferme: bool) -> Option<Manquement> {
        let propose = self.proposition(plan);
        if let (Some(rembourse), Some(juste)) = (self.rembourse, propose.rembourse)
            && rembourse > juste.en_centimes()
        {
            let phrase =
                format!("Le remboursement ({}) dépasse le prorata. {}", super::euros(rembourse), propose.calcul);
            return Some(local("retrocession-remboursement", "L2223-14 ; usage", phrase, true));
        }
        let (prix, juste) = (self.prix?, propose.prix?.en_centimes());
        if prix == juste || !ferme && Some(prix) == self.prix_propose {
            return None;
        }
        let phrase = format!(
            "Le prix ({}) n'est pas celui du tarif ({}). {} Videz le prix pour prendre celui-là.",
            super::euros(prix),
            super::euros(juste),
            propose.calcul
        );
        Some(local("prix-tarif", ARTICLE, phrase, true))
    }
}

fn montant(centimes: i64) -> Montant {
    Montant::centimes(centimes.max(0)).unwrap_or_default()
}
