//! The table of the subjects with their areas: in the title block when it holds them all, else on pages of its own.

use std::num::{NonZeroU16, NonZeroU32};

use geo_types::{Coord, Rect};
use krilla::tagging::{TableHeaderScope, Tag, TagGroup, TagKind};

use crate::describe;
use crate::fonts::{Fonts, Graisse};
use crate::french;
use crate::mise::{Mise, POINTS_PER_MM};
use crate::model::{Extrait, Sujet};
use crate::pdf::ink::Ink;
use crate::pdf::page::{fit, points};
use crate::pdf::title_block::{INTERLIGNE, NOTE, PETITE, TAILLE, count, line};
use crate::theme;

/// Between two columns of rows.
const ECART: f64 = 12.0;
/// Under the names of the columns.
const FILET: f64 = 1.0;
/// Widest column of rows on a page of its own.
const LARGEUR: f64 = 200.0;
/// Right edges of the reference and of the two areas, as shares of a row.
const TIERS: [f64; 3] = [0.36, 0.66, 1.0];
/// The same in a column narrower than [`ETROIT`].
const TIERS_ETROITS: [f64; 3] = [0.28, 0.67, 1.0];
/// Width under which a column is narrow.
const ETROIT: f64 = 150.0;

/// How the rows are set in their rectangle: side by side in columns, filled one after the other.
#[derive(Debug, Clone, Copy)]
struct Reglage {
    columns: usize,
    size: f64,
    leading: f64,
}

impl Reglage {
    /// Those of a title block, the easiest to read first; none under 6 points.
    const BLOCK: [Self; 3] = [
        Self { columns: 1, size: TAILLE, leading: INTERLIGNE },
        Self { columns: 1, size: PETITE, leading: NOTE },
        Self { columns: 2, size: 6.0, leading: 7.4 },
    ];

    /// Rows of a column under the names of the columns.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped: rows of a page")]
    fn rows(self, zone: Rect<f64>) -> usize {
        (((zone.height() - FILET) / self.leading).floor().clamp(0.0, 1000.0) as usize).saturating_sub(1)
    }

    fn width(self, zone: Rect<f64>) -> f64 {
        (zone.width() - ECART * count(self.columns - 1)) / count(self.columns)
    }

    /// Whether these rows find room, every cell whole when the columns are narrow.
    fn holds(self, rows: &[Rang], zone: Rect<f64>, fonts: &Fonts) -> bool {
        let width = self.width(zone);
        let tiers = tiers(width);
        let cell =
            |rank: usize| if rank == 0 { width * tiers[0] } else { width * (tiers[rank] - tiers[rank - 1]) - 3.0 };
        let whole = |row: &Rang| {
            let widths = row.cells.iter().map(|text| fonts.width(text, Graisse::Grasse, self.size));
            widths.enumerate().all(|(rank, width)| width <= cell(rank))
        };
        rows.len() <= self.rows(zone) * self.columns
            && (self.columns == 1 || rows.iter().chain([&header(width)]).all(whole))
    }
}

/// A row of the table.
struct Rang {
    cells: [String; 3],
    total: bool,
}

/// The table in `zone` of a title block. Says whether it names every subject: otherwise it has the total only, and
/// where the rest is.
pub(super) fn in_block(sujets: &[Sujet], ink: &mut Ink<'_, '_>, section: &mut TagGroup, zone: Rect<f64>) -> bool {
    let fonts = ink.fonts.fonts;
    // Past what any block can hold, rows are not even made.
    let few = sujets.len() <= 2 * Reglage::BLOCK[2].rows(zone);
    let all = if few { rows(sujets, 0, true, fonts) } else { Vec::new() };
    if few && let Some(reglage) = Reglage::BLOCK.into_iter().find(|reglage| reglage.holds(&all, zone, fonts)) {
        section.push(table(&all, reglage, ink, zone, None));
        return true;
    }
    let total = rows(sujets, sujets.len(), true, fonts);
    section.push(table(&total, Reglage::BLOCK[0], ink, zone, Some("Détail des parcelles en page suivante")));
    false
}

