//! Whatever is done to a sealed chain without its key is found, and the first bad line is the one named.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use finage_journal::{Chaine, Cle, Defaut, Depart, Ligne, Sceau, Scellee, Tete, verifie};
use proptest::prelude::*;
use proptest::sample::Index;
use uuid::Uuid;

fn ligne() -> impl Strategy<Value = Ligne> {
    let acteur = (proptest::option::of(any::<u128>()), proptest::option::of(any::<i32>()));
    let quoi = ("[a-z]{0,3}", "[a-z]{0,3}", ".{0,4}", proptest::option::of(".{0,4}"), proptest::option::of(".{0,4}"));
    (any::<i64>(), any::<i64>(), any::<u64>(), acteur, quoi, ".{0,12}").prop_map(
        |(id, le, transaction, (utilisateur, collectivite), (login, canal, action, cle, finalite), details)| Ligne {
            id,
            le,
            transaction,
            login,
            utilisateur: utilisateur.map(Uuid::from_u128),
            collectivite,
            canal,
            action,
            objet: "personne".into(),
            cle,
            finalite,
            details,
        },
    )
}

/// Seals `lignes` after `depart`.
fn scelle(cle: &Cle, depart: Depart, lignes: impl IntoIterator<Item = Ligne>) -> Vec<Scellee> {
    let (mut rang, mut sceau) = (depart.rang, depart.sceau);
    lignes
        .into_iter()
        .map(|ligne| {
            rang += 1;
            sceau = cle.scelle(Chaine::Acces, &sceau, rang, &ligne);
            Scellee { rang: Some(rang), sceau: Some(sceau), ligne }
        })
        .collect()
}

fn tete(chaine: &[Scellee]) -> Tete {
    let derniere = chaine.last().unwrap();
    Tete { rang: derniere.rang.unwrap(), sceau: derniere.sceau.unwrap(), le: 0 }
}

/// What someone without the key may do.
#[derive(Debug, Clone)]
enum Alteration {
    Change(Index, usize),
    Replace(Index, Ligne),
    Seal(Index, u8),
    Delete(Index, Index),
    DeleteAndRenumber(Index),
    Insert(Index, Ligne),
    Duplicate(Index, Index),
    Swap(Index, Index),
    SwapRanks(Index, Index),
    Truncate(Index),
    Reseal(Index, Ligne),
    Unseal(Index, bool, bool),
}

fn alteration() -> impl Strategy<Value = Alteration> {
    use Alteration::{
        Change, Delete, DeleteAndRenumber, Duplicate, Insert, Replace, Reseal, Seal, Swap, SwapRanks, Truncate, Unseal,
    };
    let i = any::<Index>;
    prop_oneof![
        4 => (i(), 0..12_usize).prop_map(|(at, field)| Change(at, field)),
        1 => (i(), ligne()).prop_map(|(at, ligne)| Replace(at, ligne)),
        1 => (i(), 0..=255_u8).prop_map(|(at, bit)| Seal(at, bit)),
        1 => (i(), i()).prop_map(|(at, to)| Delete(at, to)),
        1 => i().prop_map(DeleteAndRenumber),
        1 => (i(), ligne()).prop_map(|(at, ligne)| Insert(at, ligne)),
        1 => (i(), i()).prop_map(|(at, of)| Duplicate(at, of)),
        1 => (i(), i()).prop_map(|(one, other)| Swap(one, other)),
        1 => (i(), i()).prop_map(|(one, other)| SwapRanks(one, other)),
        1 => i().prop_map(Truncate),
        1 => (i(), ligne()).prop_map(|(at, ligne)| Reseal(at, ligne)),
        1 => (i(), any::<bool>(), any::<bool>()).prop_map(|(at, rank, seal)| Unseal(at, rank, seal)),
    ]
}

fn change(ligne: &mut Ligne, field: usize) {
    let option = |value: &mut Option<String>| *value = value.take().map_or(Some(String::new()), |_| None);
    match field {
        0 => ligne.id ^= 1,
        1 => ligne.le ^= 1,
        2 => ligne.transaction ^= 1,
        3 => ligne.login.push('x'),
        4 => ligne.utilisateur = Some(ligne.utilisateur.map_or(Uuid::nil(), |id| Uuid::from_u128(id.as_u128() ^ 1))),
        5 => ligne.collectivite = ligne.collectivite.map_or(Some(0), |_| None),
        6 => ligne.canal.push(' '),
        7 => ligne.action.insert(0, 'x'),
        8 => ligne.objet.clear(),
        9 => option(&mut ligne.cle),
        10 => option(&mut ligne.finalite),
        _ => ligne.details.push('\u{1}'),
    }
}

