//! Reads archives or folders and prints what each lot holds: `cargo run --release --example read -- PATH...`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line example speaks on its outputs")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use finage_edigeo::{EdigeoError, Limits, Lot, Lots};

fn main() -> ExitCode {
    let start = Instant::now();
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args_os().skip(1) {
        match Lots::open(path.as_ref(), &Limits::default()) {
            Ok(lots) => {
                for lot in lots {
                    code = report(lot).unwrap_or(code);
                }
            }
            Err(error) => code = report(Err(error)).unwrap_or(code),
        }
    }
    println!("{:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    code
}

fn report(lot: Result<Lot, EdigeoError>) -> Option<ExitCode> {
    match lot {
        Ok(lot) => {
            let mut classes = BTreeMap::new();
            for object in &lot.objects {
                *classes.entry(object.class).or_insert(0) += 1;
            }
            println!("{} {} EPSG:{} {:?}", lot.source, lot.name, lot.srid, lot.edition);
            println!("  {classes:?}");
            println!("  {} écritures, {} relations", lot.labels.len(), lot.relations.len());
            for anomaly in &lot.anomalies {
                println!("  {} {anomaly}", if anomaly.is_kept { "remarque" } else { "quarantaine" });
            }
            None
        }
        Err(error) => {
            eprintln!("{error}");
            Some(ExitCode::FAILURE)
        }
    }
}
