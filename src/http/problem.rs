//! One error type for HTTP: problem+json (RFC 9457), in French, with nothing of the inside.

use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::identite::Refus;
use crate::access::journal::JournalError;
use crate::access::mot_de_passe::HachageError;
use crate::access::utilisateur::CompteError;
use crate::fichiers::FichierError;
use crate::jobs::{DepositError, Refusal};
use crate::modules::crochet::Manquement;
use crate::modules::objets::{EtapeRefusee, FauteChamp, Fiche, ObjetError, Versions};
use crate::modules::rattachement::RattachementError;
use crate::modules::registre::RegistreError;
use crate::modules::vues::VueError;

/// A refusal or a failure, as the client reads it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Kind of problem; `about:blank` when the status says it all.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Short title.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// One sentence: what happened, to what, what to do.
    pub detail: String,
    /// Seconds before trying again, sent as Retry-After.
    #[serde(skip)]
    pub retry_after_s: Option<u32>,
    /// Of a 412: the version that the request knew, and the one there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
    /// Page where a person mends it: that of sign-in, of the second factor.
    #[serde(skip)]
    pub mend: Option<&'static str>,
    /// Of a field that was refused: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub champ: Option<String>,
    /// Fields that were refused, and why: said beside each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub champs: Vec<FauteChamp>,
    /// Rules that the row would break: those that may be passed over, for a reason, say it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub manquements: Vec<Manquement>,
    /// Of a 412: the row as it now is, as far as it is open to who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub fiche: Option<Box<Fiche>>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            detail: detail.into(),
            retry_after_s: None,
            versions: None,
            mend: None,
            champ: None,
            champs: Vec::new(),
            manquements: Vec::new(),
            fiche: None,
        }
    }

    /// 400: the request is malformed.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Demande incorrecte", detail)
    }

    /// 404: nothing of that name.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Introuvable", detail)
    }

    /// 405: this address takes no such method.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "Méthode refusée",
            "Cette adresse ne prend pas cette méthode ; l'en-tête Allow dit lesquelles, sinon GET et HEAD.",
        )
    }

    /// 403: not from there.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Demande refusée", detail)
    }

    /// 401: nobody known asks.
    pub fn unauthorized() -> Self {
        let refused = Self::new(
            StatusCode::UNAUTHORIZED,
            "Connexion nécessaire",
            "Cette adresse est réservée aux comptes : connectez-vous, ou présentez un jeton (Authorization: Bearer).",
        );
        Self { mend: Some("/connexion"), ..refused }
    }

    /// 401: the session still lacks its second factor.
    pub fn second_factor() -> Self {
        let refused = Self::new(
            StatusCode::UNAUTHORIZED,
            "Second facteur attendu",
            "Votre connexion n'est pas achevée : donnez le code de votre second facteur.",
        );
        Self { mend: Some("/connexion/second-facteur"), ..refused }
    }

    /// 401: an administrator must first choose a second factor.
    pub fn enrolment() -> Self {
        let refused = Self::new(
            StatusCode::UNAUTHORIZED,
            "Second facteur à choisir",
            "Les comptes d'administration ont un second facteur : choisissez le vôtre pour achever la connexion.",
        );
        Self { mend: Some("/connexion/enrolement"), ..refused }
    }

    /// 403: credentials over plain HTTP.
    pub fn unsafe_transport() -> Self {
        Self::forbidden(
            "Les mots de passe, sessions et jetons ne passent pas en clair sur le réseau : ouvrez Finage par son adresse https, derrière un mandataire que nomme le réglage « mandataires » (docs/mandataire.md), ou sur la machine même par http://127.0.0.1.",
        )
    }

    /// 401: a token that is malformed, expired, revoked or unknown; all are told the same.
    pub fn unauthorized_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Jeton refusé",
            "Ce jeton est mal formé, expiré, révoqué ou inconnu ; créez-en un autre dans « Mon compte ».",
        )
    }

    /// 409: not in this state.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Pas maintenant", detail)
    }

    /// 412: someone changed it before.
    pub fn changed(versions: Versions, detail: impl Into<String>) -> Self {
        let changed = Self::new(StatusCode::PRECONDITION_FAILED, "Version dépassée", detail);
        Self { versions: Some(versions), ..changed }
    }

    /// 428: the version to be changed must be said.
    pub fn version_required() -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "Version nécessaire",
            "Dites la version que vous changez dans l'en-tête If-Match : celle de l'en-tête ETag de la fiche.",
        )
    }

    /// 507: no room left on the disk.
    pub fn no_room() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "Plus de place",
            "Le disque du serveur est plein : le fichier n'a pas été enregistré. Prévenez l'exploitant, puis recommencez.",
        )
    }

    /// 413: more than a body may hold.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Demande trop longue", detail)
    }

    /// 413: more than this route takes.
    pub fn body_too_large(bound: usize) -> Self {
        Self::too_large(format!("Le corps de la demande dépasse {} Kio ; faites-la en plusieurs fois.", bound / 1024))
    }

    /// 408: the body did not come in time.
    pub fn body_too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "Demande trop lente",
            "Le corps de la demande n'est pas arrivé à temps ; vérifiez votre connexion et recommencez.",
        )
    }

    /// 415: another format than the one read.
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Format refusé", detail)
    }

    /// 422: understood, and beyond a bound or without meaning.
    pub fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Demande refusée", detail)
    }

    /// 429: too much at once; `wait` until the next is taken.
    pub fn too_many(detail: impl Into<String>, wait: Duration) -> Self {
        let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "Trop de demandes", detail);
        Self { retry_after_s: Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1)), ..refused }
    }

    /// 503: the database is busy or away.
    pub fn unavailable() -> Self {
        Self::busy("La base de données ne répond pas ; réessayez dans un instant.")
    }

    /// 503: not now.
    pub fn busy(detail: impl Into<String>) -> Self {
        let busy = Self::new(StatusCode::SERVICE_UNAVAILABLE, "Service indisponible", detail);
        Self { retry_after_s: Some(2), ..busy }
    }

    /// 503: something that an administrator must mend first.
    pub fn out_of_order(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "En panne", detail)
    }

    /// 500: a fault of ours.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Erreur interne",
            "Une erreur est survenue ; elle est inscrite au journal du serveur.",
        )
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&sqlx::Error> for Problem {
    fn from(error: &sqlx::Error) -> Self {
        tracing::error!(%error, "requête à la base");
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::unavailable(),
            // 57014: statement_timeout; 57P01 to 57P03: the server is stopping or starting.
            sqlx::Error::Database(cause) if cause.code().is_some_and(|code| code.starts_with("57")) => {
                Self::unavailable()
            }
            _ => Self::internal(),
        }
    }
}

