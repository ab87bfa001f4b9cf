//! Who asks for documents of an object, and what they are made of.

use std::collections::BTreeMap;

use finage_documents::{Champs, Donnee, Entete};
use finage_manifest::{Document, Labels, Piece, pieces};
use jiff::Timestamp;
use serde_json::{Value, json};
use time::Date;
use uuid::Uuid;

use super::gabarits::surcharge;
use super::moule::Source;
use super::requetes::{self, Requete, Sujet};
use super::{DocumentError, valeurs};
use crate::access::droits::Action;
use crate::access::identite::Identite;
use crate::access::journal::{self, Auteur, Fait, Finalite};
use crate::config::Portail;
use crate::db::TenantTx;
use crate::fichiers::nettoye;
use crate::modules::objets::{Fiche, Filtre, Modele, Regard};
use crate::modules::registry::{ModuleCharge, ObjetCharge, Registry};
use crate::territory::jour::day_at;

/// The document that every object with labels has.
pub const ETIQUETTES: &str = "etiquettes";

/// Who asks for documents of an object.
#[derive(Debug, Clone, Copy)]
pub struct Atelier<'a> {
    /// Installed modules: queries may name objects of others.
    pub registry: &'a Registry,
    /// The module.
    pub module: &'a ModuleCharge,
    /// The object.
    pub objet: &'a ObjetCharge,
    /// Who asks.
    pub qui: &'a Identite,
    /// Who publishes this Finage: its address and its logo, on its own letters.
    pub portail: &'a Portail,
    /// Purpose for which personal fields are shown.
    pub finalite: Option<&'a Finalite>,
}

/// What a document says of one row.
#[derive(Debug, Clone)]
pub struct Feuille {
    /// Name of its file.
    pub nom: String,
    /// What the row is called.
    pub titre: String,
    /// Identity of the document.
    pub entete: Entete,
    /// What the template reads as `donnees`.
    pub champs: Champs,
}

impl<'a> Atelier<'a> {
    /// The document of that identifier: one of the manifest, or the labels.
    ///
    /// # Errors
    /// There is none.
    pub fn document(&self, id: &str) -> Result<Document, DocumentError> {
        proposes(self.objet).find(|document| document.id == id).ok_or(DocumentError::Inconnu)
    }

    /// The look at rows that are printed.
    ///
    /// # Errors
    /// The right is missing, or the purpose is not the document's.
    pub fn regard(&self, document: &Document) -> Result<Regard, DocumentError> {
        match (&document.purpose, self.finalite) {
            (Some(purpose), None) => {
                let (document, finalite) = (document.label.clone(), purpose.clone());
                return Err(DocumentError::SansFinalite { document, finalite });
            }
            (purpose, Some(dite)) if purpose.as_deref() != Some(dite.nom()) => {
                return Err(DocumentError::AutreFinalite(document.label.clone()));
            }
            _ => {}
        }
        let finalite = self.finalite_de(document.purpose.as_deref(), self.objet.modele);
        Ok(Regard::new(self.qui, self.objet.modele, Action::Imprimer, finalite)?)
    }

