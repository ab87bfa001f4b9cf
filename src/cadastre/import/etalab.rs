//! Etalab GeoJSON files as rows of the cadastre's tables.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use finage_etalab::{Feature, FileError, Layer, Limits, RawBatch, Reader, Record, TypeBatiment, parse_feature};
use finage_reference::Idu;
use geo_types::Geometry;
use sha2::{Digest as _, Sha256};
use time::Date;
use tokio::sync::mpsc::Sender;

use super::report::{Anomalie, Traitement};
use super::sink::{Converter, Message, Portee, Sink, file_name};
use super::table::Table;
use super::{ImportError, sink};
use crate::db::copy::{Cell, civil};

/// SRID of the files: longitude and latitude.
const WGS84: u32 = 4326;
/// Threads that parse and project, beside the one that reads.
const PARSERS: usize = 2;
/// Bytes of JSON handed to a parser at a time.
const BATCH_BYTES: usize = 512 << 10;

/// Reads files in turn; returns the latest update date met.
pub(super) fn read(paths: &[PathBuf], srid: u32, sender: &Sender<Message>) -> Result<Option<Date>, ImportError> {
    let mut latest = None;
    for path in paths {
        latest = latest.max(file(path, srid, sender)?);
    }
    Ok(latest)
}

type Batches = Arc<Mutex<Receiver<RawBatch>>>;

