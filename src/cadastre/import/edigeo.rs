//! EDIGEO lots as rows of the cadastre's tables.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use finage_edigeo::{Class, Departement, Label, Limits, Lot, Lots, Object, RelationKind, Shape, departement_from_name};
use time::Date;
use tokio::sync::mpsc::Sender;

use super::report::{Anomalie, Traitement};
use super::sink::{Converter, Message, Portee, Sink, file_name};
use super::table::Table;
use super::{ImportError, Options, sink};
use crate::db::copy::{Cell, civil};

/// Threads that read archives: the database needs the rest of a small machine.
const READERS: usize = 2;

/// Reads archives and folders; returns the latest edition date met.
pub(super) fn read(
    paths: &[PathBuf],
    options: &Options,
    srid: u32,
    sender: &Sender<Message>,
) -> Result<Option<Date>, ImportError> {
    let next = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let edition = Mutex::new(None::<Date>);
    std::thread::scope(|scope| {
        let work = || -> Result<(), ImportError> {
            let mut sink = sink(sender);
            while let Some(path) = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).ok().and_then(|n| paths.get(n))
            {
                if failed.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let read =
                    archive(path, options, srid, &mut sink).inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
                let mut latest = edition.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                *latest = (*latest).max(read);
                sink.say(Message::Avance(1))?;
            }
            Ok(sink.finish()?)
        };
        let readers: Vec<_> = (0..READERS.min(paths.len())).map(|_| scope.spawn(work)).collect();
        let mut result = Ok(());
        for reader in readers {
            let read = reader.join().map_err(|_| ImportError::Thread("lecture EDIGEO".into())).and_then(|read| read);
            // A refused file explains more than the interruption it causes.
            result = match (result, read) {
                (Err(ImportError::Interrupted(_)), Err(read)) => Err(read),
                (Err(first), _) => Err(first),
                (Ok(()), read) => read,
            };
        }
        result
    })?;
    Ok(edition.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn archive(path: &Path, options: &Options, srid: u32, sink: &mut Sink) -> Result<Option<Date>, ImportError> {
    let departement = departement(path, options)?;
    let refused = |error: finage_edigeo::EdigeoError| ImportError::File(error.to_string());
    let mut edition = None;
    for lot in Lots::open(path, &Limits::default()).map_err(refused)? {
        let lot = lot.map_err(refused)?;
        edition = edition.max(lot.edition.and_then(civil));
        Feuille::of(&lot, departement, path)?.send(&lot, srid, sink)?;
    }
    Ok(edition)
}

fn departement(path: &Path, options: &Options) -> Result<Departement, ImportError> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (named, file) = (departement_from_name(&absolute), file_name(path));
    let Some(code) = &options.departement else {
        return named.ok_or_else(|| {
            ImportError::File(format!(
                "« {file} » : ni le nom de l'archive ni celui de son dossier ne donnent le département ; ajoutez --departement, par exemple --departement 13"
            ))
        });
    };
    let asked =
        Departement::parse(code).ok_or_else(|| ImportError::File(format!("le département « {code} » n'existe pas")))?;
    match departement_from_name(Path::new(&file)) {
        Some(own) if own != asked => Err(ImportError::File(format!(
            "« {file} » est du département {own} d'après son nom, --departement dit {asked} : retirez l'option ou renommez l'archive"
        ))),
        _ => Ok(asked),
    }
}

/// One feuille on its way to the stages.
struct Feuille {
    file: String,
    insee: String,
    id: String,
    departement: Departement,
}

impl Feuille {
    /// The feuille a lot describes: named by its SUBDSECT, else by its parcels.
    fn of(lot: &Lot, departement: Departement, path: &Path) -> Result<Self, ImportError> {
        let file = file_name(path);
        let id = lot.of_class(Class::Subdsect).find_map(Object::idu).and_then(|idu| departement.full(idu)).ok_or_else(
            || {
                ImportError::File(format!(
                    "« {file} » : le lot {} ne contient pas sa feuille (objet SUBDSECT_id) ; rien n'a changé",
                    lot.name
                ))
            },
        )?;
        Ok(Self { file, insee: id.get(..5).unwrap_or_default().to_owned(), id, departement })
    }

