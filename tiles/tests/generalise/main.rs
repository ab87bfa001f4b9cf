//! Laws of generalised levels, over made-up cadastres.

mod accounts;
mod cadastre;
mod coverage;
mod hostile;
mod merging;
mod snapshot;
