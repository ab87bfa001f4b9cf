//! An archive that can be taken up: the tiles in the order of their identifiers, and beside them a log of those that are in.
//!
//! The log has a line a tile: its identifier, its bytes, a digest of them. An archive taken up is written again over itself, up
//! to the first line that does not agree with the bytes: whatever was cut, what stays is whole.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, BufWriter, Cursor, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use finage_tiles::TileCoord;
use pmtiles::{CallerKey, Compression, PmTilesStreamWriter, PmTilesWriter, TileId, TileType};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::error::{ExportError, io};

/// Bytes of a line of the log.
const LINE: usize = 8 + 4 + 16;
/// Bytes of a tile that may be that of another place too: the sea, the inside of a wood. Larger ones are not remembered.
const MAY_REPEAT: usize = 4096;
/// Where a header of PMTiles 3 says at which byte tiles begin.
const DATA_OFFSET: usize = 56;

type Writer = PmTilesStreamWriter<File, CallerKey<u128>>;

/// A tile to write.
pub(super) struct Made {
    bytes: Vec<u8>,
    digest: u128,
}

impl Made {
    /// Of these bytes, compressed.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let digest = digest(&bytes);
        Self { bytes, digest }
    }

    /// By what it is known again, if it may repeat.
    fn key(&self) -> Option<u128> {
        (self.bytes.len() <= MAY_REPEAT).then_some(self.digest)
    }
}

/// What an archive says of itself.
pub(super) struct Head {
    pub zooms: (u8, u8),
    pub degrees: [f64; 4],
    pub center: (f64, f64),
    pub metadata: Value,
}

/// An archive under way.
pub(super) struct Archive {
    path: PathBuf,
    writer: Writer,
    file: File,
    log: BufWriter<File>,
    last: Option<u64>,
    tiles: u64,
    contents: u64,
    /// Tiles that may repeat.
    known: HashSet<u128>,
}

/// The archive of a folder.
pub(super) fn file(folder: &Path) -> PathBuf {
    folder.join("archive")
}

