//! The world of the matrix: communes, collectivités, every module there is, rows of each object, links to a parcel.

use std::collections::BTreeMap;
use std::path::Path;

use finage::modules::installation::installe;
use finage::modules::rattachement::ancrages;
use finage::modules::sources::{Trouve, trouves};

use super::attendu::Attendu;
use super::rangees::peuple;
use crate::harness::Town;

/// The parcel on which rows hang.
pub const PARCELLE: &str = "99101000AB0001";
/// A parcel that is gone: links to it wait to be confirmed.
const DISPARUE: &str = "99101000AB0002";

/// Communes and collectivités: one that owns, one beside, a group that holds every mission on the first, one that holds none.
const COLLECTIVITES: &str = "
    insert into core.commune (insee, nom, genre, cc_srid) values
        ('99101', 'Valbrume', 'hors_cog', 3946), ('99102', 'Cyprin', 'hors_cog', 3946) on conflict do nothing;
    insert into acces.collectivite (code, nom, genre) values ('valbrume', 'Valbrume', 'commune'), ('cyprin', 'Cyprin', 'commune'),
        ('groupement', 'Groupement', 'epci'), ('sansmission', 'Autre groupement', 'epci');
    insert into acces.territoire (collectivite, insee, du) select c.id, t.insee, '2020-01-01' from acces.collectivite c
        join (values ('valbrume', '99101'), ('cyprin', '99102'), ('groupement', '99101'), ('groupement', '99102'),
            ('sansmission', '99101')) t (code, insee) using (code);";

/// Communes of a collectivité of the world.
pub fn communes(collectivite: &str) -> &'static [&'static str] {
    match collectivite {
        "cyprin" => &["99102"],
        "groupement" => &["99101", "99102"],
        _ => &["99101"],
    }
}

/// Makes the world, with modules of the tests and modules delivered with Finage.
pub async fn monde(town: &mut Town) -> Attendu {
    sqlx::raw_sql(COLLECTIVITES).execute(&mut town.owner).await.unwrap();
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules");
    let dossiers = std::fs::read_dir(&dossier).unwrap().flatten().filter(|entree| entree.path().is_dir()).count();
    let trouves = trouves(Some(&dossier));
    assert!(trouves.len() >= dossiers, "a folder of tests/modules is no module: {:?}", trouves.keys());
    // What a clone does not take from its template: the right to make schemas.
    let mut admin = town.database.admin().await.unwrap();
    finage::db::prepare(&mut admin).await.unwrap();
    for trouve in ordonnes(trouves) {
        let module = trouve.lu.unwrap_or_else(|fautes| panic!("{}: {fautes:#?}", trouve.id));
        installe(&mut town.owner, &module, trouve.origine).await.unwrap_or_else(|error| panic!("{error}"));
    }
    town.config.modules_dir = Some(dossier);
    town.recharge().await;
    assert!(town.modules.pannes().is_empty(), "{:#?}", town.modules.pannes());
    sqlx::query(
        "insert into acces.mission (collectivite, mission, insee, du)
        select c.id, o.mission, '99101', '2020-01-01' from acces.collectivite c, (select distinct mission from core.objet) o
        where c.code = 'groupement'",
    )
    .execute(&mut town.owner)
    .await
    .unwrap();
    let rangees = peuple(town).await;
    let lieu = sqlx::query_as(
        "select st_x(p), st_y(p) from st_transform(st_setsrid(st_makepoint(842000, 6519000), 2154), 4326) p",
    )
    .fetch_one(&mut town.owner)
    .await
    .unwrap();
    let attendu = Attendu::new(town.modules.clone(), rangees, lieu);
    rattache(town, &attendu).await;
    attendu
}

/// Modules, those on which others depend before them.
fn ordonnes(mut trouves: BTreeMap<String, Trouve>) -> Vec<Trouve> {
    let mut ordre = Vec::new();
    while !trouves.is_empty() {
        let pret = |trouve: &Trouve| {
            let depends = trouve.lu.as_ref().map(|module| module.file.depends.clone()).unwrap_or_default();
            !depends.iter().any(|autre| trouves.contains_key(autre))
        };
        let id = trouves.values().find(|trouve| pret(trouve)).map(|trouve| trouve.id.clone());
        ordre.extend(trouves.remove(&id.unwrap()));
    }
    ordre
}

/// Hangs every row that may be on one parcel, and on another that is gone.
async fn rattache(town: &mut Town, attendu: &Attendu) {
    for rangee in &attendu.rangees {
        let (module, _) = rangee.modele.du_module().unwrap();
        let ancrages = ancrages(module, &attendu.charge(rangee.modele).file.anchor, false);
        for ancrage in ancrages.iter().filter(|ancrage| ancrage.couche == "parcelles") {
            for (idu, etat, propose) in
                [(PARCELLE, "sur", "[]"), (DISPARUE, "a_confirmer", r#"[{"cle": "99101000AB0003", "part": 0.5}]"#)]
            {
                sqlx::query(
                    "insert into core.rattachement (collectivite, insee, objet, cle, couche, cle_entite, role, valide_du, etat, propose, geom_au_lien)
                    select c.id, $2, $3, $4, 'parcelles', $5, $6, '2020-01-01', $7, $8::jsonb, st_setsrid(st_makepoint(842000, 6519000), 2154)
                    from acces.collectivite c where c.code = $1",
                )
                .bind(rangee.collectivite)
                .bind(&rangee.insee)
                .bind(rangee.modele.objet.nom)
                .bind(rangee.id)
                .bind(idu)
                .bind(&ancrage.role)
                .bind(etat)
                .bind(propose)
                .execute(&mut town.owner)
                .await
                .unwrap();
            }
        }
    }
}
