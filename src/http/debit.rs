//! How much may be asked at once, by address and by account: token buckets, one for each class of request.
//!
//! Quotas are far above what maps and pages ask for, and stop what sucks them dry. A stranger is counted by address. Who has
//! an account is counted by account, so that an office behind one address is not taken for a crowd; its address only bounds
//! how many sessions and tokens are looked up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use super::problem::Problem;

/// Keys remembered in a class; beyond, addresses are counted by wider networks.
const MAX_KEYS: usize = 50_000;
/// Requests between two clearings of what is no longer of use.
const CLEARING: u64 = 4_096;

/// What a request costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Classe {
    /// Files of the application: scripts, styles, fonts, backgrounds.
    Fichier,
    /// A tile.
    Tuile,
    /// A page or an answer of the API.
    Lecture,
    /// The search, which asks at each key stroke.
    Recherche,
    /// A selection by list or by shape.
    Selection,
    /// A plan or an extract, drawn.
    Extrait,
    /// What writes.
    Ecriture,
    /// What tries a password, a code or a link.
    Connexion,
    /// Not a request of its own: a session or a token to look up.
    Porteur,
    /// Not a request of its own: a token that was refused.
    Refus,
}

/// Every class, with what may be asked at once and, then, in a second.
const QUOTAS: [(Classe, u32, f64); 10] = [
    (Classe::Fichier, 3_000, 200.0),
    (Classe::Tuile, 1_200, 60.0),
    (Classe::Lecture, 400, 20.0),
    (Classe::Recherche, 150, 10.0),
    (Classe::Selection, 60, 3.0),
    (Classe::Extrait, 60, 2.0),
    (Classe::Ecriture, 120, 5.0),
    (Classe::Connexion, 40, 0.5),
    (Classe::Porteur, 3_000, 150.0),
    (Classe::Refus, 40, 0.5),
];

/// Beginnings of addresses and their class; the first that fits is taken.
const READ: [(&str, Classe); 14] = [
    ("/tiles/", Classe::Tuile),
    ("/assets/", Classe::Fichier),
    ("/styles/", Classe::Fichier),
    ("/fonds/", Classe::Fichier),
    ("/portail/", Classe::Fichier),
    ("/favicon.ico", Classe::Fichier),
    ("/recherche", Classe::Recherche),
    ("/consulter/", Classe::Recherche),
    ("/api/recherche", Classe::Recherche),
    ("/parcelle/{idu}/", Classe::Extrait),
    ("/extrait.pdf", Classe::Extrait),
    ("/connexion/externe", Classe::Connexion),
    ("/mot-de-passe", Classe::Connexion),
    ("/", Classe::Lecture),
];
const WRITTEN: [(&str, Classe); 5] = [
    ("/api/selection", Classe::Selection),
    ("/connexion", Classe::Connexion),
    ("/mot-de-passe", Classe::Connexion),
    ("/compte/mot-de-passe", Classe::Connexion),
    ("/", Classe::Ecriture),
];

impl Classe {
    /// The class of a route, by its method and the path by which the router knows it.
    pub(super) fn of(method: &Method, path: &str) -> Self {
        let list: &[_] = if matches!(*method, Method::GET | Method::HEAD) { &READ } else { &WRITTEN };
        list.iter().find(|(start, _)| path.starts_with(start)).map_or(Self::Lecture, |(_, classe)| *classe)
    }
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Compteur {
    /// An address, or its network.
    Adresse(IpAddr),
    /// An account.
    Compte(Uuid),
}

type Bucket<C> = RateLimiter<Compteur, DashMapStateStore<Compteur>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The buckets of a server.
#[derive(Debug)]
pub(super) struct Debit<C: Clock = DefaultClock> {
    clock: C,
    buckets: Vec<(Classe, Bucket<C>)>,
    asked: AtomicU64,
}

impl Default for Debit {
    fn default() -> Self {
        Self::on(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Debit<C> {
    fn on(clock: C) -> Self {
        let buckets = QUOTAS
            .iter()
            .filter_map(|(classe, burst, per_second)| {
                let quota = Quota::with_period(Duration::from_secs_f64(1.0 / per_second))?;
                let quota = quota.allow_burst(NonZeroU32::new(*burst)?);
                Some((*classe, RateLimiter::dashmap_with_clock(quota, clock.clone())))
            })
            .collect();
        Self { clock, buckets, asked: AtomicU64::new(0) }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// 429, with the time to wait, once the quota is used up.
    pub(super) fn count(&self, classe: Classe, qui: Compteur) -> Result<(), Problem> {
        let Some((_, bucket)) = self.buckets.iter().find(|(one, _)| *one == classe) else { return Ok(()) };
        if self.asked.fetch_add(1, Ordering::Relaxed) % CLEARING == CLEARING - 1 {
            for (_, bucket) in &self.buckets {
                bucket.retain_recent();
                bucket.shrink_to_fit();
            }
        }
        // A crowd of addresses must not fill the memory.
        let qui = if bucket.len() < MAX_KEYS { qui } else { wider(qui) };
        let Err(until) = bucket.check_key(&qui) else { return Ok(()) };
        let wait = until.wait_time_from(self.clock.now());
        let seconds = Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        let detail = match (classe, qui) {
            (Classe::Connexion | Classe::Refus, _) => {
                "Trop d'essais de connexion viennent de votre adresse ; attendez un peu avant de recommencer."
            }
            (_, Compteur::Compte(_)) => {
                "Votre compte demande trop à la fois ; ralentissez, les demandes suivantes seront servies."
            }
            (_, Compteur::Adresse(_)) => {
                "Trop de demandes viennent de votre adresse ; ralentissez, les demandes suivantes seront servies."
            }
        };
        Err(Problem::too_many(detail, seconds))
    }

    /// What a refused token adds to the count of its address; the refusal itself until there are too many.
    pub(super) fn refused(&self, problem: Problem, address: IpAddr) -> Problem {
        if problem.status != StatusCode::UNAUTHORIZED.as_u16() {
            return problem;
        }
        match self.count(Classe::Refus, Compteur::Adresse(address)) {
            Ok(()) => problem,
            Err(too_many) => too_many,
        }
    }
}

/// What counts as one address: all a subscriber has in IPv6 (/64), and IPv4 written either way.
pub(super) fn voisinage(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => IpAddr::V6(network(v6, 64)),
        canonical => canonical,
    }
}

/// The wider network of an address, /24 or /48.
fn wider(qui: Compteur) -> Compteur {
    match qui {
        Compteur::Adresse(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            Compteur::Adresse(IpAddr::V4(Ipv4Addr::new(a, b, c, 0)))
        }
        Compteur::Adresse(IpAddr::V6(v6)) => Compteur::Adresse(IpAddr::V6(network(v6, 48))),
        Compteur::Compte(_) => qui,
    }
}

fn network(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)))
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::super::route::LISTED;
    use super::*;

