//! Rows of every object, made from its model: each value is a mark of its own.
//!
//! Rows are as few as conditions of rights allow: one for each way in which these answer, two at least, and an archived one.

use std::collections::{BTreeMap, BTreeSet};

use finage::modules::objets::{Modele, Nature, Regle};
use finage::modules::registry::ObjetCharge;
use finage_expr::{Context, Value as Donnee};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::predicats::{Predicats, donnee};
use crate::harness::Town;

/// A row, as the database holds it, and what would betray it.
#[derive(Debug, Clone)]
pub struct Rangee {
    pub modele: &'static Modele,
    pub id: Uuid,
    pub collectivite: &'static str,
    pub insee: String,
    pub archivee: bool,
    pub valeurs: Map<String, Value>,
    /// By field.
    pub marques: BTreeMap<String, String>,
}

/// Rows of an object in a collectivité: at least, and at most.
const NOMBRE: (usize, usize) = (2, 6);
/// Rows imagined before it is said that no other answers otherwise.
const ESSAIS: usize = 40;
/// Owners of rows, and where these are.
const PROPRIETAIRES: [(&str, &str); 2] = [("valbrume", "99101"), ("cyprin", "99102")];

/// What rows are made of.
struct Semis<'a> {
    predicats: &'a Predicats,
    codes: BTreeMap<String, Vec<String>>,
    jour: Context,
    faites: Vec<Rangee>,
    rang: usize,
}

/// Where a row is to be, and on what it depends.
#[derive(Clone, Copy)]
struct Place<'a> {
    collectivite: &'static str,
    insee: &'static str,
    parent: Option<&'a Rangee>,
}

/// Fills every object of every module.
pub async fn peuple(town: &mut Town) -> Vec<Rangee> {
    let registry = town.modules.clone();
    let predicats = Predicats::new(&registry);
    let jour = Context::new(time::OffsetDateTime::now_utc().date());
    let mut semis = Semis { predicats: &predicats, codes: codes(town).await, jour, faites: Vec::new(), rang: 0 };
    let mut restes: Vec<&ObjetCharge> = registry.objets().map(|(_, objet)| objet).collect();
    while !restes.is_empty() {
        // What others must name comes before them.
        let libre = restes.iter().position(|objet| {
            let tenue = |regle: &&Regle| regle.obligatoire || objet.modele.parent == Some(regle.champ);
            let mut tenus = objet.modele.regles.iter().filter(tenue).filter_map(|regle| regle.lien?.cible());
            tenus.all(|cible| {
                cible.objet.nom == objet.modele.objet.nom
                    || !restes.iter().any(|autre| autre.modele.objet.nom == cible.objet.nom)
            })
        });
        let objet = restes.remove(libre.unwrap());
        for (collectivite, insee) in PROPRIETAIRES {
            semis.seme(town, objet, collectivite, insee).await;
        }
    }
    let mut faites = semis.faites;
    // Programs of modules, and triggers of rows that came later, have their say before rows are known.
    town.app(town.works()).recalcule_les_crochets().await.unwrap();
    for rangee in &mut faites {
        let sql = format!("select to_jsonb(o) from {} o where o.id = $1", rangee.modele.relation);
        let lue: Value =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(rangee.id).fetch_one(&mut town.owner).await.unwrap();
        rangee.valeurs.clone_from(lue.as_object().unwrap());
        rangee.marques = marques(rangee.modele, &rangee.valeurs);
    }
    seules(&mut faites);
    faites
}

