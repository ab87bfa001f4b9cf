//! Draws parcels of the sample town: `cargo run -p finage-print --example extrait -- out 99102 A4 portrait 500 3 12`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example stops at once")]

mod common;

use finage_print::{Demande, Document, DocumentInfo, Echelle, proposer, svg};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, insee, format, orientation, scale, ranks @ ..] = arguments.as_slice() else {
        println!("extrait OUT INSEE FORMAT|- ORIENTATION|- ECHELLE|- RANG...");
        return;
    };
    let lots = common::lots(insee);
    let plan = common::plan(&lots);
    let ranks: Vec<usize> = ranks.iter().map(|rank| rank.parse().unwrap()).collect();
    let srid = lots[0].srid;
    let extrait = common::extrait(&lots, plan, srid, &ranks);
    let demande = Demande {
        format: format.parse().ok(),
        orientation: orientation.parse().ok(),
        echelle: scale.parse::<u32>().ok().map(|scale| Echelle::try_from(scale).unwrap()),
    };
    let mise = proposer(extrait.etendue().unwrap(), demande).unwrap();
    println!("{mise}, EPSG:{srid}, {} parcelles", extrait.plan.parcelles.len());
    let mut document = Document::new(DocumentInfo::default()).unwrap();
    document.ajoute(&extrait, mise).unwrap();
    std::fs::write(format!("{out}.pdf"), document.finish().unwrap()).unwrap();
    std::fs::write(format!("{out}.svg"), svg(&extrait, 640, 480).unwrap()).unwrap();
}
