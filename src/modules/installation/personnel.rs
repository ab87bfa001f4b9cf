//! Personal data that a module holds: why, how long, and what becomes of them.

use finage_manifest::Module;
use sqlx::PgConnection;

use super::InstallationError;

pub(super) async fn declare(tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    sqlx::query("delete from core.champ_personnel where module = $1").bind(module.id()).execute(&mut *tx).await?;
    for objet in module.objects.values() {
        for (champ, personnel) in
            objet.file.fields.iter().filter_map(|(nom, champ)| Some((nom, champ.personal.as_ref()?)))
        {
            let Some(finalite) = module.file.purposes.get(&personnel.purpose) else { continue };
            sqlx::query(
                "insert into core.champ_personnel (objet, champ, module, finalite, niveau, conservation, sort)
                values ($1, $2, $3, $4, $5, $6::text::interval, $7)",
            )
            .bind(format!("{}.{}", module.id(), objet.name))
            .bind(champ)
            .bind(module.id())
            .bind(&personnel.purpose)
            .bind(i16::from(personnel.level))
            .bind(personnel.keep.as_ref().or(finalite.keep.as_ref()))
            .bind(personnel.end.unwrap_or(finalite.end).stored())
            .execute(&mut *tx)
            .await?;
        }
    }
    Ok(())
}
