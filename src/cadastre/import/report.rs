//! What an import did, by commune and layer, and what it set aside.

use std::fmt;

use serde::Serialize;
use time::Date;

use super::suivi::Suivi;

/// The report of one import, kept in `core.import_batch` and printed by `--json`.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// `edigeo`, `etalab` or `bal`.
    pub format: String,
    /// Files read.
    pub fichiers: Vec<String>,
    /// `true`: nothing was written.
    pub simulation: bool,
    /// Millésime given or read from the files.
    pub millesime: Option<Date>,
    /// One entry for each commune of the delivery.
    pub communes: Vec<CommuneReport>,
    /// Objects set aside, repaired or odd.
    pub anomalies: Vec<Anomalie>,
    /// Objects set aside, for `core.quarantaine`; at most [`SET_ASIDE`].
    #[serde(skip)]
    pub ecartes: Vec<Anomalie>,
    /// Anomalies beyond the number kept in the report.
    pub anomalies_non_detaillees: usize,
    /// Whether overlaps were looked for: `false` for very large files.
    pub recouvrements_cherches: bool,
    /// Links of records to entities that this import took away.
    pub rattachements: Suivi,
    /// Time spent, in milliseconds.
    pub duree_ms: u64,
}

/// One commune of a delivery.
#[derive(Debug, Default, Serialize)]
pub struct CommuneReport {
    /// INSEE code.
    pub insee: String,
    /// Name.
    pub nom: String,
    /// Millésime replaced, when the commune had one.
    pub millesime_precedent: Option<Date>,
    /// Counts by layer.
    pub couches: Vec<LayerReport>,
    /// Parcels added, removed, changed in a commune that was there before; at most [`LISTED`] of each.
    pub parcelles: ParcelChanges,
    /// Feuilles known before, absent from this delivery and left as they were.
    pub feuilles_conservees: Vec<String>,
}

/// Counts of one layer in one commune.
#[derive(Debug, Default, Serialize)]
pub struct LayerReport {
    /// Table name.
    pub couche: String,
    /// Word users read.
    pub libelle: String,
    /// Objects of the delivery.
    pub lus: i64,
    /// New objects.
    pub ajoutes: i64,
    /// Objects that are no longer delivered.
    pub retires: i64,
    /// Objects whose content differs.
    pub modifies: i64,
    /// Objects left untouched.
    pub inchanges: i64,
}

/// References of parcels that changed.
#[derive(Debug, Default, Serialize)]
pub struct ParcelChanges {
    /// Parcels that were not there.
    pub ajoutees: Vec<String>,
    /// Parcels that are no longer there.
    pub retirees: Vec<String>,
    /// Parcels whose content changed.
    pub modifiees: Vec<Modification>,
}

/// One changed parcel.
#[derive(Debug, Serialize)]
pub struct Modification {
    /// Parcel.
    pub idu: String,
    /// What changed: column names, `geom` for the geometry.
    pub quoi: Vec<String>,
}

/// An object that is not as it should be.
#[derive(Debug, Clone, Serialize)]
pub struct Anomalie {
    /// File it came from.
    pub fichier: String,
    /// Layer or class.
    pub couche: String,
    /// Identifier in the file.
    pub objet: String,
    /// What is wrong, in French.
    pub motif: String,
    /// What became of it.
    pub traitement: Traitement,
}

/// What became of an odd object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Traitement {
    /// Left out and listed in `core.quarantaine`.
    Quarantaine,
    /// Imported after its geometry was repaired.
    Repare,
    /// Imported as it is.
    Signale,
}

/// References listed at most for each kind of change.
pub const LISTED: usize = 1000;
/// Objects set aside that are kept at most.
pub const SET_ASIDE: usize = 100_000;
/// Anomalies detailed at most.
pub const DETAILED: usize = 2000;

impl Report {
    /// Adds an anomaly, counted only beyond [`DETAILED`].
    pub fn anomalie(&mut self, anomalie: Anomalie) {
        if anomalie.traitement == Traitement::Quarantaine && self.ecartes.len() < SET_ASIDE {
            self.ecartes.push(anomalie.clone());
        }
        if self.anomalies.len() < DETAILED {
            self.anomalies.push(anomalie);
        } else {
            self.anomalies_non_detaillees += 1;
        }
    }