    fn send(&self, lot: &Lot, srid: u32, sink: &mut Sink) -> Result<(), ImportError> {
        let portee = Portee { insee: self.insee.clone(), feuille: Some(self.id.clone()), table: None, srid: lot.srid };
        sink.say(Message::Portee(portee))?;
        for anomaly in &lot.anomalies {
            let traitement = if anomaly.is_kept { Traitement::Signale } else { Traitement::Quarantaine };
            let objet = anomaly
                .idu
                .as_ref()
                .map_or_else(|| anomaly.object.clone(), |idu| format!("{} ({idu})", anomaly.object));
            self.anomaly(
                sink,
                &anomaly.class,
                objet,
                format!("{}, ligne {} : {}", anomaly.file, anomaly.line, anomaly.cause()),
                traitement,
            )?;
        }
        let set_aside =
            lot.anomalies.iter().filter(|anomaly| !anomaly.is_kept).filter_map(|anomaly| anomaly.idu.as_deref());
        for idu in set_aside.filter_map(|idu| self.departement.full(idu)) {
            sink.say(Message::Garde(idu))?;
        }
        let mut converter = Converter::new(lot.srid, srid)?;
        let parcels = self.parcels(lot);
        let mut seen = HashSet::new();
        for object in &lot.objects {
            let multi = object.class.shape() == Shape::Surface;
            match converter.ewkb(object.geometry.clone(), multi) {
                Ok(ewkb) => self.object(object, &ewkb, &parcels, &mut seen, sink)?,
                Err(motif) => {
                    self.anomaly(sink, object.class.scd_id(), object.rid.clone(), motif, Traitement::Quarantaine)?;
                }
            }
        }
        for label in &lot.labels {
            self.label(label, lot, &mut converter, sink)?;
        }
        Ok(())
    }

