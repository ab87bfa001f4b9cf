//! Legal clock of a cemetery: when a thing may be done, until when, by whom, for how much.
//!
//! Everything is computed from dates and facts given: no database, no clock, no environment. A rule is data ([`Regle`]): what
//! it requires, where it is written, since when, whether its text was read. What stands against an act is a list of
//! [`Manquement`]s, all of them: which rule, from when waiting would cure it, what to do, whether someone may pass on with a
//! written reason. What no text that was read settles is a choice of the commune ([`ApresEntretien`], [`CremationDesRestes`]).
//!
//! ```
//! use finage_cimetiere::{Inhumation, tous_passables};
//! use time::macros::date;
//!
//! let inhumation = Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 03 - 17));
//! let manquements = inhumation.juger();
//! assert_eq!(manquements[0].regle.article, "R2213-33 (décret n° 2024-790)");
//! assert!(!tous_passables(&manquements), "seul le préfet déroge");
//! ```

mod abandon;
mod capacite;
mod concession;
mod conversion;
mod delai;
mod exhumation;
mod feries;
mod inhumation;
mod manquement;
mod montant;
mod partage;
mod phrase;
mod prevision;
mod proposition;
mod regle;
mod regles;
mod renouvellement;
mod reprise;
mod restes;
mod sepulture;
mod statut;
mod tarif;
mod terrain;

pub use abandon::{Acte, ApresEntretien, Avancement, ConcessionVisee, Etape, Etat, Ligne, MortPourLaFrance, Procedure};
pub use capacite::{Bilan, Constat, Contenant, Ecart, Places, Sejour, accueillir, bilan, ecart};
pub use concession::{Contrat, Duree, Nature, accorder};
pub use conversion::{Conversion, DemandeRetrocession, Remboursement, Retrocession, convertir, retroceder};
pub use delai::{Compte, Delai, Unite, jours_apres, lendemain};
pub use exhumation::{Cercueil, Demandeur, Deroulement, Exhumation, GesteUrne, Reduction, manier_urne, reduire};
pub use feries::{Ressort, est_ferie, jours_non_feries_apres};
pub use inhumation::{Derogation, Inhumation};
pub use manquement::{Manquement, possible_des, tous_passables};
pub use montant::{Montant, MontantRefuse};
pub use partage::partager;
pub use prevision::{Annee, Autonomie, autonomie};
pub use proposition::{Contrepartie, Proposition, TarifVote};
pub use regle::{Regle, Texte, Valeur, Verification};
pub use regles::{REGLES, rayon_servitude_m, regle};
pub use renouvellement::{DemandeRenouvellement, Fenetre, Qualite, Renouvellement, fenetre, renouveler};
pub use reprise::{Etendue, Information, Moyen, etendue_suffisante, reprendre_echue, rouvrir};
pub use restes::{Attente, Cremation, CremationDesRestes, Volonte, bruler_les_restes, noms_au_registre};
pub use sepulture::{Affectation, Beneficiaire, Lien, MotifDroit, droit_a_sepulture, droit_dans_la_concession};
pub use statut::{Reprise, Situation, Statut, Usage, statut};
pub use tarif::{Occupation, Recette, Tarif, percevoir, superposition, tarif_au};
pub use terrain::{Fosse, mesurer, site_cineraire};
