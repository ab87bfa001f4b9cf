//! The tables of an openCimetière database, read from a dump or from CSV files: texts as they stand, nothing executed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use finage_import::{Cellule, Classeur, Instant, Limites, Options, ewkb, ouvrir};

use super::OpenCimetiereError;
use super::archive;

/// Rows of all tables at most.
const MAX_LIGNES: usize = 2_000_000;
/// Files of a folder at most.
const MAX_FICHIERS: usize = 200;
/// Schemas in which tables are looked for first.
const SCHEMAS: [&str; 2] = ["opencimetiere", "public"];
/// Columns that hold a place, where the format does not say.
const GEOMETRIES: [&str; 2] = ["geom", "the_geom"];

/// Tables by name.
#[derive(Debug, Default)]
pub(super) struct Base {
    tables: BTreeMap<String, Table>,
}

/// A table.
#[derive(Debug, Default)]
pub(super) struct Table {
    colonnes: Vec<String>,
    rangees: Vec<Rangee>,
    /// Rows that cannot be read: their line, and why.
    pub(super) illisibles: Vec<(u64, String)>,
}

#[derive(Debug)]
struct Rangee {
    valeurs: Vec<String>,
    geometrie: Option<Vec<u8>>,
    /// Whether there is a place that no system tells.
    sans_systeme: bool,
}

/// A row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ligne<'a> {
    table: &'a Table,
    rangee: &'a Rangee,
}

/// How a database is read.
#[derive(Debug, Clone, Default)]
pub struct Lecture {
    /// Schema of its tables, where a dump has several.
    pub schema: Option<String>,
    /// EPSG code of its geometries, where they do not tell.
    pub srid: Option<u32>,
}

impl Base {
    /// Reads a dump of PostgreSQL (plain or custom), or a folder of CSV files named by their table.
    pub(super) fn lit(chemin: &Path, lecture: &Lecture, arrete: &dyn Fn() -> bool) -> Result<Self, OpenCimetiereError> {
        let base = if chemin.is_dir() {
            Self::du_dossier(chemin, lecture, arrete)?
        } else {
            let texte = archive::en_texte(chemin, arrete)?;
            Self::de_l_export(texte.as_ref().map_or(chemin, |texte| texte.path()), lecture, arrete)?
        };
        let connue = ["emplacement", "defunt"].iter().all(|nom| base.tables.contains_key(*nom));
        if connue { Ok(base) } else { Err(OpenCimetiereError::AutreBase) }
    }

    fn du_dossier(dossier: &Path, lecture: &Lecture, arrete: &dyn Fn() -> bool) -> Result<Self, OpenCimetiereError> {
        let mut fichiers: Vec<(String, PathBuf)> = Vec::new();
        for entree in std::fs::read_dir(dossier)? {
            let chemin = entree?.path();
            let csv = chemin.extension().is_some_and(|fin| fin.eq_ignore_ascii_case("csv"));
            if let Some(nom) = chemin.file_stem().and_then(|nom| nom.to_str()).filter(|_| csv && chemin.is_file()) {
                fichiers.push((nom.to_lowercase(), chemin.clone()));
            }
        }
        if fichiers.len() > MAX_FICHIERS {
            return Err(OpenCimetiereError::TropDeFichiers(MAX_FICHIERS));
        }
        fichiers.sort();
        let mut base = Self::default();
        for (nom, chemin) in fichiers {
            let classeur = ouvrir(&chemin, &format!("{nom}.csv"), &options())?;
            let table = base.table_de(&classeur, 0, lecture, arrete)?;
            base.tables.insert(nom, table);
        }
        Ok(base)
    }

    fn de_l_export(chemin: &Path, lecture: &Lecture, arrete: &dyn Fn() -> bool) -> Result<Self, OpenCimetiereError> {
        let classeur = ouvrir(chemin, "l'export.sql", &options())?;
        let mut choisies: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for (rang, feuille) in classeur.feuilles.iter().enumerate() {
            let (schema, nom) = feuille.nom.rsplit_once('.').unwrap_or(("public", &feuille.nom));
            let prefere = match &lecture.schema {
                Some(dit) if dit == schema => 0,
                Some(_) => continue,
                None => SCHEMAS.iter().position(|connu| *connu == schema).unwrap_or(SCHEMAS.len()),
            };
            let deja = choisies.get(nom).map(|(deja, _)| *deja);
            match deja {
                Some(deja) if deja == prefere => return Err(OpenCimetiereError::Schemas(nom.to_owned())),
                Some(deja) if deja < prefere => {}
                _ => {
                    choisies.insert(nom.to_lowercase(), (prefere, rang));
                }
            }
        }
        let mut base = Self::default();
        for (nom, (_, rang)) in choisies {
            let table = base.table_de(&classeur, rang, lecture, arrete)?;
            base.tables.insert(nom, table);
        }
        Ok(base)
    }

