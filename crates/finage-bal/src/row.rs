//! One row into an address with its one position, and what is wrong with it.

use std::collections::BTreeMap;

use csv::StringRecord;
use finage_reference::{Idu, Insee};
use geo_types::Coord;
use uuid::Uuid;

use crate::adresse::{Adresse, CommuneDeleguee, IdsBan, Position};
use crate::anomalie::quoted;
use crate::header::Header;
use crate::{Anomalie, Colonne, Gravite, Motif, TypePosition, field};

/// The number that means "no number" (BAL 1.1 and after).
const NO_NUMBER: u32 = 99_999;
/// The largest house number of the standard.
const MAX_NUMBER: u32 = 9_999;
/// Characters of a street's name.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=200;
/// Characters of a repetition index.
const MAX_SUFFIX_CHARS: usize = 9;

/// A row being read.
pub(crate) struct Row<'a> {
    pub record: &'a StringRecord,
    pub header: &'a Header,
    pub line: u64,
    /// What was forgiven so far.
    pub anomalies: &'a mut Vec<Anomalie>,
}

/// What sets the row aside.
type Rejection = (Option<Colonne>, Motif);

impl Row<'_> {
    /// The address; or the anomaly that sets the row aside.
    pub(crate) fn read(mut self) -> Result<Adresse, Anomalie> {
        let line = self.line;
        self.assemble().map_err(|(colonne, motif)| Anomalie { line, gravite: Gravite::Rejetee, colonne, motif })
    }

    fn assemble(&mut self) -> Result<Adresse, Rejection> {
        self.check_width()?;
        let cle_interop = self.cle_interop();
        let insee = self.insee(cle_interop.as_deref())?;
        let voie_nom = self.voie_nom()?;
        let numero = self.numero(cle_interop.as_deref())?;
        let suffixe = self.suffixe(cle_interop.as_deref())?;
        let positions = self.position(numero.is_some())?.into_iter().collect();
        let commune_deleguee = self.commune_deleguee();
        let date_der_maj = self.lenient(Colonne::DateDerMaj, field::date);
        let certification = self.lenient(Colonne::CertificationCommune, field::flag);
        Ok(Adresse {
            line: self.line,
            cle_interop,
            ids_ban: self.ids_ban(numero.is_some()),
            insee,
            commune_nom: self.name(Colonne::CommuneNom),
            commune_deleguee,
            voie_nom,
            voie_nom_langues: self.languages(Colonne::VoieNom),
            lieudit_complement_nom: self.name(Colonne::LieuditComplementNom),
            lieudit_complement_nom_langues: self.languages(Colonne::LieuditComplementNom),
            numero,
            suffixe,
            positions,
            cad_parcelles: self.cad_parcelles(),
            source: self.name(Colonne::Source),
            date_der_maj,
            certification_commune: certification.unwrap_or(false),
        })
    }

    /// The trimmed text of a column, absent when blank.
    fn text(&self, colonne: Colonne) -> Option<&str> {
        self.header
            .index(colonne)
            .and_then(|place| self.record.get(place))
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    fn name(&self, colonne: Colonne) -> Option<String> {
        self.text(colonne).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn note(&mut self, colonne: Option<Colonne>, motif: Motif) {
        self.anomalies.push(Anomalie { line: self.line, gravite: Gravite::Signalee, colonne, motif });
    }

    /// More fields than columns shift everything; fewer are empty ones at the end.
    fn check_width(&mut self) -> Result<(), Rejection> {
        let motif = Motif::Fields { found: self.record.len(), expected: self.header.width };
        match self.record.len().cmp(&self.header.width) {
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Less => {
                self.note(None, motif);
                Ok(())
            }
            std::cmp::Ordering::Greater => Err((None, motif)),
        }
    }

    /// `insee_voie_numero[_suffixe]`, in lower case.
    fn cle_interop(&mut self) -> Option<String> {
        let text = self.text(Colonne::CleInterop)?.to_owned();
        let key = text.to_lowercase();
        let parts: Vec<&str> = key.split('_').collect();
        let shaped = parts.len() >= 3 && parts.iter().all(|part| !part.is_empty());
        let numbered = parts.get(2).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        if !(shaped && numbered) {
            self.note(Some(Colonne::CleInterop), Motif::Invalid(quoted(&text)));
            return None;
        }
        Some(key)
    }

    fn insee(&mut self, cle_interop: Option<&str>) -> Result<Insee, Rejection> {
        if let Some(code) = self.text(Colonne::CommuneInsee) {
            // Spreadsheets eat the leading zero of 01 to 09.
            let padded = if code.len() == 4 { format!("0{code}") } else { code.to_owned() };
            let insee: Insee =
                padded.parse().map_err(|_| (Some(Colonne::CommuneInsee), Motif::Invalid(quoted(code))))?;
            if padded != code {
                let motif = Motif::Nonstandard(quoted(code), padded);
                self.note(Some(Colonne::CommuneInsee), motif);
            }
            return Ok(insee);
        }
        let code = cle_interop.and_then(|key| key.split('_').next()).unwrap_or_default();
        if code.is_empty() {
            return Err((Some(Colonne::CommuneInsee), Motif::Missing));
        }
        code.parse().map_err(|_| (Some(Colonne::CleInterop), Motif::Invalid(quoted(code))))
    }

    fn voie_nom(&mut self) -> Result<String, Rejection> {
        let colonne = Some(Colonne::VoieNom);
        let Some(name) = self.name(Colonne::VoieNom) else {
            return Err((colonne, Motif::Missing));
        };
        if name.contains(char::REPLACEMENT_CHARACTER) {
            return Err((colonne, Motif::Unreadable(quoted(&name))));
        }
        if !NAME_CHARS.contains(&name.chars().count()) {
            return Err((colonne, Motif::Length(quoted(&name))));
        }
        if name.contains('_') {
            let spaced = name.replace('_', " ").split_whitespace().collect::<Vec<_>>().join(" ");
            self.note(colonne, Motif::Nonstandard(quoted(&name), spaced.clone()));
            return Ok(spaced);
        }
        Ok(name)
    }

    fn numero(&mut self, cle_interop: Option<&str>) -> Result<Option<u32>, Rejection> {
        let colonne = Some(Colonne::Numero);
        let Some(text) = self.text(Colonne::Numero) else {
            return Err((colonne, Motif::Missing));
        };
        let invalid = || (colonne, Motif::Invalid(quoted(text)));
        let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 9;
        let numero: u32 = digits.then(|| text.parse().ok()).flatten().ok_or_else(invalid)?;
        if numero > MAX_NUMBER && numero != NO_NUMBER {
            return Err(invalid());
        }
        let told = cle_interop.and_then(|key| key.split('_').nth(2)).and_then(|number| number.parse::<u32>().ok());
        if told.is_some_and(|told| told != numero) {
            let motif = Motif::Incoherent(quoted(text), Colonne::CleInterop);
            self.note(colonne, motif);
        }
        Ok((numero != NO_NUMBER).then_some(numero))
    }

    /// The repetition index; the interoperability key tells it when the column is blank.
    fn suffixe(&mut self, cle_interop: Option<&str>) -> Result<Option<String>, Rejection> {
        let colonne = Some(Colonne::Suffixe);
        let Some(text) = self.text(Colonne::Suffixe) else {
            let told = cle_interop.and_then(|key| key.splitn(4, '_').nth(3)).filter(|told| is_suffix(told));
            if let Some(told) = told {
                self.note(colonne, Motif::FromKey(quoted(told)));
            }
            return Ok(told.map(str::to_owned));
        };
        if text.chars().count() > MAX_SUFFIX_CHARS {
            return Err((colonne, Motif::Length(quoted(text))));
        }
        if !is_suffix(text) {
            return Err((colonne, Motif::Invalid(quoted(text))));
        }
        Ok(Some(text.to_lowercase()))
    }

    /// The row's point; a place without number may have none.
    fn position(&mut self, numbered: bool) -> Result<Option<Position>, Rejection> {
        let kind = self.lenient(Colonne::Position, |text| {
            TypePosition::parse(text).map(|value| field::Read { value, standard: true })
        });
        let lon_lat = self.pair(Colonne::Long, Colonne::Lat)?;
        let xy = self.pair(Colonne::X, Colonne::Y)?;
        if let Some(Coord { x, y }) = lon_lat
            && (x.abs() > 180.0 || y.abs() > 90.0)
        {
            return Err((Some(Colonne::Long), Motif::NotDegrees(format!("{x} ; {y}"))));
        }
        if lon_lat.is_none() && xy.is_none() {
            return if numbered { Err((None, Motif::NoPosition)) } else { Ok(None) };
        }
        Ok(Some(Position { line: self.line, kind, lon_lat, xy }))
    }

    fn pair(&mut self, first: Colonne, second: Colonne) -> Result<Option<Coord<f64>>, Rejection> {
        let (x, y) = (self.ordinate(first)?, self.ordinate(second)?);
        match (x, y) {
            (Some(x), Some(y)) => Ok(Some(Coord { x, y })),
            (None, None) => Ok(None),
            (Some(_), None) => Err((Some(second), Motif::Missing)),
            (None, Some(_)) => Err((Some(first), Motif::Missing)),
        }
    }

    fn ordinate(&mut self, colonne: Colonne) -> Result<Option<f64>, Rejection> {
        let Some(text) = self.text(colonne) else {
            return Ok(None);
        };
        let read = field::decimal(text).ok_or_else(|| (Some(colonne), Motif::Invalid(quoted(text))))?;
        if !read.standard {
            let motif = Motif::Nonstandard(quoted(text), read.value.to_string());
            self.note(Some(colonne), motif);
        }
        Ok(Some(read.value))
    }

    /// An optional value: what can't be understood is left out and told.
    fn lenient<T: Clone + std::fmt::Display>(
        &mut self,
        colonne: Colonne,
        read: impl Fn(&str) -> Option<field::Read<T>>,
    ) -> Option<T> {
        let text = self.text(colonne)?;
        let (value, motif) = match read(text) {
            Some(read) if read.standard => return Some(read.value),
            Some(read) => (Some(read.value.clone()), Motif::Nonstandard(quoted(text), read.value.to_string())),
            None => (None, Motif::Invalid(quoted(text))),
        };
        self.note(Some(colonne), motif);
        value
    }

    fn commune_deleguee(&mut self) -> Option<CommuneDeleguee> {
        let code = self.text(Colonne::CommuneDelegueeInsee)?;
        if let Ok(insee) = code.parse() {
            let nom = self.name(Colonne::CommuneDelegueeNom);
            return Some(CommuneDeleguee { insee, nom });
        }
        let motif = Motif::Invalid(quoted(code));
        self.note(Some(Colonne::CommuneDelegueeInsee), motif);
        None
    }

    fn languages(&self, wanted: Colonne) -> BTreeMap<String, String> {
        let languages = self.header.languages.iter().filter(|(colonne, ..)| *colonne == wanted);
        let name = |place: usize| self.record.get(place).map(str::trim).filter(|name| !matches!(*name, "" | "-"));
        languages.filter_map(|(_, language, place)| Some((language.clone(), name(*place)?.to_owned()))).collect()
    }

    /// Parcels of 14 characters, or 15 as MAJIC has them, between `|`.
    fn cad_parcelles(&mut self) -> Vec<Idu> {
        let text = self.text(Colonne::CadParcelles).unwrap_or_default().to_owned();
        let mut parcels = Vec::new();
        for part in text.split('|').map(str::trim).filter(|part| !part.is_empty()) {
            match part.parse().or_else(|_| Idu::from_majic_key(part).map(|(idu, _)| idu)) {
                Ok(idu) if parcels.contains(&idu) => {}
                Ok(idu) => parcels.push(idu),
                Err(_) => self.note(Some(Colonne::CadParcelles), Motif::Invalid(quoted(part))),
            }
        }
        parcels
    }

    /// The three columns of 1.4, or the marks of `uid_adresse` before.
    fn ids_ban(&mut self, numbered: bool) -> IdsBan {
        let uid = self.text(Colonne::UidAdresse).unwrap_or_default().to_owned();
        let columns = [(Colonne::IdBanCommune, "@c:"), (Colonne::IdBanToponyme, "@v:"), (Colonne::IdBanAdresse, "@a:")];
        let mut told = !uid.is_empty();
        let [commune, toponyme, adresse] = columns.map(|(colonne, mark)| {
            let Some(text) = self.text(colonne) else {
                return field::marked_uuid(&uid, mark);
            };
            told = true;
            let id = Uuid::try_parse(text).ok();
            if id.is_none() {
                let motif = Motif::Invalid(quoted(text));
                self.note(Some(colonne), motif);
            }
            id
        });
        // A place without number has no address identifier; else it is all three, all different, or none.
        let complete = commune.is_some() && toponyme.is_some() && (adresse.is_some() || !numbered);
        let distinct = commune != toponyme && toponyme != adresse && commune != adresse;
        if told && !(complete && distinct) {
            self.note(None, Motif::IdsBan);
        }
        IdsBan { commune, toponyme, adresse }
    }
}

fn is_suffix(text: &str) -> bool {
    let count = text.chars().count();
    count <= MAX_SUFFIX_CHARS && text.starts_with(|first: char| first.is_ascii_alphanumeric())
}
