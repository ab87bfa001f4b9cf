//! Several roles add up row by row and field by field: what PostgreSQL shows is what a naive model says.

use finage::access::droits::{Action, Droit, Objet};
use finage::access::identite::Connu;
use finage::access::journal::Finalite;
use finage::access::{Acces, secret};
use finage::http::catalogue;
use finage::modules::registry::Registry as Modules;
use proptest::collection::vec;
use proptest::option;
use proptest::sample::select;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town};

const CASES: usize = 250;
const TERRITOIRE: [&str; 2] = ["99101", "99102"];

/// A filter, and what it says of a row (communes of the role beside); unknown is false.
type Modele = fn(&Map<String, Value>, &[String]) -> bool;

const FILTRES: [(&str, &str, Modele); 10] = [
    ("annotation", "categorie = 'note'", |row, _| row["categorie"] == "note"),
    ("annotation", "not (categorie = 'projet') and insee is not null", |row, _| {
        row["categorie"] != "projet" && !row["insee"].is_null()
    }),
    ("annotation", "titre < 'M' or texte like '%1'", |row, _| {
        row["titre"].as_str().unwrap() < "M" || row["texte"].as_str().unwrap().ends_with('1')
    }),
    ("personne", "prenoms <> 'Zoé'", |row, _| row["prenoms"].as_str().is_some_and(|prenoms| prenoms != "Zoé")),
    ("personne", "naissance > today() - 'P100Y' and opposition_publication = false", |row, _| {
        !row["naissance"].is_null() && row["opposition_publication"] == false
    }),
    ("*", "insee in user.communes", |row, communes| {
        row["insee"].as_str().is_some_and(|insee| communes.iter().any(|une| une == insee))
    }),
    ("*", "collectivite = user.collectivite and user.email = 'union@exemple.invalid'", |_, _| true),
    ("*", "user.email = 'autre@exemple.invalid' or collectivite = 0", |_, _| false),
    // What cannot be read opens nothing.
    ("*", "secret = 1", |_, _| false),
    ("*", "insee =", |_, _| false),
];

/// Days from today of the beginning and of the end, and whether the role is then held.
const PERIODES: [(i32, Option<i32>, bool); 6] = [
    (-10, None, true),
    (-10, Some(1), true),
    (0, None, true),
    (-10, Some(0), false),
    (-10, Some(-3), false),
    (1, None, false),
];

#[derive(Debug, Clone)]
struct Tenue {
    periode: usize,
    communes: Option<Vec<String>>,
    finalites: Vec<String>,
    droits: Vec<Permission>,
}

#[derive(Debug, Clone)]
struct Permission {
    action: Action,
    filtre: Option<usize>,
    champs: Option<Vec<String>>,
    niveau: i16,
}

fn texts(from: &[&str], most: usize) -> impl Strategy<Value = Vec<String>> + use<> {
    let from: Vec<String> = from.iter().map(|text| (*text).to_owned()).collect();
    vec(select(from), 0..=most)
}

fn any_holding(objet: &'static Objet) -> impl Strategy<Value = Tenue> {
    let champs: Vec<&'static str> = objet.champs.iter().map(|champ| champ.nom).collect();
    let filtres: Vec<usize> = (0..FILTRES.len()).filter(|rank| ["*", objet.nom].contains(&FILTRES[*rank].0)).collect();
    let permission = (
        select(vec![Action::Lire, Action::Nominatif]),
        option::of(select(filtres)),
        option::of(texts(&champs, 3)),
        0..=3_i16,
    )
        .prop_map(|(action, filtre, champs, niveau)| Permission { action, filtre, champs, niveau });
    let periode = (0..PERIODES.len()).prop_map(|rank| if rank > 3 { rank } else { rank % 3 });
    (periode, option::of(texts(&TERRITOIRE, 2)), texts(&["urbanisme", "cimetiere"], 2), vec(permission, 1..=3))
        .prop_map(|(periode, communes, finalites, droits)| Tenue { periode, communes, finalites, droits })
}

/// What a right shows: fields of each row it opens, by key.
type Vu = Vec<(String, Value)>;

