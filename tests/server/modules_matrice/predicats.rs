//! Conditions of manifests, read once, tried on rows by the evaluator of records.

use std::collections::BTreeMap;

use finage::modules::objets::{Modele, Nature};
use finage::modules::registry::Registry;
use finage_expr::{Context, Mode, Schema, Type, Typed, Value as Donnee, parse};
use serde_json::{Map, Value};

/// Every condition of every manifest, by the object on which it is read.
pub struct Predicats(BTreeMap<(&'static str, String), Typed>);

impl Predicats {
    pub fn new(registry: &Registry) -> Self {
        let mut lus = BTreeMap::new();
        for (module, objet) in registry.objets() {
            let droits = objet.file.rights.iter().filter_map(|droit| droit.rows.as_deref());
            let listes = objet.file.lists.iter().filter_map(|liste| liste.filter.as_deref());
            let documents = objet.file.documents.iter().filter_map(|document| document.filter.as_deref());
            let cartes = module.file.dashboard.iter().filter(|carte| carte.object == objet.nom);
            let cartes = cartes.filter_map(|carte| carte.filter.as_deref());
            let schema = schema(objet.modele);
            for texte in droits.chain(listes).chain(documents).chain(cartes) {
                let lue = parse(texte, Mode::Finage).unwrap().typed(&schema).unwrap();
                lus.insert((objet.modele.objet.nom, texte.to_owned()), lue);
            }
        }
        Self(lus)
    }

    /// Whether a condition holds on these values; an unknown answer is no.
    pub fn tient(&self, modele: &Modele, texte: &str, valeur: &impl Fn(&str) -> Donnee, contexte: &Context) -> bool {
        self.0[&(modele.objet.nom, texte.to_owned())].eval(valeur, contexte) == Some(true)
    }
}

fn schema(modele: &Modele) -> Schema {
    let genre = |nature: Nature| match nature {
        Nature::Texte | Nature::TexteLong | Nature::Riche | Nature::Code => Type::Text,
        Nature::Entier => Type::Integer,
        Nature::Decimal | Nature::Montant => Type::Decimal,
        Nature::Date => Type::Date,
        Nature::Instant => Type::Instant,
        Nature::Booleen => Type::Boolean,
        Nature::Reference | Nature::Fichier => Type::Uuid,
        Nature::References => Type::UuidArray,
    };
    let socle =
        Schema::new().with("insee", Type::Text, &["insee"]).with("collectivite", Type::Integer, &["collectivite"]);
    let champs =
        modele.regles.iter().fold(socle, |schema, regle| schema.with(regle.champ, genre(regle.nature), &[regle.champ]));
    [("email", Type::Text), ("id", Type::Uuid), ("collectivite", Type::Integer), ("communes", Type::TextArray)]
        .into_iter()
        .fold(champs, |schema, (nom, genre)| schema.with_user(nom, genre))
}

/// A value of a row, as the evaluator takes it.
pub fn donnee(modele: &Modele, valeurs: &Map<String, Value>, nom: &str) -> Donnee {
    let valeur = valeurs.get(nom).unwrap_or(&Value::Null);
    let texte = valeur.as_str();
    let uuid = |texte: &str| texte.parse().map_or(Donnee::Null, Donnee::Uuid);
    match modele.regle(nom).map(|regle| regle.nature) {
        None if nom == "collectivite" => valeur.as_i64().map_or(Donnee::Null, Donnee::Integer),
        None | Some(Nature::Texte | Nature::TexteLong | Nature::Riche | Nature::Code) => {
            texte.map_or(Donnee::Null, |texte| Donnee::Text(texte.to_owned()))
        }
        Some(Nature::Entier) => valeur.as_i64().map_or(Donnee::Null, Donnee::Integer),
        Some(Nature::Booleen) => valeur.as_bool().map_or(Donnee::Null, Donnee::Boolean),
        Some(Nature::Date) => {
            let format = time::macros::format_description!("[year]-[month]-[day]");
            texte.and_then(|texte| time::Date::parse(texte, format).ok()).map_or(Donnee::Null, Donnee::Date)
        }
        Some(Nature::Instant) => {
            let format = time::format_description::well_known::Rfc3339;
            texte
                .and_then(|texte| time::OffsetDateTime::parse(texte, &format).ok())
                .map_or(Donnee::Null, Donnee::Instant)
        }
        Some(Nature::Decimal | Nature::Montant) => {
            valeur.to_string().trim_matches('"').parse().map_or(Donnee::Null, Donnee::Decimal)
        }
        Some(Nature::Reference | Nature::Fichier) => texte.map_or(Donnee::Null, uuid),
        Some(Nature::References) => valeur.as_array().map_or(Donnee::Null, |cles| {
            Donnee::UuidArray(cles.iter().filter_map(|cle| cle.as_str()?.parse().ok()).collect())
        }),
    }
}
