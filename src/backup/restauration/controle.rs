//! First reading of an archive: nothing is written, and `pg_restore` says what it would restore.

use std::io::{self, ErrorKind, Read, Write as _};
use std::process::{ChildStdin, Command, Stdio};
use std::thread::JoinHandle;

use finage_cluster::Packages;

use crate::backup::lecture::{Archive, Destination, Textes};
use crate::backup::nom::Nom;
use crate::backup::programme::Programme;
use crate::backup::{Arret, Avance, BackupError};

/// Longest table of contents, in bytes.
const MAX_TABLE: u64 = 64 << 20;

/// What was read.
#[derive(Debug)]
pub(super) struct Controlee {
    pub(super) textes: Textes,
    /// The entries of the dump to restore, as `pg_restore` wants them.
    pub(super) table: String,
}

/// Checks an archive from its first byte to its last, and its dump with `pg_restore` of this major.
pub(super) fn controle(
    archive: &Archive,
    majeure: u32,
    arret: &Arret,
    avance: &Avance<'_>,
) -> Result<Controlee, BackupError> {
    let mut commande =
        Command::new(Packages::default().client(majeure, "pg_restore").map_err(crate::db::DbError::from)?);
    commande.env("LC_ALL", "C").arg("--list").stdin(Stdio::piped()).stdout(Stdio::piped());
    let (programme, tuyaux) = Programme::lance("pg_restore", &mut commande, arret, |_| {})?;
    let table = tuyaux.sortie.map(|sortie| {
        std::thread::spawn(move || {
            let mut texte = String::new();
            sortie.take(MAX_TABLE).read_to_string(&mut texte).map(|_| texte)
        })
    });
    let mut lecture = Lecture { entree: tuyaux.entree };
    let textes = archive.parcourt(&mut lecture, arret, avance)?;
    drop(lecture);
    let sienne = textes.entete.majeure;
    if sienne > majeure {
        return Err(archive.refus(format!("il vient de PostgreSQL {sienne}, plus récent que celui d'ici ({majeure})")));
    }
    programme.attend().map_err(|error| match error {
        BackupError::Programme { message, .. } => archive.refus(format!("sa base est illisible ({message})")),
        autre => autre,
    })?;
    let table = table.map(JoinHandle::join).and_then(Result::ok).and_then(Result::ok).unwrap_or_default();
    Ok(Controlee { textes, table: retenue(&table) })
}

/// Reads everything; the head of the dump goes to `pg_restore`, which leaves once it has its table of contents.
struct Lecture {
    entree: Option<ChildStdin>,
}

impl Destination for Lecture {
    fn membre(&mut self, nom: &Nom, _: u64, contenu: &mut dyn Read) -> Result<(), BackupError> {
        let mut octets = vec![0; 64 << 10];
        loop {
            let lus = match contenu.read(&mut octets) {
                Ok(0) => return Ok(()),
                Ok(lus) => lus,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(passe(error)),
            };
            if let (Nom::Morceau(_), Some(entree)) = (nom, &mut self.entree)
                && entree.write_all(&octets[..lus]).is_err()
            {
                self.entree = None;
            }
        }
    }
}

/// An error of the archive, which its reader tells better.
pub(super) fn passe(error: io::Error) -> BackupError {
    BackupError::Disque { chemin: "archive".into(), quoi: "lecture", source: error }
}

/// The entries that are Finage's to restore: extensions and the common schema are there before, made by an administrator.
fn retenue(table: &str) -> String {
    let ecartee = |ligne: &str| {
        // « 4567; 0 0 COMMENT - EXTENSION postgis »
        let entree = ligne.splitn(4, ' ').nth(3).unwrap_or_default();
        ["EXTENSION ", "COMMENT - EXTENSION ", "SCHEMA - public ", "COMMENT - SCHEMA public ", "ACL - SCHEMA public "]
            .iter()
            .any(|debut| entree.starts_with(debut))
            || entree.starts_with("TABLE DATA public spatial_ref_sys ")
    };
    let lignes = table.lines().filter(|ligne| !ligne.starts_with(';') && !ecartee(ligne));
    lignes.fold(String::with_capacity(table.len()), |liste, ligne| liste + ligne + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_administrator_makes_is_not_restored() {
        let table = "; Archive\n2; 3079 16385 EXTENSION - postgis \n4567; 0 0 COMMENT - EXTENSION postgis \n\
            7; 2615 2200 SCHEMA - public pg_database_owner\n8; 2615 17500 SCHEMA - core finage_owner\n\
            4568; 0 0 ACL - SCHEMA core finage_owner\n4569; 0 0 ACL - SCHEMA public pg_database_owner\n\
            4570; 0 16000 TABLE DATA public spatial_ref_sys finage\n4571; 0 17000 TABLE DATA core annotation finage_owner\n";
        let gardees = retenue(table);
        assert_eq!(
            gardees,
            "8; 2615 17500 SCHEMA - core finage_owner\n4568; 0 0 ACL - SCHEMA core finage_owner\n\
             4571; 0 17000 TABLE DATA core annotation finage_owner\n"
        );
    }
}
