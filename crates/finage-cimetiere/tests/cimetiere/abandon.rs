use std::collections::BTreeMap;

use finage_cimetiere::{
    Acte, ApresEntretien, Avancement, ConcessionVisee, Duree, Etape, Etat, MortPourLaFrance, Procedure, Reprise,
    possible_des, tous_passables,
};
use time::Date;
use time::macros::date;

use crate::support::{codes, demain, hier};

fn concession() -> ConcessionVisee {
    ConcessionVisee {
        duree: Duree::Perpetuelle,
        acte: Acte::Date(date!(1920 - 04 - 12)),
        derniere_inhumation: Some(date!(1961 - 10 - 30)),
        entretien_public: false,
        morts_pour_la_france: Vec::new(),
    }
}

/// Each step as early as the texts allow, from a first notice on 2 January 2023.
const REGULIERE: [(Etape, Date); 19] = [
    (Etape::PremierAvis, date!(2023 - 01 - 02)),
    (Etape::PremierProcesVerbal, date!(2023 - 02 - 02)),
    (Etape::PremiereNotification, date!(2023 - 02 - 10)),
    (Etape::PremierAffichage, date!(2023 - 02 - 10)),
    (Etape::DeuxiemeAffichage, date!(2023 - 03 - 25)),
    (Etape::TroisiemeAffichage, date!(2023 - 05 - 10)),
    (Etape::Certificat, date!(2023 - 06 - 10)),
    (Etape::Liste, date!(2023 - 02 - 02)),
    (Etape::SecondAvis, date!(2024 - 05 - 11)),
    (Etape::SecondProcesVerbal, date!(2024 - 06 - 11)),
    (Etape::SecondeNotification, date!(2024 - 06 - 11)),
    (Etape::Deliberation, date!(2024 - 07 - 11)),
    (Etape::Arrete, date!(2024 - 07 - 12)),
    (Etape::Publication, date!(2024 - 07 - 15)),
    (Etape::NotificationArrete, date!(2024 - 07 - 20)),
    (Etape::Enlevement, date!(2024 - 08 - 19)),
    (Etape::Exhumation, date!(2024 - 08 - 19)),
    (Etape::Registre, date!(2024 - 08 - 19)),
    (Etape::Liberation, date!(2024 - 08 - 19)),
];

/// The regular procedure, up to a step left to take.
fn jusqu_a(etape: Etape) -> Procedure {
    let mut procedure = Procedure::nouvelle(concession());
    procedure.faites = REGULIERE.into_iter().filter(|(faite, _)| *faite < etape).collect();
    procedure
}

fn jour_de(etape: Etape) -> Date {
    REGULIERE.iter().find(|(faite, _)| *faite == etape).unwrap().1
}

fn manquements(avancement: &Avancement, etape: Etape) -> Vec<finage_cimetiere::Manquement> {
    match avancement.etat(etape).unwrap() {
        Etat::Faite { manquements, .. }
        | Etat::TropTot { manquements, .. }
        | Etat::Bloquee { manquements }
        | Etat::Caduque { manquements, .. } => manquements.clone(),
        Etat::Possible { .. } | Etat::SansObjet => Vec::new(),
    }
}

#[test]
fn une_procedure_reguliere_va_a_son_terme() {
    let mut procedure = Procedure::nouvelle(concession());
    procedure.faites = REGULIERE.into_iter().collect();
    let avancement = procedure.avancement(date!(2026 - 01 - 05));
    for ligne in &avancement.lignes {
        assert!(matches!(&ligne.etat, Etat::Faite { manquements, .. } if manquements.is_empty()), "{ligne:?}");
    }
    assert_eq!((avancement.prochaine, avancement.reprise()), (None, Reprise::Achevee));
}

