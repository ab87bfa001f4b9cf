//! `finage audit verify`.

use finage_journal::Chaine;
use serde::Serialize;
use sqlx::PgPool;

use crate::access::journal::{Controle, Dossier, Instant, JournalError, controle};
use crate::cli::CliError;
use crate::cli::output::{Output, suivi};
use crate::config::Config;

/// What was found.
#[derive(Debug, Serialize)]
struct Rapport {
    ok: bool,
    chaines: Vec<Chainee>,
}

/// What was found of a chain.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Chainee {
    Saine {
        chaine: &'static str,
        ok: bool,
        lignes: u64,
        premier_rang: i64,
        dernier_rang: i64,
        dernier_sceau: String,
        en_attente: i64,
        en_attente_depuis: Option<String>,
    },
    Fautive {
        chaine: &'static str,
        ok: bool,
        rang: Option<i64>,
        ligne: Option<i64>,
        defaut: &'static str,
        message: String,
    },
}

pub(super) async fn run(config: &Config, pool: &PgPool, output: &Output) -> Result<(), CliError> {
    let dossier = {
        let mut connection = pool.acquire().await?;
        Dossier::ouvre(&mut connection, &config.data_dir).await?
    };
    let Some(dossier) = dossier else {
        let rapport = Rapport { ok: true, chaines: Vec::new() };
        output.result(&rapport, "Aucune ligne n'a encore été scellée ; le serveur scelle le journal dès qu'il tourne.");
        return Ok(());
    };
    let (mut chaines, mut textes, mut faute) = (Vec::new(), Vec::new(), None);
    for chaine in Chaine::TOUTES {
        let avance = suivi(output, chaine.libelle());
        match controle(pool, &dossier, chaine, &avance).await {
            Ok(controle) => {
                textes.push(texte(chaine, &controle));
                chaines.push(saine(chaine, &controle));
            }
            Err(error) => {
                chaines.push(fautive(chaine, &error)?);
                let message = error.to_string();
                textes.push(format!("ALTÉRÉ  {message}"));
                faute = faute.or(Some(message));
            }
        }
    }
    output.result(&Rapport { ok: faute.is_none(), chaines }, textes.join("\n"));
    faute.map_or(Ok(()), |message| {
        Err(CliError::Refused(format!("le journal ne peut être cru à partir de là : {message}")))
    })
}

fn saine(chaine: Chaine, controle: &Controle) -> Chainee {
    let Controle { bilan, attente, depuis, .. } = controle;
    Chainee::Saine {
        chaine: chaine.code(),
        ok: true,
        lignes: bilan.lignes,
        premier_rang: bilan.depart.rang + 1,
        dernier_rang: bilan.fin.rang,
        dernier_sceau: bilan.fin.sceau.to_string(),
        en_attente: *attente,
        en_attente_depuis: depuis.map(Instant::texte),
    }
}

fn texte(chaine: Chaine, controle: &Controle) -> String {
    let Controle { bilan, attente, depuis, .. } = controle;
    let rangs = match bilan.lignes {
        0 => "aucune ligne scellée".to_owned(),
        1 => format!("1 ligne vérifiée (rang {})", bilan.fin.rang),
        lignes => format!("{lignes} lignes vérifiées (rangs {} à {})", bilan.depart.rang + 1, bilan.fin.rang),
    };
    let attente = depuis.map_or_else(String::new, |depuis| {
        format!(" ; {attente} en attente de leur sceau depuis le {}", depuis.texte())
    });
    format!("bon     {} : {rangs}{attente}", chaine.libelle())
}

/// A tampering is what was looked for; anything else ends the command.
fn fautive(chaine: Chaine, error: &JournalError) -> Result<Chainee, CliError> {
    let (rang, ligne, defaut) = match error {
        JournalError::Altere(faute) => (Some(faute.rang), faute.id, faute.defaut.code()),
        JournalError::TeteAbsente { .. } => (None, None, "tete_absente"),
        JournalError::TeteFausse { .. } => (None, None, "tete_fausse"),
        other => return Err(CliError::Refused(other.to_string())),
    };
    Ok(Chainee::Fautive { chaine: chaine.code(), ok: false, rang, ligne, defaut, message: error.to_string() })
}
