//! An écriture is given by its lower left corner: nothing in the files says so in words, the plans themselves do.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/mod.rs"]
mod support;

use std::collections::HashMap;

use finage_edigeo::{Class, Label, Limits, Lot, Lots};
use geo::{Contains as _, Rotate as _};
use geo_types::{Geometry, Rect, coord};

/// Width of a digit for a height of one.
const DIGIT: f64 = 0.56;

/// Parcel numbers wholly inside their parcel, when the given share of the text lies before and under its point.
fn inside(lot: &Lot, share: f64) -> usize {
    let parcels: HashMap<&str, &Geometry<f64>> =
        lot.of_class(Class::Parcelle).map(|object| (object.rid.as_str(), &object.geometry)).collect();
    lot.labels
        .iter()
        .filter(|label| label.class == Class::Parcelle)
        .filter(|label| parcels.get(label.object.as_str()).is_some_and(|parcel| fits(label, parcel, share)))
        .count()
}

fn fits(label: &Label, parcel: &Geometry<f64>, share: f64) -> bool {
    // As on a plan at 1/1000 or 1/2000: what counts is the comparison, not the size.
    let height = label.height_mm.unwrap_or(2.0) * 1.5;
    let width = DIGIT * height * f64::from(u8::try_from(label.text.len()).unwrap());
    let (x, y) = (label.point.x() - share * width, label.point.y() - share * height);
    let text = Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).to_polygon();
    parcel.contains(&text.rotate_around_point(label.angle_deg, label.point))
}

#[test]
fn parcel_numbers_stand_on_their_lower_left_corner() {
    let Some(folder) = support::real_feuilles() else {
        return;
    };
    let mut compared = 0;
    for archive in support::sound_archives(&folder) {
        for lot in Lots::open(&archive, &Limits::default()).unwrap() {
            let lot = lot.unwrap();
            let (corner, middle) = (inside(&lot, 0.0), inside(&lot, 0.5));
            compared += corner;
            assert!(corner >= middle, "{}: {corner} from the corner, {middle} from the middle", lot.source);
        }
    }
    assert!(compared > 1000, "{compared}");
}
