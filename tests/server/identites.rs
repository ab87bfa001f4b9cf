//! Accounts, sign-in, sessions, tokens, links: what lets in, and what does not.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use finage::access::essai::{Cle, Verdict, reserve};
use finage::access::journal::Auteur;
use finage::access::mot_de_passe::Hacheur;
use finage::access::{jeton, lien, utilisateur};
use finage::http::{App, router};
use finage::jobs::Registry;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::collectivites::monde;
use crate::harness::{Answer, Town, on_empty_town};

const MOT: &str = "brouette cactus violon marée";
const AUTRE: &str = "lanterne hublot cerise talus";

/// A browser: keeps the cookies it is given, and says that its requests come from our pages.
pub struct Navigateur {
    app: App,
    pub cookies: Vec<(String, String)>,
}

impl Navigateur {
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), cookies: Vec::new() }
    }

    pub async fn envoie(&mut self, method: Method, path: &str, form: Option<&str>, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "sec-fetch-site") {
            request = request.header("sec-fetch-site", "same-origin");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = form.map_or_else(Body::empty, |form| Body::from(form.to_owned()));
        let response = router(self.app.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        self.garde(&parts.headers);
        let bytes = axum::body::to_bytes(body, 8 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    fn garde(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            let value = rest.split(';').next().unwrap();
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.envoie(Method::GET, path, None, &[]).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.envoie(Method::POST, path, Some(&form(fields)), &[]).await
    }

    pub async fn entre(&mut self, email: &str, mot: &str) -> Answer {
        self.post("/connexion", &[("email", email), ("mot_de_passe", mot), ("suite", "/services")]).await
    }

    pub fn session(&self) -> &str {
        self.cookies.iter().find(|(name, _)| name == "finage-local").map_or("", |(_, value)| value)
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let encode = finage::portal::nombres::encode;
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

pub fn mene_a(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header(&header::LOCATION)
}

/// An account with this password.
pub async fn compte(town: &mut Town, email: &str, mot: &str, administrateur: bool) -> Uuid {
    let empreinte = Hacheur::default().hache(mot).await.unwrap();
    let id =
        utilisateur::cree(&mut town.owner, &Auteur::COMMANDE, email, "Agent d'essai", administrateur).await.unwrap();
    utilisateur::change_mot_de_passe(&mut town.owner, &Auteur::COMMANDE, id, &empreinte).await.unwrap();
    id
}

pub async fn role(town: &mut Town, utilisateur: Uuid, role: &str, collectivite: &str) {
    sqlx::query("insert into acces.attribution (utilisateur, role, collectivite) select $1, r.id, c.id from acces.role r, acces.collectivite c where r.code = $2 and c.code = $3")
        .bind(utilisateur)
        .bind(role)
        .bind(collectivite)
        .execute(&mut town.owner)
        .await
        .unwrap();
}

pub async fn sql(town: &mut Town, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut town.owner).await.unwrap();
}

pub async fn compte_lignes(town: &mut Town, statement: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(statement.to_owned())).fetch_one(&mut town.owner).await.unwrap()
}

/// A server whose keys live in a folder of this test.
pub fn serveur(town: &mut Town) -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    town.config.data_dir.clone_from(&folder.path().to_owned());
    (town.app(Registry::default()), folder)
}

#[test]
fn the_right_password_opens_a_session_and_sign_out_kills_it() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        let mut navigateur = Navigateur::new(&app);
        let page = navigateur.get("/connexion?suite=/services").await;
        assert!(page.text().contains("name=\"suite\" value=\"/services\""), "{}", page.text());
        let entree = navigateur.entre(" Agent@Valbrume.fr ", MOT).await;
        assert_eq!(mene_a(&entree), "/services");
        let pose = entree.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(pose.contains("HttpOnly") && pose.contains("SameSite=Lax") && pose.contains("Path=/"), "{pose}");

        let page = navigateur.get("/services").await;
        assert!(page.text().contains("Agent d&#39;essai") && page.text().contains("Se déconnecter"), "{}", page.text());
        assert_eq!(page.header(&header::CACHE_CONTROL), "private, no-store");
        assert!(navigateur.get("/nulle-part").await.text().contains("Se déconnecter"), "refusals have the same head");
        assert_eq!(mene_a(&navigateur.get("/connexion").await), "/");

        let secret = navigateur.session().to_owned();
        assert!(mene_a(&navigateur.post("/deconnexion", &[]).await).starts_with("/connexion"));
        assert_eq!(navigateur.session(), "");
        navigateur.cookies = vec![("finage-local".into(), secret)];
        assert!(navigateur.get("/services").await.text().contains("Se connecter"), "the secret opens nothing more");
        assert_eq!(compte_lignes(town, "select count(*) from acces.session").await, 0);
        let acts =
            "select count(*) from journal.acte where objet = 'compte' and action in ('connexion', 'deconnexion')";
        assert_eq!(compte_lignes(town, acts).await, 2);
    });
}

