//! The public map as one file: a PMTiles 3 archive of what the server draws for nobody in particular.
//!
//! Tiles come from snapshots, all cores at once. What is done stays beside the output until its end: the same command goes on
//! from there as long as it is made of the same.

mod archive;
mod drawn;
mod error;
mod zone;

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use finage_tiles::{Bounds, Cover, Pos, Predicate, SnapshotError, TileCoord, TileRequest, TileScratch};
use flate2::write::GzEncoder;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::Serialize;
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::watch;

pub use error::ExportError;
pub use zone::Zone;

use archive::{Archive, Head, Made};
use drawn::{Drawn, Open};
use error::io;
use zone::Area;

use crate::cadastre::layers::ZOOM_MAX;
use crate::db::Collectivites;
use crate::modules::registry::Registry;
use crate::services::tiles::served::MAX_LAYER_BYTES;

/// Tiles made at once before they are written.
const LOT: usize = 512;
/// The deepest zoom that is useful to shapes: its grid is of 15 cm of the projection, 10 cm on the ground in France, four times
/// finer than what the best plans promise (40 cm, arrêté du 16 septembre 2003) and a pixel of a screen four zooms deeper.
const ENOUGH: u8 = 16;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Layers, in drawing order.
    pub layers: Vec<String>,
    /// `layer.field` of the only fields wanted of the layers that are named there; all those that are open, of the others.
    pub fields: Vec<String>,
    /// Lowest zoom; none for the lowest that has something.
    pub zoom_min: Option<u8>,
    /// Highest zoom; none for what is enough for these layers ([`Drawn::enough`]).
    pub zoom_max: Option<u8>,
    /// Which tiles.
    pub zone: Zone,
    /// The file.
    pub out: PathBuf,
}

/// What an export is made with.
pub struct Means<'a> {
    /// Reads layers whole.
    pub pool: &'a PgPool,
    /// Reads what modules open to the public.
    pub tenants: &'a Collectivites,
    /// Modules installed.
    pub modules: &'a Registry,
    /// Where a server keeps its snapshots: read, never written.
    pub data_dir: &'a Path,
    /// Low zooms are drawn from simpler shapes.
    pub simplified: bool,
    /// True once it must stop.
    pub stop: watch::Receiver<bool>,
    /// Told of tiles looked at and of those there are.
    pub told: &'a (dyn Fn(u64, u64) + Sync),
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exported {
    /// The file.
    pub fichier: PathBuf,
    /// Layers in it.
    pub couches: Vec<&'static str>,
    /// Tiles in it.
    pub tuiles: u64,
    /// Of them, those that an earlier attempt had made.
    pub reprises: u64,
    /// Contents of tiles in it, those that repeat counted once.
    pub contenus: u64,
    /// Bytes of the file.
    pub octets: u64,
    /// Lowest and highest zoom.
    pub zooms: (u8, u8),
    /// West, south, east, north, in degrees.
    pub emprise: [f64; 4],
    /// Milliseconds.
    pub duree_ms: u128,
}

/// Makes the archive of public layers.
///
/// # Errors
/// A layer, a field, a zoom or a zone is not one that can be exported; the database or the disk refused; it was told to stop.
/// What was at the output before is there still.
pub async fn export(means: &Means<'_>, wanted: &Wanted) -> Result<Exported, ExportError> {
    let open = drawn::open(means.modules, &wanted.layers, &wanted.fields)?;
    if let (Some(first), Some(last)) = (wanted.zoom_min, wanted.zoom_max) {
        in_order((first, last))?;
    }
    let part = Part::take(&wanted.out)?;
    let done = attempt(means, wanted, &open, &part).await;
    match &done {
        Err(ExportError::Nothing) => part.remove()?,
        Err(ExportError::Interrupted(_)) => {}
        // Refused before a tile was made: what an earlier attempt made stays.
        Err(_) if !archive::file(&part.folder).exists() => part.remove()?,
        _ => {}
    }
    done
}

