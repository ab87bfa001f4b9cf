//! Walks along lines: from where one comes in to where one goes, by named lines, the shortest.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::point::Point;

/// Segments of all lines at most.
const MAX_SEGMENTS: usize = 5_000;
/// Ends nearer than this to another line are joined to it, metres: what hands leave between two lines.
const JOINT_M: f64 = 1.0;
/// What is below is one point, metres.
const EGAL_M: f64 = 0.01;

/// A line that is walked.
#[derive(Debug, Clone, PartialEq)]
pub struct Voie {
    /// Its name.
    pub nom: String,
    /// Its points.
    pub points: Vec<Point>,
    /// Whether the place where one goes is on it.
    pub de_l_arrivee: bool,
}

/// A part of a walk: so many metres along a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Etape {
    /// Name of the line; none across what is no line.
    pub nom: Option<String>,
    /// Metres.
    pub metres: f64,
}

/// A walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Marche {
    /// Rank of the entrance it begins at, among those given.
    pub depart: usize,
    /// Its parts, in order.
    pub etapes: Vec<Etape>,
    /// Its points, from the entrance to the arrival.
    pub trace: Vec<Point>,
    /// Metres in all.
    pub metres: f64,
    /// Whether lines join the entrance to the arrival; else it is a straight line, and its only part names the line nearest to
    /// the arrival.
    pub suivie: bool,
}

/// The shortest walk from one of these entrances to an arrival; `None` without an entrance, or beyond bounds.
///
/// Lines are joined where they cross, and where one ends within a metre of another. From an entrance, and to the arrival, one
/// walks straight to the nearest line; lines on which the arrival says that it is come before nearer ones.
#[must_use]
pub fn marche(voies: &[Voie], entrees: &[Point], arrivee: Point) -> Option<Marche> {
    let finis = entrees.iter().chain([&arrivee]).chain(voies.iter().flat_map(|voie| &voie.points));
    if entrees.is_empty() || entrees.len() > 100 || finis.clone().any(|point| !point.est_fini()) {
        return None;
    }
    let reseau = Reseau::de(voies)?;
    let directe = |depart: usize, entree: Point| {
        let nom = reseau.plus_proche(arrivee, |_| true).and_then(|(segment, _)| reseau.nom(segment));
        let metres = entree.distance(arrivee);
        let etapes = vec![Etape { nom: nom.map(str::to_owned), metres }];
        Marche { depart, etapes, trace: vec![entree, arrivee], metres, suivie: false }
    };
    let suivies =
        entrees.iter().enumerate().filter_map(|(depart, entree)| reseau.marche(voies, depart, *entree, arrivee));
    let plus_courte = |un: &Marche, autre: &Marche| un.metres.total_cmp(&autre.metres);
    suivies
        .min_by(plus_courte)
        .or_else(|| entrees.iter().enumerate().map(|(depart, entree)| directe(depart, *entree)).min_by(plus_courte))
}

/// A straight part of a line.
#[derive(Debug, Clone, Copy)]
struct Segment {
    voie: usize,
    de: Point,
    a: Point,
}

/// Lines cut where they meet.
#[derive(Debug)]
struct Reseau {
    segments: Vec<Segment>,
    /// Shares of each segment where it is cut, its ends among them, in order.
    coupes: Vec<Vec<f64>>,
    /// Straight passages between two lines that nearly meet.
    passages: Vec<(Point, Point)>,
    noms: Vec<String>,
}

impl Reseau {
    fn de(voies: &[Voie]) -> Option<Self> {
        let segments: Vec<Segment> = voies
            .iter()
            .enumerate()
            .flat_map(|(voie, dite)| {
                dite.points.iter().zip(dite.points.iter().skip(1)).map(move |(de, a)| Segment { voie, de: *de, a: *a })
            })
            .filter(|segment| segment.de.distance(segment.a) > EGAL_M)
            .take(MAX_SEGMENTS + 1)
            .collect();
        if segments.len() > MAX_SEGMENTS {
            return None;
        }
        let coupes = vec![vec![0.0, 1.0]; segments.len()];
        let noms = voies.iter().map(|voie| voie.nom.clone()).collect();
        let mut reseau = Self { segments, coupes, passages: Vec::new(), noms };
        reseau.coupe();
        Some(reseau)
    }

