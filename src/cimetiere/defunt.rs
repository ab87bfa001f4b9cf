//! Where the dead rest, and since when: what follows from their stays.

use serde_json::{Map, json};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

use crate::modules::crochet::{Calculees, Lecture};

#[derive(Debug, FromRow)]
struct Repos {
    id: Uuid,
    emplacement: Option<Uuid>,
    inhume_le: Option<Date>,
    inhume_annee: Option<i32>,
}

/// The place where each rests today, the day and the year of the first burial.
pub(super) async fn calcule(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Calculees> {
    let repos: Vec<Repos> = lecture.lignes(include_str!("sql/repos.sql"), ids).await?;
    let champs = |un: Repos| {
        let mut champs = Map::new();
        champs.insert("emplacement".to_owned(), json!(un.emplacement));
        champs.insert("inhume_le".to_owned(), json!(un.inhume_le.map(|date| date.to_string())));
        champs.insert("inhume_annee".to_owned(), json!(un.inhume_annee));
        (un.id, champs)
    };
    Ok(repos.into_iter().map(champs).collect())
}
