//! Rows that a step makes in other objects: the program says which, the engine writes them under the rights of who takes it.

use std::ptr;

use finage_manifest::Step;
use futures::future::BoxFuture;
use serde_json::{Map, Value};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{Franchissement, Parcours, Suite};
use crate::access::droits::Action;
use crate::db::TenantTx;
use crate::modules::crochet::{Produit, produits};
use crate::modules::objets::{EtapeRefusee, Modele, ObjetError, Plume, Saisie};
use crate::modules::registry::ObjetCharge;

/// Rows that one step makes at most, those of rows included.
const MAX_PRODUITS: usize = 1_000;

/// Where the row of a step is.
struct Origine<'a> {
    etape: &'a Step,
    plume: &'a Plume,
    insee: Option<String>,
}

impl Parcours<'_> {
    /// Whether the account may make the rows that a step makes.
    pub(super) fn fait(&self, etape: &Step) -> bool {
        let objet = |nom: &String| self.objet(nom);
        etape.creates.iter().filter_map(objet).all(|objet| self.qui.droit(objet.modele.objet, Action::Creer).is_ok())
    }

    /// Makes the rows that the program says, and takes them through their own step.
    ///
    /// # Errors
    /// The account may not, a row is refused, or the program makes what its manifest does not say.
    pub(super) async fn produire(
        &self,
        tx: &mut TenantTx,
        plume: &Plume,
        id: Uuid,
        etape: &Step,
        suite: &impl Suite,
    ) -> Result<(), ObjetError> {
        if etape.creates.is_empty() {
            return Ok(());
        }
        let lus = produits(tx, self.modele, &etape.id, id).await?;
        if lus.iter().map(Produit::nombre).sum::<usize>() > MAX_PRODUITS {
            return Err(self.illisible(etape));
        }
        let mut requete = QueryBuilder::new("select o.insee from ");
        requete.push(self.modele.relation()).push(" o where o.id = ").push_bind(id);
        let insee = requete.build_query_scalar().fetch_one(&mut **tx).await?;
        let origine = Origine { etape, plume, insee };
        for produit in lus {
            self.produit(tx, &origine, produit, None, suite).await?;
        }
        Ok(())
    }

    fn produit<'f>(
        &'f self,
        tx: &'f mut TenantTx,
        origine: &'f Origine<'_>,
        produit: Produit,
        parent: Option<(&'static str, Uuid)>,
        suite: &'f impl Suite,
    ) -> BoxFuture<'f, Result<(), ObjetError>> {
        Box::pin(async move {
            let dit = origine.etape.creates.iter().any(|nom| nom == produit.objet);
            let Some(objet) = self.objet(produit.objet).filter(|_| dit) else {
                return Err(self.illisible(origine.etape));
            };
            let mut champs = produit.champs;
            if let Some((par, id)) = parent {
                champs.insert(par.to_owned(), Value::String(id.to_string()));
            }
            let id = Uuid::new_v4();
            let plume = Plume::new(self.qui, objet.modele, Action::Creer, origine.plume.finalite())?.pour_une_etape();
            let saisie = Saisie { champs: &champs, geometrie: None, insee: origine.insee.as_deref() };
            let nomme = |error: ObjetError| error.nommee(objet.modele);
            plume.creer(tx, id, &saisie, 0).await.map_err(nomme)?;
            for (par, enfant) in produit.enfants {
                self.produit(tx, origine, enfant, Some((par, id)), suite).await?;
            }
            match produit.etape {
                Some(etape) => self.avance(tx, origine, objet, (id, etape), suite).await,
                None => Ok(()),
            }
        })
    }

    /// Takes a row that was made through a step of its own.
    async fn avance(
        &self,
        tx: &mut TenantTx,
        origine: &Origine<'_>,
        objet: &ObjetCharge,
        (id, etape): (Uuid, &str),
        suite: &impl Suite,
    ) -> Result<(), ObjetError> {
        let Some(parcours) = Parcours::new(self.module, objet, self.qui) else {
            return Err(self.illisible(origine.etape));
        };
        let plume = Plume::new(self.qui, objet.modele, Action::Transiter, origine.plume.finalite())?;
        let mut requete = QueryBuilder::new("select o.version from ");
        requete.push(objet.modele.relation()).push(" o where o.id = ").push_bind(id);
        let version: i32 = requete.build_query_scalar().fetch_one(&mut **tx).await?;
        let pas = Franchissement { etape, version, champs: &Map::new(), motif: None };
        let taken = parcours.franchir(tx, &plume, id, &pas, suite).await;
        taken.map_err(|error| error.nommee(objet.modele))
    }

    fn objet(&self, nom: &str) -> Option<&ObjetCharge> {
        self.module.objets.iter().find(|objet| objet.nom == nom)
    }

    fn illisible(&self, etape: &Step) -> ObjetError {
        tracing::error!(objet = self.modele.objet.nom, etape = etape.id, "le programme fait ce que l'étape ne dit pas");
        EtapeRefusee::Illisible(etape.id.clone()).into()
    }
}

/// The object of a model among those of its module.
pub(super) fn charge_de<'a>(objets: &'a [ObjetCharge], modele: &Modele) -> Option<&'a ObjetCharge> {
    objets.iter().find(|objet| ptr::eq(objet.modele, modele))
}
