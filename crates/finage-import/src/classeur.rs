//! A file that was recognised: its sheets, their columns, and their rows as a stream.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use crate::archive::Archive;
use crate::convertir::ecrit;
use crate::csv::Csv;
use crate::dump::Dump;
use crate::error::{Cause, ImportError, LigneError};
use crate::geojson::GeoJson;
use crate::gpkg::Gpkg;
use crate::reconnaitre::{Format, Reconnu, reconnait};
use crate::shp::Shp;
use crate::tableur::{Ods, Xlsx};
use crate::{Cellule, Genre, Ligne, Options, convertir};

/// Rows that are read to guess what columns hold.
const ECHANTILLON: usize = 200;
/// Examples of a column.
const EXEMPLES: usize = 5;
/// Characters of an example.
const LONGUEUR: usize = 80;
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

/// Sheets of formats that know lines of cells: one of them, or none, names the columns.
fn grilles<'a>(
    noms: impl Iterator<Item = &'a str>,
    source: &dyn Source,
    options: &Options,
) -> Result<Vec<Esquisse>, ImportError> {
    let grille = |(rang, nom): (usize, &str)| {
        let colonnes = entete(source, rang, options).map_err(|erreur| erreur.feuille(nom))?;
        Ok(Esquisse { nom: nom.to_owned(), colonnes, lignes: None, geometrie: None })
    };
    noms.enumerate().map(grille).collect()
}

fn entete(source: &dyn Source, feuille: usize, options: &Options) -> Result<Vec<(String, Option<Genre>)>, ImportError> {
    let mut lignes = source.lignes(feuille)?;
    let mut titres: Vec<Cellule> = Vec::new();
    match options.entete {
        Some(entete) => {
            for ligne in lignes {
                let ligne = ligne?;
                if ligne.numero >= entete && ligne.valeurs.iter().any(pleine) {
                    // A spreadsheet that opens with blank lines has its names behind them.
                    titres = ligne.valeurs;
                    break;
                }
            }
        }
        None => {
            let largeur =
                lignes.by_ref().take(ECHANTILLON).flatten().map(|ligne| ligne.valeurs.len()).max().unwrap_or(0);
            titres.resize(largeur, Cellule::Vide);
        }
    }
    if options.entete.is_some() {
        let largeur = titres.iter().rposition(pleine).map_or(0, |rang| rang + 1);
        titres.truncate(largeur);
    }
    if titres.len() > options.limites.colonnes {
        let limite = options.limites.colonnes as u64;
        return Err(Cause::TropGros { quoi: "le nombre de colonnes", limite }.into());
    }
    Ok(titres.iter().map(|titre| (ecrit(titre), None)).collect())
}

