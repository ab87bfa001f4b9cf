//! Signing in through a provider of OpenID Connect: only accounts that exist, only what the provider proves.
//!
//! Authorization code with PKCE, `state` and `nonce`; what is under way is kept here, for ten minutes, bound to the browser by
//! a cookie, and serves once. The identity token is checked against the provider's keys; a signed answer of `userinfo` too.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreIdToken};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse as _,
    UserInfoClaims, UserInfoResponseType,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use thiserror::Error;
use uuid::Uuid;

use super::Acces;
use super::entree::{Visiteur, entre};
use super::http_sortant::Client;
use super::secret::{self, Empreinte};
use super::session::Origine;
use super::utilisateur::CompteError;
use crate::config::{Config, Oidc, is_safe};

/// How long what a provider says of itself is believed.
const DECOUVERT_PENDANT: Duration = Duration::from_hours(1);
/// Sign-ins under way that are kept; beyond, none is begun.
const MAX_EN_COURS: i64 = 10_000;

/// Why a sign-in through a provider failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExterneError {
    /// No such provider.
    #[error("aucun fournisseur d'identité ne s'appelle ainsi")]
    Inconnu,
    /// The provider does not answer, or not as it should.
    #[error(
        "le fournisseur d'identité « {fournisseur} » ne répond pas comme prévu ; réessayez, ou connectez-vous par mot de passe"
    )]
    Fournisseur {
        /// Its name.
        fournisseur: String,
        /// What happened, for the log.
        cause: String,
    },
    /// It was not begun here, by this browser, less than ten minutes ago.
    #[error("cette connexion n'a pas été commencée par ce navigateur, ou il y a plus de dix minutes ; recommencez")]
    Demande,
    /// The person, or the provider, refused.
    #[error("la connexion a été refusée ou abandonnée chez « {0} »")]
    Refusee(String),
    /// No open account is this person's, or the allow-list does not have it.
    #[error("aucun compte ouvert ne correspond à cette identité ; l'administration de l'installation crée les comptes")]
    SansCompte,
    /// Too many are under way.
    #[error("trop de connexions sont en cours ; réessayez dans quelques minutes")]
    Occupe,
    /// Session, journal, database.
    #[error(transparent)]
    Compte(#[from] CompteError),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

/// Where to send a browser, and what it must keep.
#[derive(Debug)]
pub struct Depart {
    /// Address of the provider.
    pub url: String,
    /// Secret of the cookie that binds the sign-in to the browser.
    pub navigateur: String,
}

/// What a provider sends back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Retour {
    /// Authorization code.
    pub code: String,
    /// What the sign-in was begun with.
    pub state: String,
    /// Why there is no code.
    pub error: String,
}

/// Claims beside the standard ones.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Complements {
    /// SIRET of the person's organisation.
    #[serde(default)]
    siret: Option<String>,
}

impl AdditionalClaims for Complements {}

type Connecteur =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Who a provider says it is.
#[derive(Debug)]
struct Identifie {
    sujet: String,
    email: Option<String>,
    verifie: bool,
    siret: Option<String>,
    id_token: String,
}

#[derive(Debug, sqlx::FromRow)]
struct EnCours {
    nonce: String,
    verifieur: String,
    suite: String,
}

/// The configured providers.
#[derive(Debug)]
pub struct Externes {
    fournisseurs: Vec<Oidc>,
    public_url: String,
    client: Client,
    decouverts: Mutex<HashMap<String, (Instant, ProviderMetadataWithLogout)>>,
}

