use finage_cimetiere::{Fosse, mesurer, site_cineraire};
use time::Date;
use time::macros::date;

use crate::support::codes;

const LE: Date = date!(2026 - 01 - 05);

#[test]
fn une_fosse_a_les_dimensions_du_code() {
    let fosse = |profondeur, largeur, cotes, tete| Fosse {
        profondeur_cm: Some(profondeur),
        largeur_cm: Some(largeur),
        ecart_cotes_cm: Some(cotes),
        ecart_tete_cm: Some(tete),
    };
    for bonne in [fosse(150, 80, 30, 30), fosse(200, 80, 40, 50), Fosse::default()] {
        assert!(mesurer(&bonne, LE).is_empty(), "{bonne:?}");
    }
    for mauvaise in [fosse(149, 79, 29, 29), fosse(201, 81, 41, 51)] {
        let fautes = mesurer(&mauvaise, LE);
        assert_eq!(codes(&fautes), ["fosse-profondeur", "fosse-largeur", "fosse-ecart-cotes", "fosse-ecart-tete"]);
        assert!(fautes.iter().all(|faute| faute.passable));
    }
}

#[test]
fn un_site_cineraire_a_partir_de_2000_habitants_depuis_2013() {
    assert!(site_cineraire(1_999, false, LE).is_none());
    assert!(site_cineraire(2_000, true, LE).is_none());
    assert_eq!(site_cineraire(2_000, false, LE).unwrap().regle.code, "site-cineraire");
    assert!(site_cineraire(50_000, false, date!(2012 - 12 - 31)).is_none());
}
