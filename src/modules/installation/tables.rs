//! What the engine gives to the tables of a module: columns, guard, indexes, triggers.

mod calculs;
mod connexions;
mod etats;
mod index;

use finage_expr::{Bind, Mode, Schema, Sql, Type, Value, parse};
use finage_manifest::{Kind, Module, Object, Resolved, RightAction, resolve};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, QueryBuilder};

use super::InstallationError;
use crate::db::expression;
use crate::modules::catalogue;
use crate::modules::registry::{cite, known};

/// Columns, guard, indexes and triggers of every object.
pub(super) async fn prend_en_charge(tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    let connus = known(std::slice::from_ref(module), std::iter::empty());
    let catalogue = catalogue::lu(&mut *tx, &[module.id().to_owned()]).await?;
    for objet in module.objects.values() {
        let nom = format!("{}.{}", module.id(), objet.name);
        let relation = cite(&objet.file.table);
        sqlx::query("call core.prendre_en_charge($1, $2::regclass, $3, $4)")
            .bind(&nom)
            .bind(&relation)
            .bind(module.mission())
            .bind(module.id())
            .execute(&mut *tx)
            .await?;
    }
    for objet in module.objects.values() {
        let Some(table) = catalogue.tables.get(&objet.file.table) else { continue };
        let table_de = |nom: &str| {
            module.objects.get(nom).map(|objet| objet.file.table.clone()).or_else(|| connus.objects.get(nom).cloned())
        };
        let (champs, _) = resolve(objet, table, &catalogue, &table_de);
        situe(tx, module, objet, &champs).await?;
        index::indexe(tx, objet, &champs).await?;
        ouvre_au_public(tx, objet, &champs).await?;
        partage(tx, objet).await?;
        calculs::calcule(tx, module, objet, &champs).await?;
        etats::verrouille(tx, objet).await?;
        connexions::tient(tx, module, objet, &champs).await?;
    }
    Ok(())
}

/// Where rows lie: where their geometry is, else where the row they depend on is.
async fn situe(
    tx: &mut PgConnection,
    module: &Module,
    objet: &Object,
    champs: &[Resolved<'_>],
) -> Result<(), InstallationError> {
    let relation = cite(&objet.file.table);
    let ordre = |sql: String| AssertSqlSafe(sql);
    tx.execute(ordre(format!("drop trigger if exists a_situer on {relation}"))).await?;
    let suit = format!("suit_{}", objet.name);
    let meres: Vec<String> = sqlx::query_scalar(
        "select t.tgrelid::regclass::text from pg_trigger t join pg_proc f on f.oid = t.tgfoid
        where t.tgname = $1 and f.proname = 'propager_commune' and f.pronamespace = 'core'::regnamespace
            and starts_with(encode(t.tgargs, 'escape'), $2)",
    )
    .bind(&suit)
    .bind(&relation)
    .fetch_all(&mut *tx)
    .await?;
    for mere in meres {
        tx.execute(ordre(format!("drop trigger \"{suit}\" on {mere}"))).await?;
    }
    if let Some(colonne) = &objet.file.geometry {
        let mere = mere(module, objet, champs)
            .map_or_else(String::new, |(table, cle, nom)| format!(", '{}', '{cle}', '{nom}'", cite(&table)));
        tx.execute(ordre(format!(
            "create trigger a_situer before insert or update on {relation} for each row
            execute function core.situer_par('{colonne}'{mere})"
        )))
        .await?;
        return Ok(());
    }
    let parent = objet.file.parent.as_ref().or_else(|| seul_parent(module, objet));
    let Some((table, cle)) = parent.and_then(|nom| champs.iter().find(|champ| champ.name == nom)?.target.clone())
    else {
        return Ok(());
    };
    let reference = parent.map(String::as_str).unwrap_or_default();
    let mere = cite(&table);
    tx.execute(ordre(format!(
        "create trigger a_situer before insert or update on {relation} for each row
        execute function core.suivre_parent('{mere}', '{cle}', '{reference}')"
    )))
    .await?;
    tx.execute(ordre(format!(
        "create trigger {suit} after update on {mere} for each row when (old.insee is distinct from new.insee)
        execute function core.propager_commune('{relation}', '{reference}', '{cle}')"
    )))
    .await?;
    Ok(())
}

/// What a row with a geometry depends on, where it has none yet: its parent, else the only row whose sheet shows it that it must
/// name. Table, key, and field.
fn mere<'a>(module: &Module, objet: &Object, champs: &'a [Resolved<'_>]) -> Option<(String, String, &'a str)> {
    let onglets = || {
        let autres = module.objects.values().flat_map(|autre| &autre.file.tabs);
        autres.filter(|onglet| onglet.object == objet.name).map(|onglet| onglet.by.as_str())
    };
    let designe = |champ: &&'a Resolved<'_>| match &objet.file.parent {
        Some(parent) => champ.name == parent,
        None => champ.column.not_null && onglets().any(|nom| nom == champ.name),
    };
    let mut designes = champs.iter().filter(designe);
    let champ = designes.next().filter(|_| designes.next().is_none())?;
    let (table, cle) = champ.target.clone()?;
    Some((table, cle, champ.name))
}

/// The tab of another object that shows this one: rows shown on a sheet are where its row is.
fn seul_parent<'a>(module: &'a Module, objet: &Object) -> Option<&'a String> {
    let mut onglets =
        module.objects.values().flat_map(|autre| autre.file.tabs.iter()).filter(|onglet| onglet.object == objet.name);
    let premier = onglets.next()?;
    onglets.next().is_none().then_some(&premier.by)
}

