//! A series before it is made: where its shapes are, what they meet, which numbers are taken.

use finage_plan::{Place, Point};
use geo_types::{Geometry, Polygon};
use serde::Serialize;
use serde_json::Value;
use sqlx::{FromRow, Postgres, QueryBuilder};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Outils, SerieDemandee, SerieError};
use crate::db::TenantTx;
use crate::modules::objets::{Filtre, ObjetError};
use crate::spatial::{geojson, territoire, wkb};

/// Rows that are met and named, at most.
const MAX_GENEES: i64 = 20;

/// A row that is there, under a shape to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Genee {
    /// Key.
    pub id: Uuid,
    /// What it is called.
    pub titre: String,
}

/// A row to come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApercuFiche {
    /// Number.
    pub numero: String,
    /// Row, from 1 at the line.
    pub rangee: u32,
    /// Column, from 1.
    pub colonne: u32,
    /// GeoJSON `Polygon` in degrees.
    #[schema(value_type = Object)]
    pub geometrie: Value,
    /// Whether it lies over a row that is there.
    pub chevauche: bool,
    /// Whether it leaves the surface that should hold it.
    pub dehors: bool,
    /// Whether its number is taken.
    pub pris: bool,
}

/// A series before it is made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApercuSerie {
    /// EPSG code of the zone in which metres are counted.
    pub srid: u32,
    /// Length of the line, metres.
    pub ligne_m: f64,
    /// The line that is walked, GeoJSON in degrees.
    #[schema(value_type = Object)]
    pub ligne: Value,
    /// Rows to come.
    pub fiches: Vec<ApercuFiche>,
    /// Rows that are there, under some of them; 20 at most.
    pub chevauchees: Vec<Genee>,
}

/// Shapes as the database takes them, beside what is shown of them.
#[derive(Debug)]
pub(super) struct Disposee {
    pub(super) places: Vec<Place>,
    pub(super) formes: Vec<Vec<u8>>,
    pub(super) apercu: ApercuSerie,
}

#[derive(FromRow)]
struct Lue {
    geometrie: String,
    genees: Vec<Uuid>,
    dehors: bool,
}

