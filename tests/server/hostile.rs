//! What strangers write in addresses, headers and bodies: on every route there is, no failure, no leak, no belief.

use std::fmt::Write as _;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use finage::http::App;
use finage::http::route::{Content, LISTED, Route};
use finage::jobs::Registry;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use crate::collectivites::monde;
use crate::harness::{Answer, Town, on_sample_town};

/// Words that no answer holds, whoever asks: the inside shows through them.
const LEAKS: [&str; 13] = [
    "sqlx",
    "panicked",
    "backtrace",
    "sqlstate",
    "syntax error",
    "invalid input syntax",
    "pg_catalog",
    "postgres://",
    ".rs:",
    "src/http",
    "/home/",
    "cargo/registry",
    "unwrap()",
];

const PIRATE: &str = "pirate.example";

/// Parameters of addresses, with values that are right: what is tried in one of them gets past the others.
const PARAMETERS: [(&str, &[(&str, &str)]); 46] = [
    ("/recherche", &[("q", "AB 1")]),
    ("/extraits", &[("references", "AB 1"), ("commune", "99101")]),
    ("/consulter/{module}/{objet}", &[("nom", "x"), ("page", "1"), ("commune", "99101")]),
    ("/deposer/{module}/{objet}", &[("nom", "x")]),
    ("/parcelle/{idu}/extrait.pdf", SHEET),
    ("/parcelle/{idu}/plan.svg", SHEET),
    ("/extrait.pdf", SHEETS),
    ("/api/recherche", &[("q", "AB 1"), ("limit", "5"), ("lon", "4.8"), ("lat", "45.7")]),
    ("/api/parcelles", &[("lon", "4.8"), ("lat", "45.7")]),
    ("/api/coordonnees", &[("lon", "4.8"), ("lat", "45.7")]),
    ("/api/selection/export", &[("format", "csv"), ("wkt", "true")]),
    ("/api/annotations", ANNOTATIONS),
    (
        "/api/annotations/export",
        &[("format", "csv"), ("q", ""), ("bbox", "4,45,5,46"), ("categorie", "note"), ("archivees", "false")],
    ),
    ("/api/annotations/{id}/fichiers", &[("nom", "essai.txt")]),
    (
        "/api/personnes",
        &[("finalite", "urbanisme"), ("q", ""), ("archivees", "false"), ("rang", "0"), ("limite", "10")],
    ),
    ("/api/modules/{module}/{objet}/imports", &[("nom", "essai.csv")]),
    (
        "/api/modules/{module}/{objet}/anomalies",
        &[("levees", "false"), ("cle", "00000000-0000-4000-8000-0000000000a1"), ("rang", "0"), ("limite", "10")],
    ),
    ("/api/personnes/export", &[("format", "csv"), ("finalite", "urbanisme"), ("q", ""), ("archivees", "false")]),
    ("/api/personnes/{id}", &[("finalite", "urbanisme")]),
    ("/api/personnes/{id}/dossier", &[("format", "json")]),
    ("/api/personnes/{id}/historique", &[("finalite", "urbanisme")]),
    ("/api/journal/{chaine}", JOURNAL),
    ("/api/journal/{chaine}/export", JOURNAL),
    ("/annotations", &[("q", ""), ("archivees", "")]),
    (
        "/journal",
        &[
            ("chaine", "acte"),
            ("du", ""),
            ("au", ""),
            ("compte", ""),
            ("objet", ""),
            ("cle", ""),
            ("action", ""),
            ("apres", ""),
        ],
    ),
    ("/rgpd", &[("q", "")]),
    ("/api/modules/{module}/{objet}", ROWS),
    ("/api/modules/{module}/{objet}/geojson", ROWS),
    ("/api/modules/{module}/{objet}/{id}/onglets/{onglet}", ROWS),
    (
        "/api/modules/{module}/{objet}/export",
        &[
            ("format", "csv"),
            ("filter", ""),
            ("liste", ""),
            ("q", ""),
            ("sort", ""),
            ("bbox", "4,45,5,46"),
            ("archivees", "false"),
            ("finalite", "urbanisme"),
        ],
    ),
    ("/api/modules/{module}/{objet}/{id}", &[("finalite", "urbanisme")]),
    ("/api/modules/{module}/{objet}/{id}/historique", &[("finalite", "urbanisme")]),
    ("/api/modules/{module}/{objet}/{id}/annuler", &[("finalite", "urbanisme")]),
    ("/api/modules/{module}/{objet}/{id}/fichiers", &[("nom", "essai.txt")]),
    ("/api/modules/{module}/{objet}/codes/{champ}", &[("q", ""), ("record", "{}")]),
    ("/api/modules/{module}/{objet}/choix/{champ}", &[("q", ""), ("record", "{}")]),
    ("/api/modules/{module}/{objet}/{id}/documents/{document}", &[("finalite", "urbanisme")]),
    (
        "/tiles/{layers}/{z}/{x}/{y}",
        &[("filter", "a = 1"), ("q", "x"), ("liste", "a"), ("archivees", "false"), ("fields", "idu"), ("v", "0")],
    ),
    ("/api/vues", &[("module", "a"), ("objet", "b")]),
    ("/api/bilans/{module}/{bilan}", &[("parametres", "annees:5")]),
    ("/api/fichiers/{id}", &[("ouvrir", "false")]),
    ("/api/modules/{module}/{objet}/{id}/etapes/{etape}", &[("finalite", "urbanisme")]),
    ("/api/modules/{module}/{objet}/imports/{id}/essai", &[("finalite", "urbanisme")]),
    ("/api/modules/{module}/{objet}/imports/{id}/lancer", &[("finalite", "urbanisme")]),
    ("/api/modules/{module}/{objet}/{id}/avenants", &[("finalite", "urbanisme")]),
    ("/api/modules/{module}/{objet}/{id}/rattachements/{lien}", &[("le", "2026-01-01")]),
];
const ROWS: &[(&str, &str)] = &[
    ("filter", ""),
    ("liste", ""),
    ("q", ""),
    ("sort", ""),
    ("fields", ""),
    ("bbox", "4,45,5,46"),
    ("near", "4.8,45.7,10"),
    ("etendue", "false"),
    ("archivees", "false"),
    ("valide_le", "2026-01-01"),
    ("finalite", "urbanisme"),
    ("rang", "0"),
    ("limite", "10"),
];
const ANNOTATIONS: &[(&str, &str)] = &[
    ("q", "repère"),
    ("bbox", "4,45,5,46"),
    ("categorie", "note"),
    ("archivees", "false"),
    ("rang", "0"),
    ("limite", "10"),
];
const JOURNAL: &[(&str, &str)] = &[
    ("du", "2026-01-01"),
    ("au", "2026-12-31"),
    ("compte", "agent@exemple.invalid"),
    ("objet", "annotation"),
    ("cle", "x"),
    ("action", "creation"),
    ("apres", "10"),
    ("limite", "10"),
];
const SHEET: &[(&str, &str)] = &[("format", "a4"), ("orientation", "auto"), ("echelle", "auto"), ("fond", "")];
const SHEETS: &[(&str, &str)] =
    &[("parcelles", ""), ("format", "a4"), ("orientation", "auto"), ("echelle", "auto"), ("fond", "")];

