//! What accounts may do: denied by default, one action at a time, where and while a role is held.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use finage::access::attributions::{self, Pouvoir};
use finage::access::droits::catalogue::{ATTRIBUTION, JOURNAL};
use finage::access::droits::{Action, Objet, Perimetre};
use finage::access::identite::{Connu, Refus};
use finage::access::journal::{Auteur, Finalite};
use finage::access::{Acces, secret};
use finage::db::Canal;
use finage::http::catalogue;
use finage::jobs::Registry;
use finage::modules::registry::Registry as Modules;
use serde_json::json;
use uuid::Uuid;

use crate::agents::{Agent, Tenu, agent, lignes};
use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town, on_sample_town};

fn tenu(role: &str) -> Tenu<'_> {
    Tenu { role, ..Tenu::default() }
}

fn annotation() -> &'static Objet {
    catalogue::objet(&Modules::default(), "annotation").unwrap()
}

/// A role of a collectivité of the tests, without rights yet.
async fn role(town: &mut Town, code: &str) -> i32 {
    sqlx::query_scalar("insert into acces.role (code, libelle) values ($1, $1) returning id")
        .bind(code)
        .fetch_one(&mut town.owner)
        .await
        .unwrap()
}

/// Gives a right to a role.
async fn permet(town: &mut Town, role: i32, objet: &str, action: &str, lignes: Option<&str>, champs: Option<&[&str]>) {
    sqlx::query("insert into acces.droit (role, objet, action, lignes, champs) values ($1, $2, $3, $4, $5)")
        .bind(role)
        .bind(objet)
        .bind(action)
        .bind(lignes)
        .bind(champs)
        .execute(&mut town.owner)
        .await
        .unwrap();
}

/// A session of an account, and its secret.
async fn session(town: &mut Town, agent: &Agent) -> String {
    let (texte, empreinte) = secret::nouveau("").unwrap();
    sqlx::query(
        "insert into acces.session (empreinte, id, utilisateur, collectivite, second_facteur, expire_le)
         select $1, gen_random_uuid(), $2, collectivite, false, now() + interval '1 hour'
         from acces.attribution where utilisateur = $2 limit 1",
    )
    .bind(empreinte.octets())
    .bind(agent.id)
    .execute(&mut town.owner)
    .await
    .unwrap();
    texte
}

/// What is known of an account, read now.
pub async fn connu(town: &mut Town, agent: &Agent) -> Connu {
    let texte = session(town, agent).await;
    Acces::new(town.pools.acces.clone(), false).par_session(&texte).await.unwrap().unwrap()
}

