//! One error type for HTTP: problem+json (RFC 9457), in French, with nothing of the inside.

use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::identite::Refus;
use crate::jobs::{DepositError, Refusal};

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
    pub retry_after_s: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.into(), retry_after_s: None }
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
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Connexion nécessaire",
            "Cette adresse est réservée aux comptes : connectez-vous, ou présentez un jeton (Authorization: Bearer).",
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

    /// 413: more than a body may hold.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Demande trop longue", detail)
    }

    /// 413: more than this route takes.
    pub fn body_too_large(bound: usize) -> Self {
        Self::too_large(format!("Le corps de la demande dépasse {} Kio ; faites-la en plusieurs fois.", bound / 1024))
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
        Self { retry_after_s: Some(wait.as_secs().max(1)), ..refused }
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
        tracing::error!(%error, "requête à la base");
        match &error {
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
        let sentence = refus.to_string();
        let mut letters = sentence.chars();
        let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        Self::forbidden(format!("{capital}{}.", letters.as_str()))
    }
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
