//! Gives each part of an expression its type, or says which does not fit.

use uuid::Uuid;

use crate::error::cite;
use crate::schema::Source;
use crate::tree::{Comparison, List, Predicate, Scalar, Span};
use crate::typed::{Length, Origin, Term, Test};
use crate::{ExprError, Schema, Type, Typed, TypedScalar, Value};

const ARRAY_RULE: &str = "un tableau ne s'emploie qu'à droite de « in »";
const UUID_RULE: &str = "un identifiant s'écrit en 32 chiffres hexadécimaux, en cinq groupes";

pub(crate) fn typed(predicate: &Predicate, schema: &Schema) -> Result<Typed, ExprError> {
    Checker { schema }.test(predicate).map(Typed)
}

pub(crate) fn typed_scalar(scalar: &Scalar, schema: &Schema) -> Result<TypedScalar, ExprError> {
    Checker { schema }.term(scalar).map(TypedScalar)
}

struct Checker<'a> {
    schema: &'a Schema,
}

impl Checker<'_> {
    fn test(&self, predicate: &Predicate) -> Result<Test, ExprError> {
        let all = |parts: &[Predicate]| parts.iter().map(|part| self.test(part)).collect::<Result<Vec<_>, _>>();
        Ok(match predicate {
            Predicate::And(parts) => Test::All(all(parts)?),
            Predicate::Or(parts) => Test::Any(all(parts)?),
            Predicate::Not(inner) => Test::Not(Box::new(self.test(inner)?)),
            Predicate::Constant(value) => Test::Constant(*value),
            Predicate::Compare(comparison, left, right) => self.compare(*comparison, left, right)?,
            Predicate::Between(value, low, high) => {
                let scalars = [value, low, high];
                let mut terms = [self.term(value)?, self.term(low)?, self.term(high)?];
                alike("between", &scalars, &mut terms)?;
                ordered("between", &scalars, &terms)?;
                let [value, low, high] = terms;
                Test::Between(value, low, high)
            }
            Predicate::In(value, List::Scalars(items)) => {
                let scalars: Vec<&Scalar> = std::iter::once(value).chain(items).collect();
                let mut terms = scalars.iter().map(|scalar| self.term(scalar)).collect::<Result<Vec<_>, _>>()?;
                alike("in", &scalars, &mut terms)?;
                let value = terms.remove(0);
                Test::In(value, terms)
            }
            Predicate::In(value, List::Array(name)) => self.in_array(value, name)?,
            Predicate::Like(value, pattern) => {
                let term = self.term(value)?;
                expect("like", value, &term, Type::Text, "seul un texte se compare à un modèle")?;
                Test::Like(term, pattern.clone())
            }
            Predicate::IsNull(value) => Test::IsNull(self.term(value)?),
        })
    }

    fn compare(&self, comparison: Comparison, left: &Scalar, right: &Scalar) -> Result<Test, ExprError> {
        let (operator, scalars) = (comparison.symbol(), [left, right]);
        let mut terms = [self.term(left)?, self.term(right)?];
        alike(operator, &scalars, &mut terms)?;
        if comparison.orders() {
            ordered(operator, &scalars, &terms)?;
        }
        let [left, right] = terms;
        Ok(Test::Compare(comparison, left, right))
    }

    fn in_array(&self, value: &Scalar, name: &str) -> Result<Test, ExprError> {
        let property = Scalar::Property(name.to_owned());
        let array = self.term(&property)?;
        let mut term = self.term(value)?;
        let item = match array.kind {
            Type::TextArray => Type::Text,
            Type::UuidArray => {
                identifier(&mut term)?;
                Type::Uuid
            }
            _ => return Err(misused("in", &property, &array, "« in » attend une liste ou un tableau")),
        };
        if term.kind != item {
            return Err(different("in", (value, term.kind), (&property, array.kind)));
        }
        Ok(Test::InArray(term, array))
    }

    fn term(&self, scalar: &Scalar) -> Result<Term, ExprError> {
        let literal = |kind, value| Ok(Term { kind, origin: Origin::Literal(value) });
        match scalar {
            Scalar::Property(name) => {
                let property = self.schema.property(name).ok_or_else(|| ExprError::Property { name: name.clone() })?;
                let origin = match &property.source {
                    Source::Column(sql) => Origin::Column { property: name.clone(), sql: sql.clone() },
                    Source::User(attribute) => Origin::User(attribute.clone()),
                };
                Ok(Term { kind: property.kind, origin })
            }
            Scalar::Text(text) => literal(Type::Text, Value::Text(text.clone())),
            Scalar::Number(number) => match number.integer() {
                Some(integer) => literal(Type::Integer, Value::Integer(integer)),
                None => literal(Type::Decimal, Value::Decimal(*number)),
            },
            Scalar::Boolean(value) => literal(Type::Boolean, Value::Boolean(*value)),
            Scalar::Date(date) => literal(Type::Date, Value::Date(*date)),
            Scalar::Instant(instant) => literal(Type::Instant, Value::Instant(*instant)),
            Scalar::Today => Ok(Term { kind: Type::Date, origin: Origin::Today }),
            Scalar::Moved(date, way, span) => {
                let term = self.term(date)?;
                expect(way.sign(), date, &term, Type::Date, "seule une date se déplace d'une durée")?;
                let length = match span {
                    Span::Duration(duration) => Length::Fixed(duration.shift()),
                    Span::Count(unit, count) => {
                        let term = self.term(count)?;
                        expect(unit.name(), count, &term, Type::Integer, "seul un entier se compte")?;
                        Length::Count(*unit, Box::new(term))
                    }
                };
                Ok(Term { kind: Type::Date, origin: Origin::Moved(Box::new(term), *way, length) })
            }
        }
    }
}

