//! A background under a plan: raster tiles of a PMTiles file of this machine, from web mercator to the plan's zone.
//!
//! Only files are read: a request never makes the server fetch an address, so backgrounds by WMTS or WMS stay on the map.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use finage_print::{Fond, FondImage};
use geo_types::{Coord, Geometry, MultiPoint, Rect};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageReader, Limits, RgbImage};
use pmtiles::{AsyncPmTilesReader, MmapBackend, TileCoord, TileType};
use thiserror::Error;

use crate::spatial::projection::{Projection, ProjectionError};

/// Pixels to the inch of the printed picture.
const DPI: f64 = 200.0;
/// Half the side of the web mercator square, metres.
const MERCATOR: f64 = 20_037_508.342_789_244;
/// Tiles read at most for one picture; beyond, a lower zoom serves.
const MAX_TILES: u64 = 256;
/// Highest zoom looked at.
const MAX_ZOOM: u8 = 22;
/// Largest side of a tile, pixels.
const MAX_TILE_SIDE: u32 = 1024;
/// Pixels between two points that are projected; between them the projection is a plane.
const STEP: u32 = 32;
/// Quality of the picture inside the document.
const JPEG_QUALITY: u8 = 85;

/// Why a background cannot be printed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FondError {
    /// The file is missing or is no PMTiles.
    #[error("le fond de plan « {0} » est illisible sur le serveur ; demandez l'extrait sans fond")]
    Unreadable(String),
    /// The file holds vector tiles.
    #[error(
        "le fond de plan « {0} » est fait de tuiles vectorielles, qui ne s'impriment pas ; demandez l'extrait sans fond"
    )]
    NotRaster(String),
    /// The file has no zoom coarse enough for the plan.
    #[error("le fond de plan « {0} » est trop détaillé pour un plan aussi étendu ; demandez l'extrait sans fond")]
    TooFine(String),
    /// A corner of the frame cannot be projected.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The picture could not be made.
    #[error("le fond de plan n'a pas pu être dessiné : {0}")]
    Picture(#[from] image::ImageError),
}

/// The picture under `emprise` (metres in the zone `srid`) for a plan at 1/`echelle`.
///
/// # Errors
/// The file is missing, is no raster PMTiles, or a tile is no picture.
pub async fn picture(
    libelle: &str,
    attribution: &str,
    file: &Path,
    srid: u32,
    emprise: Rect<f64>,
    echelle: u32,
) -> Result<Fond, FondError> {
    let unreadable = |_| FondError::Unreadable(libelle.to_owned());
    let archive = AsyncPmTilesReader::<MmapBackend>::new_with_path(file).await.map_err(unreadable)?;
    let header = archive.get_header();
    if !matches!(header.tile_type, TileType::Png | TileType::Jpeg | TileType::Webp) {
        return Err(FondError::NotRaster(libelle.to_owned()));
    }
    let size = Size::of(emprise, echelle);
    let grid = Grid::new(srid, emprise, size)?;
    let zoom = grid.zoom(size, header.min_zoom, header.max_zoom);
    let range = grid.tiles(zoom);
    if range.count() > MAX_TILES {
        return Err(FondError::TooFine(libelle.to_owned()));
    }
    let mut tiles = Vec::new();
    for (x, y) in range.iter() {
        let Ok(coord) = TileCoord::new(zoom, x, y) else { continue };
        if let Some(bytes) = archive.get_tile_decompressed(coord).await.map_err(unreadable)? {
            tiles.push((x, y, bytes));
        }
    }
    let attribution = attribution.to_owned();
    let drawn = tokio::task::spawn_blocking(move || {
        let mosaic = Mosaic::assemble(range, zoom, &tiles)?;
        let picture = mosaic.warp(&grid, size);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(Cursor::new(&mut jpeg), JPEG_QUALITY).encode(
            picture.as_raw(),
            size.width,
            size.height,
            ExtendedColorType::Rgb8,
        )?;
        Ok(Fond { emprise, image: FondImage::Jpeg(Arc::new(jpeg)), attribution })
    });
    drawn.await.map_err(|_| FondError::Unreadable(libelle.to_owned()))?
}

