//! What a module's SQL leaves to the engine: policies, grants, history and change triggers are never its own.

use crate::{Fault, Module};

/// Statements that a module does not write, by their first words.
const ENGINES_OWN: [(&[&str], &str); 8] = [
    (&["create", "policy"], "les politiques de sécurité"),
    (&["alter", "policy"], "les politiques de sécurité"),
    (&["drop", "policy"], "les politiques de sécurité"),
    (&["grant"], "les droits"),
    (&["revoke"], "les droits"),
    (&["set", "role"], "le rôle qui agit"),
    (&["alter", "role"], "les rôles"),
    (&["create", "role"], "les rôles"),
];

pub(super) fn check(module: &Module, faults: &mut Vec<Fault>) {
    for migration in &module.migrations {
        let lower = migration.sql.to_lowercase();
        for (statement, byte) in statements(&lower) {
            let words: Vec<&str> = statement.split_whitespace().take(3).collect();
            let forbidden = ENGINES_OWN.iter().find(|(begins, _)| words.starts_with(begins));
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
    let bytes = sql.as_bytes();
    let (mut all, mut current, mut start, mut rank) = (Vec::new(), String::new(), 0, 0);
    while rank < bytes.len() {
        let rest = &sql[rank..];
        let skipped = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('\'') || rest.starts_with('"') {
            let quote = &rest[..1];
            let inside = rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
            current.push(' ');
            inside
        } else if let Some(tag) = dollar(rest) {
            current.push(' ');
            rest[tag.len()..].find(tag).map_or(rest.len(), |end| end + 2 * tag.len())
        } else {
            0
        };
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

/// The tag of a dollar quote that begins here.
fn dollar(rest: &str) -> Option<&str> {
    let inner = rest.strip_prefix('$')?;
    let end = inner.find('$')?;
    inner[..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then(|| &rest[..end + 2])
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
}
