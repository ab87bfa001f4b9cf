//! Screens of administration: who reaches them, and what they write.

use axum::http::{StatusCode, header};
use finage::access::collectivites::{self, CollectiviteError, Etendue, Nouvelle};
use finage::access::journal::Auteur;
use finage::access::roles::{self, Demande, RoleError};
use finage::http::catalogue;
use finage::modules::registry::Registry;
use serde_json::json;
use uuid::Uuid;

use crate::agents::{Agent, Tenu, administrateur, agent, lignes};
use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town};

fn tenu(role: &str) -> Tenu<'_> {
    Tenu { role, ..Tenu::default() }
}

#[test]
fn each_screen_admits_whom_it_must() {
    on_empty_town(async |town| {
        monde(town).await;
        let admin = administrateur(town).await;
        let gestionnaire = agent(town, "99101", tenu("gestionnaire")).await;
        let others = [
            agent(town, "99101", tenu("lecteur")).await,
            agent(town, "99101", tenu("agent")).await,
            agent(town, "99101", tenu("dpo")).await,
        ];
        let screens = [
            ("/administration".to_owned(), false),
            (format!("/administration/comptes/{}", others[0].id), false),
            ("/administration/collectivites".to_owned(), false),
            ("/administration/collectivites/ccvo".to_owned(), false),
            ("/administration/collectivites/ccvo?le=2024-01-01".to_owned(), false),
            ("/roles".to_owned(), true),
            (format!("/roles/{}", others[0].id), true),
            ("/droits/annotation".to_owned(), true),
        ];
        for (path, managed) in &screens {
            let stranger = town.get(path).await;
            assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path}");
            assert!(stranger.header(&header::LOCATION).starts_with("/connexion"), "{path}");
            for other in &others {
                assert_eq!(other.get(town, path).await.status, StatusCode::FORBIDDEN, "{path}");
            }
            let (mine, theirs) = if *managed { (&gestionnaire, &admin) } else { (&admin, &gestionnaire) };
            assert_eq!(theirs.get(town, path).await.status, StatusCode::FORBIDDEN, "{path}");
            let page = mine.get(town, path).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {}", page.text());
            let html = page.text();
            assert_eq!(html.matches("<h1>").count(), 1, "{path}");
            assert!(!html.contains(" style=") && !html.contains("<script>"), "{path}");
            let vary = page.headers.get_all(header::VARY).iter().any(|value| value.as_bytes().starts_with(b"cookie"));
            assert!(vary, "{path}");
        }
        // What is not there.
        for path in ["/administration/collectivites/absente", "/administration/comptes/rien"] {
            assert_eq!(admin.get(town, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(gestionnaire.get(town, &format!("/roles/{}", Uuid::new_v4())).await.status, StatusCode::NOT_FOUND);
        assert_eq!(gestionnaire.get(town, "/droits/inconnu").await.status, StatusCode::NOT_FOUND);
        // The menu says what one has.
        let home = gestionnaire.get(town, "/roles").await.text();
        assert!(home.contains("href=\"/roles\" aria-current=\"page\"") && !home.contains("href=\"/administration\""));
        let home = admin.get(town, "/").await.text();
        assert!(home.contains("href=\"/administration\"") && !home.contains("href=\"/roles\""));
        assert!(!town.get("/").await.text().contains("href=\"/administration\""));
    });
}

#[test]
fn administering_gives_no_right_on_data() {
    on_empty_town(async |town| {
        monde(town).await;
        let admin = administrateur(town).await;
        for path in ["/api/annotations", "/api/personnes", "/roles"] {
            assert_eq!(admin.get(town, path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        // Given a role to read, it reads, and no more.
        let form = "collectivite=99101&role=lecteur";
        let place = format!("/administration/comptes/{}", admin.id);
        assert_eq!(admin.form(town, &format!("{place}/roles"), form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(admin.get(town, "/api/annotations").await.status, StatusCode::OK);
        assert_eq!(admin.get(town, "/api/personnes").await.status, StatusCode::FORBIDDEN);
        let page = admin.get(town, &place).await.text();
        assert!(page.contains("Lecteur") && page.contains("99101"));
        let id: i64 = sqlx::query_scalar("select id from acces.attribution").fetch_one(&mut town.owner).await.unwrap();
        let back = format!("utilisateur={}", admin.id);
        let done = admin.form(town, &format!("/administration/attributions/{id}/retirer"), &back).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert_eq!(admin.get(town, "/api/annotations").await.status, StatusCode::FORBIDDEN);
        let acts: Vec<String> =
            lignes(town, "acte").await.into_iter().filter(|acte| acte.1 == "attribution").map(|acte| acte.0).collect();
        assert_eq!(acts, ["donner", "retirer"]);
    });
}

#[test]
fn an_administrator_sees_as_an_account_of_any_collectivite() {
    on_empty_town(async |town| {
        monde(town).await;
        let admin = administrateur(town).await;
        let reader = agent(town, "ccvo", tenu("lecteur")).await;
        let form = format!("utilisateur={}&collectivite=ccvo", reader.id);
        assert_eq!(admin.form(town, "/voir-comme", &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(admin.get(town, "/api/annotations").await.status, StatusCode::OK);
        // A view administers nothing.
        assert_eq!(admin.get(town, "/administration").await.status, StatusCode::FORBIDDEN);
        assert_eq!(admin.form(town, "/voir-comme/fin", "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(admin.get(town, "/administration").await.status, StatusCode::OK);
        assert_eq!(admin.get(town, "/api/annotations").await.status, StatusCode::FORBIDDEN);
    });
}

async fn post(town: &mut Town, admin: &Agent, path: &str, form: &str) -> (StatusCode, String) {
    let answer = admin.form(town, path, form).await;
    (answer.status, answer.text())
}

#[test]
fn a_collectivite_is_made_extended_and_closed_on_its_screens() {
    on_empty_town(async |town| {
        monde(town).await;
        let admin = administrateur(town).await;
        let list = "/administration/collectivites";
        for (form, field) in [
            ("code=CCVO&nom=x&genre=epci", "code"),
            ("code=ccvo&nom=x&genre=epci", "code"),
            ("code=nouvelle&nom=&genre=epci", "nom"),
            ("code=nouvelle&nom=x&genre=royaume", "genre"),
            ("code=nouvelle&nom=x&genre=epci&siren=12", "siren"),
            ("code=nouvelle&nom=x&genre=epci&communes=99999", "communes"),
        ] {
            let (status, html) = post(town, &admin, list, form).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(html.contains(&format!("id=\"erreur-{field}\"")), "{form}");
        }
        let form = "code=nouvelle&nom=Commune+nouvelle&genre=commune&siren=123+456+789&communes=99102,+99103";
        assert_eq!(post(town, &admin, list, form).await.0, StatusCode::SEE_OTHER);
        let place = format!("{list}/nouvelle");
        let page = admin.get(town, &place).await.text();
        assert!(page.contains("Cyprin (99102)") && page.contains("SIREN 123456789"), "{page}");

        let add = format!("{place}/ajouter");
        for (form, field) in [
            ("communes=99102", "communes"),
            ("communes=", "communes"),
            ("mission=voirie&communes=99102", "mission"),
            ("mission=sig&communes=99101", "communes"),
            ("communes=99101&du=2026-01-02&au=2026-01-02", "au"),
            ("communes=99101&du=hier", "du"),
        ] {
            let (status, html) = post(town, &admin, &add, form).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(html.contains(&format!("id=\"erreur-{field}\"")), "{form} {html}");
        }
        assert_eq!(
            post(town, &admin, &add, "communes=99101&du=2020-01-01&au=2022-01-01").await.0,
            StatusCode::SEE_OTHER
        );
        let form = "mission=sig&communes=99102&fondement=Convention";
        assert_eq!(post(town, &admin, &add, form).await.0, StatusCode::SEE_OTHER);
        let then = admin.get(town, &format!("{place}?le=2021-06-01")).await.text();
        assert!(then.contains("Valbrume (99101)") && !then.contains("Cyprin (99102)"));
        assert_eq!(
            post(town, &admin, &format!("{place}/fermer"), "confirme=autre").await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(post(town, &admin, &format!("{place}/fermer"), "confirme=nouvelle").await.0, StatusCode::SEE_OTHER);
        assert_eq!(
            post(town, &admin, &format!("{place}/fermer"), "confirme=nouvelle").await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            post(town, &admin, &format!("{list}/absente/ajouter"), "communes=99101").await.0,
            StatusCode::NOT_FOUND
        );
        let acts: Vec<String> =
            lignes(town, "acte").await.into_iter().filter(|acte| acte.1 == "collectivite").map(|acte| acte.0).collect();
        assert_eq!(acts, ["creer", "ajouter_territoire", "ajouter_territoire", "ajouter_mission", "fermer"]);
    });
}

#[test]
fn a_commune_that_leaves_takes_its_rows_along_and_a_closed_collectivite_has_no_agents() {
    on_empty_town(async |town| {
        monde(town).await;
        let reader = agent(town, "ccvo", tenu("lecteur")).await;
        let total = async |town: &Town| reader.get(town, "/api/annotations").await.json()["total"].clone();
        assert_eq!(total(town).await, 3);
        let communes = ["99101".to_owned()];
        let etendue = Etendue { mission: None, communes: &communes, du: None, au: None, fondement: None };
        collectivites::termine(&mut town.owner, &Auteur::COMMANDE, "ccvo", &etendue).await.unwrap();
        assert_eq!(total(town).await, 2);
        let again = collectivites::termine(&mut town.owner, &Auteur::COMMANDE, "ccvo", &etendue).await.unwrap_err();
        assert!(matches!(again, CollectiviteError::RienAFinir(_)), "{again}");
        // It comes back from tomorrow on, not today.
        let tomorrow: time::Date =
            sqlx::query_scalar("select core.jour('') + 1").fetch_one(&mut town.owner).await.unwrap();
        let later = Etendue { du: Some(tomorrow), ..etendue };
        collectivites::ajoute(&mut town.owner, &Auteur::COMMANDE, "ccvo", &later).await.unwrap();
        assert_eq!(total(town).await, 2);
        collectivites::ferme(&mut town.owner, &Auteur::COMMANDE, "ccvo", None).await.unwrap();
        assert_eq!(reader.get(town, "/api/annotations").await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_role_of_a_collectivite_is_its_own() {
    on_empty_town(async |town| {
        monde(town).await;
        let author = Auteur::COMMANDE;
        let objets = catalogue::tous(&Registry::default());
        let owner = &mut town.owner;
        roles::cree(owner, &author, "99101", "voirie", "Voirie").await.unwrap();
        for (code, libelle) in [("voirie", "x"), ("agent", "x")] {
            assert!(matches!(
                roles::cree(owner, &author, "99101", code, libelle).await.unwrap_err(),
                RoleError::Pris(_)
            ));
        }
        let fields = ["titre".to_owned(), "absent".to_owned()];
        let wish = Demande { objet: "annotation", action: "lire", lignes: None, champs: None, niveau: 0 };
        for (wrong, words) in [
            (Demande { objet: "absent", ..wish }, "n'est pas un objet"),
            (Demande { action: "voler", ..wish }, "n'est pas une action"),
            (Demande { lignes: Some("absent = 1"), ..wish }, "filtre des lignes"),
            (Demande { champs: Some(&fields), ..wish }, "n'est pas un champ"),
            (Demande { niveau: 2, ..wish }, "niveau"),
            (Demande { action: "nominatif", ..wish }, "niveau"),
        ] {
            let refused = roles::permet(owner, &author, ("99101", "voirie"), &wrong, &objets).await.unwrap_err();
            assert!(refused.to_string().contains(words), "{refused}");
        }
        let filtered = Demande { lignes: Some("categorie = 'travaux'"), champs: Some(&fields[..1]), ..wish };
        roles::permet(owner, &author, ("99101", "voirie"), &filtered, &objets).await.unwrap();
        // Delivered roles do not change, and another collectivité has not this one.
        for place in [("99101", "agent"), ("99102", "voirie")] {
            let refused = roles::permet(owner, &author, place, &wish, &objets).await.unwrap_err();
            assert!(matches!(refused, RoleError::Inconnu(_)), "{refused}");
        }
        let made = Nouvelle { code: "autre", nom: "Autre", genre: "autre", siren: None, communes: &[] };
        collectivites::cree(owner, &author, &made).await.unwrap();
        roles::cree(owner, &author, "autre", "voirie", "Voirie").await.unwrap();
        roles::interdit(owner, &author, ("99101", "voirie"), ("annotation", "lire")).await.unwrap();
        assert!(roles::interdit(owner, &author, ("99101", "voirie"), ("annotation", "lire")).await.is_err());
        let acts = lignes(town, "acte").await;
        let last = acts.last().unwrap();
        assert_eq!(
            (last.0.as_str(), last.2.as_deref(), &last.4["objet"]),
            ("interdire", Some("99101/voirie"), &json!("annotation"))
        );
        let manager = agent(town, "99101", tenu("gestionnaire")).await;
        let page = manager.get(town, "/roles").await.text();
        assert_eq!(page.matches("value=\"voirie\"").count(), 1, "not the other's");
    });
}

#[test]
fn the_review_names_what_should_be_looked_at() {
    on_empty_town(async |town| {
        monde(town).await;
        let manager = agent(town, "99101", tenu("gestionnaire")).await;
        agent(town, "99101", tenu("lecteur")).await;
        let quiet = manager.get(town, "/roles").await.text();
        assert!(quiet.contains("Rien n'est à revoir") || quiet.contains("Rien n&#39;est à revoir"), "{quiet}");
        sqlx::raw_sql(
            "delete from acces.session where utilisateur in (select utilisateur from acces.attribution a join acces.role r on r.id = a.role where r.code = 'lecteur');
             update acces.attribution set cree_le = now() - interval '2 months', au = core.jour('') + 12 from acces.role r where r.id = role and r.code = 'lecteur';
             update acces.utilisateur set cree_le = now() - interval '2 years'",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let page = manager.get(town, "/roles").await.text().replace("&#39;", "'");
        assert!(page.contains("expire bientôt, n'a jamais servi, compte absent depuis six mois"), "{page}");
        assert!(page.contains("À revoir : 1."));
    });
}

#[test]
fn an_account_is_made_and_invited_closed_and_opened_again_on_its_screens() {
    on_empty_town(async |town| {
        monde(town).await;
        let folder = tempfile::tempdir().unwrap();
        folder.path().clone_into(&mut town.config.data_dir);
        let admin = administrateur(town).await;
        let place = "/administration/comptes";
        for (form, field) in [
            ("nom=Nouvelle&email=pas-une-adresse", "erreur-email"),
            ("nom=&email=nouvelle%40exemple.invalid", "erreur-nom"),
        ] {
            let refused = admin.form(town, place, form).await;
            let page = refused.text();
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(page.contains("role=\"alert\"") && page.contains(&format!("id=\"{field}\"")), "{page}");
        }
        let made = admin.form(town, place, "nom=Nouvelle&email=nouvelle%40exemple.invalid").await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
        let page = made.header(&header::LOCATION).to_owned();
        let again = admin.form(town, place, "nom=Autre&email=NOUVELLE%40exemple.invalid").await;
        assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.text().contains("id=\"erreur-email\""));
        // The letter leads to the choice of a password; the account has no role, hence no data.
        let letters = || -> Vec<String> {
            let folder = std::fs::read_dir(folder.path().join("courrier")).unwrap();
            folder.map(|letter| std::fs::read_to_string(letter.unwrap().path()).unwrap()).collect()
        };
        assert!(letters().len() == 1 && letters()[0].contains("To: nouvelle@exemple.invalid"), "{:?}", letters());
        assert!(admin.get(town, &page).await.text().contains("n&#39;a pas encore de mot de passe"));
        let closed = admin.form(town, &format!("{page}/etat"), "ouvert=false").await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER);
        let invited = admin.form(town, &format!("{page}/invitation"), "").await;
        assert_eq!(invited.status, StatusCode::CONFLICT, "a closed account is not invited");
        admin.form(town, &format!("{page}/etat"), "ouvert=true").await;
        assert_eq!(admin.form(town, &format!("{page}/invitation"), "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(letters().len(), 2);
        let own = admin.form(town, &format!("{place}/{}/etat", admin.id), "ouvert=false").await;
        assert_eq!(own.status, StatusCode::CONFLICT, "nobody closes one's own account");
        let absent = admin.form(town, &format!("{place}/{}/etat", Uuid::new_v4()), "ouvert=false").await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
        let gestionnaire = agent(town, "99101", tenu("gestionnaire")).await;
        let denied = gestionnaire.form(town, place, "nom=Autre&email=autre%40exemple.invalid").await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
        let acts: Vec<String> =
            lignes(town, "acte").await.into_iter().map(|(action, objet, ..)| format!("{objet} {action}")).collect();
        assert!(
            acts.iter().filter(|act| act.starts_with("utilisateur") || act.starts_with("compte")).count() >= 3,
            "{acts:?}"
        );
    });
}
