//! Search by name: streets, lieux-dits and communes that hold data, in one trigram index (`core.recherche`).
//!
//! `mots` is « ` name|commune codes` » in searched form, each word preceded by a space so that a pattern `% lav%` means
//! « a word begins with lav » and uses the index.

use finage_reference::{expand_query_words, normalise, split_address};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row as _, postgres::PgRow};

/// Words of a query that are looked at.
const MAX_WORDS: usize = 8;

/// A place found by its name; coordinates in degrees (WGS84).
#[derive(Debug, Clone)]
pub struct Place {
    /// `voie`, `lieu_dit` or `commune`.
    pub genre: String,
    /// Key in its own table: voie id, lieu-dit « insee/name », INSEE code.
    pub cle: String,
    /// Name.
    pub libelle: String,
    /// INSEE code of the commune.
    pub insee: String,
    /// Name of the commune.
    pub commune: String,
    /// First postcode of the commune.
    pub code_postal: Option<String>,
    /// Longitude and latitude.
    pub point: (f64, f64),
    /// West, south, east, north.
    pub etendue: Option<[f64; 4]>,
}

/// An address with its number.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// BAL key.
    pub cle: String,
    /// Number and suffix as written: `12 bis`.
    pub numero: String,
    /// The street.
    pub voie: Place,
    /// Longitude and latitude.
    pub point: (f64, f64),
}

/// What a name search gives.
#[derive(Debug, Clone)]
pub enum Found {
    /// An address.
    Address(Numbered),
    /// A street, lieu-dit or commune.
    Place(Place),
}

/// Places and addresses named by `text`, best first, at most `limit`; `near` (longitude, latitude) breaks ties.
///
/// # Errors
/// The database refused or timed out.
pub async fn by_name(pool: &PgPool, text: &str, near: Option<(f64, f64)>, limit: usize) -> sqlx::Result<Vec<Found>> {
    let query = split_address(text);
    let mut words = expand_query_words(&query.words);
    words.truncate(MAX_WORDS);
    let bare = words.is_empty();
    words.extend(query.code.iter().map(|code| normalise(code)));
    words.retain(|word| !word.is_empty());
    if words.is_empty() || (bare && query.numero.is_some()) {
        return Ok(Vec::new());
    }
    let wanted = i64::try_from(limit.max(1) * 2).unwrap_or(i64::MAX);
    let mut places = prefix_matches(pool, &words, near, wanted).await?;
    if places.is_empty() && words.iter().any(|word| word.len() > 3) {
        places = similar_matches(pool, &words.join(" "), near, wanted).await?;
    }
    let mut found = match query.numero {
        Some(numero) => numbered(pool, &places, numero, query.suffixe.as_deref()).await?,
        None => Vec::new(),
    };
    found.extend(places.into_iter().map(Found::Place));
    found.truncate(limit);
    Ok(found)
}

/// INSEE codes of the communes that words name; empty when they name none.
///
/// # Errors
/// The database refused or timed out.
pub async fn communes_named(pool: &PgPool, words: &[String]) -> sqlx::Result<Vec<String>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let patterns = patterns(words);
    let sql = format!(
        "select insee from core.recherche where genre = 'commune' and {} limit 50",
        conditions(patterns.len(), 0)
    );
    let mut query = sqlx::query_scalar(AssertSqlSafe(sql));
    for pattern in patterns {
        query = query.bind(pattern);
    }
    query.fetch_all(pool).await
}

const COLUMNS: &str = "r.genre, r.cle, r.libelle, r.insee, c.nom as commune, c.codes_postaux[1] as code_postal,
    st_x(st_transform(r.point, 4326)) as lon, st_y(st_transform(r.point, 4326)) as lat,
    st_xmin(b.box) as ouest, st_ymin(b.box) as sud, st_xmax(b.box) as est, st_ymax(b.box) as nord";

/// Rows looked at before ranking: enough for any useful query, a bound for « rue ».
const LOOKED_AT: u32 = 2000;

async fn prefix_matches(
    pool: &PgPool,
    words: &[String],
    near: Option<(f64, f64)>,
    limit: i64,
) -> sqlx::Result<Vec<Place>> {
    let patterns = patterns(words);
    let conditions = conditions(patterns.len(), 4);
    let sql = format!(
        "with proche as (
            select st_transform(st_setsrid(st_makepoint($1, $2), 4326), core.storage_srid()) as ici
        ), candidat as materialized (
            (select * from core.recherche where {conditions} and split_part(mots, '|', 1) like all ($4) limit {LOOKED_AT})
            union
            (select * from core.recherche where {conditions} limit {LOOKED_AT})
        ), meilleur as (
            select candidat.*,
                (select count(*) from unnest($4::text[]) p where split_part(mots, '|', 1) like p) as dans_le_nom
            from candidat, proche
            order by dans_le_nom desc,
                (split_part(mots, '|', 1) = split_part($5, '|', 1)) desc,
                (mots like $5 || '%') desc,
                array_position(array['commune', 'voie', 'lieu_dit'], genre),
                round(length(split_part(mots, '|', 1)) / 8.0),
                point <-> ici, length(mots), libelle, cle
            limit $3
        )
        select {COLUMNS}
        from meilleur r
        join core.commune c using (insee)
        cross join lateral (select st_transform(r.etendue, 4326) as box) b
        where r.dans_le_nom > 0 and r.point is not null"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(near.map(|(lon, _)| lon))
        .bind(near.map(|(_, lat)| lat))
        .bind(limit)
        .bind(patterns.clone())
        .bind(format!(" {}", words.join(" ")));
    for pattern in patterns {
        query = query.bind(pattern);
    }
    Ok(query.fetch_all(pool).await?.iter().map(place).collect())
}

