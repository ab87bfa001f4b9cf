//! The work « publipostage »: a document for each of many rows, in one PDF or in a ZIP, each row answered.
//!
//! What a job may print is what its depositor may print when it runs: the account is that of the deposit, its rights are read
//! again, and each row goes through the same look as a document asked alone.

use finage_documents::{Champs, Donnee, GabaritError};
use finage_manifest::Document;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Atelier, DocumentError, ETIQUETTES, Feuille, Moule, proposes};
use crate::access::Acces;
use crate::access::identite::Identite;
use crate::access::journal::Finalite;
use crate::config::{Config, Portail};
use crate::db::{Canal, CollectiviteId, Collectivites, Pools, TenantTx};
use crate::jobs::{Accepted, Context, LigneRapport, Outcome, Piece, Rapport, Refusal, Work, WorkError};
use crate::modules::objets::{ObjetError, Regard};
use crate::modules::registry::{Connu, Vivant};

/// Rows of a job at most.
pub const MAX_LOT: usize = 5_000;
/// Letters of a volume: a job that is taken up again does at most as many twice.
const VOLUME: usize = 100;
/// Parts of a volume whose letters have many pages.
const PARTIES: usize = 64;
/// First label left on a sheet, at most.
const MAX_DEBUT: usize = 24;
const PDF: &str = "application/pdf";

/// Makes documents in a job.
#[derive(Debug)]
pub struct Publipostage {
    collectivites: Collectivites,
    travaux: PgPool,
    acces: Acces,
    modules: Vivant,
    portail: Portail,
}

/// What is asked of a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commande {
    /// Module.
    pub module: String,
    /// Object.
    pub objet: String,
    /// Document.
    pub document: String,
    /// Collectivité for which the depositor acts.
    pub collectivite: CollectiviteId,
    /// Purpose for which personal fields are shown.
    #[serde(default)]
    pub finalite: Option<String>,
    /// Rows, in the order of the documents.
    pub ids: Vec<Uuid>,
    /// One PDF of all, or a PDF a row.
    pub en_un_fichier: bool,
    /// Rank of the first label left on the sheet, from 1.
    #[serde(default = "premiere")]
    pub debut: usize,
}

fn premiere() -> usize {
    1
}

impl Publipostage {
    /// The work on these pools, over the modules that the server knows.
    #[must_use]
    pub fn new(config: &Config, pools: &Pools, modules: Vivant) -> Self {
        Self {
            collectivites: pools.collectivites.clone(),
            travaux: pools.write.clone(),
            acces: Acces::new(pools.acces.clone(), config.second_facteur_administrateurs),
            modules,
            portail: config.portail.clone(),
        }
    }

    fn accepte(&self, parametres: Value) -> Result<Accepted, Refusal> {
        let lue: Commande = serde_json::from_value(parametres).map_err(|_| {
            Refusal::Malformed(
                "Les paramètres du publipostage sont illisibles ; déposez-le à l'adresse du document.".to_owned(),
            )
        })?;
        if lue.ids.is_empty() || lue.ids.len() > MAX_LOT || !(1..=MAX_DEBUT).contains(&lue.debut) {
            return Err(Refusal::Unacceptable(format!(
                "Un publipostage compte de 1 à {MAX_LOT} fiches, et une planche commence à une étiquette de 1 à {MAX_DEBUT} : précisez votre demande."
            )));
        }
        let registry = self.modules.lu();
        let inconnu = || Refusal::Unacceptable(DocumentError::Inconnu.to_string());
        let (_, objet) = registry.objet(&lue.module, &lue.objet).ok_or_else(inconnu)?;
        let document = proposes(objet).find(|document| document.id == lue.document && document.batch);
        let document = document.ok_or_else(inconnu)?;
        Ok(Accepted {
            libelle: format!("{} ({} fiches)", document.label, lue.ids.len()),
            total: i32::try_from(lue.ids.len()).ok(),
            parametres: serde_json::to_value(lue).map_err(|cause| Refusal::Malformed(cause.to_string()))?,
        })
    }

