//! Who looks at what: a right on an object, and the purpose when the look is nominative.

use serde_json::{Value, json};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::{Modele, ObjetError};
use crate::access::droits::{Action, Champ, Droit};
use crate::access::identite::{Identite, Refus};
use crate::access::journal::{self, Auteur, Fait, Finalite};
use crate::db::TenantTx;

/// The purpose under which a person's data are found whatever the purpose they are known for, to answer that person.
pub const DROITS_DES_PERSONNES: &str = "droits_des_personnes";

/// A right to read rows of a model. A nominative one leaves a line in the journal at each look.
#[derive(Debug, Clone)]
pub struct Regard {
    pub(super) modele: &'static Modele,
    droit: Droit,
    /// The right to do this at all, of a nominative look: both open the row.
    aussi: Option<Droit>,
    finalite: Option<Finalite>,
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
        let Some(finalite) = finalite.filter(|_| modele.nominatif) else {
            return Ok(Self { modele, droit: ordinaire, aussi: None, finalite: None });
        };
        let droit = qui.nominatif(modele.objet, finalite)?;
        Ok(Self { modele, droit, aussi: Some(ordinaire), finalite: Some(finalite.clone()) })
    }

    /// The model.
    #[must_use]
    pub fn modele(&self) -> &'static Modele {
        self.modele
    }

    /// Fields open on some row at least.
    pub fn champs(&self) -> impl Iterator<Item = &'static Champ> {
        self.droit.champs()
    }

    /// Adds the condition that rows fulfil.
    pub fn pousse_condition(&self, requete: &mut QueryBuilder<Postgres>) {
        self.droit.pousse_condition(requete);
        if let Some(aussi) = &self.aussi {
            requete.push(" and ");
            aussi.pousse_condition(requete);
        }
        pousse_finalite(self.finalite.as_ref(), requete);
    }

    /// Adds an object of every field, null where it is not open.
    pub(super) fn pousse_champs(&self, requete: &mut QueryBuilder<Postgres>) {
        requete.push("jsonb_build_object(");
        for (rang, champ) in self.modele.objet.champs.iter().enumerate() {
            if rang > 0 {
                requete.push(", ");
            }
            // Names are those of the program: never of a request.
            requete.push("'").push(champ.nom).push("', ");
            self.droit.pousse_champ(champ, requete);
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

/// Rows of the purpose; for the rights of persons, those of one's own collectivité whatever their purpose.
pub(super) fn pousse_finalite(finalite: Option<&Finalite>, requete: &mut QueryBuilder<Postgres>) {
    match finalite {
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