fn file(path: &std::path::Path, srid: u32, sender: &Sender<Message>) -> Result<Option<Date>, ImportError> {
    let mut reader = Reader::open(path, Limits::default()).map_err(|error| refused(&error))?;
    let (layer, name) = (reader.layer(), file_name(path));
    // An empty layer of a named commune replaces that layer all the same.
    let named = reader.commune().map(|insee| insee.canonique().to_string());
    let (batches, received) = sync_channel::<RawBatch>(PARSERS * 2);
    let received: Batches = Arc::new(Mutex::new(received));
    std::thread::scope(|scope| {
        let parsers: Vec<_> = (0..PARSERS)
            .map(|_| {
                let (received, name) = (Arc::clone(&received), name.as_str());
                scope.spawn(move || -> Result<Parts, ImportError> {
                    let mut parser = Parser::new(name, srid, sender);
                    loop {
                        let batch = received.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok(batch) = batch else {
                            return parser.finish();
                        };
                        parser.batch(&batch, layer)?;
                    }
                })
            })
            .collect();
        drop(received);
        let mut done = 0;
        let read = loop {
            match reader.next_batch(BATCH_BYTES) {
                Ok(Some(batch)) => {
                    if batches.send(batch).is_err() {
                        break Ok(());
                    }
                    let now = reader.bytes_read();
                    if sender.blocking_send(Message::Avance(now - done)).is_err() {
                        break Ok(());
                    }
                    done = now;
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(refused(&error)),
            }
        };
        drop(batches);
        let mut parts = Parts::default();
        let mut result = read;
        for parser in parsers {
            let parsed = parser.join().map_err(|_| ImportError::Thread(name.clone())).and_then(|parsed| parsed);
            match parsed {
                Ok(part) => parts.merge(part),
                Err(error) => result = result.and(Err(error)),
            }
        }
        result?;
        if layer == Some(Layer::Parcelles) && parts.objects == 0 {
            return Err(ImportError::File(format!(
                "« {name} » ne contient aucune parcelle utilisable ; rien n'a changé"
            )));
        }
        if let (Some(insee), Some(layer)) = (named, layer) {
            parts.scopes.insert((insee, table(layer)));
        }
        parts.send(sender)
    })
}

fn refused(error: &FileError) -> ImportError {
    ImportError::File(error.to_string())
}

fn table(layer: Layer) -> Table {
    match layer {
        Layer::Communes => Table::Commune,
        Layer::PrefixesSections => Table::PrefixeSection,
        Layer::Sections => Table::Section,
        Layer::Feuilles => Table::Feuille,
        Layer::Parcelles => Table::Parcelle,
        Layer::Batiments => Table::Batiment,
        Layer::LieuxDits => Table::LieuDit,
        Layer::SubdivisionsFiscales => Table::SubdivisionFiscale,
    }
}

/// What the parsers of one file met besides rows.
#[derive(Default)]
struct Parts {
    scopes: BTreeSet<(String, Table)>,
    latest: Option<Date>,
    objects: u64,
}

impl Parts {
    fn merge(&mut self, other: Self) {
        self.objects += other.objects;
        self.scopes.extend(other.scopes);
        self.latest = self.latest.max(other.latest);
    }

    fn send(self, sender: &Sender<Message>) -> Result<Option<Date>, ImportError> {
        for (insee, table) in self.scopes {
            let portee = Portee { insee, feuille: None, table: Some(table), srid: WGS84 };
            sender.blocking_send(Message::Portee(portee)).map_err(super::Interrupted::from)?;
        }
        Ok(self.latest)
    }
}

/// One thread's share of a file.
struct Parser {
    file: String,
    srid: u32,
    sink: Sink,
    converter: Option<Converter>,
    parts: Parts,
}

impl Parser {
    fn new(file: &str, srid: u32, sender: &Sender<Message>) -> Self {
        Self { file: file.to_owned(), srid, sink: sink(sender), converter: None, parts: Parts::default() }
    }

    fn finish(self) -> Result<Parts, ImportError> {
        self.sink.finish()?;
        Ok(self.parts)
    }

    fn batch(&mut self, batch: &RawBatch, layer: Option<Layer>) -> Result<(), ImportError> {
        for raw in batch.iter() {
            match parse_feature(raw.bytes, layer) {
                Ok(feature) => self.feature(&feature)?,
                Err(error) if error.is_fatal() => {
                    let at = format!("« {} », ligne {}", self.file, raw.line);
                    return Err(ImportError::File(format!("{at} : {error} ; le fichier est refusé, rien n'a changé")));
                }
                Err(error) => {
                    // The object's name ends with its identifier when it has one.
                    let idu = error.object.split(' ').find_map(|word| word.parse::<Idu>().ok());
                    if let Some(idu) = idu.filter(|_| layer == Some(Layer::Parcelles)) {
                        self.sink.say(Message::Garde(idu.canonique().to_string()))?;
                    }
                    let objet = format!("n° {} ({})", raw.rank, error.object);
                    self.anomaly(layer.map_or("objet", Layer::name), objet, error.problem.to_string())?;
                }
            }
        }
        Ok(())
    }

    fn anomaly(&self, couche: &str, objet: String, motif: String) -> Result<(), ImportError> {
        let anomalie = Anomalie {
            fichier: self.file.clone(),
            couche: couche.to_owned(),
            objet,
            motif,
            traitement: Traitement::Quarantaine,
        };
        Ok(self.sink.say(Message::Anomalie(anomalie))?)
    }

    fn feature(&mut self, feature: &Feature) -> Result<(), ImportError> {
        let Some(insee) = feature.record.insee().map(|insee| insee.canonique().to_string()) else {
            return self.anomaly(
                feature.record.layer().name(),
                "sans parcelle".into(),
                "la commune n'est pas donnée".into(),
            );
        };
        let converter = match &mut self.converter {
            Some(converter) => converter,
            none => none.insert(Converter::new(WGS84, self.srid)?),
        };
        let table = table(feature.record.layer());
        let ewkb = match converter.ewkb(Geometry::MultiPolygon(feature.geometry.clone()), true) {
            Ok(ewkb) => ewkb,
            Err(motif) => return self.anomaly(feature.record.layer().name(), insee, motif),
        };
        if !self.parts.scopes.iter().any(|(known, of)| *of == table && *known == insee) {
            self.parts.scopes.insert((insee.clone(), table));
        }
        self.parts.objects += 1;
        let (cree, maj) = (feature.created.and_then(civil), feature.updated.and_then(civil));
        self.parts.latest = self.parts.latest.max(maj);
        self.row(feature, &insee, Cell::date(cree), Cell::date(maj), &ewkb)
    }

    fn row(
        &mut self,
        feature: &Feature,
        insee: &str,
        cree: Cell<'_>,
        maj: Cell<'_>,
        ewkb: &[u8],
    ) -> Result<(), ImportError> {
        let (commune, geom) = (Cell::Text(insee), Cell::Geometry(ewkb));
        match &feature.record {
            Record::Commune(record) => {
                self.sink.row(Table::Commune, &[commune, Cell::text(record.nom.as_deref()), cree, maj, geom])?;
            }
            Record::PrefixeSection(record) => {
                let (prefixe, ancienne) = (record.prefixe.as_str(), record.ancienne.map(|insee| insee.to_string()));
                let (id, nom) = (format!("{insee}{prefixe}"), Cell::text(record.nom.as_deref()));
                let ancienne = Cell::text(ancienne.as_deref());
                self.sink.row(
                    Table::PrefixeSection,
                    &[Cell::Text(&id), commune, Cell::Text(prefixe), ancienne, nom, geom],
                )?;
            }
            Record::Section(record) => {
                let id = record.id.canonique();
                let [prefixe, section] = parts(id.as_str());
                self.sink
                    .row(Table::Section, &[Cell::Text(id.as_str()), commune, prefixe, section, cree, maj, geom])?;
            }
            Record::Feuille(record) => {
                let id = record.id.canonique();
                let [prefixe, section] = parts(id.as_str());
                let numero = Cell::Text(id.as_str().get(10..12).unwrap_or_default());
                let (qualite, confection) = (record.qualite.as_deref(), record.mode_confection.as_deref());
                let echelle = Cell::int(record.echelle.and_then(|scale| i32::try_from(scale).ok()));
                let (qualite, confection) = (Cell::text(qualite), Cell::text(confection));
                let id = Cell::Text(id.as_str());
                let row = [id, commune, prefixe, section, numero, qualite, confection, echelle, cree, maj, geom];
                self.sink.row(Table::Feuille, &row)?;
            }
            Record::Parcelle(record) => {
                let idu = record.idu.canonique();
                let [prefixe, section] = parts(idu.as_str());
                let numero = Cell::Int(i32::from(idu.numero().value()));
                let contenance = Cell::int(record.contenance.and_then(|area| i32::try_from(area).ok()));
                let (id, arpentee) = (Cell::Text(idu.as_str()), Cell::Bool(record.arpente));
                // Neither « figurée » nor feuille is in these files.
                let row = [
                    id,
                    commune,
                    prefixe,
                    section,
                    numero,
                    contenance,
                    arpentee,
                    Cell::Null,
                    Cell::Null,
                    cree,
                    maj,
                    geom,
                ];
                self.sink.row(Table::Parcelle, &row)?;
            }
            _ => self.unnamed(feature, insee, cree, maj, ewkb)?,
        }
        Ok(())
    }

    /// Objects the format gives no identifier.
    fn unnamed(
        &mut self,
        feature: &Feature,
        insee: &str,
        cree: Cell<'_>,
        maj: Cell<'_>,
        ewkb: &[u8],
    ) -> Result<(), ImportError> {
        let (commune, geom) = (Cell::Text(insee), Cell::Geometry(ewkb));
        match &feature.record {
            Record::Batiment(record) => {
                let genre = record.kind.map(|kind| if kind == TypeBatiment::Dur { "01" } else { "02" });
                let (genre, nom) = (Cell::text(genre), Cell::text(record.nom.as_deref()));
                let cle = digest_key(insee, "batiment", ewkb);
                self.sink
                    .row(Table::Batiment, &[Cell::Text(&cle), commune, genre, nom, Cell::Null, cree, maj, geom])?;
            }
            Record::LieuDit(record) => {
                let Some(nom) = record.nom.as_deref().filter(|nom| !nom.is_empty()) else {
                    return self.anomaly("lieux_dits", insee.to_owned(), "aucun nom".into());
                };
                let cle = digest_key(insee, nom, ewkb);
                let row = [Cell::Text(&cle), commune, Cell::Text(nom), Cell::Null, cree, maj, geom];
                self.sink.row(Table::LieuDit, &row)?;
            }
            Record::SubdivisionFiscale(record) => {
                let parcelle = record.parcelle.map(|idu| idu.canonique().to_string());
                let cle = digest_key(insee, record.lettre.as_deref().unwrap_or_default(), ewkb);
                let (parcelle, lettre) = (Cell::text(parcelle.as_deref()), Cell::text(record.lettre.as_deref()));
                let row = [Cell::Text(&cle), commune, parcelle, lettre, Cell::Null, cree, maj, geom];
                self.sink.row(Table::SubdivisionFiscale, &row)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Key of an object the format does not name: commune and digest of its content. Identical twins are one object.
fn digest_key(insee: &str, text: &str, ewkb: &[u8]) -> String {
    let digest = Sha256::new().chain_update(text.as_bytes()).chain_update(ewkb).finalize();
    let mut key = format!("{insee}/");
    for byte in digest.iter().take(12) {
        let _ = write!(key, "{byte:02x}");
    }
    key
}

/// Prefix and section, at their fixed places in any identifier of the cadastre.
fn parts(id: &str) -> [Cell<'_>; 2] {
    [5..8, 8..10].map(|range: std::ops::Range<usize>| Cell::Text(id.get(range).unwrap_or_default()))
}
