//! `/consulter/{module}/{objet}`: what a module opens to everybody, searched, listed, then a sheet each.

use askama::Template;

use super::Cadre;
use super::formulaire::Choix;
use super::nombres::accord;
use super::objets::Renvoi;
use crate::modules::objets::{Rangee, Trait};

/// What is offered of modules to everybody: a page or a form.
#[derive(Debug, Clone)]
pub struct Publique {
    /// Address.
    pub href: String,
    /// Title.
    pub titre: String,
    /// Sentences.
    pub intro: Option<String>,
}

/// A field of the search.
#[derive(Debug)]
pub struct ChampCherche {
    /// Name of the parameter.
    pub id: String,
    /// Label.
    pub libelle: String,
    /// What to know before one writes.
    pub aide: Option<String>,
    /// What was written.
    pub valeur: String,
    /// Whether it is a year.
    pub annee: bool,
    /// Choices; empty where one writes.
    pub choix: Vec<Choix>,
    /// Why it was refused.
    pub erreur: Option<String>,
}

/// What was found.
#[derive(Debug)]
pub struct Trouvees {
    /// Rows of this page.
    pub rangees: Vec<Rangee>,
    /// Rows in all.
    pub total: i64,
    /// Links to the page before and the page after.
    pub pages: Vec<Renvoi>,
    /// « page 2 sur 5 », where there are several.
    pub rang: Option<String>,
}

/// What a list says of its object.
#[derive(Debug)]
pub struct Consultee {
    /// Address of the list; its rows lead to `adresse/{id}`.
    pub adresse: String,
    /// Sentences under the title.
    pub intro: Option<String>,
    /// Name of a row, singular and plural.
    pub noms: (&'static str, &'static str),
    /// Columns.
    pub colonnes: Vec<String>,
}

/// A list.
#[derive(Debug, Template)]
#[template(path = "consulter.html")]
pub struct ConsulterPage<'a> {
    cadre: Cadre<'a>,
    titre: String,
    objet: Consultee,
    commune: String,
    champs: Vec<ChampCherche>,
    fautes: bool,
    compte: Option<String>,
    lignes: Vec<Ligne>,
    pages: Vec<Renvoi>,
    rang: Option<String>,
    carte: bool,
    formulaires: Vec<Publique>,
}

#[derive(Debug)]
struct Ligne {
    href: String,
    titre: String,
    valeurs: Vec<String>,
    carte: Option<String>,
}

impl<'a> ConsulterPage<'a> {
    /// The page; nothing found is shown before something is asked.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        (titre, objet): (String, Consultee),
        (champs, commune): (Vec<ChampCherche>, String),
        trouvees: Option<Trouvees>,
        formulaires: Vec<Publique>,
    ) -> Self {
        let compte = trouvees.as_ref().map(|trouvees| match usize::try_from(trouvees.total).unwrap_or(0) {
            0 => "Aucun résultat".to_owned(),
            n => accord(n, &objet.noms.0.to_lowercase(), &objet.noms.1.to_lowercase()),
        });
        let (rangees, pages, rang) = trouvees.map_or_else(
            || (Vec::new(), Vec::new(), None),
            |trouvees| (trouvees.rangees, trouvees.pages, trouvees.rang),
        );
        let lignes: Vec<Ligne> = rangees
            .into_iter()
            .map(|rangee| Ligne {
                href: format!("{}/{}", objet.adresse, rangee.id),
                carte: carte(&rangee),
                titre: nomme(rangee.titre),
                valeurs: rangee.valeurs.into_iter().map(Option::unwrap_or_default).collect(),
            })
            .collect();
        let carte = lignes.iter().any(|ligne| ligne.carte.is_some());
        let fautes = champs.iter().any(|champ| champ.erreur.is_some());
        Self { cadre, titre, objet, commune, champs, fautes, compte, lignes, pages, rang, carte, formulaires }
    }
}

/// A sheet.
#[derive(Debug, Template)]
#[template(path = "consulter_fiche.html")]
pub struct ConsulterFichePage<'a> {
    cadre: Cadre<'a>,
    retour: Renvoi,
    titre: String,
    objet: String,
    faits: Vec<(String, String)>,
    lieu: Option<Lieu>,
    textes: Vec<(String, Vec<String>)>,
    tables: Vec<Table>,
    formulaire: Option<Renvoi>,
}

/// Where a row is.
#[derive(Debug)]
pub struct Lieu {
    /// The map, on the spot.
    pub carte: Option<String>,
    /// What the small plan shows, layer by layer, the row's own last.
    pub couches: Vec<CoucheDuPlan>,
    /// Half of its side, metres.
    pub rayon: f64,
    /// Where the row is, in words: what the plan says to who does not see it.
    pub texte: String,
    /// How to walk there, in words.
    pub chemin: Option<String>,
}

/// A layer of the small plan.
#[derive(Debug)]
pub struct CoucheDuPlan {
    /// Its shapes.
    pub traits: Vec<Trait>,
    /// Whether it is the layer of the row in the middle.
    pub sujet: bool,
}

/// Rows of another object, that name this one.
#[derive(Debug)]
pub struct Table {
    /// Identifier in the page.
    pub id: String,
    /// Title.
    pub titre: String,
    /// Columns.
    pub colonnes: Vec<String>,
    /// What each row says.
    pub lignes: Vec<Vec<String>>,
}

/// What a sheet shows.
#[derive(Debug)]
pub struct FicheConsultee {
    /// The list.
    pub retour: Renvoi,
    /// What the row is called.
    pub titre: String,
    /// Name of its object.
    pub objet: String,
    /// Label and value of its fields.
    pub faits: Vec<(String, String)>,
    /// Where it is.
    pub lieu: Option<Lieu>,
    /// What the manifest says: title and sentences.
    pub textes: Vec<(String, String)>,
    /// Rows that name it.
    pub tables: Vec<Table>,
    /// The form that it offers.
    pub formulaire: Option<Renvoi>,
}

impl<'a> ConsulterFichePage<'a> {
    /// The page.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, fiche: FicheConsultee) -> Self {
        let FicheConsultee { retour, titre, objet, faits, lieu, textes, tables, formulaire } = fiche;
        let faits = faits.into_iter().filter(|(_, valeur)| !valeur.is_empty()).collect();
        let phrases =
            |texte: String| texte.lines().map(str::trim).filter(|une| !une.is_empty()).map(str::to_owned).collect();
        let textes = textes.into_iter().map(|(titre, texte)| (titre, phrases(texte))).collect();
        Self { cadre, retour, titre: nomme(titre), objet, faits, lieu, textes, tables, formulaire }
    }
}

/// What a row without a title is called.
fn nomme(titre: String) -> String {
    if titre.is_empty() { "Sans nom".to_owned() } else { titre }
}

/// The map where a row is.
#[must_use]
pub fn carte(rangee: &Rangee) -> Option<String> {
    let (lon, lat) = (rangee.lon?, rangee.lat?);
    Some(format!("/carte#20/{lat:.6}/{lon:.6}"))
}
