//! A table of references: the header that names its columns, and the reference that each line makes of them.

use finage_reference::{Insee, Numero, Prefixe, Section, normalise};

use super::lecture::{references, refus};
use super::{Entree, MAX_TEXTE, Souhait};

/// Names of the column that holds a whole reference, searched form without spaces.
const REFERENCE: [&str; 14] = [
    "idu",
    "idparcelle",
    "idparcelles",
    "parcelle",
    "parcelles",
    "reference",
    "references",
    "referencecadastrale",
    "referencescadastrales",
    "refcadastrale",
    "ref",
    "geoparcelle",
    "identifiant",
    "identifiantparcelle",
];
const SECTION: [&str; 4] = ["section", "sectioncadastrale", "sec", "ccosec"];
const NUMERO: [&str; 12] = [
    "numero",
    "num",
    "no",
    "n",
    "ndeparcelle",
    "nparcelle",
    "numerodeparcelle",
    "numeroparcelle",
    "numparcelle",
    "numerodeplan",
    "numeroplan",
    "dnupla",
];
const PREFIXE: [&str; 3] = ["prefixe", "prefixesection", "ccopre"];
const COMMUNE: [&str; 9] = [
    "insee",
    "codeinsee",
    "codecommune",
    "inseecom",
    "commune",
    "nomcommune",
    "nomdelacommune",
    "ville",
    "libellecommune",
];

/// Where the columns are.
#[derive(Debug)]
pub(super) struct Entete {
    separateur: char,
    colonnes: usize,
    reference: Option<usize>,
    section: Option<usize>,
    numero: Option<usize>,
    prefixe: Option<usize>,
    commune: Option<usize>,
}

impl Entete {
    /// The header that a first line is, if it names a reference, or a section and a number.
    pub(super) fn lire(ligne: &str) -> Option<Self> {
        let separateur = [';', '\t', ','].into_iter().max_by_key(|separateur| champs(ligne, *separateur).len())?;
        // Of two that cut as much, the first asked for stays.
        let separateur = [';', '\t', ',']
            .into_iter()
            .find(|autre| champs(ligne, *autre).len() == champs(ligne, separateur).len())?;
        let noms: Vec<String> = champs(ligne, separateur)
            .iter()
            .map(|champ| normalise(&champ.replace('_', " ")).replace(' ', ""))
            .collect();
        let place = |connus: &[&str]| noms.iter().position(|nom| connus.contains(&nom.as_str()));
        let (section, numero) = (place(&SECTION), place(&NUMERO));
        let reference = place(&REFERENCE);
        (reference.is_some() || (section.is_some() && numero.is_some())).then(|| Self {
            separateur,
            colonnes: noms.len(),
            reference,
            section,
            numero,
            prefixe: place(&PREFIXE),
            commune: place(&COMMUNE),
        })
    }

    /// Whether lines have columns; under a header of one name they are read as free text.
    pub(super) fn est_un_tableau(&self) -> bool {
        self.colonnes > 1
    }

    /// The references of a line.
    pub(super) fn ligne(&self, rang: usize, ligne: &str) -> Vec<Entree> {
        let champs = champs(ligne, self.separateur);
        let lu = |place: Option<usize>| {
            place.and_then(|place| champs.get(place)).map(|champ| champ.trim()).filter(|champ| !champ.is_empty())
        };
        let commune = lu(self.commune);
        if let Some(reference) = lu(self.reference) {
            let mut entrees = references(rang, reference);
            for lecture in entrees.iter_mut().flat_map(|entree| entree.lectures.iter_mut().flatten()) {
                if lecture.insee.is_none() && lecture.commune.is_empty() {
                    (lecture.insee, lecture.commune) = nommee(commune);
                }
            }
            return entrees;
        }
        let (Some(section), Some(numero)) = (lu(self.section), lu(self.numero)) else {
            return vec![refus(rang, ligne, self.vide())];
        };
        match souhait(section, numero, lu(self.prefixe), commune) {
            Ok(souhait) => vec![Entree { ligne: rang, texte: souhait.reference(), lectures: Ok(vec![souhait]) }],
            Err(phrase) => vec![refus(rang, ligne, phrase)],
        }
    }

    fn vide(&self) -> String {
        let attendu = if self.section.is_some() && self.numero.is_some() {
            "les colonnes de la section et du numéro ne sont pas remplies toutes deux"
        } else {
            "la colonne de la référence est vide"
        };
        format!("La ligne ne donne pas de parcelle : {attendu}.")
    }
}

/// The reference that columns make.
fn souhait(section: &str, numero: &str, prefixe: Option<&str>, commune: Option<&str>) -> Result<Souhait, String> {
    let section: Section = section.parse().map_err(|error| format!("{error}"))?;
    // A spreadsheet that took the column for numbers writes 145.0 or 145,0.
    let entier = numero.trim_end_matches('0').trim_end_matches(['.', ',']);
    let numero = if numero.contains(['.', ',']) { entier } else { numero };
    let numero: Numero = numero.parse().map_err(|error| format!("{error}"))?;
    let prefixe = prefixe
        .map(|prefixe| format!("{prefixe:0>3}").parse::<Prefixe>())
        .transpose()
        .map_err(|error| format!("{error}"))?;
    let (insee, commune) = nommee(commune);
    Ok(Souhait { insee, commune, prefixe, section, numero })
}

/// A commune by its code, or by words.
fn nommee(commune: Option<&str>) -> (Option<Insee>, Vec<String>) {
    let Some(commune) = commune else { return (None, Vec::new()) };
    if let Ok(insee) = format!("{commune:0>5}").parse::<Insee>() {
        return (Some(insee), Vec::new());
    }
    let court: String = commune.chars().take(MAX_TEXTE).collect();
    (None, normalise(&court).split(' ').filter(|mot| !mot.is_empty()).map(str::to_owned).collect())
}

/// The fields of a line; quotes protect separators, a doubled quote is a quote.
fn champs(ligne: &str, separateur: char) -> Vec<String> {
    let mut champs = vec![String::new()];
    let mut protege = false;
    let mut suite = ligne.chars().peekable();
    while let Some(c) = suite.next() {
        match (c, champs.last_mut()) {
            ('"', Some(champ)) if protege && suite.peek() == Some(&'"') => {
                suite.next();
                champ.push('"');
            }
            ('"', _) => protege = !protege,
            (c, _) if c == separateur && !protege => champs.push(String::new()),
            (c, Some(champ)) => champ.push(c),
            (_, None) => {}
        }
    }
    champs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_protect_separators() {
        assert_eq!(champs("a;\"b;c\";\"d\"\"e\"", ';'), ["a", "b;c", "d\"e"]);
        assert_eq!(champs("", ';'), [""]);
    }

    #[test]
    fn a_reference_is_no_header() {
        for ligne in ["AB 145", "parcelle AB 145", "Valbrume;AB;145", "section AB n° 145", "commune;surface"] {
            assert!(Entete::lire(ligne).is_none(), "{ligne}");
        }
    }
}
