//! A selection of parcels: by identifiers, by references, by a shape and a buffer; its facts and its totals.
//!
//! `export` writes it to a file, `forme` makes a shape from outside safe, `parcelles` reads the facts once the number is known to be within the bound.

mod croisements;
pub mod export;
mod forme;
mod parcelles;

use std::collections::BTreeSet;

use finage_reference::{Idu, Insee};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgPool;
use thiserror::Error;
use utoipa::ToSchema;

pub use parcelles::{Selectionnee, Totaux};

use super::liste::{self, Etat, Ligne, ListeError};
use crate::spatial::geojson::GeojsonError;

/// Widest buffer, in metres.
pub const TAMPON_MAX_M: f64 = 5_000.0;

/// What to select: the union of all that is given.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Demande {
    /// Identifiers of 14 characters.
    #[serde(default)]
    pub parcelles: Option<Vec<String>>,
    /// A pasted list or CSV of references: 1 MiB, 20,000 lines at most.
    #[serde(default)]
    pub references: Option<String>,
    /// INSEE code of the commune of references that name none.
    #[serde(default)]
    pub commune: Option<String>,
    /// GeoJSON geometry, 20,000 vertices at most.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub geometrie: Option<Value>,
    /// System of the geometry: 4326 (longitude, latitude) unless told, 2154, 3942 to 3950; overseas the database's own.
    #[serde(default = "degres")]
    pub srid: u32,
    /// Buffer in metres, 0 to 5000, around the geometry; around the parcels when there is no geometry.
    #[serde(default)]
    pub tampon_m: f64,
    /// How parcels are taken by the geometry.
    #[serde(default)]
    pub ajuster: Ajuster,
}

const fn degres() -> u32 {
    4326
}

/// How a shape takes parcels.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ajuster {
    /// What the shape covers in part; sharing an edge alone is not enough.
    #[default]
    Touche,
    /// What the shape covers wholly.
    Contenu,
}

/// The parcels selected.
#[derive(Debug, Serialize, ToSchema)]
pub struct Selection {
    /// Parcels, by identifier.
    pub parcelles: Vec<Selectionnee>,
    /// Their totals.
    pub totaux: Totaux,
    /// Answers to `references`, one a reference; and to the identifiers of `parcelles` that gave no parcel.
    pub lignes: Vec<Ligne>,
    /// West, south, east, north of the parcels in degrees.
    pub etendue: Option<[f64; 4]>,
    /// GeoJSON of the shape with its buffer, in degrees.
    #[schema(value_type = Option<Object>)]
    pub zone: Option<Value>,
}

