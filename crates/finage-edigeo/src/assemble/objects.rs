//! Turns features into typed objects; what is unsound goes to quarantine.

use super::identity::Identities;
use super::{Bench, LABEL, attributes, geometry, rid};
use crate::format::charset::decode;
use crate::model::{Anomaly, Class, Defect, Object};
use crate::vector::Feature;

/// Attributes that are numbers.
const NUMBERS: [&str; 3] = ["SUPF", "ORI", "ICL"];

/// One entry a feature, in file order: `None` for labels and for what is in quarantine.
pub(super) fn build(bench: &mut Bench<'_>) -> Vec<Option<Object>> {
    let identities = Identities::of(bench);
    let mut objects = Vec::with_capacity(bench.vectors.features.len());
    for index in 0..bench.vectors.features.len() {
        let Some(feature) = bench.vectors.features.get(index) else {
            break;
        };
        if feature.class == LABEL {
            objects.push(None);
            continue;
        }
        match object(bench, feature, &identities) {
            Ok((object, remarks)) => {
                objects.push(Some(object));
                for remark in remarks {
                    bench.note(index, remark, true);
                }
            }
            Err(defect) => {
                objects.push(None);
                bench.note(index, defect, false);
            }
        }
    }
    note_orphan_faces(bench);
    objects
}

fn object(bench: &Bench<'_>, feature: &Feature<'_>, identities: &Identities) -> Result<(Object, Vec<Defect>), Defect> {
    let class = Class::from_scd_id(feature.class).ok_or(Defect::UnknownClass)?;
    let geometry = geometry::build(bench, feature, class.shape())?;
    let mut object = Object {
        rid: rid(feature),
        class,
        attributes: attributes::all(feature),
        geometry,
        observed: None,
        updated: None,
    };
    identities.check(class, object.idu())?;
    let mut remarks = Vec::new();
    date(bench, feature, &mut object, &mut remarks);
    for name in NUMBERS {
        if let Some(value) = object.attribute(name).filter(|value| !value.trim().is_empty())
            && object.number(name).is_none_or(|number| name == "SUPF" && number < 0.0)
        {
            remarks.push(Defect::MalformedNumber { name: name.to_owned(), value: value.to_owned() });
        }
    }
    Ok((object, remarks))
}

fn date(bench: &Bench<'_>, feature: &Feature<'_>, object: &mut Object, remarks: &mut Vec<Defect>) {
    let Some(id) = feature.quality else { return };
    let Some(quality) = bench.qualities.get(id) else {
        remarks.push(Defect::MissingQuality(decode(id).into_owned()));
        return;
    };
    object.observed = quality.observed;
    object.updated = quality.updated;
    if quality.is_flawed {
        remarks.push(Defect::ImpossibleDate);
    }
}

/// A face that no object takes is a piece of plan lost: it must show.
fn note_orphan_faces(bench: &mut Bench<'_>) {
    let vectors = &bench.vectors;
    let orphans = vectors.faces.iter().filter(|face| face.owners == 0 && !face.is_exterior());
    let anomalies: Vec<Anomaly> = orphans
        .map(|face| Anomaly {
            file: vectors.file(face.key.0).to_owned(),
            line: face.line,
            object: decode(face.key.1).into_owned(),
            class: "PFE".to_owned(),
            idu: None,
            defect: Defect::OrphanFace,
            is_kept: false,
        })
        .collect();
    bench.anomalies.extend(anomalies);
}
