//! The work « extraits »: one extract a parcel, in one PDF or a ZIP, each line of the request answered.

use std::sync::mpsc;
use std::time::Duration;

use finage_print::{Demande, Document, DocumentInfo, Echelle, Format, Mise, MiseError, Orientation, Plan};
use finage_reference::{Idu, Insee};
use futures::future::BoxFuture;
use geo::CoordsIter as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgPool;

use super::{Prepared, PrintError, background, prepare, propose};
use crate::cadastre::liste::{self, Etat, Ligne, ListeError};
use crate::config::Fond;
use crate::jobs::{Accepted, Context, LigneRapport, Outcome, Piece, Rapport, Refusal, Work, WorkError};

/// Extracts of one job at most.
pub const MAX_EXTRAITS: usize = 5_000;
/// Vertices of a volume: a page is about 8 kB and a vertex 8 bytes, a file of the queue holds 64 MiB.
const VOLUME: usize = 5_000_000;
/// What a page counts beside its vertices.
const PAGE: usize = 1_000;
/// Pauses before asking the database again.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(4), Duration::from_secs(10)];
/// Plans read ahead of the one being drawn.
const AHEAD: usize = 2;
const PDF: &str = "application/pdf";

/// Draws extracts in a job.
#[derive(Debug, Clone)]
pub struct Extraits {
    pool: PgPool,
    fonds: Vec<Fond>,
}

impl Extraits {
    /// The work on this pool, with the backgrounds of the configuration.
    #[must_use]
    pub fn new(pool: PgPool, fonds: Vec<Fond>) -> Self {
        Self { pool, fonds }
    }
}

/// What is asked of a batch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commande {
    /// References as people write them, one a line.
    #[serde(default)]
    references: Option<String>,
    /// Identifiers, after the references.
    #[serde(default)]
    parcelles: Option<Vec<String>>,
    /// INSEE code where references without a commune are.
    #[serde(default)]
    commune: Option<String>,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    orientation: Option<String>,
    #[serde(default)]
    echelle: Option<u32>,
    #[serde(default)]
    fond: Option<String>,
    sortie: Sortie,
}

/// How the extracts are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sortie {
    /// One document, a page a parcel.
    Pdf,
    /// A document a parcel.
    Zip,
}

/// What the job keeps: the list is read once, so that a job taken up again has the same pieces.
#[derive(Debug, Serialize, Deserialize)]
struct Lot {
    lignes: Vec<LigneRapport>,
    format: Option<String>,
    orientation: Option<String>,
    echelle: Option<u32>,
    fond: Option<String>,
    sortie: Sortie,
}

impl Work for Extraits {
    fn genre(&self) -> &'static str {
        "extraits"
    }

    fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>> {
        Box::pin(async move {
            let commande: Commande = serde_json::from_value(parametres).map_err(|_| {
                Refusal::Malformed(
                    "Les paramètres du lot d'extraits sont illisibles : « sortie » (pdf ou zip) est obligatoire ; references, parcelles, commune, format, orientation, echelle (nombre) et fond sont facultatifs, et rien d'autre n'est admis.".to_owned(),
                )
            })?;
            self.accept(commande).await
        })
    }

    fn run<'a>(&'a self, parametres: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>> {
        Box::pin(async move {
            let lot: Lot = serde_json::from_value(parametres).map_err(|_| {
                WorkError::Failed("Les paramètres du lot sont illisibles ; déposez-le de nouveau.".into())
            })?;
            let mut batch = Batch::new(self, lot, ctx)?;
            match batch.lot.sortie {
                Sortie::Zip => batch.files().await?,
                Sortie::Pdf => batch.document().await?,
            }
            Ok(batch.outcome())
        })
    }
}

