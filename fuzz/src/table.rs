//! Tables: the first byte says the format, the rest is the file.

use std::path::Path;

use finage_import::{
    ImportError, Limites, Options, geometrie_gpkg, ouvrir, verifie_dump, verifie_dxf, verifie_geojson,
};

/// Reads an input and checks what every table promises.
pub fn run(input: &[u8]) {
    let Some((&format, octets)) = input.split_first() else { return };
    match format {
        b'c' => fichier("essai.csv", octets),
        b'g' => refus(verifie_geojson(octets)),
        b's' => refus(verifie_dump(octets)),
        b'd' => refus(verifie_dxf(octets)),
        b'b' => binaire(octets),
        // Archives and what else the first bytes recognise.
        b'z' => fichier("essai", octets),
        _ => {}
    }
}

fn refus<T>(lu: Result<T, ImportError>) {
    if let Err(erreur) = lu {
        let phrase = erreur.to_string();
        assert!(phrase.ends_with('.') && phrase.chars().count() < 800, "{phrase}");
    }
}

/// Bytes that are EWKB stay it.
fn binaire(octets: &[u8]) {
    for lue in [geometrie_gpkg(octets, Some(2154)), finage_import::ewkb(octets, None).map(Some)] {
        if let Ok(Some(ewkb)) = lue {
            assert_eq!(finage_import::ewkb(&ewkb, None).ok(), Some(ewkb));
        }
    }
}

/// Rows have as many cells as columns, and are in the order of the file.
fn fichier(nom: &str, octets: &[u8]) {
    let path = std::env::temp_dir().join(format!("finage-fuzz-table-{}", std::process::id()));
    if std::fs::write(&path, octets).is_err() {
        return;
    }
    let limites = Limites { decompresse: 8 << 20, memoire: 8 << 20, lignes: 10_000, ..Limites::default() };
    refus(lit(&path, nom, &Options { limites, ..Options::default() }));
    // Scratch only: the next input takes its place.
    let _ = std::fs::remove_file(&path);
}

fn lit(path: &Path, nom: &str, options: &Options) -> Result<(), ImportError> {
    let classeur = ouvrir(path, nom, options)?;
    for (rang, feuille) in classeur.feuilles.iter().enumerate() {
        for ligne in classeur.lire(rang)? {
            match ligne {
                Ok(ligne) => assert_eq!(ligne.valeurs.len(), feuille.colonnes.len()),
                Err(erreur) => refus(Err::<(), _>(erreur)),
            }
        }
    }
    Ok(())
}
