//! Binds the values of an expression's SQL.

use finage_expr::{Type, Value};
use sqlx::Arguments as _;
use sqlx::postgres::PgArguments;

/// Adds values to those of a query, in the order of their placeholders.
///
/// # Errors
/// A value that PostgreSQL cannot hold.
pub fn bind(arguments: &mut PgArguments, values: Vec<(Type, Value)>) -> Result<(), sqlx::Error> {
    for (kind, value) in values {
        add(arguments, kind, value).map_err(sqlx::Error::Encode)?;
    }
    Ok(())
}

fn add(arguments: &mut PgArguments, kind: Type, value: Value) -> Result<(), sqlx::error::BoxDynError> {
    match value {
        Value::Text(value) => arguments.add(value),
        Value::Integer(value) => arguments.add(value),
        // As text: its placeholder makes a `numeric` of it, exactly.
        Value::Decimal(value) => arguments.add(value.to_string()),
        Value::Boolean(value) => arguments.add(value),
        Value::Date(value) => arguments.add(value),
        Value::Instant(value) => arguments.add(value),
        Value::Uuid(value) => arguments.add(value),
        Value::TextArray(value) => arguments.add(value),
        Value::Null => match kind {
            Type::Integer => arguments.add(None::<i64>),
            Type::Boolean => arguments.add(None::<bool>),
            Type::Date => arguments.add(None::<time::Date>),
            Type::Instant => arguments.add(None::<time::OffsetDateTime>),
            Type::Uuid => arguments.add(None::<uuid::Uuid>),
            Type::TextArray => arguments.add(None::<Vec<String>>),
            // Text, and what is sent as text.
            _ => arguments.add(None::<String>),
        },
    }
}
