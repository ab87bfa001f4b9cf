//! References to parcels: a few statements for the whole list, then one answer a reference.

use std::collections::{BTreeSet, HashMap, HashSet};

use finage_reference::{Idu, Insee, Prefixe, SectionId};
use sqlx::{PgPool, Row as _};

use super::communes::Communes;
use super::{Entree, Etat, Ligne, ListeError, Souhait, lecture};

/// Communes that words may name for one reference; beyond, the line is ambiguous at once.
const MAX_COMMUNES: usize = 20;
/// Parcels looked at for a reference without a commune: more than a message names.
const MAX_PARTOUT: i64 = 6;
/// Identifiers sent in one statement.
const LOT: usize = 50_000;
/// Identifiers tried for one list: a prefix that isn't written multiplies them.
const MAX_ESSAIS: usize = 1_000_000;
/// Parcels or communes that a message names.
const NOMMES: usize = 5;

/// Reads a list of references and looks each up. `commune` is where references without a commune are; without it,
/// one that several communes hold is ambiguous.
///
/// # Errors
/// A list over the bounds (1 MiB, 20,000 lines), or the database refused or timed out.
pub async fn resoudre(pool: &PgPool, texte: &str, commune: Option<Insee>) -> Result<Vec<Ligne>, ListeError> {
    let entrees = lecture::lire(texte)?;
    let mut recherche = Recherche::default();
    recherche.ou(pool, &entrees, commune).await?;
    recherche.prefixes(pool).await?;
    recherche.essais(pool, &entrees).await?;
    recherche.partout(pool, &entrees).await?;
    recherche.noms(pool, commune).await?;
    Ok(recherche.reponses(entrees))
}

/// Where a reading looks.
#[derive(Debug, Clone)]
enum Ou {
    Dans(Vec<String>),
    Partout,
}

/// What the statements gave, for all readings.
#[derive(Debug, Default)]
struct Recherche {
    /// Of each entry, of each reading.
    ou: Vec<Vec<Ou>>,
    prefixes: HashMap<String, Vec<Prefixe>>,
    connues: HashSet<String>,
    /// Parcels of a reading without commune, by section, prefix and number.
    partout: HashMap<Cle, Vec<String>>,
    noms: HashMap<String, String>,
}

type Cle = (String, Option<String>, u16);

fn cle(souhait: &Souhait) -> Cle {
    let prefixe = souhait.prefixe.map(|prefixe| prefixe.as_str().to_owned());
    (souhait.section.as_str().to_owned(), prefixe, souhait.numero.value())
}

impl Recherche {
    async fn ou(&mut self, pool: &PgPool, entrees: &[Entree], commune: Option<Insee>) -> sqlx::Result<()> {
        let lectures = || entrees.iter().filter_map(|entree| entree.lectures.as_ref().ok()).flatten();
        let mots = lectures().any(|souhait| souhait.insee.is_none() && !souhait.commune.is_empty());
        let mut communes = if mots { Communes::lire(pool).await? } else { Communes::default() };
        let mut place = |souhait: &Souhait| match (souhait.insee, commune) {
            (Some(insee), _) => Ou::Dans(vec![insee.canonique().to_string()]),
            (None, _) if !souhait.commune.is_empty() => Ou::Dans(communes.nommees(&souhait.commune)),
            (None, Some(commune)) => Ou::Dans(vec![commune.canonique().to_string()]),
            (None, None) => Ou::Partout,
        };
        self.ou = entrees
            .iter()
            .map(|entree| {
                entree.lectures.as_ref().map_or_else(|_| Vec::new(), |lues| lues.iter().map(&mut place).collect())
            })
            .collect();
        Ok(())
    }

    /// The prefixes of every commune looked in.
    async fn prefixes(&mut self, pool: &PgPool) -> sqlx::Result<()> {
        let communes: BTreeSet<&String> = self
            .ou
            .iter()
            .flatten()
            .filter_map(|ou| match ou {
                Ou::Dans(communes) if communes.len() <= MAX_COMMUNES => Some(communes),
                _ => None,
            })
            .flatten()
            .collect();
        let communes: Vec<String> = communes.into_iter().cloned().collect();
        for lot in communes.chunks(LOT) {
            let rows = sqlx::query(include_str!("../sql/liste_prefixes.sql")).bind(lot).fetch_all(pool).await?;
            for row in rows {
                if let Ok(prefixe) = row.get::<String, _>("prefixe").parse() {
                    self.prefixes.entry(row.get("insee")).or_default().push(prefixe);
                }
            }
        }
        Ok(())
    }

