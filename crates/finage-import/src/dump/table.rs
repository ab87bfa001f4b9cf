//! A table of a dump: its columns, their types, and where its rows are.

use crate::classeur::{Esquisse, GeometrieDe};
use crate::convertir::{canonique, iso};
use crate::error::{Cause, ImportError};
use crate::wkb::{ewkb, hexadecimal};
use crate::{Cellule, Genre, Ligne};

#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) nom: String,
    /// Columns of `CREATE TABLE`, each with its type.
    pub(super) creees: Vec<(String, String)>,
    /// Columns of the first statement with rows, geometry aside.
    pub(super) colonnes: Vec<(String, Genre)>,
    pub(super) geometrie: Option<(String, GeometrieDe)>,
    pub(super) morceaux: Vec<Morceau>,
    pub(super) lignes: u64,
    /// Whether `lignes` is exact.
    pub(super) comptees: bool,
}

/// A piece of the file with rows of one table.
#[derive(Debug, Clone)]
pub(super) struct Morceau {
    /// First byte of its statement.
    pub(super) debut: u64,
    /// Byte after its last statement, or after its `COPY` line.
    pub(super) fin: u64,
    /// Line of its first statement.
    pub(super) ligne: u64,
    /// Columns of the `COPY`; nothing for `INSERT`s.
    pub(super) copie: Option<Vec<String>>,
}

impl Table {
    pub(super) fn esquisse(&self) -> Esquisse {
        Esquisse {
            nom: self.nom.strip_prefix("public.").unwrap_or(&self.nom).to_owned(),
            colonnes: self
                .colonnes
                .iter()
                .map(|(nom, genre)| (nom.clone(), self.dite(nom).then_some(*genre)))
                .collect(),
            lignes: self.comptees.then_some(self.lignes),
            geometrie: self.geometrie.as_ref().map(|(_, geometrie)| geometrie.clone()),
        }
    }

    /// Whether the dump says what the column holds: one of data alone has no `CREATE TABLE`.
    fn dite(&self, nom: &str) -> bool {
        self.creees.iter().any(|(creee, _)| creee == nom)
    }

    /// Columns of a statement that names none.
    pub(super) fn noms(&self) -> Vec<String> {
        self.creees.iter().map(|(nom, _)| nom.clone()).collect()
    }

    /// Takes the columns of a statement into account.
    pub(super) fn ajoute(&mut self, noms: &[String]) {
        for nom in noms {
            let sql = self.creees.iter().find(|(creee, _)| creee == nom).map_or("", |(_, sql)| sql.as_str());
            let connue = self.colonnes.iter().any(|(autre, _)| autre == nom)
                || self.geometrie.as_ref().is_some_and(|(autre, _)| autre == nom);
            if connue {
                continue;
            }
            match geometrie(sql) {
                Some(geometrie) if self.geometrie.is_none() => self.geometrie = Some((nom.clone(), geometrie)),
                _ => self.colonnes.push((nom.clone(), genre(sql))),
            }
        }
    }

    /// A row of values; `None` is null.
    pub(super) fn ligne(
        &self,
        numero: u64,
        noms: &[String],
        valeurs: Vec<Option<String>>,
    ) -> Result<Ligne, ImportError> {
        if noms.len() != valeurs.len() {
            return Err(Cause::Largeur { donnees: valeurs.len(), attendues: noms.len() }.into());
        }
        let mut ligne = Ligne { numero, valeurs: vec![Cellule::Vide; self.colonnes.len()], geometrie: None };
        for (nom, valeur) in noms.iter().zip(valeurs) {
            let Some(texte) = valeur else { continue };
            if let Some((_, geometrie)) = self.geometrie.as_ref().filter(|(geom, _)| geom == nom) {
                let octets = hexadecimal(texte.as_bytes()).ok_or(Cause::Geometrie("ce n'est pas de l'EWKB"));
                let lue = octets.and_then(|octets| ewkb(&octets, geometrie.srid));
                ligne.geometrie = Some(lue.map_err(|cause| ImportError::from(cause).colonne(nom))?);
                continue;
            }
            let rang = self.colonnes.iter().position(|(colonne, _)| colonne == nom);
            if let Some((place, (_, genre))) =
                rang.and_then(|rang| Some((ligne.valeurs.get_mut(rang)?, self.colonnes.get(rang)?)))
            {
                *place = cellule(texte, *genre);
            }
        }
        Ok(ligne)
    }
}

/// A value in the type of its column, when it is one: « infinity » is a date that stays a text.
fn cellule(texte: String, genre: Genre) -> Cellule {
    let lue = match genre {
        Genre::Entier | Genre::Decimal => canonique(&texte).map(Cellule::Nombre),
        Genre::Date | Genre::Instant => iso(&texte),
        Genre::Booleen => match texte.as_str() {
            "t" | "true" => Some(Cellule::Booleen(true)),
            "f" | "false" => Some(Cellule::Booleen(false)),
            _ => None,
        },
        Genre::Texte => None,
    };
    lue.unwrap_or_else(|| Cellule::texte(texte))
}

fn genre(sql: &str) -> Genre {
    match sql.split(['(', '[']).next().unwrap_or_default().trim() {
        _ if sql.contains('[') => Genre::Texte,
        "smallint" | "integer" | "bigint" | "serial" | "bigserial" | "int" | "int2" | "int4" | "int8" => Genre::Entier,
        "numeric" | "decimal" | "real" | "double precision" | "float4" | "float8" => Genre::Decimal,
        "date" => Genre::Date,
        "boolean" | "bool" => Genre::Booleen,
        "timestamptz" => Genre::Instant,
        sql if sql.starts_with("timestamp") => Genre::Instant,
        _ => Genre::Texte,
    }
}

/// `public.geometry(Point,2154)`.
fn geometrie(sql: &str) -> Option<GeometrieDe> {
    let (_, suite) = sql.split_once("geometry")?;
    let mut parties = suite.trim().trim_start_matches('(').trim_end_matches(')').split(',');
    let genre = parties.next().map(str::trim).filter(|genre| !genre.is_empty()).unwrap_or("geometry").to_uppercase();
    let srid = parties.next().and_then(|srid| srid.trim().parse().ok()).filter(|srid| *srid > 0);
    Some(GeometrieDe { srid, genre })
}
