//! Accounts with a role and an open session, and the requests they make.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use finage::access::secret;
use finage::http::{App, router};
use serde_json::Value;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::collectivites::monde;
use crate::harness::{Answer, Town};

/// An account signed in for a collectivité.
#[derive(Debug, Clone)]
pub struct Agent {
    pub id: Uuid,
    cookie: String,
}

/// What an account holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tenu<'a> {
    pub role: &'a str,
    pub finalites: &'a [&'a str],
    pub communes: Option<&'a [&'a str]>,
}

/// An account that holds a role for the collectivité of that code, signed in.
pub async fn agent(town: &mut Town, code: &str, tenu: Tenu<'_>) -> Agent {
    let (id, (texte, empreinte)) = (Uuid::new_v4(), secret::nouveau("").unwrap());
    sqlx::query(include_str!("agent_connecte.sql"))
        .bind(id)
        .bind(format!("{id}@exemple.invalid"))
        .bind(code)
        .bind(tenu.role)
        .bind(tenu.communes)
        .bind(tenu.finalites)
        .bind(empreinte.octets())
        .execute(&mut town.owner)
        .await
        .unwrap();
    Agent { id, cookie: format!("finage-local={texte}") }
}

/// An account that administers the installation and holds no role, signed in with its second factor.
pub async fn administrateur(town: &mut Town) -> Agent {
    let (id, (texte, empreinte)) = (Uuid::new_v4(), secret::nouveau("").unwrap());
    sqlx::query(
        "insert into acces.utilisateur (id, email, nom, administrateur, totp_secret, totp_confirme_le)
         values ($1, $1::text || '@exemple.invalid', 'Administration', true, '\\x00', now())",
    )
    .bind(id)
    .execute(&mut town.owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into acces.session (empreinte, id, utilisateur, second_facteur, expire_le)
         values ($1, gen_random_uuid(), $2, true, now() + interval '1 hour')",
    )
    .bind(empreinte.octets())
    .bind(id)
    .execute(&mut town.owner)
    .await
    .unwrap();
    Agent { id, cookie: format!("finage-local={texte}") }
}

impl Agent {
    pub async fn get(&self, town: &Town, path: &str) -> Answer {
        self.ask(town, Method::GET, path, &[], None).await
    }

    pub async fn post(&self, town: &Town, path: &str, body: &Value) -> Answer {
        self.ask(town, Method::POST, path, &[], Some(body)).await
    }

    pub async fn patch(&self, town: &Town, path: &str, version: &str, body: &Value) -> Answer {
        self.ask(town, Method::PATCH, path, &[(header::IF_MATCH, version)], Some(body)).await
    }

    pub async fn delete(&self, town: &Town, path: &str) -> Answer {
        self.ask(town, Method::DELETE, path, &[], None).await
    }

    /// A form of a page.
    pub async fn form(&self, town: &Town, path: &str, body: &str) -> Answer {
        let kind = (header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.raw(town, Method::POST, path, &[kind], body.as_bytes().to_vec()).await
    }

    pub async fn ask(
        &self,
        town: &Town,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut headers = headers.to_vec();
        if body.is_some() {
            headers.push((header::CONTENT_TYPE, "application/json"));
        }
        self.raw(town, method, path, &headers, body.map(|body| body.to_string().into_bytes()).unwrap_or_default()).await
    }

    pub async fn raw(
        &self,
        town: &Town,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: Vec<u8>,
    ) -> Answer {
        self.sent(town.router(), method, path, headers, body).await
    }

    /// The same of a server of one's own.
    pub async fn ask_of(&self, app: &App, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let headers = if body.is_some() { &kind[..] } else { &[] };
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.sent(router(app.clone()), method, path, headers, body).await
    }

    /// The same of a router of one's own, made once for many requests.
    pub async fn sent(
        &self,
        router: Router,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::COOKIE, &self.cookie).header("sec-fetch-site", "same-origin");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let response = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

/// Lines of a chain of the journal, oldest first: action, object, key, purpose, details.
pub async fn lignes(town: &mut Town, chaine: &str) -> Vec<(String, String, Option<String>, Option<String>, Value)> {
    let sql = format!("select action, objet, cle, finalite, details from journal.{chaine} order by id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&town.pools.journal).await.unwrap()
}

/// The collectivités of the tests, on a plan where each commune is a square.
pub async fn monde_trace(town: &mut Town) {
    monde(town).await;
    sqlx::raw_sql(include_str!("carres.sql")).execute(&mut town.owner).await.unwrap();
}

/// A point in the middle of a commune, in degrees.
pub async fn milieu(town: &mut Town, insee: &str) -> Value {
    let sql = "select st_asgeojson(st_transform(st_pointonsurface(geom), 4326), 7)::jsonb from cadastre.commune where insee = $1";
    sqlx::query_scalar(sql).bind(insee).fetch_one(&mut town.owner).await.unwrap()
}
