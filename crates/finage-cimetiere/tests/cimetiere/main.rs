//! The clock against dated cases, and laws that hold on any date.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

mod abandon;
mod argent;
mod concessions;
mod delais;
mod documentation;
mod exhumations;
mod inhumations;
mod lois;
mod places;
mod previsions;
mod renouvellements;
mod reprises;
mod restes;
mod sepultures;
mod statuts;
mod support;
mod terrains;
