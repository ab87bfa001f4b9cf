//! What was written of an export: tables, columns, attachments.

use std::path::Path;

use finage_export::{Colonne, Crs, Genre, Ligne, Table, Valeur, csv};

use super::TableExportee;
use super::catalogue::Champ;
use super::feuille::Feuille;
use super::paquet::Paquet;
use crate::backup::nom::est_une_empreinte;
use crate::backup::{Arret, BackupError, dehors};

/// What was written so far.
#[derive(Debug, Default)]
pub(super) struct Ecrits {
    pub(super) tables: Vec<TableExportee>,
    /// Columns of each file.
    pub(super) champs: Vec<(String, Champ)>,
    pub(super) fichiers: u64,
    pub(super) absents: Vec<String>,
}

impl Ecrits {
    pub(super) fn ajoute(&mut self, feuille: &Feuille, lignes: usize) {
        self.champs.extend(feuille.champs.iter().map(|champ| (feuille.fichier.clone(), champ.clone())));
        self.tables.push(TableExportee {
            fichier: feuille.fichier.clone(),
            titre: feuille.titre.clone(),
            lignes,
            geometrie: feuille.geometrie().is_some(),
        });
    }
}

/// Copies the attachments that rows name; those that are not on the disk are listed.
pub(super) fn fichiers(
    data_dir: &Path,
    paquet: &Paquet,
    empreintes: Vec<String>,
    arret: &Arret,
    ecrits: &mut Ecrits,
) -> Result<(), BackupError> {
    for empreinte in empreintes.into_iter().filter(|texte| est_une_empreinte(texte)) {
        arret.verifie()?;
        match dehors::ouvre(&dehors::place(data_dir, &empreinte))? {
            None => ecrits.absents.push(empreinte),
            Some((mut fichier, _)) => {
                let debut = empreinte.get(..2).unwrap_or_default().to_owned();
                // Two rows may name one attachment.
                if paquet.copie(&format!("fichiers/{debut}/{empreinte}"), &mut fichier)? {
                    ecrits.fichiers += 1;
                }
            }
        }
    }
    Ok(())
}

/// Writes what each column means.
pub(super) fn colonnes(paquet: &Paquet, champs: &[(String, Champ)]) -> Result<(), BackupError> {
    let noms = ["fichier", "colonne", "type", "obligatoire", "sens"];
    let genre = |nom: &str| if nom == "obligatoire" { Genre::Booleen } else { Genre::Texte };
    let colonnes = noms.iter().map(|nom| Colonne::new(nom, genre(nom))).collect();
    let table = Table::new("colonnes", "Colonnes", colonnes, Crs::wgs84())?;
    let lignes = champs.iter().map(|(fichier, champ)| Ligne {
        valeurs: vec![
            Valeur::Texte(format!("{fichier}.csv")),
            Valeur::Texte(champ.nom.clone()),
            Valeur::Texte(champ.type_sql.clone()),
            Valeur::Booleen(champ.obligatoire),
            Valeur::Texte(champ.sens.clone()),
        ],
        geometrie: None,
    });
    let mut octets = Vec::new();
    csv::ecrire(&mut octets, &table, lignes, csv::Options::default())?;
    paquet.ecrit("colonnes.csv", &octets)
}
