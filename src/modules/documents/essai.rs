//! A template tried on a row that does not exist, before it is kept: what it names must be there.

use finage_documents::{Champs, Donnee};
use finage_manifest::{Document, Query, QueryType};
use jiff::Timestamp;
use time::macros::datetime;
use time::{Date, PrimitiveDateTime};

use super::atelier::{ETIQUETTES, fichiers};
use super::moule::Source;
use super::{Atelier, Feuille};
use crate::modules::objets::Nature;
use crate::territory::jour::day_at;

/// The instant of the example.
const MOMENT: PrimitiveDateTime = datetime!(2026-05-01 10:30:00);
/// Rows that each query gives to the example.
const LIGNES: usize = 2;

/// This text as the template of a document, and an example row to make one of.
#[must_use]
pub fn essai(atelier: &Atelier<'_>, document: &Document, texte: &str) -> (Source, Feuille) {
    let source = Source { texte: texte.to_owned(), fichiers: fichiers(atelier.module), logo: None };
    (source, exemple(atelier, document))
}

fn exemple(atelier: &Atelier<'_>, document: &Document) -> Feuille {
    let jour = day_at("", Timestamp::now());
    let mut champs = atelier.commune_a_tous(jour);
    let modele = atelier.objet.modele;
    let nature = |nom: &str| modele.regle(nom).map_or(Nature::Texte, |regle| regle.nature);
    let fiche: Champs =
        modele.objet.champs.iter().map(|champ| (champ.nom.to_owned(), valeur(nature(champ.nom), jour))).collect();
    let nommes =
        modele.regles.iter().filter(|regle| matches!(regle.nature, Nature::Code | Nature::Reference | Nature::Fichier));
    let libelles: Champs = nommes.map(|regle| (regle.champ.to_owned(), "Libellé".into())).collect();
    for (nom, donnee) in [
        ("commune", "Commune".into()),
        ("titre", "Fiche d'exemple".into()),
        ("fiche", fiche.into()),
        ("libelles", libelles.into()),
        ("requetes", requetes(atelier, document, jour).into()),
    ] {
        champs.insert(nom.to_owned(), donnee);
    }
    if document.id == ETIQUETTES {
        let lignes = Donnee::from(vec!["Première ligne", "Seconde ligne"]);
        champs.insert("etiquettes".to_owned(), Donnee::Liste(vec![lignes]));
        champs.insert("debut".to_owned(), Donnee::Entier(1));
    }
    let titre = format!("{} – essai", document.label);
    Feuille { nom: String::new(), titre: titre.clone(), entete: atelier.entete(&titre, jour), champs }
}

fn requetes(atelier: &Atelier<'_>, document: &Document, jour: Date) -> Champs {
    let lignes = |fichier: &str| {
        let chemin = format!("documents/{fichier}");
        let lue = atelier.module.folder.text(&chemin).ok().and_then(|texte| Query::read(&chemin, texte).ok())?;
        let ligne: Champs = lue.results.iter().map(|(nom, genre)| (nom.clone(), du_genre(*genre, jour))).collect();
        Some(Donnee::Liste(vec![Donnee::from(ligne); LIGNES]))
    };
    let dites = document.queries.iter();
    dites.map(|(nom, fichier)| (nom.clone(), lignes(fichier).unwrap_or(Donnee::Liste(Vec::new())))).collect()
}

fn valeur(nature: Nature, jour: Date) -> Donnee {
    match nature {
        Nature::Entier => Donnee::Entier(12),
        Nature::Decimal | Nature::Montant => Donnee::Decimal("1234.50".to_owned()),
        Nature::Date => jour.into(),
        Nature::Instant => MOMENT.into(),
        Nature::Booleen => true.into(),
        Nature::References => Donnee::Liste(Vec::new()),
        _ => "Texte".into(),
    }
}

fn du_genre(genre: QueryType, jour: Date) -> Donnee {
    match genre {
        QueryType::Integer => Donnee::Entier(12),
        QueryType::Decimal => Donnee::Decimal("1234.50".to_owned()),
        QueryType::Boolean => true.into(),
        QueryType::Date => jour.into(),
        QueryType::Instant => MOMENT.into(),
        _ => "Texte".into(),
    }
}
