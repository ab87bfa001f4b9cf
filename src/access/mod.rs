//! Who asks, what they may, and what was done.

mod cle;
pub mod coffre;
pub mod connexion;
pub mod courrier;
pub mod droits;
pub mod entree;
pub mod essai;
pub mod externe;
mod http_sortant;
pub mod identite;
pub mod jeton;
pub mod journal;
pub mod lien;
pub mod mot_de_passe;
pub mod second_facteur;
pub mod secret;
mod service;
pub mod session;
pub mod utilisateur;

pub use service::Acces;
