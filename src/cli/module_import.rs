//! `finage module import`: rows of a file into an object of a module; may be run each night, and changes what changed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use finage_import::{Classeur, Options, ouvrir};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::CliError;
use super::output::{Output, suivi};
use crate::access::collectivites::{self, CollectiviteError};
use crate::access::identite::Collectivite;
use crate::access::journal::Finalite;
use crate::config::Config;
use crate::db::{Acteur, Canal, Collectivites, Database, TenantTx};
use crate::fichiers::{Empreinte, nettoye};
use crate::modules::import::{
    Bilan, Correspondance, ErreurImport, Importation, Plan, Rejet, Suivi, commande, du_manifeste, limites, proposee,
    rejets, retenue, signature,
};
use crate::modules::objets::Modele;
use crate::modules::registry::Registry;

/// What to import, and how.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Objet : « objets_trouves.objet ».
    objet: String,
    /// Fichier : CSV, XLSX, ODS, GeoPackage, Shapefile (ZIP), GeoJSON ou export SQL de PostgreSQL.
    fichier: PathBuf,
    /// Code de la collectivité dont sont les fiches.
    #[arg(long, value_name = "CODE")]
    collectivite: String,
    /// Correspondance du module (imports/NOM.toml) ; sinon celle retenue pour ces colonnes, sinon celle que disent leurs noms.
    #[arg(long, value_name = "NOM")]
    correspondance: Option<String>,
    /// Champ auquel une fiche se reconnaît, à la place de ceux de la correspondance ; répétable.
    #[arg(long, value_name = "CHAMP")]
    cle: Vec<String>,
    /// Finalité pour laquelle des champs personnels sont écrits ; inscrite au journal.
    #[arg(long, value_name = "FINALITÉ")]
    finalite: Option<String>,
    /// Reprise de données : accepte, et liste, ce qui enfreint les règles d'aujourd'hui.
    #[arg(long)]
    reprise: bool,
    /// Garde les lignes bonnes quand d'autres sont refusées ; sinon tout ou rien.
    #[arg(long)]
    par_ligne: bool,
    /// N'écrit rien : dit ce qui serait fait.
    #[arg(long)]
    essai: bool,
    /// Écrit les lignes refusées dans ce fichier CSV.
    #[arg(long, value_name = "FICHIER")]
    rejets: Option<PathBuf>,
}

pub(super) async fn run(
    args: ImportArgs,
    database: &Database,
    owner: &mut PgConnection,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    let registry = Registry::charge(owner, config.modules_dir.as_deref()).await?;
    let inconnu = || CliError::Refused(format!("aucun module installé n'a l'objet « {} »", args.objet));
    let (module, objet) = args.objet.split_once('.').and_then(|(m, o)| registry.objet(m, o)).ok_or_else(inconnu)?;
    let fiche = collectivites::une(owner, &args.collectivite).await?;
    let fiche = fiche.ok_or_else(|| CollectiviteError::Inconnue(args.collectivite.clone()))?;
    let collectivite = Collectivite { id: fiche.id, code: fiche.code, nom: fiche.nom };
    let dite = args
        .correspondance
        .as_ref()
        .map(|nom| {
            let connue = module.imports.get(nom).filter(|import| import.file.object == objet.nom);
            let absente = || CliError::Refused(format!("le module n'a pas de correspondance « {nom} » pour cet objet"));
            connue.map(|import| du_manifeste(&import.file)).ok_or_else(absente)
        })
        .transpose()?;
    let pool = database.collectivites(config).await?;
    let acteur = Acteur { utilisateur: None, collectivite: collectivite.id, canal: Canal::Commande };
    let import = Import { args: &args, modele: objet.modele, pool: &pool, acteur, output };
    let fait = import.deroule(collectivite, dite).await;
    pool.close().await;
    let bilan = fait?;
    output.result(&bilan, format!("{}.{}", bilan.resume(), lignes(&bilan)));
    if !args.essai && !bilan.ecrit {
        return Err(CliError::Refused(format!("{} lignes refusées, rien n'est importé", bilan.rejetees)));
    }
    Ok(())
}

struct Import<'a> {
    args: &'a ImportArgs,
    modele: &'static Modele,
    pool: &'a Collectivites,
    acteur: Acteur,
    output: &'a Output,
}

