//! The style of a module's layer, made from its model: one shape a kind of geometry, coloured by a code when there is one.

use serde_json::{Map, Value, json};

use crate::modules::objets::{Choix, Couche};

/// Colours told apart by most eyes, on a light plan; the legend names each.
const COULEURS: [&str; 8] = ["#0072b2", "#d55e00", "#007a5a", "#aa3377", "#8a6d00", "#4b3f9e", "#b3261e", "#2f6f9f"];
/// Where a style file of a module says its legend, in its metadata.
const LEGENDE: &str = "finage:legende";
/// Lines of such a legend at most.
const MAX_LEGENDE: usize = 20;
/// What has none of the codes.
const AUTRE: &str = "#5c5650";

/// A layer to draw.
#[derive(Debug)]
pub struct ADessiner<'a> {
    /// The layer.
    pub couche: &'static Couche,
    /// Name of its module, under which the layers' panel shows it.
    pub module: &'a str,
    /// Field that colours it, and its codes.
    pub codes: Option<(&'static str, Vec<Choix>)>,
    /// Layers of a style that the module brings in place of this one.
    pub propre: Option<Vec<Value>>,
}

/// A style that draws these layers over another; sources point at `origin` (no trailing slash).
#[must_use]
pub fn surcouche(couches: &[ADessiner<'_>], origin: &str) -> Value {
    let sources: Map<String, Value> = couches
        .iter()
        .map(|une| {
            let id = une.couche.id;
            (id.to_owned(), json!({ "type": "vector", "url": format!("{origin}/tiles/{id}") }))
        })
        .collect();
    // Surfaces lie under lines, lines under points.
    let ordonnes: Vec<Value> = ["fill", "line", "circle", "symbol"]
        .into_iter()
        .flat_map(|genre| couches.iter().flat_map(calques).filter(move |calque| calque["type"] == genre))
        .collect();
    json!({
        "version": 8,
        "name": "Modules",
        "metadata": { "finage:groupes": couches.iter().map(groupe).collect::<Vec<_>>() },
        "sources": sources,
        "layers": ordonnes,
    })
}

/// Layers of a style file that a module brings; `None` when it is no style. Whatever it says, they draw its own layer.
#[must_use]
pub fn propres(couche: &Couche, texte: &str) -> Option<Vec<Value>> {
    let lu: Value = serde_json::from_str(texte).ok()?;
    let calques = lu.get("layers")?.as_array()?.iter().enumerate().map(|(rang, calque)| {
        let mut calque = calque.as_object()?.clone();
        let genre = calque.get("type")?.as_str()?;
        if !["fill", "line", "circle", "symbol"].contains(&genre) {
            return None;
        }
        calque.insert("id".to_owned(), format!("{}-{rang}", couche.id).into());
        calque.insert("source".to_owned(), couche.id.into());
        calque.insert("source-layer".to_owned(), couche.id.into());
        calque.insert("metadata".to_owned(), json!({ "finage:groupe": couche.id, LEGENDE: lu["metadata"][LEGENDE] }));
        Some(Value::Object(calque))
    });
    calques.collect()
}

/// The lines of the legend that a style file says, `[{ "libelle": …, "couleur": "#rrggbb" }]`; none unless all can be read.
fn legende_dite(premier: &Value) -> Option<Vec<Value>> {
    let lignes = premier["metadata"][LEGENDE].as_array().filter(|lignes| lignes.len() <= MAX_LEGENDE)?;
    let ligne = |ligne: &Value| {
        let (libelle, couleur) = (ligne["libelle"].as_str()?, ligne["couleur"].as_str()?);
        let chiffres = couleur.strip_prefix('#').filter(|chiffres| chiffres.len() == 6)?;
        let lisible = chiffres.bytes().all(|byte| byte.is_ascii_hexdigit());
        lisible.then(|| json!({ "couche": premier["id"], "libelle": libelle, "couleur": couleur }))
    };
    lignes.iter().map(ligne).collect()
}

fn groupe(une: &ADessiner<'_>) -> Value {
    let couche = une.couche;
    let premier = calques(une).into_iter().next().unwrap_or_default();
    let dite = une.propre.as_ref().and_then(|_| legende_dite(&premier));
    let premier = premier["id"].clone();
    let legende: Vec<Value> = match (dite, &une.codes) {
        (Some(dite), _) => dite,
        (None, Some((_, codes))) if une.propre.is_none() => codes
            .iter()
            .zip(COULEURS)
            .map(|(code, couleur)| json!({ "couche": premier, "libelle": code.libelle, "couleur": couleur }))
            .chain(
                (codes.len() > COULEURS.len())
                    .then(|| json!({ "couche": premier, "libelle": "Autres", "couleur": AUTRE })),
            )
            .collect(),
        _ => vec![json!({ "couche": premier, "libelle": couche.libelle })],
    };
    json!({ "id": couche.id, "libelle": couche.libelle, "theme": une.module, "legende": legende })
}

fn calques(une: &ADessiner<'_>) -> Vec<Value> {
    if let Some(propre) = &une.propre {
        return propre.clone();
    }
    let genre = une.couche.modele.geometrie.map_or("Geometry", |geometrie| geometrie.genre);
    let couleur = couleur(une);
    let mut calques = Vec::new();
    let mut ajoute = |suffixe: &str, genre: &str, filtre: Value, paint: Value, layout: Value| {
        let id = une.couche.id;
        let mut calque = json!({
            "id": format!("{id}-{suffixe}"),
            "type": genre,
            "metadata": { "finage:groupe": id },
            "source": id,
            "source-layer": id,
            "filter": filtre,
            "paint": paint,
        });
        if let (Some(calque), false) = (calque.as_object_mut(), layout.is_null()) {
            calque.insert("layout".to_owned(), layout);
        }
        calques.push(calque);
    };
    let tout = genre == "Geometry";
    if tout || genre.ends_with("Polygon") {
        ajoute(
            "surfaces",
            "fill",
            json!(["==", ["geometry-type"], "Polygon"]),
            json!({ "fill-color": couleur, "fill-opacity": 0.3 }),
            Value::Null,
        );
        ajoute(
            "surfaces-bord",
            "line",
            json!(["==", ["geometry-type"], "Polygon"]),
            json!({ "line-color": couleur, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1, 18, 2.5] }),
            Value::Null,
        );
    }
    if tout || genre.ends_with("LineString") {
        ajoute(
            "lignes",
            "line",
            json!(["==", ["geometry-type"], "LineString"]),
            json!({ "line-color": couleur, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1.5, 18, 4] }),
            json!({ "line-cap": "round", "line-join": "round" }),
        );
    }
    if tout || genre.ends_with("Point") {
        ajoute(
            "points",
            "circle",
            json!(["==", ["geometry-type"], "Point"]),
            json!({
                "circle-color": couleur,
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 3.5, 18, 8],
                "circle-stroke-color": "#ffffff",
                "circle-stroke-width": 1.5,
            }),
            Value::Null,
        );
    }
    calques
}

