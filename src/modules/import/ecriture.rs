//! Rows written: staged, known again by their key, then made or changed by lots.
//!
//! A lot is a savepoint. What a check refuses is taken out and the lot done again; what the database itself refuses is found by
//! halving the lot. Triggers, history, journal and row-level security are those of any other write.

mod etape;
mod lot;
mod reprise;

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::lecture::Lues;
use super::plan::{Plan, Suivi};
use super::{Bilan, ErreurImport, Rejet};
use crate::db::TenantTx;
use crate::modules::objets::{ObjetError, refus_de_la_base};

/// Rows of a lot.
const LOT: usize = 1_000;
/// Rows that the database itself may refuse, each found by halving a lot.
const MAX_REFUS: usize = 500;

/// Rows being written.
pub(super) struct Ecriture<'a> {
    plan: &'a Plan,
    tx: &'a mut TenantTx,
    suivi: Suivi<'a>,
    /// By line: its row, and whether it is new.
    lignes: HashMap<i64, Ligne>,
    rejets: Vec<Rejet>,
    bilan: Bilan,
    refus: usize,
    /// Rows of another application: the register gives them no number.
    reprises: bool,
    /// By line: what was found wrong before it was written.
    fautes: HashMap<i64, Vec<(String, String)>>,
}

/// A staged line.
#[derive(Debug, Clone)]
struct Ligne {
    id: Uuid,
    nouvelle: bool,
    /// The number that it gives, where the register does not.
    numero: Option<String>,
}

/// What is done to lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Geometries,
    Fiches,
}

/// What became of a lot.
#[derive(Debug, Default)]
struct Issue {
    creees: usize,
    changees: usize,
    inchangees: usize,
    /// Lines refused: the lot is to be done again without them.
    rejets: Vec<Rejet>,
    /// Row, field, why.
    anomalies: Vec<(Uuid, String, String)>,
}

impl<'a> Ecriture<'a> {
    pub(super) fn new(plan: &'a Plan, tx: &'a mut TenantTx, suivi: Suivi<'a>) -> Self {
        Self {
            plan,
            tx,
            suivi,
            lignes: HashMap::new(),
            rejets: Vec::new(),
            bilan: Bilan::default(),
            refus: 0,
            reprises: false,
            fautes: HashMap::new(),
        }
    }

    /// Writes these rows.
    pub(super) async fn deroule(mut self, lues: Lues) -> Result<(Bilan, Vec<Rejet>), ErreurImport> {
        self.bilan.lues = lues.total;
        self.rejets = lues.rejets;
        let ordre = self.pose(lues.lignes).await?;
        let situees = self.par_lots(ordre, Phase::Geometries).await?;
        let mut restes = self.reconnait(situees).await?;
        // Numbers that are given come before those that are taken.
        let donne = |ligne: &i64| self.lignes.get(ligne).is_none_or(|ligne| ligne.numero.is_none());
        restes.sort_by_key(|ligne| (donne(ligne), *ligne));
        self.par_lots(restes, Phase::Fiches).await?;
        self.bilan.rejette(&self.rejets);
        self.bilan.ecrit = true;
        Ok((self.bilan, self.rejets))
    }

