//! `finage module list`.

use std::time::Instant;

use serde_json::json;
use sqlx::PgConnection;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::config::Config;
use crate::modules::registry::{Registry, installes};
use crate::modules::sources;

pub(super) async fn run(owner: &mut PgConnection, config: &Config, output: &Output) -> Result<(), CliError> {
    let dossier = config.modules_dir.as_deref();
    let connus = installes(owner).await?;
    let debut = Instant::now();
    let registry = Registry::charge(owner, dossier).await?;
    let chargement_ms = u64::try_from(debut.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut lignes = Vec::new();
    for connu in &connus {
        let panne = registry.pannes().iter().find(|panne| panne.module == connu.id);
        let etat = match (connu.actif, panne) {
            (false, _) => "désactivé".to_owned(),
            (true, None) => "chargé".to_owned(),
            (true, Some(panne)) => {
                let causes = panne.causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ; ");
                format!("EN PANNE : {causes}")
            }
        };
        lignes.push(format!("{:<24} {:<10} {etat}", connu.id, connu.version));
    }
    let trouves = sources::trouves(dossier);
    for trouve in trouves.values().filter(|trouve| !connus.iter().any(|connu| connu.id == trouve.id)) {
        let etat = match &trouve.lu {
            Ok(module) => format!("{:<10} peut être installé", module.file.version),
            Err(causes) => {
                format!("illisible : {}", causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ; "))
            }
        };
        lignes.push(format!("{:<24} {etat}", trouve.id));
    }
    let libres: Vec<_> = trouves
        .values()
        .filter(|trouve| !connus.iter().any(|connu| connu.id == trouve.id))
        .map(|trouve| json!({ "id": trouve.id, "origine": trouve.origine, "lisible": trouve.lu.is_ok() }))
        .collect();
    let texte = if lignes.is_empty() { "Aucun module.".to_owned() } else { lignes.join("\n") };
    let compte = json!({
        "installes": connus,
        "pannes": registry.pannes(),
        "disponibles": libres,
        "chargement_ms": chargement_ms,
    });
    output.result(&compte, texte);
    Ok(())
}
