//! Numbers in words, as acts and orders write them: « deux cent quatre-vingt-un », « deux cents », « quatre-vingt mille ».

/// Words below seventeen: those that no rule builds.
const PETITS: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
];

/// Tens that have a word of their own; seventy and ninety are counted from sixty and eighty.
const DIZAINES: [&str; 9] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante", "", "quatre-vingt"];

/// Powers of a thousand above a thousand, in the long scale: nouns, which take the mark of the plural.
const ECHELLES: [(u64, &str); 5] = [
    (1_000_000_000_000_000_000, "trillion"),
    (1_000_000_000_000_000, "billiard"),
    (1_000_000_000_000, "billion"),
    (1_000_000_000, "milliard"),
    (1_000_000, "million"),
];

/// An integer in French words, in the spelling of acts (« vingt et un », « soixante et onze », « deux cents »).
///
/// ```
/// use finage_documents::en_toutes_lettres;
/// assert_eq!(en_toutes_lettres(71), "soixante et onze");
/// assert_eq!(en_toutes_lettres(80_000), "quatre-vingt mille");
/// assert_eq!(en_toutes_lettres(200_000_000), "deux cents millions");
/// ```
#[must_use]
pub fn en_toutes_lettres(nombre: i64) -> String {
    let mots = positif(nombre.unsigned_abs());
    if nombre < 0 { format!("moins {mots}") } else { mots }
}

/// An amount given in centimes, in words: « mille deux cent trente-quatre euros et cinquante centimes ».
#[must_use]
pub fn montant_en_toutes_lettres(centimes: i64) -> String {
    let (euros, reste) = (centimes.unsigned_abs() / 100, centimes.unsigned_abs() % 100);
    let mut mots = if centimes < 0 { "moins ".to_owned() } else { String::new() };
    if euros > 0 || reste == 0 {
        mots += &positif(euros);
        // « un million d’euros », but « un million deux cents euros ».
        mots += if euros >= 1_000_000 && euros.is_multiple_of(1_000_000) { " d’euro" } else { " euro" };
        mots += if euros > 1 { "s" } else { "" };
    }
    if reste > 0 {
        mots += if euros > 0 { " et " } else { "" };
        mots += &positif(reste);
        mots += if reste > 1 { " centimes" } else { " centime" };
    }
    mots
}

fn positif(nombre: u64) -> String {
    if nombre == 0 {
        return PETITS[0].to_owned();
    }
    let mut mots = Vec::new();
    let mut reste = nombre;
    for (valeur, nom) in ECHELLES {
        let combien = reste / valeur;
        if combien > 0 {
            mots.push(sous_mille(combien, true));
            mots.push(format!("{nom}{}", if combien > 1 { "s" } else { "" }));
            reste %= valeur;
        }
    }
    let milliers = reste / 1_000;
    if milliers > 0 {
        // « mille » is alone for one, never takes an s, and leaves none to what it follows.
        if milliers > 1 {
            mots.push(sous_mille(milliers, false));
        }
        mots.push("mille".to_owned());
    }
    if !reste.is_multiple_of(1_000) {
        mots.push(sous_mille(reste % 1_000, true));
    }
    mots.join(" ")
}

/// From 1 to 999. `accord`: « cents » and « quatre-vingts » take their s when nothing but a noun follows.
fn sous_mille(nombre: u64, accord: bool) -> String {
    let (centaines, reste) = (nombre / 100, nombre % 100);
    let cent = match centaines {
        0 => return sous_cent(reste, accord),
        1 => "cent".to_owned(),
        _ => format!("{} cent{}", petit(centaines), if reste == 0 && accord { "s" } else { "" }),
    };
    if reste == 0 { cent } else { format!("{cent} {}", sous_cent(reste, accord)) }
}

/// From 1 to 99.
fn sous_cent(nombre: u64, accord: bool) -> String {
    match (nombre / 10, nombre % 10) {
        (8, 0) => format!("quatre-vingt{}", if accord { "s" } else { "" }),
        _ if nombre <= 16 => petit(nombre).to_owned(),
        (dizaine @ 1..=6, 0) => dizaine_de(dizaine).to_owned(),
        (dizaine @ 2..=6, 1) => format!("{} et un", dizaine_de(dizaine)),
        (7, 1) => "soixante et onze".to_owned(),
        // Seventy and ninety are sixty and eighty, and a number from ten to nineteen.
        (dizaine @ (7 | 9), unite) => format!("{}-{}", dizaine_de(dizaine - 1), sous_cent(10 + unite, false)),
        (dizaine, unite) => format!("{}-{}", dizaine_de(dizaine), petit(unite)),
    }
}

fn petit(nombre: u64) -> &'static str {
    usize::try_from(nombre).ok().and_then(|rang| PETITS.get(rang)).copied().unwrap_or_default()
}

fn dizaine_de(dizaine: u64) -> &'static str {
    usize::try_from(dizaine).ok().and_then(|rang| DIZAINES.get(rang)).copied().unwrap_or_default()
}
