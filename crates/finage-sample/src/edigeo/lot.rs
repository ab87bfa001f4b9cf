//! A feuille as the files of a lot.

use std::collections::BTreeMap;

use geo::BoundingRect;
use geo_types::{MultiPolygon, Polygon};

use super::archive::LotFile;
use super::object::{Attribute, Layer};
use super::record::Records;
use super::topological::{face_id, parcel_attributes, primitives, sheet_attributes};
use super::{dictionary, schema, spaghetti, support};
use crate::SampleError;
use crate::projection::Projection;
use crate::town::Commune;

/// Objects of a lot that others refer to.
pub struct Ids {
    pub commune: u64,
    /// Parcel index in the commune to object number.
    pub parcelles: BTreeMap<usize, u64>,
    next: u64,
}

impl Ids {
    /// A new object number, unique in the lot.
    pub fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

/// The ten files of the lot of a feuille (index in the commune), in the order of the index.
///
/// # Errors
/// [`SampleError::Projection`] when PROJ refuses a point.
pub fn lot_files(commune: &Commune, feuille: usize) -> Result<Vec<LotFile>, SampleError> {
    let sheet = &commune.feuilles[feuille];
    let section = &commune.sections[sheet.section];
    let short = format!("{}{:02}", section.code, sheet.numero);
    let (lot, index) = (format!("ED{short}"), format!("E{}{short}", section.prefixe));
    let projection = Projection::from_lambert93(commune.srid)?;
    // The department is not in the identifiers of the plan.
    let commune_idu = &commune.insee[2..];
    let section_idu = format!("{commune_idu}{}{}", section.prefixe, section.code);
    let base = (u64::try_from(feuille).unwrap_or(0) + 1) * 100_000;
    let mut ids = Ids { commune: base, parcelles: BTreeMap::new(), next: base + 2 };
    let (sheet_id, section_id) = (base + 1, base + 2);
    let mut qal = Records::new(&format!("{lot}SE.QAL"));

    let mut t1 = Layer { lot: &lot, key: "SeTOP_1", out: Records::new(&format!("{lot}T1.VEC")), qal: &mut qal };
    let numbers: Vec<usize> = (0..commune.parcelles.len()).filter(|n| commune.parcelles[*n].feuille == feuille).collect();
    let shapes = numbers.iter().map(|n| projection.polygon(&commune.parcelles[*n].polygon)).collect::<Result<Vec<_>, _>>()?;
    primitives(&mut t1, &shapes.iter().collect::<Vec<_>>());
    for (n, number) in numbers.iter().enumerate() {
        let parcelle = &commune.parcelles[*number];
        let id = ids.fresh();
        ids.parcelles.insert(*number, id);
        let idu = format!("{section_idu}{:04}", parcelle.numero);
        t1.object("PARCELLE", id, &parcel_attributes(&idu, parcelle), parcelle.dates);
        t1.label(id, "TEX", parcelle.ecriture, projection.point(parcelle.ecriture.at)?);
        t1.shape_link("PARCELLE", id, "PFE", &[face_id(n)]);
    }
    for id in ids.parcelles.values() {
        t1.relation("PARCELLE_SUBDSECT", *id, "SeTOP_2", sheet_id);
    }
    let t1 = t1.out.finish();

    let project = |polygons: &[Polygon<f64>]| polygons.iter().map(|p| projection.polygon(p)).collect::<Result<Vec<_>, _>>();
    let mut t2 = Layer { lot: &lot, key: "SeTOP_2", out: Records::new(&format!("{lot}T2.VEC")), qal: &mut qal };
    let outline = project(&sheet.polygons)?;
    primitives(&mut t2, &outline.iter().collect::<Vec<_>>());
    t2.object("SUBDSECT", sheet_id, &sheet_attributes(&format!("{section_idu}{:02}", sheet.numero), &sheet.quality), sheet.dates);
    t2.shape_link("SUBDSECT", sheet_id, "PFE", &(0..outline.len()).map(face_id).collect::<Vec<_>>());
    t2.relation("SUBDSECT_SECTION", sheet_id, "SeTOP_3", section_id);
    let t2 = t2.out.finish();

    let mut t3 = Layer { lot: &lot, key: "SeTOP_3", out: Records::new(&format!("{lot}T3.VEC")), qal: &mut qal };
    let whole = project(&section.polygons)?;
    primitives(&mut t3, &whole.iter().collect::<Vec<_>>());
    let letters = section.code.trim_start_matches('0').to_owned();
    t3.object("SECTION", section_id, &[Attribute::Text("TEX", letters), Attribute::Text("IDU", section_idu)], section.dates);
    t3.label(section_id, "TEX", section.ecriture, projection.point(section.ecriture.at)?);
    t3.shape_link("SECTION", section_id, "PFE", &(0..whole.len()).map(face_id).collect::<Vec<_>>());
    t3.relation("SECTION_COMMUNE", section_id, "SeSPA_1", ids.commune);
    let t3 = t3.out.finish();

    let mut s1 = Layer { lot: &lot, key: "SeSPA_1", out: Records::new(&format!("{lot}S1.VEC")), qal: &mut qal };
    spaghetti::write(&mut s1, commune, feuille, &mut ids, &projection)?;
    let s1 = s1.out.finish();

    let extent = MultiPolygon(outline).bounding_rect().map(|r| (r.min(), r.max())).unwrap_or_default();
    let newest = commune.parcelles.iter().map(|p| p.dates.updated).max().unwrap_or(commune.dates.updated);
    let file = |suffix: &str, bytes: Vec<u8>| LotFile { name: format!("{lot}{suffix}"), bytes };
    Ok(vec![
        LotFile { name: format!("{index}.THF"), bytes: support::thf(&index, &lot, newest) },
        file("S1.VEC", s1),
        file("SE.DIC", dictionary::file(&lot)),
        file("SE.GEN", support::gen_file(&lot, extent.0, extent.1)),
        file("SE.GEO", support::geo_file(&lot, commune.srid)),
        file("SE.QAL", qal.finish()),
        file("SE.SCD", schema::file(&lot)),
        file("T1.VEC", t1),
        file("T2.VEC", t2),
        file("T3.VEC", t3),
    ])
}
