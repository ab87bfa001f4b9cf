//! The work « import »: a file laid down becomes rows, under the rights that its depositor has when it is done.

use std::sync::Arc;

use finage_import::{Classeur, Options, ouvrir};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::importation::Mode;
use super::plan::{Plan, Suivi, limites};
use super::{Bilan, Demande, Depot, ErreurImport, Importation, Rejet, proposition, rejets};
use crate::access::Acces;
use crate::access::identite::Identite;
use crate::access::journal::Finalite;
use crate::db::{Acteur, Canal, CollectiviteId, Collectivites};
use crate::jobs::{Accepted, Context, LigneRapport, Outcome, Piece, Rapport, Refusal, Work, WorkError};
use crate::modules::objets::Modele;
use crate::modules::registry::Vivant;

/// Name of the work.
pub const GENRE: &str = "import";
/// Rejects told in the report; the file has all.
const MAX_LIGNES: usize = 1_000;

/// Imports files in jobs.
#[derive(Debug)]
pub struct Imports {
    collectivites: Collectivites,
    acces: Acces,
    modules: Vivant,
    depot: Depot,
}

/// What a job keeps: what is asked stands in `core.importation`, where its depositor alone wrote it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parametres {
    import: Uuid,
    collectivite: CollectiviteId,
}

impl Imports {
    /// The work on these transactions, with the accounts, the modules as they are, and the files that wait.
    #[must_use]
    pub fn new(collectivites: Collectivites, acces: Acces, modules: Vivant, depot: Depot) -> Self {
        Self { collectivites, acces, modules, depot }
    }

    /// The parameters of a job.
    ///
    /// # Errors
    /// Never: they are plain.
    pub fn parametres(import: Uuid, collectivite: CollectiviteId) -> serde_json::Result<Value> {
        serde_json::to_value(Parametres { import, collectivite })
    }

    async fn importation(&self, parametres: Parametres) -> Result<Importation, ErreurImport> {
        let acteur = Acteur { utilisateur: None, collectivite: parametres.collectivite, canal: Canal::Travail };
        let mut tx = self.collectivites.begin_read(&acteur).await?;
        Importation::lit(&mut tx, parametres.import).await
    }

    async fn deroule(&self, parametres: Parametres, ctx: &Context) -> Result<Outcome, WorkError> {
        let importation = self.importation(parametres).await.map_err(echec)?;
        if let (Some(_), Some(Json(bilan))) = (importation.faite_le, &importation.bilan) {
            return Ok(outcome(bilan, &bilan.rejets));
        }
        let (Some(Json(demande)), Some(compte)) = (importation.demande.clone(), importation.deposee_par) else {
            return Err(echec(ErreurImport::Absent));
        };
        let modele = self.modules.lu().modele(&importation.objet).ok_or_else(|| echec(ErreurImport::Absent))?;
        let qui = self.acces.agissant(compte, parametres.collectivite).await?.ok_or_else(|| {
            WorkError::Failed("Le compte qui a demandé cet import n'agit plus pour sa collectivité.".to_owned())
        })?;
        ctx.progress(0, "lecture du fichier");
        let chemin = self.depot.chemin(&importation.empreinte).ok_or_else(|| echec(ErreurImport::Perdu))?;
        let nom = importation.nom.clone();
        let ouvert = ctx.compute(move || ouvre(&chemin, &nom)).await?.map_err(echec)?;
        let acteur = Acteur { utilisateur: Some(compte), collectivite: parametres.collectivite, canal: Canal::Travail };
        self.importe(ctx, &acteur, &qui, modele, (importation.id, &demande), Arc::new(ouvert)).await
    }

