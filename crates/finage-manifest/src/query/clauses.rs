//! What a query may say where: after `from` and `join`, placeholders, sub-queries and names that `with` gave; before
//! parentheses, words of this list.

use super::words::{Kind, Token};

/// Parentheses within parentheses at most.
const DEPTH: usize = 24;

/// Functions that compute on their arguments alone, at a cost that their arguments bound.
const FUNCTIONS: [&str; 62] = [
    "abs",
    "age",
    "array_agg",
    "array_length",
    "array_to_string",
    "avg",
    "bool_and",
    "bool_or",
    "btrim",
    "cardinality",
    "cast",
    "ceil",
    "ceiling",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "date_part",
    "date_trunc",
    "decimal",
    "dense_rank",
    "every",
    "extract",
    "first_value",
    "floor",
    "greatest",
    "initcap",
    "lag",
    "last_value",
    "lead",
    "least",
    "left",
    "length",
    "lower",
    "ltrim",
    "make_date",
    "max",
    "min",
    "mod",
    "nullif",
    "numeric",
    "position",
    "rank",
    "replace",
    "right",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "split_part",
    "st_area",
    "st_length",
    "string_agg",
    "strpos",
    "substr",
    "sum",
    "to_char",
    "trim",
    "trunc",
    "upper",
    "varchar",
];
/// Words of the language that parentheses may follow.
const BEFORE_PARENTHESES: [&str; 32] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "between",
    "by",
    "distinct",
    "else",
    "except",
    "exists",
    "filter",
    "from",
    "group",
    "having",
    "ilike",
    "in",
    "intersect",
    "lateral",
    "like",
    "materialized",
    "not",
    "on",
    "or",
    "over",
    "select",
    "some",
    "then",
    "union",
    "using",
    "when",
    "where",
];
/// Functions whose arguments are parted by words, `from` among them.
const WORDY: [&str; 3] = ["extract", "position", "trim"];
/// Words that do something else than read, or read something else than rows given.
const REFUSED: [&str; 30] = [
    "alter",
    "analyze",
    "call",
    "copy",
    "create",
    "deallocate",
    "delete",
    "do",
    "drop",
    "execute",
    "explain",
    "for",
    "grant",
    "insert",
    "into",
    "lock",
    "merge",
    "only",
    "operator",
    "prepare",
    "recursive",
    "reset",
    "returning",
    "set",
    "table",
    "tablesample",
    "truncate",
    "update",
    "values",
    "within",
];

type Refused = (usize, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clause {
    /// Nothing was said yet: a `select` is expected.
    Start,
    /// A list of rows; true while the name of some is expected.
    From(bool),
    /// Anything else.
    Other,
}

/// What is between two parentheses.
#[derive(Debug, Clone, Copy)]
struct Level {
    clause: Clause,
    /// Arguments of a function whose words are not clauses.
    wordy: bool,
    /// After `with`, before its `select`.
    with: bool,
}

impl Level {
    const NEW: Self = Self { clause: Clause::Start, wordy: false, with: false };
}

/// Whether these pieces are one `select` over placeholders.
pub(super) fn check(tokens: &[Token]) -> Result<(), Refused> {
    let mut levels = vec![Level::NEW];
    let mut named: Vec<&str> = Vec::new();
    for (rank, token) in tokens.iter().enumerate() {
        let refuse = |message: &str| Err((token.byte, message.to_owned()));
        let before = rank.checked_sub(1).and_then(|rank| tokens.get(rank)).map(|token| &token.kind);
        let after = tokens.get(rank + 1).map(|token| &token.kind);
        let depth = levels.len();
        let Some(level) = levels.last_mut() else { return refuse("une parenthèse est fermée de trop") };
        let expecting = level.clause == Clause::From(true);
        match &token.kind {
            Kind::Object(_) if expecting => level.clause = Clause::From(false),
            Kind::Object(_) => return refuse("« {{objet}} » suit « from » ou « join »"),
            Kind::Word(word) => {
                let words = Words { before: behind(tokens, rank), after, dotted: before == Some(&Kind::Dot) };
                let first = depth == 1 && rank == 0;
                if self::word(word, level, first, &words, &named).map_err(|said| (token.byte, said))? {
                    named.push(word);
                }
            }
            Kind::Comma if level.with => level.clause = Clause::Start,
            Kind::Comma if level.clause == Clause::From(false) => level.clause = Clause::From(true),
            Kind::Comma if expecting => return refuse(ROWS),
            Kind::Comma => {}
            Kind::Open => {
                let query = matches!(after, Some(Kind::Word(word)) if word == "select" || word == "with");
                if expecting && !query {
                    return refuse(ROWS);
                }
                if expecting {
                    level.clause = Clause::From(false);
                }
                if matches!(before, Some(Kind::Quoted | Kind::Object(_) | Kind::Param(_))) {
                    return refuse("une fonction se nomme sans guillemets");
                }
                let wordy = matches!(before, Some(Kind::Word(word)) if WORDY.contains(&word.as_str()));
                if depth >= DEPTH {
                    return refuse("cette requête est trop imbriquée");
                }
                levels.push(Level { wordy, ..Level::NEW });
            }
            Kind::Close => {
                if expecting {
                    return refuse(ROWS);
                }
                levels.pop();
                if levels.is_empty() {
                    return refuse("une parenthèse est fermée de trop");
                }
            }
            Kind::End if after.is_some() || depth > 1 => return refuse("un fichier contient une seule requête"),
            Kind::End => {}
            _ if expecting => return refuse(ROWS),
            _ if depth == 1 && level.clause == Clause::Start && !level.with => return refuse(SELECT),
            _ => {}
        }
    }
    let end = tokens.last().map_or(0, |token| token.byte);
    match levels.as_slice() {
        [Level { clause: Clause::Other | Clause::From(false), .. }] => Ok(()),
        [_] => Err((end, SELECT.to_owned())),
        _ => Err((end, "une parenthèse n'est pas refermée".to_owned())),
    }
}

const SELECT: &str = "une requête est un « select »";
const ROWS: &str =
    "après « from » et « join », une requête ne nomme que « {{objet}} », une sous-requête ou un nom donné par « with »";

/// Words around one.
struct Words<'a> {
    /// The word before it; empty for what is no word.
    before: &'a str,
    after: Option<&'a Kind>,
    /// Whether a point stands before it.
    dotted: bool,
}

