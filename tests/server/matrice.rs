//! Every route and every kind of stranger: nothing of another's comes out, in bytes or in counts, and nothing of another's
//! is changed. A route that the matrix does not know fails it.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use finage::access::connexion::{self, Demande};
use finage::http::route::{Content, LISTED, Route};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use tower::ServiceExt as _;

use crate::harness::{Town, on_empty_town};

/// Rows of the world: their mark, and the accounts that may see it, whatever the way.
const MARQUES: [(&str, &[&str]); 17] = [
    ("zqavalbrumezq", &["valbrume", "ccvo", "lecteur", "agent"]),
    ("zqacyprinzq", &["cyprin"]),
    ("zqaccvounzq", &["valbrume", "ccvo", "lecteur", "agent"]),
    ("zqaccvodeuxzq", &["ccvo"]),
    ("zqaancienzq", &["ancien"]),
    // The mission « etat_civil » is held by nobody: persons are for their own collectivité, with a purpose.
    ("zqpvalbrumezq", &["valbrume"]),
    ("zqpcyprinzq", &["cyprin"]),
    ("zqpccvozq", &["ccvo"]),
    // Files follow the annotation they hang on.
    ("zqfvalbrumezq", &["valbrume", "ccvo", "lecteur", "agent"]),
    ("zqfcyprinzq", &["cyprin"]),
    // Lines of the journal are for the delegate of the collectivité for which someone acted.
    ("zqjvalbrumezq", &["valbrume", "dpo"]),
    ("zqjcyprinzq", &["cyprin"]),
    // Names of accounts: their own, and who manages them.
    ("zquvalbrumezq", &["valbrume", "gestionnaire", "administration"]),
    ("zqucyprinzq", &["cyprin", "administration"]),
    // A job is for the account that asked.
    ("zqtvalbrumezq", &["valbrume"]),
    ("zqtcyprinzq", &["cyprin"]),
    ("zqsvalbrumezq", &["valbrume"]),
];

/// Who asks: the short name of the model above, and the account that signs in; none for the public.
const ACTEURS: [(&str, Option<&str>); 13] = [
    ("public", None),
    ("sansrole", Some("sansrole@exemple.invalid")),
    ("administration", Some("administration@exemple.invalid")),
    ("valbrume", Some("valbrume@exemple.invalid")),
    ("cyprin", Some("cyprin@exemple.invalid")),
    ("ccvo", Some("ccvo@exemple.invalid")),
    // The commune left the day before yesterday: its mission there says nothing any more.
    ("ancien", Some("ancien@exemple.invalid")),
    ("sansmission", Some("sansmission@exemple.invalid")),
    // A mission, and no territory.
    ("syndicat", Some("syndicat@exemple.invalid")),
    ("lecteur", Some("lecteur@valbrume.invalid")),
    ("agent", Some("agent@valbrume.invalid")),
    ("dpo", Some("dpo@valbrume.invalid")),
    ("gestionnaire", Some("gestionnaire@valbrume.invalid")),
];

/// Annotations and persons of the world, by the letter their mark begins with.
const ANNOTATIONS: [&str; 5] = ["a1", "a2", "a3", "a4", "a5"];
const PERSONNES: [&str; 3] = ["b1", "b2", "b3"];

fn id(suffixe: &str) -> String {
    format!("00000000-0000-4000-8000-0000000000{suffixe}")
}

