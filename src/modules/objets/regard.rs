//! A look at rows: a right to read, and what it leaves in the journal.

use serde_json::{Value, json};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::designees::{Designee, designees};
use super::intitule::{Lecteur, Nommeur, Suivi};
use super::{Modele, ObjetError, Regle};
use crate::access::droits::{Action, Champ, Droit, Genre};
use crate::access::identite::{Identite, Refus};
use crate::access::journal::{self, Auteur, Fait, Finalite};
use crate::db::TenantTx;

/// Answering persons about their own data: it looks at what is known of them for every purpose.
pub const DROITS_DES_PERSONNES: &str = "droits_des_personnes";
/// Pairs of a `jsonb_build_object`, whose arguments PostgreSQL bounds at a hundred.
const PAIRES: usize = 40;

/// A right to read rows of a model. A nominative one leaves a line in the journal at each look.
#[derive(Debug, Clone)]
pub struct Regard {
    pub(super) modele: &'static Modele,
    droit: Droit,
    /// The right to do this at all, of a nominative look: both open the row.
    aussi: Option<Droit>,
    finalite: Option<Finalite>,
    pub(super) nommeur: Nommeur,
    /// References whose rows a text searches too.
    pub(super) designees: Vec<Designee>,
    parent: Option<Box<(&'static Regle, Self)>>,
    publique: bool,
}

impl Regard {
    /// The look of `qui`: nominative when a purpose is said, else without any nominative field.
    ///
    /// # Errors
    /// The right was not given, or not for this purpose.
    pub fn new(
        qui: &Identite,
        modele: &'static Modele,
        action: Action,
        finalite: Option<&Finalite>,
    ) -> Result<Self, Refus> {
        let ordinaire = qui.droit(modele.objet, action)?;
        let parent = match Self::parent(modele) {
            // Who may not see the parent sees not the child.
            Some((regle, cible)) => Some(Box::new((regle, Self::new(qui, cible, Action::Lire, None)?))),
            None => None,
        };
        let Some(finalite) = finalite.filter(|_| modele.nominatif) else {
            let nommeur = Nommeur::new(Lecteur::Compte(qui), modele, ordinaire.clone(), &[]);
            return Ok(Self {
                modele,
                droit: ordinaire,
                aussi: None,
                finalite: None,
                nommeur,
                designees: designees(qui, modele),
                parent,
                publique: false,
            });
        };
        let droit = nominatif(qui, modele, finalite)?;
        let nommeur = Nommeur::new(Lecteur::Compte(qui), modele, droit.clone(), &[]);
        Ok(Self {
            modele,
            droit,
            aussi: Some(ordinaire),
            finalite: Some(finalite.clone()),
            nommeur,
            designees: designees(qui, modele),
            parent,
            publique: false,
        })
    }

    /// The look of anybody, where a module opens rows to the public: where it opens their parents too.
    /// Besides titles, it reads `suivis` through references.
    pub fn public(
        modele: &'static Modele,
        droit: &impl Fn(&Modele) -> Option<Droit>,
        suivis: &[Suivi],
    ) -> Option<Self> {
        let sien = droit(modele)?;
        let parent = match Self::parent(modele) {
            Some((regle, cible)) => Some(Box::new((regle, Self::public(cible, droit, &[])?))),
            None => None,
        };
        let nommeur = Nommeur::new(Lecteur::Public(droit), modele, sien.clone(), suivis);
        Some(Self {
            modele,
            droit: sien,
            aussi: None,
            finalite: None,
            nommeur,
            designees: Vec::new(),
            parent,
            publique: true,
        })
    }

    /// The reference that commands the rights on rows of a model, and what it names.
    pub(super) fn parent(modele: &'static Modele) -> Option<(&'static Regle, &'static Modele)> {
        let regle = modele.regle(modele.parent?)?;
        Some((regle, regle.lien?.cible()?))
    }

    /// The model.
    #[must_use]
    pub fn modele(&self) -> &'static Modele {
        self.modele
    }

    /// The communes whose rows each role opens, none for all of them, where communes say it all of rows and of these fields;
    /// `None` too where rows follow their parent's rights, or are looked at for a purpose.
    #[must_use]
    pub fn par_commune(&self, champs: &[&Champ]) -> Option<Vec<Option<&[String]>>> {
        if self.parent.is_some() || self.aussi.is_some() { None } else { self.droit.par_commune(champs) }
    }

    /// Whether it is anybody's.
    #[must_use]
    pub fn est_public(&self) -> bool {
        self.publique
    }

