//! Series that were made, and their undoing.

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Outils, SerieDemandee, SerieError};
use crate::db::TenantTx;
use crate::modules::objets::{EnSerie, Modele, Nature, Plume};
use crate::modules::registry::Registry;

/// Series that are told, the newest first.
const MAX_RECENTES: i64 = 20;
/// Numbers told in a refusal.
const MAX_DITS: usize = 8;

/// A series that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Serie {
    /// Key.
    pub id: Uuid,
    /// Rows made.
    pub nombre: i32,
    /// Number of the first.
    pub premier: String,
    /// Number of the last.
    pub dernier: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub creee_le: OffsetDateTime,
    /// Whether it was undone.
    pub annulee: bool,
}

/// Makes a series under this key; what the key made already is told again.
///
/// # Errors
/// A line, measures, fields or numbers that are refused; shapes over others that were not accepted.
pub async fn creer(
    tx: &mut TenantTx,
    outils: &Outils<'_>,
    id: Uuid,
    demande: &SerieDemandee,
) -> Result<(bool, Serie), SerieError> {
    let modele = outils.plume.modele();
    // One series of an object at a time: what the other just laid is seen.
    sqlx::query(
        "select pg_advisory_xact_lock(hashtextextended('finage serie ' || $1 || ' ' || acces.ma_collectivite(), 0))",
    )
    .bind(modele.objet.nom)
    .execute(&mut **tx)
    .await?;
    if let Some(faite) = lue(tx, modele, id).await? {
        return Ok((false, faite));
    }
    let disposee = outils.disposee(tx, demande).await?;
    let fiches = &disposee.apercu.fiches;
    let pris: Vec<&str> = fiches.iter().filter(|une| une.pris).map(|une| une.numero.as_str()).collect();
    if !pris.is_empty() {
        let suite = if pris.len() > MAX_DITS { "…" } else { "" };
        return Err(SerieError::Pris(pris.iter().take(MAX_DITS).copied().collect::<Vec<_>>().join(", ") + suite));
    }
    let (chevauchent, dehors) =
        (fiches.iter().filter(|une| une.chevauche).count(), fiches.iter().filter(|une| une.dehors).count());
    if chevauchent + dehors > 0 && !demande.accepter {
        return Err(SerieError::Genees { chevauchent, dehors });
    }
    let ids: Vec<Uuid> = disposee.places.iter().map(|_| Uuid::new_v4()).collect();
    let numeros: Vec<String> = disposee.places.iter().map(|place| place.numero.clone()).collect();
    let serie = EnSerie {
        champs: &demande.champs,
        champ_numero: &outils.dite.number,
        ids: &ids,
        numeros: &numeros,
        formes: &disposee.formes,
    };
    outils.plume.creer_en_serie(tx, &serie).await?;
    let (premier, dernier) =
        (numeros.first().cloned().unwrap_or_default(), numeros.last().cloned().unwrap_or_default());
    sqlx::query(
        "insert into core.serie (id, collectivite, objet, fiches, premier, dernier) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(tx.acteur().collectivite)
    .bind(modele.objet.nom)
    .bind(&ids)
    .bind(premier)
    .bind(dernier)
    .execute(&mut **tx)
    .await?;
    let faite = lue(tx, modele, id).await?.ok_or(SerieError::Inconnue)?;
    Ok((true, faite))
}

/// The newest series of an object.
///
/// # Errors
/// The database refused.
pub async fn recentes(tx: &mut TenantTx, modele: &Modele) -> Result<Vec<Serie>, SerieError> {
    let series = sqlx::query_as(
        "select id, cardinality(fiches) as nombre, premier, dernier, creee_le, annulee_le is not null as annulee
        from core.serie where objet = $1 order by creee_le desc, id limit $2",
    )
    .bind(modele.objet.nom)
    .bind(MAX_RECENTES)
    .fetch_all(&mut **tx)
    .await?;
    Ok(series)
}

async fn lue(tx: &mut TenantTx, modele: &Modele, id: Uuid) -> sqlx::Result<Option<Serie>> {
    sqlx::query_as(
        "select id, cardinality(fiches) as nombre, premier, dernier, creee_le, annulee_le is not null as annulee
        from core.serie where id = $1 and objet = $2",
    )
    .bind(id)
    .bind(modele.objet.nom)
    .fetch_optional(&mut **tx)
    .await
}

/// Archives together all the rows of a series that no other row names.
///
/// # Errors
/// No such series, or undone already; rows that serve; a row that may not be archived.
pub async fn annuler(tx: &mut TenantTx, registry: &Registry, plume: &Plume, id: Uuid) -> Result<usize, SerieError> {
    let modele = plume.modele();
    let gardee: Option<(Vec<Uuid>, bool)> =
        sqlx::query_as("select fiches, annulee_le is not null from core.serie where id = $1 and objet = $2 for update")
            .bind(id)
            .bind(modele.objet.nom)
            .fetch_optional(&mut **tx)
            .await?;
    let fiches = match gardee {
        None => return Err(SerieError::Inconnue),
        Some((_, true)) => return Err(SerieError::DejaAnnulee),
        Some((fiches, false)) => fiches,
    };
    servent(tx, registry, modele, &fiches).await?;
    let archivees = plume.archiver_en_serie(tx, &fiches).await?;
    sqlx::query("update core.serie set annulee_le = now(), annulee_par = acces.mon_utilisateur() where id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(archivees)
}

/// # Errors
/// Rows that another one names, which is not archived.
async fn servent(tx: &mut TenantTx, registry: &Registry, modele: &Modele, fiches: &[Uuid]) -> Result<(), SerieError> {
    for autre in registry.modeles() {
        for regle in autre.regles.iter().filter(|regle| regle.nature == Nature::Reference) {
            if !regle.lien.is_some_and(|lien| lien.objet == modele.objet.nom && lien.cle == "id") {
                continue;
            }
            let mut requete = QueryBuilder::new("select count(distinct o.\"");
            requete
                .push(regle.champ)
                .push("\") from ")
                .push(autre.relation())
                .push(" o where o.archivee_le is null and o.\"");
            requete.push(regle.champ).push("\" = any (").push_bind(fiches.to_vec()).push(")");
            let nombre: i64 = requete.build_query_scalar().fetch_one(&mut **tx).await?;
            if nombre > 0 {
                return Err(SerieError::Servie { nombre, par: autre.pluriel });
            }
        }
    }
    Ok(())
}
