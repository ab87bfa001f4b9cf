//! What each account may see, from manifests, by the evaluator of records.

use std::collections::BTreeSet;

use finage::modules::objets::{Modele, Nature};
use finage::modules::registry::Registry;
use finage_expr::{Context, Mode, Schema, Type, Value as Donnee, parse};
use finage_manifest::{Fields, Right, RightAction};
use serde_json::Value;

use super::rangees::Rangee;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Qui {
    collectivite: Option<&'static str>,
    finalites: Vec<String>,
    /// Module and short name of its role.
    pub module: Option<(String, String)>,
}

impl Qui {
    pub fn public() -> Self {
        Self { collectivite: None, finalites: Vec::new(), module: None }
    }

    pub fn compte(collectivite: &'static str, _role: &str, finalites: &[&str]) -> Self {
        Self {
            collectivite: Some(collectivite),
            finalites: finalites.iter().map(|&finalite| finalite.to_owned()).collect(),
            module: None,
        }
    }

    /// Without a purpose, and for each purpose of its module, whether it holds it or not.
    pub fn finalites_demandees(&self, registry: &Registry) -> Vec<Option<String>> {
        let connues = self.module.as_ref().and_then(|(module, _)| registry.module(module));
        let connues = connues.into_iter().flat_map(|module| module.file.purposes.keys().cloned());
        std::iter::once(None).chain(connues.map(Some)).collect()
    }
}

/// Marks that this account may see when it asks for this purpose, or for none.
pub fn visibles(registry: &Registry, rangees: &[Rangee], qui: &Qui, finalite: Option<&str>) -> BTreeSet<String> {
    let mut marques = BTreeSet::new();
    for rangee in rangees {
        for (champ, marque) in &rangee.marques {
            // Rows are read without a purpose beside those read with it.
            let nus = voit(registry, rangees, rangee, qui, champ, None);
            if nus || voit(registry, rangees, rangee, qui, champ, finalite) {
                marques.insert(marque.clone());
            }
        }
    }
    marques
}

/// Marks of all rows that are not among these.
pub fn interdites(rangees: &[Rangee], ouvertes: &BTreeSet<String>) -> Vec<String> {
    let toutes = rangees.iter().flat_map(|rangee| rangee.marques.values());
    toutes.filter(|marque| !ouvertes.contains(*marque)).cloned().collect()
}

/// Keys of rows that this account may change, archive or move.
pub fn modifiables(registry: &Registry, rangees: &[Rangee], qui: &Qui) -> BTreeSet<String> {
    let ecrit = [RightAction::Change, RightAction::Archive, RightAction::Step];
    rangees
        .iter()
        .filter(|rangee| atteint(rangee, qui, registry))
        .filter(|rangee| {
            let droits = droits(registry, rangee.modele, qui);
            ecrit.iter().any(|action| droits.iter().any(|droit| droit.actions.contains(action) && ouvre(droit, rangee)))
        })
        .map(|rangee| rangee.id.to_string())
        .collect()
}

/// Whether a field of a row is open.
fn voit(
    registry: &Registry,
    rangees: &[Rangee],
    rangee: &Rangee,
    qui: &Qui,
    champ: &str,
    finalite: Option<&str>,
) -> bool {
    if !lit(registry, rangees, rangee, qui) {
        return false;
    }
    let droits = droits(registry, rangee.modele, qui);
    let regle = rangee.modele.regle(champ).unwrap();
    let niveau = rangee.modele.objet.champ(champ).unwrap().niveau;
    let Some(demandee) = finalite.filter(|_| rangee.modele.nominatif) else {
        let lecture = |droit: &&Right| droit.actions.contains(&RightAction::Read);
        return niveau == 0
            && droits.into_iter().filter(lecture).any(|droit| ouvre(droit, rangee) && nomme(droit, champ));
    };
    let tenue = qui.finalites.iter().any(|une| une == demandee);
    let a_elle = regle.finalite.is_none_or(|une| une == demandee);
    tenue
        && a_elle
        && droits.iter().any(|droit| {
            droit.actions.contains(&RightAction::Personal)
                && niveau <= droit.level.unwrap_or(1)
                && ouvre(droit, rangee)
                && nomme(droit, champ)
        })
}

