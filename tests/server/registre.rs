//! Numbers of registers: they follow one another whatever is undone, cut off or refused.

use finage::db::{Acteur, Collectivites};
use finage::modules::registre::{Registre, RegistreError, Trou, annee_civile};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::agents::lignes;
use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town};

/// Tasks at once, and numbers that each keeps.
const TACHES: u64 = 20;
const GARDES: usize = 50;
/// Connections cut with a number in hand.
const COUPURES: usize = 10;

fn annuel() -> Registre {
    Registre::new("essai.objet", "{year}-{seq:4}", true).unwrap()
}

async fn prend(town: &Town, acteur: &Acteur, registre: &Registre, annee: i32) -> String {
    let mut tx = town.pools.collectivites.begin(acteur).await.unwrap();
    let numero = registre.prendre(&mut tx, annee, "annotation", Uuid::new_v4()).await.unwrap();
    tx.commit().await.unwrap();
    numero.libelle
}

async fn trous(town: &Town, acteur: &Acteur, registre: &Registre, annee: i32) -> Vec<Trou> {
    let mut tx = town.pools.collectivites.begin_read(acteur).await.unwrap();
    registre.trous(&mut tx, annee).await.unwrap()
}

/// Takes numbers, and undoes one time in four.
async fn garde(collectivites: Collectivites, acteur: Acteur, graine: u64) -> usize {
    let (registre, mut hasard, mut gardes, mut defaits) = (annuel(), graine, 0, 0);
    while gardes < GARDES {
        hasard = hasard.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut tx = collectivites.begin(&acteur).await.unwrap();
        registre.prendre(&mut tx, 2026, "annotation", Uuid::new_v4()).await.unwrap();
        if (hasard >> 40) % 4 == 0 {
            drop(tx);
            defaits += 1;
        } else {
            tx.commit().await.unwrap();
            gardes += 1;
        }
    }
    defaits
}

/// Takes a number, then loses the connection before the end.
async fn coupe(collectivites: Collectivites, acteur: Acteur, mut admin: PgConnection) {
    for _ in 0..COUPURES {
        let mut tx = collectivites.begin(&acteur).await.unwrap();
        annuel().prendre(&mut tx, 2026, "annotation", Uuid::new_v4()).await.unwrap();
        let fil: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *tx).await.unwrap();
        let coupe: bool =
            sqlx::query_scalar("select pg_terminate_backend($1, 5000)").bind(fil).fetch_one(&mut admin).await.unwrap();
        assert!(coupe);
        assert!(tx.commit().await.is_err());
    }
    admin.close().await.unwrap();
}

#[test]
fn neither_undoing_nor_cutting_off_leaves_a_hole() {
    on_empty_town(async |town| {
        let acteur = monde(town).await.valbrume;
        let mut taches = Vec::new();
        for graine in 0..TACHES {
            taches.push(tokio::spawn(garde(town.pools.collectivites.clone(), acteur, graine)));
        }
        let admin = town.database.admin().await.unwrap();
        let coupures = tokio::spawn(coupe(town.pools.collectivites.clone(), acteur, admin));
        let mut defaits = 0;
        for tache in taches {
            defaits += tache.await.unwrap();
        }
        coupures.await.unwrap();
        assert!(defaits > 50, "{defaits}");
        let numeros: Vec<i32> = sqlx::query_scalar("select numero from core.registre_numero order by numero")
            .fetch_all(&mut town.owner)
            .await
            .unwrap();
        let attendus = i32::try_from(GARDES).unwrap() * i32::try_from(TACHES).unwrap();
        assert_eq!(numeros, (1..=attendus).collect::<Vec<_>>());
        assert_eq!(trous(town, &acteur, &annuel(), 2026).await, []);
    });
}

#[test]
fn a_series_is_its_collectivite_s_and_starts_again_if_it_says_so() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        for (acteur, annee, attendu) in [
            (&monde.valbrume, 2026, "2026-0001"),
            (&monde.valbrume, 2026, "2026-0002"),
            (&monde.cyprin, 2026, "2026-0001"),
            (&monde.valbrume, 2027, "2027-0001"),
            (&monde.valbrume, 2026, "2026-0003"),
        ] {
            assert_eq!(prend(town, acteur, &annuel(), annee).await, attendu);
        }
        let continu = Registre::new("essai.autre", "OT {seq}/{year:2}", false).unwrap();
        for (annee, attendu) in [(2026, "OT 1/26"), (2027, "OT 2/27"), (2027, "OT 3/27")] {
            assert_eq!(prend(town, &monde.valbrume, &continu, annee).await, attendu);
        }
        let mut tx = town.pools.collectivites.begin(&monde.epci).await.unwrap();
        let refus = annuel().prendre(&mut tx, 26, "annotation", Uuid::new_v4()).await.unwrap_err();
        assert!(matches!(refus, RegistreError::Annee(26)), "{refus}");
        let ici: i32 = sqlx::query_scalar("select extract(year from core.jour('99101'))::integer")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(annee_civile(&mut tx, None).await.unwrap(), ici);
        assert_eq!(annee_civile(&mut tx, Some("99101")).await.unwrap(), ici);
        let vus: i64 = sqlx::query_scalar(
            "select (select count(*) from core.registre_numero) + (select count(*) from core.registre)",
        )
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        assert_eq!(vus, 0, "numbers of others");
    });
}

