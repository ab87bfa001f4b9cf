//! `finage audit export`.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use finage_export::{Colonne, Crs, ExportError, Genre, Ligne, Table, Valeur, csv};
use finage_journal::Chaine;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::Journal;
use crate::access::journal::{Auteur, Fait, Instant, MAX_PAGE, Noms, Recherche, Trace, acte};
use crate::cli::CliError;
use crate::cli::output::Output;
use crate::db::{CollectiviteId, Database};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ExportArgs {
    /// Journal à exporter.
    #[arg(long, value_enum, default_value = "acces")]
    journal: Journal,
    /// À partir de ce jour (AAAA-MM-JJ, heure de Paris).
    #[arg(long, value_name = "JOUR")]
    du: Option<Date>,
    /// Jusqu'à ce jour compris.
    #[arg(long, value_name = "JOUR")]
    au: Option<Date>,
    /// Compte qui a agi : son adresse électronique.
    #[arg(long, value_name = "ADRESSE")]
    compte: Option<String>,
    /// Collectivité pour laquelle il a agi : son code.
    #[arg(long, value_name = "CODE")]
    collectivite: Option<String>,
    /// Personne dont la fiche a été vue ou changée.
    #[arg(long, value_name = "UUID", conflicts_with_all = ["objet", "cle"])]
    personne: Option<Uuid>,
    /// Genre d'objet : annotation, personne, jeton...
    #[arg(long)]
    objet: Option<String>,
    /// Clé de l'objet.
    #[arg(long)]
    cle: Option<String>,
    /// Fichier à écrire, qui ne doit pas exister ; sinon la sortie standard.
    #[arg(long, value_name = "FICHIER")]
    sortie: Option<PathBuf>,
}

/// Pages waiting to be written.
const AVANCE: usize = 2;

pub(super) async fn run(args: ExportArgs, database: &Database, pool: &PgPool, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return Err(CliError::Refused("l'export s'écrit en CSV : retirez --json".to_owned()));
    }
    let acces = database.acces_pool().await?;
    let noms = Noms::lit(&acces).await?;
    acces.close().await;
    let recherche = criteres(&args, &noms)?;
    let chaine = Chaine::from(args.journal);
    let mut connection = pool.acquire().await?;
    let details = json!({
        "du": recherche.du.map(Instant::texte), "au": recherche.au.map(Instant::texte), "compte": recherche.utilisateur,
        "collectivite": recherche.collectivite, "objet": recherche.objet, "cle": recherche.cle,
    });
    let fait = Fait { action: "exporter", objet: "journal", cle: Some(chaine.code()), details: &details };
    acte(&mut connection, &Auteur::COMMANDE, &fait).await?;

    let (envoie, recoit) = mpsc::channel(AVANCE);
    let sortie = args.sortie.clone();
    let ecriture = tokio::task::spawn_blocking(move || ecrit(sortie.as_deref(), &noms, recoit));
    let lue = pages(&mut connection, chaine, recherche, envoie).await;
    let ecrite = ecriture.await.map_err(std::io::Error::other)?;
    if let (Err(_), Ok(_), Some(fichier)) = (&lue, &ecrite, &args.sortie) {
        // Half an export looks like a whole one.
        std::fs::remove_file(fichier)?;
    }
    lue?;
    let lignes = ecrite?;
    if let Some(fichier) = args.sortie {
        output.say(format!("{lignes} lignes écrites dans « {} ».", fichier.display()));
    }
    Ok(())
}

/// What the arguments look for.
fn criteres(args: &ExportArgs, noms: &Noms) -> Result<Recherche, CliError> {
    let inconnu = |quoi: &str, nom: &str| CliError::Refused(format!("{quoi} « {nom} » est inconnu ; vérifiez-le"));
    let utilisateur = args
        .compte
        .as_ref()
        .map(|email| noms.compte_de(email).ok_or_else(|| inconnu("le compte", email)))
        .transpose()?;
    let collectivite = args
        .collectivite
        .as_ref()
        .map(|code| noms.collectivite_de(code).ok_or_else(|| inconnu("le code de collectivité", code)))
        .transpose()?
        .map(CollectiviteId);
    let lendemain = args.au.map(|jour| jour.tomorrow().map_err(|error| hors_calendrier(&error))).transpose()?;
    let base = args.personne.map_or_else(
        || Recherche { objet: args.objet.clone(), cle: args.cle.clone(), ..Recherche::default() },
        Recherche::personne,
    );
    Ok(Recherche {
        du: args.du.map(minuit).transpose()?,
        au: lendemain.map(minuit).transpose()?,
        utilisateur,
        collectivite,
        ..base
    })
}