#[test]
fn wrong_unknown_closed_and_locked_say_the_same_and_cost_the_same() {
    on_empty_town(async |town| {
        for email in ["juste@valbrume.fr", "ferme@valbrume.fr", "bloque@valbrume.fr"] {
            compte(town, email, MOT, false).await;
        }
        utilisateur::cree(&mut town.owner, &Auteur::COMMANDE, "invite@valbrume.fr", "Sans mot de passe", false)
            .await
            .unwrap();
        sql(town, "update acces.utilisateur set actif = false where email = 'ferme@valbrume.fr'").await;
        let (app, _folder) = serveur(town);
        for _ in 0..10 {
            let _ = reserve(app.acces().pool(), &[Cle::compte("bloque@valbrume.fr")]).await.unwrap();
            sql(town, "update acces.essai set le = le - interval '70 seconds'").await;
        }
        let tries = [
            ("juste@valbrume.fr", AUTRE),
            ("inconnu@valbrume.fr", MOT),
            ("ferme@valbrume.fr", MOT),
            ("bloque@valbrume.fr", MOT),
            ("invite@valbrume.fr", MOT),
            ("pas une adresse", MOT),
        ];
        let mut said = Vec::new();
        for (email, mot) in tries {
            let before = app.acces().hacheur().calculs();
            let answer = Navigateur::new(&app).entre(email, mot).await;
            assert_eq!(app.acces().hacheur().calculs() - before, 1, "{email}: one digest");
            assert!(!answer.headers.contains_key(header::SET_COOKIE), "{email}");
            said.push((answer.status, answer.text().replace(email, "…")));
        }
        assert!(said.iter().all(|one| *one == said[0]), "{said:#?}");
        assert_eq!(said[0].0, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said[0].1.contains("role=\"alert\""));
    });
}

#[test]
fn of_twenty_parallel_sign_ins_on_a_locked_account_none_passes() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        for _ in 0..10 {
            let verdict = reserve(app.acces().pool(), &[Cle::compte("agent@valbrume.fr")]).await.unwrap();
            assert!(matches!(verdict, Verdict::Admis(_)), "{verdict:?}");
            sql(town, "update acces.essai set le = le - interval '70 seconds'").await;
        }
        let tries = (0..20).map(|_| async { Navigateur::new(&app).entre("agent@valbrume.fr", MOT).await.status });
        let all = futures::future::join_all(tries).await;
        assert!(all.iter().all(|status| *status == StatusCode::UNPROCESSABLE_ENTITY), "{all:?}");
        assert_eq!(compte_lignes(town, "select count(*) from acces.session").await, 0);
        sql(town, "update acces.essai set le = le - interval '15 minutes'").await;
        let later = Navigateur::new(&app).entre("agent@valbrume.fr", MOT).await;
        assert_eq!(mene_a(&later), "/services", "the lock ends by itself");
    });
}

#[test]
fn parallel_guesses_do_not_pass_the_bound() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        let tries = (0..20).map(|_| async { reserve(app.acces().pool(), &[Cle::compte("agent@valbrume.fr")]).await });
        let all = futures::future::join_all(tries).await;
        let admitted = all.into_iter().filter(|one| matches!(one, Ok(Verdict::Admis(_)))).count();
        assert_eq!(admitted, 3, "those beyond wait");
        // Success forgives what came before.
        sql(town, "update acces.essai set le = le - interval '5 seconds'").await;
        assert_eq!(mene_a(&Navigateur::new(&app).entre("agent@valbrume.fr", MOT).await), "/services");
        assert_eq!(compte_lignes(town, "select count(*) from acces.essai").await, 0);
    });
}

