//! The tenant transaction: the only way to rows that belong to a collectivité.
//!
//! Row-level security shows nothing to a transaction that says for whom it acts not; the other pools therefore see no
//! row of a collectivité, whatever their statements. Who acts is set here and nowhere else.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

/// A collectivité that works in this Finage: the key of `acces.collectivite`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct CollectiviteId(pub i32);

/// Where a request came in, as history and journal write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Canal {
    /// The JSON API.
    Api,
    /// A page rendered by the server.
    Page,
    /// A tile.
    Tuile,
    /// A file.
    Export,
    /// An OGC service.
    Ogc,
    /// A long job.
    Travail,
    /// The command line.
    Commande,
}

impl Canal {
    /// The word written.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Page => "page",
            Self::Tuile => "tuile",
            Self::Export => "export",
            Self::Ogc => "ogc",
            Self::Travail => "travail",
            Self::Commande => "commande",
        }
    }
}

/// Who acts, for whom, and through what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Acteur {
    /// Account; none for the command line.
    pub utilisateur: Option<Uuid>,
    /// Collectivité for which it acts.
    pub collectivite: CollectiviteId,
    /// Where the request came in.
    pub canal: Canal,
}

/// The pool of tenant transactions. It lends no bare connection.
#[derive(Debug, Clone)]
pub struct Collectivites {
    pool: PgPool,
}

impl Collectivites {
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// A transaction that reads and writes what belongs to the collectivité of `acteur`.
    ///
    /// # Errors
    /// No connection is free, or the server does not answer.
    pub async fn begin(&self, acteur: &Acteur) -> sqlx::Result<TenantTx> {
        TenantTx::announced(self.pool.begin().await?, acteur).await
    }

    /// The same, that can only read.
    ///
    /// # Errors
    /// No connection is free, or the server does not answer.
    pub async fn begin_read(&self, acteur: &Acteur) -> sqlx::Result<TenantTx> {
        TenantTx::announced(self.pool.begin_with("begin read only").await?, acteur).await
    }

    /// A transaction for nobody known: it reads what modules open to the public.
    ///
    /// # Errors
    /// No connection is free, or the server does not answer.
    pub async fn begin_public(&self, canal: Canal) -> sqlx::Result<TenantTx> {
        let acteur = Acteur { utilisateur: None, collectivite: CollectiviteId(0), canal };
        TenantTx::announced(self.pool.begin_with("begin read only").await?, &acteur).await
    }

    /// The same, that reads one state of the database from its start to its end, however long it takes.
    ///
    /// # Errors
    /// No connection is free, or the server does not answer.
    pub async fn begin_public_snapshot(&self, canal: Canal) -> sqlx::Result<TenantTx> {
        self.begin_snapshot(&Acteur { utilisateur: None, collectivite: CollectiviteId(0), canal }).await
    }

    /// A transaction for the collectivité of `acteur` that reads one state of the database from its start to its end, however
    /// long it takes.
    ///
    /// # Errors
    /// No connection is free, or the server does not answer.
    pub async fn begin_snapshot(&self, acteur: &Acteur) -> sqlx::Result<TenantTx> {
        let begin = "begin isolation level repeatable read read only; set local statement_timeout = 0";
        TenantTx::announced(self.pool.begin_with(begin).await?, acteur).await
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction of a collectivité. Dropped, it is rolled back; what it set goes with it.
#[derive(Debug)]
pub struct TenantTx {
    transaction: Transaction<'static, Postgres>,
    acteur: Acteur,
}

impl TenantTx {
    async fn announced(mut transaction: Transaction<'static, Postgres>, acteur: &Acteur) -> sqlx::Result<Self> {
        sqlx::query(include_str!("sql/acteur.sql"))
            // Nobody's transaction says of no collectivité that it is its own.
            .bind(if acteur.collectivite.0 == 0 { String::new() } else { acteur.collectivite.0.to_string() })
            .bind(acteur.utilisateur.map(|id| id.to_string()).unwrap_or_default())
            .bind(acteur.canal.code())
            .execute(&mut *transaction)
            .await?;
        Ok(Self { transaction, acteur: *acteur })
    }

    /// Who acts.
    #[must_use]
    pub fn acteur(&self) -> &Acteur {
        &self.acteur
    }

    /// Keeps what was written; the answer leaves after it.
    ///
    /// # Errors
    /// The server refused or is gone; nothing is then kept.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.transaction.commit().await
    }
}

impl Deref for TenantTx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.transaction
    }
}

impl DerefMut for TenantTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}
