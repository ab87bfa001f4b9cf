//! Layers of a module's objects, among those of the core; direct SQL where nothing personal is in the table.

use finage_manifest::{Module, Object};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::InstallationError;
use crate::modules::registry::cite;

/// Rank of the first layer of a module: above the core's.
const ORDRE: i16 = 300;

pub(super) async fn declare(tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    for objet in module.objects.values() {
        if objet.file.geometry.is_none() {
            continue;
        }
        let nom = format!("{}.{}", module.id(), objet.name);
        let couche = format!("{}_{}", module.id(), objet.name);
        let dite = objet.file.layer.as_ref();
        let [bas, haut] = dite.and_then(|dite| dite.zoom).unwrap_or([12, 22]);
        sqlx::query(
            "insert into core.couche (id, libelle, audience, zoom_min, zoom_max, ordre, relation, cle)
            values ($1, $2, 'agent', $3, $4, $5, $6, 'id')
            on conflict (id) do update set libelle = excluded.libelle, zoom_min = excluded.zoom_min, zoom_max = excluded.zoom_max",
        )
        .bind(&couche)
        .bind(dite.and_then(|dite| dite.label.clone()).unwrap_or_else(|| objet.file.plural()))
        .bind(i16::from(bas))
        .bind(i16::from(haut))
        .bind(ORDRE)
        .bind(&objet.file.table)
        .execute(&mut *tx)
        .await?;
        sqlx::query("call core.ouvrir_instantane($1::regclass, $2)")
            .bind(cite(&objet.file.table))
            .bind(publiees(objet))
            .execute(&mut *tx)
            .await?;
        let reservee = !ouvrable(objet);
        let ouverte: bool = sqlx::query_scalar("select couche is not null from core.objet where nom = $1")
            .bind(&nom)
            .fetch_one(&mut *tx)
            .await?;
        if reservee && ouverte {
            ferme(tx, &nom, &cite(&objet.file.table)).await?;
        } else if !reservee && !ouverte {
            sqlx::query("call core.ouvrir_en_sql($1, $2)").bind(&nom).bind(&couche).execute(&mut *tx).await?;
        }
    }
    Ok(())
}

/// Columns that the layer of an object publishes, its shape among them; never one that has personal data.
fn publiees(objet: &Object) -> Vec<String> {
    let dite = objet.file.layer.as_ref();
    let sans_choix = || {
        let codes = objet.file.fields.iter().filter(|(_, champ)| champ.code.is_some()).map(|(nom, _)| nom.clone());
        codes.chain(objet.file.register.iter().map(|registre| registre.field.clone())).collect()
    };
    let mut publiees: Vec<String> = dite.and_then(|dite| dite.agent.clone()).unwrap_or_else(sans_choix);
    publiees.extend(dite.into_iter().flat_map(|dite| dite.public.clone()));
    publiees.retain(|nom| objet.file.fields.get(nom).is_none_or(|champ| champ.personal.is_none()));
    publiees.extend(objet.file.geometry.clone());
    publiees
}

/// Whether logins may open a layer. They read whole rows: tables with personal fields, or whose rows follow another's rights, are
/// not for them.
pub(super) fn ouvrable(objet: &Object) -> bool {
    objet.file.parent.is_none() && objet.file.fields.values().all(|champ| champ.personal.is_none())
}

/// Closes to logins a table that an earlier version opened to them.
async fn ferme(tx: &mut PgConnection, nom: &str, relation: &str) -> Result<(), InstallationError> {
    sqlx::query("update core.objet set couche = null where nom = $1").bind(nom).execute(&mut *tx).await?;
    for verbe in ["lire", "creer", "changer", "archiver"] {
        tx.execute(AssertSqlSafe(format!("drop policy if exists sql_{verbe} on {relation}"))).await?;
    }
    tx.execute(AssertSqlSafe(format!("revoke all on {relation} from finage_sql"))).await?;
    Ok(())
}