fn pleine(cellule: &Cellule) -> bool {
    match cellule {
        Cellule::Vide => false,
        Cellule::Texte(texte) => !texte.trim().is_empty(),
        _ => true,
    }
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
            // Texte until a sample tells more; what the format says stands.
            colonnes.push((Colonne { nom: unique, genre: genre.unwrap_or(Genre::Texte), exemples: Vec::new() }, genre));
        }
        let colonnes = colonnes.into_iter().map(|(colonne, _)| colonne).collect();
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
        Ok(Lignes {
            brutes,
            fichier: self.fichier.clone(),
            feuille: decrite.nom.clone(),
            colonnes: decrite.colonnes.iter().map(|colonne| colonne.nom.clone()).collect(),
            entete: decrite.entete,
            titres: decrite.entete > 0,
            lues: 0,
            options: self.options.clone(),
            fini: false,
        })
    }

    /// Looks at the first rows of a sheet: what its columns hold.
    fn goute(&mut self, feuille: usize) -> Result<(), ImportError> {
        let devine = !matches!(self.format, Format::GeoPackage | Format::Shapefile);
        let mut lignes = Vec::new();
        let mut fautes = 0;
        for ligne in self.lire(feuille)? {
            match ligne {
                Ok(ligne) => lignes.push(ligne),
                Err(erreur) if erreur.est_fatale() && lignes.is_empty() => return Err(erreur),
                // What is wrong further on is said when it is read.
                Err(erreur) if erreur.est_fatale() || fautes == FAUTES => break,
                Err(_) => fautes += 1,
            }
            if lignes.len() == ECHANTILLON {
                break;
            }
        }
        let Some(feuille) = self.feuilles.get_mut(feuille) else { return Ok(()) };
        for (rang, colonne) in feuille.colonnes.iter_mut().enumerate() {
            let cellules =
                || lignes.iter().filter_map(|ligne| ligne.valeurs.get(rang)).filter(|cellule| pleine(cellule));
            if devine && colonne.genre == Genre::Texte {
                colonne.genre = genre(cellules());
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

/// What all these cells may be; text when they agree on nothing else.
fn genre<'a>(cellules: impl Iterator<Item = &'a Cellule> + Clone) -> Genre {
    if cellules.clone().next().is_none() {
        return Genre::Texte;
    }
    let code = |cellule: &Cellule| matches!(cellule, Cellule::Texte(texte) if est_un_code(texte.trim()));
    if cellules.clone().any(code) {
        return Genre::Texte;
    }
    let mot = |cellule: &Cellule| match cellule {
        Cellule::Booleen(_) => true,
        Cellule::Texte(texte) => texte.trim().len() > 1,
        _ => false,
    };
    [Genre::Entier, Genre::Decimal, Genre::Date, Genre::Instant, Genre::Booleen]
        .into_iter()
        .filter(|genre| *genre != Genre::Booleen || cellules.clone().any(mot))
        .find(|genre| cellules.clone().all(|cellule| de_ce_genre(cellule, *genre)))
        .unwrap_or(Genre::Texte)
}

fn de_ce_genre(cellule: &Cellule, genre: Genre) -> bool {
    // A number is a date only where the file says so.
    let nombre = match cellule {
        Cellule::Nombre(_) => true,
        Cellule::Texte(texte) => texte.trim().bytes().all(|octet| octet.is_ascii_digit()),
        _ => false,
    };
    !(nombre && matches!(genre, Genre::Date | Genre::Instant)) && convertir(cellule, genre).is_ok()
}

/// « 01234 » loses its zero when it becomes a number, and « 0612345678 » its sense.
fn est_un_code(texte: &str) -> bool {
    texte.len() > 1 && texte.starts_with('0') && texte.bytes().all(|octet| octet.is_ascii_digit() || octet == b' ')
}

/// The rows of a sheet.
pub struct Lignes {
    brutes: Brutes,
    fichier: String,
    feuille: String,
    colonnes: Vec<String>,
    entete: u64,
    /// Whether the line of names is still to come.
    titres: bool,
    lues: u64,
    options: Options,
    fini: bool,
}

impl Lignes {
    /// The row in as many cells as there are columns; `None` when it holds nothing.
    fn taille(&mut self, mut ligne: Ligne) -> Result<Option<Ligne>, LigneError> {
        let limites = &self.options.limites;
        let donnees = ligne.valeurs.iter().rposition(pleine).map_or(0, |rang| rang + 1);
        if donnees == 0 && ligne.geometrie.is_none() && self.options_de_grille() {
            return Ok(None);
        }
        self.lues += 1;
        if self.lues > limites.lignes {
            let trop = Cause::TropGros { quoi: "le nombre de lignes", limite: limites.lignes };
            return Err(ImportError::from(trop).ligne(ligne.numero));
        }
        if donnees > self.colonnes.len() {
            let cause = Cause::Largeur { donnees, attendues: self.colonnes.len() };
            return Err(ImportError::from(cause).ligne(ligne.numero));
        }
        ligne.valeurs.resize(self.colonnes.len(), Cellule::Vide);
        if let Some(rang) = ligne.valeurs.iter().position(|cellule| cellule.octets() > limites.cellule) {
            let trop = Cause::TropGros { quoi: "une cellule", limite: limites.cellule as u64 };
            let colonne = self.colonnes.get(rang).map_or("", String::as_str);
            return Err(ImportError::from(trop).ligne(ligne.numero).colonne(colonne));
        }
        Ok(Some(ligne))
    }

    /// Formats with lines of names have blank lines too.
    fn options_de_grille(&self) -> bool {
        self.entete > 0 || self.options.entete.is_none()
    }
}

impl Iterator for Lignes {
    type Item = Result<Ligne, LigneError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.fini {
            let lue = match self.brutes.next()? {
                Ok(ligne) if self.titres => {
                    self.titres = ligne.numero < self.entete || !ligne.valeurs.iter().any(pleine);
                    continue;
                }
                Ok(ligne) => self.taille(ligne),
                Err(erreur) => Err(erreur),
            };
            let lue = lue.map_err(|erreur| erreur.fichier(&self.fichier).feuille(&self.feuille)).transpose();
            let Some(lue) = lue else { continue };
            self.fini = lue.as_ref().is_err_and(ImportError::est_fatale);
            return Some(lue);
        }
        None
    }
}

impl fmt::Debug for Lignes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lignes").field("feuille", &self.feuille).field("lues", &self.lues).finish_non_exhaustive()
    }
}
