//! Rows of every object, made from its model: each value is a mark of its own.

use std::collections::BTreeMap;

use finage::modules::objets::{Modele, Nature};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::harness::Town;

/// A row, as the database holds it, and what would betray it.
#[derive(Debug, Clone)]
pub struct Rangee {
    pub modele: &'static Modele,
    pub id: Uuid,
    pub collectivite: &'static str,
    pub insee: String,
    pub valeurs: Map<String, Value>,
    /// By field.
    pub marques: BTreeMap<String, String>,
}

/// Rows of each object in each collectivité.
const PAR_COLLECTIVITE: usize = 4;

/// Fills every object of every module.
pub async fn peuple(town: &mut Town) -> Vec<Rangee> {
    let registry = town.modules.clone();
    let mut restes: Vec<&'static Modele> = registry.objets().map(|(_, objet)| objet.modele).collect();
    let mut faites: Vec<Rangee> = Vec::new();
    let mut rang = 0;
    while !restes.is_empty() {
        // What others must name comes before them.
        let libre = restes.iter().position(|modele| {
            let mut tenus =
                modele.regles.iter().filter(|regle| regle.obligatoire).filter_map(|regle| regle.lien?.cible());
            tenus.all(|cible| {
                cible.objet.nom == modele.objet.nom || !restes.iter().any(|autre| autre.objet.nom == cible.objet.nom)
            })
        });
        let modele = restes.remove(libre.unwrap());
        for (collectivite, insee) in [("valbrume", "99101"), ("cyprin", "99102")] {
            for _ in 0..PAR_COLLECTIVITE {
                rang += 1;
                faites.push(rangee(town, modele, (collectivite, insee), rang, &faites).await);
            }
        }
    }
    faites
}

async fn rangee(
    town: &mut Town,
    modele: &'static Modele,
    (collectivite, insee): (&'static str, &str),
    rang: usize,
    faites: &[Rangee],
) -> Rangee {
    let mut valeurs = Map::new();
    for (place, regle) in modele.regles.iter().enumerate() {
        let valeur = match regle.nature {
            Nature::Texte | Nature::TexteLong if regle.type_sql.is_some() => json!("12:00"),
            Nature::Texte | Nature::TexteLong | Nature::Riche => json!(format!("zq{rang}x{place}qz")),
            Nature::Entier => json!(11_000 + rang * 40 + place),
            Nature::Decimal | Nature::Montant => json!(format!("{}.25", 2_000 + rang * 40 + place)),
            Nature::Date => json!(format!("{}-{:02}-{:02}", 1800 + rang, place % 12 + 1, place % 28 + 1)),
            Nature::Instant => json!(format!("{}-{:02}-{:02}T10:11:12Z", 1800 + rang, place % 12 + 1, place % 28 + 1)),
            Nature::Booleen => json!(rang.is_multiple_of(2)),
            Nature::Code => match code(town, regle.nomenclature.unwrap_or_default(), rang).await {
                Some(code) => json!(code),
                None => continue,
            },
            Nature::Reference => {
                let cible = regle.lien.and_then(|lien| Some((lien.cle, lien.cible()?)));
                let choisie = cible.and_then(|(cle, cible)| {
                    let mut siennes = faites.iter().filter(|autre| {
                        autre.modele.objet.nom == cible.objet.nom && autre.collectivite == collectivite
                    });
                    siennes
                        .nth(rang % PAR_COLLECTIVITE)
                        .map(|autre| if cle == "id" { json!(autre.id) } else { autre.valeurs[cle].clone() })
                });
                match choisie {
                    Some(id) => id,
                    None => continue,
                }
            }
            Nature::References | Nature::Fichier => continue,
        };
        valeurs.insert(regle.champ.to_owned(), valeur);
    }
    let id = Uuid::new_v4();
    let mut ecrit = valeurs.clone();
    ecrit.insert("id".to_owned(), json!(id));
    ecrit.insert("insee".to_owned(), json!(insee));
    if let Some(geometrie) = modele.geometrie {
        ecrit.insert(geometrie.colonne.trim_matches('"').to_owned(), json!(forme(geometrie.genre)));
    }
    let colonnes = ecrit.keys().map(|nom| format!("\"{nom}\"")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "insert into {0} as o (collectivite, {colonnes})
        select (select id from acces.collectivite where code = $2), {colonnes} from jsonb_populate_record(null::{0}, $1)
        returning to_jsonb(o)",
        modele.relation
    );
    let faite: Value = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(Value::Object(ecrit))
        .bind(collectivite)
        .fetch_one(&mut town.owner)
        .await
        .unwrap_or_else(|error| panic!("{} {error}", modele.objet.nom));
    let valeurs = faite.as_object().unwrap().clone();
    Rangee { modele, id, collectivite, insee: insee.to_owned(), marques: marques(modele, &valeurs), valeurs }
}

/// What would betray each field of a row: a value that no other row has.
fn marques(modele: &Modele, valeurs: &Map<String, Value>) -> BTreeMap<String, String> {
    let marque = |regle: &finage::modules::objets::Regle| {
        let texte = match regle.nature {
            Nature::Texte | Nature::TexteLong | Nature::Riche => valeurs.get(regle.champ)?.as_str()?.to_owned(),
            Nature::Montant | Nature::Decimal => valeurs.get(regle.champ)?.to_string().trim_matches('"').to_owned(),
            _ => return None,
        };
        (texte.starts_with("zq") || texte.ends_with(".25")).then(|| (regle.champ.to_owned(), texte))
    };
    modele.regles.iter().filter_map(marque).collect()
}

async fn code(town: &mut Town, nomenclature: &str, rang: usize) -> Option<String> {
    let codes: Vec<String> =
        sqlx::query_scalar("select code from core.code where nomenclature = $1 and valide_au is null order by ordre")
            .bind(nomenclature)
            .fetch_all(&mut town.owner)
            .await
            .unwrap();
    codes.get(rang % codes.len().max(1)).cloned()
}

fn forme(genre: &str) -> &'static str {
    match genre {
        "Point" => "SRID=2154;POINT(842000 6519000)",
        "MultiPoint" => "SRID=2154;MULTIPOINT((842000 6519000))",
        "LineString" => "SRID=2154;LINESTRING(842000 6519000, 842030 6519000)",
        "MultiLineString" => "SRID=2154;MULTILINESTRING((842000 6519000, 842030 6519000))",
        "MultiPolygon" => "SRID=2154;MULTIPOLYGON(((842000 6519000, 842030 6519000, 842030 6519030, 842000 6519000)))",
        _ => "SRID=2154;POLYGON((842000 6519000, 842030 6519000, 842030 6519030, 842000 6519000))",
    }
}

/// A digest of every row of every object, by its key.
pub async fn empreintes(town: &mut Town) -> BTreeMap<String, String> {
    let registry = town.modules.clone();
    let mut toutes = BTreeMap::new();
    for (_, objet) in registry.objets() {
        let sql = format!("select o.id::text, md5(o::text) from {} o", objet.modele.relation);
        let lues: Vec<(String, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut town.owner).await.unwrap();
        toutes.extend(lues);
    }
    toutes
}

/// Keys of the rows that are no longer what they were, among those that were there.
pub fn changees(avant: &BTreeMap<String, String>, apres: &BTreeMap<String, String>) -> Vec<String> {
    avant.iter().filter(|(cle, empreinte)| apres.get(*cle) != Some(empreinte)).map(|(cle, _)| cle.clone()).collect()
}
