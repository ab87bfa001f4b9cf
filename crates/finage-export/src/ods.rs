//! ODS (ODF 1.3): one sheet, written as rows come, its names frozen and filtered. Texts are texts: none is a formula.

use std::fmt::Write as _;
use std::io::{Seek, Write};

use time::macros::format_description;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub use crate::tableur::Options;
use crate::tableur::{MAX_LIGNES, interdit, largeur, nom_de_feuille, partie, xml};
use crate::{Colonne, ExportError, Genre, Ligne, Table, Valeur, wkt};

const MEDIA: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Writes the table; gives the number of rows. Decimals are written exact, and LibreOffice computes with 15 digits of
/// them; what a binary number does not hold is an exact text. Control characters, which ODF lacks, become « � ».
///
/// # Errors
/// A row that does not fit, more rows than a sheet has, or the file can't be written.
pub fn ecrire(
    out: impl Write + Seek,
    table: &Table,
    lignes: impl IntoIterator<Item = Ligne>,
    options: Options,
) -> Result<usize, ExportError> {
    let mut zip = ZipWriter::new(out);
    // First and uncompressed: that is how the format is recognised (ODF 1.3, part 2, 3.3).
    let brut = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("mimetype", brut.last_modified_time(zip::DateTime::default()))?;
    zip.write_all(MEDIA.as_bytes())?;
    for (nom, contenu) in
        [("META-INF/manifest.xml", include_str!("ods/manifest.xml")), ("styles.xml", include_str!("ods/styles.xml"))]
    {
        partie(&mut zip, nom)?;
        zip.write_all(contenu.as_bytes())?;
    }
    let feuille = nom_de_feuille(&table.titre);
    partie(&mut zip, "settings.xml")?;
    write!(zip, include_str!("ods/settings.xml"), nom = xml(&feuille))?;
    partie(&mut zip, "content.xml")?;
    let wkt = options.wkt.then(|| Colonne::new("wkt", Genre::Texte));
    let colonnes: Vec<&Colonne> = table.colonnes.iter().chain(&wkt).collect();
    zip.write_all(tete(&colonnes, &feuille).as_bytes())?;
    let decimales = if table.crs.srid == 4326 { 7 } else { 3 };
    let mut rang = 0;
    let mut ecrite = String::new();
    for ligne in lignes {
        rang += 1;
        table.verifie(rang, &ligne)?;
        if rang > MAX_LIGNES {
            return Err(ExportError::TropDeLignes(MAX_LIGNES));
        }
        ecrite.clear();
        ecrite.push_str("<table:table-row>");
        ligne.valeurs.iter().for_each(|valeur| cellule(&mut ecrite, valeur));
        if options.wkt {
            let wkt = ligne.geometrie.as_ref().map(|geometrie| wkt::texte(geometrie, decimales));
            cellule(&mut ecrite, &Valeur::de(wkt));
        }
        ecrite.push_str("</table:table-row>");
        zip.write_all(ecrite.as_bytes())?;
    }
    // The filter's range: from the names to the last row.
    let plage = format!("'{0}'.A1:'{0}'.{1}{2}", feuille.replace('\'', "''"), lettres(colonnes.len()), rang + 1);
    write!(zip, include_str!("ods/fin.xml"), plage = xml(&plage))?;
    zip.finish()?.flush()?;
    Ok(rang)
}

fn tete(colonnes: &[&Colonne], feuille: &str) -> String {
    let mut tete = include_str!("ods/content.xml").trim_end().to_owned();
    // Writing to a string does not fail.
    for (rang, colonne) in colonnes.iter().enumerate() {
        let millimetres = largeur(colonne) * 2;
        let _ = write!(
            tete,
            "<style:style style:name=\"co{rang}\" style:family=\"table-column\"><style:table-column-properties style:column-width=\"{millimetres}mm\"/></style:style>"
        );
    }
    let _ = write!(
        tete,
        "</office:automatic-styles><office:body><office:spreadsheet><table:table table:name=\"{}\">",
        xml(feuille)
    );
    for rang in 0..colonnes.len() {
        let _ = write!(tete, "<table:table-column table:style-name=\"co{rang}\"/>");
    }
    tete.push_str("<table:table-header-rows><table:table-row>");
    for colonne in colonnes {
        tete.push_str("<table:table-cell table:style-name=\"entete\" office:value-type=\"string\">");
        paragraphes(&mut tete, &colonne.nom);
        tete.push_str("</table:table-cell>");
    }
    tete.push_str("</table:table-row></table:table-header-rows>");
    tete
}

fn cellule(out: &mut String, valeur: &Valeur) {
    let (attributs, texte) = match valeur {
        Valeur::Texte(texte) if !texte.is_empty() => ("office:value-type=\"string\"".to_owned(), texte.clone()),
        Valeur::Entier(nombre) if nombre.unsigned_abs() < 10_u64.pow(15) => nombre_de(&nombre.to_string()),
        Valeur::Entier(nombre) => ("office:value-type=\"string\"".to_owned(), nombre.to_string()),
        Valeur::Reel(nombre) if nombre.is_finite() => nombre_de(&nombre.to_string()),
        Valeur::Decimal(exact) if exact.reel().is_some() => nombre_de(exact.as_str()),
        Valeur::Decimal(exact) => ("office:value-type=\"string\"".to_owned(), exact.to_string()),
        Valeur::Booleen(vrai) => (
            format!("office:value-type=\"boolean\" office:boolean-value=\"{vrai}\""),
            if *vrai { "VRAI" } else { "FAUX" }.to_owned(),
        ),
        Valeur::Date(date) => (
            format!("table:style-name=\"jour\" office:value-type=\"date\" office:date-value=\"{date}\""),
            date.to_string(),
        ),
        Valeur::Instant(instant) => {
            let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]");
            let local = instant.format(format).unwrap_or_default();
            (format!("table:style-name=\"instant\" office:value-type=\"date\" office:date-value=\"{local}\""), local)
        }
        Valeur::Vide | Valeur::Reel(_) | Valeur::Texte(_) => {
            out.push_str("<table:table-cell/>");
            return;
        }
    };
    // Writing to a string does not fail.
    let _ = write!(out, "<table:table-cell {attributs}>");
    paragraphes(out, &texte);
    out.push_str("</table:table-cell>");
}

fn nombre_de(texte: &str) -> (String, String) {
    (format!("office:value-type=\"float\" office:value=\"{texte}\""), texte.replace('.', ","))
}

/// A paragraph a line; blanks that XML would lose have elements of their own.
fn paragraphes(out: &mut String, texte: &str) {
    for ligne in texte.split('\n') {
        out.push_str("<text:p>");
        let mut avant = ' ';
        for (at, caractere) in ligne.char_indices() {
            match caractere {
                ' ' if avant == ' ' || at + 1 == ligne.len() => out.push_str("<text:s/>"),
                '\t' => out.push_str("<text:tab/>"),
                caractere if interdit(caractere) => out.push('\u{fffd}'),
                caractere => out.push_str(&xml(caractere.encode_utf8(&mut [0; 4]))),
            }
            avant = caractere;
        }
        out.push_str("</text:p>");
    }
}

/// The letters of the last of so many columns.
fn lettres(colonnes: usize) -> String {
    let mut lettres = String::new();
    let mut reste = colonnes.max(1);
    while let Some(rang) = reste.checked_sub(1) {
        lettres.insert(0, char::from(b'A' + u8::try_from(rang % 26).unwrap_or(0)));
        reste = rang / 26;
    }
    lettres
}
