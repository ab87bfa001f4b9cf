//! `GET /api/modules/{module}/{objet}/schema`: what an object is, for forms and programs.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use finage_expr::{Expression, Mode, parse};
use finage_manifest::{Given, ObjectFile, Shortcut, Step};
use serde_json::{Map, Value, json};

use super::demande::Adresse;
use super::liste::{looks, offered, opened};
use super::menu::actions;
use crate::access::droits::Champ;
use crate::access::journal::Finalite;
use crate::db::Canal;
use crate::http::objets::PRIVATE;
use crate::http::problem::Problem;
use crate::http::qui::Qui;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::documents::proposes;
use crate::modules::etapes::Parcours;
use crate::modules::objets::{Lien, Modele, Morceau, Nature, Regle, codes};
use crate::modules::registry::{ModuleCharge, ObjetCharge};

/// Codes that a schema carries at most; beyond, one asks for those that contain a text.
const MAX_CODES: i64 = 200;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/modules/{module}/{objet}/schema", Audience::Ouverte, schema)
}

/// JSON Schema of the fields that are open to who asks, with what a form needs besides under `x-finage`.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_schema", path = "/api/modules/{module}/{objet}/schema", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object")), responses(
    (status = 200, description = "JSON Schema 2020-12", body = Object, content_type = "application/schema+json"),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem)
))]
pub async fn schema(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let (regard, mut tx) = adresse.regard(&app, &qui, crate::access::droits::Action::Lire, None, Canal::Api).await?;
    let (charge, objet) = adresse.charge().ok_or_else(Problem::internal)?;
    // Fields that a declared purpose opens are described: a form shows where they are.
    let agent = qui.agent();
    let ouverts: Vec<&'static str> = regard.champs().map(|champ| champ.nom).collect();
    let visible = |champ: &Champ| ouverts.contains(&champ.nom) || (champ.niveau > 0 && agent.is_some());
    let champs: Vec<&'static Champ> = objet.modele.objet.champs.iter().filter(|champ| visible(champ)).collect();
    let mut decrits = Vec::new();
    for champ in &champs {
        let Some(regle) = objet.modele.regle(champ.nom) else { continue };
        let liste = match regle.nomenclature {
            Some(nomenclature) => {
                let codes = codes(&mut tx, nomenclature, None, MAX_CODES + 1).await?;
                let tous = i64::try_from(codes.len()).is_ok_and(|nombre| nombre <= MAX_CODES);
                tous.then(|| {
                    codes.iter().map(|un| json!({ "code": un.valeur, "libelle": un.libelle })).collect::<Vec<_>>()
                })
            }
            None => None,
        };
        decrits.push(field(objet.modele, champ, regle, liste.as_deref()));
    }
    let actions = agent.as_ref().map_or_else(|| vec!["lire"], |agent| actions(objet, agent.identite()));
    // A letter may show personal data that its object does not hold: its purpose is said too.
    let des_documents: Vec<String> = proposes(objet).filter_map(|document| document.purpose).collect();
    let mut noms: Vec<&str> = objet.modele.finalites.to_vec();
    noms.extend(des_documents.iter().map(String::as_str));
    noms.sort_unstable();
    noms.dedup();
    let finalites: Vec<Value> = noms
        .into_iter()
        .map(|nom| {
            let libelle = charge.file.purposes.get(nom).map_or(nom, |dite| dite.label.as_str());
            let permise = agent.as_ref().is_some_and(|agent| {
                Finalite::parse(nom)
                    .is_ok_and(|finalite| agent.identite().nominatif(objet.modele.objet, &finalite).is_ok())
            });
            json!({ "id": nom, "libelle": libelle, "permise": permise })
        })
        .collect();
    let regards = agent.as_ref().map(|agent| looks(agent.identite(), objet.modele)).unwrap_or_default();
    // An account without the right looks as anybody does.
    let regards = if regards.is_empty() { vec![regard] } else { regards };
    let listes: Vec<Value> = objet.file.lists.iter().filter(|liste| offered(liste, &regards)).map(|liste| {
        json!({ "id": liste.id, "libelle": liste.label, "filtre": liste.filter, "colonnes": opened(&liste.columns, &regards), "tri": opened(&liste.sort, &regards) })
    }).collect();
    let seen = json!({ "actions": actions, "finalites": finalites, "champs": decrits, "listes": listes });
    let parcours = agent.as_ref().and_then(|agent| Parcours::new(charge, objet, agent.identite()));
    let tenues: Vec<&str> = parcours.iter().flat_map(Parcours::tenues).collect();
    let document = document(charge, objet, &champs, &tenues, seen);
    let headers = [(axum::http::header::CONTENT_TYPE, "application/schema+json")];
    Ok(([PRIVATE], headers, Json(document)).into_response())
}

