//! `finage module new-from-table`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use finage_manifest::Scaffold;
use serde_json::json;
use sqlx::PgConnection;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::config::Config;
use crate::modules::adoption::{self, Demande, Propose};

/// Fait un module des tables d'un schéma.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct NewFromTable {
    /// Tables, chacune « schema.table », d'un même schéma.
    #[arg(value_name = "SCHEMA.TABLE", required_unless_present = "schema", conflicts_with = "schema")]
    tables: Vec<String>,
    /// Schéma dont toutes les tables deviennent des objets, celles d'openMairie (om_*) exceptées.
    #[arg(long)]
    schema: Option<String>,
    /// Identifiant du module ; sinon le nom du schéma. S'il en diffère, les tables passent dans le schéma de ce nom.
    #[arg(long)]
    id: Option<String>,
    /// Nom du module.
    #[arg(long)]
    libelle: Option<String>,
    /// Dossier à écrire ; sinon celui de l'identifiant, dans FINAGE_MODULES_DIR ou ici.
    #[arg(long, value_name = "DOSSIER")]
    sortie: Option<PathBuf>,
    /// Code de la collectivité des lignes qui ne disent pas la leur.
    #[arg(long, value_name = "CODE")]
    collectivite: Option<String>,
    /// Codes des collectivités, par om_collectivite : 1=99101,2=99102.
    #[arg(long, value_name = "CLÉ=CODE", value_delimiter = ',', value_parser = pair)]
    collectivites: Vec<(i64, String)>,
    /// Donne le schéma et ses tables au rôle qui possède celles de Finage, ce que l'installation demande.
    #[arg(long)]
    prendre_possession: bool,
}

fn pair(text: &str) -> Result<(i64, String), String> {
    let expected = || "« CLÉ=CODE » est attendu, par exemple 1=99101".to_owned();
    let (key, code) = text.split_once('=').ok_or_else(expected)?;
    Ok((key.trim().parse().map_err(|_| expected())?, code.trim().to_owned()))
}

pub(super) async fn run(
    admin: &mut PgConnection,
    asked: NewFromTable,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    let (schema, tables) = match asked.schema {
        Some(schema) => (schema, BTreeSet::new()),
        None => named(&asked.tables)?,
    };
    let id = asked.id.clone().unwrap_or_else(|| schema.clone());
    let demande = Demande {
        schema,
        tables,
        id: asked.id,
        libelle: asked.libelle,
        collectivite: asked.collectivite,
        collectivites: asked.collectivites.into_iter().collect::<BTreeMap<_, _>>(),
    };
    let Propose { dossier: propose, mut ordres } = adoption::propose(admin, demande).await?;
    let folder = asked.sortie.unwrap_or_else(|| config.modules_dir.clone().unwrap_or_default().join(&id));
    adoption::ecrit(&propose, &folder)?;
    // Its files name them for editors.
    super::schema::write(&folder.join(".schemas"))?;
    if asked.prendre_possession {
        adoption::donne(admin, &ordres).await?;
        ordres.clear();
    }
    let objects = propose.files.keys().filter(|name| name.starts_with("objects/")).count();
    let text = told(&propose, &ordres, &folder.display().to_string(), &id);
    output.result(
        &json!({ "module": id, "dossier": folder, "objets": objects, "remarques": propose.notes, "ordres": ordres }),
        text,
    );
    Ok(())
}

/// What was made, what is left aside, what comes next.
fn told(propose: &Scaffold, ordres: &[String], folder: &str, id: &str) -> String {
    let objects = propose.files.keys().filter(|name| name.starts_with("objects/")).count();
    let plural = if objects > 1 { "s" } else { "" };
    let mut lines = vec![format!("{folder} : un module, {objects} objet{plural}.")];
    lines.extend(propose.notes.iter().map(|note| format!("- {note}")));
    if !ordres.is_empty() {
        lines.push(
            "- ces tables ne sont pas encore à Finage : ajoutez --prendre-possession, ou faites exécuter par l'administrateur de la base :"
                .to_owned(),
        );
        lines.extend(ordres.iter().map(|ordre| format!("    {ordre};")));
    }
    lines.push(format!("« finage module check {folder} » le contrôle ; « finage module install {id} » l'installe."));
    lines.join("\n")
}

/// The schema of these tables, and their names in it.
fn named(tables: &[String]) -> Result<(String, BTreeSet<String>), CliError> {
    let mut schema = None;
    let mut names = BTreeSet::new();
    for table in tables {
        let (its, name) = table
            .split_once('.')
            .ok_or_else(|| CliError::Refused(format!("« {table} » : une table se nomme schema.table")))?;
        if *schema.get_or_insert(its) != its {
            return Err(CliError::Refused("les tables d'un module sont d'un même schéma".to_owned()));
        }
        names.insert(name.to_owned());
    }
    Ok((schema.unwrap_or_default().to_owned(), names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_another_owner_are_told() {
        let files = BTreeMap::from([("objects/a.toml".to_owned(), String::new())]);
        let propose = Scaffold { files, notes: vec!["a.b : laissée".to_owned()] };
        let text = told(&propose, &["alter table a owner to b".to_owned()], "/x", "x");
        assert!(text.contains("un module, 1 objet.") && text.contains("- a.b : laissée"));
        assert!(text.contains("--prendre-possession") && text.contains("    alter table a owner to b;"));
        assert!(!told(&propose, &[], "/x", "x").contains("--prendre-possession"));
    }

    #[test]
    fn tables_are_of_one_schema() {
        let of = |tables: &[&str]| named(&tables.iter().map(|table| (*table).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["a.b", "a.c"]).unwrap(), ("a".to_owned(), BTreeSet::from(["b".to_owned(), "c".to_owned()])));
        assert!(of(&["a.b", "b.c"]).is_err() && of(&["a"]).is_err());
        assert_eq!(pair(" 1=99101 "), Ok((1, "99101".to_owned())));
        assert!(pair("99101").is_err() && pair("x=99101").is_err());
    }
}
