//! Cuts a file into raw features, one at a time, whatever its layout.
//!
//! A FeatureCollection with its members in any order, or features one after the other (one a line, or
//! GeoJSONSeq with its record separators). Only quotes and braces are looked at here: all else within
//! a feature is checked when it is parsed.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use finage_reference::Insee;
use memchr::memchr_iter;

use crate::buffer::Buffer;
use crate::input::Input;
use crate::json::Cursor;
use crate::{Feature, FeatureError, FileError, Layer, Limits, Problem, Rejected, crs, parse_feature};

/// A file being read.
pub struct Reader {
    file: Arc<str>,
    buffer: Buffer,
    limits: Limits,
    layer: Option<Layer>,
    size: Option<u64>,
    state: State,
    /// Bytes of the feature handed out, given up at the next call.
    pending: usize,
    rank: u64,
    /// Whether a top-level object was met.
    begun: bool,
}

/// Where the reading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a top-level object.
    Outside,
    /// In the list of features.
    List { first: bool },
    /// In the members of the collection after its list.
    After,
    /// At the end, or after an error: nothing more comes.
    Done,
}

/// One feature's JSON and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFeature<'a> {
    /// The feature, from `{` to `}`.
    pub bytes: &'a [u8],
    /// Rank in the file, 1-based.
    pub rank: u64,
    /// Line of its first byte, 1-based.
    pub line: u64,
    /// Byte from the start of the JSON, 0-based.
    pub offset: u64,
}

/// What [`Reader::features`] gives: an object, or one set aside.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A good object.
    Feature(Box<Feature>),
    /// An object set aside, with the reason.
    Rejected(Rejected),
}

