//! XLSX (ECMA-376): one sheet, written as rows come, its names frozen and filtered. Texts are texts: none is a formula.

use std::fmt::Write as _;
use std::io::{Seek, Write};

use time::OffsetDateTime;
use zip::ZipWriter;

pub use crate::tableur::Options;
use crate::tableur::{MAX_LIGNES, interdit, largeur, nom_de_feuille, partie, rang_du_jour, rfc3339, xml};
use crate::{ExportError, Ligne, Table, Valeur, wkt};

/// UTF-16 units of a cell: Excel refuses a file with more.
const MAX_CELLULE: usize = 32_767;
/// Styles of `xl/styles.xml`, by their rank.
const ENTETE: u8 = 1;
const DATE: u8 = 2;
const INSTANT: u8 = 3;

const PARTIES: [(&str, &str); 4] = [
    ("[Content_Types].xml", include_str!("xlsx/content_types.xml")),
    ("_rels/.rels", include_str!("xlsx/rels.xml")),
    ("xl/_rels/workbook.xml.rels", include_str!("xlsx/workbook_rels.xml")),
    ("xl/styles.xml", include_str!("xlsx/styles.xml")),
];

/// Writes the table; gives the number of rows. Decimals of 15 digits at most are numbers, longer ones exact texts.
///
/// # Errors
/// A row that does not fit, more rows than a sheet has, a text too long for a cell, or the file can't be written.
pub fn ecrire(
    out: impl Write + Seek,
    table: &Table,
    lignes: impl IntoIterator<Item = Ligne>,
    options: Options,
) -> Result<usize, ExportError> {
    let mut zip = ZipWriter::new(out);
    for (nom, contenu) in PARTIES {
        partie(&mut zip, nom)?;
        zip.write_all(contenu.as_bytes())?;
    }
    let feuille = nom_de_feuille(&table.titre);
    partie(&mut zip, "xl/workbook.xml")?;
    // The names are printed on each page; apostrophes of the sheet's own name double.
    let colonnes = table.colonnes.len() + usize::from(options.wkt);
    write!(
        zip,
        include_str!("xlsx/workbook.xml"),
        nom = xml(&feuille),
        plage = xml(&format!("'{}'!$1:$1", feuille.replace('\'', "''"))),
    )?;
    partie(&mut zip, "xl/worksheets/sheet1.xml")?;
    tete(&mut zip, table, options)?;
    let decimales = if table.crs.srid == 4326 { 7 } else { 3 };
    let mut rang = 0;
    let mut xml = String::new();
    for ligne in lignes {
        rang += 1;
        table.verifie(rang, &ligne)?;
        if rang > MAX_LIGNES {
            return Err(ExportError::TropDeLignes(MAX_LIGNES));
        }
        xml.clear();
        // Writing to a string does not fail.
        let _ = write!(xml, "<row r=\"{}\">", rang + 1);
        for (colonne, (valeur, decrite)) in ligne.valeurs.iter().zip(&table.colonnes).enumerate() {
            cellule(&mut xml, valeur, Place { colonne, rang, nom: &decrite.nom })?;
        }
        if let Some(geometrie) = ligne.geometrie.as_ref().filter(|_| options.wkt) {
            let place = Place { colonne: table.colonnes.len(), rang, nom: "wkt" };
            texte(&mut xml, &wkt::texte(geometrie, decimales), 0, place)?;
        }
        xml.push_str("</row>");
        zip.write_all(xml.as_bytes())?;
    }
    write!(zip, "</sheetData><autoFilter ref=\"A1:{}{}\"/></worksheet>", lettres(colonnes.max(1) - 1), rang + 1)?;
    zip.finish()?.flush()?;
    Ok(rang)
}

fn tete(zip: &mut impl Write, table: &Table, options: Options) -> Result<(), ExportError> {
    let mut tete = include_str!("xlsx/sheet.xml").trim_end().to_owned();
    let wkt = options.wkt.then(|| crate::Colonne::new("wkt", crate::Genre::Texte));
    let colonnes: Vec<&crate::Colonne> = table.colonnes.iter().chain(&wkt).collect();
    if !colonnes.is_empty() {
        tete.push_str("<cols>");
        for (rang, colonne) in (1..).zip(&colonnes) {
            // Writing to a string does not fail.
            let _ =
                write!(tete, "<col min=\"{rang}\" max=\"{rang}\" width=\"{}\" customWidth=\"1\"/>", largeur(colonne));
        }
        tete.push_str("</cols>");
    }
    tete.push_str("<sheetData><row r=\"1\">");
    for (rang, colonne) in colonnes.iter().enumerate() {
        texte(&mut tete, &colonne.nom, ENTETE, Place { colonne: rang, rang: 0, nom: &colonne.nom })?;
    }
    tete.push_str("</row>");
    Ok(zip.write_all(tete.as_bytes())?)
}

/// A cell: its column from 0 and its row, the names being the row 0; the name of its column.
#[derive(Clone, Copy)]
struct Place<'a> {
    colonne: usize,
    rang: usize,
    nom: &'a str,
}

