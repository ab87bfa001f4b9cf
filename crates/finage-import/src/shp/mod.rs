//! A Shapefile in a ZIP: for each layer its shapes (.shp), its table (.dbf), its system (.prj), its encoding (.cpg).

mod dbf;
mod formes;
mod prj;
mod surfaces;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::archive::{Archive, Entree};
use crate::classeur::{Brutes, Esquisse, GeometrieDe, Source};
use crate::error::{Cause, ImportError};
use crate::{Ligne, Limites};

/// Bytes of a .prj or .cpg.
const MAX_TEXTE: usize = 1 << 16;

/// An open archive of layers.
#[derive(Debug)]
pub(crate) struct Shp {
    archive: Archive,
    couches: Vec<Couche>,
    limites: Limites,
}

#[derive(Debug)]
struct Couche {
    nom: String,
    shp: String,
    dbf: Option<String>,
    table: dbf::Table,
    geometrie: GeometrieDe,
}

impl Shp {
    pub(crate) fn ouvrir(archive: Archive, limites: &Limites) -> Result<Self, ImportError> {
        let shp: Vec<String> = archive.noms().filter(|nom| est(nom, "shp")).map(str::to_owned).collect();
        if shp.len() > limites.feuilles {
            return Err(Cause::TropGros { quoi: "le nombre de couches", limite: limites.feuilles as u64 }.into());
        }
        let mut couches = Vec::new();
        for shp in shp {
            let nom = radical(&shp).rsplit('/').next().unwrap_or_default().to_owned();
            couches.push(couche(&archive, &shp, &nom, limites).map_err(|erreur| erreur.feuille(&nom))?);
        }
        Ok(Self { archive, couches, limites: limites.clone() })
    }

    pub(crate) fn contient(archive: &Archive) -> bool {
        archive.noms().any(|nom| est(nom, "shp"))
    }

    pub(crate) fn esquisses(&self) -> Vec<Esquisse> {
        let esquisse = |couche: &Couche| Esquisse {
            nom: couche.nom.clone(),
            colonnes: couche.table.champs.iter().map(|champ| (champ.nom.clone(), Some(champ.genre()))).collect(),
            lignes: couche.dbf.as_ref().map(|_| couche.table.lignes),
            geometrie: Some(couche.geometrie.clone()),
        };
        self.couches.iter().map(esquisse).collect()
    }
}

impl Source for Shp {
    fn lignes(&self, feuille: usize) -> Result<Brutes, ImportError> {
        let couche = self.couches.get(feuille).ok_or(Cause::Feuille(feuille))?;
        let formes = formes::Formes::new(self.archive.lire(&couche.shp)?, couche.geometrie.srid, &self.limites)?;
        let rangees = match &couche.dbf {
            Some(dbf) => Some(dbf::Rangees::new(self.archive.lire(dbf)?, &self.limites, couche.table.encodage)?),
            None => None,
        };
        Ok(Box::new(Paires { formes, rangees, numero: 0, fini: false }))
    }
}

/// The shape and the row of each object: both files have them in the same order.
struct Paires {
    formes: formes::Formes<Entree>,
    rangees: Option<dbf::Rangees<Entree>>,
    numero: u64,
    fini: bool,
}

impl Paires {
    fn paire(&mut self) -> Result<Option<Ligne>, ImportError> {
        loop {
            let Some(forme) = self.formes.next() else { return Ok(None) };
            self.numero += 1;
            let valeurs = match &mut self.rangees {
                None => Vec::new(),
                Some(rangees) => match rangees.suivante()? {
                    dbf::Rangee::Valeurs(valeurs) => valeurs,
                    dbf::Rangee::Effacee => continue,
                    dbf::Rangee::Fin => return Err(Cause::Tronque("le fichier .dbf").into()),
                },
            };
            return Ok(Some(Ligne { numero: self.numero, valeurs, geometrie: forme? }));
        }
    }
}

impl Iterator for Paires {
    type Item = Result<Ligne, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fini {
            return None;
        }
        let lue = self.paire().map_err(|erreur| erreur.ligne(self.numero)).transpose();
        self.fini = match &lue {
            None => true,
            Some(Err(erreur)) => erreur.est_fatale(),
            Some(Ok(_)) => false,
        };
        lue
    }
}

fn couche(archive: &Archive, shp: &str, nom: &str, limites: &Limites) -> Result<Couche, ImportError> {
    let voisin = |extension: &str| archive.noms().find(|autre| est(autre, extension) && radical(autre) == radical(shp));
    let texte = |extension: &str| match voisin(extension) {
        Some(nom) => archive.tout(nom, MAX_TEXTE).map(|octets| String::from_utf8_lossy(&octets).into_owned()),
        None => Ok(String::new()),
    };
    let encodage = texte("cpg")?;
    let dbf = voisin("dbf").map(str::to_owned);
    let table = match &dbf {
        Some(dbf) => dbf::Table::lire(&mut archive.lire(dbf)?, limites, label(encodage.trim()))?,
        None => dbf::Table::default(),
    };
    let geometrie =
        GeometrieDe { srid: prj::srid(&texte("prj")?), genre: formes::genre(&mut archive.lire(shp)?)?.to_owned() };
    Ok(Couche { nom: nom.to_owned(), shp: shp.to_owned(), dbf, table, geometrie })
}

/// The encoding that a .cpg names: « UTF-8 », « ISO-8859-1 », « 1252 », « ANSI 1252 ».
fn label(cpg: &str) -> Option<&'static Encoding> {
    let bas = cpg.to_lowercase();
    match bas.as_str() {
        "" => None,
        "65001" => Some(encoding_rs::UTF_8),
        _ if bas.contains("1252") || bas.contains("8859-1") || bas.contains("88591") => Some(WINDOWS_1252),
        _ => Encoding::for_label(bas.as_bytes()),
    }
}

fn est(nom: &str, extension: &str) -> bool {
    // What macOS adds beside each file is none of the layer's.
    nom.rsplit_once('.').is_some_and(|(_, fin)| fin.eq_ignore_ascii_case(extension)) && !nom.starts_with("__MACOSX")
}

fn radical(nom: &str) -> &str {
    nom.rsplit_once('.').map_or(nom, |(radical, _)| radical)
}
