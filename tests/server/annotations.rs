//! Annotations through the API: rights, versions, idempotence, history, exports.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, lignes, milieu, monde_trace};

use crate::harness::{Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "agent", finalites: &[], communes: None };
const LECTEUR: Tenu<'static> = Tenu { role: "lecteur", finalites: &[], communes: None };
const DPO: Tenu<'static> = Tenu { role: "dpo", finalites: &[], communes: None };

async fn made(town: &mut Town, who: &Agent, titre: &str) -> Value {
    let point = milieu(town, "99101").await;
    let body = json!({"champs": {"titre": titre, "categorie": "travaux"}, "geometrie": point});
    let answer = who.post(town, "/api/annotations", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

#[test]
fn an_annotation_is_made_read_changed_and_archived() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let fiche = made(town, &agent, "Nid de poule").await;
        assert_eq!((&fiche["insee"], &fiche["version"], &fiche["propre"]), (&json!("99101"), &json!(1), &json!(true)));
        assert_eq!(fiche["champs"], json!({"titre": "Nid de poule", "texte": "", "categorie": "travaux"}));
        let place = format!("/api/annotations/{}", fiche["id"].as_str().unwrap());

        let read = agent.get(town, &place).await;
        assert_eq!((read.status, read.header(&header::ETAG)), (StatusCode::OK, "\"1\""));
        assert_eq!(read.header(&header::CACHE_CONTROL), "private, no-cache");
        assert_eq!(read.json(), fiche);

        let changed = agent.patch(town, &place, "\"1\"", &json!({"champs": {"texte": "Rebouché"}})).await;
        assert_eq!((changed.status, &changed.json()["version"]), (StatusCode::OK, &json!(2)), "{}", changed.text());
        let late = agent.patch(town, &place, "\"1\"", &json!({"champs": {"texte": "autre"}})).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(late.json()["versions"], json!({"demandee": 1, "actuelle": 2}));
        let blind = agent.ask(town, Method::PATCH, &place, &[], Some(&json!({"champs": {}}))).await;
        assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);

        assert_eq!(agent.delete(town, &place).await.status, StatusCode::NO_CONTENT);
        let list = agent.get(town, "/api/annotations?q=nid").await.json();
        assert_eq!(list["total"], 0);
        let archived = agent.get(town, "/api/annotations?q=nid&archivees=true").await.json();
        assert_eq!(archived["total"], 1);

        let steps = agent.get(town, &format!("{place}/historique")).await.json();
        let seen: Vec<(&str, bool)> = steps
            .as_array()
            .unwrap()
            .iter()
            .map(|step| (step["operation"].as_str().unwrap(), step["archivage"].as_bool().unwrap()))
            .collect();
        assert_eq!(seen, [("changement", true), ("changement", false), ("creation", false)]);
        assert_eq!((&steps[1]["avant"], &steps[1]["apres"]), (&json!({"texte": ""}), &json!({"texte": "Rebouché"})));
        assert_eq!(steps[1]["par"], format!("{}@exemple.invalid", agent.id));
    });
}

#[test]
fn what_is_refused_says_why() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let (here, there) = (milieu(town, "99101").await, milieu(town, "99102").await);
        let crossed = json!({"type": "Polygon", "coordinates": [[[4.0, 45.0], [4.1, 45.1], [4.1, 45.0], [4.0, 45.1], [4.0, 45.0]]]});
        for (body, status, cause) in [
            (json!({"champs": {}, "geometrie": here}), 400, "titre"),
            (json!({"champs": {"titre": "x", "version": 3}, "geometrie": here}), 400, "« version » est inconnu, ou"),
            (json!({"champs": {"titre": "x", "autre": 3}, "geometrie": here}), 400, "« autre » est inconnu, ou"),
            (json!({"champs": {"titre": "x"}}), 400, "geometrie"),
            (json!({"champs": {"titre": "x"}, "geometrie": there}), 422, "hors du territoire"),
            (json!({"champs": {"titre": "x"}, "geometrie": {"type": "Point", "coordinates": [0, 0]}}), 422, "pays"),
            (json!({"champs": {"titre": "x"}, "geometrie": crossed}), 422, "croise"),
            (json!({"champs": {"titre": "x"}, "geometrie": {"type": "Cercle", "coordinates": []}}), 422, "Cercle"),
        ] {
            let answer = agent.post(town, "/api/annotations", &body).await;
            assert_eq!(answer.status.as_u16(), status, "{body} {}", answer.text());
            assert!(answer.text().contains(cause), "{body} {}", answer.text());
        }
        for query in ["bbox=1,2,3", "bbox=5,45,4,46", "bbox=a,b,c,d", "limite=x", "autre=1"] {
            assert_eq!(agent.get(town, &format!("/api/annotations?{query}")).await.status, 400, "{query}");
        }
        assert_eq!(agent.get(town, "/api/annotations/autre").await.status, 404);
        assert_eq!(town.get("/api/annotations").await.status, 401);
        // Nothing of what was refused is there, and the shape that moves away comes back.
        let mine = made(town, &agent, "Ici").await;
        let place = format!("/api/annotations/{}", mine["id"].as_str().unwrap());
        let away = agent.patch(town, &place, "1", &json!({"geometrie": there})).await;
        assert_eq!(away.status, 422, "{}", away.text());
        assert_eq!(agent.get(town, &place).await.json(), mine);
        assert_eq!(agent.get(town, "/api/annotations?q=x").await.json()["total"], 0);
    });
}

