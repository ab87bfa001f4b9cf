//! Binds the values of an expression's SQL.

use finage_expr::{Bind, Sql, Type, Value};
use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, Postgres, QueryBuilder};

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
        Value::UuidArray(value) => arguments.add(value),
        Value::Null => match kind {
            Type::Integer => arguments.add(None::<i64>),
            Type::Boolean => arguments.add(None::<bool>),
            Type::Date => arguments.add(None::<time::Date>),
            Type::Instant => arguments.add(None::<time::OffsetDateTime>),
            Type::Uuid => arguments.add(None::<uuid::Uuid>),
            Type::TextArray => arguments.add(None::<Vec<String>>),
            Type::UuidArray => arguments.add(None::<Vec<uuid::Uuid>>),
            // Text, and what is sent as text.
            _ => arguments.add(None::<String>),
        },
    }
}

/// Writes an expression numbered from 0 into a query under way; `place` writes what each placeholder stands for.
pub fn push(query: &mut QueryBuilder<Postgres>, sql: &Sql, mut place: impl FnMut(&mut QueryBuilder<Postgres>, &Bind)) {
    // A dollar stands before a number and nowhere else: columns and computed properties are those of a schema of ours,
    // values are bound.
    let mut parts = sql.text.split('$');
    query.push(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        match number.parse::<usize>().ok().and_then(|rank| sql.values.get(rank)) {
            Some(bind) => place(query, bind),
            // Unknown opens nothing.
            None => {
                query.push("null");
            }
        }
        query.push(rest);
    }
}

/// Binds one value in a query under way.
pub fn push_value(query: &mut QueryBuilder<Postgres>, kind: Type, value: Value) {
    match value {
        Value::Text(value) => query.push_bind(value),
        Value::Integer(value) => query.push_bind(value),
        // As text: its placeholder makes a `numeric` of it, exactly.
        Value::Decimal(value) => query.push_bind(value.to_string()),
        Value::Boolean(value) => query.push_bind(value),
        Value::Date(value) => query.push_bind(value),
        Value::Instant(value) => query.push_bind(value),
        Value::Uuid(value) => query.push_bind(value),
        Value::TextArray(value) => query.push_bind(value),
        Value::UuidArray(value) => query.push_bind(value),
        Value::Null => query.push("null::").push(kind.sql()),
    };
}
