//! `/api/modules`: every object of every module, by the registry; nothing here knows one by name.

pub(super) mod annulation;
pub(super) mod anomalies;
pub(super) mod choix;
pub(super) mod conservation;
pub(super) mod demande;
pub(super) mod export;
pub(super) mod fiche;
pub(super) mod fichiers;
pub(super) mod imports;
pub(super) mod liste;
pub(super) mod menu;
pub(super) mod schema;

use super::route::Routes;

/// Adds the routes of modules.
pub fn routes(routes: Routes) -> Routes {
    let routes = menu::routes(routes);
    let routes = conservation::routes(routes);
    let routes = liste::routes(routes);
    let routes = fiche::routes(routes);
    let routes = annulation::routes(routes);
    let routes = choix::routes(routes);
    let routes = export::routes(routes);
    let routes = fichiers::routes(routes);
    let routes = imports::routes(routes);
    let routes = anomalies::routes(routes);
    schema::routes(routes)
}
