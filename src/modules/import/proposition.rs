//! The mapping proposed for a file: the one kept for the same columns, one of the module's, else what names tell.

use std::collections::{BTreeMap, BTreeSet};

use finage_import::Feuille;
use finage_manifest::ImportFile;
use finage_reference::normalise;
use sha2::{Digest as _, Sha256};

use super::correspondance::Conversion;
use super::{Cible, Correspondance, Emplacement, ErreurImport};
use crate::db::TenantTx;
use crate::modules::objets::{Modele, Nature};

/// Likeness from which two names are thought to mean the same: two thirds of their pairs of letters.
const RESSEMBLANCE: f64 = 0.66;

/// What names of columns tell: the same name or label first, then the likest.
#[must_use]
pub fn proposee(modele: &Modele, feuille: &Feuille) -> Correspondance {
    let champs: Vec<(&'static str, Vec<String>)> = modele
        .regles
        .iter()
        .filter_map(|regle| {
            let champ = modele.objet.champ(regle.champ)?;
            let numero = modele.registre.as_ref().is_some_and(|registre| registre.champ == champ.nom);
            let importable = (champ.modifiable || numero) && regle.nature != Nature::Fichier;
            let noms = [champ.nom, champ.libelle, champ.nom.trim_end_matches("_id")].map(lisse);
            importable.then(|| (champ.nom, noms.to_vec()))
        })
        .collect();
    let mut paires: Vec<(f64, usize, &'static str)> = Vec::new();
    for (rang, colonne) in feuille.colonnes.iter().enumerate() {
        let nom = lisse(&colonne.nom);
        for (champ, noms) in &champs {
            let proche = noms.iter().map(|autre| ressemblance(&nom, autre)).fold(0.0, f64::max);
            if proche >= RESSEMBLANCE {
                paires.push((proche, rang, champ));
            }
        }
    }
    paires.sort_by(|un, autre| autre.0.total_cmp(&un.0).then(un.1.cmp(&autre.1)));
    let (mut pris, mut colonnes) = (BTreeSet::new(), BTreeMap::new());
    for (_, rang, champ) in paires {
        let Some(colonne) = feuille.colonnes.get(rang) else { continue };
        if !colonnes.contains_key(&colonne.nom) && pris.insert(champ) {
            colonnes.insert(colonne.nom.clone(), Cible::Champ(champ.to_owned()));
        }
    }
    let remplie = |nom: &str| pris.contains(nom);
    let cles = if modele.cle.iter().all(|nom| remplie(nom)) { modele.cle } else { &[] };
    let libre = |colonne: &&finage_import::Colonne| !colonnes.contains_key(&colonne.nom);
    Correspondance {
        feuille: Some(feuille.nom.clone()),
        cles: cles.iter().map(|nom| (*nom).to_owned()).collect(),
        geometrie: if modele.geometrie.is_some() && feuille.geometrie.is_none() {
            lieu(feuille.colonnes.iter().filter(libre).map(|colonne| (colonne.nom.as_str(), &*colonne.exemples)))
        } else {
            None
        },
        colonnes,
    }
}

/// Names of a column of longitudes or eastings, and those of the column that goes with it.
const ABSCISSES: [&str; 8] = ["longitude", "long", "lon", "lng", "x", "coordx", "xlong", "xl93"];
const ORDONNEES: [&str; 8] = ["latitude", "lat", "lat", "lat", "y", "coordy", "ylat", "yl93"];

/// Where rows are, by two columns of coordinates: their names say which, their values in which system.
fn lieu<'a>(colonnes: impl Iterator<Item = (&'a str, &'a [String])>) -> Option<Emplacement> {
    let nommees: Vec<(String, &str, &[String])> = colonnes.map(|(nom, exemples)| (lisse(nom), nom, exemples)).collect();
    let de = |voulu: &str| nommees.iter().find(|(lisse, ..)| lisse == voulu);
    let (x, y) = ABSCISSES.iter().zip(ORDONNEES).find_map(|(x, y)| de(x).zip(de(y)))?;
    let srid = systeme(&nombres(x.2), &nombres(y.2))?;
    Some(Emplacement { x: Some(x.1.to_owned()), y: Some(y.1.to_owned()), parcelle: None, srid: Some(srid) })
}

/// Numbers among what people read in a column, a comma or a point before decimals.
fn nombres(exemples: &[String]) -> Vec<f64> {
    exemples
        .iter()
        .filter_map(|exemple| exemple.replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".").parse().ok())
        .collect()
}

/// EPSG code of the system that these coordinates can only be of: degrees, Lambert-93, or one of the nine conformal
/// zones of decree n° 2000-1276 (x about 1 700 000 m, y about 200 000 m above the million of the zone).
fn systeme(x: &[f64], y: &[f64]) -> Option<u32> {
    if x.is_empty() || y.is_empty() {
        return None;
    }
    let tous = |valeurs: &[f64], bornes: std::ops::Range<f64>| valeurs.iter().all(|valeur| bornes.contains(valeur));
    if tous(x, -180.0..180.0) && tous(y, -90.0..90.0) {
        return Some(4326);
    }
    if tous(x, 0.0..1_300_000.0) && tous(y, 6_000_000.0..7_200_000.0) {
        return Some(2154);
    }
    (1_u32..=9)
        .find(|zone| {
            let million = f64::from(*zone) * 1_000_000.0;
            tous(x, 1_300_000.0..2_300_000.0) && tous(y, million..million + 1_000_000.0)
        })
        .map(|zone| 3941 + zone)
}

