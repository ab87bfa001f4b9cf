use finage_cimetiere::{
    DemandeRenouvellement, Duree, Nature, Qualite, Renouvellement, Tarif, fenetre, renouveler, tarif_au, tous_passables,
};
use time::Date;
use time::macros::date;

use crate::support::{codes, contrat, euros, hier};

const DEPART: Date = date!(1960 - 08 - 16);
const ECHEANCE: Date = date!(1990 - 08 - 16);

fn demande(le: Date) -> DemandeRenouvellement {
    DemandeRenouvellement {
        le,
        par: Qualite::AyantCause,
        duree: Duree::Trentenaire,
        pour_inhumation: false,
        terrain_repris: false,
        paye: true,
    }
}

fn juger(demande: &DemandeRenouvellement) -> Renouvellement {
    renouveler(&contrat(Duree::Trentenaire, DEPART), demande).unwrap()
}

#[test]
fn renouvellement_au_tarif_de_l_echeance_meme_demande_22_mois_apres() {
    let tarif = |du, au, prix| Tarif {
        objet: "concession".into(),
        duree: Duree::Trentenaire,
        du,
        au,
        base: euros(prix),
        metre_au_dela: euros(0),
    };
    let tarifs = [tarif(date!(1985 - 01 - 01), None, 634), tarif(date!(1992 - 01 - 01), None, 1_220)];
    let renouvellement = juger(&demande(date!(1992 - 06 - 16)));
    assert!(renouvellement.manquements.is_empty());
    let applicable = tarif_au(&tarifs, "concession", Duree::Trentenaire, renouvellement.tarif_au).unwrap();
    assert_eq!(applicable.prix("2".parse().unwrap()), Ok(euros(634)));
    let du_jour = tarif_au(&tarifs, "concession", Duree::Trentenaire, date!(1992 - 06 - 16)).unwrap();
    assert_eq!(du_jour.base, euros(1_220), "le tarif du jour est un autre");
}

#[test]
fn la_nouvelle_periode_court_de_l_echeance() {
    let renouvellement = juger(&demande(date!(1992 - 08 - 09)));
    assert_eq!(renouvellement.contrat.depart, ECHEANCE);
    assert_eq!(renouvellement.contrat.echeance(), Some(date!(2020 - 08 - 16)));
    assert_eq!(renouvellement.contrat.nature, Nature::Renouvellement);
}

#[test]
fn renouvellement_d_un_29_fevrier() {
    let contrat = contrat(Duree::Trentenaire, date!(1996 - 02 - 29));
    let renouvellement = renouveler(&contrat, &demande(date!(2026 - 03 - 10))).unwrap();
    assert_eq!(renouvellement.contrat.depart, date!(2026 - 02 - 28));
    assert_eq!(renouvellement.contrat.echeance(), Some(date!(2056 - 02 - 28)));
}

#[test]
fn le_droit_de_renouveler_dure_deux_annees_revolues() {
    assert!(juger(&demande(date!(1992 - 08 - 16))).manquements.is_empty());
    let tardive = juger(&demande(date!(1992 - 08 - 17)));
    assert_eq!(codes(&tardive.manquements), ["renouvellement-fenetre"]);
    assert!(tous_passables(&tardive.manquements), "le maire peut accepter tant que le terrain n'est pas repris");
    let repris = juger(&DemandeRenouvellement { terrain_repris: true, ..demande(date!(1993 - 01 - 04)) });
    assert!(!tous_passables(&repris.manquements));
}

#[test]
fn avant_l_echeance_seule_une_inhumation_l_anticipe() {
    let avant = juger(&demande(hier(ECHEANCE)));
    assert_eq!(codes(&avant.manquements), ["renouvellement-fenetre"]);
    assert_eq!(avant.manquements[0].le, Some(ECHEANCE));
    assert!(juger(&demande(ECHEANCE)).manquements.is_empty());
    let inhumation = DemandeRenouvellement { pour_inhumation: true, ..demande(date!(1988 - 03 - 01)) };
    let anticipe = juger(&inhumation);
    assert!(anticipe.manquements.is_empty());
    assert_eq!((anticipe.tarif_au, anticipe.contrat.depart), (ECHEANCE, ECHEANCE));
}

#[test]
fn un_tiers_paie_sans_rien_acquerir() {
    let tiers = juger(&DemandeRenouvellement { par: Qualite::Tiers, ..demande(date!(1991 - 01 - 10)) });
    assert_eq!(codes(&tiers.manquements), ["renouvellement-tiers"]);
    assert!(tiers.manquements[0].passable && tiers.manquements[0].pourquoi.contains("n'acquiert aucun droit"));
}

#[test]
fn impaye_rien_n_est_signe() {
    let impaye = juger(&DemandeRenouvellement { paye: false, ..demande(date!(1991 - 01 - 10)) });
    assert_eq!(codes(&impaye.manquements), ["concession-paiement"]);
}

#[test]
fn tous_les_manquements_viennent_ensemble() {
    let demande = DemandeRenouvellement {
        par: Qualite::Tiers,
        duree: Duree::Temporaire(20),
        paye: false,
        ..demande(date!(1995 - 01 - 02))
    };
    assert_eq!(
        codes(&juger(&demande).manquements),
        ["concession-classes", "renouvellement-fenetre", "renouvellement-tiers", "concession-paiement"]
    );
}

#[test]
fn une_perpetuelle_ne_se_renouvelle_pas() {
    assert!(renouveler(&contrat(Duree::Perpetuelle, DEPART), &demande(date!(2026 - 01 - 05))).is_none());
}

#[test]
fn un_contrat_rendu_ne_se_renouvelle_pas() {
    let mut rendu = contrat(Duree::Trentenaire, DEPART);
    rendu.fin_anticipee = Some(date!(1980 - 01 - 01));
    let renouvellement = renouveler(&rendu, &demande(date!(1991 - 01 - 10))).unwrap();
    assert!(!tous_passables(&renouvellement.manquements));
}

#[test]
fn la_fenetre_dit_le_preavis_et_la_reprise() {
    let fenetre = fenetre(date!(2026 - 02 - 28), 90);
    assert_eq!(fenetre.preavis, date!(2025 - 11 - 30));
    assert_eq!(fenetre.echue_des, date!(2026 - 03 - 01));
    assert_eq!(fenetre.derniere_demande, date!(2028 - 02 - 28));
    assert_eq!(fenetre.reprise_des, date!(2028 - 02 - 29));
}
