//! What a dump holds: its encoding, its tables, and where their rows are.

use std::collections::HashMap;
use std::io::BufRead;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::QUOI;
use super::instruction::{Instruction, Lecteur};
use super::jetons::{Jeton, Jetons};
use super::table::{Morceau, Table};
use crate::Limites;
use crate::error::{Cause, ImportError};

/// Pieces of a file at most: rows of two tables may alternate.
const MAX_MORCEAUX: usize = 100_000;
/// Bytes of a `CREATE TABLE` that is read.
const MAX_CREATION: usize = 1 << 20;

#[derive(Default)]
pub(super) struct Index {
    pub(super) tables: Vec<Table>,
    pub(super) encodage: Option<&'static Encoding>,
    rangs: HashMap<String, usize>,
    morceaux: usize,
    /// The table of the last `INSERT`, whose next one goes on with the same piece.
    suite: Option<usize>,
}

pub(super) fn lire<R: BufRead>(lecteur: &mut Lecteur<R>, limites: &Limites) -> Result<Index, ImportError> {
    let mut index = Index::default();
    while let Some(instruction) = lecteur.instruction()? {
        let mut jetons = Jetons(&instruction.texte);
        let Some(Jeton::Nom(mot, false)) = jetons.next() else { continue };
        let suite = index.suite.take();
        match mot.as_str() {
            "set" => index.regle(jetons),
            "create" if instruction.texte.len() <= MAX_CREATION => index.cree(jetons, limites)?,
            "insert" => {
                if let Some((nom, noms)) = insere(&mut jetons) {
                    index.suite = suite;
                    index.ajoute_insertion(&nom, &noms, &instruction, lecteur.octets, limites)?;
                }
            }
            "copy" => {
                if let Some((nom, noms)) = copie(&mut jetons) {
                    index.ajoute_copie(&nom, noms, &instruction, lecteur, limites)?;
                }
            }
            _ => {}
        }
    }
    Ok(index)
}

impl Index {
    fn regle(&mut self, mut jetons: Jetons<'_>) {
        if !jetons.next().is_some_and(|jeton| jeton.est("client_encoding")) {
            return;
        }
        if let Some(Jeton::Chaine(nom)) = jetons.find(|jeton| matches!(jeton, Jeton::Chaine(_))) {
            let nom = String::from_utf8_lossy(&nom).to_lowercase().replace(['-', '_'], "");
            self.encodage = match nom.as_str() {
                "utf8" | "unicode" | "sqlascii" => Some(UTF_8),
                "latin1" | "win1252" => Some(WINDOWS_1252),
                "latin9" => Encoding::for_label(b"iso-8859-15"),
                _ => Encoding::for_label(nom.as_bytes()),
            };
        }
    }

    fn table(&mut self, nom: &str, limites: &Limites) -> Result<&mut Table, ImportError> {
        let suivant = self.tables.len();
        let rang = *self.rangs.entry(nom.to_owned()).or_insert(suivant);
        if rang == suivant {
            if suivant >= limites.feuilles * 10 {
                return Err(
                    Cause::TropGros { quoi: "le nombre de tables", limite: limites.feuilles as u64 * 10 }.into()
                );
            }
            self.tables.push(Table { nom: nom.to_owned(), comptees: true, ..Table::default() });
        }
        self.tables.get_mut(rang).ok_or_else(|| Cause::Feuille(rang).into())
    }

    fn cree(&mut self, jetons: Jetons<'_>, limites: &Limites) -> Result<(), ImportError> {
        let mut jetons = jetons.peekable();
        while jetons
            .next_if(|jeton| {
                ["unlogged", "foreign", "global", "local", "temp", "temporary"].iter().any(|mot| jeton.est(mot))
            })
            .is_some()
        {}
        if !jetons.next().is_some_and(|jeton| jeton.est("table")) {
            return Ok(());
        }
        while jetons.next_if(|jeton| ["if", "not", "exists"].iter().any(|mot| jeton.est(mot))).is_some() {}
        let reste: Vec<Jeton> = jetons.collect();
        let mut reste = reste.into_iter();
        let Some(nom) = nom(&mut reste) else { return Ok(()) };
        let creees = colonnes(reste);
        if creees.len() > limites.colonnes {
            return Err(Cause::TropGros { quoi: "le nombre de colonnes", limite: limites.colonnes as u64 }.into());
        }
        self.table(&nom, limites)?.creees = creees;
        Ok(())
    }

    fn ajoute_insertion(
        &mut self,
        nom: &str,
        noms: &[String],
        instruction: &Instruction,
        fin: u64,
        limites: &Limites,
    ) -> Result<(), ImportError> {
        let suite = self.suite;
        self.suite = Some(self.rangs.get(nom).copied().unwrap_or(self.tables.len()));
        let meme = suite == self.suite;
        let table = self.table(nom, limites)?;
        table.comptees = false;
        let noms = if noms.is_empty() { table.noms() } else { noms.to_vec() };
        verifie(noms.len(), limites)?;
        table.ajoute(&noms);
        verifie(table.colonnes.len(), limites)?;
        if let Some(morceau) = table.morceaux.last_mut().filter(|_| meme) {
            morceau.fin = fin;
            return Ok(());
        }
        let (debut, ligne) = (instruction.debut, instruction.ligne);
        table.morceaux.push(Morceau { debut, fin, ligne, copie: None });
        self.compte()
    }

