use finage_cimetiere::{Annee, Autonomie, autonomie};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn annee(octrois: u32, liberations: u32) -> Annee {
    Annee { octrois, liberations }
}

#[test]
fn les_annees_d_autonomie_ne_sont_jamais_surestimees() {
    let ans = |libres, annees: &[Annee]| match autonomie(libres, annees) {
        Autonomie::Annees(ans) => ans.to_string(),
        autre => panic!("{autre:?}"),
    };
    assert_eq!(ans(20, &[annee(3, 0)]), "6.6", "6,67 : au dixième inférieur");
    assert_eq!(ans(20, &[annee(3, 0), annee(5, 2), annee(6, 0)]), "5");
    assert_eq!(ans(0, &[annee(1, 0)]), "0");
    assert_eq!(ans(u32::MAX, &[annee(u32::MAX, u32::MAX - 1)]), u32::MAX.to_string());
}

#[test]
fn sans_octroi_net_l_autonomie_n_a_pas_de_fin() {
    assert_eq!(autonomie(0, &[annee(2, 3), annee(1, 0)]), Autonomie::SansFin);
    assert_eq!(autonomie(0, &[annee(0, 0)]), Autonomie::SansFin);
    assert_eq!(autonomie(0, &[]), Autonomie::Inconnue);
}

proptest! {
    #[test]
    fn a_ce_rythme_les_places_suffisent(libres in 0_u32..10_000, octrois in proptest::collection::vec(1_u32..100, 1..10)) {
        let annees: Vec<_> = octrois.iter().map(|octrois| annee(*octrois, 0)).collect();
        let Autonomie::Annees(ans) = autonomie(libres, &annees) else { panic!("net") };
        let par_an = Decimal::from(octrois.iter().sum::<u32>()) / Decimal::from(octrois.len());
        prop_assert!(ans * par_an <= Decimal::from(libres) + Decimal::new(1, 6));
    }
}