impl Import<'_> {
    async fn deroule(&self, collectivite: Collectivite, dite: Option<Correspondance>) -> Result<Bilan, CliError> {
        let args = self.args;
        let nom = nettoye(&args.fichier.to_string_lossy());
        let (empreinte, octets) = somme(&args.fichier)?;
        let options = Options { limites: limites(), ..Options::default() };
        let classeur = Arc::new(ouvrir(&args.fichier, &nom, &options).map_err(ErreurImport::from).map_err(refus)?);
        let mut tx = self.pool.begin(&self.acteur).await?;
        let mut correspondance = self.correspondance(&mut tx, &classeur, dite).await?;
        if !args.cle.is_empty() {
            correspondance.cles.clone_from(&args.cle);
        }
        let import = Importation::depose(&mut tx, self.modele, &nom, &empreinte, octets).await?;
        let qui = commande(collectivite, self.modele);
        let fichier = (&*classeur, &correspondance);
        let finalite = args.finalite.as_deref().map(Finalite::parse).transpose();
        let finalite = finalite.map_err(|error| CliError::Refused(error.to_string()))?;
        let comment = (args.reprise, finalite.as_ref());
        let plan = Plan::prepare(&mut tx, &qui, self.modele, fichier, comment, import).await.map_err(refus)?;
        let lues = plan.lit(&classeur).map_err(refus)?;
        let dit = suivi(self.output, "Lignes");
        let suivi = Suivi {
            avance: &|fait, total| {
                dit(u64::try_from(fait).unwrap_or(u64::MAX), u64::try_from(total).unwrap_or(u64::MAX));
            },
            arrete: &|| false,
        };
        let (mut bilan, refuses) = plan.ecrit(&mut tx, lues, suivi).await.map_err(refus)?;
        self.ecrit_rejets(&plan, &classeur, &refuses)?;
        bilan.ecrit = !args.essai && (refuses.is_empty() || args.par_ligne);
        if bilan.ecrit {
            Importation::conclut(&mut tx, import, self.modele, &bilan, plan.finalite()).await.map_err(refus)?;
            tx.commit().await?;
        }
        Ok(bilan)
    }

    async fn correspondance(
        &self,
        tx: &mut TenantTx,
        classeur: &Classeur,
        dite: Option<Correspondance>,
    ) -> Result<Correspondance, CliError> {
        if let Some(dite) = dite {
            return Ok(dite);
        }
        let Some(feuille) = classeur.feuilles.first() else { return Ok(Correspondance::default()) };
        let gardee = retenue(tx, self.modele, &signature(feuille)).await?;
        Ok(gardee.unwrap_or_else(|| proposee(self.modele, feuille)))
    }

    fn ecrit_rejets(&self, plan: &Plan, classeur: &Classeur, refuses: &[Rejet]) -> Result<(), CliError> {
        let Some(chemin) = self.args.rejets.as_ref().filter(|_| !refuses.is_empty()) else { return Ok(()) };
        std::fs::write(chemin, rejets(plan, classeur, refuses).map_err(refus)?)?;
        Ok(())
    }
}

/// The digest of a file, and its length.
fn somme(chemin: &Path) -> io::Result<(String, usize)> {
    let (mut fichier, mut digest, mut octets) = (File::open(chemin)?, Sha256::new(), 0);
    let mut tampon = vec![0; 1 << 16];
    loop {
        let lus = fichier.read(&mut tampon)?;
        let Some(tranche) = tampon.get(..lus).filter(|tranche| !tranche.is_empty()) else { break };
        digest.update(tranche);
        octets += lus;
    }
    let empreinte = Empreinte::lue(&digest.finalize()).map(|empreinte| empreinte.texte()).unwrap_or_default();
    Ok((empreinte, octets))
}

fn lignes(bilan: &Bilan) -> String {
    let dite = |rejet: &Rejet| {
        let colonne = rejet.colonne.as_ref().map_or(String::new(), |nom| format!(", {nom}"));
        format!("\n  ligne {}{colonne} : {}", rejet.ligne, rejet.motif)
    };
    bilan.rejets.iter().map(dite).collect()
}

fn refus(error: ErreurImport) -> CliError {
    match error {
        ErreurImport::Base(error) => error.into(),
        autre => CliError::Refused(autre.to_string()),
    }
}
