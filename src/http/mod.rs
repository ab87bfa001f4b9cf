//! HTTP: the router, its limits and headers. Every route is listed, with who may ask, in `server::routes`.

mod admission;
mod api;
mod assets;
mod body;
mod cookies;
mod debit;
mod depositor;
mod download;
mod ecoute;
mod extrait;
mod fil;
mod fonds;
mod headers;
mod openapi;
mod pages;
mod poste;
mod problem;
mod query;
mod qui;
pub mod route;
mod selection;
mod server;
mod state;
mod styles;
mod tiles;
mod trame;
mod travaux;

pub use admission::{COOKIE, COOKIE_LOCAL};
pub use body::{Body, Form};
pub use depositor::Depositor;
pub use ecoute::Limits;
pub use openapi::document;
pub use poste::{Poste, is_local};
pub use qui::{Agent, Compte, Qui};
pub use server::{ServeError, bind, router, serve, serve_within};
pub use state::App;