/// Injections and nonsense, by family.
const PAYLOADS: [&str; 72] = [
    // Quotes, comments, unions.
    "'",
    "\"",
    "`",
    "''",
    "\\'",
    "' --",
    "'--",
    "' #",
    "'/*",
    "*/",
    "';",
    "'; select 1; --",
    "') or ('1'='1",
    "' or 1=1 --",
    "\" or \"\"=\"",
    "' or ''='",
    "1 or 1=1",
    "1; drop table core.annotation; --",
    "' union select null --",
    "' union select null,null,null --",
    "' union all select version(),current_user --",
    "' and 1=cast(version() as int) --",
    "x' and (select count(*) from acces.utilisateur)>0 --",
    "' having 1=1 --",
    "' group by 1 --",
    "' order by 99 --",
    // Time, files, commands.
    "'; select pg_sleep(30); --",
    "' || pg_sleep(30) --",
    "1 and 1=(select 1 from pg_sleep(30))",
    "'; copy (select '') to program 'id'; --",
    "' || lo_import('/etc/passwd') --",
    "' || pg_read_file('/etc/passwd') --",
    // Ways around.
    "$$",
    "$1",
    "$1$2$3",
    "$tag$x$tag$",
    ":name",
    "%27",
    "%2527",
    "ʼ or 1=1",
    "＇ or 1=1",
    "\u{ff07}",
    "E'\\x27'",
    "U&'\\0027'",
    "chr(39)||chr(39)",
    "'||(select '')||'",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    // Patterns.
    "%",
    "_",
    "%%%%%%%%%%%%%%%%",
    "\\",
    "\\%",
    "[a-z]",
    "(((((((((((((((((((((",
    ".*.*.*.*.*!",
    "a&b|!c",
    "':*&",
    // Bytes and numbers.
    "\0",
    "a\0b",
    "\u{202e}",
    "\u{feff}",
    "\r\nset-cookie: a=b",
    "NaN",
    "-Infinity",
    "1e999",
    "-1",
    "99999999999999999999",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
];

