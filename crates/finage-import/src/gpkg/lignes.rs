//! The rows of a table, a page after the other: a page is short in rows and in bytes.

use std::collections::VecDeque;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::{Table, base, entete, illisible};
use crate::convertir::{iso, tableur};
use crate::error::{Cause, ImportError};
use crate::{Cellule, Genre, Ligne, Limites};

const RANGEES: i64 = 1_000;
const OCTETS: usize = 16 << 20;

/// Rows, in the order of their keys.
pub(super) struct Lignes {
    base: Connection,
    table: Table,
    premiere: String,
    suite: String,
    page: VecDeque<Result<Ligne, ImportError>>,
    /// The last key read; `None` before the first.
    apres: Option<i64>,
    numero: u64,
    fini: bool,
}

impl Lignes {
    pub(super) fn new(path: &Path, table: Table, limites: &Limites) -> Result<Self, ImportError> {
        let base = base::ouvrir(path, limites)?;
        let mut noms = vec![table.cle.to_owned()];
        noms.extend(table.geometrie.iter().map(|(colonne, _)| base::entre_guillemets(colonne)));
        noms.extend(table.colonnes.iter().map(|(nom, _)| base::entre_guillemets(nom)));
        let requete = |compare: &str| {
            format!(
                "select {} from {} where {cle} {compare} ?1 order by {cle} limit {RANGEES}",
                noms.join(", "),
                base::entre_guillemets(&table.nom),
                cle = table.cle,
            )
        };
        let (premiere, suite) = (requete(">="), requete(">"));
        Ok(Self { base, table, premiere, suite, page: VecDeque::new(), apres: None, numero: 0, fini: false })
    }

    fn tourne(&mut self) -> Result<(), ImportError> {
        let requete = if self.apres.is_none() { &self.premiere } else { &self.suite };
        let mut requete = self.base.prepare_cached(requete).map_err(illisible)?;
        let mut rows = requete.query([self.apres.unwrap_or(i64::MIN)]).map_err(illisible)?;
        let (mut octets, mut lues) = (0, 0);
        while octets < OCTETS {
            let Some(row) = rows.next().map_err(illisible)? else { break };
            let cle = row.get(0).map_err(illisible)?;
            // Keys that do not grow are those of a broken tree, which has no end.
            if self.apres.is_some_and(|avant| cle <= avant) {
                return Err(Cause::illisible("le GeoPackage", "ses lignes ne sont pas dans l'ordre").into());
            }
            self.apres = Some(cle);
            self.numero += 1;
            lues += 1;
            let ligne = ligne(row, &self.table, self.numero, &mut octets).map_err(|erreur| erreur.ligne(self.numero));
            self.page.push_back(ligne);
        }
        self.fini = lues == 0;
        Ok(())
    }
}

impl Iterator for Lignes {
    type Item = Result<Ligne, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.is_empty()
            && !self.fini
            && let Err(erreur) = self.tourne()
        {
            self.fini = true;
            self.page.push_back(Err(erreur.ligne(self.numero + 1)));
        }
        self.page.pop_front()
    }
}

fn ligne(row: &Row<'_>, table: &Table, numero: u64, octets: &mut usize) -> Result<Ligne, ImportError> {
    let mut ligne = Ligne { numero, valeurs: Vec::with_capacity(table.colonnes.len()), geometrie: None };
    let mut place = 1;
    if let Some((colonne, geometrie)) = &table.geometrie {
        place += 1;
        ligne.geometrie = match row.get_ref(1).map_err(illisible)? {
            ValueRef::Blob(blob) => {
                *octets += blob.len();
                entete::geometrie(blob, geometrie.srid).map_err(|cause| ImportError::from(cause).colonne(colonne))?
            }
            ValueRef::Null => None,
            _ => return Err(ImportError::from(Cause::Geometrie("ce ne sont pas des octets")).colonne(colonne)),
        };
    }
    for (rang, (nom, genre)) in table.colonnes.iter().enumerate() {
        let valeur = row.get_ref(place + rang).map_err(illisible)?;
        let cellule = cellule(valeur, *genre).map_err(|cause| ImportError::from(cause).colonne(nom))?;
        *octets += cellule.octets() + size_of::<Cellule>();
        ligne.valeurs.push(cellule);
    }
    Ok(ligne)
}

/// SQLite lets any column hold any kind: the value is what it is, the column says how to understand it.
fn cellule(valeur: ValueRef<'_>, genre: Genre) -> Result<Cellule, Cause> {
    Ok(match (valeur, genre) {
        (ValueRef::Null, _) => Cellule::Vide,
        (ValueRef::Integer(vrai @ 0..=1), Genre::Booleen) => Cellule::Booleen(vrai == 1),
        (ValueRef::Integer(nombre), _) => Cellule::Nombre(nombre.to_string()),
        (ValueRef::Real(nombre), _) if nombre.is_finite() => Cellule::Nombre(tableur(&nombre.to_string())),
        (ValueRef::Real(nombre), _) => return Err(Cause::Cellule(nombre.to_string())),
        (ValueRef::Text(octets), genre) => {
            let texte = std::str::from_utf8(octets).map_err(|_| Cause::Cellule("des octets".to_owned()))?;
            match genre {
                Genre::Date | Genre::Instant => iso(texte).unwrap_or_else(|| Cellule::texte(texte)),
                _ => Cellule::texte(texte),
            }
        }
        (ValueRef::Blob(_), _) => return Err(Cause::Cellule("des octets".to_owned())),
    })
}
