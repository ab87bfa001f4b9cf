//! Links made, ended, confirmed. None is deleted.

use sqlx::QueryBuilder;
use time::Date;
use uuid::Uuid;

use super::{Ancrage, Etat, Rattachement, RattachementError};
use crate::db::TenantTx;
use crate::modules::objets::Plume;

/// Links that a record has at once, at most.
pub const MAX_LIENS: i64 = 1_000;
/// Bytes of the key of an entity at most.
const MAX_CLE: usize = 200;

/// Links the record `fiche` to an entity, from `du` on, else from today in its commune.
///
/// # Errors
/// The record may not be changed, the entity is not on the map, or the role is already held.
pub async fn lier(
    tx: &mut TenantTx,
    plume: &Plume,
    fiche: Uuid,
    ancrage: &Ancrage,
    entite: &str,
    du: Option<Date>,
) -> Result<Rattachement, RattachementError> {
    let objet = plume.modele().objet.nom;
    // The record stays locked to the end: two links of one role do not pass each other.
    plume.verifie(tx, fiche).await?;
    presentes(tx, ancrage, &[entite]).await?;
    let (liens, du_role, deja): (i64, i64, bool) = sqlx::query_as(include_str!("sql/ouverts.sql"))
        .bind(objet)
        .bind(fiche)
        .bind(&ancrage.couche)
        .bind(&ancrage.role)
        .bind(entite)
        .fetch_one(&mut **tx)
        .await?;
    if deja {
        return Err(RattachementError::Deja(entite.to_owned()));
    }
    if du_role > 0 && !ancrage.plusieurs {
        return Err(RattachementError::UnSeul(ancrage.role.clone()));
    }
    if liens >= MAX_LIENS {
        return Err(RattachementError::Trop(MAX_LIENS));
    }
    let id = Uuid::new_v4();
    let mut requete = QueryBuilder::new(
        "insert into core.rattachement (id, collectivite, insee, objet, cle, couche, cle_entite, role, valide_du, geom_au_lien) select ",
    );
    requete.push_bind(id).push(", o.collectivite, o.insee, ").push_bind(objet).push(", o.id, ");
    requete.push_bind(ancrage.couche.clone()).push(", ").push_bind(entite.to_owned()).push(", ");
    requete
        .push_bind(ancrage.role.clone())
        .push(", coalesce(")
        .push_bind(du)
        .push(", core.jour(o.insee)), core.entite(");
    requete.push_bind(ancrage.couche.clone()).push(", ").push_bind(entite.to_owned()).push(") from ");
    requete.push(plume.modele().relation()).push(" o where o.id = ").push_bind(fiche);
    requete.build().execute(&mut **tx).await?;
    un(tx, id, objet, fiche).await
}

/// Ends a link of the record `fiche` on that day, else today in its commune.
///
/// # Errors
/// The record may not be changed, it has no such link, or the day is before its first or after today.
pub async fn delier(
    tx: &mut TenantTx,
    plume: &Plume,
    fiche: Uuid,
    id: Uuid,
    le: Option<Date>,
) -> Result<Rattachement, RattachementError> {
    let objet = plume.modele().objet.nom;
    plume.verifie(tx, fiche).await?;
    let lien = un(tx, id, objet, fiche).await?;
    if lien.valide_au.is_some() {
        return Err(RattachementError::Absent);
    }
    let termines = sqlx::query(include_str!("sql/delier.sql"))
        .bind(id)
        .bind(objet)
        .bind(fiche)
        .bind(le)
        .execute(&mut **tx)
        .await?
        .rows_affected();
    if termines == 0 {
        return Err(RattachementError::Dates);
    }
    un(tx, id, objet, fiche).await
}

/// Gives the place of an entity that is gone to those a human chose, proposed or not; gives the record back. The former link
/// ends the day of the plan that took its entity away, and the new ones begin.
///
/// # Errors
/// The record may not be changed, the link waits for nothing, an entity is not on the map, or several are given to a role
/// that takes one.
pub async fn confirmer(
    tx: &mut TenantTx,
    plume: &Plume,
    id: Uuid,
    ancrage: &Ancrage,
    entites: &[&str],
) -> Result<Uuid, RattachementError> {
    let objet = plume.modele().objet.nom;
    let fiche: Option<Uuid> =
        sqlx::query_scalar(include_str!("sql/hote.sql")).bind(id).bind(objet).fetch_optional(&mut **tx).await?;
    let fiche = fiche.ok_or(RattachementError::Absent)?;
    plume.verifie(tx, fiche).await?;
    let lien = un(tx, id, objet, fiche).await?;
    if lien.valide_au.is_some() || (&lien.couche, &lien.role) != (&ancrage.couche, &ancrage.role) {
        return Err(RattachementError::Absent);
    }
    if lien.etat == Etat::Sur {
        return Err(RattachementError::Sur);
    }
    match entites {
        [] => return Err(RattachementError::SansChoix),
        [_] => {}
        _ if ancrage.plusieurs => {}
        _ => return Err(RattachementError::UnSeul(ancrage.role.clone())),
    }
    if entites.len() > usize::try_from(MAX_LIENS).unwrap_or_default() {
        return Err(RattachementError::Trop(MAX_LIENS));
    }
    presentes(tx, ancrage, entites).await?;
    sqlx::query(include_str!("sql/confirmer.sql")).bind(id).bind(entites).execute(&mut **tx).await?;
    Ok(fiche)
}

/// # Errors
/// Nothing is linked to that layer, or one of these is not in it.
async fn presentes(tx: &mut TenantTx, ancrage: &Ancrage, entites: &[&str]) -> Result<(), RattachementError> {
    let absente = |cle: &str| RattachementError::Entite {
        couche: ancrage.couche.clone(),
        cle: cle.chars().filter(|lettre| !lettre.is_control()).take(60).collect(),
    };
    if let Some(cle) = entites.iter().find(|cle| cle.is_empty() || cle.len() > MAX_CLE || cle.contains('\0')) {
        return Err(absente(cle));
    }
    let relation: Option<String> =
        sqlx::query_scalar(include_str!("sql/relation.sql")).bind(&ancrage.couche).fetch_optional(&mut **tx).await?;
    if relation.is_none() {
        return Err(RattachementError::Couche(ancrage.couche.clone()));
    }
    let inconnue: Option<String> = sqlx::query_scalar(include_str!("sql/inconnues.sql"))
        .bind(&ancrage.couche)
        .bind(entites)
        .fetch_optional(&mut **tx)
        .await?;
    inconnue.map_or(Ok(()), |cle| Err(absente(&cle)))
}

/// A link of a record that was found open.
async fn un(tx: &mut TenantTx, id: Uuid, objet: &str, fiche: Uuid) -> Result<Rattachement, RattachementError> {
    let trouve = sqlx::query_as(include_str!("sql/un.sql"));
    trouve.bind(id).bind(objet).bind(fiche).fetch_optional(&mut **tx).await?.ok_or(RattachementError::Absent)
}
