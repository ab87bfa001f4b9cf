//! Files with known faults, and what an import must answer: one object in twenty, drawn by the seed.
//!
//! They are derived from the good files of Saint-Cyprin-les-Vignes. `reponses.json` names each fault:
//! file, object, cause, treatment.

mod bal;
mod edigeo;
mod parcels;

use serde_json::{Value, json};

use crate::output::SampleFile;
use crate::rng::Rng;
use crate::{SampleError, Town, etalab};

/// What an import must do with a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Traitement {
    /// Nothing of the file comes in.
    RefusFichier,
    /// The object is set aside, the rest comes in.
    Quarantaine,
    /// The object comes in, mended, and the report says so.
    Reparation,
    /// The object comes in as it is, and the report lists it.
    Anomalie,
}

/// A fault and its expected answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// File, under `defauts/`.
    pub fichier: String,
    /// Object: idu, line of a BAL, EDIGEO identifier; `None` for a whole file.
    pub objet: Option<String>,
    /// Cause code.
    pub cause: &'static str,
    /// Expected treatment.
    pub traitement: Traitement,
    /// One French sentence.
    pub detail: String,
}

/// One object in twenty.
pub(crate) const ONE_IN: usize = 20;

/// All the files of `defauts/`, the answers last.
///
/// # Errors
/// [`SampleError`] when a projection or a compression fails.
pub fn files(town: &Town) -> Result<Vec<SampleFile>, SampleError> {
    let Some(commune) = town.communes.last() else {
        return Ok(Vec::new());
    };
    let mut answers = Vec::new();
    let mut out = Vec::new();
    geojson(town.seed, commune, &mut out, &mut answers)?;
    edigeo::files(town.seed, commune, &mut out, &mut answers)?;
    bal::files(town.seed, commune, &mut out, &mut answers)?;
    let list: Vec<Value> = answers.iter().map(to_json).collect();
    let text = serde_json::to_string_pretty(&json!({"graine": town.seed, "reponses": list})).unwrap_or_default();
    out.push(SampleFile { path: "defauts/reponses.json".to_owned(), bytes: (text + "\n").into_bytes() });
    Ok(out)
}

fn to_json(answer: &Answer) -> Value {
    let traitement = match answer.traitement {
        Traitement::RefusFichier => "refus_fichier",
        Traitement::Quarantaine => "quarantaine",
        Traitement::Reparation => "reparation",
        Traitement::Anomalie => "anomalie",
    };
    json!({"fichier": answer.fichier, "objet": answer.objet, "cause": answer.cause, "traitement": traitement, "detail": answer.detail})
}

/// `count` different indexes under `len`, in increasing order.
pub(crate) fn draw(rng: &mut Rng, len: usize, count: usize) -> Vec<usize> {
    let mut chosen = std::collections::BTreeSet::new();
    while chosen.len() < count.min(len) {
        let last = u32::try_from(len.saturating_sub(1)).unwrap_or(u32::MAX);
        chosen.insert(usize::try_from(rng.int(0, last)).unwrap_or(0));
    }
    chosen.into_iter().collect()
}

/// The parcels as GeoJSON: one file with faulty objects, one in the wrong coordinate system.
fn geojson(
    seed: u64,
    commune: &crate::town::Commune,
    out: &mut Vec<SampleFile>,
    answers: &mut Vec<Answer>,
) -> Result<(), SampleError> {
    let degrees = crate::projection::Projection::from_lambert93(4326)?;
    let name = etalab::file_name(&commune.insee, "parcelles");
    let mut rng = Rng::for_purpose(seed, "defauts geojson");
    let tampered = parcels::tamper(commune, 0..commune.parcelles.len(), &mut rng);
    let mut features =
        etalab::layers(&tampered.commune).into_iter().find(|l| l.0 == "parcelles").map(|l| l.1).unwrap_or_default();
    for fault in &tampered.faults {
        if fault.cause == parcels::IDU_MANQUANT {
            features[fault.parcelle].id = None;
            features[fault.parcelle].properties.remove("id");
        }
        let nameless = fault.cause == parcels::IDU_MANQUANT;
        let objet = if nameless { format!("ligne {}", fault.parcelle + 2) } else { fault.object(&tampered.commune) };
        answers.push(fault.answer(&name, objet));
    }
    let bytes = etalab::gzip(etalab::to_text(&features, &degrees)?.as_bytes());
    out.push(SampleFile { path: format!("defauts/{name}"), bytes });

    let metres = crate::projection::Projection::from_lambert93(2154)?;
    let name = format!("cadastre-{}-sections-lambert93.json.gz", commune.insee);
    let sections = etalab::layers(commune).into_iter().find(|l| l.0 == "sections").map(|l| l.1).unwrap_or_default();
    let bytes = etalab::gzip(etalab::to_text(&sections, &metres)?.as_bytes());
    out.push(SampleFile { path: format!("defauts/{name}"), bytes });
    answers.push(Answer {
        fichier: name,
        objet: None,
        cause: "crs_errone",
        traitement: Traitement::RefusFichier,
        detail: "Les coordonnées sont en Lambert-93 (mètres) et non en longitude et latitude.".to_owned(),
    });
    Ok(())
}
