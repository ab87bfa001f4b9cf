//! THF: names the lots of a support and the files of each.

use jiff::civil::Date;

use crate::error::{At, Corruption};
use crate::format::blocks::{Block, Blocks};
use crate::format::charset::decode;
use crate::format::lines::Line;
use crate::format::value::{ascii, count, date};

/// Most lots in one THF and most vector files in one lot.
const MAX_NAMED: usize = 64;

/// One lot as its THF describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// LON, prefix of its files' names.
    pub name: String,
    /// TDA of the support.
    pub edition: Option<Date>,
    pub general: NamedFile,
    pub geodesy: NamedFile,
    pub quality: NamedFile,
    pub dictionary: NamedFile,
    pub schema: NamedFile,
    pub vectors: Vec<NamedFile>,
}

/// A file and the name its content is referred to by (`SeTOP_1`, `SeQL`...).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedFile {
    pub file: String,
    pub subset: Vec<u8>,
}

impl Descriptor {
    /// All files, vectors last.
    pub fn files(&self) -> impl Iterator<Item = &NamedFile> {
        [&self.general, &self.geodesy, &self.quality, &self.dictionary, &self.schema].into_iter().chain(&self.vectors)
    }
}

/// Reads a THF.
pub(crate) fn read(bytes: &[u8], file: &str) -> Result<Vec<Descriptor>, At> {
    let mut blocks = Blocks::open(bytes, file)?;
    let mut block = Block::default();
    let mut edition = None;
    let mut announced = None;
    let mut lots: Vec<Descriptor> = Vec::new();
    while blocks.read(&mut block)? {
        match &block.kind {
            b"GTS" => {
                edition = block.lines.iter().find(|line| line.is("TDA")).and_then(|line| date(&line.value));
                let line = block.single("LOC")?;
                announced = Some((line.number, count(line)?));
            }
            b"GTL" => lots.push(lot(&block, edition)?),
            other => return block.fail(Corruption::Block(decode(other).into_owned())),
        }
        if lots.len() > MAX_NAMED {
            return block.fail(Corruption::TooMany(MAX_NAMED));
        }
    }
    match announced {
        Some((_, declared)) if declared == lots.len() => Ok(lots),
        Some((line, declared)) => Err(At::new(line, Corruption::Count { code: "LOC", declared, found: lots.len() })),
        None => Err(At::new(1, Corruption::Block("GTS absent".to_owned()))),
    }
}

fn lot(block: &Block<'_>, edition: Option<Date>) -> Result<Descriptor, At> {
    let name = plain(block.single("LON")?)?;
    let named = |suffix: &'static str, subset: &'static str, extension| {
        let file = format!("{name}{}.{extension}", plain(block.single(suffix)?)?);
        Ok(NamedFile { file, subset: ascii(block.single(subset)?)?.to_vec() })
    };
    let suffixes: Vec<_> = block.lines.iter().filter(|line| line.is("GDN")).collect();
    let subsets: Vec<_> = block.lines.iter().filter(|line| line.is("GDI")).collect();
    block.check_count("GDC", suffixes.len())?;
    block.check_count("GDC", subsets.len())?;
    let mut vectors: Vec<NamedFile> = Vec::with_capacity(suffixes.len().min(MAX_NAMED));
    for (suffix, subset) in suffixes.into_iter().zip(subsets) {
        let vector = NamedFile { file: format!("{name}{}.VEC", plain(suffix)?), subset: ascii(subset)?.to_vec() };
        if vectors.iter().any(|other| other.file == vector.file || other.subset == vector.subset) {
            return suffix.fail(Corruption::Duplicate(vector.file));
        }
        if vectors.len() >= MAX_NAMED {
            return suffix.fail(Corruption::TooMany(MAX_NAMED));
        }
        vectors.push(vector);
    }
    Ok(Descriptor {
        edition,
        general: named("GNN", "GNI", "GEN")?,
        geodesy: named("GON", "GOI", "GEO")?,
        quality: named("QAN", "QAI", "QAL")?,
        dictionary: named("DIN", "DII", "DIC")?,
        schema: named("SCN", "SCI", "SCD")?,
        vectors,
        name,
    })
}

/// A fragment of a file name: letters, digits, `_` and `-`.
fn plain(line: &Line<'_>) -> Result<String, At> {
    let bytes = ascii(line)?;
    if bytes.is_empty() || !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        return line.fail(Corruption::Character(line.code()));
    }
    Ok(decode(bytes).into_owned())
}