/// The colour of a feature: by its code, else one for all.
fn couleur(une: &ADessiner<'_>) -> Value {
    match &une.codes {
        Some((champ, codes)) if !codes.is_empty() => {
            let mut selon = vec![json!("match"), json!(["get", champ])];
            for (code, couleur) in codes.iter().zip(COULEURS) {
                selon.extend([json!(code.valeur), json!(couleur)]);
            }
            selon.push(json!(AUTRE));
            Value::Array(selon)
        }
        _ => json!(COULEURS[0]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules::objets::COUCHES;

    fn choix(valeur: &str, libelle: &str) -> Choix {
        Choix { valeur: valeur.to_owned(), libelle: libelle.to_owned() }
    }

    #[test]
    fn each_code_has_its_colour_and_its_line_in_the_legend() {
        let codes = Some(("categorie", vec![choix("note", "Note"), choix("projet", "Projet")]));
        let une = ADessiner { couche: &COUCHES[0], module: "Voirie", codes, propre: None };
        let style = surcouche(&[une], "https://carte.exemple.fr");
        assert_eq!(style["sources"]["annotations"]["url"], "https://carte.exemple.fr/tiles/annotations");
        let groupe = &style["metadata"]["finage:groupes"][0];
        assert_eq!((&groupe["theme"], &groupe["legende"][1]["libelle"]), (&json!("Voirie"), &json!("Projet")));
        let colours = style["layers"][0]["paint"]["fill-color"].as_array().unwrap();
        assert_eq!(colours[2..4], [json!("note"), groupe["legende"][0]["couleur"].clone()]);
        let kinds: Vec<&str> =
            style["layers"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["fill", "line", "line", "circle"]);
    }

    #[test]
    fn a_style_of_a_module_says_its_own_legend() {
        let une = |legende: &str| {
            let texte = format!(
                r#"{{ "metadata": {{ "finage:legende": {legende} }}, "layers": [{{ "type": "fill", "paint": {{}} }}] }}"#
            );
            let propre = propres(&COUCHES[0], &texte);
            let une = ADessiner { couche: &COUCHES[0], module: "Voirie", codes: None, propre };
            surcouche(&[une], "https://carte.exemple.fr")["metadata"]["finage:groupes"][0]["legende"].clone()
        };
        let lue =
            une(r##"[{ "libelle": "Libre", "couleur": "#1a8f4c" }, { "libelle": "Pris", "couleur": "#8b929c" }]"##);
        assert_eq!(lue[1], json!({ "couche": "annotations-0", "libelle": "Pris", "couleur": "#8b929c" }));
        for mauvaise in ["null", "3", r#"[{ "libelle": "Libre" }]"#, r#"[{ "libelle": "Libre", "couleur": "url(x)" }]"#]
        {
            assert_eq!(une(mauvaise).as_array().map(Vec::len), Some(1), "{mauvaise}");
            assert_eq!(une(mauvaise)[0]["libelle"], COUCHES[0].libelle, "{mauvaise}");
        }
    }

    #[test]
    fn a_style_of_a_module_draws_its_own_layer_and_no_other() {
        let texte = r##"{ "layers": [{ "id": "x", "type": "line", "source": "ailleurs", "paint": { "line-color": "#123456" } }] }"##;
        let propres = propres(&COUCHES[0], texte).unwrap();
        assert_eq!(
            (&propres[0]["source"], &propres[0]["source-layer"]),
            (&json!("annotations"), &json!("annotations"))
        );
        for mauvais in ["", "{}", r#"{ "layers": [{ "type": "raster" }] }"#, r#"{ "layers": [3] }"#] {
            assert!(super::propres(&COUCHES[0], mauvais).is_none(), "{mauvais}");
        }
    }
}
