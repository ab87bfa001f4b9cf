//! A new plan: what becomes of links whose parcel is gone.

use std::io::{Read as _, Write as _};

use finage::cadastre::import::{Options, Report, Source, Suivi};
use finage::modules::objets::ANNOTATION;
use finage::modules::rattachement::{self, Etat, Rattachement, RattachementError};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use time::Date;
use time::macros::date;
use uuid::Uuid;

use crate::collectivites::monde;
use crate::harness::{Town, files, on_sample_town};
use crate::rattachement::{Poste, annotation, assiette};

/// When the links of these tests were made, and the plans that follow.
const LIE: Date = date!(2020 - 01 - 01);
const MILLESIME: Date = date!(2025 - 04 - 01);

/// Parcels of a new plan, beside those of the sample.
#[derive(Default)]
struct Plan {
    retirees: Vec<String>,
    nouvelles: Vec<(String, Value)>,
}

impl Plan {
    fn remplace(&mut self, retirees: &[&str], nouvelles: &[(&str, &Value)]) {
        self.retirees.extend(retirees.iter().map(|&idu| idu.to_owned()));
        self.nouvelles.extend(nouvelles.iter().map(|&(idu, geometrie)| (idu.to_owned(), geometrie.clone())));
    }

    /// Imports the sample's parcels so changed.
    async fn importe(&self, town: &mut Town, millesime: Date) -> Report {
        let mut texte = String::new();
        let entier = std::fs::read(files("etalab", "99101-parcelles.json.gz").remove(0)).unwrap();
        GzDecoder::new(entier.as_slice()).read_to_string(&mut texte).unwrap();
        let mut plan: Value = serde_json::from_str(&texte).unwrap();
        let parcelles = plan["features"].as_array_mut().unwrap();
        parcelles.retain(|parcelle| !self.retirees.iter().any(|idu| parcelle["id"] == **idu));
        parcelles.extend(self.nouvelles.iter().map(|(idu, geometrie)| {
            let numero = idu[10..].trim_start_matches('0');
            json!({"type": "Feature", "id": idu, "geometry": geometrie, "properties": {
                "id": idu, "commune": "99101", "prefixe": &idu[5..8], "section": &idu[8..10], "numero": numero,
                "contenance": 100, "arpente": false, "created": "2025-01-01", "updated": "2025-01-01"}})
        }));
        // One feature a line, as the files are delivered.
        let lignes: Vec<String> = parcelles.iter().map(Value::to_string).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cadastre-99101-parcelles.json.gz");
        let mut encoder = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::fast());
        write!(encoder, "{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lignes.join(",\n")).unwrap();
        encoder.finish().unwrap();
        let options = Options { millesime: Some(millesime), ..Options::default() };
        town.import(Source::Etalab(vec![path]), &options).await.unwrap()
    }
}

/// Both sides of a parcel cut from north to south, the western one having nearest to that part of it.
async fn coupee(town: &mut Town, idu: &str, part: f64) -> (Value, Value) {
    sqlx::query_as(include_str!("rattachement_coupe.sql"))
        .bind(idu)
        .bind(part)
        .fetch_one(&mut town.owner)
        .await
        .unwrap()
}

/// Parcels as one.
async fn reunies(town: &mut Town, idus: &[&str]) -> Value {
    let sql =
        "select st_asgeojson(st_transform(st_union(geom), 4326), 8)::jsonb from cadastre.parcelle where idu = any($1)";
    sqlx::query_scalar(sql).bind(idus).fetch_one(&mut town.owner).await.unwrap()
}

/// Parcels of the sample that touch none of the others, and two that touch each other.
async fn parcelles(town: &mut Town) -> (Vec<String>, [String; 2]) {
    let seules: Vec<String> = sqlx::query_scalar(
        "select min(idu) from cadastre.parcelle where insee = '99101' and section <> 'AA' and st_area(geom) > 200
         group by section order by 1 limit 6",
    )
    .fetch_all(&mut town.owner)
    .await
    .unwrap();
    assert!(seules.len() >= 5, "{seules:?}");
    let (une, autre): (String, String) = sqlx::query_as(
        "select a.idu, b.idu from cadastre.parcelle a join cadastre.parcelle b on a.idu < b.idu
         and st_length(st_intersection(a.geom, b.geom)) > 3
         where a.insee = '99101' and a.section = 'AA' and b.section = 'AA' order by 1, 2 limit 1",
    )
    .fetch_one(&mut town.owner)
    .await
    .unwrap();
    (seules, [une, autre])
}

/// The same parcel number for a parcel that is new.
fn neuve(idu: &str, rang: u32) -> String {
    format!("{}{}", &idu[..10], 9000 + rang)
}

