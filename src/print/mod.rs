//! Plans to scale: from the database to the vectors that `finage-print` draws, in the commune's conformal zone.

mod fond;
mod lot;
mod plan;
mod sujets;

use finage_print::{Demande, Document, DocumentInfo, Extrait, Mise, MiseError, Plan, Zone};
use finage_reference::Idu;
use jiff::Timestamp;
use sqlx::PgPool;
use thiserror::Error;

pub use fond::FondError;
pub use lot::{Extraits, MAX_EXTRAITS};
pub use sujets::{MAX_SUJETS, Sujets};

use crate::config::{Fond, FondGenre};
use crate::spatial::cc;
use crate::spatial::projection::ProjectionError;
use crate::spatial::wkb::WkbError;
use crate::territory::jour::day_at;
use plan::Frame;

/// Why a plan cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PrintError {
    /// Parcels that are not known.
    #[error("{} ; vérifiez l'identifiant ou cherchez la parcelle par sa référence.", unknown(.0))]
    Unknown(Vec<String>),
    /// What is no denominator.
    #[error("« {0} » n'est pas une échelle ; écrivez son dénominateur, par exemple 500.")]
    Scale(String),
    /// More objects than a sheet can show.
    #[error(
        "Le plan demandé porte plus de {} objets d'une même couche ; choisissez une échelle plus grande ou une feuille plus petite.",
        plan::MAX_OBJECTS
    )]
    TooDense,
    /// Too many for one sheet.
    #[error("Un plan montre au plus {MAX_SUJETS} parcelles ; {0} sont demandées : faites-en un lot d'extraits.")]
    TooMany(usize),
    /// No sheet of that kind holds the parcels.
    #[error(transparent)]
    Mise(#[from] MiseError),
    /// The background is not one of the configuration's, or is not a file.
    #[error(
        "Le fond de plan « {0} » ne s'imprime pas : seuls les fonds PMTiles en images, présents sur le serveur, le peuvent ; demandez l'extrait sans fond."
    )]
    FondRefused(String),
    /// The background cannot be drawn.
    #[error(transparent)]
    Fond(#[from] FondError),
    /// The drawing was refused.
    #[error(transparent)]
    Draw(#[from] finage_print::PrintError),
    /// A projection is missing or a place is outside it.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// A geometry of the database is unreadable.
    #[error(transparent)]
    Geometry(#[from] WkbError),
    /// The database refused or timed out.
    #[error("la base a refusé la lecture du plan : {0}")]
    Database(#[from] sqlx::Error),
    /// The thread that drew was lost.
    #[error("le dessin de l'extrait s'est interrompu ; demandez-le de nouveau.")]
    Interrupted,
}

/// « La parcelle X n'est pas dans cette base », or several.
fn unknown(idus: &[String]) -> String {
    const NAMED: usize = 5;
    match idus {
        [one] => format!("La parcelle {one} n'est pas dans cette base"),
        some if some.len() <= NAMED => format!("Les parcelles {} ne sont pas dans cette base", some.join(", ")),
        many => format!("{} parcelles ne sont pas dans cette base, dont {}", many.len(), many[..NAMED].join(", ")),
    }
}

/// A plan ready to be drawn.
#[derive(Debug)]
pub struct Prepared {
    /// What is drawn.
    pub extrait: Extrait,
    /// The sheet.
    pub mise: Mise,
}

impl Prepared {
    /// The plan as a document of one page.
    ///
    /// # Errors
    /// The drawing is refused.
    pub fn draw(&self) -> Result<Vec<u8>, PrintError> {
        let mut document = Document::new(DocumentInfo::default())?;
        document.ajoute(&self.extrait, self.mise)?;
        Ok(document.finish()?)
    }
}

/// Backgrounds that can be printed: raster archives of this machine.
#[must_use]
pub fn printable(fonds: &[Fond]) -> Vec<&Fond> {
    fonds.iter().filter(|fond| fond.genre == FondGenre::Pmtiles && fond.fichier.is_some()).collect()
}

/// The background asked for by its identifier.
///
/// # Errors
/// It is not configured, or is no file of this machine.
pub fn background<'a>(fonds: &'a [Fond], id: Option<&str>) -> Result<Option<&'a Fond>, PrintError> {
    let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(None) };
    let found = printable(fonds).into_iter().find(|fond| fond.id == id);
    found.map(Some).ok_or_else(|| PrintError::FondRefused(id.chars().take(40).collect()))
}

/// The plan of some parcels on one sheet, dated of the day it is there at `now`.
///
/// # Errors
/// Unknown parcels, a sheet that can't hold them (the error proposes one that does), an unreadable background, or the database.
pub async fn prepare(
    pool: &PgPool,
    idus: &[Idu],
    demande: Demande,
    fond: Option<&Fond>,
    now: Timestamp,
) -> Result<Prepared, PrintError> {
    let sujets = Sujets::read(pool, idus).await?;
    let mise = finage_print::proposer(sujets.bounds, demande)?;
    let emprise = mise.emprise(sujets.centre());
    let frame = Frame { srid: sujets.srid, emprise, echelle: mise.echelle.denominateur() };
    let mut extrait = assemble(sujets, frame.plan(pool).await?, now);
    if let Some(fond) = fond
        && let Some(file) = &fond.fichier
    {
        extrait.fond =
            Some(fond::picture(&fond.libelle, &fond.attribution, file, frame.srid, emprise, frame.echelle).await?);
    }
    Ok(Prepared { extrait, mise })
}

/// The sheet proposed for some parcels when nothing is asked.
///
/// # Errors
/// Unknown parcels, or parcels that no sheet holds.
pub async fn propose(pool: &PgPool, idus: &[Idu], demande: Demande) -> Result<Mise, PrintError> {
    Ok(finage_print::proposer(Sujets::read(pool, idus).await?.bounds, demande)?)
}

/// One PDF of one sheet.
///
/// # Errors
/// As [`prepare`], or the drawing is refused.
pub async fn pdf(
    pool: &PgPool,
    idus: &[Idu],
    demande: Demande,
    fond: Option<&Fond>,
    now: Timestamp,
) -> Result<Vec<u8>, PrintError> {
    let prepared = prepare(pool, idus, demande, fond, now).await?;
    tokio::task::spawn_blocking(move || prepared.draw()).await.map_err(|_| PrintError::Interrupted)?
}

/// The static plan of a parcel as SVG, for pages.
///
/// # Errors
/// An unknown parcel, or the database.
pub async fn svg(pool: &PgPool, idu: Idu, width: u32, height: u32) -> Result<String, PrintError> {
    let sujets = Sujets::read(pool, &[idu]).await?;
    let frame = sujets.picture_frame(width, height);
    let extrait = assemble(sujets, frame.plan(pool).await?, Timestamp::UNIX_EPOCH);
    let drawn = tokio::task::spawn_blocking(move || finage_print::svg(&extrait, width, height));
    Ok(drawn.await.map_err(|_| PrintError::Interrupted)??)
}

fn assemble(sujets: Sujets, plan: Plan, now: Timestamp) -> Extrait {
    let mut cartouche = sujets.cartouche;
    cartouche.edition = sujets::in_letters(day_at(&cartouche.insee, now));
    Extrait {
        zone: Zone { srid: sujets.srid, label: cc::name(sujets.srid) },
        sujets: sujets.sujets,
        plan,
        cartouche,
        ..Extrait::default()
    }
}
