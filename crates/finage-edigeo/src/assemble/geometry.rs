//! Geometry of a feature from its primitives, with every doubt a defect.

use std::collections::HashMap;

use geo_types::{Coord, Geometry, MultiPoint, Point};

use super::Bench;
use crate::format::charset::decode;
use crate::model::{Defect, Shape};
use crate::topology::polygons::Sides;
use crate::topology::rings::Edge;
use crate::topology::{lines, polygons};
use crate::vector::{Face, Feature, Primitive, Vectors};

/// Builds the geometry a feature of this shape must have.
pub(super) fn build(bench: &Bench<'_>, feature: &Feature<'_>, shape: Shape) -> Result<Geometry<f64>, Defect> {
    if let Some(missing) = &feature.dangling {
        return Err(Defect::Dangling(missing.clone()));
    }
    if feature.primitives.is_empty() {
        return Err(Defect::NoGeometry);
    }
    let vectors = &bench.vectors;
    if let Some(shared) = feature.primitives.iter().find(|primitive| vectors.owners(**primitive) > 1) {
        return Err(Defect::SharedGeometry(name(vectors, *shared)));
    }
    match shape {
        Shape::Point => points(bench, feature),
        Shape::Line => line(bench, feature),
        Shape::Surface => surface(bench, feature),
    }
}

fn points(bench: &Bench<'_>, feature: &Feature<'_>) -> Result<Geometry<f64>, Defect> {
    let mut points = Vec::with_capacity(feature.primitives.len());
    for primitive in &feature.primitives {
        let Primitive::Node(node) = primitive else {
            return Err(Defect::WrongShape);
        };
        let point = bench.vectors.node_point(*node).ok_or(Defect::NoGeometry)?;
        check_bounds(bench, &[point])?;
        points.push(Point(point));
    }
    match points.as_slice() {
        [point] => Ok(Geometry::Point(*point)),
        _ => Ok(Geometry::MultiPoint(MultiPoint::new(points))),
    }
}

fn line(bench: &Bench<'_>, feature: &Feature<'_>) -> Result<Geometry<f64>, Defect> {
    let mut arcs = Vec::with_capacity(feature.primitives.len());
    for primitive in &feature.primitives {
        let Primitive::Arc(arc) = primitive else {
            return Err(Defect::WrongShape);
        };
        arcs.push(sound_arc(bench, *arc)?);
    }
    lines::join(arcs).ok_or(Defect::Degenerate)
}

fn surface(bench: &Bench<'_>, feature: &Feature<'_>) -> Result<Geometry<f64>, Defect> {
    let mut contours: Vec<Vec<(usize, bool)>> = Vec::with_capacity(feature.primitives.len());
    let mut sides = Sides::Indicative;
    for primitive in &feature.primitives {
        let Primitive::Face(face) = primitive else {
            return Err(Defect::WrongShape);
        };
        let face = bench.vectors.faces.get(*face).ok_or(Defect::NoGeometry)?;
        if face.is_exterior() && bench.vectors.is_topological(face.key.0) {
            return Err(Defect::ExteriorFace);
        }
        if bench.vectors.is_topological(face.key.0) {
            sides = Sides::Binding;
        }
        contours.push(contour(bench, face)?);
    }
    // Faces of one object that share an arc are one surface: the arc falls out, taken once each way.
    if has_common_arc(&contours) {
        contours = vec![without_common_arcs(&contours)];
    }
    let mut all = Vec::new();
    for contour in contours {
        let mut edges = Vec::with_capacity(contour.len());
        for (arc, is_left) in contour {
            edges.push(Edge { points: sound_arc(bench, arc)?, is_reversed: !is_left });
        }
        all.extend(polygons::surface(&edges, sides)?);
    }
    polygons::geometry(all).ok_or(Defect::Degenerate)
}

/// Arcs of a face, each in agreement with its links; one that has the face on both sides is not a limit of it.
fn contour(bench: &Bench<'_>, face: &Face<'_>) -> Result<Vec<(usize, bool)>, Defect> {
    if face.is_cut {
        return Err(Defect::Dangling(decode(face.key.1).into_owned()));
    }
    for (arc, _) in &face.edges {
        check_links(bench, *arc)?;
    }
    let edges = without_common_arcs(std::slice::from_ref(&face.edges));
    if edges.is_empty() { Err(Defect::NoGeometry) } else { Ok(edges) }
}

/// An arc has its nodes at its ends and one face on a side at most: exactly one where the subset is topological.
fn check_links(bench: &Bench<'_>, index: usize) -> Result<(), Defect> {
    let Some(arc) = bench.vectors.arcs.get(index) else {
        return Err(Defect::NoGeometry);
    };
    let name = || decode(arc.key.1).into_owned();
    if arc.is_off_node {
        return Err(Defect::ArcOffNode(name()));
    }
    let links = [arc.left_faces, arc.right_faces, arc.start_nodes, arc.end_nodes];
    let is_topological = bench.vectors.is_topological(arc.key.0);
    let is_sound = if is_topological { links == [1; 4] } else { links.iter().all(|count| *count <= 1) };
    if is_sound { Ok(()) } else { Err(Defect::ArcLinks(name())) }
}

fn counts(contours: &[Vec<(usize, bool)>]) -> HashMap<usize, u32> {
    let mut counts = HashMap::new();
    for (arc, _) in contours.iter().flatten() {
        *counts.entry(*arc).or_insert(0) += 1;
    }
    counts
}

fn has_common_arc(contours: &[Vec<(usize, bool)>]) -> bool {
    contours.len() > 1 && counts(contours).values().any(|count| *count > 1)
}

fn without_common_arcs(contours: &[Vec<(usize, bool)>]) -> Vec<(usize, bool)> {
    let counts = counts(contours);
    contours.iter().flatten().copied().filter(|(arc, _)| counts.get(arc) == Some(&1)).collect()
}

/// The points of an arc that agrees with its links and stays within the territory.
fn sound_arc<'b>(bench: &'b Bench<'_>, index: usize) -> Result<&'b [Coord<f64>], Defect> {
    check_links(bench, index)?;
    let points = bench.vectors.arc_points(index);
    if points.len() < 2 {
        return Err(Defect::Degenerate);
    }
    check_bounds(bench, points)?;
    Ok(points)
}

fn check_bounds(bench: &Bench<'_>, points: &[Coord<f64>]) -> Result<(), Defect> {
    match points.iter().find(|point| !bench.crs.holds(**point)) {
        None => Ok(()),
        Some(&Coord { x, y }) => Err(Defect::OutOfBounds { x, y, srid: bench.crs.srid }),
    }
}

fn name(vectors: &Vectors<'_>, primitive: Primitive) -> String {
    match primitive {
        Primitive::Node(node) => vectors.node_id(node),
        Primitive::Arc(arc) => vectors.arcs.get(arc).map(|arc| decode(arc.key.1).into_owned()).unwrap_or_default(),
        Primitive::Face(face) => {
            vectors.faces.get(face).map(|face| decode(face.key.1).into_owned()).unwrap_or_default()
        }
    }
}
