//! Text to references: lines, the pieces of a line, the readings of a piece. No database here.

use finage_reference::query::{Candidate, parse};
use finage_reference::{Idu, Insee};

use super::colonnes::Entete;
use super::{Entree, ListeError, MAX_LIGNES, MAX_OCTETS, MAX_TEXTE, Souhait, montre};

/// Readings of one reference that are looked up.
const MAX_LECTURES: usize = 3;

/// Reads a list, or a CSV with a header, line after line; empty lines are passed over.
pub(super) fn lire(texte: &str) -> Result<Vec<Entree>, ListeError> {
    if texte.len() > MAX_OCTETS {
        return Err(ListeError::TropLongue(texte.len()));
    }
    let texte = texte.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut lignes = texte.split(['\n', '\r']).enumerate().filter(|(_, ligne)| !ligne.trim().is_empty()).peekable();
    let entete = lignes.peek().and_then(|(_, ligne)| Entete::lire(ligne));
    if entete.is_some() {
        lignes.next();
    }
    let mut entrees = Vec::new();
    for (rang, ligne) in lignes {
        match entete.as_ref().filter(|entete| entete.est_un_tableau()) {
            Some(entete) => entrees.extend(entete.ligne(rang + 1, ligne)),
            None => entrees.extend(ligne_libre(rang + 1, ligne)),
        }
        if entrees.len() > MAX_LIGNES {
            return Err(ListeError::TropDeLignes);
        }
    }
    Ok(entrees)
}

/// The references of a line without columns: one, a list that shares its section, identifiers side by side, pieces.
pub(super) fn ligne_libre(rang: usize, ligne: &str) -> Vec<Entree> {
    if let Some(idus) = identifiants(ligne) {
        return idus
            .into_iter()
            .map(|(texte, idu)| Entree { ligne: rang, texte, lectures: Ok(vec![idu.into()]) })
            .collect();
    }
    let separateurs: &[char] = if ligne.chars().nth(MAX_TEXTE).is_some() { &[';', '\t', ','] } else { &[';', '\t'] };
    let morceaux: Vec<&str> = ligne.split(separateurs).map(str::trim).filter(|morceau| !morceau.is_empty()).collect();
    match morceaux.as_slice() {
        [] => vec![refus(rang, ligne, illisible(ligne))],
        [seul] => references(rang, seul),
        plusieurs => par_morceaux(rang, ligne, plusieurs),
    }
}

/// Pieces that are references each, or else the columns of one reference (« Valbrume;AB;145 »).
fn par_morceaux(rang: usize, ligne: &str, morceaux: &[&str]) -> Vec<Entree> {
    let mut entrees: Vec<Entree> = Vec::with_capacity(morceaux.len());
    let mut precedent: Option<Souhait> = None;
    for morceau in morceaux {
        let mut lues = references(rang, morceau);
        if let (Some(avant), true) = (&precedent, lues.iter().all(|entree| entree.lectures.is_err()))
            && nombres(morceau)
        {
            // « AB 145; 146 »: the section is said once.
            let entier = format!("{} {} {morceau}", avant.prefixe.map_or("", |_| "section"), avant.section);
            lues = references(rang, &entier);
            for entree in &mut lues {
                for lecture in entree.lectures.iter_mut().flatten() {
                    lecture.insee = avant.insee;
                    lecture.prefixe = avant.prefixe;
                    lecture.commune.clone_from(&avant.commune);
                }
            }
        }
        let derniere =
            lues.last().and_then(|entree| entree.lectures.as_ref().ok()).and_then(|lectures| lectures.first());
        precedent = derniere.cloned().or(precedent);
        entrees.extend(lues);
    }
    if entrees.iter().any(|entree| entree.lectures.is_err()) && ligne.chars().nth(MAX_TEXTE).is_none() {
        let ensemble = references(rang, &morceaux.join(" "));
        if ensemble.iter().all(|entree| entree.lectures.is_ok()) {
            return ensemble;
        }
    }
    entrees
}

/// The references of one piece: « AB 145 », « AB 145, 146 et 150 », « Valbrume AB 145 ».
pub(super) fn references(rang: usize, texte: &str) -> Vec<Entree> {
    if texte.chars().nth(MAX_TEXTE).is_some() {
        let phrase =
            format!("La ligne dépasse {MAX_TEXTE} caractères sans séparateur : une référence par ligne suffit.");
        return vec![refus(rang, texte, phrase)];
    }
    let candidats = parse(&sans_annee(texte));
    let completes: Vec<&Candidate> = candidats.iter().filter(|candidat| complete(candidat)).collect();
    let Some(premier) = completes.first() else {
        return vec![refus(rang, texte, illisible(texte))];
    };
    let nombre = premier.parcels.len();
    let memes: Vec<&Candidate> =
        completes.iter().copied().filter(|candidat| candidat.parcels.len() == nombre).take(MAX_LECTURES).collect();
    (0..nombre)
        .map(|parcelle| {
            let lectures: Vec<Souhait> = memes.iter().filter_map(|candidat| souhait(candidat, parcelle)).collect();
            let texte = match lectures.first() {
                Some(lue) if nombre > 1 => lue.reference(),
                _ => montre(texte),
            };
            Entree { ligne: rang, texte, lectures: Ok(lectures) }
        })
        .collect()
}