/// Pixels of the picture.
#[derive(Debug, Clone, Copy)]
struct Size {
    width: u32,
    height: u32,
}

impl Size {
    fn of(emprise: Rect<f64>, echelle: u32) -> Self {
        let pixels_per_metre = DPI / 0.0254 / f64::from(echelle);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
        let side = |metres: f64| (metres * pixels_per_metre).round().clamp(1.0, 4096.0) as u32;
        Self { width: side(emprise.width()), height: side(emprise.height()) }
    }
}

/// Web mercator coordinates of every `STEP`th pixel of the picture.
struct Grid {
    columns: usize,
    points: Vec<Coord<f64>>,
}

impl Grid {
    fn new(srid: u32, emprise: Rect<f64>, size: Size) -> Result<Self, ProjectionError> {
        let columns = size.width.div_ceil(STEP) + 1;
        let rows = size.height.div_ceil(STEP) + 1;
        let (right, down) = (emprise.width() / f64::from(size.width), emprise.height() / f64::from(size.height));
        let ground: MultiPoint<f64> = (0..rows)
            .flat_map(|row| {
                (0..columns).map(move |column| Coord {
                    x: emprise.min().x + f64::from(column * STEP) * right,
                    y: emprise.max().y - f64::from(row * STEP) * down,
                })
            })
            .collect::<Vec<_>>()
            .into();
        let mut projected = Geometry::MultiPoint(ground);
        Projection::new(srid, 3857)?.apply(&mut projected)?;
        let points = match projected {
            Geometry::MultiPoint(points) => points.into_iter().map(|point| point.0).collect(),
            _ => Vec::new(),
        };
        Ok(Self { columns: columns as usize, points })
    }

    /// The zoom whose pixels are about those of the picture, within what the file has and the bound on tiles.
    fn zoom(&self, size: Size, lowest: u8, highest: u8) -> u8 {
        let (lowest, highest) = (lowest.min(MAX_ZOOM), highest.min(MAX_ZOOM));
        let (west, east) = self.points.iter().fold((f64::MAX, f64::MIN), |(w, e), p| (w.min(p.x), e.max(p.x)));
        let pixel = (east - west) / f64::from(size.width);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
        let wanted = (2.0 * MERCATOR / 256.0 / pixel.max(1e-3)).log2().round().clamp(0.0, 22.0) as u8;
        let mut zoom = wanted.clamp(lowest.min(highest), highest);
        while zoom > lowest && self.tiles(zoom).count() > MAX_TILES {
            zoom -= 1;
        }
        zoom
    }

    /// Tiles that the picture touches.
    fn tiles(&self, zoom: u8) -> TileRange {
        let last = (1_u32 << zoom) - 1;
        let mut range = TileRange { west: last, east: 0, north: last, south: 0 };
        for point in &self.points {
            let place = tile_place(*point, zoom);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
            let (x, y) = (
                place.x.floor().clamp(0.0, f64::from(last)) as u32,
                place.y.floor().clamp(0.0, f64::from(last)) as u32,
            );
            range = TileRange {
                west: range.west.min(x),
                east: range.east.max(x),
                north: range.north.min(y),
                south: range.south.max(y),
            };
        }
        range
    }

    /// Mercator coordinates of a pixel, between those of the four points around.
    fn at(&self, column: u32, row: u32) -> Coord<f64> {
        let (cell_x, cell_y) = ((column / STEP) as usize, (row / STEP) as usize);
        let (u, v) = (f64::from(column % STEP) / f64::from(STEP), f64::from(row % STEP) / f64::from(STEP));
        let point = |x: usize, y: usize| self.points[y * self.columns + x];
        let above = point(cell_x, cell_y) * (1.0 - u) + point(cell_x + 1, cell_y) * u;
        let below = point(cell_x, cell_y + 1) * (1.0 - u) + point(cell_x + 1, cell_y + 1) * u;
        above * (1.0 - v) + below * v
    }
}

