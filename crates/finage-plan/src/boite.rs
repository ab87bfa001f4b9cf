//! Rectangles in any direction: whether two of them meet.

use crate::point::Point;

/// A rectangle by its corners, in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Boite {
    pub(crate) coins: [Point; 4],
}

impl Boite {
    /// The rectangle that begins `x` metres along a direction of length one from `origine`, and `y` metres beside it; `cote` is 1
    /// for its left, -1 for its right.
    pub(crate) fn posee(origine: Point, direction: Point, cote: f64, [x, y, largeur, longueur]: [f64; 4]) -> Self {
        let normale = Point::new(-direction.y * cote, direction.x * cote);
        let coin = |x: f64, y: f64| {
            Point::new(origine.x + direction.x * x + normale.x * y, origine.y + direction.y * x + normale.y * y)
        };
        Self { coins: [coin(x, y), coin(x + largeur, y), coin(x + largeur, y + longueur), coin(x, y + longueur)] }
    }

    /// Its middle, and the distance from there to its corners.
    pub(crate) fn rond(&self) -> (Point, f64) {
        let [un, _, trois, _] = self.coins;
        let milieu = un.vers(trois, 0.5);
        (milieu, milieu.distance(un))
    }

    /// Whether it has more than an edge in common with another (separating axes).
    pub(crate) fn rencontre(&self, autre: &Self) -> bool {
        self.axes().chain(autre.axes()).all(|axe| {
            let (mien, sien) = (self.ombre(axe), autre.ombre(axe));
            mien.0 < sien.1 - 1e-9 && sien.0 < mien.1 - 1e-9
        })
    }

    fn axes(&self) -> impl Iterator<Item = Point> + use<> {
        let [un, deux, _, quatre] = self.coins;
        [deux, quatre].into_iter().map(move |coin| {
            let longueur = un.distance(coin);
            Point::new((coin.x - un.x) / longueur, (coin.y - un.y) / longueur)
        })
    }

    fn ombre(&self, axe: Point) -> (f64, f64) {
        self.coins
            .iter()
            .map(|coin| coin.x * axe.x + coin.y * axe.y)
            .fold((f64::MAX, f64::MIN), |(bas, haut), ici| (bas.min(ici), haut.max(ici)))
    }
}
