//! Puts a lot together from its files: objects, labels, relations; what is wrong becomes an anomaly.

mod attributes;
mod geometry;
mod identity;
mod labels;
mod objects;
mod relations;

use std::collections::HashMap;

use crate::error::EdigeoError;
use crate::format::blocks::{Block, Blocks};
use crate::format::charset::decode;
use crate::lot::descriptor::Descriptor;
use crate::lot::geodesy::Crs;
use crate::lot::quality::Quality;
use crate::lot::schema::Schema;
use crate::lot::{general, geodesy, quality};
use crate::model::{Anomaly, Defect, Lot};
use crate::vector::{Feature, Subset, Vectors};

/// SCD identifier of the écritures.
const LABEL: &[u8] = b"ID_S_OBJ_Z_1_2_2";

/// Everything the steps read, and the anomalies they leave.
struct Bench<'a> {
    crs: Crs,
    qualities: HashMap<&'a [u8], Quality>,
    vectors: Vectors<'a>,
    anomalies: Vec<Anomaly>,
}

/// Reads a lot whose files are all there, in the order of [`Descriptor::files`].
pub(crate) fn lot(source: &str, descriptor: &Descriptor, files: &[Vec<u8>]) -> Result<Lot, EdigeoError> {
    let named: Vec<(&str, &[u8])> =
        descriptor.files().map(|named| named.file.as_str()).zip(files.iter().map(Vec::as_slice)).collect();
    let [overview, axes, dates, dictionary, described, drawn @ ..] = named.as_slice() else {
        return Err(EdigeoError::NoLot { archive: source.to_owned() });
    };
    let topological = general::read(overview.1, overview.0).map_err(|at| at.within(source, overview.0))?;
    let crs = geodesy::read(axes.1, axes.0).map_err(|at| at.within(source, axes.0))?;
    let qualities = quality::read(dates.1, dates.0).map_err(|at| at.within(source, dates.0))?;
    check_marks(dictionary.1, dictionary.0).map_err(|at| at.within(source, dictionary.0))?;
    let schema = Schema::read(described.1, described.0, &descriptor.schema.subset)
        .map_err(|at| at.within(source, described.0))?;
    let subsets = descriptor.vectors.iter().zip(drawn).map(|(named, (file, bytes))| {
        let name = named.subset.as_slice();
        (Subset { name, file, is_topological: topological.contains(name) }, *bytes)
    });
    let vectors =
        Vectors::read(subsets, descriptor.name.as_bytes(), &schema).map_err(|(file, at)| at.within(source, file))?;
    let mut bench = Bench { crs, qualities, vectors, anomalies: Vec::new() };
    let objects = objects::build(&mut bench);
    let sound: Vec<bool> = objects.iter().map(Option::is_some).collect();
    let labels = labels::build(&mut bench, &sound);
    let relations = relations::build(&mut bench, &sound);
    Ok(Lot {
        name: descriptor.name.clone(),
        source: source.to_owned(),
        srid: bench.crs.srid,
        edition: descriptor.edition,
        objects: objects.into_iter().flatten().collect(),
        labels,
        relations,
        anomalies: bench.anomalies,
    })
}

/// The dictionary adds nothing to the schema; it must only be whole.
fn check_marks(bytes: &[u8], file: &str) -> Result<(), crate::error::At> {
    let mut blocks = Blocks::open(bytes, file)?;
    let mut block = Block::default();
    while blocks.read(&mut block)? {}
    Ok(())
}

impl Bench<'_> {
    /// Notes an anomaly of a feature.
    fn note(&mut self, feature: usize, defect: Defect, is_kept: bool) {
        if let Some(anomaly) = self.vectors.features.get(feature).map(|feature| Anomaly {
            file: self.vectors.file(feature.key.0).to_owned(),
            line: feature.line,
            object: rid(feature),
            class: decode(feature.class).into_owned(),
            idu: attributes::raw(feature, b"IDU_id").map(|value| decode(value).trim().to_owned()),
            defect,
            is_kept,
        }) {
            self.anomalies.push(anomaly);
        }
    }
}

/// Identifier of a feature in its lot.
fn rid(feature: &Feature<'_>) -> String {
    decode(feature.key.1).into_owned()
}
