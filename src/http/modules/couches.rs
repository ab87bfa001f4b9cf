//! Layers of modules that are open to who asks: their names, their style, and what draws them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::droits::Action;
use crate::http::problem::Problem;
use crate::http::qui::{Agent, Qui};
use crate::http::state::App;
use crate::modules::objets::{Choix, Couche, Nature, Regard, codes};
use crate::modules::registry::{ModuleCharge, ObjetCharge, Registry};
use crate::services::style_couche::{ADessiner, propres, surcouche};

/// Codes that a style colours at most, and one more: beyond, it says « Autres ».
const MAX_CODES: i64 = 9;
/// The style of every layer of modules that is open.
pub const TOUTES: &str = "modules";

/// A layer of a module.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoucheDeModule {
    /// Identifier in `/tiles/{id}` and `/styles/{id}.json`.
    id: &'static str,
    /// Name shown.
    libelle: &'static str,
    /// Module.
    module: String,
    /// Name of the module.
    libelle_module: String,
    /// Object.
    objet: &'static str,
    /// Kind of its geometry.
    geometrie: Option<&'static str>,
}

/// The look of who asks at a layer: the account's, else anybody's where the module publishes fields to the public.
pub fn look(modules: &Registry, agent: Option<&Agent>, couche: &'static Couche) -> Option<Regard> {
    let own = agent.and_then(|agent| Regard::new(agent.identite(), couche.modele, Action::Lire, None).ok());
    own.or_else(|| if couche.publics.is_empty() { None } else { modules.publique(couche.modele) })
}

/// The layers of modules that are open to who asks.
pub fn listed(app: &App, qui: &Qui) -> Vec<CoucheDeModule> {
    let (modules, agent) = (app.modules(), qui.agent());
    let open = open(&modules, agent.as_ref());
    let told = open.map(|(module, objet, couche, _)| CoucheDeModule {
        id: couche.id,
        libelle: couche.libelle,
        module: module.file.id.clone(),
        libelle_module: module.file.label.clone(),
        objet: objet.nom,
        geometrie: couche.modele.geometrie.map(|geometrie| geometrie.genre),
    });
    told.collect()
}

/// The style of a layer, or of all ([`TOUTES`]); `None` for a layer that is unknown, or not open to who asks.
///
/// # Errors
/// 503 when the database is away.
pub async fn style(app: &App, qui: &Qui, name: &str) -> Result<Option<Value>, Problem> {
    let (modules, agent) = (app.modules(), qui.agent());
    let mut connection = app.db_read().acquire().await?;
    let mut drawn = Vec::new();
    // `couche.style`: one of the other styles of its manifest.
    let (name, other) = name.split_once('.').map_or((name, None), |(couche, style)| (couche, Some(style)));
    for (module, objet, couche, regard) in open(&modules, agent.as_ref()) {
        let known = |other: &str| objet.file.layer.as_ref().is_some_and(|layer| layer.styles.contains_key(other));
        if name != TOUTES && name != couche.id || other.is_some_and(|other| !known(other)) {
            continue;
        }
        let codes = match coloured(objet, couche, &regard) {
            Some((champ, nomenclature)) => {
                let found: Vec<Choix> = codes(&mut connection, nomenclature, None, MAX_CODES).await?;
                (!found.is_empty()).then_some((champ, found))
            }
            None => None,
        };
        let propre = own(module, objet, other).and_then(|text| propres(couche, text));
        drawn.push(ADessiner { couche, module: &module.file.label, codes, propre });
    }
    if drawn.is_empty() && name != TOUTES {
        return Ok(None);
    }
    Ok(Some(surcouche(&drawn, &app.config().public_url())))
}

fn open<'a>(
    modules: &'a Registry,
    agent: Option<&'a Agent>,
) -> impl Iterator<Item = (&'a ModuleCharge, &'a ObjetCharge, &'static Couche, Regard)> {
    modules.objets().filter_map(move |(module, objet)| {
        let couche = objet.couche?;
        Some((module, objet, couche, look(modules, agent, couche)?))
    })
}

/// The field that colours a layer, of those that its tiles carry: the state, else the first code.
fn coloured(objet: &ObjetCharge, couche: &'static Couche, regard: &Regard) -> Option<(&'static str, &'static str)> {
    let etat = objet.modele.etats.map(|etats| etats.champ);
    let coded = |nom: &'static str| {
        let regle = objet.modele.regle(nom).filter(|regle| regle.nature == Nature::Code)?;
        Some((nom, regle.nomenclature?))
    };
    let carried: Vec<&'static str> = couche.champs(regard).map(|champ| champ.nom).collect();
    let first = etat.filter(|etat| carried.contains(etat)).into_iter().chain(carried.iter().copied());
    let mut first = first;
    first.find_map(coded)
}

/// The style that a module brings for a layer: `styles/{name}.json` of its folder, the object's name unless it says.
fn own<'a>(module: &'a ModuleCharge, objet: &ObjetCharge, other: Option<&str>) -> Option<&'a str> {
    if let Some(other) = other {
        return module.folder.text(&format!("styles/{other}.json")).ok();
    }
    let name = objet.file.layer.as_ref().and_then(|layer| layer.style.as_deref()).unwrap_or(objet.nom);
    module.folder.text(&format!("styles/{name}.json")).ok()
}
