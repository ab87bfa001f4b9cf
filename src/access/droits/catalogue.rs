//! Objects that belong to this room: what roles say of attributions and of the journal.
//!
//! Neither has records that a right could filter: they have no fields, and a right with a filter on rows opens nothing.

use super::Objet;

/// Roles held: who gives and revokes them.
pub static ATTRIBUTION: Objet = Objet { nom: "attribution", libelle: "rôles des comptes", champs: &[] };

/// The journal of acts and of looks.
pub static JOURNAL: Objet = Objet { nom: "journal", libelle: "journal", champs: &[] };

/// Objects of this room.
pub static OBJETS: [&Objet; 2] = [&ATTRIBUTION, &JOURNAL];
