//! `finage tiles verify`.

use serde_json::json;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::config::Config;
use crate::db::Database;
use crate::services::tiles::{Ecart, Etat, Kept, Quoi, Verified, verify};

/// Differences of a layer that are printed; `--json` gives them all.
const PRINTED: usize = 20;

pub(super) async fn run(
    layers: &[Kept],
    config: &Config,
    database: &Database,
    output: &Output,
) -> Result<(), CliError> {
    let pool = database.snapshot_pool();
    let found = verify(&pool, &config.data_dir, layers, |layer| output.say(text(layer))).await;
    pool.close().await;
    let found = found.map_err(|error| CliError::Refused(error.to_string()))?;
    let wrong: Vec<&str> = found.iter().filter(|layer| layer.is_wrong()).map(|layer| layer.couche).collect();
    if output.is_json() {
        output.result(&json!({ "ok": wrong.is_empty(), "couches": found }), "");
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(CliError::Refused(format!(
        "les tuiles ne sont pas celles de PostGIS : {} ; « finage tiles rebuild --layer {} » les fait reconstruire",
        wrong.join(", "),
        wrong.join(",")
    )))
}

fn text(found: &Verified) -> String {
    let Verified { couche, etat, cause, lignes, ecarts } = found;
    let cause = cause.as_deref().unwrap_or_default();
    match etat {
        Etat::Conforme => format!("conforme   {couche} : {}", counted(*lignes, "ligne")),
        Etat::Different => {
            let count = u64::try_from(ecarts.len()).unwrap_or(u64::MAX);
            let mut lines =
                vec![format!("DIFFÉRENT  {couche} : {} sur {}", counted(count, "écart"), counted(*lignes, "ligne"))];
            lines.extend(ecarts.iter().take(PRINTED).map(ecart));
            if ecarts.len() > PRINTED {
                lines.push(format!("  … et {} ; --json les donne tous", counted(count - PRINTED as u64, "autre")));
            }
            lines.join("\n")
        }
        Etat::Abime => format!("ABÎMÉ      {couche} : {cause}"),
        Etat::Depasse => format!("dépassé    {couche} : {cause} ; aucun serveur ne s'en sert"),
        Etat::Absent => format!("absent     {couche} : pas d'instantané, PostGIS répond"),
    }
}

fn ecart(ecart: &Ecart) -> String {
    let Ecart { cle, zooms: (first, last), quoi } = ecart;
    let said =
        |value: &Option<String>| value.as_ref().map_or_else(|| "rien".to_owned(), |value| format!("« {value} »"));
    let quoi = match quoi {
        Quoi::Manque => "manque dans l'instantané".to_owned(),
        Quoi::EnTrop => "n'est plus dans PostGIS".to_owned(),
        Quoi::Forme => "autre forme".to_owned(),
        Quoi::Valeur { champ, instantane, postgis } => {
            format!("{champ} : {} dans l'instantané, {} dans PostGIS", said(instantane), said(postgis))
        }
    };
    format!("  {cle} (zooms {first} à {last})  {quoi}")
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count > 1 { "s" } else { "" })
}
