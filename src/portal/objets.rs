//! Pages of objects that belong to collectivités: lists, sheets, their forms. What they show follows from the object's
//! model, and from what is open to who asks.

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use time::OffsetDateTime;

use super::Cadre;
use super::champs::lisible;
use super::nombres::{accord, encode};
use crate::access::droits::Champ;
use crate::modules::objets::{Etape, Fiche, Joint, Modele, PageFiches};

pub use super::champs::{ChampPage, Choix, texte};

/// Rows of a page of a list.
pub const PAR_PAGE: i64 = 50;

/// A link: text and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renvoi {
    /// Text.
    pub libelle: String,
    /// Address.
    pub href: String,
}

impl Renvoi {
    /// A link.
    #[must_use]
    pub fn new(libelle: impl Into<String>, href: impl Into<String>) -> Self {
        Self { libelle: libelle.into(), href: href.into() }
    }
}

/// « 28/11/2026 09:12 », in Paris.
#[must_use]
pub fn moment(le: OffsetDateTime) -> String {
    let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    Timestamp::from_second(le.unix_timestamp())
        .map(|instant| instant.to_zoned(zone).strftime("%d/%m/%Y %H:%M").to_string())
        .unwrap_or_default()
}

/// A list of rows.
#[derive(Debug, Template)]
#[template(path = "objets.html")]
pub struct ListePage<'a> {
    cadre: Cadre<'a>,
    chapeau: &'static str,
    /// Address of the list.
    adresse: &'static str,
    /// Filters.
    champs: Vec<ChampPage>,
    compte: Option<String>,
    legende: String,
    colonnes: Vec<&'static str>,
    lignes: Vec<LigneListe>,
    pages: Vec<Renvoi>,
    actions: Vec<Renvoi>,
}

#[derive(Debug)]
struct LigneListe {
    href: String,
    titre: String,
    valeurs: Vec<String>,
    creee: String,
}

/// What a list is made of.
#[derive(Debug)]
pub struct Liste<'p> {
    /// One sentence under the title.
    pub chapeau: &'static str,
    /// Address of the list; its rows lead to `adresse/{id}`.
    pub adresse: &'static str,
    /// The model.
    pub modele: &'static Modele,
    /// Names of the fields shown beside the title.
    pub colonnes: &'p [&'static str],
    /// Filters, filled.
    pub champs: Vec<ChampPage>,
    /// What was found; none when nothing was looked for.
    pub page: Option<&'p PageFiches>,
    /// The query of this page without its rank.
    pub suite: &'p str,
    /// Links from it.
    pub actions: Vec<Renvoi>,
}

impl<'a> ListePage<'a> {
    /// The page of a list.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, liste: Liste<'_>) -> Self {
        let Liste { chapeau, adresse, modele, colonnes, champs, page, suite, actions } = liste;
        let montres: Vec<&'static Champ> = colonnes.iter().filter_map(|nom| modele.objet.champ(nom)).collect();
        let ligne = |fiche: &Fiche| LigneListe {
            href: format!("{adresse}/{}", fiche.id),
            titre: titre(modele, fiche),
            valeurs: montres.iter().map(|champ| lisible(modele, champ, fiche.champs.get(champ.nom))).collect(),
            creee: moment(fiche.creee_le),
        };
        let compte = page.map(|page| match usize::try_from(page.total).unwrap_or(usize::MAX) {
            0 => "Aucune fiche".to_owned(),
            n => accord(n, "fiche", "fiches"),
        });
        Self {
            compte,
            legende: page.map(legende).unwrap_or_default(),
            colonnes: montres.iter().map(|champ| champ.libelle).collect(),
            lignes: page.map(|page| page.fiches.iter().map(ligne).collect()).unwrap_or_default(),
            pages: page.map(|page| pages(page, adresse, suite)).unwrap_or_default(),
            cadre,
            chapeau,
            adresse,
            champs,
            actions,
        }
    }
}

