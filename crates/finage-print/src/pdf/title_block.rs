//! The title block: the subjects with their areas, what the plan is and when, scale and north, and what it is not.

use geo_types::{Coord, Rect};
use krilla::tagging::{Tag, TagGroup};

use crate::drawing::{Chemin, Style};
use crate::fonts::Graisse;
use crate::french;
use crate::grid;
use crate::mise::{Orientation, POINTS_PER_MM};
use crate::pdf::ink::Ink;
use crate::pdf::page::{Sheet, fit, points};
use crate::pdf::subjects;
use crate::theme;

/// What the plan is not, on each page.
const AVERTISSEMENT: &str = "Extrait sans valeur juridique de limite : le plan cadastral est un document fiscal, \
     il ne garantit pas les limites de propriété, que seul un bornage peut fixer.";

pub(super) const TAILLE: f64 = 7.4;
pub(super) const INTERLIGNE: f64 = 9.6;
pub(super) const PETITE: f64 = 6.2;
const FILET: Style = Style::line([0x9a, 0x9a, 0x9a], 0.4);

/// A column filled from the top.
struct Column {
    x: f64,
    y: f64,
    width: f64,
    bottom: f64,
}

/// Draws the block and adds it to the structure of the page; says whether its table names all the subjects.
pub(super) fn draw(sheet: &Sheet<'_>, ink: &mut Ink<'_, '_>, section: &mut TagGroup) -> bool {
    let zone = points(sheet.mise.cartouche_mm());
    match sheet.mise.orientation {
        Orientation::Portrait => below(sheet, ink, section, zone),
        Orientation::Paysage => beside(sheet, ink, section, zone),
    }
}

/// Under an upright map: three columns, the words of caution across.
fn below(sheet: &Sheet<'_>, ink: &mut Ink<'_, '_>, section: &mut TagGroup, zone: Rect<f64>) -> bool {
    let gap = 12.0;
    let notes = notes(sheet, ink, zone.width());
    let bottom = zone.max().y - NOTE * count(notes.len()) - 3.0;
    let third = POINTS_PER_MM * 46.0;
    let infos = (zone.width() - third - 2.0 * gap) * 0.44;
    let table = zone.width() - third - infos - 2.0 * gap;
    let top = zone.min().y;
    let table = Rect::new(Coord { x: zone.min().x, y: top }, Coord { x: zone.min().x + table, y: bottom });
    let complete = subjects::in_block(&sheet.extrait.sujets, ink, section, table);
    let mut column = Column { x: table.max().x + gap, y: top, width: infos, bottom };
    facts(sheet, ink, section, &mut column);
    let mut column = Column { x: zone.max().x - third, y: top, width: third, bottom };
    scale(sheet, ink, section, &mut column);
    let mut column = Column { x: zone.min().x, y: bottom + 3.0, width: zone.width(), bottom: zone.max().y };
    write_notes(ink, section, &mut column, &notes);
    complete
}

/// Beside a wide map: one column.
fn beside(sheet: &Sheet<'_>, ink: &mut Ink<'_, '_>, section: &mut TagGroup, zone: Rect<f64>) -> bool {
    let notes = notes(sheet, ink, zone.width());
    let bottom = zone.max().y - NOTE * count(notes.len()) - 3.0;
    let mut column = Column { x: zone.min().x, y: zone.min().y + 6.0, width: zone.width(), bottom };
    facts(sheet, ink, section, &mut column);
    column.y += 8.0;
    scale(sheet, ink, section, &mut column);
    column.y += 8.0;
    let table = Rect::new(Coord { x: column.x, y: column.y }, Coord { x: zone.max().x, y: bottom.max(column.y) });
    let complete = subjects::in_block(&sheet.extrait.sujets, ink, section, table);
    let mut column = Column { x: zone.min().x, y: bottom + 3.0, width: zone.width(), bottom: zone.max().y };
    write_notes(ink, section, &mut column, &notes);
    complete
}