#[test]
fn rights_open_rows_and_nothing_else_is_known() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let valbrume = agent(town, "99101", AGENT).await;
        let cyprin = agent(town, "99102", AGENT).await;
        let reader = agent(town, "99101", LECTEUR).await;
        let dpo = agent(town, "99101", DPO).await;
        let fiche = made(town, &valbrume, "Chez nous").await;
        let place = format!("/api/annotations/{}", fiche["id"].as_str().unwrap());
        let change = json!({"champs": {"texte": "x"}});

        assert_eq!(reader.get(town, &place).await.json()["champs"]["titre"], "Chez nous");
        for answer in [
            reader.patch(town, &place, "1", &change).await,
            reader.delete(town, &place).await,
            reader
                .post(town, "/api/annotations", &json!({"champs": {"titre": "x"}, "geometrie": fiche["geometrie"]}))
                .await,
            dpo.get(town, &place).await,
            dpo.get(town, &format!("{place}/historique")).await,
            dpo.get(town, "/api/annotations").await,
        ] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
        }
        // Another collectivité's row is as what does not exist, with the right or without it.
        let stranger = agent(town, "99102", DPO).await;
        let nothing = cyprin.get(town, "/api/annotations/00000000-0000-4000-8000-00000000000f").await;
        for answer in [
            cyprin.get(town, &place).await,
            cyprin.get(town, &format!("{place}/historique")).await,
            cyprin.patch(town, &place, "1", &change).await,
            cyprin.delete(town, &place).await,
            stranger.get(town, &place).await,
            stranger.delete(town, &place).await,
        ] {
            assert_eq!((answer.status, answer.bytes), (StatusCode::NOT_FOUND, nothing.bytes.clone()));
        }
        let list = cyprin.get(town, "/api/annotations").await;
        assert!(!list.text().contains("Chez nous") && !list.text().contains("Valbrume"), "{}", list.text());
        assert_eq!(list.json()["total"], 1);
    });
}

#[test]
fn a_role_of_one_commune_opens_that_commune() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let narrow = Tenu { communes: Some(&["99102"]), ..AGENT };
        let (whole, narrow) = (agent(town, "ccvo", AGENT).await, agent(town, "ccvo", narrow).await);
        let titles = |answer: Value| -> Vec<String> {
            let all = answer["fiches"].as_array().unwrap().iter();
            let mut titles: Vec<String> =
                all.map(|fiche| fiche["champs"]["titre"].as_str().unwrap().to_owned()).collect();
            titles.sort();
            titles
        };
        let all = titles(whole.get(town, "/api/annotations").await.json());
        assert_eq!(all, ["EPCI sur 99101", "EPCI sur 99102", "Valbrume"]);
        assert_eq!(titles(narrow.get(town, "/api/annotations").await.json()), ["EPCI sur 99102"]);
        // Known, of one's own collectivité, and closed: 403; making there is closed too.
        let body = json!({"champs": {"titre": "x"}, "geometrie": milieu(town, "99101").await});
        assert_eq!(narrow.post(town, "/api/annotations", &body).await.status, StatusCode::FORBIDDEN);
        let sienne = whole.get(town, "/api/annotations?q=EPCI%20sur%2099101").await.json();
        let place = format!("/api/annotations/{}", sienne["fiches"][0]["id"].as_str().unwrap());
        assert_eq!(narrow.get(town, &place).await.status, StatusCode::FORBIDDEN);
        // Seen through the mission alone: of another collectivité.
        let commune = whole.get(town, "/api/annotations?q=Valbrume").await.json();
        let place = format!("/api/annotations/{}", commune["fiches"][0]["id"].as_str().unwrap());
        assert_eq!(narrow.get(town, &place).await.status, StatusCode::NOT_FOUND);
        assert_eq!(commune["fiches"][0]["propre"], false);
    });
}

