//! What is asked of a series, as people say it: in metres.

use finage_plan::Numerotation;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// On which side of the line, as it is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cote {
    /// On its left.
    #[default]
    Gauche,
    /// On its right.
    Droite,
}

/// How numbers go from row to row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ordre {
    /// Each row in the direction of the line.
    #[default]
    Continu,
    /// Every other row the other way.
    Serpentin,
    /// Each row from the first number, behind its letter.
    ParRangee,
}

/// What is laid out along a line. Lengths are metres, kept to the millimetre; what is not said is as the manifest proposes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SerieDemandee {
    /// The line, a GeoJSON `LineString` in degrees; none to take that of the row that the manifest says.
    #[schema(value_type = Option<Object>)]
    pub ligne: Option<Value>,
    /// Whether the line is walked from its other end.
    pub inverse: bool,
    /// Rows, one behind the other; 1 unless told.
    pub rangees: Option<u32>,
    /// Shapes of a row; as many as the line holds unless told.
    pub colonnes: Option<u32>,
    /// Side along the line.
    pub largeur: Option<f64>,
    /// The other side.
    pub longueur: Option<f64>,
    /// Between shapes of a row.
    pub ecart: Option<f64>,
    /// Between rows.
    pub entre_rangees: Option<f64>,
    /// From the line to the first row.
    pub recul: Option<f64>,
    /// Side of the line.
    pub cote: Cote,
    /// First number; 1 unless told.
    pub premier: Option<u32>,
    /// From a number to the next; 1 unless told.
    pub pas: Option<u32>,
    /// How numbers go from row to row.
    pub ordre: Ordre,
    /// Before each number.
    pub prefixe: String,
    /// After each number.
    pub complement: String,
    /// Digits to which numbers are filled with zeros.
    pub chiffres: u8,
    /// Fields that all rows have.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub champs: Map<String, Value>,
    /// Whether rows are made over others, or out of the surface that should hold them.
    pub accepter: bool,
}

impl SerieDemandee {
    /// As shapes are laid out.
    pub(super) fn serie(&self, dite: &finage_manifest::Series) -> finage_plan::Serie {
        finage_plan::Serie {
            rangees: self.rangees.unwrap_or(1),
            colonnes: self.colonnes,
            largeur_mm: mm(self.largeur.unwrap_or(dite.width)),
            longueur_mm: mm(self.longueur.unwrap_or(dite.length)),
            ecart_mm: mm(self.ecart.unwrap_or(dite.gap)),
            entre_rangees_mm: mm(self.entre_rangees.unwrap_or(dite.row_gap)),
            recul_mm: mm(self.recul.unwrap_or(dite.setback)),
            cote: match self.cote {
                Cote::Gauche => finage_plan::Cote::Gauche,
                Cote::Droite => finage_plan::Cote::Droite,
            },
            numerotation: Numerotation {
                premier: self.premier.unwrap_or(1),
                pas: self.pas.unwrap_or(1),
                ordre: match self.ordre {
                    Ordre::Continu => finage_plan::Ordre::Continu,
                    Ordre::Serpentin => finage_plan::Ordre::Serpentin,
                    Ordre::ParRangee => finage_plan::Ordre::ParRangee,
                },
                prefixe: self.prefixe.trim().to_owned(),
                complement: self.complement.trim().to_owned(),
                chiffres: self.chiffres,
            },
        }
    }
}

/// Metres as whole millimetres; what is none is beyond every bound.
fn mm(metres: f64) -> u32 {
    let arrondi = (metres * 1_000.0).round();
    if (0.0..=1e9).contains(&arrondi) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within bounds")]
        let entier = arrondi as u32;
        entier
    } else {
        u32::MAX
    }
}