/// The mapping that a module's manifest knows.
#[must_use]
pub fn du_manifeste(file: &ImportFile) -> Correspondance {
    let colonne = |(nom, dite): (&String, &finage_manifest::ImportColumn)| {
        let conversion =
            Conversion { champ: dite.field.clone(), valeurs: dite.values.clone(), croisement: dite.crosswalk.clone() };
        (nom.clone(), Cible::Convertie(conversion))
    };
    Correspondance {
        feuille: file.sheet.clone(),
        colonnes: file.columns.iter().map(colonne).collect(),
        cles: file.key.clone(),
        geometrie: file.geometry.as_ref().map(|dite| Emplacement {
            x: dite.x.clone(),
            y: dite.y.clone(),
            parcelle: dite.parcel.clone(),
            srid: dite.srid,
        }),
    }
}

/// By what the same columns are known again, whatever their order.
#[must_use]
pub fn signature(feuille: &Feuille) -> String {
    let mut noms: Vec<String> = feuille.colonnes.iter().map(|colonne| lisse(&colonne.nom)).collect();
    noms.sort_unstable();
    let digest = Sha256::digest(noms.join("\u{1f}").as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut texte, octet| {
        use std::fmt::Write as _;
        let _ = write!(texte, "{octet:02x}");
        texte
    })
}

/// The mapping kept for these columns.
///
/// # Errors
/// The database refused.
pub async fn retenue(tx: &mut TenantTx, modele: &Modele, signature: &str) -> sqlx::Result<Option<Correspondance>> {
    let lue: Option<serde_json::Value> =
        sqlx::query_scalar("select correspondance from core.correspondance where objet = $1 and signature = $2")
            .bind(modele.objet.nom)
            .bind(signature)
            .fetch_optional(&mut **tx)
            .await?;
    // One of another version is not proposed.
    Ok(lue.and_then(|lue| serde_json::from_value(lue).ok()))
}

/// Keeps the mapping of these columns.
///
/// # Errors
/// The database refused.
pub async fn retient(
    tx: &mut TenantTx,
    modele: &Modele,
    signature: &str,
    correspondance: &Correspondance,
) -> Result<(), ErreurImport> {
    let ecrite = serde_json::to_value(correspondance)
        .map_err(|_| ErreurImport::Correspondance("La correspondance ne peut pas être gardée.".to_owned()))?;
    let acteur = *tx.acteur();
    sqlx::query(include_str!("sql/retenir.sql"))
        .bind(acteur.collectivite)
        .bind(modele.objet.nom)
        .bind(signature)
        .bind(ecrite)
        .bind(acteur.utilisateur)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A name without accents, case, marks nor blanks.
fn lisse(nom: &str) -> String {
    normalise(nom).replace(' ', "")
}

/// How like two names are, from 0 to 1: pairs of letters that both have, twice, among all.
fn ressemblance(un: &str, autre: &str) -> f64 {
    if un.is_empty() || autre.is_empty() {
        return 0.0;
    }
    if un == autre {
        return 1.0;
    }
    let paires = |texte: &str| -> BTreeSet<(char, char)> { texte.chars().zip(texte.chars().skip(1)).collect() };
    let (des_uns, des_autres) = (paires(un), paires(autre));
    let communes = u32::try_from(des_uns.intersection(&des_autres).count()).unwrap_or(u32::MAX);
    let toutes = u32::try_from(des_uns.len() + des_autres.len()).unwrap_or(u32::MAX);
    if toutes == 0 { 0.0 } else { 2.0 * f64::from(communes) / f64::from(toutes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_tell_the_place() {
        let trouve = |x: (&str, &str), y: (&str, &str)| {
            let (un, autre) = ([x.1.to_owned()], [y.1.to_owned()]);
            lieu([(y.0, &autre[..]), ("Nom", &[][..]), (x.0, &un[..])].into_iter())
                .map(|lieu| (lieu.x, lieu.y, lieu.srid))
        };
        let dite = |x: &str, y: &str, srid: u32| Some((Some(x.to_owned()), Some(y.to_owned()), Some(srid)));
        assert_eq!(trouve(("Longitude", "2,57"), ("Latitude", "44,35")), dite("Longitude", "Latitude", 4326));
        assert_eq!(trouve(("lon", "2.57"), ("lat", "44.35")), dite("lon", "lat", 4326));
        assert_eq!(trouve(("X", "665 123,4"), ("Y", "6 360 001")), dite("X", "Y", 2154));
        assert_eq!(trouve(("x", "1665000"), ("y", "3250000")), dite("x", "y", 3944));
        assert_eq!(trouve(("x", "un"), ("y", "")), None);
        assert_eq!(trouve(("lon", "2"), ("y", "44")), None);
        assert_eq!(trouve(("Libellé", "2"), ("Lieu", "44")), None);
    }

    #[test]
    fn names_are_alike_or_not() {
        assert!(ressemblance(&lisse("Trouvé le"), &lisse("trouve_le")) > 0.99);
        assert!(ressemblance(&lisse("Désignation objet"), &lisse("designation")) > RESSEMBLANCE);
        assert!(ressemblance(&lisse("Téléphone"), &lisse("Catégorie")) < RESSEMBLANCE);
        assert!(ressemblance("a", "b") < RESSEMBLANCE);
    }
}
