//! An écriture: a text that the plan prints, at its place and angle.

use std::borrow::Cow;

use geo_types::Point;

use super::Class;

/// An écriture of the plan (ID_S_OBJ_Z_1_2_2).
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Identifier inside the lot.
    pub rid: String,
    /// Identifier of the labelled object (see [`super::Object::rid`]).
    pub object: String,
    /// Class of the labelled object.
    pub class: Class,
    /// Which attribute of that object is printed (ATR), without `_id`.
    pub attribute: Cow<'static, str>,
    /// The text to print.
    pub text: String,
    /// Lower left corner of the text, in the delivered coordinates (HTA and VTA are 1 in every plan seen; with this
    /// corner, parcel numbers fall inside their parcels).
    pub point: Point<f64>,
    /// Direction of the writing, degrees in [0, 360), trigonometric from the east:
    /// the angle of the base vector (DI3, DI4), (DI1, DI2) being the vector of the height.
    pub angle_deg: f64,
    /// Height of the letters on the printed plan, millimetres (HEI).
    pub height_mm: Option<f64>,
    /// Name of the font (FON).
    pub font: Option<String>,
}
