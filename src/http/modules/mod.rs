//! `/api/modules`: every object of every module, by the registry; nothing here knows one by name.

pub(super) mod annulation;
pub(super) mod anomalies;
pub(super) mod bilans;
pub(super) mod choix;
pub(super) mod conservation;
pub(super) mod couches;
pub(super) mod demande;
pub(super) mod documents;
pub(super) mod etapes;
pub(super) mod export;
pub(super) mod fiche;
pub(super) mod fichiers;
pub(super) mod gabarits;
pub(super) mod imports;
pub(super) mod itineraire;
pub(super) mod liste;
pub(super) mod menu;
pub(super) mod rattachements;
pub(super) mod schema;
pub(super) mod serie;
pub(super) mod tableau;
pub(super) mod vues;

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
    let routes = serie::routes(routes);
    let routes = itineraire::routes(routes);
    let routes = fichiers::routes(routes);
    let routes = imports::routes(routes);
    let routes = anomalies::routes(routes);
    let routes = documents::routes(routes);
    let routes = gabarits::routes(routes);
    let routes = etapes::routes(routes);
    let routes = rattachements::routes(routes);
    let routes = vues::routes(routes);
    let routes = tableau::routes(routes);
    let routes = bilans::routes(routes);
    schema::routes(routes)
}
