//! `GET /api/modules/{module}/{objet}`: rows, filtered, sorted, by pages.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use finage_manifest::List;
use serde::Deserialize;
use time::Date;
use time::macros::format_description;
use utoipa::IntoParams;
use uuid::Uuid;

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::access::identite::Identite;
use crate::access::journal::Finalite;
use crate::db::Canal;
use crate::http::objets::{PRIVATE, bbox, key, searched};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Qui;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::{Filtre, MAX_RANG, Modele, ObjetError, PageFiches, Regard, Tri};

/// Rows of a page at most, and unless told.
const MAX_PAGE: i64 = 1_000;
const PAGE: i64 = 100;
/// Longest condition, bytes.
const MAX_FILTER: usize = 8 << 10;
/// Fields by which rows are sorted at most.
const MAX_SORT: usize = 5;
/// Farthest « near », metres.
const MAX_METRES: f64 = 100_000.0;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/modules/{module}/{objet}", Audience::Ouverte, list).get(
        "/api/modules/{module}/{objet}/{id}/onglets/{onglet}",
        Audience::Ouverte,
        children,
    )
}

/// Which rows, and what of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Condition in CQL2 text, on fields that are open.
    filter: Option<String>,
    /// One of the lists of the manifest, by its identifier.
    liste: Option<String>,
    /// Words that searched fields contain, each somewhere.
    q: Option<String>,
    /// Fields by which rows are sorted, `-` before one for the descending order.
    sort: Option<String>,
    /// Fields wanted, separated by commas; `geometrie` asks for the geometry.
    fields: Option<String>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
    /// `longitude,latitude,metres`.
    near: Option<String>,
    /// Whether the box around all the rows that answer is wanted too; not of a GeoJSON collection.
    etendue: bool,
    /// Archived rows, and they alone.
    archivees: bool,
    /// Day on which rows are valid, `AAAA-MM-JJ`.
    valide_le: Option<String>,
    /// Purpose for which personal fields are seen; leaves a line in the journal.
    finalite: Option<String>,
    /// Rank of the first, from 0.
    rang: i64,
    /// Rows at most: 1 to 1000, 100 unless told; of a GeoJSON collection 1 to 10000, 10000 unless told.
    limite: Option<i64>,
}

impl Wanted {
    /// The purpose.
    pub fn finalite(&self) -> Option<&str> {
        self.finalite.as_deref()
    }

    /// Rows at most.
    ///
    /// # Errors
    /// 400 below one or above this bound: a page that is cut in silence would be taken for the whole.
    pub fn limite(&self, max: i64, unless_told: i64) -> Result<i64, Problem> {
        let limite = self.limite.unwrap_or(unless_told);
        if (1..=max).contains(&limite) {
            return Ok(limite);
        }
        Err(Problem::bad_request(format!("« limite » va de 1 à {max} ; « rang » donne les fiches suivantes.")))
    }

    /// What a file holds of it.
    pub fn export(
        filter: Option<String>,
        liste: Option<String>,
        q: Option<String>,
        sort: Option<String>,
        bbox: Option<String>,
        archivees: bool,
    ) -> Self {
        Self { filter, liste, q, sort, bbox, archivees, ..Self::default() }
    }

    /// What a map draws of it: its conditions, without a page nor an order.
    pub fn conditions(filter: Option<String>, q: Option<String>, liste: Option<String>, archivees: bool) -> Self {
        Self { filter, liste, q, archivees, ..Self::default() }
    }

