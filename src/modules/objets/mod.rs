//! Objects that belong to collectivités, read and written under rights.
//!
//! API, pages, tiles, exports and search go through here, and what they do follows from the object's [`Modele`]: its
//! fields, their rules, whether it has a place. Nothing below is written for one object. Every statement runs in a tenant
//! transaction, shows the fields that a [`crate::access::droits::Droit`] opens, on the rows it opens.

mod anomalies;
mod apres;
mod autour;
mod avenant;
mod choix;
mod condition;
mod contrainte;
mod critere;
mod croisement;
mod designation;
mod designees;
mod ecriture;
mod erreur;
mod export;
mod historique;
mod intitule;
mod joints;
mod lecture;
mod modele;
mod passage;
mod rangees;
mod recherche;
mod regard;
mod repartition;
mod riche;
mod saisie;
mod socle;
mod sur_place;
mod tuile;
mod vue;

pub use autour::Trait;
pub(in crate::modules) use avenant::motif_lu;
pub use choix::{Choix, MAX_CHOIX, codes};
pub use condition::Condition;
pub(super) use contrainte::dite as refus_de_la_base;
pub use critere::Critere;
pub use croisement::{Croisement, ParcelleRencontree};
pub(super) use ecriture::EnSerie;
pub use ecriture::{Plume, Saisie, cle};
pub use erreur::{EtapeRefusee, FauteChamp, ObjetError, Versions};
pub use export::{Fichier, Format, MAX_EXPORT};
pub use historique::Etape;
pub(in crate::modules) use joints::attache;
pub use joints::{Accroche, Joint, MAX_JOINTS, Nouveau, accroche};
pub use lecture::{Fiche, Filtre, MAX_RANG, PageFiches, Tri};
pub use modele::{Etats, Geometrie, Lien, Modele, Morceau, Nature, Numerotation, Regle, Unicite};
pub use passage::{Franchissable, Passage};
pub use rangees::{Colonne, Rangee};
pub use recherche::{Nommee, Trouvee};
pub use regard::{DROITS_DES_PERSONNES, Regard, refus};
pub use repartition::Part;
pub(super) use saisie::{VIDE, tenue};
pub use socle::{ANNOTATION, MODELES, OBJET_ELIMINATION, OBJET_GABARIT, OBJET_JOURNAL, OBJETS, PERSONNE};
pub use tuile::{COUCHES, Couche, Proprietes};