impl Reader {
    /// Opens a file, plain or gzip by its first bytes; its name tells the layer when it can.
    ///
    /// # Errors
    /// [`FileError::Io`] when the file can't be opened.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, FileError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (size, file) = opened.map_err(|source| FileError::Io { file: name.clone(), source })?;
        let mut reader = Self::new(&name, file, limits)?;
        reader.size = Some(size);
        Ok(reader)
    }

    /// Reads from any source; `name` is what messages call it, and may tell the layer.
    ///
    /// # Errors
    /// [`FileError::Io`] when the first bytes can't be read.
    pub fn new(name: &str, read: impl Read + Send + 'static, limits: Limits) -> Result<Self, FileError> {
        let input = Input::new(Box::new(read)).map_err(|source| FileError::Io { file: name.to_owned(), source })?;
        Ok(Self {
            buffer: Buffer::new(name.to_owned(), input, limits),
            layer: Layer::from_file_name(name),
            file: name.into(),
            limits,
            size: None,
            state: State::Outside,
            pending: 0,
            rank: 0,
            begun: false,
        })
    }

    /// The layer, when the file's name tells it.
    #[must_use]
    pub fn layer(&self) -> Option<Layer> {
        self.layer
    }

    /// The commune, when the file's name tells it (`cadastre-13004-parcelles.json.gz`).
    #[must_use]
    pub fn commune(&self) -> Option<Insee> {
        self.file.split(['-', '_', '.']).find_map(|part| part.parse().ok())
    }

    /// Bytes of the file read so far, as stored (packed when the file is), for a progress bar.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.buffer.input().consumed()
    }

    /// Bytes of the file, as stored, when it is one.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The next feature as it stands in the file; `None` at the end.
    ///
    /// # Errors
    /// [`FileError`]; nothing more comes after one.
    pub fn next_raw(&mut self) -> Result<Option<RawFeature<'_>>, FileError> {
        self.buffer.consume(std::mem::take(&mut self.pending));
        let length = match self.advance() {
            Ok(Some(length)) => length,
            Ok(None) => return Ok(None),
            Err(error) => {
                self.state = State::Done;
                return Err(error);
            }
        };
        self.pending = length;
        self.rank += 1;
        if length > self.limits.max_feature_bytes {
            self.state = State::Done;
            return Err(self.buffer.too_big("un objet", self.limits.max_feature_bytes as u64));
        }
        if self.rank > self.limits.max_features {
            self.state = State::Done;
            return Err(self.buffer.too_big("le nombre d'objets", self.limits.max_features));
        }
        let bytes = self.buffer.window().get(..length).unwrap_or_default();
        Ok(Some(RawFeature { bytes, rank: self.rank, line: self.buffer.line, offset: self.buffer.offset }))
    }

    /// Every object in turn, parsed on this thread.
    pub fn features(&mut self) -> Features<'_> {
        Features { reader: self }
    }

    /// What a refused feature means: an object set aside, or the end of the file.
    ///
    /// # Errors
    /// [`FileError`] when the error [is fatal](FeatureError::is_fatal).
    pub fn reject(&self, error: FeatureError, raw: &RawFeature<'_>) -> Result<Rejected, FileError> {
        reject(&self.file, error, raw)
    }

    /// Brings the window to the next feature and gives its length.
    fn advance(&mut self) -> Result<Option<usize>, FileError> {
        loop {
            match self.state {
                State::Done => return Ok(None),
                State::Outside => {
                    if let Some(length) = self.outside()? {
                        return Ok(Some(length));
                    }
                }
                State::List { first } => {
                    if let Some(length) = self.list(first)? {
                        return Ok(Some(length));
                    }
                }
                State::After => {
                    let Members::End { length, .. } = self.members(0, true, true)? else {
                        continue;
                    };
                    self.buffer.consume(length);
                    self.state = State::Outside;
                }
            }
        }
    }

    /// A top-level object: a feature gives its length; a collection leads into its list.
    fn outside(&mut self) -> Result<Option<usize>, FileError> {
        // A byte order mark, and the record separators of GeoJSONSeq (RFC 8142).
        let start = loop {
            match self.buffer.skip_space(0)? {
                Some((index, 0x1e)) => self.buffer.consume(index + 1),
                Some((index, 0xef)) if self.buffer.offset == 0 && index == 0 => {
                    if (self.buffer.byte(1)?, self.buffer.byte(2)?) != (Some(0xbb), Some(0xbf)) {
                        return Err(self.buffer.syntax(0, "« { »"));
                    }
                    self.buffer.consume(3);
                }
                found => break found,
            }
        };
        match start {
            Some((index, b'{')) => self.buffer.consume(index),
            Some((_, b'[')) => return Err(self.not_geojson("une liste")),
            Some((index, _)) => return Err(self.buffer.syntax(index, "« { »")),
            None if !self.begun => return Err(self.not_geojson("le fichier est vide")),
            None => {
                self.state = State::Done;
                return Ok(None);
            }
        }
        self.begun = true;
        match self.members(1, false, false)? {
            Members::List { start } => {
                self.buffer.consume(start);
                self.state = State::List { first: true };
                Ok(None)
            }
            Members::End { length, kind } => match kind.as_deref() {
                Some("Feature") => Ok(Some(length)),
                Some("FeatureCollection") => Err(self.not_geojson("la liste « features » est absente")),
                Some(other) => Err(self.not_geojson(&format!("un objet de type « {} »", crate::error::quoted(other)))),
                None => Err(self.not_geojson("un objet JSON sans type")),
            },
        }
    }

    /// The next element of the list of features; `None` at its end.
    fn list(&mut self, first: bool) -> Result<Option<usize>, FileError> {
        let mut found = self.buffer.skip_space(0)?;
        match found {
            Some((index, b']')) => {
                self.buffer.consume(index + 1);
                self.state = State::After;
                return Ok(None);
            }
            Some((index, b',')) if !first => found = self.buffer.skip_space(index + 1)?,
            Some((index, _)) if !first => return Err(self.buffer.syntax(index, "« , » ou « ] »")),
            _ => {}
        }
        match found {
            Some((index, b'{')) => self.buffer.consume(index),
            Some((index, _)) => return Err(self.buffer.syntax(index, "un objet")),
            None => return Err(self.buffer.truncated()),
        }
        self.state = State::List { first: false };
        self.buffer.object_end(0).map(Some)
    }

    /// The members of a top-level object from `index` on, up to its end or to its list of features.
    ///
    /// `comma`: a member stands before; `listed`: the list was read already.
    fn members(&mut self, mut index: usize, mut comma: bool, listed: bool) -> Result<Members, FileError> {
        let mut kind: Option<String> = None;
        loop {
            let Some((at, byte)) = self.buffer.skip_space(index)? else {
                return Err(self.buffer.truncated());
            };
            index = at;
            if byte == b'}' {
                return Ok(Members::End { length: index + 1, kind });
            }
            if comma {
                if byte != b',' {
                    return Err(self.buffer.syntax(index, "« , » ou « } »"));
                }
                index = self.buffer.next_byte(index + 1, b'"', "un texte entre guillemets")?;
            }
            comma = true;
            let key_end = self.buffer.string_end(index)?;
            let key = self.buffer.decoded(index, key_end)?;
            let colon = self.buffer.next_byte(key_end, b':', "« : »")?;
            let Some((value, first)) = self.buffer.skip_space(colon + 1)? else {
                return Err(self.buffer.truncated());
            };
            if key == "features" && first == b'[' && !listed && kind.as_deref() != Some("Feature") {
                return Ok(Members::List { start: value + 1 });
            }
            index = self.buffer.value_end(value, first)?;
            match key.as_str() {
                "type" if first == b'"' => kind = Some(self.buffer.decoded(value, index)?),
                "crs" => self.check_crs(value, index)?,
                _ => {}
            }
        }
    }

    fn check_crs(&self, start: usize, end: usize) -> Result<(), FileError> {
        let json = self.buffer.window().get(start..end).unwrap_or_default();
        match crs::member(&mut Cursor::new(json)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(problem)) => {
                Err(FileError::Crs { file: self.file.to_string(), line: self.buffer.line, cause: problem.to_string() })
            }
            Err(error) => Err(self.buffer.syntax(start + error.offset, error.expected)),
        }
    }

    fn not_geojson(&self, found: &str) -> FileError {
        FileError::NotGeoJson { file: self.file.to_string(), found: found.to_owned() }
    }
}

