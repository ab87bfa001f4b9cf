//! Around the swap: the batch, its scope, history, what is derived, what the report says.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use time::{Date, OffsetDateTime};

use super::report::{Anomalie, CommuneReport, LISTED, LayerReport, Modification, Report, Traitement};
use super::sink::Portee;
use super::table::{ALL, Table};
use super::{Batch, ImportError};
use crate::spatial::cc;
use crate::territory::search;

/// The batch row first: what the swap writes refers to it.
pub(super) async fn open_batch(
    connection: &mut PgConnection,
    batch: &Batch,
    report: &Report,
    started: OffsetDateTime,
) -> Result<(), ImportError> {
    sqlx::query(include_str!("../sql/batch_open.sql"))
        .bind(batch.id)
        .bind(&report.format)
        .bind(&report.fichiers)
        .bind(batch.millesime)
        .bind(started)
        .execute(connection)
        .await?;
    Ok(())
}

/// Records which rows the delivery replaces, and the communes it names that the COG does not.
pub(super) async fn scope(
    connection: &mut PgConnection,
    portees: &[Portee],
    batch: &Batch,
    report: &mut Report,
) -> Result<(), ImportError> {
    let communes: BTreeSet<String> = portees.iter().map(|p| p.insee.clone()).collect();
    let unknown: Vec<String> = sqlx::query_scalar(include_str!("../sql/communes_unknown.sql"))
        .bind(communes.iter().cloned().collect::<Vec<_>>())
        .fetch_all(&mut *connection)
        .await?;
    for insee in unknown {
        report.anomalie(Anomalie {
            fichier: String::new(),
            couche: "commune".into(),
            motif: "commune absente du COG : enregistrée d'après les fichiers".into(),
            objet: insee,
            traitement: Traitement::Signale,
        });
    }
    let mut rows = BTreeSet::new();
    for portee in portees {
        let feuille = portee.feuille.clone().filter(|_| !batch.whole);
        for table in ALL.into_iter().filter(|table| portee.table.is_none_or(|only| only == *table)) {
            // EDIGEO has no table of prefixes, and its sections and communes are united from all feuilles.
            let replaced = match table {
                Table::PrefixeSection => portee.table.is_some(),
                Table::Commune | Table::Section => portee.table.is_some() || batch.whole,
                _ => true,
            };
            if replaced {
                rows.insert((portee.insee.clone(), feuille.clone(), table.spec().name));
            }
        }
    }
    sqlx::query("insert into stage_portee select * from unnest($1::text[], $2::text[], $3::text[])")
        .bind(rows.iter().map(|r| r.0.clone()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.1.clone()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.2).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql("create index on stage_portee (couche, feuille); create index on stage_portee (couche, insee); analyze stage_portee")
        .execute(connection)
        .await?;
    Ok(())
}

/// Share of a commune's parcels that a delivery may remove without being told twice.
const LOSS: f64 = 0.5;

/// Refuses a delivery that would remove most of a commune: more likely a wrong or truncated file than a new plan.
pub(super) async fn refuse_losses(connection: &mut PgConnection) -> Result<(), ImportError> {
    let worst: Option<(String, i64, i64)> =
        sqlx::query_as(include_str!("../sql/losses.sql")).bind(LOSS).fetch_optional(connection).await?;
    match worst {
        None => Ok(()),
        Some((insee, lost, known)) => Err(ImportError::File(format!(
            "la livraison retirerait {lost} des {known} parcelles de la commune {insee} ; si c'est voulu, ajoutez --forcer ; rien n'a changé"
        ))),
    }
}

/// Parcels as they are before this import removes them or changes their shape or contenance.
pub(super) async fn keep_history(connection: &mut PgConnection, batch: &Batch) -> Result<(), ImportError> {
    sqlx::query(include_str!("../sql/history.sql")).bind(batch.id).execute(connection).await?;
    Ok(())
}

/// Sections and communes of EDIGEO deliveries, united from the feuilles now in place. Those that came whole from Etalab
/// stay, unless this delivery is whole too.
pub(super) async fn derive_from_feuilles(
    connection: &mut PgConnection,
    portees: &[Portee],
    batch: &Batch,
) -> Result<(), ImportError> {
    let communes: BTreeSet<&str> = portees.iter().map(|p| p.insee.as_str()).collect();
    let communes: Vec<&str> = communes.into_iter().collect();
    sqlx::raw_sql("truncate stage_section").execute(&mut *connection).await?;
    sqlx::query(include_str!("../sql/derive_sections.sql"))
        .bind(&communes)
        .bind(batch.whole)
        .execute(&mut *connection)
        .await?;
    sqlx::query(include_str!("../sql/derive_communes.sql"))
        .bind(&communes)
        .bind(batch.whole)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// Versions, deliveries, conformal zones, search index; then the counts of the report.
pub(super) async fn finish(
    connection: &mut PgConnection,
    portees: &[Portee],
    batch: &Batch,
    report: &mut Report,
) -> Result<(), ImportError> {
    let communes: BTreeMap<&str, u32> = portees.iter().map(|p| (p.insee.as_str(), p.srid)).collect();
    let insee: Vec<&str> = communes.keys().copied().collect();
    let previous = previous_millesimes(connection, &insee).await?;
    for (code, before) in &previous {
        if before.zip(batch.millesime).is_some_and(|(before, now)| now < before) {
            report.anomalie(Anomalie {
                fichier: String::new(),
                couche: "commune".into(),
                objet: code.clone(),
                motif: "le millésime livré est plus ancien que celui en place".into(),
                traitement: Traitement::Signale,
            });
        }
    }
    sqlx::query(include_str!("../sql/orphan_labels.sql")).bind(&insee).execute(&mut *connection).await?;
    for table in ALL {
        record_delivery(connection, table, batch, &communes).await?;
    }
    let touched = layers_touched(connection).await?;
    sqlx::query("update core.couche set version = version + 1 where id = any($1)")
        .bind(touched)
        .execute(&mut *connection)
        .await?;
    set_zones(connection, &insee).await?;
    sqlx::query(include_str!("../sql/commune_names.sql")).bind(&insee).execute(&mut *connection).await?;
    search::reindex(connection, &insee).await?;
    report.communes = commune_reports(connection, &insee, &previous, batch).await?;
    Ok(())
}

async fn previous_millesimes(
    connection: &mut PgConnection,
    insee: &[&str],
) -> Result<BTreeMap<String, Option<Date>>, ImportError> {
    let rows: Vec<(String, Option<Date>)> =
        sqlx::query_as("select insee, max(millesime) from cadastre.livraison where insee = any($1) and couche = 'parcelle' group by insee")
            .bind(insee)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().collect())
}

async fn record_delivery(
    connection: &mut PgConnection,
    table: Table,
    batch: &Batch,
    communes: &BTreeMap<&str, u32>,
) -> Result<(), ImportError> {
    let name = table.spec().name;
    let sql = format!(
        "insert into cadastre.livraison (insee, couche, source, millesime, srid_livre, objets, batch)
         select d.insee, '{name}', $1, $2, c.srid, coalesce(n.objets, 0), $3
         from (select insee from stage_portee where couche = '{name}' union select insee from stage_diff where couche = '{name}') d
         join unnest($4::text[], $5::integer[]) as c (insee, srid) on c.insee = d.insee
         left join (
             select insee, count(*) as objets from cadastre.{name} where insee = any($4) group by insee
         ) n on n.insee = d.insee
         on conflict (insee, couche) do update
         set source = excluded.source, millesime = excluded.millesime, srid_livre = excluded.srid_livre,
             objets = excluded.objets, batch = excluded.batch, importe_le = now()"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(batch.source)
        .bind(batch.millesime)
        .bind(batch.id)
        .bind(communes.keys().copied().collect::<Vec<_>>())
        .bind(communes.values().map(|srid| i32::try_from(*srid).unwrap_or_default()).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn layers_touched(connection: &mut PgConnection) -> Result<Vec<&'static str>, ImportError> {
    let changed: Vec<String> = sqlx::query_scalar("select distinct couche from stage_diff where sort <> 'inchange'")
        .fetch_all(connection)
        .await?;
    let layers: BTreeSet<&'static str> = ALL
        .into_iter()
        .map(Table::spec)
        .filter(|spec| changed.iter().any(|name| name == spec.name))
        .flat_map(|spec| spec.layers.iter().copied())
        .collect();
    Ok(layers.into_iter().collect())
}

/// A commune's conformal zone is that of its parcels' middle latitude, once parcels are there.
async fn set_zones(connection: &mut PgConnection, insee: &[&str]) -> Result<(), ImportError> {
    let rows =
        sqlx::query(include_str!("../sql/commune_latitudes.sql")).bind(insee).fetch_all(&mut *connection).await?;
    for row in rows {
        let (insee, srid, latitude): (String, i32, f64) = (row.get("insee"), row.get("srid"), row.get("latitude"));
        let zone = if srid == 2154 { i32::try_from(cc::zone_of_latitude(latitude)).unwrap_or(srid) } else { srid };
        sqlx::query("update core.commune set cc_srid = $2, cc_origine = 'geometrie' where insee = $1")
            .bind(insee)
            .bind(zone)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Counts by commune and layer, in one reading of the differences; then what changed in communes that were there before.
async fn commune_reports(
    connection: &mut PgConnection,
    insee: &[&str],
    previous: &BTreeMap<String, Option<Date>>,
    batch: &Batch,
) -> Result<Vec<CommuneReport>, ImportError> {
    let names: Vec<(String, String)> =
        sqlx::query_as("select insee, nom from core.commune where insee = any($1) order by insee")
            .bind(insee)
            .fetch_all(&mut *connection)
            .await?;
    let mut reports: BTreeMap<String, CommuneReport> = names
        .into_iter()
        .map(|(insee, nom)| {
            let millesime_precedent = previous.get(&insee).copied().flatten();
            (insee.clone(), CommuneReport { insee, nom, millesime_precedent, ..CommuneReport::default() })
        })
        .collect();
    for row in sqlx::query(include_str!("../sql/report_counts.sql")).fetch_all(&mut *connection).await? {
        let Some(report) = reports.get_mut(row.get::<&str, _>("insee")) else { continue };
        report.couches.push(LayerReport {
            libelle: label(row.get("couche")),
            couche: row.get("couche"),
            lus: row.get("lus"),
            ajoutes: row.get("ajoutes"),
            retires: row.get("retires"),
            modifies: row.get("modifies"),
            inchanges: row.get("inchanges"),
        });
    }
    // In a commune that is new, every parcel is: a list would say nothing.
    let known: Vec<&String> = previous.keys().collect();
    list_parcels(connection, &known, &mut reports).await?;
    if batch.source == "edigeo" && !batch.whole {
        let kept: Vec<(String, String)> = sqlx::query_as(include_str!("../sql/feuilles_conservees.sql"))
            .bind(insee)
            .fetch_all(&mut *connection)
            .await?;
        for (insee, feuille) in kept {
            reports.entry(insee).or_default().feuilles_conservees.push(feuille);
        }
    }
    Ok(reports.into_values().collect())
}

fn label(table: &str) -> String {
    ALL.into_iter().map(Table::spec).find(|spec| spec.name == table).map_or(table, |spec| spec.label).to_owned()
}

async fn list_parcels(
    connection: &mut PgConnection,
    communes: &[&String],
    reports: &mut BTreeMap<String, CommuneReport>,
) -> Result<(), ImportError> {
    let rows = sqlx::query(include_str!("../sql/report_parcels.sql"))
        .bind(communes)
        .bind(i64::try_from(LISTED).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    for row in rows {
        let Some(report) = reports.get_mut(row.get::<&str, _>("insee")) else { continue };
        let idu: String = row.get("cle");
        match row.get("sort") {
            "ajoute" => report.parcelles.ajoutees.push(idu),
            "retire" => report.parcelles.retirees.push(idu),
            _ => report.parcelles.modifiees.push(Modification { idu, quoi: row.get("quoi") }),
        }
    }
    Ok(())
}

/// The finished report, and quarantine as rows.
pub(super) async fn close_batch(
    connection: &mut PgConnection,
    batch: &Batch,
    report: &Report,
) -> Result<(), ImportError> {
    sqlx::query("update core.import_batch set rapport = $2, communes = $3, fin = clock_timestamp() where id = $1")
        .bind(batch.id)
        .bind(serde_json::to_value(report)?)
        .bind(report.communes.iter().map(|c| c.insee.clone()).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    let set_aside: Vec<&Anomalie> = report.quarantaine().collect();
    sqlx::query(include_str!("../sql/quarantine.sql"))
        .bind(batch.id)
        .bind(set_aside.iter().map(|a| a.fichier.clone()).collect::<Vec<_>>())
        .bind(set_aside.iter().map(|a| a.couche.clone()).collect::<Vec<_>>())
        .bind(set_aside.iter().map(|a| a.objet.clone()).collect::<Vec<_>>())
        .bind(set_aside.iter().map(|a| a.motif.clone()).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
