//! GeoJSON (RFC 7946): a FeatureCollection cut into its objects while it is read, each parsed on its own.

mod decoupe;
mod geometrie;
mod proprietes;

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::classeur::{Brutes, Esquisse, GeometrieDe, Source};
use crate::error::{Cause, ImportError};
use crate::{Cellule, Ligne, Limites};
use decoupe::Objets;
use proprietes::Objet;

/// An open GeoJSON.
#[derive(Debug)]
pub(crate) struct GeoJson {
    path: PathBuf,
    nom: String,
    colonnes: Arc<Vec<String>>,
    lignes: u64,
    geometrie: Option<GeometrieDe>,
    limites: Limites,
}

impl GeoJson {
    /// Reads the file once to its end: objects may each have their own properties, and the system may be told last.
    pub(crate) fn ouvrir(path: &Path, nom: &str, limites: &Limites) -> Result<Self, ImportError> {
        let mut objets = Objets::new(flux(path)?, limites.geometrie);
        let (mut colonnes, mut connues): (Vec<String>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
        let (mut lignes, mut genre) = (0, None::<String>);
        while let Some(octets) = objets.suivant().map_err(|erreur| erreur.ligne(lignes + 1))? {
            lignes += 1;
            if lignes > limites.lignes {
                return Err(Cause::TropGros { quoi: "le nombre d'objets", limite: limites.lignes }.into());
            }
            let objet = Objet::lire(octets).map_err(|erreur| erreur.ligne(lignes))?;
            for (nom, _) in objet.valeurs() {
                if !connues.contains(nom) {
                    connues.insert(nom.to_owned());
                    colonnes.push(nom.to_owned());
                }
            }
            if colonnes.len() > limites.colonnes {
                return Err(Cause::TropGros { quoi: "le nombre de colonnes", limite: limites.colonnes as u64 }.into());
            }
            if let Some(autre) = objet.genre() {
                genre = Some(match genre {
                    Some(genre) if genre != autre => "GEOMETRY".to_owned(),
                    _ => autre,
                });
            }
        }
        let srid = match &objets.crs {
            None => Some(4326),
            Some(crs) => srid(crs),
        };
        let geometrie = genre.map(|genre| GeometrieDe { srid, genre });
        let colonnes = Arc::new(colonnes);
        Ok(Self { path: path.to_owned(), nom: nom.to_owned(), colonnes, lignes, geometrie, limites: limites.clone() })
    }

    pub(crate) fn esquisses(&self) -> Vec<Esquisse> {
        vec![Esquisse {
            nom: self.nom.clone(),
            colonnes: self.colonnes.iter().map(|nom| (nom.clone(), None)).collect(),
            lignes: Some(self.lignes),
            geometrie: self.geometrie.clone(),
        }]
    }
}

impl Source for GeoJson {
    fn lignes(&self, _feuille: usize) -> Result<Brutes, ImportError> {
        Ok(Box::new(Lignes {
            objets: Objets::new(flux(&self.path)?, self.limites.geometrie),
            rangs: self.colonnes.iter().enumerate().map(|(rang, nom)| (nom.clone(), rang)).collect(),
            srid: self.geometrie.as_ref().and_then(|geometrie| geometrie.srid),
            numero: 0,
            fini: false,
        }))
    }
}

/// Reads objects from bytes, for who has no file: `Err` on the first that is refused. Gives how many there were.
///
/// # Errors
/// What is no FeatureCollection, or an object of it that can't be read.
pub fn verifie_geojson(octets: &[u8]) -> Result<u64, ImportError> {
    let mut objets = Objets::new(octets, octets.len());
    let mut lignes = 0;
    while let Some(octets) = objets.suivant()? {
        lignes += 1;
        Objet::lire(octets)?.ewkb(Some(4326))?;
    }
    Ok(lignes)
}

struct Lignes<R> {
    objets: Objets<R>,
    rangs: HashMap<String, usize>,
    srid: Option<u32>,
    numero: u64,
    fini: bool,
}

impl<R: BufRead> Lignes<R> {
    fn ligne(&mut self) -> Result<Option<Ligne>, ImportError> {
        let Some(octets) = self.objets.suivant()? else { return Ok(None) };
        self.numero += 1;
        let objet = Objet::lire(octets)?;
        let mut valeurs = vec![Cellule::Vide; self.rangs.len()];
        for (nom, brute) in objet.valeurs() {
            let place = self.rangs.get(nom).and_then(|rang| valeurs.get_mut(*rang));
            if let Some(place) = place {
                *place = proprietes::cellule(brute);
            }
        }
        Ok(Some(Ligne { numero: self.numero, valeurs, geometrie: objet.ewkb(self.srid)? }))
    }
}

impl<R: BufRead> Iterator for Lignes<R> {
    type Item = Result<Ligne, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fini {
            return None;
        }
        let lue = self.ligne().map_err(|erreur| erreur.ligne(self.numero.max(1))).transpose();
        self.fini = match &lue {
            None => true,
            Some(Err(erreur)) => erreur.est_fatale(),
            Some(Ok(_)) => false,
        };
        lue
    }
}

fn flux(path: &Path) -> Result<BufReader<File>, ImportError> {
    Ok(BufReader::with_capacity(1 << 16, File::open(path)?))
}

/// The system of a member « crs » (GeoJSON of 2008): « urn:ogc:def:crs:EPSG::2154 », « EPSG:2154 », CRS84.
fn srid(crs: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Crs {
        properties: Proprietes,
    }
    #[derive(Deserialize)]
    struct Proprietes {
        name: String,
    }
    let crs: Crs = serde_json::from_slice(crs).ok()?;
    let nom = crs.properties.name.to_uppercase();
    if nom.ends_with("CRS84") {
        return Some(4326);
    }
    nom.rsplit(':').next().filter(|_| nom.contains("EPSG")).and_then(|code| code.parse().ok())
}
