//! What every page shares: title, skip links, search field, menus, foot.

use std::fmt::Write as _;

use super::Espace;
use super::grille::grille;
use crate::config::{Portail, Robots};

/// Files of the front end that dress the pages, as its build named them; none when it was not built.
#[derive(Debug, Clone, Default)]
pub struct Habillage {
    /// Style sheets.
    pub css: Vec<String>,
    /// The script that suggests while one types; pages are complete without it.
    pub script: Option<String>,
    /// Icon of the site.
    pub icone: Option<String>,
}

/// An entry of the menu.
#[derive(Debug)]
pub struct Lien {
    /// Address.
    pub href: &'static str,
    /// Text.
    pub libelle: &'static str,
    /// Whether it is the page shown.
    pub actif: bool,
}

/// The frame of a page.
#[derive(Debug)]
pub struct Cadre<'a> {
    /// Title, unique; the service's name follows it in the window.
    pub titre: String,
    /// Text that the search field keeps.
    pub q: String,
    /// Configuration of the public pages.
    pub portail: &'a Portail,
    /// Style sheets, script, icon.
    pub habillage: &'a Habillage,
    /// Menu.
    pub menu: Vec<Lien>,
    /// Whether the search field is in the page itself rather than in the bar.
    pub recherche_dans_la_page: bool,
    /// Address of the sheet with the configured colours.
    pub couleurs: Option<String>,
    /// « partiellement conforme », for the foot.
    pub conformite: &'static str,
    /// Address to load again, every 5 seconds: a job that runs.
    pub recharge: Option<String>,
    /// What a signed-in account has besides.
    pub espace: Option<Espace>,
    /// Path of the page, as the menu names it.
    pub page: String,
    /// Who is signed in.
    pub compte: Option<Entete>,
    /// Whether robots are asked not to keep it, whatever the configuration.
    pub hors_des_robots: bool,
}

/// What the head of a page says of who is signed in.
#[derive(Debug, Clone)]
pub struct Entete {
    /// Name.
    pub nom: String,
    /// Whether its sign-in is complete.
    pub complet: bool,
}

const MENU: [(&str, &str); 4] =
    [("/", "Accueil"), ("/carte", "Carte"), ("/extraits", "Extraits"), ("/services", "Services")];

impl<'a> Cadre<'a> {
    /// The frame of the page at `path`.
    #[must_use]
    pub fn new(portail: &'a Portail, habillage: &'a Habillage, path: &str, titre: impl Into<String>) -> Self {
        Self {
            titre: titre.into(),
            q: String::new(),
            portail,
            habillage,
            menu: MENU.iter().map(|&(href, libelle)| Lien { href, libelle, actif: href == path }).collect(),
            recherche_dans_la_page: false,
            couleurs: couleurs(portail).map(|(name, _)| format!("/portail/{name}")),
            conformite: grille().map_or("non conforme", |grille| grille.etat()),
            recharge: None,
            espace: None,
            page: path.to_owned(),
            compte: None,
            hors_des_robots: false,
        }
    }

    /// The same with a text in the search field.
    #[must_use]
    pub fn cherchant(self, q: &str) -> Self {
        Self { q: q.to_owned(), ..self }
    }

    /// Whether robots are asked not to keep the page.
    #[must_use]
    pub fn discret(&self) -> bool {
        self.hors_des_robots || self.portail.robots == Robots::Aucun
    }
}

/// Name, with a digest, and text of the sheet that sets the configured colours; they were checked at start.
#[must_use]
pub fn couleurs(portail: &Portail) -> Option<(String, String)> {
    let mut css = String::new();
    if let Some(bandeau) = &portail.couleur_bandeau {
        let _ = writeln!(css, ":root{{--nuit:{bandeau};--nuit-claire:{bandeau}}}");
    }
    if let Some(lien) = &portail.couleur_lien {
        // Checked on white: the dark scheme keeps its own.
        let _ = writeln!(css, "@media not (prefers-color-scheme:dark){{:root{{--accent:{lien}}}}}");
    }
    if css.is_empty() {
        return None;
    }
    let digest = css
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Some((format!("couleurs-{digest:016x}.css"), css))
}
