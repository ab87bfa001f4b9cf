//! The header: which column is where, under whatever spelling.

use std::fmt;

use finage_reference::normalise;

use crate::anomalie::quoted;
use crate::{FileError, Limits};

macro_rules! colonnes {
    ($($variant:ident = $name:literal $(| $alias:literal)*;)*) => {
        /// A column of the standard.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Colonne {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Colonne {
            /// The standard's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The column that a spelling names, or a known alias of it.
            fn of(spelling: &str) -> Option<Self> {
                match spelling { $($name $(| $alias)* => Some(Self::$variant),)* _ => None }
            }
        }

        const COUNT: usize = [$($name),*].len();
    };
}

// Aliases: names cut to ten characters by shapefiles, and those seen in published files.
colonnes! {
    CleInterop = "cle_interop" | "cle_intero" | "cle_interro" | "cle_interoperabilite" | "id";
    UidAdresse = "uid_adresse" | "uid_adress";
    IdBanCommune = "id_ban_commune" | "id_ban_com" | "banid_commune";
    IdBanToponyme = "id_ban_toponyme" | "id_ban_top" | "banid_toponyme";
    IdBanAdresse = "id_ban_adresse" | "id_ban_adr" | "banid_adresse";
    VoieNom = "voie_nom" | "nom_voie" | "toponyme";
    LieuditComplementNom = "lieudit_complement_nom" | "lieudit_co" | "lieu_dit_complement_nom";
    Numero = "numero" | "nulmero" | "num";
    Suffixe = "suffixe" | "rep" | "suffix";
    CommuneInsee = "commune_insee" | "commune_in" | "code_insee" | "insee_commune" | "insee";
    CommuneNom = "commune_nom" | "commune_no" | "nom_commune" | "commune";
    CommuneDelegueeInsee = "commune_deleguee_insee" | "code_insee_ancienne_commune";
    CommuneDelegueeNom = "commune_deleguee_nom" | "nom_ancienne_commune";
    Position = "position" | "type_position" | "pos";
    X = "x" | "x_l93";
    Y = "y" | "y_l93";
    Long = "long" | "lon" | "lng" | "longitude" | "long_wgs84" | "lon_wgs84";
    Lat = "lat" | "latitude" | "lat_wgs84";
    CadParcelles = "cad_parcelles" | "cad_parcel" | "parcelles";
    Source = "source";
    DateDerMaj = "date_der_maj" | "date_der_m" | "dmaj" | "date_maj";
    CertificationCommune = "certification_commune" | "certification_adresse" | "certificat";
}

impl fmt::Display for Colonne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The place of each column.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    places: [Option<usize>; COUNT],
    /// Columns in regional languages: standard column, language, place.
    pub languages: Vec<(Colonne, String, usize)>,
    /// Columns that are no part of the standard.
    pub unknown: Vec<String>,
    /// Number of fields.
    pub width: usize,
    /// Whether the street's name stands under `toponyme` (since 1.5).
    toponyme: bool,
    /// Columns that stand under the standard's name.
    exact: Vec<Colonne>,
}