#[test]
fn chaque_etape_refusee_la_veille_acceptee_le_jour() {
    for etape in [
        Etape::PremierProcesVerbal,
        Etape::DeuxiemeAffichage,
        Etape::TroisiemeAffichage,
        Etape::Certificat,
        Etape::SecondProcesVerbal,
        Etape::Deliberation,
        Etape::Enlevement,
        Etape::Exhumation,
    ] {
        let (procedure, jour) = (jusqu_a(etape), jour_de(etape));
        let veille = procedure.avancement(hier(jour));
        assert!(
            matches!(veille.etat(etape), Some(Etat::TropTot { des, .. }) if *des == jour),
            "{etape:?} la veille : {:?}",
            veille.etat(etape)
        );
        assert!(!tous_passables(&manquements(&veille, etape)), "{etape:?}");
        let le_jour = procedure.avancement(jour);
        assert!(matches!(le_jour.etat(etape), Some(Etat::Possible { .. })), "{etape:?} : {:?}", le_jour.etat(etape));
        assert_eq!(le_jour.prochaine, Some(etape));
    }
}

#[test]
fn une_etape_faite_trop_tot_arrete_la_suite() {
    let mut procedure = jusqu_a(Etape::Deliberation);
    procedure.faites.insert(Etape::SecondProcesVerbal, date!(2024 - 06 - 10));
    let avancement = procedure.avancement(date!(2024 - 09 - 02));
    assert_eq!(codes(&manquements(&avancement, Etape::SecondProcesVerbal)), ["abandon-avis", "abandon-attente"]);
    let Some(Etat::Bloquee { manquements }) = avancement.etat(Etape::Deliberation) else { panic!("{avancement:?}") };
    assert!(manquements[0].pourquoi.contains("le second procès-verbal était contraire aux textes"));
}

#[test]
fn rien_ne_se_fait_avant_ce_qui_precede() {
    let avancement = Procedure::nouvelle(concession()).avancement(date!(2026 - 01 - 05));
    assert_eq!(avancement.prochaine, Some(Etape::PremierAvis));
    for etape in Etape::TOUTES.into_iter().skip(1) {
        assert!(matches!(avancement.etat(etape), Some(Etat::Bloquee { .. })), "{etape:?}");
    }
    let liberation = manquements(&avancement, Etape::Liberation);
    assert_eq!(liberation.len(), 3, "l'enlèvement, l'exhumation et le registre : {liberation:?}");
}

#[test]
fn notification_et_affichage_dans_les_huit_jours() {
    for (etape, code) in
        [(Etape::PremiereNotification, "abandon-notification"), (Etape::PremierAffichage, "abandon-affichage")]
    {
        let mut procedure = jusqu_a(Etape::PremiereNotification);
        let huitieme = date!(2023 - 02 - 10);
        let a_temps = procedure.avancement(huitieme);
        assert!(
            matches!(a_temps.etat(etape), Some(Etat::Possible { au_plus_tard: Some(dernier) }) if *dernier == huitieme),
            "{etape:?}"
        );
        let tard = procedure.avancement(demain(huitieme));
        assert_eq!(codes(&manquements(&tard, etape)), [code]);
        assert!(matches!(tard.etat(etape), Some(Etat::Bloquee { .. })), "attendre n'y fait rien");
        procedure.faites.insert(etape, demain(huitieme));
        assert_eq!(codes(&manquements(&procedure.avancement(date!(2023 - 03 - 01)), etape)), [code]);
    }
}

#[test]
fn trois_ans_avant_la_loi_de_2022_un_an_depuis_procedures_en_cours_comprises() {
    let mut procedure = Procedure::nouvelle(concession());
    procedure.faites = BTreeMap::from([
        (Etape::PremierAvis, date!(2019 - 09 - 01)),
        (Etape::PremierProcesVerbal, date!(2019 - 10 - 01)),
        (Etape::PremiereNotification, date!(2019 - 10 - 02)),
        (Etape::PremierAffichage, date!(2019 - 10 - 02)),
        (Etape::DeuxiemeAffichage, date!(2019 - 11 - 17)),
        (Etape::TroisiemeAffichage, date!(2020 - 01 - 01)),
        (Etape::Certificat, date!(2020 - 02 - 01)),
        (Etape::Liste, date!(2019 - 10 - 02)),
        (Etape::SecondAvis, date!(2021 - 12 - 01)),
    ]);
    let possible = date!(2022 - 02 - 23);
    let veille = procedure.avancement(hier(possible));
    let refus = manquements(&veille, Etape::SecondProcesVerbal);
    assert_eq!((codes(&refus), possible_des(&refus)), (vec!["abandon-attente"], Some(possible)));
    assert_eq!(refus[0].regle.version, 1, "trois ans encore");
    let le_jour = procedure.avancement(possible);
    assert!(matches!(le_jour.etat(Etape::SecondProcesVerbal), Some(Etat::Possible { .. })));
}

