//! Links of records to entities of the map: made, told, ended, under the rights of the record.

use finage::access::droits::Action;
use finage::access::identite::Connu;
use finage::db::{Acteur, Canal, TenantTx};
use finage::modules::objets::{ANNOTATION, Modele, ObjetError, PERSONNE, Plume, Regard};
use finage::modules::rattachement::{self, Ancrage, Etat, RattachementError};
use time::macros::date;
use uuid::Uuid;

use crate::agents::{Tenu, agent};
use crate::collectivites::monde;
use crate::droits::connu;
use crate::harness::{Town, on_sample_town};

pub fn assiette(plusieurs: bool) -> Ancrage {
    Ancrage { couche: "parcelles".into(), role: "assiette".into(), plusieurs }
}

/// An account of the tests, with what its role opens.
pub struct Poste {
    pub connu: Connu,
    pub acteur: Acteur,
}

impl Poste {
    pub async fn ouvert(town: &mut Town, code: &str, role: &str) -> Self {
        let agent = agent(town, code, Tenu { role, ..Tenu::default() }).await;
        let connu = connu(town, &agent).await;
        let acteur = connu.acteur(Canal::Api).unwrap();
        Self { connu, acteur }
    }

    pub async fn tx(&self, town: &Town) -> TenantTx {
        town.pools.collectivites.begin(&self.acteur).await.unwrap()
    }

    pub fn plume(&self, modele: &'static Modele) -> Plume {
        Plume::new(&self.connu, modele, Action::Changer, None).unwrap()
    }

    pub fn regard(&self, modele: &'static Modele) -> Regard {
        Regard::new(&self.connu, modele, Action::Lire, None).unwrap()
    }
}

/// The annotation of that title.
pub async fn annotation(town: &mut Town, titre: &str) -> Uuid {
    sqlx::query_scalar("select id from core.annotation where titre = $1")
        .bind(titre)
        .fetch_one(&mut town.owner)
        .await
        .unwrap()
}

#[test]
fn a_record_is_linked_to_what_is_on_the_map_and_no_more_than_its_role_takes() {
    on_sample_town(async |town| {
        monde(town).await;
        let poste = Poste::ouvert(town, "99101", "agent").await;
        let (fiche, plume) = (annotation(town, "Valbrume").await, poste.plume(&ANNOTATION));
        let parcelles: Vec<String> =
            sqlx::query_scalar("select idu from cadastre.parcelle where insee = '99101' order by idu limit 3")
                .fetch_all(&mut town.owner)
                .await
                .unwrap();
        let [un, deux, trois] = parcelles.try_into().unwrap();
        let mut tx = poste.tx(town).await;
        for absente in ["99101000ZZ9999", "", "a\0", &"9".repeat(300)] {
            let refus = rattachement::lier(&mut tx, &plume, fiche, &assiette(true), absente, None).await.unwrap_err();
            assert!(matches!(refus, RattachementError::Entite { .. }), "{refus}");
        }
        let sans = Ancrage { couche: "labels".into(), ..assiette(true) };
        let refus = rattachement::lier(&mut tx, &plume, fiche, &sans, &un, None).await.unwrap_err();
        assert!(matches!(refus, RattachementError::Couche(_)), "{refus}");

        let lien = rattachement::lier(&mut tx, &plume, fiche, &assiette(false), &un, Some(date!(2024 - 03 - 01)))
            .await
            .unwrap();
        assert_eq!((lien.cle_entite.as_str(), lien.etat, lien.valide_au), (un.as_str(), Etat::Sur, None));
        let refus = rattachement::lier(&mut tx, &plume, fiche, &assiette(false), &deux, None).await.unwrap_err();
        assert!(matches!(refus, RattachementError::UnSeul(_)), "{refus}");
        let refus = rattachement::lier(&mut tx, &plume, fiche, &assiette(true), &un, None).await.unwrap_err();
        assert!(matches!(refus, RattachementError::Deja(_)), "{refus}");
        rattachement::lier(&mut tx, &plume, fiche, &assiette(true), &deux, None).await.unwrap();
        let acces = Ancrage { role: "acces".into(), ..assiette(false) };
        rattachement::lier(&mut tx, &plume, fiche, &acces, &trois, None).await.unwrap();

        for le in [date!(2024 - 02 - 29), date!(9999 - 01 - 01)] {
            let refus = rattachement::delier(&mut tx, &plume, fiche, lien.id, Some(le)).await.unwrap_err();
            assert!(matches!(refus, RattachementError::Dates), "{refus}");
        }
        let fin = Some(date!(2025 - 01 - 01));
        let termine = rattachement::delier(&mut tx, &plume, fiche, lien.id, fin).await.unwrap();
        assert_eq!((termine.valide_au, termine.version), (fin, 2));
        let refus = rattachement::delier(&mut tx, &plume, fiche, lien.id, None).await.unwrap_err();
        assert!(matches!(refus, RattachementError::Absent), "{refus}");
        let liens = rattachement::lister(&mut tx, &poste.regard(&ANNOTATION), fiche).await.unwrap();
        let lus: Vec<_> =
            liens.iter().map(|l| (l.cle_entite.as_str(), l.role.as_str(), l.valide_au.is_none())).collect();
        assert_eq!(lus, [(&*trois, "acces", true), (&*deux, "assiette", true), (&*un, "assiette", false)]);
        tx.commit().await.unwrap();

        let pas: Vec<(String, String)> = sqlx::query_as(
            "select operation, mission from core.historique where objet = 'rattachement' and cle = $1 order by id",
        )
        .bind(lien.id.to_string())
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert_eq!(pas, [("creation".into(), "sig".into()), ("changement".into(), "sig".into())]);
    });
}