/// What a row is called, even where its name is not open.
#[must_use]
pub fn titre(modele: &Modele, fiche: &Fiche) -> String {
    let titre = texte(fiche.champs.get(modele.titre));
    if titre.is_empty() { format!("Fiche {}", fiche.id) } else { titre }
}

fn legende(page: &PageFiches) -> String {
    let vues = i64::try_from(page.fiches.len()).unwrap_or(i64::MAX);
    if vues == 0 {
        String::new()
    } else {
        format!("Fiches {} à {}, les plus récentes d'abord", page.rang + 1, page.rang + vues)
    }
}

fn pages(page: &PageFiches, adresse: &str, suite: &str) -> Vec<Renvoi> {
    let mut pages = Vec::new();
    let at = |rang: i64| format!("{adresse}?{suite}rang={rang}");
    if page.rang > 0 {
        pages.push(Renvoi::new("Page précédente", at((page.rang - PAR_PAGE).max(0))));
    }
    if page.rang + PAR_PAGE < page.total {
        pages.push(Renvoi::new("Page suivante", at(page.rang + PAR_PAGE)));
    }
    pages
}

/// A query of an address: pairs that are not empty, followed by `&`.
#[must_use]
pub fn suite(paires: &[(&str, &str)]) -> String {
    paires
        .iter()
        .filter(|(_, valeur)| !valeur.is_empty())
        .fold(String::new(), |suite, (nom, valeur)| suite + nom + "=" + &encode(valeur) + "&")
}

/// A form that makes a row.
#[derive(Debug, Template)]
#[template(path = "objet_nouveau.html")]
pub struct NouveauPage<'a> {
    /// Frame.
    pub cadre: Cadre<'a>,
    /// Where the list is.
    pub retour: Renvoi,
    /// Where the form goes.
    pub action: String,
    /// Fields.
    pub champs: Vec<ChampPage>,
    /// Why it was refused.
    pub erreur: Option<String>,
}

/// A sheet: what it holds, its form, its files, its history, what was done with it.
#[derive(Debug, Template)]
#[template(path = "objet.html")]
pub struct FichePage<'a> {
    cadre: Cadre<'a>,
    retour: Renvoi,
    titre: String,
    adresse: String,
    version: i32,
    faits: Vec<(String, String)>,
    liens: Vec<Renvoi>,
    champs: Vec<ChampPage>,
    erreur: Option<String>,
    archivable: bool,
    joints: Option<JointsPage>,
    etapes: Vec<EtapePage>,
    traces: Option<Vec<TracePage>>,
}

/// The files of a sheet.
#[derive(Debug)]
pub struct JointsPage {
    lignes: Vec<JointPage>,
    modifiables: bool,
    accepte: String,
}

#[derive(Debug)]
struct JointPage {
    id: String,
    nom: String,
    taille: String,
    le: String,
}

/// A step of the history.
#[derive(Debug)]
struct EtapePage {
    le: String,
    par: String,
    quoi: &'static str,
    changements: Vec<String>,
}

/// A line of the journal.
#[derive(Debug)]
pub struct TracePage {
    /// When.
    pub le: String,
    /// Who.
    pub compte: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub objet: String,
    /// Key of it.
    pub cle: String,
    /// For what purpose.
    pub finalite: String,
    /// Criteria, numbers, fields.
    pub details: String,
}

/// What a sheet is made of.
#[derive(Debug)]
pub struct Contenu<'f> {
    /// The model.
    pub modele: &'static Modele,
    /// The row.
    pub fiche: &'f Fiche,
    /// Address of the sheet.
    pub adresse: String,
    /// Fields that may be written, filled; empty when none may.
    pub champs: Vec<ChampPage>,
    /// Why what was written was refused.
    pub erreur: Option<String>,
    /// Whether it may be archived.
    pub archivable: bool,
    /// Its files, and whether they may be changed.
    pub joints: Option<(Vec<Joint>, bool)>,
    /// Its history, with who made each step.
    pub etapes: Vec<(Option<String>, Etape)>,
    /// What the journal tells of it.
    pub traces: Option<Vec<TracePage>>,
    /// Links from it.
    pub liens: Vec<Renvoi>,
}

