//! Restores an archive where there is nothing: read whole first, made apart, moved into place last.

mod base;
mod controle;
mod place;
mod pose;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use finage_cluster::Packages;
use finage_journal::Chaine;
use serde::Serialize;

use self::controle::{Controlee, controle};
use self::place::{CONFIGURATION, Place};
use self::pose::{Pose, scelle_dossiers};
use super::chiffrement::Clef;
use super::lecture::{Archive, Textes};
use super::manifeste::Entete;
use super::nom::Nom;
use super::programme::Programme;
use super::{Arret, Avance, BackupError, disque};
use crate::access::journal::{Auteur, Dossier, Fait, acte, controle as controle_journal};
use crate::config::{self, Config, Flags, Sql};
use crate::db::{Database, Role, Use, migrate, prepare};

/// What is asked.
#[derive(Debug)]
pub struct Restauration {
    /// File that a backup wrote.
    pub archive: PathBuf,
    /// What opens it, when it is closed.
    pub clef: Option<Clef>,
}

/// What was restored.
#[derive(Debug, Serialize)]
pub struct Restauree {
    /// Instant of the snapshot, RFC 3339.
    pub faite_le: String,
    /// Version of Finage that made the archive.
    pub finage: String,
    /// How long it took.
    pub duree_ms: u128,
    /// Whether the database was brought to this version.
    pub mise_a_niveau: bool,
    /// Tables of the database.
    pub tables: usize,
    /// Their rows.
    pub lignes: i64,
    /// Attachments.
    pub fichiers: u64,
    /// Their bytes.
    pub fichiers_octets: u64,
    /// Sealed lines of the journal that were verified.
    pub journal_lignes: u64,
    /// SQL logins made again with their password.
    pub connexions: Vec<String>,
    /// SQL logins to be given a new password.
    pub connexions_a_refaire: Vec<String>,
    /// Sessions and links of the day of the backup, closed.
    pub sessions_fermees: u64,
    /// The configuration file that was put back.
    pub configuration: Option<PathBuf>,
    /// What is to be looked at.
    pub avertissements: Vec<String>,
}

/// Restores an archive into the data directory of `config`, and into its database when there is one of one's own. Until the
/// end, the data directory is as it was.
///
/// # Errors
/// Every [`BackupError`].
pub async fn restaure(
    config: &Config,
    demande: Restauration,
    arret: &Arret,
    avance: Arc<Avance<'static>>,
) -> Result<Restauree, BackupError> {
    let debut = Instant::now();
    let (data_dir, arret) = (config.data_dir.clone(), arret.clone());
    let place = tokio::task::spawn_blocking(move || Place::prend(&data_dir)).await??;
    let ailleurs = externe(config).await?;
    let majeure = match ailleurs {
        Some(majeure) => majeure,
        None => Packages::default().for_new_cluster().map_err(crate::db::DbError::from)?.major,
    };
    let (suivi, lue) = (arret.clone(), Arc::clone(&avance));
    let lecture = tokio::task::spawn_blocking(move || {
        let archive = Archive::ouvre(&demande.archive, demande.clef)?;
        let taille = archive.taille();
        let moitie = |lus: u64, _: u64| lue(lus, 2 * taille);
        let controlee = controle(&archive, majeure, &suivi, &moitie)?;
        Ok((archive, controlee))
    });
    let (archive, controlee) = lecture.await?.map_err(|error| arret.ou(error))?;
    let Controlee { textes, table } = controlee;

    // A database of one's own is filled where it is; ours is made apart.
    let apart = Config { data_dir: place.contenu(), sql: Sql::default(), srid: textes.entete.srid, ..config.clone() };
    let ouverte = apart.clone();
    let database = tokio::task::spawn_blocking(move || Database::open(&ouverte, Use::Server)).await??;
    let chantier = Chantier { config, apart: &apart, database: &database, textes: &textes, majeure };
    let faite = chantier.remplit(archive, &table, &arret, avance, place.est_configuree()).await;
    let ferme = tokio::task::spawn_blocking(move || database.close()).await?;
    let mut rapport = faite.map_err(|error| arret.ou(error))?;
    ferme?;
    arret.verifie()?;
    tokio::task::spawn_blocking(move || {
        scelle_dossiers(&place.contenu())?;
        place.emmenage()
    })
    .await??;
    rapport.duree_ms = debut.elapsed().as_millis();
    Ok(rapport)
}