    /// The identifiers that a reading may mean in the communes it looks in.
    fn candidats(&self, souhait: &Souhait, communes: &[String]) -> Vec<String> {
        if communes.len() > MAX_COMMUNES {
            return Vec::new();
        }
        let mut idus = Vec::new();
        for commune in communes {
            let Ok(insee) = commune.parse::<Insee>() else { continue };
            let connus = self.prefixes.get(commune).map_or(&[][..], Vec::as_slice);
            let prefixes = souhait.prefixe.as_ref().map_or(connus, std::slice::from_ref);
            idus.extend(
                prefixes.iter().map(|prefixe| {
                    Idu::new(SectionId::new(insee, *prefixe, souhait.section), souhait.numero).to_string()
                }),
            );
        }
        idus
    }

    async fn essais(&mut self, pool: &PgPool, entrees: &[Entree]) -> Result<(), ListeError> {
        let mut essais: BTreeSet<String> = BTreeSet::new();
        for (entree, ou) in entrees.iter().zip(&self.ou) {
            for (souhait, ou) in entree.lectures.iter().flatten().zip(ou) {
                if let Ou::Dans(communes) = ou {
                    essais.extend(self.candidats(souhait, communes));
                }
            }
            if essais.len() > MAX_ESSAIS {
                return Err(ListeError::TropDeLignes);
            }
        }
        let essais: Vec<String> = essais.into_iter().collect();
        for lot in essais.chunks(LOT) {
            let connues: Vec<String> =
                sqlx::query_scalar(include_str!("../sql/liste_connues.sql")).bind(lot).fetch_all(pool).await?;
            self.connues.extend(connues);
        }
        Ok(())
    }

    async fn partout(&mut self, pool: &PgPool, entrees: &[Entree]) -> sqlx::Result<()> {
        let mut demandes: BTreeSet<Cle> = BTreeSet::new();
        for (entree, ou) in entrees.iter().zip(&self.ou) {
            let lues = entree.lectures.iter().flatten().zip(ou);
            demandes.extend(lues.filter(|(_, ou)| matches!(ou, Ou::Partout)).map(|(souhait, _)| cle(souhait)));
        }
        let demandes: Vec<Cle> = demandes.into_iter().collect();
        if demandes.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(include_str!("../sql/liste_partout.sql"))
            .bind((0..demandes.len()).map(|rang| i64::try_from(rang).unwrap_or(i64::MAX)).collect::<Vec<_>>())
            .bind(demandes.iter().map(|(section, _, _)| section.clone()).collect::<Vec<_>>())
            .bind(demandes.iter().map(|(_, prefixe, _)| prefixe.clone()).collect::<Vec<_>>())
            .bind(demandes.iter().map(|(_, _, numero)| i32::from(*numero)).collect::<Vec<_>>())
            .bind(MAX_PARTOUT)
            .fetch_all(pool)
            .await?;
        for row in rows {
            let rang = usize::try_from(row.get::<i64, _>("rang")).unwrap_or(usize::MAX);
            if let Some(demande) = demandes.get(rang) {
                self.partout.entry(demande.clone()).or_default().push(row.get("idu"));
            }
        }
        Ok(())
    }

    /// Names of the communes that messages may need.
    async fn noms(&mut self, pool: &PgPool, commune: Option<Insee>) -> sqlx::Result<()> {
        let mut codes: BTreeSet<String> = self.prefixes.keys().cloned().collect();
        codes.extend(commune.map(|commune| commune.canonique().to_string()));
        for ou in self.ou.iter().flatten() {
            if let Ou::Dans(communes) = ou {
                codes.extend(communes.iter().take(NOMMES).cloned());
            }
        }
        codes.extend(self.partout.values().flatten().filter_map(|idu| idu.get(..5)).map(str::to_owned));
        let codes: Vec<String> = codes.into_iter().collect();
        let rows = sqlx::query(include_str!("../sql/liste_noms.sql")).bind(codes).fetch_all(pool).await?;
        self.noms = rows.iter().map(|row| (row.get("insee"), row.get("nom"))).collect();
        Ok(())
    }

