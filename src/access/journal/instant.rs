//! An instant as PostgreSQL keeps it: what a seal covers is exactly what is stored, infinities included.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const ORIGINE: OffsetDateTime = datetime!(2000-01-01 00:00 UTC);

/// Microseconds since 2000-01-01 00:00 UTC (`timestamptz`); the extremes are its infinities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl Instant {
    /// The clock of this machine.
    #[must_use]
    pub fn maintenant() -> Self {
        OffsetDateTime::now_utc().into()
    }

    /// The same, for people and programs; none for an infinity or a year that no calendar of ours has.
    #[must_use]
    pub fn date(self) -> Option<OffsetDateTime> {
        ORIGINE.checked_add(Duration::microseconds(self.0))
    }

    /// RFC 3339, in UTC; the number of microseconds for what is no date.
    #[must_use]
    pub fn texte(self) -> String {
        self.date().and_then(|date| date.format(&Rfc3339).ok()).unwrap_or_else(|| self.0.to_string())
    }

    /// Reads what [`Self::texte`] writes of a date.
    #[must_use]
    pub fn parse(texte: &str) -> Option<Self> {
        OffsetDateTime::parse(texte, &Rfc3339).ok().map(Into::into)
    }
}

impl From<OffsetDateTime> for Instant {
    fn from(date: OffsetDateTime) -> Self {
        // The years of `time` are within those of PostgreSQL.
        Self(i64::try_from((date - ORIGINE).whole_microseconds()).unwrap_or(i64::MAX))
    }
}

impl Type<Postgres> for Instant {
    fn type_info() -> PgTypeInfo {
        <OffsetDateTime as Type<Postgres>>::type_info()
    }
}

impl Decode<'_, Postgres> for Instant {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        if value.format() != PgValueFormat::Binary {
            return Err("timestamptz in text form".into());
        }
        Ok(Self(i64::from_be_bytes(value.as_bytes()?.try_into()?)))
    }
}

impl Encode<'_, Postgres> for Instant {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode(self.0, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_again_to_the_microsecond() {
        for micros in [0, 1, -1, 845_000_000_123_456, -700_000_000_000_001] {
            assert_eq!(Instant::parse(&Instant(micros).texte()), Some(Instant(micros)));
        }
        assert_eq!(Instant(0).texte(), "2000-01-01T00:00:00Z");
        assert_eq!(Instant(i64::MAX).date(), None);
        assert_eq!(Instant(i64::MIN).texte(), i64::MIN.to_string());
    }
}