fn reject(file: &str, error: FeatureError, raw: &RawFeature<'_>) -> Result<Rejected, FileError> {
    let (file, line) = (file.to_owned(), raw.line);
    match error.problem {
        Problem::Syntax { offset, expected } => {
            let before = raw.bytes.get(..offset).unwrap_or_default();
            let line = line + memchr_iter(b'\n', before).count() as u64;
            Err(FileError::Syntax { file, line, offset: raw.offset + offset as u64, expected })
        }
        Problem::Crs { x, y, guess } => {
            let cause = format!("les coordonnées de {} ({x} ; {y}) semblent être {guess}", error.object);
            Err(FileError::Crs { file, line, cause })
        }
        Problem::CrsMember(_) => Err(FileError::Crs { file, line, cause: error.problem.to_string() }),
        _ => Ok(Rejected { rank: raw.rank, line, error }),
    }
}

/// Where the members of a top-level object led.
enum Members {
    List { start: usize },
    End { length: usize, kind: Option<String> },
}

/// Iterator of [`Reader::features`].
pub struct Features<'a> {
    reader: &'a mut Reader,
}

impl Iterator for Features<'_> {
    type Item = Result<Item, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let layer = self.reader.layer;
        let file = self.reader.file.clone();
        let rejected = match self.reader.next_raw() {
            Ok(None) => return None,
            Err(error) => return Some(Err(error)),
            Ok(Some(raw)) => match parse_feature(raw.bytes, layer) {
                Ok(feature) => return Some(Ok(Item::Feature(Box::new(feature)))),
                Err(error) => reject(&file, error, &raw),
            },
        };
        if rejected.is_err() {
            self.reader.state = State::Done;
        }
        Some(rejected.map(Item::Rejected))
    }
}
