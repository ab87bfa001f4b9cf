//! `finage backup` and `finage restore` as people run them: the real binary, its own cluster, folders of their own.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

mod archives;
mod arrets;
mod chiffrement;
mod externe;
mod machine;
mod tout;
