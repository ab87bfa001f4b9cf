//! Registers: numbers that follow one another, without hole, for the records of a collectivité.
//!
//! A number is taken in the transaction of the record that bears it: undone, it is the next one's. The tables are written
//! by two functions of the database alone, so that no code of the application makes a hole; cancelling is the only way to
//! one, it is an act of the journal, and the number is never used again.

mod format;

use serde::Serialize;
use sqlx::FromRow;
use thiserror::Error;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

pub use format::{Format, FormatError};

use crate::db::TenantTx;

/// Holes listed at most.
const MAX_TROUS: i64 = 1_000;
/// Characters of a reason at most.
const MAX_MOTIF: usize = 500;
/// PostgreSQL: a lock was not given in time.
const VERROU_PRIS: &str = "55P03";

/// A series of numbers, one for each collectivité.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registre {
    serie: String,
    format: Format,
    par_annee: bool,
}

/// A number that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Numero {
    /// Civil year; 0 in a series that never starts again.
    pub annee: i32,
    /// Place in the series, from 1.
    pub numero: i32,
    /// The number as it is written.
    pub libelle: String,
}

/// A number that a row had before it came here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::modules) struct Donne {
    annee: i32,
    numero: i32,
    libelle: String,
    pub(in crate::modules) cle: Uuid,
}

/// A number that no record bears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Trou {
    /// Place in the series.
    pub numero: i32,
    /// The number as it was written; none for a hole that nothing explains.
    pub libelle: Option<String>,
    /// When it was cancelled; none for a hole that nothing explains.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub annule_le: Option<OffsetDateTime>,
    /// Account that cancelled it.
    pub annule_par: Option<Uuid>,
    /// Why.
    pub motif: Option<String>,
}

/// Why a number is not taken or not cancelled.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RegistreError {
    /// A name of series that is none.
    #[error("« {0} » n'est pas le nom d'un registre ; il s'écrit en minuscules, comme « objets_trouves.objet »")]
    Serie(String),
    /// The format.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// No year of a register.
    #[error("L'année {0} n'est pas celle d'un registre ; elle va de 1900 à 9999.")]
    Annee(i32),
    /// No reason, or too long a one.
    #[error("Dites en {MAX_MOTIF} caractères au plus pourquoi ce numéro est annulé.")]
    Motif,
    /// No such number, or one cancelled before.
    #[error("Ce numéro n'a pas été pris, ou il est déjà annulé.")]
    Absent,
    /// Someone else is taking a number of this series and does not end.
    #[error("Un autre enregistrement prend un numéro de ce registre ; recommencez dans un instant.")]
    Occupe,
    /// The database refused.
    #[error(transparent)]
    Base(sqlx::Error),
}

impl Registre {
    /// The series of that name, written so; `par_annee`, it starts again from 1 each civil year.
    ///
    /// # Errors
    /// The name or the format is none, or a format without year for a series that starts again.
    pub fn new(serie: &str, format: &str, par_annee: bool) -> Result<Self, RegistreError> {
        if !nom_de_serie(serie) {
            return Err(RegistreError::Serie(serie.chars().take(60).collect()));
        }
        let format = Format::parse(format)?;
        if par_annee && !format.annuel() {
            return Err(FormatError::SansAnnee.into());
        }
        Ok(Self { serie: serie.to_owned(), format, par_annee })
    }

    /// Its name.
    #[must_use]
    pub fn serie(&self) -> &str {
        &self.serie
    }

    /// How its numbers are written.
    #[must_use]
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Takes the next number of `annee` for the record `cle` of `objet`. The record must be written in the same
    /// transaction: until it ends, whoever takes a number of the same series waits.
    ///
    /// # Errors
    /// The year is none, the series is held for ten seconds by another, or the database refused.
    pub async fn prendre(
        &self,
        tx: &mut TenantTx,
        annee: i32,
        objet: &str,
        cle: Uuid,
    ) -> Result<Numero, RegistreError> {
        let (avant, apres) = self.format.autour(annee);
        Ok(sqlx::query_as(include_str!("sql/prendre.sql"))
            .bind(&self.serie)
            .bind(self.tenue(annee)?)
            .bind(avant)
            .bind(i32::from(self.format.largeur()))
            .bind(apres)
            .bind(objet)
            .bind(cle)
            .fetch_one(&mut **tx)
            .await?)
    }