    fn reponses(&self, entrees: Vec<Entree>) -> Vec<Ligne> {
        let mut vues: HashMap<String, usize> = HashMap::new();
        entrees
            .into_iter()
            .zip(&self.ou)
            .map(|(entree, ou)| {
                let (etat, idu, message) = match &entree.lectures {
                    Err(phrase) => (Etat::Illisible, None, Some(phrase.clone())),
                    Ok(lectures) => self.reponse(lectures, ou),
                };
                let premiere = idu.as_ref().and_then(|idu: &String| vues.get(idu).copied());
                if let (Some(idu), None) = (&idu, premiere) {
                    vues.insert(idu.clone(), entree.ligne);
                }
                let (etat, message) = match premiere {
                    Some(avant) if avant == entree.ligne => (
                        Etat::Double,
                        Some("La parcelle est déjà dans cette ligne ; elle n'est comptée qu'une fois.".to_owned()),
                    ),
                    Some(avant) => (
                        Etat::Double,
                        Some(format!("La parcelle est déjà à la ligne {avant} ; elle n'est comptée qu'une fois.")),
                    ),
                    None => (etat, message),
                };
                Ligne { ligne: entree.ligne, texte: entree.texte, etat, idu, message }
            })
            .collect()
    }

    fn reponse(&self, lectures: &[Souhait], ou: &[Ou]) -> (Etat, Option<String>, Option<String>) {
        for (souhait, ou) in lectures.iter().zip(ou) {
            if let Ou::Dans(communes) = ou
                && communes.len() > MAX_COMMUNES
            {
                let phrase = format!(
                    "« {} » peut désigner {} communes : écrivez le nom entier ou le code INSEE.",
                    souhait.commune.join(" "),
                    communes.len()
                );
                return (Etat::Ambigue, None, Some(phrase));
            }
            let trouvees: Vec<String> = match ou {
                Ou::Dans(communes) => {
                    self.candidats(souhait, communes).into_iter().filter(|idu| self.connues.contains(idu)).collect()
                }
                Ou::Partout => self.partout.get(&cle(souhait)).cloned().unwrap_or_default(),
            };
            match trouvees.as_slice() {
                [] => {}
                [seule] => return (Etat::Trouvee, Some(seule.clone()), None),
                plusieurs => return (Etat::Ambigue, None, Some(self.ambigue(souhait, plusieurs))),
            }
        }
        let inconnue = lectures.first().zip(ou.first()).map(|(souhait, ou)| self.inconnue(souhait, ou));
        (Etat::Inconnue, None, inconnue)
    }

    fn nom(&self, insee: &str) -> String {
        self.noms.get(insee).map_or_else(|| insee.to_owned(), |nom| format!("{nom} ({insee})"))
    }

    fn ambigue(&self, souhait: &Souhait, idus: &[String]) -> String {
        let reference = souhait.reference();
        let communes: BTreeSet<&str> = idus.iter().filter_map(|idu| idu.get(..5)).collect();
        if communes.len() > 1 {
            let noms: Vec<String> = communes.iter().take(NOMMES).map(|insee| self.nom(insee)).collect();
            let suite = if communes.len() > NOMMES { "…" } else { "" };
            let nombre = if communes.len() > NOMMES { "plusieurs".to_owned() } else { communes.len().to_string() };
            return format!(
                "« {reference} » existe dans {nombre} communes : {}{suite} ; ajoutez le nom ou le code de la commune à la ligne, ou choisissez une commune pour toute la liste.",
                noms.join(", ")
            );
        }
        let ecrites: Vec<String> = idus
            .iter()
            .take(NOMMES)
            .filter_map(|idu| idu.parse::<Idu>().ok())
            .map(|idu| format!("{} {} {}", idu.prefixe(), idu.section(), idu.numero()))
            .collect();
        let commune = communes.first().map(|insee| self.nom(insee)).unwrap_or_default();
        let suite = if idus.len() > NOMMES { "…" } else { "" };
        format!(
            "« {reference} » désigne plusieurs parcelles de {commune} : écrivez aussi le préfixe ({}{suite}).",
            ecrites.join(", ")
        )
    }

    fn inconnue(&self, souhait: &Souhait, ou: &Ou) -> String {
        let reference = souhait.reference();
        match ou {
            Ou::Partout => {
                format!(
                    "Aucune commune de cette base n'a de parcelle « {reference} » : vérifiez la section et le numéro."
                )
            }
            Ou::Dans(communes) if communes.is_empty() => format!(
                "Aucune commune de cette base ne s'appelle « {} » : vérifiez son nom ou donnez son code INSEE.",
                souhait.commune.join(" ")
            ),
            Ou::Dans(communes) => {
                let noms: Vec<String> = communes.iter().take(NOMMES).map(|insee| self.nom(insee)).collect();
                if communes.iter().all(|insee| !self.prefixes.contains_key(insee)) {
                    return format!(
                        "Aucune parcelle de {} n'est dans cette base : importez son cadastre.",
                        noms.join(", ")
                    );
                }
                format!(
                    "La parcelle « {reference} » n'est pas au plan de {} : vérifiez la section et le numéro.",
                    noms.join(", ")
                )
            }
        }
    }
}
