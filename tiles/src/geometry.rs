//! The shape of a feature: points, lines or polygons as flat paths of integer positions.
//!
//! The same type holds world units and units of a tile: rounding a shape is drawing it again, vertex after vertex, and what
//! is degenerate is said here once for both. Rings are open (the closing vertex is not repeated), exteriors have a positive
//! area by the surveyor's formula with `y` to the south, and interiors a negative one, as MVT 2.1 wants them.

use crate::bounds::Bounds;
use crate::grid::{GridError, Pos};

/// What a layer draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// One point or several.
    Point = 1,
    /// One line or several.
    Line = 2,
    /// One polygon or several.
    Polygon = 3,
}

impl Kind {
    /// The kind of this MVT code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Point, Self::Line, Self::Polygon].into_iter().find(|kind| *kind as u8 == code)
    }
}

/// Where the part being drawn stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    /// No ring yet: the next is the exterior.
    #[default]
    Awaited,
    /// Its exterior is drawn: others are its interiors.
    Open,
    /// Its exterior was degenerate: so are its interiors.
    Lost,
}

/// A position that no vertex has.
const NOWHERE: Pos = Pos { x: i64::MIN, y: i64::MIN };

/// Points, lines or polygons, drawn vertex after vertex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    kind: Kind,
    points: Vec<Pos>,
    /// End of each path in `points`; none for points.
    paths: Vec<u32>,
    /// End of each polygon in `paths`; none for points and lines.
    parts: Vec<u32>,
    /// Where the path being drawn starts in `points`.
    start: usize,
    part: Part,
}