#[test]
fn une_attente_de_trois_ans_deja_finie_reste_finie() {
    let mut procedure = Procedure::nouvelle(concession());
    procedure.faites = BTreeMap::from([
        (Etape::TroisiemeAffichage, date!(2015 - 01 - 01)),
        (Etape::SecondAvis, date!(2018 - 01 - 01)),
    ]);
    let au_plus_tot = |procedure: &Procedure| {
        let avancement = procedure.avancement(date!(2018 - 03 - 01));
        avancement.lignes.iter().find(|ligne| ligne.etape == Etape::SecondProcesVerbal).unwrap().au_plus_tot
    };
    assert_eq!(au_plus_tot(&procedure), Some(date!(2018 - 02 - 02)));
}

#[test]
fn un_acte_d_entretien_arrete_l_horloge() {
    let mut procedure = jusqu_a(Etape::SecondAvis);
    let entretien = date!(2024 - 04 - 01);
    procedure.entretiens.push(entretien);
    let avancement = procedure.avancement(date!(2024 - 06 - 11));
    assert_eq!((avancement.entretien, avancement.prochaine), (Some(entretien), Some(Etape::PremierAvis)));
    assert!(matches!(avancement.etat(Etape::PremierProcesVerbal), Some(Etat::Caduque { .. })));
    assert!(matches!(avancement.etat(Etape::SecondProcesVerbal), Some(Etat::Bloquee { .. })));
    assert_eq!(avancement.reprise(), Reprise::Aucune);

    procedure.faites.insert(Etape::PremierAvis, date!(2024 - 09 - 02));
    let reprise = procedure.avancement(date!(2024 - 10 - 02));
    assert!(
        matches!(reprise.etat(Etape::PremierAvis), Some(Etat::Faite { manquements, .. }) if manquements.is_empty())
    );
    assert_eq!(reprise.prochaine, Some(Etape::PremierProcesVerbal));
}

#[test]
fn un_acte_d_entretien_peut_ne_relancer_que_le_delai() {
    let mut procedure = jusqu_a(Etape::SecondProcesVerbal);
    procedure.apres_entretien = ApresEntretien::DelaiRecommence;
    procedure.entretiens.push(date!(2024 - 06 - 01));
    let avancement = procedure.avancement(date!(2025 - 01 - 06));
    assert!(matches!(avancement.etat(Etape::SecondAvis), Some(Etat::Caduque { .. })));
    assert!(matches!(avancement.etat(Etape::TroisiemeAffichage), Some(Etat::Faite { .. })));
    procedure.faites.insert(Etape::SecondAvis, date!(2025 - 05 - 02));
    let possible = date!(2025 - 06 - 02);
    let veille = procedure.avancement(hier(possible));
    assert!(matches!(veille.etat(Etape::SecondProcesVerbal), Some(Etat::TropTot { des, .. }) if *des == possible));
    assert!(matches!(procedure.avancement(possible).etat(Etape::SecondProcesVerbal), Some(Etat::Possible { .. })));
}

#[test]
fn un_entretien_du_jour_meme_du_constat_l_emporte() {
    let mut procedure = jusqu_a(Etape::PremiereNotification);
    procedure.entretiens.push(jour_de(Etape::PremierProcesVerbal));
    let avancement = procedure.avancement(date!(2023 - 02 - 06));
    assert!(matches!(avancement.etat(Etape::PremierProcesVerbal), Some(Etat::Caduque { .. })));
}

#[test]
fn le_second_avis_attend_le_certificat_la_notification_et_la_liste() {
    for manque in [Etape::PremiereNotification, Etape::Certificat, Etape::Liste] {
        let mut procedure = jusqu_a(Etape::SecondAvis);
        procedure.faites.remove(&manque);
        let avancement = procedure.avancement(date!(2024 - 05 - 11));
        let refus = manquements(&avancement, Etape::SecondAvis);
        assert_eq!(codes(&refus), ["abandon-ordre"], "{manque:?}");
        assert!(refus[0].pourquoi.contains(manque.libelle()));
    }
}

