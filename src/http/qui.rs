//! Who asks, as handlers receive it. [`super::admission`] has looked the cookie or the token up before.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;

use super::problem::Problem;
use crate::access::droits::{Action, Droit, Objet};
use crate::access::identite::{Connu, Identite};
use crate::access::journal::Finalite;
use crate::db::{Acteur, Canal};

/// Who asks, if anyone known.
#[derive(Debug, Clone, Default)]
pub struct Qui(pub Option<Connu>);

tokio::task_local! {
    /// Who asks for what this task answers: the frame of every page says it, whatever the handler.
    static ICI: Qui;
}

impl Qui {
    /// Answers a request for who asks.
    pub(super) async fn answer<T>(self, answering: impl Future<Output = T>) -> T {
        ICI.scope(self, answering).await
    }

    /// Who asks for what this task answers; nobody outside of a request.
    #[must_use]
    pub(super) fn here() -> Self {
        ICI.try_with(Self::clone).unwrap_or_default()
    }

    /// The account that acts for a collectivité, signed in whole: what a route open to all may show more to.
    #[must_use]
    pub fn agent(&self) -> Option<Agent> {
        self.0.as_ref().filter(|connu| connu.complete() && connu.collectivite.is_some()).cloned().map(Agent)
    }

    /// The account, signed in whole.
    #[must_use]
    pub fn compte(&self) -> Option<Uuid> {
        self.0.as_ref().filter(|connu| connu.complete()).map(|connu| connu.compte.id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Qui {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// An account; the route's audience says how far it must have gone.
#[derive(Debug, Clone)]
pub struct Compte(pub Connu);

impl<S: Send + Sync> FromRequestParts<S> for Compte {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let qui = parts.extensions.get::<Qui>().and_then(|Qui(connu)| connu.clone());
        qui.map(Self).ok_or_else(Problem::unauthorized)
    }
}

/// An account that acts for a collectivité.
#[derive(Debug, Clone)]
pub struct Agent(pub Connu);

impl Agent {
    /// Who acts, through what.
    ///
    /// # Errors
    /// 403 without a collectivité.
    pub fn acteur(&self, canal: Canal) -> Result<Acteur, Problem> {
        Ok(self.0.acteur(canal)?)
    }

    /// The right to do this to this kind of object.
    ///
    /// # Errors
    /// 403 when it was not given.
    pub fn droit(&self, objet: &'static Objet, action: Action) -> Result<Droit, Problem> {
        Ok(self.0.droit(objet, action)?)
    }

    /// The right to see nominative fields for a purpose.
    ///
    /// # Errors
    /// 403 when it was not given.
    pub fn nominatif(&self, objet: &'static Objet, finalite: &Finalite) -> Result<Droit, Problem> {
        Ok(self.0.nominatif(objet, finalite)?)
    }

    /// What is known of the account.
    #[must_use]
    pub fn identite(&self) -> &Arc<Identite> {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Agent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Compte(connu) = Compte::from_request_parts(parts, state).await?;
        Ok(Self(connu))
    }
}