    /// The purpose, where the document has it and the object holds data for it.
    pub(super) fn finalite_de(&self, purpose: Option<&str>, modele: &Modele) -> Option<&'a Finalite> {
        self.finalite.filter(|dite| purpose == Some(dite.nom()) && modele.finalites.contains(&dite.nom()))
    }

    /// The template of a document, with what stands beside it: the collectivité's text where it wrote one.
    ///
    /// # Errors
    /// The database refused.
    pub async fn source(&self, tx: &mut TenantTx, document: &Document) -> Result<Source, DocumentError> {
        let objet = self.objet.modele.objet.nom;
        let texte = match surcharge(tx, objet, &document.id).await? {
            Some(surcharge) => surcharge.texte,
            None => texte_du_module(self.module, document)?.to_owned(),
        };
        Ok(Source {
            texte,
            fichiers: fichiers(self.module),
            logo: self.publie().and_then(|portail| portail.logo.clone()),
        })
    }

    /// What a document says of one row; leaves an act, and a look at personal data its line.
    ///
    /// # Errors
    /// The row is not there or not open, the document is not for it, or a query fails.
    pub async fn recueille(
        &self,
        tx: &mut TenantTx,
        regard: &Regard,
        id: Uuid,
        document: &Document,
    ) -> Result<Feuille, DocumentError> {
        let fiche = regard.fiche(tx, id).await?;
        self.admise(tx, regard, &fiche, document).await?;
        let details = json!({ "document": document.id });
        let cle = id.to_string();
        let fait = Fait { action: "imprimer", objet: self.objet.modele.objet.nom, cle: Some(&cle), details: &details };
        let auteur = Auteur::from(tx.acteur());
        journal::acte(tx, &auteur, &fait).await?;
        let insee = fiche.insee.as_deref().unwrap_or_default();
        let aujourd_hui = day_at(insee, Timestamp::now());
        let mut champs = self.commune_a_tous(aujourd_hui);
        champs.insert("commune".to_owned(), commune(tx, insee).await?.into());
        if document.id == ETIQUETTES {
            champs.insert("etiquettes".to_owned(), Donnee::Liste(vec![self.etiquette(&fiche)]));
            champs.insert("debut".to_owned(), Donnee::Entier(1));
        } else {
            let sujet = Sujet { id, aujourd_hui, fiche: &fiche };
            let mut resultats = Champs::new();
            for requete in &self.requetes(document)? {
                let lignes = requete.lignes(tx, &sujet).await?;
                resultats
                    .insert(requete.nom().to_owned(), Donnee::Liste(lignes.into_iter().map(Donnee::from).collect()));
            }
            champs.insert("requetes".to_owned(), resultats.into());
        }
        let modele = self.objet.modele;
        champs.insert("titre".to_owned(), fiche.titre.as_str().into());
        champs.insert("fiche".to_owned(), valeurs::champs(modele, &fiche).into());
        champs.insert("libelles".to_owned(), valeurs::libelles(modele, &fiche).into());
        let titre = format!("{} – {}", document.label, fiche.titre);
        Ok(Feuille {
            nom: nom_de_fichier(&document.label, &fiche.titre),
            titre: fiche.titre,
            entete: self.entete(&titre, aujourd_hui),
            champs,
        })
    }

    /// Identity of a document of this collectivité.
    pub(super) fn entete(&self, titre: &str, date: Date) -> Entete {
        let auteur = self.qui.collectivite.as_ref().map_or("", |une| une.nom.as_str());
        Entete::new(titre, auteur, date)
    }

    /// What every document knows, whatever its row.
    pub(super) fn commune_a_tous(&self, aujourd_hui: Date) -> Champs {
        let agent = [("nom", self.qui.compte.nom.as_str()), ("courriel", self.qui.compte.email.as_str())];
        Champs::from([
            ("aujourdhui".to_owned(), aujourd_hui.into()),
            (
                "agent".to_owned(),
                agent.map(|(nom, dit)| (nom.to_owned(), dit.into())).into_iter().collect::<Champs>().into(),
            ),
            ("collectivite".to_owned(), self.collectivite().into()),
        ])
    }

    /// Lines of the label of a row.
    fn etiquette(&self, fiche: &Fiche) -> Donnee {
        let lines = self.objet.file.labels.iter().flat_map(|labels| &labels.lines);
        lines.map(|line| ligne(line, fiche)).filter(|line| !line.is_empty()).collect::<Vec<_>>().into()
    }

    fn requetes(&self, document: &Document) -> Result<Vec<Requete>, DocumentError> {
        requetes::preparees(self, document)
    }

    /// Whether the condition of the document holds on the row.
    async fn admise(
        &self,
        tx: &mut TenantTx,
        regard: &Regard,
        fiche: &Fiche,
        document: &Document,
    ) -> Result<(), DocumentError> {
        let Some(texte) = &document.filter else { return Ok(()) };
        let hors = || DocumentError::HorsCondition(document.label.clone());
        let filtre = Filtre {
            ids: Some(vec![fiche.id]),
            archivees: fiche.archivee_le.is_some(),
            du_module: Some(regard.condition_du_module(texte).map_err(|_| hors())?),
            ..Filtre::default()
        };
        if regard.nombre(tx, &filtre).await? == 1 { Ok(()) } else { Err(hors()) }
    }

    /// Who publishes this Finage, on letters of its own: another collectivité does not write under its address.
    fn publie(&self) -> Option<&'a Portail> {
        let nom = self.qui.collectivite.as_ref().map(|une| une.nom.trim().to_lowercase());
        let sien = self.portail.editeur.as_ref().is_none_or(|editeur| Some(editeur.trim().to_lowercase()) == nom);
        sien.then_some(self.portail)
    }

    /// The letterhead.
    fn collectivite(&self) -> Champs {
        let une = self.qui.collectivite.as_ref();
        let nom = une.map_or("", |une| une.nom.as_str());
        let publie = self.publie();
        let adresse: Vec<&str> =
            publie.and_then(|portail| portail.adresse.as_deref()).map_or_else(Vec::new, |adresse| {
                let parts: Vec<&str> = adresse.lines().collect();
                // On one line, commas part what envelopes write apart.
                if parts.len() > 1 { parts } else { adresse.split(',').collect() }
            });
        let adresse: Vec<&str> = adresse.into_iter().map(str::trim).filter(|ligne| !ligne.is_empty()).collect();
        let contact = publie.and_then(|portail| portail.contact.as_deref());
        let (courriel, site) = match contact {
            Some(contact) if contact.contains('@') => (Some(contact), None),
            autre => (None, autre),
        };
        Champs::from(
            [
                ("nom", nom.into()),
                ("code", une.map(|une| une.code.as_str()).into()),
                ("adresse", adresse.into()),
                ("courriel", courriel.into()),
                ("site", site.into()),
                ("telephone", Donnee::Vide),
                ("service", Donnee::Vide),
                ("logo", Donnee::Vide),
                ("logo_texte", format!("Logo de {nom}").into()),
            ]
            .map(|(nom, donnee): (&str, Donnee)| (nom.to_owned(), donnee)),
        )
    }
}

