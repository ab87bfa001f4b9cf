//! How each object is drawn: the colours of the map of the site, and marks that a grey print still tells apart.

use crate::drawing::{Couleur, Style};

pub(crate) const NOIR: Couleur = [0x1d, 0x1d, 0x1d];
pub(crate) const GRIS: Couleur = [0x5a, 0x5a, 0x5a];
pub(crate) const BLANC: Couleur = [0xff, 0xff, 0xff];

const JAUNE: Couleur = [0xff, 0xe9, 0x8a];
const ROUGE: Couleur = [0xa8, 0x12, 0x3e];
const OCRE: Couleur = [0x9a, 0x68, 0x1c];
const BLEU: Couleur = [0x1f, 0x6f, 0x9e];

/// Colour of a subject's number.
pub(crate) const NUMERO_SUJET: Couleur = [0x8a, 0x06, 0x2c];
pub(crate) const NUMERO: Couleur = NOIR;
pub(crate) const SECTION_NOM: Couleur = [0xb0, 0x10, 0x6e];
pub(crate) const VOIE_NOM: Couleur = [0x4a, 0x42, 0x39];
pub(crate) const LIEU_DIT_NOM: Couleur = [0x3c, 0x5c, 0x2a];
pub(crate) const EAU_NOM: Couleur = BLEU;
pub(crate) const VOIRIE: Couleur = [0x5a, 0x4a, 0x86];
pub(crate) const AUTRE_NOM: Couleur = GRIS;

pub(crate) const EAU: Style = Style { stroke: Some([0x4d, 0x9c, 0xc7]), width: 0.4, ..Style::fill([0xcf, 0xe7, 0xf4]) };
pub(crate) const EAU_LIGNE: Style = Style::line(BLEU, 0.5);
pub(crate) const VOIE: Style = Style::fill([0xf1, 0xef, 0xec]);
pub(crate) const VOIE_LIGNE: Style = Style::line([0x8d, 0x86, 0x7d], 0.4).dashed(&[5.0, 2.5]);
pub(crate) const SUJET: Style = Style::fill(JAUNE);
pub(crate) const SUJET_CONTOUR: Style = Style::line(ROUGE, 1.7);
pub(crate) const SUJET_HALO: Style = Style::line(BLANC, 3.0);
pub(crate) const PARCELLE: Style = Style::line(NOIR, 0.35);
pub(crate) const PARCELLE_HALO: Style = Style::line(BLANC, 1.2);
pub(crate) const DUR: Style = Style::fill([0xf7, 0xd9, 0x9f]);
pub(crate) const DUR_CONTOUR: Style = Style::line(OCRE, 0.45);
pub(crate) const DUR_HACHURES: Style = Style::line([0xc9, 0x98, 0x50], 0.25);
pub(crate) const LEGER: Style = Style::fill([0xfd, 0xf3, 0xdd]);
pub(crate) const LEGER_CONTOUR: Style = Style::line(OCRE, 0.4).dashed(&[2.2, 1.4]);
pub(crate) const DETAIL: Style = Style::line([0x6d, 0x6d, 0x6d], 0.3);
pub(crate) const SECTION: Style = Style::line([0xc0, 0x15, 0x7a], 1.0).dashed(&[9.0, 2.2, 1.5, 2.2]);
pub(crate) const FEUILLE: Style = Style::line([0x7a, 0x4f, 0x95], 0.8).dashed(&[5.0, 2.5]);
pub(crate) const COMMUNE: Style = Style::line([0x22, 0x22, 0x22], 1.3).dashed(&[9.0, 2.5, 1.3, 2.5, 1.3, 2.5]);
pub(crate) const COMMUNE_HALO: Style = Style::line([0xf3, 0xe4, 0xb0], 4.0);
pub(crate) const SYMBOLE: Style = Style::line(NOIR, 0.5);
pub(crate) const RAPPEL: Style = Style::line(NUMERO_SUJET, 0.5);
pub(crate) const CROIX: Style = Style::line([0x30, 0x30, 0x30], 0.35);
pub(crate) const CADRE: Style = Style::line(NOIR, 0.9);

/// Opacity of surfaces over a background picture.
pub(crate) const SUR_FOND: f32 = 0.35;
/// Between two hatches of a solid building, in points.
pub(crate) const PAS_HACHURES: f64 = 3.2;

/// Width of the white line around a text of that size: half of it is seen, a limit close by is not hidden.
pub(crate) fn halo(size: f64, unit: f64) -> f64 {
    (size * 0.22).min(1.8 * unit)
}