fn behind(tokens: &[Token], rank: usize) -> &str {
    match rank.checked_sub(1).and_then(|rank| tokens.get(rank)).map(|token| &token.kind) {
        Some(Kind::Word(word)) => word,
        _ => "",
    }
}

/// A word at a level; whether it gives a name to rows, after `with`.
fn word(word: &str, level: &mut Level, first: bool, words: &Words<'_>, named: &[&str]) -> Result<bool, String> {
    let open = words.after == Some(&Kind::Open);
    if words.dotted && !open {
        // After a point, a word is a name, whatever it is elsewhere.
        return Ok(false);
    }
    let expecting = level.clause == Clause::From(true);
    if REFUSED.contains(&word) {
        return Err(format!("« {word} » n'a pas sa place dans une requête qui ne fait que lire"));
    }
    if first && !matches!(word, "select" | "with") {
        return Err(SELECT.to_owned());
    }
    match word {
        "select" => {
            let begins = level.clause == Clause::Start || level.with;
            if !begins || level.wordy {
                return Err("un « select » commence une requête ou une sous-requête entre parenthèses".to_owned());
            }
            (level.clause, level.with) = (Clause::Other, false);
        }
        "with" if level.clause == Clause::Start && !level.with => level.with = true,
        "with" => return Err("« with » commence une requête".to_owned()),
        "from" if level.wordy => {}
        "from" | "join" => {
            let continues = word == "from" || matches!(level.clause, Clause::From(false));
            if expecting || !continues || level.clause == Clause::Start {
                return Err(ROWS.to_owned());
            }
            level.clause = Clause::From(true);
        }
        "lateral" if expecting && open => {}
        "where" | "group" | "order" | "having" | "limit" | "offset" | "window" | "fetch" if !expecting => {
            if level.clause != Clause::Start {
                level.clause = Clause::Other;
            }
        }
        "union" | "intersect" | "except" if !expecting => level.clause = Clause::Start,
        "all" | "distinct"
            if level.clause == Clause::Start && matches!(words.before, "union" | "intersect" | "except") => {}
        _ if expecting => {
            let given = named.contains(&word) && !matches!(words.after, Some(Kind::Dot | Kind::Open));
            if !given {
                return Err(ROWS.to_owned());
            }
            level.clause = Clause::From(false);
        }
        _ if level.with && level.clause == Clause::Start => {
            if word.starts_with("pg_") || open && !matches!(word, "as" | "materialized") {
                return Err("« with » donne un nom sans parenthèses, et jamais en « pg_ »".to_owned());
            }
            return Ok(!matches!(word, "as" | "materialized" | "not"));
        }
        _ => {}
    }
    if open && (words.dotted || !FUNCTIONS.contains(&word) && !BEFORE_PARENTHESES.contains(&word)) {
        return Err(format!("« {word}(…) » n'est pas une fonction permise dans une requête"));
    }
    Ok(false)
}
