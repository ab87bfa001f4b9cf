//! Accounts of the matrix: nobody, somebody without a role in any module, each role of each module in each collectivité.

use finage::modules::installation::code_de_role;
use finage_expr::{Context, Value as Donnee};

use super::attendu::Qui;
use super::monde::communes;
use crate::agents::{Agent, Tenu, agent};
use crate::harness::Town;

/// An account, or nobody.
pub struct Compte {
    pub qui: Qui,
    pub agent: Option<Agent>,
    /// Whether every way is tried: another account of the same rights says the rest.
    pub profond: bool,
}

impl std::fmt::Display for Compte {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Qui { collectivite, finalites, module, .. } = &self.qui;
        write!(f, "{collectivite:?} {module:?} {finalites:?}")
    }
}

impl Compte {
    /// Whether a module is its own: it holds a role in it, or in none.
    pub fn tient(&self, module: &str) -> bool {
        self.qui.module.as_ref().is_none_or(|(sien, _)| sien == module)
    }
}

/// Objects of a module that is not large, at most.
const LARGE: usize = 10;

/// Every account. With the same role, one that holds the purposes of its module and one that holds none.
pub async fn comptes(town: &mut Town) -> Vec<Compte> {
    let registry = town.modules.clone();
    let contexte = Context::new(time::OffsetDateTime::now_utc().date());
    let qui = Qui { collectivite: None, finalites: Vec::new(), module: None, contexte };
    let mut comptes = vec![Compte { qui, agent: None, profond: true }];
    for collectivite in ["valbrume", "groupement"] {
        comptes.push(compte(town, collectivite, None, &[], true).await);
    }
    for module in registry.modules() {
        let finalites: Vec<&str> = module.file.purposes.keys().map(String::as_str).collect();
        for role in module.file.roles.keys() {
            for collectivite in ["valbrume", "cyprin", "groupement", "sansmission"] {
                let tenu = Some((module.file.id.as_str(), role.as_str()));
                // Of a large module, owner and mission are tried in depth; the others by every wide way.
                let profond = module.objets.len() <= LARGE || ["valbrume", "groupement"].contains(&collectivite);
                comptes.push(compte(town, collectivite, tenu, &finalites, profond).await);
                if !finalites.is_empty() {
                    comptes.push(compte(town, collectivite, tenu, &[], false).await);
                }
            }
        }
    }
    comptes
}

async fn compte(
    town: &mut Town,
    collectivite: &'static str,
    tenu: Option<(&str, &str)>,
    finalites: &[&str],
    profond: bool,
) -> Compte {
    let code = tenu.map_or_else(|| "gestionnaire".to_owned(), |(module, role)| code_de_role(module, role));
    let agent = agent(town, collectivite, Tenu { role: &code, finalites, communes: None }).await;
    let cle: i32 = sqlx::query_scalar("select id from acces.collectivite where code = $1")
        .bind(collectivite)
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
    let siennes = communes(collectivite).iter().map(|&insee| insee.to_owned()).collect();
    let contexte = Context::new(time::OffsetDateTime::now_utc().date())
        .with("id", Donnee::Uuid(agent.id))
        .with("email", Donnee::Text(email(&agent)))
        .with("collectivite", Donnee::Integer(cle.into()))
        .with("communes", Donnee::TextArray(siennes));
    let qui = Qui {
        collectivite: Some(collectivite),
        finalites: finalites.iter().map(|&finalite| finalite.to_owned()).collect(),
        module: tenu.map(|(module, role)| (module.to_owned(), role.to_owned())),
        contexte,
    };
    Compte { qui, agent: Some(agent), profond }
}

/// The address of an account of the matrix.
pub fn email(agent: &Agent) -> String {
    format!("{}@exemple.invalid", agent.id)
}