    /// Cuts every two segments that meet, and joins ends to what is near them.
    fn coupe(&mut self) {
        let segments = self.segments.clone();
        for (rang, un) in segments.iter().enumerate() {
            for (suite, autre) in segments.iter().enumerate().skip(rang + 1) {
                if !proches(un, autre) {
                    continue;
                }
                if let Some((part, part_de_l_autre)) = croise(un, autre) {
                    self.ajoute(rang, part);
                    self.ajoute(suite, part_de_l_autre);
                    continue;
                }
                for (bout, ici, rang_la) in
                    [(un.de, autre, suite), (un.a, autre, suite), (autre.de, un, rang), (autre.a, un, rang)]
                {
                    let part = bout.part_la_plus_proche((ici.de, ici.a));
                    let pied = ici.de.vers(ici.a, part);
                    if bout.distance(pied) <= JOINT_M {
                        self.ajoute(rang_la, part);
                        self.passages.push((bout, pied));
                    }
                }
            }
        }
        for coupes in &mut self.coupes {
            coupes.sort_by(f64::total_cmp);
        }
    }

    fn ajoute(&mut self, segment: usize, part: f64) {
        if let Some(coupes) = self.coupes.get_mut(segment) {
            coupes.push(part);
        }
    }

    fn nom(&self, segment: usize) -> Option<&str> {
        self.noms.get(self.segments.get(segment)?.voie).map(String::as_str)
    }

    /// The segment nearest to a point among those of some lines, and where on it.
    fn plus_proche(&self, point: Point, de: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
        let lus = self.segments.iter().enumerate().filter(|(_, segment)| de(segment.voie)).map(|(rang, segment)| {
            let part = point.part_la_plus_proche((segment.de, segment.a));
            (rang, part, point.distance(segment.de.vers(segment.a, part)))
        });
        lus.min_by(|un, autre| un.2.total_cmp(&autre.2)).map(|(rang, part, _)| (rang, part))
    }

    fn marche(&self, voies: &[Voie], depart: usize, entree: Point, arrivee: Point) -> Option<Marche> {
        let (segment_de, part_de) = self.plus_proche(entree, |_| true)?;
        let sienne = |voie: usize| voies.get(voie).is_some_and(|voie| voie.de_l_arrivee);
        let la = self.plus_proche(arrivee, sienne).or_else(|| self.plus_proche(arrivee, |_| true));
        let (segment_a, part_a) = la?;
        let mut graphe = Graphe::default();
        for (rang, segment) in self.segments.iter().enumerate() {
            let mut coupes = self.coupes.get(rang).cloned().unwrap_or_default();
            coupes.extend([part_de].into_iter().filter(|_| rang == segment_de));
            coupes.extend([part_a].into_iter().filter(|_| rang == segment_a));
            coupes.sort_by(f64::total_cmp);
            for (une, autre) in coupes.iter().zip(coupes.iter().skip(1)) {
                let (de, a) = (segment.de.vers(segment.a, *une), segment.de.vers(segment.a, *autre));
                graphe.relie(de, a, Some(segment.voie));
            }
        }
        for (de, a) in &self.passages {
            graphe.relie(*de, *a, None);
        }
        let pied = |segment: usize, part: f64| self.segments.get(segment).map(|lu| lu.de.vers(lu.a, part));
        let (pied_de, pied_a) = (pied(segment_de, part_de)?, pied(segment_a, part_a)?);
        let chemin = graphe.chemin(pied_de, pied_a)?;
        let mut trace = vec![entree];
        let mut etapes: Vec<(Option<usize>, f64)> = vec![(None, entree.distance(pied_de))];
        for (point, voie, metres) in chemin {
            trace.push(point);
            match etapes.last_mut() {
                Some((courante, somme)) if *courante == voie => *somme += metres,
                _ => etapes.push((voie, metres)),
            }
        }
        trace.push(arrivee);
        etapes.push((None, pied_a.distance(arrivee)));
        trace.dedup_by(|un, autre| un.distance(*autre) < EGAL_M);
        let metres = etapes.iter().map(|(_, metres)| metres).sum();
        let etapes = etapes
            .into_iter()
            .filter(|(_, metres)| *metres >= EGAL_M)
            .map(|(voie, metres)| Etape { nom: voie.and_then(|voie| self.noms.get(voie).cloned()), metres });
        Some(Marche { depart, etapes: etapes.collect(), trace, metres, suivie: true })
    }
}

/// Whether the frames of two segments are within reach of one another.
fn proches(un: &Segment, autre: &Segment) -> bool {
    let loin =
        |de: f64, a: f64, la: f64, fin: f64| de.max(a) + JOINT_M < la.min(fin) || la.max(fin) + JOINT_M < de.min(a);
    !loin(un.de.x, un.a.x, autre.de.x, autre.a.x) && !loin(un.de.y, un.a.y, autre.de.y, autre.a.y)
}

