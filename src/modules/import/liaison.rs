//! A mapping tied to a sheet and to an object: columns by their rank, fields with their rules.

use std::collections::BTreeMap;

use finage_import::Classeur;

use super::correspondance::Conversion;
use super::{Correspondance, ErreurImport};
use crate::access::droits::{Champ, Genre};
use crate::modules::objets::{Modele, Nature, Regle};

/// The commune, which a column may fill as a field.
pub(super) const INSEE: &str = "insee";

/// A mapping, tied.
#[derive(Debug, Clone)]
pub(super) struct Liaison {
    pub(super) modele: &'static Modele,
    /// Rank of the sheet.
    pub(super) feuille: usize,
    pub(super) colonnes: Vec<Colonne>,
    /// Rank of the column of communes.
    pub(super) insee: Option<usize>,
    pub(super) cles: Vec<&'static Champ>,
    pub(super) place: Place,
}

/// A column that fills a field.
#[derive(Debug, Clone)]
pub(super) struct Colonne {
    pub(super) rang: usize,
    pub(super) nom: String,
    pub(super) champ: &'static Champ,
    pub(super) regle: &'static Regle,
    pub(super) valeurs: BTreeMap<String, String>,
    pub(super) croisement: Option<String>,
}

/// Where rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Aucune,
    /// The geometries of the file, in this system where it does not tell.
    Fichier(Option<u32>),
    /// Columns of x and y, in this system.
    Coordonnees(usize, usize, u32),
    /// Column of identifiers of parcels.
    Parcelle(usize),
}

impl Liaison {
    /// Ties a mapping to a file.
    ///
    /// # Errors
    /// A sheet, a column or a field that is not there, or that an import does not fill.
    pub(super) fn new(
        modele: &'static Modele,
        classeur: &Classeur,
        dite: &Correspondance,
        reprise: bool,
    ) -> Result<Self, ErreurImport> {
        let feuille = match &dite.feuille {
            Some(nom) => classeur
                .feuilles
                .iter()
                .position(|feuille| feuille.nom == *nom)
                .ok_or_else(|| dit(format!("Le fichier n'a pas de feuille « {} ».", court(nom))))?,
            None => 0,
        };
        let decrite = classeur.feuilles.get(feuille).ok_or_else(|| dit("Le fichier n'a aucune feuille."))?;
        let rang = |nom: &str| {
            let trouve = decrite.colonnes.iter().position(|colonne| colonne.nom == nom);
            trouve.ok_or_else(|| dit(format!("Le fichier n'a pas de colonne « {} ».", court(nom))))
        };
        let (mut colonnes, mut insee): (Vec<Colonne>, _) = (Vec::new(), None);
        for (nom, cible) in &dite.colonnes {
            let (rang, conversion) = (rang(nom)?, cible.conversion());
            let deja = colonnes.iter().any(|colonne| colonne.champ.nom == conversion.champ);
            if deja || conversion.champ == INSEE && insee.is_some() {
                return Err(dit(format!("Deux colonnes remplissent le champ « {} ».", court(&conversion.champ))));
            }
            if conversion.champ == INSEE {
                insee = Some(rang);
            } else {
                colonnes.push(colonne(modele, rang, nom, conversion, reprise)?);
            }
        }
        if colonnes.is_empty() {
            return Err(dit("Aucune colonne ne remplit un champ ; dites au moins une correspondance."));
        }
        let cles = cles(modele, &colonnes, &dite.cles)?;
        let place = match (&dite.geometrie, modele.geometrie) {
            (Some(_), None) => return Err(dit("Cet objet n'a pas de géométrie.")),
            (_, None) => Place::Aucune,
            (dite, Some(_)) => {
                let dite = dite.clone().unwrap_or_default();
                match (&dite.x, &dite.y, &dite.parcelle) {
                    (Some(x), Some(y), None) => {
                        let srid = dite.srid.ok_or_else(|| dit("Dites le système (EPSG) des coordonnées."))?;
                        Place::Coordonnees(rang(x)?, rang(y)?, srid)
                    }
                    (None, None, Some(parcelle)) => Place::Parcelle(rang(parcelle)?),
                    (None, None, None) => match &decrite.geometrie {
                        Some(geometrie) if geometrie.srid.or(dite.srid).is_none() => {
                            return Err(dit("Le fichier ne dit pas le système (EPSG) de ses géométries ; dites-le."));
                        }
                        Some(_) => Place::Fichier(dite.srid),
                        None => Place::Aucune,
                    },
                    _ => return Err(dit("Une géométrie vient de « x » et « y » ensemble, ou de « parcelle ».")),
                }
            }
        };
        Ok(Self { modele, feuille, colonnes, insee, cles, place })
    }