impl Geometry {
    /// Nothing yet, of this kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, points: Vec::new(), paths: Vec::new(), parts: Vec::new(), start: 0, part: Part::Awaited }
    }

    /// Points at these metres of EPSG:3857, east then north.
    ///
    /// # Errors
    /// A position is not in the world.
    pub fn of_points(points: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, GridError> {
        let mut geometry = Self::new(Kind::Point);
        for (x, y) in points {
            geometry.push(Pos::from_mercator_metres(x, y)?);
        }
        Ok(geometry)
    }

    /// Lines through these metres of EPSG:3857, east then north.
    ///
    /// # Errors
    /// A position is not in the world.
    pub fn of_lines<L>(lines: impl IntoIterator<Item = L>) -> Result<Self, GridError>
    where
        L: IntoIterator<Item = (f64, f64)>,
    {
        let mut geometry = Self::new(Kind::Line);
        for line in lines {
            for (x, y) in line {
                geometry.push(Pos::from_mercator_metres(x, y)?);
            }
            geometry.end_line();
        }
        Ok(geometry)
    }

    /// Polygons, each an exterior ring then its interiors, through these metres of EPSG:3857, east then north.
    ///
    /// # Errors
    /// A position is not in the world.
    pub fn of_polygons<P, R>(polygons: impl IntoIterator<Item = P>) -> Result<Self, GridError>
    where
        P: IntoIterator<Item = R>,
        R: IntoIterator<Item = (f64, f64)>,
    {
        let mut geometry = Self::new(Kind::Polygon);
        for polygon in polygons {
            for ring in polygon {
                for (x, y) in ring {
                    geometry.push(Pos::from_mercator_metres(x, y)?);
                }
                geometry.end_ring();
            }
            geometry.end_part();
        }
        Ok(geometry)
    }

    /// Empties it for another shape of that kind, keeping its memory.
    pub fn clear(&mut self, kind: Kind) {
        self.kind = kind;
        self.points.clear();
        self.paths.clear();
        self.parts.clear();
        self.start = 0;
        self.part = Part::Awaited;
    }

    /// What it draws.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Nothing is drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self.kind {
            Kind::Point => self.points.is_empty(),
            Kind::Line | Kind::Polygon => self.paths.is_empty(),
        }
    }

    /// All the vertices, path after path.
    #[must_use]
    pub fn points(&self) -> &[Pos] {
        &self.points
    }

    /// The smallest box that holds it.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds::of(&self.points)
    }

    /// Lines, or the rings of all polygons.
    pub fn paths(&self) -> impl Iterator<Item = &[Pos]> {
        self.paths_of(0..self.paths.len())
    }

    /// Polygons, each as the range of its rings among [`Self::paths`], the exterior first.
    pub fn parts(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let start = |part: usize| part.checked_sub(1).map_or(0, |before| self.parts[before] as usize);
        self.parts.iter().enumerate().map(move |(part, end)| start(part)..*end as usize)
    }

    /// The paths of a range of them.
    pub fn paths_of(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = &[Pos]> {
        range.map(|path| {
            let start = path.checked_sub(1).map_or(0, |before| self.paths[before] as usize);
            &self.points[start..self.paths[path] as usize]
        })
    }

    /// Adds a vertex to the path being drawn; one that repeats the vertex before it is left out.
    #[inline]
    pub fn push(&mut self, pos: Pos) {
        if self.points.len() > self.start && self.points.last() == Some(&pos) {
            return;
        }
        self.points.push(pos);
    }

    /// Adds `count` vertices to the path being drawn, as [`Self::push`] does, from a state that `next` moves on; the state
    /// after the last, or `None` as soon as `next` gives none.
    #[inline]
    pub(crate) fn push_all<S>(
        &mut self,
        count: usize,
        mut state: S,
        next: impl Fn(&mut S) -> Option<Pos>,
    ) -> Option<S> {
        self.points.reserve(count);
        let mut last = self.points.get(self.start..).and_then(<[Pos]>::last).copied().unwrap_or(NOWHERE);
        for _ in 0..count {
            let pos = next(&mut state)?;
            if last != pos {
                self.points.push(pos);
                last = pos;
            }
        }
        Some(state)
    }

    /// Ends a line. A line of fewer than two distinct positions is degenerate and is left out.
    pub fn end_line(&mut self) {
        if self.points.len() < self.start + 2 {
            self.points.truncate(self.start);
        } else {
            self.end_path();
        }
    }

    fn end_path(&mut self) {
        self.paths.push(end(&self.points));
        self.start = self.points.len();
    }

    /// Ends a ring: the exterior of its part when it is the first, else an interior. A ring whose vertices all lie on one
    /// line is degenerate and is left out; where it was the exterior, the whole part is. Windings are set.
    pub fn end_ring(&mut self) {
        let start = self.start;
        while self.points.len() > start + 1 && self.points.last() == self.points.get(start) {
            self.points.pop();
        }
        let area = double_area(&self.points[start..]);
        if self.part == Part::Lost || (area == 0 && is_flat(&self.points[start..])) {
            self.points.truncate(start);
            if self.part == Part::Awaited {
                self.part = Part::Lost;
            }
            return;
        }
        if area != 0 && (area > 0) != (self.part == Part::Awaited) {
            // The first vertex stays the first.
            self.points[start + 1..].reverse();
        }
        self.part = Part::Open;
        self.end_path();
    }

    /// Ends a polygon.
    pub fn end_part(&mut self) {
        if self.part == Part::Open {
            self.parts.push(end(&self.paths));
        }
        self.part = Part::Awaited;
    }

    /// Draws it again, into `out`, each vertex moved by `place`.
    pub fn draw_into(&self, out: &mut Self, place: impl Fn(Pos) -> Pos) {
        out.clear(self.kind);
        match self.kind {
            Kind::Point => self.points.iter().for_each(|pos| out.push(place(*pos))),
            Kind::Line => {
                for path in self.paths() {
                    for pos in path {
                        out.push(place(*pos));
                    }
                    out.end_line();
                }
            }
            Kind::Polygon => {
                for part in self.parts() {
                    for path in self.paths_of(part) {
                        for pos in path {
                            out.push(place(*pos));
                        }
                        out.end_ring();
                    }
                    out.end_part();
                }
            }
        }
    }
}

