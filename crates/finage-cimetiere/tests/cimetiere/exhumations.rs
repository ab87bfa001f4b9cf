use finage_cimetiere::{
    Cercueil, Demandeur, Deroulement, Exhumation, GesteUrne, Reduction, manier_urne, possible_des, reduire,
    tous_passables,
};
use time::Date;
use time::macros::date;

use crate::support::{codes, hier};

const DECES: Date = date!(2020 - 02 - 29);

fn exhumation(le: Date) -> Exhumation {
    Exhumation {
        deces: DECES,
        le,
        demandeur: Demandeur::PlusProcheParent,
        opposition: false,
        infection: false,
        depot_temporaire: false,
        deroulement: None,
    }
}

fn reduction(le: Date) -> Reduction {
    Reduction {
        deces: DECES,
        inhumation: date!(2020 - 03 - 05),
        le,
        cercueil: Cercueil::OuvertEnBonEtat,
        demandeur: Demandeur::PlusProcheParent,
        opposition: false,
    }
}

#[test]
fn exhumation_demandee_par_le_plus_proche_parent() {
    let le = date!(2021 - 01 - 15);
    assert!(exhumation(le).juger().is_empty());
    for demandeur in [Demandeur::Autre, Demandeur::ParentSansJustification] {
        assert_eq!(codes(&Exhumation { demandeur, ..exhumation(le) }.juger()), ["exhumation-demandeur"]);
    }
    for demandeur in [Demandeur::Commune, Demandeur::Justice] {
        assert!(Exhumation { demandeur, opposition: true, ..exhumation(le) }.juger().is_empty());
    }
}

#[test]
fn exhumation_suspendue_par_une_opposition_de_la_famille() {
    let refus = Exhumation { opposition: true, ..exhumation(date!(2021 - 01 - 15)) }.juger();
    assert_eq!(codes(&refus), ["exhumation-opposition"]);
    assert!(!refus[0].passable);
}

#[test]
fn exhumation_d_un_contagieux_apres_un_an() {
    let contagieux = |le| Exhumation { infection: true, ..exhumation(le) };
    let possible = date!(2021 - 03 - 01);
    let refus = contagieux(hier(possible)).juger();
    assert_eq!((codes(&refus), possible_des(&refus)), (vec!["exhumation-contagion"], Some(possible)));
    assert!(contagieux(possible).juger().is_empty());
    assert!(Exhumation { depot_temporaire: true, ..contagieux(date!(2020 - 04 - 01)) }.juger().is_empty());
}

#[test]
fn cercueil_en_bon_etat_ouvert_apres_cinq_ans() {
    let avec = |le, cercueil| {
        let deroulement = Deroulement { parent_present: true, public_ecarte: true, cercueil };
        Exhumation { deroulement: Some(deroulement), ..exhumation(le) }.juger()
    };
    let possible = date!(2025 - 02 - 28);
    let refus = avec(hier(possible), Cercueil::OuvertEnBonEtat);
    assert_eq!((codes(&refus), possible_des(&refus)), (vec!["cercueil-ouverture"], Some(possible)));
    assert!(avec(possible, Cercueil::OuvertEnBonEtat).is_empty());
    assert!(avec(date!(2021 - 01 - 15), Cercueil::Ferme).is_empty());
    assert!(avec(date!(2021 - 01 - 15), Cercueil::Deteriore).is_empty());
}

#[test]
fn exhumation_en_presence_d_un_parent_et_loin_du_public() {
    let deroulement = Deroulement { parent_present: false, public_ecarte: false, cercueil: Cercueil::Ferme };
    let exhumation = Exhumation { deroulement: Some(deroulement), ..exhumation(date!(2021 - 01 - 15)) };
    assert_eq!(codes(&exhumation.juger()), ["exhumation-presence", "exhumation-fermeture"]);
    let commune = Exhumation { demandeur: Demandeur::Commune, ..exhumation };
    assert_eq!(codes(&commune.juger()), ["exhumation-fermeture"]);
}

#[test]
fn reduction_refusee_avant_cinq_ans() {
    let possible = date!(2025 - 03 - 05);
    let refus = reduire(&reduction(hier(possible)));
    assert_eq!((codes(&refus), possible_des(&refus)), (vec!["reduction-delai"], Some(possible)));
    assert!(reduire(&reduction(possible)).is_empty());
    let trop_tot = reduire(&reduction(date!(2023 - 01 - 10)));
    assert_eq!(codes(&trop_tot), ["cercueil-ouverture", "reduction-delai"]);
    assert!(!tous_passables(&trop_tot));
    let deteriore = Reduction { cercueil: Cercueil::Deteriore, ..reduction(date!(2023 - 01 - 10)) };
    assert!(tous_passables(&reduire(&deteriore)) && !reduire(&deteriore).is_empty());
}

#[test]
fn reduction_demandee_comme_une_exhumation() {
    let refus =
        reduire(&Reduction { demandeur: Demandeur::Autre, opposition: true, ..reduction(date!(2026 - 01 - 05)) });
    assert_eq!(codes(&refus), ["exhumation-demandeur", "exhumation-opposition"]);
}

#[test]
fn urne_deposee_ou_retiree_avec_l_autorisation_du_maire() {
    let le = date!(2026 - 01 - 05);
    assert!(manier_urne(GesteUrne::Deposer, true, le).is_empty());
    assert_eq!(codes(&manier_urne(GesteUrne::Deposer, false, le)), ["urne-autorisation"]);
    assert!(manier_urne(GesteUrne::Retirer(Demandeur::PlusProcheParent), true, le).is_empty());
    assert_eq!(
        codes(&manier_urne(GesteUrne::Retirer(Demandeur::Autre), false, le)),
        ["urne-retrait", "urne-autorisation"]
    );
}