impl Outils<'_> {
    /// What a series would make.
    ///
    /// # Errors
    /// A line or measures that are refused.
    pub async fn apercu(&self, tx: &mut TenantTx, demande: &SerieDemandee) -> Result<ApercuSerie, SerieError> {
        Ok(self.disposee(tx, demande).await?.apercu)
    }

    pub(super) async fn disposee(&self, tx: &mut TenantTx, demande: &SerieDemandee) -> Result<Disposee, SerieError> {
        let (srid, mut ligne, dite) = self.ligne(tx, demande).await?;
        if demande.inverse {
            ligne.reverse();
        }
        let places = demande.serie(self.dite).disposee(&ligne)?;
        let formes: Vec<Vec<u8>> =
            places.iter().map(|place| wkb::encode(&surface(&place.contour), srid)).collect::<Result<_, _>>()?;
        let lues = self.lues(tx, demande, &formes).await?;
        let pris = self.pris(tx, demande, &places).await?;
        let mut genees: Vec<Uuid> = lues.iter().flat_map(|lue| lue.genees.iter().copied()).collect();
        genees.sort_unstable();
        genees.dedup();
        let chevauchees = self.nommees(tx, genees).await?;
        let fiches = places.iter().zip(lues).map(|(place, lue)| ApercuFiche {
            numero: place.numero.clone(),
            rangee: place.rangee + 1,
            colonne: place.colonne + 1,
            geometrie: serde_json::from_str(&lue.geometrie).unwrap_or_default(),
            chevauche: !lue.genees.is_empty(),
            dehors: lue.dehors,
            pris: pris.contains(&place.numero),
        });
        let fiches = fiches.collect();
        let ligne_m: f64 = ligne.iter().zip(ligne.iter().skip(1)).map(|(de, a)| de.distance(*a)).sum();
        let apercu =
            ApercuSerie { srid, ligne_m: (ligne_m * 1_000.0).round() / 1_000.0, ligne: dite, fiches, chevauchees };
        Ok(Disposee { places, formes, apercu })
    }

    /// The line in metres, its system, and the line as GeoJSON.
    async fn ligne(&self, tx: &mut TenantTx, demande: &SerieDemandee) -> Result<(u32, Vec<Point>, Value), SerieError> {
        let mut requete = QueryBuilder::new(
            "select z.zone, st_asewkb(st_transform(l.ligne, z.zone)) as ewkb, st_asgeojson(st_transform(l.ligne, 4326), 9) as dite from (",
        );
        match &demande.ligne {
            Some(ligne) => {
                let ewkb = tracee(ligne, self.storage)?;
                requete.push("select st_geomfromewkb(").push_bind(ewkb).push(") as ligne");
            }
            None => self.pousse_ligne(demande, &mut requete)?,
        }
        requete.push(
            ") l cross join lateral (select coalesce((select c.cc_srid from cadastre.commune g join core.commune c on c.insee = g.insee
                where st_intersects(g.geom, st_transform(st_startpoint(l.ligne), core.storage_srid())) order by g.insee limit 1), core.storage_srid()) as zone) z",
        );
        let lue: Option<(i32, Vec<u8>, String)> = requete.build_query_as().fetch_optional(&mut **tx).await?;
        let Some((srid, ewkb, dite)) = lue else { return Err(SerieError::LigneAbsente) };
        let Geometry::LineString(ligne) = wkb::decode(&ewkb)? else { return Err(SerieError::LigneAbsente) };
        let points = ligne.points().map(|point| Point::new(point.x(), point.y())).collect();
        let srid = u32::try_from(srid).map_err(|_| SerieError::LigneAbsente)?;
        Ok((srid, points, serde_json::from_str(&dite).unwrap_or_default()))
    }

    /// Adds the longest line of the row that is to give it.
    fn pousse_ligne(&self, demande: &SerieDemandee, requete: &mut QueryBuilder<Postgres>) -> Result<(), SerieError> {
        let (Some(regard), Some(nom)) = (self.lignes, &self.dite.line) else { return Err(SerieError::SansLigne) };
        let (Some(id), Some(geometrie)) = (cle(demande, nom), regard.modele().geometrie) else {
            return Err(SerieError::SansLigne);
        };
        requete
            .push("select d.geom as ligne from ")
            .push(regard.modele().relation())
            .push(" o cross join lateral st_dump(st_linemerge(o.");
        requete
            .push(geometrie.colonne)
            .push(")) d where o.id = ")
            .push_bind(id)
            .push(" and o.archivee_le is null and ");
        regard.pousse_condition(requete);
        requete.push(" and st_geometrytype(d.geom) = 'ST_LineString' order by st_length(d.geom) desc limit 1");
        Ok(())
    }

    /// What each shape is, and what it meets.
    async fn lues(
        &self,
        tx: &mut TenantTx,
        demande: &SerieDemandee,
        formes: &[Vec<u8>],
    ) -> Result<Vec<Lue>, SerieError> {
        let modele = self.plume.modele();
        let Some(geometrie) = modele.geometrie else { return Err(SerieError::SansLigne) };
        let mut requete = QueryBuilder::new(
            "with forme as materialized (select u.rang, st_transform(st_geomfromewkb(u.forme), core.storage_srid()) as geom from unnest(",
        );
        requete
            .push_bind(formes.to_vec())
            .push("::bytea[]) with ordinality u (forme, rang)), dedans as materialized (");
        self.pousse_dedans(demande, &mut requete);
        requete.push(") select st_asgeojson(st_transform(f.geom, 4326), 9) as geometrie, array(select o.id from ");
        requete.push(modele.relation()).push(" o where o.archivee_le is null and o.").push(geometrie.colonne);
        requete.push(" && f.geom and st_area(st_intersection(o.").push(geometrie.colonne);
        // A hundredth of a square metre: what drawings share by chance is no overlap.
        requete.push(", f.geom)) > 0.01 limit 4) as genees, coalesce((select not st_covers(d.geom, f.geom) from dedans d), false) as dehors");
        requete.push(" from forme f order by f.rang");
        Ok(requete.build_query_as().fetch_all(&mut **tx).await?)
    }

    /// Adds the surface that should hold shapes, five centimetres wider; no row where none is said.
    fn pousse_dedans(&self, demande: &SerieDemandee, requete: &mut QueryBuilder<Postgres>) {
        let nomme = self.dite.within.as_ref().and_then(|nom| cle(demande, nom));
        let (Some(regard), Some(id)) = (self.dedans, nomme) else {
            requete.push("select null::geometry as geom where false");
            return;
        };
        let Some(geometrie) = regard.modele().geometrie else {
            requete.push("select null::geometry as geom where false");
            return;
        };
        requete.push("select st_buffer(o.").push(geometrie.colonne).push(", 0.05) as geom from ");
        requete.push(regard.modele().relation()).push(" o where o.").push(geometrie.colonne);
        requete.push(" is not null and o.id = ").push_bind(id).push(" and ");
        regard.pousse_condition(requete);
    }

    /// Numbers that rows known by the same fields have already.
    async fn pris(
        &self,
        tx: &mut TenantTx,
        demande: &SerieDemandee,
        places: &[Place],
    ) -> Result<Vec<String>, SerieError> {
        let numeros: Vec<String> = places.iter().map(|place| place.numero.clone()).collect();
        let modele = self.plume.modele();
        if !self.cle.contains(&self.dite.number) {
            return Ok(Vec::new());
        }
        let mut requete = QueryBuilder::new("select o.\"");
        requete.push(&self.dite.number).push("\" from ").push(modele.relation());
        requete.push(" o where o.archivee_le is null and o.\"").push(&self.dite.number).push("\" = any (");
        requete.push_bind(numeros).push(")");
        for nom in self.cle.iter().filter(|nom| **nom != self.dite.number) {
            requete.push(" and o.\"").push(nom).push("\"::text is not distinct from ");
            requete.push_bind(demande.champs.get(nom).and_then(Value::as_str).map(str::to_owned));
        }
        Ok(requete.build_query_scalar().fetch_all(&mut **tx).await?)
    }

    async fn nommees(&self, tx: &mut TenantTx, ids: Vec<Uuid>) -> Result<Vec<Genee>, SerieError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let filtre = Filtre { ids: Some(ids), limite: MAX_GENEES, champs: Some(Vec::new()), ..Filtre::default() };
        let page = self.regard.page(tx, &filtre).await?;
        Ok(page.fiches.into_iter().map(|fiche| Genee { id: fiche.id, titre: fiche.titre }).collect())
    }
}

/// The key that a field of the request names.
fn cle(demande: &SerieDemandee, nom: &str) -> Option<Uuid> {
    demande.champs.get(nom)?.as_str()?.parse().ok()
}

/// A line from outside, in degrees, as PostGIS takes it.
fn tracee(ligne: &Value, storage: u32) -> Result<Vec<u8>, SerieError> {
    let lue = geojson::lire(ligne).map_err(ObjetError::from)?;
    let Geometry::LineString(ligne) = &lue else { return Err(SerieError::SansLigne) };
    let territoire = territoire::de(storage);
    if ligne.coords().any(|coin| !territoire.contient(coin.x, coin.y)) {
        return Err(ObjetError::Geometrie(
            "elle sort du pays de cette base ; donnez des degrés, longitude puis latitude",
        )
        .into());
    }
    Ok(wkb::encode(&lue, 4326)?)
}

fn surface(contour: &[Point; 4]) -> Geometry {
    let [premier, ..] = contour;
    let coins = contour.iter().chain([premier]).map(|coin| (coin.x, coin.y));
    Polygon::new(coins.collect(), Vec::new()).into()
}