/// A page of the table from the subject of rank `first`: its section, and the rank of the first subject left.
pub(super) fn following(extrait: &Extrait, mise: Mise, ink: &mut Ink<'_, '_>, first: usize) -> (TagGroup, usize) {
    let fonts = ink.fonts.fonts;
    let (_, height) = mise.page_mm();
    let head = points(mise.entete_mm());
    let zone = Rect::new(
        Coord { x: head.min().x, y: head.max().y + 6.0 },
        Coord { x: head.max().x, y: height * POINTS_PER_MM - head.min().y },
    );
    let mut section = TagGroup::new(Tag::Section);
    let title = "Parcelles de l’extrait";
    let left = head.min().x;
    let heading = ink.content(|ink| ink.text(title, left, head.min().y + 14.0, 15.0, Graisse::Grasse, theme::NOIR));
    let level = NonZeroU16::MIN.saturating_add(1);
    section.push(TagGroup::with_children(Tag::Hn(level, Some(title.to_owned())), vec![heading.into()]));
    let plan = fit(&describe::title(extrait, fonts), zone.width(), 10.0, Graisse::Normale, fonts);
    let text = ink.content(|ink| ink.text(&plan, left, head.min().y + 29.0, 10.0, Graisse::Normale, theme::NOIR));
    section.push(TagGroup::with_children(Tag::P, vec![text.into()]));

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few columns")]
    let columns = ((zone.width() + ECART) / (LARGEUR + ECART)).floor().clamp(1.0, 10.0) as usize;
    let reglage = Reglage { columns, size: TAILLE, leading: INTERLIGNE };
    let room = (reglage.rows(zone) * columns).max(1);
    let left = extrait.sujets.len().saturating_sub(first);
    // The total stands under the last subject, never alone on a page.
    let shown = if left < room { left } else { room.min(left.saturating_sub(1)).max(1) };
    let last = first + shown;
    let ends = last >= extrait.sujets.len();
    let rows = rows(&extrait.sujets[..last], first, ends, fonts);
    section.push(table(&rows, reglage, ink, zone, None));
    (section, last)
}

/// The rows of the subjects from the rank `first`, and the total of all of them when there are several.
fn rows(sujets: &[Sujet], first: usize, total: bool, fonts: &Fonts) -> Vec<Rang> {
    let shown = sujets.iter().skip(first).map(|sujet| Rang {
        cells: [fonts.line(&sujet.reference, 24), contenance(sujet.contenance_m2), surface(sujet.surface_m2)],
        total: false,
    });
    let total = (total && sujets.len() > 1).then(|| Rang {
        cells: [
            format!("Total ({})", french::entier(sujets.len() as u64)),
            total_contenance(sujets),
            total_surface(sujets),
        ],
        total: true,
    });
    shown.chain(total).collect()
}

fn tiers(width: f64) -> [f64; 3] {
    if width < ETROIT { TIERS_ETROITS } else { TIERS }
}

/// The names of the columns.
fn header(width: f64) -> Rang {
    let surface = if width < ETROIT { "Surface" } else { "Surface du plan" };
    Rang { cells: ["Parcelle", "Contenance", surface].map(str::to_owned), total: false }
}

