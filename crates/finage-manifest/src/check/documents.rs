//! Letters, the queries that feed them, and labels.

use std::path::Path;

use super::Wrong;
use super::expressions::{self, Properties};
use crate::module::{identifier_rule, is_identifier};
use crate::{Document, Fault, Kind, Module, OPEN, Object, Piece, Query, QueryType, Resolved, pieces};

/// The document that an object with labels has besides its own.
const LABELS: &str = "etiquettes";
/// What the engine gives to queries besides the fields of the row.
const GIVEN: [(&str, QueryType); 2] = [("id", QueryType::Uuid), ("aujourd_hui", QueryType::Date)];
/// Lines of a label at most.
const MAX_LINES: usize = 8;

pub(super) fn check(
    module: &Module,
    known: &dyn Fn(&str) -> bool,
    object: &Object,
    fields: &[Resolved<'_>],
    properties: &Properties,
    wrong: &mut Wrong<'_>,
) {
    let purpose = |purpose: Option<&String>, path: &[&str], wrong: &mut Wrong<'_>| {
        if let Some(name) = purpose.filter(|name| !module.file.purposes.contains_key(*name)) {
            wrong.say(path, format!("la finalité « {name} » n'est pas déclarée dans [purposes]"));
        }
    };
    for (rank, document) in object.file.documents.iter().enumerate() {
        let number = rank.to_string();
        let path = |key: &'static str| ["documents", number.as_str(), key];
        let twice = object.file.documents.iter().take(rank).any(|other| other.id == document.id);
        if !is_identifier(&document.id, 40) || document.id == LABELS || twice {
            wrong.say(
                &path("id"),
                format!("« {} » ne peut pas nommer un document : {}, une seule fois", document.id, identifier_rule(40)),
            );
        }
        if module.folder.text(&format!("documents/{}", document.template)).is_err()
            || Path::new(&document.template).extension().is_none_or(|extension| extension != "typ")
        {
            wrong.say(&path("template"), format!("le gabarit documents/{} manque", document.template));
        }
        purpose(document.purpose.as_ref(), &path("purpose"), wrong);
        if let Some(error) = document.filter.as_ref().and_then(|text| expressions::condition(text, properties).err()) {
            wrong.say(&path("where"), error);
        }
        queries(module, known, document, fields, &path("queries"), wrong);
    }
    let Some(labels) = &object.file.labels else { return };
    purpose(labels.purpose.as_ref(), &["labels", "purpose"], wrong);
    if labels.lines.is_empty() || labels.lines.len() > MAX_LINES {
        wrong.say(&["labels", "lines"], format!("une étiquette a de 1 à {MAX_LINES} lignes"));
    }
    for line in &labels.lines {
        match pieces(line) {
            Err(message) => wrong.say(&["labels", "lines"], message),
            Ok(all) => {
                for piece in all {
                    let (Piece::Field(name) | Piece::Through(name, _)) = &piece else { continue };
                    let through = matches!(piece, Piece::Through(..));
                    if through || !fields.iter().any(|field| field.name == name) {
                        wrong
                            .say(&["labels", "lines"], format!("l'étiquette nomme « {name} », qui n'est pas un champ"));
                    }
                }
            }
        }
    }
}

fn queries(
    module: &Module,
    known: &dyn Fn(&str) -> bool,
    document: &Document,
    fields: &[Resolved<'_>],
    path: &[&str],
    wrong: &mut Wrong<'_>,
) {
    for (name, file) in &document.queries {
        if !is_identifier(name, 40) {
            wrong.say(path, format!("« {name} » ne peut pas nommer une requête : {}", identifier_rule(40)));
        }
        let file = format!("documents/{file}");
        let read = module.folder.text(&file).and_then(|text| Query::read(&file, text));
        let query = match read {
            Ok(query) => query,
            Err(fault) => {
                wrong.faults.push(fault);
                continue;
            }
        };
        for object in query.objects().filter(|object| !OPEN.contains(object)) {
            let within = object
                .split_once('.')
                .is_none_or(|(of, _)| of == module.id() || module.file.depends.iter().any(|id| id == of));
            if !within || !known(object) || object.split_once('.').is_none() && !module.objects.contains_key(object) {
                let message = format!(
                    "« {{{{{object}}}}} » n'est pas un objet de ce module ni d'un module de « depends » ; du socle se lisent : {}",
                    OPEN.join(", ")
                );
                wrong.faults.push(Fault::new(&file, None, message));
            }
        }
        for (name, kind) in &query.params {
            let field = fields.iter().find(|field| field.name == name).and_then(|field| of(field.kind));
            let given = GIVEN.iter().find(|(given, _)| given == name).map(|(_, kind)| *kind).or(field);
            if given != Some(*kind) {
                let message = format!(
                    "le paramètre « {name} » est id (uuid), aujourd_hui (date) ou un champ de la fiche, de son type"
                );
                wrong.faults.push(Fault::new(&file, None, message));
            }
        }
    }
}

/// The type of a field, in queries.
fn of(kind: Kind) -> Option<QueryType> {
    Some(match kind {
        Kind::Text | Kind::Longtext | Kind::Rich | Kind::Code => QueryType::Text,
        Kind::Integer => QueryType::Integer,
        Kind::Decimal | Kind::Money => QueryType::Decimal,
        Kind::Date => QueryType::Date,
        Kind::Instant => QueryType::Instant,
        Kind::Boolean => QueryType::Boolean,
        Kind::Reference | Kind::File => QueryType::Uuid,
        Kind::References | Kind::Geometry => return None,
    })
}