/// A request of the matrix.
struct Demandee {
    uri: String,
    corps: Option<(&'static str, String)>,
}

fn lit(uri: impl Into<String>) -> Demandee {
    Demandee { uri: uri.into(), corps: None }
}

fn json_a(uri: impl Into<String>, corps: &serde_json::Value) -> Demandee {
    Demandee { uri: uri.into(), corps: Some(("application/json", corps.to_string())) }
}

fn formulaire(uri: impl Into<String>, champs: &str) -> Demandee {
    Demandee { uri: uri.into(), corps: Some(("application/x-www-form-urlencoded", champs.to_owned())) }
}

/// What the matrix asks of a route; `None` for one it does not know: whoever adds a route adds its line here.
#[expect(clippy::too_many_lines, reason = "a line a route")]
fn demandees(route: &Route, monde: &Monde) -> Option<Vec<Demandee>> {
    let chaque = |ids: &[&str], forme: &dyn Fn(String) -> Demandee| ids.iter().map(|one| forme(id(one))).collect();
    let annotation = json!({
        "champs": { "titre": "essai" }, "geometrie": { "type": "Point", "coordinates": [5.0, 45.7] }
    });
    let changement = json!({ "champs": { "titre": "pris" } });
    Some(match (route.method.as_str(), route.path) {
        // What is open to all, and says the same to all but in what follows.
        (
            "GET",
            "/" | "/carte" | "/favicon.ico" | "/services" | "/accessibilite" | "/mentions" | "/robots.txt" | "/ready"
            | "/extraits" | "/api/configuration" | "/api/openapi.json" | "/tiles/catalog" | "/metrics",
        ) => vec![lit(route.path)],
        // The application's page is the same for all; what it shows is asked of the API.
        ("GET", "/app" | "/app/{*path}") => vec![lit("/app"), lit("/app/objets_trouves/objet")],
        ("GET" | "POST", path) if path.starts_with("/api/rgpd/") => {
            let uri = path.replace("{id}", &id("a1"));
            vec![match route.content {
                Content::Json => {
                    json_a(uri, &json!({ "objet": "absent", "finalite": "absente", "visa": "x", "le": "2026-01-01" }))
                }
                _ => lit(uri),
            }]
        }
        // Modules have a matrix of their own, over every object and every role; here no module is installed.
        (_, path) if path.starts_with("/api/modules") => {
            let uri = path.replace("{module}", "absent").replace("{objet}", "absent").replace("{id}", &id("a1"));
            let uri = uri.replace("{champ}", "absent").replace("{onglet}", "absent").replace("{etape}", "absent");
            let uri = uri.replace("{lien}", &id("a1"));
            vec![match route.content {
                Content::Json => json_a(uri, &json!({})),
                _ => lit(uri),
            }]
        }
        // What follows objects of modules: nothing of another's, links of annotations among them.
        ("GET", "/api/vues") => vec![lit("/api/vues?module=absent&objet=absent")],
        ("POST", "/api/vues") => {
            vec![json_a(route.path, &json!({ "module": "absent", "objet": "absent", "nom": "essai", "etat": {} }))]
        }
        ("PATCH" | "DELETE", "/api/vues/{id}") => vec![match route.content {
            Content::Json => json_a(route.path.replace("{id}", &id("a1")), &json!({ "nom": "pris" })),
            _ => lit(route.path.replace("{id}", &id("a1"))),
        }],
        ("GET", "/api/tableau/{module}/{rang}") => vec![lit("/api/tableau/absent/0")],
        ("GET", "/api/bilans/{module}/{bilan}") => vec![lit("/api/bilans/absent/absent")],
        ("GET", "/api/rattachements/en-attente") => vec![lit(route.path)],
        ("GET", "/assets/{*path}") => vec![lit("/assets/absent.js")],
        ("GET", "/recherche") => vec![lit("/recherche?q=zq"), lit("/recherche?q=titre")],
        ("GET", "/api/recherche") => vec![lit("/api/recherche?q=zq&limit=50"), lit("/api/recherche?q=nom&limit=50")],
        ("GET", "/commune/{insee}") => vec![lit("/commune/99101")],
        ("GET", "/api/communes/{insee}") => vec![lit("/api/communes/99101")],
        ("GET", "/api/coordonnees") => vec![lit("/api/coordonnees?lon=5&lat=45")],
        ("GET", "/api/parcelles") => vec![lit("/api/parcelles?lon=5&lat=45")],
        ("GET", path) if path.contains("{idu}") => vec![lit(path.replace("{idu}", "99101000AB0001"))],
        ("GET", "/extrait.pdf") => vec![lit("/extrait.pdf?parcelles=99101000AB0001")],
        ("GET", "/portail/{file}") => vec![lit("/portail/logo")],
        ("GET", "/styles/{file}") => vec![lit("/styles/cadastre.json"), lit("/styles/modules.json")],
        ("GET", "/styles/symbols/{file}") => vec![lit("/styles/symbols/absent.svg")],
        ("GET", "/fonds/{file}") => vec![lit("/fonds/absent.pmtiles")],
        ("POST", "/api/selection" | "/api/selection/export") => {
            vec![json_a(route.path, &json!({ "references": ["zq"] }))]
        }
        ("POST", "/extraits") => vec![formulaire("/extraits", "references=zq")],
        ("POST", "/api/travaux") => {
            vec![json_a(route.path, &json!({ "genre": "extraits", "parametres": { "references": "zq" } }))]
        }
        // Layers: the agents' beside the public's, alone, and on every tile where its rows are.
        ("GET", "/tiles/{layers}") => {
            vec![lit("/tiles/annotations"), lit("/tiles/parcelles,annotations"), lit("/tiles/personnes")]
        }
        ("GET", "/tiles/{layers}/{z}/{x}/{y}") => (10..=22)
            .flat_map(|zoom| {
                let (x, y) = tuile(zoom);
                ["annotations", "parcelles,annotations", "annotations,communes"]
                    .map(|couches| lit(format!("/tiles/{couches}/{zoom}/{x}/{y}")))
            })
            .collect(),
        // Jobs of another account; events of a job that waits would not end.
        ("GET", "/api/travaux/{id}/evenements") => {
            vec![lit("/api/travaux/00000000-0000-4000-8000-0000000000ff/evenements")]
        }
        ("GET" | "DELETE" | "POST", path) if path.starts_with("/api/travaux/") || path.starts_with("/travaux/") => {
            monde
                .travaux
                .iter()
                .map(|travail| Demandee {
                    uri: path.replace("{id}", travail),
                    corps: (route.content == Content::Form)
                        .then(|| ("application/x-www-form-urlencoded", String::new())),
                })
                .collect()
        }
        // Objects of modules: none is installed here.
        ("GET", "/api/modules/{module}/{objet}/imports/{id}" | "/api/modules/{module}/{objet}/anomalies") => {
            vec![lit("/api/modules/absent/objet/anomalies")]
        }
        ("POST", path) if path.starts_with("/api/modules/{module}/{objet}/imports") => {
            vec![json_a("/api/modules/absent/objet/imports/00000000-0000-4000-8000-0000000000ff/essai", &json!({}))]
        }
        // Annotations.
        ("GET", "/api/annotations") => {
            ["", "?q=zq", "?bbox=-10,40,10,55", "?categorie=note", "?archivees=true", "?limite=1000&rang=0"]
                .map(|query| lit(format!("/api/annotations{query}")))
                .into()
        }
        ("GET", "/api/annotations/export") => {
            ["csv", "geojson", "gpkg"].map(|format| lit(format!("/api/annotations/export?format={format}"))).into()
        }
        ("POST", "/api/annotations") => vec![json_a(route.path, &annotation)],
        ("PATCH", "/api/annotations/{id}") => {
            chaque(&ANNOTATIONS, &|id| json_a(format!("/api/annotations/{id}"), &changement))
        }
        ("GET" | "DELETE", path) if path.starts_with("/api/annotations/{id}") => {
            chaque(&ANNOTATIONS, &|id| lit(path.replace("{id}", &id)))
        }
        // Persons, without a purpose and for each.
        ("GET", "/api/personnes") => [
            "",
            "?finalite=urbanisme",
            "?finalite=urbanisme&q=zq",
            "?finalite=droits_des_personnes",
            "?finalite=cimetiere",
        ]
        .map(|query| lit(format!("/api/personnes{query}")))
        .into(),
        ("POST", "/api/personnes") => {
            vec![json_a("/api/personnes?finalite=urbanisme", &json!({ "champs": { "nom": "Essai" } }))]
        }
        ("PATCH", "/api/personnes/{id}") => chaque(&PERSONNES, &|id| {
            json_a(format!("/api/personnes/{id}?finalite=urbanisme"), &json!({ "champs": { "nom": "pris" } }))
        }),
        ("GET", path) if path.starts_with("/api/personnes/{id}") => {
            let mut toutes: Vec<Demandee> = chaque(&PERSONNES, &|id| lit(path.replace("{id}", &id)));
            for finalite in ["urbanisme", "droits_des_personnes"] {
                toutes.extend(
                    PERSONNES.map(|one| lit(format!("{}?finalite={finalite}", path.replace("{id}", &id(one))))),
                );
            }
            toutes
        }
        ("GET", "/api/personnes/export") => ["csv", "json"]
            .iter()
            .flat_map(|format| {
                [format!("/api/personnes/export?finalite=droits_des_personnes&format={format}&q=zq")].map(lit)
            })
            .collect(),
        ("GET", "/api/session") => vec![lit("/api/session")],
        // Files, by key and by their annotation.
        ("GET" | "DELETE", "/api/fichiers/{id}") => {
            monde.fichiers.iter().map(|fichier| lit(format!("/api/fichiers/{fichier}"))).collect()
        }
        ("POST", path) if path.ends_with("/fichiers/{fichier}/retirer") => ANNOTATIONS
            .iter()
            .zip(monde.fichiers.iter().cycle())
            .map(|(one, fichier)| Demandee {
                uri: path.replace("{id}", &id(one)).replace("{fichier}", fichier),
                corps: Some(("multipart/form-data; boundary=b", "--b--\r\n".to_owned())),
            })
            .collect(),
        ("POST", path) if path.ends_with("/{id}/fichiers") => chaque(&ANNOTATIONS, &|id| Demandee {
            uri: format!("{}?nom=essai.txt", path.replace("{id}", &id)),
            corps: Some(("application/octet-stream", "essai".to_owned())),
        }),
        // Pages of annotations.
        ("GET", "/annotations") => {
            ["", "?q=zq", "?archivees=1"].map(|query| lit(format!("/annotations{query}"))).into()
        }
        ("GET" | "POST", "/annotations/nouvelle") => vec![Demandee {
            uri: route.path.to_owned(),
            corps: (route.content == Content::Form)
                .then(|| ("application/x-www-form-urlencoded", "titre=essai&categorie=note&lieu=45.7,5".to_owned())),
        }],
        ("GET", "/annotations/{id}") => chaque(&ANNOTATIONS, &|id| lit(format!("/annotations/{id}"))),
        ("POST", path) if path.starts_with("/annotations/{id}") => chaque(&ANNOTATIONS, &|id| {
            formulaire(path.replace("{id}", &id), "version=1&titre=pris&categorie=note&texte=")
        }),
        // The journal and the rights of persons.
        ("GET", "/journal") => [
            "?chaine=acces",
            "?chaine=acte",
            "?chaine=acte&objet=essai",
            "?chaine=acces&compte=valbrume@exemple.invalid",
        ]
        .map(|query| lit(format!("/journal{query}")))
        .into(),
        ("GET", path) if path.starts_with("/api/journal/{chaine}") => {
            ["acces", "acte"].map(|chaine| lit(path.replace("{chaine}", chaine))).into()
        }
        ("GET", "/rgpd") => vec![lit("/rgpd"), lit("/rgpd?q=zq")],
        ("GET", "/rgpd/{id}") => chaque(&PERSONNES, &|id| lit(format!("/rgpd/{id}"))),
        ("POST", "/rgpd/{id}") => {
            chaque(&PERSONNES, &|id| formulaire(format!("/rgpd/{id}"), "version=1&nom=pris&opposition_publication=on"))
        }
        // Rights: who holds what, and who sees what.
        ("GET", "/api/droits/{objet}/{cle}") => [("annotation", &ANNOTATIONS[..]), ("personne", &PERSONNES[..])]
            .into_iter()
            .flat_map(|(objet, cles)| cles.iter().map(move |cle| lit(format!("/api/droits/{objet}/{}", id(cle)))))
            .collect(),
        ("GET", "/droits/{objet}") => [("annotation", &ANNOTATIONS[..]), ("personne", &PERSONNES[..])]
            .into_iter()
            .flat_map(|(objet, cles)| cles.iter().map(move |cle| lit(format!("/droits/{objet}?cle={}", id(cle)))))
            .collect(),
        ("GET" | "POST", "/roles") => vec![Demandee {
            uri: "/roles".to_owned(),
            corps: (route.content == Content::Form).then(|| {
                (
                    "application/x-www-form-urlencoded",
                    "email=cyprin@exemple.invalid&role=lecteur&collectivite=cyprin&communes=&finalites=&du=&au="
                        .to_owned(),
                )
            }),
        }],
        ("GET", "/roles/{utilisateur}") => monde.comptes.iter().map(|compte| lit(format!("/roles/{compte}"))).collect(),
        ("POST", "/roles/attributions/{id}/retirer" | "/administration/attributions/{id}/retirer") => monde
            .attributions
            .iter()
            .map(|attribution| formulaire(route.path.replace("{id}", attribution), ""))
            .collect(),
        ("POST", "/voir-comme") => monde
            .comptes
            .iter()
            .flat_map(|compte| {
                ["valbrume", "cyprin"]
                    .map(|code| formulaire("/voir-comme", &format!("utilisateur={compte}&collectivite={code}")))
            })
            .collect(),
        ("POST", "/voir-comme/fin") => vec![formulaire(route.path, "")],
        // Objects of modules, none of which is installed in this world: the tests of modules try them on rows.
        ("GET", "/api/modules") => vec![lit("/api/modules")],
        (methode, path) if path.starts_with("/api/modules/{module}/{objet}") => {
            let uri = ["{module}", "{objet}", "{document}", "{champ}", "{onglet}"]
                .iter()
                .fold(path.to_owned(), |uri, trou| uri.replace(trou, "zq"));
            let uri = uri.replace("{id}", &id("a1"));
            let corps = match methode {
                "PUT" => Some(json!({ "texte": "zq" })),
                "POST" | "PATCH" if route.content == Content::Json => Some(json!({ "q": "zq" })),
                _ => None,
            };
            vec![corps.map_or_else(|| lit(uri.clone()), |corps| json_a(uri.clone(), &corps))]
        }
        // What modules open to everybody: none is installed in this world.
        (_, path) if path.starts_with("/consulter/") || path.starts_with("/deposer/") => {
            let uri = path.replace("{module}", "zq").replace("{objet}", "zq").replace("{id}", &id("a1"));
            let corps = (route.content == Content::Multipart)
                .then(|| ("multipart/form-data; boundary=b", "--b--\r\n".to_owned()));
            vec![Demandee { uri, corps }]
        }
        // Administration of the installation.
        ("GET", "/administration" | "/administration/collectivites") => vec![lit(route.path)],
        ("GET", path) if path.starts_with("/administration/") => monde
            .comptes
            .iter()
            .map(|compte| lit(path.replace("{utilisateur}", compte).replace("{code}", "cyprin")))
            .collect(),
        ("POST", path) if path.starts_with("/administration/") => vec![formulaire(
            path.replace("{code}", "cyprin").replace("{utilisateur}", &monde.comptes[0]),
            "code=pris&nom=Pris&genre=commune&email=cyprin@exemple.invalid&role=lecteur&collectivite=cyprin&communes=&insee=99101&du=2026-01-01&au=",
        )],
        // One's own account: nothing of another's is named there, and other names change nothing.
        (
            "GET",
            "/compte" | "/connexion" | "/connexion/second-facteur" | "/connexion/enrolement" | "/mot-de-passe/oublie",
        ) => {
            vec![lit(route.path)]
        }
        ("GET", "/mot-de-passe/{lien}") => vec![lit("/mot-de-passe/faux")],
        ("GET", path) if path.starts_with("/connexion/externe/") => {
            vec![lit(format!("{}?state=x&code=y", path.replace("{fournisseur}", "absent")))]
        }
        ("POST", "/compte/sessions/fermer") => {
            monde.sessions.iter().map(|session| formulaire(route.path, &format!("id={session}"))).collect()
        }
        ("POST", "/compte/jetons/revoquer") => vec![formulaire(route.path, &format!("id={}", monde.jeton))],
        ("POST", "/compte/collectivite") => {
            ["valbrume", "cyprin"].map(|code| formulaire(route.path, &format!("collectivite={code}"))).into()
        }
        ("POST", "/compte/jetons") => {
            vec![formulaire(route.path, "libelle=essai&collectivite=cyprin&portee=write&jours=30")]
        }
        ("POST", "/connexion") => {
            vec![formulaire(route.path, "email=valbrume@exemple.invalid&mot_de_passe=faux&suite=")]
        }
        ("POST", "/connexion/second-facteur" | "/connexion/enrolement") => vec![formulaire(route.path, "code=000000")],
        ("POST", "/mot-de-passe/oublie") => vec![formulaire(route.path, "email=valbrume@exemple.invalid")],
        ("POST", "/mot-de-passe/{lien}") => {
            vec![formulaire("/mot-de-passe/faux", "nouveau=une+phrase+assez+longue&encore=une+phrase+assez+longue")]
        }
        // Changes one's own account alone, and ends the session that the matrix needs: asked last, elsewhere.
        ("POST", "/compte/mot-de-passe" | "/compte/second-facteur" | "/compte/sessions/autres" | "/deconnexion") => {
            Vec::new()
        }
        _ => return None,
    })
}

/// The tile of this zoom where every annotation of the world lies.
fn tuile(zoom: u32) -> (u32, u32) {
    let (lon, lat) = (4.827_f64, 45.757_f64);
    let cote = f64::from(1_u32 << zoom);
    let y = (1.0 - (lat.to_radians().tan() + 1.0 / lat.to_radians().cos()).ln() / std::f64::consts::PI) / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tile of the pyramid")]
    (((lon + 180.0) / 360.0 * cote) as u32, (y * cote) as u32)
}

/// What the requests of the matrix name.
struct Monde {
    comptes: Vec<String>,
    attributions: Vec<String>,
    sessions: Vec<String>,
    travaux: Vec<String>,
    fichiers: Vec<String>,
    jeton: String,
    _donnees: tempfile::TempDir,
}

async fn textes(town: &mut Town, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(&mut town.owner).await.unwrap()
}

/// The session of an account, as a browser sends it.
async fn session(town: &mut Town, email: &str) -> String {
    let (secret, empreinte) = finage::access::secret::nouveau("").unwrap();
    sqlx::query(
        "insert into acces.session (empreinte, id, utilisateur, second_facteur, expire_le)
         select $1, gen_random_uuid(), id, true, now() + interval '1 hour' from acces.utilisateur where email = $2",
    )
    .bind(empreinte.octets())
    .bind(email)
    .execute(&mut town.owner)
    .await
    .unwrap();
    format!("finage-local={secret}")
}

async fn monde(town: &mut Town) -> Monde {
    let donnees = tempfile::tempdir().unwrap();
    donnees.path().clone_into(&mut town.config.data_dir);
    sqlx::raw_sql(include_str!("matrice.sql")).execute(&mut town.owner).await.unwrap();
    for (code, annotation) in [("valbrume", "a1"), ("cyprin", "a2")] {
        let cookie = session(town, &format!("{code}@exemple.invalid")).await;
        let route = format!("/api/annotations/{}/fichiers?nom=zqf{code}zq.txt", id(annotation));
        let demandee =
            Demandee { uri: route, corps: Some(("application/octet-stream", format!("zqf{code}zq contenu"))) };
        let (status, texte) = demande(town, &Method::POST, &demandee, Some(&cookie)).await;
        assert_eq!(status, StatusCode::CREATED, "{texte}");
    }
    Monde {
        comptes: textes(town, "select id::text from acces.utilisateur order by email").await,
        attributions: textes(
            town,
            "select a.id::text from acces.attribution a join acces.collectivite c on c.id = a.collectivite where c.code in ('cyprin', 'ccvo')",
        )
        .await,
        sessions: textes(town, "select id::text from acces.session").await,
        travaux: textes(town, "select id::text from core.travail order by id").await,
        fichiers: textes(town, "select id::text from core.piece_jointe order by nom").await,
        jeton: textes(town, "select id::text from acces.jeton").await.remove(0),
        _donnees: donnees,
    }
}

/// Asks, and reads the whole answer: its status, then headers and bytes as text.
async fn demande(town: &Town, method: &Method, demandee: &Demandee, cookie: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(&demandee.uri).header("sec-fetch-site", "same-origin");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    if *method == Method::PATCH {
        request = request.header(header::IF_MATCH, "\"1\"");
    }
    let corps = demandee.corps.as_ref().map_or_else(Body::empty, |(genre, texte)| {
        request = std::mem::take(&mut request).header(header::CONTENT_TYPE, *genre);
        Body::from(texte.clone())
    });
    let response = town.router().oneshot(request.body(corps).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap();
    (parts.status, format!("{:?}\n{}", parts.headers, String::from_utf8_lossy(&bytes)))
}

/// Marks whose row this actor may not see, and that are in a text.
fn fuites(acteur: &str, texte: &str) -> Vec<&'static str> {
    let interdite = |vus: &&[&str]| !vus.contains(&acteur);
    MARQUES.iter().filter(|(marque, vus)| interdite(vus) && texte.contains(marque)).map(|(marque, _)| *marque).collect()
}

/// A digest of every row that this actor may not see.
async fn rangees(town: &mut Town, acteur: &str) -> Vec<String> {
    let interdites: Vec<String> =
        MARQUES.iter().filter(|(_, vus)| !vus.contains(&acteur)).map(|(marque, _)| format!("%{marque}%")).collect();
    sqlx::query_scalar(include_str!("matrice_rangees.sql")).bind(interdites).fetch_all(&mut town.owner).await.unwrap()
}

/// Every route as this actor. Gives the marks it saw.
async fn parcourt(town: &mut Town, acteur: &str, email: Option<&str>) -> Vec<&'static str> {
    let monde = monde(town).await;
    let cookie = match email {
        Some(email) => Some(session(town, email).await),
        None => None,
    };
    let mut vues = Vec::new();
    let avant = rangees(town, acteur).await;
    assert!(avant.len() > 5, "{acteur}: the world has rows of others");
    // What reads, then what writes: what a legitimate change leaves must not hide a leak.
    let mut routes: Vec<&Route> = LISTED.iter().collect();
    routes.sort_by_key(|route| route.method != Method::GET);
    for route in routes {
        let demandees = demandees(route, &monde)
            .unwrap_or_else(|| panic!("{} {} is absent from the matrix: add it", route.method, route.path));
        // Who administers the installation may change it: that is no leak.
        if acteur == "administration" && route.path.starts_with("/administration/") && route.method != Method::GET {
            continue;
        }
        for demandee in demandees {
            let (status, texte) = demande(town, &route.method, &demandee, cookie.as_deref()).await;
            let place = format!("{acteur}: {} {} {status}", route.method, demandee.uri);
            assert!(!status.is_server_error(), "{place}\n{texte}");
            let fuites = fuites(acteur, &texte);
            assert!(fuites.is_empty(), "{place} gives away {fuites:?}\n{texte}");
            vues.extend(MARQUES.iter().map(|(marque, _)| *marque).filter(|marque| texte.contains(marque)));
            compte(acteur, &demandee.uri, status, &texte);
            refuse(acteur, route, &demandee.uri, status);
        }
    }
    assert_eq!(rangees(town, acteur).await, avant, "{acteur} changed what it may not see");
    vues
}