#[test]
fn an_address_that_fails_too_often_waits_without_a_digest() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        let ip = "127.0.0.1".parse().unwrap();
        for _ in 0..60 {
            reserve(app.acces().pool(), &[Cle::reseau(ip)]).await.unwrap();
        }
        let answer = Navigateur::new(&app).entre("agent@valbrume.fr", MOT).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.header(&header::RETRY_AFTER).parse::<u64>().unwrap() > 0);
        assert_eq!(app.acces().hacheur().calculs(), 0);
    });
}

#[test]
fn a_session_given_by_another_is_never_kept() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        compte(town, "pirate@ailleurs.fr", AUTRE, false).await;
        let (app, _folder) = serveur(town);
        let mut victime = Navigateur::new(&app);
        victime.cookies = vec![("finage-local".into(), "choisi-par-un-autre".into())];
        victime.entre("agent@valbrume.fr", MOT).await;
        assert_ne!(victime.session(), "choisi-par-un-autre");

        // A real session of another's, planted before the sign-in, ends with it.
        let mut pirate = Navigateur::new(&app);
        pirate.entre("pirate@ailleurs.fr", AUTRE).await;
        let mut victime = Navigateur::new(&app);
        victime.cookies.clone_from(&pirate.cookies);
        victime.entre("agent@valbrume.fr", MOT).await;
        assert_ne!(victime.session(), pirate.session());
        assert!(pirate.get("/services").await.text().contains("Se connecter"));
    });
}

#[test]
fn a_session_ends_when_idle_and_at_its_term() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        for (change, alive) in [
            ("vue_le = now() - interval '29 minutes'", true),
            ("vue_le = now() - interval '31 minutes'", false),
            ("expire_le = now() + interval '1 minute'", true),
            ("expire_le = now() - interval '1 second'", false),
        ] {
            let mut navigateur = Navigateur::new(&app);
            navigateur.entre("agent@valbrume.fr", MOT).await;
            let term = "select count(*) from acces.session where expire_le > now() + interval '12 hours 1 second'";
            assert_eq!(compte_lignes(town, term).await, 0, "twelve hours at most");
            sql(town, &format!("update acces.session set {change}")).await;
            app.acces().oublie();
            let head = navigateur.get("/services").await.text();
            assert_eq!(head.contains("Se déconnecter"), alive, "{change}");
            sql(town, "delete from acces.session").await;
        }
    });
}

#[test]
fn another_site_neither_signs_in_nor_out() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        let mut navigateur = Navigateur::new(&app);
        let fields = form(&[("email", "agent@valbrume.fr"), ("mot_de_passe", MOT)]);
        for site in ["cross-site", "same-site"] {
            let answer =
                navigateur.envoie(Method::POST, "/connexion", Some(&fields), &[("sec-fetch-site", site)]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site}");
        }
        navigateur.entre("agent@valbrume.fr", MOT).await;
        let out = navigateur.envoie(Method::POST, "/deconnexion", Some(""), &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(out.status, StatusCode::FORBIDDEN);
        assert!(navigateur.get("/services").await.text().contains("Se déconnecter"));
    });
}

#[test]
fn one_is_not_led_to_another_site() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        for suite in ["https://autre.fr/", "//autre.fr", "/\\autre.fr", "javascript:alert(1)"] {
            let page = Navigateur::new(&app)
                .get(&format!("/connexion?suite={}", finage::portal::nombres::encode(suite)))
                .await;
            assert!(page.text().contains("name=\"suite\" value=\"/\""), "{suite}");
            let fields = [("email", "agent@valbrume.fr"), ("mot_de_passe", MOT), ("suite", suite)];
            assert_eq!(mene_a(&Navigateur::new(&app).post("/connexion", &fields).await), "/", "{suite}");
        }
    });
}

#[test]
fn credentials_do_not_travel_in_the_clear() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        let fields = form(&[("email", "agent@valbrume.fr"), ("mot_de_passe", MOT)]);
        let clear = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-proto", "http")];
        let tls = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-proto", "https")];
        let mut navigateur = Navigateur::new(&app);
        for (method, path, body) in
            [(Method::GET, "/connexion", None), (Method::POST, "/connexion", Some(fields.as_str()))]
        {
            let refused = navigateur.envoie(method, path, body, &clear).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
            assert!(refused.text().contains("https"), "{path}");
        }
        assert_eq!(app.acces().hacheur().calculs(), 0, "the password was not even looked at");
        let let_in = navigateur.envoie(Method::POST, "/connexion", Some(&fields), &tls).await;
        assert_eq!(let_in.status, StatusCode::SEE_OTHER);
        assert_eq!(navigateur.envoie(Method::GET, "/services", None, &clear).await.status, StatusCode::FORBIDDEN);
        assert_eq!(navigateur.envoie(Method::GET, "/services", None, &tls).await.status, StatusCode::OK);
        let token = [("authorization", "Bearer fin_x"), ("x-forwarded-proto", "http")];
        let refused = Navigateur::new(&app).envoie(Method::GET, "/api/configuration", None, &token).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.json()["detail"].as_str().unwrap().contains("mandataire"));
        // The public pages stay open to all.
        assert_eq!(Navigateur::new(&app).envoie(Method::GET, "/services", None, &clear).await.status, StatusCode::OK);
    });
}