impl From<Refus> for Problem {
    fn from(refus: Refus) -> Self {
        Self::forbidden(sentence(&refus.to_string()))
    }
}

impl From<ObjetError> for Problem {
    fn from(error: ObjetError) -> Self {
        let sentence = error.to_string();
        match error {
            ObjetError::Absente => Self::not_found(sentence),
            ObjetError::Fermee => Self::forbidden(sentence),
            ObjetError::Refus(refus) => refus.into(),
            ObjetError::Champ(nom) => Self { champ: Some(nom), ..Self::bad_request(sentence) },
            ObjetError::Valeur { champ, .. } => Self { champ: Some(champ.to_owned()), ..Self::bad_request(sentence) },
            ObjetError::Champs(champs) => {
                let champ = champs.first().map(|faute| faute.champ.clone()).filter(|_| champs.len() == 1);
                Self { champ, champs, ..Self::bad_request(sentence) }
            }
            ObjetError::Manquements(manquements) => Self { manquements, ..Self::unprocessable(sentence) },
            ObjetError::Verrouillee | ObjetError::SansVerrou => Self::conflict(sentence),
            ObjetError::AvenantVide | ObjetError::SansFinalite => Self::bad_request(sentence),
            ObjetError::Etape(refusee) => match refusee {
                EtapeRefusee::Inconnue(_) => Self::not_found(sentence),
                EtapeRefusee::Etat(_) | EtapeRefusee::Garde(..) => Self::conflict(sentence),
                EtapeRefusee::Role(_) => Self::forbidden(sentence),
                EtapeRefusee::Illisible(_) => Self::internal(),
            },
            ObjetError::Version(versions) => Self::changed(versions, sentence),
            ObjetError::Document(_)
            | ObjetError::CleReprise
            | ObjetError::Geojson(_)
            | ObjetError::Geometrie(_)
            | ObjetError::HorsTerritoire
            | ObjetError::TropDeFichiers(_)
            | ObjetError::TropDeFiches(_) => Self::unprocessable(sentence),
            ObjetError::Base(cause)
            | ObjetError::Journal(JournalError::Base(cause))
            | ObjetError::Registre(RegistreError::Base(cause)) => cause.into(),
            ObjetError::Registre(_) => Self::busy(sentence),
            ObjetError::Journal(_) | ObjetError::Export(_) => {
                tracing::error!(cause = %sentence, "objet");
                Self::internal()
            }
        }
    }
}

