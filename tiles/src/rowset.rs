//! A set of rows that copies little when it changes: pages of bits, shared between copies until one is written.

use std::sync::Arc;

/// Words of a page: 4,096 rows.
const WORDS: usize = 64;
const ROWS: usize = WORDS * 64;

/// Rows of a level.
#[derive(Debug, Clone, Default)]
pub struct RowSet {
    pages: Vec<Option<Arc<[u64; WORDS]>>>,
    len: usize,
}

impl RowSet {
    /// Rows in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Adds a row.
    pub fn insert(&mut self, row: usize) {
        let page = row / ROWS;
        if self.pages.len() <= page {
            self.pages.resize(page + 1, None);
        }
        if let Some(page) = self.pages.get_mut(page) {
            let words = Arc::make_mut(page.get_or_insert_with(|| Arc::new([0; WORDS])));
            let word = &mut words[row % ROWS / 64];
            self.len += usize::from(*word >> (row % 64) & 1 == 0);
            *word |= 1 << (row % 64);
        }
    }

    /// Is the row in the set?
    #[inline]
    #[must_use]
    pub fn has(&self, row: usize) -> bool {
        self.pages
            .get(row / ROWS)
            .and_then(Option::as_ref)
            .is_some_and(|page| page[row % ROWS / 64] >> (row % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_set_and_copies_are_apart(rows in prop::collection::vec(0_usize..20_000, 0..200), more in 0_usize..20_000) {
            let mut set = RowSet::default();
            for row in &rows { set.insert(*row); }
            let expected: HashSet<usize> = rows.iter().copied().collect();
            let mut copy = set.clone();
            copy.insert(more);
            prop_assert_eq!(set.len(), expected.len());
            prop_assert!((0..20_100).all(|row| set.has(row) == expected.contains(&row)));
            prop_assert!(copy.has(more));
        }
    }
}
