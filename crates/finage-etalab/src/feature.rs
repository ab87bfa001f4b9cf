//! One raw feature into a typed one.

use finage_reference::{FeuilleId, Idu, Insee, Prefixe, SectionId};
use geo_types::MultiPolygon;

use crate::geometry::{Refusal, geometry};
use crate::json::{Cursor, SyntaxError};
use crate::properties::{Properties, Value};
use crate::record::{
    Batiment, Commune, Feature, Feuille, LieuDit, Parcelle, PrefixeSection, Record, Section, SubdivisionFiscale,
    TypeBatiment,
};
use crate::{FeatureError, Layer, Problem, crs};

/// Reads one feature; `layer` when it is known, else its properties tell it.
///
/// # Errors
/// [`FeatureError`] names the object and what is wrong with it; see [`FeatureError::is_fatal`] for what
/// concerns the whole file.
pub fn parse_feature(json: &[u8], layer: Option<Layer>) -> Result<Feature, FeatureError> {
    let mut members = Members::default();
    let read = members.read(&mut Cursor::new(json));
    let named = |members: &Members<'_>, problem| FeatureError { object: members.object(layer), problem };
    if let Err(SyntaxError { offset, expected }) = read {
        return Err(named(&members, Problem::Syntax { offset, expected }));
    }
    members.assemble(layer).map_err(|problem| named(&members, problem))
}

/// The members of a feature, in whatever order they came.
#[derive(Default)]
struct Members<'a> {
    kind: Value<'a>,
    id: Value<'a>,
    properties: Properties<'a>,
    geometry: Option<Result<MultiPolygon<f64>, Problem>>,
    crs: Option<Problem>,
}

impl<'a> Members<'a> {
    fn read(&mut self, cursor: &mut Cursor<'a>) -> Result<(), SyntaxError> {
        cursor.expect(b'{', "un objet")?;
        if cursor.take(b'}') {
            return Ok(());
        }
        loop {
            match cursor.key()?.as_ref() {
                "geometry" => self.geometry = Some(geometry_or_problem(cursor)?),
                "properties" => self.properties = Properties::read(cursor)?,
                "id" => self.id = Value::read(cursor)?,
                "type" => self.kind = Value::read(cursor)?,
                "crs" => self.crs = crs::member(cursor)?.err(),
                _ => cursor.skip_value()?,
            }
            if !cursor.more(b'}', "« , » ou « } »")? {
                break;
            }
        }
        if cursor.peek().is_some() { cursor.fail("la fin de l'objet") } else { Ok(()) }
    }

    fn assemble(&mut self, layer: Option<Layer>) -> Result<Feature, Problem> {
        if self.kind.text() != Some("Feature") {
            return Err(Problem::NotAFeature(self.kind.shown()));
        }
        if let Some(problem) = self.crs.take() {
            return Err(problem);
        }
        self.merge_ids()?;
        let geometry = self.geometry.take().unwrap_or(Err(Problem::NoGeometry))?;
        let layer = layer.or_else(|| Layer::of(&self.properties)).ok_or(Problem::UnknownLayer)?;
        Ok(Feature {
            geometry,
            record: record(layer, &self.properties)?,
            created: self.properties.created.date("created")?,
            updated: self.properties.updated.date("updated")?,
        })
    }

    /// `properties.id`, or else the feature's own `id`; they may not differ.
    fn merge_ids(&mut self) -> Result<(), Problem> {
        match (self.properties.id.text(), self.id.text()) {
            (Some(inner), Some(outer)) if inner != outer && outer.len() == inner.len() => {
                Err(Problem::Incoherent { name: "id", value: self.id.shown() })
            }
            // A shorter or longer outer id is a row number that some tools add.
            (Some(_), _) => Ok(()),
            (None, _) => {
                if matches!(&self.id, Value::Text(_)) {
                    self.properties.id = std::mem::take(&mut self.id);
                }
                Ok(())
            }
        }
    }

    /// The object as a French sentence names it.
    fn object(&self, layer: Option<Layer>) -> String {
        let layer = layer.or_else(|| Layer::of(&self.properties));
        let id = self.properties.id.text().or(self.id.text());
        let id = id
            .or_else(|| self.properties.parcelle.text())
            .or_else(|| self.properties.nom.text())
            .map(crate::error::quoted);
        let kind = match layer {
            Some(Layer::Communes) => "la commune",
            Some(Layer::PrefixesSections) => "le préfixe de section",
            Some(Layer::Sections) => "la section",
            Some(Layer::Feuilles) => "la feuille",
            Some(Layer::Parcelles) => "la parcelle",
            Some(Layer::Batiments) => "le bâtiment",
            Some(Layer::LieuxDits) => "le lieu-dit",
            Some(Layer::SubdivisionsFiscales) => "la subdivision fiscale",
            None => "l'objet",
        };
        id.map_or_else(|| format!("{kind} sans identifiant"), |id| format!("{kind} {id}"))
    }
}

