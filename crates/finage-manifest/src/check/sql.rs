//! What a module's SQL leaves to the engine: policies, grants, history and change triggers are never its own.

use crate::{Fault, Module};

/// Statements that a module does not write, by their first words.
const ENGINES_OWN: [(&[&str], &str); 24] = [
    (&["create", "policy"], "les politiques de sécurité"),
    (&["alter", "policy"], "les politiques de sécurité"),
    (&["drop", "policy"], "les politiques de sécurité"),
    (&["grant"], "les droits"),
    (&["revoke"], "les droits"),
    (&["alter", "default", "privileges"], "les droits"),
    (&["set", "role"], AGENT),
    (&["set", "local", "role"], AGENT),
    (&["set", "session", "role"], AGENT),
    (&["reset", "role"], AGENT),
    (&["set", "session", "authorization"], AGENT),
    (&["set", "local", "session"], AGENT),
    (&["reset", "session"], AGENT),
    (&["alter", "role"], "les rôles"),
    (&["create", "role"], "les rôles"),
    (&["begin"], TRANSACTION),
    (&["start", "transaction"], TRANSACTION),
    (&["commit"], TRANSACTION),
    (&["end"], TRANSACTION),
    (&["rollback"], TRANSACTION),
    (&["abort"], TRANSACTION),
    (&["savepoint"], TRANSACTION),
    (&["release"], TRANSACTION),
    (&["prepare", "transaction"], TRANSACTION),
];
/// Who acts is not a module's to change.
const AGENT: &str = "le rôle qui agit";
/// All migrations of an installation are one transaction, and a check leaves nothing.
const TRANSACTION: &str = "la transaction";

/// What a module's SQL has that is the engine's alone, before any of it runs.
#[must_use]
pub fn check_sql(module: &Module) -> Vec<Fault> {
    let mut faults = Vec::new();
    check(module, &mut faults);
    faults
}

pub(super) fn check(module: &Module, faults: &mut Vec<Fault>) {
    for migration in &module.migrations {
        let lower = migration.sql.to_lowercase();
        let mut in_body = false;
        for (statement, byte) in statements(&lower) {
            let words: Vec<&str> = statement.split_whitespace().take(3).collect();
            // The body of a function of standard SQL has its own semicolons, and its own end.
            in_body |= statement.contains("begin atomic");
            let ends_body = in_body && words == ["end"];
            in_body &= !ends_body;
            let forbidden = ENGINES_OWN.iter().find(|(begins, _)| words.starts_with(begins)).filter(|_| !ends_body);
            let line = || Some(crate::place::line_at(&lower, byte));
            if let Some((_, what)) = forbidden {
                faults.push(Fault::new(
                    &migration.file,
                    line(),
                    format!("le moteur tient seul {what} : retirez cette instruction"),
                ));
            } else if words.first() == Some(&"alter") && statement.contains("row level security") {
                faults.push(Fault::new(
                    &migration.file,
                    line(),
                    "le moteur tient seul la sécurité par ligne : retirez cette instruction",
                ));
            }
        }
    }
}

/// Statements and where they begin; semicolons of quotes, of dollar quotes and of comments end none.
fn statements(sql: &str) -> Vec<(String, usize)> {
    let (mut all, mut current, mut start, mut rank) = (Vec::new(), String::new(), 0, 0);
    while rank < sql.len() {
        let rest = &sql[rank..];
        let skipped = comment(rest).or_else(|| quote(rest, &sql[..rank]).inspect(|_| current.push(' '))).unwrap_or(0);
        if skipped > 0 {
            rank += skipped;
            continue;
        }
        let letter = rest.chars().next().unwrap_or(' ');
        if letter == ';' {
            all.push((std::mem::take(&mut current).trim().to_owned(), start));
        } else {
            if current.trim().is_empty() && !letter.is_whitespace() {
                start = rank;
            }
            current.push(letter);
        }
        rank += letter.len_utf8();
    }
    if !current.trim().is_empty() {
        all.push((current.trim().to_owned(), start));
    }
    all
}

/// Length of a comment that begins here; those between `/*` and `*/` nest.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("--") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(rest.len())
}

/// Length of what is quoted from here: a name, a text, a dollar quote.
fn quote(rest: &str, before: &str) -> Option<usize> {
    let follows_word = |text: &str| text.chars().next_back().is_some_and(in_word);
    if let Some(inner) = rest.strip_prefix('"') {
        return Some(inner.find('"').map_or(rest.len(), |end| end + 2));
    }
    if rest.starts_with('\'') {
        // `e'…'`, which knows backslashes; `type'…'` is a text of its own.
        let escaped = before.strip_suffix('e').is_some_and(|before| !follows_word(before));
        return Some(text(rest, escaped));
    }
    let tag = dollar(rest).filter(|_| !follows_word(before))?;
    Some(rest[tag.len()..].find(tag).map_or(rest.len(), |end| end + 2 * tag.len()))
}

/// Length of a text between quotes. One that knows backslashes goes on after a line break, when another follows.
fn text(rest: &str, escaped: bool) -> usize {
    let (mut at, mut open) = (1, true);
    while let Some(letter) = rest[at..].chars().next() {
        at += letter.len_utf8();
        match letter {
            '\\' if escaped && open => at += rest[at..].chars().next().map_or(0, char::len_utf8),
            '\'' if open => {
                open = false;
                let after = &rest[at..];
                let next = after.trim_start();
                let space = &after[..after.len() - next.len()];
                if !(escaped && next.starts_with('\'') && space.contains('\n')) {
                    return at;
                }
                at += space.len();
            }
            '\'' => open = true,
            _ => {}
        }
    }
    rest.len()
}

/// The tag of a dollar quote that begins here.
fn dollar(rest: &str) -> Option<&str> {
    let inner = rest.strip_prefix('$')?;
    let end = inner.find('$')?;
    let tag = &inner[..end];
    let named = tag.chars().all(|c| in_word(c) && c != '$') && !tag.starts_with(|c: char| c.is_ascii_digit());
    named.then(|| &rest[..end + 2])
}

/// Whether a letter may be within a name.
fn in_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_at_their_own_semicolons() {
        let sql = "-- a; b\ncreate table t (x text default 'a;b');\n/* ; */ do $$ begin x; end $$;\n\ngrant all";
        let found: Vec<String> = statements(sql).into_iter().map(|(text, _)| text).collect();
        assert_eq!(found.len(), 3);
        assert!(found[0].starts_with("create table"));
        assert_eq!(found[2], "grant all");
    }

    #[test]
    fn nothing_hides_the_end_of_a_transaction() {
        for sql in [
            "create table t (); COMMIT;",
            "select e'\\''; commit; select '",
            "select 'a' as e; commit; select '\\'; select ''",
            "select e'a'\n  'b\\''; commit; select '",
            "/* /* */ ' */ commit; --'",
            "select 1 as a$b$; commit; select 1 as c$b$",
            "select $é$ ' $é$; commit; select $é$ ' $é$",
            "select $1$; commit; select $1$",
            "do $$ begin end $$; end",
        ] {
            let lower = sql.to_lowercase();
            let found = statements(&lower);
            let closes = |text: &String| matches!(text.as_str(), "commit" | "end");
            assert!(found.iter().any(|(text, _)| closes(text)), "{sql} {found:?}");
        }
        // What is only said.
        for sql in ["select 'x; commit; '", "/* commit; */ select 1", "do $$ begin perform 1; end; $$"] {
            assert!(!statements(sql).iter().any(|(text, _)| text.starts_with("commit") || text == "end"), "{sql}");
        }
    }
}
