//! Expressions from outside: the vectors, the bounds, and the two forms that read back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]

mod aller_retour;
mod bornes;
mod json_des_vecteurs;
mod refus;
mod support;
mod usages;
mod vecteurs;
