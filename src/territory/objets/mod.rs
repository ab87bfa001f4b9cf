//! Objects that belong to collectivités, read and written under rights.
//!
//! API, pages, tiles, exports and search go through here, and what they do follows from the object's [`Modele`]: its
//! fields, their rules, whether it has a place. Nothing below is written for one object. Every statement runs in a tenant
//! transaction, shows the fields that a [`crate::access::droits::Droit`] opens, on the rows it opens.

mod ecriture;
mod erreur;
mod export;
mod historique;
mod joints;
mod lecture;
mod recherche;
mod regard;
mod saisie;
mod tuile;

use crate::access::droits::{Champ, Genre, Objet};

pub use ecriture::{Plume, Saisie, cle};
pub use erreur::{ObjetError, Versions};
pub use export::{Fichier, Format, MAX_EXPORT};
pub use historique::Etape;
pub use joints::{Accroche, Joint, MAX_JOINTS, Nouveau, accroche};
pub use lecture::{Fiche, Filtre, MAX_PAGE, PageFiches};
pub use recherche::Trouvee;
pub use regard::{DROITS_DES_PERSONNES, Regard, refus};
pub use tuile::{COUCHES, Couche};

/// An object with what rights need not know: the rules of its fields, and how it is searched.
#[derive(Debug)]
pub struct Modele {
    /// What rights name.
    pub objet: &'static Objet,
    /// Whether rows have a geometry, in a column `geom`.
    pub geometrie: bool,
    /// Whether rows are known for a purpose, in a column `finalite`.
    pub nominatif: bool,
    /// Rules of the fields that people write.
    pub regles: &'static [Regle],
    /// Fields that a text searches.
    pub cherches: &'static [&'static str],
    /// Field that names a row.
    pub titre: &'static str,
}

/// What may be written in a field.
#[derive(Debug, Clone, Copy)]
pub struct Regle {
    /// The field.
    pub champ: &'static str,
    /// Characters at most, of a text.
    pub max: usize,
    /// Whether it may not be left empty.
    pub obligatoire: bool,
    /// The only values it takes, with their names; empty when any does.
    pub valeurs: &'static [(&'static str, &'static str)],
}

/// Every model, in the order shown.
pub static MODELES: [&Modele; 2] = [&ANNOTATION, &PERSONNE];

/// Every object that rights may name.
pub static OBJETS: [&Objet; 3] = [&OBJET_ANNOTATION, &OBJET_PERSONNE, &OBJET_JOURNAL];

static OBJET_ANNOTATION: Objet = Objet {
    nom: "annotation",
    libelle: "annotation",
    champs: &[
        champ("titre", "Titre", Genre::Texte, 0),
        champ("texte", "Texte", Genre::Texte, 0),
        champ("categorie", "Catégorie", Genre::Texte, 0),
    ],
};

static OBJET_PERSONNE: Objet = Objet {
    nom: "personne",
    libelle: "personne",
    champs: &[
        champ("nom", "Nom", Genre::Texte, 1),
        champ("prenoms", "Prénoms", Genre::Texte, 1),
        champ("adresse", "Adresse", Genre::Texte, 1),
        champ("courriel", "Adresse électronique", Genre::Texte, 1),
        champ("telephone", "Téléphone", Genre::Texte, 1),
        champ("naissance", "Date de naissance", Genre::Date, 2),
        champ("lieu_naissance", "Lieu de naissance", Genre::Texte, 2),
        Champ { nom: "finalite", libelle: "Finalité", genre: Genre::Texte, niveau: 0, modifiable: false },
        champ("opposition_publication", "Opposition à la publication", Genre::Booleen, 0),
    ],
};

/// The journal: a right names it, no row of it is written here.
pub static OBJET_JOURNAL: Objet = Objet { nom: "journal", libelle: "journal", champs: &[] };

/// Annotations of the map.
pub static ANNOTATION: Modele = Modele {
    objet: &OBJET_ANNOTATION,
    geometrie: true,
    nominatif: false,
    regles: &[
        Regle { champ: "titre", max: 200, obligatoire: true, valeurs: &[] },
        Regle { champ: "texte", max: 10_000, obligatoire: false, valeurs: &[] },
        Regle {
            champ: "categorie",
            max: 40,
            obligatoire: true,
            valeurs: &[("note", "Note"), ("a_verifier", "À vérifier"), ("projet", "Projet"), ("travaux", "Travaux")],
        },
    ],
    cherches: &["titre", "texte"],
    titre: "titre",
};

/// Persons known for a purpose.
pub static PERSONNE: Modele = Modele {
    objet: &OBJET_PERSONNE,
    geometrie: false,
    nominatif: true,
    regles: &[
        Regle { champ: "nom", max: 200, obligatoire: true, valeurs: &[] },
        Regle { champ: "prenoms", max: 200, obligatoire: false, valeurs: &[] },
        Regle { champ: "adresse", max: 1000, obligatoire: false, valeurs: &[] },
        Regle { champ: "courriel", max: 320, obligatoire: false, valeurs: &[] },
        Regle { champ: "telephone", max: 40, obligatoire: false, valeurs: &[] },
        Regle { champ: "lieu_naissance", max: 200, obligatoire: false, valeurs: &[] },
        Regle { champ: "opposition_publication", max: 0, obligatoire: true, valeurs: &[] },
    ],
    cherches: &["nom", "prenoms", "courriel"],
    titre: "nom",
};

const fn champ(nom: &'static str, libelle: &'static str, genre: Genre, niveau: u8) -> Champ {
    Champ { nom, libelle, genre, niveau, modifiable: true }
}

impl Modele {
    /// The table: that of the module, or of the core.
    #[must_use]
    pub fn relation(&self) -> String {
        let nom = self.objet.nom;
        if nom.contains('.') { nom.to_owned() } else { format!("core.{nom}") }
    }

    /// The rule of a field.
    #[must_use]
    pub fn regle(&self, champ: &str) -> Option<&Regle> {
        self.regles.iter().find(|regle| regle.champ == champ)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_speak_of_their_own_fields() {
        for modele in MODELES {
            let connu = |nom: &str| modele.objet.champ(nom).is_some();
            assert!(modele.regles.iter().all(|regle| connu(regle.champ)), "{}", modele.objet.nom);
            assert!(modele.cherches.iter().all(|nom| connu(nom)), "{}", modele.objet.nom);
            assert!(connu(modele.titre), "{}", modele.objet.nom);
        }
    }
}
