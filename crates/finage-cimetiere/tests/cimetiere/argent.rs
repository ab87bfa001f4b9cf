use finage_cimetiere::{
    Contrat, Contrepartie, DemandeRetrocession, Duree, Montant, MontantRefuse, Nature, Occupation, Recette,
    Remboursement, Tarif, TarifVote, convertir, partager, percevoir, rayon_servitude_m, retroceder, superposition,
    tarif_au,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use time::Date;
use time::macros::date;

use crate::support::{codes, contrat, euros};

fn centimes(centimes: i64) -> Montant {
    Montant::centimes(centimes).unwrap()
}

fn tarif() -> Tarif {
    Tarif {
        objet: "concession".into(),
        duree: Duree::Trentenaire,
        du: date!(2024 - 01 - 01),
        au: None,
        base: euros(400),
        metre_au_dela: centimes(25_005),
    }
}

#[test]
fn le_prix_croit_au_dela_de_deux_metres_carres() {
    let prix = |surface: &str| tarif().prix(surface.parse().unwrap());
    assert_eq!(prix("0"), Ok(euros(400)));
    assert_eq!(prix("2"), Ok(euros(400)));
    assert_eq!(prix("2.01"), Ok(centimes(40_250)), "2,5005 € s'arrondissent à 2,50 €");
    assert_eq!(prix("2.10"), Ok(centimes(42_501)), "25,005 € s'arrondissent à 25,01 €");
    assert_eq!(prix("-1"), Err(MontantRefuse::Surface));
    assert_eq!(prix("1000.01"), Err(MontantRefuse::Surface));
}

#[test]
fn le_tarif_est_celui_de_la_date() {
    let tarifs = [
        tarif(),
        Tarif { du: date!(2025 - 01 - 01), base: euros(450), ..tarif() },
        Tarif { du: date!(2025 - 01 - 01), au: Some(date!(2025 - 06 - 30)), duree: Duree::Cinquantenaire, ..tarif() },
    ];
    let base = |duree, le| tarif_au(&tarifs, "concession", duree, le).map(|tarif| tarif.base);
    assert_eq!(base(Duree::Trentenaire, date!(2023 - 12 - 31)), None);
    assert_eq!(base(Duree::Trentenaire, date!(2024 - 12 - 31)), Some(euros(400)));
    assert_eq!(base(Duree::Trentenaire, date!(2025 - 01 - 01)), Some(euros(450)));
    assert_eq!(base(Duree::Cinquantenaire, date!(2025 - 06 - 30)), Some(euros(400)));
    assert_eq!(base(Duree::Cinquantenaire, date!(2025 - 07 - 01)), None);
    assert_eq!(tarif_au(&tarifs, "columbarium", Duree::Trentenaire, date!(2025 - 01 - 01)), None);
}

#[test]
fn un_montant_est_borne_et_au_centime() {
    let lu = |texte: &str| Montant::euros(texte.parse().unwrap());
    assert_eq!(lu("0"), Ok(Montant::NUL));
    assert_eq!(lu("12.3400"), Ok(centimes(1_234)));
    assert_eq!(lu("-0.01"), Err(MontantRefuse::Negatif));
    assert_eq!(lu("0.005"), Err(MontantRefuse::TropFin));
    assert_eq!(lu("10000000000"), Ok(centimes(1_000_000_000_000)));
    assert_eq!(lu("10000000000.01"), Err(MontantRefuse::TropGrand));
    assert_eq!(Montant::euros(Decimal::MAX), Err(MontantRefuse::TropGrand));
    assert_eq!(Montant::euros(Decimal::MIN), Err(MontantRefuse::Negatif));
    assert_eq!(Montant::centimes(i64::MAX), Err(MontantRefuse::TropGrand));
    assert_eq!(centimes(1_000_000_000_000).plus(centimes(1)), Err(MontantRefuse::TropGrand));
    assert_eq!(centimes(1_000_000_000_000).fois(u32::MAX), Err(MontantRefuse::TropGrand));
}

#[test]
fn conversion_deduit_la_valeur_du_temps_restant() {
    let temporaire = contrat(Duree::Temporaire(15), date!(2020 - 01 - 01));
    let conversion = convertir(&temporaire, euros(150), Duree::Trentenaire, euros(400), date!(2025 - 01 - 01));
    assert!(conversion.manquements.is_empty());
    // 3 652 days left of 5 479: 99.9817… € of 150.
    assert_eq!((conversion.valeur_restante, conversion.du), (centimes(9_998), centimes(30_002)));
    assert_eq!(conversion.contrat.echeance(), Some(date!(2055 - 01 - 01)));
}

#[test]
fn conversion_vers_plus_long_et_avant_le_terme_seulement() {
    let contrat = contrat(Duree::Trentenaire, date!(1990 - 01 - 01));
    let juger = |duree, le| convertir(&contrat, euros(200), duree, euros(500), le);
    for duree in [Duree::Trentenaire, Duree::Temporaire(15)] {
        assert_eq!(codes(&juger(duree, date!(2000 - 01 - 01)).manquements), ["concession-conversion"]);
    }
    assert!(juger(Duree::Perpetuelle, date!(2020 - 01 - 01)).manquements.is_empty(), "le dernier jour");
    let echue = juger(Duree::Perpetuelle, date!(2020 - 01 - 02));
    assert_eq!(codes(&echue.manquements), ["concession-conversion"]);
    assert_eq!(echue.valeur_restante, Montant::NUL);
}

#[test]
fn conversion_ne_rend_rien_quand_le_reste_vaut_plus() {
    let contrat = contrat(Duree::Cinquantenaire, date!(2024 - 01 - 01));
    let conversion = convertir(&contrat, euros(900), Duree::Perpetuelle, euros(800), date!(2024 - 01 - 01));
    assert_eq!((conversion.valeur_restante, conversion.du), (euros(900), Montant::NUL));
}

fn demande(le: Date) -> DemandeRetrocession {
    DemandeRetrocession { le, par_fondateur: true, vide: true, acceptee: true }
}

#[test]
fn retrocession_du_fondateur_vide_acceptee_hors_part_du_ccas() {
    let contrat = contrat(Duree::Trentenaire, date!(1995 - 01 - 01));
    let rendu = retroceder(&contrat, euros(300), euros(100), &demande(date!(2005 - 01 - 01)));
    assert_eq!(rendu.remboursement, Remboursement::Prorata(centimes(13_333)));
    let refus =
        DemandeRetrocession { par_fondateur: false, vide: false, acceptee: false, ..demande(date!(2030 - 01 - 01)) };
    let refus = retroceder(&contrat, euros(300), euros(100), &refus);
    assert_eq!(codes(&refus.manquements), ["concession-retrocession"; 4]);
    assert!(refus.manquements.iter().all(|manquement| !manquement.passable));
    assert_eq!(refus.remboursement, Remboursement::Prorata(Montant::NUL));
}

#[test]
fn retrocession_d_une_perpetuelle_au_plus_ce_qui_fut_paye() {
    let contrat = contrat(Duree::Perpetuelle, date!(1995 - 01 - 01));
    let rendu = retroceder(&contrat, euros(900), euros(300), &demande(date!(2005 - 01 - 01)));
    assert_eq!(rendu.remboursement, Remboursement::AuPlus(euros(600)));
}

#[test]
fn les_taxes_funeraires_sont_abolies_depuis_2021_pas_les_redevances() {
    let le = date!(2021 - 01 - 01);
    for taxe in [
        Recette::TaxeConvoi,
        Recette::TaxeInhumation,
        Recette::TaxeCremation,
        Recette::TaxeDispersion,
        Recette::TaxeOuvertureCaveau,
    ] {
        let refus = percevoir(taxe, le).unwrap();
        assert_eq!((refus.regle.code, refus.passable), ("taxes-abolies", false), "{taxe:?}");
        assert!(percevoir(taxe, date!(2020 - 12 - 31)).is_none());
    }
    for redevance in [Recette::Superposition, Recette::ReductionOuReunion, Recette::CaveauProvisoire] {
        assert!(percevoir(redevance, le).is_none(), "{redevance:?}");
    }
}

#[test]
fn une_vacation_vaut_de_20_a_25_euros() {
    let refusee = |montant| percevoir(Recette::Vacation(montant), date!(2026 - 01 - 05)).is_some();
    assert!(!refusee(euros(20)) && !refusee(euros(25)));
    assert!(refusee(centimes(1_999)) && refusee(centimes(2_501)));
}

#[test]
fn la_superposition_ne_compte_pas_le_premier_corps() {
    assert_eq!(superposition(euros(60), 0, 1), Ok(Montant::NUL));
    assert_eq!(superposition(euros(60), 0, 3), Ok(euros(120)));
    assert_eq!(superposition(euros(60), 2, 1), Ok(euros(60)));
    assert_eq!(superposition(euros(60), 0, 0), Ok(Montant::NUL));
}

#[test]
fn le_caveau_provisoire_se_paie_au_jour_ou_au_mois_commence() {
    let jours = |du, au| Occupation::ParJour(euros(2)).prix(du, au).unwrap();
    assert_eq!(jours(date!(2026 - 01 - 05), date!(2026 - 01 - 15)), euros(20));
    assert_eq!(jours(date!(2026 - 01 - 05), date!(2026 - 01 - 05)), euros(2), "un jour au moins");
    assert_eq!(jours(date!(2026 - 01 - 05), date!(2025 - 01 - 01)), euros(2), "des dates à l'envers");
    let mois = |du, au| Occupation::ParMoisCommence(euros(10)).prix(du, au).unwrap();
    assert_eq!(mois(date!(2026 - 01 - 31), date!(2026 - 02 - 28)), euros(10));
    assert_eq!(mois(date!(2026 - 01 - 31), date!(2026 - 03 - 01)), euros(20));
    assert_eq!(mois(date!(2026 - 01 - 05), date!(2026 - 07 - 05)), euros(60));
    assert_eq!(mois(date!(2026 - 01 - 05), date!(2026 - 07 - 06)), euros(70));
    assert!(Occupation::ParMoisCommence(euros(10)).prix(Date::MIN, Date::MAX).is_ok(), "sans déborder");
}

#[test]
fn le_partage_garde_le_total() {
    let parts = |total, poids: &[u16]| -> Vec<i64> {
        partager(centimes(total), poids).into_iter().map(Montant::en_centimes).collect()
    };
    assert_eq!(parts(10_000, &[2, 1]), [6_667, 3_333]);
    assert_eq!(parts(1, &[1, 1]), [1, 0], "le premier prend le centime");
    assert_eq!(parts(10_000, &[0, 0]), [10_000, 0]);
    assert_eq!(parts(10_000, &[]), Vec::<i64>::new());
    assert_eq!(parts(50, &[1, 1, 1]), [17, 17, 16]);
}

#[test]
fn la_servitude_est_de_cent_metres() {
    assert_eq!(rayon_servitude_m(), 100);
}

fn tarif_vote() -> TarifVote {
    TarifVote { libelle: "Trentenaire".into(), base: euros(400), comprise: 200, metre_au_dela: euros(180) }
}

#[test]
fn le_prix_propose_dit_son_calcul_et_le_jour_de_son_tarif() {
    let tarif = tarif_vote();
    let achat = Contrepartie::Achat { le: date!(2026 - 03 - 02) };
    assert_eq!(achat.propose(Some(&tarif), None).prix, Some(euros(400)), "the surface included");
    assert_eq!(achat.propose(Some(&tarif), Some(150)).prix, Some(euros(400)));
    assert_eq!(achat.propose(Some(&tarif), Some(280)).prix, Some(euros(544)));
    assert_eq!(achat.propose(Some(&tarif), Some(100_001)).prix, None);
    let sans = achat.propose(None, None);
    assert_eq!(sans.prix, None);
    assert!(sans.calcul.contains("Aucun tarif ne convient au 2 mars 2026"), "{}", sans.calcul);
    let renouvellement = Contrepartie::Renouvellement { echeance: date!(2024 - 05 - 31) };
    assert_eq!(renouvellement.tarif_au(), Some(date!(2024 - 05 - 31)));
    assert!(renouvellement.propose(Some(&tarif), None).calcul.contains("au 31 mai 2024"));
}

#[test]
fn une_conversion_deduit_le_temps_qui_reste_et_une_retrocession_le_rend_sans_le_ccas() {
    let avant = contrat(Duree::Trentenaire, date!(1995 - 01 - 01));
    let le = date!(2005 - 01 - 01);
    let conversion = Contrepartie::Conversion { avant, paye: euros(300), duree: Duree::Cinquantenaire, le };
    let propose = conversion.propose(Some(&tarif_vote()), None);
    assert_eq!(propose.prix, Some(centimes(40_000 - 19_999)));
    assert!(propose.calcul.contains("7305 jours restants sur 10958"), "{}", propose.calcul);
    let retrocession = Contrepartie::Retrocession { avant, paye: euros(300), part_ccas: euros(100), le };
    let rendue = retrocession.propose(None, None);
    assert_eq!((rendue.prix, rendue.rembourse), (Some(Montant::NUL), Some(centimes(13_333))));
    let sans_terme = Contrepartie::Retrocession {
        avant: contrat(Duree::Perpetuelle, date!(1950 - 01 - 01)),
        paye: euros(300),
        part_ccas: Montant::NUL,
        le,
    };
    let libre = sans_terme.propose(None, None);
    assert_eq!(libre.rembourse, None, "the commune decides");
    assert!(libre.calcul.contains("300,00\u{a0}€ au plus"), "{}", libre.calcul);
    assert_eq!(Contrepartie::Don.propose(None, None).prix, Some(Montant::NUL));
}

proptest! {
    #[test]
    fn les_parts_font_toujours_le_total(total in 0_i64..=1_000_000_000_000, poids in proptest::collection::vec(any::<u16>(), 1..8)) {
        let parts = partager(centimes(total), &poids);
        prop_assert_eq!(parts.len(), poids.len());
        prop_assert_eq!(parts.iter().map(|part| part.en_centimes()).sum::<i64>(), total);
        let somme: i128 = poids.iter().copied().map(i128::from).sum();
        for (part, poids) in parts.iter().zip(&poids).filter(|_| somme > 0) {
            let exacte = i128::from(total) * i128::from(*poids);
            prop_assert!((i128::from(part.en_centimes()) * somme - exacte).abs() < somme, "à moins d'un centime");
        }
    }

    #[test]
    fn le_reste_ne_depasse_jamais_ce_qui_fut_paye(paye in 0_i64..=1_000_000_000_000, annees in 0_u8..=20, depart in 2_440_000_i32..2_460_000, le in 2_430_000_i32..2_470_000) {
        let jour = |jour| Date::from_julian_day(jour).unwrap();
        let contrat = Contrat { nature: Nature::Achat, duree: Duree::Temporaire(annees), depart: jour(depart), fin_anticipee: None };
        let conversion = convertir(&contrat, centimes(paye), Duree::Perpetuelle, euros(1_000), jour(le));
        prop_assert!(conversion.valeur_restante <= centimes(paye));
        if contrat.echu(jour(le)) {
            prop_assert_eq!(conversion.valeur_restante, Montant::NUL);
        }
        let veille = convertir(&contrat, centimes(paye), Duree::Perpetuelle, euros(1_000), jour(le - 1));
        prop_assert!(veille.valeur_restante >= conversion.valeur_restante, "il ne grandit pas avec le temps");
    }

    #[test]
    fn le_prix_ne_decroit_pas_avec_la_surface(un in 0_u32..100_000, autre in 0_u32..100_000) {
        let surface = |cm: u32| Decimal::new(i64::from(cm.min(100_000)), 2);
        let (petite, grande) = (un.min(autre), un.max(autre));
        prop_assert!(tarif().prix(surface(petite)).unwrap() <= tarif().prix(surface(grande)).unwrap());
    }
}
