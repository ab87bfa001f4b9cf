//! Lists for the Archives: made, exported, approved, carried out.

use finage_export::{Colonne, Crs, Genre, Ligne, Table, Valeur, csv};
use serde::Serialize;
use serde_json::json;
use sqlx::{FromRow, QueryBuilder, Row as _};
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ConservationError, Echue, Groupe, groupes, libelles};
use crate::access::journal::{self, Auteur, Fait, Finalite};
use crate::db::TenantTx;
use crate::modules::registry::Registry;

/// Rows of a list at most; what is left makes the next one.
const MAX_FICHES: i64 = 50_000;

/// A list of rows whose personal data are at the end of their use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Bordereau {
    /// Key.
    pub id: Uuid,
    /// Object.
    pub objet: String,
    /// Name shown of the object, plural; none while its module is not loaded.
    #[sqlx(skip)]
    pub libelle: Option<String>,
    /// Purpose.
    pub finalite: String,
    /// What becomes of them: `detruire`, `echantillonner`, `transferer`.
    pub sort: String,
    /// Personal fields.
    pub champs: Vec<String>,
    /// Names shown of those fields.
    #[sqlx(skip)]
    pub libelles: Vec<String>,
    /// How many rows.
    pub nombre: i32,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub creee_le: OffsetDateTime,
    /// When it was last exported.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub exportee_le: Option<OffsetDateTime>,
    /// Reference of the approval of the Archives.
    pub visa: Option<String>,
    /// Date of that approval.
    #[schema(value_type = Option<String>, format = Date)]
    pub visa_le: Option<Date>,
    /// When it was carried out.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub executee_le: Option<OffsetDateTime>,
}

/// Lists of one's own collectivité, newest first.
///
/// # Errors
/// The database refused.
pub async fn bordereaux(tx: &mut TenantTx, registry: &Registry) -> sqlx::Result<Vec<Bordereau>> {
    lus(tx, registry, None).await
}

/// The list of that key.
pub(super) async fn trouve(tx: &mut TenantTx, registry: &Registry, id: Uuid) -> Result<Bordereau, ConservationError> {
    lus(tx, registry, Some(id)).await?.pop().ok_or(ConservationError::Absent)
}

async fn lus(tx: &mut TenantTx, registry: &Registry, id: Option<Uuid>) -> sqlx::Result<Vec<Bordereau>> {
    let mut lus: Vec<Bordereau> =
        sqlx::query_as(include_str!("sql/bordereaux.sql")).bind(id).fetch_all(&mut **tx).await?;
    for lu in &mut lus {
        let modele = registry.modele(&lu.objet);
        lu.libelle = modele.map(|modele| modele.pluriel.to_owned());
        lu.libelles = modele.map_or_else(|| lu.champs.clone(), |modele| libelles(modele, &lu.champs));
    }
    Ok(lus)
}

/// Makes the list of rows of an object that are past their term for a purpose.
///
/// # Errors
/// None is.
pub async fn propose(
    tx: &mut TenantTx,
    registry: &Registry,
    objet: &str,
    finalite: &str,
) -> Result<Bordereau, ConservationError> {
    let groupe = groupes(tx).await?.into_iter().find(|un| un.objet == objet && un.finalite == finalite);
    let (groupe, modele) = groupe.zip(registry.modele(objet)).ok_or(ConservationError::Rien)?;
    let mut requete = QueryBuilder::new("select o.id from ");
    requete.push(modele.relation()).push(" o where ");
    groupe.pousse_echues(&mut requete);
    requete.push(" order by o.archivee_le, o.id limit ").push_bind(MAX_FICHES);
    let echues: Vec<Echue> = requete.build_query_as().fetch_all(&mut **tx).await?;
    if echues.is_empty() {
        return Err(ConservationError::Rien);
    }
    let cles: Vec<Uuid> = echues.iter().map(|echue| echue.id).collect();
    let Groupe { objet, finalite, sort, champs } = groupe;
    let id: Uuid = sqlx::query_scalar(include_str!("sql/proposer.sql"))
        .bind(tx.acteur().collectivite)
        .bind(objet)
        .bind(finalite)
        .bind(sort)
        .bind(champs)
        .bind(cles)
        .fetch_one(&mut **tx)
        .await?;
    trouve(tx, registry, id).await
}

