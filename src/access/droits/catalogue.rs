//! Objects that belong to this room: what roles say of attributions and of the journal.

use super::{Champ, Genre, Objet};

/// Roles held: who grants and revokes them.
pub static ATTRIBUTION: Objet = Objet {
    nom: "attribution",
    libelle: "rôles des comptes",
    champs: &[
        Champ { nom: "utilisateur", libelle: "compte", genre: Genre::Identifiant, niveau: 0, modifiable: false },
        Champ { nom: "du", libelle: "début", genre: Genre::Date, niveau: 0, modifiable: true },
        Champ { nom: "au", libelle: "fin", genre: Genre::Date, niveau: 0, modifiable: true },
    ],
};

/// The journal of acts and of looks.
pub static JOURNAL: Objet = Objet {
    nom: "journal",
    libelle: "journal",
    champs: &[
        Champ { nom: "le", libelle: "instant", genre: Genre::Instant, niveau: 0, modifiable: false },
        Champ { nom: "action", libelle: "action", genre: Genre::Texte, niveau: 0, modifiable: false },
        Champ { nom: "objet", libelle: "objet", genre: Genre::Texte, niveau: 0, modifiable: false },
    ],
};

/// Objects of this room.
pub static OBJETS: [&Objet; 2] = [&ATTRIBUTION, &JOURNAL];
