//! `finage module new-from-table`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

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
    if asked.prendre_possession {
        adoption::donne(admin, &ordres).await?;
        ordres.clear();
    }
    let objects = propose.files.keys().filter(|name| name.starts_with("objects/")).count();
    let mut text = format!("{} : un module de {objects} objets.", folder.display());
    for note in &propose.notes {
        text.push_str(&format!("\n- {note}"));
    }
    text.push_str(&format!(
        "\n« finage module check {} » le contrôle ; « finage module install {id} » l'installe.",
        folder.display()
    ));
    output.result(
        &json!({ "module": id, "dossier": folder, "objets": objects, "remarques": propose.notes, "ordres": ordres }),
        text,
    );
    Ok(())
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