/// Misspelt names: trigram word similarity.
async fn similar_matches(pool: &PgPool, text: &str, near: Option<(f64, f64)>, limit: i64) -> sqlx::Result<Vec<Place>> {
    let sql = format!(
        "with proche as (
            select st_transform(st_setsrid(st_makepoint($1, $2), 4326), core.storage_srid()) as ici
        ), meilleur as (
            select recherche.* from core.recherche, proche
            where $4 <% mots
            order by word_similarity($4, split_part(mots, '|', 1)) desc,
                array_position(array['commune', 'voie', 'lieu_dit'], genre), point <-> ici, cle
            limit $3
        )
        select {COLUMNS}
        from meilleur r
        join core.commune c using (insee)
        cross join lateral (select st_transform(r.etendue, 4326) as box) b
        where r.point is not null"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(near.map(|(lon, _)| lon))
        .bind(near.map(|(_, lat)| lat))
        .bind(limit)
        .bind(text)
        .fetch_all(pool)
        .await?;
    Ok(rows.iter().map(place).collect())
}

/// The number in each street found, in the streets' order.
async fn numbered(pool: &PgPool, places: &[Place], numero: u32, suffixe: Option<&str>) -> sqlx::Result<Vec<Found>> {
    let streets: Vec<i64> = places.iter().filter(|p| p.genre == "voie").filter_map(|p| p.cle.parse().ok()).collect();
    if streets.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(include_str!("sql/numeros.sql"))
        .bind(&streets)
        .bind(i32::try_from(numero).unwrap_or(i32::MAX))
        .bind(suffixe)
        .fetch_all(pool)
        .await?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let street: i64 = row.get("voie");
            let suffixe: String = row.get("suffixe");
            let voie = places.iter().find(|p| p.genre == "voie" && p.cle == street.to_string())?.clone();
            let numero: i32 = row.get("numero");
            Some(Found::Address(Numbered {
                cle: row.get("cle"),
                numero: if suffixe.is_empty() { numero.to_string() } else { format!("{numero} {suffixe}") },
                voie,
                point: (row.get("lon"), row.get("lat")),
            }))
        })
        .collect())
}

/// Rewrites the index entries of these communes: the communes, lieux-dits, addressed streets, and streets named on the plan
/// where no BAL was imported.
///
/// # Errors
/// The database refused.
pub async fn reindex(connection: &mut PgConnection, insee: &[&str]) -> sqlx::Result<()> {
    sqlx::query(include_str!("sql/recherche_efface.sql")).bind(insee).execute(&mut *connection).await?;
    let rows = sqlx::query(include_str!("sql/recherche_cadastre.sql")).bind(insee).fetch_all(&mut *connection).await?;
    store(connection, &rows).await
}

async fn store(connection: &mut PgConnection, rows: &[PgRow]) -> sqlx::Result<()> {
    let text = |name: &str| rows.iter().map(|row| row.get::<Option<String>, _>(name)).collect::<Vec<_>>();
    let words: Vec<String> = rows
        .iter()
        .map(|row| {
            searched(
                row.get("libelle"),
                row.get("commune"),
                row.get("insee"),
                row.get::<Vec<String>, _>("codes_postaux").as_slice(),
            )
        })
        .collect();
    sqlx::query(include_str!("sql/recherche_ecrit.sql"))
        .bind(text("genre"))
        .bind(text("cle"))
        .bind(text("libelle"))
        .bind(text("insee"))
        .bind(words)
        .bind(rows.iter().map(|row| row.get::<Option<Vec<u8>>, _>("point")).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.get::<Option<Vec<u8>>, _>("etendue")).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

/// « ` rue du lavoir|valbrume sur ourche 99101` »: abbreviations in full, words preceded by a space.
fn searched(name: &str, commune: &str, insee: &str, postcodes: &[String]) -> String {
    let words: Vec<String> = normalise(name).split(' ').map(str::to_owned).collect();
    let name = expand_query_words(&words).join(" ");
    let codes = postcodes.join(" ");
    format!(" {name}| {} {} {codes}", normalise(commune), insee.to_lowercase()).trim_end().to_owned()
}

/// LIKE patterns « a word begins with »; searched words hold only letters and digits.
fn patterns(words: &[String]) -> Vec<String> {
    words.iter().map(|word| format!("% {}%", word.replace(['%', '_', '\\'], ""))).collect()
}

/// `mots like $n and …`, numbered after `before` earlier parameters plus one.
fn conditions(count: usize, before: usize) -> String {
    let first = if before == 0 { 1 } else { before + 2 };
    (first..first + count).map(|n| format!("mots like ${n}")).collect::<Vec<_>>().join(" and ")
}

fn place(row: &PgRow) -> Place {
    let ouest: Option<f64> = row.get("ouest");
    Place {
        genre: row.get("genre"),
        cle: row.get("cle"),
        libelle: row.get("libelle"),
        insee: row.get("insee"),
        commune: row.get("commune"),
        code_postal: row.get("code_postal"),
        point: (row.get("lon"), row.get("lat")),
        etendue: ouest.map(|ouest| [ouest, row.get("sud"), row.get("est"), row.get("nord")]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_searched_by_its_full_words_and_its_commune() {
        let words = searched("Av. de l'Église", "Saint-Cyprin", "99102", &["99000".into()]);
        assert_eq!(words, " avenue de l eglise| saint cyprin 99102 99000");
    }

    #[test]
    fn parameters_are_numbered_after_the_fixed_ones() {
        assert_eq!(conditions(2, 4), "mots like $6 and mots like $7");
        assert_eq!(conditions(1, 0), "mots like $1");
    }
}
