//! What each account may see and change, from manifests, by the evaluator of records.

use std::collections::BTreeSet;

use finage::modules::objets::Modele;
use finage::modules::registry::{Connu, ObjetCharge};
use finage_expr::{Context, Value as Donnee};
use finage_manifest::{Fields, Right, RightAction};
use uuid::Uuid;

use super::predicats::{Predicats, donnee};
use super::rangees::Rangee;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Qui {
    pub collectivite: Option<&'static str>,
    /// Purposes held.
    pub finalites: Vec<String>,
    /// Module and short name of its role.
    pub module: Option<(String, String)>,
    /// What conditions call `user`.
    pub contexte: Context,
}

/// Under what an account looks: the role it holds in the module, or what the module opens to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Titre {
    Sien,
    Public,
}

/// What is done: an action, with one object or with any, for a purpose or for none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quoi {
    pub action: RightAction,
    pub objet: Option<&'static str>,
    pub finalite: Option<String>,
}

impl Quoi {
    /// Reading whatever is shown.
    pub const LIRE: Self = Self { action: RightAction::Read, objet: None, finalite: None };

    fn porte_sur(&self, modele: &Modele) -> bool {
        self.objet.is_none_or(|objet| objet == modele.objet.nom)
    }
}

/// Rows of the world, and what manifests say of them.
pub struct Attendu {
    pub registry: Connu,
    pub rangees: Vec<Rangee>,
    /// Longitude and latitude where every row lies.
    pub lieu: (f64, f64),
    predicats: Predicats,
}

impl Attendu {
    pub fn new(registry: Connu, rangees: Vec<Rangee>, lieu: (f64, f64)) -> Self {
        let predicats = Predicats::new(&registry);
        Self { registry, rangees, lieu, predicats }
    }

    /// What the manifest says of an object.
    pub fn charge(&self, modele: &Modele) -> &ObjetCharge {
        let (module, objet) = modele.du_module().unwrap();
        self.registry.objet(module, objet).unwrap().1
    }

    /// Rows of an object.
    pub fn de<'a>(&'a self, modele: &'a Modele) -> impl Iterator<Item = &'a Rangee> {
        self.rangees.iter().filter(|rangee| rangee.modele.objet.nom == modele.objet.nom)
    }

    /// Under what an account does this with an object, if it may at all.
    pub fn titre(&self, modele: &Modele, qui: &Qui, action: RightAction) -> Option<Titre> {
        if self.peut(modele, qui, Titre::Sien, action) {
            return Some(Titre::Sien);
        }
        // Without the right to read, an account sees what anybody sees.
        (action == RightAction::Read && self.peut(modele, qui, Titre::Public, action)).then_some(Titre::Public)
    }

