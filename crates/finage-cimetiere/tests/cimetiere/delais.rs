use finage_cimetiere::{Delai, Ressort, Unite, est_ferie, jours_non_feries_apres, regle};
use proptest::prelude::*;
use time::Date;
use time::macros::date;

#[test]
fn un_delai_de_mois_s_arrete_au_dernier_jour_du_mois() {
    let un_mois = Delai::ecoule(1, Unite::Mois);
    assert_eq!(un_mois.dernier_jour(date!(2026 - 01 - 31)), date!(2026 - 02 - 28));
    assert_eq!(un_mois.dernier_jour(date!(2024 - 01 - 31)), date!(2024 - 02 - 29));
    assert_eq!(un_mois.dernier_jour(date!(2025 - 12 - 15)), date!(2026 - 01 - 15));
}

#[test]
fn un_delai_expire_le_lendemain_de_son_dernier_jour() {
    let depart = date!(2025 - 06 - 15);
    assert_eq!(Delai::ecoule(1, Unite::Annees).possible_des(depart), date!(2026 - 06 - 15));
    assert_eq!(Delai::expire(1, Unite::Annees).possible_des(depart), date!(2026 - 06 - 16));
}

#[test]
fn un_delai_au_dela_des_dates_ne_finit_pas() {
    assert_eq!(Delai::expire(u16::MAX, Unite::Annees).possible_des(date!(9999 - 12 - 31)), Date::MAX);
    assert_eq!(Delai::ecoule(u16::MAX, Unite::Jours).possible_des(date!(9999 - 01 - 01)), Date::MAX);
}

#[test]
fn les_jours_feries_de_2024_et_2025() {
    let feries = |annee: i32, ressort| -> Vec<Date> {
        let mut jour = Date::from_ordinal_date(annee, 1).unwrap();
        let mut feries = Vec::new();
        while jour.year() == annee {
            if est_ferie(jour, ressort) {
                feries.push(jour);
            }
            jour = jour.next_day().unwrap();
        }
        feries
    };
    assert_eq!(
        feries(2024, Ressort::Commun),
        [
            date!(2024 - 01 - 01),
            date!(2024 - 04 - 01),
            date!(2024 - 05 - 01),
            date!(2024 - 05 - 08),
            date!(2024 - 05 - 09),
            date!(2024 - 05 - 20),
            date!(2024 - 07 - 14),
            date!(2024 - 08 - 15),
            date!(2024 - 11 - 01),
            date!(2024 - 11 - 11),
            date!(2024 - 12 - 25),
        ]
    );
    let alsace = feries(2025, Ressort::AlsaceMoselle);
    assert!(alsace.contains(&date!(2025 - 04 - 18)) && alsace.contains(&date!(2025 - 12 - 26)));
    assert_eq!(alsace.len(), 13);
}

#[test]
fn les_dimanches_et_feries_ne_comptent_pas() {
    // The example of the ministry's answer n° 04764: a death on a Monday, six days, the Monday after.
    assert_eq!(jours_non_feries_apres(date!(2023 - 03 - 20), 6, Ressort::Commun), date!(2023 - 03 - 27));
    // Around 1 and 8 May 2023 (Mondays).
    assert_eq!(jours_non_feries_apres(date!(2023 - 04 - 28), 6, Ressort::Commun), date!(2023 - 05 - 06));
    assert_eq!(jours_non_feries_apres(date!(2023 - 04 - 28), 7, Ressort::Commun), date!(2023 - 05 - 09));
}

#[test]
fn une_regle_a_la_version_de_la_date() {
    let version = |code, le| regle(code, le).map(|regle| regle.version);
    assert_eq!(version("abandon-attente", date!(2022 - 02 - 22)), Some(1));
    assert_eq!(version("abandon-attente", date!(2022 - 02 - 23)), Some(2));
    assert_eq!(version("renouvellement-information", date!(1950 - 01 - 01)), Some(1), "la plus ancienne avant elle");
    assert_eq!(version("inconnue", date!(2026 - 01 - 01)), None);
}

proptest! {
    /// Third-party truth: jiff adds months and years the same way.
    #[test]
    fn les_mois_et_les_annees_sont_ceux_de_jiff(jour in 1_721_426_i32..5_000_000, nombre in 0_u16..2_400) {
        let depart = Date::from_julian_day(jour).unwrap();
        let leur = jiff::civil::date(
            i16::try_from(depart.year()).unwrap(),
            i8::try_from(u8::from(depart.month())).unwrap(),
            i8::try_from(depart.day()).unwrap(),
        );
        for (unite, duree) in [
            (Unite::Jours, jiff::Span::new().days(nombre)),
            (Unite::Mois, jiff::Span::new().months(nombre)),
            (Unite::Annees, jiff::Span::new().years(nombre)),
        ] {
            let notre = Delai::ecoule(nombre, unite).dernier_jour(depart);
            if let Ok(leur) = leur.checked_add(duree) {
                let ecrit = format!("{:04}-{:02}-{:02}", notre.year(), u8::from(notre.month()), notre.day());
                prop_assert_eq!(ecrit, leur.to_string());
            } else {
                prop_assert_eq!(notre, Date::MAX);
            }
        }
    }
}
