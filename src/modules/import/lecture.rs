//! The rows of a file, each value held to the rule of its field; no database.

use std::collections::HashMap;

use finage_import::{Cellule, Classeur, Genre as Lu, Instant, Ligne, Valeur, convertir};
use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::liaison::{Colonne, Liaison, Place};
use super::nomenclature::Nomenclature;
use super::{ErreurImport, Rejet};
use crate::modules::objets::{Nature, VIDE, tenue};

/// Rows of one import at most.
const MAX_LIGNES: usize = 500_000;
/// Rows that a cell names at most.
const MAX_NOMMEES: usize = 100;

/// What values are held to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Regles<'a> {
    pub(super) nomenclatures: &'a HashMap<String, Nomenclature>,
    /// Time zone of the clocks of the territory.
    pub(super) fuseau: &'a str,
    /// Fields whose column is never null.
    pub(super) jamais_nuls: &'a [&'static str],
    pub(super) reprise: bool,
}

/// A row, read.
#[derive(Debug, Clone, Default)]
pub(super) struct LigneLue {
    pub(super) numero: u64,
    /// Values by field, as the table would hold them; of a reference, the text that names its row.
    pub(super) champs: Map<String, Value>,
    pub(super) insee: Option<String>,
    /// EWKB.
    pub(super) geometrie: Option<Vec<u8>>,
    pub(super) parcelle: Option<String>,
    /// Whether a field of the key is filled.
    pub(super) avec_cle: bool,
}

/// Every row of a sheet.
#[derive(Debug, Default)]
pub struct Lues {
    pub(super) lignes: Vec<LigneLue>,
    pub(super) rejets: Vec<Rejet>,
    pub(super) total: usize,
}

/// Reads the sheet that a mapping is tied to.
///
/// # Errors
/// The file cannot be read to its end, or has too many rows.
pub(super) fn lit(classeur: &Classeur, liaison: &Liaison, regles: Regles<'_>) -> Result<Lues, ErreurImport> {
    let mut lues = Lues::default();
    for ligne in classeur.lire(liaison.feuille)? {
        lues.total += 1;
        if lues.total > MAX_LIGNES {
            return Err(ErreurImport::TropDeLignes(MAX_LIGNES));
        }
        match ligne {
            Ok(ligne) => match lue(liaison, regles, ligne) {
                Ok(ligne) => lues.lignes.push(ligne),
                Err(fautes) => lues.rejets.extend(fautes),
            },
            Err(erreur) if erreur.est_fatale() => return Err(erreur.into()),
            Err(erreur) => {
                let numero = erreur.lieu.ligne.unwrap_or_default();
                let motif = format!("{}. {}", erreur.cause, erreur.cause.remede());
                lues.rejets.push(Rejet::new(numero, erreur.lieu.colonne.as_deref(), None, motif));
            }
        }
    }
    Ok(lues)
}

fn lue(liaison: &Liaison, regles: Regles<'_>, ligne: Ligne) -> Result<LigneLue, Vec<Rejet>> {
    let mut lue = LigneLue { numero: ligne.numero, ..LigneLue::default() };
    let mut fautes = Vec::new();
    let vide = Cellule::Vide;
    let cellule = |rang: usize| ligne.valeurs.get(rang).unwrap_or(&vide);
    for colonne in &liaison.colonnes {
        let cellule = cellule(colonne.rang);
        match valeur(liaison, colonne, regles, cellule) {
            Ok(valeur) => {
                lue.champs.insert(colonne.champ.nom.to_owned(), valeur);
            }
            Err(motif) => {
                fautes.push(Rejet::new(ligne.numero, Some(&colonne.nom), Some(&texte(cellule)), motif));
            }
        }
    }
    lue.insee = liaison.insee.map(|rang| texte(cellule(rang))).filter(|code| !code.is_empty());
    lue.avec_cle = liaison.cles.iter().any(|champ| lue.champs.get(champ.nom).is_some_and(|valeur| !valeur.is_null()));
    match liaison.place {
        Place::Coordonnees(x, y, srid) => match point(cellule(x), cellule(y), srid) {
            Ok(point) => lue.geometrie = point,
            Err(motif) => fautes.push(Rejet::new(ligne.numero, None, None, motif)),
        },
        Place::Parcelle(rang) => lue.parcelle = Some(texte(cellule(rang))).filter(|texte| !texte.is_empty()),
        Place::Fichier(_) => lue.geometrie = ligne.geometrie,
        Place::Aucune => {}
    }
    if fautes.is_empty() { Ok(lue) } else { Err(fautes) }
}

