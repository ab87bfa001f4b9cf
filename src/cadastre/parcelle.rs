//! The parcel sheet: everything the plan says of one parcel, areas in its commune's conformal zone.

use finage_reference::Idu;
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgPool, Row as _};
use time::Date;
use utoipa::ToSchema;

use crate::spatial::cc;

/// Everything the plan says of one parcel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Parcelle {
    /// Identifier of 14 characters.
    pub idu: String,
    /// Reference as people write it: « AB 145 ».
    pub reference: String,
    /// Commune.
    pub commune: CommuneRef,
    /// Section prefix, `000` when there is none.
    pub prefixe: String,
    /// Commune absorbed, or quarter, that the prefix names.
    pub ancienne_commune: Option<AncienneCommune>,
    /// Section, without its leading zero.
    pub section: String,
    /// Number, without leading zeros.
    pub numero: String,
    /// Fiscal area in square metres (SUPF); not the geometric area.
    pub contenance_m2: Option<i32>,
    /// Geometric area in square metres, in the commune's conformal zone.
    pub surface_m2: f64,
    /// System the area was computed in.
    pub surface_methode: String,
    /// Whether the parcel was surveyed (« arpentée »).
    pub arpentee: Option<bool>,
    /// Whether the parcel is drawn on the plan.
    pub figuree: Option<bool>,
    /// Feuille of the plan.
    pub feuille: Option<Feuille>,
    /// Lieux-dits.
    pub lieux_dits: Vec<String>,
    /// Addresses.
    pub adresses: Vec<Adresse>,
    /// Buildings on the parcel.
    pub batiments: Vec<Batiment>,
    /// Ground covered by buildings, in square metres.
    pub emprise_batie_m2: f64,
    /// Parcels that share a boundary.
    pub voisins: Vec<Voisin>,
    /// `edigeo` or `etalab`.
    pub source: Option<String>,
    /// Millésime of the plan.
    #[schema(value_type = Option<String>, format = Date)]
    pub millesime: Option<Date>,
    /// Date of observation.
    #[schema(value_type = Option<String>, format = Date)]
    pub date_creation: Option<Date>,
    /// Date of last update.
    #[schema(value_type = Option<String>, format = Date)]
    pub date_mise_a_jour: Option<Date>,
    /// Longitude and latitude of a point inside.
    pub centre: [f64; 2],
    /// West, south, east, north in degrees.
    pub etendue: [f64; 4],
    /// GeoJSON multi-polygon, longitude and latitude.
    #[schema(value_type = Object)]
    pub geometrie: Value,
}

/// A commune, named.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommuneRef {
    /// INSEE code.
    pub insee: String,
    /// Name.
    pub nom: String,
}

/// What a section prefix stands for.
#[derive(Debug, Serialize, ToSchema)]
pub struct AncienneCommune {
    /// INSEE code of the absorbed commune.
    pub insee: String,
    /// Its name, when the COG or the plan gives it.
    pub nom: Option<String>,
}

/// Feuille of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feuille {
    /// Identifier of 12 characters.
    pub id: String,
    /// Number within the section.
    pub numero: String,
    /// Denominator of the original scale.
    pub echelle: Option<i32>,
    /// Quality of the plan (QUPL).
    pub qualite: Option<Code>,
    /// How the plan was made (COPL).
    pub confection: Option<Code>,
}

/// A code and what it means.
#[derive(Debug, Serialize, ToSchema)]
pub struct Code {
    /// DGFiP code.
    pub code: String,
    /// Meaning.
    pub libelle: String,
}

/// An address of the parcel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Adresse {
    /// BAL key.
    pub id: String,
    /// « 12 bis Rue du Lavoir ».
    pub libelle: String,
    /// Number.
    pub numero: i32,
    /// Suffix: `bis`.
    pub suffixe: Option<String>,
    /// Street.
    pub voie: String,
    /// Longitude and latitude.
    pub position: [f64; 2],
    /// `declare`: the BAL names the parcel; `geometrie`: the address lies on it.
    pub lien: String,
}