impl Externes {
    /// As configured.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            fournisseurs: config.oidc.clone(),
            public_url: config.public_url(),
            client: Client::default(),
            decouverts: Mutex::default(),
        }
    }

    /// The providers, in the order of the configuration.
    #[must_use]
    pub fn fournisseurs(&self) -> &[Oidc] {
        &self.fournisseurs
    }

    fn fournisseur(&self, id: &str) -> Result<&Oidc, ExterneError> {
        self.fournisseurs.iter().find(|un| un.id == id).ok_or(ExterneError::Inconnu)
    }

    /// Begins a sign-in; `suite` is a path of this site.
    ///
    /// # Errors
    /// No such provider, it does not answer, or too many are under way.
    pub async fn commence(&self, acces: &Acces, id: &str, suite: &str) -> Result<Depart, ExterneError> {
        let oidc = self.fournisseur(id)?;
        let connecteur = self.connecteur(oidc).await?;
        let (defi, verifieur) = PkceCodeChallenge::new_random_sha256();
        let demande = connecteur.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let portees = ["email".to_owned()].into_iter().chain(oidc.portees.iter().cloned());
        let demande = demande.add_scopes(portees.map(Scope::new)).set_pkce_challenge(defi);
        let (url, etat, nonce) = demande.url();
        let (navigateur, empreinte) = secret::nouveau("").map_err(CompteError::from)?;
        let etat = Empreinte::de(etat.secret()).ok_or(ExterneError::Demande)?;
        let kept = sqlx::query(include_str!("sql/externe_commencer.sql"))
            .bind(etat.octets())
            .bind(empreinte.octets())
            .bind(&oidc.id)
            .bind(nonce.secret())
            .bind(verifieur.secret())
            .bind(suite)
            .bind(MAX_EN_COURS)
            .execute(acces.pool())
            .await?;
        if kept.rows_affected() == 0 {
            return Err(ExterneError::Occupe);
        }
        Ok(Depart { url: url.to_string(), navigateur })
    }

    /// Ends a sign-in: gives the secret of the session, and where one goes.
    ///
    /// # Errors
    /// It was not begun here, the provider does not prove who it is, or no open account is this person's.
    pub async fn acheve(
        &self,
        acces: &Acces,
        id: &str,
        retour: &Retour,
        navigateur: &str,
        visiteur: &Visiteur,
    ) -> Result<(String, String), ExterneError> {
        let oidc = self.fournisseur(id)?;
        let en_cours = prend(acces, oidc, &retour.state, navigateur).await?;
        if retour.code.is_empty() {
            tracing::info!(fournisseur = oidc.id, erreur = retour.error.chars().take(80).collect::<String>(), "refus");
            return Err(ExterneError::Refusee(oidc.libelle.clone()));
        }
        let identifie = match self.identifie(oidc, &retour.code, &en_cours).await {
            Ok(identifie) => identifie,
            Err(error) => {
                // Its keys may have changed: it is asked again next time.
                self.decouverts.lock().unwrap_or_else(PoisonError::into_inner).remove(&oidc.id);
                return Err(error);
            }
        };
        let compte = {
            let mut transaction = acces.pool().begin().await?;
            let compte = rapproche(&mut transaction, oidc, &identifie).await?;
            transaction.commit().await?;
            compte
        };
        let origine = Origine {
            poste: visiteur.poste.clone(),
            fournisseur: Some(oidc.id.clone()),
            id_token: Some(identifie.id_token),
        };
        let secret = entre(acces, compte, &oidc.id, &origine, visiteur).await?;
        Ok((secret, en_cours.suite))
    }

    /// Where a provider ends its own session, when it has such a place.
    pub async fn sortie(&self, id: &str, id_token: &str) -> Option<String> {
        let oidc = self.fournisseur(id).ok()?;
        let fournisseur = self.decouvre(oidc).await.ok()?;
        let url = fournisseur.additional_metadata().end_session_endpoint.clone()?;
        if !is_safe(url.url().as_str()) {
            return None;
        }
        let retour = PostLogoutRedirectUrl::new(format!("{}/connexion", self.public_url)).ok()?;
        let demande = LogoutRequest::from(url)
            .set_id_token_hint(&id_token.parse::<CoreIdToken>().ok()?)
            .set_client_id(ClientId::new(oidc.client_id.clone()))
            .set_post_logout_redirect_uri(retour);
        Some(demande.http_get_url().to_string())
    }

    /// What the provider proves of who comes back.
    async fn identifie(&self, oidc: &Oidc, code: &str, en_cours: &EnCours) -> Result<Identifie, ExterneError> {
        let connecteur = self.connecteur(oidc).await?;
        let faute = |cause: String| ExterneError::Fournisseur { fournisseur: oidc.libelle.clone(), cause };
        let reponse = connecteur
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| faute(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(en_cours.verifieur.clone()))
            .request_async(&self.client)
            .await
            .map_err(|error| faute(error.to_string()))?;
        let jeton = reponse.id_token().ok_or_else(|| faute("pas de jeton d'identité".to_owned()))?;
        let verifieur = connecteur.id_token_verifier();
        let nonce = Nonce::new(en_cours.nonce.clone());
        let dit = jeton.claims(&verifieur, &nonce).map_err(|error| faute(error.to_string()))?;
        if let Some(attendue) = dit.access_token_hash() {
            let algorithme = jeton.signing_alg().map_err(|error| faute(error.to_string()))?;
            let cle = jeton.signing_key(&verifieur).map_err(|error| faute(error.to_string()))?;
            let obtenue = AccessTokenHash::from_token(reponse.access_token(), algorithme, cle)
                .map_err(|error| faute(error.to_string()))?;
            if obtenue != *attendue {
                return Err(faute("le jeton d'accès n'est pas celui du jeton d'identité".to_owned()));
            }
        }
        let mut identifie = Identifie {
            sujet: dit.subject().to_string(),
            email: dit.email().map(|email| email.to_string()),
            verifie: dit.email_verified().unwrap_or(false),
            siret: None,
            id_token: jeton.to_string(),
        };
        let demande = connecteur.user_info(reponse.access_token().clone(), Some(dit.subject().clone()));
        match demande {
            Ok(demande) => {
                let signe = oidc.userinfo_signe;
                let genre = if signe { UserInfoResponseType::Jwt } else { UserInfoResponseType::Json };
                let plus: UserInfoClaims<Complements, CoreGenderClaim> = demande
                    .require_signed_response(signe)
                    .set_response_type(genre)
                    .request_async(&self.client)
                    .await
                    .map_err(|error| faute(error.to_string()))?;
                if let Some(email) = plus.email() {
                    // What was verified of one address says nothing of another.
                    let same = identifie.email.as_deref() == Some(email.as_str());
                    identifie.verifie = plus.email_verified().unwrap_or(identifie.verifie && same);
                    identifie.email = Some(email.to_string());
                }
                identifie.siret.clone_from(&plus.additional_claims().siret);
            }
            Err(_) if oidc.userinfo_signe => return Err(faute("pas d'adresse userinfo".to_owned())),
            Err(_) => {}
        }
        identifie.verifie |= oidc.courriel_verifie;
        Ok(identifie)
    }

    async fn connecteur(&self, oidc: &Oidc) -> Result<Connecteur, ExterneError> {
        let faute = |cause: String| ExterneError::Fournisseur { fournisseur: oidc.libelle.clone(), cause };
        let secret = tokio::fs::read_to_string(&oidc.client_secret_fichier)
            .await
            .map_err(|error| faute(format!("{} : {error}", oidc.client_secret_fichier.display())))?;
        let secret = secret.lines().next().unwrap_or_default().to_owned();
        let retour = RedirectUrl::new(format!("{}/connexion/externe/{}/retour", self.public_url, oidc.id))
            .map_err(|error| faute(error.to_string()))?;
        let fournisseur = self.decouvre(oidc).await?;
        let client = ClientId::new(oidc.client_id.clone());
        Ok(CoreClient::from_provider_metadata(fournisseur, client, Some(ClientSecret::new(secret)))
            .set_redirect_uri(retour))
    }

    /// What the provider says of itself, asked at first use and then each hour.
    async fn decouvre(&self, oidc: &Oidc) -> Result<ProviderMetadataWithLogout, ExterneError> {
        {
            let connus = self.decouverts.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((quand, fournisseur)) = connus.get(&oidc.id)
                && quand.elapsed() < DECOUVERT_PENDANT
            {
                return Ok(fournisseur.clone());
            }
        }
        let faute = |cause: String| ExterneError::Fournisseur { fournisseur: oidc.libelle.clone(), cause };
        let emetteur = IssuerUrl::new(oidc.emetteur.clone()).map_err(|error| faute(error.to_string()))?;
        let trouve = ProviderMetadataWithLogout::discover_async(emetteur, &self.client)
            .await
            .map_err(|error| faute(error.to_string()))?;
        if !is_safe(trouve.authorization_endpoint().url().as_str()) {
            return Err(faute("son adresse de connexion n'est pas en https".to_owned()));
        }
        let mut connus = self.decouverts.lock().unwrap_or_else(PoisonError::into_inner);
        connus.insert(oidc.id.clone(), (Instant::now(), trouve.clone()));
        Ok(trouve)
    }
}

