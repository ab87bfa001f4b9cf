//! Serves the tiles of a folder from memory, and does nothing else: what `script/bench tiles` puts Finage beside.
//!
//! `octets FOLDER ADDRESS`: line N of FOLDER/chemins is the path of the bytes of FOLDER/N, counted from 0, compressed with gzip.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

type Tiles = Arc<HashMap<String, Bytes>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, address] = arguments.as_slice() else {
        return Err("octets DOSSIER ADRESSE".into());
    };
    let app = Router::new().fallback(tile).with_state(Arc::new(read(&PathBuf::from(folder))?));
    axum::serve(TcpListener::bind(address).await?, app).await?;
    Ok(())
}

fn read(folder: &Path) -> std::io::Result<HashMap<String, Bytes>> {
    let paths = std::fs::read_to_string(folder.join("chemins"))?;
    let tile =
        |(rank, path): (usize, &str)| Ok((path.to_owned(), std::fs::read(folder.join(rank.to_string()))?.into()));
    paths.lines().enumerate().map(tile).collect()
}

async fn tile(State(tiles): State<Tiles>, uri: Uri) -> Response {
    let Some(bytes) = tiles.get(uri.path()) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, "application/vnd.mapbox-vector-tile"), (header::CONTENT_ENCODING, "gzip")];
    (headers, bytes.clone()).into_response()
}
