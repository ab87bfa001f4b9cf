//! What a file is, from its first bytes; its name only tells apart what they leave open.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Cause, ImportError};

/// Bytes that are looked at.
const TETE: u64 = 1 << 16;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text in columns.
    Csv,
    /// Spreadsheet of Excel.
    Xlsx,
    /// Spreadsheet of LibreOffice.
    Ods,
    /// OGC GeoPackage.
    GeoPackage,
    /// Shapefile in a ZIP.
    Shapefile,
    /// GeoJSON.
    GeoJson,
    /// Drawing exchange format.
    Dxf,
    /// Plain dump of PostgreSQL.
    Dump,
    /// No file: rows that a program made.
    Memoire,
}

/// A format, or an archive whose members will tell.
pub(crate) enum Reconnu {
    Format(Format),
    Archive,
}

pub(crate) fn reconnait(path: &Path, nom: &str) -> Result<Reconnu, ImportError> {
    let mut lus = Vec::new();
    File::open(path)?.take(TETE).read_to_end(&mut lus)?;
    if lus.is_empty() {
        return Err(Cause::Vide.into());
    }
    refuse(&lus)?;
    if lus.starts_with(b"PK\x03\x04") {
        return Ok(Reconnu::Archive);
    }
    if lus.starts_with(b"SQLite format 3\0") {
        return Ok(Reconnu::Format(Format::GeoPackage));
    }
    let texte = lus.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&lus);
    let format = if texte.trim_ascii_start().starts_with(b"{") {
        Format::GeoJson
    } else if est_un_dessin(texte, nom) {
        Format::Dxf
    } else if est_un_dump(texte, nom) {
        Format::Dump
    } else {
        Format::Csv
    };
    Ok(Reconnu::Format(format))
}

/// Formats that people bring and that are not read, each with what to do of it.
fn refuse(tete: &[u8]) -> Result<(), ImportError> {
    let refus = [
        (&b"\xd0\xcf\x11\xe0"[..], "c'est un classeur Excel d'avant 2007 (XLS)"),
        (b"%PDF", "c'est un document PDF : les tableaux n'y sont que dessinés"),
        (b"PGDMP", "c'est un export de PostgreSQL au format « custom » : refaites-le avec pg_dump --format=plain"),
        (b"\x1f\x8b", "c'est un fichier compressé par gzip : décompressez-le d'abord"),
        (b"7z\xbc\xaf", "c'est une archive 7z : extrayez-en les fichiers d'abord"),
        (b"Rar!", "c'est une archive RAR : extrayez-en les fichiers d'abord"),
        (b"\0\0\x27\x0a", "c'est le .shp seul d'un Shapefile : réunissez .shp, .dbf, .prj et .cpg dans un ZIP"),
        (b"{\\rtf", "c'est un document de traitement de texte"),
        (crate::dxf::BINAIRE, "c'est un dessin DXF binaire : enregistrez-le en DXF ASCII"),
        (b"AC10", "c'est un dessin DWG : enregistrez-le en DXF ASCII"),
        (b"<", "c'est un document XML ou HTML"),
    ];
    match refus.iter().find(|(debut, _)| tete.trim_ascii_start().starts_with(debut) || tete.starts_with(debut)) {
        Some((_, raison)) => Err(Cause::Format(raison).into()),
        None => Ok(()),
    }
}

/// A drawing begins with a section, perhaps after comments (999); its name alone does not make one.
fn est_un_dessin(tete: &[u8], nom: &str) -> bool {
    let mut lignes = tete.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii);
    let dxf = nom.rsplit_once('.').is_some_and(|(_, fin)| fin.eq_ignore_ascii_case("dxf"));
    loop {
        match (lignes.next(), lignes.next()) {
            (Some(b"999"), Some(_)) => {}
            (Some(b"0"), Some(b"SECTION")) => return true,
            _ => return dxf,
        }
    }
}

fn est_un_dump(tete: &[u8], nom: &str) -> bool {
    let contient = |mot: &[u8]| memchr::memmem::find(tete, mot).is_some();
    let sql = nom.rsplit_once('.').is_some_and(|(_, fin)| fin.eq_ignore_ascii_case("sql"));
    contient(b"-- PostgreSQL database dump") || sql
}
