//! Low zooms from snapshots: neighbours stay neighbours, small parcels of a section are one, and TileJSON says so.

use finage_tiles::TileCoord;
use serde_json::Value;

use crate::harness::{Town, on_sample_town};
use crate::instantanes::valid;
use crate::mvt::{Feature, layers};
use crate::tiles::centre;

/// The layer in the tile, its shapes and what names them, beside the parcels of the database in units of the tile.
const DRAWN: &str = "with here as (select st_tileenvelope($1, $2, $3) cadre, st_makeenvelope(0, -4096, 4096, 0) box),
    units as (select cadre, box, 4096 / (st_xmax(cadre) - st_xmin(cadre)) as k from here),
    drawn as (select rank, idu, section, st_geomfromtext(wkt) as g
        from unnest($4::text[], $5::text[], $6::text[]) with ordinality t (wkt, idu, section, rank)),
    raw as (select p.idu, p.prefixe || p.section as section, st_setsrid(st_affine(st_transform(p.geom, 3857), k, 0, 0, k, -st_xmin(cadre) * k, -st_ymax(cadre) * k), 0) as g
        from cadastre.parcelle p, units where st_transform(p.geom, 3857) && st_expand(cadre, 64 / k))";

struct Tile {
    coord: TileCoord,
    features: Vec<Feature>,
}

impl Tile {
    async fn of(town: &mut Town, layer: &str, coord: TileCoord) -> Self {
        let (z, x, y) = (coord.z(), coord.x(), coord.y());
        let answer = town.get(&format!("/tiles/{layer}/{z}/{x}/{y}")).await;
        Self { coord, features: layers(&answer.bytes).remove(layer).unwrap_or_default() }
    }

    fn texts(&self, key: &str) -> Vec<Option<String>> {
        let text = |feature: &Feature| feature.properties.get(key).and_then(Value::as_str).map(str::to_owned);
        self.features.iter().map(text).collect()
    }

    /// What a question on [`DRAWN`] finds wrong.
    async fn wrong(&self, town: &mut Town, question: &str) -> Vec<String> {
        let section = self.texts("prefixe").into_iter().zip(self.texts("section"));
        let sections: Vec<Option<String>> = section.map(|(prefixe, section)| Some(prefixe? + &section?)).collect();
        let statement = sqlx::AssertSqlSafe(format!("{DRAWN} {question}"));
        sqlx::query_scalar(statement)
            .bind(i32::from(self.coord.z()))
            .bind(i32::try_from(self.coord.x()).unwrap())
            .bind(i32::try_from(self.coord.y()).unwrap())
            .bind(self.features.iter().map(Feature::wkt).collect::<Vec<_>>())
            .bind(self.texts("idu"))
            .bind(sections)
            .fetch_all(&mut town.owner)
            .await
            .unwrap()
    }
}

/// Shapes cut at the edge of the buffer are rounded there: a unit along their sides in the tile is allowed.
const OVERLAPS: &str = "select format('%s and %s overlap by %s', a.idu, b.idu, st_area(i))
    from drawn a join drawn b on a.rank < b.rank and a.g && b.g, units, st_intersection(st_intersection(a.g, b.g), box) i
    where st_area(i) > st_perimeter(i)";

/// What is farther than a pixel from the borders of the plan is covered: nothing opens between neighbours.
const GAPS: &str = "select format('%s square units are not covered', st_area(d))
    from units, (select st_union(g) g from raw) plan, (select st_union(st_buffer(g, 0)) g from drawn) tile,
        st_difference(st_buffer(st_intersection(plan.g, box), -17), tile.g) d
    where st_area(d) > 16";

/// A section keeps its area, a pixel along its border apart.
const AREAS: &str = "select format('%s has %s square units, the plan %s', section, tile.area, plan.area)
    from (select section, st_area(st_intersection(st_union(st_buffer(g, 0)), box)) area from drawn, units group by section, box) tile
    full join (select section, st_area(st_intersection(st_union(g), box)) area, st_perimeter(st_union(g)) around from raw, units group by section, box) plan using (section)
    where abs(coalesce(tile.area, 0) - coalesce(plan.area, 0)) > 16 * coalesce(around, 0) + 16";

