//! The rights of an import: to make rows, to change them, to write each personal field for its purpose, to read what rows name.

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::access::droits::{Action, Champ, Droits, Octroi};
use crate::access::identite::{Collectivite, Compte, Identite, Porteur};
use crate::access::journal::Finalite;
use crate::modules::objets::{Modele, Nature, ObjetError, Plume, Regard};

/// The rights of an import. Changing may be missing: rows that would change are then refused, one by one.
#[derive(Debug, Clone)]
pub struct Permis {
    creer: Vec<Encre>,
    changer: Option<Vec<Encre>>,
    regards: Vec<(&'static str, Regard)>,
}

/// A pen and the fields it writes.
#[derive(Debug, Clone)]
struct Encre {
    plume: Plume,
    champs: Vec<&'static Champ>,
}

impl Permis {
    /// The right of `qui` to fill these fields; the personal ones, for this purpose.
    ///
    /// # Errors
    /// The right to make rows was not given, or not to write a personal field for this purpose, or none was said: as of a row
    /// written by hand.
    pub fn new(
        qui: &Identite,
        modele: &'static Modele,
        champs: &[&'static Champ],
        finalite: Option<&Finalite>,
    ) -> Result<Self, ObjetError> {
        let creer = encres(qui, modele, Action::Creer, champs, finalite)?;
        let changer = encres(qui, modele, Action::Changer, champs, finalite).ok();
        let regards = champs
            .iter()
            .filter_map(|champ| {
                let cible = modele.regle(champ.nom)?.lien?.cible()?;
                Some((champ.nom, Regard::new(qui, cible, Action::Lire, None).ok()?))
            })
            .collect();
        Ok(Self { creer, changer, regards })
    }

    /// Whether rows may be changed at all.
    pub(super) fn change(&self) -> bool {
        self.changer.is_some()
    }

    /// The pen that makes rows.
    pub(super) fn plume(&self) -> Option<&Plume> {
        self.creer.first().map(|encre| &encre.plume)
    }

    /// The look at what this reference names.
    pub(super) fn regard(&self, champ: &str) -> Option<&Regard> {
        self.regards.iter().find(|(nom, _)| *nom == champ).map(|(_, regard)| regard)
    }

    /// Adds the condition on rows `o` that may be made so, or changed so.
    pub(super) fn pousse(&self, nouvelles: bool, requete: &mut QueryBuilder<Postgres>) {
        let encres = if nouvelles { Some(&self.creer) } else { self.changer.as_ref() };
        let Some(encres) = encres else {
            requete.push("false");
            return;
        };
        requete.push("(true");
        for encre in encres {
            requete.push(" and ");
            encre.plume.pousse_permission_de(&encre.champs, requete);
        }
        requete.push(")");
    }
}

/// A pen for what is not personal, and one for what is held for the purpose.
fn encres(
    qui: &Identite,
    modele: &'static Modele,
    action: Action,
    champs: &[&'static Champ],
    finalite: Option<&Finalite>,
) -> Result<Vec<Encre>, ObjetError> {
    let (personnels, ordinaires): (Vec<_>, Vec<_>) = champs.iter().copied().partition(|champ| champ.niveau > 0);
    let mut encres = vec![Encre { plume: Plume::new(qui, modele, action, None)?, champs: ordinaires }];
    let Some(premier) = personnels.first() else { return Ok(encres) };
    let ferme = |champ: &Champ| ObjetError::Champ(champ.nom.to_owned());
    let finalite = finalite.ok_or_else(|| ferme(premier))?;
    let plume = Plume::new(qui, modele, action, Some(finalite))?;
    let tenu_pour = |champ: &Champ| modele.regle(champ.nom).and_then(|regle| regle.finalite);
    if let Some(autre) = personnels.iter().find(|champ| tenu_pour(champ).is_some_and(|nom| nom != finalite.nom())) {
        return Err(ferme(autre));
    }
    encres.push(Encre { plume, champs: personnels });
    Ok(encres)
}

/// The command line, which acts for a collectivité with every right on this object and on what its rows name.
#[must_use]
pub fn commande(collectivite: Collectivite, modele: &'static Modele) -> Identite {
    let nommes = modele.regles.iter().filter(|regle| matches!(regle.nature, Nature::Reference | Nature::References));
    let objets = nommes.filter_map(|regle| regle.lien?.cible()).chain(std::iter::once(modele));
    let octrois = objets
        .flat_map(|modele| {
            let finalites: Vec<String> = modele.finalites.iter().map(|nom| (*nom).to_owned()).collect();
            Action::TOUTES.into_iter().map(move |action| Octroi {
                role: "commande".to_owned(),
                objet: modele.objet.nom.to_owned(),
                action: action.code().to_owned(),
                lignes: None,
                champs: None,
                niveau: 3,
                communes: None,
                finalites: finalites.clone(),
            })
        })
        .collect();
    let compte = Compte { id: Uuid::nil(), email: String::new(), nom: "ligne de commande".to_owned() };
    Identite {
        compte,
        administrateur: false,
        porteur: Porteur::Travail,
        collectivites: vec![collectivite.clone()],
        collectivite: Some(collectivite),
        vue_comme: None,
        droits: Droits::new(octrois),
    }
}