/// The list as a CSV for the Archives: a look at personal data, and an act.
///
/// # Errors
/// There is none, or it was carried out.
pub async fn exporte(tx: &mut TenantTx, registry: &Registry, id: Uuid) -> Result<Vec<u8>, ConservationError> {
    let bordereau = trouve(tx, registry, id).await?;
    if bordereau.executee_le.is_some() {
        return Err(ConservationError::Execute);
    }
    let modele = registry.modele(&bordereau.objet).ok_or(ConservationError::Absent)?;
    let mut requete = QueryBuilder::new("select o.id::text, o.insee, o.archivee_le::date::text");
    for champ in &bordereau.champs {
        requete.push(", o.\"").push(champ.replace('"', "")).push("\"::text");
    }
    requete
        .push(" from ")
        .push(modele.relation())
        .push(" o join core.elimination e on o.id = any (e.cles) where e.id = ");
    requete.push_bind(id).push(" order by o.archivee_le, o.id");
    let lues = requete.build().fetch_all(&mut **tx).await?;
    let faute = |cause: &dyn std::fmt::Display| ConservationError::Fichier(cause.to_string());
    let noms = ["id", "insee", "archivee_le"].into_iter().chain(bordereau.champs.iter().map(String::as_str));
    let colonnes: Vec<Colonne> = noms.map(|nom| Colonne::new(nom, Genre::Texte)).collect();
    let mut lignes = Vec::with_capacity(lues.len());
    for lue in &lues {
        let mut valeurs = Vec::with_capacity(colonnes.len());
        for rang in 0..colonnes.len() {
            valeurs.push(Valeur::de(lue.try_get::<Option<String>, _>(rang)?));
        }
        lignes.push(Ligne { valeurs, geometrie: None });
    }
    let table = Table::new("bordereau", modele.pluriel, colonnes, Crs::wgs84()).map_err(|cause| faute(&cause))?;
    let mut octets = Vec::new();
    let options = csv::Options { wkt: false, ..csv::Options::default() };
    csv::ecrire(&mut octets, &table, lignes, options).map_err(|cause| faute(&cause))?;
    sqlx::query("update core.elimination set exportee_le = now() where id = $1").bind(id).execute(&mut **tx).await?;
    let details = json!({ "bordereau": id, "nombre": bordereau.nombre });
    let auteur = Auteur::from(tx.acteur());
    let fait = Fait { action: "exporter", objet: &bordereau.objet, cle: None, details: &details };
    let finalite = Finalite::parse(&bordereau.finalite)?;
    journal::acces(tx, &auteur, &finalite, &fait).await?;
    Ok(octets)
}

/// Marks the list as approved by the Archives.
///
/// # Errors
/// There is none, it was not exported, or the reference is empty.
pub async fn approuve(
    tx: &mut TenantTx,
    registry: &Registry,
    id: Uuid,
    visa: &str,
    le: Date,
) -> Result<Bordereau, ConservationError> {
    let visa = visa.trim();
    if visa.is_empty() || visa.chars().count() > 200 || visa.contains('\0') {
        return Err(ConservationError::Visa);
    }
    let bordereau = trouve(tx, registry, id).await?;
    match (bordereau.executee_le, bordereau.exportee_le) {
        (Some(_), _) => return Err(ConservationError::Execute),
        (None, None) => return Err(ConservationError::SansExport),
        _ => {}
    }
    sqlx::query("update core.elimination set visa = $2, visa_le = $3 where id = $1")
        .bind(id)
        .bind(visa)
        .bind(le)
        .execute(&mut **tx)
        .await?;
    trouve(tx, registry, id).await
}

/// Carries the list out: personal fields leave the rows and their history, for good. Gives how many rows.
///
/// # Errors
/// There is none, it was not exported or not approved, or was carried out already.
pub async fn execute(tx: &mut TenantTx, registry: &Registry, id: Uuid) -> Result<i64, ConservationError> {
    let bordereau = trouve(tx, registry, id).await?;
    match (&bordereau.executee_le, &bordereau.exportee_le, &bordereau.visa) {
        (Some(_), ..) => return Err(ConservationError::Execute),
        (_, None, _) => return Err(ConservationError::SansExport),
        (_, _, None) => return Err(ConservationError::SansVisa),
        _ => {}
    }
    let nombre: i64 = sqlx::query_scalar("select core.eliminer($1)").bind(id).fetch_one(&mut **tx).await?;
    let details = json!({ "bordereau": id, "nombre": nombre, "visa": bordereau.visa, "champs": bordereau.champs });
    let auteur = Auteur::from(tx.acteur());
    let fait = Fait { action: "eliminer", objet: &bordereau.objet, cle: None, details: &details };
    journal::acte(tx, &auteur, &fait).await?;
    Ok(nombre)
}
