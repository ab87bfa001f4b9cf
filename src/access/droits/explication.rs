//! « Qui voit cette fiche, et pourquoi » : each right of each account, tried on the row itself.
//!
//! The condition of a right is the one that reads use: what is explained is what happens.

use serde::Serialize;
use sqlx::{PgPool, Postgres, QueryBuilder, Row as _};
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Action, Droit, Objet, Octroi, Sujet};
use crate::db::{CollectiviteId, TenantTx};

/// Rights tried in one statement.
const LOT: usize = 200;

/// Why a record is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Explication {
    /// Kind of object.
    pub objet: &'static str,
    /// Key of the record.
    pub cle: Uuid,
    /// Commune of the record, when it has one.
    pub insee: Option<String>,
    /// Mission that opens it to others than its owner.
    pub mission: String,
    /// Collectivités that reach it; of the others nobody does.
    pub collectivites: Vec<Atteinte>,
    /// Rights that open it to accounts of the collectivité that asks.
    pub ouvertures: Vec<Ouverture>,
}

/// A collectivité that reaches a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, sqlx::FromRow)]
pub struct Atteinte {
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// Whether the record is its own; else it holds the mission on the commune.
    pub proprietaire: bool,
}

/// A right that opens a record to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ouverture {
    /// E-mail of the account.
    pub email: String,
    /// Its name.
    pub nom: String,
    /// Key of the account.
    pub utilisateur: Uuid,
    /// Code of the role.
    pub role: String,
    /// Name of the role.
    pub role_libelle: String,
    /// Which holding of the role.
    pub attribution: i64,
    /// First day of it.
    #[schema(value_type = String, format = Date)]
    pub du: Date,
    /// First day on which it is no longer held.
    #[schema(value_type = Option<String>, format = Date)]
    pub au: Option<Date>,
    /// What may be done.
    pub action: Action,
    /// Filter on rows that the record passes; none for all.
    pub lignes: Option<String>,
    /// Communes where the role is held; none for the whole territory.
    pub communes: Option<Vec<String>>,
    /// Fields opened.
    pub champs: Vec<&'static str>,
    /// Level of nominative data.
    pub niveau: u8,
    /// Purposes declared: nominative data is seen for these alone.
    pub finalites: Vec<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct Candidat {
    attribution: i64,
    utilisateur: Uuid,
    email: String,
    nom: String,
    role_libelle: String,
    du: Date,
    au: Option<Date>,
    #[sqlx(flatten)]
    octroi: Octroi,
}

/// Who sees the record of that key; `None` when the collectivité of `tx` does not reach it either, or the object has no
/// records. `acces` reads accounts and rights.
///
/// # Errors
/// The database refused or timed out.
pub async fn explique(
    acces: &PgPool,
    tx: &mut TenantTx,
    objet: &'static Objet,
    cle: Uuid,
) -> sqlx::Result<Option<Explication>> {
    let table: Option<(String, String, String)> =
        sqlx::query_as(include_str!("sql/objet.sql")).bind(objet.nom).fetch_optional(&mut **tx).await?;
    let Some((relation, mission, colonne)) = table else { return Ok(None) };
    let table = Table { relation: &relation, colonne: &colonne, cle };
    let mut ligne = QueryBuilder::<Postgres>::new("select collectivite, insee");
    table.pousse(&mut ligne);
    let ligne: Option<(CollectiviteId, Option<String>)> = ligne.build_query_as().fetch_optional(&mut **tx).await?;
    let Some((proprietaire, insee)) = ligne else { return Ok(None) };
    let collectivites: Vec<Atteinte> = sqlx::query_as(include_str!("sql/collectivites_de_ligne.sql"))
        .bind(proprietaire)
        .bind(&insee)
        .bind(&mission)
        .fetch_all(acces)
        .await?;
    let qui = tx.acteur().collectivite;
    let candidats: Vec<Candidat> =
        sqlx::query_as(include_str!("sql/octrois_collectivite.sql")).bind(qui).bind(objet.nom).fetch_all(acces).await?;
    let essais: Vec<(Candidat, Droit)> = candidats
        .into_iter()
        .filter_map(|candidat| {
            // Who makes records does not see this one for it.
            let action = Action::parse(&candidat.octroi.action).filter(|action| *action != Action::Creer)?;
            let sujet = Sujet { id: candidat.utilisateur, email: candidat.email.clone(), collectivite: qui };
            let droit = Droit::compile(objet, action, std::iter::once(&candidat.octroi), &sujet)?;
            Some((candidat, droit))
        })
        .collect();
    let mut ouvertures = Vec::new();
    for lot in essais.chunks(LOT) {
        let ouverts = essaie(tx, &table, lot).await?;
        ouvertures.extend(lot.iter().zip(ouverts).filter(|(_, ouvert)| *ouvert).map(|(essai, _)| ouverture(essai)));
    }
    Ok(Some(Explication { objet: objet.nom, cle, insee, mission, collectivites, ouvertures }))
}

struct Table<'a> {
    relation: &'a str,
    colonne: &'a str,
    cle: Uuid,
}

impl Table<'_> {
    /// Names are those that `core.objet` keeps: PostgreSQL wrote them, quoted where they must be.
    fn pousse(&self, requete: &mut QueryBuilder<Postgres>) {
        requete.push(" from ").push(self.relation).push(" o where ").push(self.colonne).push(" = ").push_bind(self.cle);
    }
}

/// Whether each right opens the row.
async fn essaie(tx: &mut TenantTx, table: &Table<'_>, lot: &[(Candidat, Droit)]) -> sqlx::Result<Vec<bool>> {
    let mut requete = QueryBuilder::<Postgres>::new("select array[");
    for (rang, (_, droit)) in lot.iter().enumerate() {
        requete.push(if rang == 0 { "coalesce(" } else { ", coalesce(" });
        droit.pousse_condition(&mut requete);
        requete.push(", false)");
    }
    requete.push("]");
    table.pousse(&mut requete);
    requete.build().fetch_one(&mut **tx).await?.try_get(0)
}

fn ouverture((candidat, droit): &(Candidat, Droit)) -> Ouverture {
    let octroi = &candidat.octroi;
    Ouverture {
        email: candidat.email.clone(),
        nom: candidat.nom.clone(),
        utilisateur: candidat.utilisateur,
        role: octroi.role.clone(),
        role_libelle: candidat.role_libelle.clone(),
        attribution: candidat.attribution,
        du: candidat.du,
        au: candidat.au,
        action: droit.action(),
        lignes: octroi.lignes.clone(),
        communes: octroi.communes.clone(),
        champs: droit.champs().map(|champ| champ.nom).collect(),
        niveau: u8::try_from(octroi.niveau).unwrap_or(0),
        finalites: octroi.finalites.clone(),
    }
}