    /// As rows are read, for a look.
    ///
    /// # Errors
    /// 400 for what is malformed, a field that is unknown or not open.
    pub fn filtre(self, adresse: &Adresse, regard: &Regard) -> Result<Filtre, Problem> {
        let mut filtre = Filtre {
            q: searched(self.q)?,
            bbox: self.bbox.as_deref().map(bbox).transpose()?,
            pres: self.near.as_deref().map(near).transpose()?,
            archivees: self.archivees,
            valide_le: self.valide_le.as_deref().map(day).transpose()?,
            geometrie: false,
            etendue: self.etendue,
            rang: rank(self.rang)?,
            ..Filtre::default()
        };
        let liste = match &self.liste {
            Some(id) => {
                let file = &adresse.objet()?.file;
                let liste = file.lists.iter().find(|liste| liste.id == *id);
                Some(liste.ok_or_else(|| {
                    Problem::bad_request("Cette liste n'existe pas ; le schéma de l'objet donne les siennes.")
                })?)
            }
            None => None,
        };
        if let Some(fields) = &self.fields {
            let mut noms = Vec::new();
            for nom in fields.split(',').map(str::trim).filter(|nom| !nom.is_empty()) {
                if nom == "geometrie" {
                    filtre.geometrie = true;
                } else {
                    noms.push(open_field(regard, nom)?);
                }
            }
            filtre.champs = Some(noms);
        }
        let sort: Vec<&str> = match (&self.sort, liste) {
            (Some(sort), _) => sort.split(',').map(str::trim).filter(|nom| !nom.is_empty()).collect(),
            // The module orders by all that it knows; a role, by what is open to it.
            (None, Some(liste)) => {
                let opens = |nom: &&str| open_field(regard, nom.trim_start_matches('-')).is_ok();
                liste.sort.iter().map(String::as_str).filter(opens).collect()
            }
            (None, None) => Vec::new(),
        };
        if sort.len() > MAX_SORT {
            return Err(Problem::bad_request(format!("On trie par {MAX_SORT} champs au plus.")));
        }
        for nom in sort {
            let descendant = nom.starts_with('-');
            filtre.tri.push(Tri { champ: open_field(regard, nom.trim_start_matches('-'))?, descendant });
        }
        if let Some(text) = self.filter.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            if text.len() > MAX_FILTER {
                return Err(Problem::bad_request("Le filtre dépasse 8 Kio ; enregistrez plutôt une liste."));
            }
            filtre.condition = Some(
                regard
                    .condition(text)
                    .map_err(|error| Problem::bad_request(format!("Filtre refusé. {}", sentence(&error))))?,
            );
        }
        if let Some(text) = liste.and_then(|liste| liste.filter.as_deref()) {
            let du_module = regard.condition_du_module(text);
            filtre.du_module = Some(du_module.map_err(|error| {
                Problem::bad_request(format!("Cette liste ne vous est pas ouverte. {}", sentence(&error)))
            })?);
        }
        Ok(filtre)
    }
}

/// The looks of an account at an object: its ordinary one, then one for each purpose that its roles declare.
pub(super) fn looks(qui: &Identite, modele: &'static Modele) -> Vec<Regard> {
    let finalites = modele.finalites.iter().filter_map(|nom| Finalite::parse(nom).ok()).map(Some);
    let looks = std::iter::once(None).chain(finalites);
    looks.filter_map(|finalite| Regard::new(qui, modele, Action::Lire, finalite.as_ref()).ok()).collect()
}

/// Whether one of these looks opens all that the condition of a list of the manifest reads: without it, it would be another
/// list.
pub(super) fn offered(liste: &List, looks: &[Regard]) -> bool {
    let opens = |regard: &Regard| liste.filter.as_deref().is_none_or(|texte| regard.condition_du_module(texte).is_ok());
    looks.iter().any(opens)
}

/// What these looks open of the columns or of the order of a list of the manifest.
pub(super) fn opened<'a>(noms: &'a [String], looks: &[Regard]) -> Vec<&'a str> {
    let opens = |nom: &&str| {
        let champ = nom.trim_start_matches('-');
        looks.iter().any(|regard| {
            // What is not a field of the object is every row's: its title, its commune, its day.
            regard.modele().objet.champ(champ).is_none() || regard.champs().any(|un| un.nom == champ)
        })
    };
    noms.iter().map(String::as_str).filter(opens).collect()
}

/// A refusal as one sentence.
fn sentence(error: &impl std::fmt::Display) -> String {
    format!("{}.", error.to_string().trim_end_matches('.'))
}