/// Rows that a manifest opens to the public: nobody's transactions see them, and no other's by that way.
async fn ouvre_au_public(
    tx: &mut PgConnection,
    objet: &Object,
    champs: &[Resolved<'_>],
) -> Result<(), InstallationError> {
    let relation = cite(&objet.file.table);
    tx.execute(AssertSqlSafe(format!("drop policy if exists ouverte on {relation}"))).await?;
    let droits =
        objet.file.rights.iter().filter(|droit| droit.role == "public" && droit.actions.contains(&RightAction::Read));
    let conditions: Vec<String> = droits
        .map(|droit| droit.rows.as_ref().map_or_else(|| "true".to_owned(), |texte| condition(texte, champs)))
        .collect();
    if conditions.is_empty() {
        return Ok(());
    }
    let condition = conditions.join(" or ");
    tx.execute(AssertSqlSafe(format!(
        "create policy ouverte on {relation} for select to finage_app
        using ((select acces.ma_collectivite()) is null and archivee_le is null and ({condition}))"
    )))
    .await?;
    Ok(())
}

/// Rows that agents of every collectivité read, where a right lets them; none but their owner writes them.
async fn partage(tx: &mut PgConnection, objet: &Object) -> Result<(), InstallationError> {
    let relation = cite(&objet.file.table);
    tx.execute(AssertSqlSafe(format!("drop policy if exists partagee on {relation}"))).await?;
    if objet.file.shared {
        tx.execute(AssertSqlSafe(format!(
            "create policy partagee on {relation} for select to finage_app using ((select acces.ma_collectivite()) is not null)"
        )))
        .await?;
    }
    Ok(())
}

/// A condition of the manifest as SQL without a bind: its literals are written, quoted; false where it cannot be read.
fn condition(texte: &str, champs: &[Resolved<'_>]) -> String {
    let schema = champs.iter().fold(Schema::new().with("insee", Type::Text, &["insee"]), |schema, champ| {
        match genre(champ.kind) {
            Some(genre) => schema.with(champ.name, genre, &[champ.name]),
            None => schema,
        }
    });
    parse(texte, Mode::Finage)
        .and_then(|lue| lue.typed(&schema))
        .map_or_else(|_| "false".to_owned(), |lue| ecrite(&lue.sql(0), "core.jour('')"))
}

fn genre(kind: Kind) -> Option<Type> {
    Some(match kind {
        Kind::Text | Kind::Longtext | Kind::Rich | Kind::Code => Type::Text,
        Kind::Integer => Type::Integer,
        Kind::Decimal | Kind::Money => Type::Decimal,
        Kind::Date => Type::Date,
        Kind::Instant => Type::Instant,
        Kind::Boolean => Type::Boolean,
        Kind::Reference | Kind::File => Type::Uuid,
        Kind::References => Type::UuidArray,
        Kind::Geometry => return None,
    })
}

/// SQL whose values are written as literals; `jour` is the day.
fn ecrite(sql: &Sql, jour: &str) -> String {
    let mut requete = QueryBuilder::new("");
    expression::push(&mut requete, sql, |requete, bind| {
        match bind {
            Bind::Value(_, valeur) => requete.push(litteral(valeur)),
            Bind::Today => requete.push(jour),
            _ => requete.push("null"),
        };
    });
    requete.sql().as_str().to_owned()
}

fn litteral(valeur: &Value) -> String {
    let cite = |texte: &str| format!("'{}'", texte.replace('\'', "''"));
    match valeur {
        Value::Null => "null".to_owned(),
        Value::Text(texte) => cite(texte),
        Value::Integer(entier) => entier.to_string(),
        Value::Decimal(decimal) => decimal.to_string(),
        Value::Boolean(oui) => oui.to_string(),
        Value::Date(date) => cite(&date.to_string()),
        Value::Instant(instant) => cite(&instant.to_string()),
        Value::Uuid(id) => cite(&id.to_string()),
        Value::TextArray(textes) => {
            format!("array[{}]", textes.iter().map(|texte| cite(texte)).collect::<Vec<_>>().join(", "))
        }
        Value::UuidArray(ids) => {
            format!("array[{}]::uuid[]", ids.iter().map(|id| cite(&id.to_string())).collect::<Vec<_>>().join(", "))
        }
    }
}
