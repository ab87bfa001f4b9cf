use finage_cimetiere::{
    Attente, Cremation, CremationDesRestes, Inhumation, Verification, Volonte, bruler_les_restes, noms_au_registre,
    possible_des, tous_passables,
};
use time::Date;
use time::macros::date;

use crate::support::{codes, demain};

fn cremation(le: Date) -> Cremation {
    Cremation { le, volonte: Volonte::Inconnue, information: None, choix: CremationDesRestes::default() }
}

#[test]
fn cremation_des_restes_bloquee_sans_preuve_d_information() {
    for le in [date!(2024 - 10 - 31), date!(2025 - 12 - 30), date!(2025 - 12 - 31), date!(2026 - 11 - 02)] {
        let refus = bruler_les_restes(&cremation(le));
        assert_eq!(codes(&refus), ["cremation-information"], "{le}");
        assert!(!tous_passables(&refus));
        let informee = Cremation { information: Some(date!(2024 - 10 - 15)), ..cremation(le) };
        assert!(bruler_les_restes(&informee).is_empty(), "{le}");
    }
    assert!(bruler_les_restes(&cremation(date!(2024 - 10 - 30))).is_empty(), "avant la décision");
}

#[test]
fn l_information_precede_la_cremation() {
    let information = Some(date!(2026 - 02 - 01));
    let refus = bruler_les_restes(&Cremation { information, ..cremation(date!(2026 - 01 - 05)) });
    assert_eq!(possible_des(&refus), information);
    assert!(bruler_les_restes(&Cremation { information, ..cremation(date!(2026 - 02 - 01)) }).is_empty());
}

#[test]
fn une_opposition_mene_toujours_a_l_ossuaire() {
    for le in [date!(2012 - 01 - 01), date!(2025 - 01 - 01), date!(2026 - 06 - 01)] {
        let refus = bruler_les_restes(&Cremation {
            volonte: Volonte::Opposee,
            information: Some(date!(2011 - 12 - 01)),
            ..cremation(le)
        });
        assert_eq!(codes(&refus), ["cremation-opposition"]);
        assert!(!refus[0].passable);
    }
}

#[test]
fn depuis_l_abrogation_la_commune_peut_suspendre_la_cremation_des_restes() {
    let suspendue = |le| Cremation {
        information: Some(date!(2025 - 01 - 01)),
        choix: CremationDesRestes::Suspendue,
        ..cremation(le)
    };
    assert!(bruler_les_restes(&suspendue(date!(2025 - 12 - 30))).is_empty());
    let refus = bruler_les_restes(&suspendue(date!(2025 - 12 - 31)));
    assert_eq!(codes(&refus), ["cremation-information"]);
    assert_eq!(refus[0].regle.verification, Verification::AVerifier);
}

#[test]
fn les_noms_sont_au_registre_de_l_ossuaire() {
    let le = date!(2026 - 01 - 05);
    assert!(noms_au_registre(true, le).is_none());
    assert_eq!(noms_au_registre(false, le).unwrap().regle.code, "ossuaire-registre");
}

#[test]
fn depot_provisoire_de_six_mois_au_plus() {
    let depot = Attente::CaveauProvisoire(date!(2025 - 08 - 31));
    assert_eq!(depot.dernier_jour(), date!(2026 - 02 - 28));
    assert!(depot.juger(depot.dernier_jour()).is_none());
    let refus = depot.juger(demain(depot.dernier_jour())).unwrap();
    assert_eq!((refus.regle.code, refus.passable), ("depot-provisoire", false));
}

#[test]
fn depot_en_depositoire_dans_le_delai_de_l_inhumation() {
    let depot = Attente::Depositoire(Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 03 - 16)));
    assert!(depot.juger(date!(2026 - 03 - 16)).is_none());
    let refus = depot.juger(date!(2026 - 03 - 17)).unwrap();
    assert_eq!((refus.regle.code, refus.passable), ("depot-depositoire", true));
}