#[test]
fn a_token_that_is_expired_revoked_or_malformed_is_refused_in_one_voice() {
    on_empty_town(async |town| {
        monde(town).await;
        let id = compte(town, "agent@valbrume.fr", MOT, false).await;
        let demande = |libelle, jours| jeton::Demande {
            utilisateur: id,
            email: "agent@valbrume.fr",
            collectivite: "99101",
            ecriture: false,
            jours,
            libelle,
        };
        let refused = jeton::cree(&mut town.owner, &Auteur::COMMANDE, &demande("sans rôle", 1)).await.unwrap_err();
        assert!(refused.to_string().contains("aucun rôle"), "{refused}");
        role(town, id, "lecteur", "99101").await;
        for (libelle, jours) in [("", 1), ("x", 0), ("x", 367)] {
            assert!(jeton::cree(&mut town.owner, &Auteur::COMMANDE, &demande(libelle, jours)).await.is_err());
        }
        let (app, _folder) = serveur(town);
        let asked = async |authorization: &str| {
            let headers = [("authorization", authorization)];
            Navigateur::new(&app).envoie(Method::GET, "/api/configuration", None, &headers).await
        };
        let bearer = |token: &str| format!("Bearer {token}");
        let good = jeton::cree(&mut town.owner, &Auteur::COMMANDE, &demande("bon", 30)).await.unwrap();
        assert!(good.starts_with("fin_"));
        assert_eq!(asked(&bearer(&good)).await.status, StatusCode::OK);
        let basic = format!("Basic {}", data_encoding::BASE64.encode(format!("agent:{good}").as_bytes()));
        assert_eq!(asked(&basic).await.status, StatusCode::OK);
        assert_eq!(compte_lignes(town, "select count(*) from acces.jeton where vu_le is not null").await, 1);

        let expired = jeton::cree(&mut town.owner, &Auteur::COMMANDE, &demande("expiré", 1)).await.unwrap();
        sql(town, "update acces.jeton set expire_le = now() - interval '1 second' where libelle = 'expiré'").await;
        let revoked = jeton::cree(&mut town.owner, &Auteur::COMMANDE, &demande("révoqué", 1)).await.unwrap();
        let known = jeton::liste(&mut town.owner, Some(id)).await.unwrap();
        let one = known.iter().find(|one| one.libelle == "révoqué").unwrap().id;
        jeton::revoque(&mut town.owner, &Auteur::COMMANDE, one, None).await.unwrap();
        assert!(jeton::revoque(&mut town.owner, &Auteur::COMMANDE, one, None).await.is_err(), "once");
        let mut bodies = Vec::new();
        for wrong in [
            bearer(&expired),
            bearer(&revoked),
            bearer("fin_inconnu"),
            "Bearer".into(),
            "Basic !".into(),
            bearer(&"a".repeat(500)),
        ] {
            let answer = asked(&wrong).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
            assert!(answer.header(&header::CONTENT_TYPE).starts_with("application/problem+json"));
            assert!(answer.header(&header::WWW_AUTHENTICATE).starts_with("Bearer"));
            bodies.push(answer.text());
        }
        assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
        // Nothing of a token is in the database but its digest.
        let kept = format!("select count(*) from acces.jeton j where j::text like '%{}%'", &good[4..20]);
        assert_eq!(compte_lignes(town, &kept).await, 0);
    });
}