/// Answers to these two are the same but for the text told back: they ask a true and a false question.
const TRUE_AND_FALSE: [(&str, &str); 4] = [
    ("x' or '1'='1", "x' or '1'='2"),
    ("x') or ('1'='1", "x') or ('1'='2"),
    ("1 or 1=1", "1 or 1=2"),
    ("x' or 1=1 -- ", "x' or 1=2 -- "),
];

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut done, byte| {
        if byte.is_ascii_alphanumeric() {
            done.push(char::from(byte));
        } else {
            write!(done, "%{byte:02X}").unwrap();
        }
        done
    })
}

/// The address of a route, with `value` in each of its holes.
fn address(path: &str, value: &str) -> String {
    let mut rest = path;
    let mut done = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        done.push_str(before);
        done.push_str(&escaped(value));
        rest = after.split_once('}').unwrap().1;
    }
    done + rest
}

/// A body that the route may read, with `value` wherever it takes text.
fn body(route: &Route, value: &str) -> Option<(&'static str, String)> {
    match route.content {
        Content::None => None,
        Content::File => Some(("application/octet-stream", value.to_owned())),
        Content::Form => {
            let fields = [
                "references",
                "commune",
                "format",
                "orientation",
                "echelle",
                "fond",
                "sortie",
                "email",
                "mot_de_passe",
                "titre",
                "texte",
                "lieu",
                "categorie",
                "version",
            ];
            Some((
                "application/x-www-form-urlencoded",
                fields.map(|name| format!("{name}={}", escaped(value))).join("&"),
            ))
        }
        Content::Multipart => {
            let part =
                |name: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            let fields = ["jeton", "nom", "fichiers", value].map(part).concat();
            Some(("multipart/form-data; boundary=b", format!("{fields}--b--\r\n")))
        }
        Content::Json => {
            let json = match route.path {
                "/api/selection" => json!({ "parcelles": [value], "references": value, "commune": value }),
                "/api/selection/export" => json!({ "parcelles": [value, "99101000AB0001"] }),
                "/api/travaux" => {
                    json!({ "genre": "extraits", "parametres": { "references": value, "commune": value } })
                }
                path if path.starts_with("/api/annotations") => json!({
                    "champs": { "titre": value, "texte": value, "categorie": "note" },
                    "geometrie": { "type": "Point", "coordinates": [4.8, 45.7] },
                }),
                path if path.starts_with("/api/personnes") => {
                    json!({ "champs": { "nom": value, "adresse": value, "courriel": value }, "insee": value })
                }
                path if path.contains("/gabarits/") => json!({ "texte": value }),
                path if path.contains("/documents/") => json!({ "q": value, "filter": value, "finalite": value }),
                _ => json!({ "titre": value, "texte": value, "nom": value, "insee": value }),
            };
            Some(("application/json", json.to_string()))
        }
    }
}

/// A router, and a token of an agent to ask it with.
struct Stranger {
    router: Router,
    token: String,
}

impl Stranger {
    async fn at(town: &mut Town) -> Self {
        monde(town).await;
        sqlx::raw_sql(include_str!("agent.sql")).execute(&mut town.owner).await.unwrap();
        let token = format!("fin_{}", "a".repeat(43));
        sqlx::query(include_str!("jeton.sql"))
            .bind(Sha256::digest(token.as_bytes()).as_slice())
            .execute(&mut town.owner)
            .await
            .unwrap();
        let works = Registry::default().with(finage::print::Extraits::new(town.pool.clone(), Vec::new()));
        let app: App = town.app(works);
        Self { router: finage::http::router(app), token }
    }

