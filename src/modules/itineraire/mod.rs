//! The way to a row: from where one comes in, along lines, to its shape. What these are, the manifest says; the way itself is
//! [`finage_plan::marche`]. Everything is read under the look of who asks: a line that is closed to them is not walked.

use finage_manifest::Walk;
use finage_plan::{Marche, Point, Voie, marche};
use geo_types::{Geometry, LineString};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{FromRow, QueryBuilder};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::TenantTx;
use crate::modules::objets::{ObjetError, Regard};
use crate::spatial::wkb;

/// Lines and entrances read at most.
const MAX_LUES: i64 = 2_000;

/// The way to a row.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Itineraire {
    /// Name of the entrance.
    pub entree: String,
    /// Metres in all, to the metre.
    pub metres: i64,
    /// Whether it follows lines; else it is as the crow flies.
    pub suivi: bool,
    /// Its parts: so many metres along a line, or across what is none.
    pub etapes: Vec<EtapeDuChemin>,
    /// The same in words.
    pub phrase: String,
    /// GeoJSON `LineString` in degrees.
    #[schema(value_type = Object)]
    pub trace: Value,
}

/// A part of a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EtapeDuChemin {
    /// Name of the line; none across what is no line.
    pub nom: Option<String>,
    /// Metres, to the metre.
    pub metres: i64,
}

/// Looks at what a way is made of.
#[derive(Debug, Clone, Copy)]
pub struct Regards<'a> {
    /// Rows one goes to.
    pub but: &'a Regard,
    /// Lines that are walked.
    pub lignes: &'a Regard,
    /// Where one comes in.
    pub entrees: &'a Regard,
}

#[derive(FromRow)]
struct Lue {
    titre: String,
    ewkb: Vec<u8>,
    sienne: bool,
}

/// The way to the row `id`; `None` where it has no shape, or nobody said where one comes in.
///
/// # Errors
/// There is no such row, or it is not open; the database refused.
pub async fn vers(
    tx: &mut TenantTx,
    dit: &Walk,
    regards: Regards<'_>,
    id: Uuid,
) -> Result<Option<Itineraire>, ObjetError> {
    let Some(but) = arrivee(tx, dit, regards, id).await? else { return Ok(None) };
    let voies = lues(tx, regards.lignes, dit, &but).await?;
    let entrees = lues(tx, regards.entrees, dit, &but).await?;
    let voies: Vec<Voie> = voies
        .into_iter()
        .flat_map(|lue| {
            let lignes = parts(&lue.ewkb);
            lignes.into_iter().map(move |points| Voie { nom: lue.titre.clone(), points, de_l_arrivee: lue.sienne })
        })
        .collect();
    let mut portes: Vec<(String, Point)> = Vec::new();
    for lue in entrees {
        portes.extend(parts(&lue.ewkb).into_iter().flatten().map(|point| (lue.titre.clone(), point)));
    }
    let points: Vec<Point> = portes.iter().map(|(_, point)| *point).collect();
    let Some(marche) = marche(&voies, &points, but.point) else { return Ok(None) };
    let entree = portes.get(marche.depart).map(|(nom, _)| nom.clone()).unwrap_or_default();
    let trace = trace(tx, &marche, but.srid).await?;
    Ok(Some(dite(entree, &marche, trace)))
}

/// Where one goes.
struct But {
    point: Point,
    srid: i32,
    /// What lines and entrances must name, as the row does.
    commun: Option<Uuid>,
    sienne: Option<Uuid>,
}

/// Where a row lies, the zone of its commune, what lines must name, its own line.
type Ligne = (Option<f64>, Option<f64>, i32, Option<Uuid>, Option<Uuid>);

async fn arrivee(tx: &mut TenantTx, dit: &Walk, regards: Regards<'_>, id: Uuid) -> Result<Option<But>, ObjetError> {
    let modele = regards.but.modele();
    let Some(geometrie) = modele.geometrie else { return Ok(None) };
    let mut requete = QueryBuilder::new("select st_x(p.point), st_y(p.point), z.zone, ");
    regards.but.pousse_champ(&dit.by, &mut requete);
    requete.push(", ");
    match &dit.along {
        Some(along) => regards.but.pousse_champ(along, &mut requete),
        None => {
            requete.push("null::uuid");
        }
    }
    requete.push(" from ").push(modele.relation());
    requete.push(" o cross join lateral (select coalesce((select c.cc_srid from core.commune c where c.insee = o.insee), core.storage_srid()) as zone) z");
    requete.push(" cross join lateral (select st_transform(st_pointonsurface(o.").push(geometrie.colonne);
    requete.push("), z.zone) as point) p where o.id = ").push_bind(id).push(" and ");
    regards.but.pousse_condition(&mut requete);
    let lue: Option<Ligne> = requete.build_query_as().fetch_optional(&mut **tx).await?;
    let Some((x, y, srid, commun, sienne)) = lue else {
        return Err(crate::modules::objets::refus(tx, modele, id).await?);
    };
    Ok(x.zip(y).map(|(x, y)| But { point: Point::new(x, y), srid, commun, sienne }))
}