    /// Takes the next numbers of `annee` for the rows that an import staged without one, in their order.
    ///
    /// # Errors
    /// As [`Self::prendre`].
    pub(in crate::modules) async fn numerote_etape(
        &self,
        tx: &mut TenantTx,
        annee: i32,
        (objet, champ): (&str, &str),
        lignes: &[i64],
    ) -> Result<(), RegistreError> {
        let (avant, apres) = self.format.autour(annee);
        sqlx::query(include_str!("sql/numeroter_etape.sql"))
            .bind(&self.serie)
            .bind(self.tenue(annee)?)
            .bind(avant)
            .bind(i32::from(self.format.largeur()))
            .bind(apres)
            .bind(objet)
            .bind(champ)
            .bind(lignes)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Writes numbers that rows had before: the next one taken follows the greatest. Gives the rows whose number was free.
    ///
    /// # Errors
    /// As [`Self::prendre`].
    pub(in crate::modules) async fn inscrire(
        &self,
        tx: &mut TenantTx,
        objet: &str,
        donnes: &[Donne],
    ) -> Result<Vec<Uuid>, RegistreError> {
        let (mut annees, mut numeros, mut libelles, mut cles) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for donne in donnes {
            annees.push(if self.par_annee { donne.annee } else { 0 });
            numeros.push(donne.numero);
            libelles.push(donne.libelle.clone());
            cles.push(donne.cle);
        }
        Ok(sqlx::query_scalar("select core.inscrire_numeros($1, $2, $3, $4, $5, $6)")
            .bind(&self.serie)
            .bind(objet)
            .bind(annees)
            .bind(numeros)
            .bind(libelles)
            .bind(cles)
            .fetch_all(&mut **tx)
            .await?)
    }

    /// The number that a text writes in this register, for the row `cle`; none when it is not written so.
    #[must_use]
    pub(in crate::modules) fn lit(&self, libelle: &str, cle: Uuid) -> Option<Donne> {
        let (annee, numero) = self.format.lit(libelle)?;
        (1900..=9999).contains(&annee).then(|| Donne { annee, numero, libelle: libelle.to_owned(), cle })
    }

    /// Cancels a number that was taken, and writes it to the journal. The caller holds the right to archive the record.
    ///
    /// # Errors
    /// No reason is given, or there is no such number to cancel in the collectivité that acts.
    pub async fn annuler(
        &self,
        tx: &mut TenantTx,
        annee: i32,
        numero: i32,
        motif: &str,
    ) -> Result<Numero, RegistreError> {
        let motif = motif.trim();
        if motif.is_empty() || motif.contains('\0') || motif.chars().count() > MAX_MOTIF {
            return Err(RegistreError::Motif);
        }
        let annee = self.tenue(annee)?;
        let libelle: Option<String> = sqlx::query_scalar("select core.annuler_numero($1, $2, $3, $4)")
            .bind(&self.serie)
            .bind(annee)
            .bind(numero)
            .bind(motif)
            .fetch_one(&mut **tx)
            .await?;
        Ok(Numero { annee, numero, libelle: libelle.ok_or(RegistreError::Absent)? })
    }

    /// Numbers of that year that no record bears, a thousand at most: those cancelled, and those that nothing explains,
    /// of which there is none unless the database was altered.
    ///
    /// # Errors
    /// The year is none, or the database refused.
    pub async fn trous(&self, tx: &mut TenantTx, annee: i32) -> Result<Vec<Trou>, RegistreError> {
        Ok(sqlx::query_as(include_str!("sql/trous.sql"))
            .bind(&self.serie)
            .bind(self.tenue(annee)?)
            .bind(MAX_TROUS)
            .fetch_all(&mut **tx)
            .await?)
    }

    /// The year under which numbers are kept.
    fn tenue(&self, annee: i32) -> Result<i32, RegistreError> {
        if !(1900..=9999).contains(&annee) {
            return Err(RegistreError::Annee(annee));
        }
        Ok(if self.par_annee { annee } else { 0 })
    }
}

/// The civil year now: in this commune, or in one of the territory of the collectivité that acts.
///
/// # Errors
/// The database refused.
pub async fn annee_civile(tx: &mut TenantTx, insee: Option<&str>) -> sqlx::Result<i32> {
    sqlx::query_scalar(include_str!("sql/annee.sql")).bind(insee).fetch_one(&mut **tx).await
}

/// One to three words of lower-case letters, digits and underscores, joined by dots.
fn nom_de_serie(serie: &str) -> bool {
    let mot = |mot: &str| {
        mot.starts_with(|lettre: char| lettre.is_ascii_lowercase())
            && mot.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'_')
    };
    serie.len() <= 100 && serie.split('.').count() <= 3 && serie.split('.').all(mot)
}

impl From<sqlx::Error> for RegistreError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(sqlx::error::DatabaseError::code) {
            Some(code) if code == VERROU_PRIS => Self::Occupe,
            _ => Self::Base(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_a_plain_name_and_writes_the_year_it_starts_again_in() {
        assert!(Registre::new("objets_trouves.objet", "{year}-{seq:4}", true).is_ok());
        assert!(Registre::new("objets_trouves.objet", "{seq}", false).is_ok());
        let refus = Registre::new("objets_trouves.objet", "{seq}", true).unwrap_err();
        assert!(matches!(refus, RegistreError::Format(FormatError::SansAnnee)), "{refus}");
        for faux in ["", "Objet", "a.b.c.d", "a..b", "1a", "é", "a b", &"a".repeat(101)] {
            assert!(matches!(Registre::new(faux, "{seq}", false), Err(RegistreError::Serie(_))), "{faux}");
        }
    }
}