/// Refuses values that cannot be told equal or not: they are of one type, or numbers. A text beside an identifier is read as one.
fn alike(operator: &'static str, scalars: &[&Scalar], terms: &mut [Term]) -> Result<(), ExprError> {
    if terms.iter().any(|term| term.kind == Type::Uuid) {
        terms.iter_mut().try_for_each(identifier)?;
    }
    for (scalar, term) in scalars.iter().zip(terms.iter()) {
        if term.kind.is_array() {
            return Err(misused(operator, scalar, term, ARRAY_RULE));
        }
        if family(term.kind) != family(terms[0].kind) {
            return Err(different(operator, (scalars[0], terms[0].kind), (scalar, term.kind)));
        }
    }
    Ok(())
}

/// What compares with what.
fn family(kind: Type) -> Type {
    if kind == Type::Integer { Type::Decimal } else { kind }
}

fn identifier(term: &mut Term) -> Result<(), ExprError> {
    let Origin::Literal(Value::Text(text)) = &term.origin else { return Ok(()) };
    let uuid = Uuid::try_parse(text).ok().filter(|_| text.len() == 36).ok_or_else(|| ExprError::Literal {
        position: None,
        what: "L'identifiant",
        literal: text.clone(),
        rule: UUID_RULE,
    })?;
    *term = Term { kind: Type::Uuid, origin: Origin::Literal(Value::Uuid(uuid)) };
    Ok(())
}

fn ordered(operator: &'static str, scalars: &[&Scalar], terms: &[Term]) -> Result<(), ExprError> {
    for (scalar, term) in scalars.iter().zip(terms) {
        if matches!(term.kind, Type::Boolean | Type::Uuid) {
            return Err(misused(operator, scalar, term, "il n'a pas d'ordre, comparez-le avec = ou <>"));
        }
    }
    Ok(())
}

fn expect(
    operator: &'static str,
    scalar: &Scalar,
    term: &Term,
    kind: Type,
    rule: &'static str,
) -> Result<(), ExprError> {
    if term.kind == kind { Ok(()) } else { Err(misused(operator, scalar, term, rule)) }
}

fn misused(operator: &'static str, scalar: &Scalar, term: &Term, rule: &'static str) -> ExprError {
    ExprError::Operand { operator, operand: cite(&scalar.to_string()), operand_type: term.kind, rule }
}

fn different(operator: &'static str, left: (&Scalar, Type), right: (&Scalar, Type)) -> ExprError {
    ExprError::Types {
        operator,
        left: cite(&left.0.to_string()),
        left_type: left.1,
        right: cite(&right.0.to_string()),
        right_type: right.1,
    }
}
