//! Expressions of a manifest, typed against the fields of its object.

use finage_expr::{Mode, Schema, Type, parse, parse_scalar};

use crate::{Kind, Resolved};

/// What may be said of `user.`.
const USER: [(&str, Type); 4] =
    [("email", Type::Text), ("id", Type::Uuid), ("collectivite", Type::Integer), ("communes", Type::TextArray)];

/// Fields with their types, and the columns of the engine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Properties(Vec<(String, Type)>);

impl Properties {
    pub(crate) fn of(fields: &[Resolved<'_>]) -> Self {
        let mut all: Vec<(String, Type)> =
            fields.iter().filter_map(|field| Some((field.name.to_owned(), kind(field.kind)?))).collect();
        for (name, kind) in [("insee", Type::Text), ("collectivite", Type::Integer), ("id", Type::Uuid)] {
            all.push((name.to_owned(), kind));
        }
        Self(all)
    }

    fn schema(&self, prefix: &str, schema: Schema) -> Schema {
        self.0.iter().fold(schema, |schema, (name, kind)| schema.with(&format!("{prefix}{name}"), *kind, &["o", name]))
    }
}

/// The type of what a field holds, in expressions; none for what they do not read.
pub(crate) fn kind(kind: Kind) -> Option<Type> {
    Some(match kind {
        Kind::Text | Kind::Longtext | Kind::Rich | Kind::Code => Type::Text,
        Kind::Integer => Type::Integer,
        Kind::Decimal | Kind::Money => Type::Decimal,
        Kind::Date => Type::Date,
        Kind::Instant => Type::Instant,
        Kind::Boolean => Type::Boolean,
        Kind::Reference | Kind::File => Type::Uuid,
        Kind::References => Type::UuidArray,
        Kind::Geometry => return None,
    })
}

fn with_user(schema: Schema) -> Schema {
    USER.into_iter().fold(schema, |schema, (name, kind)| schema.with_user(name, kind))
}

/// Whether a text is a condition on rows of these properties.
pub(crate) fn condition(text: &str, properties: &Properties) -> Result<(), String> {
    let schema = with_user(properties.schema("record.", properties.schema("", Schema::new())));
    parse(text, Mode::Finage).and_then(|read| read.typed(&schema)).map(|_| ()).map_err(|error| error.to_string())
}

/// Whether a text is a condition on the rows of `target` that a record may name.
pub(crate) fn choice(text: &str, name: &str, target: &Properties, record: &Properties) -> Result<(), String> {
    let schema = target.schema(&format!("{name}."), target.schema("", Schema::new()));
    let schema = with_user(record.schema("record.", schema));
    parse(text, Mode::Finage).and_then(|read| read.typed(&schema)).map(|_| ()).map_err(|error| error.to_string())
}

/// Whether a text is a value of this kind.
pub(crate) fn value(text: &str, of: Kind, properties: &Properties) -> Result<(), String> {
    let Some(expected) = kind(of) else { return Err("ce champ ne se calcule pas".to_owned()) };
    let schema = with_user(properties.schema("record.", properties.schema("", Schema::new())));
    let read = parse_scalar(text, Mode::Finage)
        .and_then(|read| read.typed(&schema))
        .map_err(|error| format!("« {text} » n'est pas une valeur : {error}"))?;
    let found = read.kind();
    if found == expected || (found == Type::Integer && expected == Type::Decimal) {
        Ok(())
    } else {
        Err(format!("« {text} » est de type {}, le champ de type {}", found.label(), expected.label()))
    }
}

/// Whether a text is an ISO 8601 duration of years, months and days.
pub(crate) fn is_duration(text: &str) -> bool {
    let schema = Schema::new();
    parse(&format!("today() = today() + '{}'", text.replace('\'', "''")), Mode::Finage)
        .and_then(|read| read.typed(&schema))
        .is_ok()
}
