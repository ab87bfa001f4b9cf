//! Chain of keyed seals over the lines of a journal, and its verification.
//!
//! Each sealed line has a rank and a seal: HMAC-SHA-256, under a key that is not where the lines are, of the line and of
//! the seal before it. Whoever changes, removes, inserts or moves a line breaks the chain from there on, and cannot mend it
//! without the key; the [`Tete`], kept elsewhere too, says how far the chain went, so that its end cannot be cut off. Old
//! lines are erased behind a [`Repere`], from which the chain starts again. Nothing here knows a database or a clock.
//!
//! ```
//! use finage_journal::{Chaine, Cle, Depart, Ligne, Sceau, Scellee, Tete, verifie};
//!
//! let cle = Cle::new([7; 32]);
//! let mut sceau = Sceau::ORIGINE;
//! let mut lignes = Vec::new();
//! for id in 1..=3 {
//!     let ligne = Ligne { id, action: "creation".into(), objet: "annotation".into(), ..Ligne::default() };
//!     sceau = cle.scelle(Chaine::Acte, &sceau, id, &ligne);
//!     lignes.push(Scellee { rang: Some(id), sceau: Some(sceau), ligne });
//! }
//! let tete = Tete { rang: 3, sceau, le: 0 };
//! let bilan = verifie(&cle, Chaine::Acte, Depart::ORIGINE, &tete, lignes.clone())?;
//! assert_eq!((bilan.lignes, bilan.fin.rang), (3, 3));
//!
//! lignes[1].ligne.action = "retrait".into();
//! let faute = verifie(&cle, Chaine::Acte, Depart::ORIGINE, &tete, lignes).unwrap_err();
//! assert_eq!((faute.rang, faute.id), (2, Some(2)));
//! # Ok::<(), finage_journal::Faute>(())
//! ```

mod cle;
mod faute;
mod ligne;
mod reperes;
mod sceau;
mod verification;

pub use cle::Cle;
pub use faute::{Defaut, Faute};
pub use ligne::{Chaine, Ligne, Scellee};
pub use reperes::{Depart, Repere, Tete, depart};
pub use sceau::Sceau;
pub use verification::{Bilan, Verification, verifie};
