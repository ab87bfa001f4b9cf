//! The task of the server that keeps the journal: seals each second, purges each day.

use std::path::{Path, PathBuf};
use std::time::Duration;

use finage_journal::Chaine;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::{Auteur, Dossier, JournalError, purge, scelle};
use crate::db::Canal;

/// How often lines are sealed.
const CADENCE: Duration = Duration::from_secs(1);
/// How often accesses are purged.
const PURGE: Duration = Duration::from_hours(24);
/// How often a purge that failed is tried again.
const REPRISE: Duration = Duration::from_hours(1);
/// How often a fault that lasts is told again.
const RAPPEL: Duration = Duration::from_mins(10);
/// What the last round is given when the server stops.
const DERNIERE: Duration = Duration::from_secs(4);

/// The keeper of this process.
#[derive(Debug)]
pub struct Gardien {
    tache: JoinHandle<()>,
}

impl Gardien {
    /// Starts the task; it ends, after a last round, when `closing` becomes true. Accesses are kept `mois` months.
    #[must_use]
    pub fn start(pool: PgPool, data_dir: &Path, mois: u32, closing: &watch::Receiver<bool>) -> Self {
        let garde = Garde { pool, data_dir: data_dir.to_owned(), mois, dossier: None, dit: None };
        Self { tache: tokio::spawn(garde.veille(closing.clone())) }
    }

    /// Waits, once `closing` is true, until the last lines are sealed.
    pub async fn ended(self) {
        let arret = self.tache.abort_handle();
        if timeout(DERNIERE, self.tache).await.is_err() {
            arret.abort();
            tracing::warn!("les dernières lignes du journal seront scellées au prochain démarrage");
        }
    }
}

struct Garde {
    pool: PgPool,
    data_dir: PathBuf,
    mois: u32,
    dossier: Option<Dossier>,
    /// The fault told last, and when.
    dit: Option<(String, Instant)>,
}

impl Garde {
    async fn veille(mut self, mut closing: watch::Receiver<bool>) {
        let mut cadence = interval(CADENCE);
        cadence.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut prochaine = Instant::now();
        loop {
            let fini = tokio::select! {
                _ = cadence.tick() => false,
                _ = closing.wait_for(|closing| *closing) => true,
            };
            match self.tour().await {
                Ok(()) => {
                    if self.dit.take().is_some() {
                        tracing::info!("le journal est de nouveau scellé");
                    }
                }
                Err(error) => self.dis(&error),
            }
            if fini {
                return;
            }
            if prochaine <= Instant::now() {
                let delai = match self.purge().await {
                    Ok(()) => PURGE,
                    Err(error) => {
                        self.dis(&error);
                        REPRISE
                    }
                };
                prochaine = Instant::now() + delai;
            }
        }
    }

    /// Both chains, even when one was tampered with.
    async fn tour(&mut self) -> Result<(), JournalError> {
        let mut connection = self.pool.acquire().await?;
        let dossier = match &mut self.dossier {
            Some(dossier) => dossier,
            absent => absent.insert(Dossier::prepare(&mut connection, &self.data_dir).await?),
        };
        let mut faute = Ok(());
        for chaine in Chaine::TOUTES {
            if let Err(error) = scelle(&mut connection, dossier, chaine).await {
                faute = Err(error);
            }
        }
        faute
    }

    async fn purge(&self) -> Result<(), JournalError> {
        let Some(dossier) = &self.dossier else { return Ok(()) };
        let auteur = Auteur { utilisateur: None, collectivite: None, canal: Canal::Travail };
        let mut connection = self.pool.acquire().await?;
        let faite = purge(&mut connection, dossier, &auteur, self.mois, &|_, _| {}).await?;
        if faite.lignes > 0 {
            tracing::info!(lignes = faite.lignes, avant = faite.avant.texte(), "accès anciens effacés du journal");
        }
        Ok(())
    }

    /// Tells a fault when it appears, then from time to time.
    fn dis(&mut self, error: &JournalError) {
        let texte = error.to_string();
        if self.dit.as_ref().is_some_and(|(dite, quand)| *dite == texte && quand.elapsed() < RAPPEL) {
            return;
        }
        if matches!(error, JournalError::Base(_)) {
            tracing::warn!("{texte}");
        } else {
            tracing::error!("le journal n'est plus scellé : {texte} ; « finage audit verify » le contrôle en entier");
        }
        self.dit = Some((texte, Instant::now()));
    }
}
