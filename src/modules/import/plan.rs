//! An import, ready: what it needs of the database to read a file without it, and then to write its rows.

use std::collections::HashMap;

use finage_import::{Classeur, Limites};
use uuid::Uuid;

use super::ecriture::Ecriture;
use super::lecture::{Lues, Regles, lit};
use super::liaison::Liaison;
use super::nomenclature::Nomenclature;
use super::{Bilan, Correspondance, ErreurImport, Permis, Rejet, references};
use crate::access::identite::Identite;
use crate::access::journal::Finalite;
use crate::db::TenantTx;
use crate::modules::objets::{Modele, Nature};

/// An import, ready.
#[derive(Debug)]
pub struct Plan {
    pub(super) liaison: Liaison,
    pub(super) permis: Permis,
    pub(super) colonnes: HashMap<String, ColonneSql>,
    pub(super) reprise: bool,
    pub(super) import: Uuid,
    finalite: Option<Finalite>,
    nomenclatures: HashMap<String, Nomenclature>,
    fuseau: String,
}

/// What the database says of a column.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ColonneSql {
    pub(super) nom: String,
    pub(super) jamais_nulle: bool,
    /// Its default, an expression of the module's own migrations.
    pub(super) defaut: Option<String>,
}

/// What is known of lines that another application gave.
#[derive(Debug, Clone, Default)]
pub struct Reprises {
    /// By line: the row that it made before.
    pub connues: HashMap<u64, Uuid>,
    /// By line: what is wrong in it, as field (empty when it is the whole row) and sentence without its full stop.
    pub anomalies: HashMap<u64, Vec<(String, String)>>,
}

/// Who follows an import.
#[derive(Clone, Copy)]
pub struct Suivi<'a> {
    /// Told rows done and rows to do.
    pub avance: &'a (dyn Fn(usize, usize) + Send + Sync),
    /// Whether to stop.
    pub arrete: &'a (dyn Fn() -> bool + Send + Sync),
}

impl std::fmt::Debug for Suivi<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suivi").finish_non_exhaustive()
    }
}

/// How far a file to be imported may go.
#[must_use]
pub fn limites() -> Limites {
    Limites { geometrie: 4 << 20, decompresse: 1 << 30, feuilles: 100, ..Limites::default() }
}

impl Plan {
    /// The import of a file into the rows of `modele`, under the rights of `qui` and for this purpose. `import` is its row of
    /// `core.importation`.
    ///
    /// # Errors
    /// The mapping does not fit, or a right is missing.
    pub async fn prepare(
        tx: &mut TenantTx,
        qui: &Identite,
        modele: &'static Modele,
        (classeur, correspondance): (&Classeur, &Correspondance),
        (reprise, finalite): (bool, Option<&Finalite>),
        import: Uuid,
    ) -> Result<Self, ErreurImport> {
        let liaison = Liaison::new(modele, classeur, correspondance, reprise)?;
        let champs = liaison.champs();
        let permis = Permis::new(qui, modele, &champs, finalite)?;
        let finalite = finalite.filter(|_| champs.iter().any(|champ| champ.niveau > 0)).cloned();
        let codes = liaison.colonnes.iter().filter(|colonne| colonne.regle.nature == Nature::Code);
        let noms: Vec<&str> = codes.filter_map(|colonne| colonne.regle.nomenclature).collect();
        let nomenclatures = Nomenclature::lues(tx, &noms).await?;
        let colonnes: Vec<ColonneSql> =
            sqlx::query_as(include_str!("sql/colonnes.sql")).bind(modele.relation()).fetch_all(&mut **tx).await?;
        let colonnes = colonnes.into_iter().map(|colonne| (colonne.nom.clone(), colonne)).collect();
        let fuseau = sqlx::query_scalar("select core.fuseau(coalesce((acces.mon_territoire())[1], ''))")
            .fetch_one(&mut **tx)
            .await?;
        Ok(Self { liaison, permis, colonnes, reprise, import, finalite, nomenclatures, fuseau })
    }

    /// The purpose for which it writes personal fields; none when it writes none.
    #[must_use]
    pub fn finalite(&self) -> Option<&Finalite> {
        self.finalite.as_ref()
    }

    /// Reads the rows of the file.
    ///
    /// Blocking: call it on a thread of its own.
    ///
    /// # Errors
    /// The file cannot be read to its end, or has too many rows.
    pub fn lit(&self, classeur: &Classeur) -> Result<Lues, ErreurImport> {
        let nulle = |champ: &&str| self.colonnes.get(*champ).is_some_and(|colonne| colonne.jamais_nulle);
        let jamais_nuls: Vec<&'static str> =
            self.liaison.modele.regles.iter().map(|regle| regle.champ).filter(nulle).collect();
        let regles = Regles {
            nomenclatures: &self.nomenclatures,
            fuseau: &self.fuseau,
            jamais_nuls: &jamais_nuls,
            reprise: self.reprise,
        };
        lit(classeur, &self.liaison, regles)
    }

    /// Writes rows in a transaction that the caller keeps or drops; gives every reject.
    ///
    /// # Errors
    /// Nothing can be imported: the transaction is then to be dropped.
    pub async fn ecrit(
        &self,
        tx: &mut TenantTx,
        mut lues: Lues,
        suivi: Suivi<'_>,
    ) -> Result<(Bilan, Vec<Rejet>), ErreurImport> {
        sqlx::query("set local statement_timeout = '10min'").execute(&mut **tx).await?;
        references::resout(tx, &self.liaison, &self.permis, &mut lues).await?;
        Ecriture::new(self, tx, suivi).deroule(lues).await
    }

    /// Writes rows that another application gave, each known by its line in `reprises` or new. What they name is told by
    /// keys, and the register gives them no number: theirs are those of before. A geometry that does not fit is left out and
    /// told as an anomaly. Gives every reject, and the key of each line that is written.
    ///
    /// # Errors
    /// Nothing can be written: the transaction is then to be dropped.
    pub async fn reprend(
        &self,
        tx: &mut TenantTx,
        lues: Lues,
        reprises: Reprises,
        suivi: Suivi<'_>,
    ) -> Result<(Bilan, Vec<Rejet>, HashMap<u64, Uuid>), ErreurImport> {
        sqlx::query("set local statement_timeout = '10min'").execute(&mut **tx).await?;
        Ecriture::new(self, tx, suivi).reprend(lues, reprises).await
    }
}
