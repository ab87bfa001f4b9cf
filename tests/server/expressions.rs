//! Expressions as SQL: PostgreSQL answers, and gives values, as the evaluator of records does, NULL included.

use finage::db::expression;
use finage_expr::{Context, Mode, Type, Typed, TypedScalar, Value, parse, parse_scalar};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::Value as Json;
use sqlx::PgConnection;
use sqlx::postgres::PgArguments;

use self::support::{
    Vectors, any_record, any_scalar_tree, any_tree, any_user, context, from_scalar_tree, from_tree, property, schema,
};
use crate::harness::on_empty_town;

#[path = "../../crates/finage-expr/tests/expressions/support.rs"]
mod support;

/// Random expressions, each on every random record.
const EXPRESSIONS: usize = 400;
const RECORDS: usize = 25;

async fn table(connection: &mut PgConnection) {
    sqlx::raw_sql(include_str!("essai.sql")).execute(connection).await.unwrap();
}

async fn insert(connection: &mut PgConnection, record: &Json) -> i32 {
    sqlx::query_scalar(
        r#"insert into essai (nom, code, etage, rang, surface, actif, depot, decision, vu, cle, liens, "nom ""d'usage""")
        select nom, code, etage, rang, surface, actif, depot, decision, vu, cle, liens, "nom ""d'usage"""
        from jsonb_populate_record(null::essai, $1)
        returning id"#,
    )
    .bind(if record.is_null() { serde_json::json!({}) } else { record.clone() })
    .fetch_one(connection)
    .await
    .unwrap()
}

/// What PostgreSQL says of each record, in the order of their numbers.
async fn answers(connection: &mut PgConnection, typed: &Typed, context: &Context, from: i32) -> Vec<Option<bool>> {
    let mut arguments = PgArguments::default();
    expression::bind(&mut arguments, vec![(Type::Integer, Value::Integer(from.into()))]).unwrap();
    let sql = typed.sql(2);
    expression::bind(&mut arguments, sql.bound(context)).unwrap();
    let text = format!("select {} from essai where id >= $1 order by id", sql.text);
    let rows = sqlx::query_scalar_with(sqlx::AssertSqlSafe(text), arguments).fetch_all(connection).await;
    rows.unwrap_or_else(|error| panic!("{}: {error}", sql.text))
}

#[test]
fn each_vector_has_the_same_answer_in_postgresql() {
    let vectors = Vectors::read();
    on_empty_town(async |town| {
        table(&mut town.owner).await;
        let mut asked = 0;
        for vector in vectors.vecteurs.iter().filter(|vector| vector.erreur.is_none()) {
            let id = insert(&mut town.owner, &vector.record).await;
            let typed = vector.typed().unwrap();
            let answer = answers(&mut town.owner, &typed, &vectors.context(vector.user.as_ref()), id).await;
            assert_eq!(answer, [vector.attendu], "{} : {}", vector.expression, typed.sql(2).text);
            asked += 1;
        }
        assert!(asked > 150, "{asked}");
    });
}

/// Whether PostgreSQL gives a record that value and no other, null included; and the type it gives it.
async fn gives(
    connection: &mut PgConnection,
    typed: &TypedScalar,
    context: &Context,
    value: Value,
    id: i32,
) -> (bool, String) {
    let mut arguments = PgArguments::default();
    let known = vec![(Type::Integer, Value::Integer(id.into())), (typed.kind(), value)];
    expression::bind(&mut arguments, known).unwrap();
    let sql = typed.sql(3);
    expression::bind(&mut arguments, sql.bound(context)).unwrap();
    let text = format!(
        "select {0} is not distinct from $2::{1}, pg_typeof({0})::text from essai where id = $1",
        sql.text,
        typed.kind().sql(),
    );
    let row = sqlx::query_as_with(sqlx::AssertSqlSafe(text), arguments).fetch_one(connection).await;
    row.unwrap_or_else(|error| panic!("{}: {error}", sql.text))
}

#[test]
fn each_value_is_the_same_in_postgresql() {
    let vectors = Vectors::read();
    on_empty_town(async |town| {
        table(&mut town.owner).await;
        let mut asked = 0;
        for vector in vectors.valeurs.iter().filter(|vector| vector.erreur.is_none()) {
            let id = insert(&mut town.owner, &vector.record).await;
            let typed = vector.typed().unwrap();
            let (expected, context) = (vector.expected(typed.kind()), vectors.context(vector.user.as_ref()));
            let (same, kind) = gives(&mut town.owner, &typed, &context, expected, id).await;
            assert!(same, "{} : {}", vector.expression, typed.sql(3).text);
            // An integer is as large as its column.
            let fits = kind == vector.kind
                || typed.kind() == Type::Integer && matches!(kind.as_str(), "integer" | "smallint")
                || typed.kind() == Type::Instant && kind == "timestamp with time zone";
            assert!(fits, "{} : {kind}", vector.expression);
            asked += 1;
        }
        assert!(asked > 40, "{asked}");
    });
}

