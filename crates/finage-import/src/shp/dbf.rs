//! The table of a Shapefile: dBase III fields of fixed width.

use std::io::Read;

use encoding_rs::{Encoding, WINDOWS_1252};
use time::{Date, Month};

use crate::convertir::{canonique, tableur};
use crate::error::{Cause, ImportError};
use crate::{Cellule, Genre, Limites};

const QUOI: &str = "le fichier .dbf";

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) champs: Vec<Champ>,
    pub(super) lignes: u64,
    pub(super) encodage: Option<&'static Encoding>,
    largeur: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Champ {
    pub(super) nom: String,
    genre: u8,
    debut: usize,
    taille: usize,
    decimales: u8,
}

impl Champ {
    pub(super) fn genre(&self) -> Genre {
        match self.genre {
            b'N' | b'F' if self.decimales == 0 && self.taille < 19 => Genre::Entier,
            b'N' | b'F' => Genre::Decimal,
            b'D' => Genre::Date,
            b'L' => Genre::Booleen,
            _ => Genre::Texte,
        }
    }
}

impl Table {
    /// Reads the head, and leaves the stream before the first row.
    pub(super) fn lire(
        flux: &mut impl Read,
        limites: &Limites,
        cpg: Option<&'static Encoding>,
    ) -> Result<Self, ImportError> {
        let mut tete = [0; 32];
        lire(flux, &mut tete)?;
        let nombre =
            |at: usize| tete.get(at..at + 2).and_then(|deux| deux.try_into().ok()).map_or(0, u16::from_le_bytes);
        let (taille, largeur) = (usize::from(nombre(8)), usize::from(nombre(10)));
        let lignes = tete.get(4..8).and_then(|quatre| quatre.try_into().ok()).map_or(0, u32::from_le_bytes);
        let mut descriptions = vec![0; taille.saturating_sub(32)];
        lire(flux, &mut descriptions)?;
        // The page of DOS that the head names; Windows' own is 3 and 0x57, and whoever wrote neither wrote UTF-8 or 1252.
        let encodage = cpg.or(matches!(tete[29], 0x03 | 0x57).then_some(WINDOWS_1252));
        let mut champs: Vec<Champ> = Vec::new();
        let mut debut = 1;
        for description in descriptions.chunks_exact(32) {
            if description.first() == Some(&b'\r') {
                break;
            }
            let octet = |at: usize| description.get(at).copied().unwrap_or(0);
            let nom: Vec<u8> = description.iter().take(11).copied().take_while(|octet| *octet != 0).collect();
            let nom = texte(&nom, encodage).trim().to_owned();
            let champ = Champ { nom, genre: octet(11), debut, taille: octet(16).into(), decimales: octet(17) };
            debut += champ.taille;
            champs.push(champ);
        }
        if debut > largeur || champs.is_empty() {
            return Err(Cause::illisible(QUOI, "ses champs dépassent ses lignes").into());
        }
        if champs.len() > limites.colonnes {
            return Err(Cause::TropGros { quoi: "le nombre de colonnes", limite: limites.colonnes as u64 }.into());
        }
        // Long texts are in another file, which few have and which is not read.
        champs.retain(|champ| matches!(champ.genre, b'C' | b'N' | b'F' | b'D' | b'L'));
        Ok(Self { champs, lignes: lignes.into(), encodage, largeur })
    }
}

/// A row that was read.
pub(super) enum Rangee {
    Valeurs(Vec<Cellule>),
    /// It is still there, marked as no more.
    Effacee,
    Fin,
}

pub(super) struct Rangees<R> {
    flux: R,
    table: Table,
    lues: u64,
    rangee: Vec<u8>,
}

impl<R: Read> Rangees<R> {
    pub(super) fn new(
        mut flux: R,
        limites: &Limites,
        encodage: Option<&'static Encoding>,
    ) -> Result<Self, ImportError> {
        let table = Table::lire(&mut flux, limites, encodage)?;
        let rangee = vec![0; table.largeur];
        Ok(Self { flux, table, lues: 0, rangee })
    }

    pub(super) fn suivante(&mut self) -> Result<Rangee, ImportError> {
        if self.lues == self.table.lignes {
            return Ok(Rangee::Fin);
        }
        self.lues += 1;
        lire(&mut self.flux, &mut self.rangee)?;
        if self.rangee.first() == Some(&b'*') {
            return Ok(Rangee::Effacee);
        }
        let cellule = |champ: &Champ| {
            let octets = self.rangee.get(champ.debut..champ.debut + champ.taille).unwrap_or_default();
            cellule(champ, octets, self.table.encodage).map_err(|cause| ImportError::from(cause).colonne(&champ.nom))
        };
        self.table.champs.iter().map(cellule).collect::<Result<_, _>>().map(Rangee::Valeurs)
    }
}

fn cellule(champ: &Champ, octets: &[u8], encodage: Option<&'static Encoding>) -> Result<Cellule, Cause> {
    let octets = octets.split(|octet| *octet == 0).next().unwrap_or_default();
    let texte = texte(octets, encodage);
    let texte = texte.trim_end();
    let refus = || Cause::Cellule(texte.trim().chars().take(40).collect());
    Ok(match champ.genre {
        b'C' => Cellule::texte(texte),
        // Stars are what dBase shows of a number that is too wide.
        _ if texte.trim().is_empty() || texte.trim().bytes().all(|octet| octet == b'*') => Cellule::Vide,
        b'N' | b'F' => {
            let nombre = tableur(texte.trim());
            canonique(&nombre).map(Cellule::Nombre).ok_or_else(refus)?
        }
        b'D' if texte.trim() == "00000000" => Cellule::Vide,
        b'D' => date(texte.trim()).map(Cellule::Date).ok_or_else(refus)?,
        _ => match texte.trim() {
            "T" | "t" | "Y" | "y" => Cellule::Booleen(true),
            "F" | "f" | "N" | "n" => Cellule::Booleen(false),
            "?" => Cellule::Vide,
            _ => return Err(refus()),
        },
    })
}

fn date(texte: &str) -> Option<Date> {
    let (annee, mois, jour) = (texte.get(..4)?, texte.get(4..6)?, texte.get(6..)?);
    let mois = Month::try_from(mois.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(annee.parse().ok()?, mois, jour.parse().ok()?).ok()
}

/// The text in the encoding that is told; else in UTF-8, and in Windows-1252 where that is none.
fn texte(octets: &[u8], encodage: Option<&'static Encoding>) -> String {
    match encodage {
        Some(encodage) => encodage.decode_without_bom_handling(octets).0.into_owned(),
        None => match std::str::from_utf8(octets) {
            Ok(texte) => texte.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(octets).0.into_owned(),
        },
    }
}

fn lire(flux: &mut impl Read, tampon: &mut [u8]) -> Result<(), ImportError> {
    flux.read_exact(tampon).map_err(|_| Cause::Tronque(QUOI).into())
}