    async fn ask(
        &self,
        method: &Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Option<(&str, String)>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let text = match body {
            Some((kind, text)) => {
                request = request.header(header::CONTENT_TYPE, kind);
                text
            }
            None => String::new(),
        };
        let response = self.router.clone().oneshot(request.body(Body::from(text)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// The same with the token.
    async fn ask_known(&self, method: &Method, address: &str, body: Option<(&str, String)>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.ask(method, address, &[("authorization", &bearer)], body).await
    }
}

/// Whether an answer fails, or shows the inside.
fn wrong(answer: &Answer, written: &str) -> Option<String> {
    if answer.status.is_server_error() {
        return Some(format!("{} {}", answer.status, answer.text()));
    }
    let (text, written) = (answer.text().to_lowercase(), written.to_lowercase());
    let leak = LEAKS.iter().find(|leak| text.contains(**leak) && !written.contains(**leak))?;
    Some(format!("{leak:?} in {}", answer.text().chars().take(2_000).collect::<String>()))
}

#[test]
fn nonsense_is_refused_and_tells_nothing_of_the_inside() {
    on_sample_town(async |town| {
        let stranger = Stranger::at(town).await;
        let long = "é".repeat(1_500);
        for route in LISTED.iter() {
            for value in
                ["", "absent", "99101", "0", "-1", "00000000-0000-0000-0000-000000000000", "..", "%", long.as_str()]
            {
                let address = address(route.path, value);
                let given = [
                    None,
                    body(route, value),
                    Some(("application/json", "{".into())),
                    Some(("text/plain", "\0".into())),
                ];
                for body in given {
                    for answer in [
                        stranger.ask(&route.method, &address, &[], body.clone()).await,
                        stranger.ask_known(&route.method, &address, body).await,
                    ] {
                        assert_eq!(
                            wrong(&answer, value),
                            None,
                            "{} {}",
                            route.method,
                            &address[..address.len().min(90)]
                        );
                        assert!(answer.headers.contains_key(header::CONTENT_SECURITY_POLICY));
                        assert!(
                            !answer.headers.contains_key(header::SERVER)
                                && !answer.headers.contains_key("x-powered-by")
                        );
                    }
                }
            }
        }
    });
}

#[test]
fn no_injection_goes_through_a_path_or_a_body() {
    on_sample_town(async |town| {
        let stranger = Stranger::at(town).await;
        let before = town.fingerprint().await;
        for route in LISTED.iter() {
            if !route.path.contains('{') && route.content == Content::None {
                continue;
            }
            for payload in PAYLOADS {
                let answer =
                    stranger.ask_known(&route.method, &address(route.path, payload), body(route, payload)).await;
                assert_eq!(wrong(&answer, payload), None, "{} {} with {payload:?}", route.method, route.path);
                // Signing out takes the cookie away; nothing gives one.
                let taken = answer.header(&header::SET_COOKIE);
                assert!(taken.is_empty() || taken.contains("Max-Age=0"), "{} with {payload:?}: {taken}", route.path);
            }
            for (truth, lie) in TRUE_AND_FALSE {
                let yes = stranger.ask_known(&route.method, &address(route.path, truth), body(route, truth)).await;
                let no = stranger.ask_known(&route.method, &address(route.path, lie), body(route, lie)).await;
                assert_eq!(shape(&yes), shape(&no), "{} {} with {truth:?}", route.method, route.path);
            }
        }
        assert_eq!(town.fingerprint().await, before);
    });
}

#[test]
fn no_injection_goes_through_a_parameter() {
    on_sample_town(async |town| {
        let stranger = Stranger::at(town).await;
        let idu = town.some_parcel("true").await;
        for (path, parameters) in PARAMETERS {
            let route = LISTED.iter().find(|route| route.path == path).unwrap();
            for tried in 0..parameters.len() {
                let asked = |payload: &str| {
                    let query = parameters.iter().enumerate().map(|(rank, (name, right))| {
                        let right = if *name == "parcelles" { idu.as_str() } else { right };
                        format!("{name}={}", escaped(if rank == tried { payload } else { right }))
                    });
                    format!("{}?{}", address(path, &idu), query.collect::<Vec<_>>().join("&"))
                };
                let body = || body(route, &idu);
                let name = parameters[tried].0;
                for payload in PAYLOADS {
                    let answer = stranger.ask_known(&route.method, &asked(payload), body()).await;
                    assert_eq!(wrong(&answer, payload), None, "{path} {name} {payload:?}");
                }
                for (truth, lie) in TRUE_AND_FALSE {
                    let yes = stranger.ask_known(&route.method, &asked(truth), body()).await;
                    let no = stranger.ask_known(&route.method, &asked(lie), body()).await;
                    assert_eq!(shape(&yes), shape(&no), "{path} {name} {truth:?}");
                }
            }
        }
    });
}

/// What an answer tells besides the text told back, which has the same length in both.
fn shape(answer: &Answer) -> (StatusCode, usize, Vec<String>) {
    let headers = answer.headers.keys().map(ToString::to_string).collect();
    // What was made says when, to the microsecond: an instant may be written shorter.
    let length = if answer.status == StatusCode::CREATED { 0 } else { answer.bytes.len() };
    (answer.status, length, headers)
}

#[test]
fn every_parameter_of_the_contract_is_attacked() {
    let contract = serde_json::to_value(finage::http::document()).unwrap();
    let empty = Vec::new();
    for (path, operations) in contract["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let parameters = operation["parameters"].as_array().unwrap_or(&empty);
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                let name = parameter["name"].as_str().unwrap();
                let tried =
                    PARAMETERS.iter().any(|(one, names)| one == path && names.iter().any(|(known, _)| *known == name));
                assert!(tried || path.contains(&format!("{{{name}}}")), "{path} {name}: add it to PARAMETERS");
            }
        }
    }
}

#[test]
fn addresses_come_from_the_configuration_never_from_the_request() {
    on_sample_town(async |town| {
        let stranger = Stranger::at(town).await;
        let idu = town.some_parcel("true").await;
        let hostile = [
            ("host", PIRATE),
            ("x-forwarded-host", PIRATE),
            ("x-forwarded-server", PIRATE),
            ("x-original-url", "//pirate.example/"),
            ("x-rewrite-url", "//pirate.example/"),
            ("forwarded", "host=pirate.example;proto=https"),
            ("referer", "https://pirate.example/"),
        ];
        let asked = format!("retour=//{PIRATE}&next=https://{PIRATE}&url=https://{PIRATE}&suite=%5C%5C{PIRATE}");
        for route in LISTED.iter().filter(|route| route.method == Method::GET) {
            let values = if route.path.starts_with("/tiles/") {
                "parcelles"
            } else if route.path.starts_with("/styles/") {
                "cadastre.json"
            } else {
                &idu
            };
            let address = address(route.path, values);
            for address in [address.clone(), format!("{address}?{asked}")] {
                let answer = stranger.ask(&Method::GET, &address, &hostile, None).await;
                let mut headers = answer.headers.clone();
                // What was asked is kept for after the sign-in, as an address of this very server.
                if headers.get(header::LOCATION).is_some_and(|to| to.as_bytes().starts_with(b"/connexion?suite=%2F")) {
                    assert!(!answer.header(&header::LOCATION)["/connexion?suite=%2F".len()..].starts_with("%2F"));
                    headers.remove(header::LOCATION);
                }
                let headers = format!("{headers:?}");
                assert!(!headers.contains(PIRATE), "{address}: {headers}");
                assert!(!answer.text().contains(PIRATE), "{address}: {}", answer.text());
            }
        }
        for address in [
            "http://pirate.example/",
            "//pirate.example/",
            "//pirate.example/%2e%2e",
            "/%2F%2Fpirate.example",
            "/%5Cpirate.example",
            "/carte//pirate.example",
        ] {
            let answer = stranger.ask(&Method::GET, address, &[], None).await;
            assert!(!answer.status.is_redirection() && !answer.text().contains(&format!("//{PIRATE}")), "{address}");
        }
    });
}

#[test]
fn a_write_from_the_page_of_another_site_is_refused_on_every_route() {
    on_sample_town(async |town| {
        let stranger = Stranger::at(town).await;
        let said = [
            [("sec-fetch-site", "cross-site"), ("origin", "https://pirate.example")],
            [("sec-fetch-site", "same-site"), ("origin", "https://pirate.example")],
            [("origin", "https://pirate.example"), ("x-a", "b")],
            [("origin", "null"), ("x-a", "b")],
        ];
        for route in LISTED.iter().filter(|route| route.method != Method::GET) {
            for headers in &said {
                let answer = stranger.ask(&route.method, &address(route.path, "1"), headers, body(route, "1")).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
            }
        }
    });
}

#[test]
fn the_contract_names_no_leak() {
    let contract: Value = serde_json::to_value(finage::http::document()).unwrap();
    let text = contract.to_string().to_lowercase();
    assert!(LEAKS.iter().all(|leak| !text.contains(leak)));
}
