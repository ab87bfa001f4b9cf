//! Every module, every object, every role, every way out: nothing that a manifest does not open ever comes out.
//!
//! Rows are made from the models themselves, with values that are found in bytes only if they came out. What each account may
//! see is computed here from the manifest by the evaluator of records, never by the SQL that the server runs. Modules are those
//! of the folder of tests and those delivered with Finage: one that is added is tried.

mod attendu;
mod comptes;
mod connexions;
mod ecritures;
mod fiches;
mod juge;
mod lots;
mod marques;
mod monde;
mod objets;
mod porte;
mod predicats;
mod rangees;
mod voies;
mod vues;

use std::collections::BTreeSet;
use std::time::Duration;

use finage::http::route::LISTED;
use finage::http::{App, router};
use finage::jobs::{Queue, Registry as Works, Rules, Workers};
use finage::modules::documents::Publipostage;
use finage::modules::registry::Vivant;
use finage_manifest::RightAction::{Export, Read};
use futures::StreamExt as _;

use self::attendu::{Attendu, Quoi};
use self::comptes::{Compte, comptes};
use self::juge::Juge;
use self::marques::Marques;
use self::porte::{Dite, Porte};
use self::voies::Voie;
use crate::harness::{Town, on_empty_town};

/// Requests of an account that are under way at once.
const ENSEMBLE: usize = 4;

/// Everything asked of the server for an account.
fn demandees(attendu: &Attendu, compte: &Compte) -> Vec<Voie> {
    let mut voies = voies::generales(attendu, compte);
    for (module, objet) in attendu.registry.objets() {
        let ici = (module, objet);
        voies.extend(objets::larges(attendu, compte, ici, None));
        if !compte.tient(&module.file.id) {
            voies.extend(fiches::etrangeres(attendu, compte, ici));
            continue;
        }
        if compte.profond {
            voies.extend(objets::profondes(attendu, compte, ici));
            voies.extend(fiches::toutes(attendu, compte, ici, None));
            voies.extend(fiches::documents(attendu, compte, ici));
            voies.extend(fiches::oracles(attendu, compte, ici));
        }
        for finalite in module.file.purposes.keys().filter(|_| compte.qui.module.is_some()) {
            voies.extend(objets::larges(attendu, compte, ici, Some(finalite)));
            voies.extend(objets::nominatives(ici, finalite));
            voies.extend(fiches::toutes(attendu, compte, ici, Some(finalite)));
        }
    }
    voies
}

/// Asks everything of the server, a few requests at once.
async fn parcourt(porte: &Porte, compte: &Compte, voies: Vec<Voie>) -> Vec<(Voie, Dite)> {
    let demande = async |voie: Voie| {
        let dite = porte.lit(compte.agent.as_ref(), &voie.chemin).await;
        (voie, dite)
    };
    futures::stream::iter(voies).map(demande).buffered(ENSEMBLE).collect().await
}

/// Every way of reading that modules have was taken.
fn complet(prises: &BTreeSet<String>) {
    let modules =
        ["/api/modules", "/api/tableau", "/api/rattachements", "/api/parcelles/{idu}/fiches", "/api/recherche"];
    // Templates and files to import hold nothing of rows; a test of their own says so.
    // Series tell numbers to who makes rows; ways read lines under a look each: their own tests say to whom.
    let ailleurs = [
        "/api/modules/{module}/{objet}/gabarits/{document}",
        "/api/modules/{module}/{objet}/imports/{id}",
        "/api/modules/{module}/{objet}/serie",
        "/api/modules/{module}/{objet}/{id}/itineraire",
    ];
    for route in LISTED.iter().filter(|route| route.method == axum::http::Method::GET) {
        let parts: Vec<&str> = route.path.split('/').collect();
        let prise = |chemin: &String| {
            let dites: Vec<&str> = chemin.split('?').next().unwrap_or_default().split('/').collect();
            let va = |(part, dite): (&&str, &&str)| part.starts_with('{') || part == dite;
            dites.len() == parts.len() && parts.iter().zip(&dites).all(va)
        };
        let sienne = modules.iter().any(|debut| route.path.starts_with(debut)) && !ailleurs.contains(&route.path);
        assert!(!sienne || prises.iter().any(prise), "{} is asked by nobody", route.path);
    }
}

/// A server that makes documents of many rows, as often as it is asked.
fn serveur(town: &Town) -> App {
    let Town { config, pools, .. } = town;
    let modules = Vivant::default();
    modules.pose(town.modules.clone());
    let works = Works::default().with(Publipostage::new(config, pools, modules));
    let rules = Rules { hourly_per_depositor: i64::MAX, ..Rules::new(config) };
    let app = App::with_jobs(config.clone(), pools.clone(), Queue::new(pools.write.clone(), works, rules));
    app.pose(town.modules.clone());
    app
}