#[test]
fn a_closed_account_is_out_at_once() {
    on_empty_town(async |town| {
        monde(town).await;
        let id = compte(town, "agent@valbrume.fr", MOT, false).await;
        role(town, id, "lecteur", "99101").await;
        let (app, _folder) = serveur(town);
        let mut navigateur = Navigateur::new(&app);
        navigateur.entre("agent@valbrume.fr", MOT).await;
        utilisateur::ouvre(&mut town.owner, &Auteur::COMMANDE, id, false).await.unwrap();
        app.acces().oublie();
        assert!(navigateur.get("/services").await.text().contains("Se connecter"));
        utilisateur::ouvre(&mut town.owner, &Auteur::COMMANDE, id, true).await.unwrap();
        assert_eq!(mene_a(&navigateur.entre("agent@valbrume.fr", MOT).await), "/services");
    });
}

#[test]
fn a_link_serves_once() {
    on_empty_town(async |town| {
        let id =
            utilisateur::cree(&mut town.owner, &Auteur::COMMANDE, "agent@valbrume.fr", "Agent", false).await.unwrap();
        let secret = lien::cree(&mut town.owner, id, lien::Genre::Invitation).await.unwrap();
        assert_eq!(lien::lit(&mut town.owner, &secret).await.unwrap().unwrap().email, "agent@valbrume.fr");
        let empreinte = Hacheur::default().hache(MOT).await.unwrap();
        let uses = (0..8).map(|_| async {
            let mut transaction = town.pools.acces.begin().await.unwrap();
            let used = lien::utilise(&mut transaction, &Auteur::COMMANDE, &secret, &empreinte).await.unwrap();
            transaction.commit().await.unwrap();
            used
        });
        let served = futures::future::join_all(uses).await.into_iter().flatten().count();
        assert_eq!(served, 1);
        assert!(lien::lit(&mut town.owner, &secret).await.unwrap().is_none());
        let secret = lien::cree(&mut town.owner, id, lien::Genre::Oubli).await.unwrap();
        sql(town, "update acces.lien set expire_le = now() - interval '1 second'").await;
        assert!(lien::lit(&mut town.owner, &secret).await.unwrap().is_none(), "an hour at most");
    });
}

