//! `/mentions`: who publishes, who hosts, where data and software come from.

use askama::Template;

use super::Cadre;

/// The legal notice.
#[derive(Debug, Template)]
#[template(path = "mentions.html")]
pub struct MentionsPage<'a> {
    cadre: Cadre<'a>,
    contact: Option<String>,
    version: &'static str,
    /// Hours during which a job is kept once ended.
    conserves: u32,
}

impl<'a> MentionsPage<'a> {
    /// The page; `conserves` is how many hours a job is kept once ended.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, conserves: u32) -> Self {
        Self { contact: cadre.portail.lien_contact(), cadre, version: env!("CARGO_PKG_VERSION"), conserves }
    }
}