    /// The file an object of the stages came from, when there is only one.
    #[must_use]
    pub fn only_file(&self) -> String {
        if let [only] = self.fichiers.as_slice() { only.clone() } else { String::new() }
    }

    /// Anomalies that led to quarantine.
    pub fn quarantaine(&self) -> impl Iterator<Item = &Anomalie> {
        self.ecartes.iter()
    }

    /// Sums a count over all communes for one layer.
    #[must_use]
    pub fn total(&self, couche: &str, of: fn(&LayerReport) -> i64) -> i64 {
        self.communes.iter().flat_map(|c| &c.couches).filter(|l| l.couche == couche).map(of).sum()
    }
}

impl fmt::Display for Traitement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Quarantaine => "écarté",
            Self::Repare => "réparé",
            Self::Signale => "signalé",
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = if self.simulation { "Simulation (rien n'est écrit)" } else { "Import appliqué" };
        let seconds = std::time::Duration::from_millis(self.duree_ms).as_secs_f64();
        writeln!(out, "{title} : {} fichier(s), {seconds:.1} s", self.fichiers.len())?;
        for commune in &self.communes {
            writeln!(out, "\n{} {}", commune.insee, commune.nom)?;
            for layer in &commune.couches {
                writeln!(
                    out,
                    "  {:<27} {:>7} lus  {:>6} ajoutés  {:>6} retirés  {:>6} modifiés  {:>7} inchangés",
                    layer.libelle, layer.lus, layer.ajoutes, layer.retires, layer.modifies, layer.inchanges
                )?;
            }
            commune.fmt_parcels(out)?;
            if !commune.feuilles_conservees.is_empty() {
                writeln!(
                    out,
                    "  Feuilles absentes de la livraison, conservées : {} (--commune-entiere les retire)",
                    commune.feuilles_conservees.join(", ")
                )?;
            }
        }
        write!(out, "{}", self.rattachements)?;
        self.fmt_anomalies(out)
    }
}

impl Report {
    fn fmt_anomalies(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Lines shown on a terminal; the whole list is in `--json`.
        const SHOWN: usize = 20;
        if !self.recouvrements_cherches {
            writeln!(out, "\nRecouvrements non recherchés : trop de parcelles nouvelles.")?;
        }
        let total = self.anomalies.len() + self.anomalies_non_detaillees;
        if total == 0 {
            return writeln!(out, "\nAucune anomalie.");
        }
        writeln!(out, "\n{total} anomalie(s) :")?;
        for a in self.anomalies.iter().take(SHOWN) {
            let file = if a.fichier.is_empty() { String::new() } else { format!("{} — ", a.fichier) };
            writeln!(out, "  {file}{} {} : {} ({})", a.couche, a.objet, a.motif, a.traitement)?;
        }
        if total > SHOWN {
            writeln!(out, "  … et {} autre(s) ; --json donne la liste", total - SHOWN)?;
        }
        Ok(())
    }
}

impl CommuneReport {
    /// References that changed, a few of each kind with the whole count.
    fn fmt_parcels(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// References shown on a terminal for each kind of change.
        const SHOWN: usize = 12;
        let Some(counts) = self.couches.iter().find(|layer| layer.couche == "parcelle") else { return Ok(()) };
        let modifiees: Vec<String> = self.parcelles.modifiees.iter().map(|m| m.idu.clone()).collect();
        for (label, list, count) in [
            ("ajoutées", &self.parcelles.ajoutees, counts.ajoutes),
            ("retirées", &self.parcelles.retirees, counts.retires),
            ("modifiées", &modifiees, counts.modifies),
        ] {
            if list.is_empty() {
                continue;
            }
            let more = if list.len() > SHOWN { format!(" … ({count} en tout)") } else { String::new() };
            let shown = list.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
            writeln!(out, "  Parcelles {label} : {shown}{more}")?;
        }
        Ok(())
    }
}
