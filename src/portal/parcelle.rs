//! `/parcelle/{idu}`: everything the plan says of a parcel, as text.

use std::fmt::Write as _;

use askama::Template;

use super::Cadre;
use super::nombres::{accord, contenance, date, decimal, ecart, entier, longueur, surface};
use crate::cadastre::parcelle::{Parcelle, PointEn, Voisin};
use crate::config::Fond;
use crate::spatial::cc;

/// Neighbours and addresses named in the picture's text; the page lists them all.
const NAMED: usize = 8;
/// Sides in the order in which one looks around.
const SIDES: [&str; 8] = ["nord", "nord-est", "est", "sud-est", "sud", "sud-ouest", "ouest", "nord-ouest"];
/// Scales offered for extracts, denominators.
pub const SCALES: [u32; 8] = [200, 250, 500, 1000, 1250, 2000, 2500, 5000];

/// The page of a parcel.
#[derive(Debug, Template)]
#[template(path = "parcelle.html")]
pub struct ParcellePage<'a> {
    cadre: Cadre<'a>,
    parcelle: &'a Parcelle,
    /// Identifier of the section, 10 characters.
    section_id: String,
    contenance: Option<Contenance>,
    surface: String,
    resume: String,
    alternative: String,
    identite: Vec<Fait>,
    plan: Vec<Fait>,
    points: Vec<Point>,
    batiments: Vec<Batiment>,
    emprise: Option<String>,
    voisins: Vec<Voisine>,
    echelles: Vec<(u32, String)>,
    /// Backgrounds that can be printed.
    fonds: &'a [&'a Fond],
    taille: (u32, u32),
}

#[derive(Debug)]
struct Contenance {
    hectares: String,
    metres: String,
    ecart: String,
}

/// A named fact.
#[derive(Debug)]
struct Fait {
    nom: &'static str,
    valeur: String,
}

#[derive(Debug)]
struct Point {
    systeme: String,
    premiere: String,
    seconde: String,
}

#[derive(Debug)]
struct Batiment {
    libelle: String,
    sur_parcelle: String,
    total: String,
}

#[derive(Debug)]
struct Voisine {
    idu: String,
    reference: String,
    cote: String,
    contact: String,
}

impl<'a> ParcellePage<'a> {
    /// Title of the page.
    #[must_use]
    pub fn titre(parcelle: &Parcelle) -> String {
        format!("Parcelle {}, {}", parcelle.reference, parcelle.commune.nom)
    }

    /// The page; `points` as [`crate::cadastre::parcelle::points`] gives them, `fonds` that can be printed, `taille` of the
    /// plan in pixels.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        parcelle: &'a Parcelle,
        points: &[PointEn],
        fonds: &'a [&'a Fond],
        taille: (u32, u32),
    ) -> Self {
        let mut voisins: Vec<&Voisin> = parcelle.voisins.iter().collect();
        voisins.sort_by_key(|voisin| SIDES.iter().position(|side| *side == voisin.cote));
        Self {
            section_id: parcelle.idu.chars().take(10).collect(),
            contenance: parcelle.contenance_m2.map(|m2| Contenance {
                hectares: contenance(m2),
                metres: surface(m2.into()),
                ecart: ecart(parcelle.surface_m2 - f64::from(m2)),
            }),
            surface: surface(parcelle.surface_m2),
            resume: resume(parcelle),
            alternative: alternative(parcelle, &voisins),
            identite: identite(parcelle),
            plan: plan(parcelle),
            points: points.iter().copied().map(point).collect(),
            batiments: parcelle
                .batiments
                .iter()
                .map(|batiment| Batiment {
                    libelle: batiment
                        .nom
                        .as_ref()
                        .map_or_else(|| batiment.libelle.clone(), |nom| format!("{} ({nom})", batiment.libelle)),
                    sur_parcelle: surface(batiment.surface_sur_parcelle_m2),
                    total: surface(batiment.surface_m2),
                })
                .collect(),
            emprise: (!parcelle.batiments.is_empty()).then(|| surface(parcelle.emprise_batie_m2)),
            voisins: voisins
                .iter()
                .map(|voisin| Voisine {
                    idu: voisin.idu.clone(),
                    reference: voisin.reference.clone(),
                    cote: voisin.cote.clone(),
                    contact: longueur(voisin.contact_m),
                })
                .collect(),
            echelles: SCALES.iter().map(|&scale| (scale, format!("1/{}", entier(scale.into())))).collect(),
            fonds,
            taille,
            parcelle,
            cadre,
        }
    }
}

fn oui_non(value: bool) -> String {
    if value { "oui" } else { "non" }.to_owned()
}

