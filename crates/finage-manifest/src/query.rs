//! `documents/*.sql`: a named query that feeds a letter, read before any database sees it.
//!
//! A query names objects by placeholders alone, `from {{reclamation}} r`: who runs it puts there the rows and the fields that
//! the reader may see. Whatever could read past them, a table named otherwise or a function that runs a text, is refused
//! here, by a list of what is allowed and not of what is forbidden.

mod clauses;
mod words;

use crate::Fault;
use crate::place::line_at;

/// Longest query, bytes.
const MAX_TEXT: usize = 16 << 10;
/// Parameters of a query at most.
const MAX_PARAMS: usize = 20;
/// Columns of a query at most.
const MAX_RESULTS: usize = 50;

/// Rows that a query gives at most, unless its header says another number.
const ROWS: usize = 1_000;
/// Rows that a header may ask for at most.
const MAX_ROWS: usize = 10_000;

/// What is read of the core beside objects: open to all, and of no collectivité.
pub const OPEN: [&str; 4] = ["cadastre.parcelle", "cadastre.commune", "core.commune", "core.code"];

/// A query: its header says what it takes and gives, its text is a single `select`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Parameters, by the name that the text gives them: `:numero`.
    pub params: Vec<(String, QueryType)>,
    /// Columns given, in the order of the header.
    pub results: Vec<(String, QueryType)>,
    /// Its text, cut where something takes place.
    pub parts: Vec<QueryPart>,
    /// Rows that it gives at most: 1,000 unless `-- rows 5000` says so.
    pub rows: usize,
}

/// A piece of the text of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryPart {
    /// SQL, as written.
    Sql(String),
    /// Rows of an object: of this module by its short name, else `module.objet`, or one of [`OPEN`].
    Object(String),
    /// The value of a parameter.
    Param(String),
}

/// Type of a parameter or of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryType {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Exact number.
    Decimal,
    /// Yes or no.
    Boolean,
    /// Civil date.
    Date,
    /// Instant.
    Instant,
    /// Key of a row.
    Uuid,
}

impl QueryType {
    const ALL: [(&'static str, Self); 7] = [
        ("text", Self::Text),
        ("integer", Self::Integer),
        ("decimal", Self::Decimal),
        ("boolean", Self::Boolean),
        ("date", Self::Date),
        ("instant", Self::Instant),
        ("uuid", Self::Uuid),
    ];

    /// As PostgreSQL names it.
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "bigint",
            Self::Decimal => "numeric",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Instant => "timestamptz",
            Self::Uuid => "uuid",
        }
    }
}

impl Query {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// What is not a bounded header and one `select` over placeholders, with its line.
    pub fn read(path: &str, text: &str) -> Result<Self, Fault> {
        let wrong = |byte: usize, message: String| Fault::new(path, Some(line_at(text, byte)), message);
        if text.len() > MAX_TEXT {
            return Err(Fault::new(path, None, "une requête tient en 16 Kio"));
        }
        let (mut params, mut results) = (Vec::new(), Vec::new());
        let (mut byte, mut rows) = (0, ROWS);
        for line in text.split_inclusive('\n') {
            if let Some(said) = line.trim().strip_prefix("--").map(str::trim) {
                header(said, &mut params, &mut results).map_err(|message| wrong(byte, message))?;
                if let Some(said) = said.strip_prefix("rows ") {
                    rows = said.trim().parse().ok().filter(|rows| (1..=MAX_ROWS).contains(rows)).ok_or_else(|| {
                        wrong(byte, format!("« {said} » n'est pas un nombre de lignes, de 1 à {MAX_ROWS}"))
                    })?;
                }
            }
            byte += line.len();
        }
        if params.len() > MAX_PARAMS || results.len() > MAX_RESULTS {
            return Err(Fault::new(path, None, "une requête a 20 paramètres et 50 colonnes au plus"));
        }
        if results.is_empty() {
            return Err(Fault::new(path, Some(1), "une requête dit ses colonnes : « -- result nom: text »"));
        }
        let tokens = words::cut(text).map_err(|(byte, message)| wrong(byte, message))?;
        clauses::check(&tokens).map_err(|(byte, message)| wrong(byte, message))?;
        let mut parts: Vec<QueryPart> = Vec::new();
        for token in tokens {
            let part = match token.kind {
                words::Kind::Object(name) => QueryPart::Object(name),
                words::Kind::Param(name) => {
                    if !params.iter().any(|(known, _)| *known == name) {
                        let message = format!("« :{name} » n'est pas déclaré : « -- param {name}: text »");
                        return Err(wrong(token.byte, message));
                    }
                    QueryPart::Param(name)
                }
                words::Kind::End => continue,
                _ => QueryPart::Sql(text.get(token.byte..token.end).unwrap_or_default().to_owned()),
            };
            match (parts.last_mut(), part) {
                (Some(QueryPart::Sql(before)), QueryPart::Sql(more)) => {
                    if token.spaced {
                        before.push(' ');
                    }
                    before.push_str(&more);
                }
                (_, part) => parts.push(part),
            }
        }
        Ok(Self { params, results, parts, rows })
    }

