use finage_cimetiere::{Contenant, Contrat, Duree, Reprise, Sejour, Situation, Statut, Usage, statut};
use proptest::prelude::*;
use time::Date;
use time::macros::date;

use crate::support::contrat;

fn situation<'a>(contrats: &'a [Contrat], sejours: &'a [Sejour]) -> Situation<'a> {
    Situation {
        usage: Usage::Concede,
        contrats,
        sejours,
        reprise: Reprise::Aucune,
        reserve_jusqu_au: None,
        hors_service: false,
    }
}

const CERCUEIL: Sejour = Sejour { contenant: Contenant::Cercueil, du: date!(2020 - 03 - 10), au: None };

#[test]
fn une_concession_passe_d_occupee_a_renouvelable_puis_reprenable() {
    let contrats = [contrat(Duree::Trentenaire, date!(1993 - 05 - 10))];
    let au = |le| statut(&situation(&contrats, &[]), le);
    assert_eq!(au(date!(1993 - 05 - 09)), Statut::Reserve, "l'acte est à venir");
    assert_eq!(au(date!(1993 - 05 - 10)), Statut::Occupe);
    assert_eq!(au(date!(2023 - 05 - 10)), Statut::Occupe, "le dernier jour");
    assert_eq!(au(date!(2023 - 05 - 11)), Statut::EchuRenouvelable);
    assert_eq!(au(date!(2025 - 05 - 10)), Statut::EchuRenouvelable);
    assert_eq!(au(date!(2025 - 05 - 11)), Statut::EchuReprenable);
}

#[test]
fn un_renouvellement_tardif_couvre_depuis_l_echeance() {
    let mut contrats = vec![contrat(Duree::Trentenaire, date!(1993 - 05 - 10))];
    let le = date!(2024 - 06 - 03);
    assert_eq!(statut(&situation(&contrats, &[]), le), Statut::EchuRenouvelable);
    contrats.push(contrat(Duree::Temporaire(15), date!(2023 - 05 - 10)));
    assert_eq!(statut(&situation(&contrats, &[]), le), Statut::Occupe);
    assert_eq!(statut(&situation(&contrats, &[]), date!(2038 - 05 - 11)), Statut::EchuRenouvelable);
}

#[test]
fn une_perpetuelle_n_est_jamais_a_terme() {
    let contrats = [contrat(Duree::Perpetuelle, date!(1850 - 01 - 01))];
    assert_eq!(statut(&situation(&contrats, &[]), Date::MAX), Statut::Occupe);
}

#[test]
fn une_concession_rendue_redevient_libre() {
    let mut contrats = [contrat(Duree::Trentenaire, date!(2010 - 01 - 04))];
    contrats[0].fin_anticipee = Some(date!(2020 - 01 - 06));
    assert_eq!(statut(&situation(&contrats, &[]), date!(2020 - 01 - 05)), Statut::Occupe);
    assert_eq!(statut(&situation(&contrats, &[]), date!(2020 - 01 - 06)), Statut::Libre);
}

#[test]
fn le_terrain_commun_se_reprend_a_cinq_ans() {
    let sejours = [CERCUEIL];
    let commun = Situation { usage: Usage::TerrainCommun, ..situation(&[], &sejours) };
    assert_eq!(statut(&commun, date!(2020 - 03 - 09)), Statut::Libre);
    assert_eq!(statut(&commun, date!(2025 - 03 - 09)), Statut::Occupe);
    assert_eq!(statut(&commun, date!(2025 - 03 - 10)), Statut::EchuReprenable);
    let sans_titre = situation(&[], &sejours);
    assert_eq!(statut(&sans_titre, date!(2030 - 01 - 01)), Statut::Occupe, "un corps sans contrat n'est pas libre");
}

#[test]
fn une_reservation_tient_jusqu_a_son_dernier_jour() {
    let reserve = Situation { reserve_jusqu_au: Some(date!(2026 - 06 - 30)), ..situation(&[], &[]) };
    assert_eq!(statut(&reserve, date!(2026 - 06 - 30)), Statut::Reserve);
    assert_eq!(statut(&reserve, date!(2026 - 07 - 01)), Statut::Libre);
}

#[test]
fn une_reprise_se_voit_avant_le_contrat() {
    let contrats = [contrat(Duree::Perpetuelle, date!(1900 - 01 - 01))];
    let avec = |reprise| statut(&Situation { reprise, ..situation(&contrats, &[]) }, date!(2026 - 01 - 05));
    assert_eq!(avec(Reprise::Aucune), Statut::Occupe);
    assert_eq!(avec(Reprise::AbandonEnCours), Statut::AbandonEnCours);
    assert_eq!(avec(Reprise::Prononcee), Statut::ReprisALiberer);
    let achevee = Situation { reprise: Reprise::Achevee, ..situation(&[], &[]) };
    assert_eq!(statut(&achevee, date!(2026 - 01 - 05)), Statut::Libre);
}

#[test]
fn hors_service_ossuaire_et_depositoire() {
    let contrats = [contrat(Duree::Perpetuelle, date!(1900 - 01 - 01))];
    let le = date!(2026 - 01 - 05);
    let hors = Situation { hors_service: true, ..situation(&contrats, &[]) };
    assert_eq!(statut(&hors, le), Statut::HorsService);
    assert_eq!(statut(&Situation { usage: Usage::Ossuaire, ..hors }, le), Statut::Ossuaire);
    assert_eq!(statut(&Situation { usage: Usage::Depositoire, ..hors }, le), Statut::Depositoire);
}

proptest! {
    #[test]
    fn un_corps_present_n_est_jamais_libre(du in 2_440_000_i32..2_460_000, le in 2_440_000_i32..2_470_000, commun: bool) {
        let jour = |jour| Date::from_julian_day(jour).unwrap();
        let sejours = [Sejour { du: jour(du), ..CERCUEIL }];
        let usage = if commun { Usage::TerrainCommun } else { Usage::Concede };
        let situation = Situation { usage, ..situation(&[], &sejours) };
        prop_assert_eq!(statut(&situation, jour(le)) == Statut::Libre, le < du);
    }
}

#[test]
fn les_codes_des_statuts_sont_distincts() {
    let codes: std::collections::BTreeSet<_> = Statut::TOUS.into_iter().map(Statut::code).collect();
    assert_eq!(codes.len(), Statut::TOUS.len());
}
