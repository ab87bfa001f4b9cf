//! Letters and acts of rows: a template of the module, or the text that a collectivité put in its place, and what the row
//! and the queries of the document give to who asks.
//!
//! An [`Atelier`] holds who asks, of which object; [`produit`] makes the PDF of a row, [`produire_et_joindre`] lays it among
//! the files of the row, [`Publipostage`] makes those of many rows in a job. Nothing comes out of a document that its reader
//! may not read: fields and rows go through a [`Regard`], those of queries too.

mod atelier;
mod controle;
mod erreur;
mod essai;
mod gabarits;
mod lot;
mod moule;
mod requetes;
mod valeurs;

use uuid::Uuid;

pub use atelier::{Atelier, ETIQUETTES, Feuille, proposes};
pub use controle::{controle, eprouve};
pub use erreur::DocumentError;
pub use essai::essai;
pub use gabarits::{GabaritVu, LigneVue, Sens, montre, remplace, retablit};
pub use lot::{Commande, MAX_LOT, Publipostage};
pub use moule::{Moule, Source};
pub(in crate::modules) use requetes::{Lieu, Requete};

use crate::db::TenantTx;
use crate::fichiers::{Depot, Genre};
use crate::modules::objets::{Nouveau, Regard, attache};
use finage_manifest::Document;

/// The PDF of a row, with its file's name.
///
/// # Errors
/// The row is not there or not open, the document is not for it, its template or a query fails.
pub async fn produit(
    atelier: &Atelier<'_>,
    tx: &mut TenantTx,
    regard: &Regard,
    id: Uuid,
    document: &Document,
) -> Result<(String, Vec<u8>), DocumentError> {
    let source = atelier.source(tx, document).await?;
    let feuille = atelier.recueille(tx, regard, id, document).await?;
    let nom = feuille.nom.clone();
    let octets = Moule::coule(source, document).await?.rendre(feuille).await?;
    Ok((nom, octets))
}

/// The same, laid among the files of the row in the transaction of what makes it: a step. Who calls has found that the row
/// may be written.
///
/// # Errors
/// As [`produit`]; the disk refuses, or the row has its fill of files.
pub async fn produire_et_joindre(
    atelier: &Atelier<'_>,
    tx: &mut TenantTx,
    regard: &Regard,
    id: Uuid,
    document: &Document,
    depot: &Depot,
) -> Result<Uuid, DocumentError> {
    let (nom, octets) = produit(atelier, tx, regard, id, document).await?;
    let (depot, fichier) = (depot.clone(), nom.clone());
    let pose = move || {
        let genre = Genre::reconnu(&fichier, &octets)?;
        let empreinte = depot.pose(&octets)?;
        Ok::<_, crate::fichiers::FichierError>((genre, octets.len(), empreinte))
    };
    let pose = tokio::task::spawn_blocking(pose).await.map_err(|_| moule::interrompu(document))?;
    let (genre, octets, empreinte) = pose?;
    Ok(attache(tx, regard.modele(), id, &Nouveau { nom, genre, octets, empreinte }).await?)
}