fn identite(parcelle: &Parcelle) -> Vec<Fait> {
    let mut faits = vec![
        Fait { nom: "Référence", valeur: parcelle.reference.clone() },
        Fait { nom: "Identifiant", valeur: parcelle.idu.clone() },
        Fait { nom: "Numéro", valeur: parcelle.numero.clone() },
    ];
    if parcelle.prefixe != "000" {
        faits.push(Fait { nom: "Préfixe de section", valeur: parcelle.prefixe.clone() });
    }
    if let Some(ancienne) = &parcelle.ancienne_commune {
        let nom = ancienne.nom.as_deref().unwrap_or("nom inconnu");
        faits.push(Fait { nom: "Ancienne commune", valeur: format!("{nom} ({})", ancienne.insee) });
    }
    faits.push(Fait {
        nom: "Arpentée",
        valeur: parcelle.arpentee.map_or_else(|| "non précisé par les fichiers".to_owned(), oui_non),
    });
    if let Some(figuree) = parcelle.figuree {
        faits.push(Fait { nom: "Figurée au plan", valeur: oui_non(figuree) });
    }
    faits
}

fn plan(parcelle: &Parcelle) -> Vec<Fait> {
    let mut faits = Vec::new();
    if let Some(feuille) = &parcelle.feuille {
        faits.push(Fait { nom: "Feuille", valeur: format!("{} ({})", feuille.numero, feuille.id) });
        if let Some(echelle) = feuille.echelle {
            faits.push(Fait { nom: "Échelle d'origine", valeur: format!("1/{}", entier(echelle.into())) });
        }
        if let Some(qualite) = &feuille.qualite {
            faits.push(Fait { nom: "Qualité du plan", valeur: qualite.libelle.clone() });
        }
        if let Some(confection) = &feuille.confection {
            faits.push(Fait { nom: "Confection", valeur: confection.libelle.clone() });
        }
    }
    let source = match parcelle.source.as_deref() {
        Some("edigeo") => "Plan cadastral informatisé, fichiers EDIGÉO (DGFiP)",
        Some("etalab") => "Plan cadastral informatisé, fichiers GeoJSON (DGFiP, Etalab)",
        _ => "non précisée",
    };
    faits.push(Fait { nom: "Source", valeur: source.to_owned() });
    let inconnu = || "non précisé par les fichiers".to_owned();
    faits.push(Fait { nom: "Millésime du plan", valeur: parcelle.millesime.map_or_else(inconnu, date) });
    if let Some(cree) = parcelle.date_creation {
        faits.push(Fait { nom: "Créée le", valeur: date(cree) });
    }
    if let Some(maj) = parcelle.date_mise_a_jour {
        faits.push(Fait { nom: "Mise à jour le", valeur: date(maj) });
    }
    faits
}

/// Degrees are given latitude first, as people read them; projected systems east first.
fn point((srid, x, y): PointEn) -> Point {
    if srid == 4326 {
        let (ns, eo) = (if y < 0.0 { "S" } else { "N" }, if x < 0.0 { "O" } else { "E" });
        return Point {
            systeme: "WGS 84 (EPSG:4326)".to_owned(),
            premiere: format!("latitude {}°\u{a0}{ns}", decimal(y.abs(), 6)),
            seconde: format!("longitude {}°\u{a0}{eo}", decimal(x.abs(), 6)),
        };
    }
    let srid = srid.unsigned_abs();
    Point {
        systeme: if srid == 2154 { "RGF93 / Lambert-93 (EPSG:2154)".to_owned() } else { cc::label(srid) },
        premiere: format!("E {}\u{202f}m", decimal(x, 2)),
        seconde: format!("N {}\u{202f}m", decimal(y, 2)),
    }
}

/// One sentence under the title.
fn resume(parcelle: &Parcelle) -> String {
    let mut text = parcelle
        .contenance_m2
        .map_or_else(|| "Contenance non renseignée".to_owned(), |m2| format!("Contenance de {}", contenance(m2)));
    let _ = write!(text, ", surface du plan de {}", surface(parcelle.surface_m2));
    if let Some(adresse) = parcelle.adresses.first() {
        let _ = write!(text, ", {}", adresse.libelle);
        if parcelle.adresses.len() > 1 {
            let _ = write!(text, " et {}", accord(parcelle.adresses.len() - 1, "autre adresse", "autres adresses"));
        }
    }
    text.push('.');
    text
}

/// What a person who does not see the plan is told of it.
fn alternative(parcelle: &Parcelle, voisins: &[&Voisin]) -> String {
    let mut text = format!(
        "Plan de la parcelle {} de {}, nord en haut, surface de {}.",
        parcelle.reference,
        parcelle.commune.nom,
        surface(parcelle.surface_m2)
    );
    let named: Vec<String> =
        voisins.iter().take(NAMED).map(|voisin| format!("{} ({})", voisin.reference, voisin.cote)).collect();
    if named.is_empty() {
        text.push_str(" Aucune parcelle ne la touche.");
    } else {
        let _ = write!(text, " Elle touche {}", named.join(", "));
        if voisins.len() > NAMED {
            let _ = write!(text, " et {}", accord(voisins.len() - NAMED, "autre parcelle", "autres parcelles"));
        }
        text.push('.');
    }
    match parcelle.batiments.len() {
        0 => text.push_str(" Aucun bâtiment n'y est dessiné."),
        n => {
            let _ = write!(
                text,
                " {} y {} {}.",
                accord(n, "bâtiment", "bâtiments"),
                if n > 1 { "couvrent" } else { "couvre" },
                surface(parcelle.emprise_batie_m2)
            );
        }
    }
    text
}
