//! What the database refuses, told as faults of fields.

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::{FauteChamp, Modele, ObjetError};

/// The refusal of a statement that writes a row of this object.
pub(in crate::modules) fn dite(modele: &Modele, error: sqlx::Error) -> ObjetError {
    let Some(refus) = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>()) else {
        return error.into();
    };
    let colonne = refus.column().unwrap_or_default();
    match refus.code() {
        // The lock of a workflow.
        "FN001" => ObjetError::Verrouillee,
        // A row that a policy refuses, a commune that does not exist.
        "42501" => ObjetError::HorsTerritoire,
        "23503" => match colonnes(refus).first().map(String::as_str) {
            None | Some("insee") => ObjetError::HorsTerritoire,
            Some(colonne) => faute(colonne, "la fiche désignée n'existe pas"),
        },
        "23502" => faute(colonne, super::saisie::VIDE),
        "23505" => doublon(modele, &tenus(modele, refus)),
        "23514" => faute(
            refus
                .constraint()
                .and_then(|nom| du_nom(nom, refus.table().unwrap_or_default()))
                .unwrap_or_default()
                .as_str(),
            "la valeur n'est pas de celles que la base admet",
        ),
        "22001" => faute("", "un texte est trop long"),
        "22003" => faute("", "un nombre est trop grand"),
        "22007" | "22008" | "22P02" => faute("", "une valeur n'a pas la forme attendue"),
        // A sentence that a module's own trigger says.
        "P0001" => faute("", refus.message()),
        _ => {
            let place = refus.position().map(|position| match position {
                PgErrorPosition::Original(place) => place,
                PgErrorPosition::Internal { position, .. } => position,
            });
            tracing::debug!(code = refus.code(), ?place, "écriture refusée par la base");
            error.into()
        }
    }
}

fn faute(champ: &str, message: &str) -> ObjetError {
    ObjetError::Champs(vec![FauteChamp::new(champ, message)])
}

/// « Key (collectivite, numero)=(1, A) already exists. »: its columns.
fn colonnes(refus: &PgDatabaseError) -> Vec<String> {
    let detail = refus.detail().unwrap_or_default();
    let entre = detail.split_once('(').and_then(|(_, suite)| suite.split_once(")=")).map_or("", |(entre, _)| entre);
    entre.split(',').map(|nom| nom.trim().trim_matches('"').to_owned()).filter(|nom| !nom.is_empty()).collect()
}

/// `objet_etat_check`, of the table `objet`: the column, as PostgreSQL names constraints.
fn du_nom(contrainte: &str, table: &str) -> Option<String> {
    let suite = contrainte.strip_prefix(table)?.strip_prefix('_')?;
    Some(suite.strip_suffix("_check")?.to_owned())
}

/// Fields that another row has alike: those of the index that refused. Behind row-level security PostgreSQL keeps the values
/// to itself, columns with them; what it says of them is read where the index is not one that was known at start.
fn tenus(modele: &Modele, refus: &PgDatabaseError) -> Vec<&'static str> {
    let index = refus.constraint().unwrap_or_default();
    match modele.uniques.iter().find(|unicite| unicite.index == index) {
        Some(unicite) => unicite.champs.to_vec(),
        None => colonnes(refus).iter().filter_map(|nom| modele.objet.champ(nom)).map(|champ| champ.nom).collect(),
    }
}

/// Said of each field, all of them named: any may be the one to change.
fn doublon(modele: &Modele, champs: &[&'static str]) -> ObjetError {
    let libelle = |nom: &&'static str| {
        let libelle = modele.objet.champ(nom).map_or(*nom, |champ| champ.libelle);
        format!("« {libelle} »")
    };
    let dits: Vec<String> = champs.iter().map(libelle).collect();
    match dits.as_slice() {
        [] => faute("", "une autre fiche a déjà les mêmes valeurs"),
        [seul] => faute(
            champs.first().copied().unwrap_or_default(),
            &format!("une autre fiche a déjà cette valeur de {seul}"),
        ),
        [premiers @ .., dernier] => {
            let message = format!("une autre fiche a déjà les mêmes valeurs de {} et {dernier}", premiers.join(", "));
            ObjetError::Champs(champs.iter().map(|nom| FauteChamp::new(nom, message.clone())).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules::objets::ANNOTATION;

    #[test]
    fn checks_name_their_column() {
        assert_eq!(du_nom("objet_etat_check", "objet").as_deref(), Some("etat"));
        assert_eq!(du_nom("autre", "objet"), None);
    }

    #[test]
    fn a_duplicate_is_said_of_each_field_by_the_names_shown() {
        let dites = |champs: &[&'static str]| match doublon(&ANNOTATION, champs) {
            ObjetError::Champs(fautes) => {
                fautes.into_iter().map(|faute| (faute.champ, faute.message)).collect::<Vec<_>>()
            }
            autre => panic!("{autre}"),
        };
        let dit = |champ: &str, message: &str| (champ.to_owned(), message.to_owned());
        assert_eq!(dites(&["titre"]), [dit("titre", "une autre fiche a déjà cette valeur de « Titre »")]);
        let ensemble = "une autre fiche a déjà les mêmes valeurs de « Titre », « Texte » et « Catégorie »";
        assert_eq!(
            dites(&["titre", "texte", "categorie"]),
            [dit("titre", ensemble), dit("texte", ensemble), dit("categorie", ensemble)]
        );
        assert_eq!(dites(&[]), [dit("", "une autre fiche a déjà les mêmes valeurs")]);
    }
}
