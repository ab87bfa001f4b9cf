//! The server on a real PostGIS: imports, search, sheets, tiles, pages.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop at once, and says what it skips"
)]

mod administration;
mod agents;
mod annotations;
mod cimetiere;
mod cimetiere_plan;
mod cimetiere_procedures;
mod cimetiere_public;
mod cimetiere_recettes;
mod collectivites;
mod connexions_sql;
mod defauts;
mod download;
mod droits;
mod droits_union;
mod ecoute;
mod export_collectivite;
mod expressions;
mod externe;
mod extrait;
mod fichiers;
mod harness;
mod hostile;
mod http;
mod identites;
mod import_bal;
mod import_edigeo;
mod import_etalab;
mod instantanes;
mod instantanes_simplifies;
mod journal;
mod journal_ecrans;
mod lot;
mod matrice;
mod modules;
mod modules_connexions;
mod modules_conservation;
mod modules_couches;
mod modules_demarches;
mod modules_derives;
mod modules_documents;
mod modules_etapes;
mod modules_fabrique;
mod modules_import;
mod modules_lecon;
mod modules_matrice;
mod modules_promesse;
mod modules_reponses;
mod modules_surete;
mod modules_versions;
mod mvt;
mod opencimetiere;
mod opencimetiere_base;
mod parcelle;
mod personnes;
mod plans;
mod portal;
mod rattachement;
mod rattachement_suivi;
mod recherche;
mod registre;
mod roles;
mod sature;
mod selection;
mod sql;
mod tiles;
mod tiles_served;
mod travaux;
mod tuiles_commandes;
mod tuiles_controle;