    /// For each object tied to a parcel by a relation of the lot, that parcel.
    fn parcels<'a>(&self, lot: &'a Lot) -> HashMap<&'a str, String> {
        let idu: HashMap<&str, String> = lot
            .of_class(Class::Parcelle)
            .filter_map(|parcel| Some((parcel.rid.as_str(), self.departement.full(parcel.idu()?)?)))
            .collect();
        lot.relations
            .iter()
            .filter(|relation| matches!(relation.kind, RelationKind::SubdfiscParcelle | RelationKind::NumvoieParcelle))
            .filter_map(|relation| Some((relation.from.as_str(), idu.get(relation.to.as_str())?.clone())))
            .collect()
    }

    fn anomaly(
        &self,
        sink: &Sink,
        class: &str,
        objet: String,
        motif: String,
        traitement: Traitement,
    ) -> Result<(), ImportError> {
        let couche = class.trim_end_matches("_id").to_owned();
        Ok(sink.say(Message::Anomalie(Anomalie { fichier: self.file.clone(), couche, objet, motif, traitement }))?)
    }

    /// Key of an object without identifier of its own.
    fn key(&self, rid: &str) -> String {
        format!("{}/{rid}", self.id)
    }

    fn object(
        &self,
        object: &Object,
        ewkb: &[u8],
        parcels: &HashMap<&str, String>,
        seen: &mut HashSet<String>,
        sink: &mut Sink,
    ) -> Result<(), ImportError> {
        let key = self.key(&object.rid);
        let common = Common {
            cle: Cell::Text(&key),
            insee: Cell::Text(&self.insee),
            feuille: Cell::Text(&self.id),
            cree: Cell::date(object.observed.and_then(civil)),
            maj: Cell::date(object.updated.and_then(civil)),
            geom: Cell::Geometry(ewkb),
        };
        match object.class {
            Class::Commune => {
                let name = Cell::text(object.attribute("TEX2").map(str::trim));
                Ok(sink.row(Table::Commune, &[common.insee, name, common.cree, common.maj, common.geom])?)
            }
            // United from the feuilles: see Source::derived.
            Class::Section => Ok(()),
            Class::Subdsect => self.feuille(object, &common, sink),
            Class::Parcelle => self.parcel(object, &common, seen, sink),
            Class::Subdfisc | Class::Charge | Class::Voiep | Class::Lieudit | Class::Numvoie | Class::Batiment => {
                let parcelle = parcels.get(object.rid.as_str()).map(String::as_str);
                self.named(object, &common, parcelle, sink)
            }
            _ => drawn(object, &common, sink),
        }
    }

    fn feuille(&self, object: &Object, common: &Common<'_>, sink: &mut Sink) -> Result<(), ImportError> {
        let Some(id) = object.idu().and_then(|idu| self.departement.full(idu)) else { return Ok(()) };
        let part = |range: std::ops::Range<usize>| Cell::Text(id.get(range).unwrap_or_default());
        let echelle = object.number("EOR").and_then(integer).filter(|scale| *scale > 0);
        let code = |name: &str| Cell::text(object.attribute(name).map(str::trim));
        let row = [
            Cell::Text(&id),
            common.insee,
            part(5..8),
            part(8..10),
            part(10..12),
            code("QUPL"),
            code("COPL"),
            Cell::int(echelle),
            common.cree,
            common.maj,
            common.geom,
        ];
        Ok(sink.row(Table::Feuille, &row)?)
    }

    /// Objects whose text is what they are for: names, numbers, letters; and buildings.
    fn named(
        &self,
        object: &Object,
        common: &Common<'_>,
        parcelle: Option<&str>,
        sink: &mut Sink,
    ) -> Result<(), ImportError> {
        let text = object.text();
        let name = Cell::text(text.as_deref());
        match (object.class, text.as_deref()) {
            (Class::Voiep | Class::Lieudit, None) => {
                let motif = "aucun nom".to_owned();
                self.anomaly(sink, object.class.scd_id(), object.rid.clone(), motif, Traitement::Quarantaine)?;
            }
            (Class::Voiep, _) => sink.row(Table::NomVoie, &common.row([name]))?,
            (Class::Lieudit, _) => sink.row(Table::LieuDit, &common.row([name]))?,
            (Class::Charge, _) => sink.row(Table::Charge, &common.row([name]))?,
            (Class::Subdfisc, _) => sink.row(Table::SubdivisionFiscale, &common.row([Cell::text(parcelle), name]))?,
            (Class::Numvoie, text) => {
                let number = text.unwrap_or_default().trim_start_matches('0');
                if !number.is_empty() {
                    sink.row(Table::NumeroVoirie, &common.row([Cell::Text(number), Cell::text(parcelle)]))?;
                }
            }
            _ => {
                let genre = Cell::text(object.attribute("DUR").map(str::trim));
                sink.row(Table::Batiment, &common.row([genre, name]))?;
            }
        }
        Ok(())
    }

    fn parcel(
        &self,
        object: &Object,
        common: &Common<'_>,
        seen: &mut HashSet<String>,
        sink: &mut Sink,
    ) -> Result<(), ImportError> {
        let Some(idu) = object.idu().and_then(|idu| self.departement.full(idu)) else {
            return Ok(());
        };
        let Some(numero) = idu.get(10..14).and_then(|digits| digits.parse::<i32>().ok()) else {
            let motif = format!("le numéro de la parcelle {idu} n'est pas un nombre");
            return self.anomaly(sink, "PARCELLE", object.rid.clone(), motif, Traitement::Quarantaine);
        };
        if !seen.insert(idu.clone()) {
            let motif = "identifiant IDU donné deux fois dans la feuille : le premier objet est gardé".to_owned();
            return self.anomaly(sink, "PARCELLE", format!("{} ({idu})", object.rid), motif, Traitement::Quarantaine);
        }
        let part = |range: std::ops::Range<usize>| Cell::Text(idu.get(range).unwrap_or_default());
        let figuree = object.attribute("INDP").map(|code| code.trim() == "01");
        let arpentee = object.attribute("COAR").is_some_and(|code| code.trim() == "A");
        let row = [
            Cell::Text(&idu),
            common.insee,
            part(5..8),
            part(8..10),
            Cell::Int(numero),
            Cell::int(object.contenance_m2().and_then(integer)),
            Cell::Bool(arpentee),
            Cell::bool(figuree),
            common.feuille,
            common.cree,
            common.maj,
            common.geom,
        ];
        Ok(sink.row(Table::Parcelle, &row)?)
    }

    fn label(&self, label: &Label, lot: &Lot, converter: &mut Converter, sink: &mut Sink) -> Result<(), ImportError> {
        // The DGFiP spreads some names with runs of spaces.
        let text = label.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Ok(());
        }
        let ewkb = match converter.ewkb(label.point.into(), false) {
            Ok(ewkb) => ewkb,
            Err(motif) => {
                return self.anomaly(sink, "ECRITURE", label.rid.clone(), motif, Traitement::Quarantaine);
            }
        };
        let labelled = if label.class == Class::Parcelle {
            lot.objects
                .iter()
                .find(|object| object.rid == label.object)
                .and_then(Object::idu)
                .and_then(|idu| self.departement.full(idu))
        } else {
            None
        };
        let objet = labelled.unwrap_or_else(|| self.key(&label.object));
        let scale = lot
            .of_class(Class::Subdsect)
            .find_map(|feuille| feuille.number("EOR"))
            .filter(|scale| *scale > 0.0)
            .unwrap_or(1000.0);
        // Plan angles turn counter-clockwise from the east; the map rotates clockwise.
        let angle = (360.0 - label.angle_deg).rem_euclid(360.0);
        Ok(sink.row(
            Table::Ecriture,
            &[
                Cell::Text(&self.key(&label.rid)),
                Cell::Text(&self.insee),
                Cell::Text(label.class.scd_id().trim_end_matches("_id")),
                Cell::Text(&objet),
                Cell::Text(&text),
                Cell::Float(angle),
                Cell::float(label.height_mm.map(|height| height / 1000.0 * scale)),
                Cell::Text(&self.id),
                Cell::Geometry(&ewkb),
            ],
        )?)
    }
}

