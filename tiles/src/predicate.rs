//! Who may see which rows: sets of values over columns of rights, anded and ored.
//!
//! A predicate is bound: it holds values, not who asks. Against a snapshot it becomes sets of codes, so that a row costs a
//! look at a bit or two. A value that no row has is no code: it opens nothing.

use crate::snapshot::{ColumnView, LevelView, Role, Schema, SnapshotError};

/// A row has one of these values in a column of rights.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// Name of the column.
    pub column: String,
    /// Values that open; `None` for rows that have none.
    pub values: Vec<Option<String>>,
}

impl Condition {
    /// One of these values in that column.
    #[must_use]
    pub fn one_of<'a>(column: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        Self { column: column.to_owned(), values: values.into_iter().map(|value| Some(value.to_owned())).collect() }
    }
}

/// The rows that may be seen: those that meet all the conditions of one alternative at least.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Predicate {
    any: Vec<Vec<Condition>>,
}

impl Predicate {
    /// No row: the predicate to add alternatives to.
    #[must_use]
    pub fn nothing() -> Self {
        Self { any: Vec::new() }
    }

    /// Every row.
    #[must_use]
    pub fn everything() -> Self {
        Self { any: vec![Vec::new()] }
    }

    /// Also the rows that meet all of these conditions.
    #[must_use]
    pub fn or_all(mut self, conditions: Vec<Condition>) -> Self {
        self.any.push(conditions);
        self
    }

    /// The alternatives.
    #[must_use]
    pub fn alternatives(&self) -> &[Vec<Condition>] {
        &self.any
    }

    /// Refuses a predicate over columns that are none of rights: nothing must be open by a mistake in a name.
    ///
    /// # Errors
    /// A column is unknown or is not of rights.
    pub fn check(&self, schema: &Schema) -> Result<(), SnapshotError> {
        self.any.iter().flatten().try_for_each(|condition| schema.column(&condition.column, Role::Right).map(|_| ()))
    }

    /// In the codes of a level.
    pub(crate) fn compile<'a>(&self, schema: &Schema, level: &LevelView<'a>) -> Result<Compiled<'a>, SnapshotError> {
        self.check(schema)?;
        let mut any = Vec::with_capacity(self.any.len());
        for conditions in &self.any {
            let mut all = Vec::with_capacity(conditions.len());
            for condition in conditions {
                let rank = schema.column(&condition.column, Role::Right)?;
                let column = level.column(rank).ok_or(SnapshotError::Corrupt("colonne"))?;
                all.push(CodeSet::of(column, &condition.values)?);
            }
            if all.iter().all(|set| set.some) {
                all.retain(|set| !set.every);
                any.push(all);
            }
        }
        if any.iter().any(Vec::is_empty) {
            any = vec![Vec::new()];
        }
        Ok(Compiled { any })
    }
}

/// A predicate in the codes of a level.
#[derive(Debug)]
pub(crate) struct Compiled<'a> {
    any: Vec<Vec<CodeSet<'a>>>,
}

impl Compiled<'_> {
    /// No row of the level may be seen.
    pub fn is_nothing(&self) -> bool {
        self.any.is_empty()
    }

    /// May this row be seen?
    #[inline]
    pub fn allows(&self, row: usize) -> bool {
        self.any.iter().any(|all| all.iter().all(|set| set.has(row)))
    }
}

/// Codes of a column, a bit each.
#[derive(Debug)]
struct CodeSet<'a> {
    column: ColumnView<'a>,
    bits: Vec<u64>,
    some: bool,
    every: bool,
}

impl<'a> CodeSet<'a> {
    fn of(column: ColumnView<'a>, values: &[Option<String>]) -> Result<Self, SnapshotError> {
        let codes = column.texts() + 1;
        let mut bits = vec![0_u64; codes.div_ceil(64)];
        for value in values {
            let code = value.as_deref().map_or(Ok(Some(0)), |text| column.code_of(text))?;
            if let Some((word, code)) =
                code.and_then(|code| Some((bits.get_mut(usize::try_from(code / 64).ok()?)?, code)))
            {
                *word |= 1 << (code % 64);
            }
        }
        let count: usize = bits.iter().map(|word| word.count_ones() as usize).sum();
        Ok(Self { column, bits, some: count > 0, every: count == codes })
    }

    /// A code outside the dictionary is in no set.
    #[inline]
    fn has(&self, row: usize) -> bool {
        let Some(code) = self.column.code(row) else { return false };
        usize::try_from(code / 64)
            .ok()
            .and_then(|word| self.bits.get(word))
            .is_some_and(|word| word >> (code % 64) & 1 == 1)
    }
}
