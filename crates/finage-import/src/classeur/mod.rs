//! A file that was recognised: its sheets, their columns, and their rows as a stream.

mod deviner;
mod grille;
mod lignes;
mod memoire;

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use crate::archive::Archive;
use crate::convertir::ecrit;
use crate::csv::Csv;
use crate::dump::Dump;
use crate::dxf::Dxf;
use crate::error::{Cause, ImportError};
use crate::geojson::GeoJson;
use crate::gpkg::Gpkg;
use crate::reconnaitre::{Format, Reconnu, reconnait};
use crate::shp::Shp;
use crate::tableur::{Ods, Xlsx};
use crate::{Cellule, Genre, Ligne, Options};
use grille::{grilles, pleine};
pub use lignes::Lignes;

/// Rows that are read to guess what columns hold.
const ECHANTILLON: usize = 200;
/// Examples of a column.
const EXEMPLES: usize = 5;
/// Characters of an example.
const LONGUEUR: usize = 80;
/// Bytes of the rows that are read to guess.
const OCTETS: usize = 16 << 20;
/// Faulty rows that the sample passes over.
const FAUTES: usize = 1_000;

/// An open file.
pub struct Classeur {
    /// What it is.
    pub format: Format,
    /// What is in it.
    pub feuilles: Vec<Feuille>,
    fichier: String,
    options: Options,
    source: Box<dyn Source>,
}

/// A sheet, a layer or a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Feuille {
    /// Its name; that of the file when the format has none.
    pub nom: String,
    /// Its columns.
    pub colonnes: Vec<Colonne>,
    /// How many rows it has, where the format tells.
    pub lignes: Option<u64>,
    /// What its geometries are, when it has some.
    pub geometrie: Option<GeometrieDe>,
    /// Line of the names of its columns.
    entete: u64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colonne {
    /// Its name, unique in the sheet.
    pub nom: String,
    /// What the format says it holds, or what its first rows let guess.
    pub genre: Genre,
    /// Some of its values, as people read them.
    pub exemples: Vec<String>,
    /// Whether the format says what it holds.
    dite: bool,
}

/// The geometries of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeometrieDe {
    /// EPSG code of their system; whoever imports must be asked when it is unknown.
    pub srid: Option<u32>,
    /// `POINT`, `MULTIPOLYGON`…; `GEOMETRY` for any.
    pub genre: String,
}

/// A sheet as its format describes it.
pub(crate) struct Esquisse {
    pub(crate) nom: String,
    pub(crate) colonnes: Vec<(String, Option<Genre>)>,
    pub(crate) lignes: Option<u64>,
    pub(crate) geometrie: Option<GeometrieDe>,
}

/// Rows as a format gives them.
pub(crate) type Brutes = Box<dyn Iterator<Item = Result<Ligne, ImportError>> + Send>;

/// A format.
pub(crate) trait Source: Send + Sync {
    /// The rows of a sheet, from its first.
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError>;
}

/// Opens a file: `nom` is what its owner calls it.
///
/// # Errors
/// A file that is too big, of a format that is not read, or broken.
pub fn ouvrir(path: &Path, nom: &str, options: &Options) -> Result<Classeur, ImportError> {
    ouvre(path, nom, options).map_err(|erreur| erreur.fichier(nom))
}

fn ouvre(path: &Path, nom: &str, options: &Options) -> Result<Classeur, ImportError> {
    let limites = &options.limites;
    if std::fs::metadata(path)?.len() > limites.octets {
        return Err(Cause::TropGros { quoi: "la taille en octets du fichier", limite: limites.octets }.into());
    }
    let radical = nom.rsplit_once('.').map_or(nom, |(radical, _)| radical);
    let (format, source, esquisses): (Format, Box<dyn Source>, Vec<Esquisse>) = match reconnait(path, nom)? {
        Reconnu::Format(Format::GeoPackage) => {
            let gpkg = Gpkg::ouvrir(path, limites)?;
            let esquisses = gpkg.esquisses();
            (Format::GeoPackage, Box::new(gpkg), esquisses)
        }
        Reconnu::Format(Format::GeoJson) => {
            let geojson = GeoJson::ouvrir(path, radical, limites)?;
            let esquisses = geojson.esquisses();
            (Format::GeoJson, Box::new(geojson), esquisses)
        }
        Reconnu::Format(Format::Dxf) => {
            let dxf = Dxf::ouvrir(path, limites)?;
            let esquisses = dxf.esquisses();
            (Format::Dxf, Box::new(dxf), esquisses)
        }
        Reconnu::Format(Format::Dump) => {
            let dump = Dump::ouvrir(path, limites)?;
            let esquisses = dump.esquisses();
            (Format::Dump, Box::new(dump), esquisses)
        }
        Reconnu::Format(_) => {
            let csv = Csv::ouvrir(path, options)?;
            let esquisses = grilles(std::iter::once(radical), &csv, options)?;
            (Format::Csv, Box::new(csv), esquisses)
        }
        Reconnu::Archive => archive(Archive::ouvrir(path, limites)?, options)?,
    };
    let mut classeur =
        Classeur { format, feuilles: Vec::new(), fichier: nom.to_owned(), options: options.clone(), source };
    let entete =
        if matches!(format, Format::Csv | Format::Xlsx | Format::Ods) { options.entete.unwrap_or(0) } else { 0 };
    classeur.feuilles = esquisses.into_iter().map(|esquisse| Feuille::de(esquisse, entete)).collect();
    if classeur.feuilles.is_empty() {
        return Err(Cause::Vide.into());
    }
    for rang in 0..classeur.feuilles.len() {
        classeur.goute(rang)?;
    }
    Ok(classeur)
}