#[test]
fn un_entretien_d_apres_l_arrete_ne_change_rien() {
    let mut procedure = jusqu_a(Etape::Publication);
    procedure.entretiens.push(date!(2024 - 07 - 13));
    assert_eq!(procedure.avancement(date!(2024 - 08 - 01)).entretien, None);
    procedure.entretiens.push(date!(1990 - 01 - 01));
    assert_eq!(procedure.avancement(date!(2024 - 08 - 01)).entretien, None, "ni celui d'avant la procédure");
}

#[test]
fn famille_inconnue_rien_a_notifier() {
    let mut procedure = jusqu_a(Etape::Deliberation);
    procedure.famille_connue = false;
    procedure.faites.remove(&Etape::PremiereNotification);
    procedure.faites.remove(&Etape::SecondeNotification);
    let veille = procedure.avancement(date!(2024 - 07 - 10));
    assert_eq!(veille.etat(Etape::PremiereNotification), Some(&Etat::SansObjet));
    assert!(matches!(
        veille.etat(Etape::Deliberation),
        Some(Etat::TropTot { des, .. }) if *des == date!(2024 - 07 - 11)
    ));
    procedure.faites.extend([
        (Etape::Deliberation, date!(2024 - 07 - 11)),
        (Etape::Arrete, date!(2024 - 07 - 12)),
        (Etape::Publication, date!(2024 - 07 - 15)),
    ]);
    let arrete = procedure.avancement(date!(2024 - 08 - 14));
    assert_eq!((arrete.prochaine, arrete.reprise()), (Some(Etape::Enlevement), Reprise::Prononcee));
    assert!(matches!(arrete.etat(Etape::Enlevement), Some(Etat::Possible { .. })));
}

#[test]
fn trente_ans_depuis_l_acte_expires() {
    let juger = |le| ConcessionVisee { acte: Acte::Date(date!(1996 - 02 - 29)), ..concession() }.eligible(le);
    let possible = date!(2026 - 03 - 01);
    let refus = juger(hier(possible));
    assert_eq!((codes(&refus), possible_des(&refus)), (vec!["abandon-trente-ans"], Some(possible)));
    assert!(juger(possible).is_empty());
}

#[test]
fn un_acte_perdu_demande_un_acte_de_notoriete() {
    let le = date!(2026 - 01 - 05);
    let juger = |acte| ConcessionVisee { acte, ..concession() }.eligible(le);
    assert_eq!(codes(&juger(Acte::Inconnu)), ["abandon-trente-ans"]);
    assert!(juger(Acte::Notoriete(le)).is_empty());
    assert_eq!(possible_des(&juger(Acte::Notoriete(demain(le)))), Some(demain(le)));
}

#[test]
fn dix_ans_depuis_la_derniere_inhumation() {
    let juger = |le| ConcessionVisee { derniere_inhumation: Some(date!(2015 - 06 - 15)), ..concession() }.eligible(le);
    let refus = juger(date!(2025 - 06 - 14));
    assert_eq!((codes(&refus), possible_des(&refus)), (vec!["abandon-dix-ans"], Some(date!(2025 - 06 - 15))));
    assert!(juger(date!(2025 - 06 - 15)).is_empty());
}

#[test]
fn un_mort_pour_la_france_bloque_cinquante_ans() {
    let mort = MortPourLaFrance { inhumation: date!(1980 - 11 - 11) };
    let avec = |duree| ConcessionVisee {
        duree,
        acte: Acte::Date(date!(1950 - 01 - 10)),
        morts_pour_la_france: vec![mort],
        ..concession()
    };
    let possible = date!(2030 - 11 - 12);
    let refus = avec(Duree::Perpetuelle).eligible(hier(possible));
    assert_eq!((codes(&refus), possible_des(&refus)), (vec!["abandon-mort-pour-la-france"], Some(possible)));
    assert!(!refus[0].passable);
    assert!(avec(Duree::Perpetuelle).eligible(possible).is_empty());
    assert_eq!(codes(&avec(Duree::Centenaire).eligible(date!(2026 - 01 - 05))), ["abandon-mort-pour-la-france"]);
    let cinquantenaire = ConcessionVisee { acte: Acte::Date(date!(1985 - 01 - 10)), ..avec(Duree::Cinquantenaire) };
    assert!(cinquantenaire.eligible(date!(2026 - 01 - 05)).is_empty(), "la règle ne vise que les longues");
}

