//! A drawing, read whole: its lines and surfaces, where they are, and the texts that stand within.

use std::collections::HashMap;
use std::io::BufRead;

use super::entite::{EnCours, Entite, Place, deroule};
use super::paires::Paires;
use crate::Limites;
use crate::error::{Cause, ImportError};

/// Blocks laid within blocks at most.
const MAX_PROFONDEUR: usize = 4;
/// Vertices of one line at most.
const MAX_SOMMETS: usize = 100_000;
/// Two points nearer than this are one: a contour that its author closed by hand, metres.
const JOINT: f64 = 0.001;

/// A line or a surface.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Forme {
    pub(super) calque: String,
    pub(super) bloc: String,
    /// Its points; of a surface, the first once.
    pub(super) points: Vec<(f64, f64)>,
    pub(super) ferme: bool,
    /// Whether it is the edge of a hatching.
    pub(super) hachure: bool,
}

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Texte {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) calque: String,
    pub(super) dit: String,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Dessin {
    pub(super) formes: Vec<Forme>,
    pub(super) textes: Vec<Texte>,
}

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Autre,
    Blocs,
    Entites,
}

#[derive(Debug, Default)]
struct Bloc {
    base: [f64; 2],
    entites: Vec<Entite>,
}

/// Reads a drawing to its end.
pub(super) fn lit(flux: impl BufRead, limites: &Limites) -> Result<Dessin, ImportError> {
    let mut lecture = Lecture::new(limites);
    let mut paires = Paires::new(flux);
    while let Some(paire) = paires.suivante()? {
        let suite = if paire.code == 0 { lecture.commence(&paire.valeur) } else { lecture.prend(&paire) };
        suite.map_err(|erreur| erreur.ligne(paires.ligne()))?;
    }
    lecture.finit()?;
    lecture.dessine()
}

struct Lecture<'a> {
    limites: &'a Limites,
    section: Section,
    /// Waiting for the name of the section.
    nomme: bool,
    bloc: Option<String>,
    courante: Option<EnCours>,
    /// An old polyline whose vertices follow.
    suivie: Option<EnCours>,
    blocs: HashMap<String, Bloc>,
    entites: Vec<Entite>,
    octets: usize,
}

impl<'a> Lecture<'a> {
    fn new(limites: &'a Limites) -> Self {
        Self {
            limites,
            section: Section::Autre,
            nomme: false,
            bloc: None,
            courante: None,
            suivie: None,
            blocs: HashMap::new(),
            entites: Vec::new(),
            octets: 0,
        }
    }

    fn prend(&mut self, paire: &super::paires::Paire) -> Result<(), ImportError> {
        if self.nomme && paire.code == 2 {
            self.nomme = false;
            self.section = match paire.valeur.trim() {
                "BLOCKS" => Section::Blocs,
                "ENTITIES" => Section::Entites,
                _ => Section::Autre,
            };
            return Ok(());
        }
        if let Some(courante) = &mut self.courante {
            self.octets += courante.prend(paire);
        }
        if self.octets > self.limites.memoire {
            return Err(Cause::TropGros { quoi: "le dessin en mémoire", limite: self.limites.memoire as u64 }.into());
        }
        Ok(())
    }

    /// Ends what was being read, begins what this word names.
    fn commence(&mut self, mot: &str) -> Result<(), ImportError> {
        self.finit()?;
        match mot.trim() {
            "SECTION" => {
                self.section = Section::Autre;
                self.nomme = true;
            }
            "ENDSEC" => self.section = Section::Autre,
            _ if self.section == Section::Autre => {}
            genre => self.courante = Some(EnCours::new(genre)),
        }
        Ok(())
    }

    fn finit(&mut self) -> Result<(), ImportError> {
        let Some(mut finie) = self.courante.take() else { return Ok(()) };
        match (finie.genre.as_str(), &mut self.suivie) {
            ("VERTEX", Some(suivie)) => {
                suivie.sommet(&finie);
                return Ok(());
            }
            ("BLOCK", _) => {
                let (nom, base) = finie.bloc();
                self.blocs.insert(nom.clone(), Bloc { base, entites: Vec::new() });
                self.bloc = Some(nom);
                return Ok(());
            }
            ("ENDBLK", _) => {
                self.range_suivie()?;
                self.bloc = None;
                return Ok(());
            }
            _ => {}
        }
        self.range_suivie()?;
        if finie.a_suite() {
            finie.sans_coin();
            self.suivie = Some(finie);
            return Ok(());
        }
        self.range(finie)
    }