#[test]
fn random_values_are_the_same_in_postgresql() {
    let mut runner = TestRunner::default();
    on_empty_town(async |town| {
        table(&mut town.owner).await;
        let mut absent = 0;
        for _ in 0..EXPRESSIONS {
            let (tree, record) = (draw(&any_scalar_tree(), &mut runner), draw(&any_record(), &mut runner));
            let user = draw(&any_user(), &mut runner);
            let id = insert(&mut town.owner, &record).await;
            let typed = from_scalar_tree(&tree).typed(&schema()).unwrap();
            let context = context("2026-06-15", &user);
            let value = typed.eval(&|name: &str| property(&record, name), &context);
            absent += usize::from(value == Value::Null);
            let (same, _) = gives(&mut town.owner, &typed, &context, value.clone(), id).await;
            assert!(same, "{} : {value:?}\n{record}\n{user}", from_scalar_tree(&tree));
        }
        assert!((EXPRESSIONS / 40..EXPRESSIONS / 2).contains(&absent), "{absent}");
    });
}

#[test]
fn a_value_of_a_property_that_sql_computes_is_assigned() {
    on_empty_town(async |town| {
        table(&mut town.owner).await;
        let record = serde_json::json!({ "rang": 30, "depot": "2024-02-29" });
        let id = insert(&mut town.owner, &record).await;
        let typed = parse_scalar("depot + years(niveau)", Mode::Finage).unwrap().typed(&schema()).unwrap();
        let sql = typed.sql(2);
        let mut arguments = PgArguments::default();
        expression::bind(&mut arguments, vec![(Type::Integer, Value::Integer(id.into()))]).unwrap();
        expression::bind(&mut arguments, sql.bound(&context("2026-06-15", &Json::Null))).unwrap();
        let text = format!("update essai set decision = {} where id = $1 returning decision::text", sql.text);
        let decision: String =
            sqlx::query_scalar_with(sqlx::AssertSqlSafe(text), arguments).fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(decision, "2054-02-28");
    });
}

#[test]
fn random_expressions_have_the_same_answer_in_postgresql() {
    let mut runner = TestRunner::default();
    let records: Vec<Json> = (0..RECORDS).map(|_| draw(&any_record(), &mut runner)).collect();
    on_empty_town(async |town| {
        table(&mut town.owner).await;
        for record in &records {
            insert(&mut town.owner, record).await;
        }
        let mut seen = [0; 3];
        for _ in 0..EXPRESSIONS {
            let (tree, user) = (draw(&any_tree(), &mut runner), draw(&any_user(), &mut runner));
            let typed = from_tree(&tree).typed(&schema()).unwrap();
            let context = context("2026-06-15", &user);
            let answers = answers(&mut town.owner, &typed, &context, 0).await;
            assert_eq!(answers.len(), RECORDS);
            for (record, answer) in records.iter().zip(answers) {
                let expected = typed.eval(&|name: &str| property(record, name), &context);
                assert_eq!(answer, expected, "{}\n{record}\n{user}", from_tree(&tree));
                seen[expected.map_or(2, usize::from)] += 1;
            }
        }
        // A generator that only ever gave one answer would prove nothing.
        assert!(seen.iter().all(|count| *count > EXPRESSIONS * RECORDS / 20), "{seen:?}");
    });
}

fn draw<T>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).unwrap().current()
}

#[test]
fn the_largest_expression_is_a_statement() {
    let widest = format!("etage in ({})", vec!["1"; finage_expr::MAX_NODES - 2].join(", "));
    let deepest = format!("{}etage = 1{}", "not (rang = 1 or ".repeat(15), ")".repeat(15));
    on_empty_town(async |town| {
        table(&mut town.owner).await;
        insert(&mut town.owner, &serde_json::json!({ "etage": 1, "rang": 2 })).await;
        for text in [widest, deepest] {
            let typed = parse(&text, Mode::Finage).unwrap().typed(&schema()).unwrap();
            let context = context("2026-06-15", &Json::Null);
            let record = serde_json::json!({ "etage": 1, "rang": 2 });
            let expected = typed.eval(&|name: &str| property(&record, name), &context);
            assert!(expected.is_some());
            assert_eq!(answers(&mut town.owner, &typed, &context, 0).await, [expected]);
        }
    });
}

#[test]
fn a_filter_on_a_key_uses_its_index() {
    on_empty_town(async |town| {
        table(&mut town.owner).await;
        sqlx::raw_sql(
            "create index on essai (code);
             insert into essai (code) select n::text from generate_series(1, 20000) n;
             analyze essai",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let context = context("2026-06-15", &serde_json::json!({ "communes": ["7", "8"] }));
        for text in ["code = '7'", "code in ('7', '8')", "code in user.communes"] {
            let sql = parse(text, Mode::Finage).unwrap().typed(&schema()).unwrap().sql(1);
            let mut arguments = PgArguments::default();
            expression::bind(&mut arguments, sql.bound(&context)).unwrap();
            let explain = format!("explain select 1 from essai where {}", sql.text);
            let plan: Vec<String> = sqlx::query_scalar_with(sqlx::AssertSqlSafe(explain), arguments)
                .fetch_all(&mut town.owner)
                .await
                .unwrap();
            let plan = plan.join("\n");
            assert!(plan.contains("Index Cond") || plan.contains("Bitmap Index"), "{text}\n{plan}");
        }
    });
}
