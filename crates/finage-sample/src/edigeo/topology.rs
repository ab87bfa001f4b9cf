//! Nodes and arcs of a set of faces that share their vertices.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::Polygon;

use crate::geometry::{Pt, key};

type Key = (i64, i64);

/// An arc: its line, its end nodes, the faces to its left and right (`None` is the outside).
#[derive(Debug, Clone, PartialEq)]
pub struct Arc {
    pub line: Vec<Pt>,
    pub start: usize,
    pub end: usize,
    pub left: Option<usize>,
    pub right: Option<usize>,
}

/// Nodes and arcs.
#[derive(Debug, Default)]
pub struct Topology {
    pub nodes: Vec<Pt>,
    pub arcs: Vec<Arc>,
}

/// Builds the topology; `faces[i]` is the set of polygons of face `i`, exteriors counter-clockwise.
pub fn build(faces: &[&Polygon<f64>]) -> Topology {
    let mut owner: BTreeMap<(Key, Key), usize> = BTreeMap::new();
    let mut points: BTreeMap<Key, Pt> = BTreeMap::new();
    for (face, polygon) in faces.iter().enumerate() {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for pair in ring.0.windows(2) {
                owner.insert((key(pair[0]), key(pair[1])), face);
                points.insert(key(pair[0]), pair[0]);
            }
        }
    }
    let mut neighbours: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    for &(a, b) in owner.keys() {
        neighbours.entry(a).or_default().insert(b);
        neighbours.entry(b).or_default().insert(a);
    }
    let mut walker = Walker {
        owner,
        points,
        neighbours,
        used: BTreeSet::new(),
        node_index: BTreeMap::new(),
        out: Topology::default(),
    };
    let nodes: Vec<Key> = walker.neighbours.iter().filter(|n| n.1.len() != 2).map(|n| *n.0).collect();
    for node in nodes {
        walker.arcs_from(node);
    }
    // Rings without a node of degree three: they start at their first vertex.
    let all: Vec<Key> = walker.neighbours.keys().copied().collect();
    for vertex in all {
        walker.arcs_from(vertex);
    }
    walker.out
}

struct Walker {
    owner: BTreeMap<(Key, Key), usize>,
    points: BTreeMap<Key, Pt>,
    neighbours: BTreeMap<Key, BTreeSet<Key>>,
    used: BTreeSet<(Key, Key)>,
    node_index: BTreeMap<Key, usize>,
    out: Topology,
}

impl Walker {
    fn arcs_from(&mut self, node: Key) {
        let nexts: Vec<Key> = self.neighbours[&node].iter().copied().collect();
        for next in nexts {
            if self.used.contains(&(node, next)) {
                continue;
            }
            let mut line = vec![node];
            let (mut a, mut b) = (node, next);
            loop {
                self.used.insert((a, b));
                self.used.insert((b, a));
                line.push(b);
                let onward = &self.neighbours[&b];
                if b == node || onward.len() != 2 {
                    break;
                }
                let Some(&c) = onward.iter().find(|&&c| c != a) else {
                    break;
                };
                (a, b) = (b, c);
            }
            let (start, end) = (self.node(node), self.node(b));
            self.out.arcs.push(Arc {
                left: self.owner.get(&(line[0], line[1])).copied(),
                right: self.owner.get(&(line[1], line[0])).copied(),
                line: line.iter().map(|k| self.points[k]).collect(),
                start,
                end,
            });
        }
    }

    fn node(&mut self, k: Key) -> usize {
        if let Some(&index) = self.node_index.get(&k) {
            return index;
        }
        self.out.nodes.push(self.points[&k]);
        self.node_index.insert(k, self.out.nodes.len() - 1);
        self.out.nodes.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use geo_types::LineString;

    use super::*;

    #[test]
    fn two_neighbours_share_one_arc() {
        let square =
            |x: f64| Polygon::new(LineString::from(vec![(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0)]), vec![]);
        let (a, b) = (square(0.0), square(1.0));
        let topology = build(&[&a, &b]);
        assert_eq!((topology.nodes.len(), topology.arcs.len()), (2, 3));
        let shared = topology.arcs.iter().find(|arc| arc.left.is_some() && arc.right.is_some()).unwrap();
        assert_eq!(shared.line.len(), 2);
    }

    #[test]
    fn a_lone_face_is_one_closed_arc() {
        let a = Polygon::new(LineString::from(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]), vec![]);
        let topology = build(&[&a]);
        assert_eq!(topology.arcs.len(), 1);
        assert_eq!(topology.arcs[0].line.first(), topology.arcs[0].line.last());
    }
}
