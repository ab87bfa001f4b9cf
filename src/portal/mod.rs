//! The public pages, complete without JavaScript: typed models and their templates. No axum here; `http` serves them.
//!
//! Every value reaches HTML through askama, which escapes it: a template never says `|safe`.

mod accessibilite;
mod accueil;
mod cadre;
mod champs;
mod commune;
mod extraits;
mod grille;
mod mentions;
pub mod nombres;
pub mod objets;
mod parcelle;
mod recherche;
mod refus;
mod robots;
mod services;
mod travail;

pub use accessibilite::AccessibilitePage;
pub use accueil::AccueilPage;
pub use cadre::{Cadre, Habillage, couleurs};
pub use commune::{CommunePage, Liste};
pub use extraits::{ExtraitsPage, Formulaire};
pub use grille::{Critere, Etat, Grille, GrilleError, grille};
pub use mentions::MentionsPage;
pub use parcelle::{ParcellePage, SCALES};
pub use recherche::{RecherchePage, Resultat};
pub use refus::RefusPage;
pub use robots::robots_txt;
pub use services::ServicesPage;
pub use travail::TravailPage;
