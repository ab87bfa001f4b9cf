//! Expressions of a manifest, typed against what is known where they stand.

use finage_expr::{Mode, Schema, Type, parse, parse_scalar};

use crate::{Kind, Resolved};

/// What may be said of `user.`.
const USER: [(&str, Type); 4] =
    [("email", Type::Text), ("id", Type::Uuid), ("collectivite", Type::Integer), ("communes", Type::TextArray)];
/// Longest expression of a manifest, bytes: a list's is read again at each request.
const MAX_TEXT: usize = 8 << 10;

/// Where an expression stands: who evaluates it knows no more than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Lists, forms, cards, documents: the row alone.
    Row,
    /// Rows of a right: the row, and who asks.
    Right,
    /// Guards and values of steps: the row, by `record.` too, and who takes the step.
    Step,
    /// Computed fields: the row, whoever changes it.
    Computed,
    /// Values proposed for a new row: nothing of a row.
    Proposed,
}

impl Place {
    fn knows_user(self) -> bool {
        matches!(self, Self::Right | Self::Step)
    }

    /// Columns of the engine that may be named.
    fn system(self) -> &'static [(&'static str, Type)] {
        match self {
            Self::Row | Self::Step => {
                &[("id", Type::Uuid), ("insee", Type::Text), ("creee_le", Type::Instant), ("version", Type::Integer)]
            }
            Self::Right => &[("insee", Type::Text), ("collectivite", Type::Integer)],
            Self::Computed => &[("insee", Type::Text)],
            Self::Proposed => &[],
        }
    }

    fn schema(self, properties: &Properties) -> Schema {
        let schema =
            self.system().iter().fold(Schema::new(), |schema, (name, kind)| schema.with(name, *kind, &["o", name]));
        let schema = if self == Self::Proposed { schema } else { properties.schema("", schema) };
        let schema = if self == Self::Step { properties.schema("record.", schema) } else { schema };
        if self.knows_user() { with_user(schema) } else { schema }
    }

    /// A word of another place: said by name, where the schema would only say that it is unknown.
    fn refuses(self, text: &str, uses_user: bool, properties: &[&str]) -> Result<(), String> {
        if text.len() > MAX_TEXT {
            return Err("l'expression est trop longue : 8 Kio au plus".to_owned());
        }
        if uses_user && !self.knows_user() {
            return Err(
                "« user. » n'a pas de sens ici : seuls le savent les lignes d'un droit (« rows »), les gardes et les valeurs des étapes"
                    .to_owned(),
            );
        }
        if self != Self::Step && properties.iter().any(|name| name.starts_with("record.")) {
            return Err("« record. » n'a pas de sens ici : le champ se nomme seul ; « choose » distingue la fiche de ce qu'elle désigne".to_owned());
        }
        Ok(())
    }
}

/// Fields with their types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Properties(Vec<(String, Type)>);

impl Properties {
    pub(crate) fn of(fields: &[Resolved<'_>]) -> Self {
        Self(fields.iter().filter_map(|field| Some((field.name.to_owned(), kind(field.kind)?))).collect())
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

/// Whether a text is a condition on the row.
pub(crate) fn condition(text: &str, properties: &Properties) -> Result<(), String> {
    condition_at(text, Place::Row, properties)
}

/// Whether a text is a condition, there.
pub(crate) fn condition_at(text: &str, place: Place, properties: &Properties) -> Result<(), String> {
    let read = parse(text, Mode::Finage).map_err(|error| error.to_string())?;
    place.refuses(text, read.uses_user(), &read.properties().into_iter().collect::<Vec<_>>())?;
    read.typed(&place.schema(properties)).map(|_| ()).map_err(|error| error.to_string())
}

/// Whether a text is a condition on the rows of `target` that a record may name.
pub(crate) fn choice(text: &str, name: &str, target: &Properties, record: &Properties) -> Result<(), String> {
    let read = parse(text, Mode::Finage).map_err(|error| error.to_string())?;
    if text.len() > MAX_TEXT {
        return Err("l'expression est trop longue : 8 Kio au plus".to_owned());
    }
    if read.uses_user() {
        return Err(
            "« user. » n'a pas de sens dans « choose » : ce que chacun peut lire, les droits le disent".to_owned()
        );
    }
    let schema =
        Place::Row.system().iter().fold(Schema::new(), |schema, (name, kind)| schema.with(name, *kind, &["o", name]));
    let schema = target.schema(&format!("{name}."), target.schema("", schema));
    read.typed(&record.schema("record.", schema)).map(|_| ()).map_err(|error| error.to_string())
}

/// Whether a text is a value of this kind, there.
pub(crate) fn value(text: &str, of: Kind, place: Place, properties: &Properties) -> Result<(), String> {
    let Some(expected) = kind(of) else { return Err("ce champ ne se calcule pas".to_owned()) };
    let wrong = |error: finage_expr::ExprError| format!("« {text} » n'est pas une valeur : {error}");
    let read = parse_scalar(text, Mode::Finage).map_err(wrong)?;
    place.refuses(text, read.uses_user(), &read.properties().into_iter().collect::<Vec<_>>())?;
    let found = read.typed(&place.schema(properties)).map_err(wrong)?.kind();
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
