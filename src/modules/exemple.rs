//! What a delivered module adds to the sample town: the SQL of its folder `sample/`, by who acts for a collectivité.

use finage_manifest::Module;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::db::TenantTx;

/// Runs the module's sample in the transaction of a collectivité; false where the module has none.
///
/// # Errors
/// The database refused a statement; nothing is kept then.
pub async fn seme(tx: &mut TenantTx, module: &Module) -> sqlx::Result<bool> {
    let mut seme = false;
    for fichier in module.folder.within("sample", ".sql") {
        let Ok(sql) = module.folder.text(fichier) else { continue };
        tx.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await?;
        seme = true;
    }
    Ok(seme)
}