impl Extraits {
    async fn accept(&self, commande: Commande) -> Result<Accepted, Refusal> {
        let commune: Option<Insee> = match commande.commune.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => {
                Some(text.trim().parse().map_err(|cause| Refusal::Malformed(format!("Code INSEE refusé : {cause}")))?)
            }
            None => None,
        };
        let mut texte = commande.references.unwrap_or_default();
        for idu in commande.parcelles.unwrap_or_default() {
            // Lines of the report are counted from the first given, whichever way.
            if !texte.is_empty() && !texte.ends_with('\n') {
                texte.push('\n');
            }
            texte.push_str(&idu);
        }
        let lignes = liste::resoudre(&self.pool, &texte, commune).await.map_err(|error| match error {
            ListeError::Database(cause) => Refusal::Database(cause),
            other => Refusal::Unacceptable(other.to_string()),
        })?;
        let found = lignes.iter().filter(|ligne| ligne.etat == Etat::Trouvee).count();
        if lignes.is_empty() {
            return Err(Refusal::Unacceptable("La liste est vide : donnez au moins une référence de parcelle.".into()));
        }
        if found > MAX_EXTRAITS {
            return Err(Refusal::Unacceptable(format!(
                "Le lot compte {found} parcelles ; la limite est de {MAX_EXTRAITS} extraits par lot : partagez-le en plusieurs."
            )));
        }
        let lot = Lot {
            lignes: lignes.into_iter().map(answer).collect(),
            format: commande.format,
            orientation: commande.orientation,
            echelle: commande.echelle,
            fond: commande.fond.filter(|fond| !fond.is_empty()),
            sortie: commande.sortie,
        };
        wanted(&lot).map_err(|error| Refusal::Malformed(error.to_string()))?;
        background(&self.fonds, lot.fond.as_deref()).map_err(|error| Refusal::Unacceptable(error.to_string()))?;
        Ok(Accepted {
            libelle: format!("Extraits de plan ({})", counted(found, "parcelle", "parcelles")),
            total: i32::try_from(found).ok(),
            parametres: serde_json::to_value(lot).map_err(|cause| Refusal::Malformed(cause.to_string()))?,
        })
    }
}

/// A line of the list as the report gives it; what was found is to be served.
fn answer(ligne: Ligne) -> LigneRapport {
    let etat = match ligne.etat {
        Etat::Trouvee => "servie",
        Etat::Inconnue => "inconnue",
        Etat::Illisible => "illisible",
        Etat::Double => "double",
        Etat::Ambigue => "ambigue",
    };
    LigneRapport {
        ligne: u32::try_from(ligne.ligne).unwrap_or(u32::MAX),
        texte: ligne.texte,
        etat: etat.to_owned(),
        idu: ligne.idu,
        message: ligne.message,
    }
}

fn wanted(lot: &Lot) -> Result<Demande, MiseError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    Ok(Demande {
        format: given(&lot.format).map(|text| text.parse::<Format>()).transpose()?,
        orientation: given(&lot.orientation).map(|text| text.parse::<Orientation>()).transpose()?,
        echelle: lot.echelle.map(Echelle::try_from).transpose()?,
    })
}

/// A batch under way.
struct Batch<'a> {
    work: &'a Extraits,
    ctx: &'a Context,
    lot: Lot,
    demande: Demande,
    fond: Option<&'a Fond>,
    now: Timestamp,
}

/// A page ready to be drawn, and the line it answers.
struct Page {
    line: usize,
    prepared: Prepared,
    name: String,
}

impl<'a> Batch<'a> {
    fn new(work: &'a Extraits, lot: Lot, ctx: &'a Context) -> Result<Self, WorkError> {
        let demande = wanted(&lot).map_err(|error| WorkError::Failed(error.to_string()))?;
        let fond =
            background(&work.fonds, lot.fond.as_deref()).map_err(|error| WorkError::Failed(error.to_string()))?;
        Ok(Self { work, ctx, lot, demande, fond, now: Timestamp::now() })
    }

    /// A file a parcel; files of an earlier attempt are kept.
    async fn files(&mut self) -> Result<(), WorkError> {
        let mut done = 0;
        let earlier = self.ctx.pieces().len();
        for line in 0..self.lot.lignes.len() {
            let Some(idu) = self.to_serve(line) else { continue };
            self.ctx.check()?;
            let rank = i32::try_from(line).unwrap_or(i32::MAX);
            if self.ctx.has_piece(rank) {
                self.recall(line, idu).await?;
            } else if let Some(page) = self.page(line, idu).await? {
                let name = page.name.clone();
                let drawn = self.ctx.compute(move || page.prepared.draw()).await?;
                match drawn {
                    Ok(pdf) => self.ctx.piece(rank, Piece::new(&name, PDF, pdf)).await?,
                    Err(error) => self.refuse(line, error)?,
                }
            }
            done += 1;
            self.ctx.progress(done.max(earlier), idu.reference());
        }
        Ok(())
    }

    /// One document, in volumes when it is large: plans are read while the ones before are drawn.
    async fn document(&mut self) -> Result<(), WorkError> {
        let (send, pages) = mpsc::sync_channel::<Page>(AHEAD);
        let (deliver, volumes) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
        let ctx = self.ctx.clone();
        let drawing = ctx.compute(move || draw(&pages, &deliver, VOLUME));
        let storing = store(&ctx, volumes);
        let reading = self.feed(send);
        let (drawn, stored, read) = tokio::join!(drawing, storing, reading);
        read?;
        stored?;
        for (line, error) in drawn?.map_err(|error| WorkError::Failed(error.to_string()))? {
            self.refuse(line, error.into())?;
        }
        Ok(())
    }

