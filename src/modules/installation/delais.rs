//! How long the SQL of a module may wait for others, and run.

use std::time::{Duration, Instant};

use sqlx::PgConnection;

use super::InstallationError;

/// How long an installation or a check may wait, and run.
#[derive(Debug, Clone, Copy)]
pub struct Delais {
    /// Longest wait for what others hold.
    pub verrou: Duration,
    /// Longest run of all its migrations together; none for an installation, which may rewrite large tables.
    pub passage: Option<Duration>,
}

impl Delais {
    /// Of a check: it holds up those who work, and keeps nothing.
    pub const CONTROLE: Self = Self { verrou: Duration::from_secs(5), passage: Some(Duration::from_mins(1)) };
    /// Of an installation.
    pub const INSTALLATION: Self = Self { verrou: Duration::from_secs(10), passage: None };

    /// Bounds the next statement of a transaction that began at `debut`; whoever goes away takes it along.
    pub(super) async fn pose(self, tx: &mut PgConnection, debut: Instant) -> sqlx::Result<()> {
        let reste = self.passage.map_or(0, |passage| {
            // Nought would mean « no bound ».
            passage.saturating_sub(debut.elapsed()).as_millis().max(1)
        });
        sqlx::query(
            "select set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true),
                set_config('client_connection_check_interval', '1s', true)",
        )
        .bind(format!("{}ms", self.verrou.as_millis()))
        .bind(format!("{reste}ms"))
        .execute(tx)
        .await
        .map(|_| ())
    }

    /// A refusal said as what it is, when it comes from one of these bounds.
    pub(super) fn dit(self, module: &str, error: InstallationError) -> InstallationError {
        let code = match &error {
            InstallationError::Base(cause) | InstallationError::Sql { cause, .. } => {
                cause.as_database_error().and_then(|refus| refus.code().map(std::borrow::Cow::into_owned))
            }
            _ => None,
        };
        match (code.as_deref(), self.passage) {
            (Some("55P03"), _) => {
                InstallationError::Occupee { module: module.to_owned(), secondes: self.verrou.as_secs() }
            }
            (Some("57014"), Some(passage)) => {
                InstallationError::TropLongue { module: module.to_owned(), secondes: passage.as_secs() }
            }
            _ => error,
        }
    }
}
