//! `finage tiles export`.

use std::path::PathBuf;

use clap::Args;
use finage_reference::Insee;
use tokio::sync::watch;

use crate::cli::backup::{secondes, taille};
use crate::cli::output::{Output, suivi};
use crate::cli::{CliError, serve};
use crate::config::Config;
use crate::db::Database;
use crate::modules::registry::Registry;
use crate::services::tiles::{Exported, Means, Wanted, Zone, export};

#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArgs {
    /// Couches, séparées par des virgules, dans l'ordre du dessin ; seules celles que le public voit s'exportent.
    #[arg(long, value_name = "COUCHES", value_delimiter = ',', required = true)]
    layer: Vec<String>,
    /// Fichier à écrire ; il n'est remplacé qu'une fois l'export fini.
    #[arg(long, value_name = "FICHIER.pmtiles")]
    out: PathBuf,
    /// Champs à garder, « couche.champ », séparés par des virgules ; tous ceux qui sont publics, pour une couche dont aucun n'est nommé.
    #[arg(long, value_name = "CHAMPS", value_delimiter = ',')]
    fields: Vec<String>,
    /// Premier zoom ; celui où paraît la première couche, par défaut.
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u8).range(0..=22))]
    minzoom: Option<u8>,
    /// Dernier zoom : 16 par défaut, précis à 10 cm près, que les cartes agrandissent au-delà sans rien perdre de visible ; 17 si des couches n'ont tout leur contenu qu'à partir de là (labels).
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u8).range(0..=22))]
    maxzoom: Option<u8>,
    /// Seules les tuiles qui touchent ce rectangle, en degrés.
    #[arg(long, value_name = "OUEST,SUD,EST,NORD", conflicts_with = "commune", allow_hyphen_values = true)]
    bbox: Option<Zone>,
    /// Seules les tuiles qui touchent ces communes, par leur code INSEE, séparées par des virgules.
    #[arg(long, value_name = "INSEE", value_delimiter = ',')]
    commune: Vec<Insee>,
}

impl From<ExportArgs> for Wanted {
    fn from(args: ExportArgs) -> Self {
        let communes: Vec<String> = args.commune.iter().map(ToString::to_string).collect();
        let everywhere = if communes.is_empty() { Zone::Everywhere } else { Zone::Communes(communes) };
        Self {
            layers: args.layer,
            fields: args.fields,
            zoom_min: args.minzoom,
            zoom_max: args.maxzoom,
            zone: args.bbox.unwrap_or(everywhere),
            out: args.out,
        }
    }
}

pub(super) async fn run(
    args: ExportArgs,
    config: &Config,
    database: &Database,
    modules: &Registry,
    output: &Output,
) -> Result<(), CliError> {
    let (asked, stop) = watch::channel(false);
    let listening = tokio::spawn(async move {
        serve::stopped().await;
        asked.send_replace(true);
        // As long as the channel is there, who waits on it is not told more.
        std::future::pending::<()>().await;
    });
    let (pool, tenants) = (database.snapshot_pool(), database.collectivites(config).await?);
    let told = suivi(output, "tuiles");
    let means = Means {
        pool: &pool,
        tenants: &tenants,
        modules,
        data_dir: &config.data_dir,
        simplified: config.tuiles_simplifiees,
        stop,
        told: &told,
    };
    let done = export(&means, &args.into()).await;
    listening.abort();
    pool.close().await;
    tenants.close().await;
    let done = done?;
    output.result(&done, text(&done));
    Ok(())
}

fn text(done: &Exported) -> String {
    let Exported { fichier, couches, tuiles, reprises, contenus, octets, zooms: (first, last), duree_ms, .. } = done;
    let mut lines = vec![
        format!("« {} » : {tuiles} tuiles, {}, en {} s.", fichier.display(), taille(*octets), secondes(*duree_ms)),
        format!("  couches : {} ; zooms {first} à {last}", couches.join(", ")),
    ];
    if contenus < tuiles {
        lines.push(format!("  {} tuiles pareilles à d'autres, gardées une fois", tuiles - contenus));
    }
    if *reprises > 0 {
        lines.push(format!("  dont {reprises} faites avant l'interruption"));
    }
    lines.join("\n")
}