impl From<RattachementError> for Problem {
    fn from(error: RattachementError) -> Self {
        match error {
            RattachementError::Fiche(cause) => cause.into(),
            RattachementError::Base(cause) => cause.into(),
            RattachementError::Absent => Self::not_found(error.to_string()),
            refused => Self::unprocessable(refused.to_string()),
        }
    }
}

impl From<VueError> for Problem {
    fn from(error: VueError) -> Self {
        match error {
            VueError::Base(cause) => cause.into(),
            VueError::Absente => Self::not_found(error.to_string()),
            VueError::Trop => Self::unprocessable(error.to_string()),
            VueError::Nom | VueError::Etat => Self::bad_request(error.to_string()),
        }
    }
}

impl From<FichierError> for Problem {
    fn from(error: FichierError) -> Self {
        match error {
            FichierError::Plein => Self::no_room(),
            FichierError::TropLong => Self::too_large(error.to_string()),
            FichierError::Genre | FichierError::Contenu(_) => Self::unsupported(error.to_string()),
            FichierError::Vide => Self::bad_request(error.to_string()),
            autre => {
                tracing::error!(cause = %autre, "fichier joint");
                Self::internal()
            }
        }
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        ObjetError::from(error).into()
    }
}

impl From<CompteError> for Problem {
    fn from(error: CompteError) -> Self {
        match error {
            CompteError::Base(cause) => cause.into(),
            CompteError::Hachage(HachageError::Occupe) => Self::busy(sentence(&error.to_string())),
            CompteError::Hachage(_) | CompteError::Journal(_) | CompteError::Hasard(_) | CompteError::Coffre(_) => {
                tracing::error!(%error, "compte");
                Self::internal()
            }
            refused => Self::unprocessable(sentence(&refused.to_string())),
        }
    }
}

/// With a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with('.') { "" } else { "." };
    format!("{capital}{}{stop}", letters.as_str())
}

impl From<DepositError> for Problem {
    fn from(error: DepositError) -> Self {
        let wait = error.retry_after();
        match error {
            DepositError::Database(cause) => cause.into(),
            DepositError::Refused(Refusal::Malformed(sentence)) => Self::bad_request(sentence),
            DepositError::TooLarge => Self::too_large(error.to_string()),
            _ => match wait {
                Some(wait) => Self::too_many(error.to_string(), wait),
                None => Self::unprocessable(error.to_string()),
            },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let wait = self.retry_after_s;
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        // Where people read, a page is made of it on the way out.
        response.extensions_mut().insert(self);
        let headers = response.headers_mut();
        headers
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer realm=\"Finage\""));
        }
        if let Some(seconds) = wait {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
