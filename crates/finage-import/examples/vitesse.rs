//! How fast a CSV is read: `cargo run --release -p finage-import --example vitesse [lignes]`, ten columns.
#![expect(clippy::print_stdout, reason = "a measure is shown")]

use std::io::Write as _;
use std::time::Instant;

use finage_import::{Genre, Options, convertir, ouvrir};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let nombre: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |nombre| nombre.parse())?;
    let path = std::env::temp_dir().join(format!("finage-vitesse-{}.csv", std::process::id()));
    let mut fichier = std::io::BufWriter::new(std::fs::File::create(&path)?);
    writeln!(fichier, "numero;nom;prénom;rue;code;ville;né le;montant;actif;observations")?;
    for rang in 0..nombre {
        writeln!(
            fichier,
            "{rang};Durand;Éloïse;{} rue de l'Église;01234;Saint-Étienne;{:02}/05/1980;{},50;oui;\"au fond; à gauche\"",
            rang % 200,
            rang % 28 + 1,
            rang % 5_000
        )?;
    }
    fichier.into_inner()?.sync_all()?;
    let octets = std::fs::metadata(&path)?.len();
    let debut = Instant::now();
    let classeur = ouvrir(&path, "vitesse.csv", &Options::default())?;
    let ouverture = debut.elapsed();
    let avant = Instant::now();
    let lues = classeur.lire(0)?.flatten().count();
    let lecture = avant.elapsed();
    let avant = Instant::now();
    let mut converties = 0_u64;
    for ligne in classeur.lire(0)? {
        let ligne = ligne?;
        for (cellule, genre) in ligne.valeurs.iter().skip(6).zip([Genre::Date, Genre::Decimal, Genre::Booleen]) {
            convertir(cellule, genre)?;
            converties += 1;
        }
    }
    println!(
        "{lues} lignes, {} Mio : ouverture {ouverture:.2?}, lecture {lecture:.2?}, lecture et {converties} conversions {:.2?}",
        octets >> 20,
        avant.elapsed()
    );
    std::fs::remove_file(&path)?;
    Ok(())
}