    fn ajoute_copie<R: BufRead>(
        &mut self,
        nom: &str,
        noms: Vec<String>,
        instruction: &Instruction,
        lecteur: &mut Lecteur<R>,
        limites: &Limites,
    ) -> Result<(), ImportError> {
        let max = limites.geometrie * 2 + limites.cellule * 4;
        let mut ligne = Vec::new();
        lecteur.ligne(&mut ligne, max)?;
        let fin = lecteur.octets;
        let table = self.table(nom, limites)?;
        let noms = if noms.is_empty() { table.noms() } else { noms };
        verifie(noms.len(), limites)?;
        table.ajoute(&noms);
        verifie(table.colonnes.len(), limites)?;
        loop {
            if !lecteur.ligne(&mut ligne, max)? {
                return Err(Cause::Tronque(QUOI).into());
            }
            if ligne == br"\." {
                break;
            }
            table.lignes += 1;
        }
        table.morceaux.push(Morceau { debut: instruction.debut, fin, ligne: instruction.ligne, copie: Some(noms) });
        self.compte()
    }

    fn compte(&mut self) -> Result<(), ImportError> {
        self.morceaux += 1;
        if self.morceaux > MAX_MORCEAUX {
            return Err(Cause::TropGros { quoi: "le nombre de blocs", limite: MAX_MORCEAUX as u64 }.into());
        }
        Ok(())
    }
}

fn verifie(colonnes: usize, limites: &Limites) -> Result<(), ImportError> {
    // A geometry is no column.
    if colonnes > limites.colonnes + 1 {
        return Err(Cause::TropGros { quoi: "le nombre de colonnes", limite: limites.colonnes as u64 }.into());
    }
    Ok(())
}

/// The table and the columns of an `INSERT`, behind its first word; words that follow are left.
pub(super) fn insere(jetons: &mut Jetons<'_>) -> Option<(String, Vec<String>)> {
    jetons.next().filter(|jeton| jeton.est("into"))?;
    let nom = nom(jetons)?;
    let avant = jetons.clone();
    let noms = noms(jetons);
    if noms.is_empty() {
        *jetons = avant;
    }
    Some((nom, noms))
}

/// The table and the columns of a `COPY … FROM stdin`.
fn copie(jetons: &mut Jetons<'_>) -> Option<(String, Vec<String>)> {
    let nom = nom(jetons)?;
    let avant = jetons.clone();
    let noms = noms(jetons);
    if noms.is_empty() {
        *jetons = avant;
    }
    jetons.next().filter(|jeton| jeton.est("from"))?;
    jetons.next().filter(|jeton| jeton.est("stdin"))?;
    Some((nom, noms))
}

/// A name with its schema.
fn nom(jetons: &mut (impl Iterator<Item = Jeton> + Clone)) -> Option<String> {
    let Some(Jeton::Nom(mut nom, _)) = jetons.next() else { return None };
    let mut suite = jetons.clone();
    if let (Some(Jeton::Signe(b'.')), Some(Jeton::Nom(table, _))) = (suite.next(), suite.next()) {
        nom = format!("{nom}.{table}");
        *jetons = suite;
    }
    Some(nom)
}

/// Names between parentheses; none when there is something else.
fn noms(jetons: &mut Jetons<'_>) -> Vec<String> {
    let mut noms = Vec::new();
    if jetons.next() != Some(Jeton::Signe(b'(')) {
        return noms;
    }
    loop {
        match (jetons.next(), jetons.next()) {
            (Some(Jeton::Nom(nom, _)), Some(Jeton::Signe(b','))) => noms.push(nom),
            (Some(Jeton::Nom(nom, _)), Some(Jeton::Signe(b')'))) => {
                noms.push(nom);
                return noms;
            }
            _ => return Vec::new(),
        }
    }
}

/// The columns between the parentheses of a `CREATE TABLE`, each with the words of its type.
fn colonnes(mut jetons: impl Iterator<Item = Jeton>) -> Vec<(String, String)> {
    let mut colonnes = Vec::new();
    if jetons.next() != Some(Jeton::Signe(b'(')) {
        return colonnes;
    }
    let (mut profondeur, mut mots): (usize, Vec<Jeton>) = (0, Vec::new());
    for jeton in jetons {
        match jeton {
            Jeton::Signe(b'(') => profondeur += 1,
            Jeton::Signe(b',') if profondeur == 0 => {
                colonnes.extend(colonne(&mots));
                mots.clear();
                continue;
            }
            Jeton::Signe(b')') => match profondeur.checked_sub(1) {
                Some(reste) => profondeur = reste,
                None => break,
            },
            _ => {}
        }
        mots.push(jeton);
    }
    colonnes.extend(colonne(&mots));
    colonnes
}

fn colonne(mots: &[Jeton]) -> Option<(String, String)> {
    const TABLE: [&str; 7] = ["constraint", "primary", "unique", "check", "exclude", "foreign", "like"];
    const SUITE: [&str; 9] =
        ["not", "null", "default", "collate", "generated", "constraint", "primary", "references", "options"];
    let (tete, suite) = mots.split_first()?;
    let Jeton::Nom(nom, quote) = tete else { return None };
    if !quote && TABLE.contains(&nom.as_str()) {
        return None;
    }
    let mut sql = String::new();
    for mot in suite {
        if SUITE.iter().any(|fin| mot.est(fin)) {
            break;
        }
        match mot {
            Jeton::Nom(nom, _) => {
                if sql.ends_with(|c: char| c.is_alphanumeric() || c == ')') {
                    sql.push(' ');
                }
                sql.push_str(nom);
            }
            Jeton::Nombre(nombre) => sql.push_str(nombre),
            Jeton::Signe(octet) => sql.push(char::from(*octet)),
            Jeton::Chaine(_) => {}
        }
    }
    Some((nom.clone(), sql))
}