/// The instant at which a day starts in Paris.
fn minuit(jour: Date) -> Result<Instant, CliError> {
    let paris = TimeZone::get("Europe/Paris").map_err(|error| hors_calendrier(&error))?;
    let debut = jour.to_zoned(paris).map_err(|error| hors_calendrier(&error))?.timestamp();
    Instant::parse(&debut.to_string())
        .ok_or_else(|| CliError::Refused(format!("le jour {jour} est hors du calendrier")))
}

fn hors_calendrier(error: &jiff::Error) -> CliError {
    CliError::Refused(format!("jour hors du calendrier ({error}) ; écrivez-le AAAA-MM-JJ"))
}

/// Reads page after page until there is no more, or nobody writes any more.
async fn pages(
    connection: &mut sqlx::PgConnection,
    chaine: Chaine,
    mut recherche: Recherche,
    envoie: mpsc::Sender<Vec<Trace>>,
) -> sqlx::Result<()> {
    loop {
        let page = recherche.page(connection, chaine, MAX_PAGE).await?;
        let Some(derniere) = page.last() else { return Ok(()) };
        recherche.apres = Some(derniere.id);
        if envoie.send(page).await.is_err() {
            return Ok(());
        }
    }
}

/// Writes lines as they come; gives their number.
fn ecrit(sortie: Option<&Path>, noms: &Noms, mut recoit: mpsc::Receiver<Vec<Trace>>) -> Result<usize, CliError> {
    let mut out: Box<dyn Write> = match sortie {
        None => Box::new(std::io::stdout().lock()),
        Some(fichier) => {
            let ouvert = OpenOptions::new().write(true).create_new(true).mode(0o600).open(fichier);
            Box::new(ouvert.map_err(|error| {
                CliError::Refused(format!(
                    "« {} » ne peut être créé ({error}) ; donnez un autre nom",
                    fichier.display()
                ))
            })?)
        }
    };
    let colonnes = [
        ("numero", Genre::Entier),
        ("rang", Genre::Entier),
        ("instant_utc", Genre::Texte),
        ("compte", Genre::Texte),
        ("collectivite", Genre::Texte),
        ("canal", Genre::Texte),
        ("connexion", Genre::Texte),
        ("action", Genre::Texte),
        ("objet", Genre::Texte),
        ("cle", Genre::Texte),
        ("finalite", Genre::Texte),
        ("details", Genre::Texte),
    ];
    let colonnes = colonnes.map(|(nom, genre)| Colonne::new(nom, genre)).to_vec();
    let refuse = |error: ExportError| CliError::Refused(format!("l'export n'a pas pu être écrit : {error}"));
    let table = Table::new("journal", "Journal", colonnes, Crs::wgs84()).map_err(refuse)?;
    let lignes = std::iter::from_fn(|| recoit.blocking_recv()).flatten().map(|trace| ligne(trace, noms));
    let mut out = BufWriter::new(&mut out);
    let nombre = csv::ecrire(&mut out, &table, lignes, csv::Options::default()).map_err(refuse)?;
    out.flush()?;
    Ok(nombre)
}

fn ligne(trace: Trace, noms: &Noms) -> Ligne {
    let texte = |texte: Option<String>| texte.map_or(Valeur::Vide, Valeur::Texte);
    let compte = trace.utilisateur.map(|id| noms.compte(id).map_or_else(|| id.to_string(), str::to_owned));
    let collectivite = trace.collectivite.map(|id| noms.collectivite(id).map_or_else(|| id.to_string(), str::to_owned));
    let valeurs = vec![
        Valeur::Entier(trace.id),
        trace.rang.map_or(Valeur::Vide, Valeur::Entier),
        Valeur::Texte(trace.le),
        texte(compte),
        texte(collectivite),
        Valeur::Texte(trace.canal),
        Valeur::Texte(trace.login),
        Valeur::Texte(trace.action),
        Valeur::Texte(trace.objet),
        texte(trace.cle),
        texte(trace.finalite),
        Valeur::Texte(trace.details.to_string()),
    ];
    Ligne { valeurs, geometrie: None }
}
