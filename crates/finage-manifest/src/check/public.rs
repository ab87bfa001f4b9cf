//! Public pages and deposits: what they show is open to the public, what they ask can be written.

use std::collections::BTreeSet;

use finage_expr::{Mode, parse};

use super::Wrong;
use super::expressions::{self, Properties};
use crate::module::is_identifier;
use crate::object::Fields;
use crate::{Catalogue, Field, Kind, Module, Object, Resolved, RightAction, Table};

/// Attached files of a deposit at most.
const MAX_FILES: u8 = 5;

/// Names that pages have for themselves: parameters, hidden fields, parts that links lead to.
const TAKEN: [&str; 14] = [
    "page",
    "commune",
    "contenu",
    "pied",
    "chercher",
    "resultats",
    "formulaires",
    "jeton",
    "site_web",
    "fichiers",
    "erreur",
    "reponses",
    "donnees",
    "recherche",
];
/// What browsers may fill by themselves (HTML, RGAA 11.13).
const AUTOCOMPLETE: [&str; 12] = [
    "name",
    "honorific-prefix",
    "given-name",
    "family-name",
    "organization",
    "street-address",
    "postal-code",
    "address-level2",
    "country-name",
    "tel",
    "email",
    "bday",
];

/// What the public may read of an object: a field when each of its rights names it. `None` when it reads nothing.
fn opened(object: &Object) -> Option<impl Fn(&str) -> bool + use<'_>> {
    let rights: Vec<_> = object
        .file
        .rights
        .iter()
        .filter(|right| right.role == "public" && right.actions.contains(&RightAction::Read))
        .collect();
    (!rights.is_empty()).then_some(move |name: &str| {
        rights.iter().all(|right| match &right.fields {
            Some(Fields::Some(names)) => names.iter().any(|one| one == name),
            _ => true,
        })
    })
}

struct Public<'a, 'b> {
    module: &'a Module,
    catalogue: &'a Catalogue,
    object: &'a Object,
    fields: &'a [Resolved<'a>],
    wrong: &'a mut Wrong<'b>,
}

