//! Tiles: addresses, caching, content.

use axum::http::{StatusCode, header};
use finage_tiles::TileCoord;

use crate::harness::{Answer, Town, on_empty_town, on_sample_town};

const ALL: &str = "communes,sections,feuilles,lieux_dits,parcelles,batiments,troncons,numeros,labels";

/// The tile of this zoom over the middle of the first town.
pub async fn centre(town: &mut Town, zoom: u8) -> TileCoord {
    let (lon, lat): (f64, f64) = sqlx::query_as(
        "select st_x(c), st_y(c) from (select st_transform(st_pointonsurface(geom), 4326) as c from cadastre.parcelle
         where insee = '99101' and section = 'AB' order by idu limit 1) p",
    )
    .fetch_one(&mut town.owner)
    .await
    .unwrap();
    TileCoord::containing(lon, lat, zoom)
}

async fn tile_at_centre(town: &mut Town, layers: &str, zoom: u8, headers: &[(header::HeaderName, &str)]) -> Answer {
    let tile = centre(town, zoom).await;
    town.get_with(&format!("/tiles/{layers}/{}/{}/{}", tile.z(), tile.x(), tile.y()), headers).await
}

#[test]
fn a_tile_holds_the_layers_asked_for() {
    on_sample_town(async |town| {
        let tile = tile_at_centre(town, ALL, 17, &[]).await;
        assert_eq!(tile.status, StatusCode::OK);
        assert_eq!(tile.header(&header::CONTENT_TYPE), "application/vnd.mapbox-vector-tile");
        for layer in ["communes", "sections", "feuilles", "lieux_dits", "parcelles", "batiments", "labels"] {
            // Layer names stand in clear in an MVT.
            assert!(tile.bytes.windows(layer.len()).any(|window| window == layer.as_bytes()), "{layer}");
        }
        let few = tile_at_centre(town, "sections", 17, &[]).await;
        assert!(few.bytes.len() < tile.bytes.len() / 4);
    });
}

#[test]
fn a_tile_has_each_parcel_postgis_gives_for_it() {
    on_sample_town(async |town| {
        let tile = tile_at_centre(town, "parcelles", 16, &[]).await;
        let expected: Vec<String> = sqlx::query_scalar(
            "select idu from cadastre.parcelle p where st_intersects(st_transform(p.geom, 3857),
                 (select st_tileenvelope(16, floor((st_x(c) + 180) / 360 * 65536)::int,
                     floor((1 - asinh(tan(radians(st_y(c)))) / pi()) / 2 * 65536)::int)
                  from (select st_transform(st_pointonsurface(geom), 4326) as c from cadastre.parcelle
                        where insee = '99101' and section = 'AB' order by idu limit 1) q))",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert!(expected.len() > 20);
        for idu in &expected {
            assert!(tile.bytes.windows(14).any(|window| window == idu.as_bytes()), "{idu}");
        }
    });
}

#[test]
fn an_unchanged_tile_costs_a_304_until_an_import() {
    on_sample_town(async |town| {
        let first = tile_at_centre(town, "parcelles", 16, &[]).await;
        let etag = first.header(&header::ETAG).to_owned();
        let again = tile_at_centre(town, "parcelles", 16, &[(header::IF_NONE_MATCH, &etag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert!(again.bytes.is_empty());
        sqlx::raw_sql(
            "update cadastre.parcelle set contenance = contenance + 1; update core.couche set version = version + 1 where id = 'parcelles'",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let changed = tile_at_centre(town, "parcelles", 16, &[(header::IF_NONE_MATCH, &etag)]).await;
        assert_eq!(changed.status, StatusCode::OK);
    });
}

#[test]
fn tiles_are_compressed_by_negotiation() {
    on_sample_town(async |town| {
        let plain = tile_at_centre(town, ALL, 15, &[]).await;
        assert_eq!(plain.header(&header::CONTENT_ENCODING), "");
        for encoding in ["gzip", "br", "zstd"] {
            let packed = tile_at_centre(town, ALL, 15, &[(header::ACCEPT_ENCODING, encoding)]).await;
            assert_eq!(packed.header(&header::CONTENT_ENCODING), encoding);
            assert!(packed.bytes.len() < plain.bytes.len());
        }
    });
}

#[test]
fn addresses_that_are_no_tile_are_refused_at_once() {
    on_empty_town(async |town| {
        for (path, status) in [
            ("/tiles/parcelles/23/0/0", StatusCode::NOT_FOUND),
            ("/tiles/parcelles/1/2/0", StatusCode::NOT_FOUND),
            ("/tiles/parcelles/-1/0/0", StatusCode::BAD_REQUEST),
            ("/tiles/parcelles/a/b/c", StatusCode::BAD_REQUEST),
            ("/tiles/parcelles/99999999999/0/0", StatusCode::BAD_REQUEST),
            ("/tiles/proprietaires/1/0/0", StatusCode::NOT_FOUND),
            ("/tiles/parcelles,parcelles/1/0/0", StatusCode::NOT_FOUND),
            ("/tiles/parcelles%27--/1/0/0", StatusCode::NOT_FOUND),
        ] {
            let answer = town.get(path).await;
            assert_eq!(answer.status, status, "{path}");
            assert!(answer.json()["detail"].as_str().is_some(), "{path}");
        }
        assert_eq!(town.get("/tiles/parcelles/16/0/0").await.status, StatusCode::NO_CONTENT);
    });
}

#[test]
fn tilejson_says_what_tiles_hold() {
    on_sample_town(async |town| {
        let document = town.get(&format!("/tiles/{ALL}")).await.json();
        assert_eq!(document["tilejson"], "3.0.0");
        assert_eq!(document["vector_layers"].as_array().unwrap().len(), 9);
        assert_eq!(document["minzoom"], 6);
        let bounds = document["bounds"].as_array().unwrap();
        assert!(bounds[0].as_f64().unwrap() < bounds[2].as_f64().unwrap());
        assert!(document["tiles"][0].as_str().unwrap().contains("/{z}/{x}/{y}?v="));
        for layer in document["vector_layers"].as_array().unwrap() {
            assert!(layer["limite"].as_str().is_some_and(|rule| rule.contains("2000 ko")), "{layer}");
        }
    });
}
