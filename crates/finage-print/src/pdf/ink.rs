//! Drawing on a page of krilla: paths, texts and images, each in the style it is given.

use geo_types::{Coord, Rect};
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier};
use krilla::text::Font;

use crate::drawing::{Chemin, Couche, Couleur, Dessin, Style, Texte, on_grid};
use crate::error::PrintError;
use crate::fonts::{Fonts, Graisse};
use crate::model::{Fond, FondImage};
use crate::theme;

/// Pixels of a background: about A3 at 300 dpi, beyond which a page is no longer a page.
const PIXELS: u64 = 5_000 * 3_600;

/// The fonts as one document knows them: the same handle on each page, so that they are embedded once.
pub(super) struct PdfFonts {
    pub(super) fonts: &'static Fonts,
    regular: Font,
    bold: Font,
}

impl PdfFonts {
    pub(super) fn embedded() -> Result<Self, PrintError> {
        let fonts = Fonts::embedded()?;
        Ok(Self { fonts, regular: fonts.for_pdf(Graisse::Normale)?, bold: fonts.for_pdf(Graisse::Grasse)? })
    }
}

/// A page being drawn.
pub(super) struct Ink<'a, 'b> {
    pub(super) surface: &'a mut Surface<'b>,
    pub(super) fonts: &'a PdfFonts,
}

impl Ink<'_, '_> {
    /// Draws what has no meaning for a reader of the text.
    pub(super) fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        draw(self);
        self.surface.end_tagged();
    }

    /// Draws what a reader reads, and gives its place in the structure.
    pub(super) fn content(&mut self, draw: impl FnOnce(&mut Self)) -> Identifier {
        let identifier = self.surface.start_tagged(ContentTag::Other);
        draw(self);
        self.surface.end_tagged();
        identifier
    }

    /// Everything `draw` draws is seen only inside `rect`.
    pub(super) fn clipped(&mut self, rect: Rect<f64>, draw: impl FnOnce(&mut Self)) {
        let mut chemin = Chemin::default();
        chemin.rect(rect);
        self.inside(&chemin, draw);
    }

    fn inside(&mut self, chemin: &Chemin, draw: impl FnOnce(&mut Self)) {
        let Some(outline) = path(chemin) else { return };
        self.surface.push_clip_path(&outline, &FillRule::NonZero);
        draw(self);
        self.surface.pop();
    }

    pub(super) fn path(&mut self, chemin: &Chemin, style: &Style) {
        let Some(path) = path(chemin) else { return };
        self.surface.set_fill(style.fill.map(|couleur| fill(couleur, style.fill_opacity)));
        self.surface.set_stroke(style.stroke.map(|couleur| stroke(couleur, style)));
        self.surface.draw_path(&path);
    }

    /// The layers of a map, without its texts.
    pub(super) fn layers(&mut self, dessin: &Dessin) {
        for couche in &dessin.couches {
            match couche {
                Couche::Chemin(chemin, style) => self.path(chemin, style),
                Couche::Hachures { decoupe, lignes, style } => self.inside(decoupe, |ink| ink.path(lignes, style)),
            }
        }
    }

    /// The white around the texts of a map, drawn before them.
    pub(super) fn halos(&mut self, textes: &[Texte]) {
        self.surface.set_fill(None);
        for texte in textes {
            let width = theme::halo(texte.size, 1.0);
            self.surface.set_stroke(Some(stroke(theme::BLANC, &Style::line(theme::BLANC, on_grid(width)))));
            self.place(texte);
        }
    }

    /// The texts of a map.
    pub(super) fn texts(&mut self, textes: &[Texte]) {
        self.surface.set_stroke(None);
        for texte in textes {
            self.surface.set_fill(Some(fill(texte.couleur, 1.0)));
            self.place(texte);
        }
    }

    fn place(&mut self, texte: &Texte) {
        let origin = Transform::from_translate(on_grid(texte.x), on_grid(texte.y));
        self.surface.push_transform(&origin);
        if texte.angle != 0.0 {
            self.surface.push_transform(&Transform::from_rotate(on_grid(texte.angle)));
        }
        self.glyphs(&texte.contenu, Point::from_xy(0.0, 0.0), texte.size, texte.graisse);
        if texte.angle != 0.0 {
            self.surface.pop();
        }
        self.surface.pop();
    }

    /// A line of text whose baseline starts at a point of the page.
    pub(super) fn text(&mut self, texte: &str, x: f64, y: f64, size: f64, graisse: Graisse, couleur: Couleur) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(couleur, 1.0)));
        self.glyphs(texte, Point::from_xy(on_grid(x), on_grid(y)), size, graisse);
    }

    fn glyphs(&mut self, texte: &str, start: Point, size: f64, graisse: Graisse) {
        let shaped = self.fonts.fonts.shape(texte, graisse);
        let font = match graisse {
            Graisse::Normale => self.fonts.regular.clone(),
            Graisse::Grasse => self.fonts.bold.clone(),
        };
        self.surface.draw_glyphs(start, &shaped.glyphs, font, texte, on_grid(size), false);
    }

    /// A picture whose corners are put on `rect` of the page.
    pub(super) fn image(&mut self, image: Image, rect: Rect<f64>) {
        let Some(size) = Size::from_wh(on_grid(rect.width()), on_grid(rect.height())) else { return };
        self.surface.push_transform(&Transform::from_translate(on_grid(rect.min().x), on_grid(rect.min().y)));
        self.surface.draw_image(image, size);
        self.surface.pop();
    }
}

