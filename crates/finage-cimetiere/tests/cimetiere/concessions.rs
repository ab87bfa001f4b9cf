use finage_cimetiere::{Duree, accorder};
use proptest::prelude::*;
use time::Date;
use time::macros::date;

use crate::support::{codes, contrat, demain};

#[test]
fn une_concession_de_trente_ans_depuis_un_29_fevrier_finit_un_28() {
    let contrat = contrat(Duree::Trentenaire, date!(1996 - 02 - 29));
    assert_eq!(contrat.echeance(), Some(date!(2026 - 02 - 28)));
    assert!(contrat.en_cours(date!(2026 - 02 - 28)) && contrat.echu(date!(2026 - 03 - 01)));
}

#[test]
fn une_concession_court_jusqu_au_jour_anniversaire_compris() {
    // The facts of CE, 21 May 2007, n° 281615: from 16 August 1960, thirty years, expired on 16 August 1990.
    let contrat = contrat(Duree::Trentenaire, date!(1960 - 08 - 16));
    assert_eq!(contrat.echeance(), Some(date!(1990 - 08 - 16)));
    assert!(contrat.en_cours(date!(1990 - 08 - 16)));
    assert!(!contrat.en_cours(date!(1990 - 08 - 17)));
    assert!(!contrat.en_cours(date!(1960 - 08 - 15)));
}

#[test]
fn une_perpetuelle_n_est_jamais_echue() {
    let contrat = contrat(Duree::Perpetuelle, date!(1804 - 06 - 12));
    assert_eq!(contrat.echeance(), None);
    assert!(contrat.en_cours(Date::MAX) && !contrat.echu(Date::MAX));
}

#[test]
fn une_temporaire_dure_quinze_ans_au_plus() {
    let le = date!(2026 - 01 - 05);
    assert!(accorder(Duree::Temporaire(15), le).is_empty() && accorder(Duree::Temporaire(1), le).is_empty());
    for annees in [0, 16, 255] {
        let manquements = accorder(Duree::Temporaire(annees), le);
        assert_eq!(codes(&manquements), ["concession-classes"], "{annees}");
        assert!(!manquements[0].passable);
    }
    for duree in [Duree::Trentenaire, Duree::Cinquantenaire, Duree::Perpetuelle] {
        assert!(accorder(duree, le).is_empty());
    }
}

#[test]
fn aucune_centenaire_depuis_1959() {
    assert!(accorder(Duree::Centenaire, date!(1958 - 12 - 31)).is_empty());
    assert_eq!(codes(&accorder(Duree::Centenaire, date!(1959 - 01 - 01))), ["concession-centenaire"]);
    let ancienne = contrat(Duree::Centenaire, date!(1930 - 05 - 10));
    assert!(ancienne.en_cours(date!(2030 - 05 - 10)) && ancienne.echu(date!(2030 - 05 - 11)));
}

fn durees() -> impl Strategy<Value = Duree> {
    prop_oneof![
        any::<u8>().prop_map(Duree::Temporaire),
        Just(Duree::Trentenaire),
        Just(Duree::Cinquantenaire),
        Just(Duree::Centenaire),
        Just(Duree::Perpetuelle),
    ]
}

proptest! {
    #[test]
    fn une_concession_finit_apres_avoir_commence(duree in durees(), jour in -1_000_000_i32..5_373_484) {
        let depart = Date::from_julian_day(jour).unwrap();
        let contrat = contrat(duree, depart);
        prop_assert!(contrat.echeance().is_none_or(|echeance| depart <= echeance));
        if let Some(echeance) = contrat.echeance().filter(|echeance| *echeance < Date::MAX) {
            prop_assert!(contrat.en_cours(echeance) && !contrat.en_cours(demain(echeance)));
        }
    }

    #[test]
    fn plus_longue_est_un_ordre_strict(un in durees(), autre in durees()) {
        prop_assert!(!un.plus_longue_que(un));
        prop_assert!(!(un.plus_longue_que(autre) && autre.plus_longue_que(un)));
        if un.annees() != autre.annees() {
            prop_assert!(un.plus_longue_que(autre) || autre.plus_longue_que(un));
        }
    }
}
