//! `finage module list`.

use std::time::Instant;

use finage_manifest::Module;
use serde_json::json;
use sqlx::PgConnection;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::config::Config;
use crate::modules::installation;
use crate::modules::registry::{Registry, installes};
use crate::modules::sources;

pub(super) async fn run(owner: &mut PgConnection, config: &Config, output: &Output) -> Result<(), CliError> {
    let dossier = config.modules_dir.as_deref();
    let connus = installes(owner).await?;
    let debut = Instant::now();
    let registry = Registry::charge(owner, dossier).await?;
    let chargement_ms = u64::try_from(debut.elapsed().as_millis()).unwrap_or(u64::MAX);
    let trouves = sources::trouves(dossier);
    let mut lignes = Vec::new();
    for connu in &connus {
        let panne = registry.pannes().iter().find(|panne| panne.module == connu.id);
        let etat = match (connu.actif, panne) {
            (false, _) => "désactivé".to_owned(),
            (true, None) => "chargé".to_owned(),
            (true, Some(panne)) => {
                let causes = panne.causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ; ");
                match trouves.get(&connu.id).map(|trouve| &trouve.lu) {
                    Some(Ok(module)) if module.folder.digest() != connu.empreinte => changed(owner, module).await,
                    _ => format!("EN PANNE : {causes}"),
                }
            }
        };
        lignes.push(format!("{:<24} {:<10} {etat}", connu.id, connu.version));
    }
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

/// A module whose folder is no longer the one installed: whether it may take its place, or what is wrong in it.
async fn changed(owner: &mut PgConnection, module: &Module) -> String {
    let (id, version) = (module.id(), &module.file.version);
    match installation::verifie(owner, module).await {
        Ok(()) => format!("à mettre à niveau vers {version} : « finage module upgrade {id} »"),
        Err(error) => format!("EN PANNE, son dossier a changé : {error}"),
    }
}