impl Semis<'_> {
    /// Rows of an object in a collectivité: one a parent where there are some, else as many as conditions of rights want.
    async fn seme(&mut self, town: &mut Town, objet: &ObjetCharge, collectivite: &'static str, insee: &'static str) {
        let parent = objet.modele.parent.and_then(|champ| objet.modele.regle(champ)?.lien?.cible());
        let parents: Vec<Option<Rangee>> = match parent {
            Some(cible) => {
                let siens = self.faites.iter().filter(|autre| autre.modele.objet.nom == cible.objet.nom);
                siens.filter(|autre| autre.collectivite == collectivite).cloned().map(Some).collect()
            }
            None => vec![None; NOMBRE.1],
        };
        let mut vus: BTreeSet<Vec<bool>> = BTreeSet::new();
        for (fait, mere) in parents.iter().enumerate() {
            let place = Place { collectivite, insee, parent: mere.as_ref() };
            let essais = (self.rang + 1)..=(self.rang + ESSAIS);
            let neuf = essais
                .into_iter()
                .map(|rang| (rang, self.cotes(objet, &self.valeurs(objet.modele, rang, place))))
                .find(|(_, cotes)| !vus.contains(cotes));
            match neuf {
                Some((rang, cotes)) => {
                    vus.insert(cotes);
                    self.rang = rang;
                }
                None if fait >= NOMBRE.0 && mere.is_none() => break,
                None => self.rang += 1,
            }
            self.pose(town, objet.modele, place, false).await;
        }
        for (rang, droit) in objet.file.rights.iter().enumerate().filter(|(_, droit)| droit.rows.is_some()) {
            let deux = [true, false].iter().all(|cote| vus.iter().any(|cotes| cotes[rang] == *cote));
            assert!(deux, "{} {:?}: no row on both sides in {collectivite}", objet.modele.objet.nom, droit.rows);
        }
        self.rang += 1;
        let mere = parents.iter().flatten().find(|mere| !mere.archivee);
        self.pose(town, objet.modele, Place { collectivite, insee, parent: mere }, true).await;
    }

    /// What conditions of rights answer, for an account of the row's own commune; those without condition are true.
    fn cotes(&self, objet: &ObjetCharge, valeurs: &Map<String, Value>) -> Vec<bool> {
        let valeur = |nom: &str| donnee(objet.modele, valeurs, nom);
        let communes = valeurs["insee"].as_str().unwrap().to_owned();
        let sien = self.jour.clone().with("communes", Donnee::TextArray(vec![communes]));
        let tient = |texte: &String| self.predicats.tient(objet.modele, texte, &valeur, &sien);
        objet.file.rights.iter().map(|droit| droit.rows.as_ref().is_none_or(tient)).collect()
    }

    fn valeurs(&self, modele: &'static Modele, rang: usize, place: Place<'_>) -> Map<String, Value> {
        let mut valeurs = Map::from_iter([("insee".to_owned(), json!(place.insee))]);
        for (rang_du_champ, regle) in modele.regles.iter().enumerate() {
            let valeur = match regle.nature {
                Nature::Reference => self.nommee(modele, regle, rang, place),
                Nature::Code => {
                    let codes = self.codes.get(regle.nomenclature.unwrap_or_default());
                    codes.map(|codes| json!(codes[rang % codes.len()]))
                }
                _ => valeur(regle, rang, rang_du_champ),
            };
            valeurs.extend(valeur.map(|valeur| (regle.champ.to_owned(), valeur)));
        }
        valeurs
    }

    /// A row of the same collectivité that a reference names.
    fn nommee(&self, modele: &Modele, regle: &Regle, rang: usize, place: Place<'_>) -> Option<Value> {
        let lien = regle.lien?;
        let cible = lien.cible()?;
        let siennes = self.faites.iter().filter(|autre| autre.modele.objet.nom == cible.objet.nom);
        let siennes: Vec<&Rangee> = siennes.filter(|autre| autre.collectivite == place.collectivite).collect();
        let parent = place.parent.filter(|_| modele.parent == Some(regle.champ));
        let choisie = parent.or_else(|| siennes.get(rang % siennes.len().max(1)).copied())?;
        choisie.valeurs.get(lien.cle).cloned()
    }

    /// Writes a row, and keeps it as the database made it.
    async fn pose(&mut self, town: &mut Town, modele: &'static Modele, place: Place<'_>, archivee: bool) {
        let mut ecrit = self.valeurs(modele, self.rang, place);
        let id = Uuid::new_v4();
        ecrit.insert("id".to_owned(), json!(id));
        if archivee {
            ecrit.insert("archivee_le".to_owned(), json!("2026-01-02T03:04:05Z"));
        }
        if let Some(geometrie) = modele.geometrie {
            ecrit.insert(geometrie.colonne.trim_matches('"').to_owned(), json!(forme(geometrie.genre)));
        }
        let faite = loop {
            match insere(town, modele, place, &ecrit).await {
                Ok(faite) => break faite,
                // A value that a check of the table refuses is left out: its default, or nothing, stands.
                Err(error) => match refusee(town, modele, &error).await.filter(|nom| ecrit.remove(nom).is_some()) {
                    Some(_) => {}
                    None => panic!("{} {error}", modele.objet.nom),
                },
            }
        };
        let valeurs = faite.as_object().unwrap().clone();
        let marques = marques(modele, &valeurs);
        let (collectivite, insee) = (place.collectivite, place.insee.to_owned());
        self.faites.push(Rangee { modele, id, collectivite, insee, archivee, valeurs, marques });
    }
}

