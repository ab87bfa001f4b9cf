//! The public pages, complete without JavaScript: typed models and their templates. No axum here; `http` serves them.
//!
//! Every value reaches HTML through askama, which escapes it: a template never says `|safe`.

mod accessibilite;
mod accueil;
mod administration;
mod cadre;
mod champs;
mod collectivites;
mod commune;
mod compte;
mod connexion;
mod consulter;
mod deposer;
mod espace;
mod extraits;
mod formulaire;
mod grille;
mod mentions;
mod mot_de_passe;
pub mod nombres;
pub mod objets;
mod parcelle;
mod qui_voit;
mod recherche;
mod refus;
mod robots;
mod roles;
mod second_facteur;
mod services;
mod travail;

pub use accessibilite::AccessibilitePage;
pub use accueil::AccueilPage;
pub use administration::{AdministrationPage, CompteAdministrePage, SaisieCompte};
pub use cadre::{Cadre, Entete, Habillage, Lien, couleurs};
pub use collectivites::{CollectivitePage, CollectivitesPage, SaisieCollectivite, SaisiePeriode};
pub use commune::{CommunePage, Liste};
pub use compte::{Avoirs, ComptePage, Formule, Message};
pub use connexion::ConnexionPage;
pub use consulter::{
    ChampCherche, Consultee, ConsulterFichePage, ConsulterPage, CoucheDuPlan, FicheConsultee, Lieu, Publique, Table,
    Trouvees, carte,
};
pub use deposer::{ChampDepose, DeposerPage, Formulaire as FormulaireDepose, RecuPage, Usage, duree};
pub use espace::Espace;
pub use extraits::{ExtraitsPage, Formulaire};
pub use formulaire::{Choix, Faute};
pub use grille::{Critere, Etat, Grille, GrilleError, grille};
pub use mentions::MentionsPage;
pub use mot_de_passe::{MotDePassePage, OubliePage};
pub use parcelle::{ParcellePage, SCALES};
pub use qui_voit::QuiVoitPage;
pub use recherche::{RecherchePage, Resultat};
pub use refus::RefusPage;
pub use robots::robots_txt;
pub use roles::{RolesComptePage, RolesPage, SaisieRole};
pub use second_facteur::{CodesPage, EnrolementPage, SecondFacteurPage};
pub use services::ServicesPage;
pub use travail::TravailPage;
