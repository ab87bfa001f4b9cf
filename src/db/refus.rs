//! What the database says when it refuses, for people.

use sqlx::postgres::PgDatabaseError;

/// A refusal in a sentence: PostgreSQL's own words and code, without the lines of its source; others as they are.
#[must_use]
pub fn dit(error: &sqlx::Error) -> String {
    let Some(refus) = error.as_database_error().and_then(|refus| refus.try_downcast_ref::<PgDatabaseError>()) else {
        return error.to_string();
    };
    let detail = refus.detail().map_or_else(String::new, |detail| format!(" ; {}", detail.trim_end_matches('.')));
    // A sentence that a trigger of Finage or of a module says is already for people.
    if matches!(refus.code(), "P0001" | "FN001" | "FN002") {
        return format!("{}{detail}", refus.message());
    }
    format!("PostgreSQL répond « {}{detail} » (code {})", refus.message(), refus.code())
}