#[test]
fn une_centenaire_qui_expire_avant_les_cinquante_ans_n_est_plus_protegee() {
    let concession = ConcessionVisee {
        duree: Duree::Centenaire,
        acte: Acte::Date(date!(1900 - 01 - 10)),
        morts_pour_la_france: vec![MortPourLaFrance { inhumation: date!(1980 - 11 - 11) }],
        derniere_inhumation: Some(date!(1980 - 11 - 11)),
        entretien_public: false,
    };
    let manquements = concession.eligible(date!(2010 - 01 - 05));
    assert_eq!(codes(&manquements), ["abandon-ordre"], "échue : elle se reprend autrement");
    assert!(manquements[0].passable);
}

#[test]
fn une_concession_a_l_entretien_de_la_commune_ne_se_reprend_pas() {
    let refus = ConcessionVisee { entretien_public: true, ..concession() }.eligible(date!(2026 - 01 - 05));
    assert_eq!(codes(&refus), ["abandon-entretien-public"]);
    assert!(!refus[0].passable && refus[0].le.is_none());
}

#[test]
fn l_emplacement_n_est_libre_qu_apres_le_registre() {
    let procedure = jusqu_a(Etape::Registre);
    let avancement = procedure.avancement(date!(2024 - 09 - 02));
    assert!(matches!(avancement.etat(Etape::Liberation), Some(Etat::Bloquee { .. })));
    let complete = jusqu_a(Etape::Liberation).avancement(date!(2024 - 08 - 19));
    assert!(matches!(complete.etat(Etape::Liberation), Some(Etat::Possible { .. })));
}

#[test]
fn la_procedure_ineligible_ne_commence_pas() {
    let mut procedure = Procedure::nouvelle(ConcessionVisee { entretien_public: true, ..concession() });
    let avancement = procedure.avancement(date!(2026 - 01 - 05));
    assert!(matches!(avancement.etat(Etape::PremierAvis), Some(Etat::Bloquee { .. })));
    procedure.concession.entretien_public = false;
    procedure.concession.derniere_inhumation = Some(date!(2016 - 02 - 01));
    let avancement = procedure.avancement(date!(2026 - 01 - 05));
    assert!(matches!(
        avancement.etat(Etape::PremierAvis),
        Some(Etat::TropTot { des, .. }) if *des == date!(2026 - 02 - 01)
    ));
}

#[test]
fn les_codes_des_etapes_sont_distincts() {
    let codes: std::collections::BTreeSet<_> = Etape::TOUTES.into_iter().map(Etape::code).collect();
    assert_eq!(codes.len(), Etape::TOUTES.len());
    assert!(Etape::TOUTES.is_sorted());
    for etape in Etape::TOUTES {
        assert_eq!(Etape::du_code(etape.code()), Some(etape));
    }
    assert_eq!(Etape::du_code("pv"), None);
}

#[test]
fn une_etape_que_d_autres_suivent_ne_se_deplace_ni_ne_se_retire() {
    let mut procedure = jusqu_a(Etape::SecondAvis);
    for (etape, _) in REGULIERE {
        assert!(procedure.suites_contraires(etape).is_empty(), "{etape:?} on its day");
    }
    procedure.faites.insert(Etape::PremierAvis, date!(2023 - 01 - 10));
    let contraires = procedure.suites_contraires(Etape::PremierAvis);
    assert_eq!(codes(&contraires), ["abandon-ordre"]);
    assert!(contraires[0].pourquoi.contains("2 février 2023"), "{}", contraires[0]);
    procedure.faites.remove(&Etape::PremierAvis);
    assert_eq!(codes(&procedure.suites_contraires(Etape::PremierAvis)), ["abandon-ordre"]);
    assert!(procedure.suites_contraires(Etape::Liberation).is_empty(), "nothing follows it");
}