/// Takes what was begun: once, by the same browser, at the same provider.
async fn prend(acces: &Acces, oidc: &Oidc, state: &str, navigateur: &str) -> Result<EnCours, ExterneError> {
    let (Some(etat), Some(navigateur)) = (Empreinte::de(state), Empreinte::de(navigateur)) else {
        return Err(ExterneError::Demande);
    };
    let found = sqlx::query_as(include_str!("sql/externe_prendre.sql"))
        .bind(etat.octets())
        .bind(navigateur.octets())
        .bind(&oidc.id)
        .fetch_optional(acces.pool())
        .await?;
    found.ok_or(ExterneError::Demande)
}

/// The account of that person: the one linked, else the one of its verified e-mail, which is then linked.
async fn rapproche(transaction: &mut PgConnection, oidc: &Oidc, identifie: &Identifie) -> Result<Uuid, ExterneError> {
    let email = identifie.email.as_deref().filter(|_| identifie.verifie).map(str::to_lowercase);
    let siret = oidc.siret.is_empty() || identifie.siret.as_ref().is_some_and(|siret| oidc.siret.contains(siret));
    let admis = siret && email.as_deref().is_some_and(|email| oidc.admet(email));
    if !admis {
        return Err(ExterneError::SansCompte);
    }
    let lie: Option<(Uuid, bool)> = sqlx::query_as(include_str!("sql/externe_lie.sql"))
        .bind(&oidc.emetteur)
        .bind(&identifie.sujet)
        .fetch_optional(&mut *transaction)
        .await?;
    match lie {
        Some((id, true)) => return Ok(id),
        Some((_, false)) => return Err(ExterneError::SansCompte),
        None => {}
    }
    // An account already linked to another person of this provider is not given to a second.
    let id: Option<Uuid> = sqlx::query_scalar(include_str!("sql/externe_lier.sql"))
        .bind(&oidc.emetteur)
        .bind(&identifie.sujet)
        .bind(email)
        .fetch_optional(&mut *transaction)
        .await?;
    id.ok_or(ExterneError::SansCompte)
}
