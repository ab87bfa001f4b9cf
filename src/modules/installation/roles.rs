//! Roles that a module delivers, and what they may do: as its manifest says, each time.

use finage_manifest::{Module, RightAction};
use sqlx::PgConnection;

use super::InstallationError;

/// The code of a module's role.
#[must_use]
pub fn code(module: &str, role: &str) -> String {
    format!("{module}_{role}")
}

pub(super) async fn accorde(tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    for (nom, role) in &module.file.roles {
        let code = code(module.id(), nom);
        sqlx::query(
            "insert into acces.role (code, libelle, module) values ($1, $2, $3)
            on conflict (code) where collectivite is null do update set libelle = excluded.libelle, module = excluded.module",
        )
        .bind(&code)
        .bind(&role.label)
        .bind(module.id())
        .execute(&mut *tx)
        .await?;
    }
    // What a manifest no longer says, its roles no longer may; roles made by a town keep what it gave them.
    sqlx::query("delete from acces.droit d using acces.role r where r.id = d.role and r.module = $1")
        .bind(module.id())
        .execute(&mut *tx)
        .await?;
    for objet in module.objects.values() {
        let nom = format!("{}.{}", module.id(), objet.name);
        for droit in objet.file.rights.iter().filter(|droit| droit.role != "public") {
            for action in &droit.actions {
                let niveau = if *action == RightAction::Personal { i16::from(droit.level.unwrap_or(1)) } else { 0 };
                sqlx::query(
                    "insert into acces.droit (role, objet, action, lignes, champs, niveau)
                    select id, $2, $3, $4, $5, $6 from acces.role where code = $1 and collectivite is null",
                )
                .bind(code(module.id(), &droit.role))
                .bind(&nom)
                .bind(action.stored())
                .bind(&droit.rows)
                .bind(droit.fields.as_ref().and_then(finage_manifest::Fields::named))
                .bind(niveau)
                .execute(&mut *tx)
                .await?;
            }
        }
    }
    Ok(())
}
