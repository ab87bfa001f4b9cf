//! Communes by the words of a list: names read once, looked up in memory whatever the number of lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use finage_reference::expand_query_words;
use sqlx::{PgPool, Row as _};

/// Different groups of words that are looked for by their beginnings; whole names have no such bound.
const MAX_DEBUTS: usize = 2_000;
/// Words of a name that are looked at.
const MAX_MOTS: usize = 8;

/// The communes that hold data, by name and by the words of their names and codes.
#[derive(Debug, Default)]
pub(super) struct Communes {
    insee: Vec<String>,
    noms: HashMap<String, Vec<usize>>,
    mots: BTreeMap<String, Vec<usize>>,
    connus: HashMap<String, Vec<String>>,
}

impl Communes {
    /// Reads all names; « ` nom| nom codes` » as the search index keeps them.
    pub(super) async fn lire(pool: &PgPool) -> sqlx::Result<Self> {
        let rows = sqlx::query(include_str!("../sql/liste_communes.sql")).fetch_all(pool).await?;
        let mut communes = Self::default();
        for row in &rows {
            communes.ajoute(row.get("insee"), row.get("mots"));
        }
        Ok(communes)
    }

    fn ajoute(&mut self, insee: String, mots: &str) {
        let rang = self.insee.len();
        self.insee.push(insee);
        let nom = mots.split('|').next().unwrap_or_default().trim();
        self.noms.entry(nom.to_owned()).or_default().push(rang);
        for mot in mots.split([' ', '|']).filter(|mot| !mot.is_empty()).collect::<BTreeSet<_>>() {
            self.mots.entry(mot.to_owned()).or_default().push(rang);
        }
    }

    /// INSEE codes of the communes that the words name: by the whole name, else each word beginning one of theirs.
    pub(super) fn nommees(&mut self, mots: &[String]) -> Vec<String> {
        let mots = expand_query_words(mots.get(..MAX_MOTS).unwrap_or(mots));
        let nom = mots.join(" ");
        if let Some(rangs) = self.noms.get(&nom) {
            return rangs.iter().filter_map(|rang| self.insee.get(*rang).cloned()).collect();
        }
        if let Some(connus) = self.connus.get(&nom) {
            return connus.clone();
        }
        if self.connus.len() >= MAX_DEBUTS {
            return Vec::new();
        }
        let mut communes: Option<BTreeSet<usize>> = None;
        for mot in &mots {
            let debut = self.mots.range(mot.clone()..).take_while(|(entier, _)| entier.starts_with(mot.as_str()));
            let rangs: BTreeSet<usize> = debut.flat_map(|(_, rangs)| rangs.iter().copied()).collect();
            communes =
                Some(communes.map_or_else(|| rangs.clone(), |avant| avant.intersection(&rangs).copied().collect()));
        }
        let trouvees: Vec<String> =
            communes.unwrap_or_default().into_iter().filter_map(|rang| self.insee.get(rang).cloned()).collect();
        self.connus.insert(nom, trouvees.clone());
        trouvees
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_wins_over_beginnings() {
        let mut communes = Communes::default();
        communes.ajoute("99001".into(), " saint cyprin| saint cyprin 99001 99100");
        communes.ajoute("99102".into(), " saint cyprin les vignes| saint cyprin les vignes 99102 99200");
        let mut nommees = |texte: &str| communes.nommees(&texte.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(nommees("saint cyprin"), ["99001"]);
        assert_eq!(nommees("st cyprin"), ["99001"]);
        assert_eq!(nommees("cyprin vig"), ["99102"]);
        assert_eq!(nommees("cyprin"), ["99001", "99102"]);
        assert_eq!(nommees("99200"), ["99102"]);
        assert!(nommees("ailleurs").is_empty());
    }
}
