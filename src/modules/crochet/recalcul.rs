//! Fields of a program: computed for the rows that changes have touched.

use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, Executor as _};
use uuid::Uuid;

use super::{Crochet, Lecture};
use crate::db::TenantTx;
use crate::modules::objets::{Modele, Regle};
use crate::modules::registry::Registry;

/// Rows computed at once.
const LOT: i32 = 2_000;
/// Lots of a transaction, at most: objects that follow one another in a circle stop there.
const MAX_LOTS: usize = 10_000;

/// Computes the fields of the rows that this transaction has touched; those left by others of its collectivité too. Nothing
/// where the module has no program. Gives how many rows were waiting.
///
/// # Errors
/// The database refused.
pub async fn recalcule(tx: &mut TenantTx, modele: &Modele) -> sqlx::Result<usize> {
    match modele.crochet {
        None => Ok(0),
        Some(crochet) => vide(tx, |nom| crochet.modele(nom).map(|modele| (crochet, modele))).await,
    }
}

/// The same for every module: what the day or another connection left behind.
///
/// # Errors
/// The database refused.
pub async fn recalcule_tout(tx: &mut TenantTx, registry: &Registry) -> sqlx::Result<usize> {
    vide(tx, |nom| registry.modele(nom).and_then(|modele| Some((modele.crochet?, modele)))).await
}

async fn vide(
    tx: &mut TenantTx,
    modele: impl Fn(&str) -> Option<(&'static Crochet, &'static Modele)>,
) -> sqlx::Result<usize> {
    let mut faites = 0;
    for _ in 0..MAX_LOTS {
        let attendues: Vec<(String, Uuid)> =
            sqlx::query_as("select objet, cle from core.recalculs_attendus($1)").bind(LOT).fetch_all(&mut **tx).await?;
        if attendues.is_empty() {
            return Ok(faites);
        }
        faites += attendues.len();
        for lot in attendues.chunk_by(|(un, _), (autre, _)| un == autre) {
            // A module that is no longer loaded computes nothing: it does when it is loaded again.
            let Some((crochet, modele)) = lot.first().and_then(|(nom, _)| modele(nom)) else { continue };
            let ids: Vec<Uuid> = lot.iter().map(|(_, id)| *id).collect();
            calcule(tx, crochet, modele, &ids).await?;
        }
    }
    tracing::error!("des champs calculés par des programmes de modules se suivent en cercle");
    Ok(faites)
}

async fn calcule(tx: &mut TenantTx, crochet: &Crochet, modele: &Modele, ids: &[Uuid]) -> sqlx::Result<()> {
    let champs: Vec<&Regle> = modele.regles.iter().filter(|regle| regle.crochet.is_some()).collect();
    if champs.is_empty() {
        return Ok(());
    }
    let calculees = crochet.programme.compute(&mut Lecture::new(tx), modele.court(), ids).await?;
    let valeurs: Vec<Value> = calculees.into_iter().map(|(id, valeurs)| ligne(id, valeurs, &champs)).collect();
    let noms = |texte: fn(&str) -> String| champs.iter().map(|regle| texte(regle.champ)).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "update {relation} o set ({cibles}) = (select {sources}) from jsonb_array_elements($1) j(valeur)
            cross join lateral jsonb_populate_record(null::{relation}, j.valeur) v
        where o.id = v.id and ({anciennes}) is distinct from ({sources})",
        relation = modele.relation,
        cibles = noms(|champ| format!("\"{champ}\"")),
        sources = noms(|champ| format!("v.\"{champ}\"")),
        anciennes = noms(|champ| format!("o.\"{champ}\"")),
    );
    // Neither the lock of a state nor the list of rows to compute is for what a program writes.
    tx.execute("select set_config('finage.verrou', 'ouvert', true), set_config('finage.recalcul', 'oui', true)")
        .await?;
    sqlx::query(AssertSqlSafe(sql)).bind(Value::Array(valeurs)).execute(&mut **tx).await?;
    tx.execute("select set_config('finage.verrou', '', true), set_config('finage.recalcul', '', true)").await?;
    Ok(())
}

/// A row as its table takes it: a value that the program does not give is empty.
fn ligne(id: Uuid, mut valeurs: Map<String, Value>, champs: &[&Regle]) -> Value {
    let mut ligne = Map::new();
    for regle in champs {
        let valeur = regle.crochet.and_then(|nom| valeurs.remove(nom)).unwrap_or(Value::Null);
        ligne.insert(regle.champ.to_owned(), valeur);
    }
    ligne.insert("id".to_owned(), json!(id));
    Value::Object(ligne)
}
