//! One lot: normally one feuille of the plan.

use jiff::civil::Date;

use super::{Anomaly, Class, Label, Object, Relation};

/// A lot read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Lot {
    /// Name given by the THF (LON), such as `ED0A01`; not unique from one commune to another.
    pub name: String,
    /// Archive or folder it comes from.
    pub source: String,
    /// EPSG code of the delivered coordinates.
    pub srid: u32,
    /// Date of the edition (TDA of the THF).
    pub edition: Option<Date>,
    /// Sound objects, in file order.
    pub objects: Vec<Object>,
    /// Écritures whose object is sound, in file order.
    pub labels: Vec<Label>,
    /// Links between sound objects, in file order.
    pub relations: Vec<Relation>,
    /// What was put aside, and what was kept with a remark.
    pub anomalies: Vec<Anomaly>,
}

impl Lot {
    /// Objects of one class.
    pub fn of_class(&self, class: Class) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(move |object| object.class == class)
    }
}
