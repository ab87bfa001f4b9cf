//! The columns of a file: of what a field names by a key or a code, its label too.

use finage_export::{Colonne, Decimal, Genre as Ecrit, Valeur};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::access::droits::{Champ, Genre};
use crate::modules::objets::{Modele, Nature};

/// Longest name of a column.
const MAX_NOM: usize = 63;

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Colonnes {
    /// Whether the file has a type for instants.
    instants: bool,
    colonnes: Vec<Une>,
}

#[derive(Debug)]
struct Une {
    nom: String,
    champ: &'static Champ,
    /// Whether it holds what people read of the field.
    libelle: bool,
}

impl Colonnes {
    /// Those of these fields. A reference `lieu` is its label, and its key is in `lieu_id`; a code is itself, and its label is
    /// in `categorie_libelle`.
    pub(super) fn new(modele: &Modele, champs: impl Iterator<Item = &'static Champ>, instants: bool) -> Self {
        let mut colonnes = Vec::new();
        for champ in champs {
            let une = |nom: &str, libelle: bool| Une { nom: nom.to_owned(), champ, libelle };
            let pris = |nom: &str| nom.len() > MAX_NOM || modele.objet.champ(nom).is_some();
            match modele.regle(champ.nom).map(|regle| regle.nature) {
                Some(Nature::Code) => {
                    let libelle = format!("{}_libelle", champ.nom);
                    colonnes.push(une(champ.nom, false));
                    if modele.regle(champ.nom).is_some_and(|regle| regle.nomenclature.is_some()) && !pris(&libelle) {
                        colonnes.push(une(&libelle, true));
                    }
                }
                Some(Nature::Reference | Nature::Fichier) => {
                    let court = champ.nom.strip_suffix("_id").filter(|court| !court.is_empty() && !pris(court));
                    let long = format!("{}_id", champ.nom);
                    if let Some(court) = court {
                        colonnes.extend([une(court, true), une(champ.nom, false)]);
                    } else if pris(&long) {
                        colonnes.push(une(champ.nom, false));
                    } else {
                        colonnes.extend([une(champ.nom, true), une(&long, false)]);
                    }
                }
                _ => colonnes.push(une(champ.nom, false)),
            }
        }
        // Two fields may give the same name to their labels: the first has it.
        let mut noms = std::collections::HashSet::new();
        colonnes.retain(|une: &Une| noms.insert(une.nom.clone()));
        Self { instants, colonnes }
    }

    /// As the file describes them.
    pub(super) fn decrites(&self) -> Vec<Colonne> {
        let instant = if self.instants { Ecrit::Instant } else { Ecrit::Texte };
        let fixes = [("id", Ecrit::Texte), ("version", Ecrit::Entier), ("insee", Ecrit::Texte), ("creee_le", instant)];
        let genre = |une: &Une| match une.champ.genre {
            _ if une.libelle => Ecrit::Texte,
            Genre::Entier => Ecrit::Entier,
            Genre::Decimal => Ecrit::Decimal,
            Genre::Booleen => Ecrit::Booleen,
            Genre::Date => Ecrit::Date,
            Genre::Instant => instant,
            Genre::Texte | Genre::Identifiant | Genre::Identifiants => Ecrit::Texte,
        };
        let fixes = fixes.into_iter().map(|(nom, genre)| Colonne::new(nom, genre));
        fixes.chain(self.colonnes.iter().map(|une| Colonne::new(&une.nom, genre(une)))).collect()
    }

    /// The values of a row: its key, version, commune and day, then its fields.
    pub(super) fn valeurs(
        &self,
        (id, version, insee, creee_le): (Uuid, i32, Option<String>, OffsetDateTime),
        champs: &Value,
        libelles: &Value,
    ) -> Vec<Valeur> {
        let creee_le = if self.instants { creee_le.into() } else { Valeur::de(creee_le.format(&Rfc3339).ok()) };
        let mut valeurs = vec![id.to_string().into(), version.into(), Valeur::de(insee), creee_le];
        valeurs.extend(self.colonnes.iter().map(|une| {
            if une.libelle {
                Valeur::de(libelles.get(une.champ.nom).and_then(Value::as_str))
            } else {
                self.valeur(une.champ.genre, champs.get(une.champ.nom))
            }
        }));
        valeurs
    }

    fn valeur(&self, genre: Genre, value: Option<&Value>) -> Valeur {
        let texte = value.and_then(Value::as_str);
        match genre {
            Genre::Entier => Valeur::de(value.and_then(Value::as_i64)),
            Genre::Booleen => Valeur::de(value.and_then(Value::as_bool)),
            Genre::Date => {
                Valeur::de(texte.and_then(|texte| Date::parse(texte, format_description!("[year]-[month]-[day]")).ok()))
            }
            Genre::Decimal => Valeur::de(texte.and_then(|texte| texte.parse::<Decimal>().ok())),
            Genre::Instant if self.instants => {
                Valeur::de(texte.and_then(|texte| OffsetDateTime::parse(texte, &Rfc3339).ok()))
            }
            Genre::Texte | Genre::Instant | Genre::Identifiant => Valeur::de(texte),
            Genre::Identifiants => Valeur::de(value.filter(|value| value.is_array()).map(ToString::to_string)),
        }
    }
}
