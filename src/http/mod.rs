//! HTTP: the router, its limits and headers. Read-only and on loopback until identities exist.

mod api;
mod assets;
mod body;
mod fonds;
mod headers;
mod openapi;
mod pages;
mod problem;
mod query;
mod selection;
mod server;
mod state;
mod styles;
mod tiles;

pub use openapi::document;
pub use server::{ServeError, bind, router, serve};
pub use state::App;