/// A length as an end; what is read from outside is bounded far below 2^32 vertices.
fn end<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

/// Twice the area of a ring by the surveyor's formula: positive when clockwise to the eye, `y` being to the south.
#[must_use]
pub fn double_area(ring: &[Pos]) -> i128 {
    let Some((first, rest)) = ring.split_first() else { return 0 };
    let Some((second, rest)) = rest.split_first() else { return 0 };
    // Rings in a tile are small: 64 bits hold the sum of up to 2^14 products of 24 bits each.
    let from_first = |pos: &Pos| (pos.x.wrapping_sub(first.x), pos.y.wrapping_sub(first.y));
    let (mut x, mut y) = from_first(second);
    let mut far = x.unsigned_abs() | y.unsigned_abs();
    let mut area = 0_i64;
    for pos in rest {
        let (next_x, next_y) = from_first(pos);
        area = area.wrapping_add(x.wrapping_mul(next_y).wrapping_sub(next_x.wrapping_mul(y)));
        far |= next_x.unsigned_abs() | next_y.unsigned_abs();
        (x, y) = (next_x, next_y);
    }
    if far < 1 << 24 && ring.len() < 1 << 14 {
        return i128::from(area);
    }
    ring.windows(2).map(|edge| cross(*first, edge[0], edge[1])).sum()
}

/// Do all the vertices lie on one line?
fn is_flat(ring: &[Pos]) -> bool {
    let Some((first, rest)) = ring.split_first() else { return true };
    let Some(second) = rest.iter().find(|pos| *pos != first) else { return true };
    rest.iter().all(|pos| cross(*first, *second, *pos) == 0)
}

/// Cross product of `a → b` and `a → c`: positive when `c` is to the right of `a → b` to the eye. Exact.
#[inline]
#[must_use]
pub(crate) fn cross(a: Pos, b: Pos, c: Pos) -> i128 {
    i128::from(b.x - a.x) * i128::from(c.y - a.y) - i128::from(b.y - a.y) * i128::from(c.x - a.x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(geometry: &mut Geometry, ring: &[(i64, i64)]) {
        for (x, y) in ring {
            geometry.push(Pos::new(*x, *y));
        }
        geometry.end_ring();
    }

    #[test]
    fn windings_are_set_and_rings_are_open() {
        let mut shape = Geometry::new(Kind::Polygon);
        ring(&mut shape, &[(0, 0), (0, 9), (9, 9), (9, 9), (9, 0), (0, 0)]);
        ring(&mut shape, &[(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]);
        shape.end_part();
        let areas: Vec<_> = shape.paths().map(double_area).collect();
        assert_eq!(areas, [162, -2]);
        assert!(shape.parts().eq(std::iter::once(0..2)));
    }

    #[test]
    fn a_part_goes_with_its_exterior_and_an_interior_goes_alone() {
        let mut shape = Geometry::new(Kind::Polygon);
        ring(&mut shape, &[(0, 0), (5, 5), (0, 0)]);
        ring(&mut shape, &[(1, 1), (2, 1), (2, 2)]);
        shape.end_part();
        ring(&mut shape, &[(0, 0), (9, 0), (0, 9)]);
        ring(&mut shape, &[(1, 1), (2, 2), (3, 3)]);
        shape.end_part();
        assert_eq!((shape.paths().count(), shape.parts().count()), (1, 1));
        assert_eq!(shape.points().len(), 3);
    }

    #[test]
    fn a_line_of_one_position_is_left_out() {
        let mut shape = Geometry::new(Kind::Line);
        for x in [3, 3, 3] {
            shape.push(Pos::new(x, 1));
        }
        shape.end_line();
        assert!(shape.is_empty() && shape.points().is_empty());
    }
}
