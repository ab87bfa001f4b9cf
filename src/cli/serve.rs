//! `finage serve`.

use super::output::Output;
use super::{CliError, block_on};
use crate::config::Config;
use crate::db::{Database, Use, migrate};
use crate::http::{App, bind, serve};

pub(super) fn run(config: &Config, output: &Output) -> Result<(), CliError> {
    let mut database = Database::open(config, Use::Server)?;
    block_on(async {
        migrate(&database, config.srid).await?;
        run_on(config, &mut database, output).await
    })
}

/// Serves an opened, migrated database until Ctrl-C or SIGTERM.
pub(super) async fn run_on(config: &Config, database: &mut Database, output: &Output) -> Result<(), CliError> {
    let pool = database.app_pool(config).await?;
    // Dropped last: PostgreSQL stops once no request uses it.
    let _watch = database.watch();
    let listener = bind(config.bind).await?;
    let address = listener.local_addr()?;
    let config = Config { bind: address, ..config.clone() };
    let url = format!("{}/carte", config.public_url());
    output.say(format!("Finage est prêt : {url}\nCtrl-C pour arrêter."));
    if output.is_json() {
        output.result(&serde_json::json!({ "url": url }), "");
    }
    let served = serve(App::new(config, pool.clone()), listener, stopped()).await;
    pool.close().await;
    Ok(served?)
}

/// Ends at Ctrl-C or SIGTERM.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
