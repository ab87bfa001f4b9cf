//! Telling the servers that run to build layers again: what they draw from was found wrong.

use sqlx::{Connection as _, PgConnection};

use super::kept::Kept;

/// Moves the version of layers of the cadastre, and asks for every row of those of modules to be read again. Servers take it
/// up in some seconds; PostGIS draws these layers meanwhile.
///
/// # Errors
/// The database refused: nothing was asked.
pub async fn rebuild(owner: &mut PgConnection, layers: &[Kept]) -> sqlx::Result<()> {
    let (mut core, mut objects) = (Vec::new(), Vec::new());
    for layer in layers {
        match layer {
            Kept::Core(layer, _) => core.push(layer.id),
            Kept::Module(source) => objects.push(source.objet()),
        }
    }
    let mut tx = owner.begin().await?;
    sqlx::query(include_str!("sql/version_suivante.sql")).bind(core).execute(&mut *tx).await?;
    sqlx::query(include_str!("sql/recharger.sql")).bind(objects).execute(&mut *tx).await?;
    tx.commit().await
}