async fn insere(town: &mut Town, modele: &Modele, place: Place<'_>, ecrit: &Map<String, Value>) -> sqlx::Result<Value> {
    let colonnes = ecrit.keys().map(|nom| format!("\"{nom}\"")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "insert into {0} as o (collectivite, {colonnes})
        select (select id from acces.collectivite where code = $2), {colonnes} from jsonb_populate_record(null::{0}, $1)
        returning to_jsonb(o)",
        modele.relation
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(Value::Object(ecrit.clone()))
        .bind(place.collectivite)
        .fetch_one(&mut town.owner)
        .await
}

/// The last column of the check that refused a row.
async fn refusee(town: &mut Town, modele: &Modele, error: &sqlx::Error) -> Option<String> {
    let refus = error.as_database_error().filter(|refus| refus.is_check_violation())?;
    sqlx::query_scalar(
        "select a.attname::text from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
        where c.conrelid = $1::regclass and c.conname = $2 order by a.attnum desc limit 1",
    )
    .bind(modele.relation)
    .bind(refus.constraint())
    .fetch_optional(&mut town.owner)
    .await
    .unwrap()
}

/// A value that no other row has, where its kind allows it.
fn valeur(regle: &Regle, rang: usize, place: usize) -> Option<Value> {
    let jour = || format!("{}-{:02}-{:02}", 1203 + 10 * rang, place % 12 + 1, place % 28 + 1);
    Some(match regle.nature {
        Nature::Texte | Nature::TexteLong if regle.type_sql.is_some() => json!("12:00"),
        Nature::Texte | Nature::TexteLong | Nature::Riche => json!(format!("zq{rang}x{place}qz")),
        Nature::Entier => json!(11_000 + rang * 40 + place),
        Nature::Decimal | Nature::Montant if regle.decimales == Some(1) => {
            json!(format!("{}.7", 2_000 + rang * 40 + place))
        }
        Nature::Decimal | Nature::Montant => json!(format!("{}.25", 2_000 + rang * 40 + place)),
        // A date that may be empty is, now and then: conditions ask it.
        Nature::Date if !regle.obligatoire && rang % 3 == 2 => return None,
        Nature::Date => json!(jour()),
        Nature::Instant => json!(format!("{}T10:11:12Z", jour())),
        Nature::Booleen => json!(rang.is_multiple_of(2)),
        Nature::Code | Nature::Reference | Nature::References | Nature::Fichier => return None,
    })
}

/// What would betray each field of a row.
fn marques(modele: &Modele, valeurs: &Map<String, Value>) -> BTreeMap<String, String> {
    let marque = |regle: &Regle| {
        let valeur = valeurs.get(regle.champ)?;
        let texte = match regle.nature {
            Nature::Texte | Nature::TexteLong | Nature::Riche | Nature::Date => valeur.as_str()?.to_owned(),
            Nature::Montant | Nature::Decimal => valeur.to_string().trim_matches('"').to_owned(),
            _ => return None,
        };
        // What a trigger makes of several marks is none of its own.
        let sienne = texte.starts_with("zq") && !texte.contains(' ') || texte.ends_with(".25") || texte.ends_with(".7");
        (sienne || regle.nature == Nature::Date).then(|| (regle.champ.to_owned(), texte))
    };
    modele.regles.iter().filter_map(marque).collect()
}

/// Keeps the marks that one row alone has, in one field alone: a date may be computed as another's.
fn seules(rangees: &mut [Rangee]) {
    let mut fois: BTreeMap<String, usize> = BTreeMap::new();
    for marque in rangees.iter().flat_map(|rangee| rangee.marques.values()) {
        *fois.entry(marque.clone()).or_default() += 1;
    }
    for rangee in rangees {
        rangee.marques.retain(|_, marque| fois[marque] == 1);
    }
}

/// Codes that are valid today, by nomenclature.
async fn codes(town: &mut Town) -> BTreeMap<String, Vec<String>> {
    sqlx::query_as(
        "select nomenclature, array_agg(code order by ordre) from core.code where valide_au is null group by nomenclature",
    )
    .fetch_all(&mut town.owner)
    .await
    .unwrap()
    .into_iter()
    .collect::<BTreeMap<String, Vec<String>>>()
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
