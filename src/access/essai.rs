//! Failed attempts are counted before they are made: a crowd of parallel attempts passes no bound.
//!
//! An attempt is written as failed in one short transaction, under a lock of its account and of its address, and only then
//! is the password looked at; success erases it. What a locked account refuses is not written on it: to insist does not lock longer.

use std::net::IpAddr;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Time in which failures count together, in seconds (`essai_etat.sql`).
const FENETRE_S: f64 = 900.0;
/// Failures of an account that cost no wait.
const SANS_ATTENTE: i64 = 3;
/// Failures of an account from which it is locked.
const VERROU_COMPTE: i64 = 10;
/// Failures from one address, where a whole town hall may sit behind, from which it waits.
const VERROU_RESEAU: i64 = 60;
/// Links sent to one address of mail in the same time.
const MAX_LIENS: i64 = 3;

/// What attempts are counted on: a digest, so that the table tells neither who nor where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cle {
    empreinte: [u8; 32],
    regle: Regle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Regle {
    Compte,
    Reseau,
    Lien,
}

impl Cle {
    /// Sign-ins to the account of this e-mail, whether there is one or not.
    #[must_use]
    pub fn compte(email: &str) -> Self {
        Self::new("compte", email.as_bytes(), Regle::Compte)
    }

    /// Second factors of an account.
    #[must_use]
    pub fn second_facteur(utilisateur: Uuid) -> Self {
        Self::new("second", utilisateur.as_bytes(), Regle::Compte)
    }

    /// Changes of password by who is signed in, who must know the present one.
    #[must_use]
    pub fn changement(utilisateur: Uuid) -> Self {
        Self::new("change", utilisateur.as_bytes(), Regle::Compte)
    }

    /// Attempts from an address; those of IPv6 by networks of /64, which one subscriber has whole.
    #[must_use]
    pub fn reseau(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(v4) => Self::new("reseau", &v4.octets(), Regle::Reseau),
            IpAddr::V6(v6) => Self::new("reseau", &v6.octets()[..8], Regle::Reseau),
        }
    }

    /// Links asked for this e-mail.
    #[must_use]
    pub fn lien(email: &str) -> Self {
        Self::new("lien", email.as_bytes(), Regle::Lien)
    }

    fn new(genre: &str, octets: &[u8], regle: Regle) -> Self {
        let empreinte = Sha256::new().chain_update(genre).chain_update([0]).chain_update(octets).finalize().into();
        Self { empreinte, regle }
    }

    fn verrou(&self) -> i64 {
        i64::from_be_bytes(self.empreinte.first_chunk().copied().unwrap_or_default())
    }
}

/// What an attempt is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may be made; it counts as failed until it is erased.
    Admis(Reserve),
    /// The account's failures forbid it for that long.
    CompteBloque(Duration),
    /// The address's failures forbid it for that long.
    ReseauBloque(Duration),
}

/// Attempts written as failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    ids: Vec<i64>,
    compte: Option<Cle>,
}

#[derive(Debug, sqlx::FromRow)]
struct Etat {
    manques: i64,
    depuis_s: f64,
    premier_s: f64,
}

impl Regle {
    /// How long the next attempt must wait.
    fn attente(self, etat: &Etat) -> Option<Duration> {
        let fin_de_fenetre = FENETRE_S - etat.premier_s;
        let reste = match self {
            Self::Compte if etat.manques >= VERROU_COMPTE => fin_de_fenetre,
            Self::Compte if etat.manques >= SANS_ATTENTE => {
                let doublements = i32::try_from(etat.manques - SANS_ATTENTE).unwrap_or(0);
                2_f64.powi(doublements) - etat.depuis_s
            }
            Self::Reseau if etat.manques >= VERROU_RESEAU => fin_de_fenetre,
            Self::Lien if etat.manques >= MAX_LIENS => fin_de_fenetre,
            Self::Compte | Self::Reseau | Self::Lien => return None,
        };
        (reste > 0.0).then(|| Duration::from_secs_f64(reste.clamp(1.0, FENETRE_S)))
    }
}