/// The geometry or what is wrong with it, the cursor after it in both cases.
fn geometry_or_problem(cursor: &mut Cursor<'_>) -> Result<Result<MultiPolygon<f64>, Problem>, SyntaxError> {
    let start = *cursor;
    match geometry(cursor) {
        Ok(surface) => Ok(Ok(surface)),
        Err(Refusal::Syntax(error)) => Err(error),
        Err(Refusal::Problem(problem)) => {
            *cursor = start;
            let skipped = cursor.skip_value();
            match (&problem, skipped) {
                // NaN and Infinity are no JSON: the object is lost, the file need not be.
                (Problem::NotFinite, Err(_)) => skip_balanced(cursor, start)?,
                (_, skipped) => skipped?,
            }
            Ok(Err(problem))
        }
    }
}

/// Passes over an object by its brackets alone, its words being no JSON.
fn skip_balanced<'a>(cursor: &mut Cursor<'a>, start: Cursor<'a>) -> Result<(), SyntaxError> {
    *cursor = start;
    let mut depth = 0_usize;
    loop {
        match cursor.peek() {
            Some(b'"') => {
                cursor.string()?;
                continue;
            }
            Some(b'{' | b'[') => depth += 1,
            Some(b'}' | b']') => depth = depth.saturating_sub(1),
            Some(_) => {}
            None => return cursor.fail("la fin de la géométrie"),
        }
        cursor.at += 1;
        if depth == 0 {
            return Ok(());
        }
    }
}

fn record(layer: Layer, properties: &Properties<'_>) -> Result<Record, Problem> {
    Ok(match layer {
        Layer::Communes => Record::Commune(Commune { insee: id(properties)?, nom: properties.nom.name() }),
        Layer::PrefixesSections => prefixe_section(properties)?,
        Layer::Sections => {
            let id: SectionId = id(properties)?;
            coherent("commune", &properties.commune, id.insee().as_str())?;
            coherent("prefixe", &properties.prefixe, id.prefixe().as_str())?;
            coherent("code", &properties.code, id.section().short())?;
            Record::Section(Section { id })
        }
        Layer::Feuilles => {
            let id: FeuilleId = id(properties)?;
            coherent("commune", &properties.commune, id.insee().as_str())?;
            coherent("prefixe", &properties.prefixe, id.prefixe().as_str())?;
            coherent("section", &properties.section, id.section().short())?;
            coherent("numero", &properties.numero, id.feuille())?;
            Record::Feuille(Feuille {
                id,
                qualite: properties.qualite.name(),
                mode_confection: properties.mode_confection.name(),
                echelle: properties.echelle.whole("echelle")?,
            })
        }
        Layer::Parcelles => {
            let idu: Idu = id(properties)?;
            coherent("commune", &properties.commune, idu.insee().as_str())?;
            coherent("prefixe", &properties.prefixe, idu.prefixe().as_str())?;
            coherent("section", &properties.section, idu.section().short())?;
            coherent("numero", &properties.numero, idu.numero().short())?;
            Record::Parcelle(Parcelle {
                idu,
                contenance: properties.contenance.whole("contenance")?,
                arpente: properties.arpente.flag("arpente")?.unwrap_or(false),
            })
        }
        Layer::Batiments => Record::Batiment(Batiment {
            insee: commune(properties)?,
            kind: match properties.kind.text() {
                Some("01" | "1") => Some(TypeBatiment::Dur),
                Some("02" | "2") => Some(TypeBatiment::Leger),
                Some(_) => return Err(properties.kind.bad("type")),
                None => None,
            },
            nom: properties.nom.name(),
        }),
        Layer::LieuxDits => Record::LieuDit(LieuDit { insee: commune(properties)?, nom: properties.nom.name() }),
        Layer::SubdivisionsFiscales => Record::SubdivisionFiscale(SubdivisionFiscale {
            parcelle: properties.parcelle.text().map(str::parse).transpose()?,
            lettre: properties.lettre.name(),
        }),
    })
}

fn prefixe_section(properties: &Properties<'_>) -> Result<Record, Problem> {
    let text = properties.id.text().ok_or(Problem::MissingId)?;
    let (code, prefixe) = text.split_at_checked(5).ok_or_else(|| properties.id.bad("id"))?;
    let (insee, prefixe): (Insee, Prefixe) = (code.parse()?, prefixe.parse()?);
    coherent("commune", &properties.commune, insee.as_str())?;
    coherent("prefixe", &properties.prefixe, prefixe.as_str())?;
    let ancienne = properties.ancienne.insee("ancienne")?;
    Ok(Record::PrefixeSection(PrefixeSection { insee, prefixe, ancienne, nom: properties.nom.name() }))
}

fn id<T: std::str::FromStr<Err = finage_reference::ReferenceError>>(properties: &Properties<'_>) -> Result<T, Problem> {
    Ok(properties.id.text().ok_or(Problem::MissingId)?.parse()?)
}

fn commune(properties: &Properties<'_>) -> Result<Insee, Problem> {
    properties.commune.insee("commune")?.ok_or(Problem::MissingProperty("commune"))
}

/// A part told beside the identifier must be the identifier's, zeros in front aside.
fn coherent(name: &'static str, value: &Value<'_>, part: &str) -> Result<(), Problem> {
    let same = value.text().is_none_or(|told| {
        told == part || told.trim_start_matches('0').eq_ignore_ascii_case(part.trim_start_matches('0'))
    });
    if same { Ok(()) } else { Err(Problem::Incoherent { name, value: value.shown() }) }
}
