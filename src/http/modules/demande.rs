//! Who asks what of an object of a module: an account under its rights, or anybody where the manifest opens rows.

use uuid::Uuid;

use crate::access::droits::Action;
use crate::access::identite::Refus;
use crate::db::{Canal, TenantTx};
use crate::http::objets::{Demande, purpose};
use crate::http::problem::Problem;
use crate::http::qui::{Agent, Qui};
use crate::http::state::App;
use crate::modules::objets::{Modele, ObjetError, Regard};
use crate::modules::registry::{Connu, ModuleCharge, ObjetCharge};

/// The module and the object of an address, with the registry that holds them.
#[derive(Debug)]
pub struct Adresse {
    registry: Connu,
    module: String,
    objet: String,
}

impl Adresse {
    /// The object of this address.
    ///
    /// # Errors
    /// 404 for a module that is not installed, or an object that it has not; 503 for a module that could not be loaded.
    pub fn new(app: &App, module: &str, objet: &str) -> Result<Self, Problem> {
        let registry = app.modules();
        if registry.objet(module, objet).is_none() {
            if registry.pannes().iter().any(|panne| panne.module == module) {
                return Err(Problem::out_of_order(format!(
                    "Le module « {module} » est en panne : ses données sont là, mais il n'est pas chargé. Prévenez la personne qui administre Finage ; « finage module list » lui dit la cause."
                )));
            }
            let dit = |nom: &str| nom.chars().take(60).collect::<String>();
            return Err(Problem::not_found(format!(
                "Aucun module installé n'a l'objet « {}/{} » ; /api/modules donne ceux qui vous sont ouverts.",
                dit(module),
                dit(objet)
            )));
        }
        Ok(Self { registry, module: module.to_owned(), objet: objet.to_owned() })
    }

    /// The module and the object.
    #[must_use]
    pub fn charge(&self) -> Option<(&ModuleCharge, &ObjetCharge)> {
        self.registry.objet(&self.module, &self.objet)
    }

    /// The registry in which they were found.
    #[must_use]
    pub fn registry(&self) -> &Connu {
        &self.registry
    }

    /// The object.
    ///
    /// # Errors
    /// Never: the address was found when it was made.
    pub fn objet(&self) -> Result<&ObjetCharge, Problem> {
        self.charge().map(|(_, objet)| objet).ok_or_else(Problem::internal)
    }

    /// Its model.
    ///
    /// # Errors
    /// Never: the address was found when it was made.
    pub fn modele(&self) -> Result<&'static Modele, Problem> {
        self.objet().map(|objet| objet.modele)
    }

    /// Where its rows are.
    #[must_use]
    pub fn place(&self) -> String {
        format!("/api/modules/{}/{}", self.module, self.objet)
    }

    /// The demand of an account.
    ///
    /// # Errors
    /// A purpose that is malformed.
    pub fn demande<'a>(&self, app: &'a App, agent: &'a Agent, finalite: Option<&str>) -> Result<Demande<'a>, Problem> {
        Demande::new(app, agent, self.modele()?, finalite)
    }

    /// A look at its rows, and the transaction in which to look: of the account, else of anybody.
    ///
    /// # Errors
    /// 401 where nobody may look without an account, 403 without the right.
    pub async fn regard(
        &self,
        app: &App,
        qui: &Qui,
        action: Action,
        finalite: Option<&str>,
        canal: Canal,
    ) -> Result<(Regard, TenantTx), Problem> {
        let (objet, finalite) = (self.objet()?, finalite.map(purpose).transpose()?);
        let Some(agent) = qui.agent() else { return self.publique(app, canal, Problem::unauthorized()).await };
        match Regard::new(agent.identite(), objet.modele, action, finalite.as_ref()) {
            Ok(regard) => {
                let tx = app.collectivites().begin(&agent.acteur(canal)?).await?;
                Ok((regard, tx))
            }
            // An account without the right sees at least what anybody sees.
            Err(cause @ Refus::Droit { action: Action::Lire, .. }) if action == Action::Lire => {
                self.publique(app, canal, cause.into()).await
            }
            Err(cause) => Err(cause.into()),
        }
    }

    async fn publique(&self, app: &App, canal: Canal, sinon: Problem) -> Result<(Regard, TenantTx), Problem> {
        let regard = self.registry.publique(self.modele()?).ok_or(sinon)?;
        let tx = app.collectivites().begin_public(canal).await?;
        Ok((regard, tx))
    }

    /// The same for one row: what is missing is said of one's own collectivité's rows alone.
    ///
    /// # Errors
    /// 401, 403, 404.
    pub async fn regard_sur(
        &self,
        app: &App,
        qui: &Qui,
        id: Uuid,
        finalite: Option<&str>,
    ) -> Result<(Regard, TenantTx), Problem> {
        match self.regard(app, qui, Action::Lire, finalite, Canal::Api).await {
            Err(problem) if problem.status == 403 => {
                let Some(agent) = qui.agent() else { return Err(problem) };
                let mut tx = self.demande(app, &agent, None)?.begin().await?;
                match crate::modules::objets::refus(&mut tx, self.modele()?, id).await? {
                    ObjetError::Absente => Err(ObjetError::Absente.into()),
                    _ => Err(problem),
                }
            }
            autre => autre,
        }
    }
}