pub(super) fn refus(ligne: usize, texte: &str, phrase: String) -> Entree {
    Entree { ligne, texte: montre(texte), lectures: Err(phrase) }
}

fn souhait(candidat: &Candidate, parcelle: usize) -> Option<Souhait> {
    let lue = candidat.parcels.get(parcelle)?;
    Some(Souhait {
        insee: lue.insee,
        commune: candidat.commune_words.clone(),
        prefixe: lue.prefixe,
        section: lue.section,
        numero: lue.numero?.exact()?,
    })
}

fn complete(candidat: &Candidate) -> bool {
    candidat.parcels.iter().all(|parcelle| parcelle.numero.is_some_and(|numero| numero.exact().is_some()))
}

impl From<Idu> for Souhait {
    fn from(idu: Idu) -> Self {
        Self {
            insee: Some(idu.insee()),
            commune: Vec::new(),
            prefixe: Some(idu.prefixe()),
            section: idu.section(),
            numero: idu.numero(),
        }
    }
}

/// Identifiers of any form, side by side: the whole line when it is made of nothing else.
fn identifiants(ligne: &str) -> Option<Vec<(String, Idu)>> {
    let idus: Option<Vec<(String, Idu)>> = ligne
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\''))
        .filter(|mot| !mot.is_empty())
        .map(|mot| identifiant(mot).map(|idu| (montre(mot), idu)))
        .collect();
    idus.filter(|idus| !idus.is_empty())
}

/// 14 characters (idu), 15 (MAJIC), 17 (INSPIRE) or 19 (year and MAJIC, as cadastral extensions of desktop GIS write it).
fn identifiant(mot: &str) -> Option<Idu> {
    match mot.len() {
        14 => mot.parse().ok(),
        15 => Idu::from_majic_key(mot).ok().map(|(idu, _)| idu),
        17 => Idu::from_inspire_id(mot).ok().map(|(idu, _)| idu),
        19 => Idu::from_majic_key(&sans_tirets(annee(mot)?)).ok().map(|(idu, _)| idu),
        _ => None,
    }
}

/// A 19-character key without its year; any other text as it is.
fn sans_annee(texte: &str) -> String {
    let nu = texte.trim();
    annee(nu).filter(|cle| Idu::from_majic_key(&sans_tirets(cle)).is_ok()).map_or_else(|| texte.to_owned(), sans_tirets)
}

/// The 15 characters after a year.
fn annee(mot: &str) -> Option<&str> {
    let (annee, cle) = mot.split_at_checked(4)?;
    let an = annee.starts_with("19") || annee.starts_with("20");
    (mot.len() == 19 && an && annee.bytes().all(|chiffre| chiffre.is_ascii_digit())).then_some(cle)
}

/// The blanks of a MAJIC key, where an export wrote hyphens.
fn sans_tirets(cle: &str) -> String {
    cle.replace('-', " ")
}

/// « 146 », « 146 et 150 », « n° 12, 13 ».
fn nombres(morceau: &str) -> bool {
    morceau.contains(|c: char| c.is_ascii_digit())
        && finage_reference::normalise(morceau)
            .split(' ')
            .all(|mot| matches!(mot, "et" | "n" | "no" | "numero") || mot.bytes().all(|octet| octet.is_ascii_digit()))
}

