//! Data into values of the layout engine: bounded, and texts in characters that the fonts have.

use time::{Date, PrimitiveDateTime};
use typst::foundations::{Array, Bytes, Datetime, Decimal, Dict, IntoValue, Str, Value};
use unicode_normalization::UnicodeNormalization;

use crate::donnees::{Champs, Donnee};
use crate::erreur::GabaritError;
use crate::image;
use crate::polices::Polices;

/// Levels of lists and groups: a letter shows a record, its lists and their groups.
const PROFONDEUR_MAX: usize = 16;
/// Values of one record: a table of 5,000 rows and 20 columns.
const VALEURS_MAX: usize = 100_000;
/// Text of one record.
const TEXTE_MAX: usize = 4 << 20;
/// Pictures of one record.
const IMAGES_MAX: usize = 20 << 20;

/// What a record may still take.
struct Reste {
    valeurs: usize,
    texte: usize,
    images: usize,
}

/// The fields of a record as a dictionary of the template.
pub(crate) fn dictionnaire(champs: &Champs) -> Result<Dict, GabaritError> {
    let mut reste = Reste { valeurs: VALEURS_MAX, texte: TEXTE_MAX, images: IMAGES_MAX };
    groupe(champs, "", 0, &mut reste)
}

/// A civil date; nothing outside the years that the layout engine knows.
pub(crate) fn date(date: Date) -> Option<Datetime> {
    Datetime::from_ymd(date.year(), u8::from(date.month()), date.day())
}

fn instant(instant: PrimitiveDateTime) -> Option<Datetime> {
    let (date, heure) = (instant.date(), instant.time());
    Datetime::from_ymd_hms(
        date.year(),
        u8::from(date.month()),
        date.day(),
        heure.hour(),
        heure.minute(),
        heure.second(),
    )
}

/// A text in characters that every font has: composed (NFC), spaces of all kinds made one of ours, no control character.
pub(crate) fn texte(texte: &str) -> String {
    let polices = Polices::embarquees();
    texte
        .nfc()
        .filter_map(|caractere| match caractere {
            '\n' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            // Minus signs, non-breaking or not: what the fonts have in their place.
            '\u{2212}' => Some('–'),
            '\u{2010}' | '\u{2011}' => Some('-'),
            // Carriage returns, joiners and marks of order that show nothing.
            '\r' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
            _ if polices.ecrit(caractere) => Some(caractere),
            _ if caractere.is_whitespace() => Some(' '),
            _ => Some('\u{fffd}'),
        })
        .collect()
}

fn groupe(champs: &Champs, chemin: &str, profondeur: usize, reste: &mut Reste) -> Result<Dict, GabaritError> {
    champs
        .iter()
        .map(|(nom, donnee)| {
            let chemin = if chemin.is_empty() { nom.clone() } else { format!("{chemin}.{nom}") };
            Ok((Str::from(nom.as_str()), valeur(donnee, &chemin, profondeur + 1, reste)?))
        })
        .collect()
}

fn valeur(donnee: &Donnee, chemin: &str, profondeur: usize, reste: &mut Reste) -> Result<Value, GabaritError> {
    let refus = |raison| GabaritError::Donnee { champ: chemin.to_owned(), raison };
    if profondeur > PROFONDEUR_MAX {
        return Err(refus("est trop imbriqué."));
    }
    reste.valeurs =
        reste.valeurs.checked_sub(1).ok_or_else(|| refus("s’ajoute à trop de valeurs pour un seul document."))?;
    Ok(match donnee {
        Donnee::Vide => Value::None,
        Donnee::Booleen(vrai) => vrai.into_value(),
        Donnee::Entier(entier) => entier.into_value(),
        Donnee::Decimal(chiffres) => {
            let decimal: Decimal =
                chiffres.parse().map_err(|_| refus("n’est pas un nombre décimal de 28 chiffres au plus."))?;
            decimal.into_value()
        }
        Donnee::Date(jour) => date(*jour).ok_or_else(|| refus("n’est pas une date imprimable."))?.into_value(),
        Donnee::Instant(moment) => {
            instant(*moment).ok_or_else(|| refus("n’est pas une date imprimable."))?.into_value()
        }
        Donnee::Texte(brut) => {
            reste.texte =
                reste.texte.checked_sub(brut.len()).ok_or_else(|| refus("rend le texte du document trop long."))?;
            Str::from(texte(brut)).into_value()
        }
        Donnee::Image(octets) => {
            reste.images =
                reste.images.checked_sub(octets.len()).ok_or_else(|| refus("rend les images trop lourdes."))?;
            image::matricielle(octets).map_err(refus)?;
            Bytes::new(octets.clone()).into_value()
        }
        Donnee::Liste(liste) => liste
            .iter()
            .enumerate()
            .map(|(rang, element)| valeur(element, &format!("{chemin}[{rang}]"), profondeur + 1, reste))
            .collect::<Result<Array, _>>()?
            .into_value(),
        Donnee::Groupe(champs) => groupe(champs, chemin, profondeur, reste)?.into_value(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_what_the_fonts_have() {
        assert_eq!(texte("#Étienne [*]\u{202f}€"), "#Étienne [*]\u{202f}€");
        assert_eq!(texte("e\u{301}te\u{301}"), "été");
        assert_eq!(texte("a\tb\r\nc\u{3000}d"), "a b\nc d");
        assert_eq!(texte("\u{2212}3 porte\u{2011}clés"), "–3 porte-clés");
        assert_eq!(texte("\u{202e}漢\u{0}\u{1b}\u{200b}"), "\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn depth_and_count_are_bounded() {
        let mut deep = Donnee::Vide;
        for _ in 0..1_000 {
            deep = Donnee::Liste(vec![deep]);
        }
        let refused = dictionnaire(&Champs::from([("a".to_owned(), deep)])).unwrap_err();
        assert!(matches!(refused, GabaritError::Donnee { .. }), "{refused}");
        let wide = Donnee::Liste(vec![Donnee::Vide; VALEURS_MAX + 1]);
        assert!(dictionnaire(&Champs::from([("a".to_owned(), wide)])).is_err());
    }
}