/// Draws the rows, column after column, each under the names of its columns: tagged once, the others are decoration.
fn table(rows: &[Rang], reglage: Reglage, ink: &mut Ink<'_, '_>, zone: Rect<f64>, note: Option<&str>) -> TagGroup {
    let mut table = TagGroup::new(Tag::Table.with_summary(Some("Parcelles de l'extrait".to_owned())));
    let width = reglage.width(zone);
    let header = header(width);
    let mut body = TagGroup::new(Tag::TBody);
    let per_column = reglage.rows(zone).max(1);
    for (rank, rows) in rows.chunks(per_column).enumerate() {
        let x = zone.min().x + (width + ECART) * count(rank);
        let mut y = zone.min().y;
        if rank == 0 {
            let row = row(ink, (x, y, width), &header, reglage.size, true);
            table.push(TagGroup::with_children(Tag::THead, vec![row.into()]));
        } else {
            ink.artifact(|ink| {
                for (x, text, weight) in placed(ink.fonts.fonts, (x, width), &header, reglage.size, true) {
                    ink.text(&text, x, y + reglage.size, reglage.size, weight, theme::NOIR);
                }
            });
        }
        y += reglage.leading;
        ink.artifact(|ink| line(ink, x, y + 0.5, x + width, y + 0.5));
        y += FILET;
        if rank == 0
            && let Some(note) = note
        {
            let text =
                ink.content(|ink| ink.text(note, x, y + reglage.size, reglage.size, Graisse::Normale, theme::NOIR));
            let cell = TagGroup::with_children(Tag::TD.with_col_span(NonZeroU32::new(3)), vec![text.into()]);
            body.push(TagGroup::with_children(Tag::TR, vec![cell.into()]));
            y += reglage.leading;
        }
        for one in rows {
            if one.total {
                ink.artifact(|ink| line(ink, x, y + 0.3, x + width, y + 0.3));
            }
            body.push(row(ink, (x, y, width), one, reglage.size, false));
            y += reglage.leading;
        }
    }
    table.push(body);
    table
}

/// A row at (left, top, width).
fn row(ink: &mut Ink<'_, '_>, (x, y, width): (f64, f64, f64), row: &Rang, size: f64, header: bool) -> TagGroup {
    let mut group = TagGroup::new(Tag::TR);
    for (rank, (x, text, weight)) in placed(ink.fonts.fonts, (x, width), row, size, header).into_iter().enumerate() {
        let cell = ink.content(|ink| ink.text(&text, x, y + size, size, weight, theme::NOIR));
        let tag: TagKind = match (header, rank) {
            (true, _) => Tag::TH(TableHeaderScope::Column).into(),
            (false, 0) => Tag::TH(TableHeaderScope::Row).into(),
            (false, _) => Tag::TD.into(),
        };
        group.push(TagGroup::with_children(tag, vec![cell.into()]));
    }
    group
}

/// The cells of a row with their left edge and weight: the reference on the left, the areas on the right of theirs.
fn placed(fonts: &Fonts, (x, width): (f64, f64), row: &Rang, size: f64, header: bool) -> Vec<(f64, String, Graisse)> {
    let tiers = tiers(width);
    let cells = row.cells.iter().enumerate().map(|(rank, text)| {
        let right = x + width * tiers[rank];
        let left = if rank == 0 { x } else { x + width * tiers[rank - 1] + 3.0 };
        let weight = if rank == 0 || header || row.total { Graisse::Grasse } else { Graisse::Normale };
        let text = fit(text, right - left, size, weight, fonts);
        let x = if rank == 0 { left } else { right - fonts.width(&text, weight, size) };
        (x, text, weight)
    });
    cells.collect()
}

fn contenance(contenance_m2: Option<u64>) -> String {
    contenance_m2.map_or_else(|| "—".to_owned(), |area| format!("{}{}m²", french::entier(area), french::INSECABLE))
}

fn surface(surface_m2: Option<f64>) -> String {
    surface_m2.map_or_else(|| "—".to_owned(), french::surface)
}

fn total_contenance(sujets: &[Sujet]) -> String {
    let known = sujets.iter().filter_map(|sujet| sujet.contenance_m2);
    contenance(known.reduce(u64::saturating_add))
}

fn total_surface(sujets: &[Sujet]) -> String {
    let known = sujets.iter().filter_map(|sujet| sujet.surface_m2).filter(|area| area.is_finite());
    surface(known.reduce(|sum, area| sum + area))
}
