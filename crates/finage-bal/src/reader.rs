//! A whole file into addresses: rows read one by one, positions of one address gathered.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use finage_reference::{Insee, normalise};
use uuid::Uuid;

use crate::header::{Header, delimiter};
use crate::records::Records;
use crate::row::Row;
use crate::{Adresse, Anomalie, Encoding, FileError, Gravite, Limits, Motif, encoding};

/// What a file holds, and what was wrong in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bal {
    /// The addresses, in the order of their first rows.
    pub adresses: Vec<Adresse>,
    /// What was wrong, row by row, as far as [`Limits::max_anomalies`].
    pub anomalies: Vec<Anomalie>,
    /// All anomalies, those not kept included.
    pub anomaly_count: u64,
    /// Rows under the header, blank ones aside.
    pub rows: u64,
    /// Rows set aside.
    pub rejected_rows: u64,
    /// How the file was written.
    pub encoding: Encoding,
    /// The character between fields.
    pub delimiter: char,
    /// The version of the standard that the columns tell: `1.1` to `1.5`.
    pub version: &'static str,
    /// Columns that are no part of the standard.
    pub unknown_columns: Vec<String>,
}

/// Reads a file.
///
/// # Errors
/// [`FileError`] when it can't be read or is no BAL.
pub fn read_file(path: &Path, limits: &Limits) -> Result<Bal, FileError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let file = File::open(path).map_err(|source| FileError::Io { file: name.to_string(), source })?;
    read(&name, file, limits)
}

/// Reads from any source; `name` is what messages call it.
///
/// # Errors
/// [`FileError`] when it can't be read or is no BAL.
pub fn read(name: &str, source: impl Read, limits: &Limits) -> Result<Bal, FileError> {
    let (text, encoding) = text(name, source, limits)?;
    let delimiter = delimiter(&text);
    let mut records = Records::new(name, &text, delimiter, limits);
    if !records.next(None)? {
        return Err(FileError::Empty { file: name.to_owned() });
    }
    let header = Header::read(name, records.record.iter(), limits)?;
    let mut gathering = Gathering::new(limits.max_anomalies);
    while records.next(Some(header.width))? {
        let record = &records.record;
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        gathering.rows += 1;
        if gathering.rows > limits.max_rows {
            return Err(too_big(name, "le nombre de lignes", limits.max_rows));
        }
        let mut noted = Vec::new();
        let row = Row { record, header: &header, line: records.line, anomalies: &mut noted };
        let read = row.read();
        for anomalie in noted {
            gathering.note(anomalie);
        }
        match read {
            Ok(adresse) => gathering.add(adresse),
            Err(anomalie) => {
                gathering.rejected_rows += 1;
                gathering.note(anomalie);
            }
        }
    }
    if gathering.rows == 0 {
        return Err(FileError::Empty { file: name.to_owned() });
    }
    for adresse in &mut gathering.adresses {
        // Stable: rows of one kind keep their order; a kind that isn't told comes last.
        adresse.positions.sort_by_key(|position| (position.kind.is_none(), position.kind));
    }
    Ok(Bal {
        adresses: gathering.adresses,
        anomalies: gathering.anomalies,
        anomaly_count: gathering.anomaly_count,
        rows: gathering.rows,
        rejected_rows: gathering.rejected_rows,
        encoding,
        delimiter: char::from(delimiter),
        version: header.version(),
        unknown_columns: header.unknown,
    })
}

fn text(name: &str, source: impl Read, limits: &Limits) -> Result<(String, Encoding), FileError> {
    let mut bytes = Vec::new();
    let read = source.take(limits.max_bytes.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|source| FileError::Io { file: name.to_owned(), source })?;
    if bytes.len() as u64 > limits.max_bytes {
        return Err(too_big(name, "la taille (en octets)", limits.max_bytes));
    }
    encoding::decode(bytes).ok_or_else(|| FileError::Binary { file: name.to_owned() })
}

fn too_big(name: &str, what: &'static str, limit: u64) -> FileError {
    FileError::TooBig { file: name.to_owned(), what, limit }
}

/// What makes two rows one address.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Ban(Uuid),
    Name {
        insee: Insee,
        deleguee: Option<Insee>,
        voie: String,
        lieudit: String,
        numero: Option<u32>,
        suffixe: Option<String>,
    },
}

/// Addresses and anomalies as the rows come.
struct Gathering {
    adresses: Vec<Adresse>,
    places: HashMap<Key, usize>,
    anomalies: Vec<Anomalie>,
    anomaly_count: u64,
    max_anomalies: usize,
    rows: u64,
    rejected_rows: u64,
}

impl Gathering {
    fn new(max_anomalies: usize) -> Self {
        Self {
            adresses: Vec::new(),
            places: HashMap::new(),
            anomalies: Vec::new(),
            anomaly_count: 0,
            max_anomalies,
            rows: 0,
            rejected_rows: 0,
        }
    }

    fn note(&mut self, anomalie: Anomalie) {
        self.anomaly_count += 1;
        if self.anomalies.len() < self.max_anomalies {
            self.anomalies.push(anomalie);
        }
    }

    /// A new address, or one more position of a known one.
    fn add(&mut self, adresse: Adresse) {
        let place = *self.places.entry(key(&adresse)).or_insert(self.adresses.len());
        let Some(known) = self.adresses.get_mut(place) else {
            self.adresses.push(adresse);
            return;
        };
        for idu in adresse.cad_parcelles {
            if !known.cad_parcelles.contains(&idu) {
                known.cad_parcelles.push(idu);
            }
        }
        let mut repeated = adresse.positions.is_empty().then_some(known.line);
        for position in adresse.positions {
            let same = known
                .positions
                .iter()
                .find(|old| (old.kind, old.lon_lat, old.xy) == (position.kind, position.lon_lat, position.xy));
            match same {
                Some(old) => repeated = Some(old.line),
                None => known.positions.push(position),
            }
        }
        if let Some(first) = repeated {
            let motif = Motif::Duplicate(first);
            self.note(Anomalie { line: adresse.line, gravite: Gravite::Signalee, colonne: None, motif });
        }
    }
}

fn key(adresse: &Adresse) -> Key {
    if let Some(id) = adresse.ids_ban.adresse {
        return Key::Ban(id);
    }
    Key::Name {
        insee: adresse.insee,
        deleguee: adresse.commune_deleguee.as_ref().map(|deleguee| deleguee.insee),
        voie: normalise(&adresse.voie_nom),
        lieudit: adresse.lieudit_complement_nom.as_deref().map(normalise).unwrap_or_default(),
        numero: adresse.numero,
        suffixe: adresse.suffixe.clone(),
    }
}
