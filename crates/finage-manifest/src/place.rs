//! Where a key stands in a TOML file.

use toml_edit::{ImDocument, Item, Table};

/// The lines of a file's keys.
#[derive(Debug)]
pub(crate) struct Places {
    text: String,
    document: Option<ImDocument<String>>,
}

impl Places {
    pub(crate) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), document: ImDocument::parse(text.to_owned()).ok() }
    }

    /// The line of a key, or of the nearest of those that hold it; a number is a rank in an array of tables.
    pub(crate) fn line(&self, path: &[&str]) -> Option<usize> {
        let document = self.document.as_ref()?;
        let mut table: &Table = document.as_table();
        let mut found = None;
        let mut parts = path.iter().peekable();
        while let Some(part) = parts.next() {
            let Some((key, item)) = table.get_key_value(part) else { break };
            found = key.span().or_else(|| item.span()).map(|span| span.start).or(found);
            match item {
                Item::Table(inner) => {
                    found = inner.span().map(|span| span.start).or(found);
                    table = inner;
                }
                Item::ArrayOfTables(array) => {
                    let rank = parts.next().and_then(|rank| rank.parse::<usize>().ok()).unwrap_or_default();
                    let Some(inner) = array.get(rank) else { break };
                    found = inner.span().map(|span| span.start).or(found);
                    table = inner;
                }
                _ => break,
            }
        }
        found.map(|byte| self.line_at(byte))
    }

    /// The line of a byte.
    pub(crate) fn line_at(&self, byte: usize) -> usize {
        line_at(&self.text, byte)
    }
}

pub(crate) fn line_at(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().iter().take(byte);
    1 + before.filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_where_they_stand() {
        let text = "table = 'a.b'\n\n[fields.nom]\nlabel = 'Nom'\n\n[[tabs]]\nobject = 'x'\n\n[[tabs]]\nobject = 'y'\n";
        let places = Places::of(text);
        assert_eq!(places.line(&["table"]), Some(1));
        assert_eq!(places.line(&["fields", "nom", "label"]), Some(4));
        assert_eq!(places.line(&["fields", "nom", "kind"]), Some(3));
        assert_eq!(places.line(&["tabs", "1"]), Some(9));
        assert_eq!(places.line(&["tabs", "1", "object"]), Some(10));
        assert_eq!(places.line(&["absent"]), None);
    }
}
