//! The list of routes: each with its method, who may ask, and what its body is.
//!
//! Nothing is served that is not in the list, and nobody reaches a handler whom the route does not admit: a route says its
//! [`Audience`] when it is added, and [`super::admission`] holds to it. Tests walk the same list.

use std::sync::LazyLock;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use super::state::App;

/// Who may ask. What is then shown depends on the rights of who asks: this only keeps others from the handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Anyone; a signed-in account may see more.
    Ouverte,
    /// A session at any stage: where the second factor is given.
    Entree,
    /// An account, signed in whole, by session or token.
    Compte,
    /// An account, signed in whole by a session: what a token does not do.
    Personne,
    /// An account that acts for a collectivité, by session or token.
    Agent,
    /// An administrator of the installation, by session.
    Administration,
}

/// What a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// JSON, announced by its content type.
    Json,
    /// The fields of an HTML form.
    Form,
    /// The fields of an HTML form that also sends files.
    Multipart,
    /// A file, of any type.
    File,
    /// Nothing.
    None,
}

/// A route of the server.
#[derive(Debug, Clone)]
pub struct Route {
    /// Method; GET answers HEAD as well.
    pub method: Method,
    /// Path, as the router writes it.
    pub path: &'static str,
    /// Who may ask.
    pub audience: Audience,
    /// What its body is.
    pub content: Content,
    /// Longest body, in bytes.
    pub bound: usize,
}

/// Longest body of any route.
pub const MAX_BODY: usize = 32 << 20;

/// Routes added one by one, with the list of what they are.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<App>,
    /// Of what is asked by the thousand.
    bare: Router<App>,
    listed: Vec<Route>,
}

impl Routes {
    /// Adds what is only read.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, audience: Audience, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let route = Route { method: Method::GET, path, audience, content: Content::None, bound: 0 };
        self.add(route, MethodFilter::GET, handler)
    }

    /// Adds what is only read, and asked by the thousand: its handler compresses what it sends, and nothing else is put around it than
    /// what keeps the server and its users safe.
    #[must_use]
    pub fn get_bare<H, T>(mut self, path: &'static str, audience: Audience, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.bare = self.bare.route(path, on(MethodFilter::GET, handler));
        self.listed.push(Route { method: Method::GET, path, audience, content: Content::None, bound: 0 });
        self
    }

    /// Adds what takes a form of `bound` bytes at most.
    #[must_use]
    pub fn form<H, T>(self, path: &'static str, audience: Audience, bound: usize, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let route = Route { method: Method::POST, path, audience, content: Content::Form, bound };
        self.add(route, MethodFilter::POST, handler)
    }

    /// Adds a POST that takes `content` of `bound` bytes at most.
    #[must_use]
    pub fn post<H, T>(
        self,
        path: &'static str,
        audience: Audience,
        (content, bound): (Content, usize),
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Route { method: Method::POST, path, audience, content, bound }, MethodFilter::POST, handler)
    }

    /// Adds a PATCH that takes JSON of `bound` bytes at most.
    #[must_use]
    pub fn patch<H, T>(self, path: &'static str, audience: Audience, bound: usize, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let route = Route { method: Method::PATCH, path, audience, content: Content::Json, bound };
        self.add(route, MethodFilter::PATCH, handler)
    }

    /// Adds a PUT that takes JSON of `bound` bytes at most.
    #[must_use]
    pub fn put<H, T>(self, path: &'static str, audience: Audience, bound: usize, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let route = Route { method: Method::PUT, path, audience, content: Content::Json, bound };
        self.add(route, MethodFilter::PUT, handler)
    }

    /// Adds a DELETE.
    #[must_use]
    pub fn delete<H, T>(self, path: &'static str, audience: Audience, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let route = Route { method: Method::DELETE, path, audience, content: Content::None, bound: 0 };
        self.add(route, MethodFilter::DELETE, handler)
    }

    /// Adds what a module lists.
    #[must_use]
    pub fn with(self, module: impl FnOnce(Self) -> Self) -> Self {
        module(self)
    }

    fn add<H, T>(mut self, route: Route, filter: MethodFilter, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(route.path, on(filter, handler));
        self.listed.push(route);
        self
    }

    /// The routers, to which layers are added: of most routes, and of what is asked by the thousand.
    pub(super) fn routers(self) -> (Router<App>, Router<App>) {
        (self.router, self.bare)
    }
}

/// Every route of the server.
pub static LISTED: LazyLock<Vec<Route>> = LazyLock::new(|| super::server::routes().listed);

/// The route of that path and method.
#[must_use]
pub fn route(path: &str, method: &Method) -> Option<&'static Route> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    LISTED.iter().find(|route| route.path == path && route.method == *method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_route_is_listed_twice_and_no_bound_exceeds_what_the_server_takes() {
        assert!(LISTED.iter().all(|route| route.bound <= MAX_BODY));
        for (rank, one) in LISTED.iter().enumerate() {
            let again = LISTED[rank + 1..].iter().any(|other| other.path == one.path && other.method == one.method);
            assert!(!again, "{} {}", one.method, one.path);
        }
    }
}
