//! A layer as ogr2ogr writes it in CSV, its geometry in WKT.

use std::collections::HashMap;
use std::path::Path;

use geo_types::Geometry;
use jiff::civil::Date;

/// One feature: column → cell.
pub struct Row(HashMap<String, String>);

pub fn read(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let rows = reader.into_records().map(|record| {
        let record = record.unwrap();
        Row(headers.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect())
    });
    rows.collect()
}

impl Row {
    pub fn rid(&self) -> &str {
        self.text("OBJECT_RID")
    }

    pub fn text(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    pub fn number(&self, column: &str) -> f64 {
        self.text(column).parse().unwrap_or(f64::NAN)
    }

    /// Our value as GDAL would write it: it turns reals such as `+21947.` into numbers.
    pub fn normalised<'v>(&'v self, column: &str, value: &'v str) -> &'v str {
        let same = self.number(column).to_bits() == value.parse::<f64>().unwrap_or(f64::NAN).to_bits();
        if same && value.starts_with(['+', '-']) { self.text(column) } else { value }
    }

    pub fn date(&self, column: &str) -> Option<Date> {
        Date::strptime("%Y%m%d", self.text(column)).ok()
    }

    pub fn geometry(&self) -> Geometry<f64> {
        super::wkt::parse(self.text("WKT"))
    }
}