/// Why a selection is refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// Nothing was given.
    #[error("La sélection est vide : donnez des parcelles, des références ou une géométrie.")]
    Vide,
    /// Not an INSEE code.
    #[error("Code INSEE refusé : {0}")]
    Commune(finage_reference::ReferenceError),
    /// A buffer out of bounds.
    #[error("Le tampon doit être compris entre 0 et 5000 mètres.")]
    Tampon,
    /// A system that this database does not take.
    #[error("Le système EPSG:{srid} n'est pas accepté : {acceptes}.")]
    Srid {
        /// Code asked for.
        srid: u32,
        /// Codes taken, as a list.
        acceptes: String,
    },
    /// A malformed geometry.
    #[error(transparent)]
    Geojson(#[from] GeojsonError),
    /// Coordinates that are nowhere in the territory.
    #[error(
        "La géométrie ne tombe pas {lieu} (coordonnées {x} ; {y} en EPSG:{srid}) : vérifiez le système annoncé et l'ordre, longitude puis latitude."
    )]
    Hors {
        /// « en métropole ».
        lieu: &'static str,
        /// First coordinate of a wrong vertex.
        x: f64,
        /// Second coordinate.
        y: f64,
        /// System given.
        srid: u32,
    },
    /// A surface that crosses itself, or worse.
    #[error("La géométrie est incorrecte{ou} : {motif}")]
    Invalide {
        /// « près de 4,83120 ; 45,76600 », or nothing.
        ou: String,
        /// Cause and what to do.
        motif: &'static str,
    },
    /// A shape that crosses itself too often.
    #[error(
        "La géométrie se croise plus de {} fois : simplifiez son tracé, ou partagez la sélection.",
        croisements::MAX
    )]
    Emmelee,
    /// A line or a point contains no parcel.
    #[error(
        "Un point ou une ligne ne contient pas de parcelle entière : ajoutez un tampon, ou prenez les parcelles touchées."
    )]
    SansSurface,
    /// More parcels than the bound.
    #[error(
        "La sélection toucherait au moins {atteint} parcelles ; la limite est de {limite} : réduisez la zone ou le tampon, ou partagez la sélection."
    )]
    TropDeParcelles {
        /// Parcels counted before stopping.
        atteint: usize,
        /// Bound.
        limite: usize,
    },
    /// The database gave up.
    #[error("La sélection est trop longue à calculer : réduisez la zone, le tampon ou le nombre de sommets.")]
    TropLongue,
    /// A list that can't be read.
    #[error(transparent)]
    Liste(ListeError),
    /// The server's own part of the projection.
    #[error(transparent)]
    Projection(#[from] crate::spatial::projection::ProjectionError),
    /// The server's own part of the transport.
    #[error(transparent)]
    Wkb(#[from] crate::spatial::wkb::WkbError),
    /// The server's own part of the file.
    #[error(transparent)]
    Export(#[from] finage_export::ExportError),
    /// The server's own disk.
    #[error("le fichier de la sélection n'a pu être préparé : {0}")]
    Disque(#[from] std::io::Error),
    /// The database refused.
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for SelectionError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // 57014: statement_timeout.
            sqlx::Error::Database(cause) if cause.code().is_some_and(|code| code == "57014") => Self::TropLongue,
            _ => Self::Database(error),
        }
    }
}

impl From<ListeError> for SelectionError {
    fn from(error: ListeError) -> Self {
        match error {
            ListeError::Database(error) => error.into(),
            autre => Self::Liste(autre),
        }
    }
}

/// Selects parcels: at most `limite`, in a database that stores `storage`.
///
/// The number is bounded before any geometry of a parcel is read.
///
/// # Errors
/// A demand out of bounds, or the database refused or timed out.
pub async fn selectionner(
    pool: &PgPool,
    demande: &Demande,
    storage: u32,
    limite: usize,
) -> Result<Selection, SelectionError> {
    if !(0.0..=TAMPON_MAX_M).contains(&demande.tampon_m) {
        return Err(SelectionError::Tampon);
    }
    let commune: Option<Insee> =
        demande.commune.as_deref().map(str::parse).transpose().map_err(SelectionError::Commune)?;
    let donnees = demande.parcelles.as_deref().unwrap_or_default();
    if donnees.len() > limite {
        return Err(SelectionError::TropDeParcelles { atteint: donnees.len(), limite });
    }
    if donnees.is_empty() && demande.references.is_none() && demande.geometrie.is_none() {
        return Err(SelectionError::Vide);
    }
    let (mut idus, mut lignes) = identifiants(donnees);
    if let Some(references) = &demande.references {
        let resolues = liste::resoudre(pool, references, commune).await?;
        idus.extend(resolues.iter().filter_map(|ligne| ligne.idu.clone()));
        lignes.extend(resolues);
    }
    borne(&idus, limite)?;
    let mut zone = None;
    if let Some(forme) = forme::de(pool, demande, storage, &idus).await? {
        idus.extend(forme.candidats(pool, demande.ajuster, limite).await?);
        borne(&idus, limite)?;
        zone = Some(forme.zone(pool).await?);
    }
    let trouvees = parcelles::lire(pool, &idus).await?;
    lignes.extend(inconnues(donnees, &trouvees));
    Ok(Selection {
        totaux: parcelles::totaux(&trouvees),
        etendue: parcelles::etendue(&trouvees),
        parcelles: trouvees.into_iter().map(|(parcelle, _)| parcelle).collect(),
        lignes,
        zone,
    })
}

fn borne(idus: &BTreeSet<String>, limite: usize) -> Result<(), SelectionError> {
    if idus.len() > limite {
        return Err(SelectionError::TropDeParcelles { atteint: idus.len(), limite });
    }
    Ok(())
}

/// Well-formed identifiers, and answers to the others.
fn identifiants(donnees: &[String]) -> (BTreeSet<String>, Vec<Ligne>) {
    let mut idus = BTreeSet::new();
    let mut lignes = Vec::new();
    for (rang, donnee) in donnees.iter().enumerate() {
        match donnee.parse::<Idu>() {
            Ok(idu) => {
                idus.insert(idu.to_string());
            }
            Err(error) => lignes.push(Ligne {
                ligne: rang + 1,
                texte: liste::montre(donnee),
                etat: Etat::Illisible,
                idu: None,
                message: Some(error.to_string()),
            }),
        }
    }
    (idus, lignes)
}

/// Answers to identifiers that no parcel has.
fn inconnues(donnees: &[String], trouvees: &[(Selectionnee, [f64; 4])]) -> Vec<Ligne> {
    let connues: BTreeSet<&str> = trouvees.iter().map(|(parcelle, _)| parcelle.idu.as_str()).collect();
    let inconnue = |(rang, donnee): (usize, &String)| {
        let idu: Idu = donnee.parse().ok()?;
        (!connues.contains(idu.as_str())).then(|| Ligne {
            ligne: rang + 1,
            texte: idu.to_string(),
            etat: Etat::Inconnue,
            idu: None,
            message: Some(format!("La parcelle {idu} n'est pas dans cette base : elle a pu changer de numéro.")),
        })
    };
    donnees.iter().enumerate().filter_map(inconnue).collect()
}