/// Lists count what is seen and nothing else.
fn compte(acteur: &str, uri: &str, status: StatusCode, texte: &str) {
    let lettre = match uri {
        "/api/annotations" => 'a',
        "/api/personnes?finalite=droits_des_personnes" => 'p',
        _ => return,
    };
    if status != StatusCode::OK {
        return;
    }
    let corps: serde_json::Value = serde_json::from_str(texte.split_once('\n').unwrap().1).unwrap();
    let debut = format!("zq{lettre}");
    let vues = MARQUES.iter().filter(|(marque, vus)| marque.starts_with(&debut) && vus.contains(&acteur)).count();
    assert_eq!(corps["total"].as_u64(), Some(vues as u64), "{acteur} {uri}: {texte}");
}

/// A row of another collectivité does not exist; one of one's own is refused when the right is missing.
fn refuse(acteur: &str, route: &Route, uri: &str, status: StatusCode) {
    if (route.method.as_str(), route.path) != ("GET", "/api/annotations/{id}") {
        return;
    }
    let rang = ANNOTATIONS.iter().position(|one| uri.ends_with(&id(one))).unwrap();
    let (marque, vus) = MARQUES[rang];
    let attendu = if vus.contains(&acteur) {
        StatusCode::OK
    } else if acteur == "public" {
        StatusCode::UNAUTHORIZED
    } else if matches!(acteur, "sansrole" | "administration")
        || marque == "zqavalbrumezq" && matches!(acteur, "dpo" | "gestionnaire")
    {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::NOT_FOUND
    };
    assert_eq!(status, attendu, "{acteur} {uri}");
}

