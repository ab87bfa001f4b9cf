//! What is known of a commune, and lists of what it holds.

use finage_reference::{Idu, Insee, SectionId};
use sqlx::{PgPool, Row as _};
use time::Date;

/// Parcels of one page of a list.
pub const PAGE: usize = 500;
/// Addresses listed for one street.
const MAX_ADDRESSES: i64 = 2000;

/// A commune of the COG, with what was imported for it.
#[derive(Debug, Clone)]
pub struct Fiche {
    /// INSEE code.
    pub insee: String,
    /// Name.
    pub nom: String,
    /// Postcodes.
    pub codes_postaux: Vec<String>,
    /// Groupings it belongs to, by name.
    pub groupements: Vec<String>,
    /// Layers that hold something, with the addresses.
    pub couches: Vec<Couche>,
    /// Sections, by prefix and code.
    pub sections: Vec<Section>,
    /// West, south, east, north in degrees.
    pub etendue: Option<[f64; 4]>,
}

/// A layer delivered for a commune.
#[derive(Debug, Clone)]
pub struct Couche {
    /// Table, or `adresse`.
    pub couche: String,
    /// `edigeo`, `etalab` or `bal`.
    pub source: String,
    /// Millésime.
    pub millesime: Option<Date>,
    /// Objects.
    pub objets: i64,
}

/// A section of a commune.
#[derive(Debug, Clone)]
pub struct Section {
    /// Identifier of 10 characters.
    pub id: String,
    /// « AB », « 103 A ».
    pub reference: String,
    /// Parcels in it.
    pub parcelles: i64,
}

/// A parcel of a list.
#[derive(Debug, Clone)]
pub struct Rangee {
    /// Identifier.
    pub idu: String,
    /// « AB 145 ».
    pub reference: String,
}

/// An address of a street, with its parcels.
#[derive(Debug, Clone)]
pub struct Adressee {
    /// « 12 bis ».
    pub numero: String,
    /// Parcels: identifier and reference.
    pub parcelles: Vec<Rangee>,
}

/// The commune, if the COG or an import knows it.
///
/// # Errors
/// The database refused or timed out.
pub async fn fiche(pool: &PgPool, insee: Insee) -> sqlx::Result<Option<Fiche>> {
    let code = insee.to_string();
    let Some(row) = sqlx::query(include_str!("sql/commune_fiche.sql")).bind(&code).fetch_optional(pool).await? else {
        return Ok(None);
    };
    let (couches, sections) = tokio::try_join!(
        sqlx::query(include_str!("sql/commune_couches.sql")).bind(&code).fetch_all(pool),
        sqlx::query_as::<_, (String, i64)>(include_str!("sql/commune_sections.sql")).bind(&code).fetch_all(pool),
    )?;
    Ok(Some(Fiche {
        insee: code,
        nom: row.get("nom"),
        codes_postaux: row.get("codes_postaux"),
        groupements: row.get("groupements"),
        etendue: row
            .get::<Option<f64>, _>("ouest")
            .map(|ouest| [ouest, row.get("sud"), row.get("est"), row.get("nord")]),
        couches: couches
            .iter()
            .map(|row| Couche {
                couche: row.get("couche"),
                source: row.get("source"),
                millesime: row.get("millesime"),
                objets: row.get("objets"),
            })
            .collect(),
        sections: sections
            .into_iter()
            .map(|(id, parcelles)| Section {
                reference: id.parse::<SectionId>().map_or_else(|_| id.clone(), |section| section.reference()),
                id,
                parcelles,
            })
            .collect(),
    }))
}

/// Parcels of a section, `page` from 1, and how many there are in all; `None` for a section that the plan does not know.
///
/// # Errors
/// The database refused or timed out.
pub async fn of_section(pool: &PgPool, section: SectionId, page: usize) -> sqlx::Result<Option<(Vec<Rangee>, usize)>> {
    let rows = sqlx::query_as(include_str!("sql/commune_section_parcelles.sql"))
        .bind(section.insee().to_string())
        .bind(section.prefixe().as_str())
        .bind(section.section().as_str())
        .bind(size())
        .bind(offset(page))
        .fetch_all(pool)
        .await?;
    Ok(listed(rows))
}

/// Parcels whose middle is in the lieu-dit of that name, as [`of_section`].
///
/// # Errors
/// The database refused or timed out.
pub async fn of_lieu_dit(
    pool: &PgPool,
    insee: Insee,
    nom: &str,
    page: usize,
) -> sqlx::Result<Option<(Vec<Rangee>, usize)>> {
    let rows = sqlx::query_as(include_str!("sql/commune_lieu_dit_parcelles.sql"))
        .bind(insee.to_string())
        .bind(nom)
        .bind(size())
        .bind(offset(page))
        .fetch_all(pool)
        .await?;
    Ok(listed(rows))
}

/// Name and addresses of a street of the BAL; `None` when the commune has no such street.
///
/// # Errors
/// The database refused or timed out.
pub async fn of_voie(pool: &PgPool, insee: Insee, voie: i64) -> sqlx::Result<Option<(String, Vec<Adressee>)>> {
    let nom: Option<String> = sqlx::query_scalar("select nom from adresse.voie where id = $1 and insee = $2")
        .bind(voie)
        .bind(insee.to_string())
        .fetch_optional(pool)
        .await?;
    let Some(nom) = nom else { return Ok(None) };
    let rows = sqlx::query(include_str!("sql/commune_voie_adresses.sql"))
        .bind(voie)
        .bind(MAX_ADDRESSES)
        .fetch_all(pool)
        .await?;
    let addresses = rows
        .iter()
        .map(|row| {
            let (numero, suffixe): (i32, String) = (row.get("numero"), row.get("suffixe"));
            Adressee {
                numero: if suffixe.is_empty() { numero.to_string() } else { format!("{numero} {suffixe}") },
                parcelles: row.get::<Vec<String>, _>("parcelles").into_iter().map(rangee).collect(),
            }
        })
        .collect();
    Ok(Some((nom, addresses)))
}

fn size() -> i64 {
    i64::try_from(PAGE).unwrap_or(i64::MAX)
}

fn offset(page: usize) -> i64 {
    i64::try_from(page.saturating_sub(1).saturating_mul(PAGE)).unwrap_or(i64::MAX)
}

/// Rows hold an identifier and the whole count; a page past the end still holds the count.
fn listed(rows: Vec<(Option<String>, i64)>) -> Option<(Vec<Rangee>, usize)> {
    let total = usize::try_from(rows.first()?.1).ok()?;
    (total > 0).then(|| (rows.into_iter().filter_map(|(idu, _)| idu).map(rangee).collect(), total))
}

fn rangee(idu: String) -> Rangee {
    Rangee { reference: idu.parse::<Idu>().map_or_else(|_| idu.clone(), |idu| idu.reference()), idu }
}