/// A point in tiles from the north-west corner of the world.
fn tile_place(point: Coord<f64>, zoom: u8) -> Coord<f64> {
    let tiles = f64::from(1_u32 << zoom);
    Coord { x: (point.x + MERCATOR) / (2.0 * MERCATOR) * tiles, y: (MERCATOR - point.y) / (2.0 * MERCATOR) * tiles }
}

/// A rectangle of tiles, bounds included.
#[derive(Debug, Clone, Copy)]
struct TileRange {
    west: u32,
    east: u32,
    north: u32,
    south: u32,
}

impl TileRange {
    fn count(self) -> u64 {
        u64::from(self.east - self.west + 1) * u64::from(self.south - self.north + 1)
    }

    fn iter(self) -> impl Iterator<Item = (u32, u32)> {
        (self.north..=self.south).flat_map(move |y| (self.west..=self.east).map(move |x| (x, y)))
    }
}

/// The tiles side by side; white where the file has none.
struct Mosaic {
    pixels: RgbImage,
    side: u32,
    range: TileRange,
    zoom: u8,
}

impl Mosaic {
    fn assemble<B: AsRef<[u8]>>(range: TileRange, zoom: u8, tiles: &[(u32, u32, B)]) -> Result<Self, FondError> {
        let mut decoded = Vec::with_capacity(tiles.len());
        for (x, y, bytes) in tiles {
            let mut reader =
                ImageReader::new(Cursor::new(bytes.as_ref())).with_guessed_format().map_err(image::ImageError::from)?;
            let mut limits = Limits::default();
            limits.max_image_width = Some(MAX_TILE_SIDE);
            limits.max_image_height = Some(MAX_TILE_SIDE);
            reader.limits(limits);
            decoded.push((*x, *y, reader.decode()?));
        }
        let side = decoded.first().map_or(256, |(_, _, tile)| tile.width());
        let (columns, rows) = (range.east - range.west + 1, range.south - range.north + 1);
        let mut pixels = RgbImage::from_pixel(columns * side, rows * side, image::Rgb([255; 3]));
        for (x, y, tile) in decoded {
            // Transparent pixels let the paper through.
            let mut paper = image::RgbaImage::from_pixel(tile.width(), tile.height(), image::Rgba([255; 4]));
            image::imageops::overlay(&mut paper, &tile.into_rgba8(), 0, 0);
            let flat = image::DynamicImage::ImageRgba8(paper).into_rgb8();
            image::imageops::replace(
                &mut pixels,
                &flat,
                i64::from((x - range.west) * side),
                i64::from((y - range.north) * side),
            );
        }
        Ok(Self { pixels, side, range, zoom })
    }

    /// The picture in the plan's zone, each pixel taken between the four nearest.
    fn warp(&self, grid: &Grid, size: Size) -> RgbImage {
        RgbImage::from_fn(size.width, size.height, |column, row| {
            let place = tile_place(grid.at(column, row), self.zoom);
            let x = (place.x - f64::from(self.range.west)) * f64::from(self.side) - 0.5;
            let y = (place.y - f64::from(self.range.north)) * f64::from(self.side) - 0.5;
            self.between(x, y)
        })
    }