impl Header {
    /// Reads the header's fields.
    pub(crate) fn read<'a>(
        file: &str,
        fields: impl Iterator<Item = &'a str>,
        limits: &Limits,
    ) -> Result<Self, FileError> {
        let mut header = Self {
            places: [None; COUNT],
            languages: Vec::new(),
            unknown: Vec::new(),
            width: 0,
            toponyme: false,
            exact: Vec::new(),
        };
        let mut names = Vec::new();
        for (place, raw) in fields.enumerate() {
            if place >= limits.max_columns {
                let limit = limits.max_columns as u64;
                return Err(FileError::TooBig { file: file.to_owned(), what: "le nombre de colonnes", limit });
            }
            header.width = place + 1;
            names.push(quoted(raw.trim()));
            header.place(file, raw, place)?;
        }
        header.check(file, &names)?;
        Ok(header)
    }

    fn place(&mut self, file: &str, raw: &str, place: usize) -> Result<(), FileError> {
        let spelling = normalise(raw).replace(' ', "_");
        let Some(colonne) = Colonne::of(&spelling) else {
            match spelling.rsplit_once('_').and_then(|(name, language)| Some((Colonne::of(name)?, language))) {
                Some((colonne, language)) if language.len() == 3 => {
                    self.languages.push((colonne, language.to_owned(), place));
                }
                _ if spelling.is_empty() => {}
                _ => self.unknown.push(quoted(raw.trim())),
            }
            return Ok(());
        };
        self.toponyme |= spelling == "toponyme";
        let exact = spelling == colonne.name();
        let slot = &mut self.places[colonne as usize];
        match slot {
            None => *slot = Some(place),
            // The standard's name wins over an alias of it; between aliases, the first.
            Some(_) if exact && !self.exact.contains(&colonne) => *slot = Some(place),
            Some(_) if exact => {
                let column = colonne.name().to_owned();
                return Err(FileError::DuplicateColumn { file: file.to_owned(), column });
            }
            Some(_) => self.unknown.push(quoted(raw.trim())),
        }
        if exact {
            self.exact.push(colonne);
        }
        Ok(())
    }

    /// Refuses a header without what an address can't do without.
    fn check(&self, file: &str, names: &[String]) -> Result<(), FileError> {
        use Colonne::{CleInterop, CommuneInsee, Lat, Long, Numero, VoieNom, X, Y};
        let mut missing = Vec::new();
        if !self.has(VoieNom) {
            missing.push("voie_nom (ou toponyme)");
        }
        if !self.has(Numero) {
            missing.push("numero");
        }
        if !self.has(CommuneInsee) && !self.has(CleInterop) {
            missing.push("commune_insee (ou cle_interop)");
        }
        let degrees = self.has(Long) && self.has(Lat);
        let metres = self.has(X) && self.has(Y);
        if !degrees && !metres {
            missing.push("long et lat (ou x et y)");
        }
        if missing.is_empty() {
            return Ok(());
        }
        let found: String = names.join(";").chars().take(200).collect();
        Err(FileError::Header { file: file.to_owned(), missing: missing.join(", "), found })
    }

    /// Whether the column is there.
    pub(crate) fn has(&self, colonne: Colonne) -> bool {
        self.places[colonne as usize].is_some()
    }

    /// The place of the column in a row.
    pub(crate) fn index(&self, colonne: Colonne) -> Option<usize> {
        self.places[colonne as usize]
    }

    /// The lowest version of the standard that has these columns.
    pub(crate) fn version(&self) -> &'static str {
        if self.toponyme {
            "1.5"
        } else if self.has(Colonne::IdBanAdresse) || self.has(Colonne::IdBanCommune) {
            "1.4"
        } else if self.has(Colonne::CertificationCommune) {
            "1.3"
        } else if self.has(Colonne::CommuneInsee) || self.has(Colonne::CadParcelles) {
            "1.2"
        } else {
            "1.1"
        }
    }
}

/// The delimiter of the header's line: the likeliest of `;` `,` tab and `|`, quotes looked over.
pub(crate) fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut counts = [(b';', 0_usize), (b',', 0), (b'\t', 0), (b'|', 0)];
    let mut within_quotes = false;
    for byte in line.bytes() {
        within_quotes ^= byte == b'"';
        if !within_quotes {
            for (delimiter, count) in &mut counts {
                *count += usize::from(*delimiter == byte);
            }
        }
    }
    // The first of equals: the standard's own comes first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Result<Header, FileError> {
        let delimiter = char::from(delimiter(line));
        Header::read("bal.csv", line.split(delimiter), &Limits::default())
    }

    #[test]
    fn spellings_and_aliases_are_known() {
        let header =
            header(" Cle_Interop ,COMMUNE INSEE,Voie_Nom,voie_nom_bre,Numéro,lon,lat,x_l93,y_l93,mon_champ").unwrap();
        assert_eq!(header.index(Colonne::VoieNom), Some(2));
        assert_eq!(header.index(Colonne::Long), Some(5));
        assert_eq!(header.languages, [(Colonne::VoieNom, "bre".to_owned(), 3)]);
        assert_eq!(header.unknown, ["mon_champ"]);
        assert_eq!(header.version(), "1.2");
    }

    #[test]
    fn the_standard_name_wins_over_its_alias() {
        for line in ["num;numero;voie_nom;insee;x;y", "toponyme;numero;insee;num;x;y"] {
            let header = header(line).unwrap();
            assert_eq!(header.index(Colonne::Numero), Some(1), "{line}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let error = header("gml_id,cli").unwrap_err().to_string();
        for said in ["bal.csv", "voie_nom (ou toponyme), numero, commune_insee", "« gml_id;cli »"] {
            assert!(error.contains(said), "{error}");
        }
        assert!(matches!(header("numero;numero;voie_nom;cle_interop;x;y"), Err(FileError::DuplicateColumn { .. })));
    }

    #[test]
    fn the_delimiter_is_found() {
        for (line, expected) in
            [("a;b,c;d", b';'), ("a,b", b','), ("a\tb\tc", b'\t'), ("\"a;b;c\",d", b','), ("", b';')]
        {
            assert_eq!(delimiter(line), expected, "{line}");
        }
    }
}