#[test]
fn the_same_key_makes_one_annotation() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (agent, other) = (agent(town, "99101", AGENT).await, agent(town, "99102", AGENT).await);
        let key = [(header::HeaderName::from_static("idempotency-key"), "cle-1")];
        let body = json!({"champs": {"titre": "Une fois"}, "geometrie": milieu(town, "99101").await});
        let first = agent.ask(town, Method::POST, "/api/annotations", &key, Some(&body)).await;
        let again = agent.ask(town, Method::POST, "/api/annotations", &key, Some(&body)).await;
        assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::OK), "{}", again.text());
        assert_eq!(first.json(), again.json());
        let reused = json!({"champs": {"titre": "Autre chose"}, "geometrie": body["geometrie"]});
        let reused = agent.ask(town, Method::POST, "/api/annotations", &key, Some(&reused)).await;
        assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY);
        // The key of one is not the key of another.
        let body = json!({"champs": {"titre": "Une fois"}, "geometrie": milieu(town, "99102").await});
        let theirs = other.ask(town, Method::POST, "/api/annotations", &key, Some(&body)).await;
        assert_eq!(theirs.status, StatusCode::CREATED, "{}", theirs.text());
        assert_eq!(agent.get(town, "/api/annotations?q=Une%20fois").await.json()["total"], 1);
    });
}

#[test]
fn lists_are_filtered_and_counted() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let agent = agent(town, "99101", AGENT).await;
        for titre in ["Borne 100 %", "Borne 1000", "borne d'incendie"] {
            made(town, &agent, titre).await;
        }
        let point = milieu(town, "99101").await;
        let total =
            async |query: &str| agent.get(town, &format!("/api/annotations?{query}")).await.json()["total"].clone();
        assert_eq!(total("q=BORNE").await, 3);
        assert_eq!(total("q=100%20%25").await, 1);
        assert_eq!(total("q=%25").await, 1);
        assert_eq!(total("categorie=travaux").await, 3);
        assert_eq!(total("categorie=projet").await, 0);
        assert_eq!(total("categorie=%27%20or%20true").await, 0);
        assert_eq!(total("bbox=-1,48,0,49").await, 0);
        let (x, y) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
        assert_eq!(total(&format!("q=borne&bbox={},{},{},{}", x - 0.001, y - 0.001, x + 0.001, y + 0.001)).await, 3);
        let page = agent.get(town, "/api/annotations?q=borne&limite=2&rang=2").await.json();
        assert_eq!((&page["total"], page["fiches"].as_array().unwrap().len()), (&json!(3), 1));
    });
}

#[test]
fn exports_hold_what_is_open_and_no_formula() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (agent, cyprin) = (agent(town, "99101", AGENT).await, agent(town, "99102", AGENT).await);
        made(town, &agent, "=CMD()").await;
        let csv = agent.get(town, "/api/annotations/export?format=csv").await;
        assert_eq!(csv.status, StatusCode::OK, "{}", csv.text());
        assert!(csv.text().contains("'=CMD()"), "{}", csv.text());
        let geojson = agent.get(town, "/api/annotations/export?format=geojson&q=CMD").await.json();
        assert_eq!(geojson["features"][0]["properties"]["titre"], "=CMD()");
        let gpkg = agent.get(town, "/api/annotations/export?format=gpkg").await;
        assert_eq!(&gpkg.bytes[..15], b"SQLite format 3");
        assert!(gpkg.header(&header::CONTENT_DISPOSITION).contains("annotations.gpkg"));
        assert!(!cyprin.get(town, "/api/annotations/export?format=csv").await.text().contains("CMD"));
        let acts = lignes(town, "acte").await;
        let exports: Vec<_> = acts.iter().filter(|(action, ..)| action == "exporter").collect();
        assert_eq!(exports.len(), 4);
        assert_eq!(exports[1].4["nombre"], 1);
    });
}

