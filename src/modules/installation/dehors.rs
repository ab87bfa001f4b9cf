//! What is not a module's own: its SQL leaves all of it as it was.

use std::collections::BTreeMap;

use finage_manifest::{Fault, Module};
use sqlx::PgConnection;

use super::InstallationError;

/// Things that a refusal names at most.
const MAX_DITS: usize = 10;

/// What the catalogue says of everything outside of a module's schema, by name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dehors(BTreeMap<String, Dit>);

/// What is said of one thing; its identifier, where a module may take it as its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Dit {
    empreinte: String,
    prenable: Option<i64>,
}

impl Dehors {
    /// As it is now, in the transaction of `tx`.
    ///
    /// # Errors
    /// The database refused.
    pub(super) async fn lu(tx: &mut PgConnection, module: &str) -> sqlx::Result<Self> {
        let lignes: Vec<(String, Option<String>, Option<i64>)> =
            sqlx::query_as(include_str!("../sql/dehors.sql")).bind(module).fetch_all(tx).await?;
        let mut dits: BTreeMap<String, Dit> = BTreeMap::new();
        for (nom, empreinte, prenable) in lignes {
            // A table and a type may bear the same name.
            let dit = dits.entry(nom).or_default();
            dit.empreinte.push_str(&empreinte.unwrap_or_default());
            dit.prenable = dit.prenable.or(prenable);
        }
        Ok(Self(dits))
    }

    /// # Errors
    /// Something was made, changed or dropped there since. Tables that were there before Finage may have become the module's.
    pub(super) async fn inchange(self, tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
        let apres = Self::lu(tx, module.id()).await?;
        let partis: Vec<i64> =
            self.0.iter().filter(|(nom, _)| !apres.0.contains_key(*nom)).filter_map(|(_, dit)| dit.prenable).collect();
        let pris: Vec<i64> =
            sqlx::query_scalar(include_str!("../sql/pris.sql")).bind(module.id()).bind(partis).fetch_all(tx).await?;
        let touches = self.touches(&apres, &pris);
        if touches.is_empty() {
            return Ok(());
        }
        let reste = touches.len().saturating_sub(MAX_DITS);
        let suite = if reste == 0 { String::new() } else { format!(" et {reste} autres") };
        let cites: Vec<String> = touches.iter().take(MAX_DITS).map(|nom| format!("« {nom} »")).collect();
        let message = format!(
            "un module ne touche que son schéma, « {} » ; ses migrations créent, changent ou suppriment {}{suite}",
            module.id(),
            cites.join(", ")
        );
        let causes = vec![Fault { file: "migrations".to_owned(), line: None, message }];
        Err(InstallationError::Fautes { module: module.id().to_owned(), causes })
    }

    /// Names of what is not the same on both sides, but for what was taken.
    fn touches<'a>(&'a self, apres: &'a Self, pris: &[i64]) -> Vec<&'a str> {
        let change = |(nom, dit): &(&String, &Dit)| match apres.0.get(*nom) {
            Some(ensuite) => *dit != ensuite,
            None => dit.prenable.is_none_or(|oid| !pris.contains(&oid)),
        };
        let ajoutes = apres.0.keys().filter(|nom| !self.0.contains_key(*nom));
        self.0.iter().filter(change).map(|(nom, _)| nom).chain(ajoutes).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_named() {
        let dits = |dits: &[(&str, &str, Option<i64>)]| {
            let dit = |empreinte: &str, prenable| Dit { empreinte: empreinte.to_owned(), prenable };
            Dehors(dits.iter().map(|(nom, dite, prenable)| ((*nom).to_owned(), dit(dite, *prenable))).collect())
        };
        let avant = dits(&[("core.a", "1", None), ("core.b", "1", None), ("core.c", "1", None), ("p.e", "1", Some(7))]);
        let apres = dits(&[("core.a", "1", None), ("core.b", "2", None), ("core.d", "1", None)]);
        assert_eq!(avant.touches(&apres, &[7]), ["core.b", "core.c", "core.d"]);
        assert_eq!(avant.touches(&apres, &[]), ["core.b", "core.c", "p.e", "core.d"]);
        assert_eq!(avant.touches(&avant, &[]), [""; 0]);
    }
}