pub(super) fn check(
    module: &Module,
    catalogue: &Catalogue,
    object: &Object,
    (fields, properties): (&[Resolved<'_>], &Properties),
    wrong: &mut Wrong<'_>,
) {
    let mut public = Public { module, catalogue, object, fields, wrong };
    public.page(properties);
    public.deposit();
}

impl<'a> Public<'a, '_> {
    fn field(&self, name: &str) -> Option<&'a Resolved<'a>> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The object of this module that a reference names, with its table.
    fn target(&self, field: &Resolved<'_>) -> Option<(&'a Object, &'a Table)> {
        let (table, _) = field.target.as_ref()?;
        let object = self.module.objects.values().find(|object| object.file.table == *table)?;
        Some((object, self.catalogue.tables.get(table)?))
    }

    /// Why the public does not read `champ` or `reference.champ`.
    fn closed(&self, path: &str) -> Option<String> {
        let (first, through) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let Some(field) = self.field(first) else { return Some(format!("« {first} » n'est pas un champ")) };
        if !opened(self.object).is_some_and(|opens| opens(first)) {
            return Some(format!("« {first} » n'est pas ouvert au public : ajoutez-le au droit « public »"));
        }
        let through = through?;
        let Some((target, table)) = self.target(field) else {
            return Some(format!("« {first} » n'est pas une référence à un objet de ce module"));
        };
        if table.column(through).is_none() {
            return Some(format!("« {path} » n'existe pas"));
        }
        (!opened(target).is_some_and(|opens| opens(through)))
            .then(|| format!("« {path} » n'est pas ouvert au public par « {} »", target.name))
    }

    fn page(&mut self, properties: &Properties) {
        let Some(page) = &self.object.file.page else { return };
        if opened(self.object).is_none() {
            self.wrong.say(&["page"], "le public ne lit rien de cet objet : donnez-lui un droit « public »");
            return;
        }
        let sort = page.sort.iter().map(|name| name.trim_start_matches('-'));
        let named = page.columns.iter().map(|name| ("columns", name.as_str()));
        let named = named.chain(page.fields.iter().map(|name| ("fields", name.as_str())));
        for (key, name) in named.chain(sort.map(|name| ("sort", name))) {
            let message = if key == "sort" && name.contains('.') {
                Some(format!("« {name} » : on trie par un champ de l'objet"))
            } else {
                self.closed(name)
            };
            if let Some(message) = message {
                self.wrong.say(&["page", key], message);
            }
        }
        let mut seen = BTreeSet::new();
        for (rank, search) in page.search.iter().enumerate() {
            let rank = rank.to_string();
            if !is_identifier(&search.id, 40) || TAKEN.contains(&search.id.as_str()) {
                self.wrong.say(
                    &["page", "search", &rank, "id"],
                    format!("« {} » ne peut pas nommer un paramètre", search.id),
                );
            }
            if !seen.insert(&search.id) {
                self.wrong.say(&["page", "search", &rank, "id"], format!("« {} » est donné deux fois", search.id));
            }
            if search.fields.is_empty() {
                self.wrong.say(&["page", "search", &rank, "fields"], "dites au moins un champ à chercher");
            }
            for name in &search.fields {
                let alone = search.fields.len() == 1;
                let message = self.closed(name).or_else(|| self.unsearchable(name, alone));
                if let Some(message) = message {
                    self.wrong.say(&["page", "search", &rank, "fields"], message);
                }
            }
        }
        if let Some(place) = &page.place {
            let target = self.field(place).and_then(|field| self.target(field));
            if target.is_none_or(|(target, _)| target.file.geometry.is_none() || opened(target).is_none()) {
                self.wrong.say(
                    &["page", "place"],
                    format!("« {place} » n'est pas une référence à un objet de ce module qui a une géométrie et que lit le public"),
                );
            }
        }
        for name in &page.tabs {
            let tab = self.object.file.tabs.iter().find(|tab| tab.object == *name);
            let other = tab.and_then(|tab| Some((tab, self.module.objects.get(&tab.object)?)));
            if other.is_none_or(|(tab, other)| !opened(other).is_some_and(|opens| opens(&tab.by))) {
                self.wrong.say(
                    &["page", "tabs"],
                    format!("« {name} » n'est pas un onglet dont le public lit les fiches et la référence"),
                );
            }
        }
        for (rank, text) in page.texts.iter().enumerate() {
            if let Some(error) = text.filter.as_ref().and_then(|text| expressions::condition(text, properties).err()) {
                self.wrong.say(&["page", "texts", &rank.to_string(), "where"], error);
                continue;
            }
            let read = text.filter.as_ref().and_then(|text| parse(text, Mode::Finage).ok());
            let closed = read.and_then(|read| read.properties().into_iter().find_map(|name| self.closed(name)));
            if let Some(message) = closed {
                self.wrong.say(&["page", "texts", &rank.to_string(), "where"], message);
            }
        }
        if let Some(name) = &page.deposit
            && self.module.objects.get(name).is_none_or(|object| object.file.deposit.is_none())
        {
            self.wrong.say(&["page", "deposit"], format!("« {name} » n'est pas un objet qui reçoit des dépôts"));
        }
    }

    /// Why a field is not searched as a page searches.
    fn unsearchable(&self, name: &str, alone: bool) -> Option<String> {
        let kind = match name.split_once('.') {
            // What is behind a reference is chosen among rows.
            Some((first, through)) => {
                let (target, table) = self.field(first).and_then(|field| self.target(field))?;
                let code = target.file.fields.get(through).is_some_and(|field: &Field| field.code.is_some());
                let key = table.foreign_key(through).is_some();
                if code {
                    Kind::Code
                } else if key {
                    Kind::Reference
                } else {
                    Kind::Geometry
                }
            }
            None => self.field(name)?.kind,
        };
        match kind {
            Kind::Text | Kind::Longtext | Kind::Date | Kind::Integer => None,
            Kind::Code | Kind::Reference if alone => None,
            Kind::Code | Kind::Reference => Some(format!("« {name} » se choisit : il est cherché seul")),
            _ => Some(format!("« {name} » ne se cherche pas sur une page publique")),
        }
    }

    fn deposit(&mut self) {
        let Some(deposit) = &self.object.file.deposit else { return };
        if self.object.file.register.as_ref().is_none_or(|register| register.step.is_some()) {
            self.wrong
                .say(&["deposit"], "un dépôt rend un numéro : donnez à l'objet un « register », pris à la création");
        }
        let mut seen = BTreeSet::new();
        for name in &deposit.fields {
            let message = match self.field(name) {
                None => Some(format!("« {name} » n'est pas un champ")),
                Some(_) if !seen.insert(name) => Some(format!("« {name} » est donné deux fois")),
                Some(field) => self.unwritable(field),
            };
            if let Some(message) = message {
                self.wrong.say(&["deposit", "fields"], message);
            }
        }
        for name in deposit.required.iter().filter(|name| !deposit.fields.contains(name)) {
            self.wrong.say(&["deposit", "required"], format!("« {name} » n'est pas demandé par le formulaire"));
        }
        let lacking = self.fields.iter().find(|field| {
            let state = self.object.file.workflow.as_ref().is_some_and(|workflow| workflow.field == field.name);
            let number = self.object.file.register.as_ref().is_some_and(|register| register.field == field.name);
            field.column.not_null
                && !field.column.default
                && !state
                && !number
                && !deposit.fields.iter().any(|one| one == field.name)
        });
        if let Some(field) = lacking {
            self.wrong.say(&["deposit", "fields"], format!("« {} » ne peut pas être vide : demandez-le", field.name));
        }
        let to = self.field(&deposit.to).filter(|_| deposit.fields.contains(&deposit.to));
        if to.and_then(|field| self.target(field)).is_none_or(|(target, _)| opened(target).is_none()) {
            self.wrong.say(
                &["deposit", "to"],
                format!(
                    "« {} » n'est pas, parmi les champs demandés, une référence à ce que lit le public",
                    deposit.to
                ),
            );
        }
        for (name, token) in &deposit.autocomplete {
            if !deposit.fields.contains(name) {
                self.wrong
                    .say(&["deposit", "autocomplete", name], format!("« {name} » n'est pas demandé par le formulaire"));
            }
            if !AUTOCOMPLETE.contains(&token.as_str()) {
                let message = format!("« {token} » n'est pas une de ces valeurs : {}", AUTOCOMPLETE.join(", "));
                self.wrong.say(&["deposit", "autocomplete", name], message);
            }
        }
        if deposit.files > MAX_FILES {
            self.wrong.say(&["deposit", "files"], format!("{MAX_FILES} fichiers au plus"));
        }
        for (key, bound) in [("per_address", deposit.per_address), ("per_day", deposit.per_day)] {
            if bound == 0 {
                self.wrong.say(&["deposit", key], "un dépôt par jour au moins");
            }
        }
    }

    /// Why a form does not ask a field.
    fn unwritable(&self, field: &Resolved<'_>) -> Option<String> {
        let name = field.name;
        let said = field.field;
        let state = self.object.file.workflow.as_ref().is_some_and(|workflow| workflow.field == name);
        let number = self.object.file.register.as_ref().is_some_and(|register| register.field == name);
        if state || number || said.is_some_and(|said| said.computed.is_some() || said.readonly) {
            return Some(format!("« {name} » n'est écrit par personne : un formulaire ne le demande pas"));
        }
        if TAKEN.contains(&name) {
            return Some(format!("« {name} » est un mot du formulaire : ce champ ne s'y demande pas"));
        }
        match field.kind {
            Kind::Text if field.column.length.is_none() => {
                Some(format!("« {name} » n'a pas de longueur : varchar(…), pour ce que tous peuvent envoyer"))
            }
            Kind::Text | Kind::Longtext | Kind::Date | Kind::Integer | Kind::Boolean | Kind::Code => None,
            Kind::Reference if self.target(field).is_some_and(|(target, _)| opened(target).is_some()) => None,
            Kind::Reference => Some(format!("« {name} » désigne ce que le public ne lit pas")),
            _ => Some(format!("« {name} » ne s'écrit pas dans un formulaire public")),
        }
    }
}