/// The tile of zoom 16 that holds the middle of a commune.
async fn tile_of(town: &mut Town, insee: &str) -> String {
    let point = milieu(town, insee).await;
    let (lon, lat) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
    let tile = finage_tiles::TileCoord::containing(lon, lat, 16);
    format!("{}/{}/{}", tile.z(), tile.x(), tile.y())
}

#[test]
fn the_layer_exists_for_who_may_read_it() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let agents = [agent(town, "99101", AGENT).await, agent(town, "ccvo", LECTEUR).await];
        let others = [agent(town, "99102", AGENT).await, agent(town, "99101", DPO).await];
        let titre = "Tranchée à reprendre";
        let fiche = made(town, &agents[0], titre).await;
        let place = tile_of(town, "99101").await;
        let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        for list in ["annotations", "parcelles,annotations"] {
            let path = format!("/tiles/{list}/{place}");
            let unknown = town.get(&format!("/tiles/{}/{place}", list.replace("annotations", "inconnue"))).await;
            for answer in [town.get(&path).await, others[1].get(town, &path).await] {
                assert_eq!(answer.status, StatusCode::NOT_FOUND);
                assert_eq!(answer.text().replace("annotations", "inconnue"), unknown.text());
            }
            assert_eq!(town.get(&format!("/tiles/{list}")).await.status, StatusCode::NOT_FOUND);
            for agent in &agents {
                let tile = agent.get(town, &path).await;
                assert_eq!(tile.status, StatusCode::OK);
                assert!(holds(&tile.bytes, titre) && holds(&tile.bytes, fiche["id"].as_str().unwrap()));
                assert_eq!(tile.header(&header::CACHE_CONTROL), "private, no-cache");
                assert!(tile.headers.get_all(header::VARY).iter().any(|vary| vary == "cookie, authorization"));
            }
            let theirs = others[0].get(town, &path).await;
            assert!(!holds(&theirs.bytes, titre));
            assert_eq!(theirs.status, StatusCode::NO_CONTENT);
        }
        let described = agents[0].get(town, "/tiles/parcelles,annotations").await.json();
        let fields = json!({"id": "Clé", "titre": "Titre", "categorie": "Catégorie"});
        assert_eq!(described["vector_layers"][1]["fields"], fields);
    });
}

#[test]
fn an_unchanged_tile_costs_a_304_until_a_row_or_a_right_changes() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (commune, epci) = (agent(town, "99101", AGENT).await, agent(town, "ccvo", LECTEUR).await);
        let fiche = made(town, &commune, "Repère").await;
        let path = format!("/tiles/parcelles,annotations/{}", tile_of(town, "99101").await);
        let first = epci.get(town, &path).await;
        let etag = first.header(&header::ETAG).to_owned();
        let again = async |town: &Town| {
            epci.ask(town, Method::GET, &path, &[(header::IF_NONE_MATCH, &etag)], None).await.status
        };
        assert_eq!(again(town).await, StatusCode::NOT_MODIFIED);
        let place = format!("/api/annotations/{}", fiche["id"].as_str().unwrap());
        let other = json!({"champs": {"titre": "Repère déplacé"}});
        assert_eq!(commune.patch(town, &place, "1", &other).await.status, StatusCode::OK);
        assert_eq!(again(town).await, StatusCode::OK);
        let back = json!({"champs": {"titre": "Repère"}});
        assert_eq!(commune.patch(town, &place, "2", &back).await.status, StatusCode::OK);
        assert_eq!(again(town).await, StatusCode::NOT_MODIFIED);
        // The mission ends: what was seen is seen no more, though no row changed.
        sqlx::raw_sql("update acces.mission set au = core.jour(insee) where mission = 'sig'")
            .execute(&mut town.owner)
            .await
            .unwrap();
        let after = epci.ask(town, Method::GET, &path, &[(header::IF_NONE_MATCH, &etag)], None).await;
        assert_eq!(after.status, StatusCode::NO_CONTENT);
    });
}

