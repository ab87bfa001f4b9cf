//! What is known of who asks, kept for a few seconds: sessions and tokens looked up, forgotten as soon as a right changes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use uuid::Uuid;

use super::droits::catalogue::ATTRIBUTION;
use super::droits::{Action, Droits, Octroi};
use super::identite::{Collectivite, Compte, Connu, Etape, Identite, Porteur};
use super::mot_de_passe::Hacheur;
use super::secret::Empreinte;
use crate::db::CollectiviteId;

/// How long what is known is believed without asking the database.
const CONNU_PENDANT: Duration = Duration::from_secs(5);
/// Sessions and tokens remembered at most.
const MAX_CONNUS: usize = 20_000;
/// Channel on which the database says that accounts or rights changed.
const CANAL: &str = "finage_acces";
/// Wait before listening again after the connection was lost.
const REPRISE: Duration = Duration::from_secs(1);

/// Looks up who asks.
#[derive(Debug)]
pub struct Acces {
    pool: PgPool,
    /// Administrators must have a second factor.
    second_facteur_obligatoire: bool,
    connus: Mutex<Connus>,
    hacheur: Hacheur,
}

#[derive(Debug, Default)]
struct Connus {
    /// Changes each time everything is forgotten: what was read before is then not kept.
    epoque: u64,
    par_empreinte: HashMap<Empreinte, (Instant, Option<Connu>)>,
}

/// A session found.
#[derive(Debug, sqlx::FromRow)]
struct SessionTrouvee {
    id: Uuid,
    utilisateur: Uuid,
    email: String,
    nom: String,
    administrateur: bool,
    second_facteur: bool,
    totp: bool,
    collectivite: Option<CollectiviteId>,
    vue_comme: Option<Uuid>,
    vue_comme_email: Option<String>,
    vue_comme_nom: Option<String>,
}

/// A token found.
#[derive(Debug, sqlx::FromRow)]
struct JetonTrouve {
    id: Uuid,
    utilisateur: Uuid,
    email: String,
    nom: String,
    collectivite: CollectiviteId,
    ecriture: bool,
}

impl Acces {
    /// On the pool that alone reads accounts.
    #[must_use]
    pub fn new(pool: PgPool, second_facteur_obligatoire: bool) -> Self {
        Self { pool, second_facteur_obligatoire, connus: Mutex::default(), hacheur: Hacheur::default() }
    }

    /// The pool that alone reads accounts.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// What computes digests of passwords, a few at a time.
    #[must_use]
    pub fn hacheur(&self) -> &Hacheur {
        &self.hacheur
    }

    /// Whether administrators must have a second factor.
    #[must_use]
    pub fn second_facteur_obligatoire(&self) -> bool {
        self.second_facteur_obligatoire
    }