/// A code of the secret that a page of enrolment shows, `steps` intervals from now.
fn code(secret: &str, steps: i64) -> String {
    let octets = data_encoding::BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(octets).build().unwrap();
    let now = time::OffsetDateTime::now_utc().unix_timestamp() + 30 * steps;
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

fn entre_balises(text: &str, before: &str, after: &str) -> String {
    text.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {text}")).split(after).next().unwrap().to_owned()
}

/// Signs in, chooses a second factor; gives its secret and the recovery codes.
async fn enrole(navigateur: &mut Navigateur, email: &str) -> (String, Vec<String>) {
    navigateur.entre(email, MOT).await;
    let page = navigateur.get("/connexion/enrolement?suite=/services").await;
    let secret = entre_balises(&page.text(), "<span class=\"copiable\">", "</span>");
    let page = navigateur.post("/connexion/enrolement", &[("code", &code(&secret, 0)), ("suite", "/services")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let text = page.text();
    let codes = text.split("<code>").skip(1).map(|one| one.split('<').next().unwrap().to_owned()).collect();
    (secret, codes)
}

/// What was presented no longer holds the next back.
async fn oublie_essais(town: &mut Town) {
    sql(town, "delete from acces.essai").await;
}

#[test]
fn an_administrator_goes_nowhere_without_a_second_factor() {
    on_empty_town(async |town| {
        compte(town, "admin@valbrume.fr", MOT, true).await;
        let (app, _folder) = serveur(town);
        let mut navigateur = Navigateur::new(&app);
        let entree = navigateur.entre("admin@valbrume.fr", MOT).await;
        assert_eq!(mene_a(&entree), "/connexion/enrolement?suite=%2Fservices");
        assert_eq!(mene_a(&navigateur.get("/compte").await), "/connexion/enrolement?suite=%2Fcompte");
        assert_eq!(navigateur.post("/compte/sessions/autres", &[]).await.status, StatusCode::UNAUTHORIZED);
        let before = navigateur.session().to_owned();

        let page = navigateur.get("/connexion/enrolement?suite=/services").await;
        assert!(page.text().contains("data:image/svg+xml;base64,") && page.text().contains("alt=\"Code QR"));
        assert_eq!(page.header(&header::CACHE_CONTROL), "private, no-store");
        let wrong = navigateur.post("/connexion/enrolement", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let secret = entre_balises(&wrong.text(), "<span class=\"copiable\">", "</span>");
        let page =
            navigateur.post("/connexion/enrolement", &[("code", &code(&secret, 0)), ("suite", "/services")]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert_eq!(page.text().matches("<code>").count(), 10, "ten recovery codes, shown once");
        assert_ne!(navigateur.session(), before, "another secret for another stage");
        assert_eq!(navigateur.get("/compte").await.status, StatusCode::OK);
        // Neither the secret nor the codes are in the database as they were shown.
        let octets = data_encoding::BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).unwrap();
        let kept: Vec<u8> =
            sqlx::query_scalar("select totp_secret from acces.utilisateur").fetch_one(&mut town.owner).await.unwrap();
        assert!(!kept.windows(octets.len()).any(|part| part == octets));
    });
}

#[test]
fn a_code_serves_once() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        let (secret, codes) = enrole(&mut Navigateur::new(&app), "agent@valbrume.fr").await;
        let present = async |value: &str| {
            let mut navigateur = Navigateur::new(&app);
            assert_eq!(
                mene_a(&navigateur.entre("agent@valbrume.fr", MOT).await),
                "/connexion/second-facteur?suite=%2Fservices"
            );
            let before = navigateur.session().to_owned();
            assert_eq!(mene_a(&navigateur.get("/compte").await), "/connexion/second-facteur?suite=%2Fcompte");
            // Whoever has only the password does not choose another second factor.
            assert!(mene_a(&navigateur.get("/connexion/enrolement").await).starts_with("/connexion/second-facteur"));
            let answer = navigateur.post("/connexion/second-facteur", &[("code", value), ("suite", "/services")]).await;
            assert!(answer.status != StatusCode::SEE_OTHER || navigateur.session() != before, "another secret");
            answer.status
        };
        // The code that proved the choice does not sign in; the next one does, once.
        assert_eq!(present(&code(&secret, 0)).await, StatusCode::UNPROCESSABLE_ENTITY);
        let next = code(&secret, 1);
        assert_eq!(present(&next).await, StatusCode::SEE_OTHER);
        assert_eq!(present(&next).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(present(&code(&secret, 4)).await, StatusCode::UNPROCESSABLE_ENTITY, "one interval, not more");
        oublie_essais(town).await;
        assert_eq!(present(&codes[3].to_lowercase()).await, StatusCode::SEE_OTHER);
        assert_eq!(present(&codes[3]).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(compte_lignes(town, "select count(*) from acces.code_secours where utilise_le is null").await, 9);
        // Ten failures, and even the right code waits.
        for _ in 0..10 {
            sql(
                town,
                "insert into acces.essai (cle, le) select cle, now() - interval '2 minutes' from acces.essai limit 1",
            )
            .await;
        }
        sql(town, "update acces.essai set le = now() - interval '2 minutes'").await;
        assert_eq!(present(&codes[5]).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(compte_lignes(town, "select count(*) from acces.code_secours where utilise_le is null").await, 9);
    });
}

#[test]
fn of_parallel_uses_of_one_code_one_passes() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        let (app, _folder) = serveur(town);
        let (_, codes) = enrole(&mut Navigateur::new(&app), "agent@valbrume.fr").await;
        let mut browsers = Vec::new();
        for _ in 0..3 {
            let mut navigateur = Navigateur::new(&app);
            navigateur.entre("agent@valbrume.fr", MOT).await;
            browsers.push(navigateur);
        }
        let all = browsers.into_iter().map(|mut navigateur| {
            let value = codes[0].clone();
            async move { navigateur.post("/connexion/second-facteur", &[("code", &value)]).await.status }
        });
        let passed = futures::future::join_all(all).await;
        assert_eq!(passed.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{passed:?}");
    });
}

#[test]
fn the_account_page_shows_and_changes_what_is_one_s_own() {
    on_empty_town(async |town| {
        monde(town).await;
        let id = compte(town, "agent@valbrume.fr", MOT, false).await;
        let autre = compte(town, "autre@cyprin.fr", AUTRE, false).await;
        role(town, id, "lecteur", "99101").await;
        role(town, id, "lecteur", "ccvo").await;
        role(town, autre, "lecteur", "99102").await;
        let (app, _folder) = serveur(town);
        assert_eq!(mene_a(&Navigateur::new(&app).get("/compte?x=1").await), "/connexion?suite=%2Fcompte%3Fx%3D1");
        let mut navigateur = Navigateur::new(&app);
        navigateur.entre("agent@valbrume.fr", MOT).await;
        let mut etranger = Navigateur::new(&app);
        etranger.entre("autre@cyprin.fr", AUTRE).await;

        // Collectivité.
        assert!(!navigateur.get("/compte").await.text().contains(" selected"), "two: none is chosen");
        navigateur.post("/compte/collectivite", &[("collectivite", "ccvo")]).await;
        assert!(navigateur.get("/compte").await.text().contains("value=\"ccvo\" selected"));
        assert_eq!(
            navigateur.post("/compte/collectivite", &[("collectivite", "99102")]).await.status,
            StatusCode::NOT_FOUND
        );

        // Tokens.
        let fields = [("libelle", "QGIS"), ("collectivite", "99101"), ("portee", "read"), ("jours", "30")];
        let made = navigateur.post("/compte/jetons", &fields).await.text();
        let token = entre_balises(&made, "<span class=\"copiable\">", "</span>");
        let asked = async |token: &str| {
            let authorization = format!("Bearer {token}");
            let headers = [("authorization", authorization.as_str())];
            Navigateur::new(&app).envoie(Method::GET, "/compte", None, &headers).await
        };
        assert_eq!(asked(&token).await.status, StatusCode::FORBIDDEN, "a token does not do what a person does");
        let page = navigateur.get("/compte").await.text();
        assert!(page.contains("QGIS") && !page.contains(&token), "shown once");
        let refused =
            navigateur.post("/compte/jetons", &[("libelle", "x"), ("collectivite", "99102"), ("jours", "30")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("aria-describedby=\"refus-jeton\""));
        let row = entre_balises(
            &page,
            "/compte/jetons/revoquer\" method=\"post\"><input type=\"hidden\" name=\"id\" value=\"",
            "\"",
        );
        assert_eq!(etranger.post("/compte/jetons/revoquer", &[("id", &row)]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(mene_a(&navigateur.post("/compte/jetons/revoquer", &[("id", &row)]).await), "/compte?fait=jeton");
        assert_eq!(asked(&token).await.status, StatusCode::UNAUTHORIZED);

        // Sessions.
        let mut second = Navigateur::new(&app);
        second.entre("agent@valbrume.fr", MOT).await;
        let page = navigateur.get("/compte").await.text();
        let row = entre_balises(
            &page,
            "/compte/sessions/fermer\" method=\"post\"><input type=\"hidden\" name=\"id\" value=\"",
            "\"",
        );
        assert_eq!(etranger.post("/compte/sessions/fermer", &[("id", &row)]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(second.get("/compte").await.status, StatusCode::OK);
        navigateur.post("/compte/sessions/fermer", &[("id", &row)]).await;
        assert!(mene_a(&second.get("/compte").await).starts_with("/connexion"));
        second.entre("agent@valbrume.fr", MOT).await;
        navigateur.post("/compte/sessions/autres", &[]).await;
        assert!(mene_a(&second.get("/compte").await).starts_with("/connexion"));
        assert_eq!(etranger.get("/compte").await.status, StatusCode::OK);

        // Password: the present one is wanted, and every session ends.
        let change = async |navigateur: &mut Navigateur, actuel, nouveau, encore| {
            navigateur
                .post("/compte/mot-de-passe", &[("actuel", actuel), ("nouveau", nouveau), ("encore", encore)])
                .await
        };
        for (actuel, nouveau, encore) in [
            (AUTRE, AUTRE, AUTRE),
            (MOT, "court", "court"),
            (MOT, AUTRE, MOT),
            (MOT, "motdepasse1234", "motdepasse1234"),
        ] {
            let answer = change(&mut navigateur, actuel, nouveau, encore).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{actuel} {nouveau} {encore}");
        }
        second.entre("agent@valbrume.fr", MOT).await;
        assert_eq!(mene_a(&change(&mut navigateur, MOT, AUTRE, AUTRE).await), "/connexion?avis=mot-de-passe");
        assert!(mene_a(&second.get("/compte").await).starts_with("/connexion"));
        assert_eq!(navigateur.entre("agent@valbrume.fr", MOT).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(mene_a(&navigateur.entre("agent@valbrume.fr", AUTRE).await), "/services");
    });
}

#[test]
fn a_forgotten_password_is_chosen_again_by_a_link_that_tells_nothing() {
    on_empty_town(async |town| {
        compte(town, "agent@valbrume.fr", MOT, false).await;
        compte(town, "ferme@valbrume.fr", MOT, false).await;
        sql(town, "update acces.utilisateur set actif = false where email = 'ferme@valbrume.fr'").await;
        let (app, folder) = serveur(town);
        let mut open = Navigateur::new(&app);
        open.entre("agent@valbrume.fr", MOT).await;
        let mut said = Vec::new();
        for email in ["inconnu@valbrume.fr", "ferme@valbrume.fr", "agent@valbrume.fr"] {
            let answer = Navigateur::new(&app).post("/mot-de-passe/oublie", &[("email", email)]).await;
            said.push((answer.status, answer.text()));
        }
        assert!(said.iter().all(|one| *one == said[0]), "no enumeration");
        let letters = || std::fs::read_dir(folder.path().join("courrier")).map_or(0, Iterator::count);
        while letters() == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(compte_lignes(town, "select count(*) from acces.lien").await, 1, "for the open account alone");
        let letter = std::fs::read_dir(folder.path().join("courrier")).unwrap().next().unwrap().unwrap().path();
        let text = std::fs::read_to_string(letter).unwrap();
        let text = text.replace("=\r\n", "").replace("=3D", "=");
        let path = format!("/mot-de-passe/{}", entre_balises(&text, "/mot-de-passe/", "\r\n"));

        let mut navigateur = Navigateur::new(&app);
        assert!(navigateur.get(&path).await.text().contains("agent@valbrume.fr"));
        for (nouveau, encore) in [("court", "court"), (AUTRE, MOT), ("agent@valbrume.fr", "agent@valbrume.fr")] {
            let answer = navigateur.post(&path, &[("nouveau", nouveau), ("encore", encore)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nouveau}: the link is not used up");
        }
        assert_eq!(
            mene_a(&navigateur.post(&path, &[("nouveau", AUTRE), ("encore", AUTRE)]).await),
            "/connexion?avis=mot-de-passe"
        );
        assert_eq!(navigateur.post(&path, &[("nouveau", MOT), ("encore", MOT)]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(navigateur.get(&path).await.status, StatusCode::NOT_FOUND);
        assert!(open.get("/services").await.text().contains("Se connecter"), "sessions ended");
        assert_eq!(mene_a(&navigateur.entre("agent@valbrume.fr", AUTRE).await), "/services");
        // Not a flood of letters either.
        for _ in 0..5 {
            Navigateur::new(&app).post("/mot-de-passe/oublie", &[("email", "agent@valbrume.fr")]).await;
        }
        let verdict = reserve(app.acces().pool(), &[Cle::lien("agent@valbrume.fr")]).await.unwrap();
        assert!(matches!(verdict, Verdict::CompteBloque(_)), "three letters in a quarter of an hour: {verdict:?}");
    });
}

#[test]
fn an_unfinished_sign_in_has_no_right() {
    on_empty_town(async |town| {
        monde(town).await;
        let id = compte(town, "admin@valbrume.fr", MOT, true).await;
        role(town, id, "agent", "99101").await;
        let (app, _folder) = serveur(town);
        let mut navigateur = Navigateur::new(&app);
        navigateur.entre("admin@valbrume.fr", MOT).await;
        let connu = app.acces().par_session(navigateur.session()).await.unwrap().unwrap();
        assert!(!connu.complete());
        assert!(connu.acteur(finage::db::Canal::Page).is_err());
    });
}

#[test]
fn a_digest_of_yesterday_is_made_again_at_sign_in() {
    on_empty_town(async |town| {
        use argon2::password_hash::PasswordHasher as _;
        let id = compte(town, "agent@valbrume.fr", MOT, false).await;
        let weak = argon2::Params::new(4096, 1, 1, None).unwrap();
        let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, weak);
        let weak: argon2::password_hash::phc::PasswordHash = weak.hash_password(MOT.as_bytes()).unwrap();
        sql(town, &format!("update acces.utilisateur set mot_de_passe = '{weak}'")).await;
        let (app, _folder) = serveur(town);
        assert_eq!(
            Navigateur::new(&app).entre("agent@valbrume.fr", AUTRE).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(utilisateur::empreinte(app.acces().pool(), id).await.unwrap().unwrap(), weak.to_string());
        assert_eq!(mene_a(&Navigateur::new(&app).entre("agent@valbrume.fr", MOT).await), "/services");
        let now = utilisateur::empreinte(app.acces().pool(), id).await.unwrap().unwrap();
        assert!(now.contains("m=19456,t=2"), "{now}");
        assert_eq!(mene_a(&Navigateur::new(&app).entre("agent@valbrume.fr", MOT).await), "/services");
    });
}