#[test]
fn links_are_told_under_the_rights_of_each_record() {
    on_sample_town(async |town| {
        monde(town).await;
        let (mine, epci) = (Poste::ouvert(town, "99101", "agent").await, Poste::ouvert(town, "ccvo", "agent").await);
        let (cyprin, lecteur) =
            (Poste::ouvert(town, "99102", "agent").await, Poste::ouvert(town, "99101", "lecteur").await);
        let parcelle = town.some_parcel("p.insee = '99101'").await;
        let (a_moi, a_epci) = (annotation(town, "Valbrume").await, annotation(town, "EPCI sur 99101").await);
        let personne: Uuid = sqlx::query_scalar("select id from core.personne where insee = '99101'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        for (poste, fiche, modele) in
            [(&mine, a_moi, &ANNOTATION), (&epci, a_epci, &ANNOTATION), (&mine, personne, &PERSONNE)]
        {
            let mut tx = poste.tx(town).await;
            // The mission « sig » lets the EPCI change a row of the commune: the link is then the commune's.
            rattachement::lier(&mut tx, &poste.plume(modele), fiche, &assiette(true), &parcelle, None).await.unwrap();
            tx.commit().await.unwrap();
        }
        for (poste, annotations, personnes) in [(&mine, 2, 1), (&epci, 2, 0), (&cyprin, 0, 0)] {
            let mut tx = poste.tx(town).await;
            let regards = [poste.regard(&ANNOTATION), poste.regard(&PERSONNE)];
            let liees = rattachement::par_entite(&mut tx, &regards, "parcelles", &parcelle, 1).await.unwrap();
            let compte = |objet: &str| liees.iter().find(|l| l.objet == objet).map_or(0, |l| l.total);
            assert_eq!((compte("annotation"), compte("personne")), (annotations, personnes));
            assert!(liees.iter().all(|l| l.fiches.len() == 1 && l.fiches[0].roles == ["assiette"]), "{liees:?}");
            let nues: i64 = sqlx::query_scalar("select count(*) from core.rattachement where cle_entite = $1")
                .bind(&parcelle)
                .fetch_one(&mut *tx)
                .await
                .unwrap();
            assert_eq!(nues, annotations + personnes);
            let histoire: i64 = sqlx::query_scalar(
                "select count(*) from core.historique where objet = 'rattachement' and apres ->> 'cle_entite' = $1",
            )
            .bind(&parcelle)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
            assert_eq!(histoire, annotations + personnes);
        }
        let mut tx = cyprin.tx(town).await;
        let refus = rattachement::lister(&mut tx, &cyprin.regard(&ANNOTATION), a_moi).await.unwrap_err();
        assert!(matches!(refus, RattachementError::Fiche(ObjetError::Absente)), "{refus}");
        let refus =
            rattachement::lier(&mut tx, &cyprin.plume(&ANNOTATION), a_moi, &assiette(true), &parcelle, None).await;
        assert!(matches!(refus, Err(RattachementError::Fiche(ObjetError::Absente))), "{refus:?}");
        assert!(Plume::new(&lecteur.connu, &ANNOTATION, Action::Changer, None).is_err());

        // A link made through a mission is the record's owner's.
        let autre = town.some_parcel("p.insee = '99101' and p.numero > 3").await;
        let mut tx = epci.tx(town).await;
        let lien = rattachement::lier(&mut tx, &epci.plume(&ANNOTATION), a_moi, &assiette(true), &autre, None).await;
        tx.commit().await.unwrap();
        let proprietaire: i32 = sqlx::query_scalar("select collectivite from core.rattachement where id = $1")
            .bind(lien.unwrap().id)
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(proprietaire, mine.acteur.collectivite.0);

        // It lies where its record lies.
        sqlx::query("update core.annotation set insee = '99102' where id = $1")
            .bind(a_epci)
            .execute(&mut town.owner)
            .await
            .unwrap();
        let insee: String = sqlx::query_scalar("select insee from core.rattachement where cle = $1")
            .bind(a_epci)
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(insee, "99102");
    });
}