    fn range_suivie(&mut self) -> Result<(), ImportError> {
        match self.suivie.take() {
            Some(suivie) => self.range(suivie),
            None => Ok(()),
        }
    }

    fn range(&mut self, finie: EnCours) -> Result<(), ImportError> {
        let Some(entite) = finie.fini() else { return Ok(()) };
        // Each costs its own place, whatever it holds.
        self.octets += size_of::<Entite>();
        let ou = match (&self.bloc, self.section) {
            (Some(nom), Section::Blocs) => self.blocs.get_mut(nom).map(|bloc| &mut bloc.entites),
            (_, Section::Entites) => Some(&mut self.entites),
            _ => None,
        };
        if let Some(ou) = ou {
            if ou.len() as u64 >= self.limites.lignes {
                return Err(
                    Cause::TropGros { quoi: "le nombre d'objets du dessin", limite: self.limites.lignes }.into()
                );
            }
            ou.push(entite);
        }
        Ok(())
    }

    /// Lays blocks where they are, and unrolls arcs.
    fn dessine(mut self) -> Result<Dessin, ImportError> {
        self.range_suivie()?;
        let mut dessin = Dessin::default();
        let mut reste = Reste { octets: self.limites.memoire, poses: 1_000_000 };
        for entite in &self.entites {
            pose(entite, &[], "", &self.blocs, &mut dessin, &mut reste)?;
        }
        // Hatchings fill contours that are drawn too; they stand for them only where nothing else does.
        if dessin.formes.iter().any(|forme| forme.ferme && !forme.hachure) {
            dessin.formes.retain(|forme| !forme.hachure);
        }
        Ok(dessin)
    }
}

/// What laying blocks may still take.
struct Reste {
    octets: usize,
    poses: usize,
}

impl Reste {
    fn depense(&mut self, octets: usize) -> Result<(), ImportError> {
        let trop =
            || ImportError::from(Cause::TropGros { quoi: "ce que les blocs du dessin répètent", limite: 1_000_000 });
        self.octets = self.octets.checked_sub(octets).ok_or_else(trop)?;
        self.poses = self.poses.checked_sub(1).ok_or_else(trop)?;
        Ok(())
    }
}

fn pose(
    entite: &Entite,
    places: &[Place],
    nom: &str,
    blocs: &HashMap<String, Bloc>,
    dessin: &mut Dessin,
    reste: &mut Reste,
) -> Result<(), ImportError> {
    // The innermost block is laid first.
    let ici = |x: f64, y: f64| places.iter().rev().fold((x, y), |(x, y), place| place.pose(x, y));
    match entite {
        Entite::Texte { calque, x, y, dit } if !dit.is_empty() => {
            reste.depense(dit.len() + 64)?;
            let (x, y) = ici(*x, *y);
            dessin.textes.push(Texte { x, y, calque: calque.clone(), dit: dit.clone() });
        }
        Entite::Trait { calque, coins, ferme, hachure } => {
            let retourne = places.iter().filter(|place| place.retourne()).count() % 2 == 1;
            let coins: Vec<_> = coins
                .iter()
                .map(|coin| {
                    let (x, y) = ici(coin.x, coin.y);
                    super::entite::Coin { x, y, bombe: if retourne { -coin.bombe } else { coin.bombe } }
                })
                .collect();
            let mut points = deroule(&coins, *ferme);
            points.dedup();
            reste.depense(points.len() * 16 + 64)?;
            let joint = match (points.first(), points.last()) {
                (Some(un), Some(autre)) if points.len() > 3 => (un.0 - autre.0).hypot(un.1 - autre.1) < JOINT,
                _ => false,
            };
            if joint {
                points.pop();
            }
            let ferme = *ferme || joint;
            let fini = points.iter().all(|(x, y)| x.is_finite() && y.is_finite());
            if fini && points.len() >= if ferme { 3 } else { 2 } && points.len() <= MAX_SOMMETS {
                dessin.formes.push(Forme {
                    calque: calque.clone(),
                    bloc: nom.to_owned(),
                    points,
                    ferme,
                    hachure: *hachure,
                });
            }
        }
        Entite::Pose { bloc, place } if places.len() < MAX_PROFONDEUR => {
            reste.depense(0)?;
            let Some(repete) = blocs.get(bloc) else { return Ok(()) };
            let place = Place { base: repete.base, ..*place };
            let places: Vec<Place> = places.iter().copied().chain([place]).collect();
            for entite in &repete.entites {
                pose(entite, &places, bloc, blocs, dessin, reste)?;
            }
        }
        // A text that says nothing, a block in too many others.
        Entite::Texte { .. } | Entite::Pose { .. } => {}
    }
    Ok(())
}
