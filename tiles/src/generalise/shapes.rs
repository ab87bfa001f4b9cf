//! The shapes of a layer, in columns: one run of points, cut in rings, cut in shapes.

use super::exact;

/// A point in world units: east, then south; 2^32 units across the world.
pub type Point = [u32; 2];

/// What a ring is to its polygon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The edge of the polygon.
    Outer,
    /// The edge of a hole in it.
    Hole,
}

/// Areas (polygons, or several polygons as one), in world units.
///
/// Rings are not closed by a repeated point. As in MVT, the outer ring of a polygon has a positive area by the surveyor's
/// formula on (east, south) and holes a negative one; each outer ring is followed by its holes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shapes {
    points: Vec<Point>,
    ring_ends: Vec<u32>,
    shape_ends: Vec<u32>,
}

impl Shapes {
    /// No shape, with room for some.
    #[must_use]
    pub fn with_capacity(shapes: usize, points: usize) -> Self {
        Self {
            points: Vec::with_capacity(points),
            ring_ends: Vec::with_capacity(shapes),
            shape_ends: Vec::with_capacity(shapes),
        }
    }

    /// Adds a ring to the shape being written, turned the way its role says.
    ///
    /// A repeated point and a closing one are left out; a ring of less than three points adds nothing.
    pub fn add_ring(&mut self, ring: impl IntoIterator<Item = Point>, role: Role) {
        let start = self.points.len();
        for point in ring {
            if self.points.len() == start || self.points.last() != Some(&point) {
                self.points.push(point);
            }
        }
        while self.points.len() > start + 1 && self.points.last() == self.points.get(start) {
            self.points.pop();
        }
        if self.points.len() < start + 3 {
            self.points.truncate(start);
            return;
        }
        let area = exact::doubled_area(&self.points[start..]);
        if area != 0 && (area > 0) != (role == Role::Outer) {
            self.points[start..].reverse();
        }
        self.ring_ends.push(number(self.points.len()));
    }

    /// Ends the shape being written: the next ring belongs to the next one. A shape may have no ring.
    pub fn end_shape(&mut self) {
        self.shape_ends.push(number(self.ring_ends.len()));
    }

    /// How many shapes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape_ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shape_ends.is_empty()
    }

    /// The points of all shapes.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The rings of a shape, none when there is no such shape.
    pub fn rings(&self, shape: usize) -> impl Iterator<Item = &[Point]> {
        let rings = match self.shape_ends.get(shape) {
            Some(&end) => start_of(&self.shape_ends, shape)..end as usize,
            None => 0..0,
        };
        rings.map(|ring| &self.points[start_of(&self.ring_ends, ring)..self.ring_ends[ring] as usize])
    }

    /// Points of a shape.
    pub(super) fn size(&self, shape: usize) -> usize {
        self.rings(shape).map(<[Point]>::len).sum()
    }

    /// Area of a shape in square world units, holes taken away.
    #[must_use]
    pub fn area(&self, shape: usize) -> u64 {
        let doubled: i128 = self.rings(shape).map(exact::doubled_area).sum();
        u64::try_from(doubled / 2).unwrap_or(if doubled < 0 { 0 } else { u64::MAX })
    }

    /// Appends the shapes of `other`.
    pub(crate) fn append(&mut self, other: &Self) {
        let (points, rings) = (number(self.points.len()), number(self.ring_ends.len()));
        self.points.extend_from_slice(&other.points);
        self.ring_ends.extend(other.ring_ends.iter().map(|end| end.saturating_add(points)));
        self.shape_ends.extend(other.shape_ends.iter().map(|end| end.saturating_add(rings)));
    }

    /// Appends one shape of `other` as it stands.
    pub(super) fn copy(&mut self, other: &Self, shape: usize) {
        for ring in other.rings(shape) {
            self.points.extend_from_slice(ring);
            self.ring_ends.push(number(self.points.len()));
        }
        self.end_shape();
    }
}

/// Where item `index` starts in a column of ends.
pub(super) fn start_of(ends: &[u32], index: usize) -> usize {
    if index == 0 { 0 } else { ends[index - 1] as usize }
}

/// A length as columns hold it. Lengths are bounded before work starts ([`super::MAX_POINTS`]).
pub(super) fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_turn_as_their_role_says_and_are_not_closed() {
        let mut shapes = Shapes::default();
        let square = [[0, 0], [0, 10], [10, 10], [10, 10], [10, 0], [0, 0]];
        shapes.add_ring(square, Role::Outer);
        shapes.add_ring([[2, 2], [4, 2], [4, 4], [2, 4]], Role::Hole);
        shapes.end_shape();
        let rings: Vec<_> = shapes.rings(0).map(<[Point]>::to_vec).collect();
        assert_eq!(rings[0], [[10, 0], [10, 10], [0, 10], [0, 0]]);
        assert_eq!(rings[1], [[2, 4], [4, 4], [4, 2], [2, 2]]);
        assert_eq!(shapes.area(0), 96);
        assert_eq!(shapes.rings(1).count(), 0);
    }

    #[test]
    fn a_ring_of_two_points_adds_nothing() {
        let mut shapes = Shapes::default();
        shapes.add_ring([[5, 5], [9, 9], [5, 5]], Role::Outer);
        shapes.end_shape();
        assert_eq!((shapes.len(), shapes.points().len(), shapes.area(0)), (1, 0, 0));
    }
}
