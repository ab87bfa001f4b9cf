//! How the bytes of a tile are sent: as they are, or compressed as the client accepts (RFC 9110, 12.5.3).

use std::io::{self, Write as _};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below, a coding saves less than it says of itself.
const WORTH_CODING: usize = 256;
/// Speed before the last per cent: a tile is made while somebody waits, and kept.
const ZSTD_LEVEL: i32 = 3;
const BROTLI_QUALITY: i32 = 4;
const GZIP_LEVEL: u32 = 5;

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// As they are.
    Identity,
    /// `gzip`
    Gzip,
    /// `br`
    Brotli,
    /// `zstd`
    Zstd,
}

impl Coding {
    /// Those that are written, the one preferred first.
    const OFFERED: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    /// The name of the coding in `Content-Encoding`; none for bytes as they are.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
        }
    }

    /// The coding that a client likes best by its `Accept-Encoding`, of those it likes as much the one preferred here.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let (mut weights, mut others) = ([None; Self::OFFERED.len()], None);
        for part in header.split(',') {
            let mut words = part.split(';').map(str::trim);
            let name = words.next().unwrap_or_default();
            let weight = words.find_map(|word| word.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok());
            let Some(weight) = weight.filter(|weight| (0.0..=1.0).contains(weight)) else { continue };
            if name == "*" {
                others = Some(weight);
            }
            let is_named = |coding: &Self| coding.name().is_some_and(|own| own.eq_ignore_ascii_case(name));
            if let Some(rank) = Self::OFFERED.iter().position(is_named) {
                weights[rank] = Some(weight);
            }
        }
        let mut best = (0.0, Self::Identity);
        for (coding, weight) in Self::OFFERED.into_iter().zip(weights) {
            let weight = weight.or(others).unwrap_or(0.0);
            if weight > best.0 {
                best = (weight, coding);
            }
        }
        best.1
    }

    /// The bytes in this coding, or as they are where it gains nothing: the coding says which.
    ///
    /// # Errors
    /// The compressor failed.
    pub fn write(self, bytes: Vec<u8>) -> io::Result<(Self, Vec<u8>)> {
        if bytes.len() < WORTH_CODING {
            return Ok((Self::Identity, bytes));
        }
        let coded = match self {
            Self::Identity => return Ok((Self::Identity, bytes)),
            Self::Gzip => {
                let out = Vec::with_capacity(bytes.len() / 2);
                let mut encoder = GzEncoder::new(out, Compression::new(GZIP_LEVEL));
                encoder.write_all(&bytes)?;
                encoder.finish()?
            }
            Self::Brotli => {
                let mut out = Vec::with_capacity(bytes.len() / 2);
                let parameters = BrotliEncoderParams { quality: BROTLI_QUALITY, ..BrotliEncoderParams::default() };
                brotli::BrotliCompress(&mut bytes.as_slice(), &mut out, &parameters)?;
                out
            }
            Self::Zstd => zstd::bulk::compress(&bytes, ZSTD_LEVEL)?,
        };
        Ok(if coded.len() < bytes.len() { (self, coded) } else { (Self::Identity, bytes) })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_client_gets_what_it_likes_best() {
        for (header, coding) in [
            ("", Coding::Identity),
            ("gzip", Coding::Gzip),
            ("GZIP", Coding::Gzip),
            ("gzip, deflate, br, zstd", Coding::Zstd),
            ("gzip, deflate, br", Coding::Brotli),
            ("zstd;q=0, gzip", Coding::Gzip),
            ("zstd;q=0.2, gzip;q=0.9", Coding::Gzip),
            ("*", Coding::Zstd),
            ("*;q=0.5, zstd;q=0", Coding::Brotli),
            ("identity", Coding::Identity),
            ("gzip;q=beaucoup", Coding::Identity),
            ("deflate", Coding::Identity),
        ] {
            assert_eq!(Coding::accepted(header), coding, "{header}");
        }
    }

    #[test]
    fn what_is_coded_is_read_back() {
        let bytes: Vec<u8> = (0..20_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        for coding in Coding::OFFERED {
            let (coding, coded) = coding.write(bytes.clone()).unwrap();
            assert!(coded.len() < bytes.len() / 2, "{coding:?}");
            let mut read = Vec::new();
            match coding {
                Coding::Identity => panic!("it gains much"),
                Coding::Gzip => {
                    flate2::read::GzDecoder::new(&*coded).read_to_end(&mut read).unwrap();
                }
                Coding::Brotli => brotli::BrotliDecompress(&mut &*coded, &mut read).unwrap(),
                Coding::Zstd => read = zstd::bulk::decompress(&coded, bytes.len()).unwrap(),
            }
            assert_eq!(read, bytes, "{coding:?}");
        }
        assert_eq!(Coding::Gzip.write(vec![1, 2, 3]).unwrap(), (Coding::Identity, vec![1, 2, 3]));
    }
}