/// The picture of a background, once its size is known to be bearable.
pub(super) fn picture(fond: &Fond) -> Result<Image, PrintError> {
    match &fond.image {
        FondImage::Png(bytes) => {
            // Before it is inflated: a few kilobytes of PNG may hold gigabytes of pixels.
            let side = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
            bearable(side(16).unwrap_or(0), side(20).unwrap_or(0))?;
            Image::from_png(bytes.clone().into(), false).map_err(PrintError::Fond)
        }
        FondImage::Jpeg(bytes) => {
            // Kept as it is: only its header is read.
            let image = Image::from_jpeg(bytes.clone().into(), false).map_err(PrintError::Fond)?;
            let (width, height) = image.size();
            bearable(width, height)?;
            Ok(image)
        }
        FondImage::Rgba { largeur, hauteur, pixels } => {
            bearable(*largeur, *hauteur)?;
            if u64::from(*largeur) * u64::from(*hauteur) * 4 != pixels.len() as u64 {
                return Err(PrintError::Fond(format!("{largeur} × {hauteur} points pour {} octets", pixels.len())));
            }
            Ok(Image::from_rgba8(pixels.as_ref().clone(), *largeur, *hauteur))
        }
    }
}

fn bearable(width: u32, height: u32) -> Result<(), PrintError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > PIXELS {
        return Err(PrintError::Fond(format!("{width} × {height} points")));
    }
    Ok(())
}

fn path(chemin: &Chemin) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for part in &chemin.parts {
        let mut points = part.points.iter();
        let Some([x, y]) = points.next() else { continue };
        builder.move_to(*x, *y);
        for [x, y] in points {
            builder.line_to(*x, *y);
        }
        if part.closed {
            builder.close();
        }
    }
    builder.finish()
}

fn fill([red, green, blue]: Couleur, opacity: f32) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE),
        rule: FillRule::NonZero,
    }
}

fn stroke([red, green, blue]: Couleur, style: &Style) -> Stroke {
    Stroke {
        paint: rgb::Color::new(red, green, blue).into(),
        width: style.width,
        line_cap: LineCap::Butt,
        line_join: if style.round { LineJoin::Round } else { LineJoin::Miter },
        miter_limit: 4.0,
        dash: (!style.dash.is_empty()).then(|| StrokeDash { array: style.dash.to_vec(), offset: 0.0 }),
        ..Stroke::default()
    }
}

/// A rectangle of krilla, for the box of a figure.
pub(super) fn krilla_rect(rect: Rect<f64>) -> Option<krilla::geom::Rect> {
    let (Coord { x: left, y: top }, Coord { x: right, y: bottom }) = (rect.min(), rect.max());
    krilla::geom::Rect::from_ltrb(on_grid(left), on_grid(top), on_grid(right), on_grid(bottom))
}
