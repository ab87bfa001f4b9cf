//! Measures a batch: `cargo run --release -p finage-print --example batch -- 200` draws as many pages of the sample town.
#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss, reason = "a measure to be read")]

mod common;

use std::time::Instant;

use finage_print::{Demande, Document, DocumentInfo, Extrait, proposer, svg};
use geo_types::Rect;

fn main() {
    let pages: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(200);
    let lots = common::lots("99101");
    let plan = common::plan(&lots);
    let extraits: Vec<(Extrait, Rect<f64>)> = (0..pages)
        .map(|rank| {
            let extrait = common::extrait(&lots, plan.clone(), lots[0].srid, &[rank % plan.parcelles.len()]);
            let bounds = extrait.etendue().unwrap();
            (extrait, bounds)
        })
        .collect();
    println!("{} parcelles et {} bâtiments donnés à chaque page", plan.parcelles.len(), plan.batiments.len());

    let start = Instant::now();
    let mut document = Document::new(DocumentInfo::default()).unwrap();
    let mut slowest = 0.0_f64;
    for (extrait, bounds) in &extraits {
        let page = Instant::now();
        document.ajoute(extrait, proposer(*bounds, Demande::default()).unwrap()).unwrap();
        slowest = slowest.max(page.elapsed().as_secs_f64() * 1000.0);
    }
    let drawn = start.elapsed().as_secs_f64() * 1000.0;
    let bytes = document.finish().unwrap().len();
    let total = start.elapsed().as_secs_f64() * 1000.0;
    println!(
        "{pages} pages : {:.1} ms par page (la plus lente {slowest:.1}), fin {:.0} ms, {} ko par page",
        drawn / pages as f64,
        total - drawn,
        bytes / pages / 1000
    );
    let start = Instant::now();
    for (extrait, _) in &extraits {
        svg(extrait, 640, 480).unwrap();
    }
    println!("svg : {:.1} ms par plan", start.elapsed().as_secs_f64() * 1000.0 / pages as f64);
}
