//! Query strings, refused in French when they can't be read.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The parameters of a query string.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        let Query(params) = read.map_err(|_| {
            Problem::bad_request("Les paramètres de l'adresse sont illisibles : un nombre est attendu, ou un paramètre manque ou se répète ; /api/openapi.json les décrit.")
        })?;
        Ok(Self(params))
    }
}
