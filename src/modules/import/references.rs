//! What rows of a file name: rows of other objects, parcels.

use std::collections::{BTreeSet, HashMap};

use finage_reference::Idu;
use serde_json::Value;

use super::lecture::Lues;
use super::liaison::Liaison;
use super::{Permis, Rejet};
use crate::db::TenantTx;
use crate::modules::objets::{Nature, Regle};

/// Replaces texts that name rows by the keys of these rows; rows that name none, or several, are rejected.
///
/// # Errors
/// The database refused.
pub(super) async fn resout(tx: &mut TenantTx, liaison: &Liaison, permis: &Permis, lues: &mut Lues) -> sqlx::Result<()> {
    for colonne in &liaison.colonnes {
        if !matches!(colonne.regle.nature, Nature::Reference | Nature::References) {
            continue;
        }
        let nom = colonne.champ.nom;
        let textes: BTreeSet<String> =
            lues.lignes.iter().filter_map(|ligne| ligne.champs.get(nom)).flat_map(nommes).collect();
        let trouvees = trouvees(tx, permis, colonne.regle, textes).await?;
        let mut rejets = Vec::new();
        lues.lignes.retain_mut(|ligne| {
            let Some(valeur) = ligne.champs.get_mut(nom) else { return true };
            match remplace(valeur, &trouvees) {
                Ok(()) => true,
                Err((texte, motif)) => {
                    rejets.push(Rejet::new(ligne.numero, Some(&colonne.nom), Some(&texte), motif));
                    false
                }
            }
        });
        lues.rejets.extend(rejets);
    }
    parcelles(tx, lues).await
}

async fn trouvees(
    tx: &mut TenantTx,
    permis: &Permis,
    regle: &Regle,
    textes: BTreeSet<String>,
) -> sqlx::Result<HashMap<String, Vec<String>>> {
    // Who may not read what rows name may not name it.
    let Some(regard) = permis.regard(regle.champ).filter(|_| !textes.is_empty()) else { return Ok(HashMap::new()) };
    let cle = match regle.nature {
        Nature::Reference => regle.lien.map_or("id", |lien| lien.cle),
        _ => "id",
    };
    let textes: Vec<String> = textes.into_iter().collect();
    Ok(regard.designees(tx, cle, &textes).await?.into_iter().collect())
}

fn nommes(valeur: &Value) -> Vec<String> {
    match valeur {
        Value::String(texte) => vec![texte.clone()],
        Value::Array(textes) => textes.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn remplace(valeur: &mut Value, trouvees: &HashMap<String, Vec<String>>) -> Result<(), (String, String)> {
    let une = |texte: &str| match trouvees.get(texte).map(Vec::as_slice) {
        Some([cle]) => Ok(Value::String(cle.clone())),
        Some(plusieurs) if plusieurs.len() > 1 => {
            Err((texte.to_owned(), format!("{} fiches portent ce nom ; écrivez leur clé", plusieurs.len())))
        }
        _ => Err((texte.to_owned(), "aucune fiche qui vous est ouverte ne porte ce nom ni cette clé".to_owned())),
    };
    match valeur {
        Value::String(texte) => *valeur = une(texte)?,
        Value::Array(textes) => {
            for texte in textes {
                if let Value::String(nom) = &*texte {
                    *texte = une(nom)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Puts rows that name a parcel in the middle of it.
async fn parcelles(tx: &mut TenantTx, lues: &mut Lues) -> sqlx::Result<()> {
    let idu = |texte: &str| texte.parse::<Idu>().ok().map(|idu| idu.to_string());
    let demandees: BTreeSet<String> =
        lues.lignes.iter().filter_map(|ligne| ligne.parcelle.as_deref()).filter_map(idu).collect();
    if demandees.is_empty() && lues.lignes.iter().all(|ligne| ligne.parcelle.is_none()) {
        return Ok(());
    }
    let milieux: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select idu, st_asewkb(st_pointonsurface(geom)) from cadastre.parcelle where idu = any ($1)")
            .bind(demandees.into_iter().collect::<Vec<_>>())
            .fetch_all(&mut **tx)
            .await?;
    let milieux: HashMap<String, Vec<u8>> = milieux.into_iter().collect();
    let mut rejets = Vec::new();
    lues.lignes.retain_mut(|ligne| {
        let Some(texte) = &ligne.parcelle else { return true };
        ligne.geometrie = idu(texte).and_then(|idu| milieux.get(&idu)).cloned();
        if ligne.geometrie.is_none() {
            let motif = "cette parcelle n'est pas au plan ; son identifiant a 14 caractères";
            rejets.push(Rejet::new(ligne.numero, None, Some(texte), motif));
        }
        ligne.geometrie.is_some()
    });
    lues.rejets.extend(rejets);
    Ok(())
}
