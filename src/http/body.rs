//! Bodies, refused in French when they can't be read. Which routes take one is said in [`super::server`].

use axum::extract::{FromRequest, Json, Request, rejection::JsonRejection};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The JSON body of a request.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::unsupported(
                "Le corps de la demande doit être du JSON, annoncé par Content-Type: application/json.",
            )),
            Err(rejection) if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::too_large("Le corps de la demande dépasse 2 Mio : réduisez la liste ou la géométrie."))
            }
            Err(rejection) => {
                tracing::debug!(cause = %rejection.body_text(), "corps refusé");
                let cause = rejection.body_text();
                let (fault, place) = (fault(&cause), place(&cause));
                Err(Problem::bad_request(format!(
                    "Le corps de la demande est illisible{place} : {fault} ; /api/openapi.json décrit ce qui est attendu."
                )))
            }
        }
    }
}

/// What serde complains of, in French; the names of fields are those of the contract.
fn fault(cause: &str) -> String {
    let named = |what: &str| {
        let rest = cause.split_once(what)?.1;
        rest.split_once('`').map(|(name, _)| name.chars().take(60).collect::<String>())
    };
    if let Some(name) = named("missing field `") {
        format!("le champ « {name} » manque")
    } else if let Some(name) = named("unknown field `") {
        format!("le champ « {name} » n'est pas attendu")
    } else if cause.contains("invalid type") || cause.contains("unknown variant") || cause.contains("invalid value") {
        "une valeur n'est pas du type attendu".to_owned()
    } else {
        "ce n'est pas du JSON, ou pas celui qui est attendu".to_owned()
    }
}

/// « , vers la ligne 1, colonne 23 », where serde says so.
fn place(cause: &str) -> String {
    let after = |word: &str| -> Option<u32> {
        let rest = cause.rsplit_once(word)?.1;
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    };
    match (after("at line "), after(" column ")) {
        (Some(line), Some(column)) => format!(", vers la ligne {line}, colonne {column}"),
        _ => String::new(),
    }
}

/// The fields of an HTML form.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(fields)) => Ok(Self(fields)),
            Err(_) => Err(Problem::bad_request(
                "Le formulaire est illisible : un champ manque ou n'a pas la forme attendue ; revenez à la page et recommencez.",
            )),
        }
    }
}