/// Writes an attempt as failed on each key, unless the address forbids it; when the account does, on the address alone.
///
/// # Errors
/// The database refused.
pub async fn reserve(pool: &PgPool, cles: &[Cle]) -> sqlx::Result<Verdict> {
    let mut transaction = pool.begin().await?;
    let mut verrous: Vec<i64> = cles.iter().map(Cle::verrou).collect();
    // Always in the same order: two attempts never wait for each other.
    verrous.sort_unstable();
    for verrou in verrous {
        sqlx::query(include_str!("sql/essai_verrou.sql")).bind(verrou).execute(&mut *transaction).await?;
    }
    let mut bloque = None;
    for cle in cles {
        let etat: Etat = sqlx::query_as(include_str!("sql/essai_etat.sql"))
            .bind(&cle.empreinte[..])
            .fetch_one(&mut *transaction)
            .await?;
        match (cle.regle, cle.regle.attente(&etat)) {
            (_, None) => {}
            (Regle::Reseau, Some(attente)) => return Ok(Verdict::ReseauBloque(attente)),
            (Regle::Compte | Regle::Lien, Some(attente)) => bloque = Some(attente),
        }
    }
    let mut reserve = Reserve { ids: Vec::new(), compte: cles.iter().find(|cle| cle.regle == Regle::Compte).copied() };
    // Whoever insists on a locked account costs a digest each time: it still counts on the address.
    for cle in cles.iter().filter(|cle| bloque.is_none() || cle.regle == Regle::Reseau) {
        let id = sqlx::query_scalar(include_str!("sql/essai_reserver.sql")).bind(&cle.empreinte[..]);
        reserve.ids.push(id.fetch_one(&mut *transaction).await?);
    }
    transaction.commit().await?;
    Ok(bloque.map_or(Verdict::Admis(reserve), Verdict::CompteBloque))
}

/// Forgets the failures of a key: its owner proved who it is by other means.
///
/// # Errors
/// The database refused.
pub async fn oublie(connection: &mut PgConnection, cle: &Cle) -> sqlx::Result<()> {
    let aucun: [i64; 0] = [];
    let erased = sqlx::query(include_str!("sql/essai_effacer.sql")).bind(&aucun[..]).bind(cle.empreinte.to_vec());
    erased.execute(connection).await?;
    Ok(())
}

impl Reserve {
    /// The attempt succeeded: it no longer counts, nor do those before on the same account.
    ///
    /// # Errors
    /// The database refused.
    pub async fn reussi(self, pool: &PgPool) -> sqlx::Result<()> {
        let compte = self.compte.map(|cle| cle.empreinte.to_vec());
        sqlx::query(include_str!("sql/essai_effacer.sql")).bind(&self.ids).bind(compte).execute(pool).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_then_the_account_is_locked() {
        let etat = |manques, depuis_s: f64| Etat { manques, depuis_s, premier_s: 100.0 };
        let attend = |manques, depuis_s| Regle::Compte.attente(&etat(manques, depuis_s)).map(|d| d.as_secs());
        assert_eq!(attend(2, 0.0), None);
        assert_eq!(attend(3, 0.0), Some(1));
        assert_eq!(attend(3, 1.5), None);
        assert_eq!(attend(9, 4.0), Some(60));
        assert_eq!(attend(10, 600.0), Some(800), "locked until the first failure is 15 minutes old");
        assert_eq!(Regle::Reseau.attente(&etat(59, 0.0)), None);
        assert!(Regle::Reseau.attente(&etat(60, 0.0)).is_some());
        assert!(Regle::Lien.attente(&etat(3, 0.0)).is_some());
    }

    #[test]
    fn keys_of_different_kinds_never_meet() {
        assert_ne!(Cle::compte("a@b.fr").empreinte, Cle::lien("a@b.fr").empreinte);
        let un = Cle::reseau("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(un, Cle::reseau("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_ne!(un, Cle::reseau("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(Cle::reseau("::ffff:192.0.2.1".parse().unwrap()), Cle::reseau("192.0.2.1".parse().unwrap()));
    }
}