/// Alters the chain and gives the rank of its first bad line; none when nothing changed.
fn alter(chaine: &mut Vec<Scellee>, alteration: Alteration) -> Option<i64> {
    let rang = |chaine: &[Scellee], at: usize| chaine[at].rang;
    match alteration {
        Alteration::Change(at, field) => {
            let at = at.index(chaine.len());
            change(&mut chaine[at].ligne, field);
            rang(chaine, at)
        }
        Alteration::Replace(at, ligne) => {
            let at = at.index(chaine.len());
            let same = chaine[at].ligne == ligne;
            chaine[at].ligne = ligne;
            rang(chaine, at).filter(|_| !same)
        }
        Alteration::Seal(at, bit) => {
            let at = at.index(chaine.len());
            chaine[at].sceau.as_mut()?.0[usize::from(bit / 8)] ^= 1 << (bit % 8);
            rang(chaine, at)
        }
        Alteration::Delete(at, to) => {
            let (at, to) = ordered(at.index(chaine.len()), to.index(chaine.len()));
            let first = rang(chaine, at);
            chaine.drain(at..=to);
            first
        }
        Alteration::DeleteAndRenumber(at) => {
            let at = at.index(chaine.len());
            let first = chaine.remove(at).rang;
            for scellee in &mut chaine[at..] {
                scellee.rang = scellee.rang.map(|rang| rang - 1);
            }
            first
        }
        Alteration::Insert(at, ligne) => {
            let at = at.index(chaine.len());
            let copy = Scellee { ligne, ..chaine[at].clone() };
            let same = copy.ligne == chaine[at].ligne;
            let first = copy.rang;
            chaine.insert(at + usize::from(same), copy);
            first
        }
        Alteration::Duplicate(at, of) => {
            let (at, of) = (at.index(chaine.len()), of.index(chaine.len()));
            let copy = chaine[of].clone();
            let first = if at <= of { chaine[at].rang } else { copy.rang };
            chaine.insert(at, copy);
            // Put before itself, a copy is the line; the line is then the copy.
            if at == of { rang(chaine, of) } else { first }
        }
        Alteration::Swap(one, other) => {
            let (one, other) = ordered(one.index(chaine.len()), other.index(chaine.len()));
            let lignes = (chaine[one].ligne.clone(), chaine[other].ligne.clone());
            let same = lignes.0 == lignes.1;
            chaine[one].ligne = lignes.1;
            chaine[other].ligne = lignes.0;
            rang(chaine, one).filter(|_| !same)
        }
        Alteration::SwapRanks(one, other) => {
            let (one, other) = ordered(one.index(chaine.len()), other.index(chaine.len()));
            let first = rang(chaine, one);
            chaine.swap(one, other);
            let ranks = (chaine[one].rang, chaine[other].rang);
            (chaine[one].rang, chaine[other].rang) = (ranks.1, ranks.0);
            first.filter(|_| one != other)
        }
        Alteration::Truncate(at) => {
            let at = at.index(chaine.len());
            let first = rang(chaine, at);
            chaine.truncate(at);
            first
        }
        Alteration::Reseal(at, ligne) => {
            let at = at.index(chaine.len());
            let first = rang(chaine, at);
            let avant = at.checked_sub(1).map_or(Sceau::ORIGINE, |avant| chaine[avant].sceau.unwrap());
            let depart = Depart { rang: first? - 1, sceau: avant };
            let lignes: Vec<Ligne> =
                std::iter::once(ligne).chain(chaine.drain(at..).skip(1).map(|scellee| scellee.ligne)).collect();
            chaine.extend(scelle(&Cle::new([66; 32]), depart, lignes));
            first
        }
        Alteration::Unseal(at, place, seal) => {
            let at = at.index(chaine.len());
            let first = rang(chaine, at);
            if place {
                chaine[at].rang = None;
            }
            if seal {
                chaine[at].sceau = None;
            }
            first.filter(|_| place || seal)
        }
    }
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn every_tampering_is_found_at_its_first_line(
        lignes in proptest::collection::vec(ligne(), 1..30),
        start in 0..5_i64,
        alteration in alteration(),
    ) {
        let cle = Cle::new([5; 32]);
        let depart = Depart { rang: start, sceau: Sceau::ORIGINE };
        let mut chaine = scelle(&cle, depart, lignes);
        let tete = tete(&chaine);
        let bilan = verifie(&cle, Chaine::Acces, depart, &tete, chaine.clone()).unwrap();
        prop_assert_eq!(bilan.lignes, chaine.len() as u64);
        if let Some(first) = alter(&mut chaine, alteration) {
            let faute = verifie(&cle, Chaine::Acces, depart, &tete, chaine).unwrap_err();
            prop_assert_eq!(faute.rang, first, "{:?}", faute);
        }
    }

    #[test]
    fn a_head_may_lag(lignes in proptest::collection::vec(ligne(), 1..20), at in any::<Index>()) {
        let cle = Cle::new([5; 32]);
        let chaine = scelle(&cle, Depart::ORIGINE, lignes);
        let lagging = tete(&chaine[..=at.index(chaine.len())]);
        prop_assert!(verifie(&cle, Chaine::Acces, Depart::ORIGINE, &lagging, chaine.clone()).is_ok());
        prop_assert!(verifie(&cle, Chaine::Acte, Depart::ORIGINE, &lagging, chaine).is_err());
    }
}