impl Archive {
    /// The archive of a folder, taken up where it was when it is made of the same, new otherwise.
    pub(super) fn open(folder: &Path, origin: &Value) -> Result<Self, ExportError> {
        let (path, log, told) = (file(folder), folder.join("tuiles"), folder.join("origine.json"));
        let text = origin.to_string();
        let same = std::fs::read_to_string(&told).is_ok_and(|kept| kept == text);
        if !same {
            for old in [&told, &log, &path] {
                match std::fs::remove_file(old) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(io("suppression", old)(error));
                    }
                    _ => {}
                }
            }
            std::fs::write(&told, text).map_err(io("écriture", &told))?;
        }
        let options = || File::options().create(true).truncate(false).read(true).write(true).to_owned();
        let mut lines = Vec::new();
        let mut log_file = options().open(&log).map_err(io("ouverture", &log))?;
        log_file.read_to_end(&mut lines).map_err(io("lecture", &log))?;
        let file = options().open(&path).map_err(io("ouverture", &path))?;
        let mut archive = Self {
            writer: PmTilesWriter::new(TileType::Mvt)
                .precompressed(Compression::Gzip)
                .dedup_by_key()
                .create(file.try_clone().map_err(io("ouverture", &path))?)?,
            file,
            log: BufWriter::new(log_file),
            last: None,
            tiles: 0,
            contents: 0,
            known: HashSet::new(),
            path,
        };
        let (whole, end) = archive.take_up(&lines)?;
        archive.file.set_len(end).map_err(io("écriture", &archive.path))?;
        let log_file = archive.log.get_mut();
        log_file.set_len(whole).map_err(io("écriture", &log))?;
        log_file.seek(SeekFrom::Start(whole)).map_err(io("écriture", &log))?;
        Ok(archive)
    }

    /// Writes again what the log says is there, as long as it is; how much of the log and of the archive is whole.
    fn take_up(&mut self, lines: &[u8]) -> Result<(u64, u64), ExportError> {
        let (mut whole, mut end) = (0, data_start()?);
        let mut there = BufReader::new(File::open(&self.path).map_err(io("ouverture", &self.path))?);
        there.seek(SeekFrom::Start(end)).map_err(io("lecture", &self.path))?;
        let mut bytes = Vec::new();
        for line in lines.as_chunks::<LINE>().0 {
            let Some((id, length, digest)) = read_line(line) else { break };
            let Ok(tile) = TileId::new(id) else { break };
            if self.last.is_some_and(|last| last >= id) {
                break;
            }
            if self.known.contains(&digest) {
                // Its bytes are elsewhere; those given are not looked at.
                self.writer.add_tile(tile.into(), &[0], Some(digest))?;
            } else {
                bytes.clear();
                let read = there.by_ref().take(u64::from(length)).read_to_end(&mut bytes);
                read.map_err(io("lecture", &self.path))?;
                let made = Made::new(std::mem::take(&mut bytes));
                if made.digest != digest || made.bytes.len() != length as usize {
                    break;
                }
                self.writer.add_tile(tile.into(), &made.bytes, made.key())?;
                self.known.extend(made.key());
                self.contents += 1;
                end += u64::from(length);
                bytes = made.bytes;
            }
            self.last = Some(id);
            self.tiles += 1;
            whole += LINE as u64;
        }
        Ok((whole, end))
    }

    /// Tiles in it.
    pub(super) fn tiles(&self) -> u64 {
        self.tiles
    }

    /// Contents of tiles in it.
    pub(super) fn contents(&self) -> u64 {
        self.contents
    }

    /// Whether it has this tile, or has none because nothing is there.
    pub(super) fn has_passed(&self, coord: TileCoord) -> bool {
        self.last.is_some_and(|last| id(coord).is_none_or(|id| id <= last))
    }

    /// Adds a tile, after all the others.
    pub(super) fn add(&mut self, coord: TileCoord, made: &Made) -> Result<(), ExportError> {
        let place = pmtiles::TileCoord::new(coord.z(), coord.x(), coord.y())?;
        let id = TileId::from(place).value();
        self.writer.add_tile(place, &made.bytes, made.key())?;
        let new = made.key().is_none_or(|key| self.known.insert(key));
        self.contents += u64::from(new);
        let length = u32::try_from(made.bytes.len()).map_err(|_| finage_tiles::SnapshotError::TooLarge("tuile"))?;
        let mut line = [0; LINE];
        line[..8].copy_from_slice(&id.to_le_bytes());
        line[8..12].copy_from_slice(&length.to_le_bytes());
        line[12..].copy_from_slice(&made.digest.to_le_bytes());
        self.log.write_all(&line).map_err(io("écriture", &self.path))?;
        self.last = Some(id);
        self.tiles += 1;
        Ok(())
    }

    /// Ends the archive on the disk; its bytes.
    pub(super) fn finish(mut self, head: &Head) -> Result<u64, ExportError> {
        let [west, south, east, north] = head.degrees;
        self.writer.set_zoom_range(head.zooms.0, head.zooms.1);
        self.writer.set_bounds(west, south, east, north);
        self.writer.set_center(head.center.0, head.center.1, head.zooms.0);
        self.writer.set_metadata(head.metadata.to_string());
        self.writer.finalize()?;
        self.file.sync_all().map_err(io("synchronisation", &self.path))?;
        Ok(self.file.metadata().map_err(io("lecture", &self.path))?.len())
    }
}

/// The identifier of a tile.
fn id(coord: TileCoord) -> Option<u64> {
    Some(TileId::from(pmtiles::TileCoord::new(coord.z(), coord.x(), coord.y()).ok()?).value())
}

fn read_line(line: &[u8; LINE]) -> Option<(u64, u32, u128)> {
    let (id, rest) = line.split_first_chunk::<8>()?;
    let (length, digest) = rest.split_first_chunk::<4>()?;
    Some((u64::from_le_bytes(*id), u32::from_le_bytes(*length), u128::from_le_bytes(*digest.first_chunk()?)))
}

fn digest(bytes: &[u8]) -> u128 {
    Sha256::digest(bytes).first_chunk::<16>().map_or(0, |first| u128::from_le_bytes(*first))
}

