//! The layers of an archive, whole: what the public sees of each, and its snapshot.

use std::path::Path;
use std::sync::Arc;

use finage_tiles::{
    Bounds, Cell, ColumnType, Kind, Schema, Snapshot, SnapshotError, SnapshotWriter, VectorLayer, key_of,
};
use futures::TryStreamExt as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::ENOUGH;
use super::error::{ExportError, io};
use super::{Means, Registry};
use crate::cadastre::layers::{Layer, layer};
use crate::db::{Canal, TenantTx};
use crate::modules::objets::{Couche, Regard};
use crate::services::tiles::build::{BuildError, MERCATOR, build};
use crate::services::tiles::moment::moment;
use crate::services::tiles::snapshots::{make_folder, opened, plan};
use crate::services::tiles::source::{KEY, kind, levelled, simplified};
use crate::services::tiles::versions::{Seen, at};
use crate::services::tiles::{labels, limit};

/// Rows of a module pushed together.
const ROWS: usize = 4096;

/// A layer asked for, and the fields wanted of it.
pub(super) struct Open {
    of: Of,
    /// Name and meaning.
    fields: Vec<(&'static str, String)>,
}

#[expect(clippy::large_enum_variant, reason = "some tens of them at most")]
enum Of {
    Core(&'static Layer),
    Module(&'static Couche, Regard),
}

impl Open {
    fn id(&self) -> &'static str {
        match &self.of {
            Of::Core(layer) => layer.id,
            Of::Module(couche, _) => couche.id,
        }
    }
}

/// A layer to draw from.
pub(super) struct Drawn {
    pub id: &'static str,
    /// Name shown.
    pub label: String,
    /// Of the cadastre.
    pub core: bool,
    pub zoom_min: u8,
    pub layer: Arc<finage_tiles::Layer>,
    /// Names of the fields in tiles.
    pub names: Vec<&'static str>,
    /// The box of its rows, in world units.
    pub bounds: Option<Bounds>,
    fields: Vec<(&'static str, String)>,
    /// Lowest zoom drawn by the rows of full detail.
    full_from: u8,
    /// How it is made simpler at low zooms, in a sentence.
    simplification: Option<String>,
    version: String,
}

impl Drawn {
    /// The zoom from which a closer look shows nothing more: clients draw a tile of it larger.
    pub(super) fn enough(&self) -> u8 {
        ENOUGH.max(self.zoom_min).max(self.full_from)
    }

    /// What tells its tiles from those of another moment.
    pub(super) fn made_of(&self) -> Value {
        json!({ "id": self.id, "version": self.version, "champs": self.names })
    }

