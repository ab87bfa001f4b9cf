//! What an earlier version of a module had, and this one has no more: after an upgrade, the database is as if this version
//! had been installed first. Tables and their rows are the migrations' alone.

use finage_manifest::Module;
use sqlx::PgConnection;

use super::{InstallationError, roles};

pub(super) async fn retire(tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    let objets: Vec<String> = module.objects.keys().map(|nom| format!("{}.{nom}", module.id())).collect();
    let couches: Vec<String> = module
        .objects
        .values()
        .filter(|objet| objet.file.geometry.is_some())
        .map(|objet| format!("{}_{}", module.id(), objet.name))
        .collect();
    let roles: Vec<String> = module.file.roles.keys().map(|role| roles::code(module.id(), role)).collect();
    let nomenclatures: Vec<String> = module.codes.keys().map(|nom| format!("{}.{nom}", module.id())).collect();
    // A role that somebody holds stays, without a right: whoever administers sees that it is empty.
    sqlx::query(
        "delete from acces.role r where module = $1 and code <> all ($2)
        and not exists (select from acces.attribution a where a.role = r.id)",
    )
    .bind(module.id())
    .bind(&roles)
    .execute(&mut *tx)
    .await?;
    sqlx::query("delete from core.code where split_part(nomenclature, '.', 1) = $1 and nomenclature <> all ($2)")
        .bind(module.id())
        .bind(&nomenclatures)
        .execute(&mut *tx)
        .await?;
    sqlx::query("update core.objet set couche = null where module = $1 and couche <> all ($2)")
        .bind(module.id())
        .bind(&couches)
        .execute(&mut *tx)
        .await?;
    sqlx::query("delete from core.couche where split_part(relation, '.', 1) = $1 and id <> all ($2)")
        .bind(module.id())
        .bind(&couches)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "delete from core.calcul c using core.objet o where o.nom = c.objet and o.module = $1 and o.nom <> all ($2)",
    )
    .bind(module.id())
    .bind(&objets)
    .execute(&mut *tx)
    .await?;
    // A table that is there keeps its guard, whatever the manifest says of it.
    sqlx::query("delete from core.objet where module = $1 and nom <> all ($2) and to_regclass(relation) is null")
        .bind(module.id())
        .bind(&objets)
        .execute(&mut *tx)
        .await?;
    Ok(())
}