    async fn fait(&self, parametres: Value, ctx: &Context) -> Result<Outcome, WorkError> {
        let commande: Commande = serde_json::from_value(parametres)
            .map_err(|_| echec("Les paramètres du publipostage sont illisibles ; déposez-le de nouveau."))?;
        let depositaire: Option<Option<Uuid>> = sqlx::query_scalar(include_str!("sql/depositaire.sql"))
            .bind(ctx.id())
            .fetch_optional(&self.travaux)
            .await?;
        let compte = depositaire.flatten().ok_or_else(|| echec("Un publipostage se dépose depuis un compte."))?;
        let qui = self.acces.agissant(compte, commande.collectivite).await?;
        let qui = qui.ok_or_else(|| echec("Votre compte n'agit plus pour cette collectivité."))?;
        let registry = self.modules.lu();
        let mut lot = Lot::ouvre(self, &registry, &qui, commande, ctx).await?;
        if lot.commande.en_un_fichier || lot.document.id == ETIQUETTES {
            lot.ensemble().await?;
        } else {
            lot.chacune().await?;
        }
        Ok(lot.solde())
    }
}

impl Work for Publipostage {
    fn genre(&self) -> &'static str {
        "publipostage"
    }

    fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>> {
        Box::pin(async move { self.accepte(parametres) })
    }

    fn run<'a>(&'a self, parametres: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>> {
        Box::pin(self.fait(parametres, ctx))
    }
}

/// A job under way.
struct Lot<'a> {
    work: &'a Publipostage,
    ctx: &'a Context,
    registry: &'a Connu,
    qui: &'a Identite,
    commande: Commande,
    finalite: Option<Finalite>,
    document: Document,
    regard: Regard,
    moule: Moule,
    lignes: Vec<LigneRapport>,
}

impl<'a> Lot<'a> {
    async fn ouvre(
        work: &'a Publipostage,
        registry: &'a Connu,
        qui: &'a Identite,
        commande: Commande,
        ctx: &'a Context,
    ) -> Result<Self, WorkError> {
        let finalite = commande.finalite.as_deref().map(Finalite::parse).transpose();
        let finalite =
            finalite.map_err(|_| echec("La finalité du publipostage est illisible ; déposez-le de nouveau."))?;
        let atelier = atelier(work, registry, qui, &commande, finalite.as_ref())?;
        let document = atelier.document(&commande.document).map_err(dite)?;
        if !document.batch {
            return Err(dite(DocumentError::SansLot(document.label)));
        }
        let regard = atelier.regard(&document).map_err(dite)?;
        let mut tx = ouverte(work, qui).await?;
        let source = atelier.source(&mut tx, &document).await.map_err(dite)?;
        tx.commit().await?;
        let moule = Moule::coule(source, &document).await.map_err(dite)?;
        Ok(Self { work, ctx, registry, qui, commande, finalite, document, regard, moule, lignes: Vec::new() })
    }

    /// A file a row; files of an earlier attempt are kept.
    async fn chacune(&mut self) -> Result<(), WorkError> {
        for rang in 0..self.commande.ids.len() {
            self.ctx.check()?;
            let place = i32::try_from(rang).unwrap_or(i32::MAX);
            if self.ctx.has_piece(place) {
                self.repond(rang, String::new(), None);
            } else if let Some(feuille) = self.recueille(rang).await? {
                let (moule, nom, titre) = (self.moule.clone(), feuille.nom.clone(), feuille.titre.clone());
                match self.ctx.compute(move || moule.pdf(feuille)).await? {
                    Ok(pdf) => {
                        self.ctx.piece(place, Piece::new(&nom, PDF, pdf)).await?;
                        self.repond(rang, titre, None);
                    }
                    Err(cause) => self.repond(rang, titre, Some(cause.to_string())),
                }
            }
            self.avance(rang + 1);
        }
        Ok(())
    }

