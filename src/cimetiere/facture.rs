//! Credit notes: never more than the invoice that they correct.

use sqlx::FromRow;
use uuid::Uuid;

use super::local;
use crate::modules::crochet::{Acte, Geste, Lecture, Manquement};

#[derive(Debug, FromRow)]
struct Piece {
    id: Uuid,
    genre: String,
    /// Cents.
    total: i64,
    origine: Option<String>,
    origine_total: i64,
    rendu: i64,
}

/// What stands against issuing invoices and credit notes.
pub(super) async fn juge(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    if acte.geste != Geste::Franchir("emettre") {
        return Ok(Vec::new());
    }
    let pieces: Vec<Piece> = lecture.lignes(include_str!("sql/acomptes.sql"), acte.ids).await?;
    Ok(pieces.into_iter().filter_map(|piece| Some((piece.id, refus(&piece)?))).collect())
}

fn refus(piece: &Piece) -> Option<Manquement> {
    let non = |message: String| Some(local("facture-avoir", "réglage de la facturation", message, false));
    match (piece.genre.as_str(), piece.origine.as_deref()) {
        ("facture", _) if piece.total <= 0 => {
            non("Une facture demande une somme positive : pour rendre de l'argent, faites un avoir.".to_owned())
        }
        ("avoir", _) if piece.total >= 0 => non("Un avoir se compose de montants négatifs.".to_owned()),
        ("avoir", Some("emise" | "payee")) if -piece.rendu > piece.origine_total => non(format!(
            "Les avoirs de cette facture feraient {} €, et elle est de {} €.",
            euros(-piece.rendu),
            euros(piece.origine_total)
        )),
        ("avoir", Some("emise" | "payee")) => None,
        ("avoir", _) => non("Un avoir corrige une facture émise : choisissez-la.".to_owned()),
        _ => None,
    }
}

/// Cents, as people write euros.
fn euros(centimes: i64) -> String {
    format!("{},{:02}", centimes / 100, centimes.rem_euclid(100))
}
