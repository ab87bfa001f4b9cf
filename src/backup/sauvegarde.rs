//! Saves everything in one file.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;
use sqlx::Connection as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::arret::verrou;
use super::chiffrement::Serrure;
use super::dehors::{self, Donnee};
use super::ecriture::Ecrivain;
use super::manifeste::{Base, Entete};
use super::nom::Nom;
use super::programme::Programme;
use super::releve::{DEBUT, Releve, a_niveau, releve};
use super::{Arret, Avance, BackupError, disque};
use crate::access::journal::{Auteur, Dossier, Fait, acte};
use crate::config::Config;
use crate::db::{Database, Role};

/// Bytes of a piece of the dump: what is held in memory.
const MORCEAU: usize = 8 << 20;

/// What is asked.
#[derive(Debug)]
pub struct Sauvegarde {
    /// File to write, which does not exist.
    pub sortie: PathBuf,
    /// What closes it; none leaves it open.
    pub serrure: Option<Serrure>,
    /// The configuration file in use.
    pub configuration: Option<PathBuf>,
}

/// What was saved.
#[derive(Debug, Serialize)]
pub struct Sauvegardee {
    /// The file.
    pub fichier: PathBuf,
    /// Its size.
    pub octets: u64,
    /// Whether a key opens it.
    pub chiffree: bool,
    /// Instant of the snapshot, RFC 3339.
    pub faite_le: String,
    /// How long it took.
    pub duree_ms: u128,
    /// Tables of the database.
    pub tables: usize,
    /// Their rows.
    pub lignes: i64,
    /// Bytes of the dump.
    pub base_octets: u64,
    /// Attachments.
    pub fichiers: u64,
    /// Their bytes.
    pub fichiers_octets: u64,
    /// Files of the data directory: key and heads of the journal.
    pub donnees: usize,
    /// Whether there was a configuration file.
    pub configuration: bool,
    /// SQL logins saved with their password.
    pub connexions: Vec<String>,
    /// SQL logins whose password could not be read: to be given a new one after a restoration.
    pub connexions_a_refaire: Vec<String>,
    /// What is left out, and attachments that are damaged.
    pub avertissements: Vec<String>,
}

/// Saves the database, what goes with it and nothing else; written aside, it gets its name when it is whole.
///
/// # Errors
/// Every [`BackupError`]; nothing is left then.
pub async fn sauvegarde(
    config: &Config,
    database: &Database,
    demande: Sauvegarde,
    arret: &Arret,
    avance: Arc<Avance<'static>>,
) -> Result<Sauvegardee, BackupError> {
    let debut = Instant::now();
    let maintenant = OffsetDateTime::now_utc();
    let faite_le = maintenant.format(&Rfc3339).unwrap_or_default();
    let date = maintenant.unix_timestamp().unsigned_abs();
    let (sortie, chiffree) = (demande.sortie.clone(), demande.serrure.is_some());
    let ecrivain = {
        let (serrure, arret, sortie) = (demande.serrure, arret.clone(), sortie.clone());
        // A passphrase costs a second.
        tokio::task::spawn_blocking(move || Ecrivain::cree(&sortie, serrure.as_ref(), date, &arret)).await??
    };
    a_niveau(database).await?;
    arret.pendant(note(database, chiffree)).await?;

    // Before the snapshot: heads may lag behind the database, never lead.
    let mut avertissements = Vec::new();
    let mut laisses = Vec::new();
    let donnees = dehors::donnees(&config.data_dir, &mut laisses)?;
    avertissements.extend(laisses.iter().map(|nom| format!("« {nom} » du dossier de données n'est pas sauvegardé")));
    let configuration = demande.configuration.map(|chemin| std::fs::read(&chemin).map_err(disque("lecture", &chemin)));
    let configuration = configuration.transpose()?;

    let mut admin = database.admin().await?;
    let mut transaction = admin.begin_with(DEBUT).await?;
    let releve = arret.pendant(releve(&mut transaction, &faite_le)).await?;
    let cle_gardee = donnees.iter().any(|(nom, _)| nom == "journal/cle");
    if Dossier::ouvre(&mut transaction, &config.data_dir).await?.is_some() && !cle_gardee {
        return Err(BackupError::PremierSceau);
    }
    avertissements
        .extend(releve.base.laisses.iter().map(|nom| format!("{nom} n'est pas à Finage et n'est pas sauvegardé")));

    let dump = dump(config, database, &releve)?;
    let mut rapport = Sauvegardee {
        fichier: sortie,
        octets: 0,
        chiffree,
        faite_le,
        duree_ms: 0,
        tables: releve.base.lignes.len(),
        lignes: releve.base.lignes.values().sum(),
        base_octets: 0,
        fichiers: 0,
        fichiers_octets: 0,
        donnees: donnees.len(),
        configuration: configuration.is_some(),
        connexions: logins(&releve.base, true),
        connexions_a_refaire: logins(&releve.base, false),
        avertissements,
    };
    let Releve { entete, base, tailles, .. } = releve;
    let contenu = Contenu { entete, donnees, configuration, base, tailles, data_dir: config.data_dir.clone() };
    let suivi = arret.clone();
    rapport = tokio::task::spawn_blocking(move || contenu.ecrit(ecrivain, dump, rapport, &suivi, &avance))
        .await?
        .map_err(|error| arret.ou(error))?;
    transaction.rollback().await?;
    database.release(admin).await;
    rapport.duree_ms = debut.elapsed().as_millis();
    Ok(rapport)
}

