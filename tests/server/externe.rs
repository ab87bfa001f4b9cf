//! Sign-in through a provider of identities, against one of our own on the loopback, honest and not.

use std::sync::{Arc, Mutex, OnceLock};

use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64URL_NOPAD;
use finage::access::journal::Auteur;
use finage::access::utilisateur;
use finage::config::Oidc;
use finage::http::App;
use finage::jobs::Registry;
use openidconnect::PrivateSigningKey as _;
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Town, on_empty_town};
use crate::identites::{Navigateur, compte_lignes, mene_a, sql};

/// Enough for a test, and soon made.
const BITS: usize = 1024;

fn key(kid: &'static str) -> &'static CoreRsaPrivateSigningKey {
    static OURS: OnceLock<CoreRsaPrivateSigningKey> = OnceLock::new();
    static ANOTHER: OnceLock<CoreRsaPrivateSigningKey> = OnceLock::new();
    let made = || {
        use rsa::pkcs1::EncodeRsaPrivateKey as _;
        let private = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS).unwrap();
        let pem = private.to_pkcs1_pem(rsa::pkcs8::LineEnding::LF).unwrap();
        CoreRsaPrivateSigningKey::from_pem(&pem, Some(openidconnect::JsonWebKeyId::new("un".into()))).unwrap()
    };
    if kid == "un" { OURS.get_or_init(made) } else { ANOTHER.get_or_init(made) }
}

/// What the provider answers; each test spoils what it wants.
#[derive(Clone)]
struct Provider {
    issuer: String,
    said: Arc<Mutex<Said>>,
}

