//! Draws parcels of the sample town: `cargo run -p finage-print --example extrait -- out 99102 A4 portrait 500 3 12`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example stops at once")]

mod common;

use finage_print::{Demande, Document, DocumentInfo, Echelle, proposer, svg};
use geo_types::Rect;

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
    let mise = proposer(bounds(&extrait, &ranks), demande).unwrap();
    println!("{mise}, EPSG:{srid}, {} parcelles", extrait.plan.parcelles.len());
    let mut document = Document::new(DocumentInfo::default()).unwrap();
    document.ajoute(&extrait, mise).unwrap();
    std::fs::write(format!("{out}.pdf"), document.finish().unwrap()).unwrap();
    std::fs::write(format!("{out}.svg"), svg(&extrait, 640, 480).unwrap()).unwrap();
}

fn bounds(extrait: &finage_print::Extrait, ranks: &[usize]) -> Rect<f64> {
    let points = ranks.iter().flat_map(|rank| &extrait.plan.parcelles[*rank].geom.0).flat_map(|p| &p.exterior().0);
    let (mut min, mut max) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for point in points {
        min = [min[0].min(point.x), min[1].min(point.y)];
        max = [max[0].max(point.x), max[1].max(point.y)];
    }
    Rect::new(min, max)
}
