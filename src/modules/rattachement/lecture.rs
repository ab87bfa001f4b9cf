//! Links told: those of a record, records on an entity, links that wait for a human.

use serde::Serialize;
use serde_json::json;
use sqlx::{FromRow, QueryBuilder};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ecriture::MAX_LIENS;
use super::{Ancrage, Rattachement, RattachementError};
use crate::db::TenantTx;
use crate::modules::objets::Regard;

/// Records told at most, of one object.
const MAX_FICHES: i64 = 500;

/// Records of one object on an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Liees {
    /// Object.
    pub objet: &'static str,
    /// Name shown.
    pub libelle: &'static str,
    /// All those that are open.
    pub total: i64,
    /// The first of them.
    pub fiches: Vec<FicheLiee>,
}

/// A record on an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct FicheLiee {
    /// Key.
    pub id: Uuid,
    /// What it is called; null where that is not open.
    pub titre: Option<String>,
    /// What the entity is to it.
    pub roles: Vec<String>,
}

/// A link that waits for a human.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Attente {
    /// Object.
    pub objet: &'static str,
    /// Record.
    pub fiche: Uuid,
    /// What the record is called; null where that is not open.
    pub titre: Option<String>,
    /// Its link, with what is proposed.
    pub rattachement: Rattachement,
}

/// A record without a link that its module requires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Incomplete {
    /// Object.
    pub objet: &'static str,
    /// Record.
    pub fiche: Uuid,
    /// What the record is called; null where that is not open.
    pub titre: Option<String>,
    /// Role that nothing holds.
    pub role: String,
}

/// Links of a record, those that hold first, then those that ended.
///
/// # Errors
/// The record is not there or not open, or the database refused.
pub async fn lister(tx: &mut TenantTx, regard: &Regard, fiche: Uuid) -> Result<Vec<Rattachement>, RattachementError> {
    regard.fiche(tx, fiche).await?;
    let liens = sqlx::query_as(include_str!("sql/de_la_fiche.sql"));
    Ok(liens.bind(regard.modele().objet.nom).bind(fiche).bind(MAX_LIENS).fetch_all(&mut **tx).await?)
}

/// Records that are linked to an entity today, of each object that a look opens; objects without any are left out.
///
/// # Errors
/// The database refused.
pub async fn par_entite(
    tx: &mut TenantTx,
    regards: &[Regard],
    couche: &str,
    entite: &str,
    limite: i64,
) -> Result<Vec<Liees>, RattachementError> {
    let mut liees = Vec::new();
    if couche.contains('\0') || entite.contains('\0') {
        return Ok(liees);
    }
    for regard in regards {
        let modele = regard.modele();
        let objet = modele.objet;
        let mut total = QueryBuilder::new("select count(*)");
        let mut lues = QueryBuilder::new("select o.id, ");
        regard.pousse_titre(&mut lues);
        lues.push(" as titre, array(select r.role from core.rattachement r where r.cle = o.id and r.objet = ");
        lues.push_bind(objet.nom).push(" and r.couche = ").push_bind(couche).push(" and r.cle_entite = ");
        lues.push_bind(entite).push(" and r.valide_au is null and r.archivee_le is null order by r.role) as roles");
        for requete in [&mut total, &mut lues] {
            requete.push(" from ").push(modele.relation()).push(" o");
            regard.pousse_nommees(requete);
            requete.push(" where o.archivee_le is null and o.id in ");
            requete.push("(select r.cle from core.rattachement r where r.objet = ").push_bind(objet.nom);
            requete.push(" and r.couche = ").push_bind(couche).push(" and r.cle_entite = ").push_bind(entite);
            requete.push(" and r.valide_au is null and r.archivee_le is null) and ");
            regard.pousse_condition(requete);
        }
        let total: i64 = total.build_query_scalar().fetch_one(&mut **tx).await?;
        if total == 0 {
            continue;
        }
        lues.push(" order by o.creee_le desc, o.id limit ").push_bind(limite.clamp(1, MAX_FICHES));
        let fiches = lues.build_query_as().fetch_all(&mut **tx).await?;
        let criteres = json!({ "criteres": { "couche": couche, "entite": entite }, "nombre": total });
        regard.journalise(tx, "lister", None, &criteres).await?;
        liees.push(Liees { objet: objet.nom, libelle: objet.libelle, total, fiches });
    }
    Ok(liees)
}