fn document(charge: &ModuleCharge, objet: &ObjetCharge, champs: &[&Champ], tenues: &[&str], finage: Value) -> Value {
    let modele = objet.modele;
    let connu = |nom: &str| champs.iter().any(|champ| champ.nom == nom);
    let regles = || modele.regles.iter().filter(|regle| connu(regle.champ));
    let mut properties = Map::new();
    for (champ, regle) in champs.iter().filter_map(|champ| Some((champ, modele.regle(champ.nom)?))) {
        properties.insert(champ.nom.to_owned(), property(champ, regle));
    }
    let required: Vec<&str> = regles()
        .filter(|regle| regle.obligatoire && !regle.par_defaut)
        .filter(|regle| modele.objet.champ(regle.champ).is_some_and(|champ| champ.modifiable))
        .map(|regle| regle.champ)
        .collect();
    let file = &objet.file;
    let mut finage = finage;
    if let Some(hints) = finage.as_object_mut() {
        let onglets: Vec<Value> = file
            .tabs
            .iter()
            .map(|tab| {
                let (module, nom) = tab.object.split_once('.').unwrap_or((&charge.file.id, &tab.object));
                json!({ "module": module, "objet": nom, "par": tab.by, "libelle": tab.label })
            })
            .collect();
        let groupes: Vec<Value> =
            file.groups.iter().map(|groupe| json!({ "id": groupe.id, "libelle": groupe.label })).collect();
        let documents: Vec<Value> = proposes(objet)
            .map(|document| {
                json!({ "id": document.id, "libelle": document.label, "lot": document.batch, "finalite": document.purpose })
            })
            .collect();
        let ancrages: Vec<Value> = file.anchor.iter().map(|ancrage| {
            json!({ "couche": ancrage.layer, "role": ancrage.role, "plusieurs": ancrage.many, "obligatoire": ancrage.required })
        }).collect();
        let geometrie = modele.geometrie.map(|geometrie| {
            json!({ "genre": geometrie.genre, "obligatoire": geometrie.obligatoire, "couche": objet.couche.map(|couche| couche.id), "styles": styles(objet) })
        });
        let etapes = file.workflow.as_ref().map(|workflow| {
            let etapes: Vec<Value> = workflow.steps.iter().map(|step| {
                json!({ "id": step.id, "libelle": step.label.clone().unwrap_or_else(|| step.id.clone()), "de": step.from, "vers": step.to, "requis": step.requires, "demandes": step.asks, "cree": step.creates, "finalite": finalite(charge, objet, step), "document": step.document, "tenue": tenues.contains(&step.id.as_str()) })
            }).collect();
            json!({ "champ": workflow.field, "initial": workflow.initial, "verrouilles": workflow.locked, "etapes": etapes })
        });
        for (nom, valeur) in [
            ("module", json!(charge.file.id)),
            ("objet", json!(objet.nom)),
            ("libelle", json!(modele.objet.libelle)),
            ("pluriel", json!(modele.pluriel)),
            ("geometrie", json!(geometrie)),
            ("groupes", json!(groupes)),
            ("onglets", json!(onglets)),
            ("raccourcis", shortcuts(&charge.file.id, file)),
            ("titre", json!(title(modele))),
            ("parent", json!(modele.parent)),
            ("etapes", json!(etapes)),
            ("documents", json!(documents)),
            ("ancrages", json!(ancrages)),
            ("registre", json!(file.register.as_ref().map(|register| &register.field))),
            ("validite", json!(modele.validite)),
            ("serie", json!(serie(objet))),
            ("itineraire", json!(objet.file.walk.is_some())),
        ] {
            hints.insert(nom.to_owned(), valeur);
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("/api/modules/{}/{}/schema", charge.file.id, objet.nom),
        "title": modele.objet.libelle,
        "type": "object",
        "required": required,
        "properties": properties,
        "x-finage": finage,
    })
}

/// What the sheet makes in one press: whether the account may, its rights on the other object say.
fn shortcuts(module: &str, file: &ObjectFile) -> Value {
    let avec = |given: &str| match Given::read(given) {
        Given::Field(nom) => json!({ "champ": nom }),
        Given::Text(texte) => json!({ "valeur": texte }),
    };
    let dite = |raccourci: &Shortcut| {
        let (module, objet) = raccourci.object.split_once('.').unwrap_or((module, &raccourci.object));
        let avec: Map<String, Value> = raccourci.with.iter().map(|(nom, given)| (nom.clone(), avec(given))).collect();
        let condition = raccourci.filter.as_deref().and_then(|texte| parse(texte, Mode::Finage).ok());
        json!({ "module": module, "objet": objet, "libelle": raccourci.label, "avec": avec, "condition": condition })
    };
    file.shortcuts.iter().map(dite).collect()
}

/// The fields that a title is made of, in its order.
fn title(modele: &Modele) -> Vec<&'static str> {
    let nomme = |morceau: &Morceau| match morceau {
        Morceau::Champ(nom) => Some(*nom),
        Morceau::Texte(_) | Morceau::Par(..) => None,
    };
    modele.intitule.iter().filter_map(nomme).collect()
}

