//! Rights and workflow of an object.

use super::Wrong;
use super::expressions::{self, Place, Properties};
use crate::object::{Fields, Guard};
use crate::{Kind, Module, Object, Resolved, RightAction};

pub(super) fn check(
    module: &Module,
    object: &Object,
    fields: &[Resolved<'_>],
    properties: &Properties,
    wrong: &mut Wrong<'_>,
) {
    for (rank, right) in object.file.rights.iter().enumerate() {
        let rank = rank.to_string();
        if right.role != "public" && !module.file.roles.contains_key(&right.role) {
            wrong.say(
                &["rights", &rank, "role"],
                format!("le rôle « {} » n'est pas déclaré dans [roles] de module.toml", right.role),
            );
        }
        if right.role == "public" && right.actions.iter().any(|action| *action != RightAction::Read) {
            wrong.say(&["rights", &rank, "actions"], "le public ne fait que lire : actions = [\"read\"]");
        }
        if let Some(text) = &right.rows {
            // What is open to the public is a policy of the database, which knows the row alone.
            let (place, nobody) =
                if right.role == "public" { (Place::Computed, text.contains("user.")) } else { (Place::Right, false) };
            if nobody {
                wrong.say(&["rights", &rank, "rows"], "le public n'est personne : « user. » n'y a pas de sens");
            } else if let Err(error) = expressions::condition_at(text, place, properties) {
                wrong.say(&["rights", &rank, "rows"], error);
            }
        }
        match &right.fields {
            Some(Fields::All(star)) if star != "*" => {
                wrong.say(&["rights", &rank, "fields"], "« fields » est \"*\" ou une liste de champs");
            }
            Some(Fields::Some(names)) => {
                for name in names.iter().filter(|name| !fields.iter().any(|field| field.name == name.as_str())) {
                    wrong.say(&["rights", &rank, "fields"], format!("« {name} » n'est pas un champ"));
                }
            }
            _ => {}
        }
        if right.role == "public" {
            let named = |name: &str| match &right.fields {
                Some(Fields::Some(names)) => names.iter().any(|one| one == name),
                _ => true,
            };
            let personal = fields
                .iter()
                .find(|field| named(field.name) && field.field.is_some_and(|said| said.personal.is_some()));
            if let Some(field) = personal {
                wrong.say(
                    &["rights", &rank, "fields"],
                    format!("« {} » est une donnée personnelle : le public n'en voit aucune", field.name),
                );
            }
        }
        if right.level.is_some_and(|level| !(1..=3).contains(&level)) {
            wrong.say(&["rights", &rank, "level"], "le niveau de données personnelles va de 1 à 3");
        }
    }
}

pub(super) fn workflow(
    module: &Module,
    object: &Object,
    fields: &[Resolved<'_>],
    properties: &Properties,
    wrong: &mut Wrong<'_>,
) {
    let Some(workflow) = &object.file.workflow else { return };
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    let state = fields.iter().find(|field| field.name == workflow.field);
    let codes =
        state.and_then(|field| field.field).and_then(|said| said.code.as_ref()).and_then(|code| module.codes.get(code));
    if state.is_none_or(|field| field.kind != Kind::Code) {
        wrong.say(
            &["workflow", "field"],
            format!("« {} » n'est pas un champ de code : ses codes sont les états", workflow.field),
        );
    }
    let known = |state: &str| codes.is_none_or(|codes| codes.codes.iter().any(|code| code.code == state));
    if !known(&workflow.initial) {
        wrong.say(&["workflow", "initial"], format!("l'état « {} » n'est pas dans la nomenclature", workflow.initial));
    }
    for (rank, step) in workflow.steps.iter().enumerate() {
        let rank = rank.to_string();
        let path = |key: &'static str| ["workflow", "steps", rank.as_str(), key];
        for state in step.from.iter().chain(&step.to).filter(|state| !known(state)) {
            wrong.say(
                &path("from"),
                format!("l'étape « {} » nomme l'état « {state} », qui n'est pas dans la nomenclature", step.id),
            );
        }
        if let Some(role) = step.role.as_ref().filter(|role| !module.file.roles.contains_key(*role)) {
            wrong.say(&path("role"), format!("le rôle « {role} » n'est pas déclaré dans [roles] de module.toml"));
        }
        if let Some(error) =
            step.visible.as_ref().and_then(|text| expressions::condition_at(text, Place::Step, properties).err())
        {
            wrong.say(&path("visible"), error);
        }
        for (text, _) in step.guard.iter().flat_map(Guard::cases) {
            if let Err(error) = expressions::condition_at(text, Place::Step, properties) {
                wrong.say(&path("guard"), error);
            }
        }
        for name in step.requires.iter().filter(|name| !has(name)) {
            wrong.say(&path("requires"), format!("l'étape « {} » exige « {name} », qui n'est pas un champ", step.id));
        }
        for name in step.asks.iter().filter(|name| !has(name)) {
            wrong.say(&path("asks"), format!("l'étape « {} » demande « {name} », qui n'est pas un champ", step.id));
        }
        for name in step.creates.iter().filter(|name| !module.objects.contains_key(*name)) {
            wrong.say(
                &path("creates"),
                format!("l'étape « {} » fait des « {name} », qui n'est pas un objet de ce module", step.id),
            );
        }
        for (name, text) in &step.sets {
            match fields.iter().find(|field| field.name == name) {
                None => wrong
                    .say(&path("sets"), format!("l'étape « {} » écrit « {name} », qui n'est pas un champ", step.id)),
                Some(field) => {
                    if let Err(error) = expressions::value(text, field.kind, Place::Step, properties) {
                        wrong.say(&path("sets"), error);
                    }
                }
            }
        }
        for (name, delay) in &step.delay {
            if fields.iter().find(|field| field.name == name).is_none_or(|field| field.kind != Kind::Date) {
                wrong.say(&path("delay"), format!("« {name} » n'est pas un champ de type date"));
            }
            if !expressions::is_duration(delay) {
                wrong.say(&path("delay"), format!("« {delay} » n'est pas une durée, par exemple P1M"));
            }
        }
        if let Some(document) =
            step.document.as_ref().filter(|id| !object.file.documents.iter().any(|one| one.id == **id))
        {
            wrong.say(&path("document"), format!("le document « {document} » n'est pas déclaré dans [[documents]]"));
        }
    }
}