    /// One document, in volumes.
    async fn ensemble(&mut self) -> Result<(), WorkError> {
        let etiquettes = self.document.id == ETIQUETTES;
        let volume = if etiquettes { MAX_LOT } else { VOLUME };
        for (numero, debut) in (0..self.commande.ids.len()).step_by(volume).enumerate() {
            let fin = (debut + volume).min(self.commande.ids.len());
            let premiere = i32::try_from(numero * PARTIES).unwrap_or(i32::MAX);
            if self.ctx.has_piece(premiere) {
                (debut..fin).for_each(|rang| self.repond(rang, String::new(), None));
                continue;
            }
            let mut feuilles = Vec::new();
            for rang in debut..fin {
                self.ctx.check()?;
                if let Some(feuille) = self.recueille(rang).await? {
                    feuilles.push((rang, feuille));
                }
                self.avance(rang + 1);
            }
            let titres: Vec<(usize, String)> =
                feuilles.iter().map(|(rang, feuille)| (*rang, feuille.titre.clone())).collect();
            if etiquettes {
                feuilles = self.planche(feuilles);
            }
            let moule = self.moule.clone();
            let (parties, mut reponses) = self.ctx.compute(move || relie(&moule, feuilles)).await?;
            if etiquettes {
                reponses = de_la_planche(titres, reponses);
            }
            for (rang, titre, cause) in reponses {
                self.repond(rang, titre, cause);
            }
            // The first part is laid down last: while it lacks, an attempt that follows makes the volume again.
            for (partie, pdf) in parties.into_iter().enumerate().rev() {
                let place = premiere.saturating_add(i32::try_from(partie).unwrap_or(i32::MAX));
                self.ctx.piece(place, Piece::new(&self.nom(numero, partie), PDF, pdf)).await?;
            }
        }
        Ok(())
    }

    /// All the labels as one document, that of the first row.
    fn planche(&self, feuilles: Vec<(usize, Feuille)>) -> Vec<(usize, Feuille)> {
        let mut etiquettes = Vec::new();
        let mut planche = None;
        for (rang, mut feuille) in feuilles {
            if let Some(Donnee::Liste(une)) = feuille.champs.remove("etiquettes") {
                etiquettes.extend(une);
            }
            planche.get_or_insert((rang, feuille));
        }
        planche
            .into_iter()
            .map(|(rang, feuille)| {
                let communes = Champs::from([
                    ("etiquettes".to_owned(), Donnee::Liste(std::mem::take(&mut etiquettes))),
                    ("debut".to_owned(), Donnee::Entier(i64::try_from(self.commande.debut).unwrap_or(1))),
                ]);
                let champs = feuille.champs.into_iter().chain(communes).collect();
                (rang, Feuille { champs, ..feuille })
            })
            .collect()
    }

    /// What the document says of a row; a row that is refused is told, and does not cost the others.
    async fn recueille(&mut self, rang: usize) -> Result<Option<Feuille>, WorkError> {
        let Some(id) = self.commande.ids.get(rang).copied() else { return Ok(None) };
        let atelier = atelier(self.work, self.registry, self.qui, &self.commande, self.finalite.as_ref())?;
        let mut tx = ouverte(self.work, self.qui).await?;
        match atelier.recueille(&mut tx, &self.regard, id, &self.document).await {
            Ok(feuille) => {
                tx.commit().await?;
                Ok(Some(feuille))
            }
            Err(DocumentError::Objet(ObjetError::Base(cause))) => Err(cause.into()),
            Err(cause) => {
                drop(tx);
                self.repond(rang, id.to_string(), Some(cause.to_string()));
                Ok(None)
            }
        }
    }

    fn avance(&self, fait: usize) {
        self.ctx.progress(fait, format!("{fait} sur {}", self.commande.ids.len()));
    }

    fn repond(&mut self, rang: usize, texte: String, refus: Option<String>) {
        let ligne = u32::try_from(rang + 1).unwrap_or(u32::MAX);
        let etat = if refus.is_none() { "servie" } else { "refusee" }.to_owned();
        let texte = if texte.is_empty() {
            self.commande.ids.get(rang).map(ToString::to_string).unwrap_or_default()
        } else {
            texte
        };
        self.lignes.push(LigneRapport { ligne, texte, etat, idu: None, message: refus });
    }

    fn nom(&self, volume: usize, partie: usize) -> String {
        match (volume, partie) {
            (0, 0) => format!("{}.pdf", self.document.label),
            (volume, 0) => format!("{} {}.pdf", self.document.label, volume + 1),
            (volume, partie) => format!("{} {}-{}.pdf", self.document.label, volume + 1, partie + 1),
        }
    }