    fn table_de(
        &self,
        classeur: &Classeur,
        rang: usize,
        lecture: &Lecture,
        arrete: &dyn Fn() -> bool,
    ) -> Result<Table, OpenCimetiereError> {
        let deja: usize = self.tables.values().map(|table| table.rangees.len()).sum();
        let mut table = Table::default();
        if let Some(feuille) = classeur.feuilles.get(rang) {
            table.colonnes = feuille.colonnes.iter().map(|colonne| colonne.nom.to_lowercase()).collect();
        }
        for ligne in classeur.lire(rang)? {
            if arrete() {
                return Err(OpenCimetiereError::Interrompue);
            }
            if deja + table.rangees.len() + table.illisibles.len() >= MAX_LIGNES {
                return Err(OpenCimetiereError::TropDeLignes(MAX_LIGNES));
            }
            match ligne {
                Ok(ligne) => {
                    let valeurs = ligne.valeurs.iter().map(texte).collect();
                    table.ajoute(valeurs, ligne.geometrie, lecture.srid);
                }
                Err(erreur) if erreur.est_fatale() => return Err(erreur.into()),
                Err(erreur) => {
                    let motif = format!("{}. {}", erreur.cause, erreur.cause.remede());
                    table.illisibles.push((erreur.lieu.ligne.unwrap_or_default(), motif));
                }
            }
        }
        Ok(table)
    }

    /// The rows of a table; none where it is not there.
    pub(super) fn lignes(&self, nom: &str) -> impl Iterator<Item = Ligne<'_>> + Clone + use<'_> {
        let table = self.tables.get(nom);
        table.into_iter().flat_map(|table| table.rangees.iter().map(move |rangee| Ligne { table, rangee }))
    }

    /// Names of tables.
    pub(super) fn noms(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// A table.
    pub(super) fn table(&self, nom: &str) -> Option<&Table> {
        self.tables.get(nom)
    }
}

impl Table {
    /// Rows, those that cannot be read among them.
    pub(super) fn lues(&self) -> usize {
        self.rangees.len() + self.illisibles.len()
    }

    fn ajoute(&mut self, valeurs: Vec<String>, geometrie: Option<Vec<u8>>, srid: Option<u32>) {
        let dite = || {
            let rang = self.colonnes.iter().position(|nom| GEOMETRIES.contains(&nom.as_str()))?;
            hexadecimal(valeurs.get(rang)?)
        };
        let lue = geometrie.or_else(dite).and_then(|octets| ewkb(&octets, srid).ok());
        // The type word of EWKB, little endian, tells whether a system follows (PostGIS, « ZMSgeoms.txt »).
        let sans_systeme = lue.as_ref().is_some_and(|octets| octets.get(4).is_none_or(|octet| octet & 0x20 == 0));
        let geometrie = lue.filter(|_| !sans_systeme);
        self.rangees.push(Rangee { valeurs, geometrie, sans_systeme });
    }
}

impl<'a> Ligne<'a> {
    /// A value, without blanks around; empty where there is none.
    pub(super) fn lit(&self, colonne: &str) -> &'a str {
        let rang = self.table.colonnes.iter().position(|nom| nom == colonne);
        rang.and_then(|rang| self.rangee.valeurs.get(rang)).map_or("", |valeur| valeur.trim())
    }

    /// The first of these columns that says something.
    pub(super) fn premier(&self, colonnes: &[&str]) -> &'a str {
        colonnes.iter().map(|colonne| self.lit(colonne)).find(|texte| !texte.is_empty()).unwrap_or("")
    }

    /// Where it is: EWKB, with its system.
    pub(super) fn geometrie(&self) -> Option<Vec<u8>> {
        self.rangee.geometrie.clone()
    }

    /// Whether it has a place that no system tells.
    pub(super) fn sans_systeme(&self) -> bool {
        self.rangee.sans_systeme
    }
}

fn options() -> Options {
    let limites = Limites { octets: 8 << 30, lignes: MAX_LIGNES as u64, ..Limites::default() };
    Options { limites, ..Options::default() }
}

fn texte(cellule: &Cellule) -> String {
    match cellule {
        Cellule::Vide => String::new(),
        // PostgreSQL holds no NUL.
        Cellule::Texte(texte) | Cellule::Nombre(texte) => texte.replace('\0', " "),
        Cellule::Date(date) => date.to_string(),
        Cellule::Instant(Instant::Absolu(instant)) => instant.date().to_string(),
        Cellule::Instant(Instant::Local(local)) => local.date().to_string(),
        Cellule::Booleen(oui) => if *oui { "t" } else { "f" }.to_owned(),
    }
}

fn hexadecimal(texte: &str) -> Option<Vec<u8>> {
    let chiffre = |octet: u8| char::from(octet).to_digit(16).and_then(|chiffre| u8::try_from(chiffre).ok());
    let octets = texte.as_bytes();
    let paires = octets.chunks(2).map(|paire| match paire {
        [haut, bas] => Some(chiffre(*haut)? << 4 | chiffre(*bas)?),
        _ => None,
    });
    (!octets.is_empty()).then(|| paires.collect()).flatten()
}
