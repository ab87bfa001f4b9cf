//! Kinds of files taken: what agents join to a sheet (photographs, plans, letters, tables), and nothing a browser or an
//! office program would run.
//!
//! Neither SVG nor HTML, which carry scripts; no document with macros; no archive, whose content nobody sees.

use super::FichierError;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Genre {
    /// Extension of its names.
    pub extension: &'static str,
    /// Media type under which it is served.
    pub media: &'static str,
    signature: Signature,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signature {
    /// Bytes at the beginning.
    Debut(&'static [u8]),
    /// `RIFF`, a length, `WEBP`.
    Webp,
    /// A ZIP whose first entry is `mimetype`, with this content.
    OpenDocument(&'static [u8]),
    /// A ZIP with this entry, and no macro.
    Office(&'static [u8]),
    /// Letters, in UTF-8 or in one byte each.
    Texte,
}

/// Kinds, by extension.
const GENRES: [Genre; 11] = [
    Genre { extension: "pdf", media: "application/pdf", signature: Signature::Debut(b"%PDF-") },
    Genre { extension: "png", media: "image/png", signature: Signature::Debut(b"\x89PNG\r\n\x1a\n") },
    Genre { extension: "jpg", media: "image/jpeg", signature: Signature::Debut(b"\xff\xd8\xff") },
    Genre { extension: "jpeg", media: "image/jpeg", signature: Signature::Debut(b"\xff\xd8\xff") },
    Genre { extension: "webp", media: "image/webp", signature: Signature::Webp },
    Genre { extension: "csv", media: "text/csv", signature: Signature::Texte },
    Genre { extension: "txt", media: "text/plain", signature: Signature::Texte },
    Genre {
        extension: "odt",
        media: "application/vnd.oasis.opendocument.text",
        signature: Signature::OpenDocument(b"application/vnd.oasis.opendocument.text"),
    },
    Genre {
        extension: "ods",
        media: "application/vnd.oasis.opendocument.spreadsheet",
        signature: Signature::OpenDocument(b"application/vnd.oasis.opendocument.spreadsheet"),
    },
    Genre {
        extension: "docx",
        media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        signature: Signature::Office(b"word/document.xml"),
    },
    Genre {
        extension: "xlsx",
        media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        signature: Signature::Office(b"xl/workbook.xml"),
    },
];

/// Extensions taken, as people read them.
pub const EXTENSIONS: [&str; 11] = ["pdf", "png", "jpg", "jpeg", "webp", "csv", "txt", "odt", "ods", "docx", "xlsx"];

impl Genre {
    /// The kind that the name says, once the content was found to be of it.
    ///
    /// # Errors
    /// A kind that is not taken, or a content of another.
    pub fn reconnu(nom: &str, octets: &[u8]) -> Result<Self, FichierError> {
        let extension = nom.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let genre = extension.and_then(|extension| GENRES.into_iter().find(|genre| genre.extension == extension));
        let genre = genre.ok_or(FichierError::Genre)?;
        if genre.signature.porte(octets) { Ok(genre) } else { Err(FichierError::Contenu(genre.extension)) }
    }
}

impl Signature {
    fn porte(self, octets: &[u8]) -> bool {
        match self {
            Self::Debut(debut) => octets.starts_with(debut),
            Self::Webp => octets.starts_with(b"RIFF") && octets.get(8..12) == Some(b"WEBP"),
            Self::OpenDocument(media) => {
                // The local header of a first entry « mimetype », without extra field, stored as it is.
                let apres = octets.get(38..).unwrap_or_default();
                octets.starts_with(b"PK\x03\x04")
                    && octets.get(30..38) == Some(b"mimetype")
                    && apres.starts_with(media)
                    && apres.get(media.len()..).is_none_or(|suite| suite.first().is_none_or(|o| *o == b'P'))
            }
            // Names of entries stand in clear.
            Self::Office(entree) => {
                octets.starts_with(b"PK\x03\x04") && contient(octets, entree) && !contient(octets, b"vbaProject.bin")
            }
            Self::Texte => octets.iter().all(|octet| *octet >= 0x20 || matches!(octet, b'\t' | b'\r' | b'\n' | 0x0c)),
        }
    }
}

fn contient(octets: &[u8], cherche: &[u8]) -> bool {
    octets.windows(cherche.len()).any(|fenetre| fenetre == cherche)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_its_name_and_its_content() {
        for (nom, octets) in [
            ("plan.PDF", &b"%PDF-1.7\n"[..]),
            ("photo.jpg", b"\xff\xd8\xff\xe0"),
            ("photo.webp", b"RIFF\0\0\0\0WEBPVP8 "),
            ("note.txt", "Déjà vu\r\n".as_bytes()),
            ("latin.csv", b"d\xe9j\xe0;vu\n"),
            ("lettre.odt", b"PK\x03\x04..........................mimetypeapplication/vnd.oasis.opendocument.textPK"),
            ("lettre.docx", b"PK\x03\x04 [Content_Types].xml word/document.xml"),
        ] {
            assert!(Genre::reconnu(nom, octets).is_ok(), "{nom}");
        }
    }

    #[test]
    fn what_lies_or_runs_is_refused() {
        for (nom, octets) in [
            ("page.html", &b"<script>"[..]),
            ("dessin.svg", b"<svg onload='x'/>"),
            ("archive.zip", b"PK\x03\x04"),
            ("sans-extension", b"abc"),
            ("plan.pdf", b"<html>%PDF-"),
            ("photo.png", b"\xff\xd8\xff"),
            ("note.txt", b"MZ\0\x01"),
            ("macro.docm", b"PK\x03\x04 word/document.xml"),
            ("macro.docx", b"PK\x03\x04 word/document.xml word/vbaProject.bin"),
            ("table.ods", b"PK\x03\x04..........................mimetypeapplication/vnd.oasis.opendocument.textPK"),
            ("a.pdf.exe", b"%PDF-"),
        ] {
            assert!(Genre::reconnu(nom, octets).is_err(), "{nom}");
        }
    }

    #[test]
    fn every_extension_is_told() {
        assert_eq!(GENRES.map(|genre| genre.extension), EXTENSIONS);
    }
}