    fn solde(mut self) -> Outcome {
        // The first row of a sheet of labels is answered twice, for itself and for the sheet: a refusal is its answer.
        self.lignes.sort_by_key(|ligne| (ligne.ligne, ligne.etat == "servie"));
        self.lignes.dedup_by_key(|ligne| ligne.ligne);
        let refusees = self.lignes.iter().filter(|ligne| ligne.etat != "servie").count();
        let servies = self.lignes.len() - refusees;
        let mut resume = format!("{servies} document{} fait{0}", if servies < 2 { "" } else { "s" });
        if refusees > 0 {
            let pluriel = if refusees < 2 { "" } else { "s" };
            resume = format!("{resume}, {refusees} fiche{pluriel} refusée{pluriel}");
        }
        let archive = Some(format!("{}.zip", self.document.label));
        Outcome { rapport: Some(Rapport { resume, lignes: self.lignes }), archive }
    }
}

type Reponse = (usize, String, Option<String>);

/// What is answered to each row of a sheet of labels: the same, for they are one document.
fn de_la_planche(titres: Vec<(usize, String)>, reponses: Vec<Reponse>) -> Vec<Reponse> {
    let cause = reponses.into_iter().find_map(|(_, _, cause)| cause);
    titres.into_iter().map(|(rang, titre)| (rang, titre, cause.clone())).collect()
}

/// PDFs of these rows: as few as pages allow; and the answer to each row.
fn relie(moule: &Moule, feuilles: Vec<(usize, Feuille)>) -> (Vec<Vec<u8>>, Vec<Reponse>) {
    let (mut parties, mut reponses) = (Vec::new(), Vec::new());
    let mut restent = vec![feuilles];
    while let Some(mut ensemble) = restent.pop() {
        let Some((_, premiere)) = ensemble.first() else { continue };
        let entete = premiere.entete.clone();
        let seules: Vec<Feuille> = ensemble.iter().map(|(_, feuille)| feuille.clone()).collect();
        match moule.pdf_du_lot(&entete, &seules) {
            Ok(pdf) => {
                parties.push(pdf);
                reponses.extend(ensemble.into_iter().map(|(rang, feuille)| (rang, feuille.titre, None)));
            }
            // One row is at fault: the others are made without it.
            Err(GabaritError::Fiche { rang, cause }) if rang <= ensemble.len() && ensemble.len() > 1 => {
                let (place, feuille) = ensemble.remove(rang.saturating_sub(1));
                reponses.push((place, feuille.titre, Some(cause.to_string())));
                restent.push(ensemble);
            }
            Err(GabaritError::Pages { .. } | GabaritError::Delai { .. })
                if ensemble.len() > 1 && parties.len() + restent.len() + 2 < PARTIES =>
            {
                let seconde = ensemble.split_off(ensemble.len() / 2);
                restent.extend([seconde, ensemble]);
            }
            Err(cause) => {
                let dite = cause.to_string();
                reponses.extend(ensemble.into_iter().map(|(rang, feuille)| (rang, feuille.titre, Some(dite.clone()))));
            }
        }
    }
    (parties, reponses)
}

fn atelier<'a>(
    work: &'a Publipostage,
    registry: &'a Connu,
    qui: &'a Identite,
    commande: &Commande,
    finalite: Option<&'a Finalite>,
) -> Result<Atelier<'a>, WorkError> {
    let (module, objet) =
        registry.objet(&commande.module, &commande.objet).ok_or_else(|| dite(DocumentError::Inconnu))?;
    Ok(Atelier { registry, module, objet, qui, portail: &work.portail, finalite })
}

async fn ouverte(work: &Publipostage, qui: &Identite) -> Result<TenantTx, WorkError> {
    let acteur = qui.acteur(Canal::Travail).map_err(|refus| dite(refus.into()))?;
    Ok(work.collectivites.begin(&acteur).await?)
}

fn echec(phrase: &str) -> WorkError {
    WorkError::Failed(phrase.to_owned())
}

fn dite(cause: DocumentError) -> WorkError {
    match cause {
        DocumentError::Objet(ObjetError::Base(cause)) => cause.into(),
        autre => WorkError::Failed(autre.to_string()),
    }
}
