//! What the binary carries: the COG of the npm package, compacted, and a check that the front end was built.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

const COG_PACKAGE: &str = "web/node_modules/@etalab/decoupage-administratif";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rustc-link-lib=proj");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed={COG_PACKAGE}/package.json");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    compact_cog(Path::new(COG_PACKAGE), &out.join("cog.json.gz"))?;
    if !Path::new("web/dist/index.html").exists() {
        fs::create_dir_all("web/dist")?;
        println!("cargo:warning=web/dist is empty: run « npm ci && npm run build » in web/ to embed the map");
    }
    Ok(())
}

/// Keeps the fields Finage stores, drops indentation, compresses.
fn compact_cog(package: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    let manifest = read(&package.join("package.json")).map_err(|error| {
        format!(
            "the COG is taken from the npm package in {}: run « npm ci » in web/ first ({error})",
            package.display()
        )
    })?;
    let mut whole = BTreeMap::from([("version", manifest["version"].clone())]);
    for name in ["communes", "epci", "departements"] {
        whole.insert(name, read(&package.join("data").join(format!("{name}.json")))?);
    }
    let mut encoder = GzEncoder::new(File::create(target)?, Compression::best());
    serde_json::to_writer(&mut encoder, &whole)?;
    encoder.finish()?;
    Ok(())
}

fn read(path: &Path) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_reader(BufReader::new(File::open(path)?))?)
}
