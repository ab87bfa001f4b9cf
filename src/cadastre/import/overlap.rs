//! Parcels that cover one another: imported as they are, and told.

use sqlx::{PgConnection, Row as _};

use super::ImportError;
use super::report::{Anomalie, Report, Traitement};

/// Parcels beyond which overlaps are not looked for: a département's file is a coverage already checked at its source.
const LOOKED_FOR: i64 = 50_000;
/// Area in square metres under which an overlap is the drawing's own imprecision.
const TOLERANCE_M2: f64 = 1.0;

/// Lists the overlaps that new and redrawn parcels make.
pub(super) async fn tell(connection: &mut PgConnection, report: &mut Report) -> Result<(), ImportError> {
    let fresh: i64 = sqlx::query_scalar(
        "select count(*) from stage_diff where couche = 'parcelle' and sort in ('ajoute', 'modifie')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if fresh == 0 {
        return Ok(());
    }
    if fresh > LOOKED_FOR {
        report.recouvrements_cherches = false;
        return Ok(());
    }
    let rows = sqlx::query(include_str!("../sql/overlaps.sql")).bind(TOLERANCE_M2).fetch_all(connection).await?;
    for row in rows {
        let (autre, surface): (String, f64) = (row.get("autre"), row.get("surface"));
        report.anomalie(Anomalie {
            fichier: report.only_file(),
            couche: "parcelle".into(),
            objet: row.get("idu"),
            motif: format!("recouvre la parcelle {autre} sur {surface:.0} m²"),
            traitement: Traitement::Signale,
        });
    }
    Ok(())
}
