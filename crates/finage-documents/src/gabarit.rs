//! A template compiled once, and the documents made of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use typst::foundations::{Array, Bytes, Dict, IntoValue, Str};
use typst::utils::LazyHash;
use typst_layout::PagedDocument;

use crate::donnees::{Champs, Donnees, Entete};
use crate::erreur::GabaritError;
use crate::execution::executer;
use crate::monde::{self, Monde, Piece};
use crate::texte::Texte;
use crate::{bibliotheque, image, noms, pdf, phrases, valeurs};

/// Weight of the template, and of each text that it includes.
const SOURCE_MAX: usize = 256 << 10;
/// Weight of the files beside the template.
const FICHIERS_MAX: usize = 5 << 20;
/// How many they are.
const NOMBRE_MAX: usize = 64;
/// Pages of a document, and of a batch.
pub const PAGES_MAX: usize = 500;
/// Records of a batch.
pub const LOT_MAX: usize = 500;
/// Time for one document.
const DUREE: Duration = Duration::from_secs(20);
/// Time for each record of a batch beside.
const DUREE_PAR_FICHE: Duration = Duration::from_millis(200);

/// What stands before the template: its metadata, the paper and the font, until it says otherwise.
const AVANT: &str = concat!(
    "#set document(title: __titre, author: __auteur, date: __date)\n",
    "#set text(font: \"Noto Sans\", size: 10.5pt, lang: \"fr\", region: \"FR\", fallback: false)\n",
    // The fonts lack the minus sign that the engine gives to negative numbers.
    "#show \"\u{2212}\": \"\u{2013}\"\n",
    "#set page(paper: \"a4\", margin: 25mm)\n",
    "#let __lettre(donnees) = [\n",
);
/// What stands after: one letter for each record, whose pages count from 1.
const APRES: &str = concat!(
    "\n]\n",
    "#for (__rang, __donnees) in __lot.enumerate() {\n",
    "  if __rang > 0 { pagebreak(weak: true) }\n",
    "  [#metadata(__rang)<finage-debut>]\n",
    "  counter(page).update(1)\n",
    "  __lettre(__donnees)\n",
    "  [#metadata(__rang)<finage-fin>]\n",
    "}\n",
);

/// A template that was read and checked, ready for any number of documents.
#[derive(Debug, Clone)]
pub struct Gabarit {
    piece: Arc<Piece>,
}

impl Gabarit {
    /// Reads a template and the files beside it: texts (`.typ`) to import or include, pictures (PNG, JPEG, SVG).
    ///
    /// # Errors
    /// A fault of syntax or something that a template may not do, at its place; a file refused; a weight exceeded.
    pub fn compile(source: &str, fichiers: BTreeMap<String, Vec<u8>>) -> Result<Self, GabaritError> {
        peser(source, &fichiers)?;
        let source = source.to_owned();
        let piece = executer(DUREE, move || lire(&source, fichiers))?;
        Ok(Self { piece: Arc::new(piece) })
    }

    /// The PDF of one document.
    ///
    /// # Errors
    /// The template and the data do not agree (a missing field, a wrong kind), at its place; a bound is exceeded; the
    /// document would not be accessible or archivable.
    pub fn rendre(&self, donnees: &Donnees) -> Result<Vec<u8>, GabaritError> {
        self.composer(&donnees.entete, vec![valeurs::dictionnaire(&donnees.champs)?])
    }

    /// One PDF for many records, each on its own pages. `entete` is that of the whole.
    ///
    /// # Errors
    /// As [`Gabarit::rendre`]; what one record causes names its rank.
    pub fn rendre_lot(
        &self,
        entete: &Entete,
        fiches: impl IntoIterator<Item = Champs>,
    ) -> Result<Vec<u8>, GabaritError> {
        let mut lot = Vec::new();
        for champs in fiches {
            if lot.len() >= LOT_MAX {
                return Err(GabaritError::Lot { max: LOT_MAX });
            }
            let rang = lot.len() + 1;
            lot.push(valeurs::dictionnaire(&champs).map_err(|cause| de_la_fiche(rang, cause))?);
        }
        match self.composer(entete, lot.clone()) {
            Err(erreur @ GabaritError::Gabarit(_)) if lot.len() > 1 => Err(self.fautive(entete, lot).unwrap_or(erreur)),
            resultat => resultat,
        }
    }

