//! An object put aside, or kept with a remark, and why.

use std::fmt;

/// One thing wrong with one object; the file itself is sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Anomaly {
    /// File of the lot.
    pub file: String,
    /// Line where the object begins.
    pub line: u32,
    /// Its identifier in the lot.
    pub object: String,
    /// Its class as the SCD names it (`PARCELLE_id`), or the kind of block (`PFE`, `LNK`).
    pub class: String,
    /// Its IDU when it has one.
    pub idu: Option<String>,
    /// Why.
    pub defect: Defect,
    /// True when the object is kept all the same; false when it is in quarantine.
    pub is_kept: bool,
}

impl Anomaly {
    /// The cause alone, in French, without a full stop.
    #[must_use]
    pub fn cause(&self) -> String {
        self.defect.to_string()
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, object, class, idu, defect, .. } = self;
        write!(f, "fichier « {file} », ligne {line}, {class} {object}")?;
        if let Some(idu) = idu {
            write!(f, " ({idu})")?;
        }
        write!(f, " : {defect}.")
    }
}

/// What is wrong with an object.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// The SCD describes the class, the PCI standard does not.
    #[error("classe inconnue du standard PCI")]
    UnknownClass,
    /// No node, arc nor face is linked to it.
    #[error("aucune géométrie ne lui est reliée")]
    NoGeometry,
    /// It refers to something that is not in the lot.
    #[error("référence à « {0} », absent du lot")]
    Dangling(String),
    /// A surface made of arcs, a point made of faces...
    #[error("géométrie d'une nature que sa classe n'admet pas")]
    WrongShape,
    /// Another object is made of the same primitive.
    #[error("partage sa géométrie « {0} » avec un autre objet")]
    SharedGeometry(String),
    /// It is made of the outside of the feuille.
    #[error("constitué de la face extérieure")]
    ExteriorFace,
    /// Its arcs do not close.
    #[error("contour non fermé près de ({x:.2} ; {y:.2})")]
    OpenRing {
        /// Easting where it stays open.
        x: f64,
        /// Northing.
        y: f64,
    },
    /// More rings, or more arcs at one point, than any real object has.
    #[error("géométrie d'une complexité invraisemblable")]
    TooComplex,
    /// A hole lies outside the surface.
    #[error("contour intérieur hors de la surface")]
    StrayHole,
    /// Fewer than three distinct points, or two for a line.
    #[error("géométrie réduite à un point ou à un trait")]
    Degenerate,
    /// An arc does not end at the nodes it names.
    #[error("l'arc « {0} » ne s'appuie pas sur ses nœuds")]
    ArcOffNode(String),
    /// An arc of a topological subset lacks a face on one side, or has two.
    #[error("l'arc « {0} » n'a pas exactement une face de chaque côté et un nœud à chaque bout")]
    ArcLinks(String),
    /// A coordinate lies out of the territory that the system serves.
    #[error("coordonnées ({x:.2} ; {y:.2}) hors du domaine du système EPSG:{srid}")]
    OutOfBounds {
        /// Easting.
        x: f64,
        /// Northing.
        y: f64,
        /// EPSG code.
        srid: u32,
    },
    /// A class that must carry an IDU has none.
    #[error("identifiant IDU absent")]
    MissingIdu,
    /// Its IDU has not the length or the letters of its class.
    #[error("identifiant IDU « {0} » mal formé")]
    MalformedIdu(String),
    /// Its IDU does not begin as the feuille's does.
    #[error("identifiant IDU « {idu} » étranger à la feuille {feuille}")]
    ForeignIdu {
        /// IDU of the object.
        idu: String,
        /// IDU of the feuille.
        feuille: String,
    },
    /// Another object of the lot carries this IDU.
    #[error("identifiant IDU « {0} » donné deux fois")]
    DuplicateIdu(String),
    /// A real attribute cannot be read.
    #[error("attribut {name} : nombre « {value} » illisible")]
    MalformedNumber {
        /// Name of the attribute.
        name: String,
        /// As written.
        value: String,
    },
    /// A date that does not exist.
    #[error("date d'observation ou de mise à jour impossible")]
    ImpossibleDate,
    /// Its quality block is not in the QAL.
    #[error("dates « {0} » absentes du QAL")]
    MissingQuality(String),
    /// A label linked to no object, or to an object that is not in the lot.
    #[error("écriture sans objet")]
    LabelWithoutObject,
    /// The attribute that a label prints is absent from its object.
    #[error("écriture d'un attribut que son objet n'a pas")]
    LabelWithoutText,
    /// A face that belongs to no object.
    #[error("face d'aucun objet")]
    OrphanFace,
}
