//! What was taken over before, and whether an agent changed it since: `core.reprise`.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::Prete;
use crate::db::{CollectiviteId, TenantTx};
use crate::modules::objets::Modele;

/// Rows written at once.
const LOT: usize = 5_000;

/// A row that was taken over before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Connue {
    pub(super) cle: Uuid,
    /// What its source said then.
    pub(super) empreinte: String,
}

/// By provenance, the rows of an object that were taken over before.
pub(super) async fn connues(tx: &mut TenantTx, source: &str, modele: &Modele) -> sqlx::Result<HashMap<String, Connue>> {
    let lues: Vec<(String, Uuid, String)> = sqlx::query_as(
        "select provenance, cle, empreinte from core.reprise where source = $1 and objet = $2 and etat <> ''",
    )
    .bind(source)
    .bind(modele.objet.nom)
    .fetch_all(&mut **tx)
    .await?;
    Ok(lues.into_iter().map(|(provenance, cle, empreinte)| (provenance, Connue { cle, empreinte })).collect())
}

/// Among these rows, those that stay as they are here, and why.
pub(super) async fn gardees(
    tx: &mut TenantTx,
    source: &str,
    modele: &Modele,
    ids: &[Uuid],
) -> sqlx::Result<HashMap<Uuid, &'static str>> {
    let sql = format!(
        "select r.cle, o.id is null, o.archivee_le is not null from core.reprise r left join {} o on o.id = r.cle
        where r.source = $1 and r.objet = $2 and r.cle = any ($3)
            and (o.id is null or o.archivee_le is not null or core.etat_repris(to_jsonb(o), r.champs) <> r.etat)",
        modele.relation()
    );
    let lues: Vec<(Uuid, bool, bool)> =
        sqlx::query_as(AssertSqlSafe(sql)).bind(source).bind(modele.objet.nom).bind(ids).fetch_all(&mut **tx).await?;
    let motif = |(cle, absente, archivee): (Uuid, bool, bool)| {
        let motif = match (absente, archivee) {
            (true, _) => "la fiche n'est plus dans Finage",
            (_, true) => "la fiche est archivée dans Finage",
            _ => "la fiche a été changée dans Finage depuis : elle reste telle, comparez-la à la source",
        };
        (cle, motif)
    };
    Ok(lues.into_iter().map(motif).collect())
}

/// Remembers the rows that were written, as triggers left them.
pub(super) async fn retient(
    tx: &mut TenantTx,
    (collectivite, source): (CollectiviteId, &str),
    modele: &Modele,
    ecrites: &[(Uuid, &Prete)],
    connues: &mut HashMap<String, Connue>,
) -> sqlx::Result<()> {
    let sql = format!(
        "insert into core.reprise as r (collectivite, source, objet, provenance, cle, empreinte, champs, etat)
        select $1, $2, $3, u.provenance, u.cle, u.empreinte, c.champs, core.etat_repris(to_jsonb(o), c.champs)
        from unnest($4::text[], $5::uuid[], $6::text[], $7::text[]) u (provenance, cle, empreinte, champs)
            cross join lateral (select string_to_array(u.champs, ' ') as champs) c
            join {} o on o.id = u.cle
        on conflict (collectivite, source, objet, provenance) do update
            set cle = excluded.cle, empreinte = excluded.empreinte, champs = excluded.champs, etat = excluded.etat, reprise_le = now()",
        modele.relation()
    );
    for lot in ecrites.chunks(LOT) {
        let (mut provenances, mut cles, mut empreintes, mut champs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (cle, prete) in lot {
            provenances.push(prete.fiche.provenance.clone());
            cles.push(*cle);
            empreintes.push(prete.empreinte.clone());
            let colonne = modele.geometrie.filter(|_| prete.fiche.geometrie.is_some());
            let noms = prete.liees.keys().copied().chain(colonne.map(|colonne| colonne.colonne.trim_matches('"')));
            champs.push(noms.collect::<Vec<_>>().join(" "));
            let connue = Connue { cle: *cle, empreinte: prete.empreinte.clone() };
            connues.insert(prete.fiche.provenance.clone(), connue);
        }
        sqlx::query(AssertSqlSafe(sql.clone()))
            .bind(collectivite)
            .bind(source)
            .bind(modele.objet.nom)
            .bind(provenances)
            .bind(cles)
            .bind(empreintes)
            .bind(champs)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
