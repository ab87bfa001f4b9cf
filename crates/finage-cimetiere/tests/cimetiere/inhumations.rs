use finage_cimetiere::{Derogation, Inhumation, Ressort, possible_des, tous_passables};
use time::macros::{date, time};

use crate::support::{codes, demain};

#[test]
fn inhumation_au_quinzieme_jour_refusee_sans_derogation() {
    let deces = date!(2026 - 03 - 02);
    assert!(Inhumation::simple(deces, date!(2026 - 03 - 16)).juger().is_empty(), "le quatorzième jour");
    let refus = Inhumation::simple(deces, date!(2026 - 03 - 17)).juger();
    assert_eq!(codes(&refus), ["inhumation-delai"]);
    assert!(!refus[0].passable && refus[0].le.is_none(), "attendre ne sert à rien");
    assert!(refus[0].pourquoi.contains("16 mars 2026"));
}

#[test]
fn une_derogation_individuelle_n_a_pas_de_plafond() {
    let derogation = Some(Derogation::Individuelle { jusqu_au: date!(2026 - 04 - 20) });
    let inhumation = Inhumation { derogation, ..Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 04 - 20)) };
    assert!(inhumation.juger().is_empty());
    assert!(!Inhumation { le: demain(inhumation.le), ..inhumation }.juger().is_empty());
}

#[test]
fn une_derogation_generale_s_arrete_au_vingt_et_unieme_jour() {
    let derogation = Some(Derogation::Generale { jours: 25 });
    let inhumation = Inhumation { derogation, ..Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 03 - 23)) };
    assert!(inhumation.juger().is_empty());
    let refus = Inhumation { le: date!(2026 - 03 - 24), ..inhumation }.juger();
    assert_eq!(codes(&refus), ["inhumation-derogation-generale"]);
}

#[test]
fn une_derogation_ne_raccourcit_jamais_le_delai() {
    for derogation in [Derogation::Generale { jours: 3 }, Derogation::Individuelle { jusqu_au: date!(2026 - 03 - 05) }]
    {
        let inhumation = Inhumation {
            derogation: Some(derogation),
            ..Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 03 - 16))
        };
        assert!(inhumation.juger().is_empty(), "{derogation:?}");
    }
}

#[test]
fn le_delai_court_de_l_entree_en_france() {
    let inhumation = Inhumation {
        entree_en_france: Some(date!(2026 - 03 - 20)),
        ..Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 04 - 03))
    };
    assert!(inhumation.juger().is_empty());
    assert!(!Inhumation { le: date!(2026 - 04 - 04), ..inhumation }.juger().is_empty());
    let avant = Inhumation { le: date!(2026 - 03 - 19), ..inhumation }.juger();
    assert_eq!(possible_des(&avant), Some(date!(2026 - 03 - 20)));
}

#[test]
fn le_delai_court_de_l_autorisation_du_procureur_que_la_derogation_generale_ne_vise_pas() {
    let inhumation = Inhumation {
        autorisation_procureur: Some(date!(2026 - 03 - 30)),
        derogation: Some(Derogation::Generale { jours: 21 }),
        ..Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 04 - 13))
    };
    assert!(inhumation.juger().is_empty());
    assert_eq!(codes(&Inhumation { le: date!(2026 - 04 - 14), ..inhumation }.juger()), ["inhumation-delai"]);
}

#[test]
fn deces_d_avant_le_12_juillet_2024_six_jours_sans_dimanches_ni_feries() {
    // Thursday 11 July 2024: Sunday 14 is a holiday too.
    let dernier = |deces| Inhumation::simple(deces, deces).dernier_jour();
    assert_eq!(dernier(date!(2024 - 07 - 11)), date!(2024 - 07 - 18));
    assert_eq!(dernier(date!(2024 - 07 - 12)), date!(2024 - 07 - 26), "quatorze jours depuis le décret");
    let alsace = Inhumation {
        ressort: Ressort::AlsaceMoselle,
        ..Inhumation::simple(date!(2023 - 12 - 20), date!(2023 - 12 - 28))
    };
    assert_eq!(alsace.dernier_jour(), date!(2023 - 12 - 29));
    assert_eq!(Inhumation { ressort: Ressort::Commun, ..alsace }.dernier_jour(), date!(2023 - 12 - 28));
}

#[test]
fn la_derogation_generale_n_existait_pas_avant_le_decret() {
    let inhumation = Inhumation {
        derogation: Some(Derogation::Generale { jours: 21 }),
        ..Inhumation::simple(date!(2024 - 07 - 01), date!(2024 - 07 - 09))
    };
    assert_eq!(codes(&inhumation.juger()), ["inhumation-delai"]);
}

#[test]
fn vingt_quatre_heures_au_moins() {
    let deces = date!(2026 - 03 - 02);
    let meme_jour = Inhumation::simple(deces, deces).juger();
    assert_eq!(codes(&meme_jour), ["inhumation-apres-deces"]);
    assert!(!meme_jour[0].passable);
    assert!(Inhumation::simple(deces, date!(2026 - 03 - 04)).juger().is_empty());

    let lendemain = Inhumation::simple(deces, date!(2026 - 03 - 03));
    assert!(tous_passables(&lendemain.juger()) && !lendemain.juger().is_empty(), "sans heure, à vérifier");
    let heures = |deces, heure| Inhumation { heure_deces: Some(deces), heure: Some(heure), ..lendemain }.juger();
    assert!(heures(time!(10:00), time!(10:00)).is_empty());
    assert!(!tous_passables(&heures(time!(10:00), time!(9:59))));
}

#[test]
fn aucune_date_avant_le_deces() {
    let deces = date!(2026 - 03 - 02);
    let avant = Inhumation::simple(deces, date!(2026 - 02 - 27)).juger();
    assert_eq!(codes(&avant), ["inhumation-apres-deces"]);
    assert!(!avant[0].passable);
    let faux = Inhumation {
        entree_en_france: Some(date!(2026 - 03 - 01)),
        autorisation_procureur: Some(date!(2026 - 02 - 20)),
        ..Inhumation::simple(deces, date!(2026 - 03 - 05))
    };
    assert_eq!(codes(&faux.juger()), ["inhumation-delai", "inhumation-delai"]);
}
