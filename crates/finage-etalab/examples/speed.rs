//! Measures the reading of one file on one core: `cargo run --release --example speed -- FILE [REPEATS]`.

use std::io::Cursor;
use std::path::Path;
use std::time::Instant;

use finage_etalab::{Item, Limits, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("donnez un fichier")?;
    let repeats: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let name = Path::new(&path).file_name().ok_or("donnez un fichier")?.to_string_lossy().into_owned();
    let stored = std::fs::read(&path)?;
    let mut json = Vec::new();
    if stored.starts_with(&[0x1f, 0x8b]) {
        std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&stored[..]), &mut json)?;
    } else {
        json.clone_from(&stored);
    }
    // One array of features, repeated, makes a file as large as wanted.
    let start = json.iter().position(|byte| *byte == b'[').ok_or("pas de liste")? + 1;
    let end = json.iter().rposition(|byte| *byte == b']').ok_or("pas de liste")?;
    let mut big = json[..start].to_vec();
    for repeat in 0..repeats {
        if repeat > 0 {
            big.push(b',');
        }
        big.extend_from_slice(&json[start..end]);
    }
    big.extend_from_slice(&json[end..]);
    let bytes = big.len();

    let begun = Instant::now();
    let mut reader = Reader::new(&name, Cursor::new(big.clone()), Limits::default())?;
    let mut raw = 0;
    while reader.next_raw()?.is_some() {
        raw += 1;
    }
    report("découpage seul", bytes, raw, begun);

    let begun = Instant::now();
    let mut reader = Reader::new(&name, Cursor::new(big), Limits::default())?;
    let (mut features, mut rejected, mut vertices) = (0, 0, 0);
    for item in reader.features() {
        match item? {
            Item::Feature(feature) => {
                features += 1;
                vertices += feature.geometry.iter().map(|polygon| polygon.exterior().0.len()).sum::<usize>();
            }
            Item::Rejected(_) => rejected += 1,
        }
    }
    report("découpage et lecture", bytes, features, begun);
    writeln(&format!("  {rejected} écartés, {vertices} sommets"));

    let begun = Instant::now();
    let mut reader = Reader::new(&name, Cursor::new(stored), Limits::default())?;
    let count = reader.features().filter(|item| matches!(item, Ok(Item::Feature(_)))).count();
    report("fichier tel quel, gzip compris (une fois)", json.len(), count, begun);
    Ok(())
}

fn report(what: &str, bytes: usize, features: usize, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a speed to be read by people")]
    let megabytes = bytes as f64 / 1e6;
    writeln(&format!(
        "{what} : {features} objets, {megabytes:.1} Mo en {seconds:.3} s, {:.0} Mo/s",
        megabytes / seconds
    ));
}

fn writeln(text: &str) {
    use std::io::Write;
    // A closed pipe is no reason to fail a measure.
    let _ = writeln!(std::io::stdout(), "{text}");
}
