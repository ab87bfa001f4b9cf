//! Steps that leave the state of a row: those that may be taken now, and why not the others.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Parcours;
use crate::access::droits::Action;
use crate::db::TenantTx;
use crate::modules::objets::{EtapeRefusee, ObjetError, Regard};

/// Where a row is in its workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Etapes {
    /// Its state; null where it is not open to who asks.
    pub etat: Option<String>,
    /// Whether it changes by a step or an amendment alone.
    pub verrouillee: bool,
    /// Steps that leave that state and concern the row.
    pub etapes: Vec<EtapePossible>,
}

/// A step that leaves the state of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EtapePossible {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub libelle: String,
    /// State it leads to; null when the row stays in its own.
    pub vers: Option<String>,
    /// Fields that must be filled.
    pub requis: Vec<String>,
    /// Those of them that are empty: to be given with the step.
    pub manquants: Vec<String>,
    /// Fields that may be given with it, filled or not.
    pub demandes: Vec<String>,
    /// Objects whose rows it makes.
    pub cree: Vec<String>,
    /// Document that it makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What keeps it from being taken; null when nothing does.
    pub obstacle: Option<Obstacle>,
    /// Sentences of its conditions that do not hold, where the module gives some.
    pub raisons: Vec<String>,
}

/// What keeps a step from being taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The account may not move this row along.
    Droit,
    /// The account does not hold the step's role here.
    Role,
    /// The step's condition does not hold.
    Garde,
}

impl Parcours<'_> {
    /// Where a row that `regard` opens is, and the steps that leave there.
    ///
    /// # Errors
    /// There is no such row, or it is not open.
    pub async fn etapes(&self, tx: &mut TenantTx, regard: &Regard, id: Uuid) -> Result<Etapes, ObjetError> {
        let etat = regard.etat(tx, id).await?;
        let verrouillee = etat.as_ref().is_some_and(|etat| self.workflow.locked.contains(etat));
        let permise = match self.qui.droit(self.modele.objet, Action::Transiter) {
            Ok(droit) => regard.permise(tx, id, &droit).await?,
            Err(_) => false,
        };
        let mut etapes = Vec::new();
        let parties =
            self.workflow.steps.iter().filter(|etape| etat.as_ref().is_some_and(|la| etape.from.contains(la)));
        for etape in parties {
            let permise = permise && self.fait(etape);
            let (manquants, obstacle, raisons) = match self.passage(etape) {
                Ok(passage) => {
                    let juge = regard.juge(tx, id, &passage).await?;
                    if etape.visible.is_some() && juge.fausses.contains(&0) {
                        continue;
                    }
                    let mut refusees = juge.fausses;
                    // What the missing fields will say is not known yet.
                    if juge.manquants.is_empty() {
                        refusees.extend(juge.inconnues);
                    }
                    let obstacle = match (permise, juge.role, refusees.is_empty()) {
                        (false, ..) => Some(Obstacle::Droit),
                        (true, false, _) => Some(Obstacle::Role),
                        (true, true, false) => Some(Obstacle::Garde),
                        (true, true, true) => None,
                    };
                    (juge.manquants, obstacle, passage.raisons(&refusees))
                }
                Err(EtapeRefusee::Role(_)) => {
                    (Vec::new(), Some(if permise { Obstacle::Role } else { Obstacle::Droit }), Vec::new())
                }
                Err(cause) => return Err(cause.into()),
            };
            etapes.push(EtapePossible {
                id: etape.id.clone(),
                libelle: etape.label.clone().unwrap_or_else(|| etape.id.clone()),
                vers: etape.to.clone(),
                requis: etape.requires.clone(),
                manquants,
                demandes: etape.asks.clone(),
                cree: etape.creates.clone(),
                document: etape.document.clone(),
                obstacle,
                raisons,
            });
        }
        Ok(Etapes { etat, verrouillee, etapes })
    }
}