/// The name of a document's file. « Concession 12/14 » is a name, not a path: what parts folders becomes a dash.
fn nom_de_fichier(document: &str, titre: &str) -> String {
    nettoye(&format!("{document} {titre}.pdf").replace(['/', '\\'], "-"))
}

/// Documents of an object: those of its manifest, and its labels.
pub fn proposes(objet: &ObjetCharge) -> impl Iterator<Item = Document> {
    let etiquettes = objet.file.labels.as_ref().map(|Labels { purpose, .. }| Document {
        id: ETIQUETTES.to_owned(),
        label: "Étiquettes".to_owned(),
        template: String::new(),
        queries: BTreeMap::new(),
        purpose: purpose.clone(),
        batch: true,
        filter: None,
    });
    objet.file.documents.iter().cloned().chain(etiquettes)
}

/// The template that the module delivers.
///
/// # Errors
/// Its folder has it no more.
pub(super) fn texte_du_module<'a>(module: &'a ModuleCharge, document: &Document) -> Result<&'a str, DocumentError> {
    if document.id == ETIQUETTES {
        return Ok(include_str!("etiquettes.typ"));
    }
    module.folder.text(&format!("documents/{}", document.template)).map_err(|_| DocumentError::Inconnu)
}

/// What templates of a module may name: pictures, and texts that are no document themselves.
pub(super) fn fichiers(module: &ModuleCharge) -> BTreeMap<String, Vec<u8>> {
    let gabarits =
        || module.objets.iter().flat_map(|objet| &objet.file.documents).map(|document| document.template.as_str());
    super::controle::joints(&module.folder, gabarits)
}

/// A line of a label: a code or a reference is told by its label.
fn ligne(line: &str, fiche: &Fiche) -> String {
    let valeur = |nom: &str| match (fiche.libelles.get(nom), fiche.champs.get(nom)) {
        (Some(Value::String(libelle)), _) => libelle.clone(),
        (_, Some(Value::String(texte))) => texte.clone(),
        (_, None | Some(Value::Null)) => String::new(),
        (_, Some(autre)) => autre.to_string(),
    };
    let piece = |piece: Piece| match piece {
        Piece::Text(texte) => texte,
        Piece::Field(nom) | Piece::Through(nom, _) => valeur(&nom),
    };
    let pieces = pieces(line).unwrap_or_default();
    let vide = pieces.iter().all(|piece| match piece {
        Piece::Text(_) => true,
        Piece::Field(nom) | Piece::Through(nom, _) => valeur(nom).is_empty(),
    });
    if vide { String::new() } else { pieces.into_iter().map(piece).collect::<String>().trim().to_owned() }
}

/// The name of a commune.
async fn commune(tx: &mut TenantTx, insee: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select nom from core.commune where insee = $1").bind(insee).fetch_optional(&mut **tx).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_in_a_name_is_no_folder() {
        assert_eq!(
            nom_de_fichier("Acte du contrat", "2026-0004 – Rang 3 n° 8/9"),
            "Acte du contrat 2026-0004 – Rang 3 n° 8-9.pdf"
        );
        assert_eq!(nom_de_fichier("Arrêté / reprise", r"..\\x"), "Arrêté - reprise ..--x.pdf");
    }
}