/// A building that stands, wholly or in part, on the parcel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Batiment {
    /// Key of the building.
    pub id: String,
    /// DGFiP type: 01 en dur, 02 léger.
    #[serde(rename = "type")]
    pub genre: Option<String>,
    /// Meaning of the type.
    pub libelle: String,
    /// Name written on the plan.
    pub nom: Option<String>,
    /// Whole area, in square metres.
    pub surface_m2: f64,
    /// Area on this parcel, in square metres.
    pub surface_sur_parcelle_m2: f64,
}

/// A parcel that shares a boundary.
#[derive(Debug, Serialize, ToSchema)]
pub struct Voisin {
    /// Identifier.
    pub idu: String,
    /// Reference as people write it.
    pub reference: String,
    /// Compass side: « nord-est ».
    pub cote: String,
    /// Length of the shared boundary, in metres.
    pub contact_m: f64,
}

/// The sheet of a parcel, if it is known.
///
/// # Errors
/// The database refused or timed out.
pub async fn sheet(pool: &PgPool, idu: Idu) -> sqlx::Result<Option<Parcelle>> {
    let key = idu.to_string();
    let Some(row) = sqlx::query(include_str!("sql/parcelle.sql")).bind(&key).fetch_optional(pool).await? else {
        return Ok(None);
    };
    let zone: i32 = row.get("zone");
    let (lieux_dits, adresses, batiments, voisins) = tokio::try_join!(
        sqlx::query_scalar::<_, String>(include_str!("sql/parcelle_lieux_dits.sql")).bind(&key).fetch_all(pool),
        adresses(pool, &key),
        batiments(pool, &key, zone),
        voisins(pool, &key, zone),
    )?;
    let text = |name: &str| row.get::<Option<String>, _>(name);
    Ok(Some(Parcelle {
        reference: idu.reference(),
        commune: CommuneRef { insee: row.get("insee"), nom: row.get("commune") },
        prefixe: row.get("prefixe"),
        ancienne_commune: text("ancienne_insee").map(|insee| AncienneCommune { insee, nom: text("ancienne_nom") }),
        section: idu.section().short().to_owned(),
        numero: idu.numero().short().to_owned(),
        contenance_m2: row.get("contenance"),
        surface_m2: decimetre(row.get("surface")),
        surface_methode: cc::label(zone.unsigned_abs()),
        arpentee: row.get("arpentee"),
        figuree: row.get("figuree"),
        feuille: text("feuille").map(|id| Feuille {
            numero: id.get(10..).unwrap_or_default().to_owned(),
            echelle: row.get("echelle"),
            qualite: text("qualite").and_then(qualite),
            confection: text("confection").and_then(confection),
            id,
        }),
        lieux_dits,
        adresses,
        emprise_batie_m2: decimetre(batiments.iter().map(|b| b.surface_sur_parcelle_m2).sum()),
        batiments,
        voisins,
        source: row.get("source"),
        millesime: row.get("millesime"),
        date_creation: row.get("cree"),
        date_mise_a_jour: row.get("maj"),
        centre: [row.get("lon"), row.get("lat")],
        etendue: [row.get("ouest"), row.get("sud"), row.get("est"), row.get("nord")],
        geometrie: row.get("geometrie"),
        idu: key,
    }))
}

/// The parcel under a point in degrees.
///
/// # Errors
/// The database refused or timed out.
pub async fn under(pool: &PgPool, lon: f64, lat: f64) -> sqlx::Result<Option<Idu>> {
    let found: Option<String> =
        sqlx::query_scalar(include_str!("sql/parcelle_sous.sql")).bind(lon).bind(lat).fetch_optional(pool).await?;
    Ok(found.and_then(|idu| idu.parse().ok()))
}

/// A point inside a parcel in one system: EPSG code, x (east or longitude), y (north or latitude).
pub type PointEn = (i32, f64, f64);

/// The point that stands for a parcel, in degrees, in the database's system and in its commune's conformal zone.
///
/// # Errors
/// The database refused or timed out.
pub async fn points(pool: &PgPool, idu: Idu) -> sqlx::Result<Vec<PointEn>> {
    sqlx::query_as(include_str!("sql/parcelle_points.sql")).bind(idu.to_string()).fetch_all(pool).await
}

/// Whether a parcel is known.
///
/// # Errors
/// The database refused or timed out.
pub async fn exists(pool: &PgPool, idu: Idu) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from cadastre.parcelle where idu = $1)")
        .bind(idu.to_string())
        .fetch_one(pool)
        .await
}

