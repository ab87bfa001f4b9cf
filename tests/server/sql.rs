//! Every SQL file of the server is prepared against the migrated schema: a renamed column fails here, not at a user's.

use std::path::Path;

use sqlx::{Executor as _, SqlSafeStr as _};

use crate::harness::on_empty_town;

/// Files that hold several statements or a COPY, or run before the schema exists.
const NOT_PREPARED: [&str; 3] = ["prepare.sql", "bal_stage.sql", "bal_copy.sql"];

#[test]
fn every_statement_fits_the_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut statements = Vec::new();
    collect(&root, &mut statements);
    assert!(statements.len() > 25, "{}", statements.len());
    on_empty_town(async |town| {
        // Programs of delivered modules read their tables.
        town.livre("cimetiere").await;
        sqlx::raw_sql(include_str!("stages.sql")).execute(&mut town.owner).await.unwrap();
        for (name, sql) in statements {
            // A layer read whole is so for a zoom.
            let sql = sql.replace("{zoom}", "17");
            if let Err(error) = town.owner.prepare(sqlx::AssertSqlSafe(sql).into_sql_str()).await {
                panic!("{name}: {error}");
            }
        }
    });
}

fn collect(folder: &Path, statements: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, statements);
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "sql") && !NOT_PREPARED.contains(&name.as_str()) {
            statements.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}