/// At which byte of an archive its tiles begin, as its header says.
fn data_start() -> Result<u64, ExportError> {
    let mut empty = Cursor::new(Vec::new());
    PmTilesWriter::new(TileType::Mvt).precompressed(Compression::Gzip).create(&mut empty)?.finalize()?;
    let offset = empty.get_ref().get(DATA_OFFSET..).and_then(|bytes| bytes.first_chunk::<8>());
    Ok(offset.map_or(0, |offset| u64::from_le_bytes(*offset)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// Tiles of a zoom in the order of identifiers, some of which repeat, one in three empty.
    fn tiles(count: u32) -> Vec<(TileCoord, Made)> {
        let mut coords: Vec<TileCoord> =
            (0..16).flat_map(|x| (0..16).map(move |y| TileCoord::new(4, x, y).unwrap())).collect();
        coords.sort_by_key(|coord| coord.along_curve());
        let content = |rank: u32| {
            if rank.is_multiple_of(5) {
                vec![7; 40]
            } else {
                rank.to_le_bytes().repeat(usize::try_from(rank * 30 + 1).unwrap())
            }
        };
        (0..count).zip(coords).map(|(rank, coord)| (coord, Made::new(content(rank)))).collect()
    }

    fn head() -> Head {
        Head {
            zooms: (4, 4),
            degrees: [-1.0, 40.0, 1.0, 41.0],
            center: (0.0, 40.5),
            metadata: json!({ "vector_layers": [] }),
        }
    }

    fn fill(archive: &mut Archive, tiles: &[(TileCoord, Made)]) {
        for (coord, made) in tiles {
            if !archive.has_passed(*coord) {
                archive.add(*coord, made).unwrap();
            }
        }
    }

    fn in_one_go(tiles: &[(TileCoord, Made)]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::open(folder.path(), &json!(1)).unwrap();
        fill(&mut archive, tiles);
        let bytes = archive.finish(&head()).unwrap();
        let written = std::fs::read(file(folder.path())).unwrap();
        assert_eq!(written.len() as u64, bytes);
        written
    }

    #[test]
    fn tiles_are_read_again_and_those_that_repeat_are_there_once() {
        let tiles = tiles(100);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pmtiles");
        std::fs::write(&path, in_one_go(&tiles)).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let read = pmtiles::AsyncPmTilesReader::<pmtiles::MmapBackend>::new_with_path(&path).await.unwrap();
            assert_eq!((read.get_header().min_zoom, read.get_header().max_zoom), (4, 4));
            assert_eq!(read.get_header().n_tile_contents().unwrap().get(), 81);
            for (coord, made) in &tiles {
                let place = pmtiles::TileCoord::new(coord.z(), coord.x(), coord.y()).unwrap();
                assert_eq!(read.get_tile(place).await.unwrap().unwrap(), made.bytes);
            }
        });
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
        #[test]
        fn an_archive_taken_up_is_the_one_made_in_one_go(
            done in 0_usize..90, log_cut in 0_u64..80, cut in 0_u64..9000, flip in prop::option::of(0_usize..200_000),
        ) {
            let tiles = tiles(90);
            let folder = tempfile::tempdir().unwrap();
            let mut archive = Archive::open(folder.path(), &json!(1)).unwrap();
            fill(&mut archive, &tiles[..done]);
            drop(archive);
            // Whatever was lost or spoilt on the way.
            for (path, cut) in [(folder.path().join("tuiles"), log_cut), (file(folder.path()), cut)] {
                let there = File::options().write(true).open(&path).unwrap();
                there.set_len(there.metadata().unwrap().len().saturating_sub(cut)).unwrap();
            }
            let mut bytes = std::fs::read(file(folder.path())).unwrap();
            if let Some(byte) = flip.and_then(|at| bytes.get_mut(at)) {
                *byte ^= 1;
                std::fs::write(file(folder.path()), &bytes).unwrap();
            }
            let mut archive = Archive::open(folder.path(), &json!(1)).unwrap();
            prop_assert!(archive.tiles() <= done as u64);
            prop_assert!(flip.is_some() || log_cut > 0 || cut > 0 || archive.tiles() == done as u64);
            fill(&mut archive, &tiles);
            archive.finish(&head()).unwrap();
            prop_assert!(std::fs::read(file(folder.path())).unwrap() == in_one_go(&tiles));
        }
    }

    #[test]
    fn an_archive_of_something_else_is_begun_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::open(folder.path(), &json!({ "couches": 1 })).unwrap();
        fill(&mut archive, &tiles(20));
        drop(archive);
        assert_eq!(Archive::open(folder.path(), &json!({ "couches": 1 })).unwrap().tiles(), 20);
        assert_eq!(Archive::open(folder.path(), &json!({ "couches": 2 })).unwrap().tiles(), 0);
    }

    #[test]
    fn a_tile_is_known_by_the_same_number_as_in_pmtiles() {
        for (z, x, y) in [(0, 0, 0), (5, 17, 11), (17, 67_000, 47_000), (22, 1, 4_000_000)] {
            let coord = TileCoord::new(z, x, y).unwrap();
            let before: u64 = (0..z).map(|zoom| 1 << (2 * zoom)).sum();
            assert_eq!(id(coord), Some(before + coord.along_curve()));
        }
    }
}
