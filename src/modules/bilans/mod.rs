//! Tables of figures of a module: queries of its folder, over the rows and fields that who asks may read.

use std::collections::BTreeMap;

use finage_manifest::{QueryType, Report, ReportTable};
use serde::Serialize;
use serde_json::json;
use time::Date;
use utoipa::ToSchema;

use super::documents::{DocumentError, Lieu, Requete};
use crate::access::identite::Identite;
use crate::db::TenantTx;
use crate::modules::registry::{ModuleCharge, Registry};

/// A page of figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Chiffres {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub libelle: String,
    /// What it is for.
    pub description: Option<String>,
    /// Numbers that the reader may set, as they were.
    pub parametres: Vec<ParametreDeBilan>,
    /// Its tables.
    pub tables: Vec<TableDeChiffres>,
}

/// A whole number that the reader may set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParametreDeBilan {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub libelle: String,
    /// Value.
    pub valeur: i64,
    /// The least.
    pub min: i64,
    /// The greatest.
    pub max: i64,
}

/// A table of figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TableDeChiffres {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub libelle: String,
    /// How it is read or counted.
    pub note: Option<String>,
    /// Its columns.
    pub colonnes: Vec<ColonneDeChiffres>,
    /// Column that a bar draws.
    pub barres: Option<String>,
    /// Its lines: a value by column, as text, dates in ISO 8601.
    pub lignes: Vec<Vec<Option<String>>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ColonneDeChiffres {
    /// Name.
    pub nom: String,
    /// Name shown.
    pub libelle: String,
    /// `texte`, `entier`, `decimal`, `booleen`, `date`, `instant`.
    pub genre: &'static str,
}

/// A report, ready to be read by one account.
#[derive(Debug)]
pub struct Lecteur<'a> {
    dit: &'a Report,
    tables: Vec<(&'a ReportTable, Requete)>,
}

impl<'a> Lecteur<'a> {
    /// The report for `qui`.
    ///
    /// # Errors
    /// It may not read an object that a query names.
    pub fn new(
        registry: &Registry,
        module: &ModuleCharge,
        qui: &Identite,
        dit: &'a Report,
    ) -> Result<Self, DocumentError> {
        let lieu = Lieu { registry, module, qui };
        let prete = |table: &'a ReportTable| {
            // Figures are of no person: nominative fields are closed to them.
            let requete = Requete::preparee(&lieu, &table.id, &format!("reports/{}", table.query), &|_| None)?;
            Ok((table, requete))
        };
        Ok(Self { dit, tables: dit.tables.iter().map(prete).collect::<Result<_, DocumentError>>()? })
    }

    /// Its figures, with these numbers in the place of those proposed, held to their bounds.
    ///
    /// # Errors
    /// A query failed, or took more than five seconds.
    pub async fn lu(
        &self,
        tx: &mut TenantTx,
        aujourd_hui: Date,
        poses: &BTreeMap<String, i64>,
    ) -> Result<Chiffres, DocumentError> {
        let parametres: Vec<ParametreDeBilan> = self
            .dit
            .params
            .iter()
            .map(|(id, param)| ParametreDeBilan {
                id: id.clone(),
                libelle: param.label.clone(),
                valeur: poses.get(id).copied().unwrap_or(param.default).clamp(param.min, param.max),
                min: param.min,
                max: param.max,
            })
            .collect();
        let mut tables = Vec::new();
        for (dite, requete) in &self.tables {
            let valeur = |nom: &str| match nom {
                "aujourd_hui" => Some(aujourd_hui.to_string()),
                _ => parametres.iter().find(|un| un.id == nom).map(|un| un.valeur.to_string()),
            };
            let details = json!({ "bilan": self.dit.id, "requete": dite.id });
            let lignes = requete.brutes(tx, &valeur, details).await?;
            tables.push(TableDeChiffres {
                id: dite.id.clone(),
                libelle: dite.label.clone(),
                note: dite.note.clone(),
                colonnes: requete.colonnes().iter().map(|(nom, genre)| colonne(dite, nom, *genre)).collect(),
                barres: dite.bars.clone(),
                lignes,
            });
        }
        Ok(Chiffres {
            id: self.dit.id.clone(),
            libelle: self.dit.label.clone(),
            description: self.dit.description.clone(),
            parametres,
            tables,
        })
    }
}

fn colonne(dite: &ReportTable, nom: &str, genre: QueryType) -> ColonneDeChiffres {
    ColonneDeChiffres {
        nom: nom.to_owned(),
        libelle: dite.columns.get(nom).cloned().unwrap_or_else(|| nom.to_owned()),
        genre: match genre {
            QueryType::Text | QueryType::Uuid => "texte",
            QueryType::Integer => "entier",
            QueryType::Decimal => "decimal",
            QueryType::Boolean => "booleen",
            QueryType::Date => "date",
            QueryType::Instant => "instant",
        },
    }
}