async fn lie(town: &mut Town, poste: &Poste, fiche: Uuid, idus: &[&str]) {
    let mut tx = poste.tx(town).await;
    for idu in idus {
        rattachement::lier(&mut tx, &poste.plume(&ANNOTATION), fiche, &assiette(true), idu, Some(LIE)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn liens(town: &Town, poste: &Poste, fiche: Uuid) -> Vec<Rattachement> {
    let mut tx = poste.tx(town).await;
    rattachement::lister(&mut tx, &poste.regard(&ANNOTATION), fiche).await.unwrap()
}

fn lien<'a>(liens: &'a [Rattachement], idu: &str) -> &'a Rattachement {
    let trouves: Vec<_> = liens.iter().filter(|lien| lien.cle_entite == idu).collect();
    assert_eq!(trouves.len(), 1, "{idu} {liens:#?}");
    trouves[0]
}

async fn versions(town: &mut Town) -> i64 {
    sqlx::query_scalar("select count(*) from core.historique where objet = 'rattachement'")
        .fetch_one(&mut town.owner)
        .await
        .unwrap()
}

#[test]
fn links_follow_what_is_certain_and_wait_for_a_human_otherwise() {
    on_sample_town(async |town| {
        monde(town).await;
        let (mine, epci) = (Poste::ouvert(town, "99101", "agent").await, Poste::ouvert(town, "ccvo", "agent").await);
        let (fiche, autre) = (annotation(town, "Valbrume").await, annotation(town, "EPCI sur 99101").await);
        let (seules, [m1, m2]) = parcelles(town).await;
        let [renommee, divisee, rognee, perdue, intacte] = std::array::from_fn(|rang| seules[rang].clone());
        lie(town, &mine, fiche, &[&renommee, &divisee, &rognee, &perdue, &intacte, &m1, &m2]).await;
        lie(town, &epci, autre, &[&divisee]).await;

        let mut plan = Plan::default();
        let nouvelle = neuve(&renommee, 1);
        let tout = reunies(town, &[&renommee]).await;
        plan.remplace(&[&renommee], &[(&nouvelle, &tout)]);
        let (ouest, est) = coupee(town, &divisee, 0.5).await;
        let moities = [neuve(&divisee, 1), neuve(&divisee, 2)];
        plan.remplace(&[&divisee], &[(&moities[0], &ouest), (&moities[1], &est)]);
        let (ouest, est) = coupee(town, &rognee, 0.95).await;
        let reste = neuve(&rognee, 1);
        plan.remplace(&[&rognee], &[(&reste, &ouest), (&neuve(&rognee, 2), &est)]);
        let reunion = neuve(&m1, 1);
        let forme = reunies(town, &[&m1, &m2]).await;
        plan.remplace(&[&m1, &m2], &[(&reunion, &forme)]);
        plan.remplace(&[&perdue], &[]);
        let rapport = plan.importe(town, MILLESIME).await;
        assert_eq!(rapport.rattachements, Suivi { reconduits: 4, a_confirmer: 2, perdus: 1, retrouves: 0 });
        assert!(rapport.to_string().contains("4 reconduit(s), 2 à confirmer, 1 perdu(s)"), "{rapport}");

        let lus = liens(town, &mine, fiche).await;
        assert_eq!(lus.len(), 7 + 3, "{lus:#?}");
        for ancienne in [&renommee, &rognee, &m1, &m2] {
            assert_eq!((lien(&lus, ancienne).valide_au, lien(&lus, ancienne).etat), (Some(MILLESIME), Etat::Sur));
        }
        for suite in [&nouvelle, &reste, &reunion] {
            let suite = lien(&lus, suite);
            assert_eq!((suite.valide_du, suite.valide_au, suite.etat), (MILLESIME, None, Etat::Sur), "{suite:?}");
            assert_eq!((suite.role.as_str(), suite.batch.is_some()), ("assiette", true));
        }
        assert_eq!((lien(&lus, &intacte).version, lien(&lus, &intacte).etat), (1, Etat::Sur));
        assert_eq!((lien(&lus, &perdue).valide_au, lien(&lus, &perdue).etat), (None, Etat::Perdu));
        let attend = lien(&lus, &divisee);
        assert_eq!((attend.valide_au, attend.etat), (None, Etat::AConfirmer));
        let mut proposees: Vec<&str> = attend.propose.iter().map(|candidat| candidat.cle.as_str()).collect();
        proposees.sort_unstable();
        assert_eq!(proposees, moities.each_ref().map(String::as_str));
        assert!(attend.propose.iter().all(|candidat| (0.3..0.7).contains(&candidat.part)), "{:?}", attend.propose);
        // The shape is that of the day a human made the link: of both parcels, for the one that took their place.
        let gardee: bool = sqlx::query_scalar(
            "select st_equals((select geom_au_lien from core.rattachement where cle_entite = $1),
                (select st_union(geom_au_lien) from core.rattachement where cle_entite = any($2)))",
        )
        .bind(&reunion)
        .bind([&m1, &m2].map(String::as_str))
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert!(gardee);

        // The same plan again changes nothing.
        let avant = versions(town).await;
        assert_eq!(plan.importe(town, MILLESIME).await.rattachements, Suivi::default());
        assert_eq!(versions(town).await, avant);

        // What waits is told to those who see the record, and to them alone.
        let (divise, perdu) = (attend.id, lien(&lus, &perdue).id);
        for (poste, attendus) in [(&mine, 3), (&epci, 3)] {
            let mut tx = poste.tx(town).await;
            let attentes = rattachement::en_attente(&mut tx, &[poste.regard(&ANNOTATION)], 100).await.unwrap();
            assert_eq!(attentes.len(), attendus, "{attentes:#?}");
            assert!(attentes.iter().any(|a| a.rattachement.id == divise && a.titre.as_deref() == Some("Valbrume")));
        }
        let cyprin = Poste::ouvert(town, "99102", "agent").await;
        let mut tx = cyprin.tx(town).await;
        assert_eq!(rattachement::en_attente(&mut tx, &[cyprin.regard(&ANNOTATION)], 100).await.unwrap(), []);
        let (plume, choix) = (cyprin.plume(&ANNOTATION), [moities[0].as_str()]);
        let refus = rattachement::confirmer(&mut tx, &plume, divise, &assiette(true), &choix).await.unwrap_err();
        assert!(matches!(refus, RattachementError::Absent), "{refus}");
        drop(tx);

        // A human says.
        let (moitie, plume) = (moities.each_ref().map(String::as_str), mine.plume(&ANNOTATION));
        let mut tx = mine.tx(town).await;
        for (ancrage, entites, cause) in [
            (assiette(true), vec![], "Choisissez"),
            (assiette(false), moitie.to_vec(), "qu'un rattachement"),
            (assiette(true), vec![divisee.as_str()], "n'est pas dans la couche"),
        ] {
            let refus = rattachement::confirmer(&mut tx, &plume, divise, &ancrage, &entites).await.unwrap_err();
            assert!(refus.to_string().contains(cause), "{refus}");
        }
        assert_eq!(rattachement::confirmer(&mut tx, &plume, divise, &assiette(true), &moitie).await.unwrap(), fiche);
        let refus = rattachement::confirmer(&mut tx, &plume, divise, &assiette(true), &moitie).await.unwrap_err();
        assert!(matches!(refus, RattachementError::Absent), "{refus}");
        rattachement::delier(&mut tx, &plume, fiche, perdu, None).await.unwrap();
        tx.commit().await.unwrap();
        let lus = liens(town, &mine, fiche).await;
        assert_eq!((lien(&lus, &divisee).valide_au, lien(&lus, &divisee).etat), (Some(MILLESIME), Etat::Sur));
        for entite in moitie {
            assert_eq!((lien(&lus, entite).valide_du, lien(&lus, entite).etat), (MILLESIME, Etat::Sur));
        }

        // The old plan back: what waited is found again, what followed follows back.
        let retour = Plan::default().importe(town, date!(2025 - 07 - 01)).await.rattachements;
        assert_eq!((retour.retrouves, retour.perdus, retour.a_confirmer), (1, 0, 1), "{retour:?}");
        let lus = liens(town, &epci, autre).await;
        assert_eq!((lus.len(), lien(&lus, &divisee).etat, lien(&lus, &divisee).propose.len()), (1, Etat::Sur, 0));
    });
}