    async fn importe(
        &self,
        ctx: &Context,
        acteur: &Acteur,
        qui: &Identite,
        modele: &'static Modele,
        (import, demande): (Uuid, &Demande),
        classeur: Arc<Classeur>,
    ) -> Result<Outcome, WorkError> {
        let correspondance = demande.correspondance.clone().unwrap_or_default();
        let finalite = demande.finalite.as_deref().map(Finalite::parse).transpose();
        let finalite = finalite.map_err(|error| WorkError::Failed(error.to_string()))?;
        let comment = (demande.reprise, finalite.as_ref());
        let mut tx = self.collectivites.begin_read(acteur).await?;
        let prepare = Plan::prepare(&mut tx, qui, modele, (&classeur, &correspondance), comment, import).await;
        let plan = Arc::new(prepare.map_err(echec)?);
        drop(tx);
        let (lit, lu) = (Arc::clone(&plan), Arc::clone(&classeur));
        let lues = ctx.compute(move || lit.lit(&lu)).await?.map_err(echec)?;
        ctx.set_total(lues.total);
        let mut tx = self.collectivites.begin(acteur).await?;
        if let Some(bilan) = Importation::retient(&mut tx, import).await.map_err(echec)? {
            return Ok(outcome(&bilan, &bilan.rejets));
        }
        let suivi = Suivi {
            avance: &|fait, total| ctx.progress(fait, format!("{fait} lignes sur {total}")),
            arrete: &|| ctx.is_cancelled(),
        };
        let ecrit = plan.ecrit(&mut tx, lues, suivi);
        // A statement may be long: whoever cancels does not wait for its end.
        let ecrit = tokio::select! {
            ecrit = ecrit => ecrit,
            () = ctx.cancelled() => return Err(WorkError::Interrupted),
        };
        let (mut bilan, refuses) = ecrit.map_err(echec)?;
        bilan.ecrit = !demande.essai && (refuses.is_empty() || demande.mode == Mode::LigneParLigne);
        if !refuses.is_empty() {
            let (plan, classeur, refuses) = (Arc::clone(&plan), Arc::clone(&classeur), refuses.clone());
            let csv = ctx.compute(move || rejets(&plan, &classeur, &refuses)).await?.map_err(echec)?;
            ctx.piece(0, Piece::new("rejets.csv", "text/csv; charset=utf-8", csv)).await?;
        }
        ctx.check()?;
        if !bilan.ecrit {
            drop(tx);
            tx = self.collectivites.begin(acteur).await?;
        }
        if let Some(feuille) = classeur.feuilles.get(plan.liaison.feuille).filter(|_| !demande.essai) {
            let signature = proposition::signature(feuille);
            proposition::retient(&mut tx, modele, &signature, &correspondance).await.map_err(echec)?;
        }
        Importation::conclut(&mut tx, import, modele, &bilan, plan.finalite()).await.map_err(echec)?;
        tx.commit().await?;
        Ok(outcome(&bilan, &refuses))
    }
}

impl Work for Imports {
    fn genre(&self) -> &'static str {
        GENRE
    }

    fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>> {
        Box::pin(async move {
            let lus: Parametres = serde_json::from_value(parametres.clone()).map_err(|_| {
                Refusal::Malformed(
                    "Un import se lance à l'adresse de l'objet : /api/modules/{module}/{objet}/imports.".to_owned(),
                )
            })?;
            let importation = self.importation(lus).await.map_err(|error| match error {
                ErreurImport::Base(error) => Refusal::Database(error),
                autre => Refusal::Unacceptable(autre.to_string()),
            })?;
            if importation.demande.is_none() {
                return Err(Refusal::Unacceptable(ErreurImport::Absent.to_string()));
            }
            if importation.faite_le.is_some() {
                return Err(Refusal::Unacceptable(ErreurImport::DejaFait.to_string()));
            }
            Ok(Accepted { libelle: format!("Import de « {} »", importation.nom), total: None, parametres })
        })
    }

    fn run<'a>(&'a self, parametres: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>> {
        Box::pin(async move {
            let lus = serde_json::from_value(parametres).map_err(|_| echec(ErreurImport::Absent))?;
            self.deroule(lus, ctx).await
        })
    }
}

fn ouvre(chemin: &std::path::Path, nom: &str) -> Result<Classeur, ErreurImport> {
    Ok(ouvrir(chemin, nom, &Options { limites: limites(), ..Options::default() })?)
}

fn echec(error: ErreurImport) -> WorkError {
    match error {
        ErreurImport::Base(error) => WorkError::Database(error),
        ErreurImport::Interrompu => WorkError::Interrupted,
        autre => WorkError::Failed(autre.to_string()),
    }
}

fn outcome(bilan: &Bilan, refuses: &[Rejet]) -> Outcome {
    let lignes = refuses
        .iter()
        .take(MAX_LIGNES)
        .map(|rejet| LigneRapport {
            ligne: u32::try_from(rejet.ligne).unwrap_or(u32::MAX),
            texte: rejet.valeur.clone().unwrap_or_default(),
            etat: "refusee".to_owned(),
            idu: None,
            message: Some(rejet.phrase()),
        })
        .collect();
    Outcome { rapport: Some(Rapport { resume: bilan.resume(), lignes }), archive: None }
}
