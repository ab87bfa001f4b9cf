//! `/fonds/{id}.pmtiles`: a PMTiles file of this machine, by ranges.

use std::io::SeekFrom;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::problem::Problem;
use super::state::App;

/// Bytes answered at most for one range.
const MAX_RANGE: u64 = 16 << 20;

/// Bytes of a configured PMTiles file. Only files named in the configuration can be asked for.
///
/// # Errors
/// 404 for an unknown background or a missing file, 416 semantics as 400 for a range that is none.
pub async fn pmtiles(
    State(app): State<App>,
    Path(file): Path<String>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("Ce fond de plan n'est pas configuré.");
    let id = file.strip_suffix(".pmtiles").ok_or_else(unknown)?;
    let path = app
        .config()
        .fonds
        .iter()
        .find(|fond| fond.id == id)
        .and_then(|fond| fond.fichier.clone())
        .ok_or_else(unknown)?;
    let missing = |_| Problem::not_found("Le fichier de ce fond de plan est introuvable sur le serveur.");
    let mut archive = tokio::fs::File::open(&path).await.map_err(missing)?;
    let size = archive.metadata().await.map_err(missing)?.len();
    let (start, end) = range(&request, size)
        .ok_or_else(|| Problem::bad_request("Un fond PMTiles se lit par plages : « Range: bytes=début-fin »."))?;
    archive.seek(SeekFrom::Start(start)).await.map_err(missing)?;
    let length = end - start + 1;
    let mut bytes = Vec::new();
    archive.take(length).read_to_end(&mut bytes).await.map_err(missing)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_RANGE, format!("bytes {start}-{end}/{size}")),
        (header::CACHE_CONTROL, "public, max-age=3600".to_owned()),
    ];
    Ok((StatusCode::PARTIAL_CONTENT, headers, Body::from(bytes)).into_response())
}

/// The one range asked for, inclusive, within the file and the bound.
fn range(request: &HeaderMap, size: u64) -> Option<(u64, u64)> {
    let asked = request.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (start, end) = asked.split_once('-')?;
    let start: u64 = start.parse().ok()?;
    let end: u64 = if end.is_empty() { size.checked_sub(1)? } else { end.parse().ok()? };
    let end = end.min(size.checked_sub(1)?);
    (start <= end && end - start < MAX_RANGE).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stay_within_the_file() {
        let ask =
            |value: &'static str| HeaderMap::from_iter([(header::RANGE, header::HeaderValue::from_static(value))]);
        assert_eq!(range(&ask("bytes=0-16383"), 20_000), Some((0, 16_383)));
        assert_eq!(range(&ask("bytes=10-99999"), 100), Some((10, 99)));
        assert_eq!(range(&ask("bytes=100-200"), 100), None);
        assert_eq!(range(&ask("bytes=0-1,5-6"), 100), None);
        assert_eq!(range(&HeaderMap::new(), 100), None);
    }
}