#[test]
fn an_act_says_more_than_the_shape() {
    on_sample_town(async |town| {
        monde(town).await;
        let mine = Poste::ouvert(town, "99101", "agent").await;
        let fiche = annotation(town, "Valbrume").await;
        let (seules, [ailleurs, aussi]) = parcelles(town).await;
        let [par_acte, divisee, en_boucle] = std::array::from_fn(|rang| seules[rang].clone());
        lie(town, &mine, fiche, &[&par_acte, &divisee, &en_boucle]).await;
        let mut plan = Plan::default();
        for idu in [&par_acte, &divisee, &en_boucle] {
            let forme = reunies(town, &[idu]).await;
            plan.remplace(&[idu], &[(&neuve(idu, 1), &forme)]);
        }
        // One by two acts; one divided, though one child has all its shape; one whose acts lead nowhere.
        let (entre, nulle) = (neuve(&par_acte, 50), neuve(&en_boucle, 50));
        let sien = neuve(&divisee, 1);
        for (mere, fille) in [
            (&par_acte, &entre),
            (&entre, &ailleurs),
            (&divisee, &sien),
            (&divisee, &aussi),
            (&en_boucle, &nulle),
            (&nulle, &en_boucle),
        ] {
            sqlx::query("insert into cadastre.filiation (mere, fille, acte) values ($1, $2, 'DA 12')")
                .bind(mere)
                .bind(fille)
                .execute(&mut town.owner)
                .await
                .unwrap();
        }
        let suivi = plan.importe(town, MILLESIME).await.rattachements;
        assert_eq!(suivi, Suivi { reconduits: 2, a_confirmer: 1, perdus: 0, retrouves: 0 });
        let lus = liens(town, &mine, fiche).await;
        assert_eq!(lien(&lus, &ailleurs).valide_au, None);
        assert_eq!(lien(&lus, &neuve(&en_boucle, 1)).valide_au, None);
        let proposees: Vec<(&str, bool)> =
            lien(&lus, &divisee).propose.iter().map(|candidat| (candidat.cle.as_str(), candidat.part > 0.9)).collect();
        assert_eq!(proposees, [(sien.as_str(), true), (aussi.as_str(), false)]);
    });
}
