//! `/robots.txt`.

use crate::config::Robots;

/// What robots are told.
#[must_use]
pub fn robots_txt(robots: Robots) -> &'static str {
    match robots {
        Robots::Aucun => "User-agent: *\nDisallow: /\n",
        // Pages to read, not what they are made of: documents, data, tiles, work that costs.
        Robots::Pages => {
            "User-agent: *\nDisallow: /api/\nDisallow: /tiles/\nDisallow: /styles/\nDisallow: /fonds/\nDisallow: /travaux/\nDisallow: /extrait.pdf\nDisallow: /*/extrait.pdf\nDisallow: /*/plan.svg\n"
        }
        Robots::Tout => "User-agent: *\nDisallow:\n",
    }
}