    /// Does every lot; gives the lines that were not rejected.
    async fn par_lots(&mut self, lignes: Vec<i64>, phase: Phase) -> Result<Vec<i64>, ErreurImport> {
        let total = lignes.len();
        let (mut faites, mut gardees) = (0, Vec::with_capacity(total));
        let mut pile: Vec<Vec<i64>> = lignes.chunks(LOT).rev().map(<[i64]>::to_vec).collect();
        while let Some(lot) = pile.pop() {
            if (self.suivi.arrete)() {
                return Err(ErreurImport::Interrompu);
            }
            sqlx::query("savepoint lot").execute(&mut **self.tx).await?;
            let issue = match phase {
                Phase::Geometries => self.situe(&lot).await,
                Phase::Fiches => self.ecrit(&lot).await,
            };
            match issue {
                Ok(issue) if issue.rejets.is_empty() => {
                    sqlx::query("release savepoint lot").execute(&mut **self.tx).await?;
                    faites += lot.len();
                    self.retient(issue);
                    gardees.extend(lot);
                }
                Ok(issue) => {
                    sqlx::query("rollback to savepoint lot").execute(&mut **self.tx).await?;
                    let refusees: HashSet<i64> = issue.rejets.iter().map(|rejet| rang(rejet.ligne)).collect();
                    let restes: Vec<i64> = lot.into_iter().filter(|ligne| !refusees.contains(ligne)).collect();
                    faites += refusees.len();
                    self.rejets.extend(issue.rejets);
                    if !restes.is_empty() {
                        pile.push(restes);
                    }
                }
                Err(ErreurImport::Base(error)) if tient_aux_donnees(&error, phase) => {
                    sqlx::query("rollback to savepoint lot").execute(&mut **self.tx).await?;
                    if let [seule] = lot[..] {
                        faites += 1;
                        self.refuse(seule, error, phase)?;
                    } else {
                        let (debut, fin) = lot.split_at(lot.len() / 2);
                        pile.extend([fin.to_vec(), debut.to_vec()]);
                    }
                }
                Err(error) => return Err(error),
            }
            if phase == Phase::Fiches {
                (self.suivi.avance)(faites, total);
            }
        }
        Ok(gardees)
    }

    #[expect(clippy::needless_pass_by_value, reason = "what it tells is told once")]
    fn retient(&mut self, issue: Issue) {
        self.bilan.creees += issue.creees;
        self.bilan.changees += issue.changees;
        self.bilan.inchangees += issue.inchangees;
        self.bilan.anomalies += issue.anomalies.len();
    }

    /// A line that the database itself refuses.
    fn refuse(&mut self, ligne: i64, error: sqlx::Error, phase: Phase) -> Result<(), ErreurImport> {
        let numero = u64::try_from(ligne).unwrap_or_default();
        let rejets = match (phase, refus_de_la_base(self.plan.liaison.modele, error)) {
            (Phase::Geometries, _) => {
                vec![self.rejet(ligne, "", "sa géométrie ne se place pas dans le pays de cette base")]
            }
            (_, ObjetError::Champs(fautes)) => {
                fautes.iter().map(|faute| self.rejet(ligne, &faute.champ, &faute.message)).collect()
            }
            (_, ObjetError::Base(_)) => vec![self.rejet(ligne, "", "la base refuse cette ligne")],
            (_, autre) => vec![Rejet::new(numero, None, None, autre.to_string().trim_end_matches('.'))],
        };
        self.refus += 1;
        if self.refus > MAX_REFUS {
            let premiere = self.rejets.first().map(Rejet::phrase).unwrap_or_default();
            return Err(ErreurImport::TropDeRefus(MAX_REFUS, premiere));
        }
        self.rejets.extend(rejets);
        Ok(())
    }

    /// A refusal about a field of a line.
    fn rejet(&self, ligne: i64, champ: &str, motif: &str) -> Rejet {
        let liaison = &self.plan.liaison;
        let colonne = liaison.colonne(champ).map(|colonne| colonne.nom.as_str());
        let libelle = liaison.modele.objet.champ(champ).map(|champ| champ.libelle);
        Rejet::new(u64::try_from(ligne).unwrap_or_default(), colonne.or(libelle), None, motif)
    }
}

/// The line as the stage counts it.
fn rang(ligne: u64) -> i64 {
    i64::try_from(ligne).unwrap_or(i64::MAX)
}

/// Whether a row is at fault, not the statement nor the server (PostgreSQL, appendix A: classes of codes).
fn tient_aux_donnees(error: &sqlx::Error, phase: Phase) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| {
        let classe = code.get(..2).unwrap_or_default();
        // PostGIS says XX000 of a point that no projection takes.
        matches!(classe, "22" | "23" | "P0") || code == "42501" || phase == Phase::Geometries && classe == "XX"
    })
}