#[test]
fn cancelling_is_an_act_and_the_number_never_comes_back() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        for _ in 0..3 {
            prend(town, &monde.valbrume, &annuel(), 2026).await;
        }
        let mut tx = town.pools.collectivites.begin(&monde.valbrume).await.unwrap();
        for motif in ["", "  ", "a\0", &"é".repeat(501)] {
            let refus = annuel().annuler(&mut tx, 2026, 2, motif).await.unwrap_err();
            assert!(matches!(refus, RegistreError::Motif), "{refus}");
        }
        let annule = annuel().annuler(&mut tx, 2026, 2, " Saisi deux fois ").await.unwrap();
        assert_eq!(annule.libelle, "2026-0002");
        for numero in [2, 4] {
            let refus = annuel().annuler(&mut tx, 2026, numero, "encore").await.unwrap_err();
            assert!(matches!(refus, RegistreError::Absent), "{refus}");
        }
        tx.commit().await.unwrap();
        let mut autre = town.pools.collectivites.begin(&monde.cyprin).await.unwrap();
        assert!(matches!(annuel().annuler(&mut autre, 2026, 1, "pris").await, Err(RegistreError::Absent)));
        drop(autre);

        assert_eq!(prend(town, &monde.valbrume, &annuel(), 2026).await, "2026-0004");
        let trous = trous(town, &monde.valbrume, &annuel(), 2026).await;
        assert_eq!(trous.len(), 1);
        assert_eq!((trous[0].numero, trous[0].motif.as_deref()), (2, Some("Saisi deux fois")));
        let acte = lignes(town, "acte").await.into_iter().find(|ligne| ligne.0 == "annuler").unwrap();
        assert_eq!((acte.1.as_str(), acte.2.as_deref()), ("registre", Some("2026-0002")));
        let dit = json!({"serie": "essai.objet", "annee": 2026, "numero": 2, "motif": "Saisi deux fois"});
        assert_eq!(acte.4, dit);
    });
}

#[test]
fn nothing_but_the_register_writes_numbers() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        for _ in 0..3 {
            prend(town, &monde.valbrume, &annuel(), 2026).await;
        }
        for sql in [
            "update core.registre set dernier = 9",
            "update core.registre_numero set libelle = 'x'",
            "delete from core.registre_numero",
            "insert into core.registre (serie, collectivite, annee, dernier) select 'x', id, 0, 1 from acces.collectivite",
        ] {
            let mut tx = town.pools.collectivites.begin(&monde.valbrume).await.unwrap();
            let refus = sqlx::query(sql).execute(&mut *tx).await.unwrap_err().to_string();
            assert!(refus.contains("permission denied"), "{sql}: {refus}");
        }
        for sql in [
            "update core.registre_numero set libelle = 'x'",
            "update core.registre_numero set annule_le = now(), motif = 'm', numero = 9 where numero = 3",
            "delete from core.registre_numero",
        ] {
            let refus = sqlx::query(sql).execute(&mut town.owner).await.unwrap_err().to_string();
            assert!(refus.contains("Un numéro pris ne change pas"), "{sql}: {refus}");
        }
        // Without a collectivité there is no number.
        let refus =
            sqlx::query("select core.prendre_numero('essai.objet', 0, '', 1, '', 'annotation', gen_random_uuid())")
                .execute(&town.write)
                .await
                .unwrap_err();
        assert!(refus.to_string().contains("pour une collectivité"), "{refus}");
        // What the database's owner takes away by force is told.
        let force =
            "alter table core.registre_numero disable trigger garde; delete from core.registre_numero where numero = 2";
        sqlx::raw_sql(force).execute(&mut town.owner).await.unwrap();
        let trous = trous(town, &monde.valbrume, &annuel(), 2026).await;
        assert_eq!(trous.len(), 1);
        assert_eq!((trous[0].numero, &trous[0].libelle, trous[0].annule_le), (2, &None, None));
    });
}
