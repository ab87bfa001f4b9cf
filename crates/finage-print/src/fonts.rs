//! The two fonts of every page, embedded in the binary: shaping and measuring.

use std::sync::OnceLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, ShapePlan, UnicodeBuffer};

use crate::error::PrintError;
use crate::text;

/// Height of a capital, in em, the same in both fonts.
pub(crate) const CAPITALE: f64 = 0.714;

static REGULAR: &[u8] = include_bytes!("../../../styles/fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../styles/fonts/NotoSans-Bold.ttf");
static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Graisse {
    Normale,
    Grasse,
}

/// The embedded fonts, read once for the process.
pub(crate) struct Fonts {
    regular: Fonte,
    bold: Fonte,
}

struct Fonte {
    data: &'static [u8],
    face: Face<'static>,
    plan: ShapePlan,
}

/// A line ready to be drawn.
pub(crate) struct Shaped {
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// Width in em.
    pub(crate) width_em: f64,
}

impl Fonte {
    fn read(data: &'static [u8]) -> Option<Self> {
        let face = Face::from_slice(data, 0)?;
        let plan = ShapePlan::new(&face, Direction::LeftToRight, Some(rustybuzz::script::LATIN), None, &[]);
        Some(Self { data, face, plan })
    }
}

impl Fonts {
    /// The fonts of the binary.
    pub(crate) fn embedded() -> Result<&'static Self, PrintError> {
        FONTS
            .get_or_init(|| Some(Self { regular: Fonte::read(REGULAR)?, bold: Fonte::read(BOLD)? }))
            .as_ref()
            .ok_or(PrintError::Police)
    }

    /// The font for the PDF writer: one for a whole document, so that it is embedded once.
    pub(crate) fn for_pdf(&self, graisse: Graisse) -> Result<Font, PrintError> {
        Font::new(self.get(graisse).data.into(), 0).ok_or(PrintError::Police)
    }

    /// `text` reduced to one line of at most `limit` characters that both fonts can write.
    pub(crate) fn line(&self, text: &str, limit: usize) -> String {
        text::line(text, limit, |character| self.regular.face.glyph_index(character).is_some())
    }

    /// Width of a cleaned line at `size`, in the unit of `size`.
    pub(crate) fn width(&self, text: &str, graisse: Graisse, size: f64) -> f64 {
        self.shape(text, graisse).width_em * size
    }

    /// Glyphs of a cleaned line.
    #[expect(clippy::cast_precision_loss, reason = "font units are small")]
    pub(crate) fn shape(&self, text: &str, graisse: Graisse) -> Shaped {
        let fonte = self.get(graisse);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(rustybuzz::script::LATIN);
        let output = rustybuzz::shape_with_plan(&fonte.face, &fonte.plan, buffer);
        let em = fonte.face.units_per_em() as f32;
        let (infos, positions) = (output.glyph_infos(), output.glyph_positions());
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut width = 0.0;
        for (rank, (info, position)) in infos.iter().zip(positions).enumerate() {
            let start = info.cluster as usize;
            let next = infos[rank..].iter().map(|other| other.cluster as usize).find(|cluster| *cluster > start);
            width += f64::from(position.x_advance) / f64::from(em);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                position.x_advance as f32 / em,
                position.x_offset as f32 / em,
                position.y_offset as f32 / em,
                position.y_advance as f32 / em,
                start..next.unwrap_or(text.len()),
                None,
            ));
        }
        Shaped { glyphs, width_em: width }
    }

    fn get(&self, graisse: Graisse) -> &Fonte {
        match graisse {
            Graisse::Normale => &self.regular,
            Graisse::Grasse => &self.bold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subsets_write_what_pages_say() {
        let fonts = Fonts::embedded().unwrap();
        let words = "ÀÉÈÊÇŒæÿ « l’îlot » 1\u{202f}234\u{a0}m² — « 1/500 », n° … €";
        assert_eq!(fonts.line(words, 100), words);
        for graisse in [Graisse::Normale, Graisse::Grasse] {
            assert!(fonts.shape(words, graisse).glyphs.iter().all(|glyph| glyph.glyph_id.to_u32() != 0));
        }
    }

    #[test]
    fn a_wider_text_is_wider() {
        let fonts = Fonts::embedded().unwrap();
        assert!(fonts.width("AB 1455", Graisse::Grasse, 8.0) > fonts.width("AB 145", Graisse::Grasse, 8.0));
    }
}
