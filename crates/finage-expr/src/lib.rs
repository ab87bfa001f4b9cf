//! Expressions over the rows of a table: CQL2 text (OGC 21-065) and a few additions, typed, as SQL or on a record.
//!
//! [`parse`] reads a text into a bounded [`Expression`], [`Expression::typed`] checks it against the properties of a
//! [`Schema`], and the [`Typed`] expression is either written as SQL, where every value is bound ([`Typed::sql`]), or
//! evaluated on a record ([`Typed::eval`]). Both follow the three-valued logic of SQL and give the same results: a row
//! passes when the answer is true, not when it is false or unknown. Nothing here knows a database or a clock.
//!
//! [`parse_scalar`] reads a value in place of a condition, with the same words and bounds: what a step writes into a
//! field, when a concession ends.
//!
//! ```
//! use finage_expr::{Context, Mode, Schema, Type, Value, parse, parse_scalar};
//!
//! let schema = Schema::new()
//!     .with("insee", Type::Text, &["p", "insee"])
//!     .with("depot", Type::Date, &["p", "date_depot"])
//!     .with_user("communes", Type::TextArray);
//! let expression = parse("insee in user.communes and depot >= today() - 'P3M'", Mode::Finage)?;
//! let typed = expression.typed(&schema)?;
//!
//! let sql = typed.sql(1);
//! assert_eq!(
//!     sql.text,
//!     r#"("p"."insee" = any($1::text[]) and "p"."date_depot" >= ($2::date - make_interval(months => $3::integer, days => $4::integer))::date)"#,
//! );
//!
//! let today = time::macros::date!(2026 - 06 - 15);
//! let context = Context::new(today).with("communes", Value::TextArray(vec!["99001".into()]));
//! let record = |property: &str| match property {
//!     "insee" => Value::Text("99001".into()),
//!     "depot" => Value::Date(time::macros::date!(2026 - 03 - 15)),
//!     _ => Value::Null,
//! };
//! assert_eq!(typed.eval(&record, &context), Some(true));
//! assert_eq!(typed.eval(&|_: &str| Value::Null, &context), None);
//!
//! let term = parse_scalar("acte + years(duree)", Mode::Finage)?
//!     .typed(&Schema::new().with("acte", Type::Date, &["acte"]).with("duree", Type::Integer, &["duree"]))?;
//! assert_eq!(term.kind(), Type::Date);
//! let record = |property: &str| match property {
//!     "acte" => Value::Date(time::macros::date!(2024 - 02 - 29)),
//!     _ => Value::Integer(30),
//! };
//! assert_eq!(term.eval(&record, &context), Value::Date(time::macros::date!(2054 - 02 - 28)));
//! # Ok::<(), finage_expr::ExprError>(())
//! ```

mod bounds;
mod check;
mod error;
mod eval;
mod json;
mod lexer;
mod like;
mod number;
mod parser;
mod schema;
mod sql;
mod temporal;
mod text;
mod tree;
mod typed;
mod value;

pub use bounds::{MAX_BYTES, MAX_DEPTH, MAX_JSON_BYTES, MAX_NODES};
pub use error::ExprError;
pub use number::Decimal;
pub use parser::{Mode, parse, parse_scalar};
pub use schema::{Schema, Type};
pub use sql::{Bind, Sql};
pub use tree::{Expression, ScalarExpression};
pub use typed::{Typed, TypedScalar};
pub use value::{Context, Value};
