use finage_cimetiere::{Constat, Contenant, Ecart, Places, Sejour, accueillir, bilan, ecart, tous_passables};
use proptest::prelude::*;
use rust_decimal::Decimal;
use time::Date;
use time::macros::date;

use crate::support::codes;

fn sejour(contenant: Contenant, du: Date) -> Sejour {
    Sejour { contenant, du, au: None }
}

const CAVEAU: Places = Places { cercueils: 2, urnes: 2 };

#[test]
fn places_apres_inhumation_reduction_et_urne() {
    let reduction = date!(2026 - 03 - 10);
    let mut sejours =
        vec![sejour(Contenant::Cercueil, date!(2001 - 05 - 02)), sejour(Contenant::Cercueil, date!(2024 - 06 - 03))];
    let plein = bilan(CAVEAU, &sejours, date!(2026 - 03 - 09));
    assert_eq!((plein.libres(), plein.gagnables()), (Decimal::ZERO, Decimal::new(5, 1)));

    sejours[0].au = Some(reduction);
    sejours.push(sejour(Contenant::Reliquaire, reduction));
    sejours.push(sejour(Contenant::Urne, reduction));
    let reduit = bilan(CAVEAU, &sejours, reduction);
    assert_eq!(reduit.libres(), Decimal::new(5, 1), "un cercueil devenu reliquaire rend une demi-place");
    assert_eq!((reduit.urnes, reduit.urnes_libres), (1, 1), "une urne ne prend pas de place de cercueil");
    assert_eq!(reduit.gagnables(), Decimal::ZERO);
    assert!(reduit.manquements.is_empty());
    assert_eq!(bilan(CAVEAU, &sejours, date!(2026 - 03 - 09)), plein, "la veille reste ce qu'elle était");
}

#[test]
fn place_gagnable_a_cinq_ans_pas_la_veille() {
    let sejours = [sejour(Contenant::Cercueil, date!(2021 - 03 - 10)), sejour(Contenant::Urne, date!(1990 - 01 - 01))];
    assert_eq!(bilan(CAVEAU, &sejours, date!(2026 - 03 - 09)).demi_places_gagnables, 0);
    assert_eq!(bilan(CAVEAU, &sejours, date!(2026 - 03 - 10)).demi_places_gagnables, 1);
}

#[test]
fn un_cercueil_de_trop_se_passe_avec_un_motif() {
    let le = date!(2026 - 03 - 10);
    let sejours =
        [sejour(Contenant::Cercueil, date!(2010 - 01 - 01)), sejour(Contenant::Reliquaire, date!(2010 - 01 - 01))];
    let refus = accueillir(CAVEAU, &sejours, Contenant::Cercueil, le);
    assert_eq!(codes(&refus), ["places"]);
    assert!(tous_passables(&refus) && refus[0].pourquoi.contains("Il manque 0.5 place"));
    assert!(accueillir(CAVEAU, &sejours, Contenant::Reliquaire, le).is_empty());
    assert!(accueillir(CAVEAU, &sejours, Contenant::Urne, le).is_empty());
    assert_eq!(codes(&accueillir(Places::default(), &[], Contenant::Urne, le)), ["places"]);
}

#[test]
fn un_transfert_garde_l_histoire_des_deux_cotes() {
    let transfert = date!(2026 - 03 - 10);
    let depart = [Sejour { au: Some(transfert), ..sejour(Contenant::Cercueil, date!(2015 - 01 - 01)) }];
    let arrivee = [sejour(Contenant::Cercueil, transfert)];
    let pris = |sejours: &[Sejour], le| bilan(CAVEAU, sejours, le).demi_places_prises;
    assert_eq!((pris(&depart, date!(2026 - 03 - 09)), pris(&arrivee, date!(2026 - 03 - 09))), (2, 0));
    assert_eq!((pris(&depart, transfert), pris(&arrivee, transfert)), (0, 2));
}

#[test]
fn nul_n_est_exhume_avant_d_etre_inhume() {
    let sejours = [Sejour { au: Some(date!(2020 - 01 - 01)), ..sejour(Contenant::Cercueil, date!(2021 - 01 - 01)) }];
    let bilan = bilan(CAVEAU, &sejours, date!(2026 - 01 - 01));
    assert_eq!(codes(&bilan.manquements), ["sejour-dates"]);
    assert!(!bilan.manquements[0].passable);
}

#[test]
fn le_constat_du_terrain_se_compare_au_registre() {
    let sejours = [sejour(Contenant::Cercueil, date!(2010 - 01 - 01)), sejour(Contenant::Urne, date!(2010 - 01 - 01))];
    let constat = |demi_places_prises, urnes| Constat { le: date!(2026 - 01 - 01), demi_places_prises, urnes };
    assert_eq!(ecart(CAVEAU, &sejours, &constat(2, 1)), None);
    assert_eq!(ecart(CAVEAU, &sejours, &constat(4, 0)), Some(Ecart { demi_places: 2, urnes: -1 }));
}

fn sejours() -> impl Strategy<Value = Vec<Sejour>> {
    let contenant = prop_oneof![Just(Contenant::Cercueil), Just(Contenant::Reliquaire), Just(Contenant::Urne)];
    let sejour =
        (contenant, 2_450_000_i32..2_462_000, proptest::option::of(0_i32..4_000)).prop_map(|(contenant, du, duree)| {
            let jour = |jour| Date::from_julian_day(jour).unwrap();
            Sejour { contenant, du: jour(du), au: duree.map(|duree| jour(du + duree)) }
        });
    proptest::collection::vec(sejour, 0..12)
}

proptest! {
    #[test]
    fn jamais_de_place_negative_sans_manquement(sejours in sejours(), cercueils in 0_u16..5, urnes in 0_u16..5, jour in 2_450_000_i32..2_466_000) {
        let le = Date::from_julian_day(jour).unwrap();
        let bilan = bilan(Places { cercueils, urnes }, &sejours, le);
        let trop = bilan.demi_places_libres < 0 || bilan.urnes_libres < 0;
        prop_assert_eq!(trop, !bilan.manquements.is_empty());
        prop_assert_eq!(bilan.demi_places_libres + bilan.demi_places_prises, 2 * i64::from(cercueils));
        prop_assert!(2 * bilan.demi_places_gagnables <= bilan.demi_places_prises);
    }

    #[test]
    fn accueillir_est_refuse_quand_la_place_manque(sejours in sejours(), cercueils in 0_u16..5, jour in 2_450_000_i32..2_466_000) {
        let le = Date::from_julian_day(jour).unwrap();
        let places = Places { cercueils, urnes: 100 };
        let libres = bilan(places, &sejours, le).demi_places_libres;
        let refus = accueillir(places, &sejours, Contenant::Cercueil, le);
        prop_assert_eq!(refus.is_empty(), libres >= 2);
    }
}
