//! HTTP: the router, its limits and headers. On loopback until identities exist; what may be sent is listed in `writing`.

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
mod selection;
mod server;
mod state;
mod styles;
mod tiles;
mod travaux;
mod writing;

pub use body::{Body, Form};
pub use depositor::Depositor;
pub use openapi::document;
pub use server::{ServeError, bind, router, serve};
pub use state::App;
