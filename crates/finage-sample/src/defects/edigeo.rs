//! Faulty EDIGEO lots: objects of one, whole archives of others.

use super::parcels::{IDU_MANQUANT, NOEUD_PAPILLON, tamper};
use super::{Answer, Traitement};
use crate::SampleError;
use crate::edigeo::{LotFile, archive, archive_name, lot_files};
use crate::output::SampleFile;
use crate::rng::Rng;
use crate::town::Commune;

/// Adds the lots to `out` and their answers.
pub fn files(
    seed: u64,
    commune: &Commune,
    out: &mut Vec<SampleFile>,
    answers: &mut Vec<Answer>,
) -> Result<(), SampleError> {
    objects(seed, commune, out, answers)?;
    let Some(smallest) =
        (0..commune.feuilles.len()).min_by_key(|f| commune.parcelles.iter().filter(|p| p.feuille == *f).count())
    else {
        return Ok(());
    };
    let files = lot_files(commune, smallest)?;
    let name = archive_name(commune, &commune.feuilles[smallest]);
    let stem = name.trim_end_matches(".tar.bz2");
    let without = |suffix: &str| files.iter().filter(|f| !f.name.ends_with(suffix)).cloned().collect::<Vec<_>>();
    let mut add = |case: &str, bytes: Vec<u8>, cause: &'static str, detail: &str| {
        let fichier = format!("{stem}-{case}.tar.bz2");
        out.push(SampleFile { path: format!("defauts/{fichier}"), bytes });
        answers.push(Answer {
            fichier,
            objet: None,
            cause,
            traitement: Traitement::RefusFichier,
            detail: detail.to_owned(),
        });
    };
    add("sans-thf", archive(&name, &without(".THF"))?, "thf_absent", "Le lot n'a pas de fichier THF.");
    add(
        "sans-t1",
        archive(&name, &without("T1.VEC"))?,
        "fichier_absent",
        "Le fichier T1.VEC annoncé par le THF manque.",
    );
    let whole = archive(&name, &files)?;
    add("tronquee", whole[..whole.len() * 3 / 5].to_vec(), "archive_tronquee", "L'archive est coupée avant sa fin.");
    let lost: Vec<LotFile> =
        files.iter().map(|f| if f.name.ends_with("SE.GEO") { elsewhere(f) } else { f.clone() }).collect();
    add(
        "crs-inconnu",
        archive(&name, &lost)?,
        "crs_inconnu",
        "Le système de référence annoncé par le fichier GEO n'existe pas.",
    );
    Ok(())
}

/// A reference system that nobody knows, of the same length.
fn elsewhere(file: &LotFile) -> LotFile {
    let text: String = file.bytes.iter().map(|b| char::from(*b)).collect();
    LotFile { name: file.name.clone(), bytes: text.replace("RGF93CC44", "NULLEPART").into_bytes() }
}

/// One parcel in twenty of a feuille of the absorbed commune, each kind of fault at least once.
fn objects(
    seed: u64,
    commune: &Commune,
    out: &mut Vec<SampleFile>,
    answers: &mut Vec<Answer>,
) -> Result<(), SampleError> {
    let Some(feuille) =
        (0..commune.feuilles.len()).find(|f| commune.sections[commune.feuilles[*f].section].prefixe != "000")
    else {
        return Ok(());
    };
    let own = |n: &usize| commune.parcelles[*n].feuille == feuille;
    let first = (0..commune.parcelles.len()).find(own).unwrap_or(0);
    let last = (0..commune.parcelles.len()).rfind(own).map_or(first, |l| l + 1);
    let mut rng = Rng::for_purpose(seed, "defauts edigeo");
    let tampered = tamper(commune, first..last, &mut rng);
    let name = archive_name(commune, &commune.feuilles[feuille]);
    let mut files = lot_files(&tampered.commune, feuille)?;
    for fault in &tampered.faults {
        let idu = fault.object(&tampered.commune);
        let mut objet = idu.clone();
        if fault.cause == IDU_MANQUANT
            && let Some(file) = files.iter_mut().find(|f| f.name.ends_with("T1.VEC"))
            && let Some(rid) = forget_idu(file, &idu[2..])
        {
            objet = rid;
        }
        let mut answer = fault.answer(&name, objet);
        // The sides of the arcs contradict each other: a topological format leaves nothing to repair.
        if fault.cause == NOEUD_PAPILLON {
            answer.traitement = Traitement::Quarantaine;
        }
        answers.push(answer);
    }
    out.push(SampleFile { path: format!("defauts/{name}"), bytes: archive(&name, &files)? });
    Ok(())
}

/// Takes the IDU out of a parcel's block; returns the object's identifier.
fn forget_idu(file: &mut LotFile, idu: &str) -> Option<String> {
    let text: String = file.bytes.iter().map(|b| char::from(*b)).collect();
    let value = text.find(&format!("ATVST12:{idu}\r\n"))?;
    let start = text[..value].rfind("ATPCP")?;
    let end = value + text[value..].find("\r\n")? + 2;
    let block = text[..start].rfind("RTYSA03:FEA")?;
    let rid_line = text[block..].find("RIDSA")? + block;
    let rid = text[rid_line..].lines().next()?.split_once(':')?.1.to_owned();
    let count = text[block..].find("ATCSN01:")? + block + "ATCSN01:".len();
    let attributes: u32 = text[count..=count].parse().ok()?;
    let mended = format!("{}{}{}{}", &text[..count], attributes - 1, &text[count + 1..start], &text[end..]);
    file.bytes = mended.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    Some(rid)
}