/// Whether a row is open at all: of its collectivité or by a mission, by a right to read, and its parent too.
fn lit(registry: &Registry, rangees: &[Rangee], rangee: &Rangee, qui: &Qui) -> bool {
    let lecture = |droit: &&Right| droit.actions.contains(&RightAction::Read);
    let ouverte = droits(registry, rangee.modele, qui).into_iter().filter(lecture).any(|droit| ouvre(droit, rangee));
    if !(ouverte && atteint(rangee, qui, registry)) {
        return false;
    }
    let Some(parent) = rangee.modele.parent else { return true };
    let nommee = &rangee.valeurs[parent];
    rangees.iter().any(|autre| {
        let cible = rangee.modele.regle(parent).and_then(|regle| regle.lien?.cible());
        cible.is_some_and(|cible| cible.objet.nom == autre.modele.objet.nom)
            && nommee.as_str() == Some(autre.id.to_string().as_str())
            && lit(registry, rangees, autre, qui)
    })
}

/// Rights of the manifest that this account holds on this object.
fn droits<'a>(registry: &'a Registry, modele: &Modele, qui: &Qui) -> Vec<&'a Right> {
    let Some((module, objet)) = modele.du_module() else { return Vec::new() };
    let Some((_, charge)) = registry.objet(module, objet) else { return Vec::new() };
    let role = match (&qui.collectivite, &qui.module) {
        (Some(_), Some((sien, role))) if sien == module => role.as_str(),
        // Nobody, or an account without a role in the module: it sees what anybody sees.
        _ => "public",
    };
    let siens: Vec<&Right> = charge.file.rights.iter().filter(|droit| droit.role == role).collect();
    let lit = siens.iter().any(|droit| droit.actions.contains(&RightAction::Read));
    if lit { siens } else { charge.file.rights.iter().filter(|droit| droit.role == "public").collect() }
}

/// Whether row-level security lets the row through.
fn atteint(rangee: &Rangee, qui: &Qui, registry: &Registry) -> bool {
    let publique = droits(registry, rangee.modele, qui).iter().any(|droit| droit.role == "public");
    match qui.collectivite {
        _ if publique => true,
        None => false,
        Some("groupement") => rangee.insee == "99101",
        Some(code) => code == rangee.collectivite,
    }
}

fn ouvre(droit: &Right, rangee: &Rangee) -> bool {
    let Some(texte) = &droit.rows else { return true };
    let lue = parse(texte, Mode::Finage).unwrap().typed(&schema(rangee.modele)).unwrap();
    let valeur = |nom: &str| donnee(rangee, nom);
    lue.eval(&valeur, &Context::new(time::OffsetDateTime::now_utc().date())) == Some(true)
}

fn nomme(droit: &Right, champ: &str) -> bool {
    droit.fields.as_ref().and_then(Fields::named).is_none_or(|noms| noms.iter().any(|nom| nom == champ))
}

fn schema(modele: &Modele) -> Schema {
    let genre = |nature: Nature| {
        Some(match nature {
            Nature::Texte | Nature::TexteLong | Nature::Riche | Nature::Code => Type::Text,
            Nature::Entier => Type::Integer,
            Nature::Decimal | Nature::Montant => Type::Decimal,
            Nature::Date => Type::Date,
            Nature::Instant => Type::Instant,
            Nature::Booleen => Type::Boolean,
            Nature::Reference | Nature::Fichier => Type::Uuid,
            Nature::References => return None,
        })
    };
    modele.regles.iter().fold(Schema::new().with("insee", Type::Text, &["insee"]), |schema, regle| {
        genre(regle.nature).map_or(schema.clone(), |genre| schema.with(regle.champ, genre, &[regle.champ]))
    })
}

fn donnee(rangee: &Rangee, nom: &str) -> Donnee {
    let valeur = rangee.valeurs.get(nom).unwrap_or(&Value::Null);
    let texte = valeur.as_str();
    let nature = rangee.modele.regle(nom).map(|regle| regle.nature);
    match nature {
        None | Some(Nature::Texte | Nature::TexteLong | Nature::Riche | Nature::Code) => {
            texte.map_or(Donnee::Null, |texte| Donnee::Text(texte.to_owned()))
        }
        Some(Nature::Entier) => valeur.as_i64().map_or(Donnee::Null, Donnee::Integer),
        Some(Nature::Booleen) => valeur.as_bool().map_or(Donnee::Null, Donnee::Boolean),
        Some(Nature::Date) => {
            let format = time::macros::format_description!("[year]-[month]-[day]");
            texte.and_then(|texte| time::Date::parse(texte, format).ok()).map_or(Donnee::Null, Donnee::Date)
        }
        Some(Nature::Decimal | Nature::Montant) => {
            valeur.to_string().trim_matches('"').parse().map_or(Donnee::Null, Donnee::Decimal)
        }
        Some(Nature::Reference | Nature::Fichier) => {
            texte.and_then(|texte| texte.parse().ok()).map_or(Donnee::Null, Donnee::Uuid)
        }
        Some(Nature::Instant | Nature::References) => Donnee::Null,
    }
}
