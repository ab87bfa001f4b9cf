//! `finage collectivite`: who works in this Finage, on which communes, for which missions.

use clap::{Args, Subcommand};
use serde_json::json;
use time::Date;

use super::output::Output;
use super::{CliError, block_on};
use crate::access::collectivites::{self, Etendue, Fiche, Nouvelle, Periode};
use crate::access::jour;
use crate::access::journal::Auteur;
use crate::config::Config;
use crate::db::{Database, Use};

/// What to do with collectivités.
#[derive(Debug, Subcommand)]
pub(super) enum CollectiviteCommand {
    /// Crée une collectivité.
    Create(CreateArgs),
    /// Liste les collectivités, ou montre l'une d'elles avec son territoire et ses missions.
    List {
        /// Code d'une collectivité.
        code: Option<String>,
    },
    /// Ajoute des communes au territoire, ou les en retire à une date.
    Territoire {
        /// Code de la collectivité.
        code: String,
        #[command(flatten)]
        periode: PeriodeArgs,
    },
    /// Donne une mission sur des communes, ou y met fin à une date.
    Mission {
        /// Code de la collectivité.
        code: String,
        /// Mission, par exemple sig.
        mission: String,
        #[command(flatten)]
        periode: PeriodeArgs,
        /// Ce qui la fonde : compétence transférée, convention…
        #[arg(long, value_name = "TEXTE", conflicts_with = "terminer")]
        fondement: Option<String>,
    },
    /// Ferme une collectivité : plus personne n'agit pour elle, ses données restent.
    Fermer {
        /// Code de la collectivité.
        code: String,
        /// Jour à partir duquel elle est fermée ; aujourd'hui par défaut.
        #[arg(long, value_name = "AAAA-MM-JJ", value_parser = day)]
        le: Option<Date>,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// Code, dans les commandes et les adresses : 13004, ccvo.
    code: String,
    /// Nom.
    #[arg(long, value_name = "NOM")]
    nom: String,
    /// Genre : commune, epci, syndicat, service_commun, departement ou autre.
    #[arg(long, value_name = "GENRE")]
    genre: String,
    /// Numéro SIREN.
    #[arg(long, value_name = "SIREN")]
    siren: Option<String>,
    /// Commune de son territoire, dès aujourd'hui ; répétable.
    #[arg(long, value_name = "INSEE")]
    commune: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct PeriodeArgs {
    /// Commune ; répétable.
    #[arg(long, value_name = "INSEE", required = true)]
    commune: Vec<String>,
    /// Premier jour ; aujourd'hui par défaut.
    #[arg(long, value_name = "AAAA-MM-JJ", value_parser = day, conflicts_with = "terminer")]
    du: Option<Date>,
    /// Premier jour qui n'en fait plus partie.
    #[arg(long, value_name = "AAAA-MM-JJ", value_parser = day)]
    au: Option<Date>,
    /// Met fin à la période en cours, au jour donné par --au, sinon aujourd'hui.
    #[arg(long)]
    terminer: bool,
}

/// A day of the command line.
pub(super) fn day(text: &str) -> Result<Date, String> {
    jour::lit(text).ok_or_else(|| "un jour s'écrit AAAA-MM-JJ, par exemple 2026-01-31".to_owned())
}

pub(super) fn run(command: CollectiviteCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        let mut owner = database.owner().await?;
        let auteur = Auteur::COMMANDE;
        match command {
            CollectiviteCommand::Create(args) => {
                let nouvelle = Nouvelle {
                    code: &args.code,
                    nom: &args.nom,
                    genre: &args.genre,
                    siren: args.siren.as_deref(),
                    communes: &args.commune,
                };
                collectivites::cree(&mut owner, &auteur, &nouvelle).await?;
                output.result(&json!({ "code": args.code }), format!("La collectivité « {} » est créée.", args.code));
            }
            CollectiviteCommand::List { code: None } => {
                let found = collectivites::liste(&mut owner).await?;
                let text: Vec<String> = found.iter().map(line).collect();
                let text = if text.is_empty() { "Aucune collectivité.".to_owned() } else { text.join("\n") };
                output.result(&found, text);
            }
            CollectiviteCommand::List { code: Some(code) } => {
                let fiche = collectivites::une(&mut owner, &code).await?;
                let fiche = fiche.ok_or(collectivites::CollectiviteError::Inconnue(code))?;
                let periodes = collectivites::periodes(&mut owner, fiche.id).await?;
                let lines: Vec<String> = std::iter::once(line(&fiche)).chain(periodes.iter().map(period)).collect();
                output.result(&json!({ "collectivite": fiche, "periodes": periodes }), lines.join("\n"));
            }
            CollectiviteCommand::Territoire { code, periode } => {
                let etendue = periode.etendue(None, None);
                change(&mut owner, &code, &etendue, periode.terminer).await?;
                output.result(&json!({ "code": code }), format!("Le territoire de « {code} » est à jour."));
            }
            CollectiviteCommand::Mission { code, mission, periode, fondement } => {
                let etendue = periode.etendue(Some(&mission), fondement.as_deref());
                change(&mut owner, &code, &etendue, periode.terminer).await?;
                output.result(&json!({ "code": code }), format!("La mission « {mission} » de « {code} » est à jour."));
            }
            CollectiviteCommand::Fermer { code, le } => {
                collectivites::ferme(&mut owner, &auteur, &code, le).await?;
                output.result(&json!({ "code": code }), format!("La collectivité « {code} » est fermée."));
            }
        }
        database.release(owner).await;
        Ok(())
    })
}

async fn change(
    owner: &mut sqlx::PgConnection,
    code: &str,
    etendue: &Etendue<'_>,
    terminer: bool,
) -> Result<(), CliError> {
    let auteur = Auteur::COMMANDE;
    if terminer {
        collectivites::termine(owner, &auteur, code, etendue).await?;
    } else {
        collectivites::ajoute(owner, &auteur, code, etendue).await?;
    }
    Ok(())
}

impl PeriodeArgs {
    fn etendue<'a>(&'a self, mission: Option<&'a str>, fondement: Option<&'a str>) -> Etendue<'a> {
        Etendue { mission, communes: &self.commune, du: self.du, au: self.au, fondement }
    }
}

fn line(fiche: &Fiche) -> String {
    let closed = fiche.fermee_le.map_or_else(String::new, |le| format!(", fermée le {}", jour::ecrit(le)));
    format!(
        "{} : {} ({}{closed}) ; communes : {}, comptes : {}",
        fiche.code, fiche.nom, fiche.genre, fiche.communes, fiche.comptes
    )
}

fn period(periode: &Periode) -> String {
    let what = periode.mission.as_deref().unwrap_or("territoire");
    let end = periode.au.map_or_else(String::new, |au| format!(" jusqu'au {} exclu", jour::ecrit(au)));
    format!("  {what} : {} ({}) depuis le {}{end}", periode.nom, periode.insee, jour::ecrit(periode.du))
}
