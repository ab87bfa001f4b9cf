//! The embedded cluster against the machine's real PostgreSQL. Without it, each test says that it is skipped.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

mod child;
mod diagnosis;
mod kills;
mod life;
mod refusals;
mod sharing;
mod support;
mod versions;