async fn stored(owner: &mut PgConnection, compte: Uuid, objet: &Objet, tenues: &[Tenue]) {
    sqlx::raw_sql("delete from acces.attribution; delete from acces.role where collectivite is not null")
        .execute(&mut *owner)
        .await
        .unwrap();
    for (rank, tenue) in tenues.iter().enumerate() {
        let role: i32 = sqlx::query_scalar(
            "insert into acces.role (code, libelle, collectivite) select 'essai' || $1, 'essai', id from acces.collectivite where code = 'ccvo' returning id",
        )
        .bind(i32::try_from(rank).unwrap())
        .fetch_one(&mut *owner)
        .await
        .unwrap();
        for droit in &tenue.droits {
            sqlx::query(
                "insert into acces.droit (role, objet, action, lignes, champs, niveau) values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(role)
            .bind(objet.nom)
            .bind(droit.action.code())
            .bind(droit.filtre.map(|filtre| FILTRES[filtre].1))
            .bind(&droit.champs)
            .bind(droit.niveau)
            .execute(&mut *owner)
            .await
            .unwrap();
        }
        let (du, au, _) = PERIODES[tenue.periode];
        sqlx::query(
            "insert into acces.attribution (utilisateur, role, collectivite, communes, finalites, du, au)
             select $1, $2, id, $3, $4, core.jour('') + $5, core.jour('') + $6 from acces.collectivite where code = 'ccvo'",
        )
        .bind(compte)
        .bind(role)
        .bind(&tenue.communes)
        .bind(&tenue.finalites)
        .bind(du)
        .bind(au)
        .execute(&mut *owner)
        .await
        .unwrap();
    }
}

/// What the model says; `None` when there is no right at all.
fn expected(objet: &Objet, rows: &Vu, tenues: &[Tenue], action: Action, finalite: Option<&str>) -> Vu {
    let mut seen = Vec::new();
    for (key, row) in rows {
        let row = row.as_object().unwrap();
        let opens = |tenue: &Tenue, droit: &Permission| {
            let communes = tenue.communes.clone().unwrap_or_else(|| TERRITOIRE.map(str::to_owned).to_vec());
            PERIODES[tenue.periode].2
                && droit.action == action
                && finalite.is_none_or(|finalite| tenue.finalites.iter().any(|nom| nom == finalite))
                && (tenue.communes.is_none()
                    || row["insee"].as_str().is_some_and(|insee| communes.iter().any(|une| une == insee)))
                && droit.filtre.is_none_or(|filtre| FILTRES[filtre].2(row, &communes))
        };
        let open: Vec<&Permission> =
            tenues.iter().flat_map(|tenue| tenue.droits.iter().filter(|droit| opens(tenue, droit))).collect();
        if open.is_empty() {
            continue;
        }
        let fields = objet.champs.iter().map(|champ| {
            let shown = open.iter().any(|droit| {
                let niveau = if action == Action::Nominatif { droit.niveau } else { 0 };
                i16::from(champ.niveau) <= niveau
                    && droit.champs.as_ref().is_none_or(|noms| noms.iter().any(|nom| nom == champ.nom))
            });
            (champ.nom.to_owned(), if shown { row[champ.nom].clone() } else { Value::Null })
        });
        seen.push((key.clone(), Value::Object(fields.collect())));
    }
    seen
}

/// What PostgreSQL shows under the right.
async fn shown(town: &Town, connu: &Connu, objet: &Objet, droit: &Droit) -> Vu {
    let mut tx = town.pools.collectivites.begin_read(&connu.acteur(finage::db::Canal::Api).unwrap()).await.unwrap();
    let mut query = QueryBuilder::new("select id::text, jsonb_build_object(");
    for (rank, champ) in objet.champs.iter().enumerate() {
        query.push(if rank == 0 { "'" } else { ", '" }).push(champ.nom).push("', ");
        droit.pousse_champ(champ, &mut query);
    }
    query.push(") from core.").push(objet.nom).push(" where ");
    droit.pousse_condition(&mut query);
    query.push(" order by 1");
    query.build_query_as().fetch_all(&mut *tx).await.unwrap()
}

#[test]
fn roles_add_up_row_by_row_and_field_by_field() {
    on_empty_town(async |town| {
        monde(town).await;
        sqlx::raw_sql(include_str!("union.sql")).execute(&mut town.owner).await.unwrap();
        let (compte, (texte, empreinte)) = (Uuid::new_v4(), secret::nouveau("").unwrap());
        sqlx::query("insert into acces.utilisateur (id, email, nom) values ($1, 'union@exemple.invalid', 'Union')")
            .bind(compte)
            .execute(&mut town.owner)
            .await
            .unwrap();
        sqlx::query(
            "insert into acces.session (empreinte, id, utilisateur, collectivite, second_facteur, expire_le)
             select $1, gen_random_uuid(), $2, id, false, now() + interval '1 hour' from acces.collectivite where code = 'ccvo'",
        )
        .bind(empreinte.octets())
        .bind(compte)
        .execute(&mut town.owner)
        .await
        .unwrap();
        let mut runner = TestRunner::default();
        let (mut none, mut hidden, mut open) = (0, 0, 0);
        for case in 0..CASES {
            let objet = catalogue::objet(&Modules::default(), ["annotation", "personne"][case % 2]).unwrap();
            let sql = format!(
                "select t.id::text, to_jsonb(t) from core.{} t join acces.collectivite c on c.id = t.collectivite and c.code = 'ccvo' order by 1",
                objet.nom
            );
            let rows: Vu = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut town.owner).await.unwrap();
            let tenues = vec(any_holding(objet), 0..=4).new_tree(&mut runner).unwrap().current();
            stored(&mut town.owner, compte, objet, &tenues).await;
            // Read again each time: nothing is remembered from one case to the next.
            let connu = Acces::new(town.pools.acces.clone(), false).par_session(&texte).await.unwrap().unwrap();
            for (action, finalite) in
                [(Action::Lire, None), (Action::Nominatif, Some("urbanisme")), (Action::Nominatif, Some("voirie"))]
            {
                let droit = match finalite {
                    None => connu.droit(objet, action).ok(),
                    Some(finalite) => connu.nominatif(objet, &Finalite::parse(finalite).unwrap()).ok(),
                };
                let seen = match &droit {
                    Some(droit) => shown(town, &connu, objet, droit).await,
                    None => Vec::new(),
                };
                // Annotations of 99101 that are the commune's are seen too, by the mission: only the EPCI's are compared.
                let seen: Vu = seen.into_iter().filter(|(key, _)| rows.iter().any(|(known, _)| known == key)).collect();
                let wanted = expected(objet, &rows, &tenues, action, finalite);
                assert_eq!(seen, wanted, "{action:?} {finalite:?} {tenues:#?}");
                none += usize::from(wanted.is_empty());
                open += usize::from(wanted.len() == rows.len());
                hidden += usize::from(!wanted.is_empty() && wanted.len() < rows.len());
            }
        }
        // A generator that gave only everything, or nothing, would prove nothing.
        assert!(none > CASES / 4 && open > CASES / 20 && hidden > CASES / 4, "{none} {hidden} {open}");
    });
}