    fn between(&self, x: f64, y: f64) -> image::Rgb<u8> {
        let (x, y) =
            (x.clamp(0.0, f64::from(self.pixels.width() - 1)), y.clamp(0.0, f64::from(self.pixels.height() - 1)));
        let (u, v) = (x.fract(), y.fract());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture")]
        let (left, top) = (x as u32, y as u32);
        let (right, bottom) = ((left + 1).min(self.pixels.width() - 1), (top + 1).min(self.pixels.height() - 1));
        let mix = |channel: usize| {
            let value = |x, y| f64::from(self.pixels.get_pixel(x, y).0[channel]);
            let above = value(left, top) * (1.0 - u) + value(right, top) * u;
            let below = value(left, bottom) * (1.0 - u) + value(right, bottom) * u;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of bytes is a byte")]
            let byte = (above * (1.0 - v) + below * v).round() as u8;
            byte
        };
        image::Rgb([mix(0), mix(1), mix(2)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb};
    use pmtiles::{PmTilesWriter, TileId};

    const ZOOM: u8 = 19;

    /// Tiles around a place, white but for a black cross whose centre is that place.
    fn archive(place: Coord<f64>) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer =
            PmTilesWriter::new(TileType::Png).min_zoom(ZOOM).max_zoom(ZOOM).create(file.reopen().unwrap()).unwrap();
        let middle = tile_place(place, ZOOM);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tile of France")]
        let (x0, y0) = (middle.x as u32, middle.y as u32);
        let mut coords: Vec<TileCoord> = (y0 - 3..=y0 + 3)
            .flat_map(|y| (x0 - 3..=x0 + 3).map(move |x| TileCoord::new(ZOOM, x, y).unwrap()))
            .collect();
        coords.sort_by_key(|coord| TileId::from(*coord).value());
        for coord in coords {
            let tile = RgbImage::from_fn(256, 256, |column, row| {
                let at = Coord {
                    x: f64::from(coord.x()) + (f64::from(column) + 0.5) / 256.0,
                    y: f64::from(coord.y()) + (f64::from(row) + 0.5) / 256.0,
                };
                let near = |a: f64, b: f64| (a - b).abs() < 1.5 / 256.0;
                if near(at.x, middle.x) || near(at.y, middle.y) { Rgb([0; 3]) } else { Rgb([255; 3]) }
            });
            let mut png = Vec::new();
            tile.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
            writer.add_tile(coord, &png).unwrap();
        }
        writer.finalize().unwrap();
        file
    }

    /// Columns and rows of the picture that are black almost from one edge to the other.
    fn cross(picture: &RgbImage) -> (f64, f64) {
        let dark = |x: u32, y: u32| picture.get_pixel(x, y).0[0] < 100;
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        let (x_middle, y_middle) = (picture.width() / 2, picture.height() / 2);
        for x in 0..picture.width() {
            if dark(x, y_middle - 40) {
                columns.push(f64::from(x));
            }
        }
        for y in 0..picture.height() {
            if dark(x_middle - 40, y) {
                rows.push(f64::from(y));
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few pixels")]
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        (mean(&columns), mean(&rows))
    }

    #[tokio::test]
    async fn what_stands_at_a_place_is_drawn_at_that_place() {
        let ground = Coord { x: 1_694_250.0, y: 4_170_125.0 };
        let mut mercator: Geometry<f64> = geo_types::Point::from(ground).into();
        Projection::new(3946, 3857).unwrap().apply(&mut mercator).unwrap();
        let Geometry::Point(place) = mercator else { unreachable!() };
        let file = archive(place.0);
        let emprise = Rect::new(ground - Coord { x: 60.0, y: 80.0 }, ground + Coord { x: 60.0, y: 80.0 });
        let fond = picture("Essai", "essai", file.path(), 3946, emprise, 1000).await.unwrap();
        let FondImage::Jpeg(jpeg) = fond.image else { unreachable!() };
        let drawn = image::load_from_memory(&jpeg).unwrap().into_rgb8();
        let (x, y) = cross(&drawn);
        assert!((x - f64::from(drawn.width()) / 2.0).abs() < 2.0, "{x} of {}", drawn.width());
        assert!((y - f64::from(drawn.height()) / 2.0).abs() < 2.0, "{y} of {}", drawn.height());
    }

    #[tokio::test]
    async fn what_is_no_archive_is_refused_in_a_sentence() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"PMTiles\x03 et rien derriere").unwrap();
        let emprise = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 100.0 });
        let error = picture("Photo", "", file.path(), 3946, emprise, 500).await.unwrap_err();
        assert!(error.to_string().contains("« Photo » est illisible"), "{error}");
    }
}