/// A field that is open to a look; one that is unknown and one that is closed are refused in the same words.
fn open_field(regard: &Regard, nom: &str) -> Result<&'static str, Problem> {
    let champ = regard.champs().find(|champ| champ.nom == nom);
    champ.map(|champ| champ.nom).ok_or_else(|| {
        let dit: String = nom.chars().take(60).collect();
        Problem::bad_request(format!("Le champ « {dit} » est inconnu, ou il ne vous est pas ouvert."))
    })
}

fn rank(rang: i64) -> Result<i64, Problem> {
    if (0..=MAX_RANG).contains(&rang) {
        return Ok(rang);
    }
    Err(Problem::bad_request(format!("« rang » va de 0 à {MAX_RANG} ; réduisez plutôt la liste par un filtre.")))
}

fn near(text: &str) -> Result<[f64; 3], Problem> {
    let malformed = || {
        Problem::bad_request(
            "near est fait de trois nombres : longitude, latitude en degrés, mètres (100 000 au plus).",
        )
    };
    let numbers: Vec<f64> = text.split(',').map_while(|part| part.trim().parse().ok()).collect();
    let [lon, lat, metres] = <[f64; 3]>::try_from(numbers).map_err(|_| malformed())?;
    let good = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) && (0.0..=MAX_METRES).contains(&metres);
    if good { Ok([lon, lat, metres]) } else { Err(malformed()) }
}

fn day(text: &str) -> Result<Date, Problem> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|_| Problem::bad_request("valide_le est une date AAAA-MM-JJ."))
}

/// Rows of an object that are open to who asks.
///
/// # Errors
/// 400 for a malformed request, a field that is unknown or not open; 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_list", path = "/api/modules/{module}/{objet}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), Wanted), responses(
    (status = 200, description = "A page of rows, and how many there are", body = PageFiches),
    (status = 400, description = "Malformed request, unknown or closed field", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem)
))]
pub async fn list(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet)): Path<(String, String)>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    page(&app, &qui, &adresse, wanted, None).await
}

async fn page(
    app: &App,
    qui: &Qui,
    adresse: &Adresse,
    wanted: Wanted,
    enfants: Option<(&'static str, Uuid)>,
) -> Result<Response, Problem> {
    let (regard, mut tx) = adresse.regard(app, qui, Action::Lire, wanted.finalite(), Canal::Api).await?;
    let limite = wanted.limite(MAX_PAGE, PAGE)?;
    let filtre = Filtre { enfants, limite, ..wanted.filtre(adresse, &regard)? };
    let page = regard.page(&mut tx, &filtre).await?;
    // The line of the journal is there before anything is shown.
    tx.commit().await?;
    Ok(([PRIVATE], Json(page)).into_response())
}

/// Rows of another object that name this one, as its tab shows them.
///
/// # Errors
/// 400, 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_children", path = "/api/modules/{module}/{objet}/{id}/onglets/{onglet}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), ("onglet" = String, Path, description = "Object of the tab"), Wanted), responses(
    (status = 200, description = "A page of rows, and how many there are", body = PageFiches),
    (status = 400, description = "Malformed request, unknown or closed field", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object, row or tab", body = Problem)
))]
pub async fn children(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet, id, onglet)): Path<(String, String, String, String)>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let (mere, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let unknown = || Problem::not_found("Cet objet n'a pas cet onglet ; son schéma donne les siens.");
    let tab = mere.objet()?.file.tabs.iter().find(|tab| tab.object == onglet || tab.object.replace('.', "-") == onglet);
    let tab = tab.ok_or_else(unknown)?;
    let (autre, nom) = tab.object.split_once('.').unwrap_or((&module, &tab.object));
    let fille = Adresse::new(&app, autre, nom)?;
    let par = fille.modele()?.regle(&tab.by).map(|regle| regle.champ).ok_or_else(unknown)?;
    // Who may not see the row sees not what names it either.
    let (regard, mut tx) = mere.regard_sur(&app, &qui, id, None).await?;
    if !regard.voit(&mut tx, id).await? {
        return Err(ObjetError::Absente.into());
    }
    tx.commit().await?;
    page(&app, &qui, &fille, wanted, Some((par, id))).await
}