/// What is made wrong of what the provider says, and its name.
type Spoilt = (&'static str, fn(&mut Said));

#[derive(Clone)]
struct Said {
    sub: String,
    email: String,
    verified: Option<bool>,
    siret: &'static str,
    nonce: String,
    challenge: String,
    audience: &'static str,
    signer: &'static str,
    userinfo_sub: Option<String>,
    userinfo_signer: &'static str,
    userinfo_plain: bool,
    late_s: i64,
}

impl Provider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let said = Said {
            sub: "sujet-1".into(),
            email: "agent@valbrume.fr".into(),
            verified: Some(true),
            siret: "21990001000017",
            nonce: String::new(),
            challenge: String::new(),
            audience: "finage",
            signer: "un",
            userinfo_sub: None,
            userinfo_signer: "un",
            userinfo_plain: false,
            late_s: 0,
        };
        let provider = Self { issuer, said: Arc::new(Mutex::new(said)) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route(
                "/jwks",
                get(async || Json(json!({ "keys": [serde_json::to_value(key("un").as_verification_key()).unwrap()] }))),
            )
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn set(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().unwrap());
    }

    fn said(&self) -> Said {
        self.said.lock().unwrap().clone()
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", provider.issuer);
    Json(json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("jwks"),
        "end_session_endpoint": at("logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

#[derive(Deserialize)]
struct Exchange {
    code: String,
    code_verifier: String,
}

/// Gives tokens to who has the verifier of the challenge.
async fn token(State(provider): State<Provider>, Form(asked): Form<Exchange>) -> Response {
    let said = provider.said();
    let proof = BASE64URL_NOPAD.encode(&Sha256::digest(asked.code_verifier.as_bytes()));
    if asked.code != "bon-code" || proof != said.challenge {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    let now = time::OffsetDateTime::now_utc().unix_timestamp() - said.late_s;
    let claims = json!({
        "iss": provider.issuer, "aud": said.audience, "sub": said.sub, "nonce": said.nonce,
        "iat": now, "exp": now + 300,
    });
    Json(json!({
        "access_token": "acces", "token_type": "Bearer", "expires_in": 300, "id_token": signed(said.signer, &claims),
    }))
    .into_response()
}

async fn userinfo(State(provider): State<Provider>) -> Response {
    let said = provider.said();
    let mut claims = json!({
        "iss": provider.issuer, "aud": said.audience, "sub": said.userinfo_sub.unwrap_or(said.sub),
        "email": said.email, "siret": said.siret,
    });
    if let Some(verified) = said.verified {
        claims["email_verified"] = verified.into();
    }
    if said.userinfo_plain {
        return Json(claims).into_response();
    }
    ([(header::CONTENT_TYPE, "application/jwt")], signed(said.userinfo_signer, &claims)).into_response()
}

fn signed(signer: &'static str, claims: &Value) -> String {
    let head = BASE64URL_NOPAD.encode(json!({ "alg": "RS256", "kid": "un", "typ": "JWT" }).to_string().as_bytes());
    let body = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
    let text = format!("{head}.{body}");
    let seal = key(signer).sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, text.as_bytes()).unwrap();
    format!("{text}.{}", BASE64URL_NOPAD.encode(&seal))
}

/// A server that knows the provider.
fn serveur(town: &mut Town, provider: &Provider, change: impl FnOnce(&mut Oidc)) -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "secret-du-client\n").unwrap();
    let mut oidc = Oidc {
        id: "essai".into(),
        libelle: "Fournisseur d'essai".into(),
        emetteur: provider.issuer.clone(),
        client_id: "finage".into(),
        client_secret_fichier: secret,
        portees: vec!["siret".into()],
        courriels_admis: Vec::new(),
        domaines_admis: vec!["valbrume.fr".into()],
        siret: vec!["21990001000017".into()],
        courriel_verifie: false,
        userinfo_signe: true,
    };
    change(&mut oidc);
    folder.path().clone_into(&mut town.config.data_dir);
    town.config.oidc = vec![oidc];
    (town.app(Registry::default()), folder)
}

fn param(url: &str, name: &str) -> String {
    let found = url.split(['?', '&']).find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    found.unwrap_or_else(|| panic!("no {name} in {url}")).to_owned()
}

/// Goes to the provider, which then knows nonce and challenge; gives the address that leads back.
async fn leave(navigateur: &mut Navigateur, provider: &Provider) -> String {
    let there = navigateur.get("/connexion/externe/essai?suite=/services").await;
    let url = mene_a(&there).to_owned();
    assert!(url.starts_with(&format!("{}/authorize?", provider.issuer)), "{url}");
    assert_eq!(param(&url, "code_challenge_method"), "S256");
    provider.set(|said| {
        said.nonce = param(&url, "nonce");
        said.challenge = param(&url, "code_challenge");
    });
    format!("/connexion/externe/essai/retour?code=bon-code&state={}", param(&url, "state"))
}

async fn account(town: &mut Town, email: &str) {
    utilisateur::cree(&mut town.owner, &Auteur::COMMANDE, email, "Agent d'essai", false).await.unwrap();
}

#[test]
fn an_existing_account_signs_in_and_is_linked_by_subject() {
    on_empty_town(async |town| {
        let provider = Provider::start().await;
        account(town, "agent@valbrume.fr").await;
        let (app, _folder) = serveur(town, &provider, |_| {});
        let mut navigateur = Navigateur::new(&app);
        assert!(navigateur.get("/connexion").await.text().contains("Se connecter avec Fournisseur"));
        let back = leave(&mut navigateur, &provider).await;
        assert_eq!(mene_a(&navigateur.get(&back).await), "/services");
        assert!(navigateur.get("/services").await.text().contains("Se déconnecter"));
        assert_eq!(compte_lignes(town, "select count(*) from acces.identite_externe where sujet = 'sujet-1'").await, 1);
        assert_eq!(
            compte_lignes(town, "select count(*) from acces.demande_externe").await,
            0,
            "what was begun serves once"
        );

        // The subject decides from then on: the e-mail may change.
        provider.set(|said| said.email = "agent.marie@valbrume.fr".into());
        let mut second = Navigateur::new(&app);
        let back = leave(&mut second, &provider).await;
        assert_eq!(mene_a(&second.get(&back).await), "/services");

        // Another person who was given the same e-mail is not the account.
        provider.set(|said| {
            said.sub = "sujet-2".into();
            said.email = "agent@valbrume.fr".into();
        });
        let mut third = Navigateur::new(&app);
        let back = leave(&mut third, &provider).await;
        assert_eq!(third.get(&back).await.status, StatusCode::FORBIDDEN);

        let out = navigateur.post("/deconnexion", &[]).await;
        let url = mene_a(&out);
        assert!(url.starts_with(&format!("{}/logout?", provider.issuer)) && url.contains("id_token_hint="), "{url}");
    });
}

#[test]
fn nobody_signs_up_silently() {
    on_empty_town(async |town| {
        let provider = Provider::start().await;
        for email in ["ferme@valbrume.fr", "agent@ailleurs.fr", "agent@valbrume.fr"] {
            account(town, email).await;
        }
        sql(town, "update acces.utilisateur set actif = false where email = 'ferme@valbrume.fr'").await;
        let (app, _folder) = serveur(town, &provider, |_| {});
        let good = provider.said();
        let spoilt: [Spoilt; 6] = [
            ("unknown", |said| said.email = "inconnu@valbrume.fr".into()),
            ("closed", |said| said.email = "ferme@valbrume.fr".into()),
            ("not in the allow-list", |said| said.email = "agent@ailleurs.fr".into()),
            ("e-mail not verified", |said| said.verified = Some(false)),
            ("e-mail not said to be verified", |said| said.verified = None),
            ("another organisation", |said| said.siret = "99999999999999"),
        ];
        for (what, change) in spoilt {
            provider.set(|said| *said = good.clone());
            provider.set(change);
            let mut navigateur = Navigateur::new(&app);
            let back = leave(&mut navigateur, &provider).await;
            let answer = navigateur.get(&back).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
            assert!(answer.text().contains("aucun compte") || answer.text().contains("Aucun compte"), "{what}");
            assert_eq!(navigateur.session(), "", "{what}");
        }
        assert_eq!(compte_lignes(town, "select count(*) from acces.utilisateur").await, 3);
        assert_eq!(compte_lignes(town, "select count(*) from acces.identite_externe").await, 0);
    });
}

#[test]
fn a_provider_that_proves_nothing_is_not_believed() {
    on_empty_town(async |town| {
        let provider = Provider::start().await;
        account(town, "agent@valbrume.fr").await;
        let (app, _folder) = serveur(town, &provider, |_| {});
        let spoilt: [Spoilt; 8] = [
            ("another nonce", |said| said.nonce = "autre".into()),
            ("another audience", |said| said.audience = "autre-client"),
            ("another key", |said| said.signer = "deux"),
            ("an expired token", |said| said.late_s = 3600),
            ("userinfo of another", |said| said.userinfo_sub = Some("sujet-9".into())),
            ("userinfo signed by another", |said| said.userinfo_signer = "deux"),
            ("userinfo not signed", |said| said.userinfo_plain = true),
            ("another verifier", |said| said.challenge = "autre".into()),
        ];
        for (what, change) in spoilt {
            let good = provider.said();
            let mut navigateur = Navigateur::new(&app);
            let back = leave(&mut navigateur, &provider).await;
            provider.set(change);
            let answer = navigateur.get(&back).await;
            assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{what}: {}", answer.text());
            assert_eq!(navigateur.session(), "", "{what}");
            provider.set(|said| *said = good);
        }
        assert_eq!(compte_lignes(town, "select count(*) from acces.session").await, 0);
        assert_eq!(compte_lignes(town, "select count(*) from acces.identite_externe").await, 0);
    });
}

#[test]
fn a_sign_in_ends_where_it_began_once_and_in_time() {
    on_empty_town(async |town| {
        let provider = Provider::start().await;
        account(town, "agent@valbrume.fr").await;
        let (app, _folder) = serveur(town, &provider, |_| {});
        let mut navigateur = Navigateur::new(&app);
        let back = leave(&mut navigateur, &provider).await;
        // Another browser brings the answer: a victim that is made to sign in as the attacker.
        assert_eq!(Navigateur::new(&app).get(&back).await.status, StatusCode::FORBIDDEN);
        let forged = back.replace("state=", "state=x");
        assert_eq!(navigateur.get(&forged).await.status, StatusCode::FORBIDDEN);
        let back = leave(&mut navigateur, &provider).await;
        let cookies = navigateur.cookies.clone();
        assert_eq!(mene_a(&navigateur.get(&back).await), "/services");
        navigateur.cookies = cookies;
        assert_eq!(navigateur.get(&back).await.status, StatusCode::FORBIDDEN, "once");

        let back = leave(&mut navigateur, &provider).await;
        sql(town, "update acces.demande_externe set expire_le = now() - interval '1 second'").await;
        assert_eq!(navigateur.get(&back).await.status, StatusCode::FORBIDDEN, "ten minutes at most");
        let state = leave(&mut navigateur, &provider).await.replace("code=bon-code&", "error=access_denied&");
        assert_eq!(navigateur.get(&state).await.status, StatusCode::FORBIDDEN);
        assert_eq!(navigateur.get("/connexion/externe/inconnu").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_provider_that_is_away_leaves_the_password() {
    on_empty_town(async |town| {
        let provider = Provider::start().await;
        let (app, _folder) = serveur(town, &provider, |oidc| oidc.emetteur = "http://127.0.0.1:9".into());
        let mut navigateur = Navigateur::new(&app);
        let answer = navigateur.get("/connexion/externe/essai").await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert!(answer.text().contains("name=\"mot_de_passe\"") && !answer.text().contains("127.0.0.1:9"));
    });
}
