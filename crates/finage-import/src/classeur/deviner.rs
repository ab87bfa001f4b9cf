//! What a column holds, from its first cells.

use crate::{Cellule, Genre, convertir};

/// What all these cells may be; text when they agree on nothing else.
pub(super) fn genre<'a>(cellules: &(impl Iterator<Item = &'a Cellule> + Clone)) -> Genre {
    if cellules.clone().next().is_none() {
        return Genre::Texte;
    }
    let code = |cellule: &Cellule| matches!(cellule, Cellule::Texte(texte) if est_un_code(texte.trim()));
    if cellules.clone().any(code) {
        return Genre::Texte;
    }
    let mot = |cellule: &Cellule| match cellule {
        Cellule::Booleen(_) => true,
        Cellule::Texte(texte) => texte.trim().len() > 1,
        _ => false,
    };
    [Genre::Entier, Genre::Decimal, Genre::Date, Genre::Instant, Genre::Booleen]
        .into_iter()
        .filter(|genre| *genre != Genre::Booleen || cellules.clone().any(mot))
        .find(|genre| cellules.clone().all(|cellule| de_ce_genre(cellule, *genre)))
        .unwrap_or(Genre::Texte)
}

fn de_ce_genre(cellule: &Cellule, genre: Genre) -> bool {
    // A number is a date only where the file says so.
    let nombre = match cellule {
        Cellule::Nombre(_) => true,
        Cellule::Texte(texte) => texte.trim().bytes().all(|octet| octet.is_ascii_digit()),
        _ => false,
    };
    !(nombre && matches!(genre, Genre::Date | Genre::Instant)) && convertir(cellule, genre).is_ok()
}

/// « 01234 » loses its zero when it becomes a number, and « 0612345678 » its sense.
fn est_un_code(texte: &str) -> bool {
    texte.len() > 1 && texte.starts_with('0') && texte.bytes().all(|octet| octet.is_ascii_digit() || octet == b' ')
}
