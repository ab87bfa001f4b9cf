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
}

impl<'a> MentionsPage<'a> {
    /// The page.
    #[must_use]
    pub fn new(cadre: Cadre<'a>) -> Self {
        Self { contact: cadre.portail.lien_contact(), cadre, version: env!("CARGO_PKG_VERSION") }
    }
}