async fn attempt(means: &Means<'_>, wanted: &Wanted, open: &[Open], part: &Part) -> Result<Exported, ExportError> {
    let (started, mut stop) = (Instant::now(), means.stop.clone());
    let prepared = tokio::select! {
        prepared = prepare(means, wanted, open, part) => prepared?,
        _ = stop.wait_for(|stop| *stop) => return Err(ExportError::Interrupted(part.folder.clone())),
    };
    tokio::task::block_in_place(|| {
        let mut archive = Archive::open(&part.folder, &prepared.origin)?;
        let reprises = archive.tiles();
        make(means, &prepared, &mut archive, part)?;
        let (tuiles, contenus) = (archive.tiles(), archive.contents());
        if tuiles == 0 {
            return Err(ExportError::Nothing);
        }
        let octets = archive.finish(&prepared.head())?;
        part.deliver(&wanted.out)?;
        Ok(Exported {
            fichier: wanted.out.clone(),
            couches: prepared.layers.iter().map(|layer| layer.id).collect(),
            tuiles,
            reprises,
            contenus,
            octets,
            zooms: prepared.zooms,
            emprise: prepared.degrees,
            duree_ms: started.elapsed().as_millis(),
        })
    })
}

/// All that tiles are made of.
struct Prepared {
    layers: Vec<Drawn>,
    area: Area,
    zooms: (u8, u8),
    degrees: [f64; 4],
    /// What tells one archive from another: tiles made of the same are the same.
    origin: serde_json::Value,
}

async fn prepare(means: &Means<'_>, wanted: &Wanted, open: &[Open], part: &Part) -> Result<Prepared, ExportError> {
    let area = Area::of(means.pool, &wanted.zone).await?;
    let layers = drawn::layers(means, open, &part.folder).await?;
    let lowest = layers.iter().map(|layer| layer.zoom_min).min().unwrap_or(0);
    let enough = layers.iter().map(Drawn::enough).max().unwrap_or(ENOUGH);
    let zooms = in_order((wanted.zoom_min.unwrap_or(lowest), wanted.zoom_max.unwrap_or(enough)))?;
    let mut bounds = Bounds::EMPTY;
    for layer in &layers {
        layer.bounds.iter().for_each(|its| bounds.join(its));
    }
    let degrees = degrees(&area.clipped(bounds).ok_or(ExportError::Nothing)?);
    let origin = json!({
        "programme": env!("CARGO_PKG_VERSION"),
        "couches": layers.iter().map(Drawn::made_of).collect::<Vec<_>>(),
        "zooms": [zooms.0, zooms.1],
        "zone": area.told(),
    });
    Ok(Prepared { layers, area, zooms, degrees, origin })
}

/// These zooms, which must be some.
fn in_order(zooms: (u8, u8)) -> Result<(u8, u8), ExportError> {
    if zooms.0 > zooms.1 || zooms.1 > ZOOM_MAX { Err(ExportError::Zooms(zooms.0, zooms.1)) } else { Ok(zooms) }
}

impl Prepared {
    /// Layers of a zoom.
    fn at(&self, zoom: u8) -> Vec<&Drawn> {
        self.layers.iter().filter(|layer| layer.zoom_min <= zoom).collect()
    }

    /// Calls `each` with the tiles of a zoom that may have something, in the order of the archive.
    fn cover<T>(&self, zoom: u8, each: impl FnOnce(&mut dyn Iterator<Item = TileCoord>) -> T) -> T {
        let layers: Vec<&finage_tiles::Layer> = self.at(zoom).iter().map(|layer| &*layer.layer).collect();
        each(&mut Cover::new(&layers, zoom, |coord| self.area.within(coord)))
    }

    fn head(&self) -> Head {
        let [west, south, east, north] = self.degrees;
        let names: Vec<&str> = self.layers.iter().map(|layer| &*layer.label).collect();
        let core = self.layers.iter().any(|layer| layer.core);
        Head {
            zooms: self.zooms,
            degrees: self.degrees,
            center: (f64::midpoint(west, east), f64::midpoint(south, north)),
            metadata: json!({
                "name": names.join(", "),
                "description": "Carte publique exportée de Finage",
                "type": "overlay",
                "version": "1.0.0",
                "format": "pbf",
                "attribution": if core { "Plan cadastral informatisé, DGFiP" } else { "" },
                "vector_layers": self.layers.iter().map(|layer| layer.vector_layer(self.zooms)).collect::<Vec<_>>(),
            }),
        }
    }
}

