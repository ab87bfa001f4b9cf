//! The public pages, complete without JavaScript: typed models and their templates. No axum here; `http` serves them.
//!
//! Every value reaches HTML through askama, which escapes it: a template never says `|safe`.

mod accueil;
mod cadre;
mod grille;
pub mod nombres;
mod parcelle;
mod recherche;
mod refus;
mod robots;

pub use accueil::AccueilPage;
pub use cadre::{Cadre, Habillage, couleurs};
pub use grille::{Critere, Etat, Grille, GrilleError, grille};
pub use parcelle::ParcellePage;
pub use recherche::{RecherchePage, Resultat};
pub use refus::RefusPage;
pub use robots::robots_txt;
