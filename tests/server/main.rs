//! The server on a real PostGIS: imports, search, sheets, tiles, pages.

mod defauts;
mod harness;
mod http;
mod import_bal;
mod import_edigeo;
mod import_etalab;
mod parcelle;
mod recherche;
mod roles;
mod sql;
mod tiles;