fn matrice(acteurs: &[&str]) -> Vec<&'static str> {
    let mut vues = Vec::new();
    for (acteur, email) in ACTEURS.iter().filter(|(acteur, _)| acteurs.contains(acteur)) {
        vues.extend(on_empty_town(async |town| parcourt(town, acteur, *email).await));
    }
    vues
}

#[test]
fn owners_see_their_rows_and_those_of_their_missions_alone() {
    let mut vues = matrice(&["valbrume", "cyprin", "ccvo", "ancien", "gestionnaire"]);
    vues.sort_unstable();
    vues.dedup();
    let mut toutes: Vec<&str> = MARQUES.iter().map(|(marque, _)| *marque).collect();
    toutes.sort_unstable();
    // Each mark is seen by someone, or the matrix would prove nothing of it.
    assert_eq!(vues, toutes);
}

#[test]
fn strangers_see_no_row() {
    let vues = matrice(&["public", "sansrole", "sansmission", "syndicat"]);
    assert_eq!(vues, [] as [&str; 0]);
}

#[test]
fn roles_see_what_they_say() {
    matrice(&["administration", "lecteur", "agent", "dpo"]);
}

/// Tables of the objects, through a direct SQL login of each collectivité.
#[test]
fn sql_logins_see_the_rows_of_their_collectivite_alone() {
    on_empty_town(async |town| {
        let _monde = monde(town).await;
        let tables = textes(town, "select relation from core.objet union select 'core.historique' order by 1").await;
        for code in ["valbrume", "cyprin", "ccvo", "ancien", "sansmission", "syndicat"] {
            let login = format!("qgis_matrice_{code}");
            let email = format!("{code}@exemple.invalid");
            let couches = ["annotations".to_owned()];
            let demande = Demande { login: &login, email: &email, collectivite: code, couches: &couches };
            let mut admin = town.database.admin().await.unwrap();
            let password = connexion::create(&mut admin, &demande).await.unwrap();
            let url = town.config.database_url.as_ref().unwrap().replace("finage@", &format!("{login}:{password}@"));
            let mut qgis = PgConnection::connect(&url).await.unwrap();
            sqlx::raw_sql("set finage.collectivite = '1'").execute(&mut qgis).await.unwrap();
            let mut vues = Vec::new();
            for table in &tables {
                let sql = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
                match sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql)).fetch_one(&mut qgis).await {
                    Ok(texte) => {
                        assert_eq!(fuites(code, &texte), [] as [&str; 0], "{login} {table}");
                        vues.extend(MARQUES.iter().map(|(marque, _)| *marque).filter(|marque| texte.contains(marque)));
                    }
                    Err(error) => assert!(error.to_string().contains("permission denied"), "{login} {table}: {error}"),
                }
            }
            let attendues: Vec<&str> = MARQUES
                .iter()
                .filter(|(marque, vus)| marque.starts_with("zqa") && vus.contains(&code))
                .map(|(marque, _)| *marque)
                .collect();
            vues.retain(|marque| marque.starts_with("zqa"));
            assert_eq!(vues, attendues, "{login}");
            let prises = sqlx::query("update core.annotation set titre = 'pris' where titre not like '%zq%'")
                .execute(&mut qgis)
                .await;
            assert_eq!(prises.unwrap().rows_affected(), 0);
            qgis.close().await.unwrap();
            connexion::revoke(&mut admin, &login).await.unwrap();
        }
    });
}

