//! What stands in a frame, read in the plan's zone.

use finage_print::{
    Ancre, Batiment, Ecriture, GenreEcriture, GenreLimite, GenreTroncon, Label, Limite, Parcelle, Plan, Symbole,
    Troncon,
};
use geo_types::{Coord, Geometry, MultiPolygon, Rect};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row as _, SqlSafeStr};

use super::PrintError;
use crate::spatial::wkb;

/// Objects of one kind on a plan: an A3 sheet of a dense town at 1/5000 has some thousands.
pub(super) const MAX_OBJECTS: usize = 40_000;
/// Denominator beyond which house numbers and details would be a grey stain.
const FINE: u32 = 2_500;
/// Denominator beyond which only parcels, roads, water and limits are drawn.
const COARSE: u32 = 5_000;

/// A frame on the ground: metres of the zone `srid`, for a plan at 1/`echelle`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub srid: u32,
    pub emprise: Rect<f64>,
    pub echelle: u32,
}

impl Frame {
    /// Rows of one kind of object within the frame.
    async fn rows(&self, pool: &PgPool, statement: impl SqlSafeStr) -> Result<Vec<PgRow>, PrintError> {
        let rows = sqlx::query(statement)
            .bind(i32::try_from(self.srid).unwrap_or_default())
            .bind(self.emprise.min().x)
            .bind(self.emprise.min().y)
            .bind(self.emprise.max().x)
            .bind(self.emprise.max().y)
            .bind(i64::try_from(MAX_OBJECTS + 1).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await?;
        if rows.len() > MAX_OBJECTS { Err(PrintError::TooDense) } else { Ok(rows) }
    }

    /// The objects of the frame, as fine as its scale can show.
    pub(super) async fn plan(&self, pool: &PgPool) -> Result<Plan, PrintError> {
        // One after the other: a drawing takes one connection, the map has the others.
        let around = Self { emprise: finage_print::alentours(self.emprise), ..*self };
        let parcelles = around.rows(pool, include_str!("sql/parcelles.sql")).await?;
        let troncons = self.rows(pool, include_str!("sql/troncons.sql")).await?;
        let limites = self.rows(pool, include_str!("sql/limites.sql")).await?;
        let mut plan = Plan {
            parcelles: read(&parcelles, parcelle)?,
            troncons: read(&troncons, troncon)?,
            limites: read(&limites, limite)?,
            ..Plan::default()
        };
        // One commune alone is named by the title.
        if plan.limites.iter().filter(|limite| limite.genre == GenreLimite::Commune).count() < 2 {
            for limite in plan.limites.iter_mut().filter(|limite| limite.genre == GenreLimite::Commune) {
                limite.nom = None;
            }
        }
        if self.echelle <= COARSE {
            let batiments = self.rows(pool, include_str!("sql/batiments.sql")).await?;
            let noms = around.rows(pool, include_str!("sql/noms.sql")).await?;
            plan.batiments = read(&batiments, batiment)?;
            for words in noms.chunk_by(|a, b| a.get::<&str, _>("objet") == b.get::<&str, _>("objet")) {
                self.name(words, &mut plan)?;
            }
        }
        if self.echelle <= FINE {
            let symboles = self.rows(pool, include_str!("sql/symboles.sql")).await?;
            let details = self.rows(pool, include_str!("sql/details.sql")).await?;
            plan.symboles = symboles.iter().map(symbole).collect();
            plan.details = read(&details, |row| geometry(row).map(Some))?;
        }
        Ok(plan)
    }

    /// House numbers apart from names, which take all their words.
    fn name(&self, words: &[PgRow], plan: &mut Plan) -> Result<(), PrintError> {
        let Some(first) = words.first() else { return Ok(()) };
        let texte = |row: &PgRow| row.get::<Option<String>, _>("texte").unwrap_or_default();
        let mots: Vec<Label> = words.iter().filter_map(|row| label(row, texte(row))).collect();
        let genre = match first.get::<&str, _>("genre") {
            "numero" => {
                if self.echelle <= FINE {
                    plan.numeros.extend(mots);
                }
                return Ok(());
            }
            "voie" => GenreEcriture::Voie,
            "lieu_dit" => GenreEcriture::LieuDit,
            "eau" => GenreEcriture::Eau,
            _ => GenreEcriture::Autre,
        };
        let written = || mots.iter().map(|mot| mot.texte.as_str()).collect::<Vec<_>>().join(" ");
        let nom = first.get::<Option<String>, _>("nom").unwrap_or_else(written);
        let objet = first.get::<Option<&[u8]>, _>("trace").map(wkb::decode).transpose()?;
        plan.ecritures.push(Ecriture { genre, nom, mots, objet });
        Ok(())
    }
}

fn read<T>(rows: &[PgRow], one: impl Fn(&PgRow) -> Result<Option<T>, PrintError>) -> Result<Vec<T>, PrintError> {
    rows.iter().filter_map(|row| one(row).transpose()).collect()
}

fn parcelle(row: &PgRow) -> Result<Option<Parcelle>, PrintError> {
    let numero = row.get::<i32, _>("numero").to_string();
    Ok(surface(row)?.map(|geom| Parcelle { idu: row.get("idu"), label: label(row, numero.clone()), numero, geom }))
}

fn batiment(row: &PgRow) -> Result<Option<Batiment>, PrintError> {
    Ok(surface(row)?.map(|geom| Batiment { dur: !row.get::<bool, _>("leger"), geom }))
}

fn troncon(row: &PgRow) -> Result<Option<Troncon>, PrintError> {
    let genre = match row.get::<&str, _>("genre") {
        "route" => GenreTroncon::Route,
        "eau" => GenreTroncon::Eau,
        _ => GenreTroncon::Voie,
    };
    Ok(Some(Troncon { genre, geom: geometry(row)? }))
}

fn limite(row: &PgRow) -> Result<Option<Limite>, PrintError> {
    let genre = match row.get::<&str, _>("genre") {
        "commune" => GenreLimite::Commune,
        "section" => GenreLimite::Section,
        _ => GenreLimite::Feuille,
    };
    Ok(surface(row)?.map(|geom| Limite { genre, nom: row.get("nom"), geom }))
}

fn symbole(row: &PgRow) -> Symbole {
    Symbole { code: row.get("symbole"), point: point(row), angle_deg: -row.get::<f64, _>("angle") }
}

/// The text where the draughtsman wrote it, by its lower left corner; by its middle where we choose the place. The base
/// counts angles clockwise, the drawing the other way.
fn label(row: &PgRow, texte: String) -> Option<Label> {
    row.get::<Option<f64>, _>("x")?;
    let angle: Option<f64> = row.get("angle");
    let ancre = if angle.is_some() { Ancre::BasGauche } else { Ancre::Centre };
    Some(Label {
        texte,
        point: point(row),
        ancre,
        angle_deg: -angle.unwrap_or_default(),
        hauteur_m: row.get("hauteur"),
    })
}

fn point(row: &PgRow) -> Coord<f64> {
    Coord { x: row.get("x"), y: row.get("y") }
}

fn geometry(row: &PgRow) -> Result<Geometry<f64>, PrintError> {
    Ok(wkb::decode(row.get::<&[u8], _>("geom"))?)
}

/// The surface of a row, whatever its kind; nothing for lines and points.
fn surface(row: &PgRow) -> Result<Option<MultiPolygon<f64>>, PrintError> {
    Ok(match wkb::multi(geometry(row)?) {
        Geometry::MultiPolygon(surface) => Some(surface),
        _ => None,
    })
}