/// Rows that have something in common with the one where one goes, in metres.
async fn lues(tx: &mut TenantTx, regard: &Regard, dit: &Walk, but: &But) -> Result<Vec<Lue>, ObjetError> {
    let modele = regard.modele();
    let (Some(geometrie), Some(commun)) = (modele.geometrie, but.commun) else { return Ok(Vec::new()) };
    let mut requete = QueryBuilder::new("select coalesce(");
    regard.pousse_titre(&mut requete);
    requete.push(", '') as titre, st_asewkb(st_transform(o.").push(geometrie.colonne).push(", ").push_bind(but.srid);
    requete.push("::integer)) as ewkb, o.id is not distinct from ").push_bind(but.sienne).push(" as sienne from ");
    requete.push(modele.relation()).push(" o");
    regard.pousse_nommees(&mut requete);
    requete.push(" where o.archivee_le is null and o.").push(geometrie.colonne).push(" is not null and ");
    regard.pousse_champ(&dit.by, &mut requete);
    requete.push(" = ").push_bind(commun).push(" and ");
    regard.pousse_condition(&mut requete);
    requete.push(" order by o.id limit ").push_bind(MAX_LUES);
    Ok(requete.build_query_as().fetch_all(&mut **tx).await?)
}

/// The lines of a geometry; its points, each a line of one.
fn parts(ewkb: &[u8]) -> Vec<Vec<Point>> {
    let ligne = |ligne: &LineString| ligne.coords().map(|coin| Point::new(coin.x, coin.y)).collect();
    match wkb::decode(ewkb) {
        Ok(Geometry::Point(point)) => vec![vec![Point::new(point.x(), point.y())]],
        Ok(Geometry::MultiPoint(points)) => points.iter().map(|point| vec![Point::new(point.x(), point.y())]).collect(),
        Ok(Geometry::LineString(une)) => vec![ligne(&une)],
        Ok(Geometry::MultiLineString(lignes)) => lignes.iter().map(ligne).collect(),
        _ => Vec::new(),
    }
}

async fn trace(tx: &mut TenantTx, marche: &Marche, srid: i32) -> Result<Value, ObjetError> {
    let ligne: LineString = marche.trace.iter().map(|point| (point.x, point.y)).collect();
    let srid = u32::try_from(srid).unwrap_or_default();
    let Ok(ewkb) = wkb::encode(&ligne.into(), srid) else { return Ok(Value::Null) };
    let dite: String = sqlx::query_scalar("select st_asgeojson(st_transform(st_geomfromewkb($1), 4326), 7)")
        .bind(ewkb)
        .fetch_one(&mut **tx)
        .await?;
    Ok(serde_json::from_str(&dite).unwrap_or(Value::Null))
}

#[expect(clippy::cast_possible_truncation, reason = "a walk is bounded by the plan")]
fn entiers(metres: f64) -> i64 {
    metres.round() as i64
}

fn dite(entree: String, marche: &Marche, trace: Value) -> Itineraire {
    let etapes: Vec<EtapeDuChemin> = marche
        .etapes
        .iter()
        .map(|etape| EtapeDuChemin {
            nom: etape.nom.clone().filter(|nom| !nom.is_empty()),
            metres: entiers(etape.metres),
        })
        .collect();
    let metres = entiers(marche.metres);
    let phrase = phrase(&entree, &etapes, metres, marche.suivie);
    let trace = if trace.is_null() { json!({ "type": "LineString", "coordinates": [] }) } else { trace };
    Itineraire { entree, metres, suivi: marche.suivie, etapes, phrase, trace }
}

/// « Depuis l'entrée « Porte nord » : Allée A (64 m), puis Rang 3 (12 m). En tout, 80 m à pied. »
fn phrase(entree: &str, etapes: &[EtapeDuChemin], metres: i64, suivi: bool) -> String {
    let depuis = if entree.is_empty() { "Depuis l’entrée".to_owned() } else { format!("Depuis « {entree} »") };
    let nommees: Vec<String> =
        etapes.iter().filter_map(|etape| Some(format!("{} ({} m)", etape.nom.as_ref()?, etape.metres))).collect();
    if suivi && !nommees.is_empty() {
        return format!("{depuis} : {}. En tout, {metres} m à pied.", nommees.join(", puis "));
    }
    match etapes.iter().find_map(|etape| etape.nom.as_ref()) {
        Some(nom) if !suivi => format!("{depuis}, à {metres} m à vol d’oiseau, près de : {nom}."),
        _ => format!("{depuis}, à {metres} m à vol d’oiseau."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_told_in_plain_words() {
        let etape = |nom: Option<&str>, metres| EtapeDuChemin { nom: nom.map(str::to_owned), metres };
        let etapes = [etape(None, 3), etape(Some("Allée A"), 64), etape(Some("Rang 3"), 12), etape(None, 1)];
        assert_eq!(
            phrase("Porte nord", &etapes, 80, true),
            "Depuis « Porte nord » : Allée A (64 m), puis Rang 3 (12 m). En tout, 80 m à pied."
        );
        assert_eq!(
            phrase("", &[etape(Some("Rang 9"), 41)], 41, false),
            "Depuis l’entrée, à 41 m à vol d’oiseau, près de : Rang 9."
        );
        assert_eq!(phrase("", &[etape(None, 5)], 5, false), "Depuis l’entrée, à 5 m à vol d’oiseau.");
    }
}
