//! Every way out of the server, and every way in.

use std::io::Read as _;

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::json;
use tower::ServiceExt as _;

use super::rangees::Rangee;
use crate::agents::Agent;
use crate::harness::{Answer, Town};

/// Everything that the server says to this account, by the way it went.
pub async fn parcourt(
    town: &Town,
    rangees: &[Rangee],
    compte: Option<&Agent>,
    finalite: Option<&str>,
) -> Vec<(String, String)> {
    let registry = town.modules.clone();
    let pour = finalite.map(|finalite| format!("finalite={finalite}&")).unwrap_or_default();
    let mut chemins: Vec<String> = vec!["/api/modules".into(), "/api/openapi.json".into(), "/api/session".into()];
    for (module, objet) in registry.objets() {
        let place = format!("/api/modules/{}/{}", module.file.id, objet.nom);
        chemins.push(format!("{place}?{pour}limite=1000"));
        chemins.push(format!("{place}?{pour}limite=1000&fields=geometrie&archivees=true"));
        chemins.push(format!("{place}?{pour}q=zq&near=4.83,45.76,50000"));
        chemins.push(format!("{place}/schema"));
        chemins.push(format!("{place}/anomalies"));
        chemins.push(format!("{place}/anomalies?levees=true"));
        chemins.push(format!("{place}/geojson?{pour}limite=1000"));
        for liste in &objet.file.lists {
            chemins.push(format!("{place}?{pour}liste={}", liste.id));
        }
        for format in ["csv", "geojson", "gpkg", "xlsx", "ods"] {
            chemins.push(format!("{place}/export?{pour}format={format}"));
        }
        for regle in objet.modele.regles {
            chemins.push(format!("{place}/codes/{}", regle.champ));
            chemins.push(format!("{place}/choix/{}?q=zq", regle.champ));
            chemins.push(format!("{place}?sort=-{}", regle.champ));
            chemins.push(format!("{place}?filter={}%20is%20not%20null", regle.champ));
        }
        if let Some(couche) = objet.couche {
            chemins.push(format!("/tiles/{}", couche.id));
            chemins.extend((10..=20).map(|zoom| {
                let (x, y) = tuile(zoom);
                format!("/tiles/{},communes/{zoom}/{x}/{y}", couche.id)
            }));
        }
    }
    for module in registry.modules() {
        chemins.extend((0..module.file.dashboard.len()).map(|rang| format!("/api/tableau/{}/{rang}", module.file.id)));
    }
    chemins.extend(["/api/rattachements/en-attente", "/styles/modules.json", "/api/configuration"].map(str::to_owned));
    for rangee in rangees {
        let (module, objet) = rangee.modele.du_module().unwrap();
        let place = format!("/api/modules/{module}/{objet}/{}", rangee.id);
        let charge = registry.objet(module, objet).unwrap().1;
        for suite in ["", "/historique", "/avenants"] {
            chemins.push(format!("{place}{suite}?{}", pour.trim_end_matches('&')));
        }
        for suite in ["/croisements", "/fichiers", "/etapes", "/rattachements"] {
            chemins.push(format!("{place}{suite}"));
        }
        chemins.extend(charge.file.tabs.iter().map(|tab| format!("{place}/onglets/{}?{pour}limite=1000", tab.object)));
        chemins.extend(charge.file.documents.iter().map(|document| format!("{place}/documents/{}", document.id)));
        chemins.push(format!("/api/droits/{module}.{objet}/{}", rangee.id));
        // A search for its own mark.
        chemins.extend(rangee.marques.values().take(2).map(|marque| format!("/api/recherche?q={marque}&limit=50")));
    }
    let mut rendu = Vec::new();
    for chemin in chemins {
        let answer = demande(town, Method::GET, &chemin, compte, None).await;
        assert!(!answer.status.is_server_error(), "{chemin} {} {}", answer.status, answer.text());
        // A search repeats what was typed.
        let texte = lisible(&answer.bytes);
        let dit = chemin
            .strip_prefix("/api/recherche?q=")
            .map_or(String::new(), |suite| suite.split('&').next().unwrap_or_default().to_owned());
        rendu.push((chemin, if dit.is_empty() { texte } else { texte.replace(&dit, "") + &trouvee(&answer) }));
    }
    rendu
}

/// What a search found, besides what was typed.
fn trouvee(answer: &Answer) -> String {
    let corps: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
    corps["features"]
        .as_array()
        .map(|features| features.iter().map(|one| one["properties"].to_string()).collect())
        .unwrap_or_default()
}

/// Bytes as text; a compressed file is opened.
fn lisible(bytes: &[u8]) -> String {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return String::from_utf8_lossy(bytes).into_owned();
    };
    let mut texte = String::new();
    for rang in 0..archive.len() {
        let mut octets = Vec::new();
        archive.by_index(rang).unwrap().read_to_end(&mut octets).unwrap();
        texte.push_str(&String::from_utf8_lossy(&octets));
    }
    texte
}

/// Tries to change, archive and restore every row.
pub async fn ecrit(town: &Town, rangees: &[Rangee], compte: Option<&Agent>) {
    for rangee in rangees {
        let (module, objet) = rangee.modele.du_module().unwrap();
        let place = format!("/api/modules/{module}/{objet}/{}", rangee.id);
        let texte = rangee.modele.cherches.first().copied().unwrap_or("absent");
        let corps = json!({ "champs": { texte: "pris" } });
        let patch = demande(town, Method::PATCH, &place, compte, Some(&corps)).await;
        assert!(!patch.status.is_server_error(), "{place} {}", patch.text());
        for suite in ["/annuler", "/desarchiver"] {
            let answer =
                demande(town, Method::POST, &format!("{place}{suite}"), compte, Some(&json!({ "rang": 1 }))).await;
            assert!(!answer.status.is_server_error(), "{place}{suite} {}", answer.text());
        }
    }
}

async fn demande(
    town: &Town,
    method: Method,
    chemin: &str,
    compte: Option<&Agent>,
    corps: Option<&serde_json::Value>,
) -> Answer {
    let version = [(header::IF_MATCH, "\"1\"")];
    if let Some(compte) = compte {
        return compte.ask(town, method, chemin, &version, corps).await;
    }
    let mut request = Request::builder().method(method).uri(chemin).header(header::IF_MATCH, "\"1\"");
    if corps.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let body = corps.map_or_else(Body::empty, |corps| Body::from(corps.to_string()));
    let response = town.router().oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

/// The tile of this zoom where every row of the world lies.
fn tuile(zoom: u32) -> (u32, u32) {
    let (lon, lat) = (4.827_f64, 45.757_f64);
    let cote = f64::from(1_u32 << zoom);
    let y = (1.0 - (lat.to_radians().tan() + 1.0 / lat.to_radians().cos()).ln() / std::f64::consts::PI) / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tile of the pyramid")]
    (((lon + 180.0) / 360.0 * cote) as u32, (y * cote) as u32)
}
