//! The stage: rows of the file beside those of the table, for as long as the transaction.

use serde_json::Value;
use sqlx::{FromRow, Postgres, QueryBuilder};
use uuid::Uuid;

use super::{Ecriture, ErreurImport, Issue, LOT, Ligne, rang};
use crate::access::droits::{Champ, Genre};
use crate::modules::import::Rejet;
use crate::modules::import::lecture::LigneLue;
use crate::modules::import::liaison::Place;

/// Bytes of the geometries staged at once.
const OCTETS: usize = 16 << 20;

/// What a staged line is known by.
#[derive(Debug, FromRow)]
struct Reconnue {
    ligne: i64,
    /// The line of the same key before it.
    avant: Option<i64>,
    vivantes: i64,
    archivees: i64,
    id: Option<Uuid>,
}

/// A side of the comparison of keys.
#[derive(Debug, Clone, Copy)]
enum Cote {
    Fichier,
    Table,
}

impl Ecriture<'_> {
    /// Stages rows; gives their lines.
    pub(super) async fn pose(&mut self, lues: Vec<LigneLue>) -> Result<Vec<i64>, ErreurImport> {
        sqlx::query(include_str!("../sql/etape.sql")).execute(&mut **self.tx).await?;
        let registre = self.plan.liaison.modele.registre.as_ref();
        let mut ordre = Vec::with_capacity(lues.len());
        let mut lues = lues.into_iter().peekable();
        while lues.peek().is_some() {
            let (mut lignes, mut champs, mut ids) = (Vec::new(), Vec::new(), Vec::new());
            let (mut avec_cle, mut insee, mut brutes, mut octets) = (Vec::new(), Vec::new(), Vec::new(), 0);
            while lignes.len() < LOT && octets < OCTETS {
                let Some(lue) = lues.next() else { break };
                let (ligne, id) = (rang(lue.numero), Uuid::new_v4());
                let numero = registre.and_then(|registre| lue.champs.get(registre.champ)?.as_str().map(str::to_owned));
                self.lignes.insert(ligne, Ligne { id, nouvelle: true, numero });
                ordre.push(ligne);
                lignes.push(ligne);
                champs.push(Value::Object(lue.champs));
                ids.push(id);
                avec_cle.push(lue.avec_cle);
                insee.push(lue.insee);
                octets += lue.geometrie.as_ref().map_or(0, Vec::len);
                brutes.push(lue.geometrie);
            }
            sqlx::query(include_str!("../sql/poser.sql"))
                .bind(lignes)
                .bind(champs)
                .bind(ids)
                .bind(avec_cle)
                .bind(insee)
                .bind(brutes)
                .execute(&mut **self.tx)
                .await?;
        }
        sqlx::query("analyze import_etape").execute(&mut **self.tx).await?;
        Ok(ordre)
    }

    /// Brings geometries to the system and the kind of their column; those that it does not take are rejected.
    pub(super) async fn situe(&mut self, lot: &[i64]) -> Result<Issue, ErreurImport> {
        let place = self.plan.liaison.place;
        let (Some(geometrie), true) = (self.plan.liaison.modele.geometrie, place != Place::Aucune) else {
            return Ok(Issue::default());
        };
        let srid = match place {
            Place::Fichier(srid) => srid.and_then(|srid| i32::try_from(srid).ok()).unwrap_or_default(),
            _ => 0,
        };
        sqlx::query(include_str!("../sql/situer.sql"))
            .bind(lot)
            .bind(srid)
            .bind(geometrie.genre)
            .execute(&mut **self.tx)
            .await?;
        let fautives: Vec<(i64, String)> = sqlx::query_as(include_str!("../sql/mal_situees.sql"))
            .bind(lot)
            .bind(geometrie.genre)
            .fetch_all(&mut **self.tx)
            .await?;
        let rejets = fautives.into_iter().map(|(ligne, motif)| self.rejet(ligne, "", &motif)).collect();
        Ok(Issue { rejets, ..Issue::default() })
    }

    /// Knows rows again by their key; gives the lines to write.
    pub(super) async fn reconnait(&mut self, lignes: Vec<i64>) -> Result<Vec<i64>, ErreurImport> {
        if self.plan.liaison.cles.is_empty() {
            return Ok(lignes);
        }
        let reconnues = self.reconnues(&lignes).await?;
        let mut a_ecrire: std::collections::BTreeSet<i64> = lignes.into_iter().collect();
        let (mut connues, mut ids) = (Vec::new(), Vec::new());
        for reconnue in reconnues {
            let ligne = reconnue.ligne;
            let motif = match (reconnue.avant, reconnue.vivantes, reconnue.archivees) {
                (Some(avant), ..) => Some(format!("la clé est déjà celle de la ligne {avant}")),
                (None, 0, 0) => continue,
                (None, 0, _) => {
                    self.bilan.archivees += 1;
                    a_ecrire.remove(&ligne);
                    continue;
                }
                (None, 1, _) => None,
                (None, plusieurs, _) => Some(format!("{plusieurs} fiches ont déjà cette clé ; précisez-la")),
            };
            if let Some(motif) = motif {
                a_ecrire.remove(&ligne);
                let rejet = Rejet::new(u64::try_from(ligne).unwrap_or_default(), None, None, motif);
                self.rejets.push(rejet);
            } else if let (Some(id), Some(connue)) = (reconnue.id, self.lignes.get_mut(&ligne)) {
                (connue.id, connue.nouvelle) = (id, false);
                connues.push(ligne);
                ids.push(id);
            }
        }
        sqlx::query(
            "update import_etape e set id = u.id, nouvelle = false from unnest($1::bigint[], $2::uuid[]) u (ligne, id)
            where e.ligne = u.ligne",
        )
        .bind(connues)
        .bind(ids)
        .execute(&mut **self.tx)
        .await?;
        Ok(a_ecrire.into_iter().collect())
    }

    async fn reconnues(&mut self, lignes: &[i64]) -> sqlx::Result<Vec<Reconnue>> {
        let liaison = &self.plan.liaison;
        let mut requete = QueryBuilder::new("with f as (select e.ligne, ");
        pousse_cle(&liaison.cles, Cote::Fichier, &mut requete);
        requete.push(" as cle from import_etape e where e.avec_cle and e.ligne = any (").push_bind(lignes.to_vec());
        requete.push(")), t as (select ");
        pousse_cle(&liaison.cles, Cote::Table, &mut requete);
        requete.push(" as cle, count(*) filter (where o.archivee_le is null) as vivantes, ");
        requete.push("count(*) filter (where o.archivee_le is not null) as archivees, ");
        requete.push("(array_agg(o.id) filter (where o.archivee_le is null))[1] as id from ");
        requete
            .push(liaison.modele.relation())
            .push(" o where o.collectivite = (select acces.ma_collectivite()) group by 1)");
        requete.push(
            " select f.ligne, nullif(first_value(f.ligne) over (partition by f.cle order by f.ligne), f.ligne) as avant,
                coalesce(t.vivantes, 0) as vivantes, coalesce(t.archivees, 0) as archivees, t.id
            from f left join t on t.cle = f.cle order by f.ligne",
        );
        requete.build_query_as().fetch_all(&mut **self.tx).await
    }
}

/// Adds the fields of a key as one text, the same whatever side writes it.
fn pousse_cle(cles: &[&'static Champ], cote: Cote, requete: &mut QueryBuilder<Postgres>) {
    for (rang, champ) in cles.iter().enumerate() {
        requete.push(if rang == 0 { "coalesce(" } else { " || e'\\x1f' || coalesce(" });
        let (avant, apres) = match champ.genre {
            Genre::Entier | Genre::Decimal => ("trim_scale((", ")::numeric)::text"),
            Genre::Date => ("(", ")::date::text"),
            Genre::Booleen => ("(", ")::boolean::text"),
            Genre::Instant => ("(", ")::timestamptz::text"),
            _ => ("(", ")::text"),
        };
        requete.push(avant);
        match cote {
            Cote::Fichier => requete.push("e.champs ->> '").push(champ.nom).push("'"),
            Cote::Table => requete.push("o.\"").push(champ.nom).push("\""),
        };
        requete.push(apres).push(", '')");
    }
}
