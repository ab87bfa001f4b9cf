//! Works and operators: who works on graves is authorised to.

use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

use super::local;
use crate::modules::crochet::{Acte, Geste, Lecture, Manquement};

/// What is known of the company of works or of an operation.
#[derive(Debug, FromRow)]
struct Intervenant {
    id: Uuid,
    nom: String,
    pompes_funebres: bool,
    habilitation: Option<String>,
    habilitation_fin: Option<Date>,
    le: Date,
}

/// What stands against works: the authorisation of their company.
pub(super) async fn juge(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    if acte.geste != Geste::Franchir("autoriser") {
        return Ok(Vec::new());
    }
    refuses(lecture, include_str!("sql/entreprises_des_travaux.sql"), acte.ids).await
}

/// The same of operations.
pub(super) async fn operateurs(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    refuses(lecture, include_str!("sql/entreprises_des_operations.sql"), ids).await
}

async fn refuses(lecture: &mut Lecture<'_>, sql: &'static str, ids: &[Uuid]) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let lus: Vec<Intervenant> = lecture.lignes(sql, ids).await?;
    Ok(lus.iter().filter_map(|lu| Some((lu.id, lu.sans_habilitation()?))).collect())
}

impl Intervenant {
    /// A mason who builds monuments needs none (L2223-19); one that was said to have it keeps it.
    fn sans_habilitation(&self) -> Option<Manquement> {
        let phrase = match (self.habilitation.as_deref(), self.habilitation_fin) {
            (_, Some(fin)) if fin < self.le => {
                format!(
                    "L'habilitation de « {} » a pris fin le {} : demandez-lui la nouvelle.",
                    self.nom,
                    super::jour(fin)
                )
            }
            (None, _) if self.pompes_funebres => {
                format!("« {} » n'a pas d'habilitation connue : demandez-la, et notez-la sur sa fiche.", self.nom)
            }
            _ => return None,
        };
        Some(local("entreprise-habilitation", "L2223-23", phrase, true))
    }
}
