//! The plan as an SVG picture: the page of a parcel, read in an `<img>`, on a dark screen and on paper.

use std::fmt::Write as _;

use geo_types::{Coord, Rect};

use crate::describe;
use crate::draw;
use crate::drawing::{Chemin, Couche, Couleur, Dessin, Style, Texte};
use crate::error::PrintError;
use crate::fonts::{Fonts, Graisse};
use crate::frame::Frame;
use crate::french;
use crate::grid;
use crate::model::Extrait;
use crate::text::xml;
use crate::theme;

/// Width at which a text of the plan has its size on paper; a smaller picture is drawn with relatively larger letters.
const LARGEUR_PAPIER: f64 = 400.0;
/// Sides of a picture, in pixels.
const COTES: std::ops::RangeInclusive<u32> = 64..=4096;
/// Share of the picture that the subjects take.
const SUJET: f64 = 0.5;
/// Least ground shown, in metres: a tiny parcel is seen among its neighbours.
const TERRAIN_M: f64 = 40.0;

/// Height of the letters of the scale bar, in points.
const BAR_TEXT: f64 = 9.0;
/// Radius of the disc under the north, in points.
const NORTH: f64 = 13.0;

/// The plan of `extrait`, its subjects in the middle half, in a picture of `largeur` × `hauteur` pixels (64 to 4096).
///
/// North is up; a scale bar says the size on the ground, whatever the size on the screen. There is no script and
/// nothing to fetch; the background is left out.
///
/// # Errors
/// [`PrintError::SansContour`] when no subject has a shape.
pub fn svg(extrait: &Extrait, largeur: u32, hauteur: u32) -> Result<String, PrintError> {
    let fonts = Fonts::embedded()?;
    let bounds = describe::bounds(extrait).ok_or(PrintError::SansContour)?;
    let width = f64::from(largeur.clamp(*COTES.start(), *COTES.end()));
    let height = f64::from(hauteur.clamp(*COTES.start(), *COTES.end()));
    let unit = (width / LARGEUR_PAPIER).max(0.4) * 1.25;
    let frame = frame(bounds, width, height);
    let bare = Extrait { fond: None, ..extrait.clone() };
    let bar = Bar::of(&frame, fonts, unit);
    let dessin = draw::draw(&bare, &frame, fonts, unit, &[bar.room, north_room(&frame, unit)]);

    let mut svg = String::with_capacity(32_768);
    let title = xml(&describe::title(extrait, fonts));
    let description = xml(&describe::alternative(extrait, &frame, None, fonts));
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" lang=\"fr\" aria-labelledby=\"titre description\" font-family=\"'Noto Sans',Arial,sans-serif\">\
         <title id=\"titre\">{title}</title><desc id=\"description\">{description}</desc>\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"
    );
    layers(&mut svg, &dessin, unit);
    texts(&mut svg, &dessin.textes, unit);
    bar.draw(&mut svg, unit);
    north(&mut svg, &frame, unit);
    svg.push_str("</svg>");
    Ok(svg)
}

fn frame(bounds: Rect<f64>, width: f64, height: f64) -> Frame {
    let per_metre = (width * SUJET / bounds.width().max(TERRAIN_M * SUJET))
        .min(height * SUJET / bounds.height().max(TERRAIN_M * SUJET));
    let half = Coord { x: width, y: height } / (2.0 * per_metre);
    Frame { terrain: Rect::new(bounds.center() - half, bounds.center() + half), x: 0.0, y: 0.0, per_metre }
}

fn layers(svg: &mut String, dessin: &Dessin, unit: f64) {
    let mut clips = 0;
    for couche in &dessin.couches {
        match couche {
            Couche::Chemin(chemin, style) => path(svg, chemin, style, unit, ""),
            Couche::Hachures { decoupe, lignes, style } => {
                clips += 1;
                let _ = write!(svg, "<clipPath id=\"bati{clips}\"><path d=\"{}\"/></clipPath>", data(decoupe));
                path(svg, lignes, style, unit, &format!(" clip-path=\"url(#bati{clips})\""));
            }
        }
    }
}

fn path(svg: &mut String, chemin: &Chemin, style: &Style, unit: f64, extra: &str) {
    let fill = style.fill.map_or_else(|| "none".to_owned(), colour);
    let _ = write!(svg, "<path d=\"{}\" fill=\"{fill}\"", data(chemin));
    if let Some(stroke) = style.stroke {
        let _ = write!(svg, " stroke=\"{}\" stroke-width=\"{}\"", colour(stroke), short(f64::from(style.width) * unit));
        if style.round {
            svg.push_str(" stroke-linejoin=\"round\"");
        }
        if !style.dash.is_empty() {
            let dash: Vec<String> = style.dash.iter().map(|length| short(f64::from(*length) * unit)).collect();
            let _ = write!(svg, " stroke-dasharray=\"{}\"", dash.join(" "));
        }
    }
    let _ = write!(svg, "{extra}/>");
}