    /// Whose session this is; `None` when it is closed, expired, or none of ours.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn par_session(&self, secret: &str) -> sqlx::Result<Option<Connu>> {
        let Some(empreinte) = Empreinte::de(secret) else { return Ok(None) };
        self.connu(empreinte, self.cherche_session(empreinte)).await
    }

    /// Whose token this is; `None` when it is revoked, expired, or none of ours.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn par_jeton(&self, secret: &str) -> sqlx::Result<Option<Connu>> {
        let Some(empreinte) = Empreinte::de(secret) else { return Ok(None) };
        self.connu(empreinte, self.cherche_jeton(empreinte)).await
    }

    /// An account as it is now, for work that it asked for before: with the rights it still has in this collectivité. `None`
    /// when it is closed, or no longer acts there.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn agissant(&self, compte: Uuid, collectivite: CollectiviteId) -> sqlx::Result<Option<Identite>> {
        let trouve: Option<(String, String)> =
            sqlx::query_as("select email, nom from acces.utilisateur where id = $1 and actif")
                .bind(compte)
                .fetch_optional(&self.pool)
                .await?;
        let Some((email, nom)) = trouve else { return Ok(None) };
        let compte = Compte { id: compte, email, nom };
        let identite = self.complete(compte, false, Porteur::Travail, Some(collectivite), None).await?;
        Ok(identite.collectivite.is_some().then_some(identite))
    }

    /// Forgets everything: a right changed.
    pub fn oublie(&self) {
        let mut connus = self.connus.lock().unwrap_or_else(PoisonError::into_inner);
        connus.epoque += 1;
        connus.par_empreinte.clear();
    }

    /// Forgets each time the database says so, until `closing`; on a pool of the primary.
    pub async fn ecoute(&self, pool: PgPool, mut closing: watch::Receiver<bool>) {
        let entend = async {
            loop {
                if let Err(error) = self.entend(&pool).await {
                    tracing::debug!(%error, "écoute des droits interrompue");
                }
                self.oublie();
                tokio::time::sleep(REPRISE).await;
            }
        };
        tokio::select! {
            () = entend => {}
            _ = closing.wait_for(|closing| *closing) => {}
        }
    }

    async fn entend(&self, pool: &PgPool) -> sqlx::Result<()> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CANAL).await?;
        self.oublie();
        // `None`: the connection was lost, and news with it.
        while listener.try_recv().await?.is_some() {
            self.oublie();
        }
        Ok(())
    }

    async fn connu(
        &self,
        empreinte: Empreinte,
        cherche: impl Future<Output = sqlx::Result<Option<Identite>>>,
    ) -> sqlx::Result<Option<Connu>> {
        let epoque = {
            let connus = self.connus.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((quand, connu)) = connus.par_empreinte.get(&empreinte)
                && quand.elapsed() < CONNU_PENDANT
            {
                return Ok(connu.clone());
            }
            connus.epoque
        };
        let quand = Instant::now();
        let trouve = cherche.await?.map(Connu::new);
        let mut connus = self.connus.lock().unwrap_or_else(PoisonError::into_inner);
        if connus.epoque == epoque {
            if connus.par_empreinte.len() >= MAX_CONNUS {
                connus.par_empreinte.retain(|_, (quand, _)| quand.elapsed() < CONNU_PENDANT);
            }
            // A crowd of wrong tokens must not fill the memory: beyond the bound nothing more is remembered.
            if connus.par_empreinte.len() < MAX_CONNUS {
                connus.par_empreinte.insert(empreinte, (quand, trouve.clone()));
            }
        }
        Ok(trouve)
    }

    async fn cherche_session(&self, empreinte: Empreinte) -> sqlx::Result<Option<Identite>> {
        let trouvee: Option<SessionTrouvee> = sqlx::query_as(include_str!("sql/session_trouver.sql"))
            .bind(empreinte.octets())
            .fetch_optional(&self.pool)
            .await?;
        let Some(session) = trouvee else { return Ok(None) };
        let etape = if session.totp && !session.second_facteur {
            Etape::SecondFacteur
        } else if session.administrateur && self.second_facteur_obligatoire && !session.totp {
            Etape::Enrolement
        } else {
            Etape::Complete
        };
        let vue_comme = match (session.vue_comme, session.vue_comme_email, session.vue_comme_nom) {
            (Some(id), Some(email), Some(nom)) => Some(Compte { id, email, nom }),
            _ => None,
        };
        let compte = Compte { id: session.utilisateur, email: session.email, nom: session.nom };
        let porteur = Porteur::Session { id: session.id, etape };
        self.complete(compte, session.administrateur, porteur, session.collectivite, vue_comme).await.map(Some)
    }

    async fn cherche_jeton(&self, empreinte: Empreinte) -> sqlx::Result<Option<Identite>> {
        let trouve: Option<JetonTrouve> = sqlx::query_as(include_str!("sql/jeton_trouver.sql"))
            .bind(empreinte.octets())
            .fetch_optional(&self.pool)
            .await?;
        let Some(jeton) = trouve else { return Ok(None) };
        let compte = Compte { id: jeton.utilisateur, email: jeton.email, nom: jeton.nom };
        let porteur = Porteur::Jeton { id: jeton.id, ecriture: jeton.ecriture };
        // A token administers nothing: it has the rights of its account on data, for one collectivité.
        let identite = self.complete(compte, false, porteur, Some(jeton.collectivite), None).await?;
        // Its account no longer acts for that collectivité: the token has nothing to say.
        Ok(identite.collectivite.is_some().then_some(identite))
    }

    /// Whether an account manages accounts of the whole territory of a collectivité.
    async fn gere(&self, compte: Uuid, collectivite: CollectiviteId) -> sqlx::Result<bool> {
        let octrois: Vec<Octroi> = sqlx::query_as(include_str!("sql/octrois.sql"))
            .bind(compte)
            .bind(collectivite)
            .fetch_all(&self.pool)
            .await?;
        Ok(octrois.iter().any(|octroi| {
            octroi.objet == ATTRIBUTION.nom
                && octroi.action == Action::Creer.code()
                && octroi.communes.is_none()
                && octroi.lignes.is_none()
        }))
    }

    async fn complete(
        &self,
        compte: Compte,
        administrateur: bool,
        porteur: Porteur,
        choisie: Option<CollectiviteId>,
        vue_comme: Option<Compte>,
    ) -> sqlx::Result<Identite> {
        let collectivites: Vec<Collectivite> = sqlx::query_as(include_str!("sql/collectivites_du_compte.sql"))
            .bind(compte.id)
            .fetch_all(&self.pool)
            .await?;
        // Whoever may no longer open a view has none.
        let vue_comme = match (vue_comme, choisie) {
            (Some(autre), Some(choisie)) if administrateur || self.gere(compte.id, choisie).await? => Some(autre),
            _ => None,
        };
        // « Voir comme » shows what the other account has in the collectivité chosen, whether one acts for it or not.
        let collectivite = match (&vue_comme, choisie) {
            (Some(autre), Some(choisie)) => {
                let siennes: Vec<Collectivite> = sqlx::query_as(include_str!("sql/collectivites_du_compte.sql"))
                    .bind(autre.id)
                    .fetch_all(&self.pool)
                    .await?;
                siennes.into_iter().find(|une| une.id == choisie)
            }
            (_, Some(choisie)) => collectivites.iter().find(|une| une.id == choisie).cloned(),
            // One collectivité alone is not a choice.
            (None, None) => <&[_; 1]>::try_from(collectivites.as_slice()).ok().map(|[une]| une.clone()),
            (Some(_), None) => None,
        };
        let octrois: Vec<Octroi> = match &collectivite {
            Some(une) => {
                sqlx::query_as(include_str!("sql/octrois.sql"))
                    .bind(vue_comme.as_ref().map_or(compte.id, |autre| autre.id))
                    .bind(une.id)
                    .fetch_all(&self.pool)
                    .await?
            }
            None => Vec::new(),
        };
        let droits = Droits::new(octrois);
        Ok(Identite { compte, administrateur, porteur, collectivite, collectivites, vue_comme, droits })
    }
}