/// Commune, section, address, dates, projection, source: a line each, two when long.
fn facts(sheet: &Sheet<'_>, ink: &mut Ink<'_, '_>, section: &mut TagGroup, column: &mut Column) {
    let extrait = sheet.extrait;
    let cartouche = &extrait.cartouche;
    let fonts = ink.fonts.fonts;
    let address = match extrait.sujets.as_slice() {
        [only] => only.adresse.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let zone = format!("{} (EPSG:{})", extrait.zone.label, extrait.zone.srid);
    let facts = [
        (
            "Commune",
            if cartouche.insee.is_empty() {
                cartouche.commune.clone()
            } else {
                format!("{} ({})", cartouche.commune, cartouche.insee)
            },
        ),
        ("Plan", cartouche.section.clone()),
        ("Adresse", address),
        ("Plan à jour au", cartouche.millesime.clone()),
        ("Édité le", cartouche.edition.clone()),
        ("Projection", zone),
        ("Source", cartouche.source.clone()),
    ];
    for (name, value) in facts {
        let value = fonts.line(&value, 120);
        if value.is_empty() {
            continue;
        }
        let name = format!("{name}{}:", french::INSECABLE);
        let indent = fonts.width(&name, Graisse::Grasse, TAILLE) + 3.0;
        let mut lines = wrap(&value, column.width - indent, column.width - 6.0, TAILLE, ink);
        let room = rows_between(column.y, column.bottom);
        if room == 0 {
            break;
        }
        lines.truncate(room.min(2));
        let start = column.y;
        let group = ink.content(|ink| {
            let mut baseline = start + TAILLE;
            ink.text(&format!("{name} "), column.x, baseline, TAILLE, Graisse::Grasse, theme::NOIR);
            let mut x = column.x + indent;
            for line in &lines {
                ink.text(line, x, baseline, TAILLE, Graisse::Normale, theme::NOIR);
                baseline += INTERLIGNE;
                x = column.x + 6.0;
            }
        });
        column.y += INTERLIGNE * count(lines.len().max(1));
        section.push(TagGroup::with_children(Tag::P, vec![group.into()]));
    }
}

/// The scale in figures and drawn, and the north.
fn scale(sheet: &Sheet<'_>, ink: &mut Ink<'_, '_>, section: &mut TagGroup, column: &mut Column) {
    let echelle = sheet.mise.echelle;
    let fonts = ink.fonts.fonts;
    let metres = grid::bar_of(echelle);
    let length = metres * echelle.mm_par_metre() * POINTS_PER_MM;
    let centre = Coord { x: column.x + 13.0, y: column.y + 15.0 };
    ink.artifact(|ink| north(ink, centre));
    let top = column.y;
    let texts = [
        (format!("Échelle {echelle}"), 11.0, Graisse::Grasse, 12.0),
        (one_centimetre(echelle.denominateur()), TAILLE, Graisse::Normale, 22.0),
        ("Nord de la projection en haut".to_owned(), PETITE, Graisse::Normale, 31.0),
    ];
    for (text, size, graisse, down) in texts {
        let text = ink.content(|ink| ink.text(&text, column.x + 32.0, top + down, size, graisse, theme::NOIR));
        section.push(TagGroup::with_children(Tag::P, vec![text.into()]));
    }
    let bar_top = top + 52.0;
    ink.artifact(|ink| bar(ink, column.x + 1.0, bar_top, length));
    let labels = [
        (0.0, "0".to_owned()),
        (0.5, half(metres)),
        (1.0, format!("{}{}m", french::metres(metres), french::INSECABLE)),
    ];
    let group = ink.content(|ink| {
        for (share, text) in &labels {
            let x = column.x + 1.0 + length * share;
            let width = fonts.width(text, Graisse::Normale, PETITE);
            let x = if *share == 0.0 {
                x
            } else if *share < 1.0 {
                x - width / 2.0
            } else {
                x - width
            };
            ink.text(&format!("{text} "), x, bar_top - 3.0, PETITE, Graisse::Normale, theme::NOIR);
        }
    });
    section.push(TagGroup::with_children(Tag::P, vec![group.into()]));
    column.y = bar_top + 8.0;
}

/// « 1 cm pour 5 m », with decimals where the scale wants them.
fn one_centimetre(denominateur: u32) -> String {
    let (metres, centimetres) = (denominateur / 100, denominateur % 100);
    let length = match centimetres {
        0 => french::entier(u64::from(metres)),
        some => format!("{metres},{some:02}").trim_end_matches('0').to_owned(),
    };
    format!("1{0}cm pour {length}{0}m", french::INSECABLE)
}

fn half(metres: f64) -> String {
    if metres.rem_euclid(2.0) == 0.0 {
        french::metres(metres / 2.0)
    } else {
        format!("{}", metres / 2.0).replace('.', ",")
    }
}

/// The arrow of the north, its left half filled.
fn north(ink: &mut Ink<'_, '_>, centre: Coord<f64>) {
    let at = |x: f64, y: f64| centre + Coord { x, y };
    let mut outline = Chemin::default();
    outline.close(vec![at(0.0, -10.0), at(6.0, 17.0), at(0.0, 12.0), at(-6.0, 17.0)]);
    ink.path(&outline, &Style::line(theme::NOIR, 0.7));
    let mut filled = Chemin::default();
    filled.close(vec![at(0.0, -10.0), at(0.0, 12.0), at(-6.0, 17.0)]);
    ink.path(&filled, &Style::fill(theme::NOIR));
    ink.text("N", centre.x - 3.0, centre.y - 11.5, 8.0, Graisse::Grasse, theme::NOIR);
}

/// A bar of exactly `length` points, in four parts, black and white.
fn bar(ink: &mut Ink<'_, '_>, x: f64, y: f64, length: f64) {
    let height = 4.0;
    let part =
        |from: f64, to: f64| Rect::new(Coord { x: x + length * from, y }, Coord { x: x + length * to, y: y + height });
    let mut filled = Chemin::default();
    filled.rect(part(0.0, 0.25));
    filled.rect(part(0.5, 0.75));
    ink.path(&filled, &Style::fill(theme::NOIR));
    let mut outline = Chemin::default();
    outline.rect(part(0.0, 1.0));
    ink.path(&outline, &Style::line(theme::NOIR, 0.5));
}

/// Height of a line of the notes.
pub(super) const NOTE: f64 = 7.8;

/// The words of caution and the credits, cut in lines.
fn notes(sheet: &Sheet<'_>, ink: &Ink<'_, '_>, width: f64) -> Vec<(bool, String)> {
    let fonts = ink.fonts.fonts;
    let mut credits: Vec<String> =
        sheet.extrait.cartouche.credits.iter().map(|credit| fonts.line(credit, 120)).collect();
    credits
        .extend(sheet.extrait.fond.as_ref().map(|fond| format!("fond de plan {}", fonts.line(&fond.attribution, 120))));
    credits.retain(|credit| !credit.is_empty());
    credits.truncate(6);
    let mut lines: Vec<(bool, String)> =
        wrap(AVERTISSEMENT, width, width, PETITE, ink).into_iter().map(|line| (true, line)).collect();
    if !credits.is_empty() {
        let text = format!("Données{}: {}.", french::INSECABLE, credits.join(" ; "));
        lines.extend(wrap(&text, width, width, PETITE, ink).into_iter().take(4).map(|line| (false, line)));
    }
    lines
}

fn write_notes(ink: &mut Ink<'_, '_>, section: &mut TagGroup, column: &mut Column, notes: &[(bool, String)]) {
    for caution in [true, false] {
        let lines: Vec<&String> = notes.iter().filter(|(kind, _)| *kind == caution).map(|(_, line)| line).collect();
        if lines.is_empty() {
            continue;
        }
        let couleur = if caution { theme::NOIR } else { theme::GRIS };
        let start = column.y;
        let group = ink.content(|ink| {
            for (rank, line) in lines.iter().enumerate() {
                let baseline = start + NOTE * (count(rank) + 0.8);
                ink.text(&format!("{line} "), column.x, baseline, PETITE, Graisse::Normale, couleur);
            }
        });
        column.y += NOTE * count(lines.len());
        section.push(TagGroup::with_children(Tag::P, vec![group.into()]));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped: rows of a page")]
fn rows_between(top: f64, bottom: f64) -> usize {
    ((bottom - top) / INTERLIGNE).floor().clamp(0.0, 1000.0) as usize
}

/// Lines of a page as a number.
pub(super) fn count(lines: usize) -> f64 {
    f64::from(u16::try_from(lines).unwrap_or(u16::MAX))
}

pub(super) fn line(ink: &mut Ink<'_, '_>, x1: f64, y1: f64, x2: f64, y2: f64) {
    let mut rule = Chemin::default();
    rule.segment(x1, y1, x2, y2);
    ink.path(&rule, &FILET);
}

/// Words in lines no wider than `first` for the first, `others` for the rest.
fn wrap(text: &str, first: f64, others: f64, size: f64, ink: &Ink<'_, '_>) -> Vec<String> {
    let fonts = ink.fonts.fonts;
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let room = if lines.is_empty() { first } else { others };
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fonts.width(&longer, Graisse::Normale, size) <= room {
            line = longer;
        } else {
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let room = if lines.is_empty() { first } else { others };
            line = fit(word, room, size, Graisse::Normale, fonts);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}
