use finage_cimetiere::{
    Affectation, Beneficiaire, Duree, Lien, MotifDroit, droit_a_sepulture, droit_dans_la_concession, possible_des,
    tous_passables,
};
use time::Date;
use time::macros::date;

use crate::support::{codes, contrat, demain};

const LE: Date = date!(2026 - 03 - 10);

fn defunt(lien: Lien) -> Beneficiaire {
    Beneficiaire { nomme: false, exclu: false, lien }
}

fn juger(affectation: Affectation, defunt: Beneficiaire) -> Vec<finage_cimetiere::Manquement> {
    droit_dans_la_concession(&contrat(Duree::Cinquantenaire, date!(2000 - 01 - 15)), affectation, defunt, LE)
}

#[test]
fn la_sepulture_est_due_dans_quatre_cas_sinon_le_maire_dit_pourquoi() {
    for motif in [
        MotifDroit::DecesDansLaCommune,
        MotifDroit::Domicile,
        MotifDroit::SepultureDeFamille,
        MotifDroit::FrancaisDeLEtranger,
    ] {
        assert!(droit_a_sepulture(Some(motif), LE).is_none());
    }
    let refus = droit_a_sepulture(None, LE).unwrap();
    assert_eq!((refus.regle.code, refus.passable), ("sepulture-due", true));
}

#[test]
fn individuelle_et_collective_ne_recoivent_que_qui_l_acte_nomme() {
    for affectation in [Affectation::Individuelle, Affectation::Collective] {
        let refus = juger(affectation, defunt(Lien::Descendant));
        assert_eq!(codes(&refus), ["concession-beneficiaires"]);
        assert!(!refus[0].passable, "le maire est tenu de refuser");
        assert!(juger(affectation, Beneficiaire { nomme: true, ..defunt(Lien::Aucun) }).is_empty());
    }
}

#[test]
fn familiale_recoit_la_famille_sauf_qui_le_fondateur_a_exclu() {
    for lien in [Lien::Titulaire, Lien::Conjoint, Lien::Descendant, Lien::Ascendant, Lien::Famille] {
        assert!(juger(Affectation::Familiale, defunt(lien)).is_empty(), "{lien:?}");
        let exclu = juger(Affectation::Familiale, Beneficiaire { exclu: true, ..defunt(lien) });
        assert!(!tous_passables(&exclu), "{lien:?}");
    }
    assert!(!tous_passables(&juger(Affectation::Familiale, defunt(Lien::Aucun))));
    let affection = juger(Affectation::Familiale, defunt(Lien::Affection));
    assert!(tous_passables(&affection) && !affection.is_empty(), "avec l'accord du titulaire");
}

#[test]
fn une_concession_echue_se_renouvelle_avant_d_inhumer() {
    let contrat = contrat(Duree::Trentenaire, date!(1993 - 05 - 10));
    let juger = |le| droit_dans_la_concession(&contrat, Affectation::Familiale, defunt(Lien::Conjoint), le);
    let echeance = date!(2023 - 05 - 10);
    assert_eq!(codes(&juger(echeance)), ["concession-terme-proche"], "encore en cours");
    assert_eq!(codes(&juger(demain(echeance))), ["concession-en-cours"]);
    assert_eq!(possible_des(&juger(date!(1993 - 05 - 09))), Some(date!(1993 - 05 - 10)));
}

#[test]
fn une_inhumation_dans_les_cinq_dernieres_annees_appelle_le_renouvellement() {
    let contrat = contrat(Duree::Trentenaire, date!(1993 - 05 - 10));
    let juger = |le| droit_dans_la_concession(&contrat, Affectation::Familiale, defunt(Lien::Conjoint), le);
    assert!(juger(date!(2018 - 05 - 10)).is_empty());
    let proche = juger(date!(2018 - 05 - 11));
    assert_eq!(codes(&proche), ["concession-terme-proche"]);
    assert!(tous_passables(&proche));
}

#[test]
fn une_concession_rendue_ne_recoit_plus() {
    let mut rendue = contrat(Duree::Perpetuelle, date!(1993 - 05 - 10));
    rendue.fin_anticipee = Some(date!(2020 - 01 - 01));
    let refus = droit_dans_la_concession(&rendue, Affectation::Collective, defunt(Lien::Aucun), LE);
    assert_eq!(codes(&refus), ["concession-en-cours", "concession-beneficiaires"]);
}
