//! What a cemetery must offer, and the shape of graves in the ground.

use time::Date;

use crate::manquement::Manquement;
use crate::regle::{Texte, Valeur};
use crate::regles::terrain::{ECART_COTES, ECART_TETE, LARGEUR, PROFONDEUR, SITE_CINERAIRE};

/// A grave dug in the ground, and its distances to those around; centimetres, none when not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fosse {
    /// Depth.
    pub profondeur_cm: Option<u16>,
    /// Width.
    pub largeur_cm: Option<u16>,
    /// To the nearest grave on a side.
    pub ecart_cotes_cm: Option<u16>,
    /// To the nearest grave at the head or the feet.
    pub ecart_tete_cm: Option<u16>,
}

/// What does not hold in the shape of a grave (R2223-3, R2223-4). A measure within the bounds, or none, is no fault.
///
/// ```
/// use finage_cimetiere::{Fosse, mesurer};
/// use time::macros::date;
///
/// let fosse = Fosse { profondeur_cm: Some(140), largeur_cm: Some(80), ..Fosse::default() };
/// let manquements = mesurer(&fosse, date!(2026 - 01 - 05));
/// assert_eq!(manquements.len(), 1);
/// assert_eq!(manquements[0].pourquoi, "La profondeur de la fosse est de 140 cm ; il faut de 150 à 200 cm.");
/// ```
#[must_use]
pub fn mesurer(fosse: &Fosse, le: Date) -> Vec<Manquement> {
    let mesures: [(Option<u16>, &'static Texte, &str); 4] = [
        (fosse.profondeur_cm, &PROFONDEUR, "La profondeur de la fosse"),
        (fosse.largeur_cm, &LARGEUR, "La largeur de la fosse"),
        (fosse.ecart_cotes_cm, &ECART_COTES, "L'écart sur les côtés"),
        (fosse.ecart_tete_cm, &ECART_TETE, "L'écart à la tête ou aux pieds"),
    ];
    let fautes = mesures.into_iter().filter_map(|(mesure, texte, quoi)| {
        let Valeur::Centimetres(moins, plus) = texte.au(le).valeur else { return None };
        let mesure = mesure.filter(|mesure| !(moins..=plus).contains(mesure))?;
        let bornes = if moins == plus { format!("{moins} cm") } else { format!("de {moins} à {plus} cm") };
        Some(Manquement::new(texte, le, format!("{quoi} est de {mesure} cm ; il faut {bornes}.")))
    });
    fautes.collect()
}

/// Whether a commune, or a group that has the cemeteries, lacks the cinerary site that its population calls for (L2223-1).
#[must_use]
pub fn site_cineraire(population: u32, existe: bool, le: Date) -> Option<Manquement> {
    let regle = SITE_CINERAIRE.au(le);
    let Valeur::Habitants(seuil) = regle.valeur else { return None };
    (regle.en_vigueur(le) && !existe && population >= seuil).then(|| {
        let phrase = format!(
            "À partir de {seuil} habitants, il faut un site cinéraire : un espace de dispersion qui nomme les défunts, et un columbarium ou des concessions d'urnes."
        );
        Manquement::new(&SITE_CINERAIRE, le, phrase)
    })
}
