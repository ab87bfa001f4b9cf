//! HTTP: the router, its limits and headers. Every route is listed, with who may ask, in `server::routes`.

mod admission;
mod api;
mod assets;
mod body;
pub mod catalogue;
mod cookies;
mod depositor;
mod download;
mod droits;
mod extrait;
mod fonds;
mod headers;
mod objets;
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
mod travaux;

pub use admission::{COOKIE, COOKIE_LOCAL};
pub use body::{Body, Form};
pub use depositor::Depositor;
pub use openapi::document;
pub use poste::Poste;
pub use qui::{Agent, Compte, Qui};
pub use server::{ServeError, bind, router, serve};
pub use state::App;
