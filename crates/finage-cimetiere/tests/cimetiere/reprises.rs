use finage_cimetiere::{
    Duree, Etendue, Information, Moyen, etendue_suffisante, possible_des, reprendre_echue, rouvrir, tous_passables,
};
use rust_decimal::Decimal;
use time::Date;
use time::macros::date;

use crate::support::{codes, contrat, hier};

const ECHEANCE_DE: Date = date!(1993 - 05 - 10);

fn informee() -> Information {
    Information { le: date!(2023 - 06 - 01), moyen: Moyen::Utile }
}

#[test]
fn reprise_deux_annees_revolues_apres_le_terme() {
    let contrat = contrat(Duree::Trentenaire, ECHEANCE_DE);
    let juger = |le| reprendre_echue(&contrat, &[informee()], Some(date!(2001 - 02 - 03)), le);
    assert_eq!(codes(&juger(date!(2025 - 05 - 10))), ["reprise-echue"], "le dernier jour du droit de renouveler");
    assert_eq!(possible_des(&juger(date!(2025 - 05 - 10))), Some(date!(2025 - 05 - 11)));
    assert!(juger(date!(2025 - 05 - 11)).is_empty());
}

#[test]
fn reprise_sans_information_refusee_l_affiche_au_cimetiere_ne_suffit_pas() {
    let contrat = contrat(Duree::Trentenaire, ECHEANCE_DE);
    let le = date!(2025 - 06 - 02);
    let affiche = Information { moyen: Moyen::AffichageAuCimetiere, ..informee() };
    for informations in [&[][..], &[affiche]] {
        let manquements = reprendre_echue(&contrat, informations, None, le);
        assert_eq!(codes(&manquements), ["renouvellement-information"]);
        assert!(!manquements[0].passable);
        assert_eq!(manquements[0].regle.version, 2);
    }
    assert!(reprendre_echue(&contrat, &[affiche, informee()], None, le).is_empty());
    let apres = Information { le: date!(2025 - 06 - 03), ..informee() };
    assert!(!reprendre_echue(&contrat, &[apres], None, le).is_empty(), "une information à venir ne compte pas");
}

#[test]
fn avant_l_arret_de_2020_l_information_n_etait_pas_due() {
    let contrat = contrat(Duree::Trentenaire, date!(1980 - 01 - 15));
    assert!(reprendre_echue(&contrat, &[], None, date!(2020 - 03 - 10)).is_empty());
    assert_eq!(codes(&reprendre_echue(&contrat, &[], None, date!(2020 - 03 - 11))), ["renouvellement-information"]);
}

#[test]
fn une_perpetuelle_ne_se_reprend_pas_pour_son_terme() {
    let manquements =
        reprendre_echue(&contrat(Duree::Perpetuelle, ECHEANCE_DE), &[informee()], None, date!(2500 - 01 - 01));
    assert!(!tous_passables(&manquements));
}

#[test]
fn terrain_commun_repris_a_cinq_ans_pas_la_veille() {
    let inhumation = date!(2020 - 02 - 29);
    let possible = date!(2025 - 02 - 28);
    let refus = rouvrir(Some(inhumation), None, hier(possible)).unwrap();
    assert_eq!((refus.regle.code, refus.le, refus.passable), ("fosse-rotation", Some(possible), false));
    assert!(rouvrir(Some(inhumation), None, possible).is_none());
    assert!(rouvrir(None, None, inhumation).is_none(), "une fosse vide");
}

#[test]
fn la_commune_peut_attendre_plus_de_cinq_ans_jamais_moins() {
    let inhumation = date!(2020 - 03 - 10);
    assert!(rouvrir(Some(inhumation), Some(7), date!(2027 - 03 - 09)).is_some());
    assert!(rouvrir(Some(inhumation), Some(7), date!(2027 - 03 - 10)).is_none());
    assert!(rouvrir(Some(inhumation), Some(3), date!(2023 - 03 - 10)).is_some());
    assert!(rouvrir(Some(inhumation), Some(3), date!(2025 - 03 - 10)).is_none());
}

#[test]
fn une_reprise_attend_aussi_les_cinq_ans_de_la_fosse() {
    let contrat = contrat(Duree::Trentenaire, ECHEANCE_DE);
    let manquements = reprendre_echue(&contrat, &[informee()], Some(date!(2022 - 01 - 20)), date!(2025 - 06 - 02));
    assert_eq!(codes(&manquements), ["fosse-rotation"]);
    assert_eq!(possible_des(&manquements), Some(date!(2027 - 01 - 20)));
}

#[test]
fn le_terrain_commun_est_cinq_fois_une_annee() {
    let le = date!(2026 - 01 - 05);
    assert!(etendue_suffisante(Etendue::Places { offertes: 60, par_an: 12 }, le).is_none());
    let refus = etendue_suffisante(Etendue::Places { offertes: 59, par_an: 12 }, le).unwrap();
    assert!(refus.passable && refus.pourquoi.contains("59 places ; il en faut 60"));
    let surface = |offerte: &str| Etendue::Surface {
        offerte_m2: offerte.parse().unwrap(),
        par_an: 12,
        par_fosse_m2: Decimal::new(35, 1),
    };
    assert!(etendue_suffisante(surface("210"), le).is_none());
    assert!(etendue_suffisante(surface("209.99"), le).is_some());
    let enorme = Etendue::Surface { offerte_m2: Decimal::ONE, par_an: u32::MAX, par_fosse_m2: Decimal::MAX };
    assert!(etendue_suffisante(enorme, le).is_some());
}
