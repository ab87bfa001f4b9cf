//! What is asked of a public page: its fields as they were filled, and what they mean.

use super::Ouverte;
use crate::db::TenantTx;
use crate::http::problem::Problem;
use crate::modules::objets::{Colonne, Critere, Filtre, Modele, Nature, Regle, codes};
use crate::portal::{ChampCherche, Choix};

/// Longest text searched, characters.
const MAX_TEXT: usize = 100;
/// Choices of a list at most.
const MAX_CHOICES: i64 = 200;
/// Letters of a text that is searched among persons, at least: one would list them all.
const MIN_LETTERS: usize = 2;

/// The fields of the search, and the criteria of those that are filled and good.
pub(super) async fn lus(
    ouverte: &Ouverte<'_>,
    tx: &mut TenantTx,
    params: &[(String, String)],
) -> Result<(Vec<ChampCherche>, Vec<Critere>), Problem> {
    let (mut champs, mut criteres) = (Vec::new(), Vec::new());
    for search in &ouverte.page.search {
        let valeur = params.iter().find(|(nom, _)| *nom == search.id).map_or("", |(_, valeur)| valeur.as_str());
        // PostgreSQL text holds no NUL; a control character is no part of a name.
        let valeur: String = valeur.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_TEXT).collect();
        let valeur = valeur.trim().to_owned();
        let colonnes = ouverte.colonnes(&search.fields);
        let Some(colonne) = colonnes.first().copied() else { continue };
        let Some((modele, regle)) = ouverte.modele().montre(colonne) else { continue };
        let genre = genre(ouverte, &colonnes, regle);
        let choix = match genre {
            Genre::Choix => choices(ouverte, tx, (modele, regle), &valeur).await?,
            _ => Vec::new(),
        };
        let lu = critere(genre, &colonnes, &valeur, ouverte.page.persons);
        let erreur = lu.as_ref().err().map(|phrase| (*phrase).to_owned());
        criteres.extend(lu.ok().flatten());
        champs.push(ChampCherche {
            id: search.id.clone(),
            libelle: search.label.clone(),
            aide: search.help.clone(),
            valeur,
            annee: genre == Genre::Annee,
            choix,
            erreur,
        });
    }
    Ok((champs, criteres))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Genre {
    Mots,
    Annee,
    Choix,
}

fn genre(ouverte: &Ouverte<'_>, colonnes: &[Colonne], regle: &Regle) -> Genre {
    if matches!(regle.nature, Nature::Code | Nature::Reference) {
        return Genre::Choix;
    }
    let date = |colonne: &Colonne| {
        let regle = ouverte.modele().regle(colonne.champ);
        regle.is_some_and(|regle| matches!(regle.nature, Nature::Date | Nature::Entier))
    };
    if colonnes.iter().any(date) { Genre::Annee } else { Genre::Mots }
}

/// What a field asks; nothing where it is empty.
fn critere(genre: Genre, colonnes: &[Colonne], valeur: &str, persons: bool) -> Result<Option<Critere>, &'static str> {
    if valeur.is_empty() {
        return Ok(None);
    }
    let champs = || colonnes.iter().map(|colonne| colonne.champ).collect();
    match (genre, colonnes) {
        (Genre::Choix, [Colonne { champ, suite: None }]) => Ok(Some(Critere::Egal(champ, valeur.to_owned()))),
        (Genre::Choix, [Colonne { champ, suite: Some(suite) }]) => {
            Ok(Some(Critere::EgalSuivi(champ, suite, valeur.to_owned())))
        }
        (Genre::Choix, _) => Ok(None),
        (Genre::Annee, _) => match valeur.parse() {
            Ok(annee) if (1..=9999).contains(&annee) => Ok(Some(Critere::Annee(champs(), annee))),
            _ => Err("Une année en quatre chiffres est attendue, par exemple 1987."),
        },
        (Genre::Mots, _) if persons && valeur.chars().filter(|c| c.is_alphanumeric()).count() < MIN_LETTERS => {
            Err("Écrivez au moins deux lettres.")
        }
        (Genre::Mots, _) => Ok(Some(Critere::Mots(champs(), valeur.to_owned()))),
    }
}

/// The codes or the rows that a field may be, as everybody reads them.
async fn choices(
    ouverte: &Ouverte<'_>,
    tx: &mut TenantTx,
    (modele, regle): (&'static Modele, &'static Regle),
    choisi: &str,
) -> Result<Vec<Choix>, Problem> {
    let mut paires = vec![(String::new(), "Tous".to_owned())];
    if let Some(nomenclature) = regle.nomenclature {
        let lus = codes(tx, nomenclature, None, MAX_CHOICES).await?;
        paires.extend(lus.into_iter().map(|code| (code.valeur, code.libelle)));
    } else if let Some(regard) = regle.lien.and_then(|lien| ouverte.registry.publique(lien.cible()?)) {
        let filtre = Filtre { limite: MAX_CHOICES, ..Filtre::default() };
        let mut lues = regard.rangees(tx, &filtre, &[], None).await?;
        lues.sort_by(|une, autre| une.titre.cmp(&autre.titre));
        paires.extend(lues.into_iter().map(|rangee| (rangee.id.to_string(), rangee.titre)));
    } else {
        tracing::error!(objet = modele.objet.nom, champ = regle.champ, "recherche publique sans choix");
    }
    Ok(Choix::parmi(paires, choisi))
}
