//! Pages of refusals and failures: what happened, what to do, and the search.

use askama::Template;

use super::Cadre;

/// What could not be served.
#[derive(Debug, Template)]
#[template(path = "refus.html")]
pub struct RefusPage<'a> {
    cadre: Cadre<'a>,
    cause: &'a str,
    /// Something that can be served instead: text and address.
    propose: Option<&'a (String, String)>,
}

impl<'a> RefusPage<'a> {
    /// The page; its title is that of the frame.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, cause: &'a str, propose: Option<&'a (String, String)>) -> Self {
        Self { cadre: Cadre { recherche_dans_la_page: true, ..cadre }, cause, propose }
    }
}