async fn adresses(pool: &PgPool, idu: &str) -> sqlx::Result<Vec<Adresse>> {
    let rows = sqlx::query(include_str!("sql/parcelle_adresses.sql")).bind(idu).fetch_all(pool).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let (numero, suffixe, voie): (i32, String, String) =
                (row.get("numero"), row.get("suffixe"), row.get("voie"));
            let suffixe = (!suffixe.is_empty()).then_some(suffixe);
            let written = suffixe.as_ref().map_or_else(|| numero.to_string(), |suffixe| format!("{numero} {suffixe}"));
            Adresse {
                id: row.get("cle"),
                libelle: format!("{written} {voie}"),
                numero,
                suffixe,
                voie,
                position: [row.get("lon"), row.get("lat")],
                lien: row.get("lien"),
            }
        })
        .collect())
}

async fn batiments(pool: &PgPool, idu: &str, zone: i32) -> sqlx::Result<Vec<Batiment>> {
    let rows = sqlx::query(include_str!("sql/parcelle_batiments.sql")).bind(idu).bind(zone).fetch_all(pool).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let genre: Option<String> = row.get("type");
            Batiment {
                id: row.get("cle"),
                libelle: match genre.as_deref() {
                    Some("01") => "Bâtiment en dur",
                    Some("02") => "Construction légère",
                    _ => "Bâtiment",
                }
                .to_owned(),
                genre,
                nom: row.get("nom"),
                surface_m2: decimetre(row.get("surface")),
                surface_sur_parcelle_m2: decimetre(row.get("commune")),
            }
        })
        .collect())
}

async fn voisins(pool: &PgPool, idu: &str, zone: i32) -> sqlx::Result<Vec<Voisin>> {
    let rows = sqlx::query(include_str!("sql/parcelle_voisins.sql")).bind(idu).bind(zone).fetch_all(pool).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let idu: String = row.get("idu");
            Voisin {
                reference: idu.parse::<Idu>().map_or_else(|_| idu.clone(), |idu| idu.reference()),
                cote: compass(row.get("azimut")).to_owned(),
                contact_m: decimetre(row.get("contact")),
                idu,
            }
        })
        .collect())
}

/// Eight sides, from an azimuth in degrees clockwise from north.
fn compass(azimuth: f64) -> &'static str {
    const SIDES: [&str; 8] = ["nord", "nord-est", "est", "sud-est", "sud", "sud-ouest", "ouest", "nord-ouest"];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 8 after rem_euclid")]
    let eighth = (azimuth.rem_euclid(360.0) / 45.0).round() as usize;
    SIDES[eighth % SIDES.len()]
}

/// To the tenth: what a plan's precision can say.
fn decimetre(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// QUPL, « Standard d'échange PCI EDIGÉO » §8.
fn qualite(code: String) -> Option<Code> {
    let libelle = match code.as_str() {
        "01" => "Plan régulier établi avant le 20 mars 1980",
        "02" => "Plan non régulier",
        "03" => "Plan régulier, précision P3 (classe 10 cm)",
        "04" => "Plan régulier, précision P4 (classe 20 cm)",
        "05" => "Plan régulier, précision P5 (classe 40 cm)",
        _ => return None,
    };
    Some(Code { libelle: libelle.to_owned(), code })
}

/// COPL, « Standard d'échange PCI EDIGÉO » §8.
fn confection(code: String) -> Option<Code> {
    let libelle = match code.as_str() {
        "01" => "Ancien plan",
        "02" => "Mise à jour",
        "03" => "Renouvellement",
        "04" => "Réfection",
        "05" => "Remaniement",
        "06" => "Remembrement ou aménagement foncier",
        "07" => "Plans d'arpentage",
        _ => return None,
    };
    Some(Code { libelle: libelle.to_owned(), code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_follow_the_compass() {
        for (azimuth, side) in
            [(0.0, "nord"), (44.0, "nord-est"), (90.0, "est"), (181.0, "sud"), (350.0, "nord"), (-90.0, "ouest")]
        {
            assert_eq!(compass(azimuth), side, "{azimuth}");
        }
    }
}
