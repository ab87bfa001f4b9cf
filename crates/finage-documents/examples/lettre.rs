//! Writes a letter, and measures: `cargo run --release -p finage-documents --example lettre -- lettre.pdf [letters]`.
#![expect(clippy::print_stderr, reason = "an example speaks to who runs it")]

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

use finage_documents::{Champs, Donnee, Donnees, Entete, Gabarit};
use time::{Date, Month};

/// Arms of a town that does not exist: a wavy river under a tower.
const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 96">
<path d="M4 4h72v48c0 24-18 34-36 40C22 86 4 76 4 52z" fill="#1d3557"/>
<path d="M26 22h6v6h5v-6h6v6h5v-6h6v34H26z" fill="#f1c453"/>
<path d="M36 56V46a4 4 0 0 1 8 0v10z" fill="#1d3557"/>
<path d="M8 64q8-6 16 0t16 0 16 0 16 0" stroke="#a8dadc" stroke-width="4" fill="none"/>
<path d="M14 74q8-6 16 0t16 0 16 0" stroke="#a8dadc" stroke-width="4" fill="none"/></svg>"##;

fn groupe<const N: usize>(champs: [(&str, Donnee); N]) -> Champs {
    champs.into_iter().map(|(nom, valeur)| (nom.to_owned(), valeur)).collect()
}

fn frais(libelle: &str, quantite: i64, montant: &str) -> Donnee {
    groupe([
        ("libelle", libelle.into()),
        ("quantite", quantite.into()),
        ("montant", Donnee::Decimal(montant.to_owned())),
    ])
    .into()
}

fn champs(rang: usize) -> Result<Champs, Box<dyn Error>> {
    Ok(groupe([
        (
            "collectivite",
            groupe([
                ("nom", "Ville de Valbrume-sur-Ourche".into()),
                ("commune", "Valbrume-sur-Ourche".into()),
                ("service", "Police municipale – Objets trouvés".into()),
                ("adresse", vec!["1 place de l’Hôtel-de-Ville", "99101 Valbrume-sur-Ourche"].into()),
                ("telephone", "01 99 00 12 34".into()),
                ("courriel", "mairie@valbrume.example".into()),
                ("logo", "logo.svg".into()),
                ("logo_texte", "Blason de Valbrume-sur-Ourche".into()),
            ])
            .into(),
        ),
        (
            "destinataire",
            vec!["Madame Éloïse D’ARTAGNAN", "Résidence des Tilleuls", "12 rue du Four", "99101 VALBRUME-SUR-OURCHE"]
                .into(),
        ),
        ("civilite", "Madame".into()),
        ("agent", "Karim Benali, 01 99 00 12 40".into()),
        ("signataire", "Jeanne Lefèvre, adjointe à la tranquillité publique".into()),
        ("date", Date::from_calendar_date(2026, Month::May, 3)?.into()),
        (
            "objet",
            groupe([
                ("numero", format!("2026-{:04}", 42 + rang).into()),
                ("designation", "Parapluie noir à pommeau de bois".into()),
                ("lieu", "gare routière, quai n° 2".into()),
                ("trouve_le", Date::from_calendar_date(2026, Month::April, 1)?.into()),
                ("limite", Date::from_calendar_date(2027, Month::April, 1)?.into()),
                ("delai_mois", 12_i64.into()),
            ])
            .into(),
        ),
        (
            "frais",
            Donnee::Liste(vec![frais("Garde au-delà de trois mois", 1, "12.5"), frais("Envoi recommandé", 1, "1271")]),
        ),
        ("total", Donnee::Decimal("1283.50".to_owned())),
    ]))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let sortie = arguments.next().unwrap_or_else(|| "lettre.pdf".to_owned());
    let lettres: usize = arguments.next().map_or(Ok(100), |nombre| nombre.parse())?;
    let fichiers = BTreeMap::from([("logo.svg".to_owned(), LOGO.as_bytes().to_vec())]);
    let gabarit = Gabarit::compile(include_str!("lettre.typ"), fichiers)?;
    let entete = Entete::new(
        "Objet trouvé 2026-0042",
        "Ville de Valbrume-sur-Ourche",
        Date::from_calendar_date(2026, Month::May, 3)?,
    );

    let debut = Instant::now();
    let pdf = gabarit.rendre(&Donnees::new(entete.clone(), champs(0)?))?;
    eprintln!("première lettre : {:?}, {} octets", debut.elapsed(), pdf.len());
    std::fs::write(&sortie, pdf)?;

    let fiches = (0..lettres).map(champs).collect::<Result<Vec<_>, _>>()?;
    let debut = Instant::now();
    for fiche in &fiches {
        gabarit.rendre(&Donnees::new(entete.clone(), fiche.clone()))?;
    }
    eprintln!("{lettres} lettres une à une : {:?} chacune", debut.elapsed() / u32::try_from(lettres.max(1))?);
    let debut = Instant::now();
    let lot = gabarit.rendre_lot(&entete, fiches)?;
    eprintln!(
        "{lettres} lettres en un PDF : {:?} chacune, {} octets",
        debut.elapsed() / u32::try_from(lettres.max(1))?,
        lot.len()
    );
    Ok(())
}
