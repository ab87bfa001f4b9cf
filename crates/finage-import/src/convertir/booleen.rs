//! True and false as people tick them.

use super::{cite, nombre};
use crate::Cellule;

pub(super) fn booleen(cellule: &Cellule) -> Result<bool, String> {
    let refus = || format!("{} n'est ni oui ni non : écrivez « oui » ou « non ».", cite(cellule));
    match cellule {
        Cellule::Booleen(vrai) => Ok(*vrai),
        Cellule::Texte(texte) => match texte.trim().to_lowercase().as_str() {
            "oui" | "vrai" | "o" | "x" | "1" | "true" | "yes" | "y" | "t" | "v" => Ok(true),
            "non" | "faux" | "n" | "0" | "false" | "no" | "f" => Ok(false),
            _ => Err(refus()),
        },
        Cellule::Nombre(texte) => match nombre::canonique(texte).as_deref() {
            Some("1") => Ok(true),
            Some("0") => Ok(false),
            _ => Err(refus()),
        },
        Cellule::Vide | Cellule::Date(_) | Cellule::Instant(_) => Err(refus()),
    }
}
