//! Invoices: issued, they change no more; credit notes never give back more than was invoiced, nor payments more than is due.

use sqlx::FromRow;
use uuid::Uuid;

use super::{euros, local};
use crate::modules::crochet::{Acte, Geste, Lecture, Manquement};

/// Where the rules of invoices come from.
const REGLEMENT: &str = "code général des impôts, annexe II, 242 nonies A ; décret n° 2012-1246";

#[derive(Debug, FromRow)]
struct Piece {
    id: Uuid,
    genre: String,
    /// Cents.
    total: i64,
    origine: Option<String>,
    origine_total: i64,
    rendu: i64,
    /// What its credit notes have given back already.
    deja_rendu: i64,
    /// What a concession given back is refunded.
    retrocession: Option<i64>,
}

/// What stands against issuing invoices and credit notes.
pub(super) async fn juge(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let juge: fn(&Piece) -> Option<Manquement> = match acte.geste {
        Geste::Franchir("emettre") => refus,
        Geste::Franchir("avoir") => rendue,
        Geste::Creer => a_la_main,
        Geste::Changer if acte.champs.iter().any(|champ| ["genre", "origine"].contains(champ)) => a_la_main,
        _ => return Ok(Vec::new()),
    };
    let pieces: Vec<Piece> = lecture.lignes(include_str!("sql/acomptes.sql"), acte.ids).await?;
    Ok(pieces.iter().filter_map(|piece| Some((piece.id, juge(piece)?))).collect())
}

/// A credit note is made by a step, that says the very lines of its invoice.
fn a_la_main(piece: &Piece) -> Option<Manquement> {
    (piece.genre == "avoir").then(|| {
        let phrase = "Un avoir se fait de la facture qu'il annule : ouvrez-la, puis « Annuler par un avoir ».";
        local("facture-avoir", REGLEMENT, phrase, false)
    })
}

/// An invoice is undone once.
fn rendue(piece: &Piece) -> Option<Manquement> {
    (piece.deja_rendu != 0).then(|| {
        let phrase = format!("Un avoir a déjà rendu {} de cette facture.", euros(-piece.deja_rendu));
        local("facture-avoir", REGLEMENT, phrase, false)
    })
}

#[derive(Debug, FromRow)]
struct Ligne {
    id: Uuid,
    etat: String,
}

/// What stands against lines: an invoice that was issued changes no more.
pub(super) async fn juge_lignes(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let lignes: Vec<Ligne> = lecture.lignes(include_str!("sql/lignes_jugees.sql"), acte.ids).await?;
    let phrase = "Cette facture est émise : elle ne change plus. Faites un avoir, puis une autre facture.";
    let fermees = lignes.into_iter().filter(|ligne| ligne.etat != "projet");
    Ok(fermees.map(|ligne| (ligne.id, local("facture-emise", REGLEMENT, phrase, false))).collect())
}

#[derive(Debug, FromRow)]
struct Encaissement {
    id: Uuid,
    etat: String,
    /// Cents.
    total: i64,
    /// Cents.
    somme: i64,
}

/// What stands against payments: an invoice that was issued, and no more than it asks.
pub(super) async fn juge_encaissements(
    lecture: &mut Lecture<'_>,
    acte: &Acte<'_>,
) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let lus: Vec<Encaissement> = lecture.lignes(include_str!("sql/encaissements_juges.sql"), acte.ids).await?;
    let juge = |lu: &Encaissement| {
        if !matches!(lu.etat.as_str(), "emise" | "payee") {
            let phrase = "Seule une facture émise s'encaisse : émettez-la d'abord.";
            return Some(local("encaissement-facture", REGLEMENT, phrase, false));
        }
        let (bas, haut) = (lu.total.min(0), lu.total.max(0));
        (lu.somme < bas || lu.somme > haut).then(|| {
            let phrase = format!(
                "Les encaissements de cette pièce feraient {}, et elle est de {}.",
                euros(lu.somme),
                euros(lu.total)
            );
            local("encaissement-total", REGLEMENT, phrase, false)
        })
    };
    Ok(lus.iter().filter_map(|lu| Some((lu.id, juge(lu)?))).collect())
}

fn refus(piece: &Piece) -> Option<Manquement> {
    let non = |message: String| Some(local("facture-avoir", REGLEMENT, message, false));
    match (piece.genre.as_str(), piece.origine.as_deref()) {
        ("facture", _) if piece.total <= 0 => {
            non("Une facture demande une somme positive : pour rendre de l'argent, faites un avoir.".to_owned())
        }
        ("avoir", _) if piece.total >= 0 => non("Un avoir se compose de montants négatifs.".to_owned()),
        ("avoir", _) if piece.retrocession.is_some_and(|rembourse| -piece.total > rembourse) => non(format!(
            "L'avoir ({}) dépasse le remboursement de la rétrocession ({}).",
            euros(-piece.total),
            euros(piece.retrocession.unwrap_or_default())
        )),
        ("avoir", None) if piece.retrocession.is_some() => None,
        ("avoir", Some("emise" | "payee" | "soldee")) if -piece.rendu > piece.origine_total => non(format!(
            "Les avoirs de cette facture feraient {}, et elle est de {}.",
            euros(-piece.rendu),
            euros(piece.origine_total)
        )),
        ("avoir", Some("emise" | "payee" | "soldee")) => None,
        ("avoir", _) => non("Un avoir corrige une facture émise : choisissez-la.".to_owned()),
        _ => None,
    }
}
