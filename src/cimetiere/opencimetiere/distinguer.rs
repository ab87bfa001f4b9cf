//! Names that Finage holds apart, and openCimetière did not: two alleys « Rangée 1 » of one cemetery, two plots n° 12 of one
//! alley. What each becomes does not depend on the order of rows.

use std::collections::{BTreeMap, HashMap};

use finage_reference::normalise;

use crate::modules::reprise::{Fiche, Valeur};

/// Gives the second and the next rows that have the same values of `cles` another name: its key behind, and an anomaly.
pub(super) fn distingue(fiches: &mut [Fiche], cles: &[&str], champ: &'static str, longueur: usize) {
    for groupe in memes(fiches, cles) {
        for rang in groupe.into_iter().skip(1) {
            let Some(fiche) = fiches.get_mut(rang) else { continue };
            let suffixe = format!(" ({})", cle(fiche));
            let nom = texte(fiche, champ);
            let place = longueur.saturating_sub(suffixe.chars().count());
            fiche.note(champ, format!("« {nom} » est déjà le nom d'un autre : sa clé d'openCimetière le suit"));
            fiche.pose(champ, nom.chars().take(place).collect::<String>() + &suffixe);
        }
    }
}

/// Puts the name of its sector before each alley that has a homonym in its cemetery.
pub(super) fn precise(allees: &mut [Fiche], secteurs: &[Fiche]) {
    let noms: HashMap<&str, String> =
        secteurs.iter().map(|secteur| (secteur.provenance.as_str(), texte(secteur, "libelle"))).collect();
    for groupe in memes(allees, &["cimetiere", "libelle"]) {
        for rang in groupe {
            let Some(allee) = allees.get_mut(rang) else { continue };
            let secteur = match allee.champs.get("secteur") {
                Some(Valeur::Fiche(secteur)) => noms.get(secteur.as_str()),
                _ => None,
            };
            if let Some(secteur) = secteur {
                allee.pose("libelle", format!("{secteur} – {}", texte(allee, "libelle")));
            }
        }
    }
}

/// Ranks of rows that have the same values, by key, where there are several.
fn memes(fiches: &[Fiche], cles: &[&str]) -> Vec<Vec<usize>> {
    let mut groupes: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (rang, fiche) in fiches.iter().enumerate() {
        let valeurs = cles.iter().map(|cle| match fiche.champs.get(cle) {
            Some(Valeur::Texte(texte)) => normalise(texte),
            Some(Valeur::Fiche(provenance)) => provenance.clone(),
            None => String::new(),
        });
        groupes.entry(valeurs.collect()).or_default().push(rang);
    }
    let mut groupes: Vec<Vec<usize>> = groupes.into_values().filter(|groupe| groupe.len() > 1).collect();
    for groupe in &mut groupes {
        groupe.sort_by_key(|rang| {
            let cle = fiches.get(*rang).map(cle).unwrap_or_default();
            (cle.parse::<u64>().unwrap_or(u64::MAX), cle)
        });
    }
    groupes
}

fn cle(fiche: &Fiche) -> String {
    fiche.provenance.rsplit(':').next().unwrap_or_default().to_owned()
}

fn texte(fiche: &Fiche, champ: &str) -> String {
    match fiche.champs.get(champ) {
        Some(Valeur::Texte(texte)) => texte.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allee(cle: &str, secteur: &str, libelle: &str) -> Fiche {
        let mut fiche = Fiche::de("voie", cle);
        fiche.lie("cimetiere", Some("cimetiere:1".to_owned()));
        fiche.lie("secteur", Some(secteur.to_owned()));
        fiche.pose("libelle", libelle);
        fiche
    }

    #[test]
    fn homonyms_are_told_apart_whatever_their_order() {
        let mut secteur = Fiche::de("zone", "1");
        secteur.pose("libelle", "Carré A");
        let mut allees =
            [allee("10", "zone:1", "Rangée 1"), allee("9", "zone:1", "RANGEE 1"), allee("2", "zone:1", "Rangée 2")];
        for _ in 0..2 {
            let mut faites = allees.clone();
            precise(&mut faites, std::slice::from_ref(&secteur));
            distingue(&mut faites, &["cimetiere", "libelle"], "libelle", 80);
            let mut noms: Vec<String> = faites.iter().map(|fiche| texte(fiche, "libelle")).collect();
            noms.sort();
            assert_eq!(noms, ["Carré A – RANGEE 1", "Carré A – Rangée 1 (10)", "Rangée 2"]);
            assert_eq!(faites.iter().map(|fiche| fiche.anomalies.len()).sum::<usize>(), 1);
            allees.reverse();
        }
        let mut longues = [allee("1", "zone:1", "abcdefgh"), allee("2", "zone:1", "abcdefgh")];
        distingue(&mut longues, &["libelle"], "libelle", 8);
        assert_eq!(texte(&longues[1], "libelle"), "abcd (2)");
    }
}