/// Two parcels of a section under 10 square pixels (256 square units each) do not share a border and stay apart.
const APART: &str = "select format('%s and %s', a.idu, b.idu) from drawn a join drawn b on a.rank < b.rank and a.section = b.section
    join raw ra on ra.idu = a.idu join raw rb on rb.idu = b.idu, units
    where left(a.idu, 10) = left(b.idu, 10) and st_area(ra.g) < 10 * 256 * 0.99 and st_area(rb.g) < 10 * 256 * 0.99
        and st_within(a.g, box) and st_within(b.g, box) and st_length(st_intersection(st_boundary(a.g), st_boundary(b.g))) > 0";

/// A parcel of more than that has its own shape and its own identifier.
const LOST: &str = "select raw.idu from raw, units where st_area(g) > 10 * 256 * 1.01 and st_within(g, box)
    and not exists (select from drawn d where d.idu = raw.idu)";

/// A shape that has an identifier is this parcel, and stands for no other.
const LIARS: &str = "select format('%s is %s from %s', d.idu, st_area(st_symdifference(d.g, raw.g)), st_area(raw.g))
    from drawn d join raw using (idu), units
    where st_within(raw.g, box) and st_area(st_symdifference(d.g, raw.g)) > 24 * st_perimeter(raw.g)";

#[test]
fn parcels_of_low_zooms_are_drawn_by_their_rule() {
    on_sample_town(async |town| {
        town.sert().await;
        let (mut alone, mut merged) = (0, 0);
        for zoom in [12, 13] {
            let middle = centre(town, zoom).await;
            for (dx, dy) in [(0, 0), (1, 0), (0, 1)] {
                let coord = TileCoord::new(zoom, middle.x() + dx, middle.y() + dy).unwrap();
                let tile = Tile::of(town, "parcelles", coord).await;
                valid(town, &tile.features).await;
                for question in [OVERLAPS, GAPS, AREAS, APART, LOST, LIARS] {
                    let wrong = tile.wrong(town, question).await;
                    assert!(wrong.is_empty(), "{coord:?}: {wrong:#?}\n{question}");
                }
                let with = tile.texts("idu").iter().filter(|idu| idu.is_some()).count();
                (alone, merged) = (alone + with, merged + tile.features.len() - with);
                assert!(tile.texts("section").iter().all(Option::is_some), "parcels of two sections are one");
            }
        }
        assert!(alone > 50 && merged > 50, "{alone} alone, {merged} merged");
    });
}

#[test]
fn borders_of_low_zooms_are_simpler_and_nobody_is_lost() {
    on_sample_town(async |town| {
        let zooms = [("communes", 9), ("sections", 11), ("sections", 13), ("feuilles", 12), ("lieux_dits", 12)];
        let mut before = Vec::new();
        for (layer, zoom) in zooms {
            let coord = centre(town, zoom).await;
            before.push(Tile::of(town, layer, coord).await);
        }
        town.sert().await;
        let points = |tile: &Tile| tile.features.iter().flat_map(|feature| &feature.paths).map(Vec::len).sum::<usize>();
        for ((layer, _), from_postgis) in zooms.iter().zip(&before) {
            let tile = Tile::of(town, layer, from_postgis.coord).await;
            valid(town, &tile.features).await;
            let ids = |tile: &Tile| {
                let mut ids = tile.texts("id");
                ids.sort();
                ids
            };
            assert_eq!(ids(&tile), ids(from_postgis), "{layer}");
            assert!(points(&tile) < points(from_postgis), "{layer}");
            if *layer != "lieux_dits" {
                let wrong = tile.wrong(town, OVERLAPS).await;
                assert!(wrong.is_empty(), "{layer}: {wrong:#?}");
            }
        }
    });
}

async fn told(town: &Town, layer: &str) -> Value {
    town.get(&format!("/tiles/{layer}")).await.json()["vector_layers"][0]["simplification"].clone()
}

