//! Écritures: where, at what angle, and the text taken from the labelled object.

use std::collections::HashMap;

use geo_types::Geometry;

use super::{Bench, LABEL, attributes, geometry, rid};
use crate::format::charset::decode;
use crate::format::value::real;
use crate::model::{Class, Defect, Label, Shape};
use crate::vector::Feature;

/// Association that links an écriture to its object.
pub(super) const LABELLING: &[u8] = b"IS_S_REL_IWW";

/// Labels of sound objects, in file order.
pub(super) fn build(bench: &mut Bench<'_>, sound: &[bool]) -> Vec<Label> {
    let targets = targets(bench);
    let mut labels = Vec::new();
    for index in 0..bench.vectors.features.len() {
        let Some(feature) = bench.vectors.features.get(index).filter(|feature| feature.class == LABEL) else {
            continue;
        };
        match label(bench, feature, targets.get(&index).copied(), sound) {
            Ok(Some(label)) => labels.push(label),
            Ok(None) => {}
            Err(defect) => bench.note(index, defect, false),
        }
    }
    labels
}

/// Labelled feature of each label.
fn targets(bench: &Bench<'_>) -> HashMap<usize, usize> {
    let links = bench.vectors.associations.iter().filter(|association| association.kind == LABELLING);
    links
        .filter_map(|association| match association.members.as_slice() {
            [Ok(label), Ok(object)] => Some((*label, *object)),
            _ => None,
        })
        .collect()
}

/// `None` when the labelled object is in quarantine: it has its own anomaly.
fn label(
    bench: &Bench<'_>,
    feature: &Feature<'_>,
    target: Option<usize>,
    sound: &[bool],
) -> Result<Option<Label>, Defect> {
    let target = target.ok_or(Defect::LabelWithoutObject)?;
    let object = bench.vectors.features.get(target).ok_or(Defect::LabelWithoutObject)?;
    if object.class == LABEL {
        return Err(Defect::LabelWithoutObject);
    }
    if sound.get(target) != Some(&true) {
        return Ok(None);
    }
    let class = Class::from_scd_id(object.class).ok_or(Defect::UnknownClass)?;
    let Geometry::Point(point) = geometry::build(bench, feature, Shape::Point)? else {
        return Err(Defect::WrongShape);
    };
    let printed = attributes::raw(feature, b"ID_S_ATT_ATR").ok_or(Defect::LabelWithoutText)?;
    let text = attributes::raw(object, printed).ok_or(Defect::LabelWithoutText)?;
    let font = attributes::raw(feature, b"ID_S_ATT_FON").map(|font| decode(font).into_owned());
    Ok(Some(Label {
        rid: rid(feature),
        object: rid(object),
        class,
        attribute: attributes::short_name(printed),
        text: decode(text).into_owned(),
        point,
        angle_deg: angle(number(feature, b"ID_S_ATT_DI3")?, number(feature, b"ID_S_ATT_DI4")?),
        height_mm: number(feature, b"ID_S_ATT_HEI")?,
        font: font.filter(|font| !font.is_empty()),
    }))
}

fn number(feature: &Feature<'_>, id: &[u8]) -> Result<Option<f64>, Defect> {
    let Some(value) = attributes::raw(feature, id).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    real(value).map(Some).ok_or_else(|| Defect::MalformedNumber {
        name: attributes::short_name(id).into_owned(),
        value: decode(value).into_owned(),
    })
}

/// Angle of the base vector; without one, the writing is horizontal.
fn angle(x: Option<f64>, y: Option<f64>) -> f64 {
    let (Some(x), Some(y)) = (x, y) else {
        return 0.0;
    };
    // `+ 0.0` makes −0 a 0: the DGFiP writes « -0.000000 », whose angle would be a half-turn.
    let degrees = (y + 0.0).atan2(x + 0.0).to_degrees();
    if degrees < 0.0 { (degrees + 360.0).rem_euclid(360.0) } else { degrees }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_of_base_vectors() {
        let of = |x, y| angle(Some(x), Some(y));
        assert!((of(1.0, 0.0)).abs() < 1e-9);
        assert!((of(1.0, -0.0)).abs() < 1e-9);
        assert!((of(0.0, 1.0) - 90.0).abs() < 1e-9);
        assert!((of(0.0, -1.0) - 270.0).abs() < 1e-9);
        assert!((of(0.0, 0.0)).abs() < 1e-9);
        assert!((angle(None, Some(1.0))).abs() < 1e-9);
        assert!((0.0..360.0).contains(&of(1.0, -1e-30)));
    }
}
