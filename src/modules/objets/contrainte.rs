//! What the database refuses, told as faults of fields.

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::{FauteChamp, ObjetError};

/// The refusal of a statement that writes a row.
pub(in crate::modules) fn dite(error: sqlx::Error) -> ObjetError {
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
        "23505" => {
            let mut champs: Vec<String> = colonnes(refus).into_iter().filter(|nom| nom != "collectivite").collect();
            // Behind row-level security PostgreSQL keeps the values to itself: the name of the constraint is left.
            if champs.is_empty() {
                let nom = refus.constraint().and_then(|nom| de_l_unique(nom, refus.table().unwrap_or_default()));
                champs.push(nom.unwrap_or_default());
            }
            let message = if champs.len() > 1 {
                "une autre fiche a déjà ces valeurs"
            } else {
                "une autre fiche a déjà cette valeur"
            };
            ObjetError::Champs(champs.iter().map(|nom| FauteChamp::new(nom, message)).collect())
        }
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

/// `objet_numero_unique`, `objet_numero_key`, `objet_numero_idx`: the column, as the engine and PostgreSQL name uniqueness.
fn de_l_unique(contrainte: &str, table: &str) -> Option<String> {
    let suite = contrainte.strip_prefix(table)?.strip_prefix('_')?.trim_end_matches(|c: char| c.is_ascii_digit());
    let champ = ["_unique", "_key", "_idx"].iter().find_map(|fin| suite.strip_suffix(fin))?;
    Some(champ.strip_prefix("collectivite_").unwrap_or(champ).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_name_their_column() {
        assert_eq!(du_nom("objet_etat_check", "objet").as_deref(), Some("etat"));
        assert_eq!(du_nom("autre", "objet"), None);
        for nom in ["objet_numero_unique", "objet_numero_key", "objet_numero_idx1", "objet_collectivite_numero_key"] {
            assert_eq!(de_l_unique(nom, "objet").as_deref(), Some("numero"), "{nom}");
        }
        assert_eq!(de_l_unique("objet_pkey", "objet"), None);
    }
}
