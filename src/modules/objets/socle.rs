//! The core's own objects: annotations of the map, persons, the journal.

use super::modele::{Geometrie, Modele, Morceau, Nature, Regle};
use crate::access::droits::{Champ, Genre, Objet};

/// Every model of the core, in the order shown.
pub static MODELES: [&Modele; 2] = [&ANNOTATION, &PERSONNE];

/// Every object of the core that rights may name.
pub static OBJETS: [&Objet; 5] =
    [&OBJET_ANNOTATION, &OBJET_PERSONNE, &OBJET_JOURNAL, &OBJET_ELIMINATION, &OBJET_GABARIT];

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
        Champ { modifiable: false, ..champ("finalite", "Finalité", Genre::Texte, 0) },
        champ("opposition_publication", "Opposition à la publication", Genre::Booleen, 0),
    ],
};

/// Templates of letters that a collectivité rewrote: a right names them, each is told by its document.
pub static OBJET_GABARIT: Objet = Objet { nom: "gabarit", libelle: "gabarits des documents", champs: &[] };

/// The journal: a right names it, no row of it is written here.
pub static OBJET_JOURNAL: Objet = Objet { nom: "journal", libelle: "journal", champs: &[] };

/// Lists of personal data at the end of their use.
pub static OBJET_ELIMINATION: Objet = Objet { nom: "elimination", libelle: "bordereau d'élimination", champs: &[] };

/// Annotations of the map.
pub static ANNOTATION: Modele = Modele {
    objet: &OBJET_ANNOTATION,
    relation: "core.annotation",
    pluriel: "annotations",
    geometrie: Some(Geometrie { colonne: "geom", genre: "Geometry", obligatoire: true }),
    regles: &[
        Regle { champ: "titre", max: 200, obligatoire: true, ..Regle::TEXTE },
        Regle { champ: "texte", nature: Nature::TexteLong, max: 10_000, sans_nul: true, ..Regle::TEXTE },
        Regle {
            champ: "categorie",
            max: 40,
            obligatoire: true,
            par_defaut: true,
            valeurs: &[("note", "Note"), ("a_verifier", "À vérifier"), ("projet", "Projet"), ("travaux", "Travaux")],
            ..Regle::TEXTE
        },
    ],
    cherches: &["titre", "texte"],
    titre: "titre",
    intitule: &[Morceau::Champ("titre")],
    ..VIDE
};

/// Persons known for a purpose.
pub static PERSONNE: Modele = Modele {
    objet: &OBJET_PERSONNE,
    relation: "core.personne",
    pluriel: "personnes",
    nominatif: true,
    finalite_en_colonne: true,
    regles: &[
        Regle { champ: "nom", max: 200, obligatoire: true, ..Regle::TEXTE },
        Regle { champ: "prenoms", max: 200, ..Regle::TEXTE },
        Regle { champ: "adresse", max: 1000, ..Regle::TEXTE },
        Regle { champ: "courriel", max: 320, ..Regle::TEXTE },
        Regle { champ: "telephone", max: 40, ..Regle::TEXTE },
        Regle { champ: "lieu_naissance", max: 200, ..Regle::TEXTE },
        Regle {
            champ: "opposition_publication",
            nature: Nature::Booleen,
            obligatoire: true,
            par_defaut: true,
            ..Regle::TEXTE
        },
    ],
    cherches: &["nom", "prenoms", "courriel"],
    titre: "nom",
    intitule: &[Morceau::Champ("nom"), Morceau::Texte(" "), Morceau::Champ("prenoms")],
    ..VIDE
};

/// What the models of the core do without.
const VIDE: Modele = Modele {
    objet: &OBJET_JOURNAL,
    relation: "",
    pluriel: "",
    geometrie: None,
    nominatif: false,
    finalite_en_colonne: false,
    finalites: &[],
    regles: &[],
    cherches: &[],
    titre: "",
    intitule: &[],
    parent: None,
    registre: None,
    etats: None,
    cle: &[],
    uniques: &[],
    validite: None,
    crochet: None,
};

const fn champ(nom: &'static str, libelle: &'static str, genre: Genre, niveau: u8) -> Champ {
    Champ { nom, libelle, genre, niveau, modifiable: true, lecture: "" }
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
