//! The server on a real PostGIS: imports, search, sheets, tiles, pages.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop at once, and says what it skips"
)]

mod collectivites;
mod connexions_sql;
mod defauts;
mod download;
mod export_collectivite;
mod extrait;
mod harness;
mod http;
mod import_bal;
mod import_edigeo;
mod import_etalab;
mod journal;
mod lot;
mod parcelle;
mod portal;
mod recherche;
mod roles;
mod selection;
mod sql;
mod tiles;
mod travaux;
