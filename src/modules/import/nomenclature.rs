//! Codes as files write them: the code, its label, or a code of another nomenclature.

use std::collections::HashMap;

use finage_reference::normalise;
use serde_json::{Map, Value};

use crate::db::TenantTx;

/// A nomenclature, to be searched.
#[derive(Debug, Clone, Default)]
pub(super) struct Nomenclature {
    /// Codes as they are, and whether each is valid today.
    codes: HashMap<String, bool>,
    /// What normalised codes and labels mean.
    dits: HashMap<String, Vec<String>>,
    /// By crosswalk column, what its values mean.
    croises: HashMap<String, HashMap<String, Vec<String>>>,
}

impl Nomenclature {
    /// Nomenclatures of these names.
    ///
    /// # Errors
    /// The database refused.
    pub(super) async fn lues(tx: &mut TenantTx, noms: &[&str]) -> sqlx::Result<HashMap<String, Self>> {
        type Rangee = (String, String, String, Value, bool);
        let rangees: Vec<Rangee> =
            sqlx::query_as(include_str!("sql/nomenclatures.sql")).bind(noms).fetch_all(&mut **tx).await?;
        let mut lues: HashMap<String, Self> = HashMap::new();
        for (nomenclature, code, libelle, croisements, valide) in rangees {
            let croisements = croisements.as_object().cloned().unwrap_or_default();
            lues.entry(nomenclature).or_default().ajoute(code, &libelle, &croisements, valide);
        }
        Ok(lues)
    }

    fn ajoute(&mut self, code: String, libelle: &str, croisements: &Map<String, Value>, valide: bool) {
        let ajoute = |dits: &mut HashMap<String, Vec<String>>, dit: String| {
            let codes = dits.entry(dit).or_default();
            if !codes.contains(&code) {
                codes.push(code.clone());
            }
        };
        for dit in [normalise(&code), normalise(libelle)].into_iter().filter(|dit| !dit.is_empty()) {
            ajoute(&mut self.dits, dit);
        }
        for (colonne, valeur) in croisements {
            if let Some(valeur) = valeur.as_str() {
                ajoute(self.croises.entry(colonne.clone()).or_default(), valeur.trim().to_owned());
            }
        }
        // A code may have several lives: valid in one is valid.
        let vit = self.codes.entry(code).or_default();
        *vit |= valide;
    }

    /// The code that a text means; in a « reprise » an old one is taken, and what means none is kept as it is.
    ///
    /// # Errors
    /// It means none, several, or one that is no longer valid.
    pub(super) fn code(&self, texte: &str, croisement: Option<&str>, reprise: bool) -> Result<String, String> {
        let croises = croisement.and_then(|colonne| self.croises.get(colonne)?.get(texte));
        let trouves = match croises {
            Some(codes) => codes.clone(),
            None if self.codes.contains_key(texte) => vec![texte.to_owned()],
            None => self.dits.get(&normalise(texte)).cloned().unwrap_or_default(),
        };
        let valides: Vec<&String> =
            trouves.iter().filter(|code| self.codes.get(*code).copied().unwrap_or_default()).collect();
        match (valides.as_slice(), trouves.as_slice()) {
            ([code], _) => Ok((*code).clone()),
            ([], [code]) if reprise => Ok(code.clone()),
            ([], [_]) => Err("ce code n'est plus valide".to_owned()),
            ([], []) if reprise => Ok(texte.to_owned()),
            ([], []) => Err("ce n'est ni un code ni un libellé de la nomenclature".to_owned()),
            _ => {
                let codes: Vec<&str> = trouves.iter().take(5).map(String::as_str).collect();
                Err(format!("plusieurs codes ont ce libellé : {} ; écrivez le code", codes.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_found_by_itself_its_label_or_a_crosswalk() {
        let mut codes = Nomenclature::default();
        let croise = json!({"ancien": "07"});
        codes.ajoute("cles".into(), "Clés", croise.as_object().unwrap(), true);
        codes.ajoute("disquette".into(), "Disquette", &Map::new(), false);
        codes.ajoute("a".into(), "Même", &Map::new(), true);
        codes.ajoute("b".into(), "Même", &Map::new(), true);
        for texte in ["cles", "CLÉS", " Clés "] {
            assert_eq!(codes.code(texte, None, false).as_deref(), Ok("cles"), "{texte}");
        }
        assert_eq!(codes.code("07", Some("ancien"), false).as_deref(), Ok("cles"));
        assert!(codes.code("07", None, false).is_err());
        assert!(codes.code("disquette", None, false).unwrap_err().contains("plus valide"));
        assert_eq!(codes.code("Disquette", None, true).as_deref(), Ok("disquette"));
        assert!(codes.code("même", None, true).unwrap_err().contains("plusieurs"));
        assert_eq!(codes.code("inconnu", None, true).as_deref(), Ok("inconnu"));
    }
}