/// The purpose to say with a step: that of its document, else of a document of what it makes.
fn finalite<'a>(charge: &'a ModuleCharge, objet: &'a ObjetCharge, step: &'a Step) -> Option<&'a str> {
    let du = |objet: &'a ObjetCharge, id: &str| {
        objet.file.documents.iter().find(|document| document.id == id)?.purpose.as_deref()
    };
    let propre = step.document.as_deref().and_then(|id| du(objet, id));
    let faits = charge.objets.iter().filter(|autre| step.creates.iter().any(|nom| nom == autre.nom));
    let mut pas =
        faits.flat_map(|fait| fait.file.workflow.iter().flat_map(|un| &un.steps).map(move |step| (fait, step)));
    propre.or_else(|| pas.find_map(|(fait, step)| du(fait, step.document.as_deref()?)))
}

/// Styles of its layer that a reader may choose besides the first.
fn styles(objet: &ObjetCharge) -> Vec<Value> {
    let layer = objet.file.layer.iter();
    layer.flat_map(|layer| &layer.styles).map(|(id, libelle)| json!({ "id": id, "libelle": libelle })).collect()
}

/// What a form needs to make rows in series.
fn serie(objet: &ObjetCharge) -> Option<Value> {
    let dite = objet.file.series.as_ref()?;
    Some(json!({
        "numero": dite.number,
        "ligne": dite.line,
        "dedans": dite.within,
        "champs": dite.fields,
        "largeur": dite.width,
        "longueur": dite.length,
        "ecart": dite.gap,
        "entre_rangees": dite.row_gap,
        "recul": dite.setback,
    }))
}

/// These fields of an object, as JSON Schema says them.
pub(in crate::http) fn fields(modele: &Modele, champs: &[&Champ]) -> Value {
    let dits =
        champs.iter().filter_map(|champ| Some((champ.nom.to_owned(), property(champ, modele.regle(champ.nom)?))));
    json!({ "type": "object", "title": modele.objet.libelle, "properties": dits.collect::<Map<String, Value>>() })
}

/// A field as JSON Schema says it.
fn property(champ: &Champ, regle: &Regle) -> Value {
    let mut dite = match regle.nature {
        Nature::Entier => json!({ "type": ["integer", "null"] }),
        Nature::Booleen => json!({ "type": ["boolean", "null"] }),
        Nature::Decimal | Nature::Montant => json!({ "type": ["string", "null"], "pattern": "^-?[0-9]+(\\.[0-9]+)?$" }),
        Nature::Date => json!({ "type": ["string", "null"], "format": "date" }),
        Nature::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        Nature::Reference | Nature::Fichier => json!({ "type": ["string", "null"], "format": "uuid" }),
        Nature::References => json!({ "type": ["array", "null"], "items": { "type": "string", "format": "uuid" } }),
        Nature::Texte | Nature::TexteLong | Nature::Riche | Nature::Code => json!({ "type": ["string", "null"] }),
    };
    if let Some(property) = dite.as_object_mut() {
        property.insert("title".to_owned(), champ.libelle.into());
        if let Some(aide) = regle.aide {
            property.insert("description".to_owned(), aide.into());
        }
        if regle.max > 0 {
            property.insert("maxLength".to_owned(), regle.max.into());
        }
        if !champ.modifiable {
            property.insert("readOnly".to_owned(), true.into());
        }
    }
    dite
}

/// A field as a form needs it.
fn field(modele: &Modele, champ: &Champ, regle: &Regle, codes: Option<&[Value]>) -> Value {
    let arbre = |expression: Option<&'static Expression>| expression.and_then(|lue| serde_json::to_value(lue).ok());
    let reference = regle.lien.and_then(Lien::cible).map(|cible| {
        let (module, objet) =
            cible.du_module().map_or((None, cible.objet.nom), |(module, objet)| (Some(module), objet));
        json!({ "module": module, "objet": objet })
    });
    json!({
        "nom": champ.nom,
        "libelle": champ.libelle,
        "aide": regle.aide,
        "genre": regle.nature.code(),
        "obligatoire": regle.obligatoire,
        "par_defaut": regle.par_defaut,
        "modifiable": champ.modifiable,
        "niveau": champ.niveau,
        "finalite": regle.finalite,
        "max": (regle.max > 0).then_some(regle.max),
        "decimales": regle.decimales,
        "format": regle.annee.then_some("annee"),
        "visible": arbre(regle.visible),
        "requis_si": arbre(regle.requis_si),
        "propose": regle.propose,
        "codes": codes,
        "reference": reference,
        "colonne": regle.colonne,
        "recherche": modele.cherches.contains(&champ.nom),
        "groupe": regle.groupe,
    })
}
