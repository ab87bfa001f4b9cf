//! One page: the title, the map in its frame with the coordinates around, the title block.

use std::num::NonZeroU16;

use geo_types::{Coord, Rect};
use krilla::image::Image;
use krilla::surface::Surface;
use krilla::tagging::{BBox, Tag, TagGroup};

use crate::describe;
use crate::draw;
use crate::drawing::{Chemin, Dessin, Texte};
use crate::error::PrintError;
use crate::fonts::{Fonts, Graisse};
use crate::frame::Frame;
use crate::french;
use crate::grid::Grid;
use crate::mise::{Mise, POINTS_PER_MM, Zonage};
use crate::model::Extrait;
use crate::pdf::ink::{Ink, PdfFonts, krilla_rect, picture};
use crate::pdf::title_block;
use crate::theme;

/// Half of a grid cross, in points.
const CROIX: f64 = 4.0;
/// Tick of the frame's edge, in points.
const REPERE: f64 = 3.0;
/// Size of the coordinates around the frame.
const COORDONNEE: f64 = 5.6;

/// A page whose every part is known: drawing it can't fail.
pub(super) struct Sheet<'e> {
    pub(super) extrait: &'e Extrait,
    pub(super) mise: Mise,
    frame: Frame,
    dessin: Dessin,
    fond: Option<(Image, Rect<f64>)>,
}

impl<'e> Sheet<'e> {
    /// Places everything, or says why the page can't be.
    pub(super) fn prepare(extrait: &'e Extrait, mise: Mise, fonts: &Fonts) -> Result<Self, PrintError> {
        let bounds = describe::bounds(extrait).ok_or(PrintError::SansContour)?;
        let frame = frame(mise, bounds);
        if frame.terrain.width() < bounds.width() || frame.terrain.height() < bounds.height() {
            let reference = extrait.sujets.first().map(|sujet| fonts.line(&sujet.reference, 24)).unwrap_or_default();
            return Err(PrintError::HorsCadre { reference, mise });
        }
        let fond = match &extrait.fond {
            None => None,
            Some(fond) => {
                let (north_west, south_east) = (
                    frame.place(Coord { x: fond.emprise.min().x, y: fond.emprise.max().y }),
                    frame.place(Coord { x: fond.emprise.max().x, y: fond.emprise.min().y }),
                );
                Some((picture(fond)?, Rect::new(north_west, south_east)))
            }
        };
        Ok(Self { extrait, mise, frame, dessin: draw::draw(extrait, &frame, fonts, 1.0, &[]), fond })
    }

    /// Draws the page and gives its section of the structure, and whether its table says all the subjects.
    pub(super) fn draw(self, surface: &mut Surface<'_>, fonts: &PdfFonts, page: usize) -> (TagGroup, bool) {
        let mut ink = Ink { surface, fonts };
        let mut section = TagGroup::new(Tag::Section);
        self.header(&mut ink, &mut section);
        self.map(&mut ink, &mut section, page);
        let complete = title_block::draw(&self, &mut ink, &mut section);
        (section, complete)
    }

    fn header(&self, ink: &mut Ink<'_, '_>, section: &mut TagGroup) {
        let fonts = ink.fonts.fonts;
        let zone = points(self.mise.entete_mm());
        let (left, right) = (zone.min().x, zone.max().x);
        let title = "Extrait du plan cadastral";
        let heading = ink.content(|ink| ink.text(title, left, zone.min().y + 14.0, 15.0, Graisse::Grasse, theme::NOIR));
        let level = NonZeroU16::MIN;
        let full = describe::title(self.extrait, fonts);
        section.push(TagGroup::with_children(Tag::Hn(level, Some(full)), vec![heading.into()]));

        let scale = format!("Échelle {}", self.mise.echelle);
        let width = fonts.width(&scale, Graisse::Grasse, 13.0);
        let cartouche = &self.extrait.cartouche;
        let commune = fonts.line(&cartouche.commune, 60);
        let insee = fonts.line(&cartouche.insee, 8);
        let mut words = Vec::new();
        if !commune.is_empty() {
            words.push(if insee.is_empty() { commune } else { format!("{commune} ({insee})") });
        }
        let room = right - left - 6.0;
        let head = words.first().map(|commune| format!("{commune}, ")).unwrap_or_default();
        let fits = |parcels: &str| fonts.width(&format!("{head}{parcels}"), Graisse::Normale, 10.0) <= room;
        words.push(describe::parcels_in(self.extrait, fonts, fits));
        let subtitle = fit(&words.join(", "), room, 10.0, Graisse::Normale, fonts);
        let line =
            ink.content(|ink| ink.text(&subtitle, left, zone.min().y + 29.0, 10.0, Graisse::Normale, theme::NOIR));
        section.push(TagGroup::with_children(Tag::P, vec![line.into()]));
        let line =
            ink.content(|ink| ink.text(&scale, right - width, zone.min().y + 14.0, 13.0, Graisse::Grasse, theme::NOIR));
        section.push(TagGroup::with_children(Tag::P, vec![line.into()]));
    }

