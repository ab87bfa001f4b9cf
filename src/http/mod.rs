//! HTTP: the router, its limits and headers. Every route is listed, with who may ask, in `server::routes`.

mod admission;
mod api;
mod assets;
mod body;
mod depositor;
mod download;
mod extrait;
mod fonds;
mod headers;
mod openapi;
mod pages;
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
pub use qui::{Agent, Compte, Qui};
pub use server::{ServeError, bind, router, serve};
pub use state::App;
