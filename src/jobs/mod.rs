//! Long work: deposited by a request, carried out by a worker, followed, cancelled, resumed after a crash.
//!
//! The queue is in PostgreSQL (`core.travail`, `core.travail_piece`); see `docs/decisions/0008`. This room knows nothing of
//! what jobs do: whoever has long work writes a [`Work`], puts it into the [`Registry`] of the server, and the rest follows.

mod archive;
mod context;
mod follow;
mod names;
mod news;
mod piece;
mod queue;
mod travail;
mod work;
mod worker;

pub use archive::{Entry, directory, length, local_header};
pub use context::Context;
pub use names::file_name;
pub use piece::Piece;
pub use queue::{DepositError, MAX_PARAMETERS, Queue, Rules, Tally, tally};
pub use travail::{Etat, LigneRapport, Rapport, Resultat, Travail};
pub use work::{Accepted, Outcome, Refusal, Registry, Work, WorkError};
pub use worker::Workers;
