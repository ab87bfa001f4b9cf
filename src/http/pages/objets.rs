//! What pages of objects share: fields of forms, read and given back.

use axum::http::StatusCode;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::access::droits::{Action, Genre};
use crate::http::objets::Demande;
use crate::http::problem::Problem;
use crate::modules::objets::{Fiche, Modele, ObjetError};
use crate::portal::objets::{ChampPage, texte};

/// A field of a form: name and value.
pub type Field = (String, String);
/// The fields of a form, as they come.
pub type Fields = Vec<Field>;

/// A field; empty when it is not there.
pub fn field<'a>(fields: &'a [Field], nom: &str) -> &'a str {
    fields.iter().find(|(name, _)| name == nom).map_or("", |(_, value)| value.as_str())
}

/// The key of an address; what is none names no row.
pub fn key(id: &str) -> Result<Uuid, Problem> {
    id.parse().map_err(|_| ObjetError::Absente.into())
}

/// Every field of a new row.
pub fn filled(modele: &Modele, fields: &[Field]) -> Map<String, Value> {
    let written = modele.objet.champs.iter().filter(|champ| champ.modifiable);
    written
        .filter(|champ| !field(fields, champ.nom).is_empty())
        .map(|champ| (champ.nom.to_owned(), value(champ.genre, field(fields, champ.nom))))
        .collect()
}

/// Fields whose value in the form is not the one there is.
pub fn changes(modele: &Modele, fiche: &Fiche, fields: &[Field]) -> Map<String, Value> {
    let written = modele.objet.champs.iter().filter(|champ| champ.modifiable);
    written
        .filter(|champ| {
            // A box that is not ticked is not sent at all.
            champ.genre == Genre::Booleen || fields.iter().any(|(name, _)| name == champ.nom)
        })
        .map(|champ| (champ, lines(field(fields, champ.nom))))
        .filter(|(champ, typed)| *typed != texte(fiche.champs.get(champ.nom)))
        .map(|(champ, typed)| (champ.nom.to_owned(), value(champ.genre, &typed)))
        .collect()
}

/// Browsers end lines by CR LF.
fn lines(typed: &str) -> String {
    typed.replace("\r\n", "\n")
}

fn value(genre: Genre, typed: &str) -> Value {
    match genre {
        Genre::Booleen => Value::Bool(!typed.is_empty()),
        _ if typed.trim().is_empty() => Value::Null,
        _ => lines(typed).into(),
    }
}

/// The fields of a sheet that people write and that are open to them, filled with what was typed, else with what there is.
pub fn fields(demande: &Demande<'_>, fiche: &Fiche, typed: Option<&[Field]>) -> Result<Vec<ChampPage>, Problem> {
    let modele = demande.modele;
    let regard = demande.regard(Action::Lire)?;
    let written = regard.champs().filter(|champ| champ.modifiable);
    Ok(written
        .map(|champ| {
            let value = match typed {
                Some(typed) => field(typed, champ.nom).to_owned(),
                None => texte(fiche.champs.get(champ.nom)),
            };
            ChampPage::new(modele, champ, value)
        })
        .collect())
}

/// Says beside the field why it was refused.
pub fn mark(champs: &mut [ChampPage], problem: Option<&Problem>) {
    let Some(problem) = problem else { return };
    for champ in champs.iter_mut().filter(|champ| problem.champ.as_deref() == Some(champ.nom.as_str())) {
        champ.erreur = Some(problem.detail.clone());
    }
}

/// A refusal that the form itself tells; what the form can do nothing about goes on.
pub fn refused_with(problem: Problem) -> Result<(StatusCode, Problem), Problem> {
    match StatusCode::from_u16(problem.status) {
        Ok(status) if matches!(problem.status, 400 | 412 | 413 | 415 | 422 | 507) => Ok((status, problem)),
        _ => Err(problem),
    }
}