/// Cells that begin and end the row of any object without identifier of its own.
struct Common<'a> {
    cle: Cell<'a>,
    insee: Cell<'a>,
    feuille: Cell<'a>,
    cree: Cell<'a>,
    maj: Cell<'a>,
    geom: Cell<'a>,
}

impl<'a> Common<'a> {
    fn row<const N: usize>(&self, own: [Cell<'a>; N]) -> Vec<Cell<'a>> {
        let mut row = vec![self.cle, self.insee];
        row.extend(own);
        row.extend([self.feuille, self.cree, self.maj, self.geom]);
        row
    }
}

/// Stretches of road and water, boundary marks and topographic details: what is drawn, with its symbol.
fn drawn(object: &Object, common: &Common<'_>, sink: &mut Sink) -> Result<(), ImportError> {
    let text = object.text();
    let name = Cell::text(text.as_deref());
    let symbole = Cell::text(object.attribute("SYM").map(str::trim));
    let orientation = Cell::float(object.orientation_deg());
    let kind = |genre: &'static str| Cell::Text(genre);
    let (table, row) = match object.class {
        Class::Tronroute => (Table::Troncon, common.row([kind("route"), name])),
        Class::Zoncommuni => (Table::Troncon, common.row([kind("voie"), name])),
        Class::Tronfluv => (Table::Troncon, common.row([kind("eau"), name])),
        Class::Ptcanv => (Table::Repere, common.row([kind("canevas"), symbole, orientation])),
        Class::Borne => (Table::Repere, common.row([kind("borne"), symbole, orientation])),
        Class::Boulon => (Table::Repere, common.row([kind("boulon"), symbole, orientation])),
        Class::Croix => (Table::Repere, common.row([kind("croix"), symbole, orientation])),
        Class::Symblim => (Table::Repere, common.row([kind("limite"), symbole, orientation])),
        Class::Tpoint => (Table::Detail, common.row([kind("point"), symbole, name, orientation])),
        Class::Tline => (Table::Detail, common.row([kind("ligne"), symbole, name, orientation])),
        Class::Tsurf => (Table::Detail, common.row([kind("surface"), symbole, name, orientation])),
        _ => return Ok(()),
    };
    Ok(sink.row(table, &row)?)
}

/// A whole number of what a file writes as a real; `None` outside PostgreSQL's integers.
fn integer(value: f64) -> Option<i32> {
    let rounded = value.round();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within the bounds of i32")]
    (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&rounded).then_some(rounded as i32)
}