/// What people read of a cell.
pub(super) fn texte(cellule: &Cellule) -> String {
    match convertir(cellule, Lu::Texte) {
        Ok(Valeur::Texte(texte)) => texte,
        _ => String::new(),
    }
}

fn valeur(liaison: &Liaison, colonne: &Colonne, regles: Regles<'_>, cellule: &Cellule) -> Result<Value, String> {
    let dit = texte(cellule);
    if dit.contains('\0') {
        return Err("un caractère nul s'y trouve, retirez-le".to_owned());
    }
    let convertie = colonne.valeurs.get(&dit).map(|autre| Cellule::Texte(autre.clone()));
    let (cellule, dit) = match &convertie {
        Some(autre) => (autre, texte(autre)),
        None => (cellule, dit),
    };
    let regle = colonne.regle;
    if dit.is_empty() {
        let champ = regle.champ;
        let admis = !regle.obligatoire
            || regle.par_defaut
            || liaison.est_numero(champ)
            || regles.reprise && !regles.jamais_nuls.contains(&champ);
        return match (admis, regle.sans_nul) {
            (false, _) => Err(VIDE.to_owned()),
            (true, true) => Ok(Value::String(String::new())),
            (true, false) => Ok(Value::Null),
        };
    }
    match regle.nature {
        Nature::Code => match regle.nomenclature.and_then(|nom| regles.nomenclatures.get(nom)) {
            Some(codes) => codes.code(&dit, colonne.croisement.as_deref(), regles.reprise).map(Value::String),
            None => tenue(regle, colonne.champ, &Value::String(dit)),
        },
        Nature::Reference => Ok(Value::String(dit)),
        Nature::References => {
            let noms: Vec<&str> = dit.split([';', '|']).map(str::trim).filter(|nom| !nom.is_empty()).collect();
            if noms.len() > MAX_NOMMEES {
                return Err(format!("{MAX_NOMMEES} fiches au plus"));
            }
            Ok(noms.into())
        }
        nature => ecrite(nature, cellule, regles.fuseau).and_then(|value| match value {
            // Clocks without a place are the territory's: the database knows its zones.
            (value, true) => Ok(value),
            (value, false) => tenue(regle, colonne.champ, &value),
        }),
    }
}

/// A value as JSON, and whether nothing more is to be held to its rule.
fn ecrite(nature: Nature, cellule: &Cellule, fuseau: &str) -> Result<(Value, bool), String> {
    let genre = match nature {
        Nature::Entier => Lu::Entier,
        Nature::Decimal | Nature::Montant => Lu::Decimal,
        Nature::Date => Lu::Date,
        Nature::Instant => Lu::Instant,
        Nature::Booleen => Lu::Booleen,
        _ => Lu::Texte,
    };
    Ok(match convertir(cellule, genre)? {
        Valeur::Vide => (Value::Null, true),
        Valeur::Texte(texte) | Valeur::Decimal(texte) => (texte.into(), false),
        Valeur::Entier(entier) => (entier.into(), false),
        Valeur::Booleen(oui) => (oui.into(), false),
        Valeur::Date(date) => (date.to_string().into(), false),
        Valeur::Instant(Instant::Absolu(instant)) => {
            (instant.format(&Rfc3339).map_err(|_| "cette date est trop lointaine")?.into(), false)
        }
        Valeur::Instant(Instant::Local(local)) => {
            let ecrit = local
                .format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"))
                .map_err(|_| "cette date est trop lointaine")?;
            (format!("{ecrit} {fuseau}").into(), true)
        }
    })
}

/// A point as EWKB; nothing where both coordinates are empty.
fn point(x: &Cellule, y: &Cellule, srid: u32) -> Result<Option<Vec<u8>>, String> {
    let lue = |cellule: &Cellule| match convertir(cellule, Lu::Decimal)? {
        Valeur::Decimal(texte) => texte.parse::<f64>().map(Some).map_err(|_| "une coordonnée est illisible".to_owned()),
        _ => Ok(None),
    };
    match (lue(x)?, lue(y)?) {
        (None, None) => Ok(None),
        (Some(x), Some(y)) => {
            // EWKB: little endian, a point with its system (PostGIS, « ZMSgeoms.txt »).
            let mut ewkb = vec![1];
            ewkb.extend(0x2000_0001_u32.to_le_bytes());
            ewkb.extend(srid.to_le_bytes());
            ewkb.extend(x.to_le_bytes());
            ewkb.extend(y.to_le_bytes());
            Ok(Some(ewkb))
        }
        _ => Err("une coordonnée manque".to_owned()),
    }
}
