//! The VEC files of a lot, read and indexed: nodes, arcs, faces, features, links. Geometry is built elsewhere.

mod blocks;
mod links;

use std::collections::HashMap;
use std::ops::Range;

use geo_types::Coord;

use crate::error::{At, Corruption};
use crate::format::charset::decode;
use crate::format::value::Reference;
use crate::lot::schema::Schema;

pub(crate) use blocks::RawAttribute;

/// Position of a subset in [`Vectors::subsets`].
pub(crate) type SubsetIndex = u8;
/// Subset and identifier: an identifier is unique in its subset only.
pub(crate) type Key<'a> = (SubsetIndex, &'a [u8]);

/// One VEC file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subset<'a> {
    /// `SeTOP_1`, `SeSPA_1`...
    pub name: &'a [u8],
    pub file: &'a str,
    /// Arcs have a face on each side and a node at each end.
    pub is_topological: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Arc<'a> {
    pub key: Key<'a>,
    points: Range<usize>,
    pub left_faces: u8,
    pub right_faces: u8,
    pub start_nodes: u8,
    pub end_nodes: u8,
    /// A node given as its end is elsewhere, or does not exist.
    pub is_off_node: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Face<'a> {
    pub key: Key<'a>,
    pub line: u32,
    /// The arcs around it, and whether the face lies to their left.
    pub edges: Vec<(usize, bool)>,
    /// An arc of its contour does not exist.
    pub is_cut: bool,
    /// Objects that say they are made of it.
    pub owners: u32,
}

impl Face<'_> {
    /// The outside of a topological subset: no object.
    pub fn is_exterior(&self) -> bool {
        self.key.1 == b"Face_0"
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Primitive {
    Node(usize),
    Arc(usize),
    Face(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Feature<'a> {
    pub key: Key<'a>,
    pub line: u32,
    /// Identifier in the SCD: `PARCELLE_id`, `ID_S_OBJ_Z_1_2_2`...
    pub class: &'a [u8],
    pub attributes: Vec<RawAttribute<'a>>,
    pub quality: Option<&'a [u8]>,
    pub primitives: Vec<Primitive>,
    /// A primitive that its links name and that does not exist.
    pub dangling: Option<String>,
}

/// A relation between features (ASS), as written.
#[derive(Debug, Clone)]
pub(crate) struct Association<'a> {
    pub subset: SubsetIndex,
    pub line: u32,
    pub id: &'a [u8],
    pub kind: &'a [u8],
    /// Index of each feature, or what could not be found.
    pub members: Vec<Result<usize, String>>,
}

#[derive(Debug, Clone)]
struct Node<'a> {
    key: Key<'a>,
    point: Coord<f64>,
    owners: u32,
}

struct Link<'a> {
    subset: SubsetIndex,
    line: u32,
    id: &'a [u8],
    kind: &'a [u8],
    is_association: bool,
    members: Range<usize>,
}

/// All the vectors of a lot.
#[derive(Default)]
pub(crate) struct Vectors<'a> {
    pub subsets: Vec<Subset<'a>>,
    pub arcs: Vec<Arc<'a>>,
    pub faces: Vec<Face<'a>>,
    pub features: Vec<Feature<'a>>,
    pub associations: Vec<Association<'a>>,
    nodes: Vec<Node<'a>>,
    points: Vec<Coord<f64>>,
    links: Vec<Link<'a>>,
    members: Vec<Reference<'a>>,
    node_index: HashMap<Key<'a>, usize>,
    arc_index: HashMap<Key<'a>, usize>,
    face_index: HashMap<Key<'a>, usize>,
    feature_index: HashMap<Key<'a>, usize>,
    arc_owners: Vec<u32>,
}

impl<'a> Vectors<'a> {
    /// Reads the files of a lot, then resolves their links. An error comes with the name of its file.
    pub fn read(
        files: impl IntoIterator<Item = (Subset<'a>, &'a [u8])>,
        lot: &[u8],
        schema: &Schema<'a>,
    ) -> Result<Self, (&'a str, At)> {
        let mut vectors = Self::default();
        for (subset, bytes) in files {
            let index = SubsetIndex::try_from(vectors.subsets.len())
                .map_err(|_| (subset.file, At::new(1, Corruption::TooMany(usize::from(SubsetIndex::MAX)))))?;
            vectors.subsets.push(subset);
            blocks::read(&mut vectors, index, bytes, lot, schema).map_err(|at| (subset.file, at))?;
        }
        links::resolve(&mut vectors)?;
        Ok(vectors)
    }

    /// The points of an arc, in its own direction.
    pub fn arc_points(&self, arc: usize) -> &[Coord<f64>] {
        self.arcs.get(arc).and_then(|arc| self.points.get(arc.points.clone())).unwrap_or_default()
    }

    pub fn node_point(&self, node: usize) -> Option<Coord<f64>> {
        self.nodes.get(node).map(|node| node.point)
    }

    pub fn node_id(&self, node: usize) -> String {
        self.nodes.get(node).map(|node| decode(node.key.1).into_owned()).unwrap_or_default()
    }

    /// How many objects say they are made of this primitive.
    pub fn owners(&self, primitive: Primitive) -> u32 {
        match primitive {
            Primitive::Node(node) => self.nodes.get(node).map_or(0, |node| node.owners),
            Primitive::Arc(arc) => self.arc_owners.get(arc).copied().unwrap_or(0),
            Primitive::Face(face) => self.faces.get(face).map_or(0, |face| face.owners),
        }
    }

    pub fn file(&self, subset: SubsetIndex) -> &'a str {
        self.subsets.get(usize::from(subset)).map_or("", |subset| subset.file)
    }

    pub fn is_topological(&self, subset: SubsetIndex) -> bool {
        self.subsets.get(usize::from(subset)).is_some_and(|subset| subset.is_topological)
    }

    fn subset_index(&self, name: &[u8]) -> Option<SubsetIndex> {
        self.subsets.iter().position(|subset| subset.name == name).and_then(|index| index.try_into().ok())
    }
}