async fn titles(town: &Town, agent: &Agent) -> Vec<String> {
    let answer = agent.get(town, "/api/annotations").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let list = answer.json();
    let mut titles: Vec<String> = list["fiches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["champs"]["titre"].as_str().unwrap_or("-").to_owned())
        .collect();
    titles.sort();
    titles
}

#[test]
fn nothing_is_permitted_that_no_role_gives_and_each_action_is_its_own() {
    on_empty_town(async |town| {
        monde(town).await;
        role(town, "vide").await;
        let empty = agent(town, "99101", tenu("vide")).await;
        assert_eq!(empty.get(town, "/api/annotations").await.status, StatusCode::FORBIDDEN);
        let known = connu(town, &empty).await;
        for objet in catalogue::tous(&Modules::default()) {
            for action in Action::TOUTES {
                assert!(known.droit(objet, action).is_err(), "{} {action}", objet.nom);
            }
        }
        for given in Action::TOUTES {
            let code = format!("seul_{}", given.code());
            let id = role(town, &code).await;
            permet(town, id, "annotation", given.code(), None, None).await;
            let one = agent(town, "99101", tenu(&code)).await;
            let known = connu(town, &one).await;
            for action in Action::TOUTES {
                assert_eq!(known.droit(annotation(), action).is_ok(), action == given, "{given} {action}");
                assert!(known.droit(&JOURNAL, action).is_err());
            }
        }
    });
}

#[test]
fn a_role_is_held_from_its_first_day_to_its_last() {
    on_empty_town(async |town| {
        monde(town).await;
        let reader = agent(town, "99101", tenu("lecteur")).await;
        for (du, au, held) in
            [(0, "null", true), (1, "null", false), (-9, "0", false), (-9, "1", true), (-9, "(-1)", false)]
        {
            let sql =
                format!("update acces.attribution set du = core.jour('') + ({du}), au = core.jour('') + {au}::integer");
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut town.owner).await.unwrap();
            let status = reader.get(town, "/api/annotations").await.status;
            assert_eq!(status == StatusCode::OK, held, "{du} {au} {status}");
        }
        // An account that is closed holds nothing.
        sqlx::raw_sql(
            "update acces.attribution set du = core.jour(''), au = null; update acces.utilisateur set actif = false",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        assert_eq!(reader.get(town, "/api/annotations").await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn communes_fields_filters_and_missions_say_which_rows_and_what_of_them() {
    on_sample_town(async |town| {
        monde(town).await;
        let everywhere = agent(town, "ccvo", tenu("lecteur")).await;
        // The mission « sig » is held on 99101 alone: what Cyprin owns stays its own.
        assert_eq!(titles(town, &everywhere).await, ["EPCI sur 99101", "EPCI sur 99102", "Valbrume"]);
        let here = Tenu { communes: Some(&["99102"]), ..tenu("lecteur") };
        let here = agent(town, "ccvo", here).await;
        assert_eq!(titles(town, &here).await, ["EPCI sur 99102"]);
        // A mission without the territory opens nothing.
        let syndicat = agent(town, "syndicat", tenu("lecteur")).await;
        assert_eq!(titles(town, &syndicat).await, [] as [&str; 0]);

        let narrow = role(town, "etroit").await;
        permet(town, narrow, "annotation", "lire", Some("titre like 'EPCI%'"), Some(&["categorie"])).await;
        let narrow = agent(town, "ccvo", tenu("etroit")).await;
        let list = narrow.get(town, "/api/annotations").await.json();
        assert_eq!(list["total"], 2, "{list}");
        assert_eq!(list["fiches"][0]["champs"]["titre"], json!(null));
        assert_eq!(list["fiches"][0]["champs"]["categorie"], "note");
        // A filter that cannot be read opens nothing.
        let wrong = role(town, "faux").await;
        permet(town, wrong, "annotation", "lire", Some("colonne_absente = 1"), None).await;
        let wrong = agent(town, "ccvo", tenu("faux")).await;
        assert_eq!(wrong.get(town, "/api/annotations").await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_change_must_leave_the_row_where_one_may_change_it() {
    on_empty_town(async |town| {
        monde(town).await;
        let id = role(town, "notes").await;
        permet(town, id, "annotation", "changer", Some("categorie = 'note'"), None).await;
        let writer = agent(town, "99101", tenu("notes")).await;
        let known = connu(town, &writer).await;
        let droit = known.droit(annotation(), Action::Changer).unwrap();
        let key: Uuid = sqlx::query_scalar("select id from core.annotation where titre = 'Valbrume'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let mut tx = town.pools.collectivites.begin(&known.acteur(Canal::Api).unwrap()).await.unwrap();
        assert!(droit.ouvre_ligne(&mut tx, "core.annotation", key).await.unwrap());
        sqlx::query("update core.annotation set categorie = 'projet' where id = $1")
            .bind(key)
            .execute(&mut *tx)
            .await
            .unwrap();
        assert!(!droit.ouvre_ligne(&mut tx, "core.annotation", key).await.unwrap());
        // A row of another is as none.
        let other: Uuid = sqlx::query_scalar("select id from core.annotation where titre = 'Cyprin'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert!(!droit.ouvre_ligne(&mut tx, "core.annotation", other).await.unwrap());
    });
}

#[test]
fn a_right_withdrawn_is_withdrawn_at_once() {
    on_empty_town(async |town| {
        monde(town).await;
        let reader = agent(town, "99101", tenu("lecteur")).await;
        let texte = session(town, &reader).await;
        let app = town.app(Registry::default());
        let listen = town.database.listen_pool().await.unwrap();
        let listening = tokio::spawn({
            let app = app.clone();
            async move { app.acces().ecoute(listen, app.closing()).await }
        });
        // Who owns the tables does not see what others ask.
        let mut admin = town.database.admin().await.unwrap();
        let held = async || {
            let known = app.acces().par_session(&texte).await.unwrap().unwrap();
            known.droit(annotation(), Action::Lire).is_ok()
        };
        // What is known is believed for 5 s: only an announcement forgets it before. One round in five is enough, for a
        // machine that stops for a while proves nothing.
        let mut at_once = false;
        for _ in 0..5 {
            let waiting = "select count(*) from pg_stat_activity where query ilike 'listen%finage_acces%' and datname = current_database()";
            while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut admin).await.unwrap() == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            app.acces().oublie();
            let begun = Instant::now();
            assert!(held().await);
            let id: i64 =
                sqlx::query_scalar("select id from acces.attribution").fetch_one(&mut town.owner).await.unwrap();
            attributions::retire(&mut town.owner, &Pouvoir::Administration(Auteur::COMMANDE), id).await.unwrap();
            while held().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if begun.elapsed() < Duration::from_secs(4) {
                at_once = true;
                break;
            }
            let email = format!("{}@exemple.invalid", reader.id);
            give(town, &email, "lecteur", "99101").await;
        }
        assert!(at_once);
        app.close();
        listening.await.unwrap();
    });
}

async fn give(town: &mut Town, email: &str, role: &str, collectivite: &str) {
    let demande = attributions::Demande {
        email,
        role,
        collectivite,
        communes: None,
        finalites: &["urbanisme".to_owned()],
        du: None,
        au: None,
    };
    attributions::donne(&mut town.owner, &Pouvoir::Administration(Auteur::COMMANDE), &demande).await.unwrap();
}

#[test]
fn a_manager_reaches_its_own_collectivite_and_does_not_raise_itself() {
    on_empty_town(async |town| {
        monde(town).await;
        let manager = agent(town, "99101", tenu("gestionnaire")).await;
        let reader = agent(town, "99101", tenu("lecteur")).await;
        let stranger = agent(town, "99102", tenu("lecteur")).await;
        let mail = |agent: &Agent| format!("{}%40exemple.invalid", agent.id);

        // Another account of its own collectivité: given, then withdrawn.
        let form = format!("email={}&role=agent&finalites=urbanisme", mail(&reader));
        assert_eq!(manager.form(town, "/roles", &form).await.status, StatusCode::SEE_OTHER);
        let held: i64 = sqlx::query_scalar("select max(id) from acces.attribution where utilisateur = $1")
            .bind(reader.id)
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let acts = lignes(town, "acte").await;
        let (action, objet, key, _, details) = acts.last().unwrap();
        assert_eq!(
            (action.as_str(), objet.as_str(), key.as_deref()),
            ("donner", "attribution", Some(held.to_string().as_str()))
        );
        assert_eq!((&details["role"], &details["finalites"]), (&json!("agent"), &json!(["urbanisme"])));
        assert_eq!(
            manager.form(town, &format!("/roles/attributions/{held}/retirer"), "").await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(lignes(town, "acte").await.last().unwrap().0, "retirer");
        let again = manager.form(town, &format!("/roles/attributions/{held}/retirer"), "").await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);

        // Whatever the form says, it gives for its own collectivité alone.
        let form = format!("email={}&role=lecteur&collectivite=99102", mail(&stranger));
        assert_eq!(manager.form(town, "/roles", &form).await.status, StatusCode::SEE_OTHER);
        let places: Vec<String> = sqlx::query_scalar(
            "select c.code from acces.attribution a join acces.collectivite c on c.id = a.collectivite where a.utilisateur = $1 order by 1",
        )
        .bind(stranger.id)
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert_eq!(places, ["99101", "99102"]);
        // What is another collectivité's is as none.
        let theirs: i64 = sqlx::query_scalar("select min(id) from acces.attribution where utilisateur = $1")
            .bind(stranger.id)
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let refused = manager.form(town, &format!("/roles/attributions/{theirs}/retirer"), "").await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let far = agent(town, "99102", tenu("lecteur")).await;
        assert_eq!(manager.get(town, &format!("/roles/{}", far.id)).await.status, StatusCode::NOT_FOUND);

        // Itself, and the installation.
        for (form, status) in [
            (format!("email={}&role=dpo&finalites=urbanisme", mail(&manager)), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("email={}&role=lecteur", mail(&manager)), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("email={}&role=administrateur", mail(&reader)), StatusCode::UNPROCESSABLE_ENTITY),
            ("email=personne%40exemple.invalid&role=lecteur".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("email={}&role=agent", mail(&reader)), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("email={}&role=lecteur&communes=99102", mail(&reader)), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("email={}&role=lecteur&au=2020-01-01", mail(&reader)), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("email={}&role=lecteur&au=demain", mail(&reader)), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("email={}&role=lecteur&finalites=UN%20DEUX", mail(&reader)), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let answer = manager.form(town, "/roles", &form).await;
            assert_eq!(answer.status, status, "{form}");
            let html = answer.text();
            assert!(html.contains("role=\"alert\"") && html.contains("aria-invalid=\"true\""), "{form}");
        }
        let itself = connu(town, &manager).await;
        assert!(!itself.administrateur && itself.droits.octrois().iter().all(|octroi| octroi.role == "gestionnaire"));
        for path in ["/administration", "/administration/collectivites"] {
            assert_eq!(manager.get(town, path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        // A reader neither sees nor gives.
        assert_eq!(reader.get(town, "/roles").await.status, StatusCode::FORBIDDEN);
        assert_eq!(reader.form(town, "/roles", "email=x&role=agent").await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_manager_of_some_communes_gives_for_those_alone() {
    on_empty_town(async |town| {
        monde(town).await;
        let manager = agent(town, "ccvo", Tenu { communes: Some(&["99101"]), ..tenu("gestionnaire") }).await;
        let other = agent(town, "99102", tenu("lecteur")).await;
        let known = connu(town, &manager).await;
        let reach = known.droit(&ATTRIBUTION, Action::Creer).unwrap().perimetre();
        assert_eq!(reach, Perimetre::Communes(vec!["99101".to_owned()]));
        for (communes, status) in [
            ("", StatusCode::UNPROCESSABLE_ENTITY),
            ("99102", StatusCode::UNPROCESSABLE_ENTITY),
            ("99101+99102", StatusCode::UNPROCESSABLE_ENTITY),
            ("99101", StatusCode::SEE_OTHER),
        ] {
            let form = format!("email={}%40exemple.invalid&role=lecteur&communes={communes}", other.id);
            assert_eq!(manager.form(town, "/roles", &form).await.status, status, "{communes}");
        }
    });
}

#[test]
fn who_sees_a_record_and_why_is_what_happens() {
    on_empty_town(async |town| {
        monde(town).await;
        let manager = agent(town, "ccvo", tenu("gestionnaire")).await;
        let reader = agent(town, "ccvo", tenu("lecteur")).await;
        let here = agent(town, "ccvo", Tenu { communes: Some(&["99102"]), ..tenu("agent") }).await;
        let id = role(town, "notes").await;
        permet(town, id, "annotation", "lire", Some("categorie = 'note' and insee in user.communes"), Some(&["titre"]))
            .await;
        let notes = agent(town, "ccvo", tenu("notes")).await;
        let neighbour = agent(town, "99101", tenu("lecteur")).await;
        let keys: Vec<(String, String)> =
            sqlx::query_as("select titre, id::text from core.annotation").fetch_all(&mut town.owner).await.unwrap();
        let key = |titre: &str| keys.iter().find(|(known, _)| known == titre).unwrap().1.clone();

        let place = format!("/api/droits/annotation/{}", key("Valbrume"));
        let answer = manager.get(town, &place).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let said = answer.json();
        let reached: Vec<(&str, bool)> = said["collectivites"]
            .as_array()
            .unwrap()
            .iter()
            .map(|une| (une["code"].as_str().unwrap(), une["proprietaire"].as_bool().unwrap()))
            .collect();
        assert_eq!(reached, [("99101", true), ("ccvo", false)]);
        let readers: Vec<String> = said["ouvertures"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|une| une["action"] == "lire")
            .map(|une| une["utilisateur"].as_str().unwrap().to_owned())
            .collect();
        let mut wanted = vec![reader.id.to_string(), notes.id.to_string()];
        wanted.sort();
        let mut found = readers.clone();
        found.sort();
        assert_eq!(found, wanted, "neither {} nor {}", here.id, neighbour.id);
        let by_filter = said["ouvertures"].as_array().unwrap().iter().find(|une| une["role"] == "notes").unwrap();
        assert_eq!(by_filter["lignes"], "categorie = 'note' and insee in user.communes");
        assert_eq!(by_filter["champs"], json!(["titre"]));
        // It is what happens.
        for (who, sees) in [(&reader, true), (&notes, true), (&here, false)] {
            let path = format!("/api/annotations/{}", key("Valbrume"));
            assert_eq!(who.get(town, &path).await.status == StatusCode::OK, sees);
        }
        let page = manager.get(town, &format!("/droits/annotation?cle={}", key("Valbrume"))).await;
        assert_eq!(page.status, StatusCode::OK);
        let html = page.text();
        assert!(html.contains(&format!("{}@exemple.invalid", reader.id)));
        assert!(!html.contains(&neighbour.id.to_string()));

        // Another's record, no record, no object: the same.
        for path in [
            format!("/api/droits/annotation/{}", key("Cyprin")),
            format!("/api/droits/annotation/{}", Uuid::new_v4()),
            "/api/droits/annotation/rien".to_owned(),
            format!("/api/droits/inconnu/{}", key("Valbrume")),
            format!("/api/droits/journal/{}", key("Valbrume")),
        ] {
            assert_eq!(manager.get(town, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(manager.get(town, "/droits/annotation?cle=rien").await.status, StatusCode::NOT_FOUND);
        assert_eq!(reader.get(town, &place).await.status, StatusCode::FORBIDDEN);
        assert_eq!(town.get(&place).await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn view_as_shows_writes_nothing_and_is_an_act() {
    on_sample_town(async |town| {
        monde(town).await;
        let manager = agent(town, "99101", tenu("gestionnaire")).await;
        let finalites: &[&str] = &["urbanisme"];
        let clerk = agent(town, "99101", Tenu { finalites, ..tenu("agent") }).await;
        let far = agent(town, "99102", tenu("agent")).await;
        assert_eq!(manager.get(town, "/api/annotations").await.status, StatusCode::FORBIDDEN);

        let open = |agent: &Agent, code: &str| format!("utilisateur={}&collectivite={code}", agent.id);
        for (form, status) in [
            (open(&far, "99102"), StatusCode::NOT_FOUND),
            (open(&far, "99101"), StatusCode::NOT_FOUND),
            (open(&manager, "99101"), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            assert_eq!(manager.form(town, "/voir-comme", &form).await.status, status, "{form}");
        }
        assert_eq!(clerk.form(town, "/voir-comme", &open(&manager, "99101")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(manager.form(town, "/voir-comme/fin", "").await.status, StatusCode::CONFLICT);

        assert_eq!(manager.form(town, "/voir-comme", &open(&clerk, "99101")).await.status, StatusCode::SEE_OTHER);
        let banner = format!("({}@exemple.invalid), pour Valbrume", clerk.id);
        for path in ["/", "/extraits", "/services", "/nulle-part"] {
            assert!(manager.get(town, path).await.text().contains(&banner), "{path}");
        }
        assert_eq!(titles(town, &manager).await, ["EPCI sur 99101", "Valbrume"]);
        let key: Uuid = sqlx::query_scalar("select id from core.annotation where titre = 'Valbrume'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let body = json!({"champs": {"titre": "x"}, "geometrie": {"type": "Point", "coordinates": [4.0, 45.0]}});
        assert_eq!(manager.post(town, "/api/annotations", &body).await.status, StatusCode::FORBIDDEN);
        let place = format!("/api/annotations/{key}");
        assert_eq!(
            manager.patch(town, &place, "\"1\"", &json!({"champs": {"titre": "x"}})).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(manager.delete(town, &place).await.status, StatusCode::FORBIDDEN);
        let named = manager.get(town, "/api/personnes?finalite=urbanisme").await;
        assert_eq!(named.status, StatusCode::FORBIDDEN, "{}", named.text());
        let plain = manager.get(town, "/api/personnes").await.text();
        assert!(!plain.contains("Personne de"), "{plain}");
        assert_eq!(manager.form(town, "/roles", "email=x&role=agent").await.status, StatusCode::FORBIDDEN);
        assert_eq!(manager.form(town, "/voir-comme", &open(&clerk, "99101")).await.status, StatusCode::CONFLICT);
        let touched: i64 = sqlx::query_scalar("select count(*) from core.historique where operation <> 'creation'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(touched, 0);

        assert_eq!(manager.form(town, "/voir-comme/fin", "").await.status, StatusCode::SEE_OTHER);
        assert!(!manager.get(town, "/").await.text().contains(&banner));
        assert_eq!(manager.get(town, "/api/annotations").await.status, StatusCode::FORBIDDEN);
        assert_eq!(manager.get(town, "/roles").await.status, StatusCode::OK);
        let acts: Vec<String> =
            lignes(town, "acte").await.into_iter().filter(|acte| acte.1 == "utilisateur").map(|acte| acte.0).collect();
        assert_eq!(acts, ["voir_comme", "fin_voir_comme"]);
        assert!(lignes(town, "acces").await.is_empty());
    });
}

#[test]
fn a_view_reads_no_journal_and_no_name() {
    on_empty_town(async |town| {
        monde(town).await;
        let manager = agent(town, "99101", tenu("gestionnaire")).await;
        let finalites: &[&str] = &["urbanisme"];
        let dpo = agent(town, "99101", Tenu { finalites, ..tenu("dpo") }).await;
        let real = connu(town, &dpo).await;
        let urbanisme = Finalite::parse("urbanisme").unwrap();
        let personne = catalogue::objet(&Modules::default(), "personne").unwrap();
        assert!(real.droit(&JOURNAL, Action::Lire).is_ok() && real.nominatif(personne, &urbanisme).is_ok());
        let texte = session(town, &manager).await;
        sqlx::query("update acces.session set vue_comme = $1 where utilisateur = $2")
            .bind(dpo.id)
            .bind(manager.id)
            .execute(&mut town.owner)
            .await
            .unwrap();
        let view = Acces::new(town.pools.acces.clone(), false).par_session(&texte).await.unwrap().unwrap();
        assert!(view.droit(personne, Action::Lire).is_ok());
        for refused in [
            view.droit(&JOURNAL, Action::Lire),
            view.droit(personne, Action::Changer),
            view.nominatif(personne, &urbanisme),
        ] {
            assert_eq!(refused.unwrap_err(), Refus::VueComme);
        }
        let answer = manager.ask(town, Method::GET, "/roles", &[], None).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "rights are those of the other account");
    });
}

#[test]
fn a_view_goes_nowhere_else_and_ends_with_the_right_to_open_it() {
    on_empty_town(async |town| {
        monde(town).await;
        let manager = agent(town, "99101", tenu("gestionnaire")).await;
        let reader = agent(town, "99101", tenu("lecteur")).await;
        // Both also read for the EPCI, where the manager manages nothing.
        for who in [&manager, &reader] {
            give(town, &format!("{}@exemple.invalid", who.id), "lecteur", "ccvo").await;
        }
        let form = format!("utilisateur={}&collectivite=99101", reader.id);
        assert_eq!(manager.form(town, "/voir-comme", &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(titles(town, &manager).await, ["EPCI sur 99101", "Valbrume"]);
        let epci: i32 = sqlx::query_scalar("select id from acces.collectivite where code = 'ccvo'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        manager.form(town, "/compte/collectivite", &format!("collectivite={epci}")).await;
        assert_eq!(titles(town, &manager).await, ["EPCI sur 99101", "Valbrume"]);
        // Managing some communes is not enough, nor is managing no more.
        let held = "update acces.attribution set communes = $2 where utilisateur = $1 and role = (select id from acces.role where code = 'gestionnaire')";
        for communes in [Some(vec!["99101"]), None] {
            sqlx::query(held).bind(manager.id).bind(&communes).execute(&mut town.owner).await.unwrap();
            let shown = manager.get(town, "/").await.text().contains("Vous voyez Finage comme");
            assert_eq!(shown, communes.is_none());
        }
        sqlx::query("update acces.attribution set communes = '{99101}' where utilisateur = $1 and collectivite <> $2")
            .bind(manager.id)
            .bind(epci)
            .execute(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(manager.form(town, "/voir-comme/fin", "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(manager.get(town, "/roles").await.status, StatusCode::OK);
        assert_eq!(manager.form(town, "/voir-comme", &form).await.status, StatusCode::FORBIDDEN);
    });
}
