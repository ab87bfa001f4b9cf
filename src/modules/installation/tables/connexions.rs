//! Rules of fields for logins of SQL: a trigger holds them to what a form would take.

use finage_manifest::{Kind, Module, Object, Required, Resolved};
use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::{InstallationError, cite};
use crate::modules::installation::couches::ouvrable;

/// The trigger of a layer that logins may edit; none for what is not opened to them.
pub(super) async fn tient(
    tx: &mut PgConnection,
    module: &Module,
    objet: &Object,
    champs: &[Resolved<'_>],
) -> Result<(), InstallationError> {
    let relation = cite(&objet.file.table);
    tx.execute(AssertSqlSafe(format!("drop trigger if exists z_connexion on {relation}"))).await?;
    let Some(colonne) = objet.file.geometry.as_ref().filter(|_| ouvrable(objet)) else { return Ok(()) };
    let regles: Map<String, Value> =
        champs.iter().filter_map(|champ| Some((champ.name.to_owned(), regle(module, objet, champ)?))).collect();
    let regles = Value::Object(regles).to_string().replace('\'', "''");
    tx.execute(AssertSqlSafe(format!(
        "create trigger z_connexion before insert or update or delete on {relation} for each row
        when (pg_has_role(session_user, 'finage_sql', 'member'))
        execute function core.tenir_connexion('{colonne}', '{regles}')"
    )))
    .await?;
    Ok(())
}

/// What a login is held to in a field; nothing where the database itself holds it.
fn regle(module: &Module, objet: &Object, champ: &Resolved<'_>) -> Option<Value> {
    let dit = champ.field;
    let mut regle = Map::new();
    if let Some(code) = dit.and_then(|dit| dit.code.as_ref()).filter(|_| champ.kind == Kind::Code) {
        regle.insert("nomenclature".to_owned(), format!("{}.{code}", module.id()).into());
    }
    let numero = objet.file.register.as_ref().is_some_and(|register| register.field == champ.name);
    let du_programme = dit.and_then(|dit| dit.computed.as_ref()).is_some_and(|calcul| calcul.hook().is_some());
    let tenu = numero || du_programme || dit.is_some_and(|dit| dit.readonly);
    if tenu {
        regle.insert("tenu".to_owned(), true.into());
        if !champ.column.default {
            regle.insert("vide".to_owned(), true.into());
        }
    }
    let obligatoire = matches!(dit.and_then(|dit| dit.required.as_ref()), Some(Required::Always(true)));
    let calcule = dit.is_some_and(|dit| dit.computed.is_some());
    if obligatoire && !tenu && !calcule {
        regle.insert("obligatoire".to_owned(), true.into());
    }
    if regle.is_empty() {
        return None;
    }
    regle.insert("libelle".to_owned(), champ.label().into());
    Some(json!(regle))
}