    fn address(text: &str) -> Compteur {
        Compteur::Adresse(voisinage(text.parse().unwrap()))
    }

    /// Requests let through, of so many a second for ten seconds.
    fn passed(classe: Classe, per_second: u32) -> u32 {
        let clock = FakeRelativeClock::default();
        let debit = Debit::on(clock.clone());
        let mut passed = 0;
        for _ in 0..10 {
            passed += (0..per_second).filter(|_| debit.count(classe, address("192.0.2.1")).is_ok()).count();
            clock.advance(Duration::from_secs(1));
        }
        u32::try_from(passed).unwrap()
    }

    #[test]
    fn every_class_has_a_quota() {
        let debit = Debit::default();
        assert_eq!(debit.buckets.len(), QUOTAS.len());
        for route in LISTED.iter() {
            let classe = Classe::of(&route.method, route.path);
            assert!(debit.buckets.iter().any(|(one, _)| *one == classe), "{} {}", route.method, route.path);
        }
    }

    #[test]
    fn a_map_in_use_is_never_slowed_and_ten_times_that_is() {
        assert_eq!(passed(Classe::Tuile, 30), 300);
        let sucked = passed(Classe::Tuile, 300);
        assert!((300..2_000).contains(&sucked), "{sucked} of 3000");
    }

    #[test]
    fn what_costs_more_has_less() {
        let mut before = u32::MAX;
        for classe in [Classe::Fichier, Classe::Tuile, Classe::Lecture, Classe::Recherche, Classe::Extrait] {
            let now = passed(classe, 1_000);
            assert!(now < before, "{classe:?}");
            before = now;
        }
        assert!(passed(Classe::Connexion, 100) < 50);
    }

    #[test]
    fn a_refusal_says_how_long_to_wait_and_the_wait_is_enough() {
        let clock = FakeRelativeClock::default();
        let debit = Debit::on(clock.clone());
        let refused = loop {
            if let Err(refused) = debit.count(Classe::Connexion, address("192.0.2.1")) {
                break refused;
            }
        };
        assert_eq!(refused.status, 429);
        clock.advance(Duration::from_secs(refused.retry_after_s.unwrap().into()));
        assert!(debit.count(Classe::Connexion, address("192.0.2.1")).is_ok());
    }

    #[test]
    fn classes_addresses_and_accounts_are_counted_apart() {
        let debit = Debit::on(FakeRelativeClock::default());
        while debit.count(Classe::Extrait, address("2001:db8:0:1::1")).is_ok() {}
        assert!(debit.count(Classe::Extrait, address("2001:db8:0:1:ffff::2")).is_err(), "the same subscriber");
        assert!(debit.count(Classe::Extrait, address("2001:db8:0:2::1")).is_ok());
        assert!(debit.count(Classe::Extrait, Compteur::Compte(Uuid::nil())).is_ok());
        assert!(debit.count(Classe::Tuile, address("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn a_crowd_of_addresses_takes_a_bounded_place() {
        let debit = Debit::on(FakeRelativeClock::default());
        for rank in 0..200_000_u32 {
            let _ = debit.count(Classe::Lecture, Compteur::Adresse(Ipv4Addr::from_bits(0x0a00_0000 + rank).into()));
        }
        let kept: usize = debit.buckets.iter().map(|(_, bucket)| bucket.len()).sum();
        assert!(kept <= MAX_KEYS + 1_000, "{kept}");
    }

    #[test]
    fn what_is_no_longer_of_use_is_forgotten() {
        let clock = FakeRelativeClock::default();
        let debit = Debit::on(clock.clone());
        for rank in 0..1_000_u32 {
            let _ = debit.count(Classe::Lecture, Compteur::Adresse(Ipv4Addr::from_bits(rank).into()));
        }
        clock.advance(Duration::from_hours(1));
        for _ in 0..CLEARING {
            let _ = debit.count(Classe::Tuile, address("192.0.2.1"));
        }
        let kept: usize = debit.buckets.iter().map(|(_, bucket)| bucket.len()).sum();
        assert_eq!(kept, 1);
    }
}