/// What was done, or ways that nobody takes would prove nothing.
#[derive(Debug, Default)]
struct Bilan {
    vues: BTreeSet<String>,
    prises: BTreeSet<String>,
    imprimees: usize,
    en_sql: usize,
    changees_en_sql: usize,
    changees: usize,
}

/// Addresses of the cards of the dashboard that an account is offered.
fn cartes(dite: &Dite) -> BTreeSet<String> {
    let modules = dite.corps["modules"].as_array().into_iter().flatten();
    let adresses = |module: &serde_json::Value| {
        let id = module["id"].as_str().unwrap().to_owned();
        let cartes = module["tableau"].as_array().unwrap().clone();
        cartes.into_iter().map(move |carte| format!("/api/tableau/{id}/{}", carte["rang"]))
    };
    modules.flat_map(adresses).collect()
}

/// Reads everything as an account, by every way.
async fn lit(town: &mut Town, juge: &mut Juge<'_>, porte: &Porte, gardees: &[vues::Gardee], bilan: &mut Bilan) {
    let Juge { attendu, compte, .. } = *juge;
    let (mut offertes, mut servies) = (BTreeSet::new(), BTreeSet::new());
    for (voie, dite) in parcourt(porte, compte, demandees(attendu, compte)).await {
        voie.verifie(compte, &dite);
        juge.juge(&voie.chemin, &voie.quoi, &voie.dit(&dite));
        match voie.chemin.as_str() {
            "/api/modules" => offertes = cartes(&dite),
            chemin if chemin.starts_with("/api/tableau/") && dite.status.is_success() => {
                servies.insert(chemin.to_owned());
            }
            _ => {}
        }
        bilan.prises.insert(voie.chemin);
    }
    assert_eq!(offertes, servies, "cards that {compte} is offered, and those that answer");
    juge.conclut(Read);
    juge.conclut(Export);
    for ici in attendu.registry.objets() {
        vues::verifie(attendu, porte, compte, gardees, ici).await;
    }
    if !compte.profond {
        return;
    }
    // An account deposits so many jobs an hour: those of the account before are hours old.
    sqlx::query("update core.travail set depose_le = depose_le - interval '2 hours'")
        .execute(&mut town.owner)
        .await
        .unwrap();
    for lot in lots::depose(attendu, porte, compte).await {
        juge.juge(&lot.chemin, &lot.quoi, &lot.texte);
        bilan.imprimees += lot.servies;
    }
    if let Some(vue) = connexions::eprouve(town, attendu, compte).await {
        juge.juge("SQL", &Quoi::LIRE, &vue.texte);
        let cachee = vue.ouvertes.iter().find(|marque| !vue.texte.contains(*marque));
        assert_eq!(cachee, None, "{compte} in SQL");
        bilan.en_sql += vue.ouvertes.len();
        bilan.changees_en_sql += vue.changees;
    }
}

#[test]
fn nothing_forbidden_comes_out_by_any_way() {
    on_empty_town(async |town| {
        let attendu = monde::monde(town).await;
        let marques = Marques::new(&attendu.rangees);
        let comptes = comptes(town).await;
        let folder = tempfile::tempdir().unwrap();
        town.config.data_dir = folder.path().to_owned();
        let app = serveur(town);
        let ouvriers = Workers::start(app.jobs(), town.database.listen_pool().await.unwrap(), &app.closing());
        let porte = Porte::new(router(app.clone()), marques.toutes());
        let gardees = vues::garde(&attendu, &porte, &comptes).await;
        let mut bilan = Bilan::default();
        for compte in &comptes {
            let mut juge = Juge::new(&attendu, compte, &marques);
            // Tiles are drawn from snapshots where they can be, by PostGIS elsewhere.
            app.followed().refresh(&town.pools.snapshot, &app.sources(), Duration::ZERO).await.unwrap();
            lit(town, &mut juge, &porte, &gardees, &mut bilan).await;
            bilan.vues.extend(juge.vues());
            let avant = ecritures::etat(town).await;
            ecritures::force(&attendu, &porte, compte, &avant).await;
            let prises = ecritures::changees(&avant, &ecritures::etat(town).await);
            assert!(prises.is_empty(), "{compte} changed {prises:?}");
            bilan.changees += ecritures::change(town, &attendu, &porte, compte, &avant).await;
        }
        app.close();
        ouvriers.ended().await;
        let Bilan { vues, prises, imprimees, en_sql, changees_en_sql, changees } = bilan;
        complet(&prises);
        let (toutes, jamais) = (marques.toutes().count(), marques.toutes().filter(|marque| !vues.contains(*marque)));
        let jamais: Vec<&String> = jamais.collect();
        assert!(toutes > 100 && jamais.len() * 4 < toutes, "too many marks are seen by nobody: {jamais:?}");
        let faits = [imprimees, en_sql, changees_en_sql, changees];
        assert!(!faits.contains(&0), "a way that nobody takes: printed, read and changed in SQL, changed: {faits:?}");
    });
}
