//! From the names of tables and columns to words for people.

/// Longest comment that serves as a label, characters; a longer one helps to fill the field.
pub(super) const MAX_LABEL: usize = 60;
/// Words whose accents names of the database have lost.
const ACCENTS: [(&str, &str); 46] = [
    ("vehicule", "véhicule"),
    ("vehicules", "véhicules"),
    ("libelle", "libellé"),
    ("numero", "numéro"),
    ("prenom", "prénom"),
    ("prenoms", "prénoms"),
    ("deces", "décès"),
    ("telephone", "téléphone"),
    ("mobile", "téléphone mobile"),
    ("complement", "complément"),
    ("siege", "siège"),
    ("resume", "résumé"),
    ("reference", "référence"),
    ("references", "références"),
    ("cree", "créé"),
    ("creee", "créée"),
    ("creation", "création"),
    ("reception", "réception"),
    ("depot", "dépôt"),
    ("debut", "début"),
    ("echeance", "échéance"),
    ("etat", "état"),
    ("etage", "étage"),
    ("categorie", "catégorie"),
    ("categories", "catégories"),
    ("operation", "opération"),
    ("operations", "opérations"),
    ("cimetiere", "cimetière"),
    ("cimetieres", "cimetières"),
    ("eleve", "élève"),
    ("eleves", "élèves"),
    ("ecole", "école"),
    ("ecoles", "écoles"),
    ("election", "élection"),
    ("elections", "élections"),
    ("electeur", "électeur"),
    ("electeurs", "électeurs"),
    ("marche", "marché"),
    ("marches", "marchés"),
    ("materiel", "matériel"),
    ("duree", "durée"),
    ("emetteur", "émetteur"),
    ("civilite", "civilité"),
    ("qualite", "qualité"),
    ("cp", "code postal"),
    ("periode", "période"),
];

/// `date_deces` → « Date décès ».
pub(super) fn spoken(name: &str) -> String {
    let name =
        ["_om_htmletatex", "_om_htmletat", "_om_html"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    match name {
        "om_validite_debut" => return "Début de validité".to_owned(),
        "om_validite_fin" => return "Fin de validité".to_owned(),
        _ => {}
    }
    let name = name.strip_suffix("_id").filter(|rest| !rest.is_empty()).unwrap_or(name);
    let words: Vec<&str> = name
        .split('_')
        .filter(|word| !word.is_empty())
        .map(|word| ACCENTS.iter().find(|(bare, _)| *bare == word).map_or(word, |(_, accented)| accented))
        .collect();
    let words = words.join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(|| name.to_owned(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// What a comment says in a few words, when it does.
pub(super) fn short(comment: Option<&String>) -> Option<String> {
    let first = comment?.trim().lines().next()?.trim().trim_end_matches('.').trim();
    (!first.is_empty() && first.chars().count() <= MAX_LABEL).then(|| first.to_owned())
}

/// The plural of a label, of which only what ends in a vowel or a consonant takes an « s ».
pub(super) fn plural(label: &str) -> String {
    if label.ends_with(['s', 'x', 'z']) || label.ends_with(|last: char| last.is_ascii_digit()) {
        label.to_owned()
    } else {
        format!("{label}s")
    }
}

/// A name that SQL takes without quotes.
pub(super) fn bare(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| match letter.to_ascii_lowercase() {
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' => 'e',
            'à' | 'â' | 'À' => 'a',
            'î' | 'ï' => 'i',
            'ô' => 'o',
            'ù' | 'û' => 'u',
            'ç' | 'Ç' => 'c',
            letter if letter.is_ascii_lowercase() || letter.is_ascii_digit() => letter,
            _ => '_',
        })
        .collect();
    if plain.starts_with(|first: char| first.is_ascii_digit()) { format!("c_{plain}") } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, said) in [
            ("date_deces", "Date décès"),
            ("notes_om_html", "Notes"),
            ("om_validite_fin", "Fin de validité"),
            ("cimetiere_id", "Cimetière"),
            ("_", "_"),
        ] {
            assert_eq!(spoken(name), said);
        }
        assert_eq!(bare("Date dépôt"), "date_depot");
        assert_eq!(bare("2e_nom"), "c_2e_nom");
        assert_eq!(short(Some(&"Tombes.\nEt le reste".to_owned())).as_deref(), Some("Tombes"));
        assert_eq!((plural("Voie"), plural("Dépôts")), ("Voies".to_owned(), "Dépôts".to_owned()));
    }
}