/// Makes the tiles that the archive does not have.
fn make(means: &Means<'_>, prepared: &Prepared, archive: &mut Archive, part: &Part) -> Result<(), ExportError> {
    let zooms = || prepared.zooms.0..=prepared.zooms.1;
    let interrupted = || ExportError::Interrupted(part.folder.clone());
    let mut total = 0_u64;
    for zoom in zooms() {
        prepared.cover(zoom, |tiles| {
            for _ in tiles {
                total += 1;
                if total.is_multiple_of(1024) && *means.stop.borrow() {
                    return Err(interrupted());
                }
            }
            Ok(())
        })?;
    }
    let mut done = 0_u64;
    for zoom in zooms() {
        let layers = prepared.at(zoom);
        prepared.cover(zoom, |tiles| {
            loop {
                let lot: Vec<TileCoord> = (&mut *tiles).take(LOT).collect();
                if lot.is_empty() {
                    return Ok(());
                }
                if *means.stop.borrow() {
                    return Err(interrupted());
                }
                let left: Vec<TileCoord> = lot.iter().copied().filter(|coord| !archive.has_passed(*coord)).collect();
                let made: Vec<Option<Made>> = left
                    .par_iter()
                    .map_init(<TileScratch>::default, |scratch, coord| made(*coord, &layers, scratch))
                    .collect::<Result<_, _>>()?;
                for (coord, made) in left.iter().zip(made) {
                    if let Some(made) = made {
                        archive.add(*coord, &made)?;
                    }
                }
                done += lot.len() as u64;
                (means.told)(done, total);
            }
        })?;
    }
    Ok(())
}

/// A tile, compressed; `None` when nothing is in it.
fn made(coord: TileCoord, layers: &[&Drawn], scratch: &mut TileScratch) -> Result<Option<Made>, ExportError> {
    let (mut bytes, predicate) = (Vec::new(), Predicate::everything());
    for layer in layers {
        let request = TileRequest::new(coord, &layer.names, &predicate).at_most(MAX_LAYER_BYTES);
        layer.layer.tile(&request, scratch, &mut bytes)?;
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut compressed = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), flate2::Compression::default());
    let compressed = compressed.write_all(&bytes).and_then(|()| compressed.finish());
    Ok(Some(Made::new(compressed.map_err(|_| SnapshotError::TooLarge("tuile"))?)))
}

/// West, south, east, north of a box of world units, in degrees.
fn degrees(bounds: &Bounds) -> [f64; 4] {
    let place = |pos: Pos| {
        let (x, y) = pos.to_mercator_metres();
        let radius = 6_378_137.0;
        ((x / radius).to_degrees(), (y / radius).sinh().atan().to_degrees())
    };
    let ((west, north), (east, south)) = (place(bounds.min), place(bounds.max));
    [west, south, east, north]
}

/// The folder beside the output where what is done is kept, for this process alone.
struct Part {
    folder: PathBuf,
    /// Held until the end; the system frees it whatever the end.
    _lock: File,
}

impl Part {
    fn take(out: &Path) -> Result<Self, ExportError> {
        let mut name = out.file_name().ok_or_else(|| ExportError::NoFile(out.to_owned()))?.to_owned();
        if out.is_dir() {
            return Err(ExportError::NoFile(out.to_owned()));
        }
        name.push(".part");
        let folder = out.with_file_name(name);
        match std::fs::create_dir(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(io("création", &folder)(error));
            }
            _ => {}
        }
        let path = folder.join("verrou");
        let lock =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(io("création", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder, _lock: lock }),
            Err(std::fs::TryLockError::WouldBlock) => Err(ExportError::Busy(out.to_owned())),
            Err(std::fs::TryLockError::Error(error)) => Err(io("verrouillage", &path)(error)),
        }
    }

    /// Puts the archive in its place, in one step, and removes the rest.
    fn deliver(&self, out: &Path) -> Result<(), ExportError> {
        let made = archive::file(&self.folder);
        std::fs::rename(&made, out).map_err(io("renommage", out))?;
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io("synchronisation", folder))?;
        self.remove()
    }

    fn remove(&self) -> Result<(), ExportError> {
        std::fs::remove_dir_all(&self.folder).map_err(io("suppression", &self.folder))
    }
}
