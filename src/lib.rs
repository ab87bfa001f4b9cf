//! Finage: the territorial information system of French communes.
//!
//! Rooms, from the outside in: `cli` and `http` → `portal` → `services` → `print` → `cimetiere` → `modules` → `cadastre` → `territory`, `spatial` → `backup` → `fichiers` → `access` → `jobs` → `db` → `config`.
//! Nothing points back up; `tests/architecture.rs` keeps it.

pub mod access;
pub mod backup;
pub mod cadastre;
pub mod cimetiere;
pub mod cli;
pub mod config;
pub mod db;
pub mod fichiers;
pub mod http;
pub mod jobs;
pub mod modules;
pub mod portal;
pub mod print;
pub mod services;
pub mod spatial;
pub mod territory;