impl Place<'_> {
    /// `B3`.
    fn reference(self) -> String {
        format!("{}{}", lettres(self.colonne), self.rang + 1)
    }
}

fn cellule(xml: &mut String, valeur: &Valeur, place: Place<'_>) -> Result<(), ExportError> {
    let r = place.reference();
    // Writing to a string does not fail.
    let _ = match valeur {
        Valeur::Texte(contenu) if !contenu.is_empty() => return texte(xml, contenu, 0, place),
        Valeur::Entier(nombre) if nombre.unsigned_abs() < 10_u64.pow(15) => {
            write!(xml, "<c r=\"{r}\"><v>{nombre}</v></c>")
        }
        Valeur::Entier(nombre) => return texte(xml, &nombre.to_string(), 0, place),
        Valeur::Reel(nombre) if nombre.is_finite() => write!(xml, "<c r=\"{r}\"><v>{nombre:e}</v></c>"),
        Valeur::Decimal(exact) if exact.reel().is_some() => write!(xml, "<c r=\"{r}\"><v>{exact}</v></c>"),
        Valeur::Decimal(exact) => return texte(xml, exact.as_str(), 0, place),
        Valeur::Booleen(vrai) => write!(xml, "<c r=\"{r}\" t=\"b\"><v>{}</v></c>", u8::from(*vrai)),
        Valeur::Date(date) => match rang_du_jour(*date) {
            Some(jour) => write!(xml, "<c r=\"{r}\" s=\"{DATE}\"><v>{jour}</v></c>"),
            None => return texte(xml, &date.to_string(), 0, place),
        },
        Valeur::Instant(instant) => match rang_de_l_instant(*instant) {
            Some(jours) => write!(xml, "<c r=\"{r}\" s=\"{INSTANT}\"><v>{jours}</v></c>"),
            None => return texte(xml, &rfc3339(*instant), 0, place),
        },
        Valeur::Vide | Valeur::Reel(_) | Valeur::Texte(_) => write!(xml, "<c r=\"{r}\"/>"),
    };
    Ok(())
}

/// Days and their fraction, to the millisecond: eleven decimals hold it.
fn rang_de_l_instant(instant: OffsetDateTime) -> Option<String> {
    let jour = rang_du_jour(instant.date())?;
    let (heures, minutes, secondes, millis) = instant.time().as_hms_milli();
    let millis = ((u64::from(heures) * 60 + u64::from(minutes)) * 60 + u64::from(secondes)) * 1_000 + u64::from(millis);
    Some(format!("{jour}.{:011}", millis * 100_000_000_000 / 86_400_000))
}

fn texte(xml: &mut String, contenu: &str, style: u8, place: Place<'_>) -> Result<(), ExportError> {
    if contenu.encode_utf16().count() > MAX_CELLULE {
        return Err(ExportError::Cellule { rang: place.rang, colonne: place.nom.to_owned(), limite: MAX_CELLULE });
    }
    // Writing to a string does not fail.
    let _ = write!(
        xml,
        "<c r=\"{}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
        place.reference(),
        self::xml(&controle(contenu))
    );
    Ok(())
}

/// Characters that XML lacks, and carriage returns, as the format's escapes; what looks like one is escaped itself.
fn controle(texte: &str) -> String {
    let mut ecrit = String::with_capacity(texte.len());
    for (at, caractere) in texte.char_indices() {
        let code = |suite: &str| {
            suite.len() >= 7
                && suite.as_bytes().get(6) == Some(&b'_')
                && suite.get(2..6).is_some_and(|code| code.bytes().all(|octet| octet.is_ascii_hexdigit()))
        };
        let suite = texte.get(at..).unwrap_or_default();
        // Writing to a string does not fail.
        let _ = match caractere {
            '_' if suite.starts_with("_x") && code(suite) => write!(ecrit, "_x005F_"),
            _ if interdit(caractere) || caractere == '\r' => write!(ecrit, "_x{:04X}_", u32::from(caractere)),
            _ => write!(ecrit, "{caractere}"),
        };
    }
    ecrit
}

/// The letters of a column, from 0.
fn lettres(mut colonne: usize) -> String {
    let mut lettres = String::new();
    loop {
        lettres.insert(0, char::from(b'A' + u8::try_from(colonne % 26).unwrap_or(0)));
        match (colonne / 26).checked_sub(1) {
            Some(reste) => colonne = reste,
            None => return lettres,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_lacks_is_escaped() {
        for (texte, ecrit) in [
            ("a\rb\0", "a_x000D_b_x0000_"),
            ("_x000D_", "_x005F_x000D_"),
            ("_xyz", "_xyz"),
            ("_x00é_", "_x00é_"),
            ("a\nb\té", "a\nb\té"),
        ] {
            assert_eq!(controle(texte), ecrit);
        }
        assert_eq!([lettres(0), lettres(25), lettres(26), lettres(702)], ["A", "Z", "AA", "AAA"]);
    }
}