/// The major of a PostgreSQL of one's own, which must be empty; none with the embedded cluster.
async fn externe(config: &Config) -> Result<Option<u32>, BackupError> {
    if config.database_url.is_none() {
        return Ok(None);
    }
    let database = Database::open(config, Use::Command)?;
    let mut admin = database.admin().await?;
    base::vierge(&mut admin).await?;
    let numero: i32 =
        sqlx::query_scalar("select current_setting('server_version_num')::integer").fetch_one(&mut admin).await?;
    database.release(admin).await;
    Ok(Some(numero.unsigned_abs() / 10_000))
}

/// A restoration under way.
struct Chantier<'a> {
    config: &'a Config,
    /// The same, with the folder apart as data directory.
    apart: &'a Config,
    database: &'a Database,
    textes: &'a Textes,
    majeure: u32,
}

impl Chantier<'_> {
    async fn remplit(
        &self,
        archive: Archive,
        table: &str,
        arret: &Arret,
        avance: Arc<Avance<'static>>,
        configuree: bool,
    ) -> Result<Restauree, BackupError> {
        let Textes { entete, base, membres } = self.textes;
        let mut admin = self.database.admin().await?;
        prepare(&mut admin).await?;
        let connexions = base::connexions(&mut admin, &base.connexions).await?;
        let pose = self.verse(archive, table, arret, avance).await?;
        arret.pendant(base::compte(&mut admin, &base.lignes)).await?;
        self.database.release(admin).await;

        migrate(self.database, entete.srid).await?;
        let mut admin = self.database.admin().await?;
        let sessions_fermees = base::ferme_sessions(&mut admin).await?;
        self.database.release(admin).await;
        let journal_lignes = arret.pendant(self.verifie_journal()).await?;

        let mut avertissements = abimes(membres);
        avertissements.push(format!(
            "ce qui a été retiré depuis le {} (comptes, rôles, jetons, connexions SQL) est revenu : relisez-le",
            entete.faite_le
        ));
        avertissements.extend(
            connexions
                .presentes
                .iter()
                .map(|login| format!("la connexion « {login} » existait déjà : laissée telle quelle")),
        );
        let configuration =
            if pose.configuration { self.configuration(configuree, &mut avertissements)? } else { None };
        Ok(Restauree {
            faite_le: entete.faite_le.clone(),
            finage: entete.finage.clone(),
            duree_ms: 0,
            mise_a_niveau: entete.migration < crate::db::last_migration(),
            tables: base.lignes.len(),
            lignes: base.lignes.values().sum(),
            fichiers: pose.fichiers.0,
            fichiers_octets: pose.fichiers.1,
            journal_lignes,
            connexions: connexions.refaites,
            connexions_a_refaire: connexions.sans_secret,
            sessions_fermees,
            configuration,
            avertissements,
        })
    }

    /// Second reading of the archive; the whole database in one transaction.
    async fn verse(
        &self,
        archive: Archive,
        table: &str,
        arret: &Arret,
        avance: Arc<Avance<'static>>,
    ) -> Result<Pose, BackupError> {
        let contenu = self.apart.data_dir.clone();
        let mut liste = tempfile::NamedTempFile::new().map_err(disque("écriture", &std::env::temp_dir()))?;
        std::io::Write::write_all(&mut liste, table.as_bytes()).map_err(disque("écriture", liste.path()))?;
        let mut commande = self.database.program(self.apart, "pg_restore", self.majeure, Role::Owner)?;
        commande
            .args(["--no-owner", "--single-transaction", "--exit-on-error", "--no-password"])
            .arg("--use-list")
            .arg(liste.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        let (arret, attendus) = (arret.clone(), self.textes.membres.clone());
        tokio::task::spawn_blocking(move || {
            let (programme, tuyaux) = Programme::lance("pg_restore", &mut commande, &arret, |_| {})?;
            let Some(entree) = tuyaux.entree else { return Err(archive.refus("sa base ne peut être versée")) };
            let mut pose = Pose::new(contenu, programme, entree);
            let taille = archive.taille();
            let moitie = move |lus: u64, _: u64| avance(taille + lus, 2 * taille);
            let relus = archive.parcourt(&mut pose, &arret, &moitie)?;
            pose.acheve_base()?;
            drop(liste);
            if relus.membres != attendus {
                return Err(archive.refus("il a changé pendant sa restauration"));
            }
            Ok(pose)
        })
        .await?
    }

    /// Verifies both chains, as `finage audit verify` does; gives the lines. The restoration is then an act.
    async fn verifie_journal(&self) -> Result<u64, BackupError> {
        let journal = self.database.journal_pool().await?;
        let dossier = {
            let mut connection = journal.acquire().await?;
            Dossier::ouvre(&mut connection, &self.apart.data_dir).await?
        };
        let mut lignes = 0;
        if let Some(dossier) = dossier {
            for chaine in Chaine::TOUTES {
                lignes += controle_journal(&journal, &dossier, chaine, &|_, _| {}).await?.bilan.lignes;
            }
        }
        let Entete { faite_le, finage, .. } = &self.textes.entete;
        let details = serde_json::json!({ "sauvegarde_du": faite_le, "finage": finage });
        let fait = Fait { action: "restaurer", objet: "installation", cle: None, details: &details };
        {
            let mut connection = journal.acquire().await?;
            acte(&mut connection, &Auteur::COMMANDE, &fait).await?;
        }
        journal.close().await;
        Ok(lignes)
    }

    /// The saved configuration takes its place if it leads to what was just restored; beside it otherwise.
    fn configuration(
        &self,
        configuree: bool,
        avertissements: &mut Vec<String>,
    ) -> Result<Option<PathBuf>, BackupError> {
        let sauvee = self.apart.data_dir.join(CONFIGURATION);
        let flags = Flags { data_dir: Some(self.config.data_dir.clone()), bind: None };
        let mene = config::load(Some(&sauvee), &flags)
            .is_ok_and(|(lue, _)| lue.database_url == self.config.database_url && lue.srid == self.textes.entete.srid);
        if mene && !configuree {
            return Ok(Some(self.config.data_dir.join(CONFIGURATION)));
        }
        let a_cote = format!("{CONFIGURATION}.sauvegarde");
        let vers = self.apart.data_dir.join(&a_cote);
        std::fs::rename(&sauvee, &vers).map_err(disque("déplacement", &vers))?;
        avertissements.push(if configuree {
            format!("un fichier {CONFIGURATION} est déjà là : celui de la sauvegarde est à côté, {a_cote}")
        } else {
            format!("la configuration sauvegardée mène à une autre base : elle est à côté, {a_cote} ; reprenez-en ce qui convient")
        });
        Ok(Some(self.config.data_dir.join(a_cote)))
    }
}

/// Attachments whose content is not what their name says: they were so when they were saved.
fn abimes(membres: &[super::manifeste::Membre]) -> Vec<String> {
    let fichiers = membres.iter().filter_map(|membre| match Nom::lit(&membre.nom) {
        Some(Nom::Fichier(empreinte)) if empreinte != membre.sha256 => Some(empreinte),
        _ => None,
    });
    fichiers.map(|empreinte| format!("le fichier {empreinte} était abîmé quand il a été sauvegardé")).collect()
}
