//! Indexes that the engine makes, and those that it no longer needs.

use finage_manifest::{Kind, Object, Resolved};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::InstallationError;
use crate::modules::registry::{cite, uniques};

/// Comment of the indexes that the engine made: they are its own to drop.
const MARQUE: &str = "Index du moteur des modules";

/// Indexes of what is searched, of geometries, of references, of what no two rows have alike; those that a manifest no
/// longer asks for are taken off.
pub(super) async fn indexe(
    tx: &mut PgConnection,
    objet: &Object,
    champs: &[Resolved<'_>],
) -> Result<(), InstallationError> {
    let relation = cite(&objet.file.table);
    let schema = objet.file.table.split('.').next().map(cite).unwrap_or_default();
    let voulus = index_voulus(objet, champs);
    for (nom, sur) in &voulus {
        let la: bool = sqlx::query_scalar("select to_regclass($1) is not null")
            .bind(format!("{schema}.{}", cite(nom)))
            .fetch_one(&mut *tx)
            .await?;
        if !la {
            let unique = if sur.starts_with("(collectivite, ") { "unique " } else { "" };
            tx.execute(AssertSqlSafe(format!("create {unique}index {} on {relation} {sur}", cite(nom)))).await?;
            tx.execute(AssertSqlSafe(format!("comment on index {schema}.{} is '{MARQUE}'", cite(nom)))).await?;
        }
    }
    let gardes: Vec<&str> = voulus.iter().map(|(nom, _)| nom.as_str()).collect();
    let anciens: Vec<String> = sqlx::query_scalar(
        "select k.relname::text from pg_index i join pg_class k on k.oid = i.indexrelid
        where i.indrelid = $1::regclass and obj_description(k.oid, 'pg_class') = $2 and k.relname <> all ($3)",
    )
    .bind(&relation)
    .bind(MARQUE)
    .bind(&gardes)
    .fetch_all(&mut *tx)
    .await?;
    for ancien in anciens {
        tx.execute(AssertSqlSafe(format!("drop index {schema}.{}", cite(&ancien)))).await?;
    }
    Ok(())
}

/// Names of an object's indexes, and what each is on.
fn index_voulus(objet: &Object, champs: &[Resolved<'_>]) -> Vec<(String, String)> {
    let table = objet.file.table.split('.').nth(1).unwrap_or_default();
    let nom = |quoi: &str| court(&format!("{table}_{quoi}"));
    let mut voulus = Vec::new();
    if let Some(colonne) = &objet.file.geometry {
        voulus.push((nom(&format!("{colonne}_gist")), format!("using gist (\"{colonne}\")")));
    }
    for champ in champs {
        let colonne = champ.name;
        let dit = champ.field;
        let texte = matches!(champ.kind, Kind::Text | Kind::Longtext)
            && matches!(champ.column.base.as_str(), "text" | "varchar");
        let cherche = dit.and_then(|dit| dit.search).unwrap_or(dit.is_none_or(|dit| dit.personal.is_none()));
        if texte && cherche {
            let sur = format!("using gin (core.cherchable(\"{colonne}\") gin_trgm_ops)");
            voulus.push((nom(&format!("{colonne}_cherche")), sur));
        }
        if matches!(champ.kind, Kind::Reference) {
            voulus.push((nom(&format!("{colonne}_ref")), format!("(\"{colonne}\")")));
        }
    }
    for uniques in uniques(&objet.file) {
        let colonnes = uniques.iter().map(|nom| format!("\"{nom}\"")).collect::<Vec<_>>().join(", ");
        let sur = format!("(collectivite, {colonnes}) where archivee_le is null");
        voulus.push((nom(&format!("{}_unique", uniques.join("_"))), sur));
    }
    voulus
}

/// PostgreSQL cuts names at 63 bytes; this one cuts them so that they stay different.
fn court(nom: &str) -> String {
    if nom.len() <= 60 {
        return nom.to_owned();
    }
    let somme = nom.bytes().fold(5381_u32, |somme, octet| somme.wrapping_mul(33) ^ u32::from(octet));
    format!("{}_{somme:08x}", nom.get(..50).unwrap_or_default())
}
