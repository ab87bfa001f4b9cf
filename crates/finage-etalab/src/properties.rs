//! The properties that the eight layers know, read in one pass without copies.

use std::borrow::Cow;

use finage_reference::Insee;
use jiff::civil::Date;

use crate::Problem;
use crate::error::quoted;
use crate::json::{Cursor, SyntaxError};

/// A property's value, as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Value<'a> {
    #[default]
    Absent,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    /// An object or an array: no property of the cadastre is one.
    Nested,
}

/// Every property of every layer; what else a file has is passed over.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Properties<'a> {
    pub id: Value<'a>,
    pub commune: Value<'a>,
    pub prefixe: Value<'a>,
    pub section: Value<'a>,
    pub numero: Value<'a>,
    pub contenance: Value<'a>,
    pub arpente: Value<'a>,
    pub created: Value<'a>,
    pub updated: Value<'a>,
    pub code: Value<'a>,
    pub nom: Value<'a>,
    pub ancienne: Value<'a>,
    pub qualite: Value<'a>,
    pub mode_confection: Value<'a>,
    pub echelle: Value<'a>,
    pub kind: Value<'a>,
    pub parcelle: Value<'a>,
    pub lettre: Value<'a>,
}

impl<'a> Properties<'a> {
    /// Reads the value of `properties`, an object or null.
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, SyntaxError> {
        let mut properties = Self::default();
        if cursor.peek() == Some(b'n') {
            return cursor.word().map(|_| properties);
        }
        cursor.expect(b'{', "les propriétés de l'objet")?;
        if cursor.take(b'}') {
            return Ok(properties);
        }
        loop {
            let key = cursor.key()?;
            match properties.slot(&key) {
                Some(slot) => *slot = Value::read(cursor)?,
                None => cursor.skip_value()?,
            }
            if !cursor.more(b'}', "« , » ou « } »")? {
                return Ok(properties);
            }
        }
    }

    fn slot(&mut self, key: &str) -> Option<&mut Value<'a>> {
        Some(match key {
            "id" => &mut self.id,
            "commune" => &mut self.commune,
            "prefixe" => &mut self.prefixe,
            "section" => &mut self.section,
            "numero" => &mut self.numero,
            "contenance" => &mut self.contenance,
            "arpente" => &mut self.arpente,
            "created" => &mut self.created,
            "updated" => &mut self.updated,
            "code" => &mut self.code,
            "nom" => &mut self.nom,
            "ancienne" => &mut self.ancienne,
            "qualite" => &mut self.qualite,
            "modeConfection" => &mut self.mode_confection,
            "echelle" => &mut self.echelle,
            "type" => &mut self.kind,
            "parcelle" => &mut self.parcelle,
            "lettre" => &mut self.lettre,
            _ => return None,
        })
    }
}

impl<'a> Value<'a> {
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, SyntaxError> {
        Ok(match cursor.peek() {
            Some(b'"') => Self::Text(cursor.string()?),
            Some(b'-' | b'0'..=b'9') => Self::Number(cursor.number_text()?),
            Some(b'{' | b'[') => cursor.skip_value().map(|()| Self::Nested)?,
            _ => cursor.word()?.map_or(Self::Absent, Self::Bool),
        })
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The text, or the digits of a number: some writers drop the quotes of codes.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_ref()),
            Self::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// A name: trimmed, absent when blank.
    pub(crate) fn name(&self) -> Option<String> {
        self.text().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned)
    }

    /// A whole number ≥ 0 (`354`, `354.0`, `"354"`); absent stays absent.
    pub(crate) fn whole(&self, name: &'static str) -> Result<Option<u32>, Problem> {
        if self.is_absent() {
            return Ok(None);
        }
        let digits = self.text().map(|text| text.strip_suffix(".0").unwrap_or(text));
        let value = digits.filter(|digits| !digits.starts_with('+')).and_then(|digits| digits.parse().ok());
        value.map(Some).ok_or_else(|| self.bad(name))
    }

    /// A boolean; absent stays absent.
    pub(crate) fn flag(&self, name: &'static str) -> Result<Option<bool>, Problem> {
        match self {
            Self::Absent => Ok(None),
            Self::Bool(flag) => Ok(Some(*flag)),
            other => Err(other.bad(name)),
        }
    }

    /// A civil date, `2024-12-19`, possibly followed by a time; absent stays absent.
    pub(crate) fn date(&self, name: &'static str) -> Result<Option<Date>, Problem> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(text) if text.is_empty() => Ok(None),
            Self::Text(text) => civil(text).map(Some).ok_or_else(|| self.bad(name)),
            other => Err(other.bad(name)),
        }
    }

    /// A commune's code.
    pub(crate) fn insee(&self, name: &'static str) -> Result<Option<Insee>, Problem> {
        match self.text() {
            Some(code) => code.parse().map(Some).map_err(|_| self.bad(name)),
            None if self.is_absent() => Ok(None),
            None => Err(self.bad(name)),
        }
    }

    pub(crate) fn bad(&self, name: &'static str) -> Problem {
        Problem::BadProperty { name, value: self.shown() }
    }

    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Bool(flag) => flag.to_string(),
            Self::Nested => "un objet".to_owned(),
            other => quoted(other.text().unwrap_or_default()),
        }
    }
}

/// `YYYY-MM-DD`, alone or before `T` or a space.
fn civil(text: &str) -> Option<Date> {
    let (date, time) = text.split_at_checked(10)?;
    let dashes = date.as_bytes().get(4) == Some(&b'-') && date.as_bytes().get(7) == Some(&b'-');
    if !dashes || !(time.is_empty() || time.starts_with(['T', ' '])) {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| {
        date.get(range).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
    };
    Date::new(digits(0..4)?.parse().ok()?, digits(5..7)?.parse().ok()?, digits(8..10)?.parse().ok()?).ok()
}
