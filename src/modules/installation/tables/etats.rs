//! The lock of a workflow: a trigger that holds everyone to steps, whatever connects.

use finage_manifest::Object;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::{InstallationError, cite};

/// Columns that the engine writes in any state.
const DU_MOTEUR: [&str; 3] = ["insee", "version", "archivee_le"];

/// The trigger of an object's states; none where it has no workflow.
pub(super) async fn verrouille(tx: &mut PgConnection, objet: &Object) -> Result<(), InstallationError> {
    let relation = cite(&objet.file.table);
    tx.execute(AssertSqlSafe(format!("drop trigger if exists verrou on {relation}"))).await?;
    let Some(workflow) = &objet.file.workflow else { return Ok(()) };
    let calcules = objet.file.fields.iter().filter(|(_, champ)| champ.computed.is_some()).map(|(nom, _)| nom.as_str());
    let libres: Vec<&str> = DU_MOTEUR.into_iter().chain(calcules).collect();
    let verrouilles: Vec<&str> = workflow.locked.iter().map(String::as_str).collect();
    let [champ, initial] = [&workflow.field, &workflow.initial].map(|texte| litteral(texte));
    tx.execute(AssertSqlSafe(format!(
        "create trigger verrou before insert or update or delete on {relation} for each row
        execute function core.garder_etat({champ}, {initial}, {}, {})",
        tableau(&verrouilles),
        tableau(&libres)
    )))
    .await?;
    Ok(())
}

fn litteral(texte: &str) -> String {
    format!("'{}'", texte.replace('\'', "''"))
}

/// An array of texts, as a literal.
fn tableau(textes: &[&str]) -> String {
    let cites: Vec<String> =
        textes.iter().map(|texte| format!("\"{}\"", texte.replace('\\', "\\\\").replace('"', "\\\""))).collect();
    litteral(&format!("{{{}}}", cites.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_written_as_an_array_whatever_they_hold() {
        assert_eq!(tableau(&["rendu", "l'un \"ou\" l'autre"]), r#"'{"rendu","l''un \"ou\" l''autre"}'"#);
        assert_eq!(tableau(&[]), "'{}'");
    }
}
