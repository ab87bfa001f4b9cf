//! The key, and what it makes: seals of lines, proofs of checkpoints and heads.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::ligne::Sortie;
use crate::{Chaine, Ligne, Repere, Sceau, Tete};

/// What is sealed is told apart by its first bytes; the number is that of the canonical form.
const LIGNE: &[u8] = b"finage journal ligne 1\0";
const REPERE: &[u8] = b"finage journal repere 1\0";
const TETE: &[u8] = b"finage journal tete 1\0";

/// The key of a journal: 32 bytes that nothing prints.
#[derive(Clone)]
pub struct Cle {
    etat: Hmac<Sha256>,
}

impl fmt::Debug for Cle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cle(…)")
    }
}

impl Cle {
    /// The key of these bytes.
    #[must_use]
    pub fn new(octets: [u8; 32]) -> Self {
        // HMAC pads its key with zeros to the block of SHA-256 (RFC 2104); the state is made once and copied for each line.
        let mut bloc = [0; 64];
        bloc[..octets.len()].copy_from_slice(&octets);
        Self { etat: Hmac::<Sha256>::new(&bloc.into()) }
    }

    /// The seal of a line at `rang`, after the seal `avant`.
    #[must_use]
    pub fn scelle(&self, chaine: Chaine, avant: &Sceau, rang: i64, ligne: &Ligne) -> Sceau {
        self.hmac(LIGNE, chaine, |ajoute| {
            ajoute(&avant.0);
            ajoute(&rang.to_be_bytes());
            ligne.canonical(ajoute);
        })
    }

    /// The proof of a checkpoint, after the proof of the one before it ([`Sceau::ORIGINE`] for the first).
    #[must_use]
    pub fn prouve_repere(&self, chaine: Chaine, avant: &Sceau, repere: &Repere) -> Sceau {
        self.hmac(REPERE, chaine, |ajoute| {
            ajoute(&avant.0);
            ajoute(&repere.rang.to_be_bytes());
            ajoute(&repere.sceau.0);
            ajoute(&repere.jusque.to_be_bytes());
            ajoute(&repere.pose_le.to_be_bytes());
        })
    }

    /// The proof of a head.
    #[must_use]
    pub fn prouve_tete(&self, chaine: Chaine, tete: &Tete) -> Sceau {
        self.hmac(TETE, chaine, |ajoute| {
            ajoute(&tete.rang.to_be_bytes());
            ajoute(&tete.sceau.0);
            ajoute(&tete.le.to_be_bytes());
        })
    }

    fn hmac(&self, quoi: &[u8], chaine: Chaine, ecrit: impl FnOnce(Sortie)) -> Sceau {
        let mut etat = self.etat.clone();
        etat.update(quoi);
        etat.update(chaine.code().as_bytes());
        etat.update(&[0]);
        ecrit(&mut |morceau| etat.update(morceau));
        Sceau(etat.finalize().into_bytes().into())
    }
}