/// Links whose entity is gone, of the records that these looks open: to be confirmed, or ended.
///
/// # Errors
/// The database refused.
pub async fn en_attente(tx: &mut TenantTx, regards: &[Regard], limite: i64) -> Result<Vec<Attente>, RattachementError> {
    let mut attentes = Vec::new();
    for regard in regards {
        let modele = regard.modele();
        let objet = modele.objet.nom;
        let mut requete = QueryBuilder::new("select o.id, ");
        regard.pousse_titre(&mut requete);
        requete.push(" from ").push(modele.relation()).push(" o");
        regard.pousse_nommees(&mut requete);
        requete.push(" where o.archivee_le is null and o.id in ");
        requete.push("(select r.cle from core.rattachement r where r.etat <> 'sur' and r.objet = ").push_bind(objet);
        requete.push(" and r.valide_au is null and r.archivee_le is null) and ");
        regard.pousse_condition(&mut requete);
        requete.push(" order by o.creee_le, o.id limit ").push_bind(limite.clamp(1, MAX_FICHES));
        let fiches: Vec<(Uuid, Option<String>)> = requete.build_query_as().fetch_all(&mut **tx).await?;
        if fiches.is_empty() {
            continue;
        }
        let cles: Vec<Uuid> = fiches.iter().map(|(cle, _)| *cle).collect();
        let liens: Vec<Lien> =
            sqlx::query_as(include_str!("sql/en_attente.sql")).bind(objet).bind(cles).fetch_all(&mut **tx).await?;
        let criteres = json!({ "criteres": { "rattachements": "en_attente" }, "nombre": fiches.len() });
        regard.journalise(tx, "lister", None, &criteres).await?;
        attentes.extend(liens.into_iter().map(|Lien { fiche, rattachement }| {
            let titre = fiches.iter().find(|(cle, _)| *cle == fiche).and_then(|(_, titre)| titre.clone());
            Attente { objet, fiche, titre, rattachement }
        }));
    }
    Ok(attentes)
}

/// Records that this look opens and that have no link of this anchor, the oldest first.
///
/// # Errors
/// The database refused.
pub async fn incompletes(
    tx: &mut TenantTx,
    regard: &Regard,
    ancrage: &Ancrage,
    limite: i64,
) -> Result<Vec<Incomplete>, RattachementError> {
    let modele = regard.modele();
    let objet = modele.objet.nom;
    let mut requete = QueryBuilder::new("select o.id, ");
    regard.pousse_titre(&mut requete);
    requete.push(" from ").push(modele.relation()).push(" o");
    regard.pousse_nommees(&mut requete);
    requete.push(" where o.archivee_le is null and not exists (select from core.rattachement r where r.cle = o.id");
    requete.push(" and r.objet = ").push_bind(objet).push(" and r.role = ").push_bind(ancrage.role.clone());
    requete.push(" and r.valide_au is null and r.archivee_le is null) and ");
    regard.pousse_condition(&mut requete);
    requete.push(" order by o.creee_le, o.id limit ").push_bind(limite.clamp(1, MAX_FICHES));
    let fiches: Vec<(Uuid, Option<String>)> = requete.build_query_as().fetch_all(&mut **tx).await?;
    let role = &ancrage.role;
    Ok(fiches.into_iter().map(|(fiche, titre)| Incomplete { objet, fiche, titre, role: role.clone() }).collect())
}

#[derive(Debug, FromRow)]
struct Lien {
    fiche: Uuid,
    #[sqlx(flatten)]
    rattachement: Rattachement,
}
