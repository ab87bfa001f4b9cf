//! Who deposits a job: the address of its author.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::poste::Poste;

/// Whose jobs are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depositor(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Depositor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let poste = Poste::from_request_parts(parts, state).await?;
        Ok(Self(poste.ip.to_string()))
    }
}
