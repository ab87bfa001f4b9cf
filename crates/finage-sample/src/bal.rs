//! Base Adresse Locale, columns of version 1.4, UTF-8 with a byte order mark, `;`, CRLF.

use std::fmt::Write as _;

use crate::SampleError;
use crate::etalab::iso;
use crate::projection::Projection;
use crate::rng::Rng;
use crate::town::{Adresse, Commune};

/// The header of BAL 1.4 with its optional columns.
pub const HEADER: &str = "cle_interop;id_ban_commune;id_ban_toponyme;id_ban_adresse;voie_nom;lieudit_complement_nom;numero;suffixe;commune_insee;commune_nom;commune_deleguee_insee;commune_deleguee_nom;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune";

/// Name of the file.
#[must_use]
pub fn file_name(insee: &str) -> String {
    format!("bal-{insee}.csv")
}

/// The file's text, byte order mark included.
///
/// # Errors
/// [`SampleError::Projection`] when PROJ refuses a point.
pub fn to_text(seed: u64, commune: &Commune) -> Result<String, SampleError> {
    let degrees = Projection::from_lambert93(4326)?;
    let mut out = format!("\u{feff}{HEADER}\r\n");
    for adresse in &commune.adresses {
        let _ = write!(out, "{}\r\n", line(seed, commune, adresse, &degrees)?);
    }
    Ok(out)
}

fn line(seed: u64, commune: &Commune, a: &Adresse, degrees: &Projection) -> Result<String, SampleError> {
    let position = degrees.point(a.at)?;
    let key = format!("{}_{}_{:05}", commune.insee, code_voie(&commune.insee, &a.nom), a.numero);
    let cle = if a.suffixe.is_empty() { key } else { format!("{key}_{}", a.suffixe) };
    let uuid = |purpose: &str| stable_uuid(seed, &format!("{} {purpose}", commune.insee));
    let address_id = if a.voie.is_some() { uuid(&cle) } else { String::new() };
    let parcelle = a.parcelle.map_or_else(String::new, |i| commune.idu(&commune.parcelles[i]));
    let (ancienne, ancienne_nom) = a
        .parcelle
        .and_then(|i| {
            let prefixe = &commune.sections[commune.parcelles[i].section].prefixe;
            commune.anciennes.iter().find(|old| old.0 == *prefixe)
        })
        .map_or(("", ""), |old| (old.1.as_str(), old.2.as_str()));
    let fields = [
        cle,
        uuid("commune"),
        uuid(&a.nom),
        address_id,
        a.nom.clone(),
        String::new(),
        a.numero.to_string(),
        a.suffixe.clone(),
        commune.insee.clone(),
        commune.nom.clone(),
        ancienne.to_owned(),
        ancienne_nom.to_owned(),
        if a.voie.is_some() { "entrée" } else { "segment" }.to_owned(),
        format!("{:.2}", a.at.x),
        format!("{:.2}", a.at.y),
        format!("{:.7}", position.x),
        format!("{:.7}", position.y),
        parcelle,
        format!("Commune de {}", commune.nom),
        iso(a.date),
        u8::from(a.certifiee).to_string(),
    ];
    Ok(fields.join(";"))
}

/// A code of four characters for a street, as TOPO gives: stable for a name in a commune.
fn code_voie(insee: &str, nom: &str) -> String {
    format!("{:04}", Rng::for_purpose(0, &format!("voie {insee} {nom}")).int(1, 9999))
}

/// A version 4 UUID drawn from the name: stable from one generation to the next.
fn stable_uuid(seed: u64, name: &str) -> String {
    let mut rng = Rng::for_purpose(seed, &format!("uuid {name}"));
    let (a, b) = (rng.next_u64(), rng.next_u64());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xfff,
        8 + (b >> 60 & 3),
        b >> 48 & 0xfff,
        b & 0xffff_ffff_ffff
    )
}