    /// Fields open on a row for this; `None` when the row itself is closed.
    pub fn voit(
        &self,
        rangee: &Rangee,
        qui: &Qui,
        action: RightAction,
        finalite: Option<&str>,
    ) -> Option<BTreeSet<&'static str>> {
        let modele = rangee.modele;
        let titre = self.titre(modele, qui, action)?;
        if !self.ouverte(rangee, qui, titre, action) {
            return None;
        }
        let champs = |droits: &[&Right], niveau: &dyn Fn(&Right) -> u8| {
            let ouverts =
                modele.objet.champs.iter().filter(|champ| {
                    droits.iter().any(|droit| champ.niveau <= niveau(droit) && nomme(droit, champ.nom))
                });
            ouverts.map(|champ| champ.nom).collect::<BTreeSet<_>>()
        };
        let Some(dite) = finalite.filter(|_| modele.nominatif && titre == Titre::Sien) else {
            return Some(champs(&self.ouvrent(rangee, qui, titre, action), &|_| 0));
        };
        let droits = self.ouvrent(rangee, qui, titre, RightAction::Personal);
        if droits.is_empty() || !tenue(modele, qui, dite) {
            return None;
        }
        let autre = |nom: &&str| modele.regle(nom).and_then(|regle| regle.finalite).is_none_or(|sienne| sienne == dite);
        Some(champs(&droits, &|droit| droit.level.unwrap_or(1)).into_iter().filter(autre).collect())
    }

    /// Marks that an account may see when it does this with an object, or with any, for this purpose or for none.
    pub fn marques(&self, qui: &Qui, quoi: &Quoi) -> BTreeSet<&str> {
        let siennes = self.rangees.iter().filter(|rangee| quoi.porte_sur(rangee.modele));
        siennes.flat_map(|rangee| self.ouvertes(rangee, qui, quoi.action, quoi)).collect()
    }

    /// The same, with what it reads of other objects: a document quotes them, a reference is told by its title.
    pub fn permises(&self, qui: &Qui, quoi: &Quoi) -> BTreeSet<&str> {
        let autres = self.rangees.iter().filter(|rangee| !quoi.porte_sur(rangee.modele));
        let lues = autres.flat_map(|rangee| self.ouvertes(rangee, qui, RightAction::Read, quoi));
        self.marques(qui, quoi).into_iter().chain(lues).collect()
    }

    fn ouvertes<'a>(&'a self, rangee: &'a Rangee, qui: &Qui, action: RightAction, quoi: &Quoi) -> BTreeSet<&'a str> {
        // Rows are read without a purpose beside those read with it.
        let dites = BTreeSet::from([None, quoi.finalite.as_deref()]);
        let ouverts = dites.into_iter().filter_map(|dite| self.voit(rangee, qui, action, dite)).flatten();
        ouverts.filter_map(|champ| rangee.marques.get(champ)).map(String::as_str).collect()
    }

    /// Rows of an object that an account lists; `None` when it may list none at all.
    pub fn lignes(
        &self,
        modele: &Modele,
        qui: &Qui,
        action: RightAction,
        finalite: Option<&str>,
        archivees: bool,
    ) -> Option<Vec<&Rangee>> {
        let titre = self.titre(modele, qui, action)?;
        if let Some(dite) = finalite.filter(|_| modele.nominatif && titre == Titre::Sien) {
            let personnel = self.droits(modele, qui, titre, RightAction::Personal).next().is_some();
            if !personnel || !tenue(modele, qui, dite) {
                return None;
            }
        }
        let vues = self.rangees.iter().filter(|rangee| rangee.modele.objet.nom == modele.objet.nom);
        let vues = vues.filter(|rangee| rangee.archivee == archivees);
        Some(vues.filter(|rangee| self.voit(rangee, qui, action, finalite).is_some()).collect())
    }

    /// Whether a condition of the manifest holds on a row, as this account reads it: a closed field is empty.
    pub fn repond(&self, rangee: &Rangee, qui: &Qui, texte: &str) -> bool {
        let ouverts = self.voit(rangee, qui, RightAction::Read, None).unwrap_or_default();
        let valeur = |nom: &str| {
            let ouvert = ouverts.contains(nom) || nom == "insee";
            if ouvert { donnee(rangee.modele, &rangee.valeurs, nom) } else { Donnee::Null }
        };
        self.predicats.tient(rangee.modele, texte, &valeur, &qui.contexte)
    }

    /// Whether an account may change a row so.
    pub fn permet(&self, rangee: &Rangee, qui: &Qui, action: RightAction) -> bool {
        self.peut(rangee.modele, qui, Titre::Sien, action)
            && Self::chez_lui(rangee, qui)
            && !self.ouvrent(rangee, qui, Titre::Sien, action).is_empty()
            && self.parent_ouvert(rangee, qui, Titre::Sien)
    }

    /// Rows of a table that a direct login reads, whole: its role reads every row and every field, and the table holds nothing
    /// personal nor follows another's rights.
    pub fn en_sql(&self, modele: &Modele, qui: &Qui) -> BTreeSet<Uuid> {
        let ouverte = modele.geometrie.is_some() && !modele.nominatif && modele.parent.is_none();
        let entier = |droit: &Right| droit.rows.is_none() && droit.fields.as_ref().and_then(Fields::named).is_none();
        let lit = self.droits(modele, qui, Titre::Sien, RightAction::Read).any(entier);
        let vues = self.rangees.iter().filter(|rangee| rangee.modele.objet.nom == modele.objet.nom);
        vues.filter(|rangee| ouverte && lit && Self::chez_lui(rangee, qui)).map(|rangee| rangee.id).collect()
    }

    /// Rights of the manifest that an account holds on an object for an action.
    fn droits<'a>(
        &'a self,
        modele: &Modele,
        qui: &'a Qui,
        titre: Titre,
        action: RightAction,
    ) -> impl Iterator<Item = &'a Right> {
        let (module, _) = modele.du_module().unwrap();
        let role = match (titre, qui.collectivite, &qui.module) {
            (Titre::Public, ..) => Some("public"),
            (Titre::Sien, Some(_), Some((sien, role))) if sien == module => Some(role.as_str()),
            (Titre::Sien, ..) => None,
        };
        let droits = &self.charge(modele).file.rights;
        droits.iter().filter(move |droit| Some(droit.role.as_str()) == role && droit.actions.contains(&action))
    }

    /// Whether some right is held, and to read what the object depends on.
    fn peut(&self, modele: &Modele, qui: &Qui, titre: Titre, action: RightAction) -> bool {
        let parent = modele.parent.and_then(|champ| modele.regle(champ)?.lien?.cible());
        self.droits(modele, qui, titre, action).next().is_some()
            && parent.is_none_or(|parent| self.peut(parent, qui, titre, RightAction::Read))
    }

    fn ouvrent<'a>(&'a self, rangee: &Rangee, qui: &'a Qui, titre: Titre, action: RightAction) -> Vec<&'a Right> {
        let valeur = |nom: &str| donnee(rangee.modele, &rangee.valeurs, nom);
        let ouvre = |droit: &&Right| {
            let texte = droit.rows.as_ref();
            texte.is_none_or(|texte| self.predicats.tient(rangee.modele, texte, &valeur, &qui.contexte))
        };
        self.droits(rangee.modele, qui, titre, action).filter(ouvre).collect()
    }

    fn ouverte(&self, rangee: &Rangee, qui: &Qui, titre: Titre, action: RightAction) -> bool {
        let atteinte = match titre {
            Titre::Public => !rangee.archivee,
            Titre::Sien => {
                let partage = self.charge(rangee.modele).file.shared && qui.collectivite.is_some();
                partage || Self::chez_lui(rangee, qui)
            }
        };
        atteinte && !self.ouvrent(rangee, qui, titre, action).is_empty() && self.parent_ouvert(rangee, qui, titre)
    }

    fn parent_ouvert(&self, rangee: &Rangee, qui: &Qui, titre: Titre) -> bool {
        rangee.modele.parent.is_none()
            || self.parent(rangee).is_some_and(|parent| self.ouverte(parent, qui, titre, RightAction::Read))
    }

    /// The row on which a row depends.
    fn parent(&self, rangee: &Rangee) -> Option<&Rangee> {
        let champ = rangee.modele.parent?;
        let lien = rangee.modele.regle(champ)?.lien?;
        let cible = lien.cible()?;
        let nomme = rangee.valeurs.get(champ)?;
        let mut siennes = self.rangees.iter().filter(|autre| autre.modele.objet.nom == cible.objet.nom);
        siennes.find(|autre| autre.valeurs.get(lien.cle) == Some(nomme))
    }

    /// Whether a row is of the collectivité of an account, or reached by its mission.
    fn chez_lui(rangee: &Rangee, qui: &Qui) -> bool {
        match qui.collectivite {
            None => false,
            Some("groupement") => rangee.insee == "99101",
            Some(code) => code == rangee.collectivite,
        }
    }
}

fn tenue(modele: &Modele, qui: &Qui, finalite: &str) -> bool {
    modele.finalites.contains(&finalite) && qui.finalites.iter().any(|une| une == finalite)
}

fn nomme(droit: &Right, champ: &str) -> bool {
    droit.fields.as_ref().and_then(Fields::named).is_none_or(|noms| noms.iter().any(|nom| nom == champ))
}