impl<'a> FichePage<'a> {
    /// The page of a sheet.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, retour: Renvoi, contenu: Contenu<'_>) -> Self {
        let Contenu { modele, fiche, adresse, champs, erreur, archivable, joints, etapes, traces, liens } = contenu;
        let lus = modele.objet.champs.iter().filter_map(|champ| {
            let texte = lisible(modele, champ, fiche.champs.get(champ.nom));
            (!texte.is_empty()).then(|| (champ.libelle.to_owned(), texte))
        });
        let mut faits: Vec<(String, String)> = lus.collect();
        faits.extend(fiche.insee.iter().map(|insee| ("Commune".to_owned(), insee.clone())));
        faits.push(("Créée le".to_owned(), moment(fiche.creee_le)));
        faits.extend(fiche.archivee_le.map(|le| ("Archivée le".to_owned(), moment(le))));
        if !fiche.propre {
            faits.push(("Tenue par".to_owned(), "une autre collectivité du territoire".to_owned()));
        }
        Self {
            titre: titre(modele, fiche),
            version: fiche.version,
            archivable: archivable && fiche.archivee_le.is_none(),
            joints: joints.map(|(joints, modifiables)| JointsPage {
                lignes: joints.iter().map(JointPage::new).collect(),
                modifiables,
                accepte: crate::fichiers::EXTENSIONS.map(|extension| format!(".{extension}")).join(","),
            }),
            etapes: etapes.into_iter().map(|(par, etape)| EtapePage::new(modele, par, &etape)).collect(),
            cadre,
            retour,
            adresse,
            faits,
            liens,
            champs,
            erreur,
            traces,
        }
    }
}

impl JointPage {
    fn new(joint: &Joint) -> Self {
        Self {
            id: joint.id.to_string(),
            nom: joint.nom.clone(),
            taille: super::nombres::taille(joint.octets),
            le: moment(joint.creee_le),
        }
    }
}

impl EtapePage {
    fn new(modele: &Modele, par: Option<String>, etape: &Etape) -> Self {
        let quoi = match etape.operation.as_str() {
            "creation" => "Création",
            "retrait" => "Retrait",
            _ if etape.archivage => "Archivage",
            _ => "Changement",
        };
        let mut changements: Vec<String> = modele
            .objet
            .champs
            .iter()
            .filter(|champ| etape.operation == "changement" && etape.apres.get(champ.nom).is_some())
            .map(|champ| {
                let (avant, apres) = (etape.avant.get(champ.nom), etape.apres.get(champ.nom));
                let dit = |valeur| match lisible(modele, champ, valeur) {
                    vide if vide.is_empty() => "rien".to_owned(),
                    texte => format!("« {texte} »"),
                };
                format!("{} : {} devient {}", champ.libelle, dit(avant), dit(apres))
            })
            .collect();
        if etape.operation == "changement" && etape.geometrie {
            changements.push("Emplacement changé".to_owned());
        }
        Self { le: moment(etape.le), par: par.unwrap_or_else(|| "inconnu".to_owned()), quoi, changements }
    }
}

/// The journal of a collectivité.
#[derive(Debug, Template)]
#[template(path = "journal.html")]
pub struct JournalPage<'a> {
    /// Frame.
    pub cadre: Cadre<'a>,
    /// Both chains: text, address, whether it is shown.
    pub chaines: Vec<(Renvoi, bool)>,
    /// Where the filters go.
    pub adresse: String,
    /// Filters.
    pub champs: Vec<ChampPage>,
    /// Lines.
    pub lignes: Vec<TracePage>,
    /// Older lines.
    pub suite: Option<String>,
    /// The same as a file.
    pub export: Option<String>,
    /// Why the search was refused.
    pub erreur: Option<String>,
}