/// The sentence of a text that names no parcel.
fn illisible(texte: &str) -> String {
    let shown = montre(texte);
    let shown: String =
        if shown.chars().count() > 60 { shown.chars().take(59).chain(['…']).collect() } else { shown };
    if shown.parse::<Insee>().is_ok() {
        return format!(
            "« {shown} » est un code de commune, pas une parcelle : ajoutez la section et le numéro (« {shown} AB 145 »)."
        );
    }
    let section = parse(texte).into_iter().next().and_then(|candidat| {
        let seule = candidat.parcels.first().filter(|parcelle| parcelle.numero.is_none())?;
        candidat.commune_words.is_empty().then(|| seule.section.to_string())
    });
    match section {
        Some(section) => {
            format!("« {shown} » désigne une section entière : ajoutez le numéro de la parcelle (« {section} 145 »).")
        }
        None => format!(
            "« {shown} » ne se lit pas comme une référence de parcelle : écrivez la section et le numéro (« AB 145 ») ou l'identifiant de 14 caractères."
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// « ligne:insee/prefixe/section/numero mots » of each best reading, `?` for what is unreadable.
    fn lues(texte: &str) -> Vec<String> {
        lire(texte)
            .unwrap()
            .into_iter()
            .map(|entree| match entree.lectures {
                Err(_) => format!("{}:?", entree.ligne),
                Ok(lectures) => {
                    let lue = &lectures[0];
                    let insee = lue.insee.map_or("-".into(), |insee| insee.to_string());
                    let prefixe = lue.prefixe.map_or("-".into(), |prefixe| prefixe.to_string());
                    let ligne = format!("{}:{insee}/{prefixe}/{}/{}", entree.ligne, lue.section, lue.numero);
                    format!("{ligne} {}", lue.commune.join(" ")).trim_end().to_owned()
                }
            })
            .collect()
    }

    #[test]
    fn every_form_of_a_line_is_read() {
        for (texte, attendu) in [
            ("AB 145", vec!["1:-/-/AB/145"]),
            ("\u{feff}ab145\r\n\r\nAB 146\r", vec!["1:-/-/AB/145", "3:-/-/AB/146"]),
            ("AB 145\rAB 146", vec!["1:-/-/AB/145", "2:-/-/AB/146"]),
            ("99101000AB0145", vec!["1:99101/000/AB/145"]),
            (
                "99101000AB0145 99101000AB0146,99101000AB0147",
                vec!["1:99101/000/AB/145", "1:99101/000/AB/146", "1:99101/000/AB/147"],
            ),
            ("132004000AB0145", vec!["1:13004/000/AB/145"]),
            ("2019132004000AB0145", vec!["1:13004/000/AB/145"]),
            ("2019690114----B0794", vec!["1:69114/000/B/794"]),
            ("FR132004000AB0145", vec!["1:13004/000/AB/145"]),
            ("99101 AB 145", vec!["1:99101/-/AB/145"]),
            ("AB 145, 146 et 150", vec!["1:-/-/AB/145", "1:-/-/AB/146", "1:-/-/AB/150"]),
            ("AB 145; 146", vec!["1:-/-/AB/145", "1:-/-/AB/146"]),
            ("103 AB 145; 146", vec!["1:-/103/AB/145", "1:-/103/AB/146"]),
            ("Valbrume AB 145; Saint-Cyprin A 2", vec!["1:-/-/AB/145 valbrume", "1:-/-/A/2 saint cyprin"]),
            ("Valbrume;AB;145", vec!["1:-/-/AB/145 valbrume"]),
            ("99101\t000\tAB\t0145", vec!["1:99101/000/AB/145"]),
            ("12 345", vec!["1:-/-/12/345"]),
            ("bonjour\nAB 145", vec!["1:?", "2:-/-/AB/145"]),
            ("AB", vec!["1:?"]),
            (";;;", vec!["1:?"]),
        ] {
            assert_eq!(lues(texte), attendu, "{texte:?}");
        }
    }

    #[test]
    fn a_header_names_the_columns() {
        for (texte, attendu) in [
            ("idu\n99101000AB0145", vec!["2:99101/000/AB/145"]),
            ("Parcelles\nAB 145, 146", vec!["2:-/-/AB/145", "2:-/-/AB/146"]),
            ("nom;idu;surface\n\"Dupré; fils\";99101000AB0145;12\n", vec!["2:99101/000/AB/145"]),
            (
                "Commune,Section,Numéro\nValbrume,AB,145\n99101,ab,0146\n",
                vec!["2:-/-/AB/145 valbrume", "3:99101/-/AB/146"],
            ),
            ("insee\tpréfixe\tsection\tn° de parcelle\n99102\t103\tA\t7", vec!["2:99102/103/A/7"]),
            ("référence;commune\nAB 145;99101\n;99101\n", vec!["2:99101/-/AB/145", "3:?"]),
            ("section;numero\nAB;\nABC;1\nA;1\n", vec!["2:?", "3:?", "4:-/-/A/1"]),
        ] {
            assert_eq!(lues(texte), attendu, "{texte:?}");
        }
    }

    #[test]
    fn bounds_are_said() {
        assert!(matches!(lire(&" ".repeat(MAX_OCTETS + 1)), Err(ListeError::TropLongue(_))));
        assert!(matches!(lire(&"A 1\n".repeat(MAX_LIGNES + 1)), Err(ListeError::TropDeLignes)));
        let long = format!("AB 145 {}", "x".repeat(5000));
        let entrees = lire(&long).unwrap();
        assert!(entrees[0].lectures.as_ref().is_err_and(|phrase| phrase.contains("200 caractères")));
        assert_eq!(entrees[0].texte.chars().count(), MAX_TEXTE);
    }

    proptest! {
        #[test]
        fn every_line_that_is_not_empty_is_answered(texte in "([A-C0-9;,\" \tn°é]{0,12}\r?\n){0,6}") {
            let pleines = texte.replace("\r\n", "\n").split(['\n', '\r']).enumerate()
                .filter(|(_, ligne)| !ligne.trim().is_empty()).map(|(rang, _)| rang + 1).collect::<Vec<_>>();
            let mut repondues: Vec<usize> = lire(&texte).unwrap().iter().map(|entree| entree.ligne).collect();
            repondues.dedup();
            prop_assert_eq!(repondues, pleines);
        }

        #[test]
        fn no_text_panics(texte in any::<String>()) {
            let _ = lire(&texte);
        }
    }
}
