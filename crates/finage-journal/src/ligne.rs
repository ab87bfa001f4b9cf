//! A line of the journal and its canonical bytes.

use uuid::Uuid;

/// The two chains; each has its own ranks and seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chaine {
    /// Looks at nominative data; purged.
    Acces,
    /// Acts; kept.
    Acte,
}

impl Chaine {
    /// Both.
    pub const TOUTES: [Self; 2] = [Self::Acces, Self::Acte];

    /// The word for it in tables, files and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Acces => "acces",
            Self::Acte => "acte",
        }
    }

    /// What people read.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Acces => "journal des accès",
            Self::Acte => "journal des actes",
        }
    }
}

/// What a line says: every column but its rank and seal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ligne {
    /// Number given by the database.
    pub id: i64,
    /// Instant, in microseconds since 2000-01-01 00:00 UTC, as PostgreSQL keeps it; the extremes are its infinities.
    pub le: i64,
    /// Transaction that wrote the line (`xid8`).
    pub transaction: u64,
    /// Login to the database.
    pub login: String,
    /// Account.
    pub utilisateur: Option<Uuid>,
    /// Collectivité for which it acted.
    pub collectivite: Option<i32>,
    /// Where the request came in.
    pub canal: String,
    /// What was done.
    pub action: String,
    /// To what kind of object.
    pub objet: String,
    /// To which one.
    pub cle: Option<String>,
    /// Declared purpose.
    pub finalite: Option<String>,
    /// JSON text, as the database gives it.
    pub details: String,
}

/// A line with its place in the chain, as it was read: either may be missing where someone tampered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scellee {
    /// Place, from 1.
    pub rang: Option<i64>,
    /// Seal.
    pub sceau: Option<crate::Sceau>,
    /// The line.
    pub ligne: Ligne,
}

impl Ligne {
    /// Bytes that no other line has: fields in one order, integers big-endian, texts after their length, a byte before
    /// what may be missing.
    pub(crate) fn canonical(&self, out: Sortie) {
        out(&self.id.to_be_bytes());
        out(&self.le.to_be_bytes());
        out(&self.transaction.to_be_bytes());
        texte(&self.login, out);
        option(self.utilisateur.as_ref(), out, |id, out| out(id.as_bytes()));
        option(self.collectivite.as_ref(), out, |id, out| out(&id.to_be_bytes()));
        texte(&self.canal, out);
        texte(&self.action, out);
        texte(&self.objet, out);
        option(self.cle.as_ref(), out, |cle, out| texte(cle, out));
        option(self.finalite.as_ref(), out, |finalite, out| texte(finalite, out));
        texte(&self.details, out);
    }
}

/// Where canonical bytes go.
pub(crate) type Sortie<'a> = &'a mut dyn FnMut(&[u8]);

fn texte(texte: &str, out: Sortie) {
    out(&(texte.len() as u64).to_be_bytes());
    out(texte.as_bytes());
}

fn option<T>(valeur: Option<&T>, out: Sortie, ecrit: impl FnOnce(&T, Sortie)) {
    match valeur {
        None => out(&[0]),
        Some(valeur) => {
            out(&[1]);
            ecrit(valeur, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(ligne: &Ligne) -> Vec<u8> {
        let mut tous = Vec::new();
        ligne.canonical(&mut |morceau: &[u8]| tous.extend_from_slice(morceau));
        tous
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let ligne = |canal: &str, action: &str, cle: Option<&str>, finalite: Option<&str>| Ligne {
            canal: canal.into(),
            action: action.into(),
            cle: cle.map(Into::into),
            finalite: finalite.map(Into::into),
            ..Ligne::default()
        };
        let pairs = [
            (ligne("ap", "i", None, None), ligne("a", "pi", None, None)),
            (ligne("", "", Some("x"), None), ligne("", "", None, Some("x"))),
            (ligne("", "", Some(""), None), ligne("", "", None, None)),
            (ligne("", "", Some("\u{1}x"), None), ligne("", "", Some("\u{1}"), Some("x"))),
        ];
        for (one, other) in pairs {
            assert_ne!(octets(&one), octets(&other));
        }
    }
}
