//! Who deposits a job: the address of the other end, until identities exist.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

/// Whose jobs are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depositor(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Depositor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // What a client writes in X-Forwarded-For is not believed: it would lift the bound.
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self(peer.map_or_else(|| "local".to_owned(), |ip| ip.to_canonical().to_string())))
    }
}
