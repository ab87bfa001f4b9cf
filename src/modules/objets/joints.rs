//! Files attached to a row. Their rights are those of the row they hang on.

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Modele, ObjetError, Plume, Regard};
use crate::db::TenantTx;
use crate::fichiers::{Empreinte, Genre};

/// Files of a row at most.
pub const MAX_JOINTS: i64 = 50;

/// A file attached to a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Joint {
    /// Key.
    pub id: Uuid,
    /// Name.
    pub nom: String,
    /// Media type.
    #[serde(rename = "type")]
    #[sqlx(rename = "type")]
    pub genre: String,
    /// Size in bytes.
    pub octets: i64,
    /// When it was attached.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub creee_le: OffsetDateTime,
}

/// A file to attach, that lies on the disk already.
#[derive(Debug, Clone)]
pub struct Nouveau {
    /// Its name, cleaned.
    pub nom: String,
    /// Its kind.
    pub genre: Genre,
    /// Its size in bytes.
    pub octets: usize,
    /// Its digest.
    pub empreinte: Empreinte,
}

/// Where a file hangs, and what it is; known to those who see the row's collectivité or hold its mission.
#[derive(Debug, Clone, FromRow)]
pub struct Accroche {
    /// Object.
    pub objet: String,
    /// Key of the row.
    pub cle: String,
    /// Name.
    pub nom: String,
    /// Media type.
    #[sqlx(rename = "type")]
    pub genre: String,
    empreinte: Vec<u8>,
}

impl Accroche {
    /// The digest of its content.
    #[must_use]
    pub fn empreinte(&self) -> Option<Empreinte> {
        Empreinte::lue(&self.empreinte)
    }
}

impl Regard {
    /// The files of a row that was found open.
    ///
    /// # Errors
    /// The row is not there or not open, or the database refused.
    pub async fn joints(&self, tx: &mut TenantTx, id: Uuid) -> Result<Vec<Joint>, ObjetError> {
        self.fiche(tx, id).await?;
        Ok(sqlx::query_as(include_str!("sql/joints.sql"))
            .bind(self.modele().objet.nom)
            .bind(id.to_string())
            .fetch_all(&mut **tx)
            .await?)
    }
}

impl Plume {
    /// Attaches a file to a row that may be changed.
    ///
    /// # Errors
    /// The row is not there or not open, or has [`MAX_JOINTS`] files.
    pub async fn joindre(&self, tx: &mut TenantTx, id: Uuid, nouveau: &Nouveau) -> Result<Uuid, ObjetError> {
        self.retient(tx, id, None, &[]).await?;
        attache(tx, self.modele(), id, nouveau).await
    }

    /// Takes a file off a row that may be changed; its line and its content stay.
    ///
    /// # Errors
    /// The row is not there, not open, or locked in its state: it may receive a file, and loses none.
    pub async fn retirer(&self, tx: &mut TenantTx, id: Uuid, joint: Uuid) -> Result<(), ObjetError> {
        self.verifie(tx, id).await?;
        sqlx::query(include_str!("sql/joint_retirer.sql")).bind(joint).execute(&mut **tx).await?;
        Ok(())
    }
}

/// Attaches a file to a row that one was found to write: by a change, or by a step that makes a document.
///
/// # Errors
/// The row has [`MAX_JOINTS`] files, or the database refused.
pub(in crate::modules) async fn attache(
    tx: &mut TenantTx,
    modele: &Modele,
    id: Uuid,
    nouveau: &Nouveau,
) -> Result<Uuid, ObjetError> {
    let deja: i64 = sqlx::query_scalar(include_str!("sql/joints_compte.sql"))
        .bind(modele.objet.nom)
        .bind(id.to_string())
        .fetch_one(&mut **tx)
        .await?;
    if deja >= MAX_JOINTS {
        return Err(ObjetError::TropDeFichiers(MAX_JOINTS));
    }
    let collectivite = tx.acteur().collectivite;
    let mut requete = QueryBuilder::new(
        "insert into core.piece_jointe (id, collectivite, insee, objet, cle, nom, type, octets, empreinte) select ",
    );
    let cle = Uuid::new_v4();
    requete.push_bind(cle).push(", ").push_bind(collectivite).push(", o.insee, ");
    requete.push_bind(modele.objet.nom).push(", ").push_bind(id.to_string()).push(", ");
    requete.push_bind(nouveau.nom.clone()).push(", ").push_bind(nouveau.genre.media).push(", ");
    requete.push_bind(i64::try_from(nouveau.octets).unwrap_or(i64::MAX)).push(", ");
    requete.push_bind(nouveau.empreinte.octets().to_vec()).push(" from ").push(modele.relation());
    requete.push(" o where o.id = ").push_bind(id);
    requete.build().execute(&mut **tx).await?;
    Ok(cle)
}

/// The file of that key, and its model.
///
/// # Errors
/// There is none, or it is of another collectivité.
pub async fn accroche(
    tx: &mut TenantTx,
    id: Uuid,
    modele: impl Fn(&str) -> Option<&'static Modele>,
) -> Result<(Accroche, &'static Modele), ObjetError> {
    let trouvee: Option<Accroche> =
        sqlx::query_as(include_str!("sql/joint.sql")).bind(id).fetch_optional(&mut **tx).await?;
    let trouvee = trouvee.ok_or(ObjetError::Absente)?;
    let modele = modele(&trouvee.objet).ok_or(ObjetError::Absente)?;
    Ok((trouvee, modele))
}
