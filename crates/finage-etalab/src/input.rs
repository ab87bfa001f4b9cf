//! The bytes of the file, unpacked when it is gzip, counted on both sides.

use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

/// The two first bytes of every gzip stream (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Bytes of JSON below which the ratio is not looked at: a tiny file says nothing.
const RATIO_FLOOR: u64 = 1 << 20;
/// Bytes of gzip read at once.
const GZIP_BUFFER: usize = 1 << 16;

type Head = Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

/// A plain or gzip source.
pub(crate) struct Input {
    source: Source,
    produced: u64,
}

enum Source {
    Plain(Counted),
    Gzip(Box<MultiGzDecoder<BufReader<Counted>>>),
}

/// Why no more bytes come.
#[derive(Debug)]
pub(crate) enum InputError {
    Io(io::Error),
    Truncated,
    Damaged { bytes: u64 },
    TooManyBytes,
    Ratio,
}

impl Input {
    /// Looks at the two first bytes to choose.
    pub(crate) fn new(mut read: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut magic = Vec::with_capacity(2);
        read.by_ref().take(2).read_to_end(&mut magic)?;
        let gzip = magic == GZIP_MAGIC;
        let counted = Counted { inner: Cursor::new(magic).chain(read), count: 0 };
        let source = if gzip {
            Source::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(GZIP_BUFFER, counted))))
        } else {
            Source::Plain(counted)
        };
        Ok(Self { source, produced: 0 })
    }

    /// Bytes taken from the file itself, for a progress bar.
    pub(crate) fn consumed(&self) -> u64 {
        match &self.source {
            Source::Plain(counted) => counted.count,
            Source::Gzip(gzip) => gzip.get_ref().get_ref().count,
        }
    }

    /// Reads JSON bytes; 0 at the end.
    pub(crate) fn read(&mut self, room: &mut [u8], max_bytes: u64, max_ratio: u64) -> Result<usize, InputError> {
        let read = loop {
            let read = match &mut self.source {
                Source::Plain(plain) => plain.read(room),
                Source::Gzip(gzip) => gzip.read(room),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read.map_err(|error| self.explain(error))?,
            }
        };
        self.produced += read as u64;
        if self.produced > max_bytes {
            return Err(InputError::TooManyBytes);
        }
        let gzip = matches!(self.source, Source::Gzip(_));
        if gzip && self.produced > RATIO_FLOOR && self.produced / self.consumed().max(1) > max_ratio {
            return Err(InputError::Ratio);
        }
        Ok(read)
    }

    fn explain(&self, error: io::Error) -> InputError {
        match (&self.source, error.kind()) {
            (Source::Gzip(_), io::ErrorKind::UnexpectedEof) => InputError::Truncated,
            (Source::Gzip(_), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                InputError::Damaged { bytes: self.produced }
            }
            _ => InputError::Io(error),
        }
    }
}

/// Counts what is read.
struct Counted {
    inner: Head,
    count: u64,
}

impl Read for Counted {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(room)?;
        self.count += read as u64;
        Ok(read)
    }
}
