//! `finage serve`.

use super::output::Output;
use super::{CliError, block_on, module};
use crate::access::Acces;
use crate::access::journal::Gardien;
use crate::config::Config;
use crate::db::{Database, DbError, Pools, Use, migrate};
use crate::http::{App, bind, serve};
use crate::jobs::{Registry, Workers};
use crate::modules::documents::Publipostage;
use crate::modules::import::{Depot, Imports};
use crate::modules::registry::Vivant;
use crate::print::Extraits;

pub(super) fn run(config: &Config, output: &Output) -> Result<(), CliError> {
    let mut database = Database::open(config, Use::Server)?;
    block_on(async {
        migrate(&database, config.srid).await?;
        module::met_a_niveau(&database, config, output).await?;
        run_on(config, &mut database, output).await
    })
}

/// Serves an opened, migrated database until Ctrl-C or SIGTERM.
pub(super) async fn run_on(config: &Config, database: &mut Database, output: &Output) -> Result<(), CliError> {
    let listener = bind(config.bind).await?;
    let address = listener.local_addr()?;
    let config = Config { bind: address, ..config.clone() };
    let url = format!("{}/", config.public_url());
    let ready = || {
        output.say(format!("Finage est prêt : {url}\nCtrl-C pour arrêter."));
        if output.is_json() {
            output.result(&serde_json::json!({ "url": url }), "");
        }
    };
    serve_until(&config, database, listener, works, ready, stopped()).await
}

/// What long works are made of, beside the configuration.
#[derive(Debug)]
pub struct Moyens<'a> {
    /// Every pool of the server.
    pub pools: &'a Pools,
    /// Modules that the server knows.
    pub modules: &'a Vivant,
}

/// The kinds of long work this program knows; those of modules are for modules as they are when they run.
fn works(config: &Config, moyens: &Moyens<'_>) -> Registry {
    let Moyens { pools, modules } = *moyens;
    let acces = Acces::new(pools.acces.clone(), config.second_facteur_administrateurs);
    let depot = Depot::new(&config.data_dir);
    Registry::default()
        .with(Extraits::new(pools.read.clone(), config.fonds.clone()))
        .with(Publipostage::new(config, pools, modules.clone()))
        .with(Imports::new(pools.collectivites.clone(), acces, modules.clone(), depot))
}

/// Serves an opened, migrated database with these works, its workers beside, until `stop` ends.
///
/// # Errors
/// The database does not answer at the start.
pub async fn serve_until(
    config: &Config,
    database: &mut Database,
    listener: tokio::net::TcpListener,
    works: impl FnOnce(&Config, &Moyens<'_>) -> Registry,
    ready: impl FnOnce(),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), CliError> {
    let pools = database.pools(config).await?;
    let listen = database.listen_pool().await?;
    // Dropped last: PostgreSQL stops once no request uses it.
    let _watch = database.watch();
    let modules = Vivant::default();
    let works = works(config, &Moyens { pools: &pools, modules: &modules });
    let app = App::with_modules(config.clone(), pools.clone(), works, modules);
    app.recharge().await.map_err(DbError::from)?;
    let workers = Workers::start(app.jobs(), listen.clone(), &app.closing());
    let gardien = Gardien::start(pools.journal.clone(), &config.data_dir, config.journal_mois, &app.closing());
    let ecoute = tokio::spawn({
        let (app, listen) = (app.clone(), listen.clone());
        async move { app.acces().ecoute(listen, app.closing()).await }
    });
    let modules = tokio::spawn({
        let (app, listen) = (app.clone(), listen.clone());
        async move { app.suit_les_modules(listen).await }
    });
    let jour = tokio::spawn({
        let app = app.clone();
        async move { app.suit_le_jour().await }
    });
    let couches = tokio::spawn({
        let app = app.clone();
        async move { app.suit_les_couches().await }
    });
    let fiches = tokio::spawn({
        let (app, listen) = (app.clone(), listen.clone());
        async move { app.suit_les_fiches(listen).await }
    });
    ready();
    serve(app.clone(), listener, stop).await;
    app.close();
    workers.ended().await;
    gardien.ended().await;
    let _ = ecoute.await;
    let _ = modules.await;
    // What the day changes may take minutes: it is taken up again at the next start, from the rows that wait for it.
    jour.abort();
    let _ = jour.await;
    let _ = couches.await;
    let _ = fiches.await;
    listen.close().await;
    pools.close().await;
    Ok(())
}

/// Ends at Ctrl-C or SIGTERM.
pub(super) async fn stopped() {
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