#[test]
fn who_asks_for_full_detail_has_it_at_every_zoom() {
    on_sample_town(async |town| {
        let coord = centre(town, 12).await;
        let from_postgis = Tile::of(town, "parcelles", coord).await;
        town.config.tuiles_simplifiees = false;
        town.sert().await;
        let tile = Tile::of(town, "parcelles", coord).await;
        let shapes = tile.features.iter().map(Feature::wkt).collect::<Vec<_>>();
        assert!(tile.texts("idu").iter().all(Option::is_some) && shapes.len() > 100);
        // What brushes the edge of the buffer may be in or out.
        assert!(tile.features.len().abs_diff(from_postgis.features.len()) <= 8);
        assert_eq!(told(town, "parcelles").await, Value::Null);

        // The same file does not serve when that changes.
        town.config.tuiles_simplifiees = true;
        town.sert().await;
        assert!(Tile::of(town, "parcelles", coord).await.features.len() < tile.features.len());
        let said = told(town, "parcelles").await;
        let said = said.as_str().unwrap().replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(
            said,
            "Au-dessous du zoom 14, les contours sont simplifiés à 1 px près ; les objets de moins de 10 px² qui se touchent et \
             ont la même valeur de « section » sont réunis (256 px par côté de tuile)."
        );
        assert!(told(town, "sections").await.as_str().unwrap().contains("aucun objet n'est omis"));
        assert_eq!(told(town, "batiments").await, Value::Null);
        assert_eq!(told(town, "labels").await, Value::Null);
    });
}

/// Shapes that no import makes, but that a table may hold.
const STRANGE: [(&str, &str); 11] = [
    ("null", "null"),
    ("empty", "'multipolygon empty'"),
    ("a point", "st_pointonsurface(geom)"),
    ("a collection", "st_collect(array[geom, st_pointonsurface(geom)])"),
    ("a curve", "st_linetocurve(st_buffer(st_pointonsurface(geom), 20))"),
    ("with Z", "st_force3d(geom, 12)"),
    ("with M", "st_force3dm(geom, 12)"),
    ("with Z and M", "st_force4d(geom, 12, 12)"),
    ("one polygon", "st_geometryn(geom, 1)"),
    (
        "a bow tie",
        "st_setsrid(format('polygon((%1$s %2$s, %3$s %4$s, %3$s %2$s, %1$s %4$s, %1$s %2$s))', st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom))::geometry, 2154)",
    ),
    ("out of the world", "st_translate(geom, 1e9, 1e12)"),
];

#[test]
fn strange_shapes_are_drawn_or_left_out_and_break_nothing() {
    on_sample_town(async |town| {
        sqlx::raw_sql("alter table cadastre.parcelle alter column geom type geometry, alter column geom drop not null")
            .execute(&mut town.owner)
            .await
            .unwrap();
        let mut changed = Vec::new();
        for (what, shape) in STRANGE {
            let idu = town.some_parcel("st_geometrytype(geom) = 'ST_MultiPolygon' and st_ndims(geom) = 2 and st_area(geom) between 200 and 20000").await;
            let statement = format!("update cadastre.parcelle set geom = {shape} where idu = $1");
            sqlx::query(sqlx::AssertSqlSafe(statement)).bind(&idu).execute(&mut town.owner).await.unwrap();
            changed.push((what, idu));
        }
        let rows: i64 =
            sqlx::query_scalar("select count(*) from cadastre.parcelle").fetch_one(&mut town.owner).await.unwrap();
        town.sert().await;
        let seen = town.server().versions().read(&town.pools.snapshot).await.unwrap();
        let layer = finage::cadastre::layers::layer("parcelles").unwrap();
        let ready = town.server().snapshots().of(layer, &seen.of(layer)).unwrap();
        let left_out = ["null", "empty", "a point", "a collection", "a curve", "out of the world"];
        assert_eq!(ready.layer.rows(), usize::try_from(rows).unwrap() - left_out.len());
        for zoom in [12, 13, 14, 16] {
            let tile = centre(town, zoom).await;
            let tile = Tile::of(town, "parcelles", tile).await;
            assert!(!tile.features.is_empty());
            valid(town, &tile.features).await;
        }
        let base = ready.layer.base().unwrap();
        let (level, mut shape) = (base.level(0).unwrap(), finage_tiles::Geometry::new(finage_tiles::Kind::Polygon));
        for (what, idu) in changed {
            let row = level.rows_of(finage_tiles::key_of(idu.as_bytes())).next();
            assert_eq!(row.is_none(), left_out.contains(&what), "{what}");
            if let Some(row) = row {
                level.row(row, &mut shape).unwrap();
                assert!(shape.points().len() > 3, "{what}");
            }
        }
    });
}