/// Where two segments cross, as shares of each; none for parallel ones.
fn croise(un: &Segment, autre: &Segment) -> Option<(f64, f64)> {
    let (ux, uy) = (un.a.x - un.de.x, un.a.y - un.de.y);
    let (vx, vy) = (autre.a.x - autre.de.x, autre.a.y - autre.de.y);
    let produit = ux * vy - uy * vx;
    if produit.abs() < 1e-9 {
        return None;
    }
    let (wx, wy) = (autre.de.x - un.de.x, autre.de.y - un.de.y);
    let (part, part_de_l_autre) = ((wx * vy - wy * vx) / produit, (wx * uy - wy * ux) / produit);
    ((0.0..=1.0).contains(&part) && (0.0..=1.0).contains(&part_de_l_autre)).then_some((part, part_de_l_autre))
}

/// Points and what joins them.
#[derive(Debug, Default)]
struct Graphe {
    points: Vec<Point>,
    voisins: Vec<Vec<(usize, Option<usize>, f64)>>,
    /// Ranks of points by the centimetre they are in.
    rangs: std::collections::HashMap<(i64, i64), usize>,
}

impl Graphe {
    fn relie(&mut self, de: Point, a: Point, voie: Option<usize>) {
        let (un, autre) = (self.noeud(de), self.noeud(a));
        if un == autre {
            return;
        }
        let metres = de.distance(a);
        for (ici, la) in [(un, autre), (autre, un)] {
            if let Some(voisins) = self.voisins.get_mut(ici) {
                voisins.push((la, voie, metres));
            }
        }
    }

    /// The node of a point: one that is within a centimetre, else a new one.
    fn noeud(&mut self, point: Point) -> usize {
        if let Some(rang) = self.trouve(point) {
            return rang;
        }
        let rang = self.points.len();
        self.points.push(point);
        self.voisins.push(Vec::new());
        self.rangs.insert(case(point), rang);
        rang
    }

    fn trouve(&self, point: Point) -> Option<usize> {
        let (x, y) = case(point);
        let autour = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        autour
            .filter_map(|case| self.rangs.get(&case))
            .find(|rang| self.points.get(**rang).is_some_and(|autre| autre.distance(point) <= EGAL_M))
            .copied()
    }

    /// The shortest way (Dijkstra), as the points that follow the first, the line and the metres to each.
    fn chemin(&self, de: Point, a: Point) -> Option<Vec<(Point, Option<usize>, f64)>> {
        let (depart, but) = (self.trouve(de)?, self.trouve(a)?);
        let mut distances = vec![f64::INFINITY; self.points.len()];
        let mut venus: Vec<Option<(usize, Option<usize>, f64)>> = vec![None; self.points.len()];
        let mut a_voir = BinaryHeap::from([Vu { metres: 0.0, noeud: depart }]);
        *distances.get_mut(depart)? = 0.0;
        while let Some(Vu { metres, noeud }) = a_voir.pop() {
            if noeud == but {
                break;
            }
            if distances.get(noeud).is_some_and(|connue| metres > *connue) {
                continue;
            }
            for (voisin, voie, pas) in self.voisins.get(noeud).into_iter().flatten() {
                let loin = metres + pas;
                let (Some(connue), Some(venu)) = (distances.get_mut(*voisin), venus.get_mut(*voisin)) else { continue };
                if loin < *connue {
                    *connue = loin;
                    *venu = Some((noeud, *voie, *pas));
                    a_voir.push(Vu { metres: loin, noeud: *voisin });
                }
            }
        }
        let mut chemin = vec![];
        let mut ici = but;
        while ici != depart {
            let (avant, voie, metres) = (*venus.get(ici)?)?;
            chemin.push((*self.points.get(ici)?, voie, metres));
            ici = avant;
        }
        chemin.push((de, None, 0.0));
        chemin.reverse();
        Some(chemin)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "coordinates are bounded")]
fn case(point: Point) -> (i64, i64) {
    ((point.x / EGAL_M).round() as i64, (point.y / EGAL_M).round() as i64)
}

/// A node that was seen, the nearest first.
#[derive(Debug, PartialEq)]
struct Vu {
    metres: f64,
    noeud: usize,
}

impl Eq for Vu {}

impl Ord for Vu {
    fn cmp(&self, autre: &Self) -> Ordering {
        autre.metres.total_cmp(&self.metres).then_with(|| autre.noeud.cmp(&self.noeud))
    }
}

impl PartialOrd for Vu {
    fn partial_cmp(&self, autre: &Self) -> Option<Ordering> {
        Some(self.cmp(autre))
    }
}
