//! What the frame shows to a signed-in account: its entries of the menu, and whose rights are shown.

use super::Lien;
use crate::access::droits::Action;
use crate::access::identite::Identite;

/// What a signed-in account has besides the public pages.
#[derive(Debug, Default)]
pub struct Espace {
    /// Entries of the menu.
    pub liens: Vec<Lien>,
    /// « Voir comme » : whose rights are shown, and where.
    pub vue: Option<String>,
}

impl Espace {
    /// What this account has, on the page at `path`; `travaille`: some object of a module is open to it.
    #[must_use]
    pub fn new(identite: &Identite, path: &str, travaille: bool) -> Self {
        let mut liens = Vec::new();
        let mut lien = |href: &'static str, libelle: &'static str| {
            let actif = path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            liens.push(Lien { href, libelle, actif });
        };
        let permet = |objet, action| identite.droits.permet(objet, action);
        // A view reads neither journal nor names.
        let journal = permet("journal", Action::Lire) && identite.vue_comme.is_none();
        let entrees = [
            (travaille, "/app", "Espace de travail"),
            (permet("annotation", Action::Lire), "/annotations", "Annotations"),
            (journal, "/journal", "Journal"),
            // Its delegate reads the journal and sees persons.
            (journal && permet("personne", Action::Nominatif), "/rgpd", "Droits des personnes"),
            (permet("attribution", Action::Lire), "/roles", "Rôles"),
        ];
        for (_, href, libelle) in entrees.into_iter().filter(|(permise, ..)| *permise) {
            lien(href, libelle);
        }
        if identite.administrateur && identite.vue_comme.is_none() {
            lien("/administration", "Administration");
        }
        let vue = identite.vue_comme.as_ref().map(|autre| {
            let chez = identite.collectivite.as_ref().map_or_else(String::new, |une| format!(", pour {}", une.nom));
            format!("{} ({}){chez}", autre.nom, autre.email)
        });
        Self { liens, vue }
    }
}