type Ouvert = (Format, Box<dyn Source>, Vec<Esquisse>);

fn archive(archive: Archive, options: &Options) -> Result<Ouvert, ImportError> {
    let limites = &options.limites;
    if archive.contient("[Content_Types].xml") && archive.noms().any(|nom| nom.ends_with("workbook.xml")) {
        let xlsx = Xlsx::ouvrir(archive, limites)?;
        let esquisses = grilles(xlsx.noms(), &xlsx, options)?;
        return Ok((Format::Xlsx, Box::new(xlsx), esquisses));
    }
    if archive.contient("content.xml") {
        let ods = Ods::ouvrir(archive, limites)?;
        let esquisses = grilles(ods.noms(), &ods, options)?;
        return Ok((Format::Ods, Box::new(ods), esquisses));
    }
    if Shp::contient(&archive) {
        let shp = Shp::ouvrir(archive, limites)?;
        let esquisses = shp.esquisses();
        return Ok((Format::Shapefile, Box::new(shp), esquisses));
    }
    Err(Cause::Format("l'archive ZIP ne contient ni classeur XLSX ou ODS, ni Shapefile").into())
}

impl Feuille {
    fn de(esquisse: Esquisse, entete: u64) -> Self {
        let mut pris = HashSet::new();
        let mut colonnes = Vec::with_capacity(esquisse.colonnes.len());
        for (rang, (nom, genre)) in esquisse.colonnes.into_iter().enumerate() {
            let propre: String = nom.split_whitespace().collect::<Vec<_>>().join(" ");
            let propre = if propre.is_empty() { format!("colonne_{}", rang + 1) } else { propre };
            let mut unique = propre.clone();
            let mut suite = 2;
            while !pris.insert(unique.clone()) {
                unique = format!("{propre} ({suite})");
                suite += 1;
            }
            // Text until a sample tells more; what the format says stands.
            let (dite, genre) = (genre.is_some(), genre.unwrap_or(Genre::Texte));
            colonnes.push(Colonne { nom: unique, genre, exemples: Vec::new(), dite });
        }
        Self { nom: esquisse.nom, colonnes, lignes: esquisse.lignes, geometrie: esquisse.geometrie, entete }
    }
}

impl Classeur {
    /// The rows of a sheet. A row that is refused is an error of its own, and the next ones follow, unless it is
    /// [fatal](ImportError::est_fatale).
    ///
    /// # Errors
    /// A sheet that is not there, or a file that can no longer be read.
    pub fn lire(&self, feuille: usize) -> Result<Lignes, ImportError> {
        let brutes = self.source.lignes(feuille).map_err(|erreur| erreur.fichier(&self.fichier))?;
        let decrite = self
            .feuilles
            .get(feuille)
            .ok_or_else(|| ImportError::from(Cause::Feuille(feuille)).fichier(&self.fichier))?;
        Ok(Lignes::new(brutes, &self.fichier, decrite, &self.options))
    }

    /// Looks at the first rows of a sheet: what its columns hold.
    fn goute(&mut self, feuille: usize) -> Result<(), ImportError> {
        let mut lignes = Vec::new();
        let (mut fautes, mut octets) = (0, 0);
        for ligne in self.lire(feuille)? {
            match ligne {
                Ok(mut ligne) => {
                    ligne.geometrie = None;
                    octets += ligne.valeurs.iter().map(Cellule::octets).sum::<usize>();
                    lignes.push(ligne);
                }
                Err(erreur) if erreur.est_fatale() && lignes.is_empty() => return Err(erreur),
                // What is wrong further on is said when it is read.
                Err(erreur) if erreur.est_fatale() || fautes == FAUTES => break,
                Err(_) => fautes += 1,
            }
            if lignes.len() == ECHANTILLON || octets > OCTETS {
                break;
            }
        }
        let Some(feuille) = self.feuilles.get_mut(feuille) else { return Ok(()) };
        for (rang, colonne) in feuille.colonnes.iter_mut().enumerate() {
            let cellules =
                || lignes.iter().filter_map(|ligne| ligne.valeurs.get(rang)).filter(|cellule| pleine(cellule));
            if !colonne.dite {
                colonne.genre = deviner::genre(&cellules());
            }
            for cellule in cellules() {
                let exemple: String = ecrit(cellule).chars().take(LONGUEUR).collect();
                if !colonne.exemples.contains(&exemple) {
                    colonne.exemples.push(exemple);
                }
                if colonne.exemples.len() == EXEMPLES {
                    break;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Classeur {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Classeur")
            .field("format", &self.format)
            .field("feuilles", &self.feuilles)
            .finish_non_exhaustive()
    }
}