#[test]
fn each_fault_has_its_word() {
    let cle = Cle::new([5; 32]);
    let lignes = (1..=6).map(|id| Ligne { id, ..Ligne::default() });
    let bonne = scelle(&cle, Depart::ORIGINE, lignes);
    let tete = tete(&bonne);
    let defaut = |alter: &dyn Fn(&mut Vec<Scellee>)| {
        let mut chaine = bonne.clone();
        alter(&mut chaine);
        let faute = verifie(&cle, Chaine::Acces, Depart::ORIGINE, &tete, chaine).unwrap_err();
        (faute.rang, faute.id, faute.defaut)
    };
    assert_eq!(defaut(&|c| c[2].ligne.objet.push('x')), (3, Some(3), Defaut::Changee));
    assert_eq!(defaut(&|c| c[5].ligne.objet.push('x')), (6, Some(6), Defaut::Changee));
    assert_eq!(defaut(&|c| c[2].sceau = c[3].sceau), (3, Some(3), Defaut::SceauEtranger));
    assert_eq!(defaut(&|c| drop(c.drain(1..3))), (2, None, Defaut::Supprimee { manquantes: 2 }));
    assert_eq!(defaut(&|c| c.insert(1, c[0].clone())), (1, Some(1), Defaut::Inseree));
    assert_eq!(defaut(&|c| c[3].sceau = None), (4, Some(4), Defaut::Descellee));
    assert_eq!(defaut(&|c| c.truncate(4)), (5, None, Defaut::Tronquee { manquantes: 2 }));
    let other = Tete { sceau: Sceau([1; 32]), ..tete };
    assert_eq!(
        verifie(&cle, Chaine::Acces, Depart::ORIGINE, &other, bonne.clone()).unwrap_err().to_string(),
        "journal des accès, ligne n° 6 (rang 6) : la ligne scellée n'est pas celle que dit la tête du journal : l'un des deux vient d'une autre copie"
    );
}

/// The seal of this line as Python's `hmac` and `struct` compute it: what was sealed by one version is verified by the next.
#[test]
fn the_canonical_form_does_not_move() {
    let ligne = Ligne {
        id: 42,
        le: 845_000_000_123_456,
        transaction: 777,
        login: "finage_app".into(),
        utilisateur: Some(Uuid::from_u128(0x5f0c_9a1e_7b1d_4f0e_9a58_0d5f_3f1c_2b7a)),
        collectivite: Some(3),
        canal: "api".into(),
        action: "lire".into(),
        objet: "personne".into(),
        cle: Some("é".into()),
        finalite: None,
        details: r#"{"nombre": 1.0}"#.into(),
    };
    let cle = Cle::new(std::array::from_fn(|rang| u8::try_from(rang).unwrap()));
    let sceau = cle.scelle(Chaine::Acces, &Sceau::ORIGINE, 1, &ligne);
    assert_eq!(sceau.to_string(), "d6be7b4200ffc343491896732894632ab049cd9ebe08de9c398579659920e16f");
}