/// Requests of two collectivités, one after the other and at once, on two connections.
#[test]
fn a_thousand_interleaved_requests_on_two_connections_show_no_foreign_row() {
    on_empty_town(async |town| {
        let _monde = monde(town).await;
        town.config.pool_size = 2;
        town.pools = town.database.pools(&town.config).await.unwrap();
        let valbrume = session(town, "valbrume@exemple.invalid").await;
        let cyprin = session(town, "cyprin@exemple.invalid").await;
        let router = town.router();
        let ask = async |rang: usize| {
            let (acteur, cookie) = if rang.is_multiple_of(2) { ("valbrume", &valbrume) } else { ("cyprin", &cyprin) };
            let (x, y) = tuile(14);
            let tuile = format!("/tiles/annotations/14/{x}/{y}");
            let uri = ["/api/annotations", &tuile, "/api/recherche?q=zq", "/annotations"][rang / 2 % 4];
            let request = Request::get(uri).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap();
            let texte = String::from_utf8_lossy(&bytes).into_owned();
            assert_eq!(fuites(acteur, &texte), [] as [&str; 0], "{acteur} {uri}");
            usize::from(status.is_success() && texte.contains(&format!("zqa{acteur}zq")))
        };
        let mut vues = 0;
        // Twenty at once: more than the connections, few enough to be served.
        for debut in (0..1_000).step_by(20) {
            vues += futures::future::join_all((debut..debut + 20).map(ask)).await.into_iter().sum::<usize>();
        }
        assert!(vues > 500, "{vues} answers showed one's own rows");
    });
}
