//! A PDF of one or many plans, a page each: fonts embedded once, a bookmark a page, checked against PDF/UA-1.

use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::Point;
use krilla::metadata::{Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::TagTree;
use krilla::{Document as Pdf, SerializeSettings};

use crate::describe;
use crate::drawing::on_grid;
use crate::error::PrintError;
use crate::mise::{Mise, POINTS_PER_MM};
use crate::model::Extrait;
use crate::pdf::ink::{Ink, PdfFonts};
use crate::pdf::{page, subjects};

/// Vertices that a page may hold: past a few hundred thousand, a plan can be neither read nor opened.
const SOMMETS: usize = 3_000_000;

/// What a document says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentInfo {
    /// Title shown by readers instead of the file's name; made from the first plan when empty.
    pub titre: String,
    /// Who publishes it.
    pub auteur: Option<String>,
}

/// A PDF being made.
pub struct Document {
    pdf: Pdf,
    fonts: PdfFonts,
    info: DocumentInfo,
    tree: TagTree,
    outline: Outline,
    pages: usize,
}

impl Document {
    /// An empty document.
    ///
    /// # Errors
    /// [`PrintError::Police`], which would be a defect of the binary.
    pub fn new(info: DocumentInfo) -> Result<Self, PrintError> {
        let fonts = PdfFonts::embedded()?;
        let settings = SerializeSettings { configuration: configuration()?, ..SerializeSettings::default() };
        Ok(Self {
            pdf: Pdf::new_with(settings),
            info: DocumentInfo {
                titre: fonts.fonts.line(&info.titre, 200),
                auteur: info.auteur.map(|name| fonts.fonts.line(&name, 200)).filter(|name| !name.is_empty()),
            },
            fonts,
            tree: TagTree::new(),
            outline: Outline::new(),
            pages: 0,
        })
    }

    /// Pages so far.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Adds a page: the plan of `extrait`, its subjects in the middle, to the scale of `mise`; and the table of its
    /// subjects on pages of their own when the title block can't hold them all.
    ///
    /// # Errors
    /// [`PrintError::SansContour`] or [`PrintError::HorsCadre`] when the subjects can't be shown whole,
    /// [`PrintError::TropDeSommets`], [`PrintError::Fond`]. The document stays as it was, and may go on.
    pub fn ajoute(&mut self, extrait: &Extrait, mise: Mise) -> Result<(), PrintError> {
        let sommets = vertices(extrait);
        if sommets > SOMMETS {
            return Err(PrintError::TropDeSommets { sommets, limite: SOMMETS });
        }
        let sheet = page::Sheet::prepare(extrait, mise, self.fonts.fonts)?;
        let (width, height) = mise.page_mm();
        let (width, height) = (on_grid(width * POINTS_PER_MM), on_grid(height * POINTS_PER_MM));
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| PrintError::Pdf("page".to_owned()))?;
        let mut page = self.pdf.start_page_with(settings);
        let mut surface = page.surface();
        let (section, complete) = sheet.draw(&mut surface, &self.fonts, self.pages);
        surface.finish();
        page.finish();
        self.tree.push(section);
        let first = self.pages;
        self.pages += 1;
        let mut written = if complete { extrait.sujets.len() } else { 0 };
        while written < extrait.sujets.len() {
            let settings = PageSettings::from_wh(width, height).ok_or_else(|| PrintError::Pdf("page".to_owned()))?;
            let mut page = self.pdf.start_page_with(settings);
            let mut surface = page.surface();
            let mut ink = Ink { surface: &mut surface, fonts: &self.fonts };
            let (section, last) = subjects::following(extrait, mise, &mut ink, written);
            surface.finish();
            page.finish();
            self.tree.push(section);
            self.pages += 1;
            written = last;
        }
        let title = describe::title(extrait, self.fonts.fonts);
        self.outline.push_child(OutlineNode::new(
            describe::bookmark(extrait, self.fonts.fonts),
            XyzDestination::new(first, Point::from_xy(0.0, 0.0)),
        ));
        if self.info.titre.is_empty() {
            self.info.titre = title;
        }
        Ok(())
    }

    /// The bytes of the PDF.
    ///
    /// # Errors
    /// [`PrintError::SansContour`] when no page was added; [`PrintError::Pdf`] if the document broke a rule of PDF/UA-1.
    pub fn finish(mut self) -> Result<Vec<u8>, PrintError> {
        if self.pages == 0 {
            return Err(PrintError::SansContour);
        }
        let mut metadata = Metadata::new()
            .title(self.info.titre)
            .language("fr-FR".to_owned())
            .creator("Finage".to_owned())
            .text_direction(TextDirection::LeftToRight);
        if let Some(author) = self.info.auteur {
            metadata = metadata.authors(vec![author]);
        }
        self.pdf.set_metadata(metadata);
        self.pdf.set_outline(self.outline);
        self.pdf.set_tag_tree(self.tree);
        self.pdf.finish().map_err(|error| PrintError::Pdf(reason(&error)))
    }
}

fn configuration() -> Result<Configuration, PrintError> {
    let builder = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    builder.finish().map_err(|error| PrintError::Pdf(format!("{error:?}")))
}

/// The first rule broken: « validation failed with 3 errors » says nothing.
fn reason(error: &KrillaError) -> String {
    match error {
        KrillaError::Validation(errors) => {
            errors.first().map_or_else(|| error.to_string(), |(first, _)| format!("PDF/UA-1 : {first:?}"))
        }
        other => other.to_string(),
    }
}

fn vertices(extrait: &Extrait) -> usize {
    let shape = |geom: &geo_types::MultiPolygon<f64>| -> usize {
        let rings = geom.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        rings.map(|ring| ring.0.len()).sum()
    };
    let plan = &extrait.plan;
    plan.parcelles.iter().map(|parcelle| shape(&parcelle.geom)).sum::<usize>()
        + plan.batiments.iter().map(|batiment| shape(&batiment.geom)).sum::<usize>()
        + plan.limites.iter().map(|limite| shape(&limite.geom)).sum::<usize>()
        + plan.troncons.iter().map(|troncon| of_geometry(&troncon.geom)).sum::<usize>()
        + plan.details.iter().map(of_geometry).sum::<usize>()
}

fn of_geometry(geometry: &geo_types::Geometry<f64>) -> usize {
    match geometry {
        geo_types::Geometry::LineString(line) => line.0.len(),
        geo_types::Geometry::MultiLineString(many) => many.0.iter().map(|line| line.0.len()).sum(),
        geo_types::Geometry::Polygon(polygon) => {
            polygon.exterior().0.len() + polygon.interiors().iter().map(|ring| ring.0.len()).sum::<usize>()
        }
        geo_types::Geometry::MultiPolygon(many) => many
            .0
            .iter()
            .map(|polygon| {
                polygon.exterior().0.len() + polygon.interiors().iter().map(|ring| ring.0.len()).sum::<usize>()
            })
            .sum(),
        _ => 1,
    }
}
