//! A round of the sealer: committed lines get their rank and their seal.

use finage_journal::{Chaine, Defaut, Depart, Faute, Sceau, Tete, Verification};
use futures::TryStreamExt as _;
use sqlx::{Acquire as _, PgConnection};

use super::{Dossier, Instant, JournalError, lecture, pour, verrou};

/// Lines sealed in one transaction.
const LOT: i64 = 5_000;

/// Seals the lines of a chain that are committed and wait, a transaction for each lot; gives their number. Does nothing while another
/// server seals.
///
/// Lines committed later, whatever their number, are sealed in a later round. The head is written after the commit: killed
/// between both, it lags, and the next round brings it up after verifying what it lacks. It never leads: a chain that does
/// not go to its head was cut, and is sealed no further.
///
/// # Errors
/// The end of the chain was tampered with, or the database or the folder refused.
pub async fn scelle(connection: &mut PgConnection, dossier: &Dossier, chaine: Chaine) -> Result<u64, JournalError> {
    let mut total = 0;
    loop {
        let lot = un_lot(connection, dossier, chaine).await?;
        total += lot;
        if lot < LOT.unsigned_abs() {
            return Ok(total);
        }
    }
}

async fn un_lot(connection: &mut PgConnection, dossier: &Dossier, chaine: Chaine) -> Result<u64, JournalError> {
    let tete = dossier.tete(chaine)?;
    let etat = lecture::etat(connection, chaine).await?;
    if !etat.attente && etat.dernier == tete.rang {
        return Ok(0);
    }
    let mut transaction = connection.begin().await?;
    // The head must not tell of a line that a power cut takes back.
    sqlx::query("set local synchronous_commit = on").execute(&mut *transaction).await?;
    let mine: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock($1)")
        .bind(verrou(chaine))
        .fetch_one(&mut *transaction)
        .await?;
    if !mine {
        return Ok(0);
    }
    let tete = dossier.tete(chaine)?;
    let fin = derniere(&mut transaction, dossier, chaine, &tete).await?;
    let lignes = lecture::non_scellees(&mut transaction, chaine, LOT).await?;
    let (mut ids, mut rangs, mut sceaux) = (Vec::new(), Vec::new(), Vec::new());
    let (mut rang, mut sceau) = (fin.rang, fin.sceau);
    for scellee in &lignes {
        rang += 1;
        sceau = dossier.cle().scelle(chaine, &sceau, rang, &scellee.ligne);
        ids.push(scellee.ligne.id);
        rangs.push(rang);
        sceaux.push(sceau.0.to_vec());
    }
    let attendues = lignes.len() as u64;
    if attendues > 0 {
        let trouvees = sqlx::query(pour(chaine, include_str!("sql/sceller.sql")))
            .bind(ids)
            .bind(rangs)
            .bind(sceaux)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if trouvees != attendues {
            return Err(JournalError::Compte { chaine, attendues, trouvees });
        }
    }
    transaction.commit().await?;
    if rang != tete.rang {
        let nouvelle = Tete { rang, sceau, le: Instant::maintenant().0 };
        let dossier = dossier.clone();
        let ecrite = tokio::task::spawn_blocking(move || dossier.ecrit_tete(chaine, &nouvelle)).await;
        ecrite.map_err(|error| sqlx::Error::Io(std::io::Error::other(error)))??;
    }
    Ok(attendues)
}

/// The last line of a chain that goes to its head, and beyond it if the head lags: what it lacks is verified.
async fn derniere(
    connection: &mut PgConnection,
    dossier: &Dossier,
    chaine: Chaine,
    tete: &Tete,
) -> Result<Depart, JournalError> {
    let (depart, _) = lecture::point_de_depart(connection, chaine, dossier.cle()).await?;
    let base = if tete.rang > depart.rang {
        sceau_en_tete(connection, chaine, tete).await?;
        Depart { rang: tete.rang, sceau: tete.sceau }
    } else {
        depart
    };
    let mut verification = Verification::new(dossier.cle(), chaine, base, tete);
    let mut suite = std::pin::pin!(lecture::suite(connection, chaine, base.rang, i64::MAX));
    while let Some(scellee) = suite.try_next().await? {
        verification.ligne(&scellee)?;
    }
    Ok(verification.fin()?.fin)
}

/// The line of the head's rank is there, with the head's seal.
async fn sceau_en_tete(connection: &mut PgConnection, chaine: Chaine, tete: &Tete) -> Result<(), JournalError> {
    let lu: Option<(i64, Option<Vec<u8>>)> = sqlx::query_as(pour(chaine, include_str!("sql/sceau.sql")))
        .bind(tete.rang)
        .fetch_optional(&mut *connection)
        .await?;
    let faute = match lu {
        Some((_, sceau)) if sceau.as_deref().and_then(Sceau::from_bytes) == Some(tete.sceau) => return Ok(()),
        Some((id, _)) => Faute { chaine, rang: tete.rang, id: Some(id), defaut: Defaut::Tete },
        None => {
            let dernier = lecture::etat(connection, chaine).await?.dernier;
            if dernier < tete.rang {
                let defaut = Defaut::Tronquee { manquantes: tete.rang - dernier };
                Faute { chaine, rang: dernier + 1, id: None, defaut }
            } else {
                Faute { chaine, rang: tete.rang, id: None, defaut: Defaut::Supprimee { manquantes: 1 } }
            }
        }
    };
    Err(faute.into())
}