/// Saving everything is an act, written before anything leaves.
async fn note(database: &Database, chiffree: bool) -> Result<(), BackupError> {
    let journal = database.journal_pool().await?;
    let details = serde_json::json!({ "chiffree": chiffree });
    let fait = Fait { action: "sauvegarder", objet: "installation", cle: None, details: &details };
    {
        let mut connection = journal.acquire().await?;
        acte(&mut connection, &Auteur::COMMANDE, &fait).await?;
    }
    journal.close().await;
    Ok(())
}

fn logins(base: &Base, lisibles: bool) -> Vec<String> {
    let trouves = base.connexions.iter().filter(|connexion| connexion.verificateur.is_some() == lisibles);
    trouves.map(|connexion| connexion.login.clone()).collect()
}

/// `pg_dump` of the snapshot, to its standard output. Every row is visible to its role: `releve` made sure.
fn dump(config: &Config, database: &Database, releve: &Releve) -> Result<std::process::Command, BackupError> {
    let mut commande = database.program(config, "pg_dump", releve.entete.majeure, Role::Backup)?;
    commande
        .args(["--format=custom", "--verbose", "--no-password", "--enable-row-security", "--lock-wait-timeout=10min"])
        .arg(format!("--snapshot={}", releve.instantane));
    for laisse in &releve.base.laisses {
        match laisse.strip_suffix(".*") {
            Some(schema) => commande.arg(format!("--exclude-schema={schema}")),
            None => commande.arg(format!("--exclude-table={laisse}")),
        };
    }
    commande.stdin(Stdio::null()).stdout(Stdio::piped());
    Ok(commande)
}

/// Everything but the dump and the attachments, which are read as they are written.
struct Contenu {
    entete: Entete,
    donnees: Vec<Donnee>,
    configuration: Option<Vec<u8>>,
    base: Base,
    tailles: BTreeMap<String, u64>,
    data_dir: PathBuf,
}

impl Contenu {
    fn ecrit(
        self,
        mut ecrivain: Ecrivain,
        dump: std::process::Command,
        mut rapport: Sauvegardee,
        arret: &Arret,
        avance: &Arc<Avance<'static>>,
    ) -> Result<Sauvegardee, BackupError> {
        ecrivain.octets(&Nom::Entete, &json(&self.entete)?)?;
        for (chemin, octets) in &self.donnees {
            ecrivain.octets(&Nom::Donnee(chemin.clone()), octets)?;
        }
        if let Some(octets) = &self.configuration {
            ecrivain.octets(&Nom::Configuration, octets)?;
        }
        ecrivain.octets(&Nom::Base, &json(&self.base)?)?;
        let base_totale: u64 = self.tailles.values().sum();
        rapport.base_octets = ecrit_dump(&mut ecrivain, dump, self.tailles, arret, avance)?;
        // After the database: an attachment is there before the row that names it.
        let fichiers = dehors::fichiers(&self.data_dir)?;
        let total = base_totale + fichiers.len() as u64;
        for (rang, empreinte) in fichiers.iter().enumerate() {
            let Some((fichier, octets)) = dehors::ouvre(&dehors::place(&self.data_dir, empreinte))? else {
                rapport.avertissements.push(format!("le fichier {empreinte} a disparu pendant la sauvegarde"));
                continue;
            };
            let trouvee = ecrivain.membre(&Nom::Fichier(empreinte.clone()), octets, fichier)?;
            if trouvee != *empreinte {
                rapport.avertissements.push(format!("le fichier {empreinte} est abîmé : sauvegardé tel quel"));
            }
            rapport.fichiers += 1;
            rapport.fichiers_octets += octets;
            avance(base_totale + rang as u64, total);
        }
        rapport.octets = ecrivain.acheve()?;
        avance(total, total);
        Ok(rapport)
    }
}

fn json(valeur: &impl Serialize) -> Result<Vec<u8>, BackupError> {
    serde_json::to_vec_pretty(valeur).map_err(std::io::Error::from).map_err(disque("écriture", "finage.json".as_ref()))
}

/// Runs `pg_dump` and adds what it writes, piece by piece; gives its bytes.
fn ecrit_dump(
    ecrivain: &mut Ecrivain,
    mut dump: std::process::Command,
    tailles: BTreeMap<String, u64>,
    arret: &Arret,
    avance: &Arc<Avance<'static>>,
) -> Result<u64, BackupError> {
    let total: u64 = tailles.values().sum();
    let (avance, faites) = (Arc::clone(avance), std::sync::Mutex::new(0));
    let ecoute = move |ligne: &str| {
        // « pg_dump: dumping contents of table "core.annotation" »
        let Some(table) = ligne.split_once("contents of table \"").and_then(|(_, reste)| reste.split('"').next())
        else {
            return;
        };
        let mut faites = verrou(&faites);
        // The table that begins is not done; those before it are.
        avance(*faites, total);
        *faites += tailles.get(table).copied().unwrap_or_default();
    };
    let (programme, tuyaux) = Programme::lance("pg_dump", &mut dump, arret, ecoute)?;
    let mut octets = 0;
    if let Some(mut sortie) = tuyaux.sortie {
        for rang in 0.. {
            let mut morceau = Vec::with_capacity(MORCEAU);
            let lu = sortie.by_ref().take(MORCEAU as u64).read_to_end(&mut morceau);
            arret.verifie()?;
            lu.map_err(|error| BackupError::Programme { nom: "pg_dump", message: error.to_string() })?;
            if morceau.is_empty() {
                break;
            }
            octets += morceau.len() as u64;
            ecrivain.octets(&Nom::Morceau(rang), &morceau)?;
        }
    }
    programme.attend()?;
    Ok(octets)
}