    /// As TileJSON describes it, in an archive of these zooms.
    pub(super) fn vector_layer(&self, zooms: (u8, u8)) -> VectorLayer {
        VectorLayer {
            id: self.id.to_owned(),
            description: self.label.clone(),
            minzoom: self.zoom_min.max(zooms.0),
            maxzoom: zooms.1,
            fields: self.fields.iter().map(|(name, meaning)| ((*name).to_owned(), meaning.clone())).collect(),
            limite: limit(Some(self.layer.base().map_or(Kind::Polygon, |base| base.schema().kind()))),
            simplification: self.simplification.clone(),
        }
    }
}

/// The layers of these names, and of their fields those wanted; none is what the public may not see.
pub(super) fn open(modules: &Registry, names: &[String], wanted: &[String]) -> Result<Vec<Open>, ExportError> {
    let mut layers: Vec<Open> = Vec::new();
    for name in names {
        let open = if let Some(layer) = layer(name) {
            if layer.whole.is_none() {
                return Err(ExportError::Mixed(name.clone()));
            }
            let fields = layer.fields.iter().map(|(name, meaning)| (*name, (*meaning).to_owned())).collect();
            Open { of: Of::Core(layer), fields }
        } else {
            let couche = modules.couche(name).ok_or_else(|| ExportError::Unknown(name.clone()))?;
            let regard = if couche.publics.is_empty() { None } else { modules.publique(couche.modele) };
            let regard = regard.ok_or_else(|| ExportError::Closed(name.clone()))?;
            if kind(couche).is_none() {
                return Err(ExportError::Mixed(name.clone()));
            }
            let open = couche.champs(&regard).map(|champ| (champ.nom, champ.libelle.to_owned()));
            let fields = std::iter::once((KEY, "Clé".to_owned())).chain(open).collect();
            Open { of: Of::Module(couche, regard), fields }
        };
        if layers.iter().any(|there| there.id() == open.id()) {
            return Err(ExportError::Twice(name.clone()));
        }
        layers.push(open);
    }
    let mut kept: Vec<(&'static str, Vec<&str>)> = Vec::new();
    for text in wanted {
        let unknown = || ExportError::FieldName(text.clone());
        let (name, field) = text.split_once('.').ok_or_else(unknown)?;
        let open = layers.iter().find(|open| open.id() == name).ok_or_else(unknown)?;
        if !open.fields.iter().any(|(known, _)| *known == field) {
            return Err(ExportError::Field { layer: open.id(), field: field.to_owned() });
        }
        match kept.iter_mut().find(|(id, _)| *id == open.id()) {
            Some((_, fields)) => fields.push(field),
            None => kept.push((open.id(), vec![field])),
        }
    }
    for open in &mut layers {
        if let Some((_, fields)) = kept.iter().find(|(id, _)| *id == open.id()) {
            open.fields.retain(|(name, _)| fields.contains(name));
        }
    }
    Ok(layers)
}

/// Opens the snapshot of each layer, or builds it in the folder `part`: what a server keeps is read, never written, so that no
/// two processes build there, and no file is left that the server's account cannot replace.
pub(super) async fn layers(means: &Means<'_>, open: &[Open], part: &Path) -> Result<Vec<Drawn>, ExportError> {
    let own = part.join("instantanes");
    make_folder(&own)?;
    let (labels, mut drawn) = (labels(means.pool).await?, Vec::new());
    let mut core = means.pool.begin_with("begin isolation level repeatable read read only").await?;
    let mut public = means.tenants.begin_public_snapshot(Canal::Export).await?;
    let base = moment(&mut core).await?.base;
    let seen = at(&mut core).await?;
    for one in open {
        let id = one.id();
        let (snapshot, version, label, zoom_min, simpler) = match &one.of {
            Of::Core(layer) => {
                let folders = [&means.data_dir.join("instantanes"), &own];
                let (snapshot, version) = of_core(&mut core, layer, means.simplified, folders, (&base, &seen)).await?;
                let label = labels.iter().find(|(name, _)| name == id).map_or(id, |(_, label)| label).to_owned();
                let simpler = layer.whole.as_ref().and_then(|whole| whole.simplified);
                (snapshot, version, label, layer.zoom_min, simpler)
            }
            Of::Module(couche, regard) => {
                let path = own.join(format!("{id}.instantane"));
                let (snapshot, version) = of_module(&mut public, (couche, regard), means.simplified, &path).await?;
                (snapshot, version, couche.libelle.to_owned(), couche.zoom_min, simplified(couche))
            }
        };
        drawn.push(Drawn {
            id,
            label,
            simplification: simpler.filter(|_| means.simplified).map(|simpler| simpler.sentence()),
            core: matches!(one.of, Of::Core(_)),
            zoom_min,
            names: one.fields.iter().map(|(name, _)| *name).collect(),
            fields: one.fields.clone(),
            bounds: snapshot.bounds(0).filter(|_| snapshot.level(0).is_some_and(|level| !level.is_empty())),
            full_from: snapshot.schema().zooms().first().map_or(0, |(first, _)| *first),
            layer: Arc::new(finage_tiles::Layer::new(Arc::new(snapshot))),
            version,
        });
    }
    core.rollback().await?;
    Ok(drawn)
}

/// The snapshot of a layer of the cadastre at its version, from the first folder that has it, else built in the last.
async fn of_core(
    connection: &mut PgConnection,
    layer: &'static Layer,
    simplified: bool,
    folders: [&std::path::PathBuf; 2],
    (base, seen): (&str, &Seen),
) -> Result<(Snapshot, String), ExportError> {
    let plan = plan(layer, simplified).ok_or_else(|| ExportError::Mixed(layer.id.to_owned()))?;
    let stamp = format!("{base} {}", seen.of(layer));
    let [_, own] = folders;
    for folder in folders {
        let path = folder.join(format!("{}.instantane", layer.id));
        if let Some(snapshot) = opened(&path, &plan.schema).await?
            && snapshot.stamp() == stamp.as_bytes()
        {
            return Ok((snapshot, stamp));
        }
    }
    let path = own.join(format!("{}.instantane", layer.id));
    build(connection, &plan, stamp.as_bytes(), &path).await?;
    Ok((opened(&path, &plan.schema).await?.ok_or(BuildError::Unfinished)?, stamp))
}

/// A snapshot, at `path`, of the rows and fields of a module's layer that are open to all, in a transaction of nobody; its
/// version is a digest of its bytes, which the same rows make the same.
async fn of_module(
    tx: &mut TenantTx,
    (couche, regard): (&'static Couche, &Regard),
    simplified: bool,
    path: &Path,
) -> Result<(Snapshot, String), ExportError> {
    let mixed = || ExportError::Mixed(couche.id.to_owned());
    let kind = kind(couche).ok_or_else(mixed)?;
    let mut schema = Schema::new(couche.id, kind).publishes(KEY, ColumnType::Text);
    for champ in couche.champs(regard) {
        let number = couche.est_nombre(champ.nom);
        schema = schema.publishes(champ.nom, if number { ColumnType::Integer } else { ColumnType::Dictionary });
    }
    let schema = levelled(schema, couche, simplified);
    let types: Vec<ColumnType> = schema.columns().iter().map(|column| column.kind).collect();
    let mut writer = SnapshotWriter::new(schema.clone())?;
    writer.stamp(b"public")?;
    let mut query = couche.entiere(regard).ok_or_else(mixed)?;
    {
        let mut rows = query.build().fetch(&mut **tx);
        let (mut batch, mut project) = (writer.batch(0)?, MERCATOR.reader());
        while let Some(row) = rows.try_next().await? {
            let cells = types.iter().enumerate().map(|(rank, kind)| cell(&row, rank, *kind));
            let cells: Vec<Cell<'_>> = cells.collect::<Result<_, _>>()?;
            let (key, shape): (&str, Option<&[u8]>) = (row.try_get(0)?, row.try_get(types.len())?);
            match batch.push_wkb_by(&mut project, key_of(key.as_bytes()), shape.unwrap_or_default(), &cells) {
                Ok(()) | Err(SnapshotError::Shape(_)) => {}
                Err(error) => return Err(error.into()),
            }
            if batch.len() >= ROWS {
                writer.add(std::mem::replace(&mut batch, writer.batch(0)?))?;
            }
        }
        writer.add(batch)?;
    }
    let there = path.to_owned();
    let bytes = tokio::task::spawn_blocking(move || {
        writer.finish(&there)?;
        std::fs::read(&there).map_err(io("lecture", &there))
    });
    let bytes = bytes.await.map_err(BuildError::from)??;
    let version = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
    Ok((opened(path, &schema).await?.ok_or(BuildError::Unfinished)?, version))
}

fn cell(row: &PgRow, rank: usize, kind: ColumnType) -> sqlx::Result<Cell<'_>> {
    let cell = match kind {
        ColumnType::Integer => row.try_get::<Option<i64>, _>(rank)?.map(Cell::Integer),
        _ => row.try_get::<Option<&str>, _>(rank)?.map(Cell::Text),
    };
    Ok(cell.unwrap_or(Cell::Null))
}