    /// The column that fills this field.
    pub(super) fn colonne(&self, champ: &str) -> Option<&Colonne> {
        self.colonnes.iter().find(|colonne| colonne.champ.nom == champ)
    }

    /// Fields that are filled.
    pub(super) fn champs(&self) -> Vec<&'static Champ> {
        self.colonnes.iter().map(|colonne| colonne.champ).collect()
    }

    /// Whether this field holds the numbers of the register.
    pub(super) fn est_numero(&self, champ: &str) -> bool {
        self.modele.registre.as_ref().is_some_and(|registre| registre.champ == champ)
    }

    /// Whether this field holds the state.
    pub(super) fn est_etat(&self, champ: &str) -> bool {
        self.modele.etats.is_some_and(|etats| etats.champ == champ)
    }
}

fn colonne(
    modele: &'static Modele,
    rang: usize,
    nom: &str,
    conversion: Conversion,
    reprise: bool,
) -> Result<Colonne, ErreurImport> {
    let Conversion { champ, valeurs, croisement } = conversion;
    let (Some(champ), Some(regle)) = (modele.objet.champ(&champ), modele.regle(&champ)) else {
        return Err(dit(format!("Le champ « {} » est inconnu.", court(&champ))));
    };
    let numero = modele.registre.as_ref().is_some_and(|registre| registre.champ == champ.nom);
    let etat = modele.etats.is_some_and(|etats| etats.champ == champ.nom);
    if etat && !reprise {
        return Err(dit(format!(
            "Le champ « {} » change par des étapes : seule une reprise de données le remplit.",
            champ.nom
        )));
    }
    // What a step set in another application is taken over with the state that it led to.
    let pose = reprise && regle.crochet.is_none() && modele.etats.is_some_and(|etats| etats.poses.contains(&champ.nom));
    if regle.nature == Nature::Fichier || !(champ.modifiable || numero || etat || pose) {
        return Err(dit(format!("Le champ « {} » ne s'importe pas : Finage le calcule ou le tient.", champ.nom)));
    }
    if croisement.is_some() && regle.nomenclature.is_none() {
        return Err(dit(format!("Le champ « {} » n'a pas de nomenclature à croiser.", champ.nom)));
    }
    Ok(Colonne { rang, nom: nom.to_owned(), champ, regle, valeurs, croisement })
}

/// The fields by which rows are known again; none when the object's own are not filled.
fn cles(modele: &'static Modele, colonnes: &[Colonne], dites: &[String]) -> Result<Vec<&'static Champ>, ErreurImport> {
    let remplie = |nom: &str| {
        let trouvee = colonnes.iter().find(|colonne| colonne.champ.nom == nom);
        trouvee.map(|colonne| colonne.champ).filter(|champ| champ.genre != Genre::Identifiants)
    };
    if dites.is_empty() {
        let siennes: Option<Vec<&'static Champ>> = modele.cle.iter().map(|nom| remplie(nom)).collect();
        return Ok(siennes.unwrap_or_default());
    }
    let absente = |nom: &String| dit(format!("« {} » est de la clé, et aucune colonne ne le remplit.", court(nom)));
    dites.iter().map(|nom| remplie(nom).ok_or_else(|| absente(nom))).collect()
}

/// The refusal of a mapping.
fn dit(message: impl Into<String>) -> ErreurImport {
    ErreurImport::Correspondance(message.into())
}

fn court(nom: &str) -> String {
    nom.chars().take(60).collect()
}