    /// Fields open on some row at least.
    pub fn champs(&self) -> impl Iterator<Item = &'static Champ> {
        self.droit.champs()
    }

    /// Whether a field is open on every row that is.
    #[must_use]
    pub fn ouvre_partout(&self, champ: &Champ) -> bool {
        self.droit.ouvre_partout(champ)
    }

    /// Adds the condition that rows fulfil.
    pub fn pousse_condition(&self, requete: &mut QueryBuilder<Postgres>) {
        self.droit.pousse_condition(requete);
        if let Some(aussi) = &self.aussi {
            requete.push(" and ");
            aussi.pousse_condition(requete);
        }
        pousse_finalite(self.modele, self.finalite.as_ref(), requete);
        if let Some(parent) = &self.parent {
            requete.push(" and ");
            parent.1.pousse_appartenance(parent.0, requete);
        }
    }

    /// Adds the condition that the row named by `regle` is open to this look.
    fn pousse_appartenance(&self, regle: &Regle, requete: &mut QueryBuilder<Postgres>) {
        let cle = regle.lien.map_or("id", |lien| lien.cle);
        requete.push("o.\"").push(regle.champ).push("\" in (select o.\"").push(cle).push("\" from ");
        requete.push(self.modele.relation()).push(" o where ");
        self.pousse_condition(requete);
        requete.push(")");
    }

    /// Adds an object of every field, null where it is not open.
    pub(super) fn pousse_champs(&self, requete: &mut QueryBuilder<Postgres>) {
        self.pousse_ces_champs(|_| true, requete);
    }

    /// The same of some fields.
    pub(super) fn pousse_ces_champs(&self, garde: impl Fn(&Champ) -> bool, requete: &mut QueryBuilder<Postgres>) {
        let champs: Vec<&Champ> = self.modele.objet.champs.iter().filter(|champ| garde(champ)).collect();
        requete.push("('{}'::jsonb");
        for lot in champs.chunks(PAIRES) {
            requete.push(" || jsonb_build_object(");
            for (rang, champ) in lot.iter().enumerate() {
                // Names are those of the program or of a checked manifest: never of a request.
                requete.push(if rang == 0 { "'" } else { ", '" }).push(champ.nom).push("', ");
                if champ.genre == Genre::Decimal {
                    // Exact, whatever reads it.
                    requete.push("(");
                    self.droit.pousse_champ(champ, requete);
                    requete.push(")::text");
                } else {
                    self.droit.pousse_champ(champ, requete);
                }
            }
            requete.push(")");
        }
        requete.push(")");
    }

    /// Adds a field, null where it is not open, in parentheses.
    pub fn pousse_champ(&self, nom: &str, requete: &mut QueryBuilder<Postgres>) {
        requete.push("(");
        if let Some(champ) = self.modele.objet.champ(nom) {
            self.droit.pousse_champ(champ, requete);
        } else {
            requete.push("null");
        }
        requete.push(")");
    }

    /// Adds what a row `o` is called, null where nothing of it is open; wants [`Self::pousse_nommees`] in its `from`.
    pub(in crate::modules) fn pousse_titre(&self, requete: &mut QueryBuilder<Postgres>) {
        requete.push("nullif(");
        self.nommeur.pousse_intitule(requete);
        requete.push(", '')");
    }

    /// Adds, after the row `o`, what its title is made of.
    pub(in crate::modules) fn pousse_nommees(&self, requete: &mut QueryBuilder<Postgres>) {
        self.nommeur.pousse_source(requete);
    }

    /// Writes that nominative data were seen; nothing for what is not.
    pub(crate) async fn journalise(
        &self,
        tx: &mut TenantTx,
        action: &str,
        cle: Option<Uuid>,
        details: &Value,
    ) -> Result<(), ObjetError> {
        let Some(finalite) = &self.finalite else { return Ok(()) };
        let auteur = Auteur::from(tx.acteur());
        let cle = cle.map(|cle| cle.to_string());
        let fait = Fait { action, objet: self.modele.objet.nom, cle: cle.as_deref(), details };
        Ok(journal::acces(tx, &auteur, finalite, &fait).await?)
    }

    /// Writes that a sheet was seen.
    pub(super) async fn fiche_vue(&self, tx: &mut TenantTx, id: Uuid) -> Result<(), ObjetError> {
        self.journalise(tx, "lire", Some(id), &json!({})).await
    }
}

/// The right of `qui` to nominative fields for a purpose: of a module, the fields held for it and no other.
pub(super) fn nominatif(qui: &Identite, modele: &'static Modele, finalite: &Finalite) -> Result<Droit, Refus> {
    let connue = modele.finalites.is_empty() || modele.finalites.contains(&finalite.nom());
    if !connue {
        return Err(Refus::Finalite(finalite.clone()));
    }
    let droit = qui.nominatif(modele.objet, finalite)?;
    let autre = |champ: &Champ| {
        modele.regle(champ.nom).and_then(|regle| regle.finalite).is_some_and(|nom| nom != finalite.nom())
    };
    Ok(droit.sans(autre))
}

/// Rows of the purpose, where rows are known for one; for the rights of persons, those of one's own collectivité whatever
/// their purpose.
pub(super) fn pousse_finalite(modele: &Modele, finalite: Option<&Finalite>, requete: &mut QueryBuilder<Postgres>) {
    match finalite.filter(|_| modele.finalite_en_colonne) {
        Some(finalite) if finalite.nom() == DROITS_DES_PERSONNES => {
            requete.push(" and collectivite = (select acces.ma_collectivite())");
        }
        Some(finalite) => {
            requete.push(" and finalite = ").push_bind(finalite.nom().to_owned());
        }
        None => {}
    }
}

/// What to answer for a row that a right does not open: it is known to its own collectivité alone.
///
/// # Errors
/// The database refused.
pub async fn refus(tx: &mut TenantTx, modele: &Modele, id: Uuid) -> sqlx::Result<ObjetError> {
    let mut requete = QueryBuilder::new("select exists (select from ");
    requete.push(modele.relation());
    requete.push(" where id = ").push_bind(id).push(" and collectivite = (select acces.ma_collectivite()))");
    let sienne: bool = requete.build_query_scalar().fetch_one(&mut **tx).await?;
    Ok(if sienne { ObjetError::Fermee } else { ObjetError::Absente })
}
