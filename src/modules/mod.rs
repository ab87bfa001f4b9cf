//! The module engine: a business module is a folder, and everything else follows from it.
//!
//! [`objets`] are the faces of every object, whatever brings it: rows read and written under rights. [`registry`] makes the
//! models of installed modules from their manifests and the database, [`installation`] brings a module into the database,
//! [`sources`] finds the folders, [`paquet`] packs one in a file, [`adoption`] proposes one for tables that are there.
//! [`import`] makes rows of files, [`documents`] letters and acts of rows, [`bilans`] tables of figures, [`etapes`] takes rows
//! through their workflow, [`serie`] lays rows out along a line, [`itineraire`] finds the way to a row, [`registre`] gives
//! numbers without a hole, [`rattachement`] links records to features, [`vues`] keeps the views of lists,
//! [`conservation`] ends personal data, [`crochet`] asks the programs of rich domains, [`depot_public`] takes what anybody
//! deposits, [`reprise`] takes over the rows of another application,
//! [`exemple`] lays what a delivered module adds to the sample town.

pub mod adoption;
pub mod bilans;
mod catalogue;
pub mod conservation;
pub mod crochet;
pub mod depot_public;
pub mod documents;
pub mod etapes;
pub mod exemple;
pub mod import;
pub mod installation;
pub mod itineraire;
pub mod objets;
pub mod paquet;
pub mod rattachement;
pub mod registre;
pub mod registry;
pub mod reprise;
pub mod serie;
pub mod sources;
pub mod vues;