    async fn feed(&mut self, send: mpsc::SyncSender<Page>) -> Result<(), WorkError> {
        let mut done = 0;
        for line in 0..self.lot.lignes.len() {
            let Some(idu) = self.to_serve(line) else { continue };
            self.ctx.check()?;
            if let Some(mut page) = self.page(line, idu).await? {
                // The drawing may be slower than the reading: waiting must not hold a thread of the server.
                while let Err(back) = send.try_send(page) {
                    match back {
                        mpsc::TrySendError::Full(kept) => page = kept,
                        mpsc::TrySendError::Disconnected(_) => return Ok(()),
                    }
                    self.ctx.check()?;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
            done += 1;
            self.ctx.progress(done, idu.reference());
        }
        Ok(())
    }

    /// The parcel of a line that is to be served.
    fn to_serve(&self, line: usize) -> Option<Idu> {
        let answer = self.lot.lignes.get(line).filter(|answer| answer.etat == "servie")?;
        answer.idu.as_deref()?.parse().ok()
    }

    /// The plan of a parcel; a sheet that can't hold it gives way to the one proposed, and the report says so.
    async fn page(&mut self, line: usize, idu: Idu) -> Result<Option<Page>, WorkError> {
        let pool = &self.work.pool;
        let first = self.patiently(idu).await;
        let prepared = match first {
            Err(PrintError::Mise(MiseError::TropGrand { proposee, .. })) => {
                self.note(line, instead(proposee));
                prepare(pool, &[idu], exactly(proposee), self.fond, self.now).await
            }
            other => other,
        };
        match prepared {
            Ok(prepared) => {
                let name = format!("{} {} {idu}.pdf", prepared.extrait.cartouche.commune, idu.reference());
                Ok(Some(Page { line, prepared, name }))
            }
            Err(error) => self.refuse(line, error).map(|()| None),
        }
    }

    /// The plan of a parcel; a database that is away for a moment does not cost the batch.
    async fn patiently(&self, idu: Idu) -> Result<Prepared, PrintError> {
        for pause in PAUSES {
            match prepare(&self.work.pool, &[idu], self.demande, self.fond, self.now).await {
                Err(PrintError::Database(cause)) => {
                    tracing::warn!(%cause, "lot d'extraits : base indisponible, nouvel essai");
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = self.ctx.cancelled() => break,
                    }
                }
                other => return other,
            }
        }
        prepare(&self.work.pool, &[idu], self.demande, self.fond, self.now).await
    }

    /// What the report said of a file made in an earlier attempt.
    async fn recall(&mut self, line: usize, idu: Idu) -> Result<(), WorkError> {
        match propose(&self.work.pool, &[idu], self.demande).await {
            Err(PrintError::Mise(MiseError::TropGrand { proposee, .. })) => self.note(line, instead(proposee)),
            Err(PrintError::Database(cause)) => return Err(cause.into()),
            // The file is there: a parcel that has changed since does not take it back.
            _ => {}
        }
        Ok(())
    }

    fn note(&mut self, line: usize, message: String) {
        if let Some(answer) = self.lot.lignes.get_mut(line) {
            answer.message = Some(message);
        }
    }

    /// A line that cannot be served is told; a database away is not the line's fault.
    fn refuse(&mut self, line: usize, error: PrintError) -> Result<(), WorkError> {
        let message = error.to_string();
        if let PrintError::Database(cause) = error {
            return Err(cause.into());
        }
        if let Some(answer) = self.lot.lignes.get_mut(line) {
            "refusee".clone_into(&mut answer.etat);
        }
        self.note(line, message);
        Ok(())
    }

    fn outcome(self) -> Outcome {
        let count = |etat: &str| self.lot.lignes.iter().filter(|answer| answer.etat == etat).count();
        let mut parts = vec![counted(count("servie"), "extrait", "extraits")];
        for (etat, one, many) in [
            ("refusee", "refusé", "refusés"),
            ("inconnue", "référence inconnue", "références inconnues"),
            ("illisible", "ligne illisible", "lignes illisibles"),
            ("double", "double", "doubles"),
            ("ambigue", "référence ambiguë", "références ambiguës"),
        ] {
            if count(etat) > 0 {
                parts.push(counted(count(etat), one, many));
            }
        }
        let rapport = Rapport { resume: parts.join(", "), lignes: self.lot.lignes };
        Outcome { rapport: Some(rapport), archive: Some("extraits.zip".to_owned()) }
    }
}

fn instead(mise: Mise) -> String {
    format!("La parcelle ne tient pas dans ce qui est demandé : extrait {mise}.")
}

fn exactly(mise: Mise) -> Demande {
    Demande { format: Some(mise.format), orientation: Some(mise.orientation), echelle: Some(mise.echelle) }
}

/// Stores the volumes as they come: `extraits.pdf`, then `extraits-2.pdf`…
async fn store(ctx: &Context, mut volumes: tokio::sync::mpsc::Receiver<Vec<u8>>) -> Result<(), WorkError> {
    let mut rank = 0;
    while let Some(pdf) = volumes.recv().await {
        let name = if rank == 0 { "extraits.pdf".to_owned() } else { format!("extraits-{}.pdf", rank + 1) };
        ctx.piece(rank, Piece::new(&name, PDF, pdf)).await?;
        rank += 1;
    }
    Ok(())
}

/// Draws pages as they come, and delivers each volume once it holds `volume` vertices; gives the lines whose page was refused.
fn draw(
    pages: &mpsc::Receiver<Page>,
    deliver: &tokio::sync::mpsc::Sender<Vec<u8>>,
    volume: usize,
) -> Result<Vec<(usize, finage_print::PrintError)>, finage_print::PrintError> {
    let empty = || Document::new(DocumentInfo { titre: "Extraits du plan cadastral".to_owned(), auteur: None });
    let (mut document, mut weight, mut refused) = (empty()?, 0, Vec::new());
    while let Ok(Page { line, prepared, .. }) = pages.recv() {
        let page = weight_of(&prepared.extrait.plan);
        if weight + page > volume && document.pages() > 0 {
            let full = std::mem::replace(&mut document, empty()?);
            weight = 0;
            if deliver.blocking_send(full.finish()?).is_err() {
                return Ok(refused);
            }
        }
        match document.ajoute(&prepared.extrait, prepared.mise) {
            Ok(()) => weight += page,
            Err(error) => refused.push((line, error)),
        }
    }
    if document.pages() > 0 {
        // Nobody listens any more only when the job has stopped.
        let _ = deliver.blocking_send(document.finish()?);
    }
    Ok(refused)
}

/// Vertices drawn on a page; limits are drawn too, but cut to the frame.
fn weight_of(plan: &Plan) -> usize {
    PAGE + plan.parcelles.iter().map(|parcelle| parcelle.geom.coords_count()).sum::<usize>()
        + plan.batiments.iter().map(|batiment| batiment.geom.coords_count()).sum::<usize>()
        + plan.troncons.iter().map(|troncon| troncon.geom.coords_count()).sum::<usize>()
        + plan.details.iter().map(geo::CoordsIter::coords_count).sum::<usize>()
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number < 2 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use finage_print::{Cartouche, Extrait, Parcelle, Sujet, Zone, proposer};
    use geo_types::{MultiPolygon, Rect, coord};

    fn page(line: usize) -> Page {
        let square = Rect::new(coord! { x: 1_842_000.0, y: 3_154_000.0 }, coord! { x: 1_842_030.0, y: 3_154_020.0 });
        let idu = format!("99101000AB{line:04}");
        let extrait = Extrait {
            zone: Zone { srid: 3944, label: "RGF93 CC44".to_owned() },
            sujets: vec![Sujet { idu: idu.clone(), reference: format!("AB {line}"), ..Sujet::default() }],
            plan: Plan {
                parcelles: vec![Parcelle {
                    idu,
                    numero: line.to_string(),
                    geom: MultiPolygon::new(vec![square.to_polygon()]),
                    label: None,
                }],
                ..Plan::default()
            },
            cartouche: Cartouche { commune: "Valbrume-sur-Ourche".to_owned(), ..Cartouche::default() },
            ..Extrait::default()
        };
        let mise = proposer(square, Demande::default()).unwrap();
        Page { line, prepared: Prepared { extrait, mise }, name: String::new() }
    }

    /// Pages of each volume of a document of five pages of [`PAGE`] and five vertices.
    fn volumes(volume: usize) -> Vec<usize> {
        let (send, pages) = mpsc::sync_channel(5);
        (0..5).for_each(|line| send.send(page(line)).unwrap());
        drop(send);
        let (deliver, mut delivered) = tokio::sync::mpsc::channel(5);
        assert!(draw(&pages, &deliver, volume).unwrap().is_empty());
        let pdfs = std::iter::from_fn(|| delivered.try_recv().ok());
        pdfs.map(|pdf| lopdf::Document::load_mem(&pdf).unwrap().get_pages().len()).collect()
    }

    #[test]
    fn a_large_document_comes_in_volumes_and_loses_no_page() {
        assert_eq!(volumes(VOLUME), [5]);
        assert_eq!(volumes(2 * PAGE + 20), [2, 2, 1]);
        assert_eq!(volumes(1), [1; 5]);
    }
}
