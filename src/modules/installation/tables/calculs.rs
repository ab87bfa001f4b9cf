//! Computed fields: a trigger writes them whoever changes the row, midnight those that follow today.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use finage_expr::{Mode, Schema, Type, parse, parse_scalar};
use finage_manifest::{Computed, Module, Object, Resolved};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::{InstallationError, cite, ecrite, genre};

/// The day, in the commune of a row.
const JOUR: &str = "core.jour(coalesce(o.insee, ''))";

/// A computed field, as SQL on a row `o`.
struct Calcul<'a> {
    champ: &'a str,
    sql: String,
    suit_le_jour: bool,
    lit: BTreeSet<String>,
}

/// The trigger and the list of an object's computed fields; those of a hook are its program's.
pub(super) async fn calcule(
    tx: &mut PgConnection,
    module: &Module,
    objet: &Object,
    champs: &[Resolved<'_>],
) -> Result<(), InstallationError> {
    let nom = format!("{}.{}", module.id(), objet.name);
    let (relation, schema) = (cite(&objet.file.table), schema(champs));
    tx.execute(AssertSqlSafe(format!("drop trigger if exists calcul on {relation}"))).await?;
    sqlx::query("delete from core.calcul where objet = $1").bind(&nom).execute(&mut *tx).await?;
    crochets(tx, (&nom, &relation), module, champs).await?;
    let lus = champs.iter().filter_map(|champ| lu(champ, &schema)).collect();
    let calculs = ordonnes(lus);
    let fonction = format!("\"{}\".\"finage_calculer_{}\"", module.id(), objet.name);
    if calculs.is_empty() {
        tx.execute(AssertSqlSafe(format!("drop function if exists {fonction}()"))).await?;
        return Ok(());
    }
    let instructions = calculs.iter().fold(String::new(), |mut texte, calcul| {
        let _ = writeln!(texte, "    select {} into new.\"{}\" from (select new.*) o;", calcul.sql, calcul.champ);
        texte
    });
    tx.execute(AssertSqlSafe(format!(
        "create or replace function {fonction}() returns trigger language plpgsql
        set search_path = pg_catalog, public as $finage$\nbegin\n{instructions}    return new;\nend $finage$"
    )))
    .await?;
    tx.execute(AssertSqlSafe(format!(
        "create trigger calcul before insert or update on {relation} for each row execute function {fonction}()"
    )))
    .await?;
    for calcul in &calculs {
        sqlx::query("insert into core.calcul (objet, champ, expression, suit_le_jour) values ($1, $2, $3, $4)")
            .bind(&nom)
            .bind(calcul.champ)
            .bind(&calcul.sql)
            .bind(calcul.suit_le_jour)
            .execute(&mut *tx)
            .await?;
        // Rows that were there before the manifest said it.
        tx.execute(AssertSqlSafe(format!(
            "update {relation} o set \"{0}\" = {1} where \"{0}\" is distinct from ({1})",
            calcul.champ, calcul.sql
        )))
        .await?;
    }
    Ok(())
}

/// Fields of the module's program: what they follow lists their rows to compute, all of them to begin with.
async fn crochets(
    tx: &mut PgConnection,
    (nom, relation): (&str, &str),
    module: &Module,
    champs: &[Resolved<'_>],
) -> Result<(), InstallationError> {
    let court = nom.split_once('.').map_or(nom, |(_, objet)| objet);
    let declencheur = format!("recalcul_{court}");
    let anciens: Vec<String> = sqlx::query_scalar(
        "select distinct t.tgrelid::regclass::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where t.tgname = $1 and c.relnamespace = $2::regnamespace",
    )
    .bind(&declencheur)
    .bind(format!("\"{}\"", module.id()))
    .fetch_all(&mut *tx)
    .await?;
    for table in anciens {
        tx.execute(AssertSqlSafe(format!("drop trigger \"{declencheur}\" on {table}"))).await?;
    }
    let mut suivies: BTreeSet<(String, &str)> = BTreeSet::new();
    for champ in champs {
        let Some((champ, dit, crochet)) =
            champ.field.and_then(|dit| Some((champ.name, dit, dit.computed.as_ref()?.hook()?)))
        else {
            continue;
        };
        sqlx::query(
            "insert into core.calcul (objet, champ, expression, suit_le_jour, crochet) values ($1, $2, $3, $4, true)",
        )
        .bind(nom)
        .bind(champ)
        .bind(crochet)
        .bind(dit.depends.iter().any(|un| un == "today"))
        .execute(&mut *tx)
        .await?;
        suivies.insert((relation.to_owned(), "id"));
        let autres = dit.depends.iter().filter_map(|un| un.split_once('.'));
        suivies.extend(
            autres.filter_map(|(objet, colonne)| Some((cite(&module.objects.get(objet)?.file.table), colonne))),
        );
    }
    // A table that names a row twice has one trigger a column.
    for (table, colonnes) in
        suivies.iter().fold(BTreeMap::<&String, Vec<&str>>::new(), |mut tables, (table, colonne)| {
            tables.entry(table).or_default().push(colonne);
            tables
        })
    {
        let arguments = colonnes.iter().map(|colonne| format!("'{colonne}'")).collect::<Vec<_>>().join(", ");
        tx.execute(AssertSqlSafe(format!(
            "create trigger \"{declencheur}\" after insert or update or delete on {table} for each row
            when (current_setting('finage.recalcul', true) is distinct from '{nom}')
            execute function core.attendre_recalcul('{nom}', '{}', {arguments})",
            relation.replace('\'', "''")
        )))
        .await?;
    }
    if !suivies.is_empty() {
        tx.execute(AssertSqlSafe(format!(
            "insert into core.recalcul (objet, cle, collectivite) select '{nom}', o.id, o.collectivite from {relation} o"
        )))
        .await?;
    }
    Ok(())
}

fn schema(champs: &[Resolved<'_>]) -> Schema {
    let socle = Schema::new().with("insee", Type::Text, &["o", "insee"]);
    champs.iter().fold(socle, |schema, champ| match genre(champ.kind) {
        Some(genre) => schema.with(champ.name, genre, &["o", champ.name]),
        None => schema,
    })
}

fn lu<'a>(champ: &Resolved<'a>, schema: &Schema) -> Option<Calcul<'a>> {
    let mut calcul = Calcul { champ: champ.name, sql: String::new(), suit_le_jour: false, lit: BTreeSet::new() };
    match champ.field?.computed.as_ref()? {
        calcule if calcule.hook().is_some() => return None,
        Computed::Expression(texte) => calcul.sql = calcul.valeur(texte, schema)?,
        Computed::Cases(cas) => {
            let mut sql = "case".to_owned();
            for un in cas {
                let valeur = calcul.valeur(&un.value, schema)?;
                match &un.when {
                    Some(texte) => {
                        let condition = parse(texte, Mode::Finage).ok()?;
                        calcul.retient(condition.properties(), condition.uses_today());
                        let condition = ecrite(&condition.typed(schema).ok()?.sql(0), JOUR);
                        let _ = write!(sql, " when {condition} then {valeur}");
                    }
                    None => {
                        let _ = write!(sql, " when true then {valeur}");
                    }
                }
            }
            calcul.sql = format!("({sql} end)");
        }
    }
    calcul.sql = format!("({})::{}", calcul.sql, champ.column.sql);
    Some(calcul)
}

impl Calcul<'_> {
    fn valeur(&mut self, texte: &str, schema: &Schema) -> Option<String> {
        let lue = parse_scalar(texte, Mode::Finage).ok()?;
        self.retient(lue.properties(), lue.uses_today());
        Some(ecrite(&lue.typed(schema).ok()?.sql(0), JOUR))
    }

    fn retient<'p>(&mut self, proprietes: impl IntoIterator<Item = &'p str>, jour: bool) {
        self.lit.extend(proprietes.into_iter().map(str::to_owned));
        self.suit_le_jour |= jour;
    }
}

/// What others read comes before them; a circle keeps its order.
fn ordonnes(mut restes: Vec<Calcul<'_>>) -> Vec<Calcul<'_>> {
    let mut ordonnes: Vec<Calcul<'_>> = Vec::new();
    while !restes.is_empty() {
        let libre = restes
            .iter()
            .position(|un| !restes.iter().any(|autre| autre.champ != un.champ && un.lit.contains(autre.champ)));
        let suivant = restes.remove(libre.unwrap_or(0));
        let suit = suivant.suit_le_jour
            || ordonnes.iter().any(|avant| avant.suit_le_jour && suivant.lit.contains(avant.champ));
        ordonnes.push(Calcul { suit_le_jour: suit, ..suivant });
    }
    ordonnes
}
