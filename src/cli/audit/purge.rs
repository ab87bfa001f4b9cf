//! `finage audit purge`.

use serde_json::json;
use sqlx::PgPool;

use crate::access::journal::{Auteur, Dossier, purge};
use crate::cli::CliError;
use crate::cli::output::{Output, suivi};
use crate::config::Config;

pub(super) async fn run(config: &Config, pool: &PgPool, output: &Output) -> Result<(), CliError> {
    let mut connection = pool.acquire().await?;
    let Some(dossier) = Dossier::ouvre(&mut connection, &config.data_dir).await? else {
        output.result(&json!({ "lignes": 0 }), "Aucune ligne n'a encore été scellée : il n'y a rien à effacer.");
        return Ok(());
    };
    let avance = suivi(output, "purge des accès");
    let faite = purge(&mut connection, &dossier, &Auteur::COMMANDE, config.journal_mois, &avance).await?;
    let avant = faite.avant.texte();
    let texte = match faite.lignes {
        0 => format!("Aucun accès scellé n'est antérieur au {avant}."),
        lignes => {
            format!("{lignes} accès antérieurs au {avant} effacés ; le journal reprend après le rang {}.", faite.rang)
        }
    };
    output.result(&json!({ "lignes": faite.lignes, "rang": faite.rang, "avant": avant }), texte);
    Ok(())
}
