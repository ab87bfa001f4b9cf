//! Requests to the configured providers: short, bounded, followed nowhere else.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use thiserror::Error;

use crate::config::is_safe;

/// Longest a whole exchange may take.
const DELAI: Duration = Duration::from_secs(8);
/// Longest answer, in bytes.
const MAX_REPONSE: u64 = 512 << 10;

/// Why a provider was not heard.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HttpError {
    /// An address that is neither TLS nor this machine.
    #[error("l'adresse {0} n'est pas en https")]
    Adresse(String),
    /// No answer, or a longer one than is read.
    #[error("échange impossible : {0}")]
    Echange(#[from] Box<ureq::Error>),
    /// The work was dropped.
    #[error("échange abandonné")]
    Abandon,
}

/// What asks providers.
#[derive(Debug, Clone)]
pub struct Client {
    agent: ureq::Agent,
}

impl Default for Client {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(DELAI))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("Finage");
        Self { agent: config.build().new_agent() }
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let agent = self.agent.clone();
        Box::pin(async move {
            let asked = tokio::task::spawn_blocking(move || ask(&agent, request)).await;
            asked.map_err(|_| HttpError::Abandon)?
        })
    }
}

fn ask(agent: &ureq::Agent, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let address = request.uri().to_string();
    if !is_safe(&address) {
        return Err(HttpError::Adresse(address.chars().take(200).collect()));
    }
    let answer = if request.method() == "GET" { agent.run(request.map(|_| ())) } else { agent.run(request) };
    let (parts, mut body) = answer.map_err(Box::new)?.into_parts();
    let bytes = body.with_config().limit(MAX_REPONSE).read_to_vec().map_err(Box::new)?;
    Ok(HttpResponse::from_parts(parts, bytes))
}
