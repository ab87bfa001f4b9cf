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
use crate::town::{Commune, Feuille, Section};

/// Objects of a lot that others refer to.
pub struct Ids {
    pub commune: u64,
    section: u64,
    sheet: u64,
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
    let base = (u64::try_from(feuille).unwrap_or(0) + 1) * 100_000;
    let writer = Writer {
        commune,
        feuille,
        sheet,
        section,
        // The department is not in the identifiers of the plan.
        section_idu: format!("{}{}{}", &commune.insee[2..], section.prefixe, section.code),
        projection: Projection::from_lambert93(commune.srid)?,
    };
    let mut ids = Ids { commune: base, section: base + 1, sheet: base + 2, parcelles: BTreeMap::new(), next: base + 2 };
    let echelle = writer.sheet.quality.echelle;
    let mut qal = Records::new(&format!("{lot}SE.QAL"));
    let mut layer =
        |key: &'static str, suffix: &str, fill: &mut dyn FnMut(&mut Layer<'_>) -> Result<(), SampleError>| {
            let name = format!("{lot}{suffix}");
            let mut layer = Layer { lot: &lot, key, echelle, out: Records::new(&name), qal: &mut qal };
            fill(&mut layer)?;
            Ok::<_, SampleError>(LotFile { name, bytes: layer.out.finish() })
        };
    let t1 = layer("SeTOP_1", "T1.VEC", &mut |l| writer.parcelles(l, &mut ids))?;
    let t2 = layer("SeTOP_2", "T2.VEC", &mut |l| writer.feuille(l, &ids))?;
    let t3 = layer("SeTOP_3", "T3.VEC", &mut |l| writer.section(l, &ids))?;
    let s1 = layer("SeSPA_1", "S1.VEC", &mut |l| spaghetti::write(l, commune, feuille, &mut ids, &writer.projection))?;
    let (min, max) = writer.extent()?;
    let file = |suffix: &str, bytes: Vec<u8>| LotFile { name: format!("{lot}{suffix}"), bytes };
    Ok(vec![
        LotFile { name: format!("{index}.THF"), bytes: support::thf(&index, &lot, writer.edition()) },
        s1,
        file("SE.DIC", dictionary::file(&lot)),
        file("SE.GEN", support::gen_file(&lot, min, max)),
        file("SE.GEO", support::geo_file(&lot, commune.srid)),
        file("SE.QAL", qal.finish()),
        file("SE.SCD", schema::file(&lot)),
        t1,
        t2,
        t3,
    ])
}

struct Writer<'c> {
    commune: &'c Commune,
    feuille: usize,
    sheet: &'c Feuille,
    section: &'c Section,
    section_idu: String,
    projection: Projection,
}

impl Writer<'_> {
    fn project(&self, polygons: &[Polygon<f64>]) -> Result<Vec<Polygon<f64>>, SampleError> {
        polygons.iter().map(|p| self.projection.polygon(p)).collect()
    }

    fn parcelles(&self, layer: &mut Layer<'_>, ids: &mut Ids) -> Result<(), SampleError> {
        let own: Vec<usize> =
            (0..self.commune.parcelles.len()).filter(|n| self.commune.parcelles[*n].feuille == self.feuille).collect();
        let shapes = own
            .iter()
            .map(|n| self.projection.polygon(&self.commune.parcelles[*n].polygon))
            .collect::<Result<Vec<_>, _>>()?;
        primitives(layer, &shapes.iter().collect::<Vec<_>>());
        for (face, number) in own.iter().enumerate() {
            let parcelle = &self.commune.parcelles[*number];
            let id = ids.fresh();
            ids.parcelles.insert(*number, id);
            let idu = format!("{}{:04}", self.section_idu, parcelle.numero);
            layer.object("PARCELLE", id, &parcel_attributes(&idu, parcelle), parcelle.dates);
            let at = self.projection.point(parcelle.ecriture.at)?;
            layer.label(id, "TEX", &parcelle.numero.to_string(), parcelle.ecriture, at);
            layer.shape_link("PARCELLE", id, "PFE", &[face_id(face)]);
        }
        for id in ids.parcelles.values() {
            layer.relation("PARCELLE_SUBDSECT", *id, "SeTOP_2", ids.sheet);
        }
        Ok(())
    }

    fn feuille(&self, layer: &mut Layer<'_>, ids: &Ids) -> Result<(), SampleError> {
        let outline = self.project(&self.sheet.polygons)?;
        primitives(layer, &outline.iter().collect::<Vec<_>>());
        let idu = format!("{}{:02}", self.section_idu, self.sheet.numero);
        let attributes = sheet_attributes(&idu, &self.sheet.quality);
        layer.object("SUBDSECT", ids.sheet, &attributes, self.sheet.dates);
        let faces: Vec<String> = (0..outline.len()).map(face_id).collect();
        layer.shape_link("SUBDSECT", ids.sheet, "PFE", &faces);
        layer.relation("SUBDSECT_SECTION", ids.sheet, "SeTOP_3", ids.section);
        Ok(())
    }

    fn section(&self, layer: &mut Layer<'_>, ids: &Ids) -> Result<(), SampleError> {
        let outline = self.project(&self.section.polygons)?;
        primitives(layer, &outline.iter().collect::<Vec<_>>());
        let attributes = [
            Attribute::Text("TEX", self.section.code.trim_start_matches('0').to_owned()),
            Attribute::Text("IDU", self.section_idu.clone()),
        ];
        layer.object("SECTION", ids.section, &attributes, self.section.dates);
        let at = self.projection.point(self.section.ecriture.at)?;
        layer.label(ids.section, "TEX", self.section.code.trim_start_matches('0'), self.section.ecriture, at);
        let faces: Vec<String> = (0..outline.len()).map(face_id).collect();
        layer.shape_link("SECTION", ids.section, "PFE", &faces);
        layer.relation("SECTION_COMMUNE", ids.section, "SeSPA_1", ids.commune);
        Ok(())
    }

    fn extent(&self) -> Result<(crate::geometry::Pt, crate::geometry::Pt), SampleError> {
        let outline = MultiPolygon(self.project(&self.sheet.polygons)?);
        Ok(outline.bounding_rect().map(|r| (r.min(), r.max())).unwrap_or_default())
    }

    /// Date of the lot: the last update of the commune's parcels, AAAAMMJJ.
    fn edition(&self) -> u32 {
        let parcels = self.commune.parcelles.iter().map(|p| p.dates.updated);
        parcels.max().unwrap_or(self.commune.dates.updated)
    }
}
