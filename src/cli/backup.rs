//! `finage backup`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::output::{Output, suivi};
use super::{CliError, block_on_until_told};
use crate::backup::{Sauvegarde, Sauvegardee, Serrure, sauvegarde};
use crate::config::Config;
use crate::db::{Database, Use};

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// Fichier à écrire, qui ne doit pas exister.
    #[arg(long, value_name = "FICHIER")]
    sortie: PathBuf,
    /// Clé publique age (age1…) qui chiffre la sauvegarde ; répétable, chaque clé privée l'ouvre.
    #[arg(long, value_name = "CLÉ", conflicts_with = "phrase_fichier")]
    cle_publique: Vec<String>,
    /// Fichier dont la première ligne est la phrase qui chiffre la sauvegarde.
    #[arg(long, value_name = "FICHIER")]
    phrase_fichier: Option<PathBuf>,
}

pub(super) fn run(
    args: BackupArgs,
    configuration: Option<PathBuf>,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    let serrure = match (&args.cle_publique[..], &args.phrase_fichier) {
        ([], None) => None,
        ([], Some(fichier)) => Some(Serrure::phrase(fichier)?),
        (cles, _) => Some(Serrure::publiques(cles)?),
    };
    let demande = Sauvegarde { sortie: args.sortie, serrure, configuration };
    let database = Database::open(config, Use::Command)?;
    let faite = block_on_until_told(async |arret| {
        let avance = Arc::new(suivi(output, "sauvegarde"));
        Ok(sauvegarde(config, &database, demande, arret, avance).await?)
    })?;
    output.result(&faite, texte(&faite));
    Ok(())
}

fn texte(faite: &Sauvegardee) -> String {
    let mut lignes = vec![
        format!(
            "Sauvegarde {} : « {} », {}, en {} s.",
            if faite.chiffree { "chiffrée" } else { "NON chiffrée" },
            faite.fichier.display(),
            taille(faite.octets),
            secondes(faite.duree_ms)
        ),
        format!("  base : {} tables, {} lignes ({})", faite.tables, faite.lignes, taille(faite.base_octets)),
        format!("  pièces jointes : {} ({})", faite.fichiers, taille(faite.fichiers_octets)),
        format!(
            "  hors de la base : {} fichiers, {}",
            faite.donnees,
            if faite.configuration { "et la configuration" } else { "aucun fichier de configuration" }
        ),
        format!("  connexions SQL : {}", liste(&faite.connexions)),
    ];
    if !faite.connexions_a_refaire.is_empty() {
        lignes.push(format!(
            "ATTENTION  mots de passe illisibles, à redonner après une restauration : {}",
            liste(&faite.connexions_a_refaire)
        ));
    }
    lignes.extend(faite.avertissements.iter().map(|texte| format!("ATTENTION  {texte}")));
    if !faite.chiffree {
        lignes.push("ATTENTION  ce fichier contient la clé du journal et des données personnelles, en clair : gardez-le sous clé, ou donnez --cle-publique".to_owned());
    }
    lignes.join("\n")
}

/// Names, or that there is none.
pub(super) fn liste(noms: &[String]) -> String {
    if noms.is_empty() { "aucune".to_owned() } else { noms.join(", ") }
}

/// Bytes for people.
pub(super) fn taille(octets: u64) -> String {
    let mut dixiemes = octets.saturating_mul(10);
    for unite in ["o", "Kio", "Mio", "Gio"] {
        if dixiemes < 10_240 {
            let decimale = if unite == "o" { String::new() } else { format!(",{}", dixiemes % 10) };
            return format!("{}{decimale} {unite}", dixiemes / 10);
        }
        dixiemes /= 1024;
    }
    format!("{},{} Tio", dixiemes / 10, dixiemes % 10)
}

/// Seconds and tenths.
pub(super) fn secondes(duree_ms: u128) -> String {
    format!("{},{}", duree_ms / 1000, duree_ms % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        for (octets, texte) in
            [(0, "0 o"), (1023, "1023 o"), (1536, "1,5 Kio"), (5 << 20, "5,0 Mio"), (3 << 41, "6,0 Tio")]
        {
            assert_eq!(taille(octets), texte);
        }
        assert_eq!(secondes(12_345), "12,3");
    }
}
