//! A file laid down to be imported, what is asked of it, what became of it: a row of `core.importation`.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Bilan, Correspondance, ErreurImport};
use crate::access::journal::{self, Auteur, Fait, Finalite};
use crate::db::TenantTx;
use crate::modules::objets::Modele;

/// What is kept when some rows are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing.
    #[default]
    ToutOuRien,
    /// The others.
    LigneParLigne,
}

/// How a file is imported.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = DemandeImport)]
pub struct Demande {
    /// What each column fills; that which is proposed for the file unless told.
    pub correspondance: Option<Correspondance>,
    /// A mapping that the module knows, instead.
    pub nom: Option<String>,
    /// What is kept when some rows are refused.
    pub mode: Mode,
    /// Data taken over from before: what breaches today's rules is accepted, and listed.
    pub reprise: bool,
    /// Whether nothing is to be kept.
    pub essai: bool,
    /// Purpose for which personal fields are written; leaves a line in the journal.
    pub finalite: Option<String>,
}

/// A file laid down.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Importation {
    /// Key.
    pub id: Uuid,
    /// Object whose rows it makes.
    pub objet: String,
    /// Name of the file.
    pub nom: String,
    /// SHA-256 of its content.
    pub empreinte: String,
    /// Who laid it down.
    pub deposee_par: Option<Uuid>,
    /// What was asked of it last.
    pub demande: Option<Json<Demande>>,
    /// The job that does it.
    pub travail: Option<Uuid>,
    /// When its rows were kept.
    pub faite_le: Option<OffsetDateTime>,
    /// What became of it.
    pub bilan: Option<Json<Bilan>>,
}

impl Importation {
    /// Writes that a file was laid down.
    ///
    /// # Errors
    /// The database refused.
    pub async fn depose(
        tx: &mut TenantTx,
        modele: &Modele,
        nom: &str,
        empreinte: &str,
        octets: usize,
    ) -> sqlx::Result<Uuid> {
        let (id, acteur) = (Uuid::new_v4(), *tx.acteur());
        sqlx::query(
            "insert into core.importation (id, collectivite, objet, nom, empreinte, octets, deposee_par)
            values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id)
        .bind(acteur.collectivite)
        .bind(modele.objet.nom)
        .bind(nom)
        .bind(empreinte)
        .bind(i64::try_from(octets).unwrap_or(i64::MAX))
        .bind(acteur.utilisateur)
        .execute(&mut **tx)
        .await?;
        Ok(id)
    }

    /// A file laid down in the collectivité that acts.
    ///
    /// # Errors
    /// There is none.
    pub async fn lit(tx: &mut TenantTx, id: Uuid) -> Result<Self, ErreurImport> {
        let lue: Option<Self> = sqlx::query_as(
            "select id, objet, nom, empreinte, deposee_par, demande, travail, faite_le, bilan from core.importation where id = $1",
        )
        .bind(id)
        .fetch_optional(&mut **tx)
        .await?;
        lue.ok_or(ErreurImport::Absent)
    }

    /// The same, of this object, laid down by the account that acts: nobody imports the file of another.
    ///
    /// # Errors
    /// There is none.
    pub async fn sienne(tx: &mut TenantTx, modele: &Modele, id: Uuid) -> Result<Self, ErreurImport> {
        let lue = Self::lit(tx, id).await?;
        let sienne = lue.objet == modele.objet.nom && lue.deposee_par == tx.acteur().utilisateur;
        if sienne { Ok(lue) } else { Err(ErreurImport::Absent) }
    }

    /// Writes what is asked of it.
    ///
    /// # Errors
    /// It is done already, or the database refused.
    pub async fn demande(tx: &mut TenantTx, id: Uuid, demande: &Demande) -> Result<(), ErreurImport> {
        let ecrites = sqlx::query(
            "update core.importation set demande = $2, travail = null, bilan = null where id = $1 and faite_le is null",
        )
        .bind(id)
        .bind(Json(demande))
        .execute(&mut **tx)
        .await?;
        if ecrites.rows_affected() == 0 { Err(ErreurImport::DejaFait) } else { Ok(()) }
    }

    /// Writes which job does it.
    ///
    /// # Errors
    /// The database refused.
    pub async fn confie(tx: &mut TenantTx, id: Uuid, travail: Uuid) -> sqlx::Result<()> {
        sqlx::query("update core.importation set travail = $2 where id = $1")
            .bind(id)
            .bind(travail)
            .execute(&mut **tx)
            .await
            .map(|_| ())
    }

    /// Holds it until the transaction ends, so that it is done once; what became of it when it was.
    ///
    /// # Errors
    /// The database refused.
    pub async fn retient(tx: &mut TenantTx, id: Uuid) -> Result<Option<Bilan>, ErreurImport> {
        let faite: Option<(Option<OffsetDateTime>, Option<Json<Bilan>>)> =
            sqlx::query_as("select faite_le, bilan from core.importation where id = $1 for no key update")
                .bind(id)
                .fetch_optional(&mut **tx)
                .await?;
        let (faite_le, bilan) = faite.ok_or(ErreurImport::Absent)?;
        Ok(faite_le.and(bilan).map(|Json(bilan)| bilan))
    }

    /// Writes what became of it, with its rows or without, the act, and for what purpose personal fields were written.
    ///
    /// # Errors
    /// The database refused.
    pub async fn conclut(
        tx: &mut TenantTx,
        id: Uuid,
        modele: &Modele,
        bilan: &Bilan,
        finalite: Option<&Finalite>,
    ) -> Result<(), ErreurImport> {
        sqlx::query("update core.importation set bilan = $2, faite_le = case when $3 then now() end where id = $1")
            .bind(id)
            .bind(Json(bilan))
            .bind(bilan.ecrit)
            .execute(&mut **tx)
            .await?;
        if bilan.ecrit {
            let details = json!({
                "creees": bilan.creees, "changees": bilan.changees, "rejetees": bilan.rejetees, "anomalies": bilan.anomalies,
            });
            let (auteur, cle) = (Auteur::from(tx.acteur()), id.to_string());
            let fait = Fait { action: "importer", objet: modele.objet.nom, cle: Some(&cle), details: &details };
            journal::acte(tx, &auteur, &fait).await?;
            if let Some(finalite) = finalite {
                journal::acces(tx, &auteur, finalite, &fait).await?;
            }
        }
        Ok(())
    }
}
