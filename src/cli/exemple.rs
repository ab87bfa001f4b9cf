//! The sample town at work: a collectivité, the delivered modules with what they add to it, and an agent's account.

use sqlx::PgConnection;

use super::output::Output;
use super::{CliError, user};
use crate::access::attributions::{self, Demande, Pouvoir};
use crate::access::collectivites::{self, Nouvelle};
use crate::access::journal::Auteur;
use crate::access::utilisateur;
use crate::config::Config;
use crate::db::{Acteur, Canal, Database};
use crate::modules::installation::{self, code_de_role};
use crate::modules::registry::Registry;
use crate::modules::{crochet, exemple, sources};

/// Code and name of the collectivité.
const COLLECTIVITE: (&str, &str) = ("99101", "Valbrume");
/// E-mail of the agent.
const AGENT: &str = "agent@localhost";

/// Makes the collectivité, installs the delivered modules with their samples, and gives an agent their first role.
pub(super) async fn charge(
    database: &Database,
    owner: &mut PgConnection,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    let (code, nom) = COLLECTIVITE;
    let communes = [code.to_owned()];
    let nouvelle = Nouvelle { code, nom, genre: "commune", siren: None, communes: &communes };
    let collectivite = collectivites::cree(owner, &Auteur::COMMANDE, &nouvelle).await?;
    utilisateur::cree(owner, &Auteur::COMMANDE, AGENT, "Agent de la ville d'exemple", false).await?;
    let pool = database.collectivites(config).await?;
    for (id, trouve) in sources::trouves(None) {
        let module =
            trouve.lu.map_err(|causes| installation::InstallationError::Fautes { module: id.clone(), causes })?;
        output.say(format!("Installation du module « {} » et de son exemple…", module.file.label));
        installation::installe(owner, &module, trouve.origine).await?;
        let registry = Registry::charge(owner, config.modules_dir.as_deref()).await?;
        let acteur = Acteur { utilisateur: None, collectivite, canal: Canal::Commande };
        let mut tx = pool.begin(&acteur).await?;
        exemple::seme(&mut tx, &module).await?;
        crochet::recalcule_tout(&mut tx, &registry).await?;
        tx.commit().await?;
        for role in ["gestionnaire", "regisseur"].into_iter().filter(|role| module.file.roles.contains_key(*role)) {
            let role = code_de_role(module.id(), role);
            let finalites: Vec<String> = module.file.purposes.keys().cloned().collect();
            let demande = Demande {
                email: AGENT,
                role: &role,
                collectivite: code,
                communes: None,
                finalites: &finalites,
                du: None,
                au: None,
            };
            attributions::donne(owner, &Pouvoir::Administration(Auteur::COMMANDE), &demande).await?;
        }
    }
    pool.close().await;
    Ok(())
}

/// A link for the agent, as long as it has no password.
pub(super) async fn invite(owner: &mut PgConnection, config: &Config) -> Result<Option<String>, CliError> {
    let comptes = utilisateur::liste(owner).await?;
    match comptes.iter().find(|un| un.email == AGENT && un.actif && !un.mot_de_passe) {
        Some(agent) => user::invitation(owner, agent.id, config).await.map(Some),
        None => Ok(None),
    }
}

/// The agent's e-mail.
pub(super) const fn agent() -> &'static str {
    AGENT
}
