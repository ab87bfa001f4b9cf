//! Letters and acts: a Typst template and typed data make an accessible, archivable PDF (PDF/A-2a and PDF/UA-1).
//!
//! A [`Gabarit`] is compiled once from what an administrator wrote; [`Donnees`] come from rows, and never become code.
//! The crate knows no database, no network, no file of the machine and no date of the day: the same template, data and
//! date give the same bytes. The only clock is the one that stops a template which does not end.
//!
//! ```
//! use std::collections::BTreeMap;
//! use finage_documents::{Champs, Donnees, Entete, Gabarit};
//!
//! let source = "#import \"finage.typ\": *\nBonjour #donnees.nom, nous sommes le #date_longue(donnees.le).";
//! let gabarit = Gabarit::compile(source, BTreeMap::new())?;
//! let le = time::Date::from_calendar_date(2026, time::Month::May, 3)?;
//! let champs = Champs::from([("nom".to_owned(), "Mme Martin".into()), ("le".to_owned(), le.into())]);
//! let pdf = gabarit.rendre(&Donnees::new(Entete::new("Bonjour", "Valbrume", le), champs))?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod battement;
mod bibliotheque;
mod donnees;
mod ecart;
mod erreur;
mod execution;
mod fonctions;
mod gabarit;
mod image;
mod lettres;
mod monde;
mod nombres;
mod noms;
mod pdf;
mod phrases;
mod polices;
mod surete;
mod texte;
mod valeurs;

pub use donnees::{Champs, Donnee, Donnees, Entete};
pub use ecart::{Ecart, LigneEcart, Sens};
pub use erreur::{Defaut, GabaritError};
pub use gabarit::{Gabarit, LOT_MAX, PAGES_MAX};
pub use lettres::{en_toutes_lettres, montant_en_toutes_lettres};
pub use nombres::{date_courte, date_longue, montant, nombre};
