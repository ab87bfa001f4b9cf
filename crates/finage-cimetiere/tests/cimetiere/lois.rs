//! What holds on any date: an act refused until a day is refused before it, and accepted on it.

use finage_cimetiere::{
    Acte, Cercueil, ConcessionVisee, Demandeur, Deroulement, Duree, Exhumation, Information, Inhumation, Manquement,
    MortPourLaFrance, Moyen, Procedure, Reduction, possible_des, reduire, reprendre_echue, rouvrir,
};
use finage_cimetiere::{Etape, Etat};
use proptest::prelude::*;
use time::Date;

use crate::support::{contrat, demain, hier};

fn jours() -> impl Strategy<Value = Date> {
    // 1900 to 2100.
    (2_415_021_i32..2_488_070).prop_map(|jour| Date::from_julian_day(jour).unwrap())
}

/// Judged on a day: what stands is cured by waiting until `le`, one day less is not enough, and waiting is told the same.
fn attend_bien(juger: impl Fn(Date) -> Vec<Manquement>, le: Date) -> Result<(), TestCaseError> {
    let manquements = juger(le);
    let Some(des) = possible_des(&manquements) else { return Ok(()) };
    if manquements.is_empty() {
        return Ok(());
    }
    prop_assert!(le < des, "refusé le {} jusqu'au {}", le, des);
    prop_assert!(!juger(hier(des)).is_empty(), "accepté la veille du {}", des);
    let le_jour = juger(des);
    prop_assert!(le_jour.is_empty(), "refusé le {} : {:?}", des, le_jour);
    Ok(())
}

proptest! {
    #[test]
    fn exhumer_attend_le_jour_dit(deces in jours(), le in jours(), infection: bool, depot_temporaire: bool, ouvert: bool) {
        let cercueil = if ouvert { Cercueil::OuvertEnBonEtat } else { Cercueil::Ferme };
        let deroulement = Some(Deroulement { parent_present: true, public_ecarte: true, cercueil });
        let juger = |le| Exhumation {
            deces, le, demandeur: Demandeur::PlusProcheParent, opposition: false, infection, depot_temporaire, deroulement,
        }.juger();
        attend_bien(juger, le)?;
    }

    #[test]
    fn reduire_attend_le_jour_dit(deces in jours(), apres in 1_i64..400, le in jours()) {
        let inhumation = deces.saturating_add(time::Duration::days(apres));
        let juger = |le| reduire(&Reduction {
            deces, inhumation, le, cercueil: Cercueil::Ferme, demandeur: Demandeur::Commune, opposition: false,
        });
        attend_bien(juger, le)?;
    }

    #[test]
    fn reprendre_attend_le_jour_dit(depart in jours(), annees in 1_u8..=15, inhumation in proptest::option::of(jours()), le in jours()) {
        let contrat = contrat(Duree::Temporaire(annees), depart);
        let informations = [Information { le: Date::MIN, moyen: Moyen::Utile }];
        attend_bien(|le| reprendre_echue(&contrat, &informations, inhumation, le), le)?;
        attend_bien(|le| rouvrir(inhumation, Some(u16::from(annees)), le).into_iter().collect(), le)?;
    }

    #[test]
    fn l_abandon_attend_le_jour_dit(acte in jours(), inhumation in proptest::option::of(jours()), mort in proptest::option::of(jours()), le in jours()) {
        let concession = ConcessionVisee {
            duree: Duree::Perpetuelle,
            acte: Acte::Date(acte),
            derniere_inhumation: inhumation,
            entretien_public: false,
            morts_pour_la_france: mort.map(|inhumation| MortPourLaFrance { inhumation }).into_iter().collect(),
        };
        attend_bien(|le| concession.eligible(le), le)?;
    }

    #[test]
    fn l_inhumation_a_toujours_un_jour_permis(deces in jours(), entree in 0_i64..60, abroad: bool) {
        let entree_en_france = abroad.then(|| deces.saturating_add(time::Duration::days(entree)));
        let juger = |le| Inhumation { entree_en_france, ..Inhumation::simple(deces, le) }.juger();
        let dernier = Inhumation { entree_en_france, ..Inhumation::simple(deces, deces) }.dernier_jour();
        prop_assert!(juger(dernier).is_empty());
        prop_assert!(!juger(demain(dernier)).is_empty());
        prop_assert!(!juger(deces).is_empty() && !juger(hier(deces)).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A procedure taken step by step, each on the first day it may be, is regular to its end; each step was refused the day
    /// before when it was too early.
    #[test]
    fn une_procedure_faite_au_plus_tot_est_reguliere(acte in jours(), attente in 0_i64..5_000, famille_connue: bool) {
        let mut procedure = Procedure::nouvelle(ConcessionVisee {
            duree: Duree::Perpetuelle,
            acte: Acte::Date(acte),
            derniere_inhumation: None,
            entretien_public: false,
            morts_pour_la_france: Vec::new(),
        });
        procedure.famille_connue = famille_connue;
        let mut le = acte.saturating_add(time::Duration::days(30 * 366 + attente));
        while let Some(etape) = procedure.avancement(le).prochaine {
            let avancement = procedure.avancement(le);
            match avancement.etat(etape) {
                Some(Etat::Possible { .. }) => {
                    procedure.faites.insert(etape, le);
                }
                Some(Etat::TropTot { des, .. }) => {
                    prop_assert!(le < *des);
                    let veille = procedure.avancement(hier(*des));
                    prop_assert!(matches!(veille.etat(etape), Some(Etat::TropTot { .. })), "{:?}", etape);
                    le = *des;
                }
                autre => prop_assert!(false, "{:?} le {} : {:?}", etape, le, autre),
            }
        }
        for ligne in procedure.avancement(le).lignes {
            let bien = match &ligne.etat {
                Etat::Faite { manquements, .. } => manquements.is_empty(),
                Etat::SansObjet => !famille_connue,
                _ => false,
            };
            prop_assert!(bien, "{:?}", ligne);
        }
        let publicite = procedure.faites[&Etape::TroisiemeAffichage];
        prop_assert!(procedure.faites[&Etape::SecondProcesVerbal] - publicite > time::Duration::days(365 + 28));
    }
}