/// Path data, each point from the one before: a third shorter.
fn data(chemin: &Chemin) -> String {
    let mut data = String::new();
    for part in &chemin.parts {
        // Tenths of a pixel; the sum of rounded steps never drifts because each is taken from the rounded place.
        let mut last = (0, 0);
        for (rank, [x, y]) in part.points.iter().enumerate() {
            let here = (tenths(*x), tenths(*y));
            let (command, x, y) =
                if rank == 0 { ('M', here.0, here.1) } else { ('l', here.0 - last.0, here.1 - last.1) };
            let _ = write!(data, "{command}{} {}", tenth(x), tenth(y));
            last = here;
        }
        if part.closed {
            data.push('z');
        }
    }
    data
}

#[expect(clippy::cast_possible_truncation, reason = "places in a picture of a few thousand pixels")]
fn tenths(value: f32) -> i32 {
    (value * 10.0).round() as i32
}

fn tenth(value: i32) -> String {
    if value % 10 == 0 { (value / 10).to_string() } else { short(f64::from(value) / 10.0) }
}

fn texts(svg: &mut String, textes: &[Texte], unit: f64) {
    for texte in textes {
        let weight = if texte.graisse == Graisse::Grasse { " font-weight=\"700\"" } else { "" };
        let turn = if texte.angle == 0.0 {
            String::new()
        } else {
            format!(" transform=\"rotate({} {} {})\"", short(texte.angle), short(texte.x), short(texte.y))
        };
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\" stroke=\"#fff\" stroke-width=\"{}\" \
             stroke-linejoin=\"round\" paint-order=\"stroke\"{weight}{turn}>{}</text>",
            short(texte.x),
            short(texte.y),
            short(texte.size),
            colour(texte.couleur),
            short(theme::halo(texte.size, unit)),
            xml(&texte.contenu)
        );
    }
}

/// The scale bar, on white so that it is read over any plan.
struct Bar {
    /// What it covers.
    room: Rect<f64>,
    label: String,
    /// Start and baseline of the bar.
    start: Coord<f64>,
    length: f64,
}

impl Bar {
    fn of(frame: &Frame, fonts: &Fonts, unit: f64) -> Self {
        let metres = grid::bar(frame.per_metre, frame.width() * 0.3);
        let length = metres * frame.per_metre;
        let label = format!("{}{}m", french::metres(metres), french::INSECABLE);
        let text = fonts.width(&label, Graisse::Grasse, BAR_TEXT * unit);
        let start = Coord { x: 8.0 * unit, y: frame.height() - 6.0 * unit };
        let corner = start - Coord { x: 4.0, y: 15.0 } * unit;
        let room = Rect::new(corner, corner + Coord { x: length.max(text) + 8.0 * unit, y: 19.0 * unit });
        Self { room, label, start, length }
    }

    fn draw(&self, svg: &mut String, unit: f64) {
        let (corner, Coord { x, y: base }) = (self.room.min(), self.start);
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#fff\" fill-opacity=\"0.85\"/>\
             <path d=\"M{x0} {tick}V{base}H{x1}V{tick}\" fill=\"none\" stroke=\"#1d1d1d\" stroke-width=\"{}\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"{}\" font-weight=\"700\" fill=\"#1d1d1d\">{}</text>",
            short(corner.x),
            short(corner.y),
            short(self.room.width()),
            short(self.room.height()),
            short(1.3 * unit),
            short(x),
            short(base - 6.0 * unit),
            short(BAR_TEXT * unit),
            self.label,
            x0 = short(x),
            x1 = precise(x + self.length),
            tick = short(base - 4.0 * unit),
            base = short(base),
        );
    }
}

/// Middle of the disc that the north stands on.
fn north_centre(frame: &Frame, unit: f64) -> Coord<f64> {
    Coord { x: frame.width() - 13.0 * unit, y: 14.0 * unit }
}

/// What the north covers.
fn north_room(frame: &Frame, unit: f64) -> Rect<f64> {
    let (centre, reach) = (north_centre(frame, unit), Coord { x: NORTH, y: NORTH } * unit);
    Rect::new(centre - reach, centre + reach)
}

fn north(svg: &mut String, frame: &Frame, unit: f64) {
    let centre = north_centre(frame, unit);
    let _ = write!(
        svg,
        "<circle cx=\"{0}\" cy=\"{1}\" r=\"{2}\" fill=\"#fff\" fill-opacity=\"0.85\"/>\
         <g transform=\"translate({0} {3}) scale({4})\"><path d=\"M0 7 4.5 21 0 18.5-4.5 21z\" fill=\"#fff\" \
         stroke=\"#1d1d1d\" stroke-linejoin=\"round\"/><path d=\"M0 7V18.5L-4.5 21z\" fill=\"#1d1d1d\"/>\
         <text y=\"5\" text-anchor=\"middle\" font-size=\"7.5\" font-weight=\"700\" fill=\"#1d1d1d\">N</text></g>",
        short(centre.x),
        short(centre.y),
        short(NORTH * unit),
        short(centre.y - 10.0 * unit),
        short(unit),
    );
}

fn colour([red, green, blue]: Couleur) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Two decimals at most, none when it is whole.
fn short(value: f64) -> String {
    trimmed(&format!("{value:.2}"))
}

/// Four decimals: a length that must be exact.
fn precise(value: f64) -> String {
    trimmed(&format!("{value:.4}"))
}

fn trimmed(text: &str) -> String {
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-" || text == "-0" { "0".to_owned() } else { text.to_owned() }
}