    /// Objects that it names.
    pub fn objects(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            QueryPart::Object(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// Whether a parameter or a column may be named so.
fn is_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase();
    text.len() <= 40
        && text.bytes().next().is_some_and(letter)
        && text.bytes().all(|byte| letter(byte) || byte.is_ascii_digit() || byte == b'_')
}

type Typed = Vec<(String, QueryType)>;

/// A line of the header; other comments say nothing to the engine.
fn header(said: &str, params: &mut Typed, results: &mut Typed) -> Result<(), String> {
    let (list, rest) = if let Some(rest) = said.strip_prefix("param ") {
        (params, rest)
    } else if let Some(rest) = said.strip_prefix("result ") {
        (results, rest)
    } else {
        return Ok(());
    };
    let types = || QueryType::ALL.map(|(word, _)| word).join(", ");
    let (name, word) =
        rest.split_once(':').ok_or_else(|| format!("« nom: type » est attendu ; types : {}", types()))?;
    let (name, word) = (name.trim(), word.trim());
    let kind = QueryType::ALL.into_iter().find(|(known, _)| *known == word);
    let (_, kind) = kind.ok_or_else(|| format!("« {word} » n'est pas un type ; types : {}", types()))?;
    if !is_name(name) {
        return Err(format!("« {name} » n'est pas un nom : lettres minuscules, chiffres ou « _ »"));
    }
    if list.iter().any(|(known, _)| known == name) {
        return Err(format!("« {name} » est dit deux fois"));
    }
    list.push((name.to_owned(), kind));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Query, String> {
        Query::read("documents/x.sql", &format!("-- param id: uuid\n-- result n: integer\n{text}"))
            .map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_query_is_cut_where_something_takes_place() {
        let query =
            read("select count(*) as n -- how many\nfrom {{reclamation}} r where r.objet = :id and r.motif <> ':id';");
        let query = query.unwrap();
        assert_eq!(query.params, [("id".to_owned(), QueryType::Uuid)]);
        assert_eq!(query.objects().collect::<Vec<_>>(), ["reclamation"]);
        let sql = |text: &str| QueryPart::Sql(text.to_owned());
        assert_eq!(
            query.parts,
            [
                sql("select count(*) as n from"),
                QueryPart::Object("reclamation".to_owned()),
                sql("r where r.objet ="),
                QueryPart::Param("id".to_owned()),
                sql("and r.motif <> ':id'"),
            ]
        );
    }

    #[test]
    fn a_header_says_how_many_rows() {
        assert_eq!(read("select 1 as n").unwrap().rows, ROWS);
        assert_eq!(read("-- rows 5000\nselect 1 as n").unwrap().rows, 5_000);
        for wrong in ["0", "10001", "beaucoup"] {
            assert!(read(&format!("-- rows {wrong}\nselect 1 as n")).unwrap_err().contains("10000"), "{wrong}");
        }
    }

    #[test]
    fn what_letters_need_passes() {
        for text in [
            "select 1 as n",
            "select n from {{a}} x left join {{autre.b}} y on y.a = x.id, {{core.code}} c where c.code = x.code",
            "with t as (select a, sum(b) as n from {{a}} group by a) select n from t order by n desc limit 3",
            "select n from (select n from {{a}} union all select n from {{b}}) u where exists (select 1 from {{c}} c where c.id = u.n)",
            "select extract(year from x.le) as n from {{a}} x where x.order = 1.5",
            "select n::numeric(10, 2) as n from {{a}} x cross join lateral (select max(y.n) as m from {{b}} y where y.a = x.id) z",
            "select case when x.a in (1, 2) then 'l''été' else x.libelles ->> 'code' end as n from {{a}} x",
            "select row_number() over (partition by x.a order by x.b) as n from {{a}} x",
        ] {
            assert!(read(text).is_ok(), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn what_reads_past_the_placeholders_is_refused() {
        for text in [
            "select 1 as n from core.annotation",
            "select 1 as n from annotation",
            "select 1 as n from \"annotation\"",
            "select 1 as n from {{a}} x, core.annotation y",
            "select 1 as n from {{a}} x, pg_authid",
            "select 1 as n from {{a}} x join core.annotation y on true",
            "select 1 as n from ({{a}} x join core.annotation y on true)",
            "select 1 as n from (core.annotation)",
            "select 1 as n from only core.annotation",
            "select 1 as n from rows from (unnest(array[1])) x",
            "select (table core.annotation) as n",
            "table core.annotation",
            "with core as (select 1 from {{a}}) select 1 as n from core.annotation",
            "with pg_authid as (select 1 from {{a}}) select 1 as n from pg_authid",
            "with x as (delete from {{a}} returning 1) select 1 as n from x",
            "with recursive t as (select 1 as n) select n from t",
            "select 1 as n where exists (select from core.annotation)",
            "select extract(select 1 from core.annotation) as n",
            "select 1 as n union select 1 from core.annotation",
            "select query_to_xml('select 1', true, true, '') as n",
            "select pg_catalog.pg_sleep(1) as n",
            "select \"pg_sleep\"(1) as n",
            "select pg_sleep(1) as n",
            "select set_config('role', 'x', true) as n",
            "select dblink('x', 'select 1') as n",
            "select lo_import('/etc/passwd') as n",
            "select repeat('x', 1000000000) as n",
            "select 1 as n; select 2",
            "select 1 as n for update",
            "select 1 into x",
            "select $1 as n",
            "select $$a$$ as n",
            "select E'\\'' as n",
            "select U&'\\0027' as n",
            "select /* x */ 1 as n",
            "select 'ouvert as n",
            "select (1 as n",
            "select 1) as n",
            "select 1 as n from",
            "select 1 as n from {{a}} x, ",
            "select 1 as n from {{a}} x join {{b}} y on x.order = 1, core.annotation",
            "select 1 as n from {{a}} x join {{b}} y on x.\"a\" . where, core.annotation",
            "select (select 1 from {{a}} x join {{b}} y on rank(1) within group (order by z.n) = 1, core.annotation) as n from {{a}} z",
            "select x.is distinct from core.annotation",
            "select 1 is distinct from core.annotation",
            "select 1.from core.annotation",
            "select 1from core.annotation",
            "select 'a'from core.annotation",
            "select 1 as from, 2 as n from core.annotation",
            "select 1 as union from core.annotation",
            "select {{a}} as n",
            "select 1 as n from {{A b}} x",
            "select :inconnu as n",
            "insert into x values (1)",
            "",
            "select 1 as n \\gexec",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn headers_are_typed_and_faults_have_their_line() {
        let fault = |text: &str| Query::read("documents/x.sql", text).unwrap_err();
        assert_eq!(fault("-- result n: entier\nselect 1").line, Some(1));
        assert_eq!(fault("-- result n: text\n\nselect 1 from x").line, Some(3));
        assert!(fault("select 1").message.contains("result"));
        assert!(fault("-- result n: text\n-- result n: text\nselect 1").message.contains("deux fois"));
    }
}
