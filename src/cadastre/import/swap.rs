//! From stage to live tables: doubles, validity, difference, application.
//!
//! SQL is built from [`Spec`] only: constant identifiers of this crate, never a value from outside.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::report::{Anomalie, Traitement};
use super::table::{ALL, Shape, Spec, Table};

/// Empty stages for every table, dropped with the transaction.
pub(super) async fn create_stages(connection: &mut PgConnection) -> sqlx::Result<()> {
    for table in ALL {
        let spec = table.spec();
        let sql = format!(
            "create temp table stage_{name} on commit drop as select {columns} from cadastre.{name} with no data",
            name = spec.name,
            columns = spec.columns.join(", "),
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    sqlx::raw_sql(
        "create temp table stage_portee (insee text, feuille text, couche text) on commit drop;
         create temp table stage_garde (couche text, cle text) on commit drop;
         create temp table stage_diff (couche text, cle text, insee text, sort text, quoi text[]) on commit drop;",
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// The COPY statement of a table's stage.
pub(super) fn copy_statement(table: Table) -> String {
    let spec = table.spec();
    format!("copy stage_{} ({}) from stdin (format binary)", spec.name, spec.columns.join(", "))
}

/// Doubled keys: the most recently updated row stays, the others are reported. Returns what was reported.
pub(super) async fn drop_doubles(connection: &mut PgConnection, table: Table) -> sqlx::Result<Vec<Anomalie>> {
    let Spec { name, key, columns, .. } = table.spec();
    let sql = format!("select exists (select from stage_{name} group by {key} having count(*) > 1)");
    let any: bool = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
    if !any {
        return Ok(Vec::new());
    }
    let order = if columns.contains(&"maj") { "maj desc nulls last, st_area(geom) desc" } else { "ctid" };
    let sql = format!(
        "with rang as (
            select ctid as place, row_number() over (partition by {key} order by {order}) as rang
            from stage_{name}
            where {key} in (select {key} from stage_{name} group by {key} having count(*) > 1)
        )
        delete from stage_{name} s
        using rang
        where s.ctid = rang.place and rang.rang > 1
        returning s.{key} as cle"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?;
    Ok(rows
        .iter()
        .map(|row| Anomalie {
            fichier: String::new(),
            couche: name.to_string(),
            objet: row.get("cle"),
            motif: "objet livré deux fois : la version la plus récente est gardée".to_owned(),
            traitement: Traitement::Quarantaine,
        })
        .collect())
}

/// Area in square metres under which an outline encloses nothing: one square of a plan drawn to the centimetre.
const FLAT_M2: f64 = 0.0001;
/// The same for a parcel: a line ten metres long, rounded to 7 decimals of a degree, encloses as much.
const FLAT_PARCEL_M2: f64 = 0.05;

/// Invalid surfaces: repaired, or set aside when nothing of a surface remains.
pub(super) async fn repair(connection: &mut PgConnection, table: Table) -> sqlx::Result<Vec<Anomalie>> {
    let Spec { name, key, shape, .. } = table.spec();
    if !matches!(shape, Shape::Surface | Shape::Any) {
        return Ok(Vec::new());
    }
    let flat = if table == Table::Parcelle { FLAT_PARCEL_M2 } else { FLAT_M2 };
    let sound = format!(
        "not st_isempty(faux.sain) and st_isvalid(faux.sain) and (st_dimension(faux.sain) < 2 or st_area(faux.sain) >= {flat})"
    );
    let sql = format!(
        "with faux as (
            select ctid as place, {key} as cle,
                case when st_isvalid(geom) then 'aire nulle' else st_isvalidreason(geom) end as motif,
                case when st_dimension(geom) = 2
                    then st_multi(st_collectionextract(st_makevalid(geom), 3)) else geom end as sain
            from stage_{name}
            where not st_isvalid(geom) or (st_dimension(geom) = 2 and st_area(geom) < {flat})
        ), repare as (
            update stage_{name} s
            set geom = faux.sain
            from faux
            where s.ctid = faux.place and {sound}
            returning faux.cle
        ), garde as (
            insert into stage_garde select '{name}', faux.cle from faux where not ({sound})
        ), ecarte as (
            delete from stage_{name} s
            using faux
            where s.ctid = faux.place and not ({sound})
            returning faux.cle
        )
        select faux.cle, faux.motif, exists (select from ecarte where ecarte.cle = faux.cle) as ecarte from faux"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?;
    Ok(rows
        .iter()
        .map(|row| Anomalie {
            fichier: String::new(),
            couche: name.to_string(),
            objet: row.get("cle"),
            motif: format!("géométrie invalide ({})", french_reason(row.get("motif"))),
            traitement: if row.get("ecarte") { Traitement::Quarantaine } else { Traitement::Repare },
        })
        .collect())
}

/// What GEOS says of an invalid geometry, in French; the place is kept.
fn french_reason(reason: &str) -> String {
    const WORDS: [(&str, &str); 8] = [
        ("Ring Self-intersection", "anneau qui se touche lui-même"),
        ("Self-intersection", "auto-intersection"),
        ("Too few points in geometry component", "trop peu de points"),
        ("Hole lies outside shell", "trou hors du contour"),
        ("Nested holes", "trous emboîtés"),
        ("Nested shells", "contours emboîtés"),
        ("Duplicate Rings", "anneaux en double"),
        ("Interior is disconnected", "intérieur disjoint"),
    ];
    WORDS
        .iter()
        .find(|(english, _)| reason.starts_with(english))
        .map_or_else(|| reason.to_owned(), |(english, french)| reason.replacen(english, &format!("{french} en "), 1))
}

/// Which live rows the delivery replaces, as a condition on `t`.
fn in_scope(spec: &Spec) -> String {
    let Spec { name, key, feuille, .. } = spec;
    // What came without feuille (Etalab) belongs to the feuille it lies in.
    let by_feuille = feuille.map_or_else(String::new, |column| {
        format!(
            " or exists (select from stage_portee p where p.feuille = t.{column} and p.couche = '{name}')
              or (t.{column} is null and exists (
                  select from stage_portee p join stage_feuille f on f.id = p.feuille
                  where p.couche = '{name}' and p.insee = t.insee and st_intersects(f.geom, st_pointonsurface(t.geom))
              ))"
        )
    });
    format!(
        "(exists (select from stage_portee p where p.insee = t.insee and p.feuille is null and p.couche = '{name}')
          {by_feuille}
          or exists (select from stage_{name} s where s.{key} = t.{key}))"
    )
}

/// Condition « column differs » for each content column; `kept` columns keep their value when the delivery has none.
fn differences(spec: &Spec, kept: &[&str], tolerance_m: f64) -> Vec<(String, String)> {
    spec.columns
        .iter()
        .filter(|column| **column != spec.key && **column != "insee")
        .map(|column| {
            let differs = match *column {
                "geom" if tolerance_m > 0.0 => format!(
                    "not (s.geom = t.geom or (st_npoints(s.geom) = st_npoints(t.geom) and st_hausdorffdistance(s.geom, t.geom) <= {tolerance_m}))"
                ),
                "geom" => "s.geom is distinct from t.geom".to_owned(),
                column if kept.contains(&column) => format!("coalesce(s.{column}, t.{column}) is distinct from t.{column}"),
                column => format!("s.{column} is distinct from t.{column}"),
            };
            ((*column).to_owned(), differs)
        })
        .collect()
}

/// How deliveries of one kind are compared with what is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison {
    /// Columns this kind of file does not carry: kept.
    pub kept: &'static [&'static str],
    /// Distance in metres under which two geometries are the same (rounding of the file).
    pub tolerance_m: f64,
}

/// Fills `stage_diff` for one table: `ajoute`, `retire`, `modifie` (with what) or `inchange`.
pub(super) async fn difference(connection: &mut PgConnection, table: Table, how: Comparison) -> sqlx::Result<()> {
    let spec = table.spec();
    let Spec { name, key, .. } = spec;
    let differences = differences(spec, how.kept, how.tolerance_m);
    let distinct = differences.iter().map(|(_, sql)| format!("({sql})")).collect::<Vec<_>>().join(" or ");
    let what = differences
        .iter()
        .map(|(column, sql)| format!("case when {sql} then '{column}' end"))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "insert into stage_diff
        select '{name}', coalesce(s.{key}, t.{key}), coalesce(s.insee, t.insee),
            case when t.{key} is null then 'ajoute'
                when s.{key} is null and exists (select from stage_garde g where g.couche = '{name}' and g.cle = t.{key})
                    then 'inchange'
                when s.{key} is null then 'retire'
                when {distinct} then 'modifie'
                else 'inchange' end,
            case when s.{key} is not null and t.{key} is not null and ({distinct})
                then array_remove(array[{what}], null) end
        from stage_{name} s
        full join (select * from cadastre.{name} t where {scope}) t on s.{key} = t.{key}",
        scope = in_scope(spec),
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    Ok(())
}

/// Applies `stage_diff` of one table.
pub(super) async fn apply(connection: &mut PgConnection, table: Table, how: Comparison) -> sqlx::Result<()> {
    let spec = table.spec();
    let Spec { name, key, columns, .. } = spec;
    let list = columns.join(", ");
    let counts: (i64, i64, i64, i64) = sqlx::query_as(
        "select count(*) filter (where sort = 'ajoute'), count(*) filter (where sort = 'retire'),
            count(*) filter (where sort = 'modifie'), count(*) filter (where sort = 'inchange')
         from stage_diff where couche = $1",
    )
    .bind(name)
    .fetch_one(&mut *connection)
    .await?;
    let (added, removed, changed, same) = counts;
    if removed > 0 {
        let sql = format!(
            "delete from cadastre.{name} t using stage_diff d where d.couche = '{name}' and d.sort = 'retire' and t.{key} = d.cle"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    if changed > 0 {
        let set = columns
            .iter()
            .filter(|column| **column != *key)
            .map(|column| {
                if how.kept.contains(column) {
                    format!("{column} = coalesce(s.{column}, t.{column})")
                } else {
                    format!("{column} = s.{column}")
                }
            })
            .collect::<Vec<_>>()
            .join(", ");
        let sql = format!(
            "update cadastre.{name} t set {set} from stage_{name} s, stage_diff d
             where d.couche = '{name}' and d.sort = 'modifie' and s.{key} = d.cle and t.{key} = d.cle"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    if added > 0 {
        insert(connection, spec, &list, changed + same == 0, added).await?;
    }
    Ok(())
}

/// Rows above which the indexes of an empty table are built after loading rather than row by row.
const BULK: i64 = 20_000;

async fn insert(connection: &mut PgConnection, spec: &Spec, list: &str, only: bool, added: i64) -> sqlx::Result<()> {
    let Spec { name, key, .. } = spec;
    // Whatever the stage holds is new when nothing it holds is changed nor the same.
    let filter = if only {
        String::new()
    } else {
        format!(
            " where exists (select from stage_diff d where d.couche = '{name}' and d.sort = 'ajoute' and d.cle = stage_{name}.{key})"
        )
    };
    let bulk = added >= BULK && is_empty(connection, name).await?;
    let aside = if bulk { take_aside(connection, name).await? } else { Vec::new() };
    let sql = format!("insert into cadastre.{name} ({list}) select {list} from stage_{name}{filter}");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    for definition in aside {
        sqlx::query(AssertSqlSafe(definition)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Drops a table's keys and indexes, and gives the statements that make them again: building them after
/// a bulk load costs a fraction of keeping them row by row. The catalogue's own definitions, quoted by PostgreSQL.
async fn take_aside(connection: &mut PgConnection, name: &str) -> sqlx::Result<Vec<String>> {
    let parts: Vec<(String, String)> =
        sqlx::query_as(include_str!("../sql/bulk_definitions.sql")).bind(name).fetch_all(&mut *connection).await?;
    let mut again = Vec::with_capacity(parts.len());
    for (drop, make) in parts {
        sqlx::query(AssertSqlSafe(drop)).execute(&mut *connection).await?;
        again.push(make);
    }
    Ok(again)
}

async fn is_empty(connection: &mut PgConnection, name: &str) -> sqlx::Result<bool> {
    let sql = format!("select not exists (select from cadastre.{name})");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_french_and_keep_the_place() {
        assert_eq!(french_reason("Self-intersection[1 2]"), "auto-intersection en [1 2]");
        assert_eq!(french_reason("Ring Self-intersection[1 2]"), "anneau qui se touche lui-même en [1 2]");
    }

    #[test]
    fn a_feuille_table_is_replaced_by_feuille_or_by_commune() {
        let scope = in_scope(Table::Parcelle.spec());
        assert!(scope.contains("p.feuille = t.feuille") && scope.contains("p.insee = t.insee"));
        assert!(!in_scope(Table::Commune.spec()).contains("p.feuille = t."));
    }
}
