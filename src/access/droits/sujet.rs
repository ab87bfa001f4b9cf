//! Whom a right is compiled for: what expressions on rows call `user`.

use finage_expr::{Type, Value};
use uuid::Uuid;

use crate::db::CollectiviteId;

/// An account that acts for a collectivité.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sujet {
    /// Key of the account.
    pub id: Uuid,
    /// Its e-mail.
    pub email: String,
    /// The collectivité it acts for.
    pub collectivite: CollectiviteId,
}

/// Communes where the role is held.
pub(super) const COMMUNES: &str = "communes";

impl Sujet {
    /// What `user.` has, with its type.
    pub(super) const ATTRIBUTS: [(&str, Type); 4] =
        [("email", Type::Text), ("id", Type::Uuid), ("collectivite", Type::Integer), (COMMUNES, Type::TextArray)];

    /// Nobody: the public.
    pub(super) fn personne() -> Self {
        Self { id: Uuid::nil(), email: String::new(), collectivite: CollectiviteId(0) }
    }

    /// The value of an attribute; communes are those of the role, not of the account.
    pub(super) fn attribut(&self, nom: &str) -> Value {
        match nom {
            "email" => Value::Text(self.email.clone()),
            "id" => Value::Uuid(self.id),
            "collectivite" => Value::Integer(self.collectivite.0.into()),
            _ => Value::Null,
        }
    }
}