    fn map(&self, ink: &mut Ink<'_, '_>, section: &mut TagGroup, page: usize) {
        let rect = self.frame.rect();
        let layers = ink.content(|ink| {
            ink.clipped(rect, |ink| {
                if let Some((image, place)) = &self.fond {
                    ink.image(image.clone(), *place);
                }
                ink.layers(&self.dessin);
            });
        });
        // The white around names repeats their letters: it is decoration, a search must find each name once.
        ink.artifact(|ink| ink.clipped(rect, |ink| ink.halos(&self.dessin.textes)));
        let names = ink.content(|ink| ink.clipped(rect, |ink| ink.texts(&self.dessin.textes)));
        let echelle = self.mise.echelle.to_string();
        let alternative = describe::alternative(self.extrait, &self.frame, Some(&echelle), ink.fonts.fonts);
        let bbox = krilla_rect(rect).map(|rect| BBox::new(page, rect));
        let figure = Tag::Figure(Some(alternative)).with_bbox(bbox);
        section.push(TagGroup::with_children(figure, vec![layers.into(), names.into()]));
        ink.artifact(|ink| self.surround(ink));
    }

    /// Crosses, the frame and the coordinates around it.
    fn surround(&self, ink: &mut Ink<'_, '_>) {
        let grid = Grid::of(&self.frame, self.mise.echelle);
        let rect = self.frame.rect();
        let (left, top, right, bottom) = (rect.min().x, rect.min().y, rect.max().x, rect.max().y);
        let mut crosses = Chemin::default();
        for &(_, x) in &grid.eastings {
            for &(_, y) in &grid.northings {
                crosses.segment((x - CROIX).max(left), y, (x + CROIX).min(right), y);
                crosses.segment(x, (y - CROIX).max(top), x, (y + CROIX).min(bottom));
            }
            crosses.segment(x, top - REPERE, x, top);
            crosses.segment(x, bottom, x, bottom + REPERE);
        }
        for &(_, y) in &grid.northings {
            crosses.segment(left - REPERE, y, left, y);
            crosses.segment(right, y, right + REPERE, y);
        }
        ink.path(&crosses, &theme::CROIX);
        let mut border = Chemin::default();
        border.rect(rect);
        ink.path(&border, &theme::CADRE);

        let fonts = ink.fonts.fonts;
        let mut textes = Vec::new();
        for (east, x) in grid.eastings {
            let texte = french::metres(east);
            let width = fonts.width(&texte, Graisse::Normale, COORDONNEE);
            let x = (x + 2.0).min(right - width);
            for y in [top - 3.0, bottom + 3.0 + COORDONNEE * 0.72] {
                textes.push(coordinate(texte.clone(), x, y, 0.0));
            }
        }
        for (north, y) in grid.northings {
            let texte = french::metres(north);
            let width = fonts.width(&texte, Graisse::Normale, COORDONNEE);
            let y = (y - 2.0).max(top + width);
            for x in [left - 3.0, right + 3.0 + COORDONNEE * 0.72] {
                textes.push(coordinate(texte.clone(), x, y, -90.0));
            }
        }
        ink.texts(&textes);
    }
}

/// The frame of `mise` centred on the subjects.
fn frame(mise: Mise, bounds: Rect<f64>) -> Frame {
    let cadre = mise.cadre_mm();
    Frame {
        terrain: mise.emprise(bounds.center()),
        x: cadre.x * POINTS_PER_MM,
        y: cadre.y * POINTS_PER_MM,
        per_metre: mise.echelle.mm_par_metre() * POINTS_PER_MM,
    }
}

fn coordinate(texte: String, x: f64, y: f64, angle: f64) -> Texte {
    Texte { contenu: texte, x, y, angle, size: COORDONNEE, graisse: Graisse::Normale, couleur: theme::GRIS }
}

/// Millimetres of the page as points.
pub(super) fn points(zone: Zonage) -> Rect<f64> {
    let corner = Coord { x: zone.x, y: zone.y };
    let size = Coord { x: zone.largeur, y: zone.hauteur };
    Rect::new(corner * POINTS_PER_MM, (corner + size) * POINTS_PER_MM)
}

/// `text` shortened until it is no wider than `width`.
pub(super) fn fit(text: &str, width: f64, size: f64, graisse: Graisse, fonts: &Fonts) -> String {
    let mut short = text.to_owned();
    while fonts.width(&short, graisse, size) > width && !short.is_empty() {
        short = short.trim_end_matches('…').to_owned();
        short.pop();
        short = format!("{}…", short.trim_end());
        if short == "…" {
            break;
        }
    }
    short
}