    /// One PDF for each document, made when it is asked for.
    pub fn rendre_chacun<'g>(
        &'g self,
        documents: impl IntoIterator<Item = Donnees> + 'g,
    ) -> impl Iterator<Item = Result<Vec<u8>, GabaritError>> + 'g {
        documents.into_iter().map(|donnees| self.rendre(&donnees))
    }

    /// The first record of a batch that can't be written alone.
    fn fautive(&self, entete: &Entete, lot: Vec<Dict>) -> Option<GabaritError> {
        lot.into_iter()
            .enumerate()
            .find_map(|(rang, fiche)| Some(de_la_fiche(rang + 1, self.composer(entete, vec![fiche]).err()?)))
    }

    fn composer(&self, entete: &Entete, lot: Vec<Dict>) -> Result<Vec<u8>, GabaritError> {
        let date = valeurs::date(entete.date).ok_or_else(|| GabaritError::Donnee {
            champ: "date".to_owned(),
            raison: "n’est pas une date imprimable.",
        })?;
        let fiches = u32::try_from(lot.len()).unwrap_or(u32::MAX);
        let lot: Array = lot.into_iter().map(IntoValue::into_value).collect();
        let library = bibliotheque::avec([
            ("__titre", Str::from(valeurs::texte(&entete.titre)).into_value()),
            ("__auteur", Str::from(valeurs::texte(&entete.auteur)).into_value()),
            ("__date", date.into_value()),
            ("__lot", lot.into_value()),
        ]);
        let monde = Monde { piece: Arc::clone(&self.piece), library: LazyHash::new(library), date };
        executer(DUREE + DUREE_PAR_FICHE * fiches, move || mettre_en_page(&monde))
    }
}

fn mettre_en_page(monde: &Monde) -> Result<Vec<u8>, GabaritError> {
    let document = typst::compile::<PagedDocument>(monde).output.map_err(|erreurs| {
        let defauts = erreurs.iter().take(phrases::DEFAUTS_MAX).map(|erreur| phrases::defaut(erreur, monde));
        GabaritError::Gabarit(defauts.collect())
    })?;
    let pages = document.pages().len();
    if pages > PAGES_MAX {
        return Err(GabaritError::Pages { pages, max: PAGES_MAX });
    }
    pdf::ecrire(&document, monde)
}

fn de_la_fiche(rang: usize, cause: GabaritError) -> GabaritError {
    GabaritError::Fiche { rang, cause: Box::new(cause) }
}

fn peser(source: &str, fichiers: &BTreeMap<String, Vec<u8>>) -> Result<(), GabaritError> {
    let trop = |quoi, max: usize| Err(GabaritError::Poids { quoi, max_kio: max >> 10 });
    if source.len() > SOURCE_MAX {
        return trop("Le gabarit", SOURCE_MAX);
    }
    if fichiers.values().map(Vec::len).sum::<usize>() > FICHIERS_MAX || fichiers.len() > NOMBRE_MAX {
        return trop("L’ensemble des fichiers joints (64 au plus)", FICHIERS_MAX);
    }
    if fichiers.iter().any(|(nom, octets)| est_un_texte(nom) && octets.len() > SOURCE_MAX) {
        return trop("Un texte joint au gabarit", SOURCE_MAX);
    }
    Ok(())
}

fn est_un_texte(nom: &str) -> bool {
    nom.ends_with(".typ")
}

/// Reads and checks everything; parsing nests, so it too has a deep stack.
fn lire(source: &str, fichiers: BTreeMap<String, Vec<u8>>) -> Result<Piece, GabaritError> {
    let textes: BTreeSet<&str> =
        fichiers.keys().map(String::as_str).filter(|nom| est_un_texte(nom)).chain([noms::FINAGE]).collect();
    let principal = noms::accepter(noms::MODELE)?;
    let mut piece = Piece { principal, textes: HashMap::new(), fichiers: HashMap::new(), finage: monde::finage()? };
    piece.textes.insert(principal, Texte::lire(principal, None, source, &textes, [AVANT, APRES])?);
    for (nom, octets) in &fichiers {
        let refus = |raison| GabaritError::Fichier { nom: nom.clone(), raison };
        if [noms::MODELE, noms::FINAGE].contains(&nom.as_str()) {
            return Err(refus("porte un nom réservé."));
        }
        let id = noms::accepter(nom)?;
        let extension = nom.rsplit_once('.').map(|(_, extension)| extension);
        match extension {
            Some("typ") => {
                let texte = std::str::from_utf8(octets).map_err(|_| refus("n’est pas un texte en UTF-8."))?;
                piece.textes.insert(id, Texte::lire(id, Some(nom), texte, &textes, ["", ""])?);
            }
            Some("png" | "jpg" | "jpeg") => {
                image::matricielle(octets).map_err(refus)?;
                piece.fichiers.insert(id, Bytes::new(octets.clone()));
            }
            Some("svg") => {
                image::vectorielle(octets).map_err(refus)?;
                piece.fichiers.insert(id, Bytes::new(octets.clone()));
            }
            _ => return Err(refus("n’est ni un texte .typ, ni une image .png, .jpg ou .svg.")),
        }
    }
    Ok(piece)
}