#[test]
fn the_search_finds_them_for_who_may_read_them() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (mine, dpo) = (agent(town, "99101", AGENT).await, agent(town, "99101", DPO).await);
        let path = "/api/recherche?q=tranch%C3%A9e";
        let public = town.get(path).await;
        let fiche = made(town, &mine, "Tranchée à reprendre").await;
        assert_eq!(town.get(path).await.bytes, public.bytes);
        assert_eq!(dpo.get(town, path).await.bytes, public.bytes);
        let found = mine.get(town, path).await.json();
        let last = found["features"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["properties"]["type"], "annotation");
        assert_eq!((&last["properties"]["id"], &last["properties"]["citycode"]), (&fiche["id"], &json!("99101")));
        assert_eq!(found["indice"], Value::Null);
        let page = mine.get(town, "/recherche?q=tranch%C3%A9e").await.text();
        assert!(page.contains(&format!("/annotations/{}", fiche["id"].as_str().unwrap())), "{page}");
        assert!(!town.get("/recherche?q=tranch%C3%A9e").await.text().contains("Tranchée à"));
    });
}

#[test]
fn a_closed_field_is_closed_everywhere() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        sqlx::raw_sql(
            "insert into acces.role (code, libelle) values ('restreint', 'Titre seul');
             insert into acces.droit (role, objet, action, champs)
             select id, 'annotation', action, '{titre}' from acces.role, unnest(array['lire', 'changer', 'exporter']) action
             where code = 'restreint'",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let (whole, narrow) =
            (agent(town, "99101", AGENT).await, agent(town, "99101", Tenu { role: "restreint", ..AGENT }).await);
        let fiche = made(town, &whole, "Visible").await;
        let place = format!("/api/annotations/{}", fiche["id"].as_str().unwrap());
        let secret = json!({"champs": {"texte": "caché"}});
        assert_eq!(whole.patch(town, &place, "1", &secret).await.status, StatusCode::OK);

        let seen = narrow.get(town, &place).await.json();
        assert_eq!(seen["champs"], json!({"titre": "Visible", "texte": null, "categorie": null}));
        for query in ["q=cach%C3%A9", "categorie=travaux"] {
            let found = narrow.get(town, &format!("/api/annotations?{query}")).await.json();
            assert_eq!(found["total"], 0, "{query}");
        }
        let steps = narrow.get(town, &format!("{place}/historique")).await;
        assert!(!steps.text().contains("caché") && !steps.text().contains("travaux"), "{}", steps.text());
        let csv = narrow.get(town, "/api/annotations/export?format=csv").await.text();
        assert!(csv.contains("Visible") && !csv.contains("caché") && !csv.contains("texte"), "{csv}");
        let path = format!("/tiles/annotations/{}", tile_of(town, "99101").await);
        let tile = narrow.get(town, &path).await;
        assert!(tile.text().contains("Visible") && !tile.text().contains("travaux"));
        let page = narrow.get(town, &format!("/annotations/{}", fiche["id"].as_str().unwrap())).await.text();
        assert!(page.contains("Visible") && !page.contains("caché"), "{page}");

        // Closed and unknown are told the same.
        let closed = narrow.patch(town, &place, "2", &secret).await;
        let unknown = narrow.patch(town, &place, "2", &json!({"champs": {"inconnu": "x"}})).await;
        assert_eq!((closed.status, unknown.status), (StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST));
        assert_eq!(closed.text().replace("texte", "inconnu"), unknown.text());
        let open = narrow.patch(town, &place, "2", &json!({"champs": {"titre": "Encore visible"}})).await;
        assert_eq!(open.status, StatusCode::OK, "{}", open.text());
        assert_eq!(whole.get(town, &place).await.json()["champs"]["texte"], "caché");
    });
}

#[test]
fn models_name_their_table_and_its_columns() {
    on_empty_town(async |town| {
        for modele in finage::modules::objets::MODELES {
            let relation: String = sqlx::query_scalar("select relation from core.objet where nom = $1")
                .bind(modele.objet.nom)
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
            assert_eq!(relation, modele.relation());
            for champ in modele.objet.champs {
                let there: bool = sqlx::query_scalar(
                    "select exists (select from pg_attribute where attrelid = $1::regclass and attname = $2)",
                )
                .bind(&relation)
                .bind(champ.nom)
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
                assert!(there, "{relation}.{}", champ.nom);
            }
        }
    });
}
