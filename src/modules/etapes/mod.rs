//! Steps of a workflow: which a row may take now, for whom, and taking one.
//!
//! A step is taken in one transaction: the fields it requires, those it sets, the terms it begins, the new state, a line of the
//! journal, the rows that the module's program makes with it, and its document, which [`Suite`] makes.

mod expression;
mod lecture;
mod produits;
mod suite;

use finage_manifest::{Guard, Step, Workflow};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use lecture::{EtapePossible, Etapes, Obstacle};
pub use suite::{DocumentDeLEtape, Suite};

use super::installation::code_de_role;
use super::objets::{EtapeRefusee, Modele, ObjetError, Passage, Plume};
use super::registry::{ModuleCharge, ObjetCharge};
use crate::access::identite::Identite;
use crate::access::journal::{self, Auteur, Fait};
use crate::db::TenantTx;

/// Longest reason of a step, characters.
const MAX_MOTIF: usize = 2_000;

/// The workflow of an object, for one account.
#[derive(Debug, Clone, Copy)]
pub struct Parcours<'a> {
    module: &'a ModuleCharge,
    modele: &'static Modele,
    workflow: &'a Workflow,
    qui: &'a Identite,
}

/// What is said with a step.
#[derive(Debug, Clone, Copy)]
pub struct Franchissement<'a> {
    /// The step.
    pub etape: &'a str,
    /// Version of the row.
    pub version: i32,
    /// Fields that the step requires.
    pub champs: &'a Map<String, Value>,
    /// Why it is taken; the journal keeps it.
    pub motif: Option<&'a str>,
}

/// Where an account holds a role.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tenue {
    Nulle,
    Partout,
    Communes(Vec<String>),
}

impl<'a> Parcours<'a> {
    /// The workflow of this object; `None` where it has none.
    #[must_use]
    pub fn new(module: &'a ModuleCharge, objet: &'a ObjetCharge, qui: &'a Identite) -> Option<Self> {
        let workflow = objet.file.workflow.as_ref()?;
        Some(Self { module, modele: objet.modele, workflow, qui })
    }

    /// Takes a row through a step; `plume` is the right to.
    ///
    /// # Errors
    /// The row is not open or has changed, the step is not for this row or this account, a field is refused or missing, or
    /// its document could not be made. Nothing is then changed.
    pub async fn franchir(
        &self,
        tx: &mut TenantTx,
        plume: &Plume,
        id: Uuid,
        demande: &Franchissement<'_>,
        suite: &impl Suite,
    ) -> Result<(), ObjetError> {
        let etape = self.etape(demande.etape)?;
        let passage = self.passage(etape)?;
        let motif = demande.motif.map(str::trim).filter(|motif| !motif.is_empty());
        if motif.is_some_and(|motif| motif.chars().count() > MAX_MOTIF || motif.contains('\0')) {
            return Err(ObjetError::Valeur { champ: "motif", attendu: format!("{MAX_MOTIF} caractères au plus") });
        }
        plume.passer(tx, id, demande.version, &passage, demande.champs).await?;
        let details = json!({ "etape": etape.id, "vers": etape.to, "motif": motif });
        let (auteur, cle) = (Auteur::from(tx.acteur()), id.to_string());
        let fait = Fait { action: "transiter", objet: self.modele.objet.nom, cle: Some(&cle), details: &details };
        journal::acte(tx, &auteur, &fait).await?;
        self.produire(tx, plume, id, etape, suite).await?;
        match &etape.document {
            Some(document) => suite.document(tx, self.modele, id, document).await,
            None => Ok(()),
        }
    }

    /// Steps that the account may take somewhere, by the roles they ask for.
    pub fn tenues(&self) -> impl Iterator<Item = &'a str> {
        self.workflow.steps.iter().filter(|etape| self.tenue(etape) != Tenue::Nulle).map(|etape| etape.id.as_str())
    }

    fn etape(&self, id: &str) -> Result<&'a Step, ObjetError> {
        let trouvee = self.workflow.steps.iter().find(|etape| etape.id == id);
        trouvee.ok_or_else(|| EtapeRefusee::Inconnue(id.chars().take(60).collect()).into())
    }

    /// A step as a row takes it.
    ///
    /// # Errors
    /// The account does not hold its role at all, or an expression cannot be read.
    fn passage(&self, etape: &'a Step) -> Result<Passage<'a>, EtapeRefusee> {
        let communes = match self.tenue(etape) {
            Tenue::Nulle => return Err(EtapeRefusee::Role(etape.id.clone())),
            Tenue::Partout => None,
            Tenue::Communes(communes) => Some(communes),
        };
        self.lue(etape, communes).ok_or_else(|| {
            tracing::error!(objet = self.modele.objet.nom, etape = etape.id, "étape illisible");
            EtapeRefusee::Illisible(etape.id.clone())
        })
    }

    fn lue(&self, etape: &'a Step, communes: Option<Vec<String>>) -> Option<Passage<'a>> {
        let champ = |nom: &String| self.modele.regle(nom).map(|regle| regle.champ);
        // What it does not concern does not take it either.
        let concernees = etape.visible.iter().map(|texte| (texte.as_str(), None));
        let gardes = concernees.chain(etape.guard.iter().flat_map(Guard::cases));
        let termes = etape.delay.iter().map(|(nom, duree)| (nom, format!("today() + '{}'", duree.replace('\'', "''"))));
        let poses = etape.sets.iter().map(|(nom, texte)| (nom, texte.clone())).chain(termes);
        Some(Passage {
            etape: &etape.id,
            de: &etape.from,
            vers: etape.to.as_deref(),
            gardes: gardes
                .map(|(texte, message)| Some((expression::condition(texte, self.modele, self.qui)?, message)))
                .collect::<Option<_>>()?,
            requis: etape.requires.iter().map(champ).collect::<Option<_>>()?,
            demandes: etape.asks.iter().map(champ).collect::<Option<_>>()?,
            poses: poses
                .map(|(nom, texte)| Some((champ(nom)?, expression::valeur(&texte, self.modele, self.qui)?)))
                .collect::<Option<_>>()?,
            communes,
        })
    }

    /// Where the account holds the role of a step: everywhere when the step asks for none.
    fn tenue(&self, etape: &Step) -> Tenue {
        let Some(role) = &etape.role else { return Tenue::Partout };
        let code = code_de_role(&self.module.file.id, role);
        let mut communes = Vec::new();
        for octroi in self.qui.droits.octrois().iter().filter(|octroi| octroi.role == code) {
            match &octroi.communes {
                None => return Tenue::Partout,
                Some(siennes) => communes.extend(siennes.iter().cloned()),
            }
        }
        if communes.is_empty() { Tenue::Nulle } else { Tenue::Communes(communes) }
    }
}
