//! Who asks, what they may, and what was done.

pub mod attributions;
mod cle;
pub mod coffre;
pub mod collectivites;
pub mod comptes;
pub mod connexion;
pub mod courrier;
pub mod droits;
pub mod entree;
pub mod essai;
pub mod externe;
mod http_sortant;
pub mod identite;
pub mod jeton;
pub mod jour;
pub mod journal;
pub mod lien;
pub mod mot_de_passe;
pub mod roles;
pub mod second_facteur;
pub mod secret;
mod service;
pub mod session;
pub mod utilisateur;
pub mod vue;

pub use service::Acces;
